"""How statements are held against the facts of a row: how exact a number must be, and what a figure is set beside."""

from fractions import Fraction

import pytest

from commentary.checker.items import Amount, AmountUnit, Bound, Reference
from commentary.checker.statements import Facts, is_difference, is_figure, is_multiple
from commentary.checker.words import Beside
from indicators.calculations.vocabulary import OnBasis, Unit
from tests.commentary.lines import make_line
from tests.scorecard.report.rows import make_target

from .rows import CONTACTS, ENGLAND, IN_TIME, check

NUMBER, PERCENT, POINTS = AmountUnit


def amount(value, unit=NUMBER, bound=Bound.EXACT, step=1, **more):
    return Amount(0, 0, value, unit, bound, step, **more)


@pytest.mark.parametrize(
    ("said", "value", "fits"),
    [
        (amount(84), Fraction(845, 10), True),
        (amount(84), Fraction(846, 10), False),
        (amount(1500, bound=Bound.ABOUT), 1464, True),
        (amount(1500, bound=Bound.ABOUT), 1300, False),
        (amount(1500, bound=Bound.NEARLY), 1464, True),
        (amount(1400, bound=Bound.NEARLY), 1464, False),
        (amount(1400, bound=Bound.JUST_OVER), 1464, True),
        (amount(95, bound=Bound.AT_LEAST), 94, False),
        (amount(95, bound=Bound.AT_LEAST), 95, True),
        (amount(10, high=15), 12, True),
        (amount(10, high=15), 16, False),
        (amount(42, whole=56), 42, True),
        (amount(42, whole=56), 53, False),
    ],
)
def test_figure_fits_the_number(said, value, fits):
    assert is_figure(said, value, CONTACTS) is fits


@pytest.mark.parametrize(
    ("size", "fits"),
    [
        (amount(5, PERCENT), True),
        (amount(6, PERCENT), True),
        (amount(5, POINTS), True),
        (amount(6, POINTS), False),
        (amount(5, PERCENT, is_relative=True), True),
        (amount(4, PERCENT, is_relative=True), False),
        (amount(9, PERCENT), False),
    ],
)
def test_percentage_can_differ_in_points_or_relatively(size, fits):
    assert is_difference(size, 89, 84, IN_TIME) is fits


@pytest.mark.parametrize(
    ("times", "bound", "after", "fits"),
    [
        (2, Bound.EXACT, 176, True),
        (2, Bound.EXACT, 170, False),
        (2, Bound.AT_LEAST, 199, False),
        (3, Bound.NEARLY, 280, True),
        (3, Bound.NEARLY, 310, False),
        (Fraction(1, 2), Bound.EXACT, 45, True),
        (Fraction(1, 2), Bound.EXACT, 25, False),
        (Fraction(1, 2), Bound.AT_MOST, 51, False),
    ],
)
def test_multiple_is_a_round_one(times, bound, after, fits):
    assert is_multiple(Fraction(times), bound, 100, after) is fits


def beside_england(value, on_basis):
    return make_line(
        [60, 65], title="Rate of referrals", unit=Unit.RATE_10000, comparators={ENGLAND: value}, on_basis=on_basis
    )


@pytest.mark.parametrize(
    ("value", "on_basis", "fact"),
    [
        (50, OnBasis.YES, "65 per 10,000 in January 2021, which is 30% higher than England (50 per 10,000)"),
        (50, OnBasis.UNKNOWN, "65 per 10,000 in January 2021, beside England (50 per 10,000, basis not stated)"),
        # A year's rate beside a month's.
        (560, OnBasis.UNKNOWN, None),
        (50, OnBasis.NO, None),
    ],
)
def test_comparator_of_unknown_basis_is_quoted_without_a_gap(value, on_basis, fact):
    text = "The rate is below England." if value < 65 else "The rate is above England."
    findings = check(text, beside_england(value, on_basis))
    assert [finding.fact for finding in findings] == ([fact] if fact else [])


def test_target_is_that_of_the_year_named_else_any_where_none_is_in_force():
    row = CONTACTS._replace(targets=(make_target(1500, year=2018), make_target(1400, year=2019)))
    values = {
        year: [one.value for one in Facts(row).others(Reference(0, 0, Beside.TARGET, year=year))]
        for year in (2018, 2020, None)
    }
    assert values == {2018: [1500], 2020: [], None: [1500, 1400]}
    assert check("Contacts are above the 2018-19 target.", row)
    assert check("Contacts are above the 2019-20 target.", row) == ()
    assert check("Contacts are above target.", row) == ()
