"""How a published figure is put on an indicator's own basis: a few steps of arithmetic, and the words for them.

A mapping writes the steps as they are done, from left to right: `/ authorities / 12 months`, `100 minus`, `x 1000`.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from indicators.calculations.exact import Exact, decimals_of
from indicators.calculations.formatting import MOST_DECIMALS_STORED, format_number

# Spelt out, since most bases are one of these.
IN_WORDS = {
    "as is": "",
    "per month": "/ 12 months",
    "per authority": "/ authorities",
    "per authority per month": "/ authorities / 12 months",
}
AUTHORITIES = "authorities"
_START = re.compile(r"(\d{1,9}(?:\.\d{1,6})?) ?(?:minus\b|[-−–])", re.IGNORECASE)
_STEP = re.compile(
    r" ?([/÷]|[x×*]) ?(?:(authorit(?:y|ies))\b|(\d{1,9}(?:\.\d{1,6})?)(?: ([a-z][a-z -]{0,30}[a-z]))?)", re.IGNORECASE
)


class Step(NamedTuple):
    """A division or multiplication. Without a number it is a division by how many authorities there are."""

    divides: bool
    number: Exact | None
    of_what: str

    def factor(self, authorities: int) -> Fraction:
        """What a figure is multiplied with."""
        number = Fraction(authorities if self.number is None else self.number)
        return 1 / number if self.divides else number

    def words(self, authorities: int | None) -> str:
        """“/ 152 authorities”; empty for a step that isn't done, which is when there are no authorities to count."""
        if self.number is None:
            return f"/ {authorities} {AUTHORITIES}" if authorities else ""
        number = format_number(self.number, decimals_of(self.number, MOST_DECIMALS_STORED))
        return " ".join(filter(None, ("/" if self.divides else "×", number, self.of_what)))


class Basis(NamedTuple):
    """`minus_from` is what the figure is first subtracted from, 100 for the share of the others; then the steps."""

    minus_from: Exact | None = None
    steps: tuple[Step, ...] = ()

    @property
    def by_authority(self) -> bool:
        """Whether totals of England and of a region are divided by the number of authorities."""
        return any(step.number is None for step in self.steps)

    @property
    def by_month(self) -> bool:
        """Whether a year's figure is divided by 12."""
        return any(step.divides and step.number == 12 for step in self.steps)

    def of(self, value: Exact, authorities: int | None) -> Exact:
        """The figure on the basis. Without `authorities` it is one authority's, not divided by their number."""
        if self.minus_from is not None:
            value = self.minus_from - value
        for step in self.steps:
            if step.number is not None or authorities:
                value = value * step.factor(authorities or 1)
        return value

    def words(self, of_what: str, authorities: int | None) -> str:
        """The steps in words, around what they are done with."""
        first = "" if self.minus_from is None else f"{format_number(self.minus_from)} - "
        told = [first + of_what, *(step.words(authorities) for step in self.steps)]
        return " ".join(filter(None, told))


def parse_basis(text: str) -> Basis:
    """The steps that a mapping writes. Raises ValueError, with what can be written, for anything else."""
    rest = IN_WORDS.get(" ".join(text.lower().split()), text).strip()
    if not rest:
        return Basis()
    minus_from: Exact | None = None
    steps: list[Step] = []
    start = _START.match(rest)
    if start:
        minus_from, rest = _number(start[1]), rest[start.end() :].strip()
    while rest:
        match = _STEP.match(rest)
        if match is None or (match[2] and match[1] not in "/÷") or (match[3] and not _number(match[3])):
            raise ValueError(f"“{text}” is not a basis. {HOW_TO}")
        steps.append(Step(match[1] in "/÷", None if match[2] else _number(match[3]), (match[4] or "").strip()))
        rest = rest[match.end() :].strip()
    if sum(step.number is None for step in steps) > 1:
        raise ValueError(f"“{text}” divides by the number of authorities twice.")
    return Basis(minus_from, tuple(steps))


HOW_TO = (
    "Write “as is”, “per month”, “per authority”, “per authority per month”, or the steps from left to right, such as "
    "“/ authorities / 12 months”, “100 minus”, “x 1000” or “/ 52 weeks”."
)


def _number(text: str) -> Exact:
    number = Fraction(text)
    return number.numerator if number.denominator == 1 else number
