"""The checker: warns where a commentary says something that its row contradicts.

A text is read into items (numbers, times, references, words that move or compare), these into statements, and each
statement is held against the facts of the row. Rules and tables of words, always with the same answer; what it does
not understand it leaves alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from indicators.calculations.row import PeerGroup, Row
from indicators.calculations.vocabulary import Unit

from .claims import ClauseReader
from .clauses import Clause, read_clauses, subject_of
from .findings import Finding, FindingKind
from .statements import Facts
from .text import Mention, sentences
from .wording import check_copied, check_standing_alone

__all__ = ["Finding", "FindingKind", "check"]

_NO_TEXTS: Mapping[date, str] = MappingProxyType({})


def check(
    text: str, row: Row, other_texts: Mapping[date, str] = _NO_TEXTS, *, groups: Sequence[PeerGroup] = ()
) -> tuple[Finding, ...]:
    """What the row contradicts in its commentary, in the order of the text; empty when nothing.

    `other_texts` are the commentaries of the same indicator for other months, `groups` are those that a text may
    compare with by their names. Where findings overlap the first that was found is kept.
    """
    subject, facts, read = subject_of(row), Facts(row), sentences(text)
    clauses = read_clauses(read, row, subject, tuple(groups))
    if row.measure.unit is Unit.MONTHS:
        # "1 month below" is a figure, or for how long: nobody but its writer can tell.
        clauses = [one for one in clauses if not any(period.is_stretch for period in one.sentence.periods)]
    found = [
        _finding(text, clause, mentions, against)
        for clause in clauses
        for mentions, against in ClauseReader(clause, facts, subject).read()
        if against
    ]
    found += check_standing_alone(text, read)
    kept: list[Finding] = []
    for one in found:
        if not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return (*check_copied(text, read, other_texts), *sorted(kept, key=lambda one: one.start))


def _finding(
    text: str, clause: Clause, mentions: Sequence[Mention | None], against: tuple[FindingKind, str]
) -> Finding:
    """What contradicts a statement, with its words from the first to the last."""
    said, tokens = [one for one in mentions if one], clause.sentence.tokens
    start, end = tokens[min(one.first for one in said)].start, tokens[max(one.last for one in said)].end
    return Finding(against[0], text[start:end], against[1], start, end)
