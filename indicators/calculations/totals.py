"""Figures that add up over the indicator's year: each period's own, and the total so far.

Whether the total so far is entered or each period's figure, both are known of every period, and exactly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from .exact import Exact
from .figures import NO_RECORD, Figure, least_firm, quotient
from .formatting import format_number
from .months import months_between
from .periods import Periods, listed
from .vocabulary import Blank

_NOT_DUE = Figure(None, Blank.NOT_DUE)
# As `_together` ends a note.
_TOGETHER = re.compile(r"(?:^| )(-?[\d,]+(?:\.\d+)?)(?: of (-?[\d,]+(?:\.\d+)?))? for \S.* together\.$")
_NOTHING = Figure(0, numerator=0, denominator=0)


def counts_nothing(figure: Figure) -> bool:
    """Whether there was nothing to measure, so that a total is none the less known."""
    return figure.blank is Blank.NOT_APPLICABLE


def per_period(entered: Sequence[Figure], months: Sequence[date], periods: Periods, factor: int) -> list[Figure]:
    """What each period had by itself, where the year's total so far was entered.

    It is the total less the one before, of numerator and denominator each; the first of a year is its total. After a
    blank only what several periods had together is known: then the period has no figure of its own, and its note
    says what they had. What was entered between the due months has no period of its own.
    """
    found: list[Figure] = []
    year, since = None, list[date]()
    before: Figure | None = None
    for figure, month in zip(entered, months, strict=True):
        if not periods.is_due_in(month):
            found.append(_NOT_DUE)
            continue
        if periods.year(month) != year:
            year, since = periods.year(month), []
            is_first = month == periods.due_in_year(year)[0]
            before = _NOTHING if is_first else None
        if figure.value is None and not counts_nothing(figure):
            since.append(month)
            found.append(figure)
            continue
        if before is None:
            found.append(NO_RECORD._replace(stage=figure.stage, note=figure.note))
        else:
            own = _less(figure, before, factor)
            found.append(_together(own, [*since, month], periods) if since else own)
        before, since = figure, []
    return found


def _less(figure: Figure, before: Figure, factor: int) -> Figure:
    """What the later total has more than the earlier one."""
    if figure.numerator is not None and figure.denominator is not None:
        top = figure.numerator - (before.numerator or 0)
        return quotient(top, figure.denominator - (before.denominator or 0), factor, figure.stage, figure.note)
    if figure.value is None:
        return figure
    return figure._replace(value=figure.value - (before.value or 0))


def had_together(figure: Figure) -> Figure | None:
    """What several periods had together, where the note of a figure says so, as a figure of the unit's cases.

    Its value is the number that was added up: what that is over its denominator, where it has one, isn't worked out.
    """
    found = None if figure.value is not None else _TOGETHER.search(figure.note)
    if found is None:
        return None
    number, of = (None if text is None else Fraction(text.replace(",", "")) for text in found.groups())
    return Figure(number) if of is None else Figure(number, numerator=number, denominator=of)


def _together(own: Figure, since: Sequence[date], periods: Periods) -> Figure:
    names = listed([periods.of(month).said for month in since])
    number = own.numerator if own.numerator is not None else own.value or 0
    had = format_number(number, 6).rstrip("0").rstrip(".") if number.denominator != 1 else format_number(number)
    if own.denominator is not None:
        had += f" of {format_number(own.denominator)}"
    said = f"{had} for {names} together."
    return NO_RECORD._replace(stage=own.stage, note=f"{own.note} {said}".strip())


class RunningTotals(NamedTuple):
    """The total of an indicator's year up to its current period, last year's up to the same period, and all of last
    year's. Each is a blank figure where one of its periods has none. `before` is this year's up to the period before:
    0 in the first period of a year.
    """

    to_date: Figure
    last_year: Figure
    whole_last_year: Figure
    before: Figure = NO_RECORD


class Adding(NamedTuple):
    """How an indicator's figures add up. `entered` are the totals so far as they were entered, where they were.

    The numerators of a rate on a population add up and the people don't (`on_population`).
    """

    months: Sequence[date]
    own: Sequence[Figure]
    periods: Periods
    factor: int
    entered: Sequence[Figure] | None = None
    on_population: bool = False

    def total(self, month: date) -> Figure:
        """The total of its year up to and with the period whose figure is due in the month.

        Not known as long as a period has no figure, unless there was nothing to measure; a total that was entered is
        known whatever is missing before it. What a period had over nothing, as £40 for 0 cases, still adds up.
        """
        if self.entered is not None:
            return self._at(self.entered, month)
        year = self.periods.year(month)
        due = [one for one in self.periods.due_in_year(year) if one <= month]
        figures = [self._at(self.own, one) for one in due]
        stage = least_firm({figure.stage for figure in figures})
        missing = next((one for one in figures if one.value is None and not counts_nothing(one)), None)
        if missing is not None or not figures:
            return Figure(None, missing.blank if missing else Blank.NOT_AVAILABLE, stage)
        counted = [figure for figure in figures if figure.value is not None or figure.denominator is not None]
        if not counted:
            return Figure(None, Blank.NOT_APPLICABLE, stage)
        if counted[-1].denominator is None:
            return Figure(sum((figure.value or 0 for figure in counted), start=0), None, stage)
        top = sum((figure.numerator or 0 for figure in counted), start=0)
        bottoms = [figure.denominator or 0 for figure in counted]
        return quotient(top, bottoms[-1] if self.on_population else sum(bottoms, start=0), self.factor, stage)

    def totals(self, month: date) -> RunningTotals:
        """This year's and last year's, as the report of the month shows them."""
        last_due = self.periods.due_in_year(self.periods.year(month) - 1)[-1]
        previous = self.periods.previous(month)
        is_first = self.periods.year(previous) != self.periods.year(month)
        return RunningTotals(
            to_date=self.total(month),
            last_year=self.total(self.periods.year_before(month)),
            whole_last_year=self.total(last_due),
            before=_NOTHING if is_first else self.total(previous),
        )

    @property
    def grows(self) -> bool:
        """Whether its total grows over the year; a share of all so far, as 90 of 100, does not."""
        return self.on_population or all(figure.denominator is None for figure in (*self.own, *(self.entered or ())))

    def share_of_last_year(self, month: date) -> Exact | None:
        """Which part of last year's total there was by the same period; None where it isn't known, or was nothing."""
        _, before, whole, _ = self.totals(month)
        if before.value is None or not whole.value:
            return None
        return Fraction(before.value) / whole.value

    def _at(self, figures: Sequence[Figure], month: date) -> Figure:
        place = months_between(self.months[0], month)
        return figures[place] if 0 <= place < len(figures) else NO_RECORD
