"""Figures beside comparators."""

from datetime import date
from fractions import Fraction

import pytest

from indicators.calculations.change import compare, is_stale
from indicators.calculations.vocabulary import Assessment, Movement, OnBasis, Polarity

NOT_COMPARABLE = (None, None, Assessment.NOT_JUDGED)


@pytest.mark.parametrize(
    ("ours", "theirs", "polarity", "expected"),
    [
        pytest.param(508, 527, Polarity.LOW, (Movement.DOWN, Assessment.BETTER), id="fewer where low is good"),
        pytest.param(508, 496, Polarity.LOW, (Movement.UP, Assessment.WORSE), id="more where low is good"),
        pytest.param(82, 94, Polarity.HIGH, (Movement.DOWN, Assessment.WORSE), id="less where high is good"),
        pytest.param(271, 353, Polarity.NEUTRAL, (Movement.DOWN, Assessment.NOT_JUDGED), id="neutral"),
        pytest.param(1001, 1000, Polarity.HIGH, (Movement.LEVEL, Assessment.NO_CHANGE), id="0.1% apart"),
    ],
)
def test_comparison_of(ours, theirs, polarity, expected):
    assert compare(ours, theirs, polarity, OnBasis.YES)[1:3] == expected


def test_comparison_is_relative_to_the_comparator():
    assert compare(271, 353, Polarity.NEUTRAL, OnBasis.YES).relative == Fraction(-82, 353)


def test_comparison_with_zero_has_no_relative():
    assert compare(3, 0, Polarity.LOW, OnBasis.YES)[:3] == (None, Movement.UP, Assessment.WORSE)


@pytest.mark.parametrize(("target", "expected"), [(85, Assessment.BETTER), (95, Assessment.WORSE)])
def test_comparison_where_close_to_target_is_good(target, expected):
    assert compare(84, 94, Polarity.TARGET, OnBasis.YES, target).assessment is expected


@pytest.mark.parametrize(
    ("ours", "theirs", "on_basis"),
    [
        pytest.param(36, 1, OnBasis.NO, id="another basis"),
        pytest.param(65, 560, OnBasis.UNKNOWN, id="basis not known"),
        pytest.param(None, 1, OnBasis.YES, id="our figure is blank"),
        pytest.param(36, None, OnBasis.YES, id="theirs is blank"),
    ],
)
def test_comparison_is_not_made_with(ours, theirs, on_basis):
    assert compare(ours, theirs, Polarity.HIGH, on_basis)[:3] == NOT_COMPARABLE


@pytest.mark.parametrize(
    ("year", "month", "expected"),
    [
        pytest.param(2019, date(2021, 1, 1), False, id="10 months after"),
        pytest.param(2019, date(2022, 3, 1), False, id="24 months after is the last"),
        pytest.param(2019, date(2022, 4, 1), True, id="25 months after"),
        pytest.param(2020, date(2021, 1, 1), False, id="a year that is still running"),
        pytest.param(None, date(2021, 1, 1), False, id="year not known"),
    ],
)
def test_comparator_is_stale(year, month, expected):
    assert is_stale(year, month) is expected
