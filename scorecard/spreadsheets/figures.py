"""What a cell among the figures says: a number, exactly or as printed, or why there is none."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from indicators.calculations.formatting import format_number
from indicators.resources import cells

from .book import SheetCell


class Blank(StrEnum):
    """Why no number stands in a cell, as far as its text tells."""

    EMPTY = "empty"
    NOT_YET = "not_yet"
    NOT_APPLICABLE = "not_applicable"
    SUPPRESSED = "suppressed"
    UNCLEAR = "unclear"
    ERROR = "error"
    TEXT = "text"
    # Decided by what stands around it, never by the cell alone.
    NOT_REPORTED_ZERO = "not_reported_zero"


_BLANKS = (
    (
        Blank.ERROR,
        re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!)|Err:\d+|#{3,}", re.IGNORECASE),
    ),
    (
        Blank.NOT_YET,
        re.compile(
            r"tb[acd]\b.*|to be (?:confirmed|advised)|(?:data )?awaited|awaiting.*|pending|not yet.*|due .*|"
            r"(?:data )?not (?:yet )?(?:available|received|reported|supplied)|no data.*|missing|late|unavailable",
            re.IGNORECASE,
        ),
    ),
    (
        Blank.NOT_APPLICABLE,
        re.compile(r"n\.?\s*/?\s*a\.?|not applicable|not collected|nil return|none|local.*", re.IGNORECASE),
    ),
    (
        Blank.SUPPRESSED,
        re.compile(
            r"\*+|\[?c\]?|x|supp(?:ressed)?\.?|(?:<|&lt;|under|fewer than|less than|1\s?[-\u2013])\s*(?:5|6|10)",
            re.IGNORECASE,
        ),
    ),
    (Blank.UNCLEAR, re.compile(r"[-\u2013\u2014.:?/~]+")),
)
# What may stand behind a figure: that it is provisional or estimated, a note's number, a unit typed into the cell.
_MARK = re.compile(
    r"\s*(?:\(?(?P<word>p|prov(?:isional)?|e|est(?:imate|imated)?|r|rev(?:ised)?)\)?|\[\w{1,3}\]|\*+)\Z", re.IGNORECASE
)
_ARROW = re.compile(r"[\u2190-\u21ff\u25b2-\u25c5\u2b06\u2b07]\ufe0e?\ufe0f?|[↑↓→←▲▼►◄]")
_POINTS = re.compile(r"\s*(?:pp|ppts?|pts?|% ?pts?|percentage points?|p\.p\.)\.?\Z", re.IGNORECASE)
_UNIT_BEHIND = re.compile(
    r"\s*(?P<unit>days?|hours?|weeks?|months?|kg|tonnes?|secs?|seconds?|mins?|minutes?|%)\Z", re.IGNORECASE
)
# Excel itself keeps no more digits.
_TOO_BIG = 10**15
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SIZES = {"k": 1000, "m": 1_000_000, "mn": 1_000_000, "bn": 1_000_000_000, "thousand": 1000, "million": 1_000_000}


class SheetFigure(NamedTuple):
    """A number with the half-unit by which it may be rounded (0 where it is stored in full), or why there is none.

    A percentage is in per cent, and `has_sign` tells that the cell has the sign. `mark` is what stood beside it.
    """

    value: Fraction | None
    half_unit: Fraction = Fraction(0)
    blank: Blank | None = None
    has_sign: bool = False
    is_points: bool = False
    mark: str = ""
    # What the cell shows, and by how far that may be from what it holds.
    shown: Fraction | None = None
    shown_half_unit: Fraction = Fraction(0)

    def could_be(self, other: Fraction, other_half_unit: Fraction = Fraction(0)) -> bool:
        """Whether the figure, as it is shown, may stand for the other one."""
        shown = self.value if self.shown is None else self.shown
        if shown is None:
            return False
        return abs(shown - other) <= self.shown_half_unit + other_half_unit + abs(other) / 10**9


def read_figure(cell: SheetCell | None) -> SheetFigure:
    """What a cell says; nothing at all is a blank too."""
    if cell is None or not cell.shown.strip():
        return SheetFigure(None, blank=Blank.EMPTY)
    text = cell.text
    if isinstance(cell.value, Decimal):
        digits = _DIGITS.search(text)
        shown = Fraction(digits[0].replace(",", "")) if digits and "." not in text[digits.end() :] else None
        value = Fraction(cell.value)
        if abs(value) >= _TOO_BIG:
            return SheetFigure(None, blank=Blank.TEXT, mark=text)
        if shown is None or abs(shown - abs(value)) > 1:
            # Shown in thousands, or in no usual way.
            return SheetFigure(value, has_sign="%" in text, shown_half_unit=Fraction(1, 10**6))
        half = _half_unit(text)
        return SheetFigure(value, has_sign="%" in text, shown=-shown if value < 0 else shown, shown_half_unit=half)
    if not isinstance(cell.value, str):
        return SheetFigure(None, blank=Blank.TEXT, mark=text)
    return read_text(text)


def read_text(text: str) -> SheetFigure:
    """A figure as it is typed or printed: 1,343, 81.3%, 655 (p), +9.4 pp, £1.2m, <5, tbc."""
    written = _ARROW.sub("", text).strip()
    if not written:
        return SheetFigure(None, blank=Blank.TEXT, mark=text)
    for blank, shape in _BLANKS:
        if shape.fullmatch(written):
            return SheetFigure(None, blank=blank, mark=text)
    digits, mark, is_points = written, "", False
    if points := _POINTS.search(digits):
        digits, is_points = digits[: points.start()], True
    elif found := _MARK.search(digits):
        digits, mark = digits[: found.start()], found[0].strip()
    digits = digits.removeprefix("+").strip()
    unit = _UNIT_BEHIND.search(digits)
    if unit and unit["unit"] != "%":
        digits, mark = digits[: unit.start()], mark or unit["unit"]
    try:
        amount = cells.amount(digits)
    except ValueError:
        return SheetFigure(None, blank=Blank.TEXT, mark=text)
    if amount.number is None or amount.mark not in ("", "%", *_SIZES):
        return SheetFigure(None, blank=Blank.TEXT, mark=text)
    size = _SIZES.get(amount.mark, 1)
    value, half = Fraction(amount.number) * size, _half_unit(digits) * size
    return SheetFigure(value, half, None, amount.mark == "%", is_points, mark, value, half)


def _half_unit(text: str) -> Fraction:
    """Half of the last place that the text shows."""
    decimals = re.search(r"\d[\d,]*\.(\d+)", text)
    return Fraction(1, 2 * 10 ** len(decimals[1])) if decimals else Fraction(1, 2)


def said(value: Fraction, places: int | None = None) -> str:
    """A figure for a sentence, rounded as everywhere, with as many decimals as it needs and at most two."""
    if places is None:
        # Stored figures have fifteen digits: 19.3 may be held as 19.2999999999999.
        sizes = ((count, value * 10**count) for count in (0, 1))
        places = next((count for count, size in sizes if abs(size - round(size)) < Fraction(1, 10**5)), 2)
    return format_number(value, places)
