"""The steps on sections and lines, on plain data."""

import pytest

from scorecard.arranging.arrangement import (
    DOWN,
    UP,
    ArrangingError,
    Part,
    Place,
    add_indicators,
    add_section,
    from_stored_form,
    move_line,
    move_section,
    place_lines,
    remove_section,
    rename_section,
    stored_form,
    take_off,
)

# Two sections: lines 1, 2, 3 of the indicators 11, 12, 13; and line 4 of 14.
NOW = (Part(1, "First", (Place(1, 11), Place(2, 12), Place(3, 13))), Part(2, "Second", (Place(4, 14),)))


def told(arrangement):
    """An arrangement in short: “First: 1 2 3; Second: 4”; a new line as the indicator in brackets."""
    return "; ".join(
        f"{part.title}: {' '.join(str(key) if key else f'({indicator})' for key, indicator in part.lines)}".strip()
        for part in arrangement
    )


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (lambda now: move_line(now, 2, UP), "First: 2 1 3; Second: 4"),
        (lambda now: move_line(now, 2, DOWN), "First: 1 3 2; Second: 4"),
        (lambda now: move_line(now, 3, DOWN), "First: 1 2; Second: 3 4"),
        (lambda now: move_line(now, 4, UP), "First: 1 2 3 4; Second:"),
        (lambda now: place_lines(now, [3, 1], 2), "First: 2; Second: 4 1 3"),
        (lambda now: place_lines(now, [3], 1, before=1), "First: 3 1 2; Second: 4"),
        (lambda now: place_lines(now, [1], 2, before=4), "First: 2 3; Second: 1 4"),
        (lambda now: place_lines(now, [1], 2, before=99), "First: 2 3; Second: 4 1"),
        (lambda now: take_off(now, [1, 4]), "First: 2 3; Second:"),
        (lambda now: add_indicators(now, [15, 16, 15], 2), "First: 1 2 3; Second: 4 (15) (16)"),
        (lambda now: add_indicators(now, [11], 2), "First: 1 2 3; Second: 4 (11)"),
        (lambda now: add_section(now, "  Third \n one "), "First: 1 2 3; Second: 4; Third one:"),
        (lambda now: rename_section(now, 1, "FIRST"), "FIRST: 1 2 3; Second: 4"),
        (lambda now: move_section(now, 2, UP), "Second: 4; First: 1 2 3"),
        (lambda now: remove_section(now, 1, 2), "Second: 4 1 2 3"),
        (lambda now: remove_section(now, 1, None), "Second: 4"),
    ],
)
def test_step(step, expected):
    assert told(step(NOW)) == expected


@pytest.mark.parametrize(
    ("step", "message", "field"),
    [
        (lambda now: move_line(now, 1, UP), "It is the first line already.", ""),
        (lambda now: move_line(now, 4, DOWN), "It is the last line already.", ""),
        (lambda now: move_line(now, 99, UP), "This line is no longer there.", ""),
        (lambda now: place_lines(now, [], 2), "Tick the lines first.", "line"),
        (lambda now: place_lines(now, [99], 2), "Tick the lines first.", "line"),
        (lambda now: place_lines(now, [1], 99), "Choose a section.", "to"),
        (lambda now: place_lines(now, [1], 1, before=1), "It is there already.", ""),
        (lambda now: take_off(now, [0]), "Tick the lines first.", "line"),
        (lambda now: add_indicators(now, [], 1), "Tick the indicators that you want to add.", "indicator"),
        (lambda now: add_indicators(now, [11], 1), "“First” has this indicator already.", "indicator"),
        (lambda now: add_indicators(now, [15], 0), "Choose a section.", "into"),
        (lambda now: add_section(now, " \u200b "), "Give the section a title.", "new_section"),
        (lambda now: add_section(now, "second"), "There is a section “second” already.", "new_section"),
        (lambda now: rename_section(now, 1, "x" * 201), "A title has at most 200", "title-1"),
        (lambda now: rename_section(now, 99, "x"), "Choose a section.", "to"),
        (lambda now: move_section(now, 2, DOWN), "It is the last section already.", ""),
        (lambda now: remove_section(now, 1, 1), "Choose a section.", "goes_to-1"),
        (lambda now: remove_section(add_indicators(now, [11], 2), 1, 2), "“Second” has this", "goes_to-1"),
    ],
)
def test_step_that_makes_no_sense_says_why(step, message, field):
    with pytest.raises(ArrangingError, match=message.replace("(", r"\(")) as refused:
        step(NOW)

    assert refused.value.field == field


def test_arrangement_comes_back_as_it_was_kept():
    assert from_stored_form(stored_form(NOW)) == NOW
