"""What a chart says: point types, the latest point's variation, assurance against the target, trial limits."""

import pytest

from indicators.calculations.spc import Assurance, Improvement, PointType, SpecialCause, Variation, analyse
from indicators.calculations.vocabulary import Polarity

INCREASE, DECREASE, NEUTRAL = Improvement
# Twelve figures with mean 0 and moving ranges of 2 fix the limits at 5.32 either side.
BASE = [1, -1] * 6
# What to add so that the latest point has each of the special causes.
ENDING = {
    SpecialCause.ABOVE_LIMIT: [6],
    SpecialCause.RISING: [-3, -2, -1, 0, 1, 2, 3],
    SpecialCause.NEAR_UPPER: [4, 1, 4],
    SpecialCause.RUN_ABOVE: [2, 1] * 4,
    SpecialCause.BELOW_LIMIT: [-6],
    SpecialCause.FALLING: [3, 2, 1, 0, -1, -2, -3],
    SpecialCause.NEAR_LOWER: [-4, -2, -4],
    SpecialCause.RUN_BELOW: [-2, -1] * 4,
}
HIGH = list(ENDING)[:4]


@pytest.mark.parametrize("cause", ENDING)
@pytest.mark.parametrize(
    ("improvement", "high", "low"),
    [
        pytest.param(INCREASE, ("improvement", "improvement_high"), ("concern", "concern_low"), id="higher is better"),
        pytest.param(DECREASE, ("concern", "concern_high"), ("improvement", "improvement_low"), id="lower is better"),
        pytest.param(NEUTRAL, ("neutral_high", "neutral_high"), ("neutral_low", "neutral_low"), id="neutral"),
    ],
)
def test_special_cause_is_seen_through_the_better_way(cause, improvement, high, low):
    found = analyse([*BASE, *ENDING[cause]], improvement=improvement, fix_after=12)
    latest = found.points[-1]
    assert latest.special_cause is cause
    assert (latest.point_type, found.variation) == (high if cause in HIGH else low)


@pytest.mark.parametrize("improvement", Improvement)
@pytest.mark.parametrize("ending", [[6, 0], [6, None]], ids=["usual again", "a blank"])
def test_only_the_latest_point_counts_for_variation(improvement, ending):
    found = analyse([*BASE, *ending], improvement=improvement, fix_after=12)
    assert found.variation is Variation.COMMON_CAUSE
    assert found.points[-1].point_type is PointType.COMMON_CAUSE


def test_improvement_may_be_given_by_its_value():
    named, given = analyse([1, 2], improvement="increase"), analyse([1, 2], improvement=INCREASE)
    assert (named.improvement, named.points) == (INCREASE, given.points)


def test_an_unknown_improvement_is_refused():
    with pytest.raises(ValueError, match="sideways"):
        analyse([1, 2], improvement="sideways")


@pytest.mark.parametrize(
    ("polarity", "improvement"),
    [(Polarity.HIGH, INCREASE), (Polarity.LOW, DECREASE), (Polarity.NEUTRAL, NEUTRAL), (Polarity.TARGET, NEUTRAL)],
)
def test_improvement_follows_from_the_polarity(polarity, improvement):
    assert Improvement.of(polarity) is improvement


# Mean 5 and moving ranges of 50: limits -128 and 138.
FIFTY_APART = [30, -20, 30, -20]


@pytest.mark.parametrize(
    ("target", "increase", "decrease"),
    [
        pytest.param(139, Assurance.FAIL, Assurance.PASS, id="above the upper limit"),
        pytest.param(138, Assurance.INCONSISTENT, Assurance.INCONSISTENT, id="on the upper limit"),
        pytest.param(5, Assurance.INCONSISTENT, Assurance.INCONSISTENT, id="on the mean"),
        pytest.param(-128, Assurance.INCONSISTENT, Assurance.INCONSISTENT, id="on the lower limit"),
        pytest.param(-129, Assurance.PASS, Assurance.FAIL, id="below the lower limit"),
        pytest.param(None, None, None, id="no target"),
    ],
)
def test_assurance_compares_the_target_with_the_limits(target, increase, decrease):
    found = [analyse(FIFTY_APART, improvement=way, target=target).assurance for way in (INCREASE, DECREASE, NEUTRAL)]
    assert found == [increase, decrease, None]


def test_a_target_of_zero_is_a_target():
    assert analyse([10, 12, 10, 12], improvement=DECREASE, target=0).assurance is Assurance.FAIL


def test_assurance_looks_at_the_latest_group():
    values = [100, 102, 100, 102, 10, 12, 10, 12]
    assert analyse(values, improvement=INCREASE, target=50, rebase_at=[4]).assurance is Assurance.FAIL


@pytest.mark.parametrize(
    ("values", "rebase_at"),
    [
        pytest.param([5], [], id="one figure"),
        pytest.param([5] * 20, [], id="all the same"),
        pytest.param([1, 2, 1, 2, 90], [4], id="a rebase with the latest figure"),
        pytest.param([], [], id="no months"),
    ],
)
def test_without_limits_a_target_may_be_met_or_missed(values, rebase_at):
    found = analyse(values, improvement=INCREASE, target=1000, rebase_at=rebase_at)
    assert not found.has_limits
    assert (found.variation, found.assurance) == (Variation.COMMON_CAUSE, Assurance.INCONSISTENT)


def test_a_blank_latest_month_still_has_limits():
    assert analyse([1, 3, 2, None], improvement=INCREASE).has_limits


@pytest.mark.parametrize(
    ("values", "options", "trial"),
    [
        pytest.param([1, 2] * 6, {}, True, id="12 figures"),
        pytest.param([1, 2] * 6 + [1], {}, False, id="13 figures"),
        pytest.param([1, 2] * 6 + [None], {}, True, id="12 figures and a blank"),
        pytest.param([1, 2] * 12, {"rebase_at": [12]}, True, id="12 figures since the rebase"),
        pytest.param([1, 2] * 13, {"rebase_at": [12]}, False, id="14 figures since the rebase"),
        pytest.param([1, 2] * 12, {"fix_after": 12}, True, id="24 figures, limits fixed after 12"),
        pytest.param([1, 2] * 12, {"fix_after": 13}, False, id="24 figures, limits fixed after 13"),
        pytest.param([7] * 13, {}, False, id="13 figures that are all the same"),
        pytest.param([], {}, True, id="none"),
    ],
)
def test_limits_on_fewer_than_13_figures_are_on_trial(values, options, trial):
    assert analyse(values, improvement=NEUTRAL, **options).trial is trial


@pytest.mark.parametrize("words", [Improvement, SpecialCause, PointType, Variation, Assurance])
def test_every_word_has_a_label(words):
    labels = [word.label for word in words]
    assert all(labels)
    assert len(set(labels)) == len(labels)
