"""What each unit is: how its figures are written and told, what is asked for, and what it leaves out.

A new unit is a member of `Unit` with its entry in `UNITS`; a test finds the other tables that lack it. `Measure` puts
all of it together with an indicator's own decimals and base.
"""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from typing import NamedTuple

from .exact import Exact, magnitude
from .formatting import ROUNDS_TO_ALL, ROUNDS_TO_ZERO, format_number, format_value
from .vocabulary import Unit

# What a figure of a unit is made of, and so what may be done with it.
UnitKind = Enum("UnitKind", "COUNT SHARE RATE MONEY TIME SCORE")
# What numerator and denominator of these count are cases; of all others they are sums and what they are spread over.
OF_CASES = frozenset((UnitKind.COUNT, UnitKind.SHARE, UnitKind.RATE))
# Figures of these are told as so many more or less; of all others in per cent, which says more of them.
TOLD_AS_DIFFERENCE = frozenset((UnitKind.SHARE, UnitKind.TIME, UnitKind.SCORE))
# Nobody counts less than a penny.
MOST_DECIMALS_OF_POUNDS = 2


class UnitTerms(NamedTuple):
    """A unit's kind, its short name, the questions for a figure and for the numerator behind it, and how many pounds
    one is of what is counted in pounds. `behind` are the words that people write behind a number. `{when}` is the
    period asked about, `{base}` a rate's base.
    """

    kind: UnitKind
    name: str
    question: str
    sum_question: str = "How many in {when}?"
    size: int = 1
    behind: frozenset[str] = frozenset()


def _rate() -> UnitTerms:
    return UnitTerms(UnitKind.RATE, "per {base}", "How many for every {base} in {when}?")


def _money(name: str, size: int) -> UnitTerms:
    question = f"How much in {name} in {{when}}?"
    return UnitTerms(UnitKind.MONEY, name, question, f"How much in {name} altogether in {{when}}?", size)


def _time(name: str, *shortened: str) -> UnitTerms:
    question = f"How many {name} on average in {{when}}?"
    behind = frozenset((name, name.removesuffix("s"), *shortened))
    return UnitTerms(UnitKind.TIME, name, question, f"How many {name} altogether in {{when}}?", behind=behind)


UNITS = {
    Unit.COUNT: UnitTerms(UnitKind.COUNT, "number", "How many in {when}?"),
    Unit.PERCENTAGE: UnitTerms(UnitKind.SHARE, "%", "What percentage in {when}?"),
    Unit.RATE_1000: _rate(),
    Unit.RATE_10000: _rate(),
    Unit.RATE_100000: _rate(),
    Unit.RATE: _rate(),
    Unit.MONEY: _money("£", 1),
    Unit.MONEY_THOUSAND: _money("£ thousand", 1000),
    Unit.MONEY_MILLION: _money("£ million", 1_000_000),
    Unit.HOURS: _time("hours", "h", "hr", "hrs"),
    Unit.DAYS: _time("days", "d"),
    Unit.WEEKS: _time("weeks", "w", "wk", "wks"),
    Unit.MONTHS: _time("months", "mth", "mths"),
    Unit.SCORE: UnitTerms(
        UnitKind.SCORE, "score", "What score or ratio in {when}?", "What do the scores add up to in {when}?"
    ),
}
# What the denominator is, asked after the numerator.
DENOMINATOR_QUESTIONS = {
    UnitKind.COUNT: "Out of how many?",
    UnitKind.SHARE: "Out of how many?",
    UnitKind.RATE: "Out of how many?",
    UnitKind.MONEY: "Spread over how many?",
    UnitKind.TIME: "Spread over how many?",
    UnitKind.SCORE: "Spread over how many?",
}


def kind_of(unit: Unit) -> UnitKind:
    return UNITS[unit].kind


def unit_name(unit: Unit, rate_base: int | None = None) -> str:
    """The unit in a few words beside figures without it: "£ thousand", "days", "per 1,000,000"."""
    return UNITS[unit].name.format(base=f"{unit.factor(rate_base):,}")


def unit_label(unit: Unit, rate_base: int | None = None) -> str:
    """The unit as officers choose it: "Money in £ thousand", "Rate per 1,000,000"."""
    return f"Rate {unit_name(unit, rate_base)}" if unit is Unit.RATE else unit.label


def question(unit: Unit, when: str, rate_base: int | None = None, *, adds_up: bool = False) -> str:
    """What to ask for a figure: "How many days on average in October 2026?"; what adds up is no average."""
    asked = UNITS[unit].question.format(when=when, base=f"{unit.factor(rate_base):,}")
    return asked.replace(" on average", "") if adds_up else asked


def part_questions(unit: Unit, when: str) -> tuple[str, str]:
    """What to ask for numerator and denominator."""
    terms = UNITS[unit]
    return terms.sum_question.format(when=when), DENOMINATOR_QUESTIONS[terms.kind]


def per_text(unit: Unit, rate_base: int | None = None) -> str:
    """What a sentence adds to a rate: " per 10,000"; empty for other units, whose figures say it themselves."""
    return f" {unit_name(unit, rate_base)}" if kind_of(unit) is UnitKind.RATE else ""


def worded(text: str, unit: Unit, places: int, *, is_negative: bool = False) -> str:
    """A displayed figure for a sentence: with words where it is [low] or [high]."""
    if text not in (ROUNDS_TO_ZERO, ROUNDS_TO_ALL):
        return text
    half = Fraction(5, 10 ** (places + 1))
    if text == ROUNDS_TO_ALL:
        return f"at least {format_value(100 - half, unit, places + 1)}"
    return f"less than {format_value(half, unit, places + 1)}{' below 0' if is_negative else ''}"


def difference_text(apart: Exact, unit: Unit, places: int) -> str:
    """How far two figures as displayed lie apart, without a sign: "28 percentage points", "£12k", "3 days", "0.3"."""
    number, less = magnitude(apart), ""
    if not number:
        number, less = Fraction(1, 10**places), "less than "
    if unit is not Unit.PERCENTAGE:
        return less + format_value(number, unit, places)
    return f"{less}{points(format_number(number, places))}"


def points(number: str) -> str:
    """A number of percentage points, in the plural but for exactly 1."""
    return f"{number} percentage {'point' if number == '1' else 'points'}"


def change_text(difference: Exact, unit: Unit, places: int) -> str:
    """A change in the unit itself, with its sign: "+£12k", "-3 points", "0 days"; [low] where it isn't 0 but rounds
    to it.
    """
    if unit is Unit.PERCENTAGE:
        text = format_value(difference, Unit.COUNT, places)
        behind = " point" if text.lstrip("-") == "1" else " points"
        text = text if text == ROUNDS_TO_ZERO else text + behind
    else:
        text = format_value(difference, unit, places)
    return f"+{text}" if difference > 0 and text != ROUNDS_TO_ZERO else text
