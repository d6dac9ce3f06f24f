"""Checks between figures: tables by hand, from the published January 2021 scorecard where it has such figures."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.consistency import (
    ROLES_OF,
    CheckKind,
    CheckRole,
    compare_limit,
    compare_parts,
    compare_stock,
)

PART, IN, OUT, LIMIT = CheckRole.PART, CheckRole.INFLOW, CheckRole.OUTFLOW, CheckRole.LIMIT
EARLY_HELP = [Fraction(100 * count, 305) for count in (32, 81, 56, 86, 50)]
figures = st.integers(0, 70_000).map(lambda sevenths: Fraction(sevenths, 7))
terms = st.lists(st.tuples(st.sampled_from(CheckRole), st.none() | figures), max_size=6)


def parts(*values):
    return [(PART, value) for value in values]


@pytest.mark.parametrize(
    ("whole", "values", "tolerance", "found", "fits"),
    [
        pytest.param(100, EARLY_HELP, 0, 100, True, id="EH3a to EH3e are exactly all of EH3"),
        pytest.param(100, [10, 27, 18, 28, 16], Fraction(1, 2), 99, False, id="the same as printed, rounded"),
        pytest.param(100, [10, 27, 18, 28, 16], 1, 99, True, id="below by as much as the tolerance"),
        pytest.param(100, [10, 27, 18, 28, 18], 1, 101, True, id="above by as much as the tolerance"),
        pytest.param(100, [10, 27, 18, 28, Fraction(181, 10)], 1, Fraction(1011, 10), False, id="just beyond it"),
        pytest.param(0, [0, 0], 0, 0, True, id="nothing of nothing"),
    ],
)
def test_parts_beside_their_whole(whole, values, tolerance, found, fits):
    assert compare_parts(whole, parts(*values), tolerance) == (found, whole, fits)


@pytest.mark.parametrize(
    ("month", "stock", "before", "inflow", "outflow", "expected", "fits"),
    [
        ("January 2021", 508, 499, 23, 14, 508, True),
        ("December 2020", 499, 503, 11, 12, 502, True),
        ("August 2020", 493, 512, 9, 24, 497, False),
        ("nobody any more", 0, 5, 0, 5, 0, True),
        ("more out than there were", 0, 5, 0, 9, -4, False),
    ],
)
def test_children_in_care_follow_from_the_month_before_within_3(month, stock, before, inflow, outflow, expected, fits):
    assert compare_stock(stock, before, [(IN, inflow), (OUT, outflow)], 3) == (stock, expected, fits), month


def test_a_stock_takes_several_flows_each_way():
    flows = [(IN, 3), (OUT, 4), (IN, 20), (OUT, 1)]
    assert compare_stock(118, 100, flows, 0) == (118, 118, True)


@pytest.mark.parametrize(
    ("figure", "limits", "tolerance", "limit", "fits"),
    [
        pytest.param(2, [271], 0, 271, True, id="M4 is far below M2"),
        pytest.param(271, [271], 0, 271, True, id="as much as its limit"),
        pytest.param(272, [271], 0, 271, False, id="one more"),
        pytest.param(272, [271], 1, 271, True, id="one more is tolerated"),
        pytest.param(30, [10, 21], 0, 31, True, id="several limits add up"),
        pytest.param(1, [0], 0, 0, False, id="something of nothing"),
    ],
)
def test_a_figure_beside_its_limit(figure, limits, tolerance, limit, fits):
    assert compare_limit(figure, [(LIMIT, value) for value in limits], tolerance) == (figure, limit, fits)


@pytest.mark.parametrize(
    "comparison",
    [
        pytest.param(lambda: compare_parts(None, parts(1, 2), 0), id="no whole"),
        pytest.param(lambda: compare_parts(3, parts(1, None, 2), 0), id="a part is missing"),
        pytest.param(lambda: compare_stock(None, 5, [(IN, 1)], 0), id="no stock"),
        pytest.param(lambda: compare_stock(6, None, [(IN, 1)], 0), id="no month before"),
        pytest.param(lambda: compare_stock(6, 5, [(IN, None)], 0), id="an inflow is missing"),
        pytest.param(lambda: compare_stock(6, 5, [(IN, 1), (OUT, None)], 0), id="an outflow is missing"),
        pytest.param(lambda: compare_limit(None, [(LIMIT, 1)], 0), id="no figure"),
        pytest.param(lambda: compare_limit(1, [(LIMIT, 1), (LIMIT, None)], 0), id="a limit is missing"),
    ],
)
def test_nothing_is_compared_while_a_figure_is_missing(comparison):
    assert comparison() is None


def test_only_the_roles_of_its_kind_count():
    others = [(IN, 7), (OUT, 7), (LIMIT, 7)]
    assert compare_parts(3, [*parts(1, 2), *others], 0) == (3, 3, True)
    assert compare_limit(7, [*parts(1, 2), *others], 0) == (7, 7, True)


def test_every_role_belongs_to_a_kind():
    assert {role for roles in ROLES_OF.values() for role in roles} == set(CheckRole)
    assert set(ROLES_OF) == set(CheckKind)


@given(figures, st.lists(figures, max_size=6), figures)
def test_parts_fit_whatever_their_order(whole, values, tolerance):
    assert compare_parts(whole, parts(*values), tolerance) == compare_parts(whole, parts(*values[::-1]), tolerance)


@given(figures, terms, figures)
def test_a_stock_that_is_what_follows_always_fits(before, flows, tolerance):
    expected = compare_stock(0, before, flows, tolerance)
    if expected is not None:
        assert compare_stock(expected.expected, before, flows, 0).fits


@given(figures, terms, figures, figures)
def test_more_tolerance_never_finds_more_wrong(figure, others, tolerance, more):
    for compare in (compare_parts, compare_limit):
        strict = compare(figure, others, tolerance)
        assert strict is None or not strict.fits or compare(figure, others, tolerance + more).fits
