"""Periods as people write them in spreadsheets; the month expected is that in which the figure is due."""

from datetime import date

import pytest
from hypothesis import given

from indicators.calculations.periods import Periods
from indicators.calculations.vocabulary import Frequency
from indicators.calculations.written_periods import read_period
from tests.indicators.calculations.test_periods import any_periods, months

QUARTERS, HALVES = Periods(Frequency.QUARTERLY), Periods(Frequency.HALF_YEARLY)
TERMS, YEARS = Periods(Frequency.TERMLY, 9), Periods(Frequency.YEARLY)
ACADEMIC, CALENDAR = Periods(Frequency.YEARLY, 9), Periods(Frequency.YEARLY, 1)
LATE = Periods(Frequency.YEARLY, 4, (11,))


@pytest.mark.parametrize(
    ("periods", "text", "expected"),
    [
        *(
            (QUARTERS, text, "2020-12")
            for text in ("Q3 2020-21", "q3 2020/21", "2020-21 Q3", "Quarter 3 of 2020-21", "Qtr 3, 2020/2021")
        ),
        *((QUARTERS, text, "2020-12") for text in ("Oct to Dec 2020", "October-December 2020", "2020-12", "Dec 2020")),
        (Periods(Frequency.QUARTERLY, 1), "Q3 2020", "2020-09"),
        (Periods(Frequency.QUARTERLY, 4, (8, 11, 2, 5)), "Q4 2019-20", "2020-05"),
        *((TERMS, text, "2020-12") for text in ("Autumn 2020", "autumn term 2020", "Autumn term 2020-21")),
        *((TERMS, text, "2021-04") for text in ("Spring 2021", "Spring 2020-21", "spring term 2020/21")),
        *((HALVES, text, "2021-03") for text in ("H2 2020-21", "Oct 2020 to Mar 2021", "October to March 2021")),
        *((YEARS, text, "2020-03") for text in ("2019-20", "2019/20", "2019/2020", "Financial year 2019-20")),
        (LATE, "2019-20", "2020-11"),
        *((ACADEMIC, text, "2020-08") for text in ("2019-20", "Academic year 2019-20")),
        (CALENDAR, "2019", "2019-12"),
        # As the site itself writes it, though it could be a year elsewhere.
        (CALENDAR, "2011-12", "2011-12"),
        (YEARS, "2012-03", "2012-03"),
        # A month in which none is due is understood, and asked about.
        (QUARTERS, "Nov 2020", "2020-11"),
        (Periods(), "Nov 2020", "2020-11"),
    ],
)
def test_period_is_understood(periods, text, expected):
    assert f"{read_period(text, periods):%Y-%m}" == expected


@pytest.mark.parametrize(
    ("periods", "text", "said"),
    [
        (QUARTERS, "Q5 2020-21", "has a figure in June, September, December and March: write it as Q3 2020-21, or as"),
        # Of which year?
        (QUARTERS, "Q3 2020", "is no period of an indicator"),
        (QUARTERS, "Q3 2020-22", "is no period of an indicator"),
        (QUARTERS, "Oct to Nov 2020", "is no period of an indicator"),
        (QUARTERS, "2019-20", "is no period of an indicator"),
        (TERMS, "Winter 2020", "write it as Autumn 2020, or as 2020-12"),
        (YEARS, "2019", "write it as 2019-20, or as 2020-03"),
        (CALENDAR, "2019-20", "write it as 2020, or as 2020-12"),
        (
            YEARS,
            "2011-12",
            "may be December 2011, or the figure of 2011-12: write December 2011 for the one, and March",
        ),
        (ACADEMIC, "2003-04", "may be April 2003, or the figure of the academic year 2003-04"),
        (Periods(), "Q3 2020-21", "is a quarter: write the month that its figure stands in"),
        (YEARS, "next year", "is not a month"),
        (YEARS, "9999-00", "is no period of an indicator"),
        (QUARTERS, "Q3 1066", "is no period of an indicator"),
    ],
)
def test_what_is_no_period_of_the_indicator_is_explained(periods, text, said):
    with pytest.raises(ValueError, match=said):
        read_period(text, periods)


@given(any_periods(), months)
def test_what_the_report_calls_a_period_is_understood(periods, at):
    """Quarters, halves and years of an odd beginning have names that nobody writes; the site reads their months."""
    found = periods.of(periods.due(at))
    if date(1991, 1, 1) < found.first and periods.year_starts in {1, 4}:
        is_a_month = periods.frequency is Frequency.YEARLY and 1 <= found.final.year % 100 <= 12
        if not is_a_month:
            assert read_period(found.name, periods) == found.due
            assert read_period(found.short, periods) == found.due
    assert read_period(f"{found.due:%Y-%m}", periods) == found.due
