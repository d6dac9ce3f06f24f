"""The XmR chart of a series of monthly figures: mean, and limits from the average moving range, in whole numbers."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import cast

from indicators.calculations.exact import Exact
from indicators.calculations.rating import Aim

from .result import (
    BLANK,
    NO_LIMITS,
    WITHOUT_LIMITS,
    ZONES,
    Improvement,
    Limits,
    PointGroup,
    SpcResult,
    SpecialCause,
    special_causes,
    step_signs,
    steps_between,
)

# A limit lies 2.66 average moving ranges from the mean, a near limit two thirds of that. Both are whole numbers
# when they are counted in 150ths: 399 and 266.
IN_PARTS = 150
LIMIT = 399
NEAR_LIMIT = 266
# A moving range of 3.267 times the average or more is an outlier.
OUTLIER_THOUSANDTHS = 3267
FEWEST_TO_FIX = 12
WHOLE = frozenset((int, type(None)))


def analyse(
    values: Sequence[Exact | None],
    *,
    improvement: Improvement,
    target: Exact | Aim | None = None,
    rebase_at: Collection[int] = (),
    fix_after: int | None = None,
    screen: bool = True,
) -> SpcResult:
    """The XmR chart of `values`, one a month in order, in the indicator's unit.

    A blank (None) enters neither mean nor moving ranges, and breaks runs and trends. A new group
    with its own mean and limits begins at each place in `rebase_at`; places outside the series
    count for nothing. With `fix_after` the limits of a group rest on its first so many months.
    With `screen` outlying moving ranges are left out once. Source: NHS England, Making Data
    Count, as NHSRplotthedots 0.2.2 has it; docs/methods.md lists the differences.

    Raises ValueError when limits would be fixed after fewer than 12 months.
    """
    if fix_after is not None and fix_after < FEWEST_TO_FIX:
        raise ValueError(f"Limits can't be fixed after fewer than {FEWEST_TO_FIX} months.")
    improvement = Improvement(improvement)
    bounds = group_bounds(len(values), rebase_at)
    groups = [XmrGroup(values[start:end], fix_after=fix_after, screen=screen) for start, end in bounds]
    return SpcResult(groups, improvement, target)


def group_bounds(length: int, rebase_at: Collection[int]) -> list[tuple[int, int]]:
    """Where each group of a series of this length begins and ends; no groups in an empty one."""
    if not rebase_at:
        return [(0, length)] if length else []
    return list(pairwise(sorted({0, length, *(place for place in rebase_at if 0 < place < length)})))


def rebase_places(months: Sequence[date], rebases: Iterable[date]) -> list[int]:
    """Where new groups begin in a series of these months, oldest first, as `analyse` takes it.

    A group begins with the first of the months that is not before its rebase.
    """
    firsts = (sum(month < rebase for month in months) for rebase in rebases)
    return sorted({place for place in firsts if 0 < place < len(months)})


class XmrGroup(PointGroup):
    """The points between two rebases, all with the same mean and limits.

    The figures are multiplied by their common denominator. Mean and the distances of the limits from it are whole
    numbers too, over the denominator `over`; no limits where there is no usable moving range.
    """

    def __init__(self, values: Sequence[Exact | None], *, fix_after: int | None = None, screen: bool = True) -> None:
        self.values = values
        self.whole, self.scale = figures, _ = _whole(values)
        self.steps = steps = steps_between(figures)
        known = [figure for figure in figures[:fix_after] if figure is not None]
        fixed = steps if fix_after is None else steps[: fix_after - 1]
        ranges = [abs(step) for step in fixed if step is not None]
        if screen and ranges:
            # Over one denominator: whole numbers. Most series have no outliers.
            bound, weight = OUTLIER_THOUSANDTHS * sum(ranges), 1000 * len(ranges)
            if max(ranges) * weight >= bound:
                ranges = [moved for moved in ranges if moved * weight < bound]
        self.figures = count = len(known)
        self.has_limits = bool(known and ranges)
        parts, moved = (IN_PARTS * len(ranges), sum(ranges) * count) if ranges else (1, 0)
        self.mean, self.over = parts * sum(known), parts * count
        self.limit, self.near_limit = LIMIT * moved, NEAR_LIMIT * moved

    def causes(self, start: int = 0) -> Sequence[SpecialCause]:
        figures, signs = self.whole[start:], step_signs(self.steps[start:])
        mean, over = self.mean, self.over
        if not self.figures:
            return special_causes(BLANK * len(figures), signs)
        # At least a bound is at least the bound rounded up; more than it is at least the next one after rounding down.
        edges, letters = [-(-mean // over), mean // over + 1], WITHOUT_LIMITS
        if self.has_limits:
            bottom = [-((self.limit - mean) // over), -((self.near_limit - mean) // over)]
            edges = [*bottom, *edges, (mean + self.near_limit) // over + 1, (mean + self.limit) // over + 1]
            letters = ZONES
        zones = [BLANK if figure is None else letters[bisect_right(edges, figure)] for figure in figures]
        return special_causes("".join(zones), signs)

    def side_of(self, target: Exact) -> int:
        distance = target.numerator * self.scale * self.over - self.mean * target.denominator
        limit = self.limit * target.denominator
        return (distance > limit) - (distance < -limit)

    def in_full(self) -> tuple[Sequence[Exact | None], Sequence[Limits]]:
        mean, over = self.mean, self.over * self.scale
        if not self.figures:
            found = NO_LIMITS
        elif not self.has_limits:
            found = Limits(Fraction(mean, over), None, None, None, None, self.figures)
        else:
            found = Limits(
                Fraction(mean, over),
                Fraction(mean - self.limit, over),
                Fraction(mean + self.limit, over),
                Fraction(mean - self.near_limit, over),
                Fraction(mean + self.near_limit, over),
                self.figures,
            )
        return self.values, [found] * len(self.values)


def _whole(values: Sequence[Exact | None]) -> tuple[Sequence[int | None], int]:
    """The values as whole numbers, and what they were multiplied by for that."""
    if WHOLE.issuperset(map(type, values)):
        return cast("Sequence[int | None]", values), 1
    ratios = [None if value is None else value.as_integer_ratio() for value in values]
    scale = math.lcm(*[ratio[1] for ratio in ratios if ratio is not None])
    return [None if ratio is None else ratio[0] * (scale // ratio[1]) for ratio in ratios], scale
