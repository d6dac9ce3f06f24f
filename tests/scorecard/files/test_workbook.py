"""The workbook, read back by a reader that shares no code with its writer."""

import csv
import dataclasses
import io
import re
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from commentary.focus import FocusKind
from indicators.calculations.row import ComparatorCell
from indicators.calculations.vocabulary import GroupKind, OnBasis
from scorecard.files.csv_and_json import to_csv
from scorecard.files.data_workbook import to_data_xlsx
from scorecard.files.workbook import height_of, to_xlsx
from scorecard.models import Scorecard
from scorecard.report import assemble_report
from scorecard.report.board import Focus, FocusNote, Revised, RevisionKind
from tests.factories import DECEMBER, JANUARY, make_derived, make_indicator, make_scorecard, make_values
from tests.scorecard.report.rows import ENGLAND, make_report, make_row

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def sheet_of(report, name):
    return CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(report))).get_sheet_by_name(name).to_python()


def headings_of(report):
    return next(row for row in sheet_of(report, "Scorecard") if row[0] == "Section")


def line_of(report, reference):
    rows = sheet_of(report, "Scorecard")
    headings = next(row for row in rows if row[0] == "Section")
    return next(dict(zip(headings, row, strict=True)) for row in rows if row[1] == reference)


def with_first_row(report, measure=None, **changed):
    section = report.sections[0]
    row = section.rows[0]
    row = row._replace(measure=row.measure._replace(**(measure or {})), **changed)
    return dataclasses.replace(report, sections=(dataclasses.replace(section, rows=(row,)),))


def overview_of(report):
    return [row[0] for row in sheet_of(report, "Overview")]


@pytest.fixture
def report():
    part, whole = make_indicator("M2"), make_indicator("M1")
    make_values(part, {DECEMBER: 300, JANUARY: 150})
    make_values(whole, {DECEMBER: 1000, JANUARY: 1200})
    make_scorecard(whole, make_derived("M3", [part], [whole], unit="percentage"))
    return assemble_report(Scorecard.objects.get(), JANUARY)


def test_counts_are_numbers(report):
    assert line_of(report, "M1")["2021-01"] == 1200


def test_percentages_are_hundredths(report):
    assert line_of(report, "M3")["2021-01"] == 0.125


def test_fall_stays_a_negative_number(report):
    assert line_of(report, "M3")["Change from last month"] == pytest.approx(0.125 / 0.3 - 1)


def test_blanks_are_shorthand(report):
    assert line_of(report, "M1")["2020-11"] == "[x]"


def test_same_report_gives_the_same_bytes(report):
    assert to_xlsx(report) == to_xlsx(report)


@pytest.mark.parametrize("text", ["=1+1", "+4%", "-2 more", "@x", "\t=1", "\r=1", "{=1}", "http://example.org"])
@pytest.mark.parametrize("make", [to_xlsx, to_data_xlsx], ids=["working", "accessible"])
def test_text_is_never_a_formula_or_a_link(make, text, report):
    changed = with_first_row(report, measure={"owner": text}, commentary=text)
    with zipfile.ZipFile(io.BytesIO(make(changed))) as parts:
        texts = [parts.read(name) for name in parts.namelist()]
    assert not [text for text in texts if re.search(rb"<f[ >]", text)]
    assert not [text for text in texts if b'TargetMode="External"' in text]


def test_text_is_read_back_as_it_was(report):
    @given(text=st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), min_size=1))
    def check(text):
        assert line_of(with_first_row(report, measure={"owner": text}), "M1")["Owner"] == text

    check()


def test_text_of_the_csv_is_neutralised(report):
    @given(text=st.text(min_size=1))
    def check(text):
        changed = with_first_row(report, measure={"title": text, "owner": text}, commentary=text)
        [record] = csv.DictReader(io.StringIO(to_csv(changed)))
        for cell in (record["title"], record["owner"], record["commentary"]):
            assert cell in (text, f"'{text}")
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))

    check()


@pytest.mark.parametrize("letter", ["x", "😀"], ids=["plain", "two units of UTF-16"])
def test_text_that_no_cell_can_hold_is_cut_with_a_remark(letter, report):
    text = line_of(with_first_row(report, commentary=letter * 40_000), "M1")["Commentary"]
    assert text.startswith(letter * 16_000)
    assert text.endswith(" The report itself has all of it.]")
    assert len(text.encode("utf-16-le")) // 2 <= 32_767


def test_text_that_just_fits_is_whole(report):
    assert line_of(with_first_row(report, commentary="x" * 32_767), "M1")["Commentary"] == "x" * 32_767


@pytest.mark.parametrize("name", ["England", "RAG", "Section", "England: year", "rag (comparator)", "Trend"])
def test_headings_are_unique_whatever_a_group_is_called(name, report):
    groups = (report.groups[0], report.groups[1], report.groups[2]._replace(name=name, kind=GroupKind.OTHER))
    headings = headings_of(dataclasses.replace(report, groups=groups))
    assert len(set(headings)) == len(headings)


def test_sparkline_draws_the_thirteen_months_of_its_line(report):
    months = sheet_of(report, "13 months")
    assert months[3][:3] == ["Ref", "Indicator", "2020-01"]
    assert months[3][14] == "2021-01"
    with zipfile.ZipFile(io.BytesIO(to_xlsx(report))) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    drawn = re.findall(r"<xm:f>(.*?)</xm:f><xm:sqref>(.*?)</xm:sqref>", sheet)
    assert sorted(drawn) == [("'13 months'!C5:O5", "L5"), ("'13 months'!C6:O6", "L6")]
    assert [row[0] for row in months[4:6]] == ["M1", "M3"]
    assert months[4][14] == 1200


def test_comparator_has_its_year_and_its_warnings(report):
    row = report.sections[0].rows[0]
    changed = with_first_row(report, comparators=(None, an_old_comparator(row), None))
    line = line_of(changed, "M1")
    assert (line["England"], line["England: year"]) == (9, "2016-17")
    assert line["Warnings"] == "England: out of date (2016-17)."
    assert line["Notes"] == "England: From the return."


def an_old_comparator(row):
    return ComparatorCell(ENGLAND, 9, None, 2016, "DfE", "", OnBasis.YES, "From the return.", True, row.change_year)


def test_notes_of_months_stand_beside_them(report):
    row = report.sections[0].rows[0]
    figures = (*row.figures[:-1], row.figures[-1]._replace(note="Two weeks late."))
    changed = with_first_row(report, figures=figures)
    assert sheet_of(changed, "13 months")[4][-1] == "2021-01: Two weeks late."


def test_assurance_has_a_column(report):
    assert "Assurance" in headings_of(report)


def test_overview_has_the_facts_of_a_question(report):
    question = Focus(
        *("Waiting times", "", "The panel", (FocusNote(date(2021, 2, 1), "Asked the team."),), ("M1",)),
        kind=FocusKind.QUESTION,
        detail="Why do they wait?",
        owner="Head of care",
        due_on=date(2021, 3, 1),
        closed_on=date(2021, 2, 20),
    )
    assert overview_of(dataclasses.replace(report, areas_of_focus=(question,)))[4:] == [
        "Question: Waiting times",
        "Why do they wait?",
        "Raised by: The panel. Owner: Head of care. Answer due on: 1 March 2021. Closed on: 20 February 2021. "
        "Indicators: M1",
        "1 February 2021: Asked the team.",
    ]


def test_overview_lists_what_was_revised(report):
    revised = Revised(1, "M1", "Contacts", "2020-12", "8", "9", RevisionKind.CORRECTION)
    assert overview_of(dataclasses.replace(report, revised=(revised,)))[4:] == [
        "What has changed since it was published",
        "M1 Contacts, 2020-12: from 8 to 9. Corrected.",
    ]


@pytest.mark.parametrize(
    ("cells", "height"),
    [
        ([], 15),
        ([("", 12), ("short", 12)], 15),
        ([("short", 12), ("x" * 25, 12)], 45),
        ([("one\n\nthree", 40)], 45),
        ([("x" * 40_000, 60)], 409),
    ],
)
def test_rows_are_as_high_as_their_longest_text(cells, height):
    assert height_of(cells) == height


@pytest.mark.filterwarnings("ignore:Sparkline Group extension")
def test_sheets_of_lines_fit_a3_with_headings_on_every_page_and_rows_as_high_as_their_words():
    content = to_xlsx(make_report([make_row("A1", commentary="A long sentence. " * 20)]))
    book = load_workbook(io.BytesIO(content))
    for name in ("Scorecard", "13 months"):
        sheet = book[name]
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (8, "landscape")
        wide = sum(column.width * (column.max - column.min + 1) for column in sheet.column_dimensions.values())
        assert sheet.page_setup.fitToHeight == 0
        assert wide / sheet.page_setup.fitToWidth < 260
        assert sheet.print_title_rows == "$4:$4"
        assert sheet.print_title_cols == ("$A:$C" if name == "Scorecard" else "$A:$B")
    assert book["Scorecard"].row_dimensions[5].height == 90
