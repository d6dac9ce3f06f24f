"""The warnings about a line by itself, and with those of its checks all that there is to ask about its figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from indicators.calculations.change import Change
from indicators.calculations.exact import Exact, magnitude
from indicators.calculations.figures import Figure
from indicators.calculations.formatting import format_change, format_number
from indicators.calculations.usual_range import usual_range
from indicators.calculations.vocabulary import Movement, Rating, Unit

from .caution import Caution
from .checks import LineCheck, caution_of

UNUSUAL, SAME, NO_COMMENTARY, OVER_100 = "unusual", "same", "no-commentary", "over-100"
# Below it a figure often repeats itself, and a change of one child is a change of many per cent.
SMALL = 10
FEWEST_MORE = 5


class CheckedLine(NamedTuple):
    """A line as the warnings see it.

    `earlier` are the figures of the twelve months before, oldest first. `show` displays a value in the
    indicator's unit; `period` and `previous_period` name the months, as “January 2021”. `sources` are the
    indicators that it is worked out from.
    """

    figure: Figure
    previous: Exact | None
    earlier: Sequence[Exact | None]
    change: Change
    rating: Rating
    unit: Unit
    may_exceed_100: bool
    is_derived: bool
    has_commentary: bool
    period: str
    previous_period: str
    show: Callable[[Exact | None], str]
    sources: frozenset[int] = frozenset()


def cautions_for(line: CheckedLine, checks: Sequence[LineCheck], from_change: Exact) -> list[Caution]:
    """Every warning about a line, in the order to read them. A blank has none but those of its checks.

    `from_change` is the relative change (0.2 is 20%) from which a line must say something about itself.
    """
    own = [_over_100(line), _unusual(line), _same(line), _without_commentary(line, from_change)]
    return [caution for caution in (*own, *(caution_of(check) for check in checks)) if caution]


def _over_100(line: CheckedLine) -> Caution | None:
    value = line.figure.value
    if not line.is_derived or line.unit is not Unit.PERCENTAGE or line.may_exceed_100 or value is None or value <= 100:
        return None
    guarded = "More than 100%. The part is above the whole."
    if line.figure.numerator is None or line.figure.denominator is None:
        return Caution(OVER_100, guarded, str(value))
    counts = f"{format_number(line.figure.numerator)} of {format_number(line.figure.denominator)}"
    message = f"More than 100%: {counts}. The part is above the whole."
    return Caution(OVER_100, message, str(value), quotes=line.sources, guarded=guarded)


def _unusual(line: CheckedLine) -> Caution | None:
    value = line.figure.value
    is_limited = line.unit is Unit.PERCENTAGE and not line.may_exceed_100
    usual = usual_range(line.earlier, 100 if is_limited else None)
    if value is None or usual is None or usual.includes(value):
        return None
    side, end = ("above", usual.high) if value > usual.high else ("below", usual.low)
    # Rounded, both can look alike.
    just = "just " if line.show(value) == line.show(end) else ""
    return Caution(
        UNUSUAL,
        f"{line.show(value)} is {just}{side} what the last 12 months make usual: "
        f"{line.show(usual.low)} to {line.show(usual.high)}.",
        str(value),
    )


def _same(line: CheckedLine) -> Caution | None:
    value = line.figure.value
    if line.is_derived or value is None or value != line.previous or value < SMALL:
        return None
    return Caution(SAME, f"The same figure as in {line.previous_period}. Was it copied?", str(value))


def _without_commentary(line: CheckedLine, from_change: Exact) -> Caution | None:
    if line.has_commentary:
        return None
    if line.rating is Rating.RED:
        return _asks_for_commentary(line, "Off target and without commentary: readers will ask why.")
    relative = line.change.relative
    if relative is None or magnitude(relative) < from_change or not _is_worth_a_word(line):
        return None
    if line.change.movement is Movement.LEVEL:
        return None
    way = "rose" if line.change.movement is Movement.UP else "fell"
    text = f"The figure {way} by {format_change(magnitude(relative))} since {line.previous_period}, without commentary."
    return _asks_for_commentary(line, text)


def _asks_for_commentary(line: CheckedLine, message: str) -> Caution:
    ask = "Write a commentary, or say why none is needed:"
    return Caution(NO_COMMENTARY, message, str(line.figure.value), ask)


def _is_worth_a_word(line: CheckedLine) -> bool:
    """Whether a count moved by more than a few; of other units every large change is."""
    if line.unit is not Unit.COUNT or line.figure.value is None or line.previous is None:
        return True
    return magnitude(line.figure.value - line.previous) >= FEWEST_MORE
