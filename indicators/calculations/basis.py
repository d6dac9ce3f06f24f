"""How a published figure is put on an indicator's own basis: a few steps of arithmetic, and the words for them.

The steps are done from left to right. Officers and mappings write them as `/ authorities / 12 months`, `100 minus`,
`x 1000`; officers also as “divided by 12”, “÷ 12”, “per month”, “100-, then times 4”.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from .exact import Exact, decimals_of
from .formatting import MOST_DECIMALS_STORED, format_number
from .months import FIRST_MONTH_OF_FINANCIAL_YEAR, year_text
from .periods import MONTHS_IN
from .units import UnitKind, kind_of
from .vocabulary import Accumulation, ComparatorPeriod, Frequency, OnBasis, Unit

AUTHORITIES = "authorities"
# Taken as published, which somebody has said: that no rule is known is written as nothing.
AS_IS = "as is"
_AS_IS = frozenset((AS_IS, "as it is", "as they are", "as published", "taken as it is", "unchanged"))
_SUM = re.compile(r"(?:the )?(?:sum|total) of (?:the |\d+ )?parts\b", re.IGNORECASE)
_MEAN = re.compile(r"(?:the )?(?:mean|average) of (?:the |\d+ )?parts\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[,;.]|\band\b|\bthen\b)\s*", re.IGNORECASE)
_NUMBER = r"(\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?|\d{1,12}(?:\.\d{1,6})?)"
_FROM = re.compile(rf"(?:subtract(?:ed)?|taken|take|deduct(?:ed)?) from {_NUMBER}\s?%?", re.IGNORECASE)
_MINUS = re.compile(
    rf"{_NUMBER}\s?%?\s?(?:minus\b|less\b|[-−–])(?:\s?(?:the )?(?:published )?(?:figure|value|percentage|share)\b)?",
    re.IGNORECASE,
)
_SUBTRACTION = re.compile(r"[\d,.]+ - ")
_NOUN = r"([a-z][a-z' -]{0,30}?[a-z])"
# Where a noun behind a number ends: before the next step.
_NEXT = r"(?=\s*(?:$|[,;.:/÷×*·]|x\s?\d|\d|(?:and|then|divided?|times|multipl\w+|subtract)\b))"
_STEP = re.compile(
    r"(?:(/|÷|:|divided by\b|divide by\b)|x|×|\*|·|times\b|multiplied by\b|multiply by\b)\s*"
    rf"(?:(authorit(?:y|ies))\b|{_NUMBER}(?:\s?{_NOUN}{_NEXT})?)(?![\d%])",
    re.IGNORECASE,
)
_PER = re.compile(
    r"(?:per|a|each) (month|quarter|term|half-year|half year|year|authority)\b|(monthly|quarterly|yearly)\b"
)
_PER_PEOPLE = re.compile(
    rf"per {_NUMBER} of(?: an?| the)?(?: population of)? {_NUMBER}(?:\s?{_NOUN}{_NEXT})?", re.IGNORECASE
)
_ADVERBS = {"monthly": "month", "quarterly": "quarter", "yearly": "year"}

MONTHS_OF = {"month": 1, "quarter": 3, "term": 4, "half-year": 6, "year": 12}
# Of how many months a published figure is the total; None for what no length of time makes larger.
MONTHS_IN_PERIOD = {
    ComparatorPeriod.YEAR: 12,
    ComparatorPeriod.AVERAGE: None,
    ComparatorPeriod.HALF_YEAR: 6,
    ComparatorPeriod.TERM: 4,
    ComparatorPeriod.QUARTER: 3,
    ComparatorPeriod.MONTH: 1,
    ComparatorPeriod.DAY: None,
}
_NOUNS = {months: noun for noun, months in MONTHS_OF.items()}
_WHEN = {
    ComparatorPeriod.YEAR: "in",
    ComparatorPeriod.AVERAGE: "on average in",
    ComparatorPeriod.HALF_YEAR: "in a half-year of",
    ComparatorPeriod.TERM: "in a term of",
    ComparatorPeriod.QUARTER: "in a quarter of",
    ComparatorPeriod.MONTH: "in a month of",
    ComparatorPeriod.DAY: "on a day in",
}
# Figures of these are more for a longer time; an average, a share or a score isn't, unless the indicator adds it up.
_GROW = frozenset((UnitKind.COUNT, UnitKind.RATE, UnitKind.MONEY))

HOW_TO = (
    "Write “as is”, “per month”, “per authority”, “per authority per month”, or the steps from left to right, such as "
    "“/ authorities / 12 months”, “100 minus”, “x 1000” or “/ 52 weeks”."
)
HOW_TO_TYPE = (
    "Write what is done with the figure, from left to right: “/ 12”, “/ 152 authorities / 12 months”, “100 minus”, "
    "“x 1000”, “per month”, “mean of parts”; or “as is”, if it can be compared as it was published."
)


class Step(NamedTuple):
    """A division, a multiplication, or what the figure is subtracted from. Without a number it is a division by how
    many authorities there are.
    """

    divides: bool
    number: Exact | None
    of_what: str = ""
    subtracts: bool = False

    def of(self, value: Exact, authorities: int | None) -> Exact:
        """What it makes of a figure. Without `authorities` that is one authority's, not divided by their number."""
        number = authorities if self.number is None else self.number
        if number is None:
            return value
        if self.subtracts:
            return number - value
        return Fraction(value) / number if self.divides else value * number

    @property
    def number_text(self) -> str:
        return plain_number(self.number or 0)

    def words(self, told: str, authorities: int | None) -> str:
        """What was done before, as `told`, and this: “… / 152 authorities”. Left out is what there is no number for."""
        if self.number is None and not authorities:
            return told
        # Read as arithmetic, “100 - 40 / 12” would divide before it subtracts.
        if _SUBTRACTION.match(told) or (self.subtracts and (" / " in told or " × " in told or told.startswith("/ "))):
            told = f"({told})"
        if self.subtracts:
            return f"{self.number_text} - {told}"
        if self.number is None:
            return f"{told} / {authorities} {AUTHORITIES}"
        return " ".join(filter(None, (told, "/" if self.divides else "×", self.number_text, self.of_what)))

    @property
    def text(self) -> str:
        """The step as it is written: “/ 12 months”, “100 minus”."""
        if self.number is None:
            return f"/ {AUTHORITIES}"
        return f"{self.number_text} minus" if self.subtracts else self.words("", None)

    @property
    def said(self) -> str:
        """The step in a sentence: “divided by 12 months”."""
        done = "subtracted from" if self.subtracts else "divided by" if self.divides else "multiplied by"
        what = f"the number of {AUTHORITIES}" if self.number is None else f"{self.number_text} {self.of_what}"
        return f"{done} {what}".rstrip()


class Rule(NamedTuple):
    """The steps, and whether the parts that were published are averaged before; else they are added up."""

    steps: tuple[Step, ...] = ()
    averages: bool = False

    @property
    def by_authority(self) -> bool:
        """Whether totals of England and of a region are divided by the number of authorities."""
        return any(step.number is None for step in self.steps)

    @property
    def by_month(self) -> bool:
        """Whether a year's figure is divided by 12."""
        return any(step.divides and step.number == 12 for step in self.steps)

    def of(self, value: Exact, authorities: int | None = None) -> Exact:
        """The figure on the basis. Without `authorities` it is one authority's, not divided by their number."""
        for step in self.steps:
            value = step.of(value, authorities)
        return value

    def of_parts(self, parts: Sequence[Exact]) -> Exact:
        """The figure on the basis, of the parts that were published; there is at least one."""
        whole = sum(parts)
        return self.of(Fraction(whole, len(parts)) if self.averages else whole)

    def words(self, of_what: str, authorities: int | None) -> str:
        """The steps as a formula, around what they are done with."""
        for step in self.steps:
            of_what = step.words(of_what, authorities)
        return of_what

    @property
    def text(self) -> str:
        """The rule as it is kept and written in files; read again it is the same rule."""
        told = ["mean of parts"] if self.averages else []
        for step in self.steps:
            # What is subtracted from comes first, or behind a comma, so that it isn't taken for part of a number.
            told.append(step.text if not told or not step.subtracts else f", {step.text}")
        return " ".join(told).replace(" , ", ", ") or AS_IS

    @property
    def said(self) -> str:
        """The rule in a sentence: “divided by 152 authorities, divided by 12 months”; read again it is the same."""
        told = ["the mean of the parts"] if self.averages else []
        return ", ".join([*told, *(step.said for step in self.steps)]) or "taken as it is"


def parse_basis(text: str) -> Rule:
    """The rule that a mapping writes, for figures of a year. Raises ValueError, with what can be written."""
    rule = _rule_of(text, 12)
    if rule is None or rule.averages:
        raise ValueError(f"“{text}” is not a basis. {HOW_TO}")
    return rule


def parse_rule(text: str, period: ComparatorPeriod | None = ComparatorPeriod.YEAR) -> Rule:
    """The rule that an officer writes for a figure of the period. Raises ValueError, with what can be written."""
    rule = _rule_of(text, None if period is None else MONTHS_IN_PERIOD[period])
    if rule is None:
        raise ValueError(f"“{text}” is not a rule. {HOW_TO_TYPE}")
    if rule.by_authority:
        raise ValueError("Write how many authorities they are, such as “/ 152 authorities”.")
    return rule


@lru_cache(maxsize=512)
def stored_rule(text: str) -> Rule:
    """A rule as it is kept. Raises ValueError for a text that isn't one, which nobody could have saved."""
    return parse_rule(text)


def _rule_of(text: str, months: int | None) -> Rule | None:
    """The rule that the text writes, for a figure of so many months; None where it is none.

    Raises ValueError for one that can't be done.
    """
    rest = " ".join(text.split()).strip(" .,;")
    if not rest or rest.lower() in _AS_IS:
        return Rule()
    averages = bool(mean := _MEAN.match(rest))
    if beginning := mean or _SUM.match(rest):
        rest = _after(rest, beginning)
    steps: list[Step] = []
    while rest:
        match, found = _next_step(rest, months)
        if match is None:
            return None
        steps += found
        rest = _after(rest, match)
    for step in steps:
        if step.number == 0 and step.divides:
            raise ValueError(f"“{text}” divides by 0.")
        if step.number == 0 and not step.subtracts:
            raise ValueError(f"“{text}” multiplies by 0, which makes every figure 0.")
    if sum(step.number is None for step in steps) > 1:
        raise ValueError(f"“{text}” divides by the number of authorities twice.")
    return Rule(tuple(steps), averages)


def _after(rest: str, match: re.Match[str]) -> str:
    rest = rest[match.end() :].lstrip()
    while between := _BETWEEN.match(rest):
        rest = rest[between.end() :]
    return rest


def _next_step(rest: str, months: int | None) -> tuple[re.Match[str] | None, list[Step]]:
    """What matches at the beginning, and the steps that it means."""
    if match := _FROM.match(rest) or _MINUS.match(rest):
        return match, [Step(divides=False, number=_number(match[1]), subtracts=True)]
    lowered = rest.lower()
    if match := _PER_PEOPLE.match(lowered):
        people = Step(divides=True, number=_number(match[2]), of_what=match[3] or "people")
        return match, [people, Step(divides=False, number=_number(match[1]))]
    if match := _PER.match(lowered):
        if match[1] == "authority":
            return match, [Step(divides=True, number=None)]
        return match, _steps_to(_ADVERBS.get(match[2]) or match[1].replace(" ", "-"), months)
    if match := _STEP.match(rest):
        if match[2]:
            return (match, [Step(divides=True, number=None)]) if match[1] else (None, [])
        return match, [Step(bool(match[1]), _number(match[3]), (match[4] or "").strip())]
    return None, []


def _steps_to(noun: str, months: int | None) -> list[Step]:
    """From a figure of so many months to one of another length of time."""
    if months is None:
        raise ValueError(
            f"“Per {noun}” needs the total of a longer time: say what time the figure is of, or write the steps, "
            "such as “/ 12”."
        )
    wanted = MONTHS_OF[noun]
    longer, shorter = max(months, wanted), min(months, wanted)
    if longer % shorter:
        raise ValueError(f"A {noun} is no whole part of a {_NOUNS[months]}: write the steps, such as “/ 12, x 4”.")
    if longer == shorter:
        return []
    return [Step(divides=months > wanted, number=longer // shorter, of_what=f"{_NOUNS[shorter]}s")]


def _number(text: str) -> Exact:
    number = Fraction(text.replace(",", ""))
    return number.numerator if number.denominator == 1 else number


_PART = re.compile(rf"\s*([+;&-]|\band\b)?\s*([-+])?\s*£?\s?{_NUMBER}\s?%?", re.IGNORECASE)
MOST_PARTS = 24


def parse_parts(text: str) -> tuple[Exact, ...]:
    """A figure as it was published, or the parts of a sum: “417”, “120 + 80.5”, “1,200; 300”; empty for nothing.

    Raises ValueError for anything else.
    """
    written = text.replace("−", "-").replace("–", "-").strip()
    parts: list[Exact] = []
    while written:
        match = _PART.match(written)
        if match is None or (bool(parts) and not match[1]) or (match[1] in ("+", "-") and match[2]):
            raise ValueError(
                f"“{text}” is not a figure: write its digits, as in 417 or 16.2, or the parts of a sum, as in 120 + 80."
            )
        is_negative = match[2] == "-" or match[1] == "-"
        parts.append(-_number(match[3]) if is_negative else _number(match[3]))
        written = written[match.end() :].strip()
    if len(parts) > MOST_PARTS:
        raise ValueError(f"These are {len(parts)} parts; at most {MOST_PARTS} can be kept.")
    return tuple(parts)


def parts_text(parts: Sequence[Exact]) -> str:
    """The parts as they are kept and written in files: “120 + 80.5 - 3”."""
    return _joined([plain_number(part).replace(",", "") for part in parts])


def parts_words(parts: Sequence[Exact]) -> str:
    """The parts in a sentence: “1,200 + 300”."""
    return _joined([plain_number(part) for part in parts])


def plain_number(number: Exact) -> str:
    """A number with all decimals that can be stored, and no unit: “1,200.5”."""
    return format_number(number, decimals_of(number, MOST_DECIMALS_STORED))


def _joined(texts: Sequence[str]) -> str:
    return " + ".join(texts).replace("+ -", "- ")


class Published(NamedTuple):
    """A comparator's figure as its source has it: the parts, usually one, the time it is of, and the rule as text.

    `rule` is empty where none is known.
    """

    parts: str = ""
    period: ComparatorPeriod | None = None
    rule: str = ""

    @property
    def value(self) -> Exact | None:
        """The figure on the row's basis, exactly; None where no published figure is kept, or none that can be read."""
        return _worked_out(self.parts, self.rule)

    def words(self, year: int | None, year_starts: int = FIRST_MONTH_OF_FINANCIAL_YEAR) -> str:
        """“417 in the year 2019-20, divided by 12”; empty where nothing is known."""
        if not self.parts and self.period is None:
            return ""
        named = "a year that isn’t stated" if year is None else year_text(year, year_starts)
        if self.period in (ComparatorPeriod.YEAR, ComparatorPeriod.AVERAGE):
            named = named if not named[0].isdigit() else f"year {named}"
        the = "the " if year is not None and not named[0].isdigit() else ""
        when = f"for {the}{named}" if self.period is None else f"{_WHEN[self.period]} {the}{named}"
        try:
            figure, rule = parts_words(parse_parts(self.parts)), self.rule and stored_rule(self.rule).said
        except ValueError:
            figure, rule = self.parts, self.rule
        return ", ".join(filter(None, (f"{figure} {when}".lstrip(), rule)))


@lru_cache(maxsize=512)
def _worked_out(parts: str, rule: str) -> Exact | None:
    try:
        published = parse_parts(parts)
        return stored_rule(rule).of_parts(published) if published else None
    except ValueError:
        # No form saves such a thing, but somebody may have written it into the table.
        return None


def is_of_other_time(period: ComparatorPeriod | None, frequency: Frequency, unit: Unit, adds_up: Accumulation) -> bool:
    """Whether a figure of the period is more, or less, than one of the indicator's own only because of its length."""
    months = None if period is None else MONTHS_IN_PERIOD[period]
    grows = kind_of(unit) in _GROW or adds_up is not Accumulation.NO
    return months is not None and grows and months != MONTHS_IN[frequency]


def known_basis(
    said: OnBasis, published: Published, frequency: Frequency, unit: Unit, adds_up: Accumulation
) -> OnBasis:
    """What is known of a comparator's basis: what was said, but for another time without a rule, which is unknown."""
    if published.parts and published.value is None:
        return OnBasis.UNKNOWN
    if said is OnBasis.YES and not published.rule and is_of_other_time(published.period, frequency, unit, adds_up):
        return OnBasis.UNKNOWN
    return said
