"""Whether figures that belong together fit: parts and their whole, stock and flow, a part and its limit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .exact import Exact, magnitude
from .vocabulary import LabelledEnum


class CheckKind(LabelledEnum):
    """How the figures of several indicators hang together."""

    PARTS = "parts", "Parts add up to a whole"
    STOCK = "stock", "A stock follows from last month’s, plus what came in, less what went out"
    LIMIT = "limit", "One is never above another"
    MONTHS = "months", "A total of several months, or a sum and difference of one"


class CheckRole(LabelledEnum):
    """What another indicator is to the one that is checked."""

    PART = "part", "A part of the whole"
    INFLOW = "inflow", "Comes in"
    OUTFLOW = "outflow", "Goes out"
    LIMIT = "limit", "The limit"


ROLES_OF = {
    CheckKind.PARTS: (CheckRole.PART,),
    CheckKind.STOCK: (CheckRole.INFLOW, CheckRole.OUTFLOW),
    CheckKind.LIMIT: (CheckRole.LIMIT,),
    CheckKind.MONTHS: (CheckRole.PART, CheckRole.OUTFLOW),
}
Term = tuple[CheckRole, Exact | None]


class CheckResult(NamedTuple):
    """What the figures give, and what they should give; in the unit of the indicator checked."""

    found: Exact
    expected: Exact
    fits: bool


def compare_parts(whole: Exact | None, terms: Sequence[Term], tolerance: Exact) -> CheckResult | None:
    """The sum of the parts beside the whole, which may also be a fixed total such as 100 (per cent).

    They fit when they differ by no more than `tolerance`. None as long as a figure is missing: a blank is never 0.
    """
    return _compare(_total(terms, CheckRole.PART), whole, tolerance)


def compare_stock(
    stock: Exact | None, before: Exact | None, terms: Sequence[Term], tolerance: Exact
) -> CheckResult | None:
    """The stock beside last month's plus inflows less outflows; fits within `tolerance`. None while one is missing."""
    inflow, outflow = _total(terms, CheckRole.INFLOW), _total(terms, CheckRole.OUTFLOW)
    if before is None or inflow is None or outflow is None:
        return None
    return _compare(stock, before + inflow - outflow, tolerance)


def compare_limit(figure: Exact | None, terms: Sequence[Term], tolerance: Exact) -> CheckResult | None:
    """The figure beside its limit (the sum of several); fits up to `tolerance` above it. None while one is missing."""
    limit = _total(terms, CheckRole.LIMIT)
    if figure is None or limit is None:
        return None
    return CheckResult(figure, limit, figure <= limit + tolerance)


def _compare(found: Exact | None, expected: Exact | None, tolerance: Exact) -> CheckResult | None:
    if found is None or expected is None:
        return None
    return CheckResult(found, expected, magnitude(found - expected) <= tolerance)


def _total(terms: Sequence[Term], role: CheckRole) -> Exact | None:
    """The sum of the figures in a role; 0 without any, None when one is missing."""
    total: Exact = 0
    for has, value in terms:
        if has is role:
            if value is None:
                return None
            total += value
    return total
