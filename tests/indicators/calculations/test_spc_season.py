"""The usual shape of the year: worked out by hand on small series, what it is not worked out from, and how it errs."""

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from indicators.calculations.figures import Figure
from indicators.calculations.spc import Chart, Improvement, SpecialCause, analyse, draw_chart
from indicators.calculations.spc.season import ONE, USUALLY_NONE, shape_of_the_year
from indicators.calculations.vocabulary import Unit

UP = Improvement.INCREASE
QUARTERS = (6, 4)
# Three years of quarters, always 8, 12, 11 and 9: the year around each of them averages 10.
STEADY = [8, 12, 11, 9] * 3


def factors(values, season=QUARTERS, bounds=None):
    shape = shape_of_the_year(values, bounds or [(0, len(values))], season)
    assert shape.is_known, shape.because
    return [None if factor is None else Fraction(factor, ONE) for factor in shape.factors]


def cut(found, exactly):
    """Whether it is so, cut off after 18 decimals."""
    return 0 <= exactly - found < Fraction(3, ONE)


def test_factors_of_a_steady_year_by_hand():
    # (8/2 + 12 + 11 + 9 + 8/2) / 4 = 10, and so at every other place.
    assert factors(STEADY) == [Fraction(8, 10), Fraction(12, 10), Fraction(11, 10), Fraction(9, 10)] * 3


def test_the_judged_point_is_left_out_by_hand():
    # The last is 18 in place of 9. It is in one centred average: (11/2 + 9 + 8 + 12 + 11/2) / 4 = 10 at place 8,
    # (9/2 + 8 + 12 + 11 + 18/2) / 4 = 89/8 at place 9, which also stands for places 10 and 11.
    values = [*STEADY[:-1], 18]
    found = factors(values)
    # 9/10 of the two other years, whatever the judged one is.
    assert found[11] == Fraction(9, 10)
    # The other last quarters: 9/10 and 18 / (89/8) = 144/89, cut off after 18 decimals.
    assert cut(found[3], (Fraction(9, 10) + Fraction(144, 89)) / 2)
    # The second quarters: 12/10 and 12 / (89/8) = 96/89.
    assert cut(found[1], (Fraction(12, 10) + Fraction(96, 89)) / 2)


def test_terms_average_three_and_half_years_two_by_hand():
    # Three terms of 6, 9 and 15 average 10; no end is halved.
    assert factors([6, 9, 15] * 3, (4, 3)) == [Fraction(6, 10), Fraction(9, 10), Fraction(15, 10)] * 3
    # (8/2 + 12 + 8/2) / 2 = 10.
    assert factors([8, 12] * 3, (4, 2)) == [Fraction(8, 10), Fraction(12, 10)] * 3


def test_a_blank_is_left_out_of_the_averages_and_of_the_factors_by_hand():
    # Four years of months at 10, but 5 in the first of each; one is blank, a year and a half in.
    year = [5, *[10] * 11]
    values = [*year, *year[:6], None, *year[7:], *year, *year]
    found = factors(values, (8, 12))
    # The year around any month is 5 + 11 times 10. Around the third year's first month it begins with the blank, which
    # would count half: without it there are 220 of 230 halves, which weigh 23 of 24.
    full = Fraction(120 - 5, 12)
    assert cut(found[18], 10 / full)
    third = Fraction(2 * 115 - 10, 23)
    assert cut(found[12], (5 / full + 5 / third + 5 / full) / 3)


def test_a_rebase_begins_new_averages_and_keeps_the_shape():
    # From place 16 on ten times as many are counted: each ratio is to figures that are counted alike.
    values = [8, 12, 11, 9] * 4 + [80, 120, 110, 90] * 2
    assert factors(values, bounds=[(0, 16), (16, 24)]) == [
        Fraction(8, 10), Fraction(12, 10), Fraction(11, 10), Fraction(9, 10),
    ] * 6  # fmt: skip
    result = analyse(values, improvement=UP, season=QUARTERS, rebase_at=[16])
    assert result.is_seasonal
    assert [point.mean for point in result.points[14:18]] == [11, 9, 80, 120]


def test_mean_and_limits_follow_the_year_in_the_indicators_unit():
    values = [8, 12, 11, 9, 8, 12, 11, 9, 8, 12, 11, 9, 9]
    latest = analyse(values, improvement=UP, season=QUARTERS).points[-1]
    # All but it are 10 with the season taken out, or nearly: it is in the averages around them. It is 9 / 0.8 = 11.25.
    assert latest.value == 9
    assert latest.special_cause == SpecialCause.ABOVE_LIMIT
    assert 8 < latest.mean < latest.upper_limit < 9


SHORT, NEGATIVE, ZERO = "fewer than three years", "below 0", "nearly all of its figures are 0"
AUGUST = [100] * 7 + [0] + [100] * 4


def noisy(years, low=95, high=105, seed=1):
    rng = Random(seed)  # noqa: S311
    return [rng.randint(low, high) - (25 if month == 7 else 0) for _ in range(years) for month in range(12)]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (noisy(3)[:35], SHORT),
        ([*noisy(3)[:35], None], SHORT),
        ([None] * 40, SHORT),
        ([], SHORT),
        ([*noisy(4)[:47], -1], NEGATIVE),
        ([0] * 48, ZERO),
        # The latest month is blank in every other year.
        ([None if place in (5, 17, 29) else value for place, value in enumerate(noisy(4)[:42])], SHORT),
    ],
    ids=["35 months", "a blank too many", "blank", "empty", "negative", "zeros", "the season is blank"],
)
def test_without_enough_it_is_judged_without_the_season_and_says_so(values, told):
    result = analyse(values, improvement=UP, season=(1, 12))
    plain = analyse(values, improvement=UP)
    assert told in result.not_seasonal_because
    assert not result.is_seasonal
    assert (result.points, result.cause) == (plain.points, plain.cause)
    assert plain.not_seasonal_because == ""


@pytest.mark.parametrize("season", [(0, 12), (13, 12), (1, 1), (1, 13)])
def test_no_season(season):
    with pytest.raises(ValueError, match="calendar month of the first value"):
        analyse(noisy(4), improvement=UP, season=season)


def test_three_years_are_enough():
    assert analyse(noisy(3), improvement=UP, season=(1, 12)).is_seasonal


def test_month_in_which_there_usually_are_none_is_not_judged():
    values = [value for year in range(4) for value in [*noisy(1, seed=year)[:7], 0, *noisy(1, seed=9 + year)[8:]]]
    for latest in (0, 7):
        result = analyse([*values, *values[:7], latest], improvement=UP, season=(1, 12))
        assert (result.points[-1].value, result.points[-1].mean, result.cause) == (latest, None, SpecialCause.NONE)
    assert USUALLY_NONE


def test_numbers_of_any_kind_are_judged_alike():
    values = [*noisy(4), 130]
    kinds = [values, [float(one) for one in values], [Decimal(one) / 10 for one in values]]
    kinds += [[Fraction(one, 7) for one in values], [one * 10**6 for one in values]]
    causes = [[one.special_cause for one in analyse(kind, improvement=UP, season=(1, 12)).points] for kind in kinds]
    assert all(one == causes[0] for one in causes)
    assert causes[0][-1] == SpecialCause.ABOVE_LIMIT


def test_target_is_judged_beside_the_months_own_limits():
    # In August 75 is usual: a target of 85 will be missed then, and met in any other month.
    values = noisy(5, 99, 101)
    in_july, in_august = values[:55], values[:56]
    assert analyse(in_august, improvement=UP, season=(1, 12), target=85).assurance == "fail"
    assert analyse(in_july, improvement=UP, season=(1, 12), target=85).assurance == "pass"


def test_a_fixed_baseline_of_three_years_has_a_shape_of_its_own():
    before = noisy(3)
    # Afterwards there is no dip in August any more, which is no part of the shape of these three years.
    result = analyse([*before, *noisy(1, seed=4)[:7], 100], improvement=UP, season=(1, 12), fix_after=36)
    assert (result.is_seasonal, result.cause) == (True, SpecialCause.ABOVE_LIMIT)
    # Nothing that comes later changes what is usual.
    longer = analyse([*before, *noisy(1, 200, 300)], improvement=UP, season=(1, 12), fix_after=36)
    assert [point[1:4] for point in longer.points[36:44]] == [point[1:4] for point in result.points[36:]]
    # A baseline of a year has no shape of its own: that of all figures is taken, and mean and limits are its own.
    short = analyse([*before, *noisy(1, seed=4)], improvement=UP, season=(1, 12), fix_after=12)
    assert short.is_seasonal
    assert short.trial


@pytest.mark.parametrize(
    ("counts", "chart"),
    [([2, 2, 3] * 16, Chart.C), ([0, 0, 1, 0, 0, 0] * 8, Chart.G)],
    ids=["c", "g"],
)
def test_season_is_not_offered_for_small_numbers(counts, chart):
    figures = [Figure(count) for count in counts]
    choice, result = draw_chart(figures, Unit.COUNT, improvement=UP, season=(1, 12))
    assert choice.chart is chart
    assert "numbers as small as these" in result.not_seasonal_because
    assert not result.is_seasonal


# How often it errs. The same description as in docs/methods.md, with fixed seeds.


def august_dips(count, seed, months=49):
    """Series that begin and end in a November, with a dip in August of 20 to 30% and noise of 5%."""
    rng = Random(seed)  # noqa: S311
    for _ in range(count):
        level, dip = rng.uniform(50, 2000), rng.uniform(0.2, 0.3)
        usual = [level * (1 - dip if place % 12 == 9 else 1) for place in range(months)]
        yield [round(1000 * figure * rng.gauss(1, 0.05)) for figure in usual]


def share_found(series, **asked):
    found = [analyse(values, improvement=UP, **asked).cause is not SpecialCause.NONE for values in series]
    return sum(found) / len(found)


def test_a_rise_of_15_per_cent_in_november_is_found():
    stable = list(august_dips(600, seed=2026))
    risen = [[*values[:-1], round(values[-1] * 1.15)] for values in stable]
    assert share_found(risen, season=(11, 12)) >= 0.4
    assert share_found(stable, season=(11, 12)) <= 0.025
    # Without the season the dip widens the limits so far that half of these are missed.
    assert share_found(risen) <= 0.25


def test_a_lasting_fall_of_15_per_cent_is_found_with_a_fixed_baseline():
    stable = list(august_dips(600, seed=2027))
    fallen = [[*values[:-12], *(round(value * 0.85) for value in values[-12:])] for values in stable]
    asked = {"season": (11, 12), "fix_after": 37}
    assert share_found(fallen, **asked) >= 0.8
    assert share_found(stable, **asked) <= 0.02
