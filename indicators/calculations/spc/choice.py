"""Which chart is sound for a series: XmR misleads where a count is small and often 0."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import NamedTuple

from indicators.calculations.exact import Exact
from indicators.calculations.figures import Figure
from indicators.calculations.vocabulary import Unit

from .analysis import analyse, group_bounds
from .causes import steps_between
from .result import SpcResult
from .small_numbers import count_chart, gap_chart, share_chart
from .words import Chart, Improvement

# Where each of these comes from stands in docs/methods.md.
MOST_AT_AN_END = Fraction(1, 4)
# Fewer than four moving ranges (0, 1, 2, 3) are possible within 3.267 times this average one.
CHUNKY_BELOW = Fraction(3000, 3267)
EVEN_WITHIN = Fraction(1, 4)
LARGE_FROM = 1000


class ChartChoice(NamedTuple):
    """The chart that is sound for a series, and why, as a sentence for people."""

    chart: Chart
    because: str


XMR = ChartChoice(Chart.XMR, "The figures vary enough to show by themselves what is usual.")
C = ChartChoice(Chart.C, "The counts are small and hardly vary, so what is usual follows from their average.")
P = ChartChoice(Chart.P, "The percentages rest on very different numbers, so each month has limits of its own.")
G = ChartChoice(Chart.G, "Cases are rare, so the months between one and the next are looked at.")
NO_FIGURES = ChartChoice(Chart.NONE, "There are fewer than two figures.")
ALL_THE_SAME = ChartChoice(Chart.NONE, "All figures are the same, so none can be unusual yet.")
TOO_RARE = ChartChoice(
    Chart.NONE,
    "More than a quarter of the figures are 0. Only the dates of the cases could tell change from chance.",
)
AT_AN_END = ChartChoice(
    Chart.NONE,
    "More than a quarter of the figures are 0% or 100%: they rest on too few cases to tell change from chance.",
)
TOO_FEW_CASES = ChartChoice(Chart.NONE, "The rate rests on so few cases that a single one decides.")


def choose_chart(figures: Sequence[Figure], unit: Unit) -> ChartChoice:
    """The chart that is sound for `figures`, one a month in order, with blanks left out.

    Numerators and denominators are used where the figures have them. Sources of the thresholds:
    docs/methods.md.
    """
    values = [figure.value for figure in figures if figure.value is not None]
    if len(set(values)) < 2:
        return ALL_THE_SAME if len(values) > 1 else NO_FIGURES
    counts = _counts(figures, unit)
    if _share_at_an_end(values, unit) > MOST_AT_AN_END:
        return _choose_for_rare(counts, unit)
    if unit is Unit.PERCENTAGE:
        return P if _are_uneven_shares(figures) else XMR
    if counts is not None and _is_chunky(counts):
        return C if unit is Unit.COUNT else TOO_FEW_CASES
    return XMR


def draw_chart(
    figures: Sequence[Figure],
    unit: Unit,
    *,
    improvement: Improvement,
    target: Exact | None = None,
    rebase_at: Collection[int] = (),
) -> tuple[ChartChoice, SpcResult | None]:
    """The chart that is sound for the figures since the latest rebase, drawn; None where none is.

    Only an XmR chart also shows the groups before. A g-chart has gaps between cases for points
    instead of months, and judges no target.
    """
    latest = figures[group_bounds(len(figures), rebase_at)[-1][0] :] if figures else figures
    choice = choose_chart(latest, unit)
    counts = _counts(latest, unit) or []
    match choice.chart:
        case Chart.XMR:
            values = [figure.value for figure in figures]
            return choice, analyse(values, improvement=improvement, target=target, rebase_at=rebase_at)
        case Chart.C:
            return choice, count_chart(counts, improvement=improvement, target=target)
        case Chart.P:
            return choice, share_chart(_shares(latest) or [], improvement=improvement, target=target)
        case Chart.G:
            return choice, gap_chart(counts, improvement=improvement)
    return choice, None


def _counts(figures: Sequence[Figure], unit: Unit) -> list[int | None] | None:
    """What was counted each month; None where it isn't known, or isn't whole."""
    if unit is Unit.PERCENTAGE:
        return None
    numbers = [figure.value if unit is Unit.COUNT else figure.numerator for figure in figures]
    if any(number is None and figure.value is not None for number, figure in zip(numbers, figures, strict=True)):
        return None
    return _whole(numbers)


def _shares(figures: Sequence[Figure]) -> list[tuple[int, int] | None] | None:
    """Cases and of how many, each month; None where one isn't known, isn't whole, or exceeds the other."""
    tops = _whole([figure.numerator for figure in figures])
    bottoms = _whole([figure.denominator for figure in figures])
    if tops is None or bottoms is None:
        return None
    shares = [None if top is None or not bottom else (top, bottom) for top, bottom in zip(tops, bottoms, strict=True)]
    known = [share for share in shares if share is not None]
    return shares if all(top <= bottom for top, bottom in known) else None


def _whole(numbers: Sequence[Exact | None]) -> list[int | None] | None:
    if any(number is not None and number.denominator != 1 for number in numbers):
        return None
    return [None if number is None else number.numerator for number in numbers]


def _share_at_an_end(values: Sequence[Exact], unit: Unit) -> Fraction:
    ends = {0, 100} if unit is Unit.PERCENTAGE else {0}
    return Fraction(sum(value in ends for value in values), len(values))


def _choose_for_rare(counts: Sequence[int | None] | None, unit: Unit) -> ChartChoice:
    if unit is Unit.PERCENTAGE:
        return AT_AN_END
    one_at_most = counts is not None and all(count in {0, 1, None} for count in counts)
    return G if one_at_most else TOO_RARE


def _is_chunky(counts: Sequence[int | None]) -> bool:
    ranges = [abs(step) for step in steps_between(counts) if step is not None]
    return bool(ranges) and Fraction(sum(ranges), len(ranges)) < CHUNKY_BELOW


def _are_uneven_shares(figures: Sequence[Figure]) -> bool:
    known = [share for share in _shares(figures) or [] if share is not None]
    if len(known) < sum(figure.value is not None for figure in figures):
        return False
    average = Fraction(sum(bottom for _, bottom in known), len(known))
    return average < LARGE_FROM and any(abs(bottom - average) > EVEN_WITHIN * average for _, bottom in known)
