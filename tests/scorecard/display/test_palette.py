"""The colours: readable wherever they are text, and one of each."""

import pytest

from scorecard.display.drawings import COLOURS

# Those that text or a sign is written in, on white.
TEXT = ["ink", "muted", "good", "amber", "bad", "improvement", "concern", "unusual", "brand", "brand-dark", "link"]
# Text on its own pale ground, in black on a workbook's fill, and the drawings that are no text.
GROUNDS = [
    *((name, f"{name}-pale", 4.5) for name in ("good", "amber", "bad")),
    *(("ink", name, 4.5) for name in ("good-fill", "amber-fill", "bad-fill", "brand-pale", "caution-pale", "focus")),
    ("limit", "#ffffff", 3),
    ("caution", "#ffffff", 3),
]


def luminance(colour):
    """Relative luminance as WCAG 2.2 defines it."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_worked_out_as_wcag_does():
    assert contrast("#000", "#fff") == pytest.approx(21)
    # A pair that WCAG's own tools give as 4.54:1.
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("name", TEXT)
def test_text_stands_out_from_white(name):
    assert contrast(COLOURS[name], "#ffffff") >= 4.5


@pytest.mark.parametrize(("name", "ground", "least"), GROUNDS)
def test_colour_stands_out_from_its_ground(name, ground, least):
    assert contrast(COLOURS[name], COLOURS.get(ground, ground)) >= least


def test_no_colour_has_two_names():
    assert len({colour.lower() for colour in COLOURS.values()}) == len(COLOURS)
