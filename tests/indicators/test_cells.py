"""What a cell means, once it is known what it shows."""

import re
from datetime import date, datetime
from decimal import Decimal

import pytest

from indicators.calculations.vocabulary import Unit
from indicators.resources import cells
from indicators.resources.cells import Cell
from indicators.resources.number_formats import show

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


def in_format(value, number_format):
    return show(Decimal(value), number_format)


@pytest.mark.parametrize(
    ("unit", "cell", "expected"),
    [
        (Unit.COUNT, "-12", "-12"),
        (Unit.COUNT, "(12)", "-12"),
        (Unit.COUNT, "( 1,200 )", "-1200"),
        (Unit.COUNT, "−12", "-12"),
        (Unit.COUNT, "minus 12", "-12"),
        (Unit.COUNT, "+12", "12"),
        (Unit.COUNT, "(0)", "0"),
        (Unit.COUNT, "1.2k", "1200"),
        (Unit.PERCENTAGE, "-3%", "-3"),
        (Unit.PERCENTAGE, "(3%)", "-3"),
        (Unit.PERCENTAGE, "(3)%", "-3"),
        (Unit.RATE_10000, "53 per 10,000", "53"),
        (Unit.MONEY, "£1,200", "1200"),
        (Unit.MONEY, "-£1,200.50", "-1200.5"),
        (Unit.MONEY, "£-1,200", "-1200"),
        (Unit.MONEY, "(£12)", "-12"),
        (Unit.MONEY, "£(12)", "-12"),
        (Unit.MONEY, "£1.2m", "1200000"),
        (Unit.MONEY, "1,200k", "1200000"),
        (Unit.MONEY, "£1.2 million", "1200000"),
        (Unit.MONEY, "GBP 12", "12"),
        (Unit.MONEY_THOUSAND, "1,200", "1200"),
        (Unit.MONEY_THOUSAND, "£1,200k", "1200"),
        (Unit.MONEY_THOUSAND, "1,200k", "1200"),
        (Unit.MONEY_THOUSAND, "£1.2m", "1200"),
        (Unit.MONEY_THOUSAND, "(£12k)", "-12"),
        (Unit.MONEY_THOUSAND, "£0", "0"),
        (Unit.MONEY_MILLION, "£1.2m", "1.2"),
        (Unit.MONEY_MILLION, "1200k", "1.2"),
        (Unit.MONEY_MILLION, "£2bn", "2000"),
        (Unit.DAYS, "12 days", "12"),
        (Unit.DAYS, "1 day", "1"),
        (Unit.HOURS, "3.5 hrs", "3.5"),
        (Unit.WEEKS, "26wks", "26"),
        (Unit.MONTHS, "14 months", "14"),
        (None, "£12,345.67", "12345.67"),
        (Unit.MONEY_THOUSAND, in_format("1234", '"£"#,##0"k"'), "1234"),
        (Unit.MONEY_THOUSAND, in_format("1234000", '"£"#,##0,"k"'), "1234"),
        (Unit.MONEY, in_format("1234000", '"£"#,##0,"k"'), "1234000"),
        (Unit.MONEY_MILLION, in_format("1.2", '"£"0.0"m"'), "1.2"),
        (Unit.DAYS, in_format("-12", '#,##0" days"'), "-12"),
        (Unit.MONEY, in_format("-12", '"£"#,##0;[Red]("£"#,##0)'), "-12"),
    ],
)
def test_a_figure_is_read_in_its_unit(unit, cell, expected):
    assert str(cells.figure(cell, unit)) == expected


@pytest.mark.parametrize(
    ("unit", "cell", "message"),
    [
        (Unit.MONEY_THOUSAND, "£1,200", "“£1,200” could be pounds or thousands of pounds"),
        (Unit.MONEY_MILLION, "-£3", "could be pounds or millions of pounds"),
        (Unit.COUNT, "£12", "“£12” is money, which this is not"),
        (Unit.DAYS, "£12k", "is money, which this is not"),
        (Unit.COUNT, "3%", "This is not a percentage"),
        (Unit.COUNT, "12m", "“12m” is not a number"),
        (Unit.DAYS, "2 weeks", "“2 weeks” is not a number: the figures are in days, so write the number alone"),
        (Unit.MONTHS, "12m", "is not a number"),
        (Unit.RATE_1000, "53 per 10,000", "the figures are rates per 1,000"),
        (Unit.SCORE, "4 days", "the figures are scores or ratios"),
        (Unit.COUNT, "-(12)", "is not a number"),
        (Unit.COUNT, "(-12)", "is not a number"),
        (Unit.COUNT, "--12", "is not a number"),
        (Unit.COUNT, "(12", "is not a number"),
        (Unit.COUNT, "12-", "is not a number"),
        (Unit.COUNT, "()", "is not a number"),
        (Unit.MONEY, "£", "is not a number"),
        (Unit.MONEY, "£1,20", "is not a number"),
        (Unit.MONEY, "£999999999999m", "is too big"),
        (Unit.COUNT, in_format("12", '0" m"'), "It shows “12 m”, but holds only 12"),
        (Unit.MONEY, in_format("-12", '"£"#,##0;"£"#,##0'), "its number format shows “£12”"),
    ],
)
def test_a_figure_that_could_mean_something_else_is_refused(unit, cell, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        cells.figure(cell, unit)
