"""The chart as Chart.js takes it: lists of floating-point numbers with their colours, shapes and words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from indicators.calculations.exact import Exact
from indicators.calculations.spc import PointType
from scorecard.display.drawings import COLOURS

from .facts import IndicatorPage, Point, extremes
from .svg import axis_ticks
from .words import readout

# The shape says the same as the colour.
POINTS = {
    PointType.COMMON_CAUSE: (COLOURS["brand"], "circle"),
    PointType.IMPROVEMENT: (COLOURS["improvement"], "rectRot"),
    PointType.CONCERN: (COLOURS["concern"], "rect"),
    PointType.NEUTRAL_HIGH: (COLOURS["unusual"], "triangle"),
    PointType.NEUTRAL_LOW: (COLOURS["unusual"], "triangle"),
}


@dataclass(frozen=True, slots=True)
class Dataset:
    """One line of the chart; `options` is what Chart.js needs beside its data."""

    label: str
    data: list[float | None]
    options: dict[str, Any]


def datasets(page: IndicatorPage, points: Sequence[Point]) -> list[Dataset]:
    """The figures, then mean, limits, targets and comparators as far as there are any."""
    levels: list[tuple[str, Callable[[Point], Exact | None], dict[str, Any]]] = [
        ("Mean", lambda point: point.lines.mean, _line("ink")),
        ("Upper limit", lambda point: point.lines.upper, _line("limit", 6, 4)),
        ("Lower limit", lambda point: point.lines.lower, _line("limit", 6, 4)),
        ("Target", lambda point: point.target, _line("good", 10, 3, 2, 3)),
    ]
    found = [Dataset(page.measure.reference, [_number(point.figure.value) for point in points], _figures(points))]
    for label, read, options in levels:
        data = [_number(read(point)) for point in points]
        if any(number is not None for number in data):
            found.append(Dataset(label, data, options))
    for cell in page.drawn_comparators:
        value = _number(cell.value)
        found.append(
            Dataset(page.group_name(cell.group), [value] * len(points), {**_line("brand", 2, 3), "named": True})
        )
    return found


def extras(page: IndicatorPage, points: Sequence[Point]) -> dict[str, Any]:
    """What the page's script needs beside the lines: words for each point, rebases, and the axis."""
    numbers = [float(number) for number in extremes(page, points)]
    ticks = axis_ticks(numbers) if numbers else [0, 1]
    return {
        "title": f"{page.measure.reference} {page.measure.title}",
        "readouts": [readout(page, point) for point in points],
        "rebases": [place for place, point in enumerate(points) if point.rebase and place],
        "min": ticks[0],
        "max": ticks[-1],
        "step": ticks[1] - ticks[0],
    }


def _number(value: Exact | None) -> float | None:
    return None if value is None else float(value)


def _figures(points: Sequence[Point]) -> dict[str, Any]:
    colours = [POINTS[point.kind][0] for point in points]
    return {
        "borderColor": COLOURS["brand"],
        "borderWidth": 2,
        "pointStyle": [POINTS[point.kind][1] for point in points],
        "pointBackgroundColor": colours,
        "pointBorderColor": colours,
        "pointRadius": [7 if point.is_unusual else 4 for point in points],
        "pointHoverRadius": 10,
    }


def _line(colour: str, *dashes: int) -> dict[str, Any]:
    return {
        "borderColor": COLOURS[colour],
        "borderWidth": 1.5,
        "borderDash": list(dashes),
        "pointRadius": 0,
        "pointHoverRadius": 0,
        "stepped": "middle",
    }
