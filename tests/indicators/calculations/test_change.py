"""Change against an earlier figure: the numbers by hand, from the published January 2021 scorecard."""

from fractions import Fraction

import pytest

from indicators.calculations.change import NO_CHANGE_KNOWN, change
from indicators.calculations.formatting import format_change
from indicators.calculations.vocabulary import Assessment, Movement, Polarity

UP, DOWN, LEVEL = Movement.UP, Movement.DOWN, Movement.LEVEL
BETTER, WORSE = Assessment.BETTER, Assessment.WORSE
NO_CHANGE, NOT_JUDGED = Assessment.NO_CHANGE, Assessment.NOT_JUDGED


@pytest.mark.parametrize(
    ("later", "earlier", "expected"),
    [
        pytest.param(Fraction(500, 14), Fraction(100, 12), "329%", id="1 of 12 to 5 of 14"),
        pytest.param(Fraction(3, 8), Fraction(1, 3), "13%", id="an exact half rounds away from zero"),
        pytest.param(Fraction(3, 4), Fraction(2, 3), "13%", id="two thirds to three quarters"),
        pytest.param(7, 8, "-13%", id="an exact half below zero"),
        pytest.param(Fraction(271, 1464), Fraction(351, 1507), "-21%", id="M3"),
        pytest.param(271, 351, "-23%", id="M2"),
        pytest.param(271, 407, "-33%", id="M2 on last year"),
        pytest.param(Fraction(800, 271), Fraction(3200, 351), "-68%", id="M6-QL, not the -67% of 9% to 3%"),
        pytest.param(91, 149, "-39%", id="CP1-NI, not the -38% of 29 to 18"),
        pytest.param(400, 399, "0%", id="CP6B-NI, not the 1% of 78 to 79"),
        pytest.param(117, 112, "4%", id="EH1a, printed as -6%"),
        pytest.param(508, 499, "2%", id="LAC1"),
        pytest.param(23, 11, "109%", id="LAC2"),
        pytest.param(0, 4, "-100%", id="to nothing"),
        pytest.param(4, 4, "0%", id="the same"),
        pytest.param(40, 0, "n/a", id="from nothing"),
        pytest.param(0, 0, "n/a", id="nothing to nothing"),
    ],
)
def test_change_is_printed_as(later, earlier, expected):
    assert format_change(change(later, earlier, Polarity.NEUTRAL).relative) == expected


@pytest.mark.parametrize(("later", "earlier"), [(None, 5), (5, None), (None, None), (None, 0)])
def test_change_with_a_blank_is_unknown(later, earlier):
    assert change(later, earlier, Polarity.HIGH) == NO_CHANGE_KNOWN


def test_change_from_zero_has_a_movement_only():
    assert change(3, 0, Polarity.LOW)[:3] == (None, UP, WORSE)


def test_change_from_zero_to_zero_is_level():
    assert change(0, 0, Polarity.LOW)[:3] == (None, LEVEL, NO_CHANGE)


def test_change_is_exact():
    assert change(Fraction(5, 14), Fraction(1, 12), Polarity.NEUTRAL).relative == Fraction(23, 7)


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        pytest.param(1005, UP, id="0.5% prints as 1%"),
        pytest.param(Fraction(10049, 10), LEVEL, id="0.49% prints as 0%"),
        pytest.param(1000, LEVEL, id="the same"),
        pytest.param(Fraction(9951, 10), LEVEL, id="-0.49% prints as 0%"),
        pytest.param(995, DOWN, id="-0.5% prints as -1%"),
    ],
)
def test_movement_is_level_when_the_change_prints_as_0(later, expected):
    assert change(later, 1000, Polarity.HIGH).movement is expected


@pytest.mark.parametrize(
    ("polarity", "later", "earlier", "expected"),
    [
        pytest.param(Polarity.HIGH, 12, 10, BETTER, id="high is good and it rose"),
        pytest.param(Polarity.HIGH, 10, 12, WORSE, id="high is good and it fell"),
        pytest.param(Polarity.LOW, 12, 10, WORSE, id="low is good and it rose"),
        pytest.param(Polarity.LOW, 10, 12, BETTER, id="low is good and it fell"),
        pytest.param(Polarity.HIGH, 10, 10, NO_CHANGE, id="high is good and it stayed"),
        pytest.param(Polarity.LOW, 10, 10, NO_CHANGE, id="low is good and it stayed"),
        pytest.param(Polarity.NEUTRAL, 12, 10, NOT_JUDGED, id="neutral and it rose"),
        pytest.param(Polarity.NEUTRAL, 10, 10, NOT_JUDGED, id="neutral and it stayed"),
    ],
)
def test_assessment_through_polarity(polarity, later, earlier, expected):
    assert change(later, earlier, polarity).assessment is expected


@pytest.mark.parametrize(
    ("later", "earlier", "expected"),
    [
        pytest.param(52, 60, BETTER, id="down towards it"),
        pytest.param(48, 40, BETTER, id="up towards it"),
        pytest.param(60, 52, WORSE, id="up and away"),
        pytest.param(40, 48, WORSE, id="down and away"),
        pytest.param(44, 55, WORSE, id="through it and further off"),
        pytest.param(40, 60, NO_CHANGE, id="as far off on the other side"),
        pytest.param(60, 60, NO_CHANGE, id="the same"),
    ],
)
def test_assessment_when_close_to_target_is_good(later, earlier, expected):
    assert change(later, earlier, Polarity.TARGET, 50).assessment is expected


def test_assessment_when_close_to_target_is_good_without_a_target():
    assert change(12, 10, Polarity.TARGET).assessment is NOT_JUDGED
