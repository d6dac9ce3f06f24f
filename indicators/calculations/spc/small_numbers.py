"""Charts for small numbers: c for counts, p for shares of varying numbers, g for months between rare cases.

Their limits follow from the average alone, by what chance does to counts; those of the XmR chart from the variation
that was seen. A square root that is no fraction is cut off after twelve decimals.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from indicators.calculations.exact import Exact

from .causes import special_causes, step_signs, steps_between, zone
from .limits import NO_LIMITS, Limits
from .result import SpcGroup, SpcResult, conclude
from .words import Improvement, SpecialCause

PRECISION = 10**12
OPPOSITE = {
    Improvement.INCREASE: Improvement.DECREASE,
    Improvement.DECREASE: Improvement.INCREASE,
    Improvement.NEUTRAL: Improvement.NEUTRAL,
}


def count_chart(counts: Sequence[int | None], *, improvement: Improvement, target: Exact | None = None) -> SpcResult:
    """The c-chart of monthly counts, judged by the same four rules as the XmR chart.

    Limits are the mean -/+ 3 times its square root, near limits 2 times, neither below 0. A blank
    (None) is left out and breaks runs and trends. Source: Montgomery, Introduction to Statistical
    Quality Control, chapter 7.
    """
    known = [count for count in counts if count is not None]
    limits = NO_LIMITS
    if known:
        mean = Fraction(sum(known), len(known))
        limits = _around(mean, mean, len(known))
    signs = step_signs(steps_between(counts))
    return _conclude(counts, [limits] * len(counts), signs, improvement, target)


def share_chart(
    shares: Sequence[tuple[int, int] | None], *, improvement: Improvement, target: Exact | None = None
) -> SpcResult:
    """The p-chart of monthly shares, each so many cases of so many, as percentages.

    The mean is the pooled percentage p. Each month has limits of its own, p -/+ 3 √(p (100 - p) /
    denominator), and near limits with 2, within 0 and 100. A blank (None) is left out and breaks
    runs. There is no trend rule, for points of different weight make no trend. Source: Montgomery,
    as above; for the trend rule Pyzdek and Keller, The Handbook for Quality Management, chapter 9.
    """
    known = [share for share in shares if share is not None]
    pooled = Fraction(100 * sum(top for top, _ in known), sum(bottom for _, bottom in known)) if known else None
    values = [None if share is None else Fraction(100 * share[0], share[1]) for share in shares]
    limits = [_share_limits(pooled, share, len(known)) for share in shares]
    return _conclude(values, limits, "", improvement, target)


def gap_chart(counts: Sequence[int | None], *, improvement: Improvement) -> SpcResult:
    """The g-chart of a rare count: how many months without a case lie between two months with one.

    Each point is such a gap, not a month, and the only rule is the upper limit: the mean + 3
    √(mean (mean + 1)). The months since the latest case are the last point; being open, they
    don't enter the mean. `improvement` is that of the count, so a long gap means improvement
    where lower is better. Source: Benneyan, Number-between g-type statistical quality control
    charts, Health Care Management Science 4 (2001); Montgomery, as above.
    """
    closed, still_open = gaps(counts)
    known = [gap for gap in closed if gap is not None]
    limits = NO_LIMITS
    if known:
        mean = Fraction(sum(known), len(known))
        limits = Limits(mean, None, mean + 3 * root(mean * (mean + 1)), None, None, len(known))
    values = [*closed, *still_open]
    causes = [SpecialCause.ABOVE_LIMIT if zone(gap, limits) == "H" else SpecialCause.NONE for gap in values]
    group = SpcGroup(tuple(values), (limits,) * len(values), tuple(causes))
    return conclude([group], OPPOSITE[Improvement(improvement)], None)


def gaps(counts: Sequence[int | None]) -> tuple[list[int | None], list[int | None]]:
    """Months without a case between months with one; and since the latest, where there are any.

    A gap is None where one of its months is blank. Months before the first case are no gap.
    """
    cases = [place for place, count in enumerate(counts) if count]
    closed = [_length(counts[one + 1 : other]) for one, other in pairwise(cases)]
    rest = counts[cases[-1] + 1 :] if cases else ()
    return closed, [_length(rest)] if rest else []


def _length(months: Sequence[int | None]) -> int | None:
    return None if None in months else len(months)


def _share_limits(pooled: Fraction | None, part: tuple[int, int] | None, figures: int) -> Limits:
    if pooled is None or part is None:
        return Limits(pooled, None, None, None, None, figures)
    return _around(pooled, pooled * (100 - pooled) / part[1], figures, highest=100)


def _around(mean: Fraction, variance: Fraction, figures: int, highest: int | None = None) -> Limits:
    deviation = root(variance)
    lower, near_lower = (max(Fraction(0), mean - times * deviation) for times in (3, 2))
    upper, near_upper = (mean + times * deviation for times in (3, 2))
    if highest is not None:
        upper, near_upper = min(upper, Fraction(highest)), min(near_upper, Fraction(highest))
    return Limits(mean, lower, upper, near_lower, near_upper, figures)


def _conclude(
    values: Sequence[Exact | None],
    limits: Sequence[Limits],
    signs: str,
    improvement: Improvement,
    target: Exact | None,
) -> SpcResult:
    zones = "".join([zone(value, own) for value, own in zip(values, limits, strict=True)])
    group = SpcGroup(tuple(values), tuple(limits), tuple(special_causes(zones, signs)))
    return conclude([group], Improvement(improvement), target)


def root(number: Fraction) -> Fraction:
    """The square root: exact where it is a fraction, otherwise cut off after twelve decimals."""
    square = number.numerator * number.denominator
    whole = math.isqrt(square)
    if whole * whole == square:
        return Fraction(whole, number.denominator)
    return Fraction(math.isqrt(number.numerator * PRECISION**2 // number.denominator), PRECISION)
