"""The owner's page: their lines, those that wait for them first, and what has changed since they looked last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from commentary.sign_off import Standing
from indicators.models import User
from scorecard.editing.history import Event
from scorecard.models import Edition, EditionState, Visit
from scorecard.rules import may
from scorecard.sheet.components import Fact, Mark, ReasonField, Wording, facts_of, mark_of, reasons_asked, wording_for
from scorecard.sheet.history import events_by_line
from scorecard.sheet.sheet import Sheet, SheetLine

NEW_VISIT_AFTER = timedelta(minutes=30)


@dataclass(frozen=True)
class ReviewLine:
    """A line as its owner sees it; `changes` are those since their last visit.

    `problem` says what was wrong when they tried to decide on it, `note` what they had typed.
    """

    line: SheetLine
    can_decide: bool
    can_approve: bool
    # What its reader entered of it themselves, in words; empty where they don't decide on it anyway.
    entered: str
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
    def reasons(self) -> list[ReasonField]:
        return reasons_asked(self.line, self.wording)

    @property
    def is_waiting(self) -> bool:
        return self.line.standing.is_with_owner


@dataclass
class SignOffPage:
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
    def shown(self) -> list[ReviewLine]:
        wording = wording_for(self.person, self.sheet)
        return [
            ReviewLine(
                line,
                can_decide := may(self.person, "sign_off_line", line),
                can_decide and line.standing.is_with_owner and may(self.person, "approve_line", line),
                _listed(line.entered_by.get(self.person.pk, ())) if can_decide else "",
                wording,
                self.changes.get(line.key, ()),
                *((self.problem, self.typed.get("note", "")) if f"saw-{line.key}" in self.typed else ()),
            )
            for line in self.lines
            if line.is_expected
        ]

    @property
    def waiting(self) -> list[ReviewLine]:
        return [shown for shown in self.shown if shown.is_waiting]

    @property
    def approved(self) -> list[ReviewLine]:
        return [shown for shown in self.shown if shown.line.standing is Standing.APPROVED]

    @property
    def with_reporters(self) -> list[ReviewLine]:
        return [shown for shown in self.shown if shown.line.standing.is_with_reporter]

    @property
    def without_words(self) -> list[SheetLine]:
        """Lines without the commentary that readers will ask for, wherever they are, while it can be written.

        No more once the edition is published.
        """
        if self.edition.state == EditionState.PUBLISHED:
            return []
        return [shown.line for shown in self.shown if shown.line.lacks_commentary]

    @property
    def plain(self) -> list[ReviewLine]:
        """Waiting lines that nothing is to be asked about: they can be signed off together."""
        return [shown for shown in self.waiting if shown.can_approve and not shown.line.open_warnings]

    @property
    def left(self) -> list[ReviewLine]:
        """Waiting lines that somebody else has to sign off, because the reader entered them."""
        return [shown for shown in self.waiting if shown.can_decide and not shown.can_approve]

    @property
    def marked(self) -> list[ReviewLine]:
        """Those of the plain lines whose sign-off would be marked, because the reader entered them."""
        return [shown for shown in self.plain if shown.entered]


def _listed(words: Sequence[str]) -> str:
    *first, last = words or [""]
    return f"{', '.join(first)} and {last}" if first else last


def begin_visit(*, edition: Edition, person: User, now: datetime) -> datetime | None:
    """Note that somebody looks at an edition's lines; returns when they looked before, None the first time."""
    visit, is_new = Visit.objects.get_or_create(edition=edition, person=person, defaults={"latest_at": now})
    if is_new:
        return None
    if now - visit.latest_at > NEW_VISIT_AFTER:
        visit.before_at = visit.latest_at
    visit.latest_at = now
    visit.save()
    return visit.before_at


def changes_since(
    sheet: Sheet, lines: Sequence[SheetLine], since: datetime | None, *, reader: User
) -> Mapping[int, list[Event]]:
    """For each line, what has changed since somebody looked, by whomever; nothing before the first look. Two queries.

    A line that is worked out tells of the figures that it is worked out from; what they are only to who may see them.
    """
    if since is None or not lines:
        return {}
    events = events_by_line(sheet.lines, since)
    found: dict[int, list[Event]] = {}
    for line in lines:
        own = list(events.get(line.key, ()))
        if line.is_derived:
            for source in sheet.lines:
                if line.indicator.reference in source.feeds:
                    is_seen = may(reader, "see_line", source)
                    own += [
                        event._replace(
                            what=f"Figure of {source.indicator.reference}",
                            before=event.before if is_seen else "",
                            after=event.after if is_seen else "",
                        )
                        for event in events.get(source.key, ())
                        if event.what == "Figure"
                    ]
        if own:
            found[line.key] = sorted(own, key=lambda event: event.at)
    return found
