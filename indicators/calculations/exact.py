"""Exact numbers: what every figure is computed with."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

# A whole count, or anything else as a fraction: no figure is ever rounded before it is displayed.
Exact = int | Fraction


def exact(number: Decimal | float) -> Exact:
    """The number without any rounding: an int when whole, else a Fraction.

    A float counts as the decimal number that it prints as: 0.1 is one tenth.
    """
    if type(number) is int:
        return number
    if isinstance(number, float):
        number = Decimal(repr(number))
    top, bottom = number.as_integer_ratio()
    return top if bottom == 1 else Fraction(top, bottom)


def magnitude(number: Exact) -> Exact:
    """The number without its sign."""
    return -number if number < 0 else number


def rounded_exactly(number: Exact, places: int) -> Exact:
    """What the number is displayed as with so many places, as a number: rounded half away from zero."""
    scale = 10**places
    units = (abs(number.numerator) * scale * 2 + number.denominator) // (number.denominator * 2)
    return Fraction(-units if number < 0 else units, scale)


def decimals_of(number: Exact, most: int) -> int:
    """How many decimals the number has, so that none of it is left out; `most` where it has more, or never ends."""
    return next((places for places in range(most) if not number * 10**places % 1), most)


def rounded(number: Exact, places: int) -> Decimal:
    """The number as a decimal with so many places, rounded half away from zero. Only for storing."""
    scale = 10**places
    units = (abs(number.numerator) * scale * 2 + number.denominator) // (number.denominator * 2)
    return Decimal(-units if number < 0 else units).scaleb(-places)
