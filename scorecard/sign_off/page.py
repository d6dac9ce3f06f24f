"""The owner's page: their lines, those that wait for them first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from commentary.sign_off import Standing
from indicators.models import User
from scorecard.models import Edition
from scorecard.rules import may
from scorecard.sheet.history import Event
from scorecard.sheet.present import AskedReason, Fact, Mark, Wording, facts_of, mark_of, reasons_asked, wording_for
from scorecard.sheet.sheet import Sheet, SheetLine


@dataclass(frozen=True)
class ReviewedLine:
    """A line as its owner sees it; `changes` are those since their last visit.

    `problem` says what was wrong when they tried to decide on it, `note` what they had typed.
    """

    line: SheetLine
    can_decide: bool
    wording: Wording
    changes: Sequence[Event]
    problem: str = ""
    note: str = ""

    @cached_property
    def facts(self) -> list[Fact]:
        return facts_of(self.line)

    @cached_property
    def mark(self) -> Mark:
        return mark_of(self.line.standing)

    @cached_property
    def reasons(self) -> list[AskedReason]:
        return reasons_asked(self.line, self.wording)

    @property
    def is_waiting(self) -> bool:
        return self.line.standing.is_with_owner


@dataclass
class Review:
    """What the page of an owner shows."""

    sheet: Sheet
    lines: Sequence[SheetLine]
    person: User
    changes: Mapping[int, Sequence[Event]]
    since: datetime | None
    problem: str
    typed: Mapping[str, str]

    @property
    def edition(self) -> Edition:
        return self.sheet.edition

    @cached_property
    def shown(self) -> list[ReviewedLine]:
        wording = wording_for(self.person, self.sheet)
        return [
            ReviewedLine(
                line,
                may(self.person, "sign_off_line", line),
                wording,
                self.changes.get(line.key, ()),
                *((self.problem, self.typed.get("note", "")) if f"saw-{line.key}" in self.typed else ()),
            )
            for line in self.lines
            if line.is_expected
        ]

    @property
    def waiting(self) -> list[ReviewedLine]:
        return [shown for shown in self.shown if shown.is_waiting]

    @property
    def approved(self) -> list[ReviewedLine]:
        return [shown for shown in self.shown if shown.line.standing is Standing.APPROVED]

    @property
    def with_reporters(self) -> list[ReviewedLine]:
        return [shown for shown in self.shown if shown.line.standing.is_with_reporter]

    @property
    def plain(self) -> list[ReviewedLine]:
        """Waiting lines that nothing is to be asked about: they can be signed off together."""
        return [shown for shown in self.waiting if shown.can_decide and not shown.line.open_warnings]
