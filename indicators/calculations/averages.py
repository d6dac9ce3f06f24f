"""What is usual over a window of months: mean and maximum, and the range that a new figure is expected in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from .exact import Exact, magnitude

# Fewer figures say too little about what is usual.
FEWEST_FIGURES = 6
# The distance of the natural process limits of an XmR chart from the mean, in average moving ranges: 3 / 1.128.
LIMITS_IN_MOVING_RANGES = Fraction(266, 100)


class Summary(NamedTuple):
    """Mean and maximum of the figures there are, and how many months they rest on; neither where `suppressed`."""

    mean: Exact | None
    maximum: Exact | None
    months: int
    window: int
    suppressed: bool = False


def summarise(values: Sequence[Exact | None]) -> Summary:
    """Mean and maximum of `values`, in the indicator's unit, blanks (None) left out.

    For percentages this is the mean of the monthly percentages, not the pooled percentage, as
    the published scorecards have it (docs/methods.md). Both are None when every month is
    blank. `window` is the number of months looked at.
    """
    known = [value for value in values if value is not None]
    if not known:
        return Summary(None, None, 0, len(values))
    if {int}.issuperset(map(type, known)):
        return Summary(Fraction(sum(known), len(known)), Fraction(max(known)), len(known), len(values))
    # One common denominator keeps the sum in whole numbers: exact, and far cheaper than
    # adding fractions one by one.
    ratios = [value.as_integer_ratio() for value in known]
    common = math.lcm(*[bottom for _, bottom in ratios])
    scaled = [top * (common // bottom) for top, bottom in ratios]
    mean = Fraction(sum(scaled), common * len(known))
    return Summary(mean, Fraction(max(scaled), common), len(known), len(values))


class UsualRange(NamedTuple):
    """From lowest to highest, both still usual; in the indicator's unit."""

    low: Exact
    high: Exact

    def includes(self, value: Exact) -> bool:
        return self.low <= value <= self.high


def usual_range(
    earlier: Sequence[Exact | None], ceiling: Exact | None = None, floor: Exact | None = 0
) -> UsualRange | None:
    """The natural process limits of the earlier months, oldest first; None on fewer than six figures.

    Blanks (None) are left out. The lower end is not below `floor`, which is 0 but for figures that may be negative, and
    the upper one not above `ceiling`, as 100 where a percentage can't be more. Source: Wheeler, Understanding
    Variation; as NHS England's Making Data Count draws them.
    """
    known = [value for value in earlier if value is not None]
    if len(known) < FEWEST_FIGURES:
        return None
    ranges = [magnitude(later - before) for before, later in pairwise(known)]
    mean = Fraction(sum(known)) / len(known)
    reach = LIMITS_IN_MOVING_RANGES * Fraction(sum(ranges)) / len(ranges)
    high = mean + reach if ceiling is None else min(mean + reach, ceiling)
    return UsualRange(mean - reach if floor is None else max(mean - reach, Fraction(floor)), high)
