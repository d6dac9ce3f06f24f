"""The XmR chart against a slow and obvious one, on series full of ties, runs, trends, blanks and rebases."""

from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from indicators.calculations.spc import Improvement, SpecialCause, analyse
from tests import spc_oracle

small = st.integers(-4, 4)
numbers = small | st.fractions(-5, 5, max_denominator=12)
# Pieces in which rules are met now and then; plain random figures hardly ever make a trend.
pieces = st.one_of(
    st.lists(st.none() | numbers, max_size=8),
    st.lists(numbers, min_size=5, max_size=9, unique=True).map(sorted),
    st.lists(numbers, min_size=5, max_size=9, unique=True).map(lambda figures: sorted(figures, reverse=True)),
    st.lists(st.integers(1, 3), min_size=6, max_size=9),
    st.lists(small, min_size=1, max_size=1).map(lambda figure: figure * 8),
    st.lists(st.sampled_from([-9, 9]), max_size=2),
)
series = st.lists(pieces, max_size=5).map(lambda parts: [figure for part in parts for figure in part])


@given(
    series,
    st.sampled_from(Improvement),
    st.none() | numbers,
    st.sets(st.integers(-1, 40), max_size=3),
    st.none() | st.integers(12, 20),
    st.booleans(),
)
@example([1, 3, 5, 7, 9, 11, 13, 13, 11, 9, 7, 5, 3, 1], Improvement.INCREASE, None, set(), None, True)
@example([7] * 20, Improvement.DECREASE, 7, set(), None, True)
@example([Fraction(1, 3)] * 8, Improvement.INCREASE, Fraction(1, 3), set(), None, False)
def test_chart_equals_the_oracles(values, improvement, target, rebase_at, fix_after, screen):
    options = {"target": target, "rebase_at": rebase_at, "fix_after": fix_after, "screen": screen}
    found = analyse(values, improvement=improvement, **options)
    expected = spc_oracle.chart(values, improvement, **options)
    assert [tuple(point) for point in found.points] == expected["points"]
    assert (found.variation, found.assurance, found.trial) == (
        expected["variation"],
        expected["assurance"],
        expected["trial"],
    )


def test_these_series_meet_every_rule():
    seen = set()

    @given(series)
    def look(values):
        seen.update(point[-2] for point in spc_oracle.chart(values, "neutral")["points"])

    look()
    assert seen == set(SpecialCause)
