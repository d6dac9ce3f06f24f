"""What the months before make usual: natural process limits worked out by hand."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.averages import UsualRange, usual_range

figures = st.integers(0, 70_000).map(lambda sevenths: Fraction(sevenths, 7))
years = st.tuples(st.lists(figures, min_size=6, max_size=10), st.lists(st.none(), max_size=2)).flatmap(
    lambda known_and_blanks: st.permutations(known_and_blanks[0] + known_and_blanks[1])
)


@pytest.mark.parametrize(
    ("earlier", "low", "high"),
    [
        # Mean 15, moving ranges all 10: 15 -/+ 26.6, of which the lower end is cut off at 0.
        pytest.param([10, 20, 10, 20, 10, 20], 0, "41.6", id="swinging by 10"),
        # Mean 100, moving ranges 4, 4, 4, 4, 4: 100 -/+ 10.64.
        pytest.param([98, 102, 98, 102, 98, 102], "89.36", "110.64", id="swinging by 4"),
        # Mean 101, moving ranges 0, 0, 0, 0, 6, average 1.2: 101 -/+ 3.192.
        pytest.param([100, 100, 100, 100, 100, 106], "97.808", "104.192", id="the newest is beyond the others"),
        pytest.param([7, 7, 7, 7, 7, 7], 7, 7, id="never anything else"),
        pytest.param([0, 0, 0, 0, 0, 0], 0, 0, id="never any"),
        # LAC1 of August 2020 to January 2021: mean 2,980 / 6, moving ranges 8, 7, 11, 4, 9, average 7.8.
        pytest.param(
            [493, 485, 492, 503, 499, 508],
            Fraction(2980, 6) - Fraction("20.748"),
            Fraction(2980, 6) + Fraction("20.748"),
            id="LAC1",
        ),
    ],
)
def test_usual_range_by_hand(earlier, low, high):
    assert usual_range(earlier) == (Fraction(low), Fraction(high))


def test_blanks_are_left_out_and_their_neighbours_compared():
    # Without the blanks: 98, 102, 98, 102, 98, 102.
    assert usual_range([None, 98, 102, None, None, 98, 102, 98, None, 102, None]) == usual_range([98, 102] * 3)


@pytest.mark.parametrize(
    "earlier",
    [
        pytest.param([], id="none"),
        pytest.param([None] * 12, id="blanks only"),
        pytest.param([5, 6, 5, 6, 5], id="five"),
        pytest.param([5, 6, None, 5, None, 6, 5, None], id="five among blanks"),
    ],
)
def test_fewer_than_six_figures_say_nothing(earlier):
    assert usual_range(earlier) is None


def test_a_percentage_is_never_usual_above_its_ceiling():
    # Mean 97, moving ranges all 2: 97 -/+ 5.32.
    shares = [96, 98, 96, 98, 96, 98]
    assert usual_range(shares, 100) == (Fraction("91.68"), 100)
    assert usual_range(shares) == (Fraction("91.68"), Fraction("102.32"))


def test_a_ceiling_above_the_limits_changes_nothing():
    assert usual_range([48, 52] * 3, 100) == usual_range([48, 52] * 3)


@pytest.mark.parametrize(
    ("value", "is_usual"),
    [(10, True), (20, True), (Fraction(15), True), (Fraction("9.9"), False), (Fraction("20.1"), False)],
)
def test_both_ends_are_still_usual(value, is_usual):
    assert UsualRange(10, 20).includes(value) is is_usual


@given(years)
def test_the_mean_is_always_usual(earlier):
    known = [value for value in earlier if value is not None]
    assert usual_range(earlier).includes(Fraction(sum(known)) / len(known))


@given(years)
def test_order_matters_only_through_neighbours(earlier):
    assert usual_range(earlier) == usual_range(earlier[::-1])


@given(years, st.integers(1, 1000))
def test_the_range_grows_with_the_unit(earlier, factor):
    scaled = usual_range([None if value is None else value * factor for value in earlier])
    plain = usual_range(earlier)
    assert scaled == (plain.low * factor, plain.high * factor)


@given(years, figures)
def test_the_range_lies_between_0_and_the_ceiling(earlier, ceiling):
    found = usual_range(earlier, ceiling)
    assert found.low >= 0
    assert found.high <= ceiling
