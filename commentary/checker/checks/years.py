"""What a text can mean by "the year"."""

from __future__ import annotations

from datetime import date

from indicators.calculations.exact import Exact
from indicators.calculations.months import FIRST_MONTH_OF_FINANCIAL_YEAR, financial_year, months_ending
from indicators.calculations.row import MONTHS_IN_YEAR, Row

# A year that has only just begun says nothing about what is highest in it.
FEWEST_MONTHS = 3


def twelve_months(row: Row) -> list[date]:
    """The last 12 months."""
    return list(months_ending(row.current_month, MONTHS_IN_YEAR))


def years(row: Row) -> list[list[date]]:
    """The last 12 months; these and the month a year before; the calendar and the financial year so far."""
    begun = [
        date(row.current_month.year, 1, 1),
        date(financial_year(row.current_month), FIRST_MONTH_OF_FINANCIAL_YEAR, 1),
    ]
    to_date = [months_from(first, row) for first in begun]
    with_year_before = list(months_ending(row.current_month, MONTHS_IN_YEAR + 1))
    return [twelve_months(row), with_year_before, *(window for window in to_date if len(window) >= FEWEST_MONTHS)]


def months_from(first: date, row: Row) -> list[date]:
    """The known months from the first up to the current one."""
    return [month for month in row.months if first <= month <= row.current_month]


def values_in(months: list[date], row: Row) -> list[Exact]:
    """The figures of the months, blanks left out."""
    return [value for month in months if (value := row.value(month)) is not None]
