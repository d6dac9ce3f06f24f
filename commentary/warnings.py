"""What a line's figures and commentary give reason to ask, before they are sent: each with a code and a sentence.

A warning stops nobody: the reporter says why it is right all the same. Pure, like the calculations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from indicators.calculations.change import Change
from indicators.calculations.consistency import (
    CheckKind,
    CheckRole,
    Comparison,
    compare_limit,
    compare_parts,
    compare_stock,
)
from indicators.calculations.exact import Exact, magnitude
from indicators.calculations.figures import Figure
from indicators.calculations.formatting import format_change, format_number
from indicators.calculations.usual import usual_range
from indicators.calculations.vocabulary import Movement, Rating, Unit

UNUSUAL, SAME, NO_COMMENTARY, OVER_100 = "unusual", "same", "no-commentary", "over-100"
# Below it a figure often repeats itself, and a change of one child is a change of many per cent.
SMALL = 10
FEWEST_MORE = 5
MOST_CHECK_DECIMALS = 1


class Caution(NamedTuple):
    """A warning: its code, a sentence for the reporter, and what it rests on.

    A reason that was given holds as long as `about` stays the same. `ask` says what to do.
    """

    code: str
    message: str
    about: str
    ask: str = "Correct it, or say why it is right:"


class CheckedLine(NamedTuple):
    """A line as the warnings see it.

    `earlier` are the figures of the twelve months before, oldest first. `show` displays a value in the
    indicator's unit; `period` and `previous_period` name the months, as “January 2021”.
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


class Part(NamedTuple):
    """Another indicator in a check, with its figure in the month."""

    role: CheckRole
    reference: str
    value: Exact | None


class LineCheck(NamedTuple):
    """A check between indicators, with the month's figures filled in; `before` is last month's figure."""

    code: str
    kind: CheckKind
    reference: str
    value: Exact | None
    before: Exact | None
    parts: tuple[Part, ...]
    total: Exact | None
    tolerance: Exact
    note: str


def cautions_for(line: CheckedLine, checks: Sequence[LineCheck], from_change: Exact) -> list[Caution]:
    """Every warning about a line, in the order to read them. A blank has none but those of its checks.

    `from_change` is the relative change (0.2 is 20%) from which a line must say something about itself.
    """
    own = [_over_100(line), _unusual(line), _same(line), _without_commentary(line, from_change)]
    return [caution for caution in (*own, *(_check(check) for check in checks)) if caution]


def _over_100(line: CheckedLine) -> Caution | None:
    value = line.figure.value
    if not line.is_derived or line.unit is not Unit.PERCENTAGE or line.may_exceed_100 or value is None or value <= 100:
        return None
    counts = ""
    if line.figure.numerator is not None and line.figure.denominator is not None:
        counts = f": {format_number(line.figure.numerator)} of {format_number(line.figure.denominator)}"
    return Caution(OVER_100, f"More than 100%{counts}. The part is above the whole.", str(value))


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


def _check(check: LineCheck) -> Caution | None:
    # The indicators it was made with may all have been deleted since.
    comparison = _compared(check) if check.parts else None
    if comparison is None or comparison.fits:
        return None
    message = " ".join(filter(None, (_DESCRIPTIONS[check.kind](check, comparison), check.note)))
    parts = " ".join(f"{part.reference}={part.value}" for part in check.parts)
    return Caution(check.code, message, f"{comparison.found} {comparison.expected} {parts}")


def _compared(check: LineCheck) -> Comparison | None:
    terms = [(part.role, part.value) for part in check.parts]
    if check.kind is CheckKind.PARTS:
        whole = check.value if check.total is None else check.total
        return compare_parts(whole, terms, check.tolerance)
    if check.kind is CheckKind.STOCK:
        return compare_stock(check.value, check.before, terms, check.tolerance)
    return compare_limit(check.value, terms, check.tolerance)


def _parts_in_words(check: LineCheck, comparison: Comparison) -> str:
    sum_of = _sum_of(check, CheckRole.PART)
    whole = "" if check.total is not None else f"{check.reference} is "
    return f"{sum_of} add up to {_short(comparison.found)}, but {whole}{_short(comparison.expected)}" + (
        " was expected." if check.total is not None else "."
    )


def _stock_in_words(check: LineCheck, comparison: Comparison) -> str:
    inflow, outflow = _sum_of(check, CheckRole.INFLOW), _sum_of(check, CheckRole.OUTFLOW)
    return (
        f"Last month’s {_short(check.before or 0)}, plus {inflow or 'nothing'}, less {outflow or 'nothing'} "
        f"gives {_short(comparison.expected)}, but {check.reference} is {_short(comparison.found)}."
    )


def _limit_in_words(check: LineCheck, comparison: Comparison) -> str:
    limit = _sum_of(check, CheckRole.LIMIT)
    return f"{check.reference} is {_short(comparison.found)}, more than {limit}."


_DESCRIPTIONS: dict[CheckKind, Callable[[LineCheck, Comparison], str]] = {
    CheckKind.PARTS: _parts_in_words,
    CheckKind.STOCK: _stock_in_words,
    CheckKind.LIMIT: _limit_in_words,
}


def _sum_of(check: LineCheck, role: CheckRole) -> str:
    return " + ".join(f"{part.reference} ({_short(part.value or 0)})" for part in check.parts if part.role is role)


def _short(value: Exact) -> str:
    """A number as a sentence shows it: whole where it is, else with one decimal."""
    return format_number(value, 0 if value == int(value) else MOST_CHECK_DECIMALS)
