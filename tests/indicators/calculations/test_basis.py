"""Rules that put a published figure on a row's basis: worked out by hand, and written in as many ways as people do."""

import contextlib
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.basis import (
    Published,
    Rule,
    Step,
    is_of_other_time,
    known_basis,
    parse_basis,
    parse_parts,
    parse_rule,
    parts_text,
)
from indicators.calculations.vocabulary import Accumulation, ComparatorPeriod, Frequency, OnBasis, Unit

YEAR, AVERAGE, QUARTER, MONTH, DAY = (
    ComparatorPeriod.YEAR,
    ComparatorPeriod.AVERAGE,
    ComparatorPeriod.QUARTER,
    ComparatorPeriod.MONTH,
    ComparatorPeriod.DAY,
)
TWELFTH = Rule((Step(divides=True, number=12),))
WRITTEN = {
    "/ 12": ["/12", "÷ 12", "÷12", "divided by 12", "Divided by 12.", "divide by 12", ": 12", "/ 12.0"],
    "× 4": ["x 4", "x4", "X 4", "* 4", "× 4", "times 4", "multiplied by 4"],
    "100 minus": [
        "100-",
        "100 -",
        "100–",
        "100 minus",
        "100% minus",
        "100 less",
        "subtracted from 100",
        "100 - figure",
    ],
    "/ 12 months": ["per month", "a month", "monthly", "/ 12 months", "/12months", "divided by 12 months"],
    "/ 152 authorities / 12 months": [
        "/ 152 authorities / 12 months",
        "÷152 authorities÷12 months",
        "divided by 152 authorities, then divided by 12 months",
        "/ 152 authorities, per month",
    ],
    "× 1,000": ["x 1000", "x 1,000"],
    "100 minus / 12": ["100 minus / 12", "100-, /12", "subtracted from 100 and divided by 12"],
    "× 100, 100 minus": ["x 100, 100 minus", "times 100, then subtracted from 100"],
    "/ 250,000 people × 10,000": ["per 10,000 of 250,000", "per 10000 of a population of 250,000 people"],
    "mean of parts": ["mean of parts", "average of parts", "the mean of the parts", "average of 4 parts"],
    "mean of parts / 3": ["mean of parts / 3", "Average of the parts, divided by 3"],
    "as is": ["as is", "As is", "as published", "", "sum of parts", "the sum of the parts"],
}


def test_rule_is_read_however_it_is_written():
    read = {text: [parse_rule(one).text for one in ways] for text, ways in WRITTEN.items()}

    assert read == {text: [text] * len(ways) for text, ways in WRITTEN.items()}


@pytest.mark.parametrize(
    ("rule", "parts", "value"),
    [
        ("/ 12", "417", Fraction(139, 4)),
        ("/ 12", "100", Fraction(25, 3)),
        ("/ 152 authorities / 12 months", "642,980", Fraction(160745, 456)),
        ("100 minus", "83.8", Fraction(81, 5)),
        ("x 4", "30.5", 122),
        ("x 100, 100 minus", "0.84", 16),
        ("100 minus, / 2", "40", 30),
        ("", "120 + 80 + 95", 295),
        ("/ 12", "120 + 80; 95 and 5", 25),
        ("mean of parts", "10 + 11 + 13", Fraction(34, 3)),
        ("mean of parts, x 3", "10 + 11 + 13", 34),
        ("per 10,000 of 250,000", "1,325", 53),
        ("", "-20 + 5", -15),
        ("", "120 - 20", 100),
        ("as is", "16.2%", Fraction(81, 5)),
    ],
)
def test_value_is_exact(rule, parts, value):
    assert Published(parts_text(parse_parts(parts)), YEAR, parse_rule(rule).text).value == value


@pytest.mark.parametrize(
    ("period", "rule", "text"),
    [
        (YEAR, "per quarter", "/ 4 quarters"),
        (QUARTER, "per month", "/ 3 months"),
        (QUARTER, "per year", "× 4 quarters"),
        (ComparatorPeriod.HALF_YEAR, "per month", "/ 6 months"),
        (ComparatorPeriod.TERM, "a month", "/ 4 months"),
        (YEAR, "per term", "/ 3 terms"),
        (MONTH, "per month", "as is"),
    ],
)
def test_time_of_the_figure_says_what_per_month_means(period, rule, text):
    assert parse_rule(rule, period).text == text


@pytest.mark.parametrize(
    ("rule", "period", "problem"),
    [
        ("/ 0", YEAR, "“/ 0” divides by 0."),
        ("/ 12 / 0.0", YEAR, "divides by 0"),
        ("x 0", YEAR, "multiplies by 0"),
        ("banana", YEAR, "“banana” is not a rule. Write what is done"),
        ("/", YEAR, "is not a rule"),
        ("12", YEAR, "is not a rule"),
        ("/ twelve", YEAR, "is not a rule"),
        ("/ 50%", YEAR, "is not a rule"),
        ("/ 12 + 3", YEAR, "is not a rule"),
        ("/ authorities", YEAR, "Write how many authorities"),
        ("per authority", YEAR, "Write how many authorities"),
        ("per month", DAY, "needs the total of a longer time"),
        ("per month", None, "say what time the figure is of"),
        ("per quarter", ComparatorPeriod.TERM, "A quarter is no whole part of a term"),
        ("1" * 400, YEAR, "is not a rule"),
    ],
)
def test_what_is_no_rule_is_told(rule, period, problem):
    with pytest.raises(ValueError, match=re.escape(problem)):
        parse_rule(rule, period)


@pytest.mark.parametrize("text", ["about 400", "12 34", "1.2m", "4,17", "+ +3", "12 +", "3 -+ 4", "1/2"])
def test_what_is_no_figure_is_told(text):
    with pytest.raises(ValueError, match="is not a figure"):
        parse_parts(text)


def test_parts_are_not_endless():
    with pytest.raises(ValueError, match="These are 25 parts; at most 24 can be kept"):
        parse_parts("+".join("1" * 25))


NUMBERS = st.integers(0, 10**12).map(lambda thousandths: Fraction(thousandths, 1000))
SIGNED = st.integers(-(10**12), 10**12).map(lambda thousandths: Fraction(thousandths, 1000))
NOUNS = st.sampled_from(["", "months", "authorities", "local authorities", "people", "children under one", "weeks"])
STEPS = st.one_of(
    st.tuples(st.booleans(), NUMBERS.filter(bool), NOUNS, st.just(value=False)),
    st.tuples(st.just(value=False), NUMBERS, st.just(""), st.just(value=True)),
).map(Step._make)
RULES = st.tuples(st.lists(STEPS, max_size=4).map(tuple), st.booleans()).map(Rule._make)


@given(RULES)
def test_words_of_a_rule_are_read_as_the_same_rule(rule):
    assert parse_rule(rule.text) == rule
    assert parse_rule(rule.said) == rule


@given(st.lists(SIGNED, min_size=1, max_size=9))
def test_parts_are_read_as_they_were_written(parts):
    assert list(parse_parts(parts_text(parts))) == parts


@given(st.text(max_size=60))
def test_any_text_is_a_rule_or_told(text):
    for read in (parse_rule, parse_basis, parse_parts):
        with contextlib.suppress(ValueError):
            read(text)


@pytest.mark.parametrize(
    ("published", "year", "starts", "words"),
    [
        (Published("417", YEAR, "/ 12"), 2019, 4, "417 in the year 2019-20, divided by 12"),
        (Published("417", YEAR, "/ 12"), 2019, 1, "417 in the year 2019, divided by 12"),
        (Published("417", YEAR, "/ 12"), 2019, 9, "417 in the academic year 2019-20, divided by 12"),
        (Published("417", YEAR, ""), 2019, 7, "417 in the year from July 2019"),
        (Published("417", YEAR, "/ 12"), None, 4, "417 in a year that isn’t stated, divided by 12"),
        (Published("16.2", DAY, "100 minus"), 2019, 4, "16.2 on a day in 2019-20, subtracted from 100"),
        (
            Published("1200 + 80", QUARTER, "/ 3"),
            2019,
            9,
            "1,200 + 80 in a quarter of the academic year 2019-20, divided by 3",
        ),
        (Published("12.5", AVERAGE, "as is"), 2019, 4, "12.5 on average in the year 2019-20, taken as it is"),
        (Published("", YEAR, ""), 2019, 4, "in the year 2019-20"),
        (Published("417", None, "/ 12"), 2019, 4, "417 for 2019-20, divided by 12"),
        (Published(), 2019, 4, ""),
    ],
)
def test_published_figure_is_told(published, year, starts, words):
    assert published.words(year, starts) == words


@pytest.mark.parametrize(("parts", "rule"), [("about 400", "/ 12"), ("417", "/ 0"), ("417", "by twelve")])
def test_what_can_not_be_read_is_shown_as_it_is_and_not_compared(parts, rule):
    published = Published(parts, YEAR, rule)
    assert (published.value, published.words(2019)) == (None, f"{parts} in the year 2019-20, {rule}")
    basis = known_basis(OnBasis.YES, published, Frequency.MONTHLY, Unit.COUNT, Accumulation.NO)
    assert basis is OnBasis.UNKNOWN


def test_figure_of_another_time_is_known_by_what_adds_up():
    cases = {
        (YEAR, Frequency.MONTHLY, Unit.COUNT, Accumulation.NO): True,
        (YEAR, Frequency.MONTHLY, Unit.RATE_10000, Accumulation.NO): True,
        (YEAR, Frequency.QUARTERLY, Unit.MONEY, Accumulation.NO): True,
        (YEAR, Frequency.YEARLY, Unit.COUNT, Accumulation.NO): False,
        (QUARTER, Frequency.QUARTERLY, Unit.COUNT, Accumulation.NO): False,
        (QUARTER, Frequency.TERMLY, Unit.COUNT, Accumulation.NO): True,
        (MONTH, Frequency.MONTHLY, Unit.COUNT, Accumulation.NO): False,
        (AVERAGE, Frequency.MONTHLY, Unit.COUNT, Accumulation.NO): False,
        (DAY, Frequency.MONTHLY, Unit.COUNT, Accumulation.NO): False,
        (YEAR, Frequency.MONTHLY, Unit.PERCENTAGE, Accumulation.NO): False,
        (YEAR, Frequency.MONTHLY, Unit.DAYS, Accumulation.NO): False,
        (YEAR, Frequency.MONTHLY, Unit.DAYS, Accumulation.PER_PERIOD): True,
        (None, Frequency.MONTHLY, Unit.COUNT, Accumulation.NO): False,
    }
    assert {case: is_of_other_time(*case) for case in cases} == cases


@pytest.mark.parametrize(
    ("said", "rule", "known"),
    [
        (OnBasis.YES, "", OnBasis.UNKNOWN),
        (OnBasis.YES, "/ 12", OnBasis.YES),
        (OnBasis.YES, "as is", OnBasis.YES),
        (OnBasis.NO, "", OnBasis.NO),
        (OnBasis.UNKNOWN, "/ 12", OnBasis.UNKNOWN),
    ],
)
def test_basis_of_another_time_without_a_rule_is_unknown(said, rule, known):
    assert known_basis(said, Published("417", YEAR, rule), Frequency.MONTHLY, Unit.COUNT, Accumulation.NO) is known


@pytest.mark.parametrize(
    ("rule", "authorities", "words"),
    [
        ("100 minus / 12", None, "(100 - England) / 12"),
        ("100 minus x 4 / 12", None, "(100 - England) × 4 / 12"),
        ("/ 12, 100 minus", None, "100 - (England / 12)"),
        ("50 minus, 100 minus", None, "100 - (50 - England)"),
        ("100 minus / authorities", 152, "(100 - England) / 152 authorities"),
        ("100 minus / authorities", None, "100 - England"),
    ],
)
def test_formula_has_brackets_where_arithmetic_would_read_it_otherwise(rule, authorities, words):
    assert parse_basis(rule).words("England", authorities) == words
