"""The periods that headings and cells name: Sept-24, Qtr 1 below 2025/26, 2022/23, 08/2025, Q2 2025/26."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import NamedTuple

from indicators.calculations.months import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    NUMBER_OF_MONTH,
    add_months,
    month_text,
    read_month,
)

_MONTHS = "|".join(sorted(NUMBER_OF_MONTH, key=len, reverse=True))
_YEAR = r"(?:20)?(?P<year>\d{2})\s*[-/\u2013]\s*(?:20)?(?P<next>\d{2})"
_QUARTER = re.compile(r"(?:q|qtr|quarter)\s*\.?\s*(?P<quarter>[1-4])\b", re.IGNORECASE)
_FINANCIAL_YEAR = re.compile(rf"(?<![\d/-]){_YEAR}(?![\d/-])")
_CALENDAR_YEAR = re.compile(r"(?<![\d/-])(20\d{2})(?![\d/-])")
_NAMED_MONTH = re.compile(
    rf"(?<![a-z])(?P<month>{_MONTHS})\.?"
    # A year of its own, but not the beginning of 2025/26.
    r"(?:\s*[-/' \u2019]?\s*'?(?P<year>20\d{2}|\d{2})(?!\s*[/\u2013-]\s*\d{2}(?!\d)))?(?![a-z])",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:period|month|m|p)\s*0?(?P<number>1[0-2]|[1-9])\Z", re.IGNORECASE)
# Words that may stand beside a period in a heading without making it something else.
_BESIDE = re.compile(
    r"\b(?:actual|actuals|figure|figures|value|result|results|performance|data|month|monthly|quarter|outturn|year|end|"
    r"ending|ended|end of|as at|position|financial|fy|to|of|the|in|for|full)\b|[():.,*\u2013-]",
    re.IGNORECASE,
)


class SheetPeriod(NamedTuple):
    """A month, quarter or financial year by its last month, and how many months it has: 1, 3 or 12."""

    month: date
    length: int

    @property
    def key(self) -> str:
        return month_text(self.month)

    @property
    def year(self) -> str:
        """The financial year that it lies in: 2025/26."""
        start = self.month.year - (self.month.month < 4)
        return f"{start}/{(start + 1) % 100:02d}"

    @property
    def words(self) -> str:
        """As people write it: June 2025, Q1 2025/26, 2024/25."""
        if self.length == 1:
            return f"{self.month:%B %Y}"
        if self.length == 3:
            return f"Q{(self.month.month - 4) % 12 // 3 + 1} {self.year}"
        return self.year

    def before(self, steps: int = 1) -> SheetPeriod:
        return SheetPeriod(add_months(self.month, -steps * self.length), self.length)


def year_of(text: str) -> int | None:
    """The calendar year in which the financial year starts that a text names; None where it names none."""
    for found in _FINANCIAL_YEAR.finditer(text):
        if (int(found["year"]) + 1) % 100 == int(found["next"]):
            return 2000 + int(found["year"])
    return None


def read_period(text: str, year: int | None = None) -> SheetPeriod | None:
    """The period that the text is; `year` is the financial year it stands in, where the text itself has none.

    None for what is no period, or one with other words beside it.
    """
    written = " ".join(text.split())
    if not written or len(written) > 60:
        return None
    found, rest = _find(written, year)
    return found if found and not _BESIDE.sub("", rest).strip() else None


def period_in(text: str, year: int | None = None) -> SheetPeriod | None:
    """The first period that a longer text names; None where it names none."""
    return _find(" ".join(text.split()), year)[0]


def without_period(text: str) -> str:
    """The text without the period that it names: what stays the same in next month's file."""
    return " ".join(_find(" ".join(text.split()), None)[1].split()).strip(" -–()")


def read_cell(value: object, shown: str, year: int | None = None) -> SheetPeriod | None:
    """The period of a cell: a date counts as its month, whichever day it is."""
    if isinstance(value, datetime):
        return SheetPeriod(date(value.year, value.month, 1), 1) if EARLIEST_YEAR <= value.year <= LATEST_YEAR else None
    if not isinstance(value, str):
        return None
    return read_period(shown, year)


def _find(text: str, year: int | None) -> tuple[SheetPeriod | None, str]:
    """The first period of the text, and the text without it."""
    if quarter := _QUARTER.search(text):
        rest = text[: quarter.start()] + text[quarter.end() :]
        if (start := year_of(rest)) is not None:
            rest = _FINANCIAL_YEAR.sub("", rest)
        else:
            start = year
        if start is None:
            return None, text
        return SheetPeriod(add_months(date(start, 6, 1), 3 * (int(quarter["quarter"]) - 1)), 3), rest
    own = year_of(text)
    known = year if own is None else own
    if month := next((one for one in _NAMED_MONTH.finditer(text) if one["year"] or known is not None), None):
        number, rest = NUMBER_OF_MONTH[month["month"].lower()], text[: month.start()] + text[month.end() :]
        if month["year"]:
            of = int(month["year"]) + (2000 if len(month["year"]) == 2 else 0)
        else:
            of, rest = (known or 0) + (number < 4), _FINANCIAL_YEAR.sub("", rest)
        return (SheetPeriod(date(of, number, 1), 1), rest) if EARLIEST_YEAR <= of <= LATEST_YEAR else (None, text)
    if (start := year_of(text)) is not None:
        return SheetPeriod(date(start + 1, 3, 1), 12), _FINANCIAL_YEAR.sub("", text, count=1)
    if year is not None and (numbered := _NUMBERED.match(text)):
        return SheetPeriod(add_months(date(year, 4, 1), int(numbered["number"]) - 1), 1), ""
    try:
        return (SheetPeriod(read_month(text), 1), "") if re.search(r"\d{4}", text) else (None, text)
    except ValueError:
        return None, text
