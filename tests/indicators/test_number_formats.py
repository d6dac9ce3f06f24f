"""What a cell shows, through its number format: expected values as Excel and ECMA-376 have them."""

from datetime import datetime
from decimal import Decimal

import pytest
from openpyxl.utils.datetime import MAC_EPOCH

from indicators.resources.cells import Cell
from indicators.resources.number_formats import show

ACCOUNTS = '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-'


@pytest.mark.parametrize(
    ("held", "number_format", "value", "shown"),
    [
        ("0.8", "General", "0.8", "0.8"),
        ("0.8", "0%", "80", "80%"),
        ("0.193", "0.0 %", "19.3", "19.3 %"),
        ("0.8", '0.0"%"', "0.8", "0.8%"),
        ("19.3", r"0.0\%", "19.3", "19.3%"),
        ("0.8", '"up to "0%', "80", "up to 80%"),
        ("0.8", "0_%", "0.8", "1"),
        ("0.8", "0*%", "0.8", "1"),
        ("0.8", "[$%-809]0.0", "0.8", "%0.8"),
        ("0.5", "[>=1]0;0%", "50", "50%"),
        ("-0.05", "0%;[Red]-0%", "-5", "-5%"),
        ("1343", "#,##0", "1343", "1,343"),
        ("1343.5", "#,##0.00", "1343.5", "1,343.50"),
        ("1343", "[$£-809]#,##0.00", "1343", "£1,343.00"),
        ("7", "000", "7", "007"),
        ("0.5", "#.##", "0.5", ".5"),
        ("12.5", "0.0#", "12.5", "12.5"),
        ("2.5", "0", "2.5", "3"),
        ("0.25", "# ?/?", "0.25", "0.25"),
        ("1200000", "0.00E+00", "1200000", "1200000"),
        ("-5", "#,##0_);(#,##0)", "-5", "(5)"),
        ("-5", "#,##0;[Red]#,##0", "-5", "5"),
        ("5", "[Red][>3]0;[Blue]0", "5", "5"),
        ("0", ACCOUNTS, "0", "-"),
        ("-5", ACCOUNTS, "-5", "-5"),
        ("12.3", '0.0" per 10,000"', "12.3", "12.3 per 10,000"),
        ("5", '"D"0', "5", "D5"),
        ("5", r"\d0", "5", "d5"),
        ("5", "@", "5", "5"),
        ("5", "", "5", "5"),
        ("5", "0" * 300, "5", "5"),
        ("5", '0"', "5", "5"),
        ("5", "0\\", "5", "5\\"),
    ],
)
def test_a_number_is_what_the_cell_holds_and_shows(held, number_format, value, shown):
    assert show(Decimal(held), number_format) == Cell(Decimal(value), shown)


@pytest.mark.parametrize(
    ("held", "number_format", "shown"),
    [
        ("0.8", "0%%", "8000%%"),
        ("3", '[<5]"*";0', "*"),
        ("3", '[<5]"[c]";0', "[c]"),
        ("1", '"Yes";;"No"', "Yes"),
        ("0", '"Yes";;"No"', "No"),
        ("0", '0;-0;"n/a"', "n/a"),
        ("1.5", "[h]:mm", "36:00"),
        ("0.5", "h:mm AM/PM", "12:00"),
        ("0.5", "hh:mm:ss", "12:00"),
    ],
)
def test_what_shows_no_number_is_none(held, number_format, shown):
    assert show(Decimal(held), number_format) == shown


@pytest.mark.parametrize(
    ("held", "number_format", "doubt"),
    [
        ("5", ";;;", "holds 5, but its number format shows nothing"),
        ("0", "0;-0;;@", "holds 0, but its number format shows nothing"),
        ("0", "#", "holds 0, but its number format shows nothing"),
        ("-5", "0;;;", "holds -5, but its number format shows nothing"),
        ("-5", "0;0", "holds -5, but its number format shows “5”"),
        ("-5", "[<0]0;0", "holds -5, but its number format shows “5”"),
        ("5", '0"000"', "shows 5 as “5000”"),
        ("5", '0" of 14"', "shows 5 as “5 of 14”"),
        ("1.5", '0.0"k"', "shows “1.5k”, but holds only 1.5"),
        ("2", '0" million"', "shows “2 million”, but holds only 2"),
        ("0.5", "[=1]0", "has no way to show 0.5"),
        ("-1", "d-mmm", "no date that Excel can show"),
        ("10000000", "d-mmm", "no date that Excel can show"),
    ],
)
def test_what_deceives_is_asked_about(held, number_format, doubt):
    assert doubt in show(Decimal(held), number_format).doubt


@pytest.mark.parametrize(
    ("held", "number_format", "remark"),
    [
        ("1234567", "0,", "shows “1235” and was read as 1,234,567"),
        ("1234567", '0.0,,"M"', "shows “1.2M” and was read as 1,234,567"),
        ("12345", '#,##0.0,"k"', "shows “12.3k” and was read as 12,345"),
        ("0.004", "0", "shows “0” and was read as 0.004"),
        ("0.004", "0%", "shows “0%” and was read as 0.4"),
    ],
)
def test_what_is_shown_shortened_is_told(held, number_format, remark):
    cell = show(Decimal(held), number_format)

    assert (cell.remark, cell.doubt) == (remark, "")


@pytest.mark.parametrize(
    ("number_format", "shown", "parts"),
    [
        ("d-mmm", "21-Jan", "dm"),
        ("mmm-yy", "Jan-26", "my"),
        ("mmmm yyyy", "January 2026", "my"),
        ("yyyy-mm", "2026-01", "my"),
        ("dd/mm/yyyy", "21/01/2026", "dmy"),
        ("[$-809]dd mmmm yyyy;@", "21 January 2026", "dmy"),
        ("[$-F800]dddd, mmmm dd, yyyy", "Wednesday, January 21, 2026", "dmy"),
        ("dddd mmmm yyyy", "Wednesday January 2026", "my"),
        ("yyyy-mm-dd hh:mm:ss", "2026-01-21 00:00:00", "dmy"),
        ('"Month: "mmm yy', "Month: Jan 26", "my"),
        ("mmmm", "January", "m"),
        ("yyyy", "2026", "y"),
    ],
)
def test_a_date_is_what_its_format_shows(number_format, shown, parts):
    assert show(Decimal(46043), number_format) == Cell(datetime(2026, 1, 21), shown, date_parts=parts)  # noqa: DTZ001


def test_dates_are_counted_as_the_workbook_counts_them():
    assert str(show(Decimal(46043 - 1462), "yyyy-mm-dd", MAC_EPOCH)) == "2026-01-21"


@pytest.mark.parametrize(
    ("text", "number_format", "shown"),
    [("x", "General", "x"), ("x", "@", "x"), ("x", "0", "x"), ("x", '0;0;0;"ref "@', "ref x"), ("", ";;;", "")],
)
def test_a_text_is_what_it_shows(text, number_format, shown):
    assert show(text, number_format) == shown


def test_a_hidden_text_is_asked_about():
    assert "holds “x”, but its number format shows nothing" in show("x", ";;;").doubt
