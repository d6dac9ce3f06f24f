"""The XmR chart of a series of monthly figures."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import cast

from indicators.calculations.exact import Exact

from .causes import special_causes, step_signs, steps_between, zones
from .limits import Limits, as_limits, xmr_spread
from .result import SpcGroup, SpcResult, conclude
from .words import Improvement, SpecialCause

FEWEST_TO_FIX = 12
_WHOLE = frozenset((int, type(None)))


def analyse(
    values: Sequence[Exact | None],
    *,
    improvement: Improvement,
    target: Exact | None = None,
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
    figures, scale = _whole(values)
    groups = []
    for start, end in group_bounds(len(values), rebase_at):
        limits, causes = _judge(figures[start:end], scale, fix_after, screen=screen)
        groups.append(SpcGroup(tuple(values[start:end]), (limits,) * len(causes), tuple(causes)))
    return conclude(groups, improvement, target)


def group_bounds(length: int, rebase_at: Collection[int]) -> list[tuple[int, int]]:
    """Where each group of a series of this length begins and ends; no groups in an empty one."""
    return list(pairwise(sorted({0, length, *(place for place in rebase_at if 0 < place < length)})))


def rebase_places(months: Sequence[date], rebases: Iterable[date]) -> list[int]:
    """Where new groups begin in a series of these months, oldest first, as `analyse` takes it.

    A group begins with the first of the months that is not before its rebase.
    """
    firsts = (sum(month < rebase for month in months) for rebase in rebases)
    return sorted({place for place in firsts if 0 < place < len(months)})


def _whole(values: Sequence[Exact | None]) -> tuple[Sequence[int | None], int]:
    """The values as whole numbers, and what they were multiplied by for that."""
    if _WHOLE.issuperset(map(type, values)):
        return cast("Sequence[int | None]", values), 1
    scale = math.lcm(*[value.denominator for value in values if value is not None])
    return [None if value is None else value.numerator * (scale // value.denominator) for value in values], scale


def _judge(
    figures: Sequence[int | None], scale: int, fix_after: int | None, *, screen: bool
) -> tuple[Limits, list[SpecialCause]]:
    """Limits and special causes of a group of points that were multiplied by `scale`."""
    steps = steps_between(figures)
    resting_on = [figure for figure in figures[:fix_after] if figure is not None]
    fixed = steps if fix_after is None else steps[: fix_after - 1]
    spread = xmr_spread(resting_on, [step for step in fixed if step is not None], screen=screen)
    causes = special_causes(zones(figures, spread), step_signs(steps))
    return as_limits(spread, scale, len(resting_on)), causes
