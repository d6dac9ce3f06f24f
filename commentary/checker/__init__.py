"""The checker: warns where a commentary says something that its row contradicts.

A text is read into items (numbers, times, references, words that move or compare), these into statements, and each
statement is held against the facts of the row. Rules and tables of words, always with the same answer; what it does
not understand it leaves alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from indicators.calculations.row import Row

from .claims import read_claims
from .clauses import Clause, read_clauses
from .findings import Finding, FindingKind
from .statements import Facts, Statement
from .subject import subject_of
from .text import sentences
from .wording import check_copied, check_standing_alone

__all__ = ["Finding", "FindingKind", "check"]

_NO_TEXTS: Mapping[date, str] = MappingProxyType({})


def check(text: str, row: Row, other_texts: Mapping[date, str] = _NO_TEXTS, *, region: str = "") -> tuple[Finding, ...]:
    """What the row contradicts in its commentary, in the order of the text; empty when nothing.

    `other_texts` are the commentaries of the same indicator for other months, `region` is the region's own name.
    Where findings overlap the first that was found is kept.
    """
    subject, facts = subject_of(row), Facts(row)
    read = sentences(text)
    clauses = read_clauses(text, read, row, subject, region)
    found = [
        *(
            one
            for clause, statement in read_claims(clauses, row, subject)
            if (one := _finding(clause, statement, facts))
        ),
        *check_standing_alone(text, read),
    ]
    kept: list[Finding] = []
    for one in found:
        if not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return (*check_copied(text, read, other_texts), *sorted(kept, key=lambda one: one.start))


def _finding(clause: Clause, statement: Statement, facts: Facts) -> Finding | None:
    """What contradicts a statement, with its words from the first to the last."""
    against = statement.against(facts)
    if against is None:
        return None
    kind, fact = against
    tokens = clause.sentence.tokens
    start = tokens[min(one.first for one in statement.mentions)].start
    end = tokens[max(one.last for one in statement.mentions)].end
    return Finding(kind, clause.sentence.text[start:end], fact, start, end)
