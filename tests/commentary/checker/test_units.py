"""Money, time, scores and figures below 0 in a commentary: what contradicts the row, and what is left alone."""

from datetime import date

import pytest

from indicators.calculations.figures import Figure
from indicators.calculations.rating import TargetTerms
from indicators.calculations.totals import RunningTotals
from indicators.calculations.vocabulary import Frequency, Polarity, Unit
from tests.commentary.lines import make_line

from .rows import check

# From £8k over the budget to £12k under it.
VARIANCE = make_line(
    [-3, 5, 8, -12],
    title="Variance of the agency staff budget",
    definition="What was spent on agency staff, less the budget for it.",
    unit=Unit.MONEY_THOUSAND,
    polarity=Polarity.LOW,
    allows_negative=True,
    target=TargetTerms(0),
)
ARREARS = make_line(
    [1_150_000, 1_180_000, 1_234_567],
    title="Rent arrears of current tenants",
    definition="Rent owed by current tenants on the last day of the month.",
    unit=Unit.MONEY,
    polarity=Polarity.LOW,
)
REPAIRS = make_line(
    [14, 15, 12],
    title="Average days to complete a repair",
    definition="Days from the report of a repair to its completion.",
    unit=Unit.DAYS,
    polarity=Polarity.LOW,
    target=TargetTerms(10),
)
GAP = make_line(
    [2, -1, -3],
    title="Percentage gap in attainment",
    definition="Attainment of children looked after, less that of all children.",
    unit=Unit.PERCENTAGE,
    allows_negative=True,
)
SATISFACTION = make_line(
    [3, 4, 4.5], title="Satisfaction score of tenants", unit=Unit.SCORE, decimal_places=1, polarity=Polarity.HIGH
)

RELET = make_line(
    [4.2, None, None, 4.0, None, None, 6.3, None, None, 5.1, None, None, 4.5],
    month=date(2020, 12, 1),
    title="Average weeks to let an empty home again",
    definition="Weeks from the end of a tenancy to the beginning of the next one.",
    unit=Unit.WEEKS,
    polarity=Polarity.LOW,
    frequency=Frequency.QUARTERLY,
    decimal_places=1,
    target=TargetTerms(4),
)
BEDS = make_line(
    [92, 90, 88, 87],
    title="Beds taken in care homes",
    unit=Unit.PERCENTAGE,
    polarity=Polarity.TARGET,
    target=TargetTerms(88, upper=95),
)
CASUALTIES = make_line(
    [432, *[None] * 11, 343],
    month=date(2020, 12, 1),
    earlier={date(2018, 12, 1): 469},
    title="People killed or injured on roads, for every million",
    unit=Unit.RATE,
    rate_base=1_000_000,
    polarity=Polarity.LOW,
    frequency=Frequency.YEARLY,
    year_starts=1,
)
COMPLAINTS = make_line([20, 24, 25], title="Complaints", polarity=Polarity.LOW)._replace(
    totals=RunningTotals(Figure(206), Figure(216), Figure(255), Figure(181))
)

ADAPTATIONS = make_line(
    [4.9, 6.4, 5.7],
    title="Average months to an adaptation",
    unit=Unit.MONTHS,
    polarity=Polarity.LOW,
    decimal_places=1,
    target=TargetTerms(6),
)

WRONG = [
    (VARIANCE, "The variance was £21k in January."),
    (VARIANCE, "The variance was -£21k in January."),
    (VARIANCE, "The variance was −£0.03m in January."),
    (VARIANCE, "The variance rose by £20k since December."),
    (VARIANCE, "The variance fell by £30k since December."),
    (ARREARS, "Rent arrears were £1.3m in January."),
    (ARREARS, "Rent arrears were £1,243,567 in January."),
    (ARREARS, "Rent arrears fell from December to January."),
    (ARREARS, "Rent arrears rose by £100k since December."),
    (ARREARS, "Rent arrears rose by 15% since December."),
    (REPAIRS, "Repairs took 14 days in January."),
    (REPAIRS, "Days to complete a repair rose to 12 days in January."),
    (REPAIRS, "Days to complete a repair fell by 5 days since December."),
    (GAP, "The gap was -5% in January."),
    (GAP, "The gap fell by 4 percentage points since December."),
    (SATISFACTION, "The satisfaction score was 4.2 in January."),
    (REPAIRS, "Repairs took longer than in December."),
    (REPAIRS, "Repairs are quicker than target."),
    (REPAIRS, "Repairs were slower than in December."),
    (REPAIRS, "The time to complete a repair was the longest since November."),
    (RELET, "Relet times improved to 4.5 weeks, from 5.6 weeks in quarter 2."),
    (RELET, "Relet times are the shortest of the last five quarters."),
    (RELET, "Homes took longer to let in quarter 3 than in quarter 2."),
    (RELET, "Homes took 4.5 weeks to let, inside the target of 4 weeks."),
    (BEDS, "Occupancy is within the target range."),
    (BEDS, "Occupancy is above the target range."),
    (BEDS, "The target was met in January."),
    (CASUALTIES, "The rate rose to 343, from 332 in 2019."),
    (CASUALTIES, "The rate is up on 2019."),
    (CASUALTIES, "The rate halved in 2020."),
    (COMPLAINTS, "Complaints: 25. That makes 226 for the year to date."),
    (COMPLAINTS, "There have been 260 complaints so far this year."),
    (COMPLAINTS, "January brings the total to 181 or so; 281 complaints so far this year."),
    (COMPLAINTS, "Complaints: 35."),
    (ADAPTATIONS, "The time to an adaptation rose to 5.7 months in January."),
    (ADAPTATIONS, "Adaptations are slower than target."),
    (ADAPTATIONS, "The time is above its level in December."),
    (ARREARS, "Rent arrears came to £1.4m: tenants owe £1.4m."),
    # "On average" compares with nothing, and a target can have its unit.
    (REPAIRS, "Repairs took 17 days on average in January."),
    (ADAPTATIONS, "Adaptations took 6.7 months on average this month."),
    (REPAIRS, "Repairs took 12 days, within the 10 day target."),
    (VARIANCE, "The variance was down £30k since December."),
]
RIGHT = [
    (VARIANCE, "The variance was -£12k in January, down from £8k in December."),
    (VARIANCE, "We are £12k under budget in January."),
    (VARIANCE, "The variance was (£12k) in January, £20k lower than in December."),
    (VARIANCE, "The variance was −£12,000 in January."),
    (VARIANCE, "The variance fell by £20k since December. Six posts cost £45k a year."),
    (ARREARS, "Rent arrears were £1.2m in January, up £54,567 since December."),
    (ARREARS, "Rent arrears were £1.23 million in January, 5% more than in December."),
    (ARREARS, "Rent arrears rose to £1,235k in January. 14 tenants owe more than £5,000."),
    (REPAIRS, "Repairs took 12 days on average in January, 3 days fewer than in December."),
    (REPAIRS, "Repairs took 12 days, missing the 10 day target."),
    (REPAIRS, "Repairs were done within 20 days. 35 repairs took over 2 weeks."),
    (REPAIRS, "Days to complete a repair fell from 15 to 12 days. The contractor was away for 5 days."),
    (GAP, "The gap was -3% in January, down 2 percentage points from -1% in December."),
    (GAP, "The gap was 3% in January."),
    (SATISFACTION, "The satisfaction score was 4.5 in January, up from 4.0. 230 tenants answered."),
    (REPAIRS, "Repairs are no longer slower than in December. They are the shortest of the year."),
    (REPAIRS, "Repairs took longer than target, but not as long as in December."),
    (RELET, "Relet times improved to 4.5 weeks, from 5.1 weeks in quarter 2, and fell in the third quarter."),
    (RELET, "Homes took less time to let in quarter 3 than in quarter 2."),
    (RELET, "Homes took 4.5 weeks to let, outside the target of 4 weeks."),
    (BEDS, "Occupancy is outside the target range, a point below its lower end."),
    (BEDS, "The target was met in November."),
    (CASUALTIES, "The rate fell to 343, from 432 in 2019 and 469 in 2018."),
    (COMPLAINTS, "Complaints: 25. That makes 206 for the year to date, against 216 by now last year."),
    (COMPLAINTS, "Complaints: 25 (24 in December). Bins: 9. Parking: 6. So far this year 61 were upheld."),
    (COMPLAINTS, "January brings the total to 206. Last year’s total was 255."),
    (ADAPTATIONS, "Average: 5.7 months, less than in December and within target."),
    (ADAPTATIONS, "Two grants were 1 month below the usual time. Another waited for six months below the limit."),
    (REPAIRS, "Average: 12 days, down from 15.0 in December."),
    (ARREARS, "Tenants owe £1.23m. Two tenants owe £9,000 between them."),
]


@pytest.mark.parametrize(("row", "text"), [pytest.param(*one, id=one[1]) for one in WRONG])
def test_what_the_row_contradicts_is_found(row, text):
    assert check(text, row)


@pytest.mark.parametrize(("row", "text"), [pytest.param(*one, id=one[1]) for one in RIGHT])
def test_what_the_row_bears_out_is_left_alone(row, text):
    assert [found.message for found in check(text, row)] == []


def test_findings_are_told_in_the_unit():
    told = [check(text, row)[0].message for row, text in (WRONG[0], WRONG[3], WRONG[10], WRONG[12], WRONG[14])]
    assert told == [
        "“£21k in January”: -£12k in January 2021.",
        "“rose by £20k since December”: £8k in December 2020 and -£12k in January 2021, which is £20k lower.",
        "“14 days in January”: 12 days in January 2021; 14 days in November 2020.",
        "“fell by 5 days since December”: 15 days in December 2020 and 12 days in January 2021, which is 3 days lower "
        "(20%).",
        "“fell by 4 percentage points since December”: -1% in December 2020 and -3% in January 2021, which is 2 "
        "percentage points lower.",
    ]
