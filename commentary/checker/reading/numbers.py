"""Reading numbers: which of them could be figures of the row, in which unit and how exact; the rest is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from indicators.calculations.exact import Exact

from ..words import numbers as words
from .tokens import Mention, Token, word_at

LONGEST_AGE = 25
# More digits than any figure has.
LONGEST_NUMBER = 15


class AmountUnit(Enum):
    """What a number in a text counts."""

    NUMBER = "number"
    PERCENT = "per cent"
    POINTS = "percentage points"


class Bound(Enum):
    """How a number is meant."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at least"
    AT_MOST = "at most"


@dataclass(frozen=True, slots=True)
class Amount(Mention):
    """A number that could be about the row. `step` is one in its last digit: 1 for 36, 1/10 for 36.0."""

    value: Exact
    unit: AmountUnit
    step: Fraction
    bound: Bound


def read_amounts(tokens: Sequence[Token], taken: frozenset[int]) -> list[Amount]:
    """The numbers of a sentence that could be figures or changes of the row, in their order.

    `taken` are the places of tokens that belong to something else, as the year of a month. Left alone are numbers
    that name something (section 47), ages, lengths of time, dates, fractions, ranges (11-25), bases (per 10,000),
    prices and targets.
    """
    found = []
    for place, token in enumerate(tokens):
        value = _value(token)
        if value is None or place in taken or _is_left_alone(tokens, place, taken):
            continue
        unit, last = _unit(tokens, place)
        found.append(Amount(place, last, value, unit, _step(token), _bound(tokens, place)))
    return found


def _value(token: Token) -> Exact | None:
    if token.is_number:
        digits = token.text.replace(",", "")
        return Fraction(digits) if digits.isascii() and len(digits) <= LONGEST_NUMBER else None
    return words.NUMBER_WORDS.get(token.word)


def _step(token: Token) -> Fraction:
    _, _, decimals = token.text.partition(".")
    return Fraction(1, 10 ** len(decimals)) if token.is_number else Fraction(1)


def _unit(tokens: Sequence[Token], place: int) -> tuple[AmountUnit, int]:
    """The unit and the last token that belongs to it."""
    last, is_percent = place, False
    if word_at(tokens, place + 1) in words.PERCENT:
        last, is_percent = place + 1, True
    elif (word_at(tokens, place + 1), word_at(tokens, place + 2)) == ("per", "cent"):
        last, is_percent = place + 2, True
    elif word_at(tokens, place + 1) in {"percentage", "%age"} and word_at(tokens, place + 2) in words.POINTS:
        return AmountUnit.POINTS, place + 2
    if word_at(tokens, last + 1) in words.POINTS:
        return AmountUnit.POINTS, last + 1
    return (AmountUnit.PERCENT if is_percent else AmountUnit.NUMBER), last


def _bound(tokens: Sequence[Token], place: int) -> Bound:
    before, further = word_at(tokens, place - 1), word_at(tokens, place - 2)
    if before == "than":
        return Bound.AT_LEAST if further in {"more", "greater", "higher"} else Bound.AT_MOST
    if before in words.AT_LEAST:
        return Bound.AT_LEAST
    if before in words.AT_MOST:
        return Bound.AT_MOST
    return Bound.ABOUT if before in words.ABOUT else Bound.EXACT


def _is_left_alone(tokens: Sequence[Token], place: int, taken: frozenset[int]) -> bool:
    _, last = _unit(tokens, place)
    before, behind = word_at(tokens, place - 1), word_at(tokens, last + 1)
    if word_at(tokens, place) in words.HARDLY_NUMBERS and behind not in {"more", "fewer", "less"}:
        return True
    if before == ".":
        before = word_at(tokens, place - 2)
    if before in words.LABELS or behind in words.MEASURED_IN:
        return True
    return (
        _is_joined(tokens, place, last, taken)
        or _is_age(tokens, place, last)
        or _is_part_of_number(tokens, place, last, taken)
        or _is_target(tokens, place)
    )


def _is_joined(tokens: Sequence[Token], place: int, last: int, taken: frozenset[int]) -> bool:
    """Whether it is part of a range, a fraction, a date or a code: 11-25, 11 to 25, 3/5, 9/2/21, Covid-19."""
    before, behind = word_at(tokens, place - 1), word_at(tokens, last + 1)
    if behind in {"-", "–", "/"} and last + 2 < len(tokens):
        return True
    if behind == "to" and _is_number_word(word_at(tokens, last + 2)) and before not in words.NO_RANGE_AFTER:
        return True
    lower = place - 2
    if before == "to" and _is_number_word(word_at(tokens, lower)) and lower not in taken:
        return word_at(tokens, lower - 1) not in words.NO_RANGE_AFTER
    touches = place > 0 and tokens[place - 1].end == tokens[place].start
    return before in {"-", "–", "/"} and (touches or _value(tokens[place - 2]) is not None)


def _is_age(tokens: Sequence[Token], place: int, last: int) -> bool:
    """Whether it is said as an age: "under 18", "over 16", "16 and over", "the age of 21"."""
    value = _value(tokens[place])
    if value is None or value > LONGEST_AGE or last > place:
        return False
    before, behind = word_at(tokens, place - 1), word_at(tokens, last + 1)
    if before in {"over", "under"} or (before == "of" and word_at(tokens, place - 2) == "age"):
        return True
    return behind in {"and", "or"} and word_at(tokens, last + 2) in words.AND_OVER


def _is_part_of_number(tokens: Sequence[Token], place: int, last: int, taken: frozenset[int]) -> bool:
    """Whether it is one number out of another: "3 of the 5", "9 out of 12", "1 in 10"."""
    if last > place:
        return False
    ahead = ["" if at in taken else word_at(tokens, at) for at in range(last + 1, last + 4)]
    behind = ["" if at in taken else word_at(tokens, at) for at in range(place - 1, place - 4, -1)]
    if ahead[0] in {"of", "out"} and any(_is_number_word(word) for word in ahead[1:]):
        return True
    if ahead[0] == "in" and _is_number_word(ahead[1]):
        return True
    if behind[0] == "in" and _is_number_word(behind[1]):
        return True
    return ("of" in behind[:2] or "out" in behind) and any(_is_number_word(word) for word in behind[1:])


def _is_number_word(word: str) -> bool:
    return word in words.NUMBER_WORDS or (bool(word) and word.replace(",", "").isdecimal())


def _is_target(tokens: Sequence[Token], place: int) -> bool:
    """Whether the number is a target's: "the target of 94%", "94% target"."""
    return any(word_at(tokens, place - back) in {"target", "targets"} for back in (1, 2, 3))
