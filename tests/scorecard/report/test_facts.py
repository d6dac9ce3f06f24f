"""Fact sentences of assembled rows; the whole demonstration's facts and findings."""

import pytest

from commentary.checker import FindingKind, check
from commentary.facts import fact_sentences
from commentary.models import Commentary
from indicators.calculations.spc import Chart, Variation
from indicators.models import Comparator, Target
from scorecard.management.commands.check_commentary import check_texts, commentary_of, other_commentary_for
from scorecard.report import assemble_report
from tests.demonstration import report_of
from tests.factories import DECEMBER, JANUARY, make_indicator, make_scorecard, make_value, make_values

# Findings in the demonstration's own commentary, each confirmed by hand: docs/commentary-check.md.
IN_DEMONSTRATION = {
    ("CP2", FindingKind.COMPARISON),
    ("CP5-QL", FindingKind.DIRECTION),
    ("LAC12 (%)", FindingKind.FIGURE),
    ("CIN5", FindingKind.CHANGE),
}


def only_row(indicator, month=JANUARY):
    return next(assemble_report(make_scorecard(indicator), month).rows)


@pytest.mark.django_db
def test_facts_of_a_row():
    indicator = make_indicator("M1", title="Number of contacts", polarity="high")
    make_values(indicator, {DECEMBER: 1507, JANUARY: 1464})
    Comparator.objects.create(indicator=indicator, group="region", year=2019, value=4, on_basis="yes")
    Target.objects.create(indicator=indicator, year=2020, value=1500)
    row = only_row(indicator)
    signal = row.signal._replace(variation=Variation.COMMON_CAUSE, trial=False, chart=Chart.XMR)
    assert fact_sentences(row._replace(signal=signal)) == (
        "1,464 in January, 3% fewer than in December; 1% below the 12-month average (2 of 12 months); "
        "within usual variation.",
        "Above the region (4).",
        "Misses the target of 1,500 or more.",
    )


@pytest.mark.django_db
def test_target_of_an_earlier_year_is_not_said():
    indicator = make_indicator(polarity="high")
    make_value(indicator, figure=95)
    for year in (2018, 2019):
        Target.objects.create(indicator=indicator, year=year, value=90)
    assert len(fact_sentences(only_row(indicator))) == 1


@pytest.mark.django_db
def test_quarterly_row_has_the_target_of_its_own_quarter():
    indicator = make_indicator(polarity="high", frequency="quarterly")
    make_value(indicator, month=JANUARY.replace(month=3), figure=30)
    for year, value in ((2020, 25), (2021, 40)):
        Target.objects.create(indicator=indicator, year=year, value=value)
    row = only_row(indicator, JANUARY.replace(month=5))
    assert fact_sentences(row)[1:] == ("On target, which is 25 or more.",)


@pytest.mark.django_db
def test_other_months_texts_are_found_by_reference(django_assert_num_queries):
    first, second, elsewhere = make_indicator("M1"), make_indicator("M2"), make_indicator("X1")
    scorecard = make_scorecard(first, second)
    for indicator in (first, second, elsewhere):
        for month, text in ((DECEMBER, "Then."), (JANUARY, "Now.")):
            Commentary.objects.create(indicator=indicator, month=month, text=text)
    with django_assert_num_queries(1):
        found = other_commentary_for(scorecard, JANUARY)
    assert found == {"M1": {DECEMBER: "Then."}, "M2": {DECEMBER: "Then."}}


@pytest.fixture(scope="module")
def report(django_db_setup, django_db_blocker):
    """The demonstration's report for January 2021."""
    return report_of("2021-01", django_db_blocker)


def test_fact_sentence_of_the_demonstration(report):
    row = next(report.rows)
    assert fact_sentences(row) == (
        "1,464 in January, 3% fewer than in December and 3% more than a year before; 5% above the 12-month average; "
        # Thirteen figures around 1,400, with limits some 430 away.
        "within usual variation; highest of the last six months was 1,787 in November.",
    )


def test_facts_of_the_demonstration_hold(report):
    texts = [(row, " ".join(fact_sentences(row))) for row in report.rows]
    assert [check(text, row, groups=report.groups) for row, text in texts] == [()] * 64


def test_commentary_of_the_demonstration_has_only_the_findings_that_were_confirmed(report):
    checked = check_texts(report, commentary_of(report), {})
    found = {(reference, finding.kind) for reference, findings in checked.items() for finding in findings}
    assert (len(checked), found) == (56, IN_DEMONSTRATION)
