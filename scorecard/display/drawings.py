"""What is drawn: the palette's colours, signals as small icons, and a line of 13 months. Drawings are SVG.

What a signal is shows in its shape as well as in its colour. Each icon appears beside its words, so screen readers skip
it; a trend carries its own.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import lru_cache

from django.conf import settings
from django.utils.safestring import SafeString

from indicators.calculations.exact import Exact
from indicators.calculations.row import Row
from indicators.calculations.signal import SignalKind
from indicators.calculations.spc import Assurance, Variation
from indicators.calculations.vocabulary import Rating
from scorecard.report.what_to_look_at import LookItem, Reason

from .markup import Markup
from .notes import counted_otherwise

# Those of static/src/palette.json, for what Python draws: charts, the PDF's drawings and Excel's fills.
COLOURS: dict[str, str] = json.loads((settings.BASE_DIR / "static/src/palette.json").read_text(encoding="utf-8"))
# Behind black text in workbooks, in Excel's notation; what is not rated has none.
RATING_FILLS = {
    Rating.GREEN: COLOURS["good-fill"].upper(),
    Rating.AMBER: COLOURS["amber-fill"].upper(),
    Rating.RED: COLOURS["bad-fill"].upper(),
}

# A frame for each kind: a square for concern, a circle for improvement, a diamond for what is not judged.
_FRAMES = {
    SignalKind.CONCERN: '<rect x="2" y="2" width="24" height="24" rx="2"/>',
    SignalKind.IMPROVEMENT: '<circle cx="14" cy="14" r="12"/>',
    SignalKind.UNUSUAL: '<path d="M14 1.5 26.5 14 14 26.5 1.5 14Z"/>',
    SignalKind.USUAL: '<circle cx="14" cy="14" r="12" stroke-dasharray="3 2.4"/>',
}
# Usual points about the mean, and one that leaves them: up, down, or none.
_HIGH = '<path d="M7 18.5h14" stroke-dasharray="2 1.6"/><path d="M14 17V8.5M10.5 12 14 8.5l3.5 3.5"/>'
_LOW = '<path d="M7 9.5h14" stroke-dasharray="2 1.6"/><path d="M14 11v8.5M10.5 16l3.5 3.5 3.5-3.5"/>'
_LEVEL = '<path d="M6.5 15.5 10 12l4 4 4-4 3.5 3.5"/>'
_DRAWN = {
    Variation.COMMON_CAUSE: (SignalKind.USUAL, _LEVEL),
    Variation.IMPROVEMENT_HIGH: (SignalKind.IMPROVEMENT, _HIGH),
    Variation.IMPROVEMENT_LOW: (SignalKind.IMPROVEMENT, _LOW),
    Variation.CONCERN_HIGH: (SignalKind.CONCERN, _HIGH),
    Variation.CONCERN_LOW: (SignalKind.CONCERN, _LOW),
    Variation.NEUTRAL_HIGH: (SignalKind.UNUSUAL, _HIGH),
    Variation.NEUTRAL_LOW: (SignalKind.UNUSUAL, _LOW),
}
# A target with usual variation beyond it, short of it, or about it.
_ASSURED = {
    Assurance.PASS: ("improvement", '<circle cx="14" cy="14" r="12"/><path d="M8 14.5l4.2 4.2L20 10"/>'),
    Assurance.FAIL: (
        "concern",
        '<rect x="2" y="2" width="24" height="24" rx="2"/><path d="M9 9l10 10M19 9 9 19"/>',
    ),
    Assurance.INCONSISTENT: (
        "usual",
        '<circle cx="14" cy="14" r="12" stroke-dasharray="3 2.4"/><path d="M7 14h14"/><path d="M8 18l4-8 4 8 4-8"/>',
    ),
}


# Reasons to look at a line that aren't signals have a sign instead.
REASON_SIGNS = {Reason.OFF_TARGET: "■", Reason.GAP: "↔", Reason.OVERDUE: "…"}
SIGN = Markup('<span class="sign" aria-hidden="true">{}</span>')
ICON = Markup('<svg class="icon icon-{}" viewBox="0 0 28 28" aria-hidden="true" focusable="false">{}</svg>')
_VARIATION_ICONS = {
    variation: ICON(kind.value, SafeString(_FRAMES[kind] + inside)) for variation, (kind, inside) in _DRAWN.items()
}
_ASSURANCE_ICONS = {assurance: ICON(kind, SafeString(drawing)) for assurance, (kind, drawing) in _ASSURED.items()}


def variation_icon(variation: Variation | None) -> SafeString:
    """The drawing of what the latest point says; nothing where there is no signal."""
    return _VARIATION_ICONS[variation] if variation else SafeString("")


def assurance_icon(assurance: Assurance | None) -> SafeString:
    """The drawing of how the target lies to usual variation; nothing where that isn't judged."""
    return _ASSURANCE_ICONS[assurance] if assurance else SafeString("")


def look_icon(item: LookItem) -> SafeString:
    """The drawing of a line's first reason to look at it: of its signal, or a sign."""
    sign = REASON_SIGNS.get(item.first)
    return SIGN(sign) if sign else variation_icon(item.row.signal.latest)


# What a reader needs to know them by: one of each shape, with its words.
KEY_ICONS = (
    (variation_icon(Variation.CONCERN_HIGH), "Concern: higher than usual, and lower is better"),
    (variation_icon(Variation.CONCERN_LOW), "Concern: lower than usual, and higher is better"),
    (variation_icon(Variation.IMPROVEMENT_HIGH), "Improvement: higher than usual"),
    (variation_icon(Variation.IMPROVEMENT_LOW), "Improvement: lower than usual"),
    (variation_icon(Variation.NEUTRAL_HIGH), "Higher than usual, not judged"),
    (variation_icon(Variation.NEUTRAL_LOW), "Lower than usual, not judged"),
    (variation_icon(Variation.COMMON_CAUSE), "Usual variation"),
    (assurance_icon(Assurance.PASS), "Will keep meeting the target"),
    (assurance_icon(Assurance.FAIL), "Will keep missing the target"),
    (assurance_icon(Assurance.INCONSISTENT), "May meet or miss the target"),
)


WIDTH, HEIGHT, MARGIN = 108, 30, 4
SPARK = Markup(
    f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{{}}">{{}}'
    '<circle cx="{}" cy="{}" r="2.6"/></svg>'
)
BREAK_LINE = Markup(f'<path class="break" d="M{{}} 1V{HEIGHT - 1}"/>')
NO_FIGURES = SafeString('<span class="muted">No figures</span>')
# Where a month's figure lies in the drawing: from the left, and from the top.
Place = tuple[float, float]


def sparkline(row: Row) -> SafeString:
    """The row's trend. Blanks leave a gap, never a zero; a lone figure is a dot.

    No line leads across a change of counting: an upright one stands there.
    """
    trend = row.trend
    cuts = [place for place in range(len(trend)) if row.breaks_in_trend(place)] if row.breaks else []
    runs = _runs([one.figure.value for one in trend], cuts)
    if not runs:
        return NO_FIGURES
    places = _places(len(trend))
    drawn: list[str] = [BREAK_LINE(round((places[cut - 1] + places[cut]) / 2, 1)) for cut in cuts]
    drawn += [
        f'<polyline points="{" ".join([f"{x},{y}" for x, y in run])}"/>'
        if len(run) > 1
        # A lone figure would draw no line and is a dot.
        else f'<circle cx="{run[0][0]}" cy="{run[0][1]}" r="1.6"/>'
        for run in runs
    ]
    return SPARK(trend_in_words(row), SafeString("".join(drawn)), *runs[-1][-1])


def trend_in_words(row: Row) -> str:
    """First and latest figure, lowest and highest, with their periods; and any change of counting between them.

    Of equal ones the lowest is the earliest and the highest the latest.
    """
    trend, periods = row.trend, row.measure.periods
    known = [(one.figure.value, place) for place, one in enumerate(trend) if one.figure.value is not None]
    if not known:
        return "No figures."
    # Fractions are slow to compare, so that is left for those which floating point can't tell apart.
    near = [value.numerator / value.denominator for value, _ in known]
    least, most = min(near), max(near)
    low = min(one for one, size in zip(known, near, strict=True) if size == least)
    high = max(one for one, size in zip(known, near, strict=True) if size == most)
    first, latest, lowest, highest = (
        f"{row.text_of(*trend[place])} {periods.of(trend[place].month).phrase}"
        for _, place in (known[0], known[-1], low, high)
    )
    breaks = row.trend_breaks
    counted = f" {counted_otherwise(breaks)}" if breaks else ""
    return f"From {first} to {latest}; lowest {lowest}, highest {highest}.{counted}"


def _runs(values: list[Exact | None], cuts: Collection[int] = ()) -> list[list[Place]]:
    """Unbroken runs of figures as points; the lowest lies at the bottom, the highest on top. None goes across a cut."""
    sizes = [None if value is None else value.numerator / value.denominator for value in values]
    known = [size for size in sizes if size is not None]
    if not known:
        return []
    low, span = min(known), max(known) - min(known)
    runs: list[list[Place]] = []
    gap = True
    for place, (x, size) in enumerate(zip(_places(len(values)), sizes, strict=True)):
        if size is None:
            gap = True
            continue
        if gap or place in cuts:
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
