"""Comparisons: "above statistical neighbours" where the figure is below them, or by another margin."""

from __future__ import annotations

from collections.abc import Iterator

from commentary.facts import said_value
from indicators.calculations.change import change
from indicators.calculations.exact import Exact
from indicators.calculations.row import Row
from indicators.calculations.vocabulary import ComparatorGroup, Movement, Polarity

from ..findings import Finding, FindingKind
from ..reading.agreement import is_difference
from ..reading.clauses import Clause
from ..reading.comparison_claims import ComparisonClaim, read_comparisons
from ..reading.references import Reference
from ..words.references import Beside
from .saying import finding, said_beside, said_month

_SIGNS = {Movement.UP: 1, Movement.DOWN: -1, Movement.LEVEL: 0}
_NAMES = {
    Beside.STATISTICAL_NEIGHBOURS: "statistical neighbours",
    Beside.ENGLAND: "England",
    Beside.REGION: "the region",
    Beside.AVERAGE: "the 12-month average",
    Beside.TARGET: "the target",
}


def check_comparisons(clauses: list[Clause], row: Row) -> Iterator[Finding]:
    """Figures that are on the other side of what the text sets them beside, or not so far from it."""
    for clause in clauses:
        if clause.claims_on_row and not clause.names_other_month(row.current_month):
            for claim in read_comparisons(clause):
                yield from _check(clause, claim, row)


def _check(clause: Clause, claim: ComparisonClaim, row: Row) -> Iterator[Finding]:
    own = row.summary.mean if claim.is_of_average else row.current_figure.value
    if own is None:
        return
    wrong = {}
    for reference in claim.references:
        others = _others(reference, row)
        if others and all(_is_contradicted(claim, own, other, row) for _, other in others):
            wrong[reference] = [_said(claim, own, name, other, row) for name, other in others]
    if wrong:
        said = [claim.word, *wrong, *([claim.size] if claim.size else [])]
        facts = [fact for several in wrong.values() for fact in several]
        yield finding(FindingKind.COMPARISON, clause.sentence, said, "; ".join(facts))


def _others(reference: Reference, row: Row) -> list[tuple[str, Exact]]:
    """What the reference stands for, with its figure; nothing where the row has none on its own basis."""
    if reference.beside is Beside.AVERAGE:
        mean = row.summary.mean
        return [] if mean is None else [(_NAMES[Beside.AVERAGE], mean)]
    if reference.beside is Beside.TARGET:
        goal = row.target.terms.value if row.target else None
        return [] if goal is None else [(_NAMES[Beside.TARGET], goal)]
    groups = set(ComparatorGroup)
    if reference.beside is not Beside.COMPARATORS:
        groups = {ComparatorGroup(reference.beside.value)}
    return [
        (_NAMES[Beside(one.group.value)], one.value)
        for one in row.comparators
        if one is not None and one.group in groups and one.value is not None and one.is_comparable
    ]


def _is_contradicted(claim: ComparisonClaim, own: Exact, other: Exact, row: Row) -> bool:
    """Whether the figure stands on the other side, or not as far away; what is level contradicts nothing."""
    movement = change(own, other, Polarity.NEUTRAL).movement
    side = 0 if movement is None else _SIGNS[movement]
    if side == 0:
        return False
    return side != claim.word.sign or (claim.size is not None and not is_difference(claim.size, other, own, row))


def _said(claim: ComparisonClaim, own: Exact, name: str, other: Exact, row: Row) -> str:
    figure = said_month(row, row.current_month)
    if claim.is_of_average:
        figure = f"the 12-month average is {said_value(row, own)}"
    return f"{figure}, which is {said_beside(row, own, other)} than {name} ({said_value(row, other)})"
