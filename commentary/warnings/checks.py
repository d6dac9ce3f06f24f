"""Warnings of checks between indicators: figures that belong together and don't fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from indicators.calculations.consistency import (
    CheckKind,
    CheckRole,
    Comparison,
    compare_limit,
    compare_parts,
    compare_stock,
)
from indicators.calculations.exact import Exact
from indicators.calculations.formatting import format_number

from .caution import Caution

MOST_CHECK_DECIMALS = 1


class Part(NamedTuple):
    """Another indicator in a check, with its key, its figure in the month, and who reports it ("" for nobody)."""

    role: CheckRole
    reference: str
    value: Exact | None
    key: int
    reporter: str


class LineCheck(NamedTuple):
    """A check between indicators, with the month's figures filled in.

    `before` is the figure of the period before, which `period_before` names, as “Last month”.
    """

    code: str
    kind: CheckKind
    reference: str
    value: Exact | None
    before: Exact | None
    parts: tuple[Part, ...]
    total: Exact | None
    tolerance: Exact
    note: str
    period_before: str = "Last month"

    def is_other(self, part: Part) -> bool:
        """Whether a part is another indicator; with a fixed total the one checked is usually a part itself."""
        return part.reference != self.reference


Named = Callable[[LineCheck, Part], str]


def caution_of(check: LineCheck) -> Caution | None:
    """The warning of a check; None when the figures fit, or one of them is missing."""
    # The indicators it was made with may all have been deleted since.
    comparison = _compared(check) if check.parts else None
    if comparison is None or comparison.fits:
        return None
    parts = " ".join(f"{part.reference}={part.value}" for part in check.parts)
    return Caution(
        check.code,
        _with_note(check, _DESCRIPTIONS[check.kind](check, comparison)),
        f"{comparison.found} {comparison.expected} {parts}",
        quotes=frozenset(part.key for part in check.parts if check.is_other(part)),
        guarded=_with_note(check, _GUARDED[check.kind](check)),
    )


def _with_note(check: LineCheck, sentence: str) -> str:
    return " ".join(filter(None, (sentence, check.note)))


def _compared(check: LineCheck) -> Comparison | None:
    terms = [(part.role, part.value) for part in check.parts]
    if check.kind is CheckKind.PARTS:
        whole = check.value if check.total is None else check.total
        return compare_parts(whole, terms, check.tolerance)
    if check.kind is CheckKind.STOCK:
        return compare_stock(check.value, check.before, terms, check.tolerance)
    return compare_limit(check.value, terms, check.tolerance)


# In full


def _parts_in_words(check: LineCheck, comparison: Comparison) -> str:
    sum_of = _sum_of(check, CheckRole.PART, _with_figure)
    whole = "" if check.total is not None else f"{check.reference} is "
    return f"{sum_of} add up to {_short(comparison.found)}, but {whole}{_short(comparison.expected)}" + (
        " was expected." if check.total is not None else "."
    )


def _stock_in_words(check: LineCheck, comparison: Comparison) -> str:
    return (
        f"{_flows(check, _with_figure)} gives {_short(comparison.expected)}, "
        f"but {check.reference} is {_short(comparison.found)}."
    )


def _limit_in_words(check: LineCheck, comparison: Comparison) -> str:
    limit = _sum_of(check, CheckRole.LIMIT, _with_figure)
    return f"{check.reference} is {_short(comparison.found)}, more than {limit}."


_DESCRIPTIONS: dict[CheckKind, Callable[[LineCheck, Comparison], str]] = {
    CheckKind.PARTS: _parts_in_words,
    CheckKind.STOCK: _stock_in_words,
    CheckKind.LIMIT: _limit_in_words,
}


# For who may not read the others' figures. Of a sum not even the direction is told: less than 1 is none.


def _guarded_parts(check: LineCheck) -> str:
    whole = f"{check.reference} ({_short(check.value or 0)})" if check.total is None else _short(check.total)
    return f"{_sum_of(check, CheckRole.PART, _with_whom_to_ask)} don’t add up to {whole}."


def _guarded_stock(check: LineCheck) -> str:
    return f"{_flows(check, _with_whom_to_ask)} doesn’t give {check.reference} ({_short(check.value or 0)})."


def _guarded_limit(check: LineCheck) -> str:
    limit = _sum_of(check, CheckRole.LIMIT, _with_whom_to_ask)
    return f"{check.reference} is {_short(check.value or 0)}, more than {limit}."


_GUARDED: dict[CheckKind, Callable[[LineCheck], str]] = {
    CheckKind.PARTS: _guarded_parts,
    CheckKind.STOCK: _guarded_stock,
    CheckKind.LIMIT: _guarded_limit,
}


def _flows(check: LineCheck, named: Named) -> str:
    inflow, outflow = _sum_of(check, CheckRole.INFLOW, named), _sum_of(check, CheckRole.OUTFLOW, named)
    before = f"{check.period_before}’s {_short(check.before or 0)}"
    return f"{before}, plus {inflow or 'nothing'}, less {outflow or 'nothing'}"


def _sum_of(check: LineCheck, role: CheckRole, named: Named) -> str:
    return " + ".join(f"{part.reference} ({named(check, part)})" for part in check.parts if part.role is role)


def _with_figure(_: LineCheck, part: Part) -> str:
    return _short(part.value or 0)


def _with_whom_to_ask(check: LineCheck, part: Part) -> str:
    if not check.is_other(part):
        return _with_figure(check, part)
    return f"ask {part.reporter}" if part.reporter else "which nobody reports"


def _short(value: Exact) -> str:
    """A number as a sentence shows it: whole where it is, else with one decimal."""
    return format_number(value, 0 if value == int(value) else MOST_CHECK_DECIMALS)
