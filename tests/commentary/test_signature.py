"""A figure written down: two that a reader can tell apart are never written alike."""

from fractions import Fraction

import pytest

from commentary.sign_off import signature
from indicators.calculations.figures import NO_RECORD, Figure, derive, quotient
from indicators.calculations.vocabulary import Blank, Stage

AWAITED = Figure(None, Blank.AWAITED)


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        pytest.param(Figure(1464), "1464", id="a count"),
        pytest.param(Figure(0), "0", id="zero is a figure"),
        pytest.param(Figure(Fraction(39, 2)), "39/2", id="a decimal, exactly"),
        pytest.param(quotient(4, 31, 100), "4/31", id="numerator and denominator"),
        pytest.param(quotient(0, 0, 100), "0/0", id="nothing of nothing"),
        pytest.param(derive([Figure(271)], [Figure(1464)], 100), "271/1464", id="worked out"),
        pytest.param(derive([Figure(46), Figure(11)], [], 1), "57", id="a sum"),
        pytest.param(AWAITED, "awaited", id="a blank"),
        pytest.param(NO_RECORD, "not_available", id="nothing recorded"),
        pytest.param(Figure(5, stage=Stage.PROVISIONAL), "5 [p]", id="a stage that is not final"),
        pytest.param(Figure(5, note="Two siblings moved."), "5 Two siblings moved.", id="a note"),
        pytest.param(
            Figure(None, Blank.AWAITED, Stage.ESTIMATED, note="Late."), "awaited [e] Late.", id="a blank with both"
        ),
    ],
)
def test_signature_is_all_that_a_reader_sees(figure, expected):
    assert signature(figure) == expected


def test_different_entries_have_different_signatures():
    figures = [
        quotient(1, 2, 100),
        quotient(2, 4, 100),
        Figure(50),
        Figure(0),
        *(Figure(None, blank) for blank in Blank),
        *(Figure(50, stage=stage) for stage in Stage if stage is not Stage.FINAL),
        Figure(50, note="Late."),
    ]
    assert len({signature(figure) for figure in figures}) == len(figures)


def test_the_same_value_another_way_round_is_the_same():
    assert signature(Figure(Fraction(50))) == signature(Figure(50))


def test_line_ends_make_no_other_figure():
    assert signature(Figure(5, note="Two moved.\r\nOne back.\r\n")) == signature(
        Figure(5, note="Two moved.\nOne back.")
    )
