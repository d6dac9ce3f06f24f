"""The page of a monthly value asks what a return asks."""

from datetime import date
from decimal import Decimal

import pytest

from indicators.models import MonthlyValue
from tests.factories import make_indicator, make_values
from tests.indicators.admin_pages import address, filled_in

pytestmark = pytest.mark.django_db
JANUARY = date(2021, 1, 1)


@pytest.fixture
def share():
    indicator = make_indicator("S1", unit="percentage")
    make_values(indicator, {date(2020, month, 1): 18 + month % 3 for month in range(1, 13)})
    return indicator


def typed(client, share, figure, **more):
    page = address(MonthlyValue, "add")
    return filled_in(client, page, indicator=str(share.pk), month="2021-01", figure=figure) | more


def again(response, **changes):
    """What a browser sends from the page that came back."""
    form = response.context["adminform"].form
    return {bound.html_name: bound.value() or "" for bound in form} | changes


def test_a_figure_that_looks_wrong_is_asked_about_and_its_reason_kept(admin_client, admin_user, share):
    page = address(MonthlyValue, "add")

    asked = admin_client.post(page, typed(admin_client, share, "0.19"))

    assert not share.values.filter(month=JANUARY).exists()
    assert "For 19% write 19, not a fraction." in asked.content.decode()
    admin_client.post(page, again(asked, answer="A new way of counting."))
    assert share.values.get(month=JANUARY).figure == Decimal("0.19")
    entry = MonthlyValue.history.get(month=JANUARY)
    assert entry.history_user == admin_user
    assert "about a hundredth" in entry.history_change_reason
    assert entry.history_change_reason.endswith("Reason: A new way of counting.")


def test_an_answer_is_about_the_figure_that_was_asked_about(admin_client, share):
    page = address(MonthlyValue, "add")
    asked = admin_client.post(page, typed(admin_client, share, "0.19"))

    more = admin_client.post(page, again(asked, answer="It is right.", figure="0"))

    assert "0 says that there were none" in more.content.decode()
    assert not share.values.filter(month=JANUARY).exists()
    admin_client.post(page, again(more, answer="", figure="19"))
    assert share.values.get(month=JANUARY).figure == 19


def test_what_looks_right_is_saved_at_once(admin_client, share):
    response = admin_client.post(address(MonthlyValue, "add"), typed(admin_client, share, "19"))

    assert response.status_code == 302
    assert MonthlyValue.history.get(month=JANUARY).history_change_reason is None
    assert "Why it is right" not in admin_client.get(address(MonthlyValue, "add")).content.decode()


def test_only_a_change_is_asked_about(admin_client, share):
    value = share.values.first()
    value.figure = Decimal("0.19")
    value.save()
    page = address(MonthlyValue, "change", value.pk)

    assert admin_client.post(page, filled_in(admin_client, page)).status_code == 302
    assert admin_client.post(page, filled_in(admin_client, page, note="Late")).status_code == 302
    asked = admin_client.post(page, filled_in(admin_client, page, figure="0.2"))
    assert "about a hundredth" in asked.content.decode()
    assert admin_client.post(page, again(asked, answer="Yes.")).status_code == 302


@pytest.mark.parametrize("wrong", [{"month": ""}, {"month": "soon"}, {"figure": "many"}, {"stage": "perhaps"}])
def test_nothing_is_asked_where_something_else_is_wrong(admin_client, share, wrong):
    page = address(MonthlyValue, "add")

    refused = admin_client.post(page, typed(admin_client, share, "20") | wrong)

    assert refused.status_code == 200
    assert "Is this right?" not in refused.content.decode()
    # What was asked before, and its answer, are not lost.
    answered = admin_client.post(page, typed(admin_client, share, "0.19", answer="A new way.") | wrong)
    assert "A new way." in answered.content.decode()
