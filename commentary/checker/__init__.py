"""The checker: warns where a commentary says something that its row contradicts.

Rules and tables of words, always with the same answer; what it does not understand it leaves alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from indicators.calculations.row import Row

from .checks.averages import check_averages
from .checks.changes import check_changes
from .checks.comparisons import check_comparisons
from .checks.extremes import check_extremes
from .checks.levels import check_levels
from .checks.wording import check_copied, check_standing_alone
from .findings import Finding, FindingKind
from .reading.clauses import read_clauses

__all__ = ["Finding", "FindingKind", "check"]

_NO_TEXTS: Mapping[date, str] = MappingProxyType({})


def check(text: str, row: Row, other_texts: Mapping[date, str] = _NO_TEXTS, *, region: str = "") -> tuple[Finding, ...]:
    """What the row contradicts in its commentary, in the order of the text; empty when nothing.

    `other_texts` are the commentaries of the same indicator for other months, `region` is the region's own name.
    Where findings overlap the first kind of check that found something is kept.
    """
    subject, clauses = read_clauses(text, row, region)
    found = [
        *check_levels(clauses, row, subject),
        *check_averages(clauses, row),
        *check_changes(clauses, row, subject),
        *check_comparisons(clauses, row),
        *check_extremes(clauses, row),
        *check_standing_alone(text, region),
    ]
    kept: list[Finding] = []
    for one in found:
        if not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return (*check_copied(text, other_texts), *sorted(kept, key=lambda one: one.start))
