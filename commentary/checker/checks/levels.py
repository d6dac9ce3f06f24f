"""Figures: "33% in January" where January has 36%."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from indicators.calculations.row import Row
from indicators.calculations.vocabulary import Blank, Unit

from ..findings import Finding, FindingKind
from ..reading.agreement import is_figure
from ..reading.clauses import Clause
from ..reading.dates import dated
from ..reading.numbers import Amount
from ..reading.periods import Period
from ..reading.sentence import content
from ..reading.sizes import levels
from ..reading.subject import About, Subject
from ..reading.tokens import word_at
from ..words import numbers, plain
from ..words.references import RANGES
from .saying import finding, said_month

# A number without a month that is further than this many times from every figure of the row is about something else.
FURTHEST_TIMES = 2
_BEFORE_NUMBER = plain.ADVERBS | numbers.ABOUT | {"a", "the"}
_GIVING = plain.JOINING_FIGURE - {"of", "with"}


def check_levels(clauses: list[Clause], row: Row, subject: Subject) -> Iterator[Finding]:
    """Figures that the row does not have, and figures for months that it can't know."""
    for clause in clauses:
        if not clause.is_claim:
            continue
        pairs = [pair for pair in dated(clause.sentence, subject) if clause.covers(pair[0].first)]
        for amount, period in pairs:
            if clause.is_of_row or _is_share_of_known(clause, amount, subject):
                yield from _check_dated(clause, amount, period, row)
        if clause.is_of_row and not any(period.month != row.current_month for period in clause.sentence.periods):
            yield from _check_undated(clause, [amount for amount, _ in pairs], row, subject)


def _check_dated(clause: Clause, amount: Amount, period: Period, row: Row) -> Iterator[Finding]:
    month = period.month
    if month is None:
        return
    if month > row.months[-1]:
        if period.has_full_year:
            fact = f"the row ends with {row.months[-1]:%B %Y}"
            yield finding(FindingKind.MONTH, clause.sentence, [amount, period], fact)
    elif month in row.months and _contradicts(amount, month, row):
        # Often the figure is right and the month is wrong.
        others = [other for other in row.months if _agrees(amount, other, row)]
        of_another = f"; {said_month(row, others[-1])}" if others else ""
        yield finding(FindingKind.FIGURE, clause.sentence, [amount, period], f"{said_month(row, month)}{of_another}")


def _check_undated(clause: Clause, dated_ones: list[Amount], row: Row, subject: Subject) -> Iterator[Finding]:
    """Numbers that can only be the current figure: "stands at 86%", "rose to 512"."""
    sentence = clause.sentence
    if clause.own([*sentence.references, *sentence.extremes, *sentence.multiples]):
        return
    for amount in clause.own(levels(sentence, row.measure.unit)):
        is_current = amount not in dated_ones and _is_stated(clause, amount, subject) and _is_near(amount, row)
        if is_current and _contradicts(amount, row.current_month, row):
            yield finding(FindingKind.FIGURE, sentence, [amount], said_month(row, row.current_month))


def _contradicts(amount: Amount, month: date, row: Row) -> bool:
    """Whether the row has another figure for the month, or says that there is none yet, or none to publish."""
    blank = row.figure(month).blank
    return blank is not Blank.NOT_AVAILABLE and not _agrees(amount, month, row)


def _agrees(amount: Amount, month: date, row: Row) -> bool:
    value = row.value(month)
    return value is not None and is_figure(amount, value, row)


def _is_share_of_known(clause: Clause, amount: Amount, subject: Subject) -> bool:
    """Whether it is a percentage of what title and definition are about: "33% of children who left care"."""
    if subject.unit is not Unit.PERCENTAGE or word_at(clause.sentence.tokens, amount.last + 1) != "of":
        return False
    names = content(clause.sentence, clause)
    return bool(names) and subject.knows(names)


def _is_stated(clause: Clause, amount: Amount, subject: Subject) -> bool:
    """Whether the clause says no more than that the figure is the number: "is 86%", "rose to 512", "512 contacts"."""
    sentence = clause.sentence
    behind = sentence.words(amount.last + 1, clause.last)
    if not subject.knows(word for word in behind if word[0].isalpha()):
        return False
    front = sentence.words(clause.first, amount.first - 1)
    while front and front[-1] in _BEFORE_NUMBER:
        front.pop()
    if not front:
        return subject.about(sentence, clause) is About.ROW
    if front[-1] != "to":
        return front[-1] in _GIVING
    # "rose to 512", "from 499 to 512", but not "ranged from 485 to 512"
    rises = any(amount.first - 3 <= motion.last < amount.first for motion in sentence.motions)
    return rises or ("from" in front[-4:] and RANGES.isdisjoint(clause.words))


def _is_near(amount: Amount, row: Row) -> bool:
    known = [figure.value for figure in row.figures if figure.value is not None]
    return bool(known) and min(known) <= amount.value * FURTHEST_TIMES and amount.value <= max(known) * FURTHEST_TIMES
