"""Figures far from all before them, where no chart can judge: which are large, and which chance explains."""

import itertools
import math
from fractions import Fraction
from random import Random

import pytest

from indicators.calculations.figures import Figure, quotient
from indicators.calculations.months import months_ending
from indicators.calculations.moves import CHANCE, count_tail, large_move, share_tail
from indicators.calculations.signal import signal_of
from indicators.calculations.spc import Improvement, Variation
from indicators.calculations.vocabulary import Blank, Polarity, Unit
from tests.factories import JANUARY

COUNT, PERCENTAGE, RATE = Unit.COUNT, Unit.PERCENTAGE, Unit.RATE_10000
LAC14 = (2, 1, 0, 0, 0, 0, 1, 0, 0, 1, 3, 2)


def counts(*numbers):
    return [Figure(None, Blank.AWAITED) if number is None else Figure(number) for number in numbers]


def shares(*parts, factor=100):
    return [quotient(top, bottom, factor) for top, bottom in parts]


def typed(figures):
    return counts(*(figure.value for figure in figures))


def signal(figures, unit=COUNT, polarity=Polarity.LOW, rebases=()):
    months = months_ending(JANUARY, len(figures))
    return signal_of(
        figures, months, unit=unit, polarity=polarity, target=None, rebases={months[place] for place in rebases}
    )


LARGE = [
    pytest.param(counts(*[0] * 12, 40), COUNT, id="0 in twelve months, then 40"),
    pytest.param(shares(*[(30, 30)] * 12, (3, 30)), PERCENTAGE, id="30 of 30 every month, then 3"),
    pytest.param(counts(*LAC14, 40), COUNT, id="few and often 0, then 40"),
    pytest.param(counts(3, 40), COUNT, id="one figure before"),
    pytest.param(counts(*[0, None] * 6, 40), COUNT, id="blanks between"),
    pytest.param(counts(4, 3, 5, 30), COUNT, id="three figures before"),
    pytest.param(counts(300, 310, 320, 20), COUNT, id="far lower than few before"),
    pytest.param(shares(*[(0, 40)] * 9, (20, 40)), PERCENTAGE, id="from 0% to half"),
    pytest.param(shares(*[(50, 50)] * 6, (49, 50), (38, 50)), PERCENTAGE, id="far more lack to 100%"),
    pytest.param(shares(*[(0, 50_000)] * 12, (30, 50_000), factor=10_000), RATE, id="a rate from nothing"),
    pytest.param(shares((3, 50_000), (40, 50_000), factor=10_000), RATE, id="a rate with one figure before"),
    pytest.param(counts(*[100] * 12, 10), PERCENTAGE, id="typed percentages"),
    pytest.param(counts(0, 0, 0, 5, 0, 30), RATE, id="typed rates"),
    pytest.param(counts(*[Fraction(1, 2), 0, 0] * 3, 20), COUNT, id="measurements, often 0"),
    pytest.param(counts(*[0] * 12, 10**9), COUNT, id="very many"),
]


@pytest.mark.parametrize(("figures", "unit"), LARGE)
def test_large_move_that_no_chart_can_judge_is_told(figures, unit):
    found = signal(figures, unit)
    assert found.variation is None
    rises = figures[-1].value > figures[-2 if figures[-2].value is not None else -3].value
    assert found.move.variation is (Variation.CONCERN_HIGH if rises else Variation.IMPROVEMENT_LOW)
    known = [figure.value for figure in figures[:-1] if figure.value is not None]
    assert (found.move.figures, found.move.lowest, found.move.highest) == (len(known), min(known), max(known))


@pytest.mark.parametrize(
    ("polarity", "expected"),
    [
        (Polarity.LOW, Variation.CONCERN_HIGH),
        (Polarity.HIGH, Variation.IMPROVEMENT_HIGH),
        (Polarity.NEUTRAL, Variation.NEUTRAL_HIGH),
        (Polarity.TARGET, Variation.NEUTRAL_HIGH),
    ],
)
def test_polarity_says_what_a_large_move_means(polarity, expected):
    assert signal(counts(*[0] * 12, 40), polarity=polarity).move.variation is expected


SMALL = [
    pytest.param(counts(*[0] * 12, 1), COUNT, id="a single case"),
    pytest.param(counts(*[0] * 12, 4), COUNT, id="fewer than five cases"),
    pytest.param(counts(*[3, 0, 0] * 4, 6), COUNT, id="not quite more than chance"),
    pytest.param(counts(10, 19), COUNT, id="not twice as much"),
    pytest.param(counts(1400, 1700, 1500), COUNT, id="large counts that vary by more than chance"),
    pytest.param(counts(40, 20), COUNT, id="half of one figure: by chance in 100"),
    pytest.param(shares(*[(3, 3)] * 12, (1, 3)), PERCENTAGE, id="few children"),
    pytest.param(shares(*[(10_000, 10_000)] * 12, (9_980, 10_000)), PERCENTAGE, id="less than five points"),
    pytest.param(counts(*[100] * 12, 67), PERCENTAGE, id="typed: may be one of three"),
    pytest.param(counts(100, 100, 10), PERCENTAGE, id="typed, and too few before"),
    pytest.param(counts(*[0, 0, 9, 0, 4, 0] * 2, 18), RATE, id="typed rates that varied as much"),
    pytest.param(counts(*[0] * 12, None), COUNT, id="no latest figure"),
    pytest.param(counts(7), COUNT, id="nothing before"),
    pytest.param(counts(*[5] * 12), COUNT, id="all the same"),
    pytest.param([], COUNT, id="no months"),
]


@pytest.mark.parametrize(("figures", "unit"), SMALL)
def test_move_that_chance_explains_is_not_told(figures, unit):
    found = signal(figures, unit)
    assert (found.variation, found.move) == (None, None)


def test_figures_before_a_rebase_are_not_compared_with():
    figures = counts(*[0] * 12, 40, 41)
    assert signal(figures).move is None
    assert signal(counts(*[0] * 12, 40)).move is not None
    assert signal(counts(*[0] * 12, 40), rebases=[12]).move is None
    assert signal(counts(*[90] * 12, 3, 2, 40), rebases=[12]).move.figures == 2


def test_where_a_chart_judges_there_is_no_move():
    assert signal(counts(*[10, 12] * 6, 60)).move is None


def test_move_in_words():
    one, many = (signal(figures).move for figures in (counts(3, 40), counts(*LAC14, 40)))
    assert one.beside_those_before(str, "month") == "far above the only month with a figure before it, which had 3"
    assert many.beside_those_before(str, "quarter") == (
        "far above the 12 quarters with a figure before it, which had 0 to 3"
    )
    none = signal(counts(*[0] * 12, 40), polarity=Polarity.NEUTRAL)
    assert none.words == "Could not be examined, but far higher than before"
    assert signal(counts(*LAC14, 40)).words == "Could not be examined, but far higher than before: worse"


@pytest.mark.parametrize("is_high", [True, False])
def test_count_tail_is_that_of_all_ways_to_distribute_the_cases(is_high):
    """Each of the cases falls to one of the months, all equally likely: counted out one by one."""
    for months, total in ((2, 6), (3, 5), (4, 4)):
        ways = [list(way).count(0) for way in itertools.product(range(months), repeat=total)]
        for cases in range(total + 1):
            expected = Fraction(sum(one >= cases if is_high else one <= cases for one in ways), len(ways))
            assert count_tail(cases, 1, total, months, is_high=is_high) == expected


@pytest.mark.parametrize("is_high", [True, False])
def test_share_tail_is_that_of_all_ways_to_draw(is_high):
    for of, total_of, total in ((3, 8, 2), (4, 9, 5), (5, 9, 7)):
        drawn = [sum(one < total for one in way) for way in itertools.combinations(range(total_of), of)]
        for cases in range(max(0, of + total - total_of), min(of, total) + 1):
            expected = Fraction(sum(one >= cases if is_high else one <= cases for one in drawn), len(drawn))
            assert share_tail(cases, of, total, total_of, is_high=is_high) == expected


def test_very_many_cases_are_thinned_and_still_beyond_chance():
    assert count_tail(80_000, 1, 100_000, 2, is_high=True) < CHANCE
    assert share_tail(300_000, 10**6, 12_300_000, 13 * 10**6, is_high=False) < CHANCE
    assert count_tail(50_000, 1, 100_000, 2, is_high=True) > CHANCE


def poisson(random, mean):
    bound, number, product = math.exp(-mean), 0, random.random()
    while product > bound:
        number, product = number + 1, product * random.random()
    return number


def share(random, of, chance):
    return quotient(sum(random.random() < chance for _ in range(of)), of, 100)


def stable(kind, random, months):
    """A series of a service that never changes, of so many months."""
    name, *terms = kind
    if name == "count":
        return [Figure(poisson(random, *terms)) for _ in range(months)], COUNT
    if name == "with blanks":
        known = [random.random() < 0.6 for _ in range(months - 1)] + [True]
        return counts(*(poisson(random, *terms) if is_known else None for is_known in known)), COUNT
    if name == "rate":
        return [quotient(poisson(random, *terms), 50_000, 10_000) for _ in range(months)], RATE
    figures = [share(random, *terms) for _ in range(months)]
    return (figures if name == "share" else typed(figures)), PERCENTAGE


BY_CHANCE = [
    *(("count", mean) for mean in (0.1, 0.5, 1, 2, 3, 5, 10, 30)),
    *(("with blanks", mean) for mean in (0.3, 1, 3)),
    *(("rate", mean) for mean in (0.5, 1, 3)),
    *(("share", of, chance) for of, chance in ((5, 0.02), (10, 0.05), (30, 0.01), (30, 0.05), (30, 0.98), (100, 0.01))),
]
# What is known of numbers that were typed without those behind them is less.
TYPED = [("typed", of, chance) for of, chance in ((3, 0.02), (5, 0.02), (10, 0.05), (10, 0.95), (20, 0.02))]


def told_by_chance(kinds, months, times):
    """How often a move is told of the stable series of these kinds, of all that there are."""
    random = Random(33)  # noqa: S311
    found = (
        large_move(*stable(kind, random, count), Improvement.DECREASE)
        for kind in kinds
        for count in months
        for _ in range(times)
    )
    return sum(move is not None for move in found) / (len(kinds) * len(months) * times)


@pytest.mark.slow
def test_chance_alone_seldom_makes_a_large_move():
    assert told_by_chance(BY_CHANCE, (3, 6, 13, 25), 600) < 0.001
    assert told_by_chance(TYPED, (4, 6, 13, 25), 600) < 0.002
