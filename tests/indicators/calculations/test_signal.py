"""What is said of the latest figure: with, on trial, and without limits. Charts themselves have tests of their own."""

from fractions import Fraction

import pytest

from indicators.calculations.figures import Figure
from indicators.calculations.months import months_ending
from indicators.calculations.signal import SignalKind, signal_of
from indicators.calculations.spc import Chart, SpecialCause, Variation
from indicators.calculations.vocabulary import Blank, Polarity, Unit
from tests.factories import JANUARY
from tests.scorecard.report.rows import make_signal

BLANK = Figure(None, Blank.AWAITED)


def signal(*numbers, polarity=Polarity.LOW, target=None, rebases=()):
    """The signal of counts up to January 2021; None is a blank."""
    figures = [BLANK if number is None else Figure(number) for number in numbers]
    months = months_ending(JANUARY, len(figures))
    return signal_of(figures, months, unit=Unit.COUNT, polarity=polarity, target=target, rebases=rebases)


# 10 and 12 in turn move by 2 each month: usual is the mean, 11, -/+ 5.32.
USUAL = (10, 12) * 12


@pytest.mark.parametrize(
    ("polarity", "latest", "expected", "words"),
    [
        (Polarity.LOW, 11, SignalKind.USUAL, "Usual variation"),
        (Polarity.LOW, 30, SignalKind.CONCERN, "Concern: higher than usual"),
        (Polarity.HIGH, 30, SignalKind.IMPROVEMENT, "Improvement: higher than usual"),
        (Polarity.HIGH, 1, SignalKind.CONCERN, "Concern: lower than usual"),
        (Polarity.LOW, 1, SignalKind.IMPROVEMENT, "Improvement: lower than usual"),
        (Polarity.NEUTRAL, 30, SignalKind.UNUSUAL, "Higher than usual"),
        (Polarity.TARGET, 1, SignalKind.UNUSUAL, "Lower than usual"),
    ],
)
def test_signal_of_the_latest_figure(polarity, latest, expected, words):
    found = signal(*USUAL, latest, polarity=polarity)
    assert (found.kind, found.words, found.trial, found.has_limits) == (expected, words, False, True)


def test_earlier_special_cause_is_no_signal_now():
    assert signal(*USUAL[:-2], 30, 11, 11).kind is SignalKind.USUAL


@pytest.mark.parametrize(("months", "expected"), [(12, True), (13, False)])
def test_signal_is_on_trial_below_13_figures(months, expected):
    assert signal(*USUAL[:months]).trial is expected


@pytest.mark.parametrize(
    ("polarity", "target", "expected"),
    [
        (Polarity.HIGH, 20, "fail"),
        (Polarity.HIGH, 2, "pass"),
        (Polarity.LOW, 20, "pass"),
        (Polarity.LOW, 12, "inconsistent"),
        (Polarity.LOW, None, None),
        (Polarity.NEUTRAL, 20, None),
    ],
)
def test_assurance(polarity, target, expected):
    assert signal(*USUAL, polarity=polarity, target=target).assurance == expected


@pytest.mark.parametrize(
    ("numbers", "because"),
    [
        pytest.param((*USUAL, None), "There is no latest figure.", id="latest is blank"),
        pytest.param((), "There is no latest figure.", id="no months"),
        pytest.param((5,), "There are fewer than two figures in the months looked at.", id="one figure"),
        pytest.param((5, 5, 5, 5), "All figures are the same, so none can be unusual yet.", id="all the same"),
        pytest.param(
            (0, 3, 0, 0, 2, 0, 1),
            "More than a quarter of the figures are 0, so no chart of them is sound; one would need the dates of the "
            "cases.",
            id="too rare",
        ),
        pytest.param(
            (10, None, 14, None, 11, None, 13, None, 12, None, 11),
            "No two figures that differ stand side by side, so there are no limits.",
            id="none side by side",
        ),
        pytest.param((10, 14, 11, 13, 12), "There are fewer than 6 figures in the months looked at.", id="too few"),
        pytest.param(
            (*[0] * 12, 1),
            "There are fewer than 3 known times between one case and the next, too few to tell how long is usual.",
            id="one case",
        ),
        pytest.param(
            (1, 1, 0, 1, 0, 0, 1, 0, None, 0),
            "A month since the case before is blank, so the time between cases isn’t known.",
            id="gap not known",
        ),
    ],
)
def test_no_signal_says_why(numbers, because):
    found = signal(*numbers, target=3)
    assert (found.variation, found.kind, found.words) == (None, SignalKind.NONE, "Could not be examined")
    assert (found.because, found.assurance, found.trial) == (because, None, False)


def test_run_without_limits_is_a_signal_without_assurance():
    # Measurements that never move but across the blank, where nothing is measured: seven lie above the mean.
    low, high = Fraction(11, 2), Fraction(19, 2)
    found = signal(low, low, low, None, *[high] * 7, target=3)
    assert (found.kind, found.cause) == (SignalKind.CONCERN, SpecialCause.RUN_ABOVE)
    assert (found.has_limits, found.assurance) == (False, None)


def test_long_time_without_a_case_is_an_improvement_where_low_is_good():
    # Gaps of 0, 0 and 1 have a limit of 7/3, so three months without a case are beyond it.
    found = signal(1, 1, 1, 0, 1, 0, 0, 0)
    assert (found.chart, found.kind) == (Chart.G, SignalKind.IMPROVEMENT)
    assert found.words == "Improvement: longer than usual without a case"


def test_signal_looks_back_no_further_than_the_latest_rebase():
    numbers = (*USUAL[:12], *(number + 20 for number in (*USUAL[:12], 10)))
    begun = months_ending(JANUARY, 25)[12]
    assert signal(*numbers).kind is SignalKind.CONCERN
    assert signal(*numbers, rebases={begun}).kind is SignalKind.USUAL


@pytest.mark.parametrize("variation", Variation)
def test_every_variation_has_a_kind_and_words(variation):
    found = make_signal(variation)
    assert found.kind is not SignalKind.NONE
    assert found.words


@pytest.mark.parametrize(
    ("numbers", "unit", "expected"),
    [
        pytest.param([200] * 12 + [201], Unit.COUNT, SignalKind.NONE, id="one more of 200"),
        pytest.param([12] * 12 + [13], Unit.COUNT, SignalKind.NONE, id="one more of 12"),
        pytest.param([20] * 12 + [24], Unit.COUNT, SignalKind.NONE, id="four more of 20"),
        pytest.param([65] * 12 + [66], Unit.PERCENTAGE, SignalKind.NONE, id="66% after 65%"),
        pytest.param([65] * 12 + [63], Unit.PERCENTAGE, SignalKind.NONE, id="63% after 65%"),
        pytest.param([20] * 12 + [35], Unit.COUNT, SignalKind.CONCERN, id="15 more of 20"),
        pytest.param([200] * 12 + [20], Unit.COUNT, SignalKind.IMPROVEMENT, id="a tenth of 200"),
        pytest.param([65] * 12 + [80], Unit.PERCENTAGE, SignalKind.CONCERN, id="80% after 65%"),
    ],
)
def test_where_nearly_all_figures_are_the_same_only_one_far_from_them_is_a_signal(numbers, unit, expected):
    months = months_ending(JANUARY, len(numbers))
    figures = [Figure(number) for number in numbers]
    found = signal_of(figures, months, unit=unit, polarity=Polarity.LOW, target=None, rebases=())
    assert found.kind is expected
    assert found.because.startswith("Nearly all figures ")
