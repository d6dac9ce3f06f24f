"""Each rule for special causes at and around its bounds, on limits that are easy to calculate."""

from fractions import Fraction

import pytest

from indicators.calculations.spc import Improvement, analyse

# Twelve figures with mean 0 and moving ranges of 2 fix the limits at 5.32 either side, the near ones at 3.5466…
BASE = [1, -1] * 6
LIMIT, NEAR_LIMIT = Fraction(532, 100), Fraction(266, 75)
HAIR = Fraction(1, 10**9)

LETTERS = {
    "none": "-",
    "above_limit": "A",
    "below_limit": "B",
    "rising": "r",
    "falling": "f",
    "near_upper": "n",
    "near_lower": "w",
    "run_above": "u",
    "run_below": "d",
}
MIRROR = str.maketrans("ABrfnwud", "BAfrwndu")


def causes(tail, sign=1):
    """The special cause of each figure that follows the base, as a letter; with sign -1 all is turned upside down."""
    values = [None if value is None else sign * value for value in (*BASE, *tail)]
    points = analyse(values, improvement=Improvement.NEUTRAL, fix_after=12).points
    assert {point.special_cause for point in points[: len(BASE) - 1]} == {"none"}
    return "".join(LETTERS[point.special_cause] for point in points[len(BASE) :])


def case(tail, expected, name):
    return pytest.param(tail, expected, id=name)


# The base ends below the mean, so the first figure of each tail is on the other side of it or a step down.
TAILS = [
    # Beyond a limit
    case([LIMIT], "-", "on the limit"),
    case([LIMIT + HAIR], "A", "a hair beyond the limit"),
    case([6, -6, 6], "ABA", "beyond both limits"),
    # Two in three near a limit
    case([4, 4, 1], "nn-", "two near, then one on the same side"),
    case([4, 1, 4], "n-n", "two near with one on the same side between"),
    case([1, 4, 4], "-nn", "one on the same side, then two near"),
    case([4, 4, 4], "nnn", "three near"),
    case([4, 1, 1, 4], "----", "two near, three apart"),
    case([4, 4, -1], "---", "two near with the others on the other side"),
    case([4, 4, 0], "---", "two near, then one on the mean"),
    case([4, 0, 4], "---", "one on the mean between"),
    case([4, 4, None], "---", "two near, then a blank"),
    case([4, None, 4, 1], "----", "a blank between"),
    case([4, -4, 4], "---", "near, but on opposite sides"),
    case([4, 4], "--", "two near and nothing after"),
    case([NEAR_LIMIT, 4, 1], "---", "on the near limit is not near"),
    case([NEAR_LIMIT + HAIR, 4, 1], "nn-", "a hair beyond the near limit is near"),
    case([LIMIT, 4, 1], "nn-", "on the limit is near"),
    case([6, 4, 1], "A--", "beyond the limit is not near"),
    case([6, 4, 4], "Ann", "beyond the limit may be the third"),
    case([6, 1, 4], "A--", "one beyond and one near"),
    # Seven on one side of the mean
    case([2, 1] * 3, "------", "six on one side"),
    case([2, 1, 2, 1, 2, 1, 2], "uuuuuuu", "seven on one side"),
    case([2, 1] * 4, "uuuuuuuu", "eight on one side"),
    case([1] * 7, "uuuuuuu", "seven equal ones"),
    case([HAIR, 1, HAIR, 1, HAIR, 1, HAIR], "uuuuuuu", "a hair above the mean is above"),
    case([2, 1, 2, 0, 2, 1, 2], "-------", "one on the mean breaks the run"),
    case([2, 1, 2, None, 2, 1, 2], "-------", "a blank breaks the run"),
    case([2, 1, 2, None, 2, 1, 2, 1, 2, 1, 2], "----uuuuuuu", "seven after a blank"),
    case([2, 1, 2, -1, 2, 1, 2], "-------", "one on the other side breaks the run"),
    # Trends of seven; the base's last figure, -1, is no part of them
    case([-2, Fraction(-3, 2), -1, Fraction(1, 2), 1, Fraction(3, 2)], "------", "six rising"),
    case([-2, Fraction(-3, 2), -1, Fraction(1, 2), 1, Fraction(3, 2), 2], "rrrrrrr", "seven rising"),
    case([-3, -2, -1, 1, 2, 3, Fraction(7, 2), 1], "rrrrrrr-", "the one after the peak is no part"),
    case([-3, -2, -1, -1, 1, 2, 3], "-------", "a tie breaks the trend"),
    case([-3, -2, -1, None, 1, 2, 3], "-------", "a blank breaks the trend"),
    case([-3, -2, None, -2, -1, 1, 2, 3], "--------", "six after a blank"),
    case(
        [-3, -2, -1, 1, 2, 3, Fraction(7, 2), 3, 2, 1, -1, -2, -3], "rrrrrrfffffff", "the peak goes with the next trend"
    ),
    case(
        [-3, -2, -1, 1, 2, 3, Fraction(7, 2), Fraction(1, 2), -3, -2, -1, 1, 2, 3, Fraction(7, 2)],
        "rrrrrrr-rrrrrrr",
        "one between two trends is no part of either",
    ),
    # Which rule has the first word
    case([-3, -2, -1, 1, 3, 5, 6], "rrrrrrA", "a limit before a trend"),
    case([-3, -2, -1, 1, 2, 4, 5], "rrrrrrr", "a trend before two in three"),
    case([1, 2, 4, 2, 4, 1, 2, 1], "uununuuu", "two in three before a run"),
    case(
        [Fraction(1, 2), 1, Fraction(3, 2), 2, Fraction(5, 2), 3, Fraction(7, 2), 1], "rrrrrrru", "a trend before a run"
    ),
    case([2, 1, 6, 1, 2, 1, 2], "uuAuuuu", "a limit before a run, which goes on"),
]
EACH_TAIL = pytest.mark.parametrize(("tail", "expected"), TAILS)


@EACH_TAIL
def test_rule_is_met_exactly_from_its_bound_on(tail, expected):
    assert causes(tail) == expected


@EACH_TAIL
def test_rule_holds_upside_down(tail, expected):
    assert causes(tail, sign=-1) == expected.translate(MIRROR)


@pytest.mark.parametrize("sign", [1, -1], ids=["up, then down", "down, then up"])
def test_the_first_of_two_equal_peaks_between_two_trends_counts_as_falling(sign):
    # As the reference has it: the step after that peak leads into a trend, and it doesn't rise.
    half = [-3, -2, -1, 1, 2, 3, Fraction(7, 2)]
    before, after = ("r", "f") if sign == 1 else ("f", "r")
    assert causes([*half, *reversed(half)], sign) == 6 * before + "f" + 7 * after


@pytest.mark.parametrize(("rebase_at", "run"), [([], 7), ([9], 0)], ids=["one group", "two groups"])
def test_a_run_does_not_go_on_across_a_rebase(rebase_at, run):
    # Seven tens in a row, above the mean of either group and of both together.
    values = [0, 10, 0, 10, 0, 0, 10, 10, 10, 10, 10, 10, 10, 0, 0, 10, 0, 0, 0]
    points = analyse(values, improvement=Improvement.NEUTRAL, rebase_at=rebase_at).points
    assert [point.special_cause for point in points].count("run_above") == run


@pytest.mark.parametrize(("rebase_at", "trend"), [([], 6), ([5], 0)], ids=["one group", "two groups"])
def test_a_trend_does_not_go_on_across_a_rebase(rebase_at, trend):
    # Of the ten in one group 1, 2, 9 and 10 are beyond the limits 5.5 -/+ 2.66.
    points = analyse(range(1, 11), improvement=Improvement.NEUTRAL, rebase_at=rebase_at).points
    assert [point.special_cause for point in points].count("rising") == trend


def test_a_run_counts_without_limits():
    # Seven fives and two nines with a blank between: no moving range but 0, yet the fives are below the mean.
    points = analyse([5] * 7 + [None, 9, 9], improvement=Improvement.NEUTRAL).points
    assert [point.special_cause for point in points] == ["run_below"] * 7 + ["none"] * 3
    assert points[0].upper_limit is None


def test_a_tie_with_a_mean_that_is_no_decimal_number_is_a_tie():
    # The mean of these is 1/3 exactly; in floating point it would be a little off.
    values = [Fraction(1, 3)] * 3 + [0, Fraction(2, 3)] * 3
    points = analyse(values, improvement=Improvement.NEUTRAL).points
    assert [point.value == point.mean for point in points] == [True] * 3 + [False] * 6
