"""How complete and how punctual an edition's returns are: tallies by section, owner and reporter, and who is late."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localtime

from commentary.sign_off import Standing
from indicators.models import User
from scorecard.sheet.sheet import Sheet, SheetLine

NOBODY = "Nobody"


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a group of lines has come. `person` where the group is somebody's."""

    name: str
    person: User | None
    total: int
    to_send: int
    to_sign_off: int
    approved: int
    late: int
    punctual: int

    @property
    def sent(self) -> int:
        return self.total - self.to_send

    @property
    def is_complete(self) -> bool:
        return not self.to_send


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Which lines an officer wants to see; an empty string asks for all."""

    section: str = ""
    owner: str = ""
    reporter: str = ""
    standing: str = ""
    late: bool = False

    def includes(self, line: SheetLine, today: date) -> bool:
        return (
            self.section in ("", line.section)
            and self.owner in ("", _user_name(line.indicator.owner))
            and self.reporter in ("", _user_name(line.indicator.reporter))
            and self.standing in ("", line.standing)
            and (not self.late or is_late(line, today))
        )


def is_late(line: SheetLine, today: date) -> bool:
    """Whether a line was sent after its due date, or is not sent though that has passed."""
    due = line.edition.due_on
    if due is None or not line.is_expected:
        return False
    first_sent = line.sign_off.first_sent_at if line.sign_off else None
    if first_sent is not None:
        return localtime(first_sent).date() > due
    return line.standing.is_with_reporter and today > due


def by_section(sheet: Sheet, today: date) -> list[Tally]:
    """Tallies in the order of the scorecard."""
    return _tallies(sheet.lines, today, lambda line: (line.section, None))


def by_owner(sheet: Sheet, today: date) -> list[Tally]:
    return _by_person(sheet, today, lambda line: line.indicator.owner)


def by_reporter(sheet: Sheet, today: date) -> list[Tally]:
    return _by_person(sheet, today, lambda line: line.indicator.reporter)


def _by_person(sheet: Sheet, today: date, person: Callable[[SheetLine], User | None]) -> list[Tally]:
    """Tallies with those on top who have most to send, then by name."""

    def named(line: SheetLine) -> tuple[str, User | None]:
        who = person(line)
        return (str(who) if who else NOBODY, who)

    return sorted(_tallies(sheet.lines, today, named), key=lambda tally: (-tally.to_send, tally.name))


def _tallies(
    lines: Iterable[SheetLine], today: date, group: Callable[[SheetLine], tuple[str, User | None]]
) -> list[Tally]:
    groups: dict[tuple[str, User | None], list[SheetLine]] = {}
    for line in lines:
        if line.is_expected:
            groups.setdefault(group(line), []).append(line)
    return [_tally(name, person, members, today) for (name, person), members in groups.items()]


def _tally(name: str, person: User | None, lines: Sequence[SheetLine], today: date) -> Tally:
    late = sum(is_late(line, today) for line in lines)
    to_send = sum(line.standing.is_with_reporter for line in lines)
    was_sent = sum(line.sign_off is not None and line.sign_off.first_sent_at is not None for line in lines)
    late_sent = sum(
        is_late(line, today) and line.sign_off is not None and line.sign_off.first_sent_at is not None for line in lines
    )
    return Tally(
        name=name,
        person=person,
        total=len(lines),
        to_send=to_send,
        to_sign_off=sum(line.standing.is_with_owner for line in lines),
        approved=sum(line.standing is Standing.APPROVED for line in lines),
        late=late,
        punctual=was_sent - late_sent,
    )


def _user_name(person: User | None) -> str:
    return person.username if person else ""
