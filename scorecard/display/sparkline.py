"""A line of 13 months, small enough for a table cell, as SVG with its trend in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from indicators.calculations.exact import Exact
from indicators.calculations.row import Row

WIDTH, HEIGHT, MARGIN = 108, 30, 4


class Point(NamedTuple):
    """Where a month's figure lies in the drawing."""

    x: float
    y: float


def sparkline(row: Row) -> SafeString:
    """The row's trend. Blanks leave a gap, never a zero; a lone figure is a dot."""
    runs = _runs([figure.value for figure in row.figures])
    if not runs:
        return format_html('<span class="muted">{}</span>', "No figures")
    latest = runs[-1][-1]
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" role="img" aria-label="{}">{}<circle cx="{}" cy="{}" r="2.6"/></svg>',
        WIDTH,
        HEIGHT,
        trend_in_words(row),
        format_html_join("", "{}", ((_drawn(run),) for run in runs)),
        *latest,
    )


def trend_in_words(row: Row) -> str:
    """First and latest figure, lowest and highest, with their months."""
    known = [
        (figure.value, month) for month, figure in zip(row.months, row.figures, strict=True) if figure.value is not None
    ]
    if not known:
        return "No figures."
    low, high = min(known), max(known)
    ends = f"From {_said(row, known[0])} to {_said(row, known[-1])}"
    return f"{ends}; lowest {_said(row, low)}, highest {_said(row, high)}."


def _said(row: Row, known: tuple[Exact, date]) -> str:
    value, month = known
    return f"{row.measure.text(value)} in {month:%B %Y}"


def _drawn(run: Sequence[Point]) -> SafeString:
    """A line; a lone figure, as each quarter's is, would draw none and is a dot."""
    if len(run) == 1:
        return format_html('<circle cx="{}" cy="{}" r="1.6"/>', *run[0])
    return format_html('<polyline points="{}"/>', " ".join(f"{x},{y}" for x, y in run))


def _runs(values: list[Exact | None]) -> list[list[Point]]:
    """Unbroken runs of figures as points; the lowest lies at the bottom, the highest on top."""
    known = [float(value) for value in values if value is not None]
    if not known:
        return []
    low, span = min(known), max(known) - min(known)
    step = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    runs: list[list[Point]] = []
    gap = True
    for place, value in enumerate(values):
        if value is None:
            gap = True
            continue
        share = (float(value) - low) / span if span else 0.5
        point = Point(round(MARGIN + place * step, 1), round(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN), 1))
        if gap:
            runs.append([])
            gap = False
        runs[-1].append(point)
    return runs
