"""The chart as a drawing that needs no script: on paper, and wherever there is no JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from indicators.calculations.exact import Exact
from indicators.calculations.spc import PointType

from .facts import IndicatorPage, Point, extremes, has_figures
from .words import verdict

WIDTH, HEIGHT = 760, 330
LEFT, RIGHT, TOP, BOTTOM = 56, 132, 20, 34
MOST_LABELS = 9
# Names of comparators are placed side by side, because their lines may be close.
NAME_WIDTH = 150
STEPS = (1, 2, 2.5, 5, 10)


class Scale(NamedTuple):
    """Where months and figures lie in the drawing."""

    points: int
    low: float
    high: float

    def x(self, place: float) -> float:
        inside = WIDTH - LEFT - RIGHT
        return round(LEFT + (place + 0.5) * inside / self.points, 1)

    def y(self, value: Exact | float) -> float:
        share = (float(value) - self.low) / (self.high - self.low)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def chart_svg(page: IndicatorPage, points: Sequence[Point]) -> SafeString:
    """The points with mean, limits, targets, comparators and rebases; empty where there are no figures."""
    if not has_figures(points):
        return SafeString("")
    ticks = axis_ticks([float(number) for number in extremes(page, points)])
    scale = Scale(len(points), ticks[0], ticks[-1])
    return format_html(
        '<svg class="chart-svg" viewBox="0 0 {} {}" role="img" aria-labelledby="chart-title chart-desc">'
        '<title id="chart-title">{}</title><desc id="chart-desc">{}</desc>{}</svg>',
        WIDTH,
        HEIGHT,
        f"{page.measure.reference}: {points[0].month:%B %Y} to {points[-1].month:%B %Y}",
        " ".join([described(page, points), *verdict(page)]),
        format_html_join("", "{}", ((part,) for part in _parts(page, points, scale, ticks))),
    )


def described(page: IndicatorPage, points: Sequence[Point]) -> str:
    """The ends of the line, and how many of its points are unusual."""
    known = [point for point in points if point.figure.value is not None]
    if not known:
        return "No figures."
    unusual = sum(point.is_unusual for point in points)
    ends = f"From {known[0].text} in {known[0].month:%B %Y} to {known[-1].text} in {known[-1].month:%B %Y}."
    marked = "No point is" if not unusual else "1 point is" if unusual == 1 else f"{unusual} points are"
    return f"{ends} {marked} marked as unusual."


def axis_ticks(numbers: Sequence[float]) -> list[float]:
    """Round numbers from below the lowest to above the highest; never below 0 for figures that are not."""
    low, high = max(min(numbers), 0), max(numbers)
    if low == high:
        low, high = max(low - 1, 0), high + 1
    rough = (high - low) / 5
    power = 10.0 ** (len(str(int(rough))) - 1) if rough >= 1 else 10.0 ** -len(str(int(1 / rough)))
    step = next(power * size for size in STEPS if power * size >= rough)
    first, final = int(low // step), int(-(-high // step))
    return [round(place * step, 6) for place in range(first, final + 1)]


def _parts(page: IndicatorPage, points: Sequence[Point], scale: Scale, ticks: Sequence[float]) -> Iterator[SafeString]:
    yield from _axes(page, points, scale, ticks)
    yield from _comparators(page, scale)
    yield from (_rebase(scale.x(place - 0.5)) for place, point in enumerate(points) if point.rebase and place)
    for kind, read in LINES.items():
        yield from _steps(kind, [read(point) for point in points], scale)
    yield from (
        format_html('<polyline class="figures" points="{}"/>', " ".join(f"{x},{y}" for x, y in run))
        for run in _runs(points, scale)
        if len(run) > 1
    )
    for place, point in enumerate(points):
        if point.figure.value is not None:
            yield _mark(point, scale.x(place), scale.y(point.figure.value))
    yield from _names(points, scale)


LINES: dict[str, Callable[[Point], Exact | None]] = {
    "limit": lambda point: point.lines.upper,
    "limit lower": lambda point: point.lines.lower,
    "mean": lambda point: point.lines.mean,
    "target": lambda point: point.target,
}
NAMES = {"limit": "Upper limit", "limit lower": "Lower limit", "mean": "Mean", "target": "Target"}


def _axes(page: IndicatorPage, points: Sequence[Point], scale: Scale, ticks: Sequence[float]) -> Iterator[SafeString]:
    for tick in ticks:
        y = scale.y(tick)
        yield format_html('<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>', LEFT, WIDTH - RIGHT, y, y)
        yield format_html('<text class="tick" x="{}" y="{}" text-anchor="end">{}</text>', LEFT - 6, y + 4, f"{tick:,g}")
    every = -(-len(points) // MOST_LABELS)
    for place in range(len(points) - 1, -1, -every):
        month = f"{points[place].month:%b %y}"
        yield format_html(
            '<text class="tick" x="{}" y="{}" text-anchor="middle">{}</text>', scale.x(place), HEIGHT - 12, month
        )


def _comparators(page: IndicatorPage, scale: Scale) -> Iterator[SafeString]:
    for place, cell in enumerate(page.drawn_comparators):
        y = scale.y(cell.value or 0)
        yield format_html('<line class="comparator" x1="{}" x2="{}" y1="{}" y2="{}"/>', LEFT, WIDTH - RIGHT, y, y)
        name = page.group_name(cell.group)
        yield format_html('<text class="name" x="{}" y="{}">{}</text>', LEFT + 4 + place * NAME_WIDTH, y - 4, name)


def _rebase(x: float) -> SafeString:
    return format_html(
        '<line class="rebase" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/><text class="name" x="{3}" y="{4}">{5}</text>',
        x,
        TOP,
        HEIGHT - BOTTOM,
        x + 4,
        TOP - 6,
        "Worked out afresh",
    )


def _steps(kind: str, values: Sequence[Exact | None], scale: Scale) -> Iterator[SafeString]:
    """A level line that steps half-way between two months; broken where there is none, or off the axis."""
    for place, value in enumerate(values):
        if value is None or not scale.low <= value <= scale.high:
            continue
        y = scale.y(value)
        up = scale.y(values[place - 1] or 0) if place and values[place - 1] is not None else y
        start = scale.x(place - 0.5)
        yield format_html(
            '<polyline class="{}" points="{},{} {},{} {},{}"/>', kind, start, up, start, y, scale.x(place + 0.5), y
        )


def _runs(points: Sequence[Point], scale: Scale) -> list[list[tuple[float, float]]]:
    """Unbroken runs of figures: a blank leaves a gap, never a zero."""
    runs: list[list[tuple[float, float]]] = [[]]
    for place, point in enumerate(points):
        if point.figure.value is None:
            runs.append([])
        else:
            runs[-1].append((scale.x(place), scale.y(point.figure.value)))
    return [run for run in runs if run]


def _mark(point: Point, x: float, y: float) -> SafeString:
    """A shape of its own for each meaning, so that nothing hangs on the colour."""
    match point.kind:
        case PointType.IMPROVEMENT:
            corners = f"{x},{y - 7} {x + 7},{y} {x},{y + 7} {x - 7},{y}"
        case PointType.CONCERN:
            corners = f"{x - 5.5},{y - 5.5} {x + 5.5},{y - 5.5} {x + 5.5},{y + 5.5} {x - 5.5},{y + 5.5}"
        case PointType.COMMON_CAUSE:
            return format_html('<circle class="point" cx="{}" cy="{}" r="3.4"/>', x, y)
        case _:
            corners = f"{x},{y - 7} {x + 6.5},{y + 5} {x - 6.5},{y + 5}"
    return format_html('<polygon class="point {}" points="{}"/>', f"point-{point.kind}", corners)


def _names(points: Sequence[Point], scale: Scale) -> Iterator[SafeString]:
    """The names of the lines, at their right ends, kept from running into one another."""
    latest = points[-1]
    ends = [(read(latest), NAMES[kind]) for kind, read in LINES.items()]
    shown = sorted((scale.y(value), name) for value, name in ends if value is not None and value >= scale.low)
    below = 0.0
    for y, name in shown:
        below = max(y + 4, below + 15)
        yield format_html('<text class="name" x="{}" y="{}">{}</text>', WIDTH - RIGHT + 6, below, name)
