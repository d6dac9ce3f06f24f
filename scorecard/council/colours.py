"""The council's two colours: whether they can be read, and what the product makes of them. Pure.

Contrast is as in WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio). What colours mean something, those of
signals, ratings and charts, are not the council's to choose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

WHITE, BLACK, INK = "#ffffff", "#000000", "#0b0c0c"
# Success criterion 1.4.3 for text of any size; whoever meets it also meets the 3 : 1 for lines and controls of 1.4.11.
ENOUGH = 4.5
SEEN = 3.0
_WRITTEN = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})")
# How much of the main colour there is in what lies behind headings and along parts of a page; the rest is white.
PALE, TINT = 0.06, 0.17


class Pair(NamedTuple):
    """Two colours that meet, in words; `text` is what has to be read upon `ground`."""

    where: str
    text: str
    ground: str

    @property
    def ratio(self) -> float:
        return contrast(self.text, self.ground)

    @property
    def in_words(self) -> str:
        return ratio_text(self.ratio)

    @property
    def is_enough(self) -> bool:
        return self.ratio >= ENOUGH


class Colours(NamedTuple):
    """Everything that is drawn in the council's colours, each as #0b4a5a.

    `band` lies behind the council's name and on buttons, with `on_band` upon it; `line` is for headings, references
    and lines; `hover` for links under the mouse; `tint` and `pale` lie behind text.
    """

    band: str
    on_band: str
    band_hover: str
    band_shadow: str
    line: str
    link: str
    hover: str
    tint: str
    pale: str

    @property
    def pairs(self) -> list[Pair]:
        """Every pair in which one of them meets another, or what is written upon it."""
        grounds = {"on white": WHITE, "on the pale ground of boxes and headings": self.pale}
        return [
            Pair("The council’s name and buttons", self.on_band, self.band),
            Pair("A button under the mouse", self.on_band, self.band_hover),
            *(
                Pair(f"{name} {where}", colour, ground)
                for name, colour in (
                    ("Links", self.link),
                    ("Links under the mouse", self.hover),
                    ("Headings", self.line),
                )
                for where, ground in grounds.items()
            ),
            Pair("White numbers of pages", WHITE, self.link),
            Pair("Text on the pale ground", INK, self.pale),
        ]


def parse_colour(text: str) -> str | None:
    """A colour as people write it, #0B4A5A, 0b4a5a or #abc, as #0b4a5a; None for anything else."""
    found = _WRITTEN.fullmatch(text.strip().lower())
    if found is None:
        return None
    digits = found[1]
    return "#" + (digits if len(digits) == 6 else "".join(one * 2 for one in digits))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def ratio_text(ratio: float) -> str:
    """A ratio in words, rounded down so that what falls short never looks enough."""
    return f"{int(ratio * 100) / 100:.2f} to 1".replace(".00 to", " to")


def mixed(colour: str, with_: str, part: float) -> str:
    """So large a part of the first colour, from 0 to 1, and of the other the rest."""
    levels = (round(mine * part + theirs * (1 - part)) for mine, theirs in zip(_rgb(colour), _rgb(with_), strict=True))
    return "#" + "".join(f"{level:02x}" for level in levels)


@lru_cache(maxsize=16)
def colours_of(main: str, second: str = "") -> Colours:
    """What is drawn in the council's colours. Without a second one, links are in the main one, made darker if need be.

    The main colour's text is white where that can be read on it, else black; `problem_with_main` tells if neither can.
    """
    on_band = WHITE if contrast(WHITE, main) >= ENOUGH else INK
    pale = mixed(main, WHITE, PALE)
    readable = contrast(main, pale) >= ENOUGH
    link = second or (main if readable else nearest_for_text(main, pale))
    return Colours(
        band=main,
        on_band=on_band,
        # Away from its text, so that it can be read at least as well.
        band_hover=mixed(main, BLACK if on_band == WHITE else WHITE, 0.75),
        band_shadow=mixed(main, BLACK, 0.5),
        line=main if readable else link,
        link=link,
        hover=mixed(link, BLACK, 0.6),
        tint=mixed(main, WHITE, TINT),
        pale=pale,
    )


def nearest_for_text(colour: str, ground: str) -> str:
    """The colour that is least darker and can be read on a light ground: itself where it can."""
    return next(one for one in _darker(colour) if contrast(one, ground) >= ENOUGH)


def nearest_for_band(colour: str) -> str:
    """The colour that is least darker or lighter, and on which white or black text can be read: itself where it can."""
    shades = ((mixed(colour, end, part / 100), part) for end in (BLACK, WHITE) for part in range(100, -1, -1))
    fits = [(-part, shade) for shade, part in shades if _with_either(shade) >= ENOUGH]
    return min(fits)[1]


def problem_with_main(colour: str) -> str:
    """What is wrong with a main colour, as its form says it; empty where nothing is."""
    best = _with_either(colour)
    if best >= ENOUGH:
        return ""
    return (
        f"Neither white nor black text can be read on {colour}: the contrast is {ratio_text(best)} at best, and "
        f"{ENOUGH} to 1 is needed. The nearest that would do is {nearest_for_band(colour)}."
    )


def problem_with_second(colour: str, main: str) -> str:
    """What is wrong with a colour for links and headings beside a main one; empty where nothing is."""
    pale = mixed(main, WHITE, PALE)
    ratio = contrast(colour, pale)
    if ratio >= ENOUGH:
        return ""
    return (
        f"Links in {colour} can’t be read: the contrast is {ratio_text(contrast(colour, WHITE))} on white and "
        f"{ratio_text(ratio)} on the pale ground of boxes, and {ENOUGH} to 1 is needed. The nearest that would do is "
        f"{nearest_for_text(colour, pale)}."
    )


@lru_cache(maxsize=16)
def style_sheet(colours: Colours) -> str:
    """The rules that put the colours in the place of the product's own, on every page (static/src/scss/_brand.scss)."""
    values = {
        "--band": colours.band,
        "--on-band": colours.on_band,
        "--line": colours.line,
        "--link": colours.link,
        "--tint": colours.tint,
        "--pale": colours.pale,
        "--govuk-brand-colour": colours.line,
        "--govuk-link-colour": colours.link,
        "--govuk-link-hover-colour": colours.hover,
        "--govuk-template-background-colour": colours.pale,
    }
    # The colours of its buttons are fixed when govuk-frontend is built.
    button = ".govuk-button:not(.govuk-button--secondary,.govuk-button--warning,.govuk-button--inverse)"
    rules = [
        f":root{{{';'.join(f'{name}:{value}' for name, value in values.items())}}}",
        f"{button}{{background:{colours.band};color:{colours.on_band};box-shadow:0 2px 0 {colours.band_shadow}}}",
        f"{button}:is(:link,:visited,:active,:hover){{color:{colours.on_band}}}",
        f"{button}:hover:not([disabled]){{background:{colours.band_hover}}}",
    ]
    if contrast(colours.band, WHITE) < SEEN:
        # No more than words on white otherwise: an edge that can be seen, as 1.4.11 asks of controls.
        edge = f"1px solid {colours.line}"
        rules += [f"{button}{{outline:{edge};outline-offset:-1px}}", f".masthead{{border-bottom:{edge}}}"]
    return "\n".join(rules) + "\n"


def _with_either(ground: str) -> float:
    """The contrast of white or black text upon it, whichever is greater."""
    return max(contrast(WHITE, ground), contrast(INK, ground))


def _darker(colour: str) -> Iterator[str]:
    return (mixed(colour, BLACK, part / 100) for part in range(100, -1, -1))


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


def _luminance(colour: str) -> float:
    red, green, blue = (
        level / 255 / 12.92 if level / 255 <= 0.04045 else ((level / 255 + 0.055) / 1.055) ** 2.4
        for level in _rgb(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
