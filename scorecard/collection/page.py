"""The performance officer's page of a collection: how complete and how punctual the returns are, and who is late."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import F, Max
from django.urls import reverse

from commentary.sign_off import Standing
from indicators.calculations.months import month_text
from indicators.models import Deputy, User
from scorecard.models import EditionState, Reminder
from scorecard.sheet.components import Mark, mark_of
from scorecard.sheet.sheet import Sheet, SheetLine

from .editions import MOVES, stand_ins_of
from .forms import LinesForm
from .gaps import Gap, Link, gaps_in_questions, gaps_of, questions_about_dates
from .notices import people_on
from .reminders import LATELY

NOBODY = "Nobody"
MOVE_WORDS = {
    (EditionState.COLLECTING, EditionState.IN_REVIEW): "End collection and begin the review",
    (EditionState.IN_REVIEW, EditionState.COLLECTING): "Open for collection again",
}


@dataclass(frozen=True)
class Tally:
    """The progress of a group of lines, counted. `person` is set where the group is somebody's."""

    name: str
    person: User | None
    lines: Sequence[SheetLine]
    today: date
    # Who stands in for the person today, and when the person was reminded last.
    stand_ins: Sequence[Deputy] = ()
    reminded_at: datetime | None = None
    is_reminded_lately: bool = False

    @property
    def total(self) -> int:
        return len(self.lines)

    @cached_property
    def to_send(self) -> int:
        return sum(line.standing.is_with_reporter for line in self.lines)

    @property
    def sent(self) -> int:
        return self.total - self.to_send

    @property
    def to_sign_off(self) -> int:
        return sum(line.standing.is_with_owner for line in self.lines)

    @property
    def approved(self) -> int:
        return sum(line.standing is Standing.APPROVED for line in self.lines)

    @property
    def late(self) -> int:
        return sum(line.is_late(self.today) for line in self.lines)

    @property
    def still_late(self) -> int:
        """How many are late and not sent yet."""
        return sum(line.is_late(self.today) and line.standing.is_with_reporter for line in self.lines)

    @property
    def punctual(self) -> int:
        """How many were sent in time, at first."""
        sent = (line for line in self.lines if line.sign_off and line.sign_off.first_sent_at)
        return sum(not line.is_late(self.today) for line in sent)

    @property
    def is_complete(self) -> bool:
        return not self.to_send


@dataclass
class CollectionPage:
    """What the page of a collection shows."""

    sheet: Sheet
    form: LinesForm
    today: date
    now: datetime

    @property
    def is_published(self) -> bool:
        """Whether the month is done with: then there is only what was corrected since, and nothing is late any more."""
        return self.sheet.edition.state == EditionState.PUBLISHED

    @cached_property
    def corrections(self) -> list[SheetLine]:
        """The lines that were corrected since the month was published, and aren't signed off yet."""
        return [line for line in self.sheet.lines if line.is_corrected]

    @cached_property
    def total(self) -> Tally | None:
        tallies = _tallies(self.sheet.lines, self.today, lambda line: ("All", None))
        return tallies[0] if tallies else None

    @cached_property
    def groups(self) -> list[tuple[str, list[Tally]]]:
        if self.is_published:
            return []
        return [
            ("Reporter", self._told_of(by_reporter(self.sheet, self.today))),
            ("Owner", self._told_of(by_owner(self.sheet, self.today))),
            ("Section", by_section(self.sheet, self.today)),
        ]

    @cached_property
    def stand_ins(self) -> Mapping[int, list[Deputy]]:
        return stand_ins_of({person.pk for person in people_on(self.sheet)}, self.today)

    @cached_property
    def reminded(self) -> Mapping[int, datetime]:
        """When each person was last reminded of their own lines, by key; one query."""
        own = Reminder.objects.filter(edition=self.sheet.edition, person=F("lines_of"))
        return dict(own.order_by().values_list("person").annotate(latest=Max("sent_at")))

    def _told_of(self, tallies: list[Tally]) -> list[Tally]:
        """The tallies with who stands in for their people, and when these were reminded."""
        found = []
        for tally in tallies:
            key = tally.person.pk if tally.person else None
            at = self.reminded.get(key) if key else None
            told: dict[str, Any] = {"stand_ins": self.stand_ins.get(key, ())} if key else {}
            found.append(
                replace(tally, **told, reminded_at=at, is_reminded_lately=at is not None and at > self.now - LATELY)
            )
        return found

    @cached_property
    def late_people(self) -> list[Tally]:
        """Reporters with lines that are late and not sent yet."""
        return [tally for what, tallies in self.groups[:1] for tally in tallies if tally.person and tally.still_late]

    @property
    def all_reminded_lately(self) -> bool:
        return all(tally.is_reminded_lately for tally in self.late_people)

    @cached_property
    def lines(self) -> list[tuple[SheetLine, Mark, bool]]:
        """The lines that were asked for, with the mark of their progress and whether they are late."""
        return [
            (line, mark_of(line.standing), line.is_late(self.today))
            for line in (self.corrections if self.is_published else self.sheet.lines)
            if self.form.wants(line, self.today)
        ]

    @property
    def own_sign_offs(self) -> list[SheetLine]:
        return [line for line in self.sheet.lines if line.is_signed_off_by_who_entered_it]

    @property
    def moves(self) -> list[tuple[str, str]]:
        """Where the edition can go from here: the address and the words on the button, the usual step first."""
        edition = self.sheet.edition
        state, place = EditionState(edition.state), [edition.scorecard.slug, month_text(edition.month)]
        moves = [(reverse("move_edition", args=[*place, to.value]), MOVE_WORDS[state, to]) for to in MOVES[state]]
        if state is EditionState.IN_REVIEW:
            return [(reverse("publish_edition", args=place), "Publish"), *moves]
        if state is EditionState.PUBLISHED:
            correct = (reverse("correct", args=place), "Correct a figure")
            return [(reverse("revise_edition", args=place), "Revise this report"), correct, *moves]
        return moves

    @cached_property
    def gaps(self) -> list[Gap]:
        """What keeps the edition from being collected, with where it is put right; nothing once it is published."""
        edition = self.sheet.edition
        if edition.state == EditionState.PUBLISHED:
            return []
        place = [edition.scorecard.slug, month_text(edition.month)]
        indicators = [line.indicator for line in self.sheet.lines]
        deputies = {key: [row.deputy for row in rows] for key, rows in self.stand_ins.items()}
        found = gaps_of(indicators, deputies, lambda person: reverse("hand_over", args=[*place, person.username]))
        slug = edition.scorecard.slug
        asked = edition.scorecard.areas_of_focus.questions().is_open().select_related("owner")
        found += gaps_in_questions(asked, lambda question: reverse("question", args=[slug, question.pk]))
        change = Link(reverse("admin:scorecard_edition_change", args=[edition.pk]), "Change dates")
        return [*found, *(Gap(question, [change]) for question in questions_about_dates(edition))]

    @property
    def unexplained(self) -> list[SheetLine]:
        """Lines with warnings that nobody has explained."""
        lines = self.corrections if self.is_published else self.sheet.lines
        return [line for line in lines if line.is_expected and line.open_warnings]

    @property
    def without_words(self) -> list[SheetLine]:
        """Lines without the commentary that readers will ask for; none once the edition is published."""
        if self.sheet.edition.state == EditionState.PUBLISHED:
            return []
        return [line for line in self.sheet.lines if line.is_expected and line.lacks_commentary]

    @property
    def unapproved(self) -> list[SheetLine]:
        return [line for line in self.sheet.lines if line.is_expected and line.standing != "approved"]

    @property
    def days_left(self) -> int | None:
        due = self.sheet.edition.due_on
        return None if due is None else (due - self.today).days


def by_section(sheet: Sheet, today: date) -> list[Tally]:
    """Tallies in the order of the scorecard."""
    return _tallies(sheet.lines, today, lambda line: (line.section, None))


def by_owner(sheet: Sheet, today: date) -> list[Tally]:
    return _by_person(sheet, today, lambda line: line.indicator.owner)


def by_reporter(sheet: Sheet, today: date) -> list[Tally]:
    return _by_person(sheet, today, lambda line: line.indicator.reporter)


def _by_person(sheet: Sheet, today: date, person: Callable[[SheetLine], User | None]) -> list[Tally]:
    """Tallies with those on top who have most to send, then by name."""
    tallies = _tallies(sheet.lines, today, lambda line: (str(person(line) or NOBODY), person(line)))
    return sorted(tallies, key=lambda tally: (-tally.to_send, tally.name))


def _tallies(
    lines: Iterable[SheetLine], today: date, group: Callable[[SheetLine], tuple[str, User | None]]
) -> list[Tally]:
    """A tally of each group's lines, without those that are not expected."""
    groups: dict[tuple[str, User | None], list[SheetLine]] = {}
    for line in lines:
        if line.is_expected:
            groups.setdefault(group(line), []).append(line)
    return [Tally(name, person, members, today) for (name, person), members in groups.items()]
