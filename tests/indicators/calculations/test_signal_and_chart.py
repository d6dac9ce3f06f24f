"""A signal looks at the latest points only; whatever the series, it says what the whole chart says."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.figures import Figure, quotient
from indicators.calculations.months import months_ending
from indicators.calculations.signal import signal_of
from indicators.calculations.spc import Chart, Improvement, draw_chart
from indicators.calculations.vocabulary import Blank, Polarity, Unit
from tests.factories import JANUARY

BLANKS = st.builds(Figure, st.none(), st.sampled_from(Blank))
# Few and small numbers, so that runs, trends and ties come often; and each kind of chart.
COUNTS = st.one_of(st.integers(0, 1), st.integers(0, 5), st.integers(0, 40)).map(Figure)
SHARES = st.tuples(st.integers(0, 60), st.integers(0, 200)).map(lambda two: quotient(two[0], sum(two), 100))
UNEVEN = st.tuples(st.integers(0, 3), st.sampled_from([10, 40, 400])).map(lambda two: quotient(*two, 100))


def series(figures):
    return st.lists(st.one_of(figures, figures, figures, figures, BLANKS), min_size=1, max_size=30)


@given(
    found=st.one_of(
        st.tuples(st.just(Unit.COUNT), st.one_of(series(COUNTS), st.lists(st.integers(0, 1).map(Figure), min_size=1))),
        st.tuples(st.just(Unit.PERCENTAGE), st.one_of(series(SHARES), series(UNEVEN))),
    ),
    polarity=st.sampled_from(Polarity),
    target=st.one_of(st.none(), st.integers(-1, 110), st.builds(Fraction, st.integers(0, 200), st.integers(1, 7))),
)
def test_signal_says_what_the_chart_says(found, polarity, target):
    unit, figures = found
    months = months_ending(JANUARY, len(figures))
    signal = signal_of(figures, months, unit=unit, polarity=polarity, target=target, rebases=())
    choice, chart = draw_chart(figures, unit, improvement=Improvement.of(polarity), target=target)
    if signal.variation is None:
        return
    [*_, latest] = chart.points
    assert (signal.chart, signal.because) == choice
    assert signal.cause is latest.special_cause
    assert (signal.variation, signal.trial, signal.has_limits) == (chart.variation, chart.trial, chart.has_limits)
    assert signal.assurance is (chart.assurance if chart.has_limits else None)
    if signal.chart is not Chart.G:
        above = latest.upper_limit is not None and latest.value > latest.upper_limit
        assert above == (signal.cause == "above_limit")
