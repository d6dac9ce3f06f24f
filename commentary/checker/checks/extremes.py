"""Extremes: "the highest this year" where another month was higher."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from commentary.facts.line import LineFacts
from indicators.calculations.months import add_months

from ..findings import Finding, Kind
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


def check_extremes(clauses: list[Clause], line: LineFacts) -> Iterator[Finding]:
    """Figures said to be the highest or lowest of a time in which another one was higher or lower."""
    for clause in clauses:
        extremes = clause.own(clause.sentence.extremes)
        if clause.claims_on_row and len(extremes) == 1:
            yield from _check(clause, extremes[0], line)


def _check(clause: Clause, extreme: Signed, line: LineFacts) -> Iterator[Finding]:
    """One extreme; contradicted only when it is wrong of every month and in every time that can be meant."""
    said, windows = _windows(clause, extreme, line)
    months = _months_meant(clause, line)
    beaten = [_beaten(extreme.sign, month, window, line) for window in windows for month in months]
    if beaten and beaten[0] and all(beaten):
        fact = f"{said_month(line, beaten[0])}, {said_month(line, months[0])}"
        yield finding(Kind.EXTREME, clause.sentence, [extreme, *said], fact)


def _windows(clause: Clause, extreme: Signed, line: LineFacts) -> tuple[list[Mention], list[list[date]]]:
    """The times that the text can mean, as months, with the words that say it; none where it does not say."""
    for period in clause.own(clause.sentence.periods):
        if period.month is not None and (period.is_stretch or _is_since(clause, period)):
            return [period], [months_from(add_months(period.month, 1), line)]
    for said, windows in ((EVER, [list(line.months)]), (THIS_YEAR, years(line))):
        for mention, _ in phrases(clause.sentence.tokens, dict.fromkeys(said, True)):
            if clause.covers(mention.first) and mention.first > extreme.last:
                return [mention], windows
    return [], []


def _is_since(clause: Clause, period: Period) -> bool:
    return word_at(clause.sentence.tokens, period.first - 1) == "since"


def _months_meant(clause: Clause, line: LineFacts) -> list[date]:
    """The months of which it can be said: those named up to there, and the current one.

    None where the clause gives a figure that is none of theirs, because then it speaks of something else.
    """
    sentence = clause.sentence
    named = [
        period.month
        for period in sentence.periods
        if period.is_named and period.month and period.last <= clause.last and not _is_since(clause, period)
    ]
    months = [month for month in dict.fromkeys([*reversed(named), line.month]) if line.value(month) is not None]
    values = [value for month in months if (value := line.value(month)) is not None]
    figures = clause.own(levels(sentence, line.unit))
    known = all(any(is_figure(amount, value, line) for value in values) for amount in figures)
    return months if known else []


def _beaten(sign: int, month: date, window: list[date], line: LineFacts) -> date | None:
    """The month of the window with the most extreme figure, where that is more extreme than the figure of `month`."""
    own = line.value(month)
    known = [(value, at) for at in window if (value := line.value(at)) is not None]
    if own is None or len(known) < FEWEST_FIGURES:
        return None
    top, at = max(known, key=lambda pair: pair[0] * sign)
    return at if (top - own) * sign > 0 and line.text(top) != line.text(own) else None
