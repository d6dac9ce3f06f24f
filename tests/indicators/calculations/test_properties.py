"""What holds for every figure, not only for the examples."""

from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from indicators.calculations.averages import summarise
from indicators.calculations.change import change
from indicators.calculations.exact import exact
from indicators.calculations.figures import Figure, derive, quotient
from indicators.calculations.formatting import format_change, format_figure, format_number, format_value
from indicators.calculations.rating import TargetTerms, rate
from indicators.calculations.vocabulary import Assessment, Blank, Polarity, Rating, Unit

counts = st.integers(0, 10_000)
figures = counts | st.fractions(0, 10_000, max_denominator=60_000)
signed = st.integers(-10_000, 10_000) | st.fractions(-10_000, 10_000, max_denominator=2_000)
factors = st.fractions(Fraction(1, 1000), 1000, max_denominator=1000).filter(bool)
months = st.lists(st.none() | figures, max_size=12)
blanks = st.sampled_from(Blank).map(lambda blank: Figure(None, blank))
known = figures.map(Figure)
places = st.integers(0, 4)
MIRRORED = {Assessment.BETTER: Assessment.WORSE, Assessment.WORSE: Assessment.BETTER}


@given(figures, figures, factors, st.sampled_from(Polarity), st.none() | figures)
def test_change_ignores_the_scale(later, earlier, factor, polarity, target):
    scaled_target = None if target is None else target * factor
    scaled = change(later * factor, earlier * factor, polarity, scaled_target)
    assert scaled == change(later, earlier, polarity, target)


@given(months, factors)
def test_summary_scales_with_its_values(values, factor):
    plain = summarise(values)
    scaled = summarise([None if value is None else value * factor for value in values])
    expected = [None if value is None else value * factor for value in plain[:2]]
    assert [*scaled] == [*expected, *plain[2:]]


@given(figures, figures)
def test_assessment_is_mirrored_by_the_polarity(later, earlier):
    high = change(later, earlier, Polarity.HIGH).assessment
    assert change(later, earlier, Polarity.LOW).assessment is MIRRORED.get(high, high)


@given(figures, figures)
def test_change_there_and_back_swaps_better_and_worse_unless_near_level(one, other):
    there = change(one, other, Polarity.HIGH).assessment
    back = change(other, one, Polarity.HIGH).assessment
    assume(Assessment.NO_CHANGE not in (there, back))
    assert back is MIRRORED[there]


@given(figures, figures, st.sampled_from(Polarity))
def test_movement_is_level_exactly_when_0_per_cent_is_printed(later, earlier, polarity):
    assume(earlier)
    found = change(later, earlier, polarity)
    assert (found.movement == "level") == (format_change(found.relative) == "0%")


@given(months)
def test_blank_never_enters_an_average(values):
    without = summarise([value for value in values if value is not None])
    assert summarise(values)[:3] == without[:3]


@given(months)
def test_mean_lies_between_lowest_and_highest(values):
    figures_known = [value for value in values if value is not None]
    assume(figures_known)
    assert min(figures_known) <= summarise(values).mean <= summarise(values).maximum == max(figures_known)


@given(blanks, st.sampled_from(Unit), places)
def test_blank_never_prints_a_digit(figure, unit, decimal_places):
    assert not any(character.isdigit() for character in format_figure(figure, unit, decimal_places))


@given(st.lists(known, max_size=3), st.lists(known, max_size=3), blanks, st.data())
def test_derive_with_any_blank_part_is_blank(numerators, denominators, blank, data):
    side = data.draw(st.sampled_from([numerators, denominators]))
    side.insert(data.draw(st.integers(0, len(side))), blank)
    found = derive(numerators, denominators, 100)
    assert (found.value, found.blank is not None) == (None, True)


@given(st.lists(known, min_size=1, max_size=3), st.lists(known, min_size=1, max_size=3), factors)
def test_derived_ratio_ignores_the_scale_of_its_parts(numerators, denominators, factor):
    scaled = [[Figure(part.value * factor) for part in side] for side in (numerators, denominators)]
    plain = derive(numerators, denominators, 100)
    assert derive(*scaled, 100)[:2] == plain[:2]


@given(counts, counts)
def test_quotient_of_a_part_is_within_100_per_cent(one, other):
    part, whole = sorted((one, other))
    figure = quotient(part, whole, 100)
    assert figure.blank is Blank.NOT_APPLICABLE if whole == 0 else 0 <= figure.value <= 100


@given(signed, places)
def test_format_number_is_symmetric(value, decimal_places):
    text, mirrored = format_number(value, decimal_places), format_number(-value, decimal_places)
    assert mirrored in (text, f"-{text}", text.removeprefix("-"))
    assert (text == mirrored) == (not text.strip("0.,"))


@given(signed, places)
def test_format_number_never_prints_minus_0(value, decimal_places):
    text = format_number(value, decimal_places)
    assert not text.startswith("-") or text.strip("-0.,")


@given(signed, places)
def test_format_number_is_the_nearest_and_half_away_from_zero(value, decimal_places):
    printed = Fraction(format_number(value, decimal_places).replace(",", ""))
    half = Fraction(1, 2 * 10**decimal_places)
    assert abs(printed - value) <= half
    assert abs(printed - value) < half or abs(printed) > abs(value)


@given(signed, places)
def test_format_number_has_the_places_asked_for(value, decimal_places):
    _, point, decimals = format_number(value, decimal_places).partition(".")
    assert (bool(point), len(decimals)) == (decimal_places > 0, decimal_places)


@given(figures, st.sampled_from(Unit), places)
def test_format_value_prints_0_only_for_none(value, unit, decimal_places):
    text = format_value(value, unit, decimal_places)
    assert (not any(one in "123456789[" for one in text)) == (value == 0)


@given(st.decimals(0, 10**12 - 1, places=6))
def test_exact_is_the_number_itself(number):
    assert exact(number) == Fraction(number)


@given(st.decimals(0, 10**9 - 1, places=6))
def test_exact_takes_a_float_as_the_decimal_it_prints_as(number):
    assert exact(float(number)) == Fraction(number)


@given(figures, figures, figures)
def test_rating_mirrors_with_the_polarity(value, target, tolerance):
    high = rate(-value, TargetTerms(-target, tolerance), Polarity.HIGH)
    assert rate(value, TargetTerms(target, tolerance), Polarity.LOW) is high


@given(figures, figures, figures)
def test_rating_close_to_target_is_the_worse_of_both_sides(value, target, tolerance):
    order = [Rating.GREEN, Rating.AMBER, Rating.RED]
    sides = [rate(value, TargetTerms(target, tolerance), side) for side in (Polarity.HIGH, Polarity.LOW)]
    assert rate(value, TargetTerms(target, tolerance), Polarity.TARGET) is max(sides, key=order.index)
