"""The performance officer's page of a collection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.urls import reverse

from indicators.calculations.months import month_text
from scorecard.models import EditionState
from scorecard.sheet.present import Mark, mark_of
from scorecard.sheet.sheet import Sheet, SheetLine

from .editions import MOVES
from .forms import LinesForm
from .tallies import Tally, by_owner, by_reporter, by_section, is_late

MOVE_WORDS = {
    (EditionState.COLLECTING, EditionState.IN_REVIEW): "End collection and begin the review",
    (EditionState.IN_REVIEW, EditionState.COLLECTING): "Open for collection again",
}


@dataclass(frozen=True, slots=True)
class CollectedLine:
    """A line in the officer's list."""

    line: SheetLine
    mark: Mark
    is_late: bool


@dataclass
class CollectionPage:
    """What the page of a collection shows."""

    sheet: Sheet
    form: LinesForm
    today: date

    @cached_property
    def total(self) -> Tally | None:
        tallies = by_section(self.sheet, self.today)
        if not tallies:
            return None
        numbers = ("total", "to_send", "to_sign_off", "approved", "late", "punctual")
        return Tally("All", None, *(sum(getattr(tally, name) for tally in tallies) for name in numbers))

    @cached_property
    def groups(self) -> list[tuple[str, list[Tally]]]:
        return [
            ("Reporter", by_reporter(self.sheet, self.today)),
            ("Owner", by_owner(self.sheet, self.today)),
            ("Section", by_section(self.sheet, self.today)),
        ]

    @cached_property
    def lines(self) -> list[CollectedLine]:
        wanted = self.form.wanted()
        return [
            CollectedLine(line, mark_of(line.standing), is_late(line, self.today))
            for line in self.sheet.lines
            if wanted.includes(line, self.today)
        ]

    @property
    def moves(self) -> list[tuple[str, str]]:
        """Where the edition can go from here: the address and the words on the button, the usual step first."""
        edition = self.sheet.edition
        state, place = EditionState(edition.state), [edition.scorecard.slug, month_text(edition.month)]
        moves = [(reverse("move_edition", args=[*place, to.value]), MOVE_WORDS[state, to]) for to in MOVES[state]]
        if state is EditionState.IN_REVIEW:
            return [(reverse("publish_edition", args=place), "Publish"), *moves]
        if state is EditionState.PUBLISHED:
            return [(reverse("revise_edition", args=place), "Revise"), *moves]
        return moves

    @property
    def unexplained(self) -> list[SheetLine]:
        """Lines with warnings that nobody has explained."""
        return [line for line in self.sheet.lines if line.is_expected and line.open_warnings]

    @property
    def unapproved(self) -> list[SheetLine]:
        return [line for line in self.sheet.lines if line.is_expected and line.standing != "approved"]

    @property
    def days_left(self) -> int | None:
        due = self.sheet.edition.due_on
        return None if due is None else (due - self.today).days
