"""Targets of every kind, and figures that add up over the year: worked out by hand, and what holds of all of them."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.aims import Basis, Meaning, meaning_of, step_at, steps_problem
from indicators.calculations.change import change
from indicators.calculations.figures import NO_RECORD, Figure, quotient
from indicators.calculations.measure import Measure
from indicators.calculations.months import add_months
from indicators.calculations.periods import Periods
from indicators.calculations.ranking import rank
from indicators.calculations.rating import Aim, TargetTerms, rate, sense_problem
from indicators.calculations.spc import Assurance, Improvement, examine
from indicators.calculations.totals import Adding, had_together, per_period
from indicators.calculations.vocabulary import (
    Assessment,
    Blank,
    Frequency,
    Polarity,
    Rating,
    RestsOn,
    Scope,
    Sense,
    Shape,
    Unit,
)

HIGH, LOW, CLOSE, NEUTRAL = Polarity.HIGH, Polarity.LOW, Polarity.TARGET, Polarity.NEUTRAL
GREEN, AMBER, RED = Rating.GREEN, Rating.AMBER, Rating.RED
BETWEEN = TargetTerms(10, 2, Sense.BETWEEN, 14)
MONTHLY, QUARTERLY = Periods(), Periods(Frequency.QUARTERLY)
APRIL = date(2020, 4, 1)
numbers = st.integers(-60, 60)


def measure(unit=Unit.COUNT, polarity=HIGH, places=0):
    return Measure("A1", "", "", "", "", "", unit, places, polarity, Frequency.MONTHLY, Scope.LOCAL, "")


@pytest.mark.parametrize(
    ("terms", "polarity", "ratings"),
    [
        (TargetTerms(10, 2, Sense.AT_LEAST), HIGH, {10: GREEN, 11: GREEN, 9: AMBER, 8: AMBER, 7: RED}),
        (TargetTerms(10, 2, Sense.AT_MOST), LOW, {10: GREEN, 9: GREEN, 11: AMBER, 12: AMBER, 13: RED}),
        (TargetTerms(10, 0, Sense.EXACTLY), HIGH, {10: GREEN, 11: RED, 9: RED}),
        (TargetTerms(10, 1, Sense.EXACTLY), LOW, {10: GREEN, 11: AMBER, 9: AMBER, 8: RED, 12: RED}),
        *(
            (BETWEEN, one, {7: RED, 8: AMBER, 10: GREEN, 12: GREEN, 14: GREEN, 16: AMBER, 17: RED})
            for one in (HIGH, LOW)
        ),
        (BETWEEN, CLOSE, {Fraction(79, 10): RED, Fraction(161, 10): RED, 14: GREEN}),
        (BETWEEN, NEUTRAL, {12: Rating.NOT_JUDGED, 99: Rating.NOT_JUDGED}),
        (TargetTerms(-5, 1, Sense.BETWEEN, -2), LOW, {-6: AMBER, -5: GREEN, -2: GREEN, -1: AMBER, 0: RED}),
    ],
)
def test_figure_is_rated_by_the_side_that_the_target_asks_for(terms, polarity, ratings):
    assert {value: rate(value, terms, polarity) for value in ratings} == ratings


def test_better_than_asks_for_more_than_being_as_good():
    strict, lenient = Aim(47, None, 0, is_strict=True), Aim(47, None, 1, is_strict=True)
    assert [strict.rate(one) for one in (48, 47, 46)] == [GREEN, RED, RED]
    assert [lenient.rate(one) for one in (48, 47, 46, 45)] == [GREEN, AMBER, AMBER, RED]


@pytest.mark.parametrize("polarity", [HIGH, LOW, CLOSE])
def test_within_a_range_nothing_is_better_and_outside_nearer_is(polarity):
    aim = BETWEEN.fixed_aim(polarity)
    moves = {(10, 14): "no_change", (6, 8): "better", (20, 16): "better", (12, 16): "worse", (8, 18): "worse"}
    assert {move: change(move[1], move[0], polarity, aim).assessment for move in moves} == moves
    assert change(12, 8, NEUTRAL, aim).assessment is Assessment.NOT_JUDGED


def test_authorities_within_a_range_share_the_first_place():
    aim = BETWEEN.fixed_aim(LOW)
    assert (rank(11, [13, 8, 20], LOW, aim).rank, rank(8, [13, 11, 20], LOW, aim).rank) == (1, 3)


@pytest.mark.parametrize(
    ("polarity", "sense", "fits"),
    [
        *((HIGH, one, one is not Sense.AT_MOST) for one in Sense),
        *((LOW, one, one is not Sense.AT_LEAST) for one in Sense),
        *((CLOSE, one, one not in (Sense.AT_LEAST, Sense.AT_MOST)) for one in Sense),
        *((NEUTRAL, one, True) for one in Sense),
    ],
)
def test_sense_fits_the_direction_or_is_refused_in_words(polarity, sense, fits):
    problem = sense_problem(sense, polarity)
    assert not problem if fits else (sense.label in problem and polarity.label in problem)


@given(low=numbers, width=st.integers(1, 40), tolerance=st.integers(0, 9), value=numbers)
def test_a_band_mirrors_with_polarity(low, width, tolerance, value):
    band = TargetTerms(low, tolerance, Sense.BETWEEN, low + width)
    mirror = TargetTerms(-low - width, tolerance, Sense.BETWEEN, -low)
    assert rate(value, band, HIGH) is rate(-value, mirror, LOW) is rate(value, band, CLOSE)


@given(st.lists(st.integers(0, 40), min_size=13, max_size=25), st.integers(0, 40), st.integers(1, 40))
def test_assurance_against_a_band_mirrors_and_is_what_both_ends_say(values, low, width):
    figures = [Figure(20 + value) for value in values]
    turned = [Figure(80 - value) for value in values]

    def assured(series, improvement, aim):
        found = examine(series, Unit.SCORE, improvement=improvement, target=aim)[1]
        return None if found is None else found.assurance

    band = assured(figures, Improvement.INCREASE, Aim(low, low + width))
    assert band is assured(turned, Improvement.DECREASE, Aim(100 - low - width, 100 - low))
    least = assured(figures, Improvement.INCREASE, Aim(low, None))
    most = assured(figures, Improvement.DECREASE, Aim(None, low + width))
    if band is not None:
        assert (band is Assurance.PASS) == (least is most is Assurance.PASS)
        assert (band is Assurance.FAIL) == (Assurance.FAIL in (least, most))


def adding(figures, first=date(2019, 4, 1), periods=MONTHLY, entered=None, on_population=False):
    months = [add_months(first, count) for count in range(len(figures))]
    return Adding(months, figures, periods, 1, entered, on_population)


LAST_YEAR = [1, 1, 2, 0, 4, 0, 0, 4, 2, 2, 2, 2]
COUNTS = adding([Figure(value) for value in (*LAST_YEAR, *[2] * 12)])


def year_of(value=24, **changes):
    return TargetTerms(value, **{"shape": Shape.EVEN, **changes})


STEPS = {"shape": Shape.TYPED, "steps": (6, 10, 18, 24)}
MONTHLY_STEPS = {"shape": Shape.TYPED, "steps": (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 24)}


@pytest.mark.parametrize(
    ("terms", "polarity", "month", "aim", "because"),
    [
        # 24 a year, of which half of the months are over.
        (year_of(), HIGH, 9, Aim(12, None), "6 of 12 months"),
        (year_of(), LOW, 4, Aim(None, 2), "1 of 12 months"),
        (year_of(25), LOW, 5, Aim(None, Fraction(25, 6)), "even share"),
        (year_of(sense=Sense.BETWEEN, upper=36), HIGH, 9, Aim(12, 18), "even share"),
        (year_of(sense=Sense.EXACTLY), LOW, 3, Aim(24, 24), "12 of 12"),
        # 4 of last year's 20 were there by July.
        (year_of(shape=Shape.LAST_YEAR), HIGH, 7, Aim(Fraction(24, 5), None), "last year’s shape"),
        (year_of(shape=Shape.LAST_YEAR, sense=Sense.BETWEEN, upper=40), LOW, 6, Aim(Fraction(24, 5), 8), "shape"),
        # By quarter: 6 by June, 10 by September, so two thirds of the way in August.
        (year_of(**STEPS), HIGH, 6, Aim(6, None), "step"),
        (year_of(**STEPS), HIGH, 8, Aim(6 + Fraction(8, 3), None), "5 of 12"),
        (year_of(**STEPS), HIGH, 4, Aim(2, None), "step"),
        (year_of(**MONTHLY_STEPS), LOW, 2, Aim(None, 20), "11 of 12"),
        (
            year_of(sense=Sense.BETWEEN, upper=36, upper_steps=(9, 18, 27, 36), **STEPS),
            HIGH,
            9,
            Aim(10, 18),
            "6 of 12",
        ),
    ],
)
def test_whole_years_target_means_so_much_by_now(terms, polarity, month, aim, because):
    day = date(2020 if month >= 4 else 2021, month, 1)
    found = meaning_of(terms, polarity, MONTHLY, day, adding=COUNTS)
    assert found.aim == aim
    assert because in found.because


def test_two_a_month_are_on_course_for_24_a_year():
    for place in range(12):
        month = add_months(APRIL, place)
        aim = meaning_of(year_of(), HIGH, MONTHLY, month, adding=COUNTS).aim
        assert rate(COUNTS.total(month).value, year_of(), HIGH, aim) is GREEN


def test_profile_follows_the_indicators_own_periods_and_year():
    academic = Periods(Frequency.TERMLY, 9)
    quarters = adding([], periods=QUARTERLY)
    assert meaning_of(year_of(), HIGH, QUARTERLY, date(2020, 12, 1), adding=quarters).aim == Aim(18, None)
    assert meaning_of(year_of(), HIGH, academic, date(2021, 4, 1), adding=quarters).aim == Aim(16, None)
    calendar = Periods(year_starts=1)
    assert meaning_of(year_of(), HIGH, calendar, date(2020, 3, 1), adding=quarters).aim == Aim(6, None)


def test_steps_of_what_does_not_add_up_are_its_levels():
    found = [meaning_of(year_of(**STEPS), HIGH, MONTHLY, date(2020, month, 1)).aim.low for month in (4, 6, 7, 12)]
    assert found == [6, 6, 10, 18]
    assert step_at((1, 2), 2, 2, adds_up=False) == 2


def test_share_so_far_is_held_to_the_years_share_itself():
    shares = adding([quotient(9, 10, 100)] * 24)
    assert meaning_of(year_of(95), HIGH, MONTHLY, date(2020, 6, 1), adding=shares).aim == Aim(95, None)


def test_rate_of_people_grows_over_the_year_and_its_target_with_it():
    rates = adding([quotient(3, 60, 1)] * 24, on_population=True)
    assert rates.total(date(2020, 6, 1)).value == Fraction(9, 60)
    assert meaning_of(year_of(24), LOW, MONTHLY, date(2020, 6, 1), adding=rates).aim == Aim(None, 6)


def test_last_years_shape_is_not_known_without_last_years_figures():
    missing = adding([Figure(1), NO_RECORD, *[Figure(1)] * 22])
    none = adding([Figure(0)] * 24)
    for one in (missing, none):
        found = meaning_of(year_of(shape=Shape.LAST_YEAR), HIGH, MONTHLY, date(2020, 7, 1), adding=one)
        assert (found.aim, found.because.startswith("target not known")) == (None, True)
        assert rate(4, year_of(shape=Shape.LAST_YEAR), HIGH, found.aim) is Rating.TARGET_UNKNOWN


def test_target_that_rests_on_another_figure_is_that_figure():
    better = TargetTerms(None, rests_on=RestsOn.LAST_YEAR, is_strict=True)
    england = TargetTerms(None, 1, rests_on=RestsOn.COMPARATOR, group="england")
    found = meaning_of(better, LOW, MONTHLY, APRIL, basis=Basis(47, "last year’s figure, April 2019"))
    assert found == Meaning(Aim(None, 47, 0, is_strict=True), "last year’s figure, April 2019")
    assert meaning_of(england, HIGH, MONTHLY, APRIL, basis=Basis(31, "England, 2019-20")).aim == Aim(31, None, 1)
    missing = meaning_of(england, HIGH, MONTHLY, APRIL, basis=Basis(None, "England", "there is no figure of England"))
    assert missing == Meaning(None, "target not known: there is no figure of England")
    assert rate(30, england, HIGH, missing.aim) is Rating.TARGET_UNKNOWN


@pytest.mark.parametrize(
    ("terms", "polarity", "said"),
    [
        (TargetTerms(94), HIGH, "94"),
        (TargetTerms(94, sense=Sense.AT_LEAST), HIGH, "94"),
        (TargetTerms(12), CLOSE, "12"),
        (TargetTerms(12, sense=Sense.EXACTLY), CLOSE, "12"),
        (TargetTerms(12, sense=Sense.EXACTLY), HIGH, "exactly 12"),
        (BETWEEN, LOW, "10 to 14"),
        (year_of(), HIGH, "24 for the year"),
        (year_of(sense=Sense.BETWEEN, upper=36), HIGH, "24 to 36 for the year"),
        (TargetTerms(None), HIGH, "TBC"),
        (TargetTerms(None, rests_on=RestsOn.LAST_YEAR, is_strict=True), HIGH, "better than last year"),
        (
            TargetTerms(None, rests_on=RestsOn.COMPARATOR, group="england", group_name="England"),
            LOW,
            "as good as England",
        ),
    ],
)
def test_target_says_what_it_asks(terms, polarity, said):
    assert measure(polarity=polarity).terms_text(terms) == said


def test_target_that_rests_on_a_figure_shows_the_figure():
    terms, measured = TargetTerms(None, rests_on=RestsOn.LAST_YEAR, is_strict=True), measure(polarity=LOW)
    known = Meaning(Aim(None, 47, 0, is_strict=True), "last year’s figure, April 2019")
    assert measured.terms_text(terms, known) == "less than 47 (last year’s figure, April 2019)"
    assert measured.terms_text(terms, Meaning(None, "target not known: …")) == "better than last year, not known"


@pytest.mark.parametrize(
    ("value", "terms", "shown"),
    [
        (Fraction(996, 10), TargetTerms(100), "99.6%"),
        (Fraction(1404, 100), TargetTerms(10, sense=Sense.BETWEEN, upper=14), "14.04%"),
        (Fraction(996, 100), TargetTerms(10, sense=Sense.BETWEEN, upper=14), "9.96%"),
        (Fraction(1249, 100), TargetTerms(10, sense=Sense.BETWEEN, upper=14), "12%"),
        (Fraction(1604, 100), BETWEEN, "16.04%"),
    ],
)
def test_figure_has_the_decimals_that_tell_it_from_either_end(value, terms, shown):
    assert measure(Unit.PERCENTAGE).figure_text(Figure(value), terms) == shown


@pytest.mark.parametrize("steps", [1, 3, 5, 11, 13])
def test_steps_are_one_a_period_or_one_a_quarter(steps):
    assert steps_problem(steps, 12)
    assert not steps_problem(12, 12)
    assert not steps_problem(4, 12)
    assert bool(steps_problem(steps, 3)) == (steps != 3)


# Adding up


def test_totals_entered_become_each_periods_figure():
    entered = [Figure(value) for value in (3, 5, 5, 9, 9, 12, 15, 15, 20, 21, 22, 24, 4, 6)]
    months = [add_months(APRIL, count) for count in range(len(entered))]
    found = [figure.value for figure in per_period(entered, months, MONTHLY, 1)]
    assert found == [3, 2, 0, 4, 0, 3, 3, 0, 5, 1, 1, 2, 4, 2]


def test_total_after_a_blank_gives_the_periods_figure_together():
    awaited = Figure(None, Blank.AWAITED)
    entered = [Figure(3), awaited, awaited, Figure(9), Figure(10)]
    months = [add_months(APRIL, count) for count in range(5)]
    april, may, june, july, august = per_period(entered, months, MONTHLY, 1)
    assert (april.value, may, june, august.value) == (3, awaited, awaited, 1)
    assert (july.value, july.blank) == (None, Blank.NOT_AVAILABLE)
    assert july.note == "6 for May 2020, June 2020 and July 2020 together."
    assert [had_together(one) for one in (may, july, august)] == [None, Figure(6), None]


@pytest.mark.parametrize(
    ("note", "had"),
    [
        ("6 for May 2020 and June 2020 together.", Figure(6)),
        ("Late again. 1,204.5 for May 2020 and June 2020 together.", Figure(Fraction(2409, 2))),
        ("3 of 1,020 for May 2020 and June 2020 together.", Figure(3, numerator=3, denominator=1020)),
        ("They worked on 6 for May and June together with the police.", None),
        ("", None),
    ],
)
def test_what_periods_had_together_is_read_from_the_note(note, had):
    assert had_together(Figure(None, Blank.NOT_AVAILABLE, note=note)) == had
    assert had_together(Figure(6, note=note)) is None


def test_total_in_the_middle_of_a_year_without_those_before_has_no_figure_of_its_own():
    months = [date(2020, 6, 1), date(2020, 7, 1)]
    assert [figure.value for figure in per_period([Figure(7), Figure(9)], months, MONTHLY, 1)] == [None, 2]


def test_correction_is_a_negative_figure():
    months = [APRIL, date(2020, 5, 1)]
    assert [figure.value for figure in per_period([Figure(9), Figure(7)], months, MONTHLY, 1)] == [9, -2]


def test_parts_add_up_apart():
    entered = [quotient(8, 10, 100), quotient(17, 20, 100), quotient(17, 20, 100)]
    months = [add_months(APRIL, count) for count in range(3)]
    april, may, june = per_period(entered, months, MONTHLY, 100)
    assert [(one.numerator, one.denominator, one.value) for one in (april, may)] == [(8, 10, 80), (9, 10, 90)]
    assert (june.blank, june.numerator, june.denominator) == (Blank.NOT_APPLICABLE, 0, 0)


def test_total_is_not_known_while_a_period_has_no_figure():
    series = adding([Figure(2), Figure(None, Blank.AWAITED), Figure(2), Figure(None, Blank.NOT_APPLICABLE)], APRIL)
    assert [series.total(month).value for month in series.months] == [2, None, None, None]
    assert series.total(date(2020, 6, 1)).blank is Blank.AWAITED
    nothing = adding([Figure(2), Figure(None, Blank.NOT_APPLICABLE), Figure(3)], APRIL)
    assert nothing.total(date(2020, 6, 1)).value == 5


def test_what_a_period_had_over_nothing_adds_up_like_what_was_entered_so_far():
    # £100 for 4 cases, £40 for none, £60 for 1: £200 for 5 cases is £40 each, and the total so far was £35 in May.
    own = [quotient(100, 4, 1), quotient(40, 0, 1), quotient(60, 1, 1)]
    entered = [quotient(100, 4, 1), quotient(140, 4, 1), quotient(200, 5, 1)]
    by_period = adding(own, APRIL)
    so_far = adding(per_period(entered, by_period.months, MONTHLY, 1), APRIL, entered=entered)
    for series in (by_period, so_far):
        assert [series.total(month).value for month in series.months] == [25, 35, 40]
    # Nothing but £40 for no cases has no average, and says what there was.
    alone = adding(own[1:2], APRIL).total(APRIL)
    assert (alone.blank, alone.numerator, alone.denominator) == (Blank.NOT_APPLICABLE, 40, 0)


def test_total_that_was_entered_is_known_whatever_is_missing_before_it():
    entered = [Figure(2), Figure(None, Blank.AWAITED), Figure(7)]
    months = [add_months(APRIL, count) for count in range(3)]
    series = Adding(months, per_period(entered, months, MONTHLY, 1), MONTHLY, 1, entered)
    assert series.total(date(2020, 6, 1)).value == 7


@pytest.mark.parametrize(
    ("starts", "totals"),
    [(4, [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 66, 78]), (9, [1, 3, 6, 10, 15, 6, 13, 21, 30, 40, 51, 63])],
)
def test_each_year_begins_anew_in_its_own_month(starts, totals):
    series = adding([Figure(number) for number in range(1, 13)], APRIL, Periods(year_starts=starts))
    # Of a year from September, April to August 2020 stand alone, for the months before them are not kept.
    found = [series.total(month).value for month in series.months]
    known = totals if starts == 4 else [None] * 5 + totals[5:]
    assert found == known


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30), st.integers(1, 12), st.sampled_from(list(Frequency)))
def test_year_to_date_of_figures_is_their_sum_and_gives_them_back(values, starts, frequency):
    periods = Periods(frequency, starts)
    first = periods.due_in_year(2018)[0]
    due = [first]
    while len(due) < len(values):
        due.append(periods.following(due[-1]))
    months = [
        add_months(first, count) for count in range((due[-1].year - first.year) * 12 + due[-1].month - first.month + 1)
    ]
    own = dict(zip(due, map(Figure, values), strict=True))
    series = adding([own.get(month, NO_RECORD) for month in months], first, periods)
    totals = [series.total(month) if month in own else NO_RECORD for month in months]
    for month in due:
        assert series.total(month).value == sum(
            own[one].value for one in due if one <= month and periods.year(one) == periods.year(month)
        )
    back = per_period(totals, months, periods, 1)
    assert [figure.value for figure, month in zip(back, months, strict=True) if month in own] == values


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=24))
def test_totals_of_parts_give_the_parts_back(pairs):
    figures = [quotient(min(pair), max(pair), 100) for pair in pairs]
    months = [add_months(APRIL, count) for count in range(len(pairs))]
    entered, top, bottom = [], 0, 0
    for month, pair in zip(months, pairs, strict=True):
        if month.month == 4:
            top = bottom = 0
        top, bottom = top + min(pair), bottom + max(pair)
        entered.append(quotient(top, bottom, 100))
    assert per_period(entered, months, MONTHLY, 100) == figures
