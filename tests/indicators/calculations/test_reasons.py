"""Every reason that is given for a chart, or for having none, is true of the series that it is given for."""

from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.figures import Figure, quotient
from indicators.calculations.months import months_ending
from indicators.calculations.signal import signal_of
from indicators.calculations.spc import Chart
from indicators.calculations.vocabulary import Blank, Polarity, Unit
from tests.factories import JANUARY

from .test_moves import counts, poisson, shares, signal, stable

COUNT, PERCENTAGE, RATE = Unit.COUNT, Unit.PERCENTAGE, Unit.RATE_10000


def values(series):
    return [figure.value for figure in series if figure.value is not None]


def steps(series):
    pairs = pairwise(series)
    return [abs(b.value - a.value) for a, b in pairs if a.value is not None and b.value is not None]


def cases(series, unit):
    """What was counted, as far as it is known."""
    return [figure.value if unit is COUNT else figure.numerator for figure in series if figure.value is not None]


def mean(numbers):
    return Fraction(sum(numbers)) / len(numbers)


def known_gaps(series):
    """Months without a case between months with one, where none of them is blank."""
    found, length = [], None
    for figure in series:
        if figure.value is None:
            length = None
        elif figure.value:
            found += [] if length is None else [length]
            length = 0
        elif length is not None:
            length += 1
    return found


def differ_by_more_than_a_quarter(series):
    sizes = [figure.denominator for figure in series if figure.value is not None]
    return any(4 * abs(size - mean(sizes)) > mean(sizes) for size in sizes)


def gap_has_a_blank(series):
    """Whether a month between the case before the latest figure and that figure is blank."""
    place = len(series) - 2 if series[-1].value else len(series) - 1
    while place >= 0 and not series[place].value:
        if series[place].value is None:
            return True
        place -= 1
    return False


# What each reason claims, told by how it begins: of the figures since the latest rebase, their unit, and whether there
# was one.
CLAIMS = {
    "There is no latest figure": lambda series, unit, rebased: not series or series[-1].value is None,
    "There are fewer than two figures": lambda series, unit, rebased: len(values(series)) < 2 and not rebased,
    "There are fewer than 6 figures in the months": lambda series, unit, rebased: (
        len(values(series)) < 6 and not rebased
    ),
    "There are fewer than 6 figures since": lambda series, unit, rebased: len(values(series)) < 6 and rebased,
    "All figures are the same": lambda series, unit, rebased: len(values(series)) > 1 and len({*values(series)}) == 1,
    "More than a quarter of the figures are 0, so": lambda series, unit, rebased: (
        4 * values(series).count(0) > len(values(series)) and unit is not PERCENTAGE
    ),
    "More than a quarter of the figures are 0% or 100%": lambda series, unit, rebased: (
        4 * sum(value in (0, 100) for value in values(series)) > len(values(series)) and unit is PERCENTAGE
    ),
    "The rate rests on fewer than 5 cases on average": lambda series, unit, rebased: (
        unit is RATE and mean(cases(series, unit)) < 5 and mean(steps_of_cases(series)) < 1
    ),
    "Nearly all figures are the same as the one before": lambda series, unit, rebased: (
        2 * steps(series).count(0) > len(steps(series))
    ),
    "There are fewer than 3 known times between": lambda series, unit, rebased: len(known_gaps(series)) < 3,
    "No two figures that differ stand side by side": lambda series, unit, rebased: not any(steps(series)),
    "A month since the case before is blank": lambda series, unit, rebased: gap_has_a_blank(series),
    "The figures vary enough": lambda series, unit, rebased: any(steps(series)) or len({*values(series)}) > 1,
    "The counts are small and hardly vary": lambda series, unit, rebased: (
        unit is COUNT and mean(values(series)) < 5 and mean(steps(series)) < 1
    ),
    "The percentages rest on very different numbers": lambda series, unit, rebased: (
        unit is PERCENTAGE and differ_by_more_than_a_quarter(series)
    ),
    "There is never more than one case at a time": lambda series, unit, rebased: (
        {*cases(series, unit)} == {0, 1} and 4 * cases(series, unit).count(0) > len(cases(series, unit))
    ),
}


def steps_of_cases(series):
    return steps([Figure(figure.numerator) if figure.value is not None else figure for figure in series])


def claim_of(because):
    [claim] = [claim for words, claim in CLAIMS.items() if because.startswith(words)]
    return claim


BLANK = Figure(None, Blank.AWAITED)
SMALL = st.integers(0, 3) | st.sampled_from([0, 1])


def series_of(figure):
    """Figures of one kind with blanks among them, and stretches that are the same."""
    stretch = st.tuples(figure | st.just(BLANK), st.integers(1, 6)).map(lambda one: [one[0]] * one[1])
    mixed = st.lists(figure | st.just(BLANK), max_size=25)
    return mixed | st.lists(stretch, max_size=8).map(lambda parts: [one for part in parts for one in part][:25])


COUNTS = st.one_of(
    *(series_of(numbers.map(Figure)) for numbers in (SMALL, st.integers(0, 1), st.integers(0, 40))),
    series_of(st.integers(198, 202).map(Figure)),
    series_of(st.fractions(0, 3, max_denominator=4).map(Figure)),
)
PARTS = st.one_of(
    series_of(st.tuples(SMALL, st.integers(3, 6)).map(lambda part: quotient(*part, 100))),
    series_of(st.tuples(st.integers(198, 200), st.just(200)).map(lambda part: quotient(*part, 100))),
    series_of(st.tuples(st.integers(0, 30), st.integers(30, 60)).map(lambda part: quotient(*part, 100))),
    series_of(st.sampled_from([0, 99, 100, 50]).map(Figure)),
)
RATES = st.one_of(
    *(
        series_of(numbers.map(lambda cases: quotient(cases, 50_000, 10_000)))
        for numbers in (SMALL, st.integers(0, 1), st.integers(199, 201), st.integers(0, 60))
    ),
    series_of(st.integers(0, 9).map(Figure)),
)
SERIES = (
    COUNTS.map(lambda series: (series, COUNT))
    | PARTS.map(lambda series: (series, PERCENTAGE))
    | RATES.map(lambda series: (series, RATE))
)


@given(SERIES, st.none() | st.integers(0, 24))
def test_reason_is_true_of_the_series(one, rebase):
    series, unit = one
    months = months_ending(JANUARY, len(series))
    rebased = rebase is not None and 0 < rebase < len(series)
    found = signal_of(
        series,
        months,
        unit=unit,
        polarity=Polarity.LOW,
        target=None,
        rebases={months[rebase]} if rebased else (),
    )
    since = series[rebase:] if rebased else series
    assert claim_of(found.because)(since, unit, rebased), found.because
    assert found.variation is None or (found.chart is not Chart.NONE and len(values(since)) > 1)


SAID = [
    pytest.param(
        counts(*[0] * 12, 1), COUNT, "There are fewer than 3 known times between", id="0 in 12 months, then 1"
    ),
    pytest.param(
        shares(*[(200, 50_000), (201, 50_000)] * 6, factor=10_000),
        RATE,
        "The figures vary enough",
        id="200 cases a month",
    ),
    pytest.param(shares(*[(200, 200)] * 12, (150, 200)), PERCENTAGE, "More than a quarter", id="200 of 200 a month"),
    pytest.param(counts(*[200, 201] * 6), COUNT, "The figures vary enough", id="counts that aren't small"),
    pytest.param(counts(3, 40), COUNT, "There are fewer than 6 figures in", id="two figures"),
    pytest.param(
        counts(*[50] * 6, 51, *[50] * 6), RATE, "Nearly all figures are the same", id="one blip, and now as ever"
    ),
    pytest.param(counts(*[1, None, 0] * 5), COUNT, "There are fewer than 3 known times", id="blanks between all cases"),
]


@pytest.mark.parametrize(("figures", "unit", "words"), SAID)
def test_what_is_said_instead_of_what_was_not_true(figures, unit, words):
    assert signal(figures, unit).because.startswith(words)


def test_every_claim_is_made_of_some_series():
    random, said = Random(7), set()  # noqa: S311
    made = [signal(figures, unit) for figures, unit, _ in (param.values for param in SAID)]
    made += [signal(*stable(("count", 0.4), random, 13)) for _ in range(40)]
    made += [signal(counts(*[0, 1, 0, 1, 0, 1, 0, 1, 0, None, 0]))]
    made += [signal(counts(5)), signal([]), signal(counts(*[5] * 8)), signal(counts(*[2] * 9, 3))]
    made += [
        signal(counts(*[9] * 12, 8, 7), rebases=[12]),
        signal(counts(10, None, 14, None, 11, None, 13, None, 12, None, 11)),
    ]
    made += [signal(shares(*[(2, 50_000), (2, 50_000), (3, 50_000)] * 3, factor=10_000), RATE)]
    made += [signal(shares(*[(2, 9), (9, 30)] * 5), PERCENTAGE), signal(counts(*[0, 3] * 6))]
    for found in made:
        said |= {words for words in CLAIMS if found.because.startswith(words)}
    assert CLAIMS.keys() - said == set()


def rate_of_signals(make, unit, months, times, random):
    """Of the series that a chart could examine, how many have a signal at the end."""
    found = [signal(make(random, months), unit) for _ in range(times)]
    judged = [one for one in found if one.variation]
    expected = sum(one.false_alarm for one in judged) / len(judged)
    return sum(one.kind.value != "usual" for one in judged) / len(judged), float(expected)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "unit"),
    [
        pytest.param(
            lambda random, count: [Figure(round(random.gauss(9000, 900))) for _ in range(count)], COUNT, id="xmr"
        ),
        pytest.param(lambda random, count: [Figure(poisson(random, 20)) for _ in range(count)], COUNT, id="counts"),
        pytest.param(lambda random, count: [Figure(min(poisson(random, 0.2), 1)) for _ in range(count)], COUNT, id="g"),
        pytest.param(
            lambda random, count: [
                quotient(sum(random.random() < 0.3 for _ in range(of)), of, 100)
                for of in (random.randint(5, 40) for _ in range(count))
            ],
            PERCENTAGE,
            id="p",
        ),
    ],
)
@pytest.mark.parametrize("months", [7, 13, 25])
def test_chance_alone_gives_about_as_many_signals_as_are_said(make, unit, months):
    seen, said = rate_of_signals(make, unit, months, 3000, Random(months))  # noqa: S311
    # One more or less in a hundred lines is nothing to a reader; of rare cases, three.
    assert seen == pytest.approx(said, abs=0.03 if said > 0.03 else 0.01)
