"""Mean and maximum over a window of months."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from .exact import Exact


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
