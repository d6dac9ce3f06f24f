"""How figures are displayed: rounded half away from zero, with the field's shorthand; and texts in spreadsheets."""

from __future__ import annotations

import re
from typing import TypeVar

from .exact import Exact, decimals_of
from .figures import Figure
from .vocabulary import Unit

NOT_CALCULABLE = "n/a"
ROUNDS_TO_ZERO = "[low]"
MOST_DECIMALS_STORED = 6
# More than any two different figures need to look different.
MOST_DECIMALS = 12
# The Government Analysis Function has no sign for it: made in the manner of its [low].
ROUNDS_TO_ALL = "[high]"
# The Government Analysis Function's sign for a break in a time series: behind what compares figures across it.
BREAK = "[b]"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

T = TypeVar("T")


def format_number(value: Exact, decimal_places: int = 0) -> str:
    """The number rounded half away from zero, with thousands separators.

    Never prints a negative zero: -0.4 to no decimals is "0".
    """
    if type(value) is int and not decimal_places:
        return f"{value:,}"
    scale = 10**decimal_places
    top, bottom = value.numerator * scale, value.denominator
    units = (abs(top) * 2 + bottom) // (bottom * 2)
    sign = "-" if top < 0 and units else ""
    whole, part = divmod(units, scale)
    decimals = f".{part:0{decimal_places}d}" if decimal_places else ""
    return f"{sign}{whole:,}{decimals}"


def counted(number: int, one: str, many: str = "") -> str:
    """How many there are, with the noun: 1 line, 0 lines, 2,000 lines. `many` is said where it isn't `plural_of(one)`.

    A verb may follow the noun: counted(2, "line was", "lines were").
    """
    return f"{number:,} {noun_of(number, one, many)}"


def noun_of(number: int, one: str, many: str = "") -> str:
    """The noun that `counted` says behind a number, where that stands elsewhere."""
    return one if number == 1 else many or plural_of(one)


def plural_of(word: str) -> str:
    """Several of a thing: committees, boards, bodies, branches; people of a person."""
    if word == "person" or word.endswith(" person"):
        return f"{word.removesuffix('person')}people"
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if re.search(r"(s|x|z|ch|sh)$", word) else f"{word}s"


# What stands in front of a figure, behind a minus sign, and right behind it. Words stand behind a space.
AFFIXES = {
    Unit.COUNT: ("", ""),
    Unit.PERCENTAGE: ("", "%"),
    Unit.RATE_1000: ("", ""),
    Unit.RATE_10000: ("", ""),
    Unit.RATE_100000: ("", ""),
    Unit.RATE: ("", ""),
    Unit.MONEY: ("£", ""),
    Unit.MONEY_THOUSAND: ("£", "k"),
    Unit.MONEY_MILLION: ("£", "m"),
    Unit.HOURS: ("", " hours"),
    Unit.DAYS: ("", " days"),
    Unit.WEEKS: ("", " weeks"),
    Unit.MONTHS: ("", " months"),
    Unit.SCORE: ("", ""),
}


def format_value(value: Exact | None, unit: Unit, decimal_places: int = 0) -> str:
    """A value in the indicator's unit: "1,400", "19%", "-£12k", "1 day", "[low]"; "n/a" when there is none.

    A value that is not 0 and would print as 0 prints as "[low]", so that 0 always means none; a percentage below 100
    that would print as 100% prints as "[high]", so that 100% always means all.
    """
    if value is None:
        return NOT_CALCULABLE
    text = format_number(value, decimal_places)
    if value and not text.strip("-0."):
        return ROUNDS_TO_ZERO
    before, behind = AFFIXES[unit]
    if behind == "%":
        return ROUNDS_TO_ALL if text.startswith("100") and value < 100 else f"{text}%"
    if not (before or behind):
        return text
    if behind and text.lstrip("-") == "1":
        # "1 day"; £1k and £1m are as they were.
        behind = behind.removesuffix("s")
    return f"-{before}{text[1:]}{behind}" if text[0] == "-" else f"{before}{text}{behind}"


def texts_apart(one: Exact | None, other: Exact | None, unit: Unit, decimal_places: int) -> tuple[str, str]:
    """Both as displayed; with as many decimals more as they need where they would print the same and yet differ."""
    for places in range(decimal_places, MOST_DECIMALS + 1):
        texts = format_value(one, unit, places), format_value(other, unit, places)
        if one is None or other is None or one == other or texts[0] != texts[1]:
            break
    return texts


def format_in_full(value: Exact, unit: Unit, decimal_places: int = 0) -> str:
    """A value with all the decimals that it is stored with, as a target or its tolerance has to be read.

    One that has more than can be stored was worked out, as 10 of 12 months are: it gets one more than its figures.
    """
    is_worked_out = value * 10**MOST_DECIMALS_STORED % 1 != 0
    places = decimal_places + 1 if is_worked_out else max(decimal_places, decimals_of(value, MOST_DECIMALS_STORED))
    return format_value(value, unit, places)


def format_figure(figure: Figure, unit: Unit, decimal_places: int = 0) -> str:
    """A month's figure, or the shorthand of its blank ("tbc", "[x]", "[z]", "[c]")."""
    if figure.blank is not None:
        return figure.blank.shorthand
    return format_value(figure.value, unit, decimal_places)


def format_change(relative: Exact | None) -> str:
    """A relative change as whole per cent: "-21%", "0%"; "n/a" when there is none."""
    if relative is None:
        return NOT_CALCULABLE
    return f"{format_number(100 * relative)}%"


def neutralise(cell: T) -> T | str:
    """A text with an apostrophe in front when a spreadsheet could take it for a formula; anything else as it is.

    Text that has apostrophes in front of a formula already gets one more, so that `restore`
    takes away exactly what was added.
    """
    return f"'{cell}" if _is_formula(cell) else cell


def restore(cell: T) -> T | str:
    """What `neutralise` was given."""
    return cell[1:] if isinstance(cell, str) and cell.startswith("'") and _is_formula(cell) else cell


def _is_formula(cell: object) -> bool:
    return isinstance(cell, str) and cell.lstrip("'").startswith(FORMULA_STARTS)
