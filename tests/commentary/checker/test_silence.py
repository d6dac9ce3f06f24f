"""Sentences that the checker leaves alone: true ones, and those that it can't tie to the row."""

import pytest

from indicators.calculations.row import Row
from tests.commentary.lines import make_line

from .rows import (
    ASSESSMENTS,
    AWAITED,
    CONFERENCES,
    CONTACTS,
    DECISIONS,
    ENQUIRIES_RATE,
    ENTRIES,
    FAMILIES,
    IN_CARE,
    IN_TIME,
    OPEN_CASES,
    ORDERS,
    ORDERS_MADE,
    check,
)

pytestmark = pytest.mark.slow


def params(*rows):
    return [pytest.param(*row, id=row[1]) for row in rows]


def said(text: str, row: Row) -> list[str]:
    return [finding.message for finding in check(text, row)]


@pytest.mark.parametrize(
    ("row", "text"),
    params(
        (CONTACTS, "The number of contacts fell by 3% in January."),
        (CONTACTS, "Contacts were 3% lower than in December and 3% higher than in January 2020."),
        (CONTACTS, "There were 43 fewer than last month but 44 more than last January."),
        (CONTACTS, "Contacts peaked at 1,787 in November and have since fallen."),
        (CONTACTS, "Contacts decreased by 18% after Nov 20, when they were the highest for a year."),
        (CONTACTS, "In November contacts rose to 1,787, the highest this year."),
        (CONTACTS, "The number is 5% above the 12-month average of 1,400."),
        (ASSESSMENTS, "Assessments fell by 105 to 305."),
        (ASSESSMENTS, "The number is below statistical neighbours, England and the South East."),
        (IN_TIME, "84% were on time, against 89% in December."),
        (IN_TIME, "Timeliness slipped by five points in the month but is far better than a year ago, when it was 65%."),
        (IN_TIME, "At 84%, performance is below target."),
        (ORDERS, "36% of the children who left care did so through an order, the most in a year."),
        (ORDERS, "The percentage has more than quadrupled, from 8% to 36%."),
        (IN_CARE, "The number rose by 9 to 508, but July 2020 had 512."),
        (IN_CARE, "It has ranged from 485 to 512 over the past year."),
        (IN_CARE, "The number is lower than England but above statistical neighbours."),
        (ENTRIES, "January's 23 is more than double December's 11, against a monthly average of 15."),
        (CONFERENCES, "The number is higher than statistical neighbours, though the 12-month average is not."),
        (ENQUIRIES_RATE, "The rate fell by 39% and is now lower than that of statistical neighbours."),
        (OPEN_CASES, "Down by 54 on last month, and 15% below a year ago."),
        (FAMILIES, "23 families were attached in quarter 3, fewer than the 34 of quarter 2."),
        (ORDERS_MADE, "There were 4 more orders than in December."),
        (AWAITED, "The figure for January is awaited; it was 3% in December."),
    ),
)
def test_true_sentence_is_left_alone(row, text):
    assert said(text, row) == []


@pytest.mark.parametrize(
    "text",
    [
        "Contacts fell by about a twentieth, or nearly 3%.",
        "About 1,500 contacts were received.",
        "Just under 1,500 contacts were received in January.",
        "Over 1,400 contacts were received in January.",
        "Contacts fell by less than 5% in January.",
        "Contacts fell by more than 2% in January.",
        "Contacts fell by 2%, rounded down.",
    ],
)
def test_rough_number_is_allowed_for(text):
    assert said(text, CONTACTS) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The percentage fell by 5% in the month.", id="points called per cent, exact"),
        pytest.param("The percentage fell by 6% in the month.", id="relative"),
        pytest.param("The percentage fell by 5 percentage points in the month.", id="points"),
    ],
)
def test_percentage_can_fall_in_two_ways(text):
    assert said(text, IN_TIME) == []


@pytest.mark.parametrize(
    ("row", "text"),
    params(
        # Ages, lengths of time, dates, codes, prices, bases, ranges, parts of a whole, targets.
        (CONTACTS, "Section 47 and Working Together 2018 ask for a decision within 1 working day in January."),
        (CONTACTS, "Children aged 12 to 15, and 40 who were 16 or over, came up in January."),
        (CONTACTS, "The court sits on 9/2/21 and on 10 February, in phase 2 of the plan for 2020-23."),
        (CONTACTS, "Each contact costs £12, and 3 of the 5 teams answer 9 out of 10 calls in January."),
        (CONTACTS, "There are 15 to 20 contacts a day in January, 51 for every 10,000 children."),
        (CONTACTS, "Our target of 1,200 contacts in January was set in 2019/20."),
        (CONTACTS, "After Covid-19 teams 1 and 3 moved to 24/7 working in January."),
        # Other measures, and parts of this one.
        (CONTACTS, "Contacts from schools increased in January."),
        (CONTACTS, "Around 60% of contacts came from the police in January."),
        (CONTACTS, "Three audits in January looked at 40 contacts."),
        (CONTACTS, "Staff numbers rose by 5 in January."),
        (CONTACTS, "The share of contacts that are answered in time rose to 95%."),
        (IN_TIME, "The number of assessments in time rose in January."),
        (IN_TIME, "Sickness rose to 12% in January, which delayed assessments."),
        (ORDERS, "In January 80% of carers surveyed were happy."),
        (ORDERS, "In January 60% of children in care were seen by a dentist."),
        (ORDERS, "The number of orders fell by 4."),
        (IN_CARE, "The number of children in residential care fell by 3 to 41 in January."),
        (IN_CARE, "3 more came into care in the past month, and 9 left."),
        (ENTRIES, "The number of children looked after fell in January."),
        (ENQUIRIES_RATE, "The number of enquiries is 40 lower than in December."),
        (ENTRIES, "The 23 who came in include 8 teenagers, 4 more than last month."),
        (ENQUIRIES_RATE, "The rate has ranged from 16 to 33."),
        # Times that no month can be given to.
        (CONTACTS, "Contacts have risen since the first lockdown."),
        (CONTACTS, "Contacts are rising in the longer term."),
        (CONTACTS, "Contacts rose after Christmas and over recent weeks."),
        (CONTACTS, "Contacts are higher than in November 2018."),
        (CONTACTS, "Contacts rose last month."),
        (CONTACTS, "They go up and down from month to month."),
        # No claims: denied, expected, wished for, supposed.
        (CONTACTS, "Contacts did not increase in January."),
        (CONTACTS, "We expect contacts to rise to 1,600 in February."),
        (CONTACTS, "Contacts should increase by 10% by March 2021."),
        (CONTACTS, "Work is under way to reduce contacts, and to increase their quality."),
        (CONTACTS, "If contacts rose in January, more staff would be needed."),
        # Not clear against which period, and right for one of them.
        (CONTACTS, "Contacts have risen."),
        (CONTACTS, "Contacts rose by 3%."),
        # Not quite.
        (CONTACTS, "The number of contacts is the second highest this year."),
        (CONTACTS, "It was one of the highest this year."),
        (CONTACTS, "It is close to the highest this year."),
        # Judgements.
        (CONTACTS, "Contacts remain stable and in line with the average of the year."),
        (ASSESSMENTS, "The number is similar to statistical neighbours."),
        # Comparators that are not on the row's basis, or that it does not have.
        (ORDERS, "The percentage is below statistical neighbours."),
        (CONTACTS, "The number is below England."),
        (IN_CARE, "The number is above the South East."),
    ),
)
def test_sentence_that_cannot_be_tied_to_the_row_is_left_alone(row, text):
    assert said(text, row) == []


@pytest.mark.parametrize(
    ("row", "text"),
    params(
        # The level is not the size of the change.
        (DECISIONS, "No change at 99%."),
        (DECISIONS, "99% again, unchanged."),
        # Nor is what something else did the row's.
        (CONTACTS, "No change in approach at MASH."),
        (CONTACTS, "No change at the top this month."),
        (IN_CARE, "Little change to thresholds, and 508 in care."),
        (CONTACTS, "No movement in staffing at the hub."),
        # Figures of earlier months, and of the year as a whole.
        (ENTRIES, "There was a jump to 23 after three months at 25."),
        (IN_CARE, "508 in care, well above the September figure of 485."),
        (CONTACTS, "Little movement at 1,464 contacts."),
        (IN_CARE, "The number was broadly unchanged at 508."),
        (ENQUIRIES_RATE, "The rate held steady, at 18, on a year ago."),
        # A number behind a colon is not that of the month in front.
        (IN_CARE, "The highest number of looked after children since August: 508."),
        (CONTACTS, "The lowest number of contacts since August: 1,464."),
        (CONTACTS, "Down on December: 1,464."),
        # Numbers in words are read whole.
        (IN_CARE, "The number in care, five hundred and eight, is nine up."),
        (CONTACTS, "There were fourteen hundred and sixty-four contacts, now falling."),
        (ENTRIES, "New entrants to care number now twenty three."),
        # Parts of the whole, and counts of something else in the month.
        (CONTACTS, "Of these 40 were duplicates."),
        (CONTACTS, "Around 600 of those came from the police in January."),
        (CONTACTS, "There were 700 contacts in the first half of January."),
        (CONTACTS, "Contacts rose among teenagers in January."),
        # Denied and right, or asked.
        (CONTACTS, "Contacts did not rise in January."),
        (CONTACTS, "Contacts have not been as high as 1,800 this year."),
        (CONTACTS, "Did contacts rise in January?"),
        # Right in one way to understand it.
        (CONTACTS, "Contacts have been above 1,400 in every month since September."),
        (IN_TIME, "Timeliness has missed the target for the sixth month in a row."),
        (ASSESSMENTS, "The number is half as high again as in September."),
        (IN_CARE, "The number has risen in four of the last six months."),
        (IN_CARE, "An increase on each of the last two months."),
        (CONTACTS, "An average of 1,586 over the last three months."),
        (IN_TIME, "Timeliness has been above 80% in every month but November."),
        (CONTACTS, "Apart from April contacts were above 1,100 in every month."),
        (CONTACTS, "Contacts fell by 43, or 3%."),
        (CONTACTS, "1,464 contacts, between October's 1,555 and August's 1,343."),
    ),
)
def test_other_words_are_not_mistaken(row, text):
    assert said(text, row) == []


@pytest.mark.parametrize(
    ("row", "text"),
    params(
        (CONTACTS, "Contacts stayed above 1,400 in every month since September."),
        (CONTACTS, "Contacts have not fallen below 1,400 since September."),
        (CONTACTS, "Contacts had stayed above 1,500 since September but slipped to 1,464 in January."),
        (CONTACTS, "Contacts came back under 1,500 after staying above it since September."),
        (IN_TIME, "Timeliness was above 90% in July and stayed above 78% thereafter."),
        (IN_TIME, "Performance remained under 95% throughout the year."),
    ),
)
def test_bound_that_holds(row, text):
    assert said(text, row) == []


@pytest.mark.parametrize(
    "text",
    [
        "The percentage of orders was 36% in January, against roughly a quarter in October.",
        "The percentage is up, at 36%, against around a quarter in October.",
        "The percentage rose to 36% against a quarter in October.",
        "The percentage has risen to 36%, against nearly 30% in November.",
    ],
)
def test_level_of_another_month_is_no_size(text):
    assert said(text, ORDERS) == []


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        ([60, 100, 54], "The number of contacts nearly halved compared with December."),
        ([60, 100, 41], "Contacts almost halved in January."),
        ([60, 100, 54], "Contacts were little more than half of what they were in December."),
        ([60, 100, 34], "Contacts have fallen to a third of what they were in December."),
        ([60, 100, 34], "Contacts fell to roughly a third of their December level."),
        ([60, 100, 165], "Contacts nearly doubled in January."),
    ],
)
def test_multiple_has_room(figures, text):
    assert said(text, make_line(figures)) == []


@pytest.mark.parametrize(
    "row", [CONTACTS, IN_TIME, ENQUIRIES_RATE, FAMILIES, AWAITED], ids=lambda row: row.measure.title
)
@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "…", "()", "%", "1", "2²", "9" * 5000, "1 of 2 of 3 " * 2000, "and", "Up.", "more than"]
)
def test_odd_text_is_left_alone(text, row):
    assert said(text, row) == []


@pytest.mark.parametrize("text", ["At 1,236 years", "in 12 months12", "20 20 months", "last 99 years.", "Q9", "0 of 0"])
def test_number_within_a_number_is_left_alone(text):
    assert said(text, CONTACTS) == []
