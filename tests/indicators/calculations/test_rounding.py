"""Rounding counts instead of hiding them: what is published, what is hidden on top, and what an attack finds."""

from fractions import Fraction

import pytest

from indicators.calculations.consistency import CheckKind, CheckRole
from indicators.calculations.disclosure import (
    Cell,
    Derivation,
    Nature,
    Quantity,
    Relation,
    Relations,
    Release,
    plan_rounding,
    to_nearest,
)
from indicators.calculations.vocabulary import Kind, Unit
from tests.disclosure_attack import attack_rounded
from tests.disclosure_tables import COUNT, JANUARY

PART, LESS = CheckRole.PART, CheckRole.OUTFLOW
# By hand: half way is 2.5, away from zero.
NEAREST = {
    0: 0,
    1: 0,
    2: 0,
    3: 5,
    5: 5,
    7: 5,
    8: 10,
    12: 10,
    13: 15,
    -2: 0,
    -3: -5,
    Fraction(5, 2): 5,
    Fraction(12): 10,
}


def plan_of(values, relations, **cells):
    quantities = {Cell(key, JANUARY): Quantity(value) for key, value in values.items()}
    edition = {(cell.key, cell.month): cell for cell in quantities}
    return plan_rounding(Release(relations, quantities, [edition], frozenset(quantities), **cells))


def test_nearest_5():
    assert {number: to_nearest(number) for number in NEAREST} == NEAREST


# What a relation says of the key 9, and what is published of it where 1, 2, 3 are 12, 12, 3.
TOTALS = {
    "parts": (CheckKind.PARTS, ((PART, 1), (PART, 2)), 24, 20),
    "three parts": (CheckKind.PARTS, ((PART, 1), (PART, 2), (PART, 3)), 27, 25),
    "a difference": (CheckKind.MONTHS, ((PART, 1), (LESS, 3)), 9, 5),
    "not what the relation says": (CheckKind.PARTS, ((PART, 1), (PART, 2)), 26, 25),
}


@pytest.mark.parametrize("name", TOTALS)
def test_count_that_others_fix_is_worked_out_from_rounded_ones(name):
    """12 + 12 = 24 rounded by itself, 10 + 10 beside 25, would leave two values of each."""
    kind, terms, total, published = TOTALS[name]
    relation = Relation(9, kind, terms, tolerance=2, months=1 if kind is CheckKind.MONTHS else None)
    plan = plan_of({1: 12, 2: 12, 3: 3, 9: total}, Relations(dict.fromkeys((1, 2, 3, 9), COUNT), {}, (relation,)))
    assert plan.worked_out.get((9, JANUARY), to_nearest(total)) == published
    assert not plan.hidden


def test_whatever_hangs_together_is_hidden_where_an_inequality_narrows_it():
    """3 and 3 of 7: 5 and 5 of 5 are published, and no more than 7 can be 6 or 7 only."""
    natures = {**dict.fromkeys((1, 2, 8), COUNT), 9: Nature(Unit.PERCENTAGE, Kind.DERIVED)}
    relations = Relations(natures, {9: Derivation((1, 2), (8,))})
    quantities = {Cell(key, JANUARY): Quantity(value) for key, value in {1: 3, 2: 3, 8: 7}.items()}
    quantities[Cell(9, JANUARY)] = Quantity(Fraction(600, 7), 6, 7)
    edition = {(cell.key, cell.month): cell for cell in quantities}
    release = Release(relations, quantities, [edition], frozenset(quantities))
    assert plan_rounding(release).hidden.keys() == quantities.keys()
    # What was published rounded before can't be taken back, and is told.
    public = Release(relations, quantities, [edition], frozenset(quantities), public=frozenset(quantities))
    assert plan_rounding(public).exposed


def test_what_was_hidden_before_stays_hidden_with_what_is_worked_out_from_it():
    relation = Relation(9, CheckKind.PARTS, ((PART, 1), (PART, 2)))
    relations = Relations(dict.fromkeys((1, 2, 9), COUNT), {}, (relation,))
    plan = plan_of({1: 3, 2: 40, 9: 43}, relations, suppressed=frozenset({Cell(1, JANUARY)}))
    assert {cell.key: why.value for cell, why in plan.hidden.items()} == {1: "earlier", 9: "rests_on"}


def test_attack_finds_no_rounded_count_with_fewer_than_three_values():
    found = attack_rounded(84, seed=2)
    assert (found["tables"], found["by figures"], found["by rules"], found["exposed"]) == (84, 0, 0, 0)
