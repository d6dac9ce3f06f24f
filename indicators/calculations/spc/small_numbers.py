"""Charts for small numbers: c for counts, p for shares of varying numbers, g for months between rare cases.

Their limits follow from the average alone, by what chance does to counts; those of the XmR chart from the variation
that was seen. They lie so many square roots from the mean. Which points are beyond them is found by squaring, in
whole numbers; the limits themselves, where a square root is no fraction, are cut off after twelve decimals.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise, repeat

from indicators.calculations.exact import Exact
from indicators.calculations.rating import Aim

from .result import (
    BLANK,
    NO_LIMITS,
    Improvement,
    Limits,
    PointGroup,
    SpcResult,
    SpecialCause,
    special_causes,
    step_signs,
    steps_between,
)

PRECISION = 10**12
# Limits lie 3 square roots from the mean, near limits 2: squared, 9 and 4 times what stands under the root.
LIMIT, NEAR_LIMIT = 3, 2
LIMIT_SQUARED, NEAR_SQUARED = LIMIT**2, NEAR_LIMIT**2
OPPOSITE = {
    Improvement.INCREASE: Improvement.DECREASE,
    Improvement.DECREASE: Improvement.INCREASE,
    Improvement.NEUTRAL: Improvement.NEUTRAL,
}


def count_chart(
    counts: Sequence[int | None], *, improvement: Improvement, target: Exact | Aim | None = None
) -> SpcResult:
    """The c-chart of monthly counts, judged by the same four rules as the XmR chart.

    Limits are the mean -/+ 3 times its square root, near limits 2 times, neither below 0. A blank
    (None) is left out and breaks runs and trends. Source: Montgomery, Introduction to Statistical
    Quality Control, chapter 7.
    """
    return SpcResult([CountGroup(counts)], Improvement(improvement), target)


def share_chart(
    shares: Sequence[tuple[int, int] | None], *, improvement: Improvement, target: Exact | Aim | None = None
) -> SpcResult:
    """The p-chart of monthly shares, each so many cases of so many, as percentages.

    The mean is the pooled percentage p. Each month has limits of its own, p -/+ 3 √(p (100 - p) /
    denominator), and near limits with 2, within 0 and 100. A blank (None) is left out and breaks
    runs. There is no trend rule, for points of different weight make no trend. Source: Montgomery,
    as above; for the trend rule Pyzdek and Keller, The Handbook for Quality Management, chapter 9.
    """
    return SpcResult([ShareGroup(shares)], Improvement(improvement), target)


def gap_chart(counts: Sequence[int | None], *, improvement: Improvement) -> SpcResult:
    """The g-chart of a rare count: how many months without a case lie between two months with one.

    Each point is such a gap, not a month, and the only rule is the upper limit: the mean + 3
    √(mean (mean + 1)). The months since the latest case are the last point; being open, they
    don't enter the mean. `improvement` is that of the count, so a long gap means improvement
    where lower is better. Source: Benneyan, Number-between g-type statistical quality control
    charts, Health Care Management Science 4 (2001); Montgomery, as above.
    """
    return SpcResult([GapGroup(counts)], OPPOSITE[Improvement(improvement)], None)


class CountGroup(PointGroup):
    """Counts, whose variance is their mean. Counted in `figures` parts of one, mean and variance are whole numbers."""

    def __init__(self, counts: Sequence[int | None]) -> None:
        known = [count for count in counts if count is not None]
        self.values = counts
        self.figures, self.total = len(known), sum(known)
        self.has_limits = bool(known)

    def causes(self, start: int = 0) -> Sequence[SpecialCause]:
        counts = self.values[start:]
        distances = [None if count is None else count * self.figures - self.total for count in counts]
        zones = zones_by_squares(distances, repeat(self.total * self.figures))
        return special_causes(zones, step_signs(steps_between(counts)))

    def side_of(self, target: Exact) -> int:
        distance = target.numerator * self.figures - self.total * target.denominator
        return _side(distance, self.total * self.figures * target.denominator**2, is_below=target < 0)

    def in_full(self) -> tuple[Sequence[Exact | None], Sequence[Limits]]:
        limits = NO_LIMITS
        if self.figures:
            mean = Fraction(self.total, self.figures)
            limits = _around(mean, mean, self.figures)
        return self.values, [limits] * len(self.values)


class ShareGroup(PointGroup):
    """Shares of varying numbers: `total` cases of `of` altogether.

    Counted in parts of one over `of` times its own denominator, a share's distance from the pooled one is a whole
    number, and so is its variance.
    """

    def __init__(self, shares: Sequence[tuple[int, int] | None]) -> None:
        known = [share for share in shares if share is not None]
        self.values, self.figures = shares, len(known)
        self.total, self.of = map(sum, zip(*known, strict=True)) if known else (0, 0)
        self.has_limits = bool(known)
        self.variance = self.total * (self.of - self.total)

    def causes(self, start: int = 0) -> Sequence[SpecialCause]:
        shares, total, of = self.values[start:], self.total, self.of
        distances = [None if share is None else share[0] * of - share[1] * total for share in shares]
        variances = [0 if share is None else share[1] * self.variance for share in shares]
        return special_causes(zones_by_squares(distances, variances))

    def side_of(self, target: Exact) -> int:
        size = next(share[1] for share in reversed(self.values) if share is not None)
        hundred = 100 * target.denominator
        distance = (target.numerator * self.of - hundred * self.total) * size
        variance = self.variance * size * hundred**2
        return 1 if target > 100 else _side(distance, variance, is_below=target < 0)

    def in_full(self) -> tuple[Sequence[Exact | None], Sequence[Limits]]:
        pooled = Fraction(100 * self.total, self.of) if self.of else None
        values: list[Exact | None] = []
        limits = []
        for share in self.values:
            if pooled is None or share is None:
                values.append(None)
                limits.append(Limits(pooled, None, None, None, None, self.figures))
            else:
                values.append(Fraction(100 * share[0], share[1]))
                variance = pooled * (100 - pooled) / share[1]
                limits.append(_around(pooled, variance, self.figures, highest=Fraction(100)))
        return values, limits


class GapGroup(PointGroup):
    """The gaps between months with a case, and the one that is still open, which the limit doesn't rest on."""

    def __init__(self, counts: Sequence[int | None]) -> None:
        closed, still_open = gaps(counts)
        known = [gap for gap in closed if gap is not None]
        self.values = [*closed, *still_open]
        self.figures, self.total = len(known), sum(known)
        self.has_limits = bool(known and self.values)

    def causes(self, start: int = 0) -> Sequence[SpecialCause]:
        limit = LIMIT_SQUARED * self.total * (self.total + self.figures)
        found = []
        for gap in self.values[start:]:
            distance = 0 if gap is None else gap * self.figures - self.total
            is_beyond = distance > 0 and distance**2 > limit
            found.append(SpecialCause.ABOVE_LIMIT if is_beyond else SpecialCause.NONE)
        return found

    def side_of(self, target: Exact) -> int:
        raise NotImplementedError("A target of a count says nothing of the months between cases.")

    def in_full(self) -> tuple[Sequence[Exact | None], Sequence[Limits]]:
        limits = NO_LIMITS
        if self.figures:
            mean = Fraction(self.total, self.figures)
            limits = Limits(mean, None, mean + LIMIT * root(mean * (mean + 1)), None, None, self.figures)
        return self.values, [limits] * len(self.values)


def gaps(counts: Sequence[int | None]) -> tuple[list[int | None], list[int | None]]:
    """Months without a case between months with one; and since the latest, where there are any.

    A gap is None where one of its months is blank. Months before the first case are no gap.
    """
    cases = [place for place, count in enumerate(counts) if count]
    months = [counts[one + 1 : other] for one, other in pairwise([*cases, len(counts)])]
    lengths = [None if None in between else len(between) for between in months]
    return lengths[:-1], lengths[-1:] if months and months[-1] else []


def zones_by_squares(distances: Iterable[int | None], variances: Iterable[int]) -> str:
    """The zone of each point from its distance from the mean and its variance, in the same whole numbers."""
    letters = []
    for distance, variance in zip(distances, variances, strict=False):
        if not distance:
            letters.append(BLANK if distance is None else "m")
            continue
        square = distance * distance
        place = 0 if square <= NEAR_SQUARED * variance else 1 if square <= LIMIT_SQUARED * variance else 2
        letters.append("uhH"[place] if distance > 0 else "dlL"[place])
    return "".join(letters)


def _side(distance: int, variance: int, *, is_below: bool) -> int:
    """On which side of the limits; `is_below` what lies below the lowest that a limit can be."""
    if is_below:
        return -1
    return 0 if distance**2 <= LIMIT_SQUARED * variance else 1 if distance > 0 else -1


def _around(mean: Fraction, variance: Fraction, figures: int, highest: Fraction | None = None) -> Limits:
    deviation = root(variance)
    lower, near_lower = (max(Fraction(0), mean - times * deviation) for times in (LIMIT, NEAR_LIMIT))
    upper, near_upper = (mean + times * deviation for times in (LIMIT, NEAR_LIMIT))
    if highest is not None:
        upper, near_upper = min(upper, highest), min(near_upper, highest)
    return Limits(mean, lower, upper, near_lower, near_upper, figures)


def root(number: Fraction) -> Fraction:
    """The square root: exact where it is a fraction, otherwise cut off after twelve decimals."""
    square = number.numerator * number.denominator
    whole = math.isqrt(square)
    if whole * whole == square:
        return Fraction(whole, number.denominator)
    return Fraction(math.isqrt(number.numerator * PRECISION**2 // number.denominator), PRECISION)
