"""From a report's row to the facts that sentences are written from; the whole demonstration's facts and findings."""

import pytest

from commentary.checker import Kind, check
from commentary.facts import Variation, fact_sentences
from commentary.models import Commentary
from indicators.calculations.rating import TargetTerms
from indicators.calculations.signal import Signal
from indicators.calculations.spc import Chart, SpecialCause
from indicators.calculations.spc import Variation as SignalVariation
from indicators.calculations.vocabulary import ComparatorGroup, Rating
from indicators.models import Comparator, Target
from scorecard.report import assemble_report
from scorecard.report.check import check_texts, commentary_of
from scorecard.report.facts import line_facts, variation_of
from scorecard.report.reading import other_commentary_for
from tests.demonstration import report_of
from tests.factories import DECEMBER, JANUARY, make_indicator, make_scorecard, make_value, make_values

# Findings in the demonstration's own commentary, each confirmed by hand: docs/commentary-check.md.
IN_DEMONSTRATION = {
    ("CP2", Kind.COMPARISON),
    ("CP5-QL", Kind.DIRECTION),
    ("LAC12 (%)", Kind.FIGURE),
    ("CIN5", Kind.CHANGE),
}


def only_row(indicator, month=JANUARY):
    return next(assemble_report(make_scorecard(indicator), month).rows)


@pytest.mark.django_db
def test_row_becomes_facts():
    indicator = make_indicator("M1", title="Number of contacts", definition="Every contact.")
    make_values(indicator, {DECEMBER: 1507, JANUARY: 1464})
    row = only_row(indicator)
    line = line_facts(row, region="South East", variation=Variation.USUAL)
    assert (line.reference, line.title, line.definition) == ("M1", "Number of contacts", "Every contact.")
    assert (line.months, line.figures, line.current) == (row.months, row.figures, row.current)
    assert (line.region, line.variation) == ("South East", Variation.USUAL)
    assert fact_sentences(line) == (
        "1,464 in January, 3% fewer than in December; 1% below the 12-month average (2 of 12 months); "
        "within usual variation.",
    )


@pytest.mark.django_db
def test_comparators_that_are_not_there_are_left_out():
    indicator = make_indicator()
    make_value(indicator, figure=5)
    Comparator.objects.create(indicator=indicator, group="england", year=2019, value=4, on_basis="yes")
    assert [one.group for one in line_facts(only_row(indicator)).comparators] == [ComparatorGroup.ENGLAND]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("years", "expected", "rating"),
    [
        pytest.param([2020], TargetTerms(90), Rating.GREEN, id="of the month's year"),
        pytest.param([2018, 2019], None, Rating.NO_TARGET, id="only of earlier years"),
    ],
)
def test_target_is_the_one_that_the_row_is_rated_against(years, expected, rating):
    indicator = make_indicator(polarity="high")
    make_value(indicator, figure=95)
    for year in years:
        Target.objects.create(indicator=indicator, year=year, value=90)
    line = line_facts(only_row(indicator))
    assert (line.target, line.rating) == (expected, rating)


@pytest.mark.django_db
def test_quarterly_row_has_the_target_of_its_own_quarter():
    indicator = make_indicator(polarity="high", frequency="quarterly")
    make_value(indicator, month=JANUARY.replace(month=3), figure=30)
    for year, value in ((2020, 25), (2021, 40)):
        Target.objects.create(indicator=indicator, year=year, value=value)
    line = line_facts(only_row(indicator, JANUARY.replace(month=5)))
    assert (line.target, line.rating) == (TargetTerms(25), Rating.GREEN)


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
    assert fact_sentences(line_facts(row)) == (
        "1,464 in January, 3% fewer than in December and 3% more than a year before; 5% above the 12-month average; "
        "highest of the last six months was 1,787 in November.",
    )


def test_facts_of_the_demonstration_hold(report):
    lines = [line_facts(row, region=report.region) for row in report.rows]
    texts = [" ".join(fact_sentences(line)) for line in lines]
    assert [check(text, line) for text, line in zip(texts, lines, strict=True)] == [()] * 64


def test_commentary_of_the_demonstration_has_only_the_findings_that_were_confirmed(report):
    checked = check_texts(report, commentary_of(report), {})
    found = {(one.reference, finding.kind) for one in checked for finding in one.findings}
    assert (len(checked), found) == (56, IN_DEMONSTRATION)


@pytest.mark.parametrize(
    ("signal", "expected"),
    [
        pytest.param({}, Variation.USUAL, id="usual"),
        pytest.param({"variation": SignalVariation.CONCERN_HIGH}, Variation.HIGH, id="high, and a concern"),
        pytest.param({"variation": SignalVariation.IMPROVEMENT_LOW}, Variation.LOW, id="low, and an improvement"),
        pytest.param({"variation": None}, None, id="no signal"),
        pytest.param({"trial": True}, None, id="limits that still move"),
        pytest.param({"chart": Chart.G}, None, id="gaps between cases"),
    ],
)
def test_variation_is_said_where_it_is_about_the_figure(signal, expected):
    usual = Signal(SignalVariation.COMMON_CAUSE, None, False, True, Chart.XMR, "", SpecialCause.NONE)

    assert variation_of(usual._replace(**signal)) == expected
