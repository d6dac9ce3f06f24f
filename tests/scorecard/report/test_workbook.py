"""The workbook, read back by a reader that shares no code with its writer."""

import dataclasses
import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from scorecard.models import Scorecard
from scorecard.report import assemble_report
from scorecard.report.workbook import to_xlsx
from tests.factories import DECEMBER, JANUARY, make_derived, make_indicator, make_scorecard, make_values

pytestmark = pytest.mark.django_db


def line_of(report, reference):
    rows = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(report))).get_sheet_by_name("Scorecard").to_python()
    headers = next(row for row in rows if row[0] == "Section")
    return next(dict(zip(headers, row, strict=True)) for row in rows if row[1] == reference)


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
def test_text_is_never_a_formula(report, text):
    section = report.sections[0]
    row = section.rows[0]
    row = row._replace(commentary=text, measure=row.measure._replace(owner=text))
    changed = dataclasses.replace(report, sections=(dataclasses.replace(section, rows=(row,)),))
    assert b"<f>" not in _sheet(to_xlsx(changed))
    assert line_of(changed, "M1")["Owner"].replace("_x000D_", "\r") == text


def _sheet(data):
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return parts.read("xl/worksheets/sheet1.xml")
