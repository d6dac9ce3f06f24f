"""How tokens, months, numbers and clauses are read."""

from datetime import date
from fractions import Fraction

import pytest

from commentary.checker.reading.clauses import read_clauses
from commentary.checker.reading.numbers import AmountUnit, Bound
from commentary.checker.reading.sentence import read_sentence
from commentary.checker.reading.subject import stem
from commentary.checker.reading.tokens import sentences

from .rows import CONTACTS, FAMILIES, REGION_NAME

NUMBER, PERCENT, POINTS = AmountUnit


def only_sentence(text, row=CONTACTS):
    (tokens,) = sentences(text)
    return read_sentence(text, tokens, row, REGION_NAME)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two.", 2),
        ("Fell by 3.5% in January.", 1),
        ("See Sec.47 work.", 1),
        ("It fell.This was expected.", 2),
        ("First line\nsecond line", 2),
        ("No mark at the end", 1),
        ("", 0),
    ],
)
def test_sentences_are_told_apart(text, expected):
    assert len(sentences(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in January", date(2021, 1, 1)),
        ("in December", date(2020, 12, 1)),
        ("in Jan 21", date(2021, 1, 1)),
        ("in Jan-21", date(2021, 1, 1)),
        ("in Jan ’20", date(2020, 1, 1)),
        ("in Sept 2020", date(2020, 9, 1)),
        ("in July last year", date(2020, 7, 1)),
        ("than last January", date(2020, 1, 1)),
        ("than last December", date(2020, 12, 1)),
        ("November's", date(2020, 11, 1)),
        ("this month", date(2021, 1, 1)),
        ("this month's", date(2021, 1, 1)),
        ("than last month", date(2020, 12, 1)),
        ("than the month before", date(2020, 12, 1)),
        ("than a year ago", date(2020, 1, 1)),
        ("the same month last year", date(2020, 1, 1)),
        ("at this time in 2019", date(2019, 1, 1)),
        ("over the past year", date(2020, 1, 1)),
        ("in the last three months", date(2020, 10, 1)),
        ("March 2020", date(2020, 3, 1)),
    ],
)
def test_month_is_read(text, expected):
    (period,) = only_sentence(text).periods
    assert period.month == expected


@pytest.mark.parametrize(
    "text",
    [
        "9 February",
        "9th of February 2021",
        "in February",
        "in 2020",
        "since the lockdown",
        "over recent months",
        "in quarter 2",
        "this quarter",
        "from month to month",
    ],
)
def test_time_that_is_no_month_of_the_row_is_not_clear(text):
    assert {period.month for period in only_sentence(text).periods} == {None}


@pytest.mark.parametrize("text", ["they may march on", "May be", "the jan", "a sec"])
def test_word_that_is_no_month_is_left_alone(text):
    assert only_sentence(text).periods == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in quarter 3", date(2020, 12, 1)),
        ("in Q2", date(2020, 9, 1)),
        ("in Qtr 4", None),
        ("in quarters 1, 2 and 3", None),
        ("this quarter", date(2020, 12, 1)),
        ("than the previous quarter", date(2020, 9, 1)),
        ("in the quarter to September", date(2020, 9, 1)),
        ("than last month", None),
    ],
)
def test_quarter_is_read_for_a_quarterly_indicator(text, expected):
    assert only_sentence(text, FAMILIES).periods[0].month == expected


@pytest.mark.parametrize(
    ("text", "value", "unit", "bound"),
    [
        ("had 1,464", 1464, NUMBER, Bound.EXACT),
        ("had 1464", 1464, NUMBER, Bound.EXACT),
        ("had twenty-one", 21, NUMBER, Bound.EXACT),
        ("at 84%", 84, PERCENT, Bound.EXACT),
        ("at 84 %", 84, PERCENT, Bound.EXACT),
        ("at 84 per cent", 84, PERCENT, Bound.EXACT),
        ("at 84.5%", Fraction(169, 2), PERCENT, Bound.EXACT),
        ("up 3 percentage points", 3, POINTS, Bound.EXACT),
        ("up 3 points", 3, POINTS, Bound.EXACT),
        ("up 3% points", 3, POINTS, Bound.EXACT),
        ("about 1,500", 1500, NUMBER, Bound.ABOUT),
        ("~100", 100, NUMBER, Bound.ABOUT),
        ("more than 30", 30, NUMBER, Bound.AT_LEAST),
        ("over 30%", 30, PERCENT, Bound.AT_LEAST),
        ("less than 30", 30, NUMBER, Bound.AT_MOST),
        ("one more", 1, NUMBER, Bound.EXACT),
    ],
)
def test_number_is_read(text, value, unit, bound):
    (amount,) = only_sentence(text).amounts
    assert (amount.value, amount.unit, amount.bound) == (value, unit, bound)


@pytest.mark.parametrize(
    "text",
    [
        "section 47",
        "Sec.47",
        "aged 16",
        "under 18",
        "16 and over",
        "the age of 21",
        "within 45 days",
        "1 working day",
        "the last 12 months",
        "a 12-month average",
        "9/2/21",
        "2020/21",
        "11-25",
        "11 - 25",
        "11 to 25",
        "3/5",
        "3 of the 5",
        "9 out of 10",
        "1 in 4",
        "per 10,000",
        "£850",
        "a target of 94%",
        "94% target",
        "Covid-19",
        "E11",
        "2018",
        "16+",
        "three times",
        "one of them",
    ],
)
def test_number_that_is_no_figure_is_left_alone(text):
    assert only_sentence(text).amounts == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Contacts fell and referrals rose.", ["Contacts fell", "and referrals rose"], id="and"),
        pytest.param(
            "The number and share of contacts fell.", ["The number and share of contacts fell"], id="one verb"
        ),
        pytest.param(
            "Contacts fell in line with the fall in referrals.",
            ["Contacts fell in line", "with the fall in referrals"],
            id="in line with",
        ),
        pytest.param("Children with a plan fell.", ["Children with a plan fell"], id="with in a name"),
        pytest.param("However, contacts fell.", ["However, contacts fell"], id="nothing said yet"),
        pytest.param("Contacts fell, year on year.", ["Contacts fell, year on year"], id="time behind"),
        pytest.param("It was between 4 and 9.", ["It was between 4 and 9"], id="between"),
    ],
)
def test_sentence_is_split_into_clauses(text, expected):
    _, clauses = read_clauses(text, CONTACTS, REGION_NAME)
    spans = [
        (clause.sentence.tokens[clause.first].start, clause.sentence.tokens[clause.last].end) for clause in clauses
    ]
    assert [text[start:end].strip(" ,.") for start, end in spans] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("It fell.", [True], id="the first sentence speaks of the row"),
        pytest.param("Contacts fell.", [True], id="its name"),
        pytest.param("Contacts from schools fell.", [False], id="a part of it"),
        pytest.param("The share of contacts fell.", [False], id="another unit"),
        pytest.param("Staff fell ill. It fell.", [False, False], id="it is what was spoken of"),
        pytest.param("Schools were closed. The number fell.", [False, True], id="the number, and nothing before"),
        pytest.param("Staff numbers rose by 5. The number fell.", [False, False], id="the number of something before"),
        pytest.param("The team took 12 calls in January.", [False], id="a figure of something else"),
        pytest.param("Demand was 1,464 in January, and fell.", [True, True], id="its figure in other words"),
    ],
)
def test_clause_knows_whether_it_speaks_of_the_row(text, expected):
    _, clauses = read_clauses(text, CONTACTS, REGION_NAME)
    assert [clause.is_of_row for clause in clauses] == expected


@pytest.mark.parametrize(
    "words",
    [
        ("assessment", "assessments"),
        ("enquiry", "enquiries"),
        ("child", "children", "child's", "children’s"),
        ("leave", "leaving", "left", "leavers"),
        ("authorise", "authorised"),
        ("visit", "visits", "visited"),
    ],
    ids=lambda words: words[0],
)
def test_forms_of_a_word_have_one_stem(words):
    assert len({stem(word) for word in words}) == 1


@pytest.mark.parametrize(("one", "other"), [("care", "carer"), ("contact", "contract"), ("order", "older")])
def test_different_words_have_different_stems(one, other):
    assert stem(one) != stem(other)
