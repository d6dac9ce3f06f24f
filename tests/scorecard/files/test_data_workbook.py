"""The accessible workbook against the Government Analysis Function's checklist for spreadsheets."""

import dataclasses
import io
import re
import zipfile
from datetime import date
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from indicators.calculations.figures import Figure
from indicators.calculations.vocabulary import Blank, Rating, Stage
from scorecard.files.data_workbook import to_data_xlsx
from scorecard.report.board import Revised, RevisionKind
from tests.demonstration import report_of

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REVISED = Revised(None, "M1", "Contacts", "2020-12", "8", "9", RevisionKind.CORRECTION)


@pytest.fixture(scope="module")
def report(django_db_setup, django_db_blocker):
    report = report_of("2021-01", django_db_blocker)
    return dataclasses.replace(report, meeting_date=date(2021, 3, 4), revised=(REVISED,))


@pytest.fixture(scope="module")
def parts(report):
    with zipfile.ZipFile(io.BytesIO(to_data_xlsx(report))) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}


@pytest.fixture(scope="module")
def sheets(report):
    return sheets_of(report)


def sheets_of(report):
    book = CalamineWorkbook.from_filelike(io.BytesIO(to_data_xlsx(report)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def table_of(rows):
    return [dict(zip(rows[2], row, strict=True)) for row in rows[3:]]


def with_figure(report, figure, **changed):
    section = report.sections[0]
    row = section.rows[0]
    row = row._replace(figures=(*row.figures[:-1], figure), current=len(row.figures) - 1, **changed)
    return dataclasses.replace(report, sections=(dataclasses.replace(section, rows=(row,)),))


def test_sheets_are_cover_contents_notes_then_tables(sheets):
    tables = ["Indicators", "Monthly figures", "Areas of focus", "Revised figures"]
    assert list(sheets) == ["Cover", "Contents", "Notes", *tables]


def test_table_without_rows_is_left_out(report):
    assert "Revised figures" not in sheets_of(dataclasses.replace(report, revised=()))


def test_title_stands_in_the_first_cell(sheets):
    assert all(rows[0][0] and not any(rows[0][1:]) for rows in sheets.values())
    assert sheets["Cover"][0][0] == "Children and Families scorecard, January 2021"


def test_cover_says_what_when_for_whom_and_how_many_tables(sheets):
    cover = "\n".join(row[0] for row in sheets["Cover"])
    for said in ("Southampton City Council", "January 2021", "4 March 2021", "4 tables of data"):
        assert said in cover


def test_contents_list_every_sheet_that_follows(sheets):
    listed = {row["Worksheet"]: row["Title"] for row in table_of(sheets["Contents"])}
    assert list(listed) == list(sheets)[2:]
    assert all(sheets[name][0][0] == title for name, title in listed.items())


def test_every_sheet_but_the_cover_is_one_marked_up_table(parts, sheets):
    tables = [ElementTree.fromstring(text) for name, text in parts.items() if name.startswith("xl/tables/")]  # noqa: S314
    assert len(tables) == len(sheets) - 1
    for table, rows in zip(tables, list(sheets.values())[1:], strict=True):
        headings = [column.get("name") for column in table.iter(f"{MAIN}tableColumn")]
        assert headings == rows[2]
        assert len({heading.casefold() for heading in headings}) == len(headings)
        assert all(headings)
        first, last = re.fullmatch(r"A(\d+):[A-Z]+(\d+)", table.get("ref")).groups()
        assert (int(first), int(last)) == (3, len(rows))
        assert table.find(f"{MAIN}autoFilter") is None


@pytest.mark.parametrize(
    "left_out", ["mergeCell", "<pane", "hidden=", "<f>", "headerFooter", "<drawing", "patternFill>"]
)
def test_sheets_have_nothing_that_confuses_a_screen_reader(left_out, parts):
    sheets = {name: text for name, text in parts.items() if name.startswith("xl/worksheets/")}
    assert not [name for name, text in sheets.items() if left_out in text]


def test_cells_have_no_fill(parts):
    assert set(re.findall(r'patternType="(\w+)"', parts["xl/styles.xml"])) == {"none", "gray125"}


def test_workbook_opens_at_the_first_cell_of_the_cover(parts):
    assert "activeTab" not in parts["xl/workbook.xml"]
    assert not [name for name, text in parts.items() if name.startswith("xl/worksheets/") and "<selection" in text]


def test_text_is_at_least_twelve_points_without_serifs(parts):
    used = re.findall(r'<font>(?:<b/>|<u/>)*<sz val="(\d+)"/>.*?<name val="(\w+)"/>', parts["xl/styles.xml"])[1:]
    assert used
    assert all(int(size) >= 12 and name == "Arial" for size, name in used)


def test_no_row_and_no_column_within_a_table_is_blank(sheets):
    for rows in list(sheets.values())[1:]:
        assert all(any(cell != "" for cell in row) for row in rows)
        assert all(rows[2])


def test_cell_of_a_figure_is_a_number_or_shorthand(sheets):
    for row in table_of(sheets["Monthly figures"]):
        assert isinstance(row["Figure"], float) or re.fullmatch(r"\[.+\]", row["Figure"])


def test_shorthand_is_explained(sheets):
    explained = {row["Shorthand or term"] for row in table_of(sheets["Notes"])}
    cells = [cell for name in ("Indicators", "Monthly figures") for row in sheets[name][3:] for cell in row]
    used = {cell for cell in cells if isinstance(cell, str) and re.fullmatch(r"\[[^]]+\]", cell)}
    assert used <= explained


def test_every_indicator_has_thirteen_months(report, sheets):
    rows = table_of(sheets["Monthly figures"])
    assert len(rows) == 13 * len(list(report.rows))
    assert [row["Month"] for row in rows[:13]][::12] == ["January 2020", "January 2021"]


def test_mark_of_a_figure_stands_in_the_notes(report):
    changed = with_figure(report, Figure(7, None, Stage.PROVISIONAL, note="Late."))
    sheets = sheets_of(changed)
    assert table_of(sheets["Indicators"])[0]["Figure"] == 7
    assert table_of(sheets["Monthly figures"])[-1]["Notes"] == "[p]\nLate."
    assert "[p]" in table_of(sheets["Indicators"])[0]["Notes"]


def test_suppressed_figure_leaves_no_number(report):
    hidden = Figure(None, Blank.SUPPRESSED, Stage.FINAL, 2, 4)
    row = report.sections[0].rows[0]
    hide = {
        "rating": Rating.SUPPRESSED,
        "summary": row.summary._replace(mean=None, maximum=None, suppressed=True),
        "change_month": row.change_month._replace(relative=None, suppressed=True),
        "change_year": row.change_year._replace(relative=None, suppressed=True),
        "signal": row.signal._replace(suppressed=True),
    }
    [line] = table_of(sheets_of(with_figure(report, hidden, **hide))["Indicators"])
    names = ("Figure", "Change from last month", "Change from last year", "Average 12 months", "Maximum 12 months")
    assert {line[name] for name in (*names, "RAG", "Signal", "Assurance")} == {"[c]"}


def test_questions_of_the_panel_have_their_facts(report, sheets):
    rows = table_of(sheets["Areas of focus"])
    assert [row["Title"] for row in rows] == [focus.title for focus in report.areas_of_focus]
    assert all(row["Kind"] for row in rows)


def test_revised_figures_are_listed(sheets):
    [row] = table_of(sheets["Revised figures"])
    assert list(row.values()) == ["M1", "Contacts", "2020-12", "8", "9", "Corrected"]


def test_figure_that_rounds_to_zero_is_still_told_from_zero(report):
    changed = with_figure(report, Figure(Fraction(1, 1000)))
    assert table_of(sheets_of(changed)["Monthly figures"])[-1]["Figure"] == pytest.approx(0.001)


def test_same_report_gives_the_same_bytes(report):
    assert to_data_xlsx(report) == to_data_xlsx(report)
