"""What is usual for a figure: the limits of its signal, by hand, and asked about exactly where the signal is beyond."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.cautions import EntryTerms, same, unusual
from indicators.calculations.figures import Figure, quotient
from indicators.calculations.months import months_ending
from indicators.calculations.periods import Periods
from indicators.calculations.signal import Baseline, signal_of, usual_of
from indicators.calculations.spc import SpecialCause
from indicators.calculations.vocabulary import Polarity, Unit

F = Fraction

JANUARY = date(2021, 1, 1)
STEADY = [98, 102] * 6
SMALL_SHARES = [quotient(1, of, 100) for of in (4, 9, 20, 5, 11, 8, 30, 6, 4, 12, 25, 7)]


def figures_of(values):
    return [one if isinstance(one, Figure) else Figure(one) for one in values]


def usual(values, unit=Unit.COUNT, **judged):
    figures = figures_of(values)
    return usual_of(figures, months_ending(JANUARY, len(figures)), unit=unit, **{"rebases": (), **judged})


def asked(values, unit=Unit.COUNT, places=0, **fields):
    """The sentence about the latest figure; empty where nothing is asked."""
    terms = EntryTerms("A1", unit, places, Periods(), fields.pop("over", False), None, None, **fields)
    figures = figures_of(values)
    found = terms.usual(dict(zip(months_ending(JANUARY, len(figures)), figures, strict=True)), JANUARY)
    caution = unusual(figures[-1].value, found, terms.texts_apart)
    return caution.message if caution else ""


@pytest.mark.parametrize(
    ("values", "low", "high", "side"),
    [
        # Mean 1,306 / 13, moving ranges all 4.
        ([*STEADY, 106], F(1306, 13) - F("10.64"), F(1306, 13) + F("10.64"), 0),
        # Mean 1,340 / 13; of the moving ranges 38 is more than 3.267 times their average, so that is left out.
        ([*STEADY, 140], F(1340, 13) - F("10.64"), F(1340, 13) + F("10.64"), 1),
        ([*STEADY, 60], F(1260, 13) - F("10.64"), F(1260, 13) + F("10.64"), -1),
    ],
)
def test_limits_by_hand(values, low, high, side):
    assert usual(values) == (low, high, side, False)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([], id="none"),
        pytest.param([*STEADY, None], id="a blank latest one"),
        pytest.param([100] * 13, id="never anything else"),
        pytest.param([98, 102, 98, 102, 99], id="five"),
        # A chart of the time between cases.
        pytest.param([0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0], id="rare cases"),
    ],
)
def test_nothing_is_usual_where_no_limits_judge(values):
    assert usual(values) is None


def test_what_began_afresh_or_is_fixed_is_usual_since_then():
    # 300 is no outlier any more once the counting has changed; nor is anything known with so few since.
    assert usual([*STEADY, 300]).side == 1
    assert usual([*STEADY, 300], rebases=[JANUARY]) is None
    fixed = Baseline(months_ending(JANUARY, 25)[0], 12, "Before the new team.")
    later = [110, 112] * 6
    # Mean and limits of the first twelve only: 100 -/+ 10.64.
    assert usual([*STEADY, *later, 112], baselines=[fixed])[:3] == (F("89.36"), F("110.64"), 1)
    assert usual([*STEADY, *later, 112]).side == 0


@pytest.mark.parametrize(
    ("values", "unit", "fields", "message"),
    [
        ([*STEADY, 140], Unit.COUNT, {}, "140 is above what is usual: 92 to 114."),
        ([*STEADY, 60], Unit.COUNT, {}, "60 is below what is usual: 86 to 108."),
        ([*STEADY, 106], Unit.COUNT, {}, ""),
        # A count can't be below 0, nor a share above 100%: mean 41 / 13, moving ranges all 2 but the last.
        ([*[2, 4] * 6, 30], Unit.MONEY, {}, "£30 is above what is usual: £0 to £10."),
        ([*[96, 98] * 6, 80], Unit.PERCENTAGE, {}, "80% is below what is usual: 90% to 100%."),
        ([*[96, 98] * 6, 80], Unit.PERCENTAGE, {"over": True}, "80% is below what is usual: 90% to 101%."),
        ([*[-2, 4] * 6, 90], Unit.MONEY, {"allows_negative": True}, "£90 is above what is usual: -£8 to £24."),
    ],
)
def test_figure_beyond_its_limits_is_asked_about(values, unit, fields, message):
    assert asked(values, unit, **fields) == message


def test_limit_that_would_print_like_the_figure_has_a_decimal_more():
    # Mean 1,314.4 / 13, average moving range 56.4 / 12: 101.11 -/+ 12.50.
    assert asked([*STEADY, F("114.4")]) == "114.4 is above what is usual: 89 to 113.6."


@given(
    st.lists(st.integers(0, 400), min_size=1, max_size=25),
    st.sampled_from([Unit.COUNT, Unit.MONEY, Unit.PERCENTAGE]),
    st.lists(st.sampled_from(months_ending(JANUARY, 25)), max_size=2),
)
def test_beyond_what_is_usual_is_what_the_signal_calls_beyond_its_limits(values, unit, rebases):
    figures, months = figures_of(values), months_ending(JANUARY, len(values))
    signal = signal_of(figures, months, unit=unit, polarity=Polarity.LOW, target=None, rebases=rebases)
    found = usual_of(figures, months, unit=unit, rebases=rebases)
    beyond = {SpecialCause.ABOVE_LIMIT: 1, SpecialCause.BELOW_LIMIT: -1}.get(signal.cause, 0)
    assert (found.side if found else 0) == beyond


# The same figure as before

BEFORE = "in December 2020"


@pytest.mark.parametrize(
    ("one", "other", "unit", "is_asked"),
    [
        (Figure(47), Figure(47), Unit.COUNT, True),
        (Figure(9), Figure(9), Unit.COUNT, False),
        (Figure(F("61.5")), Figure(F("61.5")), Unit.PERCENTAGE, True),
        # All and none repeat themselves.
        (Figure(100), Figure(100), Unit.PERCENTAGE, False),
        (quotient(47, 47, 100), quotient(47, 47, 100), Unit.PERCENTAGE, False),
        # A share of other numbers isn't copied, and small numbers repeat themselves.
        (quotient(2, 2, 100), quotient(1, 1, 100), Unit.PERCENTAGE, False),
        (quotient(1, 2, 100), quotient(1, 2, 100), Unit.PERCENTAGE, False),
        (quotient(20, 40, 100), quotient(10, 20, 100), Unit.PERCENTAGE, False),
        (quotient(20, 40, 100), quotient(20, 40, 100), Unit.PERCENTAGE, True),
        (quotient(3, 40, 10_000), quotient(3, 40, 10_000), Unit.RATE_10000, True),
        (quotient(90, 3, 1), quotient(60, 2, 1), Unit.DAYS, False),
        # Where one was entered without its numbers nothing tells them apart.
        (quotient(20, 40, 100), Figure(50), Unit.PERCENTAGE, True),
    ],
)
def test_the_same_figure_is_one_that_could_have_been_copied(one, other, unit, is_asked):
    assert (same(one, other, BEFORE, unit) is not None) is is_asked
