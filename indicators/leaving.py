"""What somebody would leave behind who goes, giving it to a successor; and whether somebody can do a task at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet

from indicators.calculations.formatting import counted

from .models import Deputy, Indicator, SecurityEventKind, User, save_all
from .moments import today_in_britain
from .security_log import record

MOST_NAMED = 12
PLURALS = {"area of focus": "areas of focus"}


@dataclass(frozen=True)
class Duty:
    """Something that people do: what it is called, the rows that name the person, and in which field."""

    verb: str
    noun: str
    field: str
    rows: Callable[[User], QuerySet[Any]]
    name: Callable[[Any], str]

    @property
    def key(self) -> str:
        """What tells it from the others."""
        return f"{self.field}-{self.noun}".replace(" ", "_")

    def sentence(self, rows: list[Any]) -> str:
        """“reports 3 indicators: A1, B2, C3”; of many only some are named."""
        named = ", ".join(self.name(row) for row in rows[:MOST_NAMED])
        more = f" and {len(rows) - MOST_NAMED} more" if len(rows) > MOST_NAMED else ""
        return f"{self.verb} {counted(len(rows), self.noun, PLURALS.get(self.noun, ''))}: {named}{more}"


def _standing_in(person: User) -> QuerySet[Deputy]:
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=today_in_britain())
    return Deputy.objects.filter(lasting, deputy=person).select_related("person", "deputy")


def _reference(indicator: Indicator) -> str:
    return indicator.reference


# Other apps add theirs.
DUTIES = [
    Duty("reports", "indicator", "reporter", lambda person: Indicator.objects.filter(reporter=person), _reference),
    Duty("owns", "indicator", "owner", lambda person: Indicator.objects.filter(owner=person), _reference),
    Duty("stands in for", "person", "deputy", _standing_in, lambda row: str(row.person)),
]


def duties_of(person: User) -> list[str]:
    """What the person does that would be left undone, a sentence for each kind. One query for each."""
    found = ((duty, list(duty.rows(person))) for duty in DUTIES)
    return [duty.sentence(rows) for duty, rows in found if rows]


def doubt_about(person: User | None, task: str) -> str:
    """What is asked where somebody is given a task, such as “Owner”, without whom nobody sees to it; else empty."""
    if person is None:
        return f"{task}: nobody. Is that meant?"
    if not person.is_active:
        return f"{person} can’t sign in any more. Is that meant?"
    return "" if person.email.strip() else f"{person} has no e-mail address, so no reminder gets there."


@transaction.atomic
def hand_on(*, person: User, to: User, by: User) -> list[str]:
    """Give a successor all that a person does, for good; says what that was, a sentence for each kind.

    Nobody stands in for themselves: where the successor is whom the person stood in for, that stays as it is. Raises
    PermissionDenied for whoever may not change indicators, ValueError when the successor can't sign in.
    """
    return hand_on_each(person=person, successor_of=lambda duty, row: to, by=by)


@transaction.atomic
def hand_on_each(*, person: User, successor_of: Callable[[Duty, Any], User], by: User) -> list[str]:
    """The same, with a successor for each row, who is asked for once the rows are locked. Raises as `hand_on` does."""
    if not by.has_perm("indicators.change_indicator"):
        raise PermissionDenied
    told: list[str] = []
    taken: dict[User, list[str]] = {}
    for duty in DUTIES:
        by_successor = _by_successor(duty, person, successor_of)
        if by_successor:
            told.append(duty.sentence([row for rows in by_successor.values() for row in rows]))
        for to, theirs in by_successor.items():
            for row in theirs:
                setattr(row, duty.field, to)
            save_all(theirs, [duty.field], by=by, reason=f"Handed on from {person} to {to}")
            taken.setdefault(to, [])
            # Without the sentence about whom they stand in for, which names people.
            if duty.field != "deputy":
                taken[to].append(duty.sentence(theirs))
    if taken:
        words = "; ".join(sentence for sentence in told if not sentence.startswith("stands in"))
        record(SecurityEventKind.ROLES_CHANGED, person=person, by=by, detail=f"handed on: {words}")
    for to, sentences in taken.items():
        record(SecurityEventKind.ROLES_CHANGED, person=to, by=by, detail=f"takes over: {'; '.join(sentences)}")
    return told


def _by_successor(duty: Duty, person: User, successor_of: Callable[[Duty, Any], User]) -> dict[User, list[Any]]:
    """The rows of a duty, locked, by who takes them over; without those that a successor can't stand in for."""
    found: dict[User, list[Any]] = {}
    for row in duty.rows(person).select_for_update(of=("self",)):
        to = successor_of(duty, row)
        if not to.is_active or to.pk == person.pk:
            raise ValueError(f"{to} can't take over from {person}")
        if duty.field != "deputy" or _can_stand_in(row, to):
            found.setdefault(to, []).append(row)
    return found


def _can_stand_in(row: Deputy, successor: User) -> bool:
    """Whether a successor can take over standing in: not for themselves, nor where they do already."""
    already = Deputy.objects.filter(deputy=successor, person=row.person_id, starts_on=row.starts_on)
    return row.person_id != successor.pk and not already.exists()
