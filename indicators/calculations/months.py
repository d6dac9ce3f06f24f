"""Months, quarters and financial years. A month is always the date of its first day."""

from __future__ import annotations

import re
from datetime import date

_MONTH_TEXT = re.compile(r"(\d{4})-(\d{2})\Z", re.ASCII)
_FINANCIAL_YEAR_TEXT = re.compile(r"(\d{4})\s*[-/–]\s*(\d{2}|\d{4})\Z", re.ASCII)
FIRST_MONTH_OF_FINANCIAL_YEAR = 4
EARLIEST_YEAR, LATEST_YEAR = 1990, 2200


def add_months(month: date, count: int) -> date:
    """The month `count` months after `month`; before it when negative."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def months_ending(month: date, count: int) -> tuple[date, ...]:
    """The `count` months up to and with `month`, oldest first."""
    return tuple(add_months(month, offset) for offset in range(1 - count, 1))


def parse_month(text: str) -> date:
    """The month written as YYYY-MM. Raises ValueError with a message for people."""
    match = _MONTH_TEXT.match(text)
    if match:
        year, month = int(match[1]), int(match[2])
        if EARLIEST_YEAR <= year <= LATEST_YEAR and 1 <= month <= 12:
            return date(year, month, 1)
    raise ValueError(f"“{text}” is not a month: write it as YYYY-MM, for example 2021-01.")


def month_text(month: date) -> str:
    """The month as YYYY-MM."""
    return f"{month:%Y-%m}"


def financial_year(month: date) -> int:
    """The year in which the month's financial year (April to March) began."""
    return month.year if month.month >= FIRST_MONTH_OF_FINANCIAL_YEAR else month.year - 1


def financial_year_text(year: int) -> str:
    """The financial year that began in `year`, as 2019-20."""
    return f"{year}-{(year + 1) % 100:02d}"


def parse_financial_year(text: str) -> int:
    """The first year of a financial year written as 2019-20. Raises ValueError for people."""
    match = _FINANCIAL_YEAR_TEXT.match(text.strip())
    if match:
        first, second = int(match[1]), match[2]
        follows = str(first + 1) if len(second) == 4 else f"{(first + 1) % 100:02d}"
        if EARLIEST_YEAR <= first <= LATEST_YEAR and second == follows:
            return first
    raise ValueError(f"“{text}” is not a financial year: write it as 2019-20.")


def end_of_financial_year(year: int) -> date:
    """The last month (March) of the financial year that began in `year`."""
    return date(year + 1, 3, 1)


def months_between(earlier: date, later: date) -> int:
    """How many months lie from `earlier` to `later`."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month
