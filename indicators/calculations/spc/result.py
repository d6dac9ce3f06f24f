"""A chart as others read it: its points in groups, and what the latest one says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from indicators.calculations.exact import Exact

from .limits import NO_LIMITS, Limits
from .words import Assurance, Improvement, PointType, SpecialCause, Variation

# With fewer figures the limits still move a good deal with each new one.
FEWEST_FOR_FIRM_LIMITS = 13
_HIGH = frozenset(
    (SpecialCause.ABOVE_LIMIT, SpecialCause.RISING, SpecialCause.NEAR_UPPER, SpecialCause.RUN_ABOVE),
)


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


class SpcGroup(NamedTuple):
    """The points from one rebase to the next: for each its value, its limits and its special cause."""

    values: tuple[Exact | None, ...]
    limits: tuple[Limits, ...]
    causes: tuple[SpecialCause, ...]


@dataclass(frozen=True)
class SpcResult:
    """A chart: what its latest point says, and all of its points.

    `assurance` is None without a target, and where neither way is better. `trial` is true where
    the latest mean and limits rest on fewer than 13 figures.
    """

    variation: Variation
    assurance: Assurance | None
    trial: bool
    improvement: Improvement
    groups: tuple[SpcGroup, ...]

    @property
    def has_limits(self) -> bool:
        """Whether there are limits since the latest rebase. Without them no target can be judged."""
        return _latest_limits(self.groups).upper_limit is not None

    @cached_property
    def points(self) -> tuple[SpcPoint, ...]:
        """Every point in order; made when first asked for, because a report of many lines asks for few."""
        points: list[SpcPoint] = []
        for values, limits, causes in self.groups:
            lines = [*zip(*limits, strict=True)][:5]
            types = map(_POINT_TYPES[self.improvement].__getitem__, causes)
            points += map(SpcPoint._make, zip(values, *lines, causes, types, strict=True))
        return tuple(points)


def _point_type(cause: SpecialCause, improvement: Improvement) -> PointType:
    if cause is SpecialCause.NONE:
        return PointType.COMMON_CAUSE
    is_high = cause in _HIGH
    if improvement is Improvement.NEUTRAL:
        return PointType.NEUTRAL_HIGH if is_high else PointType.NEUTRAL_LOW
    is_better = is_high == (improvement is Improvement.INCREASE)
    return PointType.IMPROVEMENT if is_better else PointType.CONCERN


def _latest_limits(groups: Sequence[SpcGroup]) -> Limits:
    """Those of the latest point of the latest group that has any: a blank has none where each point has its own."""
    of_points = reversed(groups[-1].limits) if groups else ()
    return next((limits for limits in of_points if limits.upper_limit is not None), NO_LIMITS)


def _variation(cause: SpecialCause, improvement: Improvement) -> Variation:
    kind = _point_type(cause, improvement)
    if kind in {PointType.IMPROVEMENT, PointType.CONCERN}:
        return Variation(f"{kind}_{'high' if cause in _HIGH else 'low'}")
    return Variation(kind)


# What each special cause means for each way of improving: as tables, for these are asked for every point.
_POINT_TYPES = {way: {cause: _point_type(cause, way) for cause in SpecialCause} for way in Improvement}
_VARIATIONS = {way: {cause: _variation(cause, way) for cause in SpecialCause} for way in Improvement}


def conclude(groups: Sequence[SpcGroup], improvement: Improvement, target: Exact | None) -> SpcResult:
    """What the latest point of the groups says; without any, usual variation and trial limits."""
    has_points = bool(groups and groups[-1].causes)
    cause = groups[-1].causes[-1] if has_points else SpecialCause.NONE
    figures = groups[-1].limits[-1].figures if has_points else 0
    return SpcResult(
        _VARIATIONS[improvement][cause],
        _assurance(_latest_limits(groups), improvement, target),
        figures < FEWEST_FOR_FIRM_LIMITS,
        improvement,
        tuple(groups),
    )


def _assurance(limits: Limits, improvement: Improvement, target: Exact | None) -> Assurance | None:
    if target is None or improvement is Improvement.NEUTRAL:
        return None
    higher_is_better = improvement is Improvement.INCREASE
    if limits.upper_limit is not None and target > limits.upper_limit:
        return Assurance.FAIL if higher_is_better else Assurance.PASS
    if limits.lower_limit is not None and target < limits.lower_limit:
        return Assurance.PASS if higher_is_better else Assurance.FAIL
    return Assurance.INCONSISTENT
