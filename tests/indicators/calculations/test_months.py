"""Months, quarters and financial years."""

from datetime import date

import pytest

from indicators.calculations import months


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        pytest.param(0, date(2021, 1, 1), id="the month itself"),
        pytest.param(1, date(2021, 2, 1), id="the next"),
        pytest.param(11, date(2021, 12, 1), id="December of the same year"),
        pytest.param(12, date(2022, 1, 1), id="a year on"),
        pytest.param(-1, date(2020, 12, 1), id="across the new year"),
        pytest.param(-12, date(2020, 1, 1), id="a year back"),
        pytest.param(-13, date(2019, 12, 1), id="two new years back"),
    ],
)
def test_add_months_from_january(count, expected):
    assert months.add_months(date(2021, 1, 1), count) == expected


def test_months_ending_are_oldest_first():
    assert months.months_ending(date(2021, 1, 1), 3) == (date(2020, 11, 1), date(2020, 12, 1), date(2021, 1, 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2021-01", date(2021, 1, 1)), ("1990-12", date(1990, 12, 1)), ("2200-06", date(2200, 6, 1))],
)
def test_parse_month_reads(text, expected):
    assert months.parse_month(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2021-13", id="no thirteenth month"),
        pytest.param("2021-00", id="no month 0"),
        pytest.param("x", id="a letter"),
        pytest.param("", id="nothing"),
        pytest.param("2021-1", id="one digit"),
        pytest.param("21-01", id="a short year"),
        pytest.param("2021-01-01", id="a day"),
        pytest.param("2021/01", id="a slash"),
        pytest.param(" 2021-01", id="a space before"),
        pytest.param("2021-01\n", id="a line end"),
        pytest.param("\u0662\u0660\u0662\u0661-\u0660\u0661", id="digits of another script"),
        pytest.param("1989-12", id="before all figures"),
        pytest.param("2201-01", id="a slip of the year"),
    ],
)
def test_parse_month_refuses(text):
    with pytest.raises(ValueError, match="is not a month: write it as YYYY-MM, for example 2021-01"):
        months.parse_month(text)


def test_month_text_is_what_parse_month_reads():
    assert months.month_text(date(2021, 1, 1)) == "2021-01"


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        pytest.param(date(2020, 3, 1), 2019, id="March ends the year"),
        pytest.param(date(2020, 4, 1), 2020, id="April begins it"),
        pytest.param(date(2020, 12, 1), 2020, id="December"),
        pytest.param(date(2021, 1, 1), 2020, id="January belongs to the year before"),
    ],
)
def test_financial_year_of(month, expected):
    assert months.financial_year(month) == expected


@pytest.mark.parametrize(("year", "expected"), [(2019, "2019-20"), (1999, "1999-00"), (2009, "2009-10")])
def test_financial_year_text_of(year, expected):
    assert months.financial_year_text(year) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("2019-20", 2019, id="as printed"),
        pytest.param("2019/20", 2019, id="with a slash"),
        pytest.param("2019–20", 2019, id="with a dash"),
        pytest.param("2019 - 2020", 2019, id="both years in full"),
        pytest.param(" 2019-20 ", 2019, id="spaces around"),
        pytest.param("1999-00", 1999, id="the turn of the century"),
        pytest.param("1999-2000", 1999, id="the turn of the century in full"),
    ],
)
def test_parse_financial_year_reads(text, expected):
    assert months.parse_financial_year(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2019", id="one year"),
        pytest.param("2019-21", id="two years"),
        pytest.param("2019-18", id="backwards"),
        pytest.param("2019-2021", id="two years in full"),
        pytest.param("19-20", id="short years"),
        pytest.param("2019-020", id="three digits"),
        pytest.param("2019-20-21", id="three years"),
        pytest.param("1989-90", id="before all figures"),
        pytest.param("", id="nothing"),
        pytest.param("tbc", id="a word"),
    ],
)
def test_parse_financial_year_refuses(text):
    with pytest.raises(ValueError, match="is not a financial year: write it as 2019-20"):
        months.parse_financial_year(text)


def test_end_of_financial_year_is_march():
    assert months.end_of_financial_year(2019) == date(2020, 3, 1)


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        pytest.param(date(2020, 3, 1), date(2020, 3, 1), 0, id="the same"),
        pytest.param(date(2020, 3, 1), date(2021, 1, 1), 10, id="across a new year"),
        pytest.param(date(2021, 1, 1), date(2020, 3, 1), -10, id="backwards"),
    ],
)
def test_months_between(earlier, later, expected):
    assert months.months_between(earlier, later) == expected


OCTOBER = date(2026, 10, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2026-10", "2026-10-01", "2026-10-31", "2026-10-01 00:00:00", "2026-10-31T23:59:59Z", "2026/10", "2026.10",
        "202610", "20261031", "2026M10", "2026m10", "10/2026", "10-2026", "10.2026", "Oct 2026", "oct 2026", "OCT 2026",
        "31-10-2026",
        "October 2026", "October, 2026", "Oct. 2026", "Oct-26", "Oct-2026", "Oct 26", "Oct '26", "Oct \u201926",
        "Oct26", "Oct2026", "2026 Oct", "2026-Oct", "01/10/2026", "1/10/2026", "31/10/2026", "01/10/26", "01.10.2026",
        "1 October 2026", "1st October 2026", "31st Oct 2026", "October 1, 2026", "01-Oct-26", "1-Oct-2026", "1 Oct 26",
        "Thursday 1 October 2026", "Thu, 1 Oct 2026", "  Oct   2026 ", "Oct\u00a02026", "Oct\u20132026",
    ],
)  # fmt: skip
def test_a_month_is_read_as_people_write_it(text):
    assert months.read_month(text) == OCTOBER


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sept 2026", date(2026, 9, 1)),
        ("Sep-26", date(2026, 9, 1)),
        ("29 February 2024", date(2024, 2, 1)),
        ("28/02/2025", date(2025, 2, 1)),
        ("May 2030", date(2030, 5, 1)),
        ("Jan-99", date(1999, 1, 1)),
        ("01/01/2026", date(2026, 1, 1)),
    ],
)
def test_other_months_are_read_alike(text, expected):
    assert months.read_month(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("21-Jan", "may be January 2021, or a day of January: write 2021-01"),
        ("21 Jan", "may be January 2021"),
        ("21/01/2026", "is 21 January 2026, in the middle of a month: write 2026-01"),
        ("10/01/2026", "is 10 January 2026, or the first day of October 2026 as Americans write it: write 2026-01 or"),
        ("02/10/2026", "is 2 October 2026, in the middle of a month"),
        ("28/02/2024", "is 28 February 2024, in the middle"),
        ("15 October 2026", "in the middle of a month"),
        ("20261015", "in the middle of a month"),
        ("January", "has no year: write it as January 2021"),
        ("1 Jan", "has no year"),
        ("Q3 2026-27", "is a quarter: write the month"),
        ("Quarter 3", "is a quarter"),
    ],
)
def test_a_month_of_several_readings_is_asked_about(text, message):
    with pytest.raises(ValueError, match=message):
        months.read_month(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "soon", "2026", "26", "10/26", "1/10", "0/2026", "13/2026", "2026-13", "2026-00-01", "31/09/2026",
        "10/25/2026", "2026-2027", "Oct 20266", "Oct Nov 2026", "Oct 2026!", "1989-12", "Jan 2201", "0000-01", "46296",
        "2026-10-01-01", "2026-10 to 2026-12", "\u0662\u0660\u0662\u0661-\u0660\u0661", "\x00", "9" * 5000,
        "Oct " * 5000,
        "99/99/9999", "00/00/0000", "2026-1-0", "1e3", "Oct 0000", "Oct 99999999999 2026", "31 Oct 0", "M10 2026 2",
    ],
)  # fmt: skip
def test_what_is_no_month_is_explained(text):
    with pytest.raises(ValueError, match=r"is not a month: write it as 2021-01 or January 2021|has no year"):
        months.read_month(text)
