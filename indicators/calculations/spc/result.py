"""What a chart says, in words as enums with labels for people, and as its points with mean and limits.

The rules of Making Data Count say which points are more than usual variation. They read two short texts with one
letter a point: its zone, which is how it lies to mean and limits, and its step to the next point. A rule is a pattern
in such a text.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from operator import sub
from typing import Any, NamedTuple

from indicators.calculations.exact import Exact
from indicators.calculations.rating import Aim
from indicators.calculations.vocabulary import LabelledEnum, Polarity

# With fewer figures the limits still move a good deal with each new one.
FEWEST_FOR_FIRM_LIMITS = 13
# No rule looks further back from a point than this many points, itself included: runs and trends are of seven.
LONGEST_RULE = 7


class Improvement(LabelledEnum):
    """Which way the figure goes when things improve."""

    INCREASE = "increase", "Higher is better"
    DECREASE = "decrease", "Lower is better"
    NEUTRAL = "neutral", "Neither way is better"

    @classmethod
    def of(cls, polarity: Polarity) -> Improvement:
        """What the polarity says; close to target is good has no better side, so it is neutral."""
        return {Polarity.HIGH: cls.INCREASE, Polarity.LOW: cls.DECREASE}.get(polarity, cls.NEUTRAL)


class SpecialCause(LabelledEnum):
    """By which rule a point is more than usual variation."""

    NONE = "none", "Usual variation"
    ABOVE_LIMIT = "above_limit", "Above the upper limit"
    BELOW_LIMIT = "below_limit", "Below the lower limit"
    RISING = "rising", "One of at least 7 points that rise one after the other"
    FALLING = "falling", "One of at least 7 points that fall one after the other"
    NEAR_UPPER = "near_upper", "One of 2 in 3 points close to the upper limit"
    NEAR_LOWER = "near_lower", "One of 2 in 3 points close to the lower limit"
    RUN_ABOVE = "run_above", "One of at least 7 points in a row above the mean"
    RUN_BELOW = "run_below", "One of at least 7 points in a row below the mean"


class PointType(LabelledEnum):
    """What a point's special cause means where one direction is the better one."""

    COMMON_CAUSE = "common_cause", "Usual variation"
    IMPROVEMENT = "improvement", "Improvement"
    CONCERN = "concern", "Concern"
    NEUTRAL_HIGH = "neutral_high", "Unusually high"
    NEUTRAL_LOW = "neutral_low", "Unusually low"


class Variation(LabelledEnum):
    """What the latest point says, as the icon of Making Data Count does."""

    COMMON_CAUSE = "common_cause", "Usual variation: no significant change"
    IMPROVEMENT_HIGH = "improvement_high", "Improvement: higher than usual"
    IMPROVEMENT_LOW = "improvement_low", "Improvement: lower than usual"
    CONCERN_HIGH = "concern_high", "Concern: higher than usual"
    CONCERN_LOW = "concern_low", "Concern: lower than usual"
    NEUTRAL_HIGH = "neutral_high", "Higher than usual"
    NEUTRAL_LOW = "neutral_low", "Lower than usual"

    @property
    def is_high(self) -> bool:
        """Whether the point is higher than usual."""
        return self.value.endswith("_high")

    @property
    def unjudged(self) -> Variation:
        """The same without better or worse."""
        if self is Variation.COMMON_CAUSE:
            return self
        return Variation.NEUTRAL_HIGH if self.is_high else Variation.NEUTRAL_LOW


class Assurance(LabelledEnum):
    """Whether usual variation alone keeps the figure on one side of the target."""

    PASS = "pass", "Will meet the target unless something changes"
    FAIL = "fail", "Will miss the target unless something changes"
    INCONSISTENT = "inconsistent", "May meet or miss the target"


class Chart(LabelledEnum):
    """Which chart tells change from chance for a series."""

    XMR = "xmr", "XmR chart"
    C = "c", "c-chart (counts)"
    P = "p", "p-chart (shares)"
    G = "g", "g-chart (months between cases)"
    NONE = "none", "No chart, so no signal"


class Limits(NamedTuple):
    """Mean and limits in the indicator's unit; None where there are none.

    Those of an XmR chart are not cut off at 0 or 100%. `figures` is how many figures they rest on.
    """

    mean: Exact | None
    lower_limit: Exact | None
    upper_limit: Exact | None
    near_lower: Exact | None
    near_upper: Exact | None
    figures: int


NO_LIMITS = Limits(None, None, None, None, None, 0)


class SpcPoint(NamedTuple):
    """One point of a chart, in the indicator's unit.

    `value` is None for a blank. Mean and limits are None where there are none.
    """

    value: Exact | None
    mean: Exact | None
    lower_limit: Exact | None
    upper_limit: Exact | None
    near_lower: Exact | None
    near_upper: Exact | None
    special_cause: SpecialCause
    point_type: PointType


class PointGroup(ABC):
    """The points from one rebase to the next, judged in whole numbers.

    That is all a signal needs. Limits in the indicator's unit are fractions, and cost more than everything else, so
    they are worked out for those who ask. `values` are the points in the chart's own terms, None for a blank;
    `figures` is how many figures the limits rest on, `has_limits` whether there are any.
    """

    values: Sequence[Any]
    figures: int
    has_limits: bool
    is_seasonal = False

    @abstractmethod
    def causes(self, start: int = 0) -> Sequence[SpecialCause]:
        """The special cause of each point from a place on, as if no points were before it."""

    @abstractmethod
    def side_of(self, target: Exact) -> int:
        """1 for a target above the latest upper limit, -1 for one below the lower, else 0. Only where there are any."""

    @abstractmethod
    def in_full(self) -> tuple[Sequence[Exact | None], Sequence[Limits]]:
        """The value of each point, and its mean and limits, in the indicator's unit."""


class SpcResult:
    """A chart: what its latest point says, and all of its points.

    `cause` is that of the latest point; without any, it is usual variation. `assurance` is None without a
    target, and where neither way is better. `trial` is true where the latest mean and limits rest on
    fewer than 13 figures. `groups` are the points between rebases, `target` is in the indicator's unit. `is_seasonal`
    is whether the latest is judged against the shape of the year; `not_seasonal_because` says why that was asked for
    and could not be done.
    """

    def __init__(
        self,
        groups: Sequence[PointGroup],
        improvement: Improvement,
        target: Exact | Aim | None,
        *,
        not_seasonal_because: str = "",
    ) -> None:
        self.not_seasonal_because = not_seasonal_because
        self.is_seasonal = bool(groups) and groups[-1].is_seasonal
        self.groups = groups
        self.improvement = improvement
        group = groups[-1] if groups else None
        self.cause = SpecialCause.NONE
        if group and group.values:
            self.cause = group.causes(max(0, len(group.values) - LONGEST_RULE))[-1]
        self.variation: Variation = _VARIATIONS[improvement][self.cause]
        self.assurance: Assurance | None = None
        if isinstance(target, Aim) and len(target.ends) == 1 and (target.low is None or target.high is None):
            target = target.ends[0]
        if isinstance(target, Aim):
            self.assurance = _within(group, target, improvement)
        elif target is not None and improvement is not Improvement.NEUTRAL:
            side = group.side_of(target) if group and group.has_limits else 0
            fails = side > 0 if improvement is Improvement.INCREASE else side < 0
            self.assurance = Assurance.INCONSISTENT if not side else Assurance.FAIL if fails else Assurance.PASS
        self.trial = group is None or group.figures < FEWEST_FOR_FIRM_LIMITS

    @property
    def is_unusual_lately(self) -> bool:
        """Whether any of the latest points is unusual, as many as the longest rule looks at."""
        if not self.groups:
            return False
        latest = self.groups[-1]
        causes = latest.causes(max(0, len(latest.values) - 2 * LONGEST_RULE))
        return any(cause is not SpecialCause.NONE for cause in causes[-LONGEST_RULE:])

    @property
    def has_limits(self) -> bool:
        """Whether there are limits since the latest rebase. Without them no target can be judged."""
        return bool(self.groups) and self.groups[-1].has_limits

    @cached_property
    def points(self) -> tuple[SpcPoint, ...]:
        """Every point in order; made when first asked for, because a report of many lines asks for none."""
        points: list[SpcPoint] = []
        for group in self.groups:
            (values, limits), causes = group.in_full(), group.causes()
            lines = [*zip(*limits, strict=True)][:5]
            types = map(POINT_TYPES[self.improvement].__getitem__, causes)
            points += map(SpcPoint._make, zip(values, *lines, causes, types, strict=True))
        return tuple(points)


def _within(group: PointGroup | None, target: Aim, improvement: Improvement) -> Assurance | None:
    """Against a range: met as long as usual variation stays within it, missed as long as it stays out of it.

    A single figure that is to be hit exactly where neither way is better has no assurance, as before there were ranges.
    """
    low, high = target.ends[0], target.ends[-1]
    if low == high and improvement is Improvement.NEUTRAL:
        return None
    if not group or not group.has_limits:
        return Assurance.INCONSISTENT
    below, above = group.side_of(low), group.side_of(high)
    if below > 0 or above < 0:
        return Assurance.FAIL
    return Assurance.PASS if below < 0 < above else Assurance.INCONSISTENT


_HIGH = (SpecialCause.ABOVE_LIMIT, SpecialCause.RISING, SpecialCause.NEAR_UPPER, SpecialCause.RUN_ABOVE)


def _point_type(cause: SpecialCause, improvement: Improvement) -> PointType:
    if cause is SpecialCause.NONE:
        return PointType.COMMON_CAUSE
    is_high = cause in _HIGH
    if improvement is Improvement.NEUTRAL:
        return PointType.NEUTRAL_HIGH if is_high else PointType.NEUTRAL_LOW
    is_better = is_high == (improvement is Improvement.INCREASE)
    return PointType.IMPROVEMENT if is_better else PointType.CONCERN


# What each special cause means for each way of improving: as tables, for these are asked for every point.
POINT_TYPES = {way: {cause: _point_type(cause, way) for cause in SpecialCause} for way in Improvement}
_VARIATIONS = {
    way: {
        cause: Variation(
            f"{kind}_{'high' if cause in _HIGH else 'low'}"
            if kind in (PointType.IMPROVEMENT, PointType.CONCERN)
            else kind.value
        )
        for cause, kind in kinds.items()
    }
    for way, kinds in POINT_TYPES.items()
}


# The rules

# From the bottom: below the lower limit, near it, below the mean, on it, above it, near the upper limit, above that.
ZONES = "LldmuhH"
WITHOUT_LIMITS = "dmu"
BLANK = "."
UP, DOWN, NO_STEP = "+", "-", "="

# Three points on one side of the mean, two of them or all near the limit. One beyond the limit isn't near it.
_TWO_IN_THREE = (
    ("h", frozenset(("hhh", "hhu", "huh", "uhh", "hhH", "hHh", "Hhh")), SpecialCause.NEAR_UPPER),
    ("l", frozenset(("lll", "lld", "ldl", "dll", "llL", "lLl", "Lll")), SpecialCause.NEAR_LOWER),
)
_RUN = re.compile("(?P<above>[uhH]{7,})|[dlL]{7,}")
# Seven points are six steps.
_TREND = re.compile(r"\+{6,}|-{6,}")
_BEYOND = (("H", SpecialCause.ABOVE_LIMIT), ("L", SpecialCause.BELOW_LIMIT))


def steps_between(figures: Sequence[int | None]) -> Sequence[int | None]:
    """How far it is from each figure to the next; None from or to a blank."""
    if None not in figures:
        return list(map(sub, figures[1:], figures))
    return [None if one is None or other is None else other - one for one, other in pairwise(figures)]


def step_signs(steps: Iterable[int | None]) -> str:
    """The direction of each step. Neither a tie nor a step from or to a blank has one."""
    return "".join([NO_STEP if not step else UP if step > 0 else DOWN for step in steps])


def special_causes(zones: str, signs: str = "") -> list[SpecialCause]:
    """The special cause of each point of a group, by the first rule that it meets.

    `signs` are the directions of the steps between the points; without them there are no trends.
    """
    causes = [SpecialCause.NONE] * len(zones)
    # The last rule first, so that the ones before it have the last word.
    for run in _RUN.finditer(zones):
        cause = SpecialCause.RUN_ABOVE if run["above"] else SpecialCause.RUN_BELOW
        causes[run.start() : run.end()] = [cause] * len(run[0])
    for near, threes, cause in _TWO_IN_THREE:
        if zones.count(near) >= 2:
            for place in _two_in_three(zones, near, threes):
                causes[place] = cause
    trend = {place for found in _TREND.finditer(signs) for place in range(found.start(), found.end() + 1)}
    for place in trend:
        # The step to the next point decides while that is in a trend too, otherwise the step from the one before.
        step = signs[place] if place + 1 in trend else signs[place - 1]
        causes[place] = SpecialCause.RISING if step == UP else SpecialCause.FALLING
    for beyond, cause in _BEYOND:
        if beyond in zones:
            causes = [cause if letter == beyond else known for letter, known in zip(zones, causes, strict=True)]
    return causes


def _two_in_three(zones: str, near: str, threes: Collection[str]) -> Iterable[int]:
    """The places near the limit with another such one among three neighbours on one side of the mean."""
    for start in range(len(zones) - 2):
        if zones[start : start + 3] in threes:
            yield from (place for place in range(start, start + 3) if zones[place] == near)
