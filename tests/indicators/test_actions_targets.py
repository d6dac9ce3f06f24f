"""Copying a financial year's targets to the next."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from indicators.actions import copy_targets_forward, plan_targets
from indicators.models import Indicator, Target
from tests.factories import make_indicator, make_user
from tests.indicators.admin_pages import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return make_user("boss", is_superuser=True, is_staff=True)


def test_targets_are_copied_where_there_are_none(boss):
    first, second, third = (make_indicator(f"A{number}") for number in range(3))
    Target.objects.create(indicator=first, year=2020, value=94, tolerance=2, note="Agreed in May 2020")
    Target.objects.create(indicator=second, year=2020, is_tbc=True)
    Target.objects.create(indicator=third, year=2020, value=5)
    kept = Target.objects.create(indicator=third, year=2021, value=6)

    copy_targets_forward(year=2020, by=boss)

    new = {target.indicator: target for target in Target.objects.filter(year=2021)}
    assert (new[first].value, new[first].tolerance, new[first].note) == (94, 2, "")
    assert new[second].is_tbc
    assert new[third] == kept
    assert new[third].value == 6
    latest = new[first].history.get()
    assert (latest.history_user, latest.history_change_reason) == (boss, "Copied from 2020-21")


def test_copying_twice_adds_nothing(boss):
    Target.objects.create(indicator=make_indicator("A1"), year=2020, value=94)

    assert len(copy_targets_forward(year=2020, by=boss)) == 1
    assert copy_targets_forward(year=2020, by=boss) == []


def test_an_indicator_that_has_ended_gets_no_new_target():
    ending = make_indicator("A1", active_to=date(2021, 3, 1))
    Target.objects.create(indicator=ending, year=2020, value=94)

    assert [plan.obstacle for plan in plan_targets(year=2020)] == ["It is reported until March 2021."]


def test_only_chosen_indicators_are_copied(boss):
    first, second = make_indicator("A1"), make_indicator("A2")
    for indicator in (first, second):
        Target.objects.create(indicator=indicator, year=2020, value=94)

    copy_targets_forward(year=2020, indicators=[second.pk], by=boss)

    assert Target.objects.get(year=2021).indicator == second


def test_copying_needs_permission():
    with pytest.raises(PermissionDenied):
        copy_targets_forward(year=2020, by=make_user("x"))


def test_copying_takes_as_many_queries_for_40_as_for_2(boss, django_assert_max_num_queries):
    for year, count in ((2010, 2), (2015, 40)):
        for number in range(count):
            Target.objects.create(indicator=make_indicator(f"A{year}-{number}"), year=year, value=1)
    with django_assert_max_num_queries(20) as few:
        copy_targets_forward(year=2010, by=boss)
    with django_assert_max_num_queries(len(few)):
        copy_targets_forward(year=2015, by=boss)


def test_the_copy_page_previews_and_copies(admin_client):
    indicator = make_indicator("A1")
    Target.objects.create(indicator=indicator, year=2020, value=94)
    chosen = admin_client.post(
        address(Indicator, "changelist"), {"action": "copy_targets", "_selected_action": [indicator.pk]}
    )
    page = admin_client.get(chosen["Location"] + "&year=2020").content.decode()
    assert "Will be copied" in page
    assert not Target.objects.filter(year=2021).exists()

    response = admin_client.post(
        reverse("admin:indicators_target_copy"), {"year": "2020", "indicators": str(indicator.pk)}, follow=True
    )

    assert "1 target copied to 2021-22." in response.content.decode()
    assert Target.objects.get(year=2021).value == 94


@pytest.mark.parametrize("query", ["?year=x", "?year=1", "?year=2020&indicators=x,1", f"?year={10**30}", "?year="])
def test_the_copy_page_survives_odd_addresses(admin_client, query):
    Target.objects.create(indicator=make_indicator("A1"), year=2020, value=94)

    assert admin_client.get(reverse("admin:indicators_target_copy") + query).status_code == 200


def test_the_copy_page_is_refused_without_permission(client):
    client.force_login(make_user("staff", is_staff=True))

    assert client.get(reverse("admin:indicators_target_copy")).status_code == 403


@pytest.mark.parametrize("indicators", ["0" * 5000, "0" * 20 + "9" * 25, "9" * 5000, "²", "\x00"])
def test_indicators_that_cannot_be_are_no_error(admin_client, indicators):
    Target.objects.create(indicator=make_indicator("A1"), year=2020, value=94)

    for query in [{}, {"year": "2020"}]:
        page = admin_client.get(reverse("admin:indicators_target_copy"), {"indicators": indicators, **query})
        assert page.status_code == 200
        assert page.context["chosen"] == ""
