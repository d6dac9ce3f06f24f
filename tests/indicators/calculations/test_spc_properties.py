"""What holds for the XmR chart of every series."""

from fractions import Fraction
from itertools import chain

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indicators.calculations.spc import Improvement, analyse

pytestmark = pytest.mark.slow
numbers = st.integers(-6, 6) | st.fractions(-6, 6, max_denominator=20)
series = st.lists(st.none() | numbers, max_size=30)
runs = st.lists(st.lists(numbers, max_size=9).map(sorted), max_size=4).map(lambda parts: [*chain(*parts)])
factors = st.fractions(Fraction(1, 100), 100, max_denominator=100).filter(bool)
OPPOSITE = {"increase": "decrease", "decrease": "increase", "neutral": "neutral"}
MIRRORED = {
    "above_limit": "below_limit",
    "rising": "falling",
    "near_upper": "near_lower",
    "run_above": "run_below",
    "neutral_high": "neutral_low",
}
MIRRORED |= {low: high for high, low in MIRRORED.items()}


def neutral(values, **options):
    return analyse(values, improvement=Improvement.NEUTRAL, **options)


def turned(values, factor, addend=0):
    return [None if value is None else factor * value + addend for value in values]


def causes(result):
    return [point.special_cause for point in result.points]


def lines(result):
    return [point[1:6] for point in result.points]


@given(series | runs, factors, numbers)
def test_special_causes_ignore_unit_and_zero_point(values, factor, addend):
    assert causes(neutral(turned(values, factor, addend))) == causes(neutral(values))


@given(series, factors, numbers)
def test_mean_and_limits_move_with_unit_and_zero_point(values, factor, addend):
    expected = [tuple(turned(line, factor, addend)) for line in lines(neutral(values))]
    assert lines(neutral(turned(values, factor, addend))) == expected


def has_flat_top(result):
    """A tie between two trends: its first point counts as falling, whichever way it is."""
    trend = {"rising", "falling"}
    pairs = zip(result.points, result.points[1:], strict=False)
    return any(one.value == other.value and {one.special_cause, other.special_cause} <= trend for one, other in pairs)


@given(series | runs, st.sampled_from(Improvement), st.none() | numbers)
def test_turning_everything_upside_down_mirrors_the_chart(values, improvement, target):
    there = analyse(values, improvement=improvement, target=target)
    assume(not has_flat_top(there))
    upside_down = None if target is None else -target
    back = analyse(turned(values, -1), improvement=OPPOSITE[improvement], target=upside_down)
    assert causes(back) == [MIRRORED.get(cause, cause) for cause in causes(there)]
    types = [point.point_type for point in there.points]
    assert [point.point_type for point in back.points] == [MIRRORED.get(kind, kind) for kind in types]
    assert back.assurance == there.assurance


@given(series | runs)
def test_the_other_way_of_improving_swaps_improvement_and_concern(values):
    swapped = {"improvement": "concern", "concern": "improvement"}
    better = [point.point_type for point in analyse(values, improvement=Improvement.INCREASE).points]
    worse = [point.point_type for point in analyse(values, improvement=Improvement.DECREASE).points]
    assert worse == [swapped.get(kind, kind) for kind in better]


@given(st.lists(series | runs, min_size=1, max_size=4))
def test_a_rebase_makes_groups_independent(parts):
    ends = [sum(len(part) for part in parts[:count]) for count in range(1, len(parts))]
    together = neutral([*chain(*parts)], rebase_at=ends).points
    assert together == tuple(point for part in parts for point in neutral(part).points)


@given(series | runs, st.integers(0, 3), st.integers(0, 3))
def test_blanks_at_the_ends_change_nothing_else(values, before, after):
    with_blanks = neutral([*[None] * before, *values, *[None] * after]).points
    assert with_blanks[before : before + len(values)] == neutral(values).points


@given(series)
def test_a_blank_is_never_zero(values):
    points = neutral(values).points
    assert [point.value for point in points] == values
    assert {point.special_cause for point in points if point.value is None} <= {"none"}
    known = [value for value in values if value is not None]
    assert {point.mean for point in points} <= {Fraction(sum(known), len(known)) if known else None}


@given(st.lists(numbers, min_size=2, max_size=30))
def test_limits_lie_in_order_and_evenly_about_the_mean(values):
    _, mean, lower, upper, near_lower, near_upper, _, _ = neutral(values).points[-1]
    assume(upper is not None)
    assert lower <= near_lower <= mean <= near_upper <= upper
    assert (upper - mean, near_upper - mean) == (mean - lower, mean - near_lower)
    assert 3 * (near_upper - mean) == 2 * (upper - mean)


@given(series)
def test_screening_never_widens_the_limits(values):
    screened, plain = neutral(values), neutral(values, screen=False)
    assume(screened.has_limits)
    assert screened.points[-1].upper_limit <= plain.points[-1].upper_limit


@given(st.lists(st.none() | numbers, min_size=12, max_size=20), st.lists(numbers, min_size=1, max_size=5))
def test_fixed_limits_are_those_of_the_first_months(first, more):
    fixed = neutral([*first, *more], fix_after=len(first))
    assert lines(fixed) == lines(neutral(first))[:1] * len(fixed.points)
