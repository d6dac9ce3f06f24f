"""What the checker reports: a phrase of the text and the fact that contradicts it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from commentary.facts import said_percent, said_value
from indicators.calculations.change import change
from indicators.calculations.exact import Exact
from indicators.calculations.row import Row
from indicators.calculations.units import UnitKind
from indicators.calculations.vocabulary import Blank, LabelledEnum, Polarity, Unit


class FindingKind(LabelledEnum):
    """What is wrong with a phrase."""

    FIGURE = "figure", "A figure that the row does not have"
    MONTH = "month", "A month that the row cannot know"
    DIRECTION = "direction", "The figure went another way"
    CHANGE = "change", "The change has another size"
    EXTREME = "extreme", "Not the highest or lowest"
    COMPARISON = "comparison", "It compares otherwise"
    COPIED = "copied", "The same text as in another month"
    NOT_ALONE = "not_alone", "Cannot be understood by itself"


@dataclass(frozen=True, slots=True)
class Finding:
    """A phrase, from `start` up to `end` in the text, and the fact against it, which is a clause of its own."""

    kind: FindingKind
    phrase: str
    fact: str
    start: int
    end: int

    @property
    def message(self) -> str:
        """The finding in words."""
        return f"“{self.phrase}”: {self.fact}."


def said_month(row: Row, month: date) -> str:
    """ "36% in January 2021", or "no figure for January 2021 (awaited (tbc))"."""
    figure = row.figure(month)
    if figure.value is None:
        blank = figure.blank or Blank.NOT_AVAILABLE
        return f"no figure for {month:%B %Y} ({blank.label[0].lower()}{blank.label[1:]})"
    return f"{said_value(row, figure.value)} in {month:%B %Y}"


def said_change(row: Row, earlier: date, later: date) -> str:
    """ "2,247 in December 2020 and 2,193 in January 2021, which is 54 fewer (2%)"."""
    both = f"{said_month(row, earlier)} and {said_month(row, later)}"
    before, after = row.value(earlier), row.value(later)
    if before is None or after is None:
        return both
    return f"{both}, which is {said_apart(row, before, after, 'more', 'fewer')}"


def said_apart(row: Row, before: Exact, after: Exact, more: str, fewer: str) -> str:
    """The difference, as "7 lower (22%)"."""
    if before == after:
        return "the same"
    measure, is_count = row.measure, row.measure.unit is Unit.COUNT
    relative = change(after, before, Polarity.NEUTRAL, is_signed=measure.allows_negative).relative
    per_cent = "" if relative is None else said_percent(relative)
    way = (more if is_count else "higher") if after > before else (fewer if is_count else "lower")
    if per_cent and not (is_count or measure.tells_differences or measure.kind_of_unit is UnitKind.MONEY):
        return f"{per_cent} {way}"
    return f"{measure.difference_text(before, after)} {way}" + (f" ({per_cent})" if per_cent else "")
