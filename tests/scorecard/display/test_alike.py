"""What is displayed alike and is not: decimals or a mark show the difference, in every output."""

import csv
import io
import json
import re
from datetime import date
from fractions import Fraction

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commentary.facts import fact_sentences
from indicators.calculations.exact import rounded_exactly
from indicators.calculations.rating import TargetTerms, rate
from indicators.calculations.vocabulary import Polarity, Rating, Unit
from indicators.models import MonthlyValue, Target
from scorecard.display.cells import comparator_cell, month_cell, summary_cell, target_cell
from scorecard.display.columns import page_columns
from scorecard.display.drawings import trend_in_words
from scorecard.files.csv_and_json import to_csv, to_json
from scorecard.files.data_workbook import to_data_xlsx
from scorecard.files.workbook import to_xlsx
from scorecard.indicator_page import assemble_page
from scorecard.indicator_page.present import to_csv as page_csv
from scorecard.indicator_page.words import readout
from scorecard.report import assemble_report
from scorecard.report.what_to_look_at import Reason, reasons_of
from tests.commentary.lines import make_line
from tests.factories import JANUARY, make_indicator, make_scorecard, make_values
from tests.scorecard.report.rows import ENGLAND, make_report

HIGH, LOW, CLOSE = Polarity.HIGH, Polarity.LOW, Polarity.TARGET
DECEMBER = date(2020, 12, 1)


def percentage(figure, target=None, tolerance=0, polarity=HIGH, **fields):
    terms = None if target is None else TargetTerms(Fraction(str(target)), Fraction(str(tolerance)))
    return make_line([90, figure], unit=Unit.PERCENTAGE, polarity=polarity, target=terms, **fields)


@pytest.mark.parametrize(
    ("figure", "target", "tolerance", "polarity", "rating", "shown"),
    [
        pytest.param(99.6, 100, 0, HIGH, Rating.RED, ("99.6%", "100%"), id="100% that is not all"),
        pytest.param(99.6, 100, 1, HIGH, Rating.AMBER, ("99.6%", "100%"), id="within tolerance of all"),
        pytest.param(99.996, 100, 0, HIGH, Rating.RED, ("99.996%", "100%"), id="closer than two decimals"),
        pytest.param(93.6, 94, 0, HIGH, Rating.RED, ("93.6%", "94%"), id="just below"),
        pytest.param(91.6, 94, 2, HIGH, Rating.RED, ("91.6%", "94%"), id="just below what is amber"),
        pytest.param(5.4, 5, 0, LOW, Rating.RED, ("5.4%", "5%"), id="just above where low is good"),
        pytest.param(7.4, 5, 2, LOW, Rating.RED, ("7.4%", "5%"), id="just above what is amber"),
        pytest.param(0.4, 0, 0, LOW, Rating.RED, ("0.4%", "0%"), id="0% that is not none"),
        pytest.param(95.3, 95, 3, CLOSE, Rating.AMBER, ("95.3%", "95%"), id="beside what it should be close to"),
        pytest.param(98.4, 95, 3, CLOSE, Rating.RED, ("98.4%", "95%"), id="just off what is amber"),
        pytest.param(94.2, 94.4, 0, HIGH, Rating.RED, ("94%", "94.4%"), id="a target with a decimal"),
        pytest.param(94.4, 94.4, 0, HIGH, Rating.GREEN, ("94.4%", "94.4%"), id="a target met, and below it as rounded"),
        pytest.param(94.3, 94, 0, HIGH, Rating.GREEN, ("94%", "94%"), id="met, so nothing has to be shown"),
        pytest.param(94, 94, 0, HIGH, Rating.GREEN, ("94%", "94%"), id="the same"),
        pytest.param(99.6, 90, 0, HIGH, Rating.GREEN, ("[high]", "90%"), id="not all, beside a target that is met"),
        pytest.param(0.4, 1, 0, LOW, Rating.GREEN, ("[low]", "1%"), id="not none, beside a target that is met"),
        pytest.param(99.6, 100, 0, Polarity.NEUTRAL, Rating.NOT_JUDGED, ("[high]", "100%"), id="never judged"),
    ],
)
def test_figure_has_the_decimals_that_show_why_it_is_rated_so(figure, target, tolerance, polarity, rating, shown):
    row = percentage(figure, target, tolerance, polarity)
    assert row.rating is rating
    assert (row.current_text, row.target_text(row.target)) == shown


THOUSANDTHS = st.integers(0, 3000).map(lambda number: Fraction(number, 1000))


@given(
    THOUSANDTHS,
    THOUSANDTHS,
    st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1)]),
    st.sampled_from([HIGH, LOW, CLOSE]),
    st.integers(0, 2),
)
def test_displayed_figure_is_rated_as_the_exact_one(figure, target, tolerance, polarity, places):
    """Counts of a rate, whose text is a plain number."""
    terms = TargetTerms(target, tolerance)
    row = make_line([1, figure], unit=Unit.RATE_10000, polarity=polarity, decimal_places=places, target=terms)
    text = row.current_text
    if text == "[low]":
        return
    exact = rate(figure, terms, polarity)
    shown = len(text.partition(".")[2])
    assert rate(Fraction(text), terms, polarity) is exact
    for fewer in range(places, shown):
        assert rate(rounded_exactly(figure, fewer), terms, polarity) is not exact


def test_one_decimal_is_no_help_where_the_row_has_one():
    row = percentage(99.95, 100, decimal_places=1)
    assert (row.current_text, row.target_text(row.target)) == ("99.95%", "100.0%")


def test_count_of_a_rate_has_them_too():
    row = make_line([60, 52.04], unit=Unit.RATE_10000, polarity=LOW, decimal_places=1, target=TargetTerms(52))
    assert (row.rating, row.current_text) == (Rating.RED, "52.04")


def test_month_of_the_year_before_is_held_to_its_own_target():
    row = make_line([99.6, 99.6], month=date(2021, 4, 1), unit=Unit.PERCENTAGE, polarity=HIGH, target=TargetTerms(90))
    before = row.target._replace(year=2020, terms=TargetTerms(100))
    assert row._replace(targets=(before, row.target, None)).month_texts[-2:] == ("99.6%", "[high]")


def test_blank_beside_a_target_is_a_blank():
    assert percentage(None, 100).current_text == "[x]"


@pytest.fixture
def nearly_all(db):
    """99.6% in January and 99.7% in December, for a target of 100%."""
    indicator = make_indicator("A1", unit="percentage", polarity="high")
    make_values(indicator, {DECEMBER: 99.7, JANUARY: 99.6})
    Target.objects.create(indicator=indicator, year=2020, value=100)
    return make_scorecard(indicator)


def test_every_output_shows_the_difference(nearly_all):
    report = assemble_report(nearly_all, JANUARY)
    [row] = report.rows
    drawn = {column.page: str(column.draw(row)) for column in page_columns(report).on_screen}
    assert (drawn["Jan 2021"], drawn["Dec 2020"], drawn["Target 2020-21"]) == ("99.6%", "99.7%", "100%")
    # The average of two that are not all is not all either.
    assert drawn["12-month average"].startswith("[high]")
    assert drawn["12-month maximum"].startswith("[high]")
    [record] = csv.DictReader(io.StringIO(to_csv(report)))
    assert (record["2021-01"], record["rag"], record["target_2020-21"]) == ("99.6%", "red", "100%")
    [line] = json.loads(to_json(report))["sections"][0]["rows"]
    assert [line["months"][month]["text"] for month in ("2020-12", "2021-01")] == ["99.7%", "99.6%"]
    assert (line["average_12m"]["text"], line["targets"]["2020-21"]["text"]) == ("[high]", "100%")
    assert reasons_of(row, report)[Reason.OFF_TARGET] == (
        "99.6% in January 2021 misses the target of 100% for 2020-21."
    )
    facts = fact_sentences(row)
    assert (facts[0].split(",")[0], facts[-1]) == ("99.6% in January", "Misses the target of 100% or more.")
    assert "99.7% in December 2020 to 99.6% in January 2021" in trend_in_words(row)


@pytest.mark.filterwarnings("ignore:Sparkline Group")
def test_workbooks_show_the_difference(nearly_all):
    report = assemble_report(nearly_all, JANUARY)
    scorecard = openpyxl.load_workbook(io.BytesIO(to_xlsx(report)))["Scorecard"]
    headings = {cell.value: cell.column for cell in scorecard[4]}
    found = {name: scorecard.cell(5, headings[name]) for name in ("2021-01", "Average 12 months", "Target 2020-21")}
    assert [(cell.value, cell.number_format) for cell in found.values()] == [
        (0.996, "#,##0.0%"),
        (0.9965, "#,##0.000000%"),
        (1, "#,##0%"),
    ]
    data = openpyxl.load_workbook(io.BytesIO(to_data_xlsx(report)))
    assert "#,##0.0%" in {cell.number_format for row in data["Indicators"] for cell in row}
    assert "#,##0.0%" in {cell.number_format for row in data["Monthly figures"] for cell in row}


def test_indicators_page_shows_the_difference(nearly_all):
    key = MonthlyValue.objects.first().indicator_id
    page = assemble_page(nearly_all, JANUARY, key, readable=(), with_names=False)
    assert [point.text for point in page.points[-2:]] == ["99.7%", "99.6%"]
    assert re.search(r"January 2021: 99\.6%.* Target 100%\.", readout(page, page.latest))
    assert page_csv(page, page.points).splitlines()[-1].startswith("2021-01,99.6%,99.6,")


def test_report_marks_100_per_cent_that_is_not_all():
    row = percentage(99.6, comparators={ENGLAND: Fraction("99.8")})
    assert month_cell(row, -1) == "[high]"
    assert comparator_cell(row, row.comparators[0]).startswith("[high]")
    assert summary_cell(row, row.measure.text(Fraction("99.9"))).startswith("[high]")
    assert target_cell(row, percentage(99, 99.6).target, 4) == "99.6%"
    assert fact_sentences(row)[0].startswith("At least 99.5% in January")
    whole = row._replace(comparators=(*row.comparators, None, None), targets=(None, None, None))
    [record] = csv.DictReader(io.StringIO(to_csv(make_report([whole]))))
    assert (record["2021-01"], record["sn"]) == ("[high]", "[high]")


@pytest.mark.parametrize(
    ("ours", "theirs", "said"),
    [
        pytest.param(19.4, 19, "we are higher, 19.4% against 19.0%: worse", id="higher"),
        pytest.param(18.4, 19.4, "we are lower: better", id="lower, and displayed so"),
        pytest.param(18.6, 19.2, "we are lower, 18.6% against 19.2%: better", id="lower"),
        pytest.param(99.6, 98.9, "we are higher: worse", id="a mark beside a number"),
        pytest.param(19, 19, "we are level", id="the same"),
        pytest.param(0.4, 0.2, "we are higher, 0.4% against 0.2%: worse", id="two that are hardly any"),
    ],
)
def test_comparator_that_looks_alike_is_told_apart(ours, theirs, said):
    row = percentage(ours, polarity=LOW, comparators={ENGLAND: Fraction(str(theirs))})
    assert f">{said}<" in comparator_cell(row, row.comparators[0])
