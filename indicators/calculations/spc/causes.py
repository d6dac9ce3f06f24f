"""The rules of Making Data Count: which points are more than usual variation.

They read two short texts with one letter a point: its zone, which is how it lies to mean and limits, and its step to
the next point. A rule is a pattern in such a text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import TypeVar

from indicators.calculations.exact import Exact

from .limits import Limits, Spread
from .words import SpecialCause

T = TypeVar("T", int, Exact)
# From the bottom: below the lower limit, near it, below the mean, on it, above it, near the upper limit, above that.
ZONES = "LldmuhH"
WITHOUT_LIMITS = "dmu"
BLANK = "."
UP, DOWN, NO_STEP = "+", "-", "="

_NONE = SpecialCause.NONE
# Three points on one side of the mean, two of them or all near the limit. One beyond the limit isn't near it.
_TWO_IN_THREE = (
    ("h", frozenset(("hhh", "hhu", "huh", "uhh", "hhH", "hHh", "Hhh")), SpecialCause.NEAR_UPPER),
    ("l", frozenset(("lll", "lld", "ldl", "dll", "llL", "lLl", "Lll")), SpecialCause.NEAR_LOWER),
)
_RUN = re.compile("(?P<above>[uhH]{7,})|[dlL]{7,}")
# Seven points are six steps.
_TREND = re.compile(r"\+{6,}|-{6,}")
_BEYOND = (("H", SpecialCause.ABOVE_LIMIT), ("L", SpecialCause.BELOW_LIMIT))


def zones(figures: Iterable[int | None], spread: Spread | None) -> str:
    """The zone of each figure. Figures and spread are in the same whole numbers."""
    if spread is None:
        return "".join([BLANK for _ in figures])
    edges, letters = _edges(spread)
    return "".join([BLANK if figure is None else letters[bisect_right(edges, figure)] for figure in figures])


def _edges(spread: Spread) -> tuple[list[int], str]:
    """The lowest whole number in each zone but the bottom one, and the zones' letters."""
    mean, limit, near, over = spread
    # At least the bound is at least the bound rounded up; more than it is at least the next one after rounding down.
    middle = [-(-mean // over), mean // over + 1]
    if limit is None or near is None:
        return middle, WITHOUT_LIMITS
    bottom = [-((limit - mean) // over), -((near - mean) // over)]
    return [*bottom, *middle, (mean + near) // over + 1, (mean + limit) // over + 1], ZONES


def zone(value: Exact | None, limits: Limits) -> str:
    """The zone of one value against limits of its own. Slower than `zones`."""
    mean, lower, upper, near_lower, near_upper, _ = limits
    if value is None or mean is None:
        return BLANK
    if upper is not None and value > upper:
        return "H"
    if lower is not None and value < lower:
        return "L"
    if near_upper is not None and value > near_upper:
        return "h"
    if near_lower is not None and value < near_lower:
        return "l"
    return "u" if value > mean else "d" if value < mean else "m"


def steps_between(values: Sequence[T | None]) -> list[T | None]:
    """How far it is from each value to the next; None from or to a blank."""
    return [None if one is None or other is None else other - one for one, other in pairwise(values)]


def step_signs(steps: Iterable[Exact | None]) -> str:
    """The direction of each step. Neither a tie nor a step from or to a blank has one."""
    return "".join([NO_STEP if not step else UP if step > 0 else DOWN for step in steps])


def special_causes(zones: str, signs: str = "") -> list[SpecialCause]:
    """The special cause of each point of a group, by the first rule that it meets.

    `signs` are the directions of the steps between the points; without them there are no trends.
    """
    causes = [_NONE] * len(zones)
    # The last rule first, so that the ones before it have the last word.
    for run in _RUN.finditer(zones):
        cause = SpecialCause.RUN_ABOVE if run["above"] else SpecialCause.RUN_BELOW
        causes[run.start() : run.end()] = [cause] * len(run[0])
    for near, threes, cause in _TWO_IN_THREE:
        if zones.count(near) >= 2:
            _mark(causes, _two_in_three(zones, near, threes), cause)
    trend = {place for found in _TREND.finditer(signs) for place in range(found.start(), found.end() + 1)}
    for place in trend:
        causes[place] = _trend_cause(place, trend, signs)
    for beyond, cause in _BEYOND:
        if beyond in zones:
            _mark(causes, (place for place, letter in enumerate(zones) if letter == beyond), cause)
    return causes


def _mark(causes: list[SpecialCause], places: Iterable[int], cause: SpecialCause) -> None:
    for place in places:
        causes[place] = cause


def _two_in_three(zones: str, near: str, threes: Collection[str]) -> Iterable[int]:
    """The places near the limit with another such one among three neighbours on one side of the mean."""
    for start in range(len(zones) - 2):
        if zones[start : start + 3] in threes:
            yield from (place for place in range(start, start + 3) if zones[place] == near)


def _trend_cause(place: int, trend: Collection[int], signs: str) -> SpecialCause:
    """The step to the next point decides while that is in a trend too, otherwise the step from the one before."""
    step = signs[place] if place + 1 in trend else signs[place - 1]
    return SpecialCause.RISING if step == UP else SpecialCause.FALLING
