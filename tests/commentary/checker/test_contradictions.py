"""Sentences that their row contradicts: what is found, where, and by which fact."""

import pytest

from commentary.checker import FindingKind
from tests.commentary.lines import make_line

from .rows import (
    ASSESSMENTS,
    AWAITED,
    CONFERENCES,
    CONTACTS,
    ENQUIRIES_RATE,
    ENTRIES,
    FAMILIES,
    IN_CARE,
    IN_TIME,
    OPEN_CASES,
    ORDERS,
    ORDERS_MADE,
    SUPPRESSED,
    check,
)


def found(marked, row):
    """FindingKind and phrase of what is found in a text, and the phrase that it has in square brackets."""
    text = marked.replace("[", "").replace("]", "")
    phrase = marked[marked.index("[") + 1 : marked.index("]")]
    return [(finding.kind, finding.phrase) for finding in check(text, row)], phrase


def params(*rows):
    return [pytest.param(*row, id=row[-1]) for row in rows]


@pytest.mark.parametrize(
    ("row", "marked"),
    params(
        (ORDERS, "[33% of the children who left care this month] did so through an order."),
        (ORDERS, "Orders made up [33% of those leaving care in January]."),
        (ORDERS, "[This month's figure is 33%]."),
        (ORDERS, "The percentage rose to [33%]."),
        (CONTACTS, "There were [1,500 contacts in January]."),
        (CONTACTS, "[1,787 contacts were received in October]."),
        (CONTACTS, "Contacts stood at [1,507]."),
        (IN_TIME, "Performance went down again, from 89% to [82%]."),
        (CONTACTS, "In [January, 1,446] contacts were received."),
        (CONTACTS, "Contacts rose from [1,464 in December] to 1,507 in January."),
        (CONTACTS, "Contacts went down to 1,464 ([1,570 in December])."),
        (CONTACTS, "In [January 2020 it was 1,240]."),
        (IN_TIME, "Timeliness slid; it fell from 89% in December to [81% in January]."),
        (IN_TIME, "[86% of single assessments were completed within 45 days in January]."),
        (IN_TIME, "Performance was [86 per cent in January]."),
        (IN_CARE, "There are [512 looked after children at the end of January]."),
        (IN_CARE, "[December's 508] was the most since July."),
        (ORDERS_MADE, "[Six orders were made in January]."),
        (AWAITED, "The percentage was [4% in January]."),
        (SUPPRESSED, "There were [3 transfer-ins in December]."),
        (FAMILIES, "[32 families were attached in quarter 3]."),
        (ENTRIES, "The [monthly average is 20]."),
        (IN_CARE, "It has been between [490 and 530 over the past year]."),
    ),
)
def test_figure_that_the_row_does_not_have_is_found(row, marked):
    findings, phrase = found(marked, row)
    assert (FindingKind.FIGURE, phrase) in findings


@pytest.mark.parametrize(
    ("row", "marked"),
    params(
        (CONTACTS, "The number of contacts [increased in January]."),
        (CONTACTS, "Contacts have [risen this month]."),
        (CONTACTS, "[January saw a further rise] in contacts."),
        (CONTACTS, "[More contacts were received this month]."),
        (CONTACTS, "Contacts [went up on last month]."),
        (CONTACTS, "Contact numbers [grew compared with December]."),
        (CONTACTS, "Contacts [fell compared with the same month last year]."),
        (CONTACTS, "Compared with [January 2020, contacts were lower]."),
        (CONTACTS, "Contacts have fallen since October 2020 and [rose in December]."),
        (CONTACTS, "Contacts dropped over the last three months to 1,464, and have [risen since November]."),
        (CONTACTS, "There were [3% fewer contacts than a year ago]."),
        (ASSESSMENTS, "Completed assessments [rose]."),
        (ASSESSMENTS, "The number of single assessments completed is [up by 26%]."),
        (IN_TIME, "Timeliness [improved in January]."),
        (IN_TIME, "Performance is [better than in December]."),
        (IN_TIME, "Performance has [deteriorated over the year]."),
        (IN_TIME, "84% were completed within 45 days, which is [higher than December]."),
        (IN_TIME, "In [January 2020 it was far higher]."),
        (IN_CARE, "The number of looked after children [fell by 9]."),
        (IN_CARE, "Performance has [worsened since July]."),
        (ENTRIES, "New entrants to care [decreased in January]."),
        (ENQUIRIES_RATE, "The rate of section 47 enquiries [rose in January]."),
        (FAMILIES, "The number of families attached [increased this quarter]."),
        (CONTACTS, "The number of contacts is [unchanged]."),
        (ORDERS, "The percentage is [the same as in December]."),
    ),
)
def test_movement_that_did_not_happen_is_found(row, marked):
    findings, phrase = found(marked, row)
    assert (FindingKind.DIRECTION, phrase) in findings


@pytest.mark.parametrize(
    ("row", "marked"),
    params(
        (OPEN_CASES, "There were [52 fewer children than in the previous month]."),
        (OPEN_CASES, "A [reduction of 52 since December]."),
        (OPEN_CASES, "Numbers [went down by 52 in January]."),
        (OPEN_CASES, "The number of children in need is [25% lower than at this time last year]."),
        (CONTACTS, "Contacts [fell by 13% from December]."),
        (CONTACTS, "Contacts were [down by about 10%]."),
        (CONTACTS, "Contacts [fell by over 5% in the month]."),
        (CONTACTS, "There were [34 fewer contacts than last month]."),
        (ORDERS, "An [increase of 18 percentage points on December]."),
        (ORDERS, "It [rose by 300 percentage points in the month]."),
        (IN_TIME, "Timeliness [fell by 9% this month]."),
        (ENTRIES, "The number of new entrants has [tripled since December]."),
        (IN_CARE, "The number of children looked after has [doubled over the year]."),
        (ENQUIRIES_RATE, "The rate [fell by 15% in January]."),
        (ENQUIRIES_RATE, "The rate is [4 lower than in December]."),
    ),
)
def test_change_of_another_size_is_found(row, marked):
    findings, phrase = found(marked, row)
    assert (FindingKind.CHANGE, phrase) in findings


@pytest.mark.parametrize(
    ("row", "marked"),
    params(
        (CONTACTS, "Contacts were at their [highest this year] in January."),
        (CONTACTS, "The number of contacts is the [highest for a year]."),
        (CONTACTS, "Contacts were the [highest since September]."),
        (CONTACTS, "Contacts were the [lowest since March]."),
        (CONTACTS, "Contacts are at the [lowest level in the last 12 months]."),
        (CONTACTS, "Contacts are the [lowest on record]."),
        (ASSESSMENTS, "October 2020 had [the most assessments of the year]."),
        (IN_TIME, "Performance is the [best this year]."),
        (IN_TIME, "Timeliness was the [worst in a year]."),
        (IN_CARE, "There are 508 looked after children, [the most in a year]."),
    ),
)
def test_figure_that_is_not_the_extreme_is_found(row, marked):
    findings, phrase = found(marked, row)
    assert (FindingKind.EXTREME, phrase) in findings


@pytest.mark.parametrize(
    ("row", "marked"),
    params(
        (ASSESSMENTS, "The number is [above statistical neighbours]."),
        (ASSESSMENTS, "Completed assessments are [higher than the England] average."),
        (ASSESSMENTS, "Assessments completed are [above the South East]."),
        (ASSESSMENTS, "The number is [higher than all comparators]."),
        (ASSESSMENTS, "The number is [30% lower than statistical neighbours]."),
        (ASSESSMENTS, "The number of assessments is [below the 12-month average]."),
        (ASSESSMENTS, "Slightly [fewer assessments were completed than the rolling monthly average]."),
        (CONFERENCES, "The 12-month average is [above that of statistical neighbours]."),
        (CONFERENCES, "Over 12 months the number of initial conferences is [higher than the SN] average."),
        (CONFERENCES, "The number is [lower than statistical neighbours]."),
        (ENQUIRIES_RATE, "The rate is [higher than that of statistical neighbours]."),
        (IN_TIME, "Performance is [above target]."),
        (IN_CARE, "The number is [better than statistical neighbours]."),
    ),
)
def test_comparison_the_wrong_way_is_found(row, marked):
    findings, phrase = found(marked, row)
    assert (FindingKind.COMPARISON, phrase) in findings


@pytest.mark.parametrize(
    ("row", "kind", "marked"),
    params(
        # Runs, and what holds for the first time or in every month.
        (CONTACTS, FindingKind.DIRECTION, "Contacts [fell for the third month in a row]."),
        (IN_CARE, FindingKind.DIRECTION, "The number in care has [risen every month since August]."),
        (CONTACTS, FindingKind.DIRECTION, "There were [three consecutive rises] in contacts."),
        (IN_TIME, FindingKind.FIGURE, "Timeliness has remained [above 85% throughout the last six months]."),
        (CONTACTS, FindingKind.FIGURE, "Contacts never fell [below 1,350 between June and January]."),
        (CONTACTS, FindingKind.EXTREME, "For the [first time since September] contacts are below 1,550."),
        (CONTACTS, FindingKind.EXTREME, "Contacts were 1,464, the [first] time we have been below 1,500."),
        # Ranks in a window.
        (CONTACTS, FindingKind.EXTREME, "Contacts are at a [12-month high]."),
        (CONTACTS, FindingKind.EXTREME, "Contacts are the [lowest of the six months shown]."),
        (CONTACTS, FindingKind.EXTREME, "It is a level [last exceeded in October]."),
        (CONTACTS, FindingKind.EXTREME, "Contacts have never been [higher]."),
        # Comparisons in words.
        (ASSESSMENTS, FindingKind.COMPARISON, "The number is [ahead of statistical neighbours]."),
        (CONFERENCES, FindingKind.COMPARISON, "The number [falls short of England]."),
        (ASSESSMENTS, FindingKind.COMPARISON, "The number [outstrips England]."),
        (ASSESSMENTS, FindingKind.COMPARISON, "The number is [in line with the South East]."),
        (ASSESSMENTS, FindingKind.COMPARISON, "The number is [on a par with the South East]."),
        (ENQUIRIES_RATE, FindingKind.COMPARISON, "The rate is [twice that of England]."),
        (IN_TIME, FindingKind.COMPARISON, "The [target was met]."),
        # What others have, and from where to where.
        (ASSESSMENTS, FindingKind.FIGURE, "The number is below [England’s 385]."),
        (IN_TIME, FindingKind.FIGURE, "We missed the [target of 95%]."),
        (CONTACTS, FindingKind.FIGURE, "Contacts went from [1,555] to 1,464."),
        (CONTACTS, FindingKind.FIGURE, "Contacts are down from a peak of [1,878]."),
        # Numbers in words.
        (ENTRIES, FindingKind.FIGURE, "[No new looked after children came in January]."),
        (IN_CARE, FindingKind.CHANGE, "The number in care is [up by a dozen on December]."),
        (OPEN_CASES, FindingKind.CHANGE, "The number of children in need is [two thirds lower than in January 2020]."),
        (ENTRIES, FindingKind.CHANGE, "New entrants to care have [trebled since December]."),
        # Denied.
        (CONTACTS, FindingKind.DIRECTION, "Contacts did not [fall in January]."),
        (ASSESSMENTS, FindingKind.COMPARISON, "The number is no longer [below England]."),
    ),
)
def test_contradiction_in_other_words_is_found(row, kind, marked):
    findings, phrase = found(marked, row)
    assert (kind, phrase) in findings


@pytest.mark.parametrize(
    "marked",
    params(
        ("In [March 2021 contacts fell to 1,300].",),
        ("There were [1,600 contacts in February 2021].",),
        ("Contacts [rose in February 2021].",),
    ),
)
def test_month_that_the_row_cannot_know_is_found(marked):
    findings, phrase = found(marked, CONTACTS)
    assert findings == [(FindingKind.MONTH, phrase)]


def test_comparison_with_two_references_is_one_finding():
    findings = check("The number is lower than England and statistical neighbours.", CONFERENCES)
    assert [finding.phrase for finding in findings] == ["lower than England"]


@pytest.mark.parametrize(
    ("row", "marked"),
    params(
        (CONTACTS, "Contacts stayed [above 1,500 in every month since August]."),
        (CONTACTS, "We have managed to keep contacts [below 1,500 each month since September]."),
        (CONTACTS, "The total has sat [above 1,500 since September]."),
        (CONTACTS, "Numbers have persisted [above 1,500 since September]."),
        (CONTACTS, "Contacts have been [at or above 1,500 since September]."),
        (CONTACTS, "Contacts have not once gone [over 1,700 since August]."),
        (IN_TIME, "The percentage has been sustained [above 80% since August]."),
        (IN_TIME, "Performance remained [under 90% throughout] the year."),
        (IN_CARE, "We have kept the number of looked after children [under 500 since October]."),
    ),
)
def test_bound_over_several_months(row, marked):
    findings, phrase = found(marked, row)
    assert findings == [(FindingKind.FIGURE, phrase)]


@pytest.mark.parametrize(
    ("figures", "marked"),
    [
        ([100, 185], "Contacts [more than doubled in January]."),
        ([100, 130], "Contacts [nearly doubled in January]."),
        ([100, 75], "Contacts [almost halved in January]."),
        ([100, 34], "Contacts are [half of what they were in December]."),
        ([100, 34], "Contacts are [two thirds of their December] level."),
    ],
)
def test_multiple_of_an_earlier_figure(figures, marked):
    findings, phrase = found(marked, make_line(figures))
    assert findings == [(FindingKind.CHANGE, phrase)]


@pytest.mark.parametrize(
    ("row", "text", "fact"),
    [
        pytest.param(ORDERS, "The percentage was 33% in January.", "36% in January 2021", id="figure"),
        pytest.param(
            CONTACTS,
            "There were 1,787 contacts in October.",
            "1,555 in October 2020; 1,787 in November 2020",
            id="figure of another month",
        ),
        pytest.param(AWAITED, "It was 4% in January.", "no figure for January 2021 (awaited (tbc))", id="blank"),
        pytest.param(
            OPEN_CASES,
            "52 fewer than last month.",
            "2,247 in December 2020 and 2,193 in January 2021, which is 54 fewer (2%)",
            id="change of a count",
        ),
        pytest.param(
            IN_TIME,
            "Timeliness improved in January.",
            "89% in December 2020 and 84% in January 2021, which is 5 percentage points lower (6%)",
            id="change of a percentage",
        ),
        pytest.param(
            ENQUIRIES_RATE,
            "The rate rose in January.",
            "29 per 10,000 in December 2020 and 18 per 10,000 in January 2021, which is 39% lower",
            id="change of a rate",
        ),
        pytest.param(
            ORDERS_MADE,
            "Orders made have risen since August.",
            "6 in August 2020 and 5 in January 2021, which is 1 fewer (17%)",
            id="change since a month",
        ),
        pytest.param(
            CONFERENCES,
            "The 12-month average is above statistical neighbours.",
            "the 12-month average is 42, which is 1 lower (2%) than statistical neighbours (43)",
            id="comparison of the average",
        ),
        pytest.param(
            CONTACTS, "It is the highest this year.", "1,787 in November 2020, 1,464 in January 2021", id="extreme"
        ),
        pytest.param(CONTACTS, "Contacts rose in May 2021.", "the row ends with January 2021", id="month"),
    ],
)
def test_finding_gives_the_fact(row, text, fact):
    assert [finding.fact for finding in check(text, row)] == [fact]


def test_finding_says_where_and_what_in_words():
    text = "Schools were closed. Contacts increased in January."
    finding = check(text, CONTACTS)[0]
    assert text[finding.start : finding.end] == finding.phrase == "increased in January"
    assert finding.message == (
        "“increased in January”: 1,507 in December 2020 and 1,464 in January 2021, which is 43 fewer (3%)."
    )


def test_findings_come_in_the_order_of_the_text():
    text = "Contacts rose in January. There were 1,500 contacts in December."
    assert [finding.phrase for finding in check(text, CONTACTS)] == ["rose in January", "1,500 contacts in December"]


def test_one_phrase_has_one_finding():
    assert len(check("Contacts rose from 1,400 in December to 1,500 in January.", CONTACTS)) <= 3
