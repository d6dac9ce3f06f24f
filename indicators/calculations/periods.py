"""When an indicator's figures are due, which period each of them is of, and what people call it.

A figure is kept by the month in which it is due. An indicator has the same due months every year, one for each of its
periods, and the figure due in a month is of the latest period that ended by then: a year from April whose figures
come out in November has that of 2019-20 in November 2020. School terms end in December, April and July; August, in
which no school is open, counts to the summer term and ends the academic year with it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from .formatting import counted
from .months import (
    FIRST_MONTH_OF_ACADEMIC_YEAR,
    FIRST_MONTH_OF_FINANCIAL_YEAR,
    NUMBER_OF_MONTH,
    add_months,
    financial_year,
    months_between,
    year_text,
)
from .vocabulary import Frequency

MONTHS_IN_YEAR = 12
_AUGUST, _JULY = 8, 7
MONTHS_IN = {
    Frequency.MONTHLY: 1,
    Frequency.QUARTERLY: 3,
    Frequency.TERMLY: 4,
    Frequency.HALF_YEARLY: 6,
    Frequency.YEARLY: 12,
}
NOUNS = {
    Frequency.MONTHLY: ("month", "months"),
    Frequency.QUARTERLY: ("quarter", "quarters"),
    Frequency.TERMLY: ("term", "terms"),
    Frequency.HALF_YEARLY: ("half-year", "half-years"),
    Frequency.YEARLY: ("year", "years"),
}
# By the month that each ends with, in the order of a school's year.
TERMS = {12: "autumn", 4: "spring", _AUGUST: "summer"}


class ReportingPeriod(NamedTuple):
    """What one figure is of: the months from `first` to `final`. Its figure is kept in the month `due`.

    `year` is the year it counts to, by the calendar year in which that began. `name` stands alone ("Quarter 3 of
    2020-21"), `phrase` in a sentence ("in quarter 3 of 2020-21"), and `short` in a cell ("Q3 2020-21"). `months_text`
    are its months, as "October to December 2020".
    """

    first: date
    final: date
    due: date
    year: int
    name: str
    short: str
    phrase: str

    @property
    def said(self) -> str:
        """Its name within a sentence: "quarter 3 of 2020-21", "the autumn term 2020"."""
        return self.phrase.removeprefix("in ")

    @property
    def months_text(self) -> str:
        return months_text(self.first, self.final)

    @property
    def months(self) -> tuple[date, ...]:
        return tuple(add_months(self.first, count) for count in range(months_between(self.first, self.final) + 1))


class Periods(NamedTuple):
    """The periods of an indicator. `year_starts` is the number of the month in which its year begins.

    `due_months` are the numbers of the months in which its figures are due; empty for the last month of each period.
    Every month that is passed in or returned is the first day of it.
    """

    frequency: Frequency = Frequency.MONTHLY
    year_starts: int = FIRST_MONTH_OF_FINANCIAL_YEAR
    due_months: tuple[int, ...] = ()

    @property
    def is_monthly(self) -> bool:
        return self.frequency is Frequency.MONTHLY

    @property
    def in_a_year(self) -> int:
        """How many figures a year has."""
        return MONTHS_IN_YEAR // MONTHS_IN[self.frequency]

    @property
    def noun(self) -> str:
        """What one period is called: "quarter"."""
        return NOUNS[self.frequency][0]

    @property
    def nouns(self) -> str:
        """What several are called: "quarters"."""
        return NOUNS[self.frequency][1]

    @property
    def due_numbers(self) -> tuple[int, ...]:
        """The numbers of the months in which figures are due, in the order of its periods."""
        return _due_numbers(self)

    @property
    def due_text(self) -> str:
        """When its figures are due, to follow what has them: "has a figure in December, April and July"."""
        names = [_month_name(number) for number in self.due_numbers]
        return "has a figure every month" if self.is_monthly else f"has a figure in {listed(names)}"

    def is_due_in(self, month: date) -> bool:
        """Whether a figure is expected for the month."""
        return self.is_monthly or month.month in _due_numbers(self)

    def due(self, month: date) -> date:
        """The latest month, up to and with this one, in which a figure was due."""
        return month if self.is_due_in(month) else self.previous(month)

    def previous(self, month: date, count: int = 1) -> date:
        """The month in which the figure before that of `month` was due, or the one `count` figures before.

        From a month in which none is due it is the latest due month before it.
        """
        if self.is_monthly:
            return add_months(month, -count)
        years, rest = divmod(count, self.in_a_year) if self.is_due_in(month) else (0, count)
        month = add_months(month, -years * MONTHS_IN_YEAR)
        for _ in range(rest):
            month = add_months(month, -1)
            while not self.is_due_in(month):
                month = add_months(month, -1)
        return month

    def following(self, month: date) -> date:
        """The first month after this one in which a figure is due."""
        month = add_months(month, 1)
        while not self.is_due_in(month):
            month = add_months(month, 1)
        return month

    def year_before(self, month: date) -> date:
        """The month in which the figure of the same period a year before was due."""
        return add_months(month, -MONTHS_IN_YEAR)

    def ending(self, month: date, count: int) -> tuple[date, ...]:
        """The due months of the latest `count` figures up to and with `month`, oldest first."""
        latest = self.due(month)
        return tuple(self.previous(latest, back) for back in range(count - 1, -1, -1))

    def of(self, month: date) -> ReportingPeriod:
        """The period whose figure is kept in the month; the month itself where none is due."""
        return _period(self, month)

    def around(self, month: date) -> ReportingPeriod:
        """The period that the month lies in; each month lies in exactly one."""
        last = next(number for offset in range(MONTHS_IN_YEAR) if (number := _number(month, offset)) in _lasts(self))
        final = add_months(month, (last - month.month) % MONTHS_IN_YEAR)
        due = next((one for one in _due_numbers(self) if _last_month(self, one) == last), None)
        ended = add_months(final, _end(self, last) - last)
        lag = 0 if due is None else (due - ended.month) % MONTHS_IN_YEAR
        return _period(self, add_months(ended, lag))

    def year(self, month: date) -> int:
        """The year that the figure kept in the month counts to, by the calendar year in which that year began.

        It is that of the period's first month, so that a term over the turn of the year counts to the earlier one.
        """
        return financial_year(month, self.year_starts) if self.is_monthly else _period(self, month).year

    def year_text(self, year: int) -> str:
        """The year that began in the calendar year `year`: "2019-20", "2020", "academic year 2019-20"."""
        return year_text(year, self.year_starts)

    def due_in_year(self, year: int) -> tuple[date, ...]:
        """The due months of all figures that count to the year, oldest first."""
        begins = date(year, self.year_starts, 1)
        # A figure of the year is due before the next year's figure of the same period is.
        months = (add_months(begins, count) for count in range(2 * MONTHS_IN_YEAR))
        return tuple(month for month in months if self.is_due_in(month) and self.year(month) == year)

    def place_in_year(self, month: date) -> int:
        """Which of its year's figures the one kept in `month` is, from 1; those due so far where none is due then."""
        return sum(due <= month for due in self.due_in_year(self.year(month)))


MONTHLY = Periods()


def due_months_problem(frequency: Frequency, year_starts: int, due_months: Collection[int]) -> str:
    """What is wrong with the months that were typed, in a sentence for the officer; empty where nothing is."""
    periods = Periods(frequency, year_starts)
    if not due_months:
        return ""
    if periods.is_monthly:
        return "A monthly figure is due every month: leave the months empty."
    if wrong := [number for number in due_months if not 1 <= number <= MONTHS_IN_YEAR]:
        return f"{wrong[0]} is not the number of a month: write 1 to 12, or names as December, April, July."
    if doubles := [number for number in due_months if list(due_months).count(number) > 1]:
        return f"{_month_name(doubles[0])} is there twice."
    if len(due_months) != periods.in_a_year:
        months = counted(periods.in_a_year, "month")
        return f"{frequency.label} needs {months}, one for each {periods.noun}; there are {len(due_months)}."
    by_period: dict[int, list[int]] = {}
    for number in due_months:
        by_period.setdefault(_last_month(periods, number), []).append(number)
    for last, numbers in by_period.items():
        if len(numbers) > 1:
            clash = periods.around(date(2001, last, 1))
            months = f"{clash.first:%B} to {clash.final:%B}"
            both = listed([*map(_month_name, numbers)])
            return (
                f"{both} would each have the figure of {months}: a figure is of the latest "
                f"{periods.noun} that ended by the month it is due in."
            )
    return ""


def read_due_months(text: str) -> tuple[int, ...]:
    """The numbers of months as an officer types them: "12, 4, 7" or "Dec, April and July". Empty for none.

    Raises ValueError with a message for people. Whether they fit the indicator, `due_months_problem` says.
    """
    found = []
    for word in re.split(r"[\s,;/&.+]+|\band\b", text.strip().lower()):
        if word:
            number = int(word) if word.isascii() and word.isdigit() and len(word) <= 2 else NUMBER_OF_MONTH.get(word)
            if number is None or not 1 <= number <= MONTHS_IN_YEAR:
                raise ValueError(
                    f"“{word[:20]}” is not a month: write the numbers of months, as 12, 4, 7, or their names."
                )
            found.append(number)
    return tuple(found)


def months_text(first: date, final: date) -> str:
    """A run of months in words: "October to December 2020", "October 2020 to March 2021", "May 2020"."""
    if first == final:
        return f"{final:%B %Y}"
    year = "" if first.year == final.year else f" {first.year}"
    return f"{first:%B}{year} to {final:%B %Y}"


def listed(names: Sequence[str]) -> str:
    """The names with commas and a last "and"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _month_name(number: int) -> str:
    return f"{date(2000, number, 1):%B}"


def _number(month: date, offset: int) -> int:
    return (month.month - 1 + offset) % MONTHS_IN_YEAR + 1


@lru_cache(maxsize=256)
def _lasts(periods: Periods) -> tuple[int, ...]:
    """The numbers of the months that periods end with, in the order of the indicator's year."""
    starts, length = periods.year_starts, MONTHS_IN[periods.frequency]
    if periods.frequency is Frequency.TERMLY:
        return tuple(TERMS)
    return tuple((starts + length * count - 2) % MONTHS_IN_YEAR + 1 for count in range(1, periods.in_a_year + 1))


def _end(periods: Periods, last: int) -> int:
    """The month by which a period has ended in fact: July where schools are closed in its last month, August."""
    follows_schools = periods.frequency is Frequency.TERMLY or (
        periods.frequency is Frequency.YEARLY and periods.year_starts == FIRST_MONTH_OF_ACADEMIC_YEAR
    )
    return _JULY if follows_schools and last == _AUGUST else last


def _last_month(periods: Periods, due: int) -> int:
    """The month with which the period ends whose figure is due in a month of this number."""
    return min(_lasts(periods), key=lambda last: (due - _end(periods, last)) % MONTHS_IN_YEAR)


@lru_cache(maxsize=256)
def _due_numbers(periods: Periods) -> tuple[int, ...]:
    if not periods.due_months:
        is_termly = periods.frequency is Frequency.TERMLY
        return tuple(_end(periods, last) if is_termly else last for last in _lasts(periods))
    lasts = _lasts(periods)
    return tuple(sorted(periods.due_months, key=lambda due: lasts.index(_last_month(periods, due))))


@lru_cache(maxsize=4096)
def _period(periods: Periods, month: date) -> ReportingPeriod:
    if periods.is_monthly or not periods.is_due_in(month):
        name, year = f"{month:%B %Y}", financial_year(month, periods.year_starts)
        return ReportingPeriod(month, month, month, year, name, f"{month:%b %Y}", f"in {name}")
    last = _last_month(periods, month.month)
    end = _end(periods, last)
    final = add_months(month, last - end - (month.month - end) % MONTHS_IN_YEAR)
    first = add_months(final, 1 - MONTHS_IN[periods.frequency])
    year = financial_year(first, periods.year_starts)
    return ReportingPeriod(first, final, month, year, *_names(periods, first, final, year))


def _names(periods: Periods, first: date, final: date, year: int) -> tuple[str, str, str]:
    """Name, short name, and the words with which it stands in a sentence."""
    of_year = year_text(year, periods.year_starts)
    match periods.frequency:
        case Frequency.QUARTERLY:
            number = (first.month - periods.year_starts) % MONTHS_IN_YEAR // 3 + 1
            name = f"quarter {number} of {_with_article(of_year)}"
            return _capital(name), f"Q{number} {year_text(year, periods.year_starts, short=True)}", f"in {name}"
        case Frequency.TERMLY:
            term = TERMS[final.month]
            name = f"{term} term {final.year}"
            return _capital(name), _capital(f"{term} {final.year}"), f"in the {name}"
        case Frequency.HALF_YEARLY:
            year_of_first = "" if first.year == final.year else f" {first.year}"
            name = months_text(first, final)
            return name, f"{first:%b}{year_of_first} to {final:%b %Y}", f"in the half-year from {name}"
        case _:
            short = year_text(year, periods.year_starts, short=True)
            return _capital(of_year), short, f"in {_with_article(of_year)}"


def _with_article(of_year: str) -> str:
    return of_year if of_year[:1].isdigit() else f"the {of_year}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
