"""What the last months make usual, to ask whether a new figure was typed right."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from .exact import Exact, magnitude

# Fewer figures say too little about what is usual.
FEWEST_FIGURES = 6
# The distance of the natural process limits of an XmR chart from the mean, in average moving ranges: 3 / 1.128.
LIMITS_IN_MOVING_RANGES = Fraction(266, 100)


class UsualRange(NamedTuple):
    """From lowest to highest, both still usual; in the indicator's unit."""

    low: Exact
    high: Exact

    def includes(self, value: Exact) -> bool:
        return self.low <= value <= self.high


def usual_range(earlier: Sequence[Exact | None], ceiling: Exact | None = None) -> UsualRange | None:
    """The natural process limits of the earlier months, oldest first; None on fewer than six figures.

    Blanks (None) are left out. The lower end is not below 0, for no figure is, and the upper one not above
    `ceiling`, as 100 where a percentage can't be more. Source: Wheeler, Understanding
    Variation; as NHS England's Making Data Count draws them.
    """
    known = [value for value in earlier if value is not None]
    if len(known) < FEWEST_FIGURES:
        return None
    ranges = [magnitude(later - before) for before, later in pairwise(known)]
    mean = Fraction(sum(known)) / len(known)
    reach = LIMITS_IN_MOVING_RANGES * Fraction(sum(ranges)) / len(ranges)
    high = mean + reach if ceiling is None else min(mean + reach, ceiling)
    return UsualRange(max(mean - reach, Fraction(0)), high)
