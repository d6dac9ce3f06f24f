"""Exact numbers, and the rounding with which they are stored."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.exact import rounded


@pytest.mark.parametrize(
    ("number", "places", "expected"),
    [
        (Fraction(642980, 152 * 12), 6, "352.510965"),
        (Fraction(1, 2), 0, "1"),
        (Fraction(-1, 2), 0, "-1"),
        (Fraction(5, 10_000_000), 6, "0.000001"),
        (Fraction(4, 10_000_000), 6, "0"),
        (353, 6, "353"),
        (0, 6, "0"),
    ],
    ids=str,
)
def test_number_is_rounded_half_away_from_zero(number, places, expected):
    assert rounded(number, places) == Decimal(expected)


@given(st.integers(-(10**9), 10**9), st.integers(1, 1000), st.integers(0, 6))
def test_rounding_agrees_with_decimal(top, bottom, places):
    # A quotient of these numbers with 60 digits falls on a half only if the exact one does.
    with localcontext(prec=60):
        expected = (Decimal(top) / bottom).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert rounded(Fraction(top, bottom), places) == expected
