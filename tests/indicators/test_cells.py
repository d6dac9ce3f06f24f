"""What a cell means, once it is known what it shows."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from indicators.resources import cells
from indicators.resources.cells import Cell

JANUARY = date(2021, 1, 1)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1343", "1343"),
        ("1,343", "1343"),
        ("1 343", "1343"),
        ("1\u00a0343\u202f567", "1343567"),
        ("\u20095\u2009", "5"),
        ("\ufeff5\u200b", "5"),
        ("\u22125", "-5"),
        ("\u20135", "-5"),
        ("'1343", "1343"),
        ("19.5 %", "19.5"),
        ("19.5\u00a0%", "19.5"),
        ("5.", "5"),
        (".5", "0.5"),
        ("007", "7"),
        ("0", "0"),
        ("-0", "0"),
        ("0.1234565", "0.123457"),
        ("-0.1234565", "-0.123457"),
        ("999999999999.999999", "999999999999.999999"),
        (Cell(Decimal("35.7142857142857"), "36%"), "35.714286"),
        (Cell(Decimal("0.300000000000000"), "0.3"), "0.3"),
        (Cell(Decimal("5.0"), "5"), "5"),
        (Cell(Decimal(0), "-"), "0"),
    ],
)
def test_a_number_is_read(cell, expected):
    assert str(cells.number(cell)) == expected


@pytest.mark.parametrize("cell", [None, "", " ", "\u00a0", "\u200b"])
def test_what_is_empty_is_no_number(cell):
    assert cells.is_empty(cell)
    assert cells.number(cell) is None


@pytest.mark.parametrize("cell", [Cell(Decimal(0), "0"), "0", False])
def test_0_is_something(cell):
    assert not cells.is_empty(cell)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("1,34", "write a decimal point, as in 1.34"),
        ("1.234,5", "as in 1234.5"),
        ("1 234,5", "as in 1234.5"),
        ("12 34", "is not a number"),
        ("1.234.567", "is not a number"),
        ("\u0661", "is not a number"),
        ("\uff15", "is not a number"),
        ("5\x00", "is not a number"),
        ("1_000", "is not a number"),
        ("0x10", "is not a number"),
        ("--5", "is not a number"),
        ("5-", "is not a number"),
        ("£5", "is not a number"),
        ("50%%", "is not a number"),
        ("TRUE", "is not a number"),
        (True, "“TRUE” is not a number|“True” is not a number"),
        ("36:00", "is not a number"),
        ("#N/A", "is an error of Excel’s"),
        ("#div/0!", "is an error of Excel’s"),
        ("Err:502", "is an error of Excel’s"),
        ("########", "where a column is too narrow"),
        ("1.5E-07", "write all its digits"),
        ("1000000000000", "is too big"),
        (Cell(Decimal("1E+300"), "x"), "is too big"),
        (Cell(Decimal("1E-300"), "x"), "is too small"),
        (Cell(datetime(2026, 5, 14), "14-May"), "“14-May” is a date, not a number"),  # noqa: DTZ001
        (Cell(Decimal(5), "", doubt="It is hidden."), "It is hidden."),
    ],
)
def test_what_is_no_number_is_explained(cell, message):
    with pytest.raises(ValueError, match=message):
        cells.number(cell)


def day(text, shown, parts="dmy"):
    return Cell(datetime.fromisoformat(text), shown, date_parts=parts)


@pytest.mark.parametrize(
    "cell",
    [
        "Jan-21",
        "\u00a0Jan 2021 ",
        day("2021-01-01", "01/01/2021"),
        day("2021-01-31", "31/01/2021"),
        day("2021-01-31T23:59:59", "31/01/2021 23:59"),
        day("2021-01-14", "Jan-21", "my"),
        Cell(Decimal(202101), "202101"),
    ],
    ids=str,
)
def test_a_month_is_read(cell):
    assert cells.month(cell) == JANUARY


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (day("2026-01-21", "21-Jan", "dm"), "stored as 21 January 2026: write 2026-01 if .*, or 2021-01 if you mean"),
        (day("2026-01-01", "01-Jan", "dm"), "stored as 1 January 2026: write 2026-01 if .*, or 2001-01 if you mean"),
        (day("2026-01-01", "January", "m"), "stored as 1 January 2026: write 2026-01 if you mean January 2026."),
        (day("2026-01-01", "2026", "y"), "stored as 1 January 2026"),
        (day("2026-01-21", "21/01/2026"), "in the middle of a month: write 2026-01"),
        (day("1900-01-01", "Jan-00", "my"), "is not a month"),
        (Cell(Decimal(44197), "44197"), "If it is a date, give the cell a date format"),
        (Cell(Decimal(5), "5"), "is not a month"),
        (Cell(Decimal("2021.1"), "2021.10"), "is a number, not a month"),
        ("2021.1", "is not a month"),
        ("#REF!", "is an error of Excel’s"),
    ],
    ids=str,
)
def test_what_may_be_a_slip_is_asked_about(cell, message):
    with pytest.raises(ValueError, match=message):
        cells.month(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (True, True), (False, False), ("TRUE", True), ("Yes", True), (Cell(Decimal(1), "1"), True), ("no\u00a0", False),
        (None, False), (Cell(Decimal(0), "0"), False),
    ],
)  # fmt: skip
def test_yes_or_no_is_read(cell, expected):
    assert cells.yes_or_no(cell) is expected


@pytest.mark.parametrize(
    "cell", ["2011-12", "2011/12", "2011\u201312", "2011\u00a0-\u00a012", day("2011-12-01", "Dec-11")]
)
def test_a_financial_year_is_read(cell):
    assert cells.year(cell) == 2011


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, ""), (True, "TRUE"), (Cell(Decimal(7), "007"), "007"), (day("2021-01-31", "31 January"), "31 January"),
        ("  as it is ", "  as it is "),
    ],
)  # fmt: skip
def test_a_text_is_what_the_cell_shows(cell, expected):
    assert cells.text(cell) == expected


@pytest.mark.parametrize("cell", ["On basis", "on_basis", " ON\u00a0BASIS *", "on\nbasis:", "On  Basis"])
def test_a_heading_is_read_however_it_is_written(cell):
    assert cells.heading(cell) == "on_basis"


@pytest.mark.parametrize(
    ("cell", "message"),
    [("Dec-11", "in a cell with the format Text: Excel takes some years for months"), ("2019", "write it as 2019-20.")],
)
def test_what_is_no_financial_year_is_explained(cell, message):
    with pytest.raises(ValueError, match=message):
        cells.year(cell)
