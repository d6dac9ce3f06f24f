"""How figures are displayed, and text that a spreadsheet could take for a formula."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.figures import Figure
from indicators.calculations.formatting import (
    format_change,
    format_figure,
    format_number,
    format_value,
    neutralise,
    restore,
)
from indicators.calculations.vocabulary import Blank, Stage, Unit


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        pytest.param(0, 0, "0", id="zero"),
        pytest.param(Fraction(2, 5), 0, "0", id="0.4"),
        pytest.param(Fraction(-2, 5), 0, "0", id="-0.4 is no negative zero"),
        pytest.param(Fraction(1, 2), 0, "1", id="0.5"),
        pytest.param(Fraction(-1, 2), 0, "-1", id="-0.5"),
        pytest.param(Fraction(5, 2), 0, "3", id="2.5 is not rounded to even"),
        pytest.param(Fraction(-5, 2), 0, "-3", id="-2.5 is not rounded to even"),
        pytest.param(999, 0, "999", id="three digits"),
        pytest.param(1000, 0, "1,000", id="four digits"),
        pytest.param(1234567, 0, "1,234,567", id="seven digits"),
        pytest.param(Fraction(19999, 20), 0, "1,000", id="rounded into the thousands"),
        pytest.param(-1464, 0, "-1,464", id="negative thousands"),
        pytest.param(Fraction(1, 3), 1, "0.3", id="a third"),
        pytest.param(Fraction(2, 3), 4, "0.6667", id="two thirds to four places"),
        pytest.param(12, 1, "12.0", id="zeros are kept"),
        pytest.param(Fraction(41, 4), 1, "10.3", id="an exact half at the place"),
        pytest.param(Fraction(105, 1000), 2, "0.11", id="0.105 exactly, unlike binary floating point"),
        pytest.param(Fraction(-4, 100), 1, "0.0", id="no negative zero with decimals"),
        pytest.param(Fraction(1999, 2000), 2, "1.00", id="carried over the point"),
    ],
)
def test_format_number(value, places, expected):
    assert format_number(value, places) == expected


@pytest.mark.parametrize(
    ("value", "unit", "places", "expected"),
    [
        pytest.param(1464, Unit.COUNT, 0, "1,464", id="count"),
        pytest.param(Fraction(27100, 1464), Unit.PERCENTAGE, 0, "19%", id="percentage"),
        pytest.param(Fraction(27100, 1464), Unit.PERCENTAGE, 1, "18.5%", id="percentage with a decimal"),
        pytest.param(Fraction(2710000, 50834), Unit.RATE_10000, 0, "53", id="rate per 10,000"),
        pytest.param(417, Unit.RATE_100000, 0, "417", id="rate per 100,000"),
        pytest.param(0, Unit.COUNT, 0, "0", id="none"),
        pytest.param(0, Unit.PERCENTAGE, 0, "0%", id="none per cent"),
        pytest.param(Fraction(49, 100), Unit.COUNT, 0, "[low]", id="more than none"),
        pytest.param(Fraction(49, 100), Unit.PERCENTAGE, 0, "[low]", id="more than none per cent"),
        pytest.param(Fraction(4, 100), Unit.RATE_10000, 1, "[low]", id="more than none with decimals"),
        pytest.param(Fraction(1, 2), Unit.PERCENTAGE, 0, "1%", id="a half is not low"),
        pytest.param(Fraction(49, 100), Unit.PERCENTAGE, 1, "0.5%", id="not low with a decimal"),
        pytest.param(Fraction("99.6"), Unit.PERCENTAGE, 0, "[high]", id="not quite all"),
        pytest.param(Fraction("99.5"), Unit.PERCENTAGE, 0, "[high]", id="a half below all rounds to it"),
        pytest.param(Fraction("99.49"), Unit.PERCENTAGE, 0, "99%", id="rounds to less than all"),
        pytest.param(Fraction("99.95"), Unit.PERCENTAGE, 1, "[high]", id="not quite all with a decimal"),
        pytest.param(Fraction("99.94"), Unit.PERCENTAGE, 1, "99.9%", id="less than all with a decimal"),
        pytest.param(100, Unit.PERCENTAGE, 0, "100%", id="all"),
        pytest.param(Fraction("100.4"), Unit.PERCENTAGE, 0, "100%", id="more than all"),
        pytest.param(Fraction("1000.4"), Unit.PERCENTAGE, 0, "1,000%", id="ten times all"),
        pytest.param(Fraction("99.6"), Unit.COUNT, 0, "100", id="a count has no all"),
        pytest.param(Fraction("99.6"), Unit.RATE_10000, 0, "100", id="nor has a rate"),
        pytest.param(None, Unit.PERCENTAGE, 0, "n/a", id="nothing"),
    ],
)
def test_format_value(value, unit, places, expected):
    assert format_value(value, unit, places) == expected


@pytest.mark.parametrize(
    ("blank", "expected"),
    [
        (Blank.AWAITED, "tbc"),
        (Blank.NOT_DUE, "not due"),
        (Blank.NOT_AVAILABLE, "[x]"),
        (Blank.NOT_APPLICABLE, "[z]"),
        (Blank.SUPPRESSED, "[c]"),
    ],
)
def test_format_figure_of_a_blank(blank, expected):
    assert format_figure(Figure(None, blank), Unit.COUNT) == expected


def test_format_figure_of_zero_is_no_blank():
    assert format_figure(Figure(0), Unit.COUNT) == "0"


@pytest.mark.parametrize(
    ("stage", "expected"),
    [(Stage.FINAL, ""), (Stage.PROVISIONAL, "[p]"), (Stage.REVISED, "[r]"), (Stage.ESTIMATED, "[e]")],
)
def test_stage_shorthand(stage, expected):
    assert stage.shorthand == expected


@pytest.mark.parametrize(
    ("relative", "expected"),
    [
        pytest.param(Fraction(23, 7), "329%", id="up"),
        pytest.param(Fraction(-3, 4), "-75%", id="down"),
        pytest.param(Fraction(-1, 300), "0%", id="a little down is no negative zero"),
        pytest.param(Fraction(1, 300), "0%", id="a little up is 0, not low"),
        pytest.param(Fraction(1, 200), "1%", id="half a per cent"),
        pytest.param(Fraction(-1, 200), "-1%", id="half a per cent down"),
        pytest.param(Fraction(1234), "123,400%", id="thousands"),
        pytest.param(None, "n/a", id="none"),
    ],
)
def test_format_change(relative, expected):
    assert format_change(relative) == expected


TEXTS = st.text(st.sampled_from("'=+-@\t\r\nab 1"), max_size=6) | st.text()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('=HYPERLINK("x")', '\'=HYPERLINK("x")', id="equals"),
        pytest.param("+44 23", "'+44 23", id="plus"),
        pytest.param("-1+2", "'-1+2", id="minus"),
        pytest.param("@SUM(A1)", "'@SUM(A1)", id="at"),
        pytest.param("\t=1", "'\t=1", id="tab"),
        pytest.param("\r=1", "'\r=1", id="return"),
        pytest.param("\n=1", "'\n=1", id="line end"),
        pytest.param("CP2 = 56", "CP2 = 56", id="a sign inside is harmless"),
        pytest.param("don't", "don't", id="an apostrophe inside"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_neutralise(text, expected):
    assert neutralise(text) == expected


@given(TEXTS)
def test_restore_gives_what_was_neutralised(text):
    assert restore(neutralise(text)) == text


@given(TEXTS)
def test_neutralised_text_never_starts_a_formula(text):
    assert not neutralise(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
