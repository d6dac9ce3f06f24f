"""The one list of columns: an entry is on the page, on paper and in every file, and nowhere under two names."""

import csv
import io
import json
import re

import pytest
from python_calamine import CalamineWorkbook

from indicators.calculations.vocabulary import Rating
from scorecard.display import columns
from scorecard.display.columns import Column, Number, in_order, page_columns, report_columns
from scorecard.display.table import report_tables
from scorecard.files import csv_and_json, data_workbook, workbook
from scorecard.files.paper.content import content_of
from scorecard.report.filters import Wanted
from tests.scorecard.report.rows import make_report, make_row

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
    [table] = report_tables(report, [], Wanted(), looks_first=False)
    assert [column.header for column in table.columns][-1] == "Reporter"
    cell = '<td role="cell" class="col-number" data-label="Twice &lt;it&gt;">100 &amp; no more</td>'
    assert table.body.count(cell) == 1
    assert f'colspan="{len(page_columns(report))}"' in table.body


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
    [table] = report_tables(make_report([row]), [], Wanted(), looks_first=False)
    assert '<b>Commentary.</b> <span class="commentary">&lt;i&gt;<br>2</span>' in table.body
    assert 'data-owner="&quot;Head&quot;"' in table.body
    assert '<p class="definition">a &amp; b</p>' in table.body
    assert re.search(r'href="[^"]*/indicators/\d+/">&lt;b&gt;</a>', table.body)
