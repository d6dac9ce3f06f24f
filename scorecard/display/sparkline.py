"""A line of 13 months, small enough for a table cell, as SVG with its trend in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from django.utils.safestring import SafeString

from indicators.calculations.exact import Exact
from indicators.calculations.row import Row

from .markup import Markup

WIDTH, HEIGHT, MARGIN = 108, 30, 4
SVG = Markup(
    f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{{}}">{{}}'
    '<circle cx="{}" cy="{}" r="2.6"/></svg>'
)
NO_FIGURES = SafeString('<span class="muted">No figures</span>')


# Where a month's figure lies in the drawing: from the left, and from the top.
Place = tuple[float, float]


def sparkline(row: Row) -> SafeString:
    """The row's trend. Blanks leave a gap, never a zero; a lone figure is a dot."""
    runs = _runs([figure.value for figure in row.figures])
    if not runs:
        return NO_FIGURES
    return SVG(trend_in_words(row), SafeString("".join(map(_drawn, runs))), *runs[-1][-1])


def trend_in_words(row: Row) -> str:
    """First and latest figure, lowest and highest, with their months.

    Of equal ones the lowest is the earliest and the highest the latest.
    """
    known = [
        (figure.value, month) for month, figure in zip(row.months, row.figures, strict=True) if figure.value is not None
    ]
    if not known:
        return "No figures."
    # Fractions are slow to compare, so that is left for those which floating point can't tell apart.
    near = [value.numerator / value.denominator for value, _ in known]
    least, most = min(near), max(near)
    low = min(one for one, size in zip(known, near, strict=True) if size == least)
    high = max(one for one, size in zip(known, near, strict=True) if size == most)
    first, latest, lowest, highest = (
        f"{row.measure.text(value)} in {_month_name(month)}" for value, month in (known[0], known[-1], low, high)
    )
    return f"From {first} to {latest}; lowest {lowest}, highest {highest}."


@lru_cache(maxsize=64)
def _month_name(month: date) -> str:
    return f"{month:%B %Y}"


def _drawn(run: Sequence[Place]) -> str:
    """A line; a lone figure, as each quarter's is, would draw none and is a dot."""
    if len(run) == 1:
        return f'<circle cx="{run[0][0]}" cy="{run[0][1]}" r="1.6"/>'
    return f'<polyline points="{" ".join([f"{x},{y}" for x, y in run])}"/>'


def _runs(values: list[Exact | None]) -> list[list[Place]]:
    """Unbroken runs of figures as points; the lowest lies at the bottom, the highest on top."""
    sizes = [None if value is None else value.numerator / value.denominator for value in values]
    known = [size for size in sizes if size is not None]
    if not known:
        return []
    low, span = min(known), max(known) - min(known)
    runs: list[list[Place]] = []
    gap = True
    for x, size in zip(_places(len(values)), sizes, strict=True):
        if size is None:
            gap = True
            continue
        if gap:
            runs.append([])
            gap = False
        share = (size - low) / span if span else 0.5
        runs[-1].append((x, round(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN), 1)))
    return runs


@lru_cache(maxsize=8)
def _places(count: int) -> list[float]:
    """Where the months lie from left to right."""
    step = (WIDTH - 2 * MARGIN) / max(count - 1, 1)
    return [round(MARGIN + place * step, 1) for place in range(count)]
