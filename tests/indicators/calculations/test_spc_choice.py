"""Which chart is chosen for which figures, and what is drawn then."""

from fractions import Fraction

import pytest

from indicators.calculations.figures import Figure, quotient
from indicators.calculations.spc import Chart, Improvement, analyse, choose_chart, draw_chart
from indicators.calculations.spc.small_numbers import count_chart, gap_chart, share_chart
from indicators.calculations.vocabulary import Blank, Unit

COUNT, PERCENTAGE, RATE = Unit.COUNT, Unit.PERCENTAGE, Unit.RATE_10000
BLANK = Figure(None, Blank.AWAITED)


def counts(*numbers):
    return [BLANK if number is None else Figure(number) for number in numbers]


def shares(*parts):
    return [quotient(top, bottom, 100) for top, bottom in parts]


def rates(*numerators):
    return [quotient(numerator, 50_000, 10_000) for numerator in numerators]


def chosen(figures, unit):
    return choose_chart(figures, unit).chart


def case(figures, expected, name):
    return pytest.param(figures, expected, id=name)


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        case(counts(30, 42, 35, 51, 28), Chart.XMR, "large counts"),
        case(counts(3, 0, 2, 5, 1, 4, 0, 3), Chart.XMR, "a quarter of the months at 0"),
        case(counts(3, 0, 2, 5, 0, 4, 0), Chart.NONE, "more than a quarter at 0, and often several"),
        case(counts(1, 0, 0, 1, 0, 1, 1, 0), Chart.G, "more than a quarter at 0, never several"),
        case(counts(1, 0, 0, 2, 0, 1, 1, 0), Chart.NONE, "more than a quarter at 0, once two"),
        case(counts(0, None, None, 1, 3, 2, 5), Chart.XMR, "blanks are not 0"),
        # Moving ranges of 1 and 0, on average 10/11: at most 2.97 within 3.267 times that.
        case(counts(*[2, 3] * 5, 3, 2), Chart.C, "no moving range of 3 is possible"),
        case(counts(*[2, 3] * 6), Chart.XMR, "one of 3 is possible"),
        case(counts(*[2] * 9, 3), Chart.C, "counts that hardly vary"),
        case(counts(*[0] * 48), Chart.NONE, "always 0"),
        case(counts(7, 7, 7), Chart.NONE, "always the same"),
        case(counts(7, None), Chart.NONE, "one figure"),
        case([], Chart.NONE, "no months"),
        case(counts(Fraction(5, 2), 3, Fraction(7, 2), 3), Chart.XMR, "a measurement, which is not counted"),
        case(counts(Fraction(1, 2), 0, 0, 1), Chart.NONE, "a measurement that is often 0"),
    ],
)
def test_chart_for_a_count(figures, expected):
    assert chosen(figures, COUNT) is expected


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        case(shares((30, 100), (45, 101), (28, 99)), Chart.XMR, "about as many each month"),
        case(shares((30, 75), (45, 100), (50, 125)), Chart.XMR, "a quarter more and less than on average"),
        case(shares((30, 74), (45, 100), (50, 126)), Chart.P, "more than a quarter off the average"),
        case(shares((2, 9), (1, 4), (6, 20), (3, 8)), Chart.P, "few, and never the same number"),
        case(shares((400, 500), (700, 1000), (1000, 1498)), Chart.P, "under 1,000 on average"),
        case(shares((400, 500), (700, 1000), (1000, 1500)), Chart.XMR, "1,000 on average"),
        case(shares((0, 9), (1, 4), (6, 20), (3, 8)), Chart.P, "a quarter at 0%"),
        case(shares((9, 9), (0, 4), (6, 20), (3, 8)), Chart.NONE, "half at 0% or 100%"),
        case(shares((0, 0), (1, 4), (6, 20), (3, 8)), Chart.P, "a month with nothing to measure"),
        case(shares((12, 9), (1, 4), (6, 20), (3, 8)), Chart.XMR, "more than 100%"),
        case(shares((Fraction(5, 2), 9), (1, 4), (6, 20)), Chart.XMR, "parts that aren't whole"),
        case(counts(20, 25, 30), Chart.XMR, "no parts known"),
        case([*shares((2, 9), (1, 4), (6, 20)), Figure(30)], Chart.XMR, "one month without its parts"),
        case(counts(0, 0, 30), Chart.NONE, "mostly 0%, no parts known"),
    ],
)
def test_chart_for_a_percentage(figures, expected):
    assert chosen(figures, PERCENTAGE) is expected


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        case(rates(30, 42, 35, 51), Chart.XMR, "many cases"),
        case(rates(1, 0, 0, 1, 0), Chart.G, "rare ones"),
        case(rates(2, 0, 0, 1, 0), Chart.NONE, "rare ones, once two"),
        case(rates(2, 3, 2, 2, 3), Chart.NONE, "so few that one more decides"),
        case(counts(20, 0, 0), Chart.NONE, "often 0, no cases known"),
        case(counts(20, 25, 21), Chart.XMR, "no cases known"),
    ],
)
def test_chart_for_a_rate(figures, expected):
    assert chosen(figures, RATE) is expected


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        case(counts(7, 7, 7), "All figures are the same", "all the same"),
        case(counts(7), "fewer than two", "one figure"),
        case(counts(0, 0, 5, 3), "the dates of the cases", "rare and several"),
    ],
)
def test_choice_without_a_signal_says_why(figures, words):
    assert words in choose_chart(figures, COUNT).because


def drawn(figures, unit, **options):
    return draw_chart(figures, unit, improvement=Improvement.DECREASE, **options)


def told(chart):
    return (chart.points, chart.cause, chart.variation, chart.assurance, chart.trial, chart.has_limits)


def test_xmr_chart_is_drawn_with_its_groups():
    values = [30, 42, 35, 51, 28, 90, 99, 85]
    choice, found = drawn(counts(*values), COUNT, target=20, rebase_at=[5])
    assert choice.chart is Chart.XMR
    assert told(found) == told(analyse(values, improvement=Improvement.DECREASE, target=20, rebase_at=[5]))


def test_count_chart_is_drawn_from_the_latest_rebase_on():
    choice, found = drawn(counts(30, 42, 35, *[2, 2, 2, 3, 2]), COUNT, target=9, rebase_at=[3])
    assert choice.chart is Chart.C
    assert told(found) == told(count_chart([2, 2, 2, 3, 2], improvement=Improvement.DECREASE, target=9))


def test_share_chart_is_drawn_from_its_parts():
    choice, found = drawn(shares((0, 0), (2, 9), (1, 4), (6, 20)), PERCENTAGE, target=50)
    assert choice.chart is Chart.P
    assert told(found) == told(
        share_chart([None, (2, 9), (1, 4), (6, 20)], improvement=Improvement.DECREASE, target=50)
    )


@pytest.mark.parametrize("make", [counts, rates])
def test_gap_chart_is_drawn_from_the_cases(make):
    cases = [1, 0, 0, 1, 0]
    choice, found = drawn(make(*cases), COUNT if make is counts else RATE, target=3)
    assert choice.chart is Chart.G
    assert told(found) == told(gap_chart(cases, improvement=Improvement.DECREASE))


@pytest.mark.parametrize("figures", [[], counts(7, 7, 7), counts(0, 0, 5)], ids=["no months", "all the same", "rare"])
def test_nothing_is_drawn_without_a_sound_chart(figures):
    choice, found = drawn(figures, COUNT)
    assert (choice.chart, found) == (Chart.NONE, None)


def test_the_chart_suits_the_months_since_the_latest_rebase():
    figures = counts(*[0] * 20, 30, 42, 35, 51)
    assert drawn(figures, COUNT)[0].chart is Chart.NONE
    assert drawn(figures, COUNT, rebase_at=[20])[0].chart is Chart.XMR


def test_every_chart_has_a_label():
    assert all(chart.label for chart in Chart)
