"""What a text can mean by "the year"."""

from __future__ import annotations

from datetime import date

from commentary.facts.line import MONTHS_IN_YEAR, LineFacts
from indicators.calculations.exact import Exact
from indicators.calculations.months import FIRST_MONTH_OF_FINANCIAL_YEAR, financial_year, months_ending

# A year that has only just begun says nothing about what is highest in it.
FEWEST_MONTHS = 3


def twelve_months(line: LineFacts) -> list[date]:
    """The last 12 months."""
    return list(months_ending(line.month, MONTHS_IN_YEAR))


def years(line: LineFacts) -> list[list[date]]:
    """The last 12 months; these and the month a year before; the calendar and the financial year so far."""
    begun = [date(line.month.year, 1, 1), date(financial_year(line.month), FIRST_MONTH_OF_FINANCIAL_YEAR, 1)]
    to_date = [months_from(first, line) for first in begun]
    with_year_before = list(months_ending(line.month, MONTHS_IN_YEAR + 1))
    return [twelve_months(line), with_year_before, *(window for window in to_date if len(window) >= FEWEST_MONTHS)]


def months_from(first: date, line: LineFacts) -> list[date]:
    """The known months from the first up to the current one."""
    return [month for month in line.months if first <= month <= line.month]


def values_in(months: list[date], line: LineFacts) -> list[Exact]:
    """The figures of the months, blanks left out."""
    return [value for month in months if (value := line.value(month)) is not None]
