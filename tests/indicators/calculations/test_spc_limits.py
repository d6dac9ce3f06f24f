"""Mean and limits of the XmR chart, calculated by hand."""

from datetime import date
from fractions import Fraction

import pytest

from indicators.calculations.spc import Improvement, analyse, rebase_places

JANUARY, FEBRUARY, MARCH, APRIL = (date(2021, month, 1) for month in (1, 2, 3, 4))
# Moving ranges of 1, once 8 and once 9: 32 in 17 steps, so the two are beyond 3.267 * 32/17 = 6.15.
WITH_OUTLIER = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]


def lines(values, **options):
    """Mean and the four limits of the latest point."""
    return analyse(values, improvement=Improvement.NEUTRAL, **options).points[-1][1:6]


def around(mean, moving_range):
    """Mean and limits for an average moving range: 2.66 times it, and two thirds of that."""
    limit = Fraction(266, 100) * moving_range
    return (mean, mean - limit, mean + limit, mean - limit * 2 / 3, mean + limit * 2 / 3)


@pytest.mark.parametrize(
    ("values", "mean", "moving_range"),
    [
        pytest.param([4, 6], 5, 2, id="two figures"),
        pytest.param([10, 14, 11, 13], 12, 3, id="4, 3 and 2 apart"),
        pytest.param([0, 1, 0, 1], Fraction(1, 2), 1, id="not cut off at 0"),
        pytest.param([Fraction(1, 3), Fraction(1, 2)], Fraction(5, 12), Fraction(1, 6), id="fractions"),
        pytest.param([-3, 3], 0, 6, id="around 0"),
        pytest.param([4, None, 6, 8], 6, 2, id="no moving range across a blank"),
        pytest.param([None, 4, 6, None], 5, 2, id="blanks at both ends"),
    ],
)
def test_limits_lie_266_hundredths_of_the_moving_range_from_the_mean(values, mean, moving_range):
    assert lines(values) == around(mean, moving_range)


def test_outlying_moving_ranges_are_left_out_but_their_figure_stays_in_the_mean():
    assert lines(WITH_OUTLIER) == around(Fraction(35, 18), 1)


def test_without_screening_every_moving_range_counts():
    assert lines(WITH_OUTLIER, screen=False) == around(Fraction(35, 18), Fraction(32, 17))


def from_steps(steps):
    """Figures with these moving ranges, up and down in turn."""
    values = [0]
    for place, step in enumerate(steps):
        values.append(values[-1] + (step if place % 2 else -step))
    return values


@pytest.mark.parametrize(
    ("steps", "moving_range"),
    [
        # 9 * 6733 + 29403 = 90000, on average 9000, and 3.267 * 9000 = 29403.
        pytest.param([6733] * 9 + [29403], 6733, id="exactly 3.267 times the average is out"),
        pytest.param([6733] * 9 + [29402], Fraction(89999, 10), id="a little less is in"),
        # On average 12.4, so only 100 is out. Without it 3.6, and a second time 14 would be out too.
        pytest.param([1] * 8 + [14, 14, 100], Fraction(36, 10), id="only once"),
    ],
)
def test_screening_leaves_out_from_3267_thousandths_of_the_average_on_and_only_once(steps, moving_range):
    values = from_steps(steps)
    assert lines(values) == around(Fraction(sum(values), len(values)), moving_range)


@pytest.mark.parametrize(
    ("values", "mean"),
    [
        pytest.param([5], 5, id="one figure"),
        pytest.param([7] * 15, 7, id="all the same: every moving range is an outlier"),
        pytest.param([1, None, 3, None, 5], 3, id="no two figures side by side"),
        pytest.param([None, None], None, id="only blanks"),
    ],
)
def test_there_are_no_limits_without_a_usable_moving_range(values, mean):
    assert lines(values) == (mean, None, None, None, None)


def test_all_the_same_without_screening_has_limits_on_the_mean():
    assert lines([7] * 15, screen=False) == (7, 7, 7, 7, 7)


def test_an_empty_series_has_no_points():
    assert analyse([], improvement=Improvement.INCREASE, target=5).points == ()


def test_fixed_limits_rest_on_the_first_months_only():
    # The step from the 12th to the 13th month doesn't count either.
    assert lines([1, 3] * 6 + [50, 90], fix_after=12) == around(2, 2)


def test_fixed_limits_count_a_blank_as_a_month():
    assert lines([1, None, *[1, 3] * 5, 50], fix_after=12) == around(Fraction(21, 11), 2)


@pytest.mark.parametrize("months", [0, 1, 11])
def test_limits_fixed_after_fewer_than_12_months_are_refused(months):
    with pytest.raises(ValueError, match="fewer than 12 months"):
        analyse([1, 2, 3], improvement=Improvement.NEUTRAL, fix_after=months)


@pytest.mark.parametrize(
    ("rebase_at", "means"),
    [
        pytest.param([], [4, 4, 4, 4], id="none"),
        pytest.param([2], [2, 2, 6, 6], id="in the middle"),
        pytest.param([3, 1], [1, Fraction(4), Fraction(4), 7], id="two, in any order"),
        pytest.param([2, 2], [2, 2, 6, 6], id="twice the same"),
        pytest.param([0, 4, 9, -1], [4, 4, 4, 4], id="outside, or at the beginning"),
    ],
)
def test_each_rebase_begins_a_mean_of_its_own(rebase_at, means):
    points = analyse([1, 3, 5, 7], improvement=Improvement.NEUTRAL, rebase_at=rebase_at).points
    assert [point.mean for point in points] == means


def test_no_moving_range_spans_a_rebase():
    assert lines([1, 3, 100, 104], rebase_at=[2]) == around(102, 4)


def test_fixing_starts_again_with_each_rebase():
    values = [1, 3] * 8 + [11, 13] * 6 + [70]
    assert lines(values, rebase_at=[16], fix_after=12) == around(12, 2)


@pytest.mark.parametrize(
    ("months", "rebases", "places"),
    [
        pytest.param([JANUARY, FEBRUARY, MARCH], [FEBRUARY], [1], id="a month of the series"),
        pytest.param([JANUARY, FEBRUARY, MARCH], [], [], id="none"),
        pytest.param([JANUARY, FEBRUARY, MARCH], [MARCH, FEBRUARY], [1, 2], id="in any order"),
        pytest.param([FEBRUARY, MARCH], [JANUARY, FEBRUARY], [], id="before the series, or at its beginning"),
        pytest.param([JANUARY, FEBRUARY], [MARCH], [], id="after the series"),
        pytest.param([JANUARY, APRIL], [FEBRUARY, MARCH], [1], id="between two quarters"),
    ],
)
def test_a_group_begins_with_the_first_month_that_is_not_before_the_rebase(months, rebases, places):
    assert rebase_places(months, rebases) == places
