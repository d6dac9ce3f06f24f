"""What a cell of a workbook shows: its value, through its number format, as ECMA-376 (part 1, 18.8.31) has them.

A format has up to four sections, for positive and negative numbers, zero and texts, or for what its conditions name.
Only % outside quotation marks counts in hundreds; dates are recognised by d, m, y, h and s outside them.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from .cells import Cell, plain

GENERAL = "General"
# Excel's own limit.
_LONGEST_FORMAT = 255
# Above this Excel itself shows no more digits.
_BIGGEST_SHOWN = Decimal(10) ** 15
_TOKEN = re.compile(
    r"""
      "(?P<quoted>[^"]*)"? | \\(?P<escaped>.) | (?P<filler>[_*].) | \[(?P<bracket>[^\]]*)\]
    | (?P<general>general|@) | (?P<exponent>e[+-]) | (?P<half>am/pm|a/p) | (?P<date>y+|m+|d+|h+|s+)
    | (?P<digit>[0\#?]) | (?P<sign>[.,%/;]) | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)\Z", re.ASCII)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
# Words behind a figure that multiply it in a reader's mind, though not in the file.
_MULTIPLIERS = frozenset({"k", "m", "bn", "mn", "thousand", "thousands", "million", "millions", "000s"})
# A rate's base, whose digits are no part of the figure.
_BASE = re.compile(r"(\bper|/) ?[\d, ]+", re.IGNORECASE)
_DASHES = frozenset("-\u2013\u2014\u2212 ")


class Section(NamedTuple):
    """A part of a number format: its pieces as kind and text, and when it applies."""

    pieces: tuple[tuple[str, str], ...]
    condition: tuple[str, Decimal] | None
    has_colour: bool

    def texts(self, *kinds: str) -> list[str]:
        return [text for kind, text in self.pieces if kind in kinds]

    @property
    def is_for_negatives(self) -> bool:
        return self.condition is not None and self.condition[0] in ("<", "<=") and self.condition[1] <= 0


def show(value: Decimal | datetime | str, number_format: str, epoch: datetime = WINDOWS_EPOCH) -> Cell | str:
    """The cell with that value and number format; a str where what it shows is no number and no date.

    `epoch` is the day from which the workbook counts its dates.
    """
    # Checked here, so that none of that length is kept.
    sections = _sections(number_format if len(number_format) <= _LONGEST_FORMAT else GENERAL)
    if isinstance(value, str):
        return _text(value, sections)
    if isinstance(value, datetime):
        dated = any(section.texts("date") for section in sections)
        return _date(value, sections[0] if dated else _sections("yyyy-mm-dd")[0])
    section, hides_sign = _section_for(value, sections)
    if section is None:
        return Cell(value, "#####", doubt=f"Its number format has no way to show {plain(value)}: make it General.")
    if section.texts("date"):
        return _moment(value, section, epoch)
    if not section.texts("digit", "general"):
        return _literal(value, section)
    return _number(value, section, hides_sign=hides_sign)


@lru_cache(maxsize=1024)
def _sections(number_format: str) -> tuple[Section, ...]:
    parts: list[list[tuple[str, str]]] = [[]]
    for match in _TOKEN.finditer(number_format or GENERAL):
        kind, text = str(match.lastgroup), match[str(match.lastgroup)]
        if (kind, text) == ("sign", ";"):
            parts.append([])
        else:
            parts[-1].append((kind, text))
    return tuple(_section(part) for part in parts)


def _section(part: Iterable[tuple[str, str]]) -> Section:
    pieces, condition, has_colour = [], None, False
    for kind, text in part:
        if kind in ("quoted", "escaped", "other"):
            pieces.append(("literal", text))
        elif kind == "half":
            pieces.append(("date", "half"))
        elif kind != "bracket":
            pieces.append((text if kind == "sign" else kind, text.lower()))
        elif _ELAPSED.fullmatch(text):
            pieces.append(("date", f"[{text[0].lower()}]"))
        elif found := _CONDITION.match(text):
            condition = (found[1], Decimal(found[2]))
        elif text.startswith("$"):
            pieces.append(("literal", text[1:].partition("-")[0]))
        else:
            has_colour = True
    return Section(tuple(piece for piece in pieces if piece[0] != "filler"), condition, has_colour)


def _section_for(value: Decimal, sections: Sequence[Section]) -> tuple[Section | None, bool]:
    """The section that shows the number, if any, and whether it leaves a minus sign out."""
    first, *others = sections[:3]
    if first.condition is None and all(section.condition is None for section in others):
        if not others or value > 0 or (value == 0 and len(others) == 1):
            return first, False
        return (others[0], True) if value < 0 else (others[1], False)
    for place, section in enumerate(sections[:3]):
        sign, bound = section.condition or (("<" if place else ">"), Decimal(0))
        is_last = place == len(sections[:3]) - 1 and place > 0 and section.condition is None
        if is_last or _COMPARE[sign](value, bound):
            hides = section.is_for_negatives or (place == 1 and section.condition is None and not is_last)
            return section, value < 0 and hides
    return None, False


def _number(value: Decimal, section: Section, *, hides_sign: bool) -> Cell | str:
    kinds = [kind for kind, _ in section.pieces]
    per_cents = kinds.count("%")
    held = value * 100**per_cents
    last = max(place for place, kind in enumerate(kinds) if kind in ("digit", "general"))
    point = kinds.index(".") if "." in kinds else len(kinds)
    whole_ends = max((place for place, kind in enumerate(kinds[:point]) if kind == "digit"), default=-1)
    # Each comma right behind the digits leaves three of them out.
    thousands = sum(kind == "," for kind in kinds[whole_ends + 1 : point]) if whole_ends >= 0 else 0
    thousands += sum(kind == "," for kind in kinds[last + 1 :]) if point < last else 0
    digits = _digits(abs(held) / 1000**thousands, section, kinds, point)
    first = next(place for place, kind in enumerate(kinds) if kind in ("digit", "general"))
    before = "".join(text for kind, text in section.pieces[:first] if kind in ("literal", "%"))
    after = "".join(text for kind, text in section.pieces[last + 1 :] if kind in ("literal", "%"))
    is_shown_negative = value < 0 and not hides_sign and digits.strip("0.,") != ""
    shown = f"{'-' if is_shown_negative else ''}{before}{digits}{after}".strip()
    if per_cents > 1:
        return shown
    if not shown:
        return _hidden(value)
    doubt = remark = mark = ""
    shown_in = 1
    literals = _BASE.sub("", "".join(section.texts("literal")))
    if value < 0 and hides_sign and not (section.has_colour or set("-(\u2212\u2013") & set(shown)):
        doubt = f"It holds {plain(held)}, but its number format shows “{shown}”: make the format General."
    elif any(character.isdigit() for character in literals):
        doubt = f"Its number format shows {plain(held)} as “{shown}”: make the format General, and see what it holds."
    elif thousands:
        mark, shown_in = _multiplier(literals), 1000**thousands
        remark = f"shows “{shown}” and was read as {plain(held):,f}"
    elif mark := _multiplier(literals):
        doubt = f"It shows “{shown}”, but holds only {plain(held)}: write the whole figure, with the format General."
    elif held and digits and not digits.strip("0.,"):
        remark = f"shows “{shown}” and was read as {plain(held)}"
    return Cell(held, shown, doubt=doubt, remark=remark, mark=mark, shown_in=shown_in)


def _multiplier(literals: str) -> str:
    """The word that multiplies the number in a reader's mind; empty where there is none."""
    return next((word.casefold() for word in literals.replace("£", " ").split() if word.casefold() in _MULTIPLIERS), "")


def _hidden(value: Decimal) -> Cell:
    told = f"It holds {plain(value)}, but its number format shows nothing: make the format General, or clear the cell."
    return Cell(value, "", doubt=told)


def _digits(number: Decimal, section: Section, kinds: Sequence[str], point: int) -> str:
    texts = [text for _, text in section.pieces]
    whole = "".join(text for kind, text in zip(kinds[:point], texts, strict=False) if kind == "digit")
    decimals = "".join(text for kind, text in zip(kinds[point:], texts[point:], strict=False) if kind == "digit")
    is_simple = not {"general", "exponent", "/"} & set(kinds) and not _has_literal_inside(kinds)
    if not is_simple or number >= _BIGGEST_SHOWN:
        return f"{plain(number):f}"
    rounded = number.quantize(Decimal(1).scaleb(-min(len(decimals), 12)), ROUND_HALF_UP)
    front, _, back = f"{rounded:f}".partition(".")
    while back and back[-1] == "0" and decimals[len(back) - 1] != "0":
        back = back[:-1]
    front = "" if front == "0" and "0" not in whole else front.zfill(whole.count("0"))
    first_digit = kinds.index("digit")
    is_grouped = "," in kinds[first_digit:point] and any(
        kind == "digit" for kind in kinds[kinds.index(",", first_digit) : point]
    )
    if is_grouped and front:
        front = f"{int(front):,}".zfill(len(front))
    return f"{front}.{back}" if back else front


def _has_literal_inside(kinds: Sequence[str]) -> bool:
    places = [place for place, kind in enumerate(kinds) if kind == "digit"]
    return "literal" in kinds[places[0] : places[-1]] if places else False


def _literal(value: Decimal, section: Section) -> Cell | str:
    """What is shown instead of the number, such as * for small ones, or nothing."""
    shown = "".join(section.texts("literal", "%")).strip()
    if not shown:
        return _hidden(value)
    # In accounts a dash is 0.
    return Cell(value, shown) if value == 0 and set(shown) <= _DASHES else shown


def _text(value: str, sections: Sequence[Section]) -> Cell | str:
    section = sections[3] if len(sections) > 3 else sections[0]
    if len(sections) < 4 and not (section.texts("literal") and ("general", "@") in section.pieces):
        return value
    shown = "".join(value if text == "@" else text for kind, text in section.pieces if kind in ("general", "literal"))
    if value.strip() and not shown.strip():
        return Cell(None, "", doubt=f"It holds “{value[:40]}”, but its number format shows nothing: make it General.")
    return shown


def _moment(value: Decimal, section: Section, epoch: datetime) -> Cell | str:
    try:
        day_and_hour = from_excel(float(value), epoch) if value >= 0 else None
        if section.texts("date") and not _date_parts(section):
            return _time(value, section)
        if isinstance(day_and_hour, datetime):
            return _date(day_and_hour, section)
    except (ValueError, OverflowError):
        pass
    return Cell(None, "#####", doubt=f"It holds {plain(value)}, which is no date that Excel can show.")


def _date(day_and_hour: datetime, section: Section) -> Cell:
    return Cell(day_and_hour, _moment_text(day_and_hour, section), date_parts=_date_parts(section))


def _time(value: Decimal, section: Section) -> str:
    """A time of day or a length of time: no number and no date."""
    seconds = int((value * 86_400).quantize(Decimal(1), ROUND_HALF_UP))
    hours = seconds // 3600 if "[h]" in section.texts("date") else seconds // 3600 % 24
    return f"{hours}:{seconds // 60 % 60:02d}" + (f":{seconds % 60:02d}" if seconds % 60 else "")


def _is_minutes(dates: Sequence[str], place: int) -> bool:
    """Whether m stands for minutes: behind hours or before seconds."""
    before = dates[place - 1] if place else ""
    behind = dates[place + 1] if place + 1 < len(dates) else ""
    return len(dates[place]) < 3 and (before[:1] == "h" or before == "[h]" or behind[:1] == "s")


def _date_parts(section: Section) -> str:
    """Which of d, m and y it shows as numbers or names of months."""
    dates = section.texts("date")
    has_month = any(text[0] == "m" and not _is_minutes(dates, place) for place, text in enumerate(dates))
    has_day = any(text in ("d", "dd") for text in dates)
    return "d" * has_day + "m" * has_month + "y" * any(text[0] == "y" for text in dates)


def _moment_text(day_and_hour: datetime, section: Section) -> str:
    dates = section.texts("date")
    shown, place = "", 0
    for kind, text in section.pieces:
        if kind == "date":
            shown += _date_text(day_and_hour, text, is_minutes=text[0] == "m" and _is_minutes(dates, place))
            place += 1
        elif kind in ("literal", "/", ".", ","):
            shown += text
    return " ".join(shown.split())


def _date_text(day_and_hour: datetime, text: str, *, is_minutes: bool) -> str:
    if is_minutes:
        return f"{day_and_hour:%M}"
    letter, length = text[0], len(text)
    if letter == "y":
        return f"{day_and_hour:%y}" if length <= 2 else f"{day_and_hour:%Y}"
    if letter in "md" and length >= 3:
        names = {"m": "%b" if length == 3 else "%B", "d": "%a" if length == 3 else "%A"}
        return f"{day_and_hour:{names[letter]}}"
    if text == "half":
        return f"{day_and_hour:%p}"
    numbers = {"m": day_and_hour.month, "d": day_and_hour.day, "h": day_and_hour.hour, "s": day_and_hour.second}
    return f"{numbers.get(letter, day_and_hour.hour):0{min(length, 2)}d}"
