"""The owner's page: their lines in the order of need, and what has changed since they looked or decided last."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from commentary.sign_off import Standing, Step
from indicators.calculations.noteworthy import new_gap
from indicators.calculations.signal import SignalKind
from indicators.calculations.vocabulary import LabelledEnum, Rating
from indicators.models import User
from indicators.moments import day_and_time
from scorecard.editing.history import Event
from scorecard.models import Edition, EditionState, Visit
from scorecard.rules import may
from scorecard.sheet.components import Fact, Mark, ReasonField, Wording, facts_of, mark_of, reasons_asked, wording_for
from scorecard.sheet.history import decisions_on, events_by_line
from scorecard.sheet.sheet import Sheet, SheetLine

# Of the lines to look at, those that stand open; the others are a row each until one of these is decided on.
MOST_OPEN = 3
NEW_VISIT_AFTER = timedelta(minutes=30)
# Where on the page somebody goes on.
PLACE = re.compile(r"line-[0-9]{1,18}|usual")


class Need(LabelledEnum):
    """Why an owner should look at a line before they sign it off, the most pressing first."""

    CONCERN = "concern", "Signal of concern"
    OFF_TARGET = "off_target", "Off target"
    WARNED = "warned", "A warning without a reason"
    RETURNED = "returned", "Decided on before, and sent again"
    EXPLAINED = "explained", "A warning, explained"
    UNUSUAL = "unusual", "Unusual, not judged"
    GAP = "gap", "New gap to others"
    IMPROVED = "improved", "Signal of improvement"
    NO_FIGURE = "no_figure", "No figure"
    NO_TEXT = "no_text", "No commentary"


_OF_SIGNALS: dict[SignalKind, Need | None] = {
    SignalKind.CONCERN: Need.CONCERN,
    SignalKind.UNUSUAL: Need.UNUSUAL,
    SignalKind.IMPROVEMENT: Need.IMPROVED,
    SignalKind.USUAL: None,
    SignalKind.NONE: None,
}


def needs_of(line: SheetLine, *, is_returned: bool = False) -> list[Need]:
    """What there is to look at in a line, in order; empty where nothing is unusual.

    `is_returned` says that its owner decided on it before, and it waits for them again.
    """
    row, found = line.row, {Need.RETURNED: is_returned, Need.NO_TEXT: line.lacks_commentary}
    found[Need.NO_FIGURE] = line.figure.blank is not None
    found[Need.WARNED] = bool(line.open_warnings)
    found[Need.EXPLAINED] = any(warning.reason for warning in line.warnings)
    found[Need.OFF_TARGET] = row.rating is Rating.RED
    found[Need.GAP] = new_gap(row) is not None
    if need := _OF_SIGNALS[row.signal.told]:
        found[need] = True
    return [need for need in Need if found.get(need)]


class LookBack(NamedTuple):
    """From which moment on a line's changes are told, since what that is in words, and the owner's note of then.

    `is_decided` says that it is since the owner decided on the line.
    """

    since: datetime | None
    words: str = "Changed since you last looked"
    note: str = ""
    is_decided: bool = False


@dataclass(frozen=True)
class ReviewLine:
    """A line as its owner sees it; `changes` are those since they decided on it, or since their last visit.

    `problem` says what was wrong when they tried to decide on it, `note` what they had typed.
    """

    line: SheetLine
    can_decide: bool
    can_approve: bool
    # What its reader entered of it themselves, in words; empty where they don't decide on it anyway.
    entered: str
    wording: Wording
    changes: Sequence[Event]
    looked: LookBack
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

    @property
    def is_returned(self) -> bool:
        """Whether its owner decided on it before, and it waits for them again."""
        return self.is_waiting and self.looked.is_decided

    @cached_property
    def needs(self) -> list[Need]:
        return needs_of(self.line, is_returned=self.is_returned)

    @property
    def place(self) -> str:
        """The line's name within the page."""
        return f"line-{self.line.key}"

    @property
    def before(self) -> str:
        """The figure of the period before, as displayed."""
        return self.line.figures_before[-1][1]


@dataclass
class SignOffPage:
    """What the page of an owner shows. `at` is the place to go on at, after a decision on the line before it."""

    sheet: Sheet
    lines: Sequence[SheetLine]
    person: User
    looked: Mapping[int, LookBack]
    changes: Mapping[int, Sequence[Event]]
    problem: str
    typed: Mapping[str, str]
    at: str = ""

    @property
    def edition(self) -> Edition:
        return self.sheet.edition

    @property
    def is_published(self) -> bool:
        """Whether the edition is published: then the page has only what was corrected since."""
        return self.edition.state == EditionState.PUBLISHED

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
                self.looked.get(line.key, LookBack(None)),
                *((self.problem, self.typed.get("note", "")) if f"saw-{line.key}" in self.typed else ()),
            )
            for line in self.lines
            if (line.is_corrected if self.is_published else line.is_expected)
        ]

    @cached_property
    def waiting(self) -> list[ReviewLine]:
        return [shown for shown in self.shown if shown.is_waiting]

    @cached_property
    def to_look_at(self) -> list[ReviewLine]:
        """Waiting lines that something is unusual about, the most pressing first, otherwise in the scorecard's order.

        One that could not be decided on just now is among them, with what was typed.
        """
        order = [*Need]
        looked = [shown for shown in self.waiting if shown.needs or shown.problem]
        return sorted(looked, key=lambda shown: order.index(shown.needs[0]) if shown.needs else len(order))

    @cached_property
    def usual(self) -> list[ReviewLine]:
        """Waiting lines that nothing is unusual about."""
        return [shown for shown in self.waiting if shown not in self.to_look_at]

    @property
    def plain(self) -> list[ReviewLine]:
        """Those of the usual lines that the reader can sign off, all with one button."""
        return [shown for shown in self.usual if shown.can_approve]

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
    def left(self) -> list[ReviewLine]:
        """Waiting lines that somebody else has to sign off, because the reader entered them."""
        return [shown for shown in self.waiting if shown.can_decide and not shown.can_approve]

    @property
    def marked(self) -> list[ReviewLine]:
        """Those of the plain lines whose sign-off would be marked, because the reader entered them."""
        return [shown for shown in self.plain if shown.entered]

    @property
    def shows_told(self) -> bool:
        """Whether what was done is said at the place to go on at, not on top of the page."""
        return self.at in ([shown.place for shown in self.to_look_at] + (["usual"] if self.usual else []))

    @property
    def cards(self) -> list[tuple[ReviewLine, str]]:
        """The lines to look at, each with the place on the page to go on at once it is decided on."""
        places = [shown.place for shown in self.to_look_at]
        return list(zip(self.to_look_at, [*places[1:], "usual" if self.usual else ""], strict=False))

    @property
    def open_cards(self) -> list[tuple[ReviewLine, str]]:
        """Those that stand open: the first, and one of which the reader was just told something."""
        return self._cards(are_open=True)

    @property
    def folded_cards(self) -> list[tuple[ReviewLine, str]]:
        """Those that are a row each."""
        return self._cards(are_open=False)

    def _cards(self, *, are_open: bool) -> list[tuple[ReviewLine, str]]:
        places = {self.at, *(shown.place for shown in self.to_look_at[:MOST_OPEN])}
        return [one for one in self.cards if (one[0].place in places) is are_open]


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


def looks_back(lines: Sequence[SheetLine], visit: datetime | None) -> Mapping[int, LookBack]:
    """For each line, since when its changes are told: since its owner's latest decision where it waits for another one;
    of a published report on which nobody decided, since that was published; for all others since the reader's last
    `visit`. One query.
    """
    since = LookBack(visit)
    found = {
        line.key: LookBack(line.edition.published_at, "Changed since the report was published")
        if line.edition.published_at and line.is_corrected
        else since
        for line in lines
    }
    for key, record in (decisions_on(lines) if lines else {}).items():
        line = next(line for line in lines if line.key == key)
        if line.standing.is_with_owner:
            done = "sent it back" if record.step == Step.SENT_BACK else "signed it off"
            words = f"Changed since {record.history_user or 'somebody'} {done}, {day_and_time(record.history_date)}"
            note = record.note if record.step == Step.SENT_BACK else ""
            found[key] = LookBack(record.history_date, words, note, is_decided=True)
    return found


def changes_since(
    sheet: Sheet, lines: Sequence[SheetLine], since: Mapping[int, datetime | None], *, reader: User
) -> Mapping[int, list[Event]]:
    """For each line, what has changed since a moment of its own, by whomever; nothing without one. Three queries.

    A line that is worked out tells of the figures that it is worked out from; what they are only to who may see them.
    """
    moments = [moment for moment in since.values() if moment is not None]
    if not moments or not lines:
        return {}
    events = events_by_line(sheet.lines, min(moments))
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
        moment = since.get(line.key)
        if own := [event for event in own if moment is not None and event.at > moment]:
            found[line.key] = sorted(own, key=lambda event: event.at)
    return found
