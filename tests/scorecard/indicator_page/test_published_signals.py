"""A signal stays as it was published: the page says both where later figures move the limits; a run has its name."""

import re
from html import unescape

import pytest

from indicators.calculations.months import add_months, months_ending
from tests.factories import DECEMBER, JANUARY, make_indicator, make_scorecard, make_value, make_values, publish
from tests.scorecard.returns.returning import without_terms

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def verdict_on(client, indicator, month="2021-01"):
    html = client.get(f"/scorecards/panel/{month}/indicators/{indicator.pk}/").content.decode()
    found = re.search(r'<p class="indicator-verdict">(.*?)</p>', html, re.DOTALL)[1]
    return " ".join(unescape(without_terms(found)).split())


@pytest.fixture
def indicator():
    """Beyond its limits in December; January moves mean and limits so far that December lies within them."""
    indicator = make_indicator("A1", polarity="low")
    make_values(indicator, dict(zip(months_ending(add_months(DECEMBER, -1), 12), [98, 102] * 6, strict=True)))
    make_value(indicator, DECEMBER, 115)
    return indicator


def test_signal_that_was_published_is_said_beside_that_of_today(client, indicator):
    scorecard = make_scorecard(indicator, is_public=True)
    publish(scorecard, DECEMBER)
    before = verdict_on(client, indicator, "2020-12")
    assert "Concern: higher than usual." in before
    make_value(indicator, JANUARY, 150)
    publish(scorecard, JANUARY)

    both = "was published as “Concern: above the upper limit”; by the limits of today it is “Usual variation”."
    assert f"December 2020 {both}" in verdict_on(client, indicator)
    assert verdict_on(client, indicator, "2020-12") == before


def test_what_nobody_published_or_reads_alike_is_not_said(client, indicator):
    scorecard = make_scorecard(indicator, is_public=True)
    make_value(indicator, JANUARY, 150)
    publish(scorecard, JANUARY)
    assert "was published as" not in verdict_on(client, indicator)
    publish(scorecard, DECEMBER)
    assert verdict_on(client, indicator).count("was published as") == 1


def test_number_of_queries_does_not_grow_with_reports_before(client, indicator, django_assert_max_num_queries):
    make_value(indicator, JANUARY, 150)
    scorecard = make_scorecard(indicator, is_public=True)
    for month in months_ending(JANUARY, 6):
        publish(scorecard, month)
    with django_assert_max_num_queries(9):
        verdict_on(client, indicator)


def test_figures_that_go_one_way_for_months_are_one_trend(client):
    indicator = make_indicator("A1", polarity="high")
    falling = [172, 168, 168, 167, 166, 165, 163, 161, 161, 160, 159, 153, 152]
    make_values(indicator, dict(zip(months_ending(JANUARY, 13), falling, strict=True)))
    publish(make_scorecard(indicator, is_public=True))
    assert (
        "Down or level for 12 months running, from 172 in Jan 2020 to 152. That the first lie above the mean and the "
        "latest below it is this one trend, not two findings."
    ) in verdict_on(client, indicator)
    html = client.get(f"/scorecards/panel/2021-01/indicators/{indicator.pk}/").content.decode()
    assert "Part of the fall since January 2020." in html
    assert "Improvement: " not in html
