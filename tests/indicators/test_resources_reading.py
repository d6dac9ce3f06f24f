"""What is read from a spreadsheet, and what is refused by row and column."""

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection

from indicators.models import MonthlyValue, Target
from indicators.resources import MonthlyValueResource, SpreadsheetError, read_spreadsheet
from tests.factories import make_derived, make_indicator, make_value
from tests.indicators.importing import excel, file_problem, import_address, import_file, preview, problems
from tests.indicators.workbooks import row, sheet, text, workbook

pytestmark = pytest.mark.django_db
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "children_and_families"
JANUARY = date(2021, 1, 1)


@pytest.fixture
def contacts():
    return make_indicator("M1")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "content",
    [
        b"reference,month,figure\nM1,2021-01,1343\n",
        b"\xef\xbb\xbfreference,month,figure\r\nM1,2021-01,1343\r\n",
        b"reference;month;figure\nM1;2021-01;1,343\n",
        b"Reference\tMonth\tFigure\nM1\t2021-01\t1343\n",
        "reference,month,figure\nM1,2021-01,1343\n".encode("utf-16"),
        b'figure,month,reference,note\n"1,343",Jan-21,m1,caf\xe9\n',
        b"reference,month,figure\n\n,,\nM1,2021-01,1343\n,,\n",
        b"sep=;\r\nreference;month;figure\r\nM1;2021-01;1343\r\n",
        "reference,month,figure\nM1,2021-01,1343\n".encode("utf-16-le"),
        b"Figures of the board\n\nas of May, June, July and August\nreference;month;figure\nM1;2021-01;1343\n",
        b"reference;month;figure;note\nM1;2021-01;1343;one, two, three, four, five, six, seven\n",
        b'"Reference *" , Month,FIGURE :\nM1,2021-01,1 343\n',
        b",,,\n,reference,month,figure\n,M1,2021-01,1343\n",
        "reference,month,figure\nM1,2021-01,\u00a01\u202f343 \u200b\n".encode(),
        b"reference,month,figure,,\nM1,2021-01,'1343,,\nreference,month,figure,,\n",
        b"reference|month|figure\nM1|2021-01|1343\n",
    ],
    ids=[
        "plain",
        "with mark",
        "semicolons",
        "tabs",
        "utf-16",
        "latin-1",
        "empty rows",
        "sep",
        "utf-16 without mark",
        "a title above",
        "commas in a note",
        "marked headings",
        "an empty column first",
        "spaces of the web",
        "empty columns, headings again",
        "bars",
    ],
)
def test_a_csv_file_is_read_however_it_was_saved(admin_client, contacts, content):
    import_file(admin_client, MonthlyValue, content)

    assert contacts.values.get().figure == 1343


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "month",
    ["2021-01", "2021-01-01", "Jan 2021", "January 2021", "Jan-21", "01/01/2021", "2021-01-01 00:00:00"],
)
def test_a_month_is_read_in_many_ways(admin_client, contacts, month):
    import_file(admin_client, MonthlyValue, f"reference,month,figure\nM1,{month},5\n")

    assert contacts.values.get().month == JANUARY


@pytest.mark.sqlite
def test_an_excel_file_is_read_as_it_shows(admin_client):
    make_indicator("M1")
    share = make_indicator("M3", unit="percentage")
    rows = [
        ("reference", "month", "figure"),
        ("M1", datetime(2021, 1, 1), 1343),  # noqa: DTZ001  (Excel knows no time zones)
        ("M3", date(2021, 1, 31), 0.193),
        ("M3", "2020-12", 19.300000000000001),
    ]

    import_file(admin_client, MonthlyValue, excel(*rows, formats=[("C3", "0%")]), "figures.xlsx")

    assert share.values.get(month=JANUARY).figure == Decimal("19.3")
    assert share.values.get(month=date(2020, 12, 1)).figure == Decimal("19.3")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("figure", "message"),
    [
        ("tbc", "“tbc” is not a number; for a figure that isn't there leave it empty"),
        ("n/a", "“n/a” is not a number"),
        ("19%", "M1 is not a percentage"),
        ("NaN", "“NaN” is not a number"),
        ("Infinity", "“Infinity” is not a number"),
        ("1e5", "“1e5” is not a number"),
        ('"1,34"', "“1,34” is not a number"),
        ("9" * 30, "is too big"),
        ("9" * 90, "is too long"),
        ("0.0000001", "is too small: a figure has at most 6 decimals"),
        ("-5", "can't be negative"),
        ("#REF!", "“#REF!” is an error of Excel’s"),
        ("#####", "where a column is too narrow"),
        ('"19,5"', "“19,5” is not a number: write a decimal point, as in 19.5"),
        ('"1.234,5"', "write a decimal point, as in 1234.5"),
        ("1.2E+05", "write all its digits"),
    ],
)
def test_a_figure_that_is_none_is_named_by_row_and_column(admin_client, contacts, figure, message):
    found = problems(admin_client, MonthlyValue, f"reference,month,figure\n\nM1,2021-01,{figure}\n")

    assert [problem[0] for problem in found] == [3]
    assert message in found[0][2]
    assert found[0][1] in ("figure", "")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("XX,2021-01,5", "reference", "There is no indicator “XX”"),
        (",2021-01,5", "reference", "The indicator is empty"),
        ("M1,soon,5", "month", "“soon” is not a month: write it as 2021-01"),
        ("M1,,5", "month", "The month is empty"),
        ("M1,1850-01,5", "month", "is not a month"),
        ("D1,2021-01,5", "", "D1 is worked out from other indicators"),
    ],
)
def test_what_a_row_is_about_must_be_known(admin_client, contacts, row, column, message):
    make_derived("D1", [contacts])

    [(number, named, text)] = problems(admin_client, MonthlyValue, f"reference,month,figure\n{row}\n")

    assert (number, named) == (2, column)
    assert message in text


@pytest.mark.sqlite
def test_a_row_that_is_there_twice_is_named(admin_client, contacts):
    found = problems(admin_client, MonthlyValue, "reference,month,figure\nM1,2021-01,5\nm1,Jan-21,6\n")

    assert found == [(3, "", "This is in row 2 already.")]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"\n\n", "The file is empty"),
        (b"reference,month,figure\n", "no rows below"),
        (b"month,figure\n2021-01,5\n", "The column “reference” is missing."),
        (b"reference,month,figure,figure\nM1,2021-01,5,6\n", "“figure” is there twice: in columns 3 and 4."),
        (
            b"reference,month,,figure\nM1,2021-01,5,6\n",
            "Column 3 has no name in row 1, but something stands in it in row 2",
        ),
        (b"reference,figure,Jan-21,Feb-21\nM1,,5,6\n", "Months can\u2019t be columns: write a row for each month"),
        (b"reference,month,figure\nM1,2021-01" + b",x" * 200, "Row 2 has 202 cells. A table has at most 100 columns"),
        (b"reference,month,figure\n" + b"M1,2021-01,5\n" * 3001, "more than 3,000 rows"),
        (b"reference,month,figure\n" + b"M1,,\n" * 50_001, "more than 3,000 rows"),
        (b"\n" * 1_000_000, "The file is empty"),
        (b"," * 1_000_000, "The file is empty"),
        (b"a" * 1_000_000, "can't be read from row 1 on"),
        (b'reference,month,note\nM1,2021-01,"it rose\nM1,2021-02,x\n', "A quotation mark is opened in row 2"),
        (b"reference,month,figure\nM1,2021-01,1,343\n", "Row 2 has more cells than there are columns"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "This is a picture"),
        (b"RIFF\x00\x01\x02\x03", "neither an Excel file"),
        (b"%PDF-1.7\nsomething\n", "This is a PDF: copy its table"),
        (b"\r\n<HTML><body><table>", "This is a web page that was named like a spreadsheet"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "an XML file, perhaps of Excel 2003"),
        (b'TABLE\r\n0,1\r\n"EXCEL"\r\n', "This is a DIF file (.dif)"),
        (b"ID;PCALCOOO32\n", "This is a SYLK file (.slk): open it in LibreOffice"),
        (b'{"reference": "M1"}', "This is a JSON file"),
        (b"ID;PWXL;N;E\n", "This is a SYLK file"),
        (b"\x1f\x8b\x08", "This file is compressed (.gz)"),
        (b"{\\rtf1 reference", "This is a text document (RTF)"),
        (b"PK\x03\x04 not really a workbook", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "This is an old Excel file (.xls)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "This file has a password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "This is a Word document"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        (b"reference,month,figure\n" + b"x" * 200_000 + b",1,1\n", "can't be read from row 2 on"),
    ],
    ids=lambda value: None if isinstance(value, bytes) else value[:30],
)
def test_a_file_that_is_none_is_explained(admin_client, contacts, content, message):
    assert message in file_problem(admin_client, MonthlyValue, content)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("hello.txt", "archive without an Excel workbook in it. Unpack it"),
        ("xl/workbook.bin", "binary Excel workbook (.xlsb)"),
        ("content.xml", "OpenDocument file (.ods): in LibreOffice"),
        ("word/document.xml", "This is a Word document"),
        ("ppt/presentation.xml", "This is a presentation"),
        ("Index/Document.iwa", "This is a Numbers spreadsheet"),
    ],
)
def test_an_archive_that_is_no_workbook_is_explained(part, message):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(part, "hello")

    with pytest.raises(SpreadsheetError, match=re.escape(message)):
        read_spreadsheet(out.getvalue())


@pytest.mark.sqlite
def test_a_formula_without_a_result_is_named(admin_client, contacts):
    content = excel(("reference", "month", "figure"), ("M1", "2021-01", "=1+1"))

    [(row, column, message)] = problems(admin_client, MonthlyValue, content, "figures.xlsx")

    assert (row, column) == (2, "figure")
    assert "a formula without a stored result" in message


@pytest.mark.sqlite
def test_no_file_is_explained(admin_client):
    response = admin_client.post(import_address(MonthlyValue))

    assert response.context["form"].errors["import_file"]


@pytest.mark.sqlite
def test_what_is_left_out_is_told_once_with_what_may_be_meant(admin_client, contacts):
    content = "Board report\nreference,month,figure,colour,numerater\nM1,2021-01,5,red,\nM1,2021-02,6,,7\n"

    response = preview(admin_client, MonthlyValue, content)

    page = response.content.decode()
    assert len(response.context["changed"]) == 2
    assert "found in row 2; what stands above was left out." in page
    assert page.count("“colour” and “numerater” (“numerator” may be meant).") == 1


def test_commas_beside_semicolons_are_told():
    [notice] = MonthlyValueResource.read(b"reference;month;figure\nM1;2021-01;5\nM1;2021-02;1,343\n").notices

    assert "“1,343” and the like were read with commas for thousands" in notice


def test_months_in_the_first_row_are_recognised_in_a_workbook():
    content = excel(
        ("reference", date(2021, 1, 1), date(2021, 2, 1)), ("M1", 5, 6), formats=[("B1", "mmm-yy"), ("C1", "mmm-yy")]
    )

    with pytest.raises(SpreadsheetError, match=r"it has “reference”, “jan-21” and “feb-21”.*Months can’t be columns"):
        MonthlyValueResource.read(content)


def test_the_columns_are_listed_once_however_many_are_unknown():
    content = b"ref,a,b,c,d,e\nM1,1,2,3,4,5\n"

    with pytest.raises(SpreadsheetError) as error:
        read_spreadsheet(content, ["reference", "month", "figure"], ["reference", "month"])

    assert str(error.value) == (
        "The column “reference” is missing. The column “month” is missing. Row 1 must have the names of the columns; "
        "it has “ref”, “a”, “b”, “c”, “d” and “e”. The columns are reference, month, figure."
    )


def test_a_figure_is_kept_as_exact_as_it_is(admin_client):
    share = make_indicator("M3", unit="percentage")
    rows = [("reference", "month", "figure"), ("M3", "2021-01", 5 / 14), ("M3", "2020-12", 0.8)]

    import_file(admin_client, MonthlyValue, excel(*rows, formats=[("C2", "0%"), ("C3", '0.0"%"')]), "figures.xlsx")

    assert share.values.get(month=JANUARY).figure == Decimal("35.714286")
    assert share.values.get(month=date(2020, 12, 1)).figure == Decimal("0.8")


@pytest.mark.sqlite
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
@pytest.mark.parametrize("columns", ["figure", "numerator"])
def test_none_at_all_answers_an_awaited_figure_in_every_kind_of_file(admin_client, file_format, columns):
    indicator = make_indicator("M1", kind="ratio" if columns == "numerator" else "figure")
    make_value(indicator, JANUARY, blank="awaited")
    rows = [["reference", "month", "figure"], ["M1", "2021-01", 0]]
    if columns == "numerator":
        rows = [["reference", "month", "numerator", "denominator"], ["M1", "2021-01", 0, 7]]
    content = excel(*rows) if file_format == "xlsx" else "\n".join(",".join(map(str, row)) for row in rows)

    import_file(admin_client, MonthlyValue, content)

    value = indicator.values.get()
    assert (value.blank, getattr(value, columns)) == ("", 0)


@pytest.mark.sqlite
def test_a_day_typed_for_a_month_is_asked_about(admin_client, contacts):
    content = excel(
        ("reference", "month", "figure"), ("M1", date(2026, 1, 21), 5), ("M1", date(2026, 2, 14), 6),
        formats=[("B2", "d-mmm"), ("B3", "mmm-yy")],
    )  # fmt: skip

    [(row, column, message)] = problems(admin_client, MonthlyValue, content, "figures.xlsx")

    assert (row, column) == (2, "month")
    assert message == (
        "“21-Jan” is stored as 21 January 2026: write 2026-01 if you mean January 2026, or 2021-01 if you mean "
        "January 2021."
    )


def test_characters_that_no_database_keeps_are_left_out_of_a_text(admin_client, contacts):
    note = text("D2", "one_x0000__xD800_ two_x000A_three")

    import_file(admin_client, MonthlyValue, workbook(sheet(row(2, note=note))), "figures.xlsx")

    assert contacts.values.get().note == "one two\nthree"


def test_a_file_is_read_before_anything_is_locked(admin_client, contacts, monkeypatch):
    depths = []

    def read(*args, **kwargs):
        depths.append(len(connection.atomic_blocks))
        return read_spreadsheet(*args, **kwargs)

    monkeypatch.setattr("indicators.resources.base.read_spreadsheet", read)

    import_file(admin_client, MonthlyValue, "reference,month,figure\nM1,2021-01,5\n")

    assert depths == [len(connection.atomic_blocks)] * 2


def test_figures_are_read_in_the_unit_of_their_indicator(admin_client):
    signed = make_indicator("V1", unit="money_thousand", allows_negative=True)
    make_indicator("D1", unit="days", kind="ratio")
    rows = "V1,2021-01,(£12k),,\nV1,2020-12,£1.2m,,\nV1,2020-11,−7,,\nD1,2021-01,,36 days,3\n"
    import_file(admin_client, MonthlyValue, f"reference,month,figure,numerator,denominator\n{rows}")
    assert [*signed.values.order_by("month").values_list("figure", flat=True)] == [-7, 1200, -12]
    assert MonthlyValue.objects.get(indicator__reference="D1").as_figure().value == 12
    import_file(admin_client, Target, "reference,year,value,tolerance\nV1,2020-21,-£10k,£2.5k\n")
    assert Target.objects.get().as_terms()[:2] == (-10, Decimal("2.5"))
    wrong = "V1,2021-01,£12,,\nD1,2021-01,,36 weeks,3\nD1,2020-12,,30,-3\nD1,2020-11,,-30,3\n"
    found = problems(admin_client, MonthlyValue, f"reference,month,figure,numerator,denominator\n{wrong}")
    assert [(row, column) for row, column, _ in found] == [(2, "figure"), (3, "numerator"), (4, ""), (5, "numerator")]
    assert "could be pounds or thousands of pounds" in found[0][2]
    assert "the figures are in days" in found[1][2]
