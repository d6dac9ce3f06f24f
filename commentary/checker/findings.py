"""What the checker reports: a phrase of the text and the fact that contradicts it."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.calculations.vocabulary import LabelledEnum


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
