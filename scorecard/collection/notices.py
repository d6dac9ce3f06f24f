"""What to tell whom about an edition on a day. Pure: reads no clock and no database, sends and stores nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.utils.timezone import localtime

from commentary.sign_off import Standing
from indicators.models import User
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


class Reason(NamedTuple):
    """Why somebody is told now. The same kind on the same occasion is never told twice."""

    kind: ReminderKind
    occasion: str
    lines: Sequence[SheetLine]


class Call(NamedTuple):
    """A day from which reporters are reminded of what they have to enter."""

    kind: ReminderKind
    since: date
    occasion: str


class Waiting(NamedTuple):
    """The lines of an edition on which the next step is somebody's."""

    to_enter: list[SheetLine]
    to_sign_off: list[SheetLine]


def notices_for(
    sheet: Sheet, *, deputies: Mapping[int, Sequence[User]], past: Iterable[Reminder], day: date
) -> list[Notice]:
    """What everybody is to be told of the edition on the day.

    `deputies` are those who stand in on the day, by the key of whom they stand in for; they are told
    besides the person. `past` are the edition's earlier reminders.
    """
    told = _by_errand(past)
    return [
        Notice(recipient, person, sheet.edition, reason.kind, reason.occasion, tuple(reason.lines))
        for person in people_on(sheet)
        for recipient in (person, *deputies.get(person.pk, ()))
        for reason in _reasons(sheet, person, told[recipient.pk, person.pk], day)
        if not _is_told(reason, told[recipient.pk, person.pk])
    ]


def waiting_for(sheet: Sheet, person: User, day: date) -> Waiting:
    """What waits for somebody on the day; nothing before the edition opens and once it is published."""
    edition = sheet.edition
    if edition.state == EditionState.PUBLISHED or _opens_later(edition, day):
        return Waiting([], [])
    return Waiting(
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


def _opens_later(edition: Edition, day: date) -> bool:
    return edition.state == EditionState.COLLECTING and not edition.is_open(day)


def _by_errand(past: Iterable[Reminder]) -> Mapping[tuple[int, int], list[Reminder]]:
    """Earlier reminders by who was told and whose lines it was about."""
    found: dict[tuple[int, int], list[Reminder]] = defaultdict(list)
    for reminder in past:
        found[reminder.person_id, reminder.lines_of_id].append(reminder)
    return found


def _is_told(reason: Reason, told: Sequence[Reminder]) -> bool:
    return any((reminder.kind, reminder.occasion) == (reason.kind, reason.occasion) for reminder in told)


def _reasons(sheet: Sheet, person: User, told: Sequence[Reminder], day: date) -> Iterator[Reason]:
    waiting = waiting_for(sheet, person, day)
    yield from _to_enter(sheet.edition, waiting.to_enter, told, day)
    yield from _sent_back(waiting.to_enter, told)
    yield from _to_sign_off(waiting.to_sign_off, told, day)


def _to_enter(edition: Edition, lines: Sequence[SheetLine], told: Sequence[Reminder], day: date) -> Iterator[Reason]:
    """Everything to enter, on the latest day for reminding, unless something has told so since that day."""
    call = _latest_call(edition, day)
    if not lines or call is None:
        return
    if not any(reminder.kind in ABOUT_ENTERING and _day_of(reminder) >= call.since for reminder in told):
        yield Reason(call.kind, call.occasion, lines)


def _latest_call(edition: Edition, day: date) -> Call | None:
    """The opening date; three days before the due date, and that date; the day after it, and then every week.

    What would fall on the opening date or before it is left out: that mail tells the due date.
    """
    opens, due = edition.opens_on, edition.due_on
    if due is None:
        return None
    if day > due:
        since = due + DAY + (day - due - DAY) // WEEK * WEEK
        return Call(ReminderKind.OVERDUE, since, since.isoformat())
    for since in (due, due - timedelta(days=DUE_SOON_DAYS)):
        if since <= day and (opens is None or opens < since):
            return Call(ReminderKind.DUE_SOON, since, since.isoformat())
    return Call(ReminderKind.OPENED, opens, ONCE) if opens and edition.is_open(day) else None


def _sent_back(lines: Sequence[SheetLine], told: Sequence[Reminder]) -> Iterator[Reason]:
    """What was sent back after the latest moment that a reminder has told of."""
    covered = max(map(_covered_until, told), default="")
    new = {line.key: moment for line in lines if (moment := _sent_back_at(line)) > covered}
    if new:
        yield Reason(ReminderKind.SENT_BACK, max(new.values()), [line for line in lines if line.key in new])


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
    """A moment as an occasion: 2021-03-08T09:30:00.000000Z. The later one is also the greater text."""
    return f"{moment.astimezone(tz=UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def _to_sign_off(lines: Sequence[SheetLine], told: Sequence[Reminder], day: date) -> Iterator[Reason]:
    """Everything to sign off: at most once a day when lines came in since the latest time, otherwise once a week."""
    if not lines:
        return
    before = [reminder for reminder in told if reminder.kind in ABOUT_SIGN_OFF]
    if before:
        latest = max(before, key=lambda reminder: reminder.sent_at)
        since = day - _day_of(latest)
        has_new = any(_was_sent_after(line, latest.sent_at - OVERLAP) for line in lines)
        if since < (DAY if has_new else WEEK):
            return
    yield Reason(ReminderKind.TO_SIGN_OFF, day.isoformat(), lines)


def _was_sent_after(line: SheetLine, moment: datetime) -> bool:
    return line.sign_off is not None and line.sign_off.sent_at is not None and line.sign_off.sent_at > moment


def _day_of(reminder: Reminder) -> date:
    return localtime(reminder.sent_at).date()
