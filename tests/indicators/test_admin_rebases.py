"""Rebases at their indicator's page: a judgement with a reason, and with who made it in the history."""

from datetime import date

import pytest

from indicators.models import Indicator, Rebase
from tests.factories import DECEMBER, JANUARY, make_indicator
from tests.indicators.admin_pages import address, filled_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return address(Indicator, "change", make_indicator("A1").pk)


def post(client, page, **rows):
    """Save the indicator's page with these new rows of rebases."""
    data = filled_in(client, page, **{"rebases-TOTAL_FORMS": str(len(rows))})
    for number, (month, reason) in enumerate(rows.values()):
        data |= {f"rebases-{number}-month": month, f"rebases-{number}-reason": reason}
    return client.post(page, data)


def test_a_rebase_is_added_with_its_reason_and_who_made_it(admin_client, admin_user, page):
    response = post(admin_client, page, first=("2021-01", "Referrals are counted anew."))

    assert response.status_code == 302
    rebase = Rebase.objects.get()
    assert (rebase.month, rebase.reason) == (JANUARY, "Referrals are counted anew.")
    assert rebase.history.get().history_user == admin_user


@pytest.mark.sqlite
@pytest.mark.parametrize("reason", ["", "   "], ids=["empty", "only spaces"])
def test_a_rebase_without_a_reason_is_refused(admin_client, page, reason):
    response = post(admin_client, page, first=("2021-01", reason))

    assert response.status_code == 200
    assert "This field is required." in response.content.decode()
    assert not Rebase.objects.exists()


def test_a_month_that_is_none_is_explained(admin_client, page):
    response = post(admin_client, page, first=("January", "New system."))

    assert "“January” has no year: write it as January 2021" in response.content.decode()


def test_a_second_rebase_in_a_month_is_refused(admin_client, page):
    response = post(admin_client, page, first=("2021-01", "New system."), second=("2021-01", "New team."))

    assert response.status_code == 200
    assert not Rebase.objects.exists()


def test_a_rebase_that_is_there_already_is_named(admin_client):
    indicator = make_indicator("A1")
    Rebase.objects.create(indicator=indicator, month=JANUARY, reason="New system.")

    response = admin_client.post(
        address(Rebase, "add"), {"indicator": indicator.pk, "month": "2021-01", "reason": "New team."}
    )

    assert "There is already a rebase in this month." in response.content.decode()


def test_another_indicator_may_have_a_rebase_in_the_same_month(admin_client, page):
    Rebase.objects.create(indicator=make_indicator("A2"), month=JANUARY, reason="New system.")

    assert post(admin_client, page, first=("2021-01", "New system.")).status_code == 302


def test_a_removed_rebase_stays_in_the_history(admin_client, admin_user):
    rebase = Rebase.objects.create(indicator=make_indicator("A1"), month=JANUARY, reason="New system.")

    admin_client.post(address(Rebase, "delete", rebase.pk), {"post": "yes", "read_version": "1"})

    assert not Rebase.objects.exists()
    latest = Rebase.history.first()
    assert (latest.history_type, latest.history_user, latest.reason) == ("-", admin_user, "New system.")


def test_rebases_are_listed_newest_first():
    indicator = make_indicator("A1")
    for month in (date(2019, 4, 1), JANUARY, DECEMBER):
        Rebase.objects.create(indicator=indicator, month=month, reason="New system.")

    assert [rebase.month for rebase in indicator.rebases.all()] == [JANUARY, DECEMBER, date(2019, 4, 1)]


def test_a_rebase_is_named_with_its_month():
    rebase = Rebase(indicator=make_indicator("A1"), month=JANUARY)

    assert str(rebase) == "A1, worked out afresh from January 2021"
