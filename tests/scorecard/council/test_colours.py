"""The council's colours: read as people write them, readable where they are used, never those that mean something."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecard.council.colours import (
    INK,
    WHITE,
    colours_of,
    contrast,
    parse_colour,
    problem_with_main,
    problem_with_second,
    ratio_text,
    style_sheet,
)
from scorecard.display.drawings import COLOURS
from scorecard.files.paper.pdf import IN_PLACE_OF

ROOT = Path(__file__).resolve().parents[3]
ANY = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
# The product's text in colours that mean something, which may stand on the pale grounds.
ON_GROUNDS = ("muted", "good", "amber", "bad", "improvement", "concern", "unusual")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("#0b4a5a", "#0b4a5a"),
        ("0B4A5A", "#0b4a5a"),
        (" #FC0 ", "#ffcc00"),
        *((text, None) for text in ("red", "#12", "#1234", "", "#", "rgb(1,2,3)", "#0b4a5g", "#0b4a5a;", "٣" * 6)),
    ],
)
def test_colours_are_read_as_people_write_them(typed, read):
    assert parse_colour(typed) == read


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    # As WCAG's own tools give them.
    [
        ("#000000", "#ffffff", 21),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize(("ratio", "text"), [(4.4999, "4.49 to 1"), (4.5, "4.50 to 1"), (21, "21 to 1")])
def test_ratio_that_falls_short_never_looks_enough(ratio, text):
    assert ratio_text(ratio) == text


@given(ANY)
def test_every_pair_can_be_read_or_the_colour_is_refused(main):
    if problem := problem_with_main(main):
        # What the message offers in its place is taken.
        assert "4.5 to 1" in problem
        assert problem_with_main(re.findall(r"#[0-9a-f]{6}", problem)[-1]) == ""
        return
    drawn = colours_of(main)
    assert [pair for pair in drawn.pairs if not pair.is_enough] == []
    assert drawn.on_band in (WHITE, INK)
    for name in ON_GROUNDS:
        assert contrast(COLOURS[name], drawn.pale) >= 4.5
        assert contrast(COLOURS[name], drawn.tint) >= 4.5


@given(ANY, ANY)
def test_second_colour_can_be_read_or_is_refused_with_the_nearest(second, main):
    problem = problem_with_second(second, main)
    if problem:
        second = re.findall(r"#[0-9a-f]{6}", problem)[-1]
        assert problem_with_second(second, main) == ""
    assert colours_of(main, second).link == second
    assert contrast(second, colours_of(main, second).pale) >= 4.5


def test_text_on_a_light_colour_is_black_and_links_are_darker():
    drawn = colours_of("#ffd100")
    assert (drawn.band, drawn.on_band) == ("#ffd100", INK)
    assert contrast(drawn.link, WHITE) >= 4.5


def test_message_names_the_ratio_and_the_nearest():
    assert problem_with_main("#777777") == (
        "Neither white nor black text can be read on #777777: the contrast is 4.47 to 1 at best, and 4.5 to 1 is "
        "needed. The nearest that would do is #767676."
    )


def test_rules_set_only_what_the_style_sheet_reads():
    """Each property that the rules set is read, and none that means something is among them."""
    built = (ROOT / "static/built/app.css").read_text()
    rules = style_sheet(colours_of("#123456"))
    names = re.findall(r"(--[a-z-]+):", rules)
    assert [name for name in names if f"var({name}," not in built] == []
    meaning = json.loads((ROOT / "static/src/palette.json").read_text()).keys() & {
        name.removeprefix("--") for name in names
    }
    assert meaning == {"link"}


def test_nothing_of_the_look_is_left_out_where_nothing_is_set():
    """Where the council has set nothing, each property falls back on the colour that the palette has for it."""
    built = (ROOT / "static/built/app.css").read_text()
    fallbacks = dict(re.findall(r"var\((--(?:band|on-band|line|link|tint|pale)), (#\w+)\)", built))
    assert fallbacks == {
        "--band": COLOURS["brand"],
        "--on-band": "#fff",
        "--line": COLOURS["brand"],
        "--link": COLOURS["link"],
        "--tint": COLOURS["brand-tint"],
        "--pale": COLOURS["brand-pale"],
    }


def test_charts_keep_their_colours():
    """Charts and the lines of 13 months are drawn as ever: red beside a red council's line would say something."""
    built = (ROOT / "static/built/app.css").read_text()
    for drawing in (".chart-svg .figures", ".chart-svg .point", ".chart-svg .comparator", ".spark"):
        rule = next(part for part in built.split("}") if part.strip().startswith(drawing) or f",{drawing}" in part)
        assert "var(--line" not in rule
        assert COLOURS["brand"] in rule


def test_paper_has_each_colour_that_is_replaced_for_one_thing_only():
    palette = [COLOURS[name] for name in IN_PLACE_OF.values()]
    others = [colour for name, colour in COLOURS.items() if name not in IN_PLACE_OF.values()]
    assert len({*palette}) == len(palette)
    assert not {*palette} & {*others}
