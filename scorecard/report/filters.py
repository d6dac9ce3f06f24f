"""Which lines of a report a reader has asked to see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from indicators.calculations.row import Row

from .board import BoardReport
from .what_to_look_at import LookItem, Reason

ANYTHING, NOTHING_UNUSUAL = "any", "nothing"
LOOK_FIRST = "look"
LOOK_CHOICES = [
    (ANYTHING, "Anything to look at"),
    *Reason.choices(),
    (NOTHING_UNUSUAL, "Nothing unusual"),
]
ORDER_CHOICES = [("", "As in the scorecard"), (LOOK_FIRST, "What to look at first")]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader is looking for, as the form's values. An empty string is no restriction."""

    words: str = ""
    section: str = ""
    owner: str = ""
    rating: str = ""
    assessment: str = ""
    signal: str = ""
    look: str = ""

    def __bool__(self) -> bool:
        return any(
            (self.words, self.section, self.owner, self.rating, self.assessment, self.signal, self.look),
        )

    def includes(self, row: Row, section: str, reasons: Collection[Reason] = ()) -> bool:
        """Whether a row in the section (its anchor), to look at for these reasons, is among what is asked for."""
        return (
            self.section in ("", section)
            and self.owner in ("", row.measure.owner)
            and self.rating in ("", row.rating)
            and self.assessment in ("", row.change_month.assessment)
            and self.signal in ("", row.signal.kind)
            and self.look in ("", *looked_for(reasons))
            and all(word in searchable_text(row) for word in self.words.lower().split())
        )


def looked_for(reasons: Collection[Reason]) -> list[str]:
    """What a reader can ask for to find a line with these reasons to look at it."""
    return [ANYTHING, *reasons] if reasons else [NOTHING_UNUSUAL]


def ordered_lines(report: BoardReport, items: Collection[LookItem]) -> list[tuple[str, Row]]:
    """All lines, each with its section's anchor: those to look at first, in their order, then the others."""
    ranks = {item.row.indicator: rank for rank, item in enumerate(items)}
    lines = [(section.anchor, row) for section in report.sections for row in section.rows]
    return sorted(lines, key=lambda line: ranks.get(line[1].indicator, len(ranks)))


def searchable_text(row: Row) -> str:
    """What find-as-you-type looks through, in lower case."""
    measure = row.measure
    return f"{measure.reference} {measure.title} {measure.owner} {measure.reporter}".lower()


def owners(report: BoardReport) -> list[str]:
    """The owners of the report's lines, in alphabetical order."""
    return sorted({row.measure.owner for row in report.rows if row.measure.owner})
