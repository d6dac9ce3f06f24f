"""How a text is read: sentences, times, numbers, words that claim, clauses, and what belongs to what."""

from datetime import date
from fractions import Fraction

import pytest

from commentary.checker import check
from commentary.checker.clauses import About, read_clauses, subject_of
from commentary.checker.items import Amount, AmountUnit, Bound, Head, Reference, Run, Sentence, references
from commentary.checker.periods import FinancialYear, Period
from commentary.checker.text import Mention, sentences, stem
from commentary.checker.words import Beside, Role
from indicators.calculations.row import PeerGroup
from indicators.calculations.vocabulary import Frequency, GroupKind
from tests.commentary.lines import make_line

from .rows import CONTACTS, FAMILIES, GROUPS, IN_TIME

NUMBER, PERCENT, POINTS = AmountUnit
EVERYWHERE = Mention(0, 99)


def only_sentence(text, row=CONTACTS):
    (tokens,) = sentences(text)
    return Sentence(tokens, row, GROUPS, subject_of(row).core)


def items(kind, text, row=CONTACTS):
    return only_sentence(text, row).within(kind, EVERYWHERE)


def clauses_of(text, row=CONTACTS):
    return read_clauses(sentences(text), row, subject_of(row), GROUPS)


EXCLUSIONS = make_line(
    [24, None, None, None, 25, None, None, 20, None, None, None, None, 30],
    month=date(2020, 12, 1),
    title="Pupils excluded",
    frequency=Frequency.TERMLY,
    year_starts=9,
)
LEAVERS = make_line(
    [48, *[None] * 10],
    earlier={date(2019, 3, 1): 40},
    title="Care leavers in work",
    frequency=Frequency.YEARLY,
)


@pytest.mark.parametrize(
    ("row", "text", "expected"),
    [
        (EXCLUSIONS, "It fell last term.", date(2020, 7, 1)),
        (EXCLUSIONS, "It rose this term.", date(2020, 12, 1)),
        (EXCLUSIONS, "30 in the Autumn term.", date(2020, 12, 1)),
        (EXCLUSIONS, "25 in spring 2020.", date(2020, 4, 1)),
        (EXCLUSIONS, "24 in the autumn term 2019.", date(2019, 12, 1)),
        (EXCLUSIONS, "It fell last month.", None),
        (EXCLUSIONS, "It fell last quarter.", None),
        (EXCLUSIONS, "More than last year.", date(2019, 12, 1)),
        (LEAVERS, "It fell last month.", None),
        (CONTACTS, "It fell last term.", None),
        (CONTACTS, "Fewer than in the autumn term.", None),
        (CONTACTS, "It fell in the last half-year.", None),
    ],
)
def test_periods_are_the_rows_own(row, text, expected):
    assert items(Period, text, row)[0].month == expected


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [
        ("Exclusions rose to 30 from 20 last term.", False),
        ("Exclusions fell to 30 from 20 last term.", True),
        ("25 pupils were excluded in the spring term.", False),
        ("26 pupils were excluded in the spring term.", True),
    ],
)
def test_words_about_terms_are_held_against_the_terms(text, is_wrong):
    assert bool(check(text, EXCLUSIONS)) is is_wrong


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
        ("word " * 450, 3),
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
        ("over the past year", date(2020, 1, 1)),
        ("in the last three months", date(2020, 10, 1)),
        ("March 2020", date(2020, 3, 1)),
    ],
)
def test_month_is_read(text, expected):
    (period,) = items(Period, text)
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
    assert {period.month for period in items(Period, text)} == {None}


@pytest.mark.parametrize("text", ["they may march on", "May be", "the jan", "a sec"])
def test_word_that_is_no_month_is_left_alone(text):
    assert items(Period, text) == []


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
    assert items(Period, text, FAMILIES)[0].month == expected


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
    (amount,) = items(Amount, text)
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
        "per 10,000",
        "£850",
        "Covid-19",
        "E11",
        "2018",
        "16+",
        "three times",
        "one of them",
    ],
)
def test_number_that_is_no_figure_is_left_alone(text):
    assert items(Amount, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Contacts fell and referrals rose.", ["Contacts fell", "and referrals rose"], id="and"),
        pytest.param(
            "The number and share of contacts fell.", ["The number and share of contacts fell"], id="one verb"
        ),
        pytest.param("Children with a plan fell.", ["Children with a plan fell"], id="with in a name"),
        pytest.param("However, contacts fell.", ["However, contacts fell"], id="nothing said yet"),
        pytest.param("Contacts fell, year on year.", ["Contacts fell, year on year"], id="time behind"),
        pytest.param("It was between 4 and 9.", ["It was between 4 and 9"], id="between"),
    ],
)
def test_sentence_is_split_into_clauses(text, expected):
    clauses = clauses_of(text)
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
    clauses = clauses_of(text)
    assert [clause.about is About.ROW for clause in clauses] == expected


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


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("had four hundred", 400),
        ("had fourteen hundred and sixty-four", 1464),
        ("had twenty one", 21),
        ("had a dozen", 12),
        ("had no contacts", 0),
        ("there were none", 0),
        ("a single contact", 1),
        ("one contact came", 1),
    ],
)
def test_number_in_words_is_read(text, value):
    assert [amount.value for amount in items(Amount, text)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "one of them",
        "this one",
        "the second team",
        "no concerns",
        "in the third month",
        "one or two",
        "last quarter",
        "half-term",
    ],
)
def test_word_that_only_looks_like_a_number_is_left_alone(text):
    assert items(Amount, text) == []


@pytest.mark.parametrize(
    ("text", "value", "bound"),
    [
        ("a third of contacts", Fraction(100, 3), Bound.ABOUT),
        ("two thirds of contacts", Fraction(200, 3), Bound.ABOUT),
        ("almost a quarter of contacts", 25, Bound.NEARLY),
        ("just over half of contacts", 50, Bound.JUST_OVER),
        ("more than a fifth of contacts", 20, Bound.AT_LEAST),
    ],
)
def test_fraction_is_a_rough_percentage(text, value, bound):
    (amount,) = items(Amount, text)
    assert (amount.value, amount.unit, amount.bound) == (value, PERCENT, bound)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("42 of the 56", (42, None, 56)),
        ("nine out of ten", (9, None, 10)),
        ("one in five", (1, None, 5)),
        ("between 10 and 15", (10, 15, None)),
        ("ranged from 485 to 512", (485, 512, None)),
        ("rose from 485 to 512", (485, None, None)),
    ],
)
def test_part_and_range_are_one_number(text, expected):
    first = items(Amount, text)[0]
    assert (first.value, first.high, first.whole) == expected


@pytest.mark.parametrize(
    ("text", "role", "sign", "times"),
    [
        ("contacts eased", Role.MOVE, -1, None),
        ("no change in contacts", Role.MOVE, 0, None),
        ("ahead of England", Role.STAND, 1, None),
        ("just short of the target", Role.STAND, -1, None),
        ("on a par with England", Role.STAND, 0, None),
        ("more contacts than in May", Role.THAN, 1, None),
        ("a 12-month high", Role.EXTREME, 1, None),
        ("the fewest of all", Role.EXTREME, -1, None),
        ("have doubled", Role.MOVE, 1, 2),
        ("three times the average", Role.STAND, 1, 3),
        ("half of the average", Role.STAND, -1, Fraction(1, 2)),
        ("a fivefold rise", Role.MOVE, 1, 5),
    ],
)
def test_word_that_claims_is_read(text, role, sign, times):
    head = items(Head, text)[0]
    assert (head.role, head.sign, head.times) == (role, sign, times)


@pytest.mark.parametrize(
    "text", ["set up a team", "the second highest", "to reduce contacts", "high demand", "over Christmas"]
)
def test_word_that_only_looks_like_a_claim_is_left_alone(text):
    assert items(Head, text) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("for the third month in a row", 3),
        ("two months running", 2),
        ("three consecutive rises", 3),
        ("for a second month", 2),
        ("in every month since April", None),
        ("throughout", None),
    ],
)
def test_run_is_read(text, count):
    assert [run.count for run in items(Run, text)] == [count]


@pytest.mark.parametrize("text", ["the third month out of four", "three months ago", "the second team"])
def test_count_without_a_row_is_no_run(text):
    assert items(Run, text) == []


@pytest.mark.parametrize(
    ("text", "beside", "group", "year"),
    [
        ("than England", Beside.GROUP, "england", None),
        ("than the England average", Beside.GROUP, "england", None),
        ("than the 12-month average", Beside.AVERAGE, "", None),
        ("than the South East", Beside.GROUP, "region", None),
        ("than our statistical neighbours", Beside.GROUP, "statistical_neighbours", None),
        ("than comparators", Beside.GROUP, "", None),
        ("than the 2019-20 target", Beside.TARGET, "", 2019),
        ("than the target for 2018/19", Beside.TARGET, "", 2018),
        ("than the 12-month peak", Beside.MAXIMUM, "", None),
    ],
)
def test_what_figures_are_set_beside_is_read(text, beside, group, year):
    assert [(one.beside, one.group, one.year) for one in items(Reference, text)] == [(beside, group, year)]


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("core cities", "core"),
        ("cities", "cities"),
        ("ONS cluster", "cluster"),
        ("North-East authorities", "north"),
        ("South East", "region"),
        ("clusters", None),
    ],
)
def test_groups_are_called_by_their_names_the_longest_of_which_is_meant(text, group):
    named = [("Core Cities", "core"), ("Cities", "cities"), ("ONS cluster", "cluster")]
    named.append(("North-East authorities", "north"))
    groups = [PeerGroup(code, name, name, name.lower()) for name, code in named]
    groups.append(PeerGroup("region", "South East", "SE", "the South East region", GroupKind.REGION))
    (tokens,) = sentences(text)
    found = references(tuple(groups)).at(tokens, 0)
    assert found == (group and (len(tokens) - 1, (Beside.GROUP, group)))


def test_financial_year_is_no_month():
    assert [one.year for one in items(FinancialYear, "in 2019/20")] == [2019]
    assert items(FinancialYear, "teams 19/21") == []


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("of the last six months", 6),
        ("a 12-month high", 12),
        ("in the past 12.", 12),
        ("for eleven months", 11),
        ("this year", 12),
    ],
)
def test_stretch_is_read_as_months(text, months):
    (period,) = items(Period, text)
    assert len(period.windows[0]) == months


def test_share_of_a_stretch_is_no_stretch():
    assert {period.windows for period in items(Period, "in four of the last six months")} == {()}


@pytest.mark.parametrize(
    ("text", "size", "dated", "quoted"),
    [
        pytest.param("fell by 9 to 508 in January", [9], [(508, 1)], [], id="size, and level with its month"),
        pytest.param("down 3% on December's 1,507", [3], [(1507, 12)], [], id="genitive"),
        pytest.param("43 fewer than in December", [43], [], [], id="size in front"),
        pytest.param("above England (353)", [], [], [353], id="what others have"),
        pytest.param("below the average of 20", [], [], [20], id="the average's own figure"),
        pytest.param("fell below 1,300 in May", [], [(1300, 5)], [], id="a level, not a size"),
        pytest.param("no change at 1,464", [], [], [], id="no change has no size"),
        pytest.param("the highest since August: 1,162", [], [], [], id="not the figure of a month set against"),
        pytest.param("the August figure of 1,343", [], [(1343, 8)], [], id="a month's figure without a genitive"),
    ],
)
def test_numbers_are_given_to_what_they_belong_to(text, size, dated, quoted):
    (clause, *_) = clauses_of(text)
    sentence = clause.sentence
    months = [(one.value, sentence.months.get(id(one))) for one in sentence.levels]
    assert [one.value for one in sentence.sizes.values()] == size
    assert [(value, period.month.month) for value, period in months if period] == dated
    assert [amount.value for _, amount in sentence.quoted] == quoted


@pytest.mark.parametrize(
    ("text", "row", "about"),
    [
        pytest.param("MASH handled 1,300 contacts.", CONTACTS, About.ROW, id="a verb that any measure can have"),
        pytest.param("Contacts from schools rose.", CONTACTS, About.LIKELY, id="a word that it does not know"),
        pytest.param("Sickness rose.", CONTACTS, About.OTHER, id="nothing of it"),
        pytest.param("It rose by 3.", CONTACTS, About.ROW, id="what was spoken of"),
        pytest.param("The number in time rose.", IN_TIME, About.OTHER, id="another unit"),
    ],
)
def test_clause_knows_how_well_its_words_fit(text, row, about):
    assert clauses_of(text, row)[0].about is about
