"""The charts for small numbers against published examples and calculations by hand."""

from fractions import Fraction

import pytest

from indicators.calculations.spc import Assurance, Improvement, Variation, count_chart, gap_chart, share_chart
from indicators.calculations.spc.small_numbers import root, zones_by_squares

# Surface defects on 25 steel plates: Montgomery, Introduction to Statistical Quality Control, exercise on c-charts.
STEEL_PLATES = [1, 0, 4, 3, 1, 2, 5, 0, 2, 1, 1, 0, 8, 0, 2, 1, 3, 5, 4, 6, 3, 1, 0, 2, 4]
# Bruised peaches by shipment, in crates of 250: Pyzdek and Keller, The Handbook for Quality Management, table 9.6.
BRUISED = [47, 42, 55, 51, 46, 61, 39, 44, 41, 51, 88, 101, 101, 40, 48, 47, 50, 48, 57, 45, 43, 105, 98, 100, 96]
CRATES = [2 if bruised > 80 else 1 for bruised in BRUISED]
# Defectives in ten samples of 200: An Introduction to Business Statistics, example 16.6.
OF_200 = [40, 44, 22, 34, 24, 32, 28, 32, 34, 30]


def counted(counts, improvement=Improvement.NEUTRAL, **options):
    return count_chart(counts, improvement=improvement, **options)


def shared(shares, improvement=Improvement.NEUTRAL, **options):
    return share_chart(shares, improvement=improvement, **options)


def gapped(counts, improvement=Improvement.NEUTRAL):
    return gap_chart(counts, improvement=improvement)


def causes(result):
    return [point.special_cause for point in result.points]


def test_count_chart_of_the_steel_plates():
    found = counted(STEEL_PLATES)
    point = found.points[12]
    assert point.mean == Fraction(236, 100)
    assert (point.lower_limit, float(point.upper_limit)) == (0, pytest.approx(6.9687, abs=1e-4))
    assert point.special_cause == "above_limit"
    assert causes(found).count("above_limit") == 1


def test_count_chart_of_spills():
    # Six spills in 48 months: Wheeler, Working with Rare Events, Quality Digest 2011.
    point = counted([1, 0, 0, 0, 0, 0, 0, 0] * 6).points[0]
    assert (point.mean, float(point.upper_limit)) == (Fraction(1, 8), pytest.approx(1.186, abs=5e-4))


def test_count_chart_calculated_by_hand():
    # Mean 9, square root 3.
    assert counted([8, 10, 9]).points[-1][1:6] == (9, 0, 18, 3, 15)


@pytest.mark.parametrize(
    ("latest", "cause"),
    [
        pytest.param(18, "none", id="on the limit"),
        pytest.param(19, "above_limit", id="above it"),
    ],
)
def test_count_on_the_limit_is_usual(latest, cause):
    # Together with its opposite the latest leaves the mean at 9.
    assert causes(counted([18 - latest + 9, 0, 9, 9, latest]))[-1] == cause


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, "L"),
        (4, "l"),
        (7, "l"),
        (8, "d"),
        (15, "d"),
        (16, "m"),
        (17, "u"),
        (24, "u"),
        (25, "h"),
        (28, "h"),
        (29, "H"),
    ],
)
def test_zone_by_squares(value, expected):
    # Mean 16, variance 16: limits 4 and 28, near limits 8 and 24.
    assert zones_by_squares([value - 16, None], [16, 16]) == f"{expected}."


def test_count_chart_has_the_rules_of_the_xmr_chart():
    # Mean 4: limits 0 and 10, near limits 0 and 8.
    assert causes(counted([1, 2, 3, 4, 5, 6, 7]))[-1] == "rising"
    assert causes(counted([5, 3] * 4 + [9, 5, 9, 1, 1, 1, 1, 4, 5]))[8:11] == ["near_upper", "none", "near_upper"]
    assert causes(counted([5] * 7 + [3] * 7)) == ["run_above"] * 7 + ["run_below"] * 7


def test_blanks_are_left_out_of_a_count_chart():
    found = counted([8, None, 10, 9, None])
    assert [point.value for point in found.points] == [8, None, 10, 9, None]
    assert {point.mean for point in found.points} == {9}
    assert found.trial


@pytest.mark.parametrize("counts", [[], [None, None]], ids=["no months", "only blanks"])
def test_a_count_chart_without_figures_has_no_limits(counts):
    found = counted(counts, target=5)
    assert (found.has_limits, found.variation, found.trial) == (False, Variation.COMMON_CAUSE, True)


def test_count_chart_is_seen_through_the_better_way():
    found = count_chart([9, 9, 9, 0, 18, 27], improvement=Improvement.DECREASE, target=30)
    assert (found.variation, found.assurance) == (Variation.CONCERN_HIGH, Assurance.PASS)


def test_share_chart_of_the_peaches():
    shares = [(bruised, 250 * crates) for bruised, crates in zip(BRUISED, CRATES, strict=True)]
    found = shared(shares)
    assert {point.mean for point in found.points} == {Fraction(193, 10)}
    one, two = found.points[0], found.points[10]
    # 19.3 -/+ 3 * √(19.3 * 80.7 / 250 or 500)
    assert [float(one.lower_limit), float(one.upper_limit)] == pytest.approx([11.812, 26.788], abs=1e-3)
    assert [float(two.lower_limit), float(two.upper_limit)] == pytest.approx([14.005, 24.595], abs=1e-3)
    assert not {"above_limit", "below_limit"} & set(causes(found))


def test_share_chart_of_equal_samples():
    point = shared([(defective, 200) for defective in OF_200]).points[0]
    assert point.mean == 16
    assert [float(point.lower_limit), float(point.upper_limit)] == pytest.approx([8.22, 23.78], abs=5e-3)


def test_share_chart_calculated_by_hand():
    # 50% of all; √(50 * 50 / 25) = 10 and √(50 * 50 / 100) = 5.
    points = shared([(12, 25), (13, 25), (50, 100)]).points
    assert points[0][:6] == (48, 50, 20, 80, 30, 70)
    assert points[2][:6] == (50, 50, 35, 65, 40, 60)


def test_each_month_is_judged_by_its_own_limits():
    # Half of all. 34% and 66% are usual of 50, with limits 21.2 away, but not of 100, with limits 15 away.
    found = causes(shared([(17, 50), (33, 50), (34, 100), (66, 100)]))
    assert found == ["none", "none", "below_limit", "above_limit"]


def test_limits_of_shares_stay_within_0_and_100():
    # 90% of all, √(90 * 10 / 4) = 15.
    points = shared([(4, 4), (3, 4), (4, 4), (4, 4), (4, 4), (4, 4), (4, 4), (4, 4), (3, 4), (2, 4)]).points
    assert points[0][1:6] == (90, 45, 100, 60, 100)
    assert shared([(0, 4), (1, 4), (0, 4), (0, 4), (1, 4)]).points[0][1:4] == (10, 0, 55)


def test_shares_of_different_weight_make_no_trend():
    assert "rising" not in causes(shared([(place, 100 + place % 2) for place in range(40, 50)]))


def test_shares_on_one_side_are_a_run():
    assert causes(shared([(6, 10)] * 7 + [(4, 10)] * 7)) == ["run_above"] * 7 + ["run_below"] * 7


def test_a_blank_share_has_the_mean_but_no_limits():
    points = shared([(12, 25), None, (13, 25)]).points
    assert points[1][:6] == (None, 50, None, None, None, None)


def test_a_target_is_compared_with_the_latest_share_that_has_limits():
    found = share_chart([(12, 25), (13, 25), None], improvement=Improvement.INCREASE, target=81)
    assert (found.has_limits, found.assurance) == (True, Assurance.FAIL)


@pytest.mark.parametrize("shares", [[], [None]], ids=["no months", "only blanks"])
def test_a_share_chart_without_figures_has_no_limits(shares):
    assert not shared(shares).has_limits


@pytest.mark.parametrize(
    ("counts", "gaps"),
    [
        pytest.param([1, 0, 0, 1, 1, 0, 1], [2, 0, 1], id="between cases"),
        pytest.param([0, 0, 1, 0, 1], [1], id="months before the first case are no gap"),
        pytest.param([1, 0, 1, 0, 0, 0], [1, 3], id="the latest gap is still open"),
        pytest.param([1, None, 0, 1, 0, 1], [None, 1], id="a blank leaves the gap unknown"),
        pytest.param([1, 0, 1, 0, None], [1, None], id="a blank in the open gap"),
        pytest.param([0, 0, 0], [], id="no case"),
        pytest.param([], [], id="no months"),
        pytest.param([0, 1], [], id="one case, just now"),
        pytest.param([1, 0], [1], id="one case, and an open gap"),
    ],
)
def test_gaps_are_the_months_without_a_case(counts, gaps):
    assert [point.value for point in gapped(counts).points] == gaps


def test_gap_chart_calculated_by_hand():
    # Gaps of 0, 0 and 1: mean 1/3, √(1/3 * 4/3) = 2/3, so the limit is 1/3 + 3 * 2/3.
    assert gapped([1, 1, 1, 0, 1]).points[-1][1:6] == (Fraction(1, 3), None, Fraction(7, 3), None, None)


@pytest.mark.parametrize(("months", "cause"), [(2, "none"), (3, "above_limit")], ids=["within the limit", "beyond it"])
def test_an_open_gap_is_unusual_as_soon_as_it_is_beyond_the_limit(months, cause):
    found = gapped([1, 1, 1, 0, 1] + [0] * months)
    assert (found.points[-1].special_cause, found.points[-1].mean) == (cause, Fraction(1, 3))


def test_a_closed_gap_counts_towards_the_mean():
    # 0, 0, 1 and 3: mean 1.
    assert gapped([1, 1, 1, 0, 1, 0, 0, 0, 1]).points[-1].mean == 1


@pytest.mark.parametrize(
    ("improvement", "variation"),
    [
        (Improvement.DECREASE, Variation.IMPROVEMENT_HIGH),
        (Improvement.INCREASE, Variation.CONCERN_HIGH),
        (Improvement.NEUTRAL, Variation.NEUTRAL_HIGH),
    ],
)
def test_a_long_gap_is_good_where_fewer_cases_are(improvement, variation):
    assert gapped([1, 1, 1, 0, 1, 0, 0, 0], improvement).variation is variation


def test_limits_on_fewer_than_13_gaps_are_on_trial():
    assert gapped([1, 0] * 12 + [1]).trial
    assert not gapped([1, 0] * 13 + [1]).trial


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param(Fraction(0), 0, id="nothing"),
        pytest.param(Fraction(9), 3, id="a square"),
        pytest.param(Fraction(4, 9), Fraction(2, 3), id="a fraction of squares"),
        pytest.param(Fraction(8, 18), Fraction(2, 3), id="one that can be reduced"),
        pytest.param(Fraction(2), Fraction(1414213562373, 10**12), id="cut off after twelve decimals"),
    ],
)
def test_square_root(number, expected):
    assert root(number) == expected
