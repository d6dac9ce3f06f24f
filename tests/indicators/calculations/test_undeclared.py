"""Relations that nobody declared are found where they hold in every month, and only there."""

from fractions import Fraction
from random import Random

import pytest

from indicators.calculations.consistency import CheckKind, CheckRole
from indicators.calculations.disclosure import Derivation, Nature, Quantity, Relation, Relations, find_relations
from indicators.calculations.months import months_ending
from indicators.calculations.periods import Periods
from indicators.calculations.vocabulary import Frequency, Kind, Unit
from tests.factories import JANUARY

MONTHS = months_ending(JANUARY, 13)
COUNT = Nature(Unit.COUNT, Kind.FIGURE)
QUARTERLY = COUNT._replace(periods=Periods(Frequency.QUARTERLY))
PERCENTAGE = Nature(Unit.PERCENTAGE, Kind.RATIO)
B = (31, 7, 12, 40, 22, 9, 18, 3, 27, 11, 36, 14, 8)
C = (5, 19, 2, 8, 13, 6, 21, 4, 17, 10, 1, 23, 3)
D = (44, 50, 38, 61, 47, 55, 33, 72, 40, 66, 59, 48, 37)
E = (3, 6, 1, 4, 2, 7, 5, 8, 3, 1, 9, 4, 2)
PART, LESS = CheckRole.PART, CheckRole.OUTFLOW


def found_in(lines, natures=None, derivations=None, checks=(), months=MONTHS):
    """`lines` are figures by key, oldest first, None where there is none."""
    figures = {
        (key, month): value if isinstance(value, Quantity) else Quantity(value)
        for key, values in lines.items()
        for month, value in zip(months, values, strict=True)
        if value is not None
    }
    return find_relations(figures, Relations(dict.fromkeys(lines, COUNT) | (natures or {}), derivations or {}, checks))


def total(*lines):
    return tuple(map(sum, zip(*lines, strict=True)))


def less(one, other):
    return tuple(a - b for a, b in zip(one, other, strict=True))


def so_far(values):
    """From April, as financial years go."""
    return [sum(values[max(start for start in (3, 0) if start <= place) : place + 1]) for place in range(len(values))]


def stock(before, came, went):
    found = []
    for more, fewer in zip(came, went, strict=True):
        before = before + more - fewer
        found.append(before)
    return tuple(found)


ROLLING = tuple(sum(B[max(0, place - 2) : place + 1]) if place >= 2 else None for place in range(13))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ({1: B, 2: B, 3: C}, [(1, CheckKind.PARTS, ((PART, 2),), None)]),
        ({1: total(B, C), 2: B, 3: C}, [(1, CheckKind.PARTS, ((PART, 2), (PART, 3)), None)]),
        ({1: total(B, C, D), 2: B, 3: C, 4: D}, [(1, CheckKind.PARTS, ((PART, 2), (PART, 3), (PART, 4)), None)]),
        ({1: B, 2: less(D, C), 3: D, 4: C}, [(3, CheckKind.PARTS, ((PART, 2), (PART, 4)), None)]),
        ({1: less(total(B, D), C), 2: B, 3: D, 4: C}, [(1, CheckKind.MONTHS, ((PART, 2), (PART, 3), (LESS, 4)), 1)]),
        ({1: stock(99, B, C), 2: B, 3: C}, [(1, CheckKind.STOCK, ((CheckRole.INFLOW, 2), (LESS, 3)), None)]),
        ({1: ROLLING, 2: B}, [(1, CheckKind.MONTHS, ((PART, 2),), 3)]),
        ({1: (*B[:12], B[12] + 1), 2: B}, []),
        ({1: total(B, C, D, E), 2: B, 3: C, 4: D, 5: E}, []),
    ],
    ids=["same", "two", "three", "difference", "four with a difference", "stock", "rolling", "but once", "five lines"],
)
def test_relation_is_found_where_it_holds_in_every_month(lines, expected):
    assert [(one.key, one.kind, one.terms, one.months) for one in found_in(lines)] == expected


def test_year_to_date_is_found():
    entered = [None, None, None, *so_far(B)[3:]]
    assert found_in({1: entered, 2: B}) == [Relation(1, CheckKind.MONTHS, ((PART, 2),))]


def test_rolling_twelve_months_are_found_once_four_of_them_are_there():
    months = months_ending(JANUARY, 16)
    values = (*B, 25, 16, 29)
    rolling = [sum(values[place - 11 : place + 1]) if place >= 11 else None for place in range(16)]
    assert found_in({1: rolling, 2: values}, months=months) == [Relation(1, CheckKind.MONTHS, ((PART, 2),), months=12)]
    fewer = [None] * 13 + rolling[13:]
    assert found_in({1: fewer, 2: values}, months=months) == []


def test_quarter_of_three_months_is_found():
    quarters = [
        sum(B[place - 2 : place + 1]) if month.month % 3 == 0 and place >= 2 else None
        for place, month in enumerate(MONTHS)
    ]
    [found] = found_in({1: quarters, 2: B}, {1: QUARTERLY})
    assert (found.key, found.terms, found.months) == (1, ((PART, 2),), 3)


def shares(*lines, rounded=False):
    wholes = total(*lines)
    return {
        key: [
            Quantity(round(100 * part / whole)) if rounded else Quantity(Fraction(100 * part, whole), part, whole)
            for part, whole in zip(line, wholes, strict=True)
        ]
        for key, line in enumerate(lines, 1)
    }


@pytest.mark.parametrize(("rounded", "tolerance"), [(False, 0), (True, Fraction(3, 2))])
def test_shares_of_one_whole_are_found_exactly_or_within_rounding(rounded, tolerance):
    lines = shares(B, C, D, rounded=rounded)
    [found] = found_in(lines, dict.fromkeys(lines, PERCENTAGE))
    assert found == Relation(1, CheckKind.PARTS, ((PART, 1), (PART, 2), (PART, 3)), tolerance, 100)


def test_what_is_declared_or_follows_from_it_is_not_found():
    lines = {1: total(B, C, D), 2: B, 3: C, 4: D, 5: total(C, D)}
    sums = {1: Derivation((2, 3, 4)), 5: Derivation((3, 4))}
    assert found_in(lines, derivations=sums) == []
    declared = Relation(1, CheckKind.PARTS, ((PART, 3), (PART, 2)))
    assert found_in({1: total(B, C), 2: B, 3: C}, checks=[declared]) == []


def test_hardly_anything_is_found_among_lines_that_have_nothing_to_do_with_each_other():
    random = Random(1)  # noqa: S311 - nothing secret
    found = [
        found_in({key: [random.choice((0, 0, 1, 1, 2, 3, 5, 9, 20)) for _ in MONTHS] for key in range(12)})
        for _ in range(5)
    ]
    assert found == [[]] * 5
