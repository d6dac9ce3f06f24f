"""Changes to many rows at once, and their pages."""

import json

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.test import Client

from indicators.actions import change_people
from indicators.models import ChangedMeanwhileError, Indicator
from scorecard.models import Line, Section
from tests.factories import make_indicator, make_scorecard, make_user
from tests.indicators.admin_pages import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return make_user("boss", is_superuser=True, is_staff=True)


def seen(*indicators):
    return {indicator.pk: indicator.version for indicator in indicators}


def test_changing_people_leaves_one_history_row_each(boss):
    new, old = make_user("new"), make_user("old")
    first, second = make_indicator("A1", owner=old, reporter=old), make_indicator("A2", reporter=new)

    changed = change_people(seen=seen(first, second), owner=None, reporter=new, by=boss, reason="Cover")

    assert changed == [first]
    first.refresh_from_db()
    assert (first.owner, first.reporter, first.version) == (old, new, 2)
    latest = first.history.first()
    assert (latest.history_user, latest.history_change_reason, latest.reporter) == (boss, "Cover", new)
    assert (first.history.count(), second.history.count()) == (2, 1)


def test_changing_people_takes_as_many_queries_for_40_as_for_2(boss, django_assert_max_num_queries):
    indicators = [make_indicator(f"A{number}") for number in range(42)]
    with django_assert_max_num_queries(20) as few:
        change_people(seen=seen(*indicators[:2]), owner=boss, reporter=boss, by=boss, reason="Cover")
    with django_assert_max_num_queries(len(few)):
        change_people(seen=seen(*indicators[2:]), owner=boss, reporter=boss, by=boss, reason="Cover")


def test_changing_people_is_all_or_nothing(boss):
    first, second = make_indicator("A1"), make_indicator("A2")
    versions = seen(first, second)
    second.title = "Changed"
    second.save()

    with pytest.raises(ChangedMeanwhileError):
        change_people(seen=versions, owner=boss, reporter=None, by=boss, reason="Cover")

    first.refresh_from_db()
    assert first.owner is None


def test_changing_people_needs_permission():
    with pytest.raises(PermissionDenied):
        change_people(seen=seen(make_indicator("A1")), owner=None, reporter=None, by=make_user("x"), reason="")


@pytest.mark.parametrize("model", [Indicator, Section, Line], ids=lambda model: model.__name__)
def test_the_page_changes_people_from_every_list(admin_client, model):
    new = make_user("new", name="Nia New")
    indicators = [make_indicator(f"A{number}") for number in range(3)]
    make_scorecard(*indicators)
    page = address(model, "changelist")
    chosen = {"action": "change_owner_or_reporter", "_selected_action": [row.pk for row in model.objects.all()]}

    shown = admin_client.post(page, chosen)
    assert "This changes 3 indicators" in shown.content.decode()
    form = {"select_across": "1", "apply": "1", "seen": shown.context["seen"], "owner": new.pk, "reason": "Cover"}
    response = admin_client.post(page, {**chosen, **form}, follow=True)

    assert "3 of 3 indicators changed." in response.content.decode()
    assert {indicator.owner for indicator in Indicator.objects.all()} == {new}


def test_the_page_tells_of_a_change_in_between_and_shows_it(admin_client, boss):
    indicator = make_indicator("A1")
    page = address(Indicator, "changelist")
    chosen = {"action": "change_owner_or_reporter", "_selected_action": [indicator.pk]}
    shown = admin_client.post(page, chosen)
    indicator.reporter = boss
    indicator.save()

    response = admin_client.post(page, {**chosen, "apply": "1", "seen": shown.context["seen"], "owner": boss.pk})

    assert "changed this on" in response.content.decode()
    assert Indicator.objects.get().owner is None
    assert response.context["seen"] == json.dumps(seen(indicator))


@pytest.mark.parametrize(
    "form",
    [{}, {"owner": "x"}, {"owner": "999"}, {"reporter": "1", "seen": "x"}, {"reporter": "1", "seen": '{"x": 1}'}],
    ids=str,
)
def test_the_page_explains_bad_input(admin_client, form):
    indicator = make_indicator("A1")
    data = {"action": "change_owner_or_reporter", "_selected_action": [indicator.pk], "apply": "1", "seen": "{}"}

    response = admin_client.post(address(Indicator, "changelist"), {**data, **form})

    assert response.status_code == 200
    assert response.context["form"].errors


@pytest.mark.parametrize(
    "text",
    ["[" * 90_000, "[" * 110_000, f'{{"1": {"9" * 5000}}}', f'{{"{"0" * 5000}": 1}}', '{"1": 1e999}', "\x00"],
    ids=lambda text: text[:6] + str(len(text)),
)
def test_versions_that_cannot_be_are_explained(admin_client, boss, text):
    indicator = make_indicator("A1")
    data = {"action": "change_owner_or_reporter", "_selected_action": [indicator.pk], "apply": "1", "owner": boss.pk}

    response = admin_client.post(address(Indicator, "changelist"), {**data, "seen": text})

    assert response.status_code == 200
    assert response.context["form"].errors["seen"]


def test_a_long_reason_is_kept_whole(admin_client, boss):
    indicator = make_indicator("A1")
    data = {"action": "change_owner_or_reporter", "_selected_action": [indicator.pk], "apply": "1", "owner": boss.pk}
    reason = "Cover from May, as the panel agreed. " * 20

    admin_client.post(address(Indicator, "changelist"), {**data, "seen": json.dumps(seen(indicator)), "reason": reason})

    assert indicator.history.first().history_change_reason == reason.strip()


def test_the_page_is_refused_without_permission():
    viewer = make_user("viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_indicator"))
    client = Client()
    client.force_login(viewer)
    indicator = make_indicator("A1")
    data = {"action": "change_owner_or_reporter", "_selected_action": [indicator.pk], "apply": "1"}

    client.post(address(Indicator, "changelist"), {**data, "seen": json.dumps(seen(indicator)), "owner": viewer.pk})

    assert Indicator.objects.get().owner is None
