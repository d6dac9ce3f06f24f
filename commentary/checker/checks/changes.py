"""Changes: "increased" where it fell, "52 fewer than the month before" where it was 54, "doubled" where it did not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from commentary.facts import same_on_display
from indicators.calculations.change import LEVEL_BELOW_ONE_IN
from indicators.calculations.exact import Exact, magnitude
from indicators.calculations.row import Row
from indicators.calculations.vocabulary import Unit

from ..findings import Finding, FindingKind
from ..reading.agreement import is_difference
from ..reading.change_claims import ChangeClaim, read_change
from ..reading.clauses import Clause
from ..reading.motion import Multiple
from ..reading.numbers import AmountUnit
from ..reading.periods import Period
from ..reading.subject import Subject
from ..reading.tokens import Mention
from ..words import plain
from .saying import finding, said_change

Span = tuple[date, date]


def check_changes(clauses: list[Clause], row: Row, subject: Subject) -> Iterator[Finding]:
    """Movements that did not happen, or not by so much."""
    for clause in clauses:
        claim = read_change(clause, row, subject) if clause.claims_on_row else None
        if claim is None:
            continue
        if any(_is_to_come(mention, row) for mention in claim.mentions):
            fact = f"the row ends with {row.months[-1]:%B %Y}"
            yield finding(FindingKind.MONTH, clause.sentence, claim.mentions, fact)
            continue
        spans = _spans(claim, row)
        kinds = [_contradiction(clause, claim, span, row) for span in spans]
        if kinds and kinds[0] and all(kinds):
            yield finding(kinds[0], clause.sentence, claim.mentions, said_change(row, *spans[0]))


def _is_to_come(mention: Mention, row: Row) -> bool:
    """Whether it is a month after the last one, named with its year."""
    if not isinstance(mention, Period) or mention.month is None:
        return False
    return mention.has_full_year and mention.month > row.months[-1]


def _spans(claim: ChangeClaim, row: Row) -> list[Span]:
    """What the claim can be about: from which month to which, where both have figures.

    Where the text does not say when, that is the month before or the year before; but a row without a figure for the
    month before can't contradict it.
    """
    spans = [(claim.earlier, claim.later)]
    if not claim.says_when:
        spans.append((row.year_before, row.current_month))
    known = [span for span in spans if row.value(span[0]) is not None and row.value(span[1]) is not None]
    return known if spans[0] in known else []


def _contradiction(clause: Clause, claim: ChangeClaim, span: Span, row: Row) -> FindingKind | None:
    before, after = row.value(span[0]), row.value(span[1])
    if before is None or after is None:
        return None
    if claim.multiple is not None:
        return None if _is_multiple(claim.multiple, before, after) else FindingKind.CHANGE
    if not _went(claim.sign, before, after, row):
        return FindingKind.DIRECTION
    return None if _is_by(clause, claim, before, after, row) else FindingKind.CHANGE


def _went(sign: int, before: Exact, after: Exact, row: Row) -> bool:
    """Whether it went that way; "the same" also where it is level, or looks so."""
    if sign:
        return (after - before) * sign > 0
    is_level = magnitude(after - before) * LEVEL_BELOW_ONE_IN < before
    return is_level or same_on_display(row, before, after)


def _is_multiple(multiple: Multiple, before: Exact, after: Exact) -> bool:
    if not before:
        return True
    times = Fraction(after) / before
    high_enough = multiple.at_least is None or times >= Fraction(*multiple.at_least)
    return high_enough and (multiple.at_most is None or times <= Fraction(*multiple.at_most))


def _is_by(clause: Clause, claim: ChangeClaim, before: Exact, after: Exact, row: Row) -> bool:
    """Whether the change has the size that is given, if one is."""
    size = claim.size
    if size is None:
        return True
    if size.unit is AmountUnit.NUMBER and row.measure.unit not in {Unit.COUNT, Unit.PERCENTAGE}:
        # Beside a rate a plain number can be that of the people.
        return plain.RATE_WORDS.isdisjoint(clause.words) or is_difference(size, before, after, row)
    return is_difference(size, before, after, row)
