"""Red, amber, green at and around the target."""

from fractions import Fraction

import pytest

from indicators.calculations.rating import TargetTerms, rate
from indicators.calculations.vocabulary import Polarity, Rating

GREEN, AMBER, RED = Rating.GREEN, Rating.AMBER, Rating.RED
HIGH, LOW, TARGET, NEUTRAL = Polarity.HIGH, Polarity.LOW, Polarity.TARGET, Polarity.NEUTRAL
HAIR = Fraction(1, 10**9)


@pytest.mark.parametrize(
    ("polarity", "value", "expected"),
    [
        pytest.param(HIGH, 101, GREEN, id="high: above"),
        pytest.param(HIGH, 100, GREEN, id="high: on it"),
        pytest.param(HIGH, 100 - HAIR, AMBER, id="high: a hair below"),
        pytest.param(HIGH, 95, AMBER, id="high: at the tolerance"),
        pytest.param(HIGH, 95 - HAIR, RED, id="high: a hair beyond the tolerance"),
        pytest.param(LOW, 99, GREEN, id="low: below"),
        pytest.param(LOW, 100, GREEN, id="low: on it"),
        pytest.param(LOW, 100 + HAIR, AMBER, id="low: a hair above"),
        pytest.param(LOW, 105, AMBER, id="low: at the tolerance"),
        pytest.param(LOW, 105 + HAIR, RED, id="low: a hair beyond the tolerance"),
        pytest.param(TARGET, 100, GREEN, id="target: on it"),
        pytest.param(TARGET, 95, AMBER, id="target: at the tolerance below"),
        pytest.param(TARGET, 105, AMBER, id="target: at the tolerance above"),
        pytest.param(TARGET, 95 - HAIR, RED, id="target: a hair beyond below"),
        pytest.param(TARGET, 105 + HAIR, RED, id="target: a hair beyond above"),
    ],
)
def test_rating_against_100_with_a_tolerance_of_5(polarity, value, expected):
    assert rate(value, TargetTerms(100, 5), polarity) is expected


@pytest.mark.parametrize(("polarity", "value"), [(HIGH, 100 - HAIR), (LOW, 100 + HAIR), (TARGET, 100 + HAIR)])
def test_rating_without_tolerance_has_no_amber(polarity, value):
    assert rate(value, TargetTerms(100), polarity) is RED


def test_rating_compares_exact_figures_not_displayed_ones():
    assert rate(Fraction(9385, 100), TargetTerms(94), HIGH) is RED


def test_rating_of_zero_against_a_target_of_zero():
    assert rate(0, TargetTerms(0), LOW) is GREEN


@pytest.mark.parametrize(
    ("value", "target", "polarity", "expected"),
    [
        pytest.param(5, TargetTerms(5), NEUTRAL, Rating.NOT_JUDGED, id="neutral"),
        pytest.param(None, None, NEUTRAL, Rating.NOT_JUDGED, id="neutral and blank"),
        pytest.param(5, None, HIGH, Rating.NO_TARGET, id="no target this year"),
        pytest.param(None, None, HIGH, Rating.NO_TARGET, id="neither target nor figure"),
        pytest.param(5, TargetTerms(None), HIGH, Rating.TARGET_TBC, id="target to be confirmed"),
        pytest.param(None, TargetTerms(5), HIGH, Rating.NO_FIGURE, id="a blank"),
    ],
)
def test_rating_that_cannot_be_given_says_why(value, target, polarity, expected):
    assert rate(value, target, polarity) is expected
