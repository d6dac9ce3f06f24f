"""Fact sentences, word for word: each unit and each corner where grammar or sense could go wrong."""

from datetime import date
from fractions import Fraction

import pytest

from commentary.facts import fact_sentences
from indicators.calculations.figures import Figure
from indicators.calculations.rating import TargetTerms
from indicators.calculations.spc import Chart, Variation
from indicators.calculations.vocabulary import Blank, Frequency, OnBasis, Polarity, Stage, Unit
from tests.commentary.lines import make_line
from tests.scorecard.report.rows import CORE_CITIES, ENGLAND, REGION, SN, make_signal

PERCENTAGE, RATE = {"unit": Unit.PERCENTAGE}, {"unit": Unit.RATE_10000}
QUARTERLY = {"frequency": Frequency.QUARTERLY}
# Contacts of January 2020 to January 2021, as published from August on.
CONTACTS = [1420, 1390, 1310, 980, 1110, 1330, 1417, 1343, 1607, 1555, 1787, 1507, 1464]


def main(figures, **fields):
    return fact_sentences(make_line(figures, **fields))[0]


def test_sentence_of_a_count_with_all_that_is_known():
    assert main(CONTACTS, signal=make_signal(Variation.COMMON_CAUSE)) == (
        "1,464 in January, 3% fewer than in December and 3% more than a year before; 5% above the 12-month average; "
        "within usual variation; highest of the last six months was 1,787 in November."
    )


@pytest.mark.parametrize(
    ("figures", "fields", "expected"),
    [
        pytest.param([100, 150], {}, "150 in January, 50% more than in December", id="count, more"),
        pytest.param([200, 150], {}, "150 in January, 25% fewer than in December", id="count, fewer"),
        pytest.param([1, 5], {}, "5 in January, 4 more than in December", id="small count, in numbers"),
        pytest.param([19, 18], {}, "18 in January, 1 fewer than in December", id="small count, by one"),
        pytest.param([20, 21], {}, "21 in January, 5% more than in December", id="no small count any more"),
        pytest.param([4, 0], {}, "None in January, down from 4 in December", id="count, to none"),
        pytest.param([0, 4], {}, "4 in January, up from none in December", id="count, from none"),
        pytest.param([0, 0], {}, "None in January, level with December", id="count, none twice"),
        pytest.param([7, 7], {}, "7 in January, level with December", id="count, the same"),
        pytest.param(
            [399, 400], {}, "400 in January, little changed from 399 in December", id="count, almost the same"
        ),
        pytest.param(
            [Fraction(100, 12), Fraction(500, 14)],
            PERCENTAGE,
            "36% in January, up 28 percentage points from 8% in December",
            id="percentage, between the displayed figures",
        ),
        pytest.param(
            [84, 83],
            PERCENTAGE,
            "83% in January, down 1 percentage point from 84% in December",
            id="percentage, one point",
        ),
        pytest.param(
            [Fraction(31, 10), Fraction(33, 10)],
            PERCENTAGE,
            "3% in January, up less than 1 percentage point from 3% in December",
            id="percentage, less than it shows",
        ),
        pytest.param(
            [0, 7],
            PERCENTAGE,
            "7% in January, up 7 percentage points from 0% in December",
            id="percentage, from nothing",
        ),
        pytest.param(
            [7, 0],
            PERCENTAGE,
            "0% in January, down 7 percentage points from 7% in December",
            id="percentage, to nothing",
        ),
        pytest.param([97, 97], PERCENTAGE, "97% in January, level with December", id="percentage, the same"),
        pytest.param(
            [Fraction(966, 10), Fraction(963, 10)],
            PERCENTAGE,
            "96% in January, little changed from 97% in December",
            id="percentage, level though it shows a point",
        ),
        pytest.param(
            [Fraction(834, 10), Fraction(841, 10)],
            {**PERCENTAGE, "decimal_places": 1},
            "84.1% in January, up 0.7 percentage points from 83.4% in December",
            id="percentage, with decimals",
        ),
        pytest.param(
            [Fraction(834, 10), Fraction(844, 10)],
            {**PERCENTAGE, "decimal_places": 1},
            "84.4% in January, up 1.0 percentage points from 83.4% in December",
            id="percentage, exactly one with decimals",
        ),
        pytest.param(
            [Fraction(3, 10), 4],
            PERCENTAGE,
            "4% in January, up 4 percentage points from less than 0.5% in December",
            id="percentage, from one that rounds to nothing",
        ),
        pytest.param([69, 53], RATE, "53 per 10,000 in January, 23% lower than in December", id="rate, lower"),
        pytest.param([40, 50], RATE, "50 per 10,000 in January, 25% higher than in December", id="rate, higher"),
        pytest.param(
            [0, 3], RATE, "3 per 10,000 in January, up from 0 per 10,000 in December", id="rate, from nothing"
        ),
        pytest.param(
            [Fraction(2, 10), 0],
            {"unit": Unit.RATE_100000},
            "0 per 100,000 in January, down from less than 0.5 per 100,000 in December",
            id="rate, from one that rounds to nothing",
        ),
        pytest.param(
            [5], {}, "5 in January, the first figure, so there is nothing to compare it with", id="first month"
        ),
        pytest.param(
            [5, None, 7],
            {},
            "7 in January, with no figure for December or a year before to compare it with",
            id="nothing to compare with, though there are figures",
        ),
        pytest.param([20, *[None] * 11, 30], {}, "30 in January, 50% more than a year before", id="only a year before"),
        pytest.param(
            [Figure(30, None, Stage.PROVISIONAL)],
            {},
            "30 in January (provisional), the first figure, so there is nothing to compare it with",
            id="provisional",
        ),
    ],
)
def test_sentence_begins_with_figure_and_changes(figures, fields, expected):
    assert main(figures, **fields).rstrip(".").split("; ")[0] == expected


@pytest.mark.parametrize(
    ("figures", "fields", "expected"),
    [
        pytest.param([20] * 12 + [30], {}, "44% above the 12-month average", id="above"),
        pytest.param([40] * 12 + [20], {}, "48% below the 12-month average", id="below"),
        pytest.param([30] * 13, {}, "level with the 12-month average", id="level"),
        pytest.param([1000] * 12 + [1004], {}, "close to the 12-month average of 1,000", id="close"),
        pytest.param([2] * 12 + [5], {}, "above the 12-month average of 2", id="small count"),
        pytest.param(
            [10] * 12 + [34], PERCENTAGE, "22 percentage points above the 12-month average of 12%", id="percentage"
        ),
        pytest.param([20, 30], {}, "20% above the 12-month average (2 of 12 months)", id="two months"),
    ],
)
def test_average_is_said(figures, fields, expected):
    assert main(figures, **fields).rstrip(".").split("; ")[1] == expected


def test_average_of_the_figure_alone_is_not_said():
    assert "average" not in main([30])


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        pytest.param([1, 2, 3, 4, 5, 6], "the highest of the last six months", id="highest"),
        pytest.param([6, 5, 4, 3, 2, 1], "the lowest of the last six months", id="lowest"),
        pytest.param([1, 9, 3, 9, 5, 6], "highest of the last six months was 9 in September and November", id="tie"),
        pytest.param([99, 1, 2, 3, 4, 5, 6], "the highest of the last six months", id="an older one does not count"),
        pytest.param([1, 9, 3, 4, 5, 9], None, id="as high as the highest"),
        pytest.param([3, 3, 3, 3, 3, 3], None, id="all the same"),
        pytest.param([5, 6], None, id="too few to say"),
    ],
)
def test_extreme_is_said(figures, expected):
    said = [part for part in main(figures).rstrip(".").split("; ") if "last six months" in part]
    assert said == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("signal", "expected"),
    [
        pytest.param({}, "; within usual variation", id="usual"),
        pytest.param({"variation": Variation.CONCERN_HIGH}, "; higher than usual variation explains", id="concern"),
        pytest.param({"variation": Variation.IMPROVEMENT_LOW}, "; lower than usual variation explains", id="better"),
        pytest.param({"variation": Variation.NEUTRAL_HIGH}, "; higher than usual variation explains", id="not judged"),
        pytest.param({"variation": None}, None, id="no signal"),
        pytest.param({"trial": True}, None, id="limits that still move"),
        pytest.param({"chart": Chart.G}, None, id="gaps between cases"),
    ],
)
def test_variation_is_said_where_it_is_about_the_figure(signal, expected):
    sentence = main([5, 6], signal=make_signal(**signal))
    assert (expected in sentence) if expected else ("variation" not in sentence)


@pytest.mark.parametrize(
    ("blank", "expected"),
    [
        (Blank.AWAITED, "No figure for January: awaited."),
        (Blank.NOT_DUE, "No figure for January: not yet due."),
        (Blank.NOT_APPLICABLE, "No figure for January: not applicable, because there was nothing to measure."),
        (Blank.NOT_AVAILABLE, "No figure for January: not available."),
        (Blank.SUPPRESSED, "No figure for January: suppressed, because it is confidential."),
    ],
    ids=lambda value: value if isinstance(value, Blank) else "",
)
def test_blank_is_said_with_its_reason(blank, expected):
    assert fact_sentences(make_line([blank])) == (expected,)


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        pytest.param([5, 6, Blank.AWAITED], "The latest is 6 in December.", id="a month ago"),
        pytest.param([0, Blank.AWAITED], "The latest is none in December.", id="none"),
        pytest.param([5, *[None] * 11, Blank.AWAITED], "The latest is 5 in January 2020.", id="a year ago"),
    ],
)
def test_blank_is_followed_by_the_latest_figure(figures, expected):
    assert fact_sentences(make_line(figures))[1] == expected


QUARTERS = [44, None, None, 37, None, None, 34, None, None, 23]


@pytest.mark.parametrize(
    ("month", "current", "figures", "expected"),
    [
        pytest.param(
            date(2020, 12, 1),
            -1,
            QUARTERS,
            "23 in quarter 3 (October to December), 32% fewer than in quarter 2 (July to September); "
            "33% below the 12-month average; the lowest of the last four quarters.",
            id="of the report's month",
        ),
        pytest.param(
            date(2021, 2, 1),
            -3,
            [34, None, None, 23, None, None],
            "23 in quarter 3 (October to December), 32% fewer than in quarter 2 (July to September); "
            "19% below the 12-month average (2 of 4 quarters).",
            id="of an earlier month",
        ),
        pytest.param(
            date(2020, 3, 1),
            -1,
            [34, None, None, 40],
            "40 in quarter 4 (January to March), 18% more than in quarter 3 (October to December); "
            "8% above the 12-month average (2 of 4 quarters).",
            id="last of the financial year",
        ),
        pytest.param(
            date(2021, 1, 1),
            -1,
            [34, None, None, 40],
            "40 in January, with no figure for quarter 3 (October to December) or a year before to compare it with; "
            "8% above the 12-month average (2 of 4 quarters).",
            id="not at the end of a quarter",
        ),
        pytest.param(date(2021, 1, 1), -1, [Blank.AWAITED], "No figure for January: awaited.", id="blank"),
    ],
)
def test_quarter_is_named(month, current, figures, expected):
    assert main(figures, month=month, current=current, **QUARTERLY) == expected


@pytest.mark.parametrize(
    ("comparators", "fields", "expected"),
    [
        pytest.param({SN: 40}, {}, "Above statistical neighbours (40).", id="above"),
        pytest.param(
            {SN: 40, ENGLAND: 45, REGION: 60},
            {},
            "Above statistical neighbours (40) and England (45); below the South East region (60).",
            id="two sides",
        ),
        pytest.param(
            {SN: 60, ENGLAND: 61, REGION: 62, CORE_CITIES: 63},
            {},
            "Below statistical neighbours (60), England (61), the South East region (62) and the core cities (63).",
            id="all of them, and another group",
        ),
        pytest.param({ENGLAND: 50}, {}, "Level with England (50).", id="level"),
        pytest.param({ENGLAND: Fraction(503, 10)}, {}, "Close to England (50).", id="not level, though it looks so"),
        pytest.param({ENGLAND: None}, {}, None, id="no figure"),
        pytest.param({ENGLAND: 40}, {"on_basis": OnBasis.NO}, None, id="not on the basis"),
    ],
)
def test_comparators_are_said(comparators, fields, expected):
    said = fact_sentences(make_line([50], comparators=comparators, **fields))
    assert said[1:] == ((expected,) if expected else ())


@pytest.mark.parametrize(
    ("target", "polarity", "expected"),
    [
        pytest.param(TargetTerms(90), Polarity.HIGH, "On target, which is 90% or more.", id="met"),
        pytest.param(TargetTerms(93), Polarity.LOW, "On target, which is 93% or less.", id="met, low is good"),
        pytest.param(
            TargetTerms(94, 2), Polarity.HIGH, "Misses the target of 94% or more, but within tolerance.", id="amber"
        ),
        pytest.param(TargetTerms(96), Polarity.HIGH, "Misses the target of 96% or more.", id="missed"),
        pytest.param(TargetTerms(90), Polarity.TARGET, "Misses the target of 90%.", id="close to target is good"),
        pytest.param(TargetTerms(90), Polarity.NEUTRAL, None, id="never judged"),
        pytest.param(TargetTerms(None), Polarity.HIGH, None, id="to be confirmed"),
        pytest.param(None, Polarity.HIGH, None, id="none"),
    ],
)
def test_target_is_said(target, polarity, expected):
    line = make_line([92], unit=Unit.PERCENTAGE, polarity=polarity, target=target)
    assert fact_sentences(line)[1:] == ((expected,) if expected else ())


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"is_stale": True, "year": 2017}, "Above England (40, 2017-18)."),
        ({"year": None}, "Above England (40, year not stated)."),
        ({"year": 2019}, "Above England (40)."),
    ],
)
def test_comparator_that_is_out_of_date_is_said_with_its_year(fields, expected):
    row = make_line([50], comparators={ENGLAND: 40})
    cells = [cell and cell._replace(**fields) for cell in row.comparators]
    assert fact_sentences(row._replace(comparators=tuple(cells)))[1] == expected


SIGNED = {"allows_negative": True}


@pytest.mark.parametrize(
    ("figures", "fields", "expected"),
    [
        ([40, 50], {"unit": Unit.RATE_1000}, "50 per 1,000 in January, 25% higher than in December"),
        ([40, 50], {"unit": Unit.RATE, "rate_base": 500}, "50 per 500 in January, 25% higher than in December"),
        ([1000, 1200], {"unit": Unit.MONEY}, "£1,200 in January, 20% higher than in December"),
        ([1000, 900], {"unit": Unit.MONEY_THOUSAND}, "£900k in January, 10% lower than in December"),
        ([0, 900], {"unit": Unit.MONEY_THOUSAND}, "£900k in January, up from £0k in December"),
        (
            [Fraction(5, 4), Fraction(5, 2)],
            {"unit": Unit.MONEY_MILLION, "decimal_places": 2},
            "£2.50m in January, 100% higher than in December",
        ),
        ([-5, 12], {"unit": Unit.MONEY_THOUSAND, **SIGNED}, "£12k in January, up £17k from -£5k in December"),
        ([10, -2], {"unit": Unit.MONEY, **SIGNED}, "-£2 in January, down £12 from £10 in December"),
        ([10, 12], {"unit": Unit.DAYS}, "12 days in January, up 2 days from 10 days in December"),
        ([2, 1], {"unit": Unit.WEEKS}, "1 week in January, down 1 week from 2 weeks in December"),
        ([12, 12], {"unit": Unit.MONTHS}, "12 months in January, level with December"),
        (
            [4, Fraction(7, 2)],
            {"unit": Unit.HOURS, "decimal_places": 1},
            "3.5 hours in January, down 0.5 hours from 4.0 hours in December",
        ),
        (
            [2, Fraction(23, 10)],
            {"unit": Unit.SCORE, "decimal_places": 1},
            "2.3 in January, up 0.3 from 2.0 in December",
        ),
        ([-3, 4], SIGNED, "4 in January, up 7 from -3 in December"),
        ([3, 0], SIGNED, "0 in January, down 3 from 3 in December"),
        ([2, -3], {**PERCENTAGE, **SIGNED}, "-3% in January, down 5 percentage points from 2% in December"),
        (
            [Fraction(1, 4), Fraction(-1, 4)],
            {**PERCENTAGE, **SIGNED},
            "Less than 0.5% below 0 in January, down less than 1 percentage point from less than 0.5% in December",
        ),
    ],
)
def test_each_unit_in_words(figures, fields, expected):
    assert main(figures, **fields).partition(";")[0] == expected


def test_average_and_target_of_figures_below_0():
    terms = TargetTerms(-10, 5)
    # The average of -9, -5 and -16 is -10.
    line = make_line([-9, -5, -16], unit=Unit.MONEY_THOUSAND, polarity=Polarity.LOW, target=terms, allows_negative=True)
    assert fact_sentences(line) == (
        "-£16k in January, down £11k from -£5k in December; £6k below the 12-month average of -£10k (3 of 12 months); "
        "the lowest of the last six months.",
        "On target, which is -£10k or less.",
    )
