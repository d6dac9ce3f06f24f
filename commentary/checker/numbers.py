"""Numbers in digits and words: how they are written, and what they count."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from text_to_num import text2num

from indicators.calculations.exact import Exact

from . import words
from .text import Mention

# More digits than any figure has.
LONGEST_NUMBER = 15
# By so much of itself "a third" can be off.
ROUGH_FRACTION = Fraction(12, 100)


# What a number in a text counts, and how it is meant.
AmountUnit = Enum("AmountUnit", "NUMBER PERCENT POINTS")
Bound = Enum("Bound", "EXACT ABOUT NEARLY JUST_OVER AT_LEAST AT_MOST")


@dataclass(frozen=True, slots=True)
class Amount(Mention):
    """A number that could be about the row.

    `step` is one in its last digit: 1 for 36, 1/10 for 36.0. `high` ends a range, `whole` is what it is a part of.
    """

    value: Exact
    unit: AmountUnit
    bound: Bound
    step: Exact
    high: Exact | None = None
    whole: Exact | None = None
    is_relative: bool = False


def either(phrases: Iterable[str]) -> str:
    """A pattern for any of the phrases, the longest first."""
    return "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))


WORD = either(words.NUMBER_WORDS)
IN_WORDS = rf"(?:{WORD})(?:(?:(?<=hundred) and |(?<=thousand) and | |-)(?:{WORD}))*"
COUNTED = r"\d\d?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
PART = "(?:(?:a|one|two|three|four) )?half|(?:a|one|two|three|four) (?:third|quarter|fifth|sixth|eighth|tenth)s?"
DIGITS = r"\d[\d,]*(?:\.\d+)?"
MONEY = rf"-?(?:£-?{DIGITS}(?:bn|k|m)?|{DIGITS}k)"
AMOUNTS = re.compile(
    rf"(?<!\S)(?:(?P<bound>{either(words.BOUNDS)}) (?:our |its |a )?)?"
    rf"(?:(?P<part>{PART})|(?P<money>{MONEY})(?P<times> (?:thousand|million|billion))?"
    rf"|(?P<number>-?{DIGITS}|{IN_WORDS}|a dozen|none|no|single|a single"
    r"|a (?:further )?(?=percentage p|point)))"
    r"(?P<unit> (?:%|percent|pc|per cent)(?: (?:points?|pts?))?| (?:full )?percentage points?"
    r"| (?:points?|pp|ppts?|pps))?(?!\S)"
    rf"(?: (?P<behind>{either(words.BOUNDS_BEHIND)})(?!\S))?"
)
HIGH = re.compile(
    rf" (?:and|to|-|–) (?P<high>{DIGITS}|{IN_WORDS})(?P<unit> %| per cent)?(?! (?:days?|weeks?|months?|years?))(?!\S)"
)
OPENS_RANGE = re.compile(r"(?:\bbetween|\brang\w+(?: \w+)?|\bvaried \w+|\bfluctuated \w+|\brange of) $")
OF_WHOLE = re.compile(
    rf" (?:(?:out )?of(?: (?:the|our|these|those|all|every))*|(?P<rate>in)) (?P<whole>{DIGITS}|{IN_WORDS})"
    r"(?! (?:%|per|days?|weeks?|months?|years?)\b)(?!\S)"
)


def number(said: str) -> Exact | None:
    """The number, in digits or words; None where it is none, or longer than any figure."""
    if said.lstrip("-")[:1].isdigit():
        digits = said.replace(",", "")
        return Fraction(digits) if digits.isascii() and len(digits) <= LONGEST_NUMBER else None
    try:
        return int(text2num(said, "en"))
    except ValueError:
        return None


_SAID = {"a dozen": 12, "no": 0, "none": 0} | dict.fromkeys(("a", "a further", "single", "a single"), 1)
_MULTIPLIERS = {"": 1, "k": 1000, "thousand": 1000, "m": 10**6, "million": 10**6, "bn": 10**9, "billion": 10**9}


def fraction(said: str) -> Fraction:
    """ "a third", "two thirds", "half", as a percentage."""
    *count, part = said.split()
    many = {"two": 2, "three": 3, "four": 4}.get(count[0] if count else "", 1)
    return Fraction(100 * many, 3) if part.startswith("third") else Fraction(many * words.FRACTIONS[part.rstrip("s")])


def read_amount(match: re.Match[str], size: int | None) -> Amount | None:
    """What a match says, its places still 0; None where it is no number. `size` is that of a row of money in pounds.

    A sum of money is in the row's own unit, and None for any other row.
    """
    unit, said = match["unit"] or "", match["number"] or ""
    bound = {**words.BOUNDS, **words.BOUNDS_BEHIND}.get(match["bound"] or match["behind"] or "")
    meant = Bound[bound] if bound else Bound.EXACT
    if match["money"]:
        digits = match["money"].replace("£", "").rstrip("bkmn")
        times = match["money"].replace("£", "").removeprefix(digits), (match["times"] or "").strip()
        value = number(digits)
        if value is None or size is None:
            return None
        pounds = Fraction(_MULTIPLIERS[times[0]] * _MULTIPLIERS[times[1]], size)
        # "£60,000" is rounded to tens of thousands.
        noughts = len(digits.replace(",", "")) - len(digits.replace(",", "").rstrip("0"))
        last = Fraction(10) ** (noughts if noughts >= 3 and "." not in digits else -len(digits.partition(".")[2]))
        return Amount(0, 0, value * pounds, AmountUnit.NUMBER, meant, pounds * last)
    if match["part"]:
        part = fraction(match["part"])
        rough = meant if bound else Bound.ABOUT
        return Amount(0, 0, part, AmountUnit.PERCENT, rough, part * ROUGH_FRACTION)
    value = _SAID[said] if said in _SAID else number(said)
    is_points = "p" in unit and ("point" in unit or unit.strip().startswith("pp") or "pt" in unit)
    counted = AmountUnit.POINTS if is_points else AmountUnit.PERCENT if unit else AmountUnit.NUMBER
    return (
        value if value is None else Amount(0, 0, value, counted, meant, Fraction(1, 10 ** len(said.partition(".")[2])))
    )
