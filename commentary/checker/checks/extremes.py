"""Extremes: "the highest this year" where another month was higher."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from indicators.calculations.months import add_months
from indicators.calculations.row import Row

from ..findings import Finding, FindingKind
from ..reading.agreement import is_figure
from ..reading.clauses import Clause
from ..reading.motion import Signed
from ..reading.periods import Period
from ..reading.sizes import levels
from ..reading.tokens import Mention, phrases, word_at
from ..words.periods import EVER, THIS_YEAR
from .saying import finding, said_month
from .years import months_from, years

FEWEST_FIGURES = 3


def check_extremes(clauses: list[Clause], row: Row) -> Iterator[Finding]:
    """Figures said to be the highest or lowest of a time in which another one was higher or lower."""
    for clause in clauses:
        extremes = clause.own(clause.sentence.extremes)
        if clause.claims_on_row and len(extremes) == 1:
            yield from _check(clause, extremes[0], row)


def _check(clause: Clause, extreme: Signed, row: Row) -> Iterator[Finding]:
    """One extreme; contradicted only when it is wrong of every month and in every time that can be meant."""
    said, windows = _windows(clause, extreme, row)
    months = _months_meant(clause, row)
    beaten = [_beaten(extreme.sign, month, window, row) for window in windows for month in months]
    if beaten and beaten[0] and all(beaten):
        fact = f"{said_month(row, beaten[0])}, {said_month(row, months[0])}"
        yield finding(FindingKind.EXTREME, clause.sentence, [extreme, *said], fact)


def _windows(clause: Clause, extreme: Signed, row: Row) -> tuple[list[Mention], list[list[date]]]:
    """The times that the text can mean, as months, with the words that say it; none where it does not say."""
    for period in clause.own(clause.sentence.periods):
        if period.month is not None and (period.is_stretch or _is_since(clause, period)):
            return [period], [months_from(add_months(period.month, 1), row)]
    for said, windows in ((EVER, [list(row.months)]), (THIS_YEAR, years(row))):
        for mention, _ in phrases(clause.sentence.tokens, dict.fromkeys(said, True)):
            if clause.covers(mention.first) and mention.first > extreme.last:
                return [mention], windows
    return [], []


def _is_since(clause: Clause, period: Period) -> bool:
    return word_at(clause.sentence.tokens, period.first - 1) == "since"


def _months_meant(clause: Clause, row: Row) -> list[date]:
    """The months of which it can be said: those named up to there, and the current one.

    None where the clause gives a figure that is none of theirs, because then it speaks of something else.
    """
    sentence = clause.sentence
    named = [
        period.month
        for period in sentence.periods
        if period.is_named and period.month and period.last <= clause.last and not _is_since(clause, period)
    ]
    months = [month for month in dict.fromkeys([*reversed(named), row.current_month]) if row.value(month) is not None]
    values = [value for month in months if (value := row.value(month)) is not None]
    figures = clause.own(levels(sentence, row.measure.unit))
    known = all(any(is_figure(amount, value, row) for value in values) for amount in figures)
    return months if known else []


def _beaten(sign: int, month: date, window: list[date], row: Row) -> date | None:
    """The month of the window with the most extreme figure, where that is more extreme than the figure of `month`."""
    own = row.value(month)
    known = [(value, at) for at in window if (value := row.value(at)) is not None]
    if own is None or len(known) < FEWEST_FIGURES:
        return None
    top, at = max(known, key=lambda pair: pair[0] * sign)
    return at if (top - own) * sign > 0 and row.measure.text(top) != row.measure.text(own) else None
