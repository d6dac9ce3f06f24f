"""What somebody would leave behind who goes, giving it to a successor; and whether somebody can do a task at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet

from .models import Deputy, Indicator, SecurityEventKind, User, save_all
from .moments import today_in_britain
from .security_log import record

MOST_NAMED = 12
PLURALS = {"person": "people"}


@dataclass(frozen=True)
class Duty:
    """Something that people do: what it is called, the rows that name the person, and in which field."""

    verb: str
    noun: str
    field: str
    rows: Callable[[User], QuerySet[Any]]
    name: Callable[[Any], str]

    def sentence(self, rows: list[Any]) -> str:
        """“reports 3 indicators: A1, B2, C3”; of many only some are named."""
        named = ", ".join(self.name(row) for row in rows[:MOST_NAMED])
        more = f" and {len(rows) - MOST_NAMED} more" if len(rows) > MOST_NAMED else ""
        noun = self.noun if len(rows) == 1 else PLURALS.get(self.noun, f"{self.noun}s")
        return f"{self.verb} {len(rows)} {noun}: {named}{more}"


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
    if not by.has_perm("indicators.change_indicator"):
        raise PermissionDenied
    if not to.is_active or to.pk == person.pk:
        raise ValueError(f"{to} can't take over from {person}")
    told: list[str] = []
    for duty in DUTIES:
        rows = list(duty.rows(person).select_for_update(of=("self",)))
        if duty.field == "deputy":
            taken = set(Deputy.objects.filter(deputy=to).values_list("person", "starts_on"))
            rows = [row for row in rows if row.person_id != to.pk and (row.person_id, row.starts_on) not in taken]
        if rows:
            told.append(duty.sentence(rows))
        for row in rows:
            setattr(row, duty.field, to)
        save_all(rows, [duty.field], by=by, reason=f"Handed on from {person} to {to}")
    for one, did in ((person, "handed on"), (to, "takes over")):
        # Without the sentence about whom they stand in for, which names people.
        words = [sentence for sentence in told if not sentence.startswith("stands in")]
        record(SecurityEventKind.ROLES_CHANGED, person=one, by=by, detail=f"{did}: {'; '.join(words)}")
    return told
