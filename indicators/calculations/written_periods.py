"""Periods as people write them: "Q3 2020-21", "Autumn 2020", "Apr to Sep 2020", "2019-20", "Academic year 2019/20"."""

from __future__ import annotations

import re
from datetime import date

from .months import EARLIEST_YEAR, LATEST_YEAR, NUMBER_OF_MONTH, add_months, read_month
from .periods import MONTHS_IN_YEAR, TERMS, Periods, ReportingPeriod
from .vocabulary import Frequency

_YEAR = r"(?P<year>\d{4})(?:\s*[-/\u2013]\s*(?P<next>\d{2}|\d{4}))?"
_OF = r"\s*(?:of|,|-)?\s*(?:the\s+)?(?:(?:academic|financial|calendar|school)\s+year\s+)?"
_TO = r"\s*(?:to|-|\u2013|/)\s*"
_QUARTER = r"(?:q|qtr|quarter)\s*(?P<quarter>[1-4])"
_HALF = r"(?:h|half|half-year)\s*(?P<half>[12])"
_TERM = r"(?P<term>autumn|spring|summer)(?:\s+term)?"
_MONTHS = "|".join(sorted(NUMBER_OF_MONTH, key=len, reverse=True))
_SHAPES = [
    re.compile(rf"(?:{part}){_OF}{_YEAR}\Z|{_YEAR.replace('year', 'year2').replace('next', 'next2')}\s*(?:{again})\Z")
    for part, again in ((one, re.sub(r"\?P<(\w+)>", r"?P<\g<1>2>", one)) for one in (_QUARTER, _HALF, _TERM))
]
_RANGE = re.compile(rf"(?P<from>{_MONTHS})(?:\s+(?P<fromyear>\d{{4}}))?{_TO}(?P<to>{_MONTHS})\s+(?P<toyear>\d{{4}})\Z")
_WHOLE_YEAR = re.compile(rf"(?:(?:academic|financial|calendar|school)\s+year\s+|year\s+)?{_YEAR}\Z")
_LONGEST = 60


def read_period(text: str, periods: Periods) -> date:
    """The month in which the figure of a written period, or month, is due.

    A month is always understood, as `read_month` does. Raises ValueError with a message for people, also for a period
    that the indicator has no figure of, and where a text such as 2011-12 may be a month or a year.
    """
    period = None if periods.is_monthly else _period(" ".join(text.split()).lower()[:_LONGEST], periods)
    try:
        month = read_month(text)
    except ValueError:
        if period is None:
            if periods.is_monthly or not re.search(r"\d{4}", text):
                raise
            example = periods.of(periods.due(date(2021, 1, 1)))
            raise ValueError(
                f"“{text.strip()[:_LONGEST]}” is no period of an indicator that {periods.due_text}: write it as "
                f"{example.short}, or as {example.due:%Y-%m}."
            ) from None
        return period.due
    if period is None or periods.is_due_in(month):
        return month
    raise ValueError(
        f"“{text.strip()}” may be {month:%B %Y}, or the figure of {period.said}: write {month:%B %Y} for the one, and "
        f"{period.due:%B %Y} for the other."
    )


def _period(text: str, periods: Periods) -> ReportingPeriod | None:
    """The period of the indicator that the text names; None where it names none."""
    if found := _RANGE.match(text):
        return _of_months(found, periods)
    kinds = {
        Frequency.QUARTERLY: (_SHAPES[0], "quarter"),
        Frequency.HALF_YEARLY: (_SHAPES[1], "half"),
        Frequency.TERMLY: (_SHAPES[2], "term"),
        Frequency.YEARLY: (_WHOLE_YEAR, ""),
    }
    shape, name = kinds[periods.frequency]
    found = shape.match(text)
    if found is None:
        return None
    said = found.groupdict()
    year, behind = said.get("year") or said.get("year2"), said.get("next") or said.get("next2")
    if year is None or not EARLIEST_YEAR <= int(year) <= LATEST_YEAR:
        return None
    follows = behind is None or int(behind) % 100 == (int(year) + 1) % 100
    which = (said.get(name) or said.get(f"{name}2")) if name else None
    if not follows:
        return None
    if periods.frequency is Frequency.TERMLY:
        return _term(which or "", int(year), periods, is_school_year=behind is not None)
    # A year over two calendar years is written with both, one of January to December with one.
    if (behind is None) != (periods.year_starts == 1):
        return None
    dues = periods.due_in_year(int(year))
    return periods.of(dues[int(which) - 1 if which else 0])


def _term(name: str, year: int, periods: Periods, *, is_school_year: bool) -> ReportingPeriod:
    last = next(number for number, term in TERMS.items() if term == name)
    final = date(year + (is_school_year and last != MONTHS_IN_YEAR), last, 1)
    return periods.around(final)


def _of_months(found: re.Match[str], periods: Periods) -> ReportingPeriod | None:
    """A period by its first and final month; None where no period has just these."""
    final = date(int(found["toyear"]), NUMBER_OF_MONTH[found["to"]], 1)
    if not EARLIEST_YEAR <= final.year <= LATEST_YEAR:
        return None
    first = add_months(final, -((final.month - NUMBER_OF_MONTH[found["from"]]) % MONTHS_IN_YEAR))
    if found["fromyear"] and int(found["fromyear"]) != first.year:
        return None
    period = periods.around(final)
    return period if (period.first, period.final) == (first, final) else None
