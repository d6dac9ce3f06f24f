"""What is asked about figures that arrive in a spreadsheet: each kind, what is like it, and what must not be asked."""

from datetime import date
from fractions import Fraction

import pytest

from indicators.calculations.cautions import Entry, EntryTerms, ask_about, slip_of_typing
from indicators.calculations.figures import Figure, quotient
from indicators.calculations.months import add_months
from indicators.calculations.periods import Periods
from indicators.calculations.vocabulary import Blank, Frequency, Unit

JANUARY = date(2021, 1, 1)
TODAY = date(2021, 2, 1)
AWAITED = Figure(None, Blank.AWAITED)


def terms(unit=Unit.COUNT, places=0, **changes):
    plain = EntryTerms("A1", unit, places, Periods(), allows_over_100=False, active_from=None, active_to=None)
    return plain._replace(**changes)


def figure(value):
    return value if isinstance(value, Figure) else Figure(value)


def asked(one, *values, stored=(), before=None, month=JANUARY, kind=None):
    """What is asked about figures that end with a month, by code; `stored` are those of the months before them."""
    new = {add_months(month, place + 1 - len(values)): figure(value) for place, value in enumerate(values)}
    first = min(new)
    old = {add_months(first, place - len(stored)): figure(value) for place, value in enumerate(stored)}
    entries = {key: Entry(value, before) for key, value in new.items()}
    found = ask_about(one, {**old, **new}, entries, TODAY)
    return {caution.code: caution.message for cautions in found.values() for caution in cautions}


PERCENTAGE, COUNT, RATE = terms(Unit.PERCENTAGE), terms(), terms(Unit.RATE_10000)


@pytest.mark.parametrize(
    ("one", "stored", "value", "code", "words"),
    [
        (PERCENTAGE, (18, 20, 19), Fraction(19, 100), "scale", "0.19% is about a hundredth of what the months around"),
        (PERCENTAGE, (18, 20, 19), Fraction(19, 100), "scale", "For 19% write 19, not a fraction."),
        (PERCENTAGE, (), Fraction(19, 100), "fraction", "If 19% is meant, write 19."),
        (PERCENTAGE, (), 1, "fraction", "1% is 1% or less"),
        (PERCENTAGE, (0, 0, 0), Fraction(1, 2), "fraction", "0.5% is 1% or less"),
        (terms(Unit.PERCENTAGE, 2), (Fraction(19, 100), Fraction(1, 5)), 19, "scale", "about a hundred times"),
        (terms(Unit.PERCENTAGE, allows_over_100=True), (18, 20), 1900, "scale", "about a hundred times"),
        (COUNT, (40, 44), 420, "scale", "420 is about ten times what the months around it have: 40 to 44."),
        (COUNT, (40, 44), 4, "scale", "4 is about a tenth of"),
        (COUNT, (1000, 1100), 1_050_000, "scale", "about a thousand or more times"),
        (RATE, (65, 66), 650, "scale", "about ten times"),
        (COUNT, (5, 6), Fraction(25, 2), "part", "12.5 is not a whole number"),
        (RATE, (), quotient(Fraction(5, 2), 10, 1), "part", "2.5 is not a whole number, and a numerator of A1 counts."),
        (RATE, (), quotient(2, Fraction(21, 2), 1), "part", "10.5 is not a whole number, and a denominator"),
        (RATE, (), quotient(500, 31, 10_000), "swapped", "500 of 31: the part is above the whole."),
        (
            PERCENTAGE,
            (quotient(7, 9, 100),) * 2,
            quotient(70, 90, 100),
            "scale",
            "The denominator: 90 is about ten times",
        ),
        (RATE, (quotient(3, 800, 1), quotient(3, 900, 1)), quotient(3, 9, 1), "scale", "about a hundred times"),
        (PERCENTAGE, (quotient(0, 180, 1),) * 2, quotient(0, 18, 1), "scale", "18 is about a tenth of"),
        (
            PERCENTAGE,
            (quotient(7, 9, 1), AWAITED),
            quotient(0, 0, 1),
            "zero",
            "0 of 0 says that there were none;",
        ),
        (PERCENTAGE, (quotient(7, 9, 1),) * 2, quotient(0, 0, 1), "zero", "the months around it have 9 to 9."),
        (COUNT, (5, AWAITED), 0, "zero", "the figure of December 2020 is awaited. Is this one awaited too?"),
        (COUNT, (40, 41, 45), 0, "zero", "the months around it have 40 to 45."),
        (COUNT, (40, 41, 42, 40, 41, 42, 40), 60, "unusual", "above what is usual"),
        (COUNT, (40, 41), 41, "same", "The same figure as in December 2020. Was it copied?"),
        (terms(active_from=date(2021, 4, 1)), (), 5, "inactive", "A1 is reported from April 2021"),
        (terms(active_to=date(2020, 12, 1)), (), 5, "inactive", "A1 was reported until December 2020"),
        (
            terms(periods=Periods(Frequency.QUARTERLY)),
            (),
            5,
            "off-period",
            "A1 has a figure in June, September, December and March, and not in January.",
        ),
    ],
)
def test_what_looks_wrong_is_asked_about(one, stored, value, code, words):
    assert words in asked(one, value, stored=stored)[code]


@pytest.mark.parametrize(
    ("one", "stored", "values"),
    [
        (PERCENTAGE, (18, 25, 30), (19,)),
        (PERCENTAGE, (Fraction(1, 2), 1, 2), (Fraction(1, 4),)),
        (PERCENTAGE, (), (100, 100, 100, 100, 100, 100)),
        (terms(Unit.PERCENTAGE, 1), (), (Fraction(125, 10),)),
        (COUNT, (), (1464, 1382, 1300)),
        (COUNT, (0, 1, 0, 2), (3,)),
        (COUNT, (1, 0, 0), (0,)),
        (COUNT, (3, 3), (3,)),
        (COUNT, (40, 41), (AWAITED,)),
        (COUNT, (40, 90), (200,)),
        # Of counts below ten a case or two are many times more.
        (COUNT, (1, 0, 1), (6,)),
        (COUNT, (1, 2, 1), (9,)),
        (terms(Unit.COUNT, 1), (), (Fraction(25, 2),)),
        (terms(Unit.PERCENTAGE, allows_over_100=True), (quotient(40, 31, 100),), (quotient(35, 31, 100),)),
        (terms(active_from=JANUARY, active_to=JANUARY), (), (5,)),
        # A column of figures that all come at once: none of them was there to be copied or to be usual.
        (COUNT, (), (40, 41, 42, 40, 41, 42, 40, 60)),
        (COUNT, (), (40, 40)),
    ],
)
def test_what_looks_right_is_not_asked_about(one, stored, values):
    assert asked(one, *values, stored=stored) == {}


def test_a_zero_that_answers_an_awaited_month_is_asked_about():
    assert "until now the figure was awaited" in asked(COUNT, 0, stored=(2, 1), before=AWAITED)["zero"]


@pytest.mark.parametrize(
    ("one", "earlier", "value", "words"),
    [
        (COUNT, (150, 148, 155), 1520, "1,520 is about ten times what the months around it have: 148 to 155."),
        (COUNT, (150, 148, 155), 15, "15 is about a tenth of what the months around it have: 148 to 155."),
        (COUNT, (1, 0, 1), 11, "11 is about ten times what the months around it have: 0 to 1."),
        (PERCENTAGE, (93, 88), Fraction(93, 100), "0.93% is about a hundredth of"),
        (PERCENTAGE, (quotient(7, 9, 100),) * 2, quotient(70, 90, 100), "The denominator: 90 is about ten times"),
        (
            terms(Unit.PERCENTAGE, allows_over_100=True),
            (quotient(40, 51, 100),) * 2,
            quotient(51, 40, 100),
            "51 of 40: the part is above the whole. Were the two columns mixed up?",
        ),
        (COUNT, (150, 148, 155), 420, ""),
        (COUNT, (150, 148, 155), 60, ""),
        (COUNT, (1, 2, 1), 9, ""),
        (COUNT, (150, 148, 155), AWAITED, ""),
        (COUNT, (150,), 1520, ""),
        (terms(Unit.PERCENTAGE, allows_over_100=True), (quotient(51, 40, 100),) * 2, quotient(52, 40, 100), ""),
    ],
)
def test_slip_of_typing_is_many_times_what_stands_around_it(one, earlier, value, words):
    figures = [*map(figure, earlier), figure(value)]
    months = [add_months(JANUARY, place + 1 - len(figures)) for place in range(len(figures))]
    found = slip_of_typing(one, dict(zip(months, figures, strict=True)), JANUARY)
    assert (words in found.message) if words else found is None


@pytest.mark.parametrize("earlier", [(1, 2), (0, 3), (4, 9)])
def test_none_of_none_is_not_asked_about_where_there_are_never_many(earlier):
    one, other = (quotient(0, whole, 100) for whole in earlier)

    assert asked(PERCENTAGE, quotient(0, 0, 100), stored=(one, other)) == {}


def test_none_of_none_that_answers_an_awaited_month_is_asked_about():
    assert "0 of 0 says" in asked(PERCENTAGE, quotient(0, 0, 100), before=AWAITED)["zero"]


@pytest.mark.parametrize(
    ("month", "words"),
    [(date(2021, 3, 1), "March 2021 lies in the future."), (date(2021, 2, 1), "February 2021 is not over yet.")],
)
def test_a_month_that_is_not_over_is_asked_about(month, words):
    assert asked(COUNT, 5, month=month)["future"] == words
    assert asked(COUNT, AWAITED, month=month) == {}


def test_a_column_that_was_filled_down_is_asked_about_once():
    message = asked(COUNT, 19, 19, 19, 19)["same"]

    assert message == "19 in 4 figures in a row, October 2020 to January 2021. Was it filled down?"


def test_a_column_filled_down_from_what_is_stored_is_asked_about():
    assert "5 figures in a row" in asked(COUNT, 19, 19, stored=(19, 19, 19))["same"]


def test_a_slip_among_new_figures_is_found_by_those_on_both_sides():
    assert set(asked(COUNT, 40, 42, 410, 41, 43)) == {"scale"}


def test_quarters_are_compared_with_quarters():
    quarterly = terms(periods=Periods(Frequency.QUARTERLY))
    stored = (40, AWAITED, AWAITED, 42, AWAITED, AWAITED, 41, AWAITED, AWAITED)

    assert asked(quarterly, 44, stored=stored, month=date(2020, 12, 1)) == {}
    assert set(asked(quarterly, 440, stored=stored, month=date(2020, 12, 1))) == {"scale"}
