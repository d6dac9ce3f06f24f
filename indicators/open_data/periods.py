"""What a published figure is for: a financial, calendar or academic year, a quarter, a month, a term, several years."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from indicators.calculations.months import EARLIEST_YEAR, LATEST_YEAR, add_months, financial_year, read_month
from indicators.calculations.vocabulary import LabelledEnum


class YearType(LabelledEnum):
    """What a year without a month is taken to be; the value is as data dictionaries have it, in small letters."""

    FINANCIAL = "financial year", "April to March"
    ACADEMIC = "academic year", "September to August"
    CALENDAR = "calendar year", "January to December"
    # Counted on a day: 31 March, for what has to do with children's services.
    ANNUAL = "annual", "at 31 March"

    @property
    def starts(self) -> int:
        """The month in which such a year begins."""
        return {YearType.ACADEMIC: 9, YearType.CALENDAR: 1}.get(self, 4)


TERMS = {"autumn": (9, 4), "spring": (1, 3), "summer": (4, 4)}
_ONE = re.compile(r"\d{4}\Z", re.ASCII)
_SPAN = re.compile(r"(\d{4}) ?[-/–] ?(\d{4}|\d{2})\Z", re.ASCII)
_QUARTER = re.compile(r"(\d{4})(?: ?[-/–] ?(\d{4}|\d{2}))?[ ,]*\(?q(?:uarter)? ?([1-4])\)?\Z", re.ASCII)
_QUARTER_FIRST = re.compile(r"\(?q(?:uarter)? ?([1-4])\)?[ ,]*(\d{4}(?: ?[-/–] ?(?:\d{4}|\d{2}))?)\Z", re.ASCII)
_TERM = re.compile(rf"({'|'.join(TERMS)})(?: term)?[ ,]*(\d{{4}}(?: ?[-/–] ?(?:\d{{4}}|\d{{2}}))?)\Z", re.ASCII)
_TERM_LAST = re.compile(rf"(\d{{4}}(?: ?[-/–] ?(?:\d{{4}}|\d{{2}}))?)[ ,]*({'|'.join(TERMS)})(?: term)?\Z", re.ASCII)


class Period(NamedTuple):
    """From the first to the last month. `part` names a part of a year, “Q1”, “March” or “Autumn”; empty for a year."""

    first: date
    last: date
    part: str = ""
    is_day: bool = False

    @property
    def filed_under(self) -> int:
        """The financial year in which the period begins; of several years, in which the last of them begins.

        So what is published as 2020 lies together, whether it is the year to March, a calendar or an academic year.
        """
        return financial_year(max(self.first, add_months(self.last, -11)))

    def begins_in(self, year_starts: int) -> int:
        """The year in which the period begins, where years begin in that month: 9 for academic ones."""
        first = max(self.first, add_months(self.last, -11))
        return first.year if first.month >= year_starts else first.year - 1

    @property
    def is_financial_year(self) -> bool:
        return self.first.month == 4 and self.last == add_months(self.first, 11)

    @property
    def words(self) -> str:
        """The period in words; a day is that at its end."""
        if self.is_day:
            return f"at 31 {self.last:%B %Y}"
        if self.first == self.last:
            return f"{self.first:%B %Y}"
        return f"{self.first:%B %Y} to {self.last:%B %Y}"


def parse_period(text: str, year_type: YearType) -> Period:
    """What LAIT writes: 2020, 2019-20, 2019/20, 2017-19, 2020 Q1, 2020-21 Q1, March 2020, Autumn 2019.

    A year alone is the one that ends in it, of the type that is given. Two years that follow one another are a
    financial year, or an academic one; a calendar year can't be written so. More are several years, each of the
    type. A quarter of “2020” is a calendar quarter, one of “2020-21” of the financial or academic year. Raises
    ValueError, for people.
    """
    plain = " ".join(text.split()).lower()
    if _ONE.match(plain):
        return _year_ending(text, int(plain), 1, year_type)
    span = _SPAN.match(plain)
    if span:
        first, last = int(span[1]), _second(span[1], span[2])
        if last == first + 1:
            kind = YearType.ACADEMIC if year_type is YearType.ACADEMIC else YearType.FINANCIAL
            return _year_ending(text, last, 1, kind)
        if first < last <= first + 9:
            # Calendar years bear their own names; others are named by the years in which they begin and end.
            return _year_ending(text, last, last - first + (year_type is YearType.CALENDAR), year_type)
    quarter = _QUARTER.match(plain) or _QUARTER.match(_QUARTER_FIRST.sub(r"\2 q\1", plain))
    if quarter and (quarter[2] is None or _second(quarter[1], quarter[2]) == int(quarter[1]) + 1):
        starts = 1 if quarter[2] is None else max(year_type.starts, 4)
        first_month = add_months(_month(text, int(quarter[1]), starts), 3 * (int(quarter[3]) - 1))
        return Period(first_month, add_months(first_month, 2), f"Q{quarter[3]}")
    term = _TERM.match(_TERM_LAST.sub(r"\2 \1", plain))
    if term:
        return _term(text, term[1], term[2])
    try:
        month = read_month(plain)
    except ValueError:
        raise ValueError(
            f"“{text[:40]}” is not a year that can be read: they are written 2020, 2019-20, 2019/20, 2017-19, 2020 Q1, "
            "March 2020 or Autumn 2019."
        ) from None
    return Period(month, month, f"{month:%B}")


def _year_ending(text: str, year: int, years: int, year_type: YearType) -> Period:
    last = add_months(_month(text, year, year_type.starts), -1 if year_type.starts > 1 else 11)
    first = add_months(last, 1 - 12 * years)
    return Period(first, last, is_day=year_type is YearType.ANNUAL and years == 1)


def _term(text: str, name: str, year: str) -> Period:
    starts, months = TERMS[name]
    of_year = int(year[:4])
    if len(year) > 4 and name != "autumn":
        of_year += 1
    first = _month(text, of_year, starts)
    return Period(first, add_months(first, months - 1), name.capitalize())


def _second(first: str, second: str) -> int:
    if len(second) == 4:
        return int(second)
    same = int(first[:2] + second)
    return same if same > int(first) else same + 100


def _month(text: str, year: int, month: int) -> date:
    if not EARLIEST_YEAR < year < LATEST_YEAR:
        raise ValueError(f"“{text[:40]}” is not a year between {EARLIEST_YEAR} and {LATEST_YEAR}.")
    return date(year, month, 1)
