"""Which lines of a report a reader has asked to see."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from indicators.calculations.vocabulary import Assessment, Rating

from .board import BoardReport
from .row import Row


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; an empty string asks for everything. Values are those of the forms."""

    words: str = ""
    section: str = ""
    owner: str = ""
    rating: str = ""
    assessment: str = ""

    def __bool__(self) -> bool:
        return any((self.words, self.section, self.owner, self.rating, self.assessment))

    def includes(self, row: Row, section: str) -> bool:
        """Whether a row in the section (its anchor) is among what is asked for."""
        return (
            self.section in ("", section)
            and self.owner in ("", row.measure.owner)
            and self.rating in ("", row.rating)
            and self.assessment in ("", row.change_month.assessment)
            and all(word in searchable_text(row) for word in self.words.lower().split())
        )


def searchable_text(row: Row) -> str:
    """What find-as-you-type looks through, in lower case."""
    measure = row.measure
    return f"{measure.reference} {measure.title} {measure.owner} {measure.reporter}".lower()


def owners(report: BoardReport) -> list[str]:
    """The owners of the report's lines, in alphabetical order."""
    return sorted({row.measure.owner for row in report.rows if row.measure.owner})


def count_assessments(report: BoardReport) -> Counter[Assessment]:
    """How many lines got better, worse and so on since last month."""
    return Counter(row.change_month.assessment for row in report.rows)


def count_ratings(report: BoardReport) -> Counter[Rating]:
    """How many lines are red, amber, green and so on."""
    return Counter(row.rating for row in report.rows)
