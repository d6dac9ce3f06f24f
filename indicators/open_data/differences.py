"""How a report's comparators differ from what a source gives, and what explains it: a factor, or another measure.

A comparator that was put on another basis than its row's, or taken from the wrong measure, looks like any other figure.
Beside the source it shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from indicators.calculations.exact import Exact, decimals_of, rounded_exactly
from indicators.calculations.formatting import MOST_DECIMALS_STORED, counted, format_number, format_value
from indicators.calculations.vocabulary import GroupKind, Unit

# Where one is half as large again as the other, it isn't another list of neighbours, or a figure that was revised.
FAR_TIMES = Fraction(3, 2)
# Figures that a factor explains agree as printed, or as nearly as a revision moves them.
NEARLY = Fraction(1, 50)
MONTHS = 12


class Pair(NamedTuple):
    """A comparator as the report has it, and as the source gives it, in the indicator's unit.

    `is_same_year` is False where the report's is known to be of another year; `authorities` are how many there are
    in the group, None for neighbours.
    """

    reference: str
    group: GroupKind
    printed: Exact
    found: Exact
    unit: Unit
    decimal_places: int
    is_same_year: bool
    authorities: int | None

    @property
    def places(self) -> int:
        """The decimals that the printed figure was rounded to."""
        return decimals_of(self.printed, MOST_DECIMALS_STORED)

    @property
    def times(self) -> Fraction | None:
        """How many times the smaller is in the larger; None where one of them is 0."""
        smaller, larger = min(self.printed, self.found), max(self.printed, self.found)
        return Fraction(larger, smaller) if smaller > 0 else None

    @property
    def is_far(self) -> bool:
        return self.printed != self.found and (self.times is None or self.times >= FAR_TIMES)

    def gives(self, value: Exact) -> bool:
        """Whether another figure would be printed as the report's is."""
        return rounded_exactly(value, self.places) == self.printed

    def text(self, value: Exact) -> str:
        return format_value(value, self.unit, max(self.decimal_places, self.places if value == self.printed else 0))


class Difference(NamedTuple):
    """What an officer is told of a pair; `is_far` where the report's comparator can't be on the row's basis."""

    text: str
    is_far: bool


def differences(pairs: Sequence[Pair]) -> list[Difference]:
    """What an officer is told, the most different first; nothing where they differ by rounding only."""
    off = sorted((pair for pair in pairs if not pair.gives(pair.found)), key=lambda pair: not pair.is_far)
    elsewhere = _from_other_measures([pair for pair in off if pair.is_far and not _factor(pair)], pairs)
    return [
        Difference(_told(pair, _factor(pair) or elsewhere.get(pair, "")), pair.is_far)
        for pair in off
        if pair.is_far or pair.is_same_year
    ]


def _told(pair: Pair, why: str) -> str:
    printed, found = pair.text(pair.printed), pair.text(pair.found)
    if printed == found:
        found = format_value(pair.found, pair.unit, pair.decimal_places + 2)
    start = f"{pair.reference}, {pair.group.label}: the report has {printed}, the source gives {found}"
    if not pair.is_far:
        return f"{start}."
    times = f", {format_number(pair.times, 1)} times apart" if pair.times else ""
    return f"{start}{times}: {why or 'no factor such as 12 months explains it, so it counts something else'}."


def _factor(pair: Pair) -> str:
    """The step that was done once too often, or left out, in words; empty where there is none."""
    if not pair.is_far or not pair.printed or not pair.found:
        return ""
    text = pair.text(pair.found)
    for number, what in _factors(pair):
        for value, words in (
            (Fraction(pair.found, number), f"{text} / {what}"),
            (Fraction(pair.found * number), f"{text} × {what}"),
        ):
            if pair.gives(value) or abs(value - pair.printed) <= NEARLY * pair.printed:
                return f"{pair.text(pair.printed)} is what {words} gives"
    if pair.unit is Unit.PERCENTAGE and pair.gives(100 - pair.found):
        return f"{pair.text(pair.printed)} is what 100% - {text} gives"
    return ""


def _factors(pair: Pair) -> Iterator[tuple[int, str]]:
    yield MONTHS, f"{MONTHS} months"
    if pair.authorities and pair.authorities > 1:
        yield pair.authorities, counted(pair.authorities, "authority")
        yield MONTHS * pair.authorities, f"{counted(pair.authorities, 'authority')} and {MONTHS} months"
    yield 1000, "1,000"
    yield 100, "100"
    yield 10, "10"
    yield 52, "52 weeks"
    yield 4, "4 quarters"


def _from_other_measures(far: Sequence[Pair], pairs: Sequence[Pair]) -> Mapping[Pair, str]:
    """For figures that no factor explains: another line's figures of the same groups that do, with one factor.

    By chance one figure in so many comes out; so it has to be so in two groups at least.
    """
    by_group: dict[GroupKind, list[Pair]] = {}
    for pair in pairs:
        by_group.setdefault(pair.group, []).append(pair)
    matches: dict[str, list[tuple[tuple[str, str], Pair, str]]] = {}
    for pair in far:
        for other in by_group[pair.group]:
            if other.reference == pair.reference or (other.unit is Unit.COUNT) != (pair.unit is Unit.COUNT):
                continue
            for number, what in ((1, ""), (MONTHS, f"{MONTHS} months")):
                for value in (Fraction(other.found, number), Fraction(other.printed, number)):
                    if pair.gives(value):
                        shown = other.text(value * number)
                        step = f" / {what}" if what else ""
                        words = f"{pair.text(pair.printed)} is what {other.reference}’s {shown}{step} gives"
                        matches.setdefault(pair.reference, []).append(((other.reference, what), pair, words))
                        break
    found: dict[Pair, str] = {}
    for several in matches.values():
        rule, times = Counter(rule for rule, _, _ in several).most_common(1)[0]
        if times > 1:
            found |= {pair: words for one, pair, words in several if one == rule}
    return found
