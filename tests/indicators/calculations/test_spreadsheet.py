"""Text that a spreadsheet could take for a formula."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.spreadsheet import neutralise, restore

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
