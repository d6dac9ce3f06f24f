"""An indicator's chart: a drawing that needs no script, as on paper, and the data that Chart.js draws it from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from indicators.calculations.exact import Exact
from indicators.calculations.formatting import counted
from indicators.calculations.spc import PointType
from scorecard.display.drawings import COLOURS
from scorecard.report.board import Focus

from .facts import IndicatorPage, Point, SeriesBeside
from .words import readout, verdict

WIDTH, HEIGHT = 760, 330
LEFT, RIGHT, TOP, BOTTOM = 56, 132, 20, 34
MOST_LABELS = 9
# Names of longer periods, as "Q3 2020-21", take more room than "Dec 20".
MOST_PERIOD_LABELS = 5
# Names of comparators are placed side by side, because their lines may be close.
NAME_WIDTH = 150
LETTER_WIDTH = 6.5
STEPS = (1, 2, 2.5, 5, 10)
SHORTENED_FROM = 1_000_000
# Numbers of marks that are nearer than this would run into one another.
NEAR = 24
# Of an update, in the list of marks.
LONGEST_SAID = 120
# The lines beside the figures: class in the drawing, name, and what they show of a point.
LEVELS: tuple[tuple[str, str, Callable[[Point], Exact | None]], ...] = (
    ("limit", "Upper limit", lambda point: point.lines.upper),
    ("limit lower", "Lower limit", lambda point: point.lines.lower),
    ("mean", "Mean", lambda point: point.lines.mean),
    ("target", "Target", lambda point: point.target),
    ("target", "Target, upper figure", lambda point: point.target_upper),
)
# For Chart.js. A point's shape says the same as its colour.
POINTS = {
    PointType.COMMON_CAUSE: (COLOURS["brand"], "circle"),
    PointType.IMPROVEMENT: (COLOURS["improvement"], "rectRot"),
    PointType.CONCERN: (COLOURS["concern"], "rect"),
    PointType.NEUTRAL_HIGH: (COLOURS["unusual"], "triangle"),
    PointType.NEUTRAL_LOW: (COLOURS["unusual"], "triangle"),
}


class Mark(NamedTuple):
    """Something done or asked about the indicator, where it stands in the chart and under which number.

    `place` is that of the period of its day, and half a place behind the last one where it came later.
    """

    number: int
    place: float
    day: date
    text: str


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


def axis_ticks(numbers: Sequence[float], floor: float | None = 0) -> list[float]:
    """Round numbers from below the lowest to above the highest; never below `floor`."""
    low, high = min(numbers), max(numbers)
    low = low if floor is None else max(low, floor)
    if low == high:
        low, high = low - 1 if floor is None else max(low - 1, floor), high + 1
    rough = (high - low) / 5
    power = 10.0 ** (len(str(int(rough))) - 1) if rough >= 1 else 10.0 ** -len(str(int(1 / rough)))
    step = next(power * size for size in STEPS if power * size >= rough)
    first, final = int(low // step), int(-(-high // step))
    return [round(place * step, 6) for place in range(first, final + 1)]


def tick_text(tick: float) -> str:
    """A number on the axis, short enough to stand beside it: 250,000 but 1.25m."""
    return f"{tick / 1_000_000:,g}m" if abs(tick) >= SHORTENED_FROM else f"{tick:,.6g}"


# The drawing


def chart_svg(page: IndicatorPage, points: Sequence[Point], marks: Sequence[Mark] = ()) -> SafeString:
    """The points with mean, limits, targets, comparators, rebases and marks; empty where there are no figures."""
    known = [point for point in points if point.figure.value is not None]
    if not known:
        return SafeString("")
    ticks = axis_ticks(page.extremes(points), page.measure.floor)
    unusual = sum(point.is_unusual for point in points)
    marked = counted(unusual, "point is", "points are") if unusual else "No point is"

    def said(point: Point) -> str:
        return page.measure.periods.of(point.month).said

    description = [
        f"From {known[0].text} in {said(known[0])} to {known[-1].text} in {said(known[-1])}.",
        f"{marked} marked as unusual.",
        *verdict(page),
        *(f"Mark {mark.number}, {date_format(mark.day, 'j F Y')}: {mark.text}" for mark in marks),
    ]
    return format_html(
        '<svg class="chart-svg" viewBox="0 0 {} {}" role="img" aria-labelledby="chart-title chart-desc">'
        '<title id="chart-title">{}</title><desc id="chart-desc">{}</desc>{}</svg>',
        WIDTH,
        HEIGHT,
        f"{page.measure.reference}: {page.name_of(points[0])} to {page.name_of(points[-1])}",
        " ".join(description),
        format_html_join("", "{}", ((part,) for part in _parts(page, points, ticks, marks))),
    )


def _parts(
    page: IndicatorPage, points: Sequence[Point], ticks: Sequence[float], marks: Sequence[Mark]
) -> Iterator[SafeString]:
    """What lies behind the figures first, the names of the lines last."""
    scale = Scale(len(points), ticks[0], ticks[-1])
    yield from _axes(page, points, scale, ticks)
    if page.measure.axis_name:
        yield format_html('<text class="tick" x="4" y="{}">{}</text>', TOP - 8, page.measure.axis_name)
    for first, last, low, high in target_bands(points):
        x, top = scale.x(first - 0.5), scale.y(min(float(high), scale.high))
        height = round(scale.y(max(float(low), scale.low)) - top, 1)
        if height > 0:
            width = round(scale.x(last + 0.5) - x, 1)
            yield format_html('<rect class="band" x="{}" y="{}" width="{}" height="{}"/>', x, top, width, height)
    room = min(NAME_WIDTH, (WIDTH - LEFT - RIGHT) / max(len(page.drawn_comparators), 1))
    for place, cell in enumerate(page.drawn_comparators):
        y = scale.y(cell.value or 0)
        yield format_html('<line class="comparator" x1="{}" x2="{}" y1="{}" y2="{}"/>', LEFT, WIDTH - RIGHT, y, y)
        name = cell.group.name if len(cell.group.name) * LETTER_WIDTH <= room else cell.group.short_name
        begins = LEFT + 4 + round(place * room)
        yield format_html('<text class="name" x="{}" y="{}">{}</text>', begins, y - 4, name)
    for place, point in enumerate(points):
        if point.rebase and place:
            x = scale.x(place - 0.5)
            yield format_html('<line class="rebase" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>', x, TOP, HEIGHT - BOTTOM)
            yield format_html('<text class="name" x="{}" y="{}">Worked out afresh [b]</text>', x + 4, TOP + 12)
    for start, end in fixed_on_places(points):
        # Below the axis, so that it covers nothing.
        left, right, y = scale.x(start - 0.4), scale.x(end + 0.4), HEIGHT - BOTTOM + 5
        yield format_html('<line class="baseline" x1="{}" x2="{}" y1="{}" y2="{}"/>', left, right, y, y)
        yield format_html('<text class="name" x="{}" y="{}">Fixed baseline</text>', left + 2, y - 8)
    yield from _marked(marks, scale)
    for kind, _, read in LEVELS:
        yield from _steps(kind, [read(point) for point in points], scale)
    for one in page.beside:
        yield from _line_beside(one, points, scale)
    yield from _figures(points, scale)
    yield from _names(points[-1], scale)


def _marked(marks: Sequence[Mark], scale: Scale) -> Iterator[SafeString]:
    before, is_lower = 0.0, False
    for at, numbers in marked_places(marks):
        x, y = scale.x(at), HEIGHT - BOTTOM
        # Beside a near one, a row lower.
        is_lower = x - before < NEAR and not is_lower
        before = x
        yield format_html('<line class="mark" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>', x, TOP, y)
        top = TOP + (8 if is_lower else -6)
        yield format_html('<text class="mark" x="{}" y="{}" text-anchor="middle">{}</text>', x, top, numbers)


def marks_of(page: IndicatorPage, points: Sequence[Point], focuses: Iterable[Focus]) -> list[Mark]:
    """When the areas of focus and questions that are about the indicator were opened, told of and closed, oldest
    first; what came before the first period that is shown is left out.
    """
    found: set[tuple[date, str]] = set()
    for focus in focuses:
        if focus.opened_on:
            found.add((focus.opened_on, f"{focus.kind.label}: {focus.title}"))
        for update in focus.updates:
            text = Truncator(" ".join(update.text.split())).chars(LONGEST_SAID, truncate=" …")
            found.add((update.date, f"Update to “{focus.title}”: {text}"))
        if focus.closed_on:
            found.add((focus.closed_on, f"Closed: {focus.title}"))
    periods = [page.measure.periods.of(point.month) for point in points]
    inside = [(day, text) for day, text in sorted(found) if periods and day >= periods[0].first]
    marks = []
    for number, (day, text) in enumerate(inside, start=1):
        later = (float(place) for place, period in enumerate(periods) if day.replace(day=1) <= period.final)
        marks.append(Mark(number, next(later, len(points) - 0.5), day, text))
    return marks


def marked_places(marks: Iterable[Mark]) -> list[tuple[float, str]]:
    """Each place with a mark, and the numbers that stand there, as "1, 2"."""
    numbers: dict[float, list[int]] = {}
    for mark in marks:
        numbers.setdefault(mark.place, []).append(mark.number)
    return [
        (place, str(there[0]) if len(there) == 1 else f"{there[0]}–{there[-1]}") for place, there in numbers.items()
    ]


def target_bands(points: Sequence[Point]) -> list[tuple[int, int, Exact, Exact]]:
    """Where a target lies between two figures: the first and last place, the lower and the upper figure."""
    found: list[tuple[int, int, Exact, Exact]] = []
    for place, point in enumerate(points):
        low, high = point.target, point.target_upper
        if low is None or high is None or low == high:
            continue
        if found and found[-1][1:] == (place - 1, low, high):
            found[-1] = found[-1][0], place, low, high
        else:
            found.append((place, place, low, high))
    return found


def fixed_on_places(points: Sequence[Point]) -> list[tuple[int, int]]:
    """The first and the last place of each baseline, as far as it is shown."""
    found: list[tuple[int, int]] = []
    for place, point in enumerate(points):
        if not point.is_fixed_on:
            continue
        if found and found[-1][1] == place - 1 and not point.baseline:
            found[-1] = found[-1][0], place
        else:
            found.append((place, place))
    return found


def _axes(page: IndicatorPage, points: Sequence[Point], scale: Scale, ticks: Sequence[float]) -> Iterator[SafeString]:
    for tick in ticks:
        y = scale.y(tick)
        yield format_html('<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>', LEFT, WIDTH - RIGHT, y, y)
        text = tick_text(tick)
        yield format_html('<text class="tick" x="{}" y="{}" text-anchor="end">{}</text>', LEFT - 6, y + 4, text)
    is_monthly = page.measure.periods.is_monthly
    every = -(-len(points) // (MOST_LABELS if is_monthly else MOST_PERIOD_LABELS))
    for place in range(len(points) - 1, -1, -every):
        name = f"{points[place].month:%b %y}" if is_monthly else page.name_of(points[place], short=True)
        yield format_html(
            '<text class="tick" x="{}" y="{}" text-anchor="middle">{}</text>', scale.x(place), HEIGHT - 12, name
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


def _figures(points: Sequence[Point], scale: Scale) -> Iterator[SafeString]:
    """The line, where a blank leaves a gap and never a zero, cut at a change of counting; then the points on it."""
    runs: list[list[str]] = [[]]
    marks = []
    for place, point in enumerate(points):
        if point.figure.value is None:
            runs.append([])
        else:
            if point.rebase:
                runs.append([])
            x, y = scale.x(place), scale.y(point.figure.value)
            runs[-1].append(f"{x},{y}")
            marks.append(_mark(point, x, y))
    for run in runs:
        if len(run) > 1:
            yield format_html('<polyline class="figures" points="{}"/>', " ".join(run))
    yield from marks


def _line_beside(one: SeriesBeside, points: Sequence[Point], scale: Scale) -> Iterator[SafeString]:
    """The line of a former indicator with its name, never joined to the figures."""
    runs: list[list[tuple[float, float]]] = [[]]
    for place, value in enumerate(values_beside(one, points)):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((scale.x(place), scale.y(value)))
    drawn = [run for run in runs if run]
    for run in drawn:
        yield format_html('<polyline class="beside" points="{}"/>', " ".join(f"{x},{y}" for x, y in run))
        for x, y in run:
            yield format_html('<rect class="beside" x="{}" y="{}" width="5" height="5"/>', x - 2.5, y - 2.5)
    if drawn:
        x, y = drawn[0][0]
        yield format_html('<text class="name" x="{}" y="{}">{}</text>', x, y - 8, one.name)


def values_beside(one: SeriesBeside, points: Sequence[Point]) -> list[Exact | None]:
    """The figure of a former indicator at each of the points; None where it has none."""
    return [one.points[point.month][0].value if point.month in one.points else None for point in points]


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


def _names(latest: Point, scale: Scale) -> Iterator[SafeString]:
    """The names of the lines, at their right ends, kept from running into one another."""
    ends = [(read(latest), name) for _, name, read in LEVELS]
    shown = sorted((scale.y(value), name) for value, name in ends if value is not None and value >= scale.low)
    below = 0.0
    for y, name in shown:
        below = max(y + 4, below + 15)
        yield format_html('<text class="name" x="{}" y="{}">{}</text>', WIDTH - RIGHT + 6, below, name)


# For Chart.js


class Dataset(NamedTuple):
    """One line of the chart as Chart.js takes it; `options` is what it needs beside the data."""

    label: str
    data: list[float | None]
    options: dict[str, Any]


def datasets(page: IndicatorPage, points: Sequence[Point]) -> list[Dataset]:
    """The figures, then mean, limits, targets and comparators as far as there are any."""
    colours = [POINTS[point.kind][0] for point in points]
    options = {
        "borderColor": COLOURS["brand"],
        "borderWidth": 2,
        "pointStyle": [POINTS[point.kind][1] for point in points],
        "pointBackgroundColor": colours,
        "pointBorderColor": colours,
        "pointRadius": [7 if point.is_unusual else 4 for point in points],
        "pointHoverRadius": 10,
    }
    found = [Dataset(page.measure.reference, [_number(point.figure.value) for point in points], options)]
    looks = {
        "Mean": _line("ink"),
        "Upper limit": _line("limit", 6, 4),
        "Lower limit": _line("limit", 6, 4),
        "Target": _line("good", 10, 3, 2, 3),
        "Target, upper figure": _line("good", 10, 3, 2, 3),
    }
    read = {name: of_point for _, name, of_point in LEVELS}
    for label, look in looks.items():
        data = [_number(read[label](point)) for point in points]
        if any(number is not None for number in data):
            found.append(Dataset(label, data, look))
    for one in page.beside:
        look = {**_line("muted", 3, 2), "stepped": False, "pointRadius": 3, "pointStyle": "rect"}
        found.append(Dataset(one.name, [_number(value) for value in values_beside(one, points)], look))
    for cell in page.drawn_comparators:
        level = [_number(cell.value)] * len(points)
        found.append(Dataset(cell.group.name, level, {**_line("brand", 2, 3), "named": cell.group.short_name}))
    return found


def extras(page: IndicatorPage, points: Sequence[Point], marks: Sequence[Mark] = ()) -> dict[str, Any]:
    """What the page's script needs beside the lines: words for each point, rebases, marks, and the axis."""
    numbers = page.extremes(points)
    ticks = axis_ticks(numbers, page.measure.floor) if numbers else [0, 1]
    return {
        "title": f"{page.measure.reference} {page.measure.title}",
        "readouts": [readout(page, point) for point in points],
        "rebases": [place for place, point in enumerate(points) if point.rebase and place],
        "baselines": fixed_on_places(points),
        "marks": marked_places(marks),
        "bands": [(first, last, _number(low), _number(high)) for first, last, low, high in target_bands(points)],
        "min": ticks[0],
        "max": ticks[-1],
        "step": ticks[1] - ticks[0],
        "unit": page.measure.axis_name,
    }


def _number(value: Exact | None) -> float | None:
    return None if value is None else float(value)


def _line(colour: str, *dashes: int) -> dict[str, Any]:
    return {
        "borderColor": COLOURS[colour],
        "borderWidth": 1.5,
        "borderDash": list(dashes),
        "pointRadius": 0,
        "pointHoverRadius": 0,
        "stepped": "middle",
    }
