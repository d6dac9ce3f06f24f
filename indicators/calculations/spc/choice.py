"""Which chart is sound for a series: XmR misleads where a count is small and often 0."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from operator import gt
from typing import NamedTuple, cast

from indicators.calculations.exact import Exact, magnitude
from indicators.calculations.figures import Figure
from indicators.calculations.rating import Aim
from indicators.calculations.units import OF_CASES, kind_of
from indicators.calculations.vocabulary import Unit

from .result import Chart, Improvement, PointGroup, SpcResult, SpecialCause, steps_between
from .small_numbers import OPPOSITE, CountGroup, GapGroup, ShareGroup
from .xmr import WHOLE, XmrGroup, group_bounds

# Where each of these comes from stands in docs/methods.md. A quarter: of the figures at an end, and of the average
# denominator that one may be away from it.
ONE_IN = 4
# As many as the warnings before sending ask for: with fewer no figure can be called unusual, whatever it is.
FEWEST_FIGURES = 6
# Of fewer times between cases chance alone would make a signal of every fifth to tenth month.
FEWEST_GAPS = 3
# A count or a rate is one of few cases below this many on average.
FEW_CASES = 5
# Where nearly all figures are the same, the latest is only unusual by at least a tenth of them.
STANDS_OUT_FROM = 10
# Fewer than four moving ranges (0, 1, 2, 3) are possible within 3.267 times an average one below 3 / 3.267.
CHUNKY_BELOW, CHUNKY_PARTS = 3000, 3267
LARGE_FROM = 1000

Counts = Sequence[int | None]
Shares = Sequence[tuple[int, int] | None]


class ChartChoice(NamedTuple):
    """The chart that is sound for a series, and why, as a sentence for people."""

    chart: Chart
    because: str


XMR = ChartChoice(Chart.XMR, "The figures vary enough to show by themselves what is usual.")
C = ChartChoice(Chart.C, "The counts are small and hardly vary, so what is usual follows from their average.")
P = ChartChoice(Chart.P, "The percentages rest on very different numbers, so each one has limits of its own.")
G = ChartChoice(
    Chart.G,
    "There is never more than one case at a time and often none, so the time between one case and the next is looked "
    "at.",
)
NO_FIGURES = ChartChoice(Chart.NONE, "There are fewer than two figures in the months looked at.")
TOO_FEW = ChartChoice(Chart.NONE, f"There are fewer than {FEWEST_FIGURES} figures in the months looked at.")
TOO_FEW_SINCE = ChartChoice(
    Chart.NONE, f"There are fewer than {FEWEST_FIGURES} figures since what is usual began afresh."
)
ALL_THE_SAME = ChartChoice(Chart.NONE, "All figures are the same, so none can be unusual yet.")
TOO_RARE = ChartChoice(
    Chart.NONE,
    "More than a quarter of the figures are 0, so no chart of them is sound; one would need the dates of the cases.",
)
MANY_ZEROS = ChartChoice(
    Chart.NONE,
    "More than a quarter of the figures are 0, which is as low as they can be, so no chart of them is sound.",
)
AT_AN_END = ChartChoice(
    Chart.NONE,
    "More than a quarter of the figures are 0% or 100%, where a percentage can’t go further, so no chart of them is "
    "sound.",
)
TOO_FEW_CASES = ChartChoice(
    Chart.NONE,
    f"The rate rests on fewer than {FEW_CASES} cases on average, and they hardly vary: too few for limits of a rate.",
)
HARDLY_DIFFER = ChartChoice(
    Chart.NONE,
    "Nearly all figures are the same as the one before, so there is no usual variation to compare with.",
)
STANDS_OUT = ChartChoice(Chart.XMR, "Nearly all figures were the same before, so one that is far from them is unusual.")
TOO_FEW_GAPS = ChartChoice(
    Chart.NONE,
    f"There are fewer than {FEWEST_GAPS} known times between one case and the next, too few to tell how long is usual.",
)


def choose_chart(figures: Sequence[Figure], unit: Unit, *, is_signed: bool = False) -> ChartChoice:
    """The chart that is sound for `figures`, one a month in order, with blanks left out.

    Numerators and denominators are used where the figures have them. Only XmR is sound where figures can be negative
    (`is_signed`): the other charts are of cases, and 0 is no end there. Sources of the thresholds: docs/methods.md.
    """
    return _choose(figures, unit, is_signed=is_signed)[0]


def draw_chart(
    figures: Sequence[Figure],
    unit: Unit,
    *,
    improvement: Improvement,
    target: Exact | Aim | None = None,
    rebase_at: Collection[int] = (),
    is_signed: bool = False,
) -> tuple[ChartChoice, SpcResult | None]:
    """The chart that is sound for the figures since the latest rebase, drawn; None where none is.

    Only an XmR chart also shows the groups before. A g-chart has gaps between cases for points
    instead of months, and judges no target. What the latest point says costs little; the points
    with their limits are only worked out for those who ask for them.
    """
    bounds = group_bounds(len(figures), rebase_at)
    since = figures[bounds[-1][0] :] if rebase_at and bounds else figures
    choice, latest = _choose(since, unit, is_signed=is_signed)
    if latest is None:
        return choice, None
    if choice is G:
        return choice, SpcResult([latest], OPPOSITE[improvement], None)
    before: list[PointGroup] = []
    if choice.chart is Chart.XMR:
        before = [XmrGroup([figure.value for figure in figures[start:end]]) for start, end in bounds[:-1]]
    return choice, SpcResult([*before, latest], improvement, target)


def examine(
    figures: Sequence[Figure],
    unit: Unit,
    *,
    improvement: Improvement,
    target: Exact | Aim | None = None,
    rebase_at: Collection[int] = (),
    is_signed: bool = False,
) -> tuple[ChartChoice, SpcResult | None]:
    """What `draw_chart` draws, unless it rests on too little: then the choice says so, and nothing is drawn.

    From fewer than six figures no chart can find one unusual, so that nothing was found says nothing either.
    """
    choice, result = draw_chart(
        figures, unit, improvement=improvement, target=target, rebase_at=rebase_at, is_signed=is_signed
    )
    start = max((place for place in rebase_at if 0 < place < len(figures)), default=0)
    is_few = sum(figure.value is not None for figure in figures[start:]) < FEWEST_FIGURES
    is_told = choice is NO_FIGURES and not start
    if is_few and not is_told and (choice is NO_FIGURES or (result and result.cause is SpecialCause.NONE)):
        return (TOO_FEW_SINCE if start else TOO_FEW), None
    if choice is G and result is not None and result.groups[-1].figures < FEWEST_GAPS:
        return TOO_FEW_GAPS, None
    return choice, result


def _choose(figures: Sequence[Figure], unit: Unit, *, is_signed: bool) -> tuple[ChartChoice, PointGroup | None]:
    """The choice, and the figures as points of that chart."""
    if not figures:
        return NO_FIGURES, None
    values, _, _, tops, bottoms, _ = zip(*figures, strict=True)
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return NO_FIGURES, None
    if all(value == known[0] for value in known):
        return ALL_THE_SAME, None
    if is_signed:
        return _choose_xmr(values, known, unit)
    if unit is Unit.PERCENTAGE:
        return _choose_for_shares(values, known, _shares(tops, bottoms))
    if kind_of(unit) not in OF_CASES:
        # Money, time and scores are measured, not counted.
        return (MANY_ZEROS, None) if ONE_IN * known.count(0) > len(known) else _choose_xmr(values, known, unit)
    counts = _counts(values, tops, unit)
    if ONE_IN * known.count(0) > len(known):
        is_one_at_most = counts is not None and {0, 1, None}.issuperset(counts)
        return (G, GapGroup(counts)) if counts is not None and is_one_at_most else (TOO_RARE, None)
    if counts is not None and _are_few(counts) and _are_chunky(counts):
        return (C, CountGroup(counts)) if unit is Unit.COUNT else (TOO_FEW_CASES, None)
    return _choose_xmr(values, known, unit)


def _choose_xmr(
    values: Sequence[Exact | None], known: Sequence[Exact], unit: Unit
) -> tuple[ChartChoice, PointGroup | None]:
    """The XmR chart, unless its limits have no width: then every figure but the mean itself would be beyond them."""
    group = XmrGroup(values)
    if group.has_limits and not group.limit:
        return (STANDS_OUT, group) if _stands_out(known, unit) else (HARDLY_DIFFER, None)
    return XMR, group


def _stands_out(known: Sequence[Exact], unit: Unit) -> bool:
    """Whether the latest is outside all before it, and by more than one case, or one figure, more or less can be."""
    *before, latest = known
    nearest = max(before) if latest > max(before) else min(before)
    apart = magnitude(latest - nearest)
    is_outside = not min(before) <= latest <= max(before)
    return (
        is_outside and STANDS_OUT_FROM * apart >= magnitude(nearest) and (unit is not Unit.COUNT or apart >= FEW_CASES)
    )


def _choose_for_shares(
    values: Sequence[Exact | None], known: Sequence[Exact], shares: Shares | None
) -> tuple[ChartChoice, PointGroup | None]:
    parts = [share for share in shares if share is not None] if shares else []
    has_parts = len(parts) == len(known)
    # Whole numbers are compared five times as fast as fractions.
    ends = [top in (0, bottom) for top, bottom in parts] if has_parts else [value in (0, 100) for value in known]
    if ONE_IN * sum(ends) > len(known):
        return AT_AN_END, None
    if shares and has_parts:
        # Shares whose denominators differ a good deal from their average, and aren't all large.
        tops, bottoms = zip(*parts, strict=True)
        total, count = sum(bottoms), len(bottoms)
        are_small_shares = total < LARGE_FROM * count and not any(map(gt, tops, bottoms))
        if are_small_shares and any(ONE_IN * abs(bottom * count - total) > total for bottom in bottoms):
            return P, ShareGroup(shares)
    return _choose_xmr(values, known, Unit.PERCENTAGE)


def _counts(values: Sequence[Exact | None], tops: Sequence[Exact | None], unit: Unit) -> Counts | None:
    """What was counted each month; None where it isn't known, or isn't whole."""
    if unit is Unit.COUNT:
        return _whole(values)
    if any(top is None and value is not None for top, value in zip(tops, values, strict=True)):
        return None
    return _whole(tops)


def _shares(tops: Sequence[Exact | None], bottoms: Sequence[Exact | None]) -> Shares | None:
    """Cases and of how many, each month; None where one isn't known or isn't whole."""
    parts, wholes = _whole(tops), _whole(bottoms)
    if parts is None or wholes is None:
        return None
    return [None if part is None or not whole else (part, whole) for part, whole in zip(parts, wholes, strict=True)]


def _whole(numbers: Sequence[Exact | None]) -> Counts | None:
    if WHOLE.issuperset(map(type, numbers)):
        return cast("Counts", numbers)
    if any(number is not None and number.denominator != 1 for number in numbers):
        return None
    return [None if number is None else number.numerator for number in numbers]


def _are_few(counts: Counts) -> bool:
    known = [count for count in counts if count is not None]
    return sum(known) < FEW_CASES * len(known)


def _are_chunky(counts: Counts) -> bool:
    ranges = [abs(step) for step in steps_between(counts) if step is not None]
    return bool(ranges) and CHUNKY_PARTS * sum(ranges) < CHUNKY_BELOW * len(ranges)
