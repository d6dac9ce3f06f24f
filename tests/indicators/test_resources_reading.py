"""What is read from a spreadsheet, and what is refused by row and column."""

import io
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from indicators.models import MonthlyValue
from tests.factories import make_derived, make_indicator
from tests.indicators.importing import excel, file_problem, import_address, import_file, problems

pytestmark = pytest.mark.django_db
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "children_and_families"
JANUARY = date(2021, 1, 1)


@pytest.fixture
def contacts():
    return make_indicator("M1")


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
    ],
    ids=["plain", "with mark", "semicolons", "tabs", "utf-16", "latin-1", "empty rows"],
)
def test_a_csv_file_is_read_however_it_was_saved(admin_client, contacts, content):
    import_file(admin_client, MonthlyValue, content)

    assert contacts.values.get().figure == 1343


@pytest.mark.parametrize(
    "month",
    ["2021-01", "2021-01-01", "Jan 2021", "January 2021", "Jan-21", "01/01/2021", "2021-01-01 00:00:00"],
)
def test_a_month_is_read_in_many_ways(admin_client, contacts, month):
    import_file(admin_client, MonthlyValue, f"reference,month,figure\nM1,{month},5\n")

    assert contacts.values.get().month == JANUARY


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
        ("1.1234567", "has more than 6 decimals"),
        ("-5", "can't be negative"),
        ("#REF!", "“#REF!” is not a number"),
        ("", "exactly one of the three"),
    ],
)
def test_a_figure_that_is_none_is_named_by_row_and_column(admin_client, contacts, figure, message):
    found = problems(admin_client, MonthlyValue, f"reference,month,figure\n\nM1,2021-01,{figure}\n")

    assert [problem[0] for problem in found] == [3]
    assert message in found[0][2]
    assert found[0][1] in ("figure", "")


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


def test_a_row_that_is_there_twice_is_named(admin_client, contacts):
    found = problems(admin_client, MonthlyValue, "reference,month,figure\nM1,2021-01,5\nm1,Jan-21,6\n")

    assert found == [(3, "", "This is in row 2 already.")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"\n\n", "The file is empty"),
        (b"reference,month,figure\n", "no rows below"),
        (b"month,figure\n2021-01,5\n", "The column “reference” is missing."),
        (b"reference,month,figure,colour\nM1,2021-01,5,red\n", "The column “colour” is not known here"),
        (b"reference,month,figure,figure\nM1,2021-01,5,6\n", "The column “figure” is there twice."),
        (b"reference,month,,figure\nM1,2021-01,5,6\n", "A column has no name"),
        (b"reference,month,figure\nM1,2021-01,1,343\n", "Row 2 has more cells than there are columns"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "neither an Excel file"),
        (b"%PDF-1.7\nsomething\n", "The column “reference” is missing."),
        (b"PK\x03\x04 not really a workbook", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel file"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        (b"reference,month,figure\n" + b"x" * 200_000 + b",1,1\n", "can't be read"),
    ],
    ids=lambda value: None if isinstance(value, bytes) else value[:30],
)
def test_a_file_that_is_none_is_explained(admin_client, contacts, content, message):
    assert message in file_problem(admin_client, MonthlyValue, content)


def test_a_zip_file_that_is_no_workbook_is_explained(admin_client):
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("hello.txt", "hello")

    assert "damaged" in file_problem(admin_client, MonthlyValue, out.getvalue(), "figures.xlsx")


def test_a_formula_without_a_result_is_named(admin_client, contacts):
    content = excel(("reference", "month", "figure"), ("M1", "2021-01", "=1+1"))

    assert "cell C2 has a formula" in file_problem(admin_client, MonthlyValue, content, "figures.xlsx")


def test_no_file_is_explained(admin_client):
    response = admin_client.post(import_address(MonthlyValue))

    assert response.context["form"].errors["import_file"]
