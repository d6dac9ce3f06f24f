"""Mean and process limits: of an XmR chart from the average moving range, in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from indicators.calculations.exact import Exact

# A limit lies 2.66 average moving ranges from the mean, a near limit two thirds of that. Both are whole numbers
# when they are counted in 150ths: 399 and 266.
IN_PARTS = 150
LIMIT = 399
NEAR_LIMIT = 266
# A moving range of 3.267 times the average or more is an outlier.
OUTLIER_THOUSANDTHS = 3267


class Limits(NamedTuple):
    """Mean and limits in the indicator's unit, not cut off at 0 or 100%; None where there are none.

    `figures` is how many figures they rest on.
    """

    mean: Exact | None
    lower_limit: Exact | None
    upper_limit: Exact | None
    near_lower: Exact | None
    near_upper: Exact | None
    figures: int


NO_LIMITS = Limits(None, None, None, None, None, 0)


class Spread(NamedTuple):
    """A mean, and how far from it the limits lie: whole numbers, all over the denominator `over`.

    `limit` and `near_limit` are None where there is no usable moving range.
    """

    mean: int
    limit: int | None
    near_limit: int | None
    over: int


def xmr_spread(figures: Sequence[int], steps: Sequence[int], *, screen: bool) -> Spread | None:
    """Mean and limits of figures from the steps between neighbouring ones; None without figures.

    With `screen`, moving ranges of 3.267 times their average or more are left out, once.
    """
    if not figures:
        return None
    count, total = len(figures), sum(figures)
    ranges = list(map(abs, steps))
    if screen:
        ranges = _without_outliers(ranges)
    if not ranges:
        return Spread(total, None, None, count)
    moved = sum(ranges) * count
    return Spread(IN_PARTS * total * len(ranges), LIMIT * moved, NEAR_LIMIT * moved, IN_PARTS * count * len(ranges))


def _without_outliers(ranges: list[int]) -> list[int]:
    bound, weight = OUTLIER_THOUSANDTHS * sum(ranges), 1000 * len(ranges)
    if ranges and max(ranges) * weight < bound:
        return ranges
    return [moved for moved in ranges if moved * weight < bound]


def as_limits(spread: Spread | None, scale: int, figures: int) -> Limits:
    """The spread of figures that were multiplied by `scale`, in the indicator's unit again."""
    if spread is None:
        return NO_LIMITS
    mean, limit, near, over = spread
    over *= scale
    if limit is None or near is None:
        return Limits(Fraction(mean, over), None, None, None, None, figures)
    return Limits(
        Fraction(mean, over),
        Fraction(mean - limit, over),
        Fraction(mean + limit, over),
        Fraction(mean - near, over),
        Fraction(mean + near, over),
        figures,
    )
