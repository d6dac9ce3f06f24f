"""Every unit, calculated by hand: how its figures are displayed, told, changed, aimed at and asked for."""

from fractions import Fraction

import pytest

from indicators.calculations.averages import summarise
from indicators.calculations.cautions import Entry, EntryTerms, ask_about, is_counted_whole
from indicators.calculations.change import change, compare
from indicators.calculations.figures import Figure, quotient
from indicators.calculations.measure import Measure
from indicators.calculations.moves import large_move
from indicators.calculations.periods import Periods
from indicators.calculations.rating import TargetTerms, rate
from indicators.calculations.spc import Chart, Improvement, choose_chart
from indicators.calculations.vocabulary import (
    Accumulation,
    Assessment,
    Frequency,
    Movement,
    OnBasis,
    Polarity,
    Rating,
    Scope,
    Unit,
)
from tests.commentary.lines import make_line

F = Fraction


def measure(unit, places=0, **fields):
    plain = dict.fromkeys(("reference", "title", "definition", "outcome", "owner", "reporter", "note"), "")
    kinds = {"polarity": Polarity.LOW, "frequency": Frequency.MONTHLY, "scope": Scope.LOCAL}
    return Measure(**{**plain, **kinds, "unit": unit, "decimal_places": places, **fields})


# Unit, decimals, a value; then as displayed, in a sentence, negative, almost 0, 1 as displayed, and 1 away from 2.
DISPLAYED = [
    (Unit.COUNT, 0, 1234, "1,234", "1,234", "-1,234", "less than 0.5", "1", "1"),
    (Unit.PERCENTAGE, 0, F(385, 10), "39%", "39%", "-39%", "less than 0.5%", "1%", "1 percentage point"),
    (Unit.PERCENTAGE, 1, F(385, 10), "38.5%", "38.5%", "-38.5%", "less than 0.05%", "1.0%", "1.0 percentage points"),
    (Unit.RATE_1000, 1, F(123, 10), "12.3", "12.3 per 1,000", "-12.3", "less than 0.05 per 1,000", "1.0", "1.0"),
    (Unit.RATE_10000, 0, 53, "53", "53 per 10,000", "-53", "less than 0.5 per 10,000", "1", "1"),
    (Unit.RATE_100000, 0, 53, "53", "53 per 100,000", "-53", "less than 0.5 per 100,000", "1", "1"),
    (Unit.RATE, 0, 53, "53", "53 per 1,000,000", "-53", "less than 0.5 per 1,000,000", "1", "1"),
    (Unit.MONEY, 0, 1200, "£1,200", "£1,200", "-£1,200", "less than £0.5", "£1", "£1"),
    (Unit.MONEY, 2, F(125, 10), "£12.50", "£12.50", "-£12.50", "less than £0.005", "£1.00", "£1.00"),
    (Unit.MONEY_THOUSAND, 0, 1234, "£1,234k", "£1,234k", "-£1,234k", "less than £0.5k", "£1k", "£1k"),
    (Unit.MONEY_MILLION, 1, F(125, 100), "£1.3m", "£1.3m", "-£1.3m", "less than £0.05m", "£1.0m", "£1.0m"),
    (Unit.HOURS, 1, F(7, 2), "3.5 hours", "3.5 hours", "-3.5 hours", "less than 0.05 hours", "1.0 hours", "1.0 hours"),
    (Unit.DAYS, 0, 12, "12 days", "12 days", "-12 days", "less than 0.5 days", "1 day", "1 day"),
    (Unit.WEEKS, 0, 26, "26 weeks", "26 weeks", "-26 weeks", "less than 0.5 weeks", "1 week", "1 week"),
    (Unit.MONTHS, 0, 14, "14 months", "14 months", "-14 months", "less than 0.5 months", "1 month", "1 month"),
    (Unit.SCORE, 2, F(345, 100), "3.45", "3.45", "-3.45", "less than 0.005", "1.00", "1.00"),
]


@pytest.mark.parametrize(("unit", "places", "value", "text", "said", "negative", "low", "one", "apart"), DISPLAYED)
def test_figures_as_displayed_and_told(unit, places, value, text, said, negative, low, one, apart):
    of = measure(unit, places, allows_negative=True, rate_base=1_000_000 if unit is Unit.RATE else None)
    tiny = F(1, 10 ** (places + 1)) * 4
    assert (of.text(value), of.said(value), of.text(-value)) == (text, said, negative)
    assert (of.text(tiny), of.text(-tiny)) == ("[low]", "[low]")
    assert of.text(0) == text.replace(text.strip("£%km adehnorstuwy"), f"{0:.{places}f}")
    assert of.said(tiny) == low
    assert of.text(1) == one
    assert of.text(-1) == f"-{one}"
    assert of.difference_text(2, 1) == of.difference_text(-1, F(-2)) == apart


def test_every_unit_is_displayed():
    assert {unit for unit, *_ in DISPLAYED} == {*Unit}


def test_what_is_just_below_0_is_told_so():
    assert measure(Unit.MONEY_THOUSAND).said(F(-4, 10)) == "less than £0.5k below 0"


# Unit, later, earlier: as displayed where figures can be negative, and where they can't.
CHANGES = [
    (Unit.COUNT, 12, 10, "+2", "20%"),
    (Unit.COUNT, -3, 5, "-8", "n/a"),
    (Unit.PERCENTAGE, 39, 36, "+3 points", "8%"),
    (Unit.PERCENTAGE, -2, -3, "+1 point", "n/a"),
    (Unit.RATE_1000, 6, 8, "-2", "-25%"),
    (Unit.RATE_10000, 6, 8, "-2", "-25%"),
    (Unit.RATE_100000, 6, 8, "-2", "-25%"),
    (Unit.RATE, 6, 8, "-2", "-25%"),
    (Unit.MONEY, 900, 1000, "-£100", "-10%"),
    (Unit.MONEY, -200, -1400, "+£1,200", "n/a"),
    (Unit.MONEY_THOUSAND, -5, 7, "-£12k", "n/a"),
    (Unit.MONEY_MILLION, 3, 2, "+£1m", "50%"),
    (Unit.HOURS, 3, 4, "-1 hour", "-25%"),
    (Unit.DAYS, 12, 10, "+2 days", "20%"),
    (Unit.WEEKS, 6, 6, "0 weeks", "0%"),
    (Unit.MONTHS, 15, 12, "+3 months", "25%"),
    (Unit.SCORE, 3, 2, "+1", "50%"),
    (Unit.MONEY_THOUSAND, F(4, 10), 0, "[low]", "n/a"),
]


@pytest.mark.parametrize(("unit", "later", "earlier", "signed", "plain"), CHANGES)
def test_changes(unit, later, earlier, signed, plain):
    for allows_negative, expected in ((True, signed), (False, plain)):
        of = measure(unit, allows_negative=allows_negative)
        found = change(later, earlier, Polarity.LOW, is_signed=allows_negative)
        assert of.change_text(found, of.difference_in(found, later, earlier)) == expected


def test_every_unit_changes():
    assert {unit for unit, *_ in CHANGES} == {*Unit}


@pytest.mark.parametrize(
    ("later", "earlier", "movement", "low_is_good"),
    [
        (-3, -5, Movement.UP, Assessment.WORSE),
        (-5, 3, Movement.DOWN, Assessment.BETTER),
        (3, -5, Movement.UP, Assessment.WORSE),
        (0, -5, Movement.UP, Assessment.WORSE),
        (-5, 0, Movement.DOWN, Assessment.BETTER),
        (-5, -5, Movement.LEVEL, Assessment.NO_CHANGE),
        (-1000, -1001, Movement.LEVEL, Assessment.NO_CHANGE),
    ],
)
def test_what_is_below_0_moves_and_is_judged_but_has_no_percentage(later, earlier, movement, low_is_good):
    assert change(later, earlier, Polarity.LOW) == (None, movement, low_is_good, False)
    assert compare(later, earlier, Polarity.LOW, OnBasis.YES) == (None, movement, low_is_good, False)


QUESTIONS = {
    Unit.COUNT: ("How many in October 2026?", "How many in October 2026?", "Out of how many?"),
    Unit.PERCENTAGE: ("What percentage in October 2026?", "How many in October 2026?", "Out of how many?"),
    Unit.RATE_1000: ("How many for every 1,000 in October 2026?", "How many in October 2026?", "Out of how many?"),
    Unit.RATE_10000: ("How many for every 10,000 in October 2026?", "How many in October 2026?", "Out of how many?"),
    Unit.RATE_100000: ("How many for every 100,000 in October 2026?", "How many in October 2026?", "Out of how many?"),
    Unit.RATE: ("How many for every 500 in October 2026?", "How many in October 2026?", "Out of how many?"),
    Unit.MONEY: (
        "How much in £ in October 2026?",
        "How much in £ altogether in October 2026?",
        "Spread over how many?",
    ),
    Unit.MONEY_THOUSAND: (
        "How much in £ thousand in October 2026?",
        "How much in £ thousand altogether in October 2026?",
        "Spread over how many?",
    ),
    Unit.MONEY_MILLION: (
        "How much in £ million in October 2026?",
        "How much in £ million altogether in October 2026?",
        "Spread over how many?",
    ),
    **{
        unit: (
            f"How many {unit} on average in October 2026?",
            f"How many {unit} altogether in October 2026?",
            "Spread over how many?",
        )
        for unit in (Unit.HOURS, Unit.DAYS, Unit.WEEKS, Unit.MONTHS)
    },
    Unit.SCORE: (
        "What score or ratio in October 2026?",
        "What do the scores add up to in October 2026?",
        "Spread over how many?",
    ),
}


@pytest.mark.parametrize("unit", list(Unit))
def test_questions(unit):
    of = measure(unit, rate_base=500 if unit is Unit.RATE else None)
    assert (of.question("October 2026"), *of.part_questions("October 2026")) == QUESTIONS[unit]


def test_what_adds_up_is_no_average():
    of = measure(Unit.DAYS, accumulation=Accumulation.PER_PERIOD)
    assert of.question("October 2026") == "How many days in October 2026?"


# Unit, decimals, target, tolerance: as displayed, in full.
TARGETS = [
    (Unit.COUNT, 0, 24, 2, "24", "2"),
    (Unit.PERCENTAGE, 0, F(925, 10), 2, "92.5%", "2 percentage points"),
    (Unit.RATE, 0, 53, F(1, 2), "53", "0.5"),
    (Unit.MONEY, 0, -1200, 100, "-£1,200", "£100"),
    (Unit.MONEY_THOUSAND, 0, -12, F(5, 2), "-£12", "£2.5k"),
    (Unit.MONEY_MILLION, 1, F(125, 100), 1, "£1.25m", "£1.0m"),
    (Unit.DAYS, 0, 12, 1, "12 days", "1 day"),
    (Unit.HOURS, 0, F(7, 2), 1, "3.5 hours", "1 hour"),
    (Unit.SCORE, 1, 3, F(1, 4), "3.0", "0.25"),
]


@pytest.mark.parametrize(("unit", "places", "target", "tolerance", "text", "within"), TARGETS)
def test_targets(unit, places, target, tolerance, text, within):
    of = measure(unit, places, allows_negative=True)
    assert of.target_text(target).startswith(text)
    assert of.tolerance_text(tolerance) == within


def test_figures_below_0_are_rated_as_all_others():
    terms = TargetTerms(-10, 5)
    assert [rate(one, terms, Polarity.LOW) for one in (-12, -10, -5, 0)] == [
        *(Rating.GREEN, Rating.GREEN, Rating.AMBER, Rating.RED)
    ]
    assert [rate(one, terms, Polarity.HIGH) for one in (-16, -15, -10, 3)] == [
        *(Rating.RED, Rating.AMBER, Rating.GREEN, Rating.GREEN)
    ]


def test_average_and_maximum_of_figures_on_both_sides_of_0():
    summary = summarise([-12, 6, None, -9])
    assert (summary.mean, summary.maximum, summary.months) == (-5, 6, 3)
    of = measure(Unit.MONEY_THOUSAND, allows_negative=True)
    assert (of.text(summary.mean), of.text(summary.maximum)) == ("-£5k", "£6k")


@pytest.mark.parametrize(
    ("unit", "base", "value"),
    [
        (Unit.COUNT, None, F(3, 4)),
        (Unit.PERCENTAGE, None, 75),
        (Unit.RATE_1000, None, 750),
        (Unit.RATE_10000, None, 7500),
        (Unit.RATE_100000, None, 75_000),
        (Unit.RATE, 500, 375),
        *((unit, None, F(3, 4)) for unit in (Unit.MONEY, Unit.MONEY_THOUSAND, Unit.DAYS, Unit.HOURS, Unit.SCORE)),
    ],
)
def test_what_a_numerator_over_a_denominator_comes_to(unit, base, value):
    assert quotient(3, 4, unit.factor(base)).value == value


# Which chart is sound


def figures(*values):
    return [Figure(value) for value in values]


SMALL_COUNTS = figures(1, 2, 2, 1, 2, 2, 3, 2, 2, 1, 1, 2, 2)
SHARES = [quotient(1, whole, 100) for whole in (4, 9, 20, 5, 11, 8, 30, 6, 4, 12, 25, 7, 9)]


@pytest.mark.parametrize(
    ("series", "unit", "is_signed", "chart"),
    [
        (SMALL_COUNTS, Unit.COUNT, False, Chart.C),
        (SMALL_COUNTS, Unit.COUNT, True, Chart.XMR),
        *((SMALL_COUNTS, unit, False, Chart.XMR) for unit in (Unit.MONEY, Unit.MONEY_THOUSAND, Unit.DAYS, Unit.SCORE)),
        (SHARES, Unit.PERCENTAGE, False, Chart.P),
        (SHARES, Unit.PERCENTAGE, True, Chart.XMR),
        (SHARES, Unit.DAYS, False, Chart.XMR),
        (figures(0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0), Unit.COUNT, False, Chart.G),
        (figures(0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0), Unit.DAYS, False, Chart.NONE),
        (figures(0, 0, 0, 0, -9, 0, 5, 1, 0, -3, 0, 1, 0), Unit.MONEY, True, Chart.XMR),
        (figures(-3, 4, -1, 2, -2, 5, -4, 1, 0, 3, -1, 2, -2), Unit.COUNT, True, Chart.XMR),
    ],
)
def test_chart(series, unit, is_signed, chart):
    assert choose_chart(series, unit, is_signed=is_signed).chart is chart


@pytest.mark.parametrize(
    ("values", "unit", "is_signed", "is_large"),
    [
        ((100, 110, 105, 260), Unit.MONEY, False, True),
        ((100, 110, 105, 130), Unit.MONEY, False, False),
        ((10, 11, 12, 30), Unit.DAYS, False, True),
        ((10, 25, 12, 30), Unit.DAYS, False, False),
        ((-5, 3, -2, 30), Unit.MONEY_THOUSAND, True, True),
        ((-5, 3, -2, -40), Unit.MONEY_THOUSAND, True, True),
        ((-100, -103, -99, -90), Unit.MONEY_THOUSAND, True, False),
        ((-100, -103, -99, 20), Unit.MONEY_THOUSAND, True, True),
    ],
)
def test_large_move(values, unit, is_signed, is_large):
    assert (large_move(figures(*values), unit, Improvement.NEUTRAL, is_signed=is_signed) is not None) == is_large


# What is asked about new figures

MONTHS = make_line([1]).months


def asked(values, unit=Unit.MONEY_THOUSAND, *, allows_negative=True, places=0):
    """What is asked of the latest of the figures."""
    terms = EntryTerms("B1", unit, places, Periods(), False, None, None, allows_negative)
    known = {month: Figure(value) for month, value in zip(MONTHS[-len(values) :], values, strict=True)}
    latest = MONTHS[-1]
    found = ask_about(terms, known, {latest: Entry(known[latest], None)}, MONTHS[-1].replace(year=2030))
    return [(caution.code, caution.message) for caution in found.get(latest, [])]


def test_slips_of_figures_below_0_are_asked_about():
    assert asked([-12, -15, -11, -130]) == [
        ("scale", "-£130k is about ten times what the months around it have: -£15k to -£11k.")
    ]
    assert asked([-12, -15, -11, 13]) == [
        ("sign", "£13k is above 0, and the months around it have -£15k to -£11k. Is the minus sign missing?")
    ]
    assert asked([12, 15, 11, -13]) == [
        ("sign", "-£13k is below 0, and the months around it have £11k to £15k. Is the minus sign right?")
    ]
    assert asked([-12, 15, -11, 130]) == []
    assert asked([-12, -15, -11, 0])[0][0] == "zero"
    assert [code for code, _ in asked([-12, -15, -12, -12])] == ["same"]


def test_pounds_where_thousands_are_meant_are_asked_about():
    assert asked([1200, 1150, 1180, 1_210_000]) == [
        (
            "scale",
            "£1,210,000k is about a thousand or more times what the months around it have: £1,150k to £1,200k. "
            "The figures of B1 are in £ thousand.",
        )
    ]


def test_money_time_and_scores_need_not_be_whole():
    assert not any(
        is_counted_whole(name, unit, 0)
        for name in ("figure", "numerator", "denominator")
        for unit in (Unit.MONEY, Unit.DAYS, Unit.SCORE)
    )
    assert asked([12, 14, 13, F(25, 2)], Unit.DAYS) == []
