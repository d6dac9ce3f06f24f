"""The rules of Making Data Count: which points are more than usual variation.

They read two short texts with one letter a point: its zone, which is how it lies to mean and limits, and its step to
the next point. A rule is a pattern in such a text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from operator import sub

from .result import SpecialCause

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
