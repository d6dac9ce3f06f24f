"""The report on generated scorecards against a second implementation of the arithmetic (tests/oracle.py)."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.calculations.formatting import format_change
from indicators.calculations.vocabulary import OPEN_DATA_GROUPS, Blank, Polarity, Stage
from indicators.models import Comparator, DerivationTerm, Indicator, MonthlyValue, Population, PopulationGroup, Target
from scorecard.report import assemble_report
from tests import oracle
from tests.factories import JANUARY, make_indicator, make_scorecard

# Scorecards


def exact_numbers(most):
    """Whole numbers, many of them small so that halves and ties come up, and numbers with decimals."""
    return st.integers(0, 8).map(Decimal) | st.integers(0, most).map(Decimal) | st.decimals(0, most, places=3)


def entries():
    stages = st.sampled_from([stage.value for stage in Stage])
    parts = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted).map(lambda pair: tuple(map(Decimal, pair)))
    return st.one_of(
        st.builds(oracle.Entry, figure=exact_numbers(2000), stage=stages),
        st.builds(oracle.Entry, parts=parts, stage=stages),
        st.builds(oracle.Entry, blank=st.sampled_from([blank.value for blank in Blank]), stage=stages),
    )


def targets(year):
    terms = st.tuples(st.none() | exact_numbers(100), exact_numbers(20))
    return st.dictionaries(st.sampled_from([year - 1, year]), terms)


def others(year):
    other = st.builds(
        oracle.Other,
        value=st.none() | exact_numbers(100),
        year=st.none() | st.integers(year - 4, year),
        on_basis=st.sampled_from(["yes", "no", "unknown"]),
    )
    return st.dictionaries(st.sampled_from([group.value for group in OPEN_DATA_GROUPS]), other)


@st.composite
def measures(draw, reference, month, sources=()):
    """A measure; worked out from the sources when there are some."""
    year = oracle.financial_year(month)
    measure = oracle.Measure(
        reference=reference,
        unit=draw(st.sampled_from(sorted(oracle.FACTORS))),
        decimals=draw(st.integers(0, 2)),
        polarity=draw(st.sampled_from([polarity.value for polarity in Polarity])),
        quarterly=draw(st.booleans()),
        targets=draw(targets(year)),
        others=draw(others(year)),
    )
    if sources:
        some = st.lists(st.sampled_from(sources), min_size=1, max_size=2, unique=True)
        measure.tops, divided_by = draw(some), draw(st.sampled_from(["nothing", "others", "population"]))
        measure.bottoms = draw(some) if divided_by == "others" else []
        measure.on_population = divided_by == "population"
    else:
        months = [back for back in range(month - 15, month + 1) if not measure.quarterly or back % 3 == 2]
        measure.entries = draw(st.dictionaries(st.sampled_from(months), entries(), max_size=16))
    return measure


@st.composite
def sheets(draw):
    month = draw(st.integers(2019 * 12, 2023 * 12 + 11))
    found = {reference: draw(measures(reference, month)) for reference in "AB"}
    found["D"] = draw(measures("D", month, sources=["A", "B"]))
    found["E"] = draw(measures("E", month, sources=["A", "D"]))
    year = oracle.financial_year(month)
    population = draw(st.dictionaries(st.sampled_from([year - 2, year - 1, year]), st.integers(1, 60_000)))
    return oracle.Sheet(month, found, population)


def day(month):
    return date(month // 12, month % 12 + 1, 1)


# The same scorecard as the product stores it


def indicator_of(measure, group):
    return Indicator(
        reference=measure.reference,
        title=f"Title of {measure.reference}",
        unit=measure.unit,
        decimal_places=measure.decimals,
        polarity=measure.polarity,
        kind="derived" if measure.tops else "figure",
        population=group if measure.on_population else None,
        frequency="quarterly" if measure.quarterly else "monthly",
        allows_over_100=True,
    )


def stored_value(indicator, month, entry):
    numerator, denominator = entry.parts or (None, None)
    return MonthlyValue(
        indicator=indicator,
        month=day(month),
        figure=entry.figure,
        numerator=numerator,
        denominator=denominator,
        blank=entry.blank,
        stage=entry.stage,
    )


def stored_target(indicator, year, terms):
    value, tolerance = terms
    return Target(indicator=indicator, year=year, value=value, is_tbc=value is None, tolerance=tolerance)


def stored_comparator(indicator, group, other):
    blank = "not_available" if other.value is None else ""
    return Comparator(
        indicator=indicator, group=group, value=other.value, blank=blank, year=other.year, on_basis=other.on_basis
    )


def report_rows(sheet):
    """The rows of the product's report on the same scorecard."""
    group = PopulationGroup.objects.create(name="Children aged 0 to 17")
    Population.objects.bulk_create(Population(group=group, year=year, people=n) for year, n in sheet.population.items())
    measures = sheet.measures.values()
    indicators = [indicator_of(measure, group) for measure in measures]
    saved = {indicator.reference: indicator for indicator in Indicator.objects.bulk_create(indicators)}
    for measure in measures:
        store_facts(saved[measure.reference], measure)
        store_terms(saved, measure)
    return assemble_report(make_scorecard(*indicators), day(sheet.month)).rows


def store_facts(indicator, measure):
    MonthlyValue.objects.bulk_create(stored_value(indicator, *item) for item in measure.entries.items())
    Target.objects.bulk_create(stored_target(indicator, *item) for item in measure.targets.items())
    Comparator.objects.bulk_create(stored_comparator(indicator, *item) for item in measure.others.items())


def store_terms(saved, measure):
    for role, sources in (("numerator", measure.tops), ("denominator", measure.bottoms)):
        for source in sources:
            term = DerivationTerm(indicator=saved[measure.reference], source=saved[source], role=role)
            DerivationTerm.objects.bulk_create([term])


def said_of(row):
    """What the report says of a row, in the oracle's words."""
    return {
        "months": list(row.month_texts),
        "stages": [None if figure.blank else figure.stage for figure in row.shown_figures],
        "exact": [figure.value for figure in row.figures[-12:]],
        "change_month": row.change_month_text,
        "movement_month": row.change_month.movement,
        "assessment_month": row.change_month.assessment,
        "change_year": row.change_year_text,
        "movement_year": row.change_year.movement,
        "assessment_year": row.change_year.assessment,
        "average": row.average_text,
        "maximum": row.maximum_text,
        "months_known": row.summary.months,
        "rated_year": row.rated_year,
        "rating": row.rating,
        "comparisons": {
            cell.group.code: (
                format_change(cell.comparison.relative),
                cell.comparison.movement,
                cell.comparison.assessment,
                cell.is_stale,
            )
            for cell in row.comparators
            if cell
        },
    }


@pytest.mark.sqlite
@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=80)
@given(sheets())
def test_report_agrees_with_the_oracle(sheet):
    with transaction.atomic():
        for reference, row in zip(sheet.measures, report_rows(sheet), strict=True):
            assert said_of(row) == oracle.row(sheet, reference)
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=40)
@given(st.decimals(0, 10**9 - 1, places=6))
def test_stored_figure_reaches_the_report_exactly(figure):
    with transaction.atomic():
        indicator = make_indicator()
        MonthlyValue.objects.bulk_create([MonthlyValue(indicator=indicator, month=JANUARY, figure=figure)])
        [row] = assemble_report(make_scorecard(indicator), JANUARY).rows
        assert row.current_figure.value == Fraction(figure)
        transaction.set_rollback(True)


# The oracle itself, by hand


def test_oracle_on_lac12():
    december, january = 2020 * 12 + 11, 2021 * 12
    val = oracle.Measure("val", entries={december: oracle.Entry(Decimal(1)), january: oracle.Entry(Decimal(5))})
    whole = oracle.Measure("whole", entries={december: oracle.Entry(Decimal(12)), january: oracle.Entry(Decimal(14))})
    share = oracle.Measure("share", unit="percentage", tops=["val"], bottoms=["whole"], polarity="high")
    said = oracle.row(oracle.Sheet(january, {"val": val, "whole": whole, "share": share}), "share")
    assert said["months"][-2:] == ["8%", "36%"]
    assert (said["change_month"], said["assessment_month"], said["average"]) == ("329%", "better", "22%")


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [("0.5", 0, "1"), ("-0.5", 0, "-1"), ("-0.4", 0, "0"), ("1234.565", 2, "1,234.57"), ("999.5", 0, "1,000")],
)
def test_oracle_rounds_half_away_from_zero(value, decimals, expected):
    assert oracle.plain(Fraction(value), decimals) == expected
