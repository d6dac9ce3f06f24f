"""The drawings of signals: hidden from those who hear the page, and told apart without colour."""

import re

import pytest

from indicators.calculations.spc import Assurance, Variation
from scorecard.display.cells import rating_cell, signal_cell
from scorecard.display.drawings import assurance_icon, variation_icon
from tests.scorecard.report.rows import make_row, make_signal

ICONS = [*map(variation_icon, Variation), *map(assurance_icon, Assurance)]


def text(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_each_icon_is_drawn_in_a_shape_of_its_own():
    assert len({re.sub(r'class="[^"]*"', "", icon) for icon in ICONS}) == len(ICONS) == 10


@pytest.mark.parametrize("icon", ICONS)
def test_icon_leaves_the_words_to_the_text_beside_it(icon):
    assert 'aria-hidden="true"' in icon
    assert "style=" not in icon
    assert text(icon) == ""


@pytest.mark.parametrize(
    ("variation", "kind"),
    [("concern_low", "concern"), ("improvement_high", "improvement"), ("neutral_high", "unusual")],
)
def test_icon_has_the_colour_of_its_kind(variation, kind):
    assert f'class="icon icon-{kind}"' in variation_icon(Variation(variation))


def test_nothing_is_drawn_without_a_signal_or_assurance():
    assert (variation_icon(None), assurance_icon(None)) == ("", "")


@pytest.mark.parametrize(
    ("signal", "expected"),
    [
        pytest.param(make_signal(Variation.CONCERN_HIGH), "Concern: higher than usual", id="concern"),
        pytest.param(make_signal(), "Usual variation", id="usual"),
        pytest.param(make_signal(trial=True), "Usual variation trial", id="trial"),
        pytest.param(
            make_signal(None, because="Too <few>."), "Could not be examined Too &lt;few&gt;.", id="none, and why"
        ),
    ],
)
def test_signal_is_said_in_words(signal, expected):
    assert text(signal_cell(make_row(signal=signal))) == expected


@pytest.mark.parametrize(
    ("assurance", "expected"),
    [
        (Assurance.PASS, "No target Will keep meeting it"),
        (Assurance.FAIL, "No target Will keep missing it"),
        (Assurance.INCONSISTENT, "No target May meet or miss it"),
        (None, "No target"),
    ],
)
def test_assurance_is_said_in_words(assurance, expected):
    assert text(rating_cell(make_row(signal=make_signal(assurance=assurance)))) == expected
