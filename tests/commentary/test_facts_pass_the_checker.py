"""Every fact sentence that the app writes holds against the row it was written from."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commentary.checker import check
from commentary.facts import fact_sentences
from indicators.calculations.figures import Figure
from indicators.calculations.rating import TargetTerms
from indicators.calculations.spc import Variation
from indicators.calculations.vocabulary import Blank, Frequency, OnBasis, Polarity, Stage, Unit
from tests.commentary.lines import make_line
from tests.scorecard.report.rows import CORE_CITIES, GROUPS, make_signal

pytestmark = pytest.mark.slow
TITLES = (
    "Number of contacts received (includes contacts that become referrals)",
    "Percentage of Single Assessments (SA) completed within 10 days",
    "Rate of Section 47 (S47) enquiries started per 10,000 children aged 0-17",
    "Number of Looked after Children at end of period",
    "Families attached per quarter",
    "Variance of the agency staff budget",
)
MONTHS = st.dates(date(2019, 1, 1), date(2022, 12, 31)).map(lambda day: day.replace(day=1))
# Small numbers, ties and zeros are where sentences go wrong, so they come often.
WHOLE = st.one_of(st.integers(0, 5), st.integers(0, 60), st.integers(0, 3000))
OFFERED = st.sampled_from([(), GROUPS, (*GROUPS, CORE_CITIES)])
FRACTIONS = st.builds(Fraction, st.integers(0, 400), st.integers(1, 60))


def share(part, rest):
    return Fraction(100 * part, part + rest)


def values(unit, *, allows_negative=False):
    if allows_negative:
        return st.one_of(values(unit), values(unit).map(lambda value: -value))
    if unit is Unit.COUNT:
        return WHOLE
    if unit is Unit.PERCENTAGE:
        return st.one_of(st.integers(0, 100), st.builds(share, st.integers(0, 30), st.integers(1, 30)))
    return st.one_of(WHOLE, FRACTIONS)


def figures(numbers):
    filled = st.builds(lambda value, stage: Figure(value, None, stage), numbers, st.sampled_from(Stage))
    return st.one_of(filled, filled, filled, st.sampled_from(Blank), st.none())


@st.composite
def rows(draw):
    unit = draw(st.sampled_from(Unit))
    allows_negative = draw(st.booleans())
    numbers = values(unit, allows_negative=allows_negative)
    groups = draw(st.dictionaries(st.sampled_from([*GROUPS, CORE_CITIES]), st.one_of(st.none(), numbers)))
    terms = st.builds(TargetTerms, st.one_of(st.none(), numbers), st.integers(0, 5))
    return make_line(
        draw(st.lists(figures(numbers), min_size=1, max_size=13)),
        month=draw(MONTHS),
        unit=unit,
        rate_base=draw(st.sampled_from([500, 1_000_000])) if unit is Unit.RATE else None,
        allows_negative=allows_negative,
        polarity=draw(st.sampled_from(Polarity)),
        frequency=draw(st.sampled_from(Frequency)),
        current=draw(st.sampled_from([-1, -1, -2, -3])),
        comparators=groups,
        on_basis=draw(st.sampled_from(OnBasis)),
        target=draw(st.one_of(st.none(), terms)),
        title=draw(st.sampled_from(TITLES)),
        decimal_places=draw(st.integers(0, 2)),
        signal=make_signal(draw(st.one_of(st.none(), st.sampled_from(Variation)))),
    )


@given(row=rows(), groups=OFFERED)
def test_fact_sentences_have_no_finding_on_their_own_row(row, groups):
    sentences = fact_sentences(row)
    for text in (*sentences, " ".join(sentences)):
        assert [finding.message for finding in check(text, row, groups=groups)] == [], text


@given(row=rows(), groups=OFFERED)
def test_fact_sentences_are_whole_sentences(row, groups):
    for sentence in fact_sentences(row):
        assert sentence[0].isupper() or sentence[0].isdigit() or sentence[0] in "-£"
        assert sentence.endswith(".")
        assert "  " not in sentence
        assert ";;" not in sentence


@given(text=st.text(max_size=300), row=rows(), groups=OFFERED)
def test_any_text_can_be_checked(text, row, groups):
    for finding in check(text, row, groups=groups):
        assert text[finding.start : finding.end].strip()
