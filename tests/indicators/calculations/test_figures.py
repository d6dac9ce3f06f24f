"""Exact figures, quotients and what is derived from other figures."""

from decimal import Decimal
from fractions import Fraction

import pytest

from indicators.calculations.exact import exact, magnitude
from indicators.calculations.figures import Figure, derive, least_firm, quotient
from indicators.calculations.vocabulary import Blank, Stage


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param(Decimal("19.000000"), 19, id="whole"),
        pytest.param(Decimal("0.1"), Fraction(1, 10), id="a tenth exactly"),
        pytest.param(Decimal("0.000001"), Fraction(1, 10**6), id="the sixth decimal"),
        pytest.param(Decimal("123456789012.345678"), Fraction(123456789012345678, 10**6), id="all 18 digits"),
        pytest.param(7, 7, id="an int"),
        pytest.param(0.1, Fraction(1, 10), id="a float is what it prints as"),
        pytest.param(1e-06, Fraction(1, 10**6), id="a float in powers of ten"),
    ],
)
def test_exact_loses_nothing(number, expected):
    assert exact(number) == expected


@pytest.mark.parametrize(("number", "expected"), [(3, 3), (-3, 3), (0, 0), (Fraction(-1, 2), Fraction(1, 2))])
def test_magnitude_of(number, expected):
    assert magnitude(number) == expected


@pytest.mark.parametrize(
    ("numerator", "denominator", "factor", "expected"),
    [
        pytest.param(271, 1464, 100, Fraction(27100, 1464), id="M3"),
        pytest.param(271, 50834, 10_000, Fraction(2710000, 50834), id="M2-NI"),
        pytest.param(0, 7, 100, 0, id="none of some is 0, a figure"),
        pytest.param(Fraction(1, 3), Fraction(1, 6), 1, 2, id="fractions"),
    ],
)
def test_quotient_is(numerator, denominator, factor, expected):
    assert quotient(numerator, denominator, factor).value == expected


def test_quotient_of_nothing_is_not_applicable():
    assert quotient(0, 0, 100) == Figure(None, Blank.NOT_APPLICABLE, Stage.FINAL, 0, 0)


def test_quotient_keeps_parts_stage_and_note():
    figure = quotient(1, 4, 100, Stage.REVISED, "late")
    assert figure[2:] == (Stage.REVISED, 1, 4, "late")


def test_derive_divides_sums():
    assert derive([Figure(1), Figure(2)], [Figure(5), Figure(7)], 100).value == 25


def test_derive_without_denominators_is_a_sum():
    assert derive([Figure(1), Figure(Fraction(1, 2))], [], 1).value == Fraction(3, 2)


def test_derive_with_denominators_that_sum_to_0_is_not_applicable():
    assert derive([Figure(0)], [Figure(0), Figure(0)], 100).blank is Blank.NOT_APPLICABLE


def test_derive_without_numerators_is_not_available():
    assert derive([], [Figure(3)], 100).blank is Blank.NOT_AVAILABLE


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param([None, Blank.AWAITED], Blank.AWAITED, id="one is awaited"),
        pytest.param([Blank.NOT_AVAILABLE, Blank.AWAITED], Blank.AWAITED, id="awaited before not available"),
        pytest.param([Blank.NOT_APPLICABLE, Blank.NOT_AVAILABLE], Blank.NOT_AVAILABLE, id="not applicable is last"),
        pytest.param([Blank.NOT_AVAILABLE, Blank.NOT_DUE], Blank.NOT_DUE, id="not due before not available"),
        pytest.param([Blank.AWAITED, Blank.SUPPRESSED], Blank.SUPPRESSED, id="a secret stays one"),
    ],
)
def test_derive_from_blanks_takes_the_reason(parts, expected):
    figures = [Figure(5) if blank is None else Figure(None, blank) for blank in parts]
    assert derive(figures, [], 1).blank is expected


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        pytest.param([], Stage.FINAL, id="none"),
        pytest.param([Stage.FINAL, Stage.REVISED], Stage.REVISED, id="revised is less firm than final"),
        pytest.param([Stage.PROVISIONAL, Stage.REVISED], Stage.PROVISIONAL, id="provisional is less firm still"),
        pytest.param([Stage.ESTIMATED, Stage.PROVISIONAL], Stage.ESTIMATED, id="estimated is the least"),
    ],
)
def test_least_firm_of(stages, expected):
    assert least_firm(stages) is expected


def test_derive_is_as_firm_as_its_least_firm_part():
    assert derive([Figure(1)], [Figure(2, None, Stage.PROVISIONAL)], 100).stage is Stage.PROVISIONAL
