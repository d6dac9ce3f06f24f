"""Whether a number in a text agrees with an exact one, allowing for the ways in which people round and speak."""

from __future__ import annotations

from fractions import Fraction

from commentary.facts import displayed
from indicators.calculations.exact import Exact, magnitude
from indicators.calculations.row import Row
from indicators.calculations.vocabulary import Unit

from .numbers import Amount, AmountUnit, Bound

# What "about" allows: a tenth of the number.
ROUGHLY = Fraction(1, 10)


def is_figure(amount: Amount, value: Exact, row: Row) -> bool:
    """Whether the number is this figure: rounded as the text or as the report rounds it, or within its bound."""
    if amount.bound is not Bound.EXACT:
        return _is_within_bound(amount, value, amount.step)
    return amount.value == displayed(row, value) or magnitude(amount.value - value) * 2 <= amount.step


def is_difference(size: Amount, before: Exact, after: Exact, row: Row) -> bool:
    """Whether the number is the difference between two figures, in any way that it can be meant.

    A plain number is the difference of counts or rates. Per cent is the relative change, rounded up or down; of
    percentages it can also be points, exact or between the figures as displayed. What can't be compared agrees: points
    of anything else, a plain number beside percentages, a relative change from 0.
    """
    apart = [after - before, displayed(row, after) - displayed(row, before)]
    if size.unit is AmountUnit.NUMBER:
        if row.measure.unit is Unit.PERCENTAGE:
            return True
        fits = _is_number_apart if row.measure.unit is Unit.COUNT else _is_rounded
        return any(fits(size, one) for one in apart)
    relative = [Fraction(after - before) / before * 100] if before else []
    if row.measure.unit is Unit.PERCENTAGE:
        meant = apart if size.unit is AmountUnit.POINTS else [*apart, *relative]
        return any(_is_rounded(size, one) for one in meant)
    return size.unit is AmountUnit.POINTS or not relative or _is_rounded(size, relative[0])


def _is_rounded(amount: Amount, exact_size: Exact) -> bool:
    """Whether the number is this size, rounded up or down to its last digit."""
    size = magnitude(exact_size)
    if amount.bound is not Bound.EXACT:
        return _is_within_bound(amount, size, amount.step)
    return magnitude(amount.value - size) < amount.step


def _is_number_apart(amount: Amount, exact_size: Exact) -> bool:
    size = magnitude(exact_size)
    return _is_within_bound(amount, size, 0) if amount.bound is not Bound.EXACT else amount.value == size


def _is_within_bound(amount: Amount, size: Exact, slack: Exact) -> bool:
    if amount.bound is Bound.AT_LEAST:
        return size >= amount.value - slack
    if amount.bound is Bound.AT_MOST:
        return size <= amount.value + slack
    return magnitude(size - amount.value) <= max(amount.value * ROUGHLY, slack)
