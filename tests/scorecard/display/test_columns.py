"""The one list of columns: an entry is on the page, on paper and in every file, and nowhere under two names."""

import csv
import io
import json
import re
from fractions import Fraction

import pytest
from django.utils.html import strip_tags
from python_calamine import CalamineWorkbook

from indicators.calculations.change import Change
from indicators.calculations.vocabulary import Assessment, Blank, Movement, OnBasis, Rating
from scorecard.display import cells, columns
from scorecard.display.columns import Column, Number, in_order, page_columns, report_columns
from scorecard.display.table import report_tables
from scorecard.files import csv_and_json, data_workbook, workbook
from scorecard.files.paper.content import content_of
from scorecard.report.filters import Wanted
from tests.scorecard.report.rows import SN, make_comparator, make_report, make_row, make_target

ADDED = Column(
    key="doubled",
    page="Twice <it>",
    csv="doubled",
    json="doubled",
    workbook="Doubled",
    data="Doubled",
    kind="col-number",
    text=lambda row: f"{2 * row.current_figure.value} & no more",
    number=lambda row: Number(2 * row.current_figure.value),
)


@pytest.fixture
def report(monkeypatch):
    """A report of one line, with one more column in the list."""
    known = report_columns
    for reader in (columns, csv_and_json, workbook, data_workbook):
        monkeypatch.setattr(reader, "report_columns", lambda report: [*known(report), ADDED])
    return make_report([make_row("A1", 50)])


def cells_of(content, sheet):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet).to_python()


def test_new_column_is_on_the_page(report):
    [table] = report_tables(report, page_columns(report), [], Wanted(), looks_first=False)
    assert [column.header for column in table.columns][-1] == "Reporter"
    cell = '<td role="cell" class="col-number" data-label="Twice &lt;it&gt;">100 &amp; no more</td>'
    assert table.body.count(cell) == 1
    # The words stand below the columns that are always there, and an empty cell below those that are shown on demand.
    shown = page_columns(report)
    spans = [int(number) for number in re.findall(r'colspan="(\d+)"', table.body)]
    assert spans == [shown.of_month, len(shown.shown) - shown.of_month] == [12, 5]


def text_of(cell):
    return " ".join(strip_tags(str(cell).replace("<span", " <span")).split())


def test_comparators_stand_together_in_one_column_where_only_the_columns_of_a_month_are_shown():
    england, neighbours = make_comparator(50, 60), make_comparator(50, 40, group=SN, year=None)
    row = make_row("A1", comparators=(neighbours, england, None))
    columns = page_columns(make_report([row])).on_screen
    keys = [column.key for column in columns if column.kind in ("col-beside", "col-comparator")]
    assert keys == ["beside", "comparator_statistical_neighbours", "comparator_england"]
    assert text_of(cells.beside_cell(row)) == (
        "SN 40 ✖ we are higher: worse England 60 ✔ we are lower: better SN: year not stated"
    )


@pytest.mark.parametrize(
    ("comparators", "text"),
    [
        pytest.param((None, make_comparator(50, None, blank=Blank.NOT_AVAILABLE), None), "England [x]", id="blank"),
        pytest.param(
            (make_comparator(50, 40, group=SN, is_stale=True), make_comparator(50, 40, is_stale=True), None),
            "SN 40 ✖ we are higher: worse England 40 ✖ we are higher: worse out of date (2019-20)",
            id="the same of all is said once",
        ),
        pytest.param(
            (None, make_comparator(50, 40, on_basis=OnBasis.NO), None),
            "England 40 not on this row’s basis",
            id="not compared",
        ),
        pytest.param((None, None, None), "– none", id="none"),
    ],
)
def test_comparators_of_a_line_in_one_cell(comparators, text):
    assert text_of(cells.beside_cell(make_row("A1", comparators=comparators))) == text


def test_where_a_month_has_no_column_of_targets_its_target_and_the_figure_a_year_before_stand_in_others():
    better = Change(Fraction(-1, 4), Movement.DOWN, Assessment.BETTER)
    row = make_row("A1", 30, change_year=better, year_before_value=40, target=make_target(35), rating=Rating.GREEN)
    drawn = {column.key: str(column.draw(row)) for column in report_columns(make_report([row])) if column.page}
    assert '<span class="small of-month">40 then</span>' in drawn["change_year"]
    assert "then" not in drawn["change_month"]
    assert '<span class="small of-month">Target: 35</span>' in drawn["rating"]
    earlier = make_row("A1", 30, latest_target=make_target(35, year=2019))
    assert "Target 2019-20: 35" in str(cells.rating_cell(earlier))


def test_new_column_is_on_paper(report):
    content = content_of(report)
    assert ("col-number", "Twice <it>") in content["columns"]
    assert "100 & no more" in [cell.drawn for cell in content["sections"][0].lines[0].cells]


def test_new_column_is_in_text_files(report):
    [line] = csv.DictReader(io.StringIO(csv_and_json.to_csv(report)))
    assert line["doubled"] == "100 & no more"
    [row] = json.loads(csv_and_json.to_json(report))["sections"][0]["rows"]
    assert row["doubled"] == {"value": "100", "text": "100 & no more"}


@pytest.mark.parametrize(
    (("make", "sheet")),
    [(workbook.to_xlsx, "Scorecard"), (data_workbook.to_data_xlsx, "Indicators")],
)
def test_new_column_is_in_workbooks(report, make, sheet):
    cells = cells_of(make(report), sheet)
    headings = next(row for row in cells if "Doubled" in row)
    assert cells[cells.index(headings) + 1][headings.index("Doubled")] == 100


@pytest.mark.parametrize("output", ["key", "page", "csv", "json", "workbook", "data"])
def test_no_output_has_a_heading_twice(output):
    report = make_report([make_row()])
    named = [getattr(column, output) for column in report_columns(report)]
    headings = [name for name in named if name is not None]
    assert len(headings) == len(set(headings)) > 10


def test_order_moves_named_columns_alone():
    found = in_order([Column(key=key) for key in "abcde"], first="cb", last="da")
    assert [column.key for column in found] == ["c", "b", "e", "d", "a"]


def test_typed_text_is_neutralised_and_worked_out_text_is_not():
    row = make_row("A1", title="=1+1", rating=Rating.RED, commentary="@sum")
    [line] = csv.DictReader(io.StringIO(csv_and_json.to_csv(make_report([row]))))
    assert (line["title"], line["commentary"], line["rag"]) == ("'=1+1", "'@sum", "red")


def test_line_on_the_page_is_escaped():
    row = make_row("A1", title="<b>", owner='"Head"', definition="a & b", commentary="<i>\n2")
    report = make_report([row])
    [table] = report_tables(report, page_columns(report), [], Wanted(), looks_first=False)
    assert '<b>Commentary.</b> <span class="commentary">&lt;i&gt;<br>2</span>' in table.body
    assert 'data-owner="&quot;Head&quot;"' in table.body
    assert '<p class="definition">a &amp; b</p>' in table.body
    assert re.search(r'href="[^"]*/indicators/\d+/">&lt;b&gt;</a>', table.body)


def test_columns_in_which_no_line_has_anything_are_left_out_and_named():
    report = make_report([make_row("A1", comparators=(None, make_comparator(50, 60), None)), make_row("A2")])
    headings = [column.page for column in page_columns(report).shown]
    assert "England" in headings
    assert {"Statistical neighbours", "South East"}.isdisjoint(headings)
    assert not any(heading.startswith("Target ") for heading in headings)
    assert page_columns(report).left_out_text == (
        "No indicator has anything under Statistical neighbours, South East, Target 2018-19, Target 2019-20 or "
        "Target 2020-21: these columns are left out."
    )
    assert page_columns(make_report()).left_out_text == ""
