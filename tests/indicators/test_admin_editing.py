"""Editing in the admin: nobody overwrites somebody else unawares, and every change is in the history."""

import pytest
from django.test import Client

from indicators.models import Comparator, Indicator, MonthlyValue, Target
from tests.factories import make_indicator, make_scorecard, make_user, make_value
from tests.indicators.admin_pages import address, filled_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def other_client():
    client = Client()
    client.force_login(make_user("other", name="Ola Other", is_staff=True, is_superuser=True))
    return client


def test_a_change_is_in_the_history_with_who_and_what(admin_client, admin_user):
    indicator = make_indicator("A1", title="Old")
    page = address(Indicator, "change", indicator.pk)

    response = admin_client.post(page, filled_in(admin_client, page, title="New"))

    assert response.status_code == 302
    latest = indicator.history.first()
    assert (latest.history_user, latest.title, latest.prev_record.title) == (admin_user, "New", "Old")
    history = admin_client.get(address(Indicator, "history", indicator.pk)).content.decode()
    assert "Old" in history
    assert "Version" not in history.partition("footer-links")[0]


def test_saving_an_untouched_page_writes_nothing(admin_client):
    indicator = make_indicator("A1")
    Target.objects.create(indicator=indicator, year=2020, value=94)
    Comparator.objects.create(indicator=indicator, group="england", year=2019, value=7)
    page = address(Indicator, "change", indicator.pk)

    assert admin_client.post(page, filled_in(admin_client, page)).status_code == 302

    assert indicator.history.count() == 1
    assert Target.history.count() == 1


def test_own_other_window_is_told_as_such(admin_client, admin_user):
    indicator = make_indicator("A1", title="Old")
    page = address(Indicator, "change", indicator.pk)
    typed = filled_in(admin_client, page, title="Second")
    admin_client.post(page, filled_in(admin_client, page, title="First"))

    content = admin_client.post(page, typed).content.decode()

    assert "Not saved: you changed this on" in content
    assert "perhaps in another window" in content
    assert f"{admin_user} changed this" not in content
    assert Indicator.objects.get().title == "First"


def test_what_is_sent_twice_is_saved_once(admin_client):
    indicator = make_indicator("A1", title="Old")
    page = address(Indicator, "change", indicator.pk)
    typed = filled_in(admin_client, page, title="New")

    assert [admin_client.post(page, typed).status_code for _ in range(2)] == [302, 302]

    assert indicator.history.count() == 2


def test_a_second_person_is_told_and_keeps_what_was_typed(admin_client, other_client):
    indicator = make_indicator("A1", title="Old")
    page = address(Indicator, "change", indicator.pk)
    typed = filled_in(admin_client, page, title="Mine")
    other_client.post(page, filled_in(other_client, page, title="Theirs"))

    response = admin_client.post(page, typed)

    content = response.content.decode()
    assert response.status_code == 200
    assert "Ola Other changed this on" in content
    assert "title from “Old” to “Theirs”" in content
    assert 'value="Mine"' in content
    assert Indicator.objects.get().title == "Theirs"


def test_a_stale_target_on_the_indicators_page_is_refused(admin_client):
    indicator = make_indicator("A1")
    target = Target.objects.create(indicator=indicator, year=2020, value=90)
    page = address(Indicator, "change", indicator.pk)
    typed = filled_in(admin_client, page, title="New title")
    target.value = 95
    target.save()

    response = admin_client.post(page, typed)

    assert response.status_code == 200
    assert "changed this on" in response.content.decode()
    target.refresh_from_db()
    assert target.value == 95
    assert Indicator.objects.get().title == "Title of A1"


def test_a_target_that_was_deleted_meanwhile_is_named(admin_client):
    indicator = make_indicator("A1")
    target = Target.objects.create(indicator=indicator, year=2020, value=90)
    page = address(Indicator, "change", indicator.pk)
    typed = filled_in(admin_client, page)
    target.delete()

    response = admin_client.post(page, typed)

    assert response.status_code == 200
    assert "Somebody deleted this" in response.content.decode()


def test_deleting_what_changed_meanwhile_is_refused(admin_client):
    value = make_value(make_indicator("A1"), figure=5)
    page = address(MonthlyValue, "delete", value.pk)
    read_version = admin_client.get(page).context["read_version"]
    value.figure = 6
    value.save()

    response = admin_client.post(page, {"post": "yes", "read_version": read_version}, follow=True)

    assert "changed this on" in response.content.decode()
    assert MonthlyValue.objects.exists()


def test_deleting_leaves_a_history(admin_client, admin_user):
    value = make_value(make_indicator("A1"), figure=5)
    page = address(MonthlyValue, "delete", value.pk)

    admin_client.post(page, {"post": "yes", "read_version": admin_client.get(page).context["read_version"]})

    assert not MonthlyValue.objects.exists()
    latest = MonthlyValue.history.first()
    assert (latest.history_type, latest.history_user) == ("-", admin_user)


def test_what_others_need_cannot_be_deleted(admin_client):
    indicator = make_indicator("A1")
    make_scorecard(indicator)

    response = admin_client.post(
        address(Indicator, "changelist"),
        {"action": "delete_selected", "_selected_action": [indicator.pk], "post": "yes"},
    )

    assert "protected" in response.content.decode()
    assert Indicator.objects.exists()


def test_a_race_that_validation_cannot_see_is_no_error_page(admin_client, monkeypatch):
    indicator = make_indicator("A1")
    make_value(indicator, figure=5)
    monkeypatch.setattr(MonthlyValue, "validate_constraints", lambda self, exclude=None: None)
    page = address(MonthlyValue, "add")
    typed = filled_in(admin_client, page, indicator=indicator.pk, month="2021-01", figure="7")

    response = admin_client.post(page, typed)

    assert response.status_code == 200
    assert "somebody saved a change at the same moment" in response.content.decode()
    assert MonthlyValue.objects.get().figure == 5


def test_the_past_can_be_looked_at_but_not_brought_back(admin_client):
    indicator = make_indicator("A1", title="Old")
    page = address(Indicator, "simple_history", indicator.pk, indicator.history.first().pk)

    assert "Revert" not in admin_client.get(page).content.decode()
    assert admin_client.post(page, {}).status_code == 403


def test_list_shows_a_target_and_its_tolerance_in_full(admin_client):
    indicator = make_indicator("A1", unit="percentage", decimal_places=0)
    Target.objects.create(indicator=indicator, year=2020, value="93.6", tolerance="0.5")
    page = admin_client.get(address(Target, "changelist")).content.decode()
    assert 'class="field-shown">93.6%</td>' in page
    assert 'class="field-tolerance_shown">0.5 percentage points</td>' in page
