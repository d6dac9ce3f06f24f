"""Small drawings of signals, as SVG: what a signal is shows in its shape as well as in its colour.

Each appears beside its words, so screen readers skip it.
"""

from __future__ import annotations

from django.utils.safestring import SafeString

from indicators.calculations.signal import SignalKind
from indicators.calculations.spc import Assurance, Variation
from scorecard.report.what_to_look_at import LookItem, Reason

from .markup import Markup

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
    return SIGN(sign) if sign else variation_icon(item.row.signal.variation)


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
