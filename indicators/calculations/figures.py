"""A monthly figure as the arithmetic sees it, and how derived figures come from others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import NamedTuple

from .exact import Exact
from .vocabulary import Blank, Stage

_FIRMNESS = {stage: order for order, stage in enumerate(Stage)}
# When several parts are blank, the reason that a reader can act on comes first.
_BLANK_ORDER = (
    Blank.SUPPRESSED,
    Blank.AWAITED,
    Blank.NOT_DUE,
    Blank.NOT_AVAILABLE,
    Blank.NOT_APPLICABLE,
)


class Figure(NamedTuple):
    """One indicator's month: an exact value, or the reason why there is none.

    Exactly one of `value` and `blank` is set. `value` is in the indicator's own unit (19 is
    19% for a percentage). `numerator` and `denominator` are kept where the value came from
    them.
    """

    value: Exact | None
    blank: Blank | None = None
    stage: Stage = Stage.FINAL
    numerator: Exact | None = None
    denominator: Exact | None = None
    note: str = ""


NO_RECORD = Figure(None, Blank.NOT_AVAILABLE)


def quotient(
    numerator: Exact,
    denominator: Exact,
    factor: int,
    stage: Stage = Stage.FINAL,
    note: str = "",
) -> Figure:
    """numerator / denominator * factor; not applicable when the denominator is 0."""
    if not denominator:
        return Figure(None, Blank.NOT_APPLICABLE, stage, numerator, denominator, note)
    if type(numerator) is type(denominator) is int:
        value = Fraction(numerator * factor, denominator)
    else:
        value = Fraction(
            numerator.numerator * denominator.denominator * factor,
            numerator.denominator * denominator.numerator,
        )
    return Figure(value, None, stage, numerator, denominator, note)


def derive(
    numerators: Sequence[Figure],
    denominators: Sequence[Figure],
    factor: int,
) -> Figure:
    """The figure that follows from others: sum of numerators / sum of denominators * factor.

    Without denominators it is the plain sum. A blank among the parts makes the result blank,
    never 0; it takes the reason that a reader can act on (awaited before not available). The
    result is only as firm as its least firm part.
    """
    top, bottom = _total(numerators), _total(denominators)
    stages = {part.stage for part in (*numerators, *denominators)}
    stage = stages.pop() if len(stages) == 1 else least_firm(stages)
    if top is None or bottom is None or not numerators:
        blanks = {part.blank for part in (*numerators, *denominators)}
        reason = next((blank for blank in _BLANK_ORDER if blank in blanks), Blank.NOT_AVAILABLE)
        return Figure(None, reason, stage)
    if not denominators:
        return Figure(top * factor, None, stage)
    return quotient(top, bottom, factor, stage)


def least_firm(stages: Collection[Stage]) -> Stage:
    """The least firm of the stages; final when there are none."""
    return max(stages, key=_FIRMNESS.__getitem__, default=Stage.FINAL)


def _total(figures: Sequence[Figure]) -> Exact | None:
    """The sum of the figures; 0 without any, None when one is blank."""
    total: Exact = 0
    for figure in figures:
        if figure.value is None:
            return None
        total += figure.value
    return total
