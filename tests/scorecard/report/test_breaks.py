"""A change of counting is marked [b] wherever figures across it are compared, and nothing is better or worse for it."""

import csv
import io
import json
from datetime import date

import openpyxl
import pytest

from commentary.checker import check
from commentary.facts import fact_sentences
from commentary.warnings import NO_COMMENTARY, CheckPart, LineCheck, cautions_for
from indicators.calculations.consistency import CheckKind, CheckRole
from indicators.calculations.months import add_months
from indicators.calculations.vocabulary import Assessment, Movement
from indicators.models import Comparator, Rebase
from scorecard.display import cells
from scorecard.display.columns import page_columns, report_columns
from scorecard.display.notes import all_notes
from scorecard.files.csv_and_json import to_csv, to_json
from scorecard.files.data_workbook import to_data_xlsx
from scorecard.files.workbook import to_xlsx
from scorecard.indicator_page import Span, assemble_page
from scorecard.indicator_page.present import PageContext
from scorecard.indicator_page.present import to_csv as page_csv
from scorecard.publication.comparing import Turn, compare_reports
from scorecard.report import assemble_report
from scorecard.report.what_to_look_at import Reason, reasons_of
from tests.factories import DECEMBER, JANUARY, make_derived, make_indicator, make_scorecard, make_values

pytestmark = pytest.mark.django_db
WHY = "Repeat contacts count once."
OF_A_YEAR = {"change_year", "average", "maximum", "trend"}
# Thirteen months, rising by ten.
FIGURES = {add_months(JANUARY, back): 220 + 10 * back for back in range(-12, 1)}


def counted_anew(indicator, month, reason=WHY):
    Rebase.objects.create(indicator=indicator, month=month, reason=reason)


def report_on(*indicators, month=JANUARY):
    return assemble_report(make_scorecard(*indicators), month)


def contacts(*months, figures=FIGURES, **fields):
    """A report on one line that is counted otherwise from each of the months on."""
    indicator = make_indicator("A1", **{"polarity": "low", **fields})
    make_values(indicator, figures)
    for month in months:
        counted_anew(indicator, month)
    return report_on(indicator)


def marks(report):
    """Which columns of the page are marked."""
    [row] = report.rows
    return {column.key for column in page_columns(report).shown if "[b]" in str(column.draw(row))}


@pytest.mark.parametrize(
    ("month", "marked"),
    [
        pytest.param(
            JANUARY, {"2021-01", "change_month", "change_year", "average", "maximum", "trend"}, id="this month"
        ),
        pytest.param(DECEMBER, {"2020-12", "change_year", "average", "maximum", "trend"}, id="last month"),
        pytest.param(date(2020, 4, 1), {"change_year", "average", "maximum", "trend"}, id="within the year"),
        pytest.param(date(2020, 2, 1), {"change_year", "trend"}, id="the first month that is averaged"),
        pytest.param(date(2020, 1, 1), set(), id="the month a year before"),
        pytest.param(date(2021, 2, 1), set(), id="later"),
    ],
)
def test_whatever_compares_figures_across_it_is_marked(month, marked):
    assert marks(contacts(month)) == marked


def test_reason_is_to_be_read_and_not_only_a_sign():
    report = contacts(date(2020, 4, 1))
    [row] = report.rows
    assert all_notes(row) == [f"[b] Counted differently from April 2020 on: {WHY}"]
    assert f'title="Counted differently from April 2020 on: {WHY}"' in cells.summary_cell(row, row.average_text)
    trend = cells.trend_cell(row)
    assert f"Counted differently from April 2020 on: {WHY}" in trend
    # Two lines with an upright one between them, where one line would suggest that they were one.
    assert (trend.count("<polyline"), trend.count('<path class="break"')) == (2, 1)


@pytest.mark.parametrize("polarity", ["low", "high", "target"])
def test_change_across_it_is_shown_and_neither_better_nor_worse(polarity):
    [row] = contacts(DECEMBER, polarity=polarity).rows
    assert (row.change_year.movement, row.change_year.assessment) == (Movement.UP, Assessment.NOT_JUDGED)
    assert row.change_year_text == "120%"
    assert "worse" not in cells.change_cell(row, row.change_year, row.change_year_text, row.year_before)


def test_change_that_does_not_cross_it_is_judged():
    [row] = contacts(DECEMBER).rows
    assert row.change_month.assessment is Assessment.WORSE


def test_change_from_nothing_has_no_mark():
    report = contacts(DECEMBER, figures={JANUARY: 3})
    assert marks(report) == set()


def test_figure_that_is_awaited_leaves_its_mark_to_the_next():
    figures = {**FIGURES}
    del figures[DECEMBER]
    report = contacts(DECEMBER, figures=figures)
    assert {"2021-01"} == marks(report) & {"2020-12", "2021-01"}


def test_figures_that_are_all_counted_the_new_way_are_not_marked():
    figures = {month: number for month, number in FIGURES.items() if month >= date(2020, 10, 1)}
    assert marks(contacts(date(2020, 10, 1), figures=figures)) == set()


def test_quarter_that_began_before_it_is_compared_across_it():
    figures = {date(2019, 12, 1): 30, date(2020, 9, 1): 40, DECEMBER: 50}
    report = contacts(date(2020, 11, 1), figures=figures, frequency="quarterly")
    # January's cell has the quarter's figure too, for a phone's card.
    assert marks(report) == {"2020-12", "2021-01", "change_month"} | OF_A_YEAR
    [row] = report.rows
    assert fact_sentences(row)[0] == (
        "50 in quarter 3 (October to December), counted differently since November 2020, so not compared with "
        "quarter 2 (July to September) or a year before."
    )


@pytest.mark.parametrize("part", ["numerator", "denominator", "of a part"])
def test_change_in_counting_a_part_is_one_of_what_is_worked_out_from_it(part):
    top, bottom = make_indicator("T1"), make_indicator("B1")
    for one in (top, bottom):
        make_values(one, FIGURES)
    middle = make_derived("S1", [top])
    share = make_derived("D1", [middle], [bottom], unit="percentage", allows_over_100=True)
    counted_anew({"numerator": middle, "denominator": bottom, "of a part": top}[part], DECEMBER)
    other = make_indicator("A1")
    make_values(other, FIGURES)
    line, unconcerned = report_on(share, other).rows
    assert [(one.month, one.reason) for one in line.breaks] == [(DECEMBER, WHY)]
    assert (line.change_year.assessment, unconcerned.breaks) == (Assessment.NOT_JUDGED, ())


def test_same_reason_for_two_parts_is_given_once():
    parts = [make_indicator("T1"), make_indicator("T2")]
    for one in parts:
        make_values(one, FIGURES)
        counted_anew(one, DECEMBER)
    [line] = report_on(make_derived("S1", parts)).rows
    assert [one.reason for one in line.breaks] == [WHY]


def test_files_have_the_mark():
    report = contacts(DECEMBER)
    [record] = csv.DictReader(io.StringIO(to_csv(report)))
    assert {name for name, text in record.items() if text.endswith("[b]")} == {
        "change_year",
        "average_12m",
        "maximum_12m",
    }
    assert record["breaks"] == f"[b] Counted differently from December 2020 on: {WHY}"
    [line] = json.loads(to_json(report))["sections"][0]["rows"]
    assert line["breaks"] == [{"month": "2020-12", "reason": WHY}]
    across = ("change_month", "change_year", "average_12m", "maximum_12m")
    assert [line[name]["across_break"] for name in across] == [False, True, True, True]
    assert [month for month, figure in line["months"].items() if figure["first_after_break"]] == ["2020-12"]
    assert (line["change_year"]["text"], line["change_year"]["assessment"]) == ("120%", "not_judged")


@pytest.mark.filterwarnings("ignore:Sparkline Group")
def test_workbooks_have_the_mark():
    report = contacts(DECEMBER)
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(report)))["Scorecard"]
    headings = {cell.value: cell.column for cell in sheet[4]}
    marked = {name for name, at in headings.items() if "[b]" in sheet.cell(5, at).number_format}
    assert marked == {"2020-12", "Change from last year", "Average 12 months", "Maximum 12 months"}
    assert sheet.cell(5, headings["Change from last year"]).number_format == '+0%" [b]";-0%" [b]"'
    assert WHY in sheet.cell(5, headings["Notes"]).value
    assert sheet.cell(5, headings["Trend"]).value == "[b]"
    data = openpyxl.load_workbook(io.BytesIO(to_data_xlsx(report)))
    formats = {cell.number_format for name in ("Indicators", "Monthly figures") for row in data[name] for cell in row}
    assert not any("[b]" in code for code in formats)
    assert [row[-1].value for row in data["Monthly figures"] if WHY in str(row[-1].value)] == [
        f"[b] Counted differently from December 2020 on: {WHY}"
    ]


def test_sentences_say_that_it_is_counted_differently():
    report = contacts(JANUARY)
    [row] = report.rows
    [sentence] = fact_sentences(row)
    assert sentence.startswith(
        "220 in January, counted differently since January 2021, so not compared with December or a year before"
    )
    assert "average" not in sentence
    assert "highest" not in sentence
    assert check(sentence, row) == ()
    [row] = contacts_of_another(DECEMBER)
    assert fact_sentences(row)[0].startswith(
        "220 in January, 5% more than in December; counted differently since December 2020, so not compared with a year"
    )
    assert check(fact_sentences(row)[0], row) == ()


def contacts_of_another(month):
    indicator = make_indicator("A2", polarity="low")
    make_values(indicator, FIGURES)
    counted_anew(indicator, month)
    return assemble_report(make_scorecard(indicator, slug="other"), JANUARY).rows


def cautions(row, *checks):
    return {
        caution.code: caution.message
        for caution in cautions_for(row, checks, text="", from_change=0, may_exceed_100=False, is_derived=False)
    }


def test_warnings_do_not_take_it_for_a_change():
    [row] = contacts(JANUARY, figures={**FIGURES, JANUARY: 900}).rows
    stock = LineCheck("stock", CheckKind.STOCK, "A1", 900, 210, (), None, 0, "")
    stock = stock._replace(parts=(part("T1", CheckRole.INFLOW, 5),))
    assert cautions(row, stock) == {
        NO_COMMENTARY: "Counted differently since January 2021, so the change since December 2020 says little: readers "
        "will ask why."
    }
    [row] = contacts_without_break({**FIGURES, JANUARY: 900})
    assert set(cautions(row, stock)) == {NO_COMMENTARY, "stock"}


def part(reference, role, value):
    return CheckPart(role, reference, value, 0, "")


def contacts_without_break(figures):
    indicator = make_indicator("A3", polarity="low")
    make_values(indicator, figures)
    return assemble_report(make_scorecard(indicator, slug="plain"), JANUARY).rows


@pytest.mark.parametrize(("month", "is_new"), [(None, True), (DECEMBER, False), (date(2020, 1, 1), True)])
def test_gap_is_not_called_new_where_the_year_before_was_counted_otherwise(month, is_new):
    indicator = make_indicator("A1", polarity="low", scope="national")
    make_values(indicator, FIGURES)
    Comparator.objects.create(indicator=indicator, group="england", year=2019, value=100, on_basis="yes")
    if month:
        counted_anew(indicator, month)
    report = report_on(indicator)
    [row] = report.rows
    assert (Reason.GAP in reasons_of(row, report)) is is_new


@pytest.mark.parametrize(("month", "turn", "mark"), [(JANUARY, Turn.RECOUNTED, True), (DECEMBER, Turn.WORSE, False)])
def test_two_reports_are_compared_across_it_without_better_or_worse(month, turn, mark):
    indicator = make_indicator("A1", polarity="low")
    make_values(indicator, FIGURES)
    counted_anew(indicator, month)
    scorecard = make_scorecard(indicator)
    compared = compare_reports(*(assemble_report(scorecard, one) for one in (DECEMBER, JANUARY)))
    [line] = compared.changed
    assert turn in line.turns
    assert ("[b]" in cells.moved_cell(line.change, line.breaks)) is mark


def test_reports_years_apart_are_compared_across_it_too():
    indicator = make_indicator("A1", polarity="low")
    make_values(indicator, {date(2017, 1, 1): 10, JANUARY: 90})
    counted_anew(indicator, date(2018, 6, 1))
    scorecard = make_scorecard(indicator)
    compared = compare_reports(*(assemble_report(scorecard, one) for one in (date(2017, 1, 1), JANUARY)))
    assert compared.changed[0].first is Turn.RECOUNTED


def test_indicators_page_has_the_mark():
    indicator = make_indicator("A1", polarity="low")
    make_values(indicator, FIGURES)
    counted_anew(indicator, DECEMBER)
    scorecard = make_scorecard(indicator)
    page = assemble_page(scorecard, JANUARY, indicator.pk, readable=(), with_names=False)
    context = PageContext(page, scorecard.slug, Span.TWO_YEARS, "25")
    marked = [period for period, _, figure, *_ in context.lines if "[b]" in figure]
    assert marked == ["Dec 2020"]
    assert ["[b]" in tile.value for tile in context.tiles] == [False, True, True, True, False]
    assert page_csv(page, page.points).splitlines()[-2].endswith(f",[b] {WHY},December 2020,,,")


def test_every_column_that_compares_across_it_says_so_in_some_output():
    report = contacts(JANUARY)
    [row] = report.rows
    texts = {column.key: column.text(row) for column in report_columns(report)}
    assert {key for key, text in texts.items() if "[b]" in text} == {
        *("change_month", "change_year", "average", "maximum", "trend", "breaks", "notes", "marked_notes")
    }
