"""What to tell whom about an edition on a given day. Pure: reads no clock or database, sends and stores nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from commentary.sign_off import Standing
from indicators.calculations.formatting import counted
from indicators.models import User
from indicators.moments import day_of
from scorecard.models import Edition, EditionState, Reminder, ReminderKind
from scorecard.sheet.sheet import Sheet, SheetLine

DUE_SOON_DAYS = 3
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
# A line that was being sent while a reminder was on its way may not have been in it: better told twice than never.
OVERLAP = timedelta(minutes=1)
ONCE = "once"
# Reminders that tell a reporter everything there is to enter.
ABOUT_ENTERING = frozenset({ReminderKind.OPENED, ReminderKind.DUE_SOON, ReminderKind.OVERDUE, ReminderKind.ASKED})
ABOUT_SIGN_OFF = frozenset({ReminderKind.TO_SIGN_OFF, ReminderKind.ASKED})


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell one person: about lines of their own, or of `lines_of`, whom they stand in for."""

    person: User
    lines_of: User
    edition: Edition
    kind: ReminderKind
    occasion: str
    lines: tuple[SheetLine, ...]

    @property
    def is_own(self) -> bool:
        return self.person.pk == self.lines_of.pk

    @property
    def whose(self) -> str:
        """Whose lines, behind their number, where they are not the person's own."""
        return "" if self.is_own else f" of {self.lines_of}"


class PendingLines(NamedTuple):
    """The lines of an edition on which the next step is somebody's."""

    to_enter: list[SheetLine]
    to_sign_off: list[SheetLine]

    @property
    def words(self) -> str:
        """How many lines wait, and for what: 4 lines are due and 1 line waits for sign-off."""
        words = (("is due", "are due"), ("waits for sign-off", "wait for sign-off"))
        return " and ".join(
            counted(len(lines), f"line {one}", f"lines {many}")
            for lines, (one, many) in zip(self, words, strict=True)
            if lines
        )


def notices_for(
    sheet: Sheet, *, deputies: Mapping[int, Sequence[User]], past: Iterable[Reminder], day: date
) -> list[Notice]:
    """What everybody is to be told of the edition on the day.

    `deputies` are those who stand in on the day, by the key of whom they stand in for; they are told
    besides the person. `past` are the edition's earlier reminders.
    """
    told: dict[tuple[int, int], list[Reminder]] = defaultdict(list)
    for reminder in past:
        told[reminder.person_id, reminder.lines_of_id].append(reminder)
    notices = []
    for person in people_on(sheet):
        pending = pending_lines(sheet, person, day)
        for recipient in (person, *deputies.get(person.pk, ())):
            before = told[recipient.pk, person.pk]
            # Nobody is asked to sign off what they entered.
            to_sign_off = [line for line in pending.to_sign_off if not line.waits_for_others_than(recipient.pk)]
            known = {(reminder.kind, reminder.occasion) for reminder in before}
            notices += [
                Notice(recipient, person, sheet.edition, kind, occasion, tuple(lines))
                for kind, occasion, lines in _due_notices(
                    sheet.edition, pending._replace(to_sign_off=to_sign_off), before, day
                )
                # The same kind on the same occasion is never told twice.
                if (kind, occasion) not in known
            ]
    return notices


def pending_lines(sheet: Sheet, person: User, day: date) -> PendingLines:
    """What waits for somebody on the day; nothing before the edition opens, and once it is published corrections."""
    edition = sheet.edition
    opens_later = edition.state == EditionState.COLLECTING and not edition.is_open(day)
    if edition.state == EditionState.PUBLISHED:
        corrected = [line for line in sheet.of_owners({person.pk}) if line.is_corrected]
        return PendingLines([], [line for line in corrected if line.standing.is_with_owner])
    if opens_later:
        return PendingLines([], [])
    return PendingLines(
        [
            line
            for line in sheet.of_reporters({person.pk})
            if line.is_expected and line.standing.is_with_reporter and line.takes_entries(day)
        ],
        [line for line in sheet.of_owners({person.pk}) if line.is_expected and line.standing.is_with_owner],
    )


def people_on(sheet: Sheet) -> list[User]:
    """Everybody who reports or owns a line, once each, in the order of the lines."""
    named = (person for line in sheet.lines for person in (line.indicator.reporter, line.indicator.owner))
    return list({person.pk: person for person in named if person}.values())


def _due_notices(
    edition: Edition, pending: PendingLines, told: Sequence[Reminder], day: date
) -> Iterator[tuple[ReminderKind, str, Sequence[SheetLine]]]:
    """Of what kind, on which occasion and about which lines a person is told, given what they were told before."""
    # Everything to enter, from the latest day for reminding on, unless something has told of it since that day.
    kind, since = _latest_call(edition, day)
    if pending.to_enter and kind and since:
        days = [_day_of(reminder) for reminder in told if reminder.kind in ABOUT_ENTERING]
        if not any(told_on >= since for told_on in days):
            yield kind, ONCE if kind is ReminderKind.OPENED else since.isoformat(), pending.to_enter
    # What was sent back after the latest moment that a reminder has told of.
    covered = max(map(_covered_until, told), default="")
    new = [(line, moment) for line in pending.to_enter if (moment := _sent_back_at(line)) > covered]
    if new:
        yield ReminderKind.SENT_BACK, max(moment for _, moment in new), [line for line, _ in new]
    # Everything to sign off: at most once a day if lines have come in since the last time, otherwise once a week.
    if pending.to_sign_off:
        before = [reminder for reminder in told if reminder.kind in ABOUT_SIGN_OFF]
        latest = max(before, key=lambda reminder: reminder.sent_at, default=None)
        sent = [line.sign_off.sent_at for line in pending.to_sign_off if line.sign_off is not None]
        has_new = latest is not None and any(at is not None and at > latest.sent_at - OVERLAP for at in sent)
        if latest is None or day - _day_of(latest) >= (DAY if has_new else WEEK):
            yield ReminderKind.TO_SIGN_OFF, day.isoformat(), pending.to_sign_off


def _latest_call(edition: Edition, day: date) -> tuple[ReminderKind | None, date | None]:
    """The latest day by then on which reporters are reminded of what they have to enter, and of what kind that is.

    The opening date; three days before the due date, and that date; the day after it, and then every week. What would
    fall on the opening date or before it is left out: that mail tells the due date.
    """
    opens, due = edition.opens_on, edition.due_on
    if due is not None:
        if day > due:
            return ReminderKind.OVERDUE, due + DAY + (day - due - DAY) // WEEK * WEEK
        for since in (due, due - timedelta(days=DUE_SOON_DAYS)):
            if since <= day and (opens is None or opens < since):
                return ReminderKind.DUE_SOON, since
        if opens and edition.is_open(day):
            return ReminderKind.OPENED, opens
    return None, None


def _sent_back_at(line: SheetLine) -> str:
    sign_off = line.sign_off
    if line.standing is not Standing.SENT_BACK or sign_off is None or sign_off.decided_at is None:
        return ""
    return moment_text(sign_off.decided_at)


def _covered_until(reminder: Reminder) -> str:
    """The moment up to which a reminder told what was sent back; nothing when it was not about that."""
    if reminder.kind == ReminderKind.SENT_BACK:
        return reminder.occasion
    return moment_text(reminder.sent_at - OVERLAP) if reminder.kind == ReminderKind.ASKED else ""


def moment_text(moment: datetime) -> str:
    """A moment as an occasion: 2021-03-08T09:30:00.000000Z. A later moment is also a greater text."""
    return f"{moment.astimezone(tz=UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def _day_of(reminder: Reminder) -> date:
    return day_of(reminder.sent_at)
