"""What waits for somebody: returns to enter, lines to sign off, collections to watch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from indicators.calculations.months import month_text
from indicators.models import User
from scorecard.models import Edition, Scorecard
from scorecard.rules import may
from scorecard.sheet.assemble import assemble_sheet
from scorecard.sheet.sheet import SheetLine


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do for one edition: `waiting` of `total` lines are the person's to act on now."""

    title: str
    edition: Edition
    address: str
    waiting: int
    total: int
    what: str
    is_overdue: bool = False


def tasks_of(person: User, today: date) -> list[Task]:
    """Everything that waits for a person, by edition, the earliest due first.

    A fixed number of queries for each edition in progress; usually there is one.
    """
    found: list[Task] = []
    for edition in _editions(person):
        lines = assemble_sheet(edition).lines
        found += _to_enter(edition, [line for line in lines if line.belongs_to(person.acts_for)], person, today)
        found += _to_sign_off(edition, [line for line in lines if line.answers_to(person.acts_for)])
        if may(person, "manage_collection"):
            found.append(_to_watch(edition, lines, today))
    return found


def _editions(person: User) -> Iterable[Edition]:
    editions = Edition.objects.in_progress().select_related("scorecard").order_by("due_on", "month")
    if may(person, "manage_collection"):
        return editions
    return editions.filter(scorecard__in=Scorecard.objects.of_people(person.acts_for).values("pk"))


def _to_enter(edition: Edition, lines: list[SheetLine], person: User, today: date) -> list[Task]:
    expected = [line for line in lines if line.is_expected]
    if not expected or (edition.opens_on is not None and edition.opens_on > today):
        return []
    # In review only those that were sent back can be entered.
    waiting = sum(line.standing.is_with_reporter and may(person, "enter_line", line) for line in expected)
    is_late = bool(waiting) and edition.is_overdue(today)
    return [Task("Your return", edition, _address("return", edition), waiting, len(expected), "to enter", is_late)]


def _to_sign_off(edition: Edition, lines: list[SheetLine]) -> list[Task]:
    expected = [line for line in lines if line.is_expected]
    if not expected:
        return []
    waiting = sum(line.standing.is_with_owner for line in expected)
    return [Task("Sign-off", edition, _address("sign_off", edition), waiting, len(expected), "waiting for you")]


def _to_watch(edition: Edition, lines: Iterable[SheetLine], today: date) -> Task:
    expected = [line for line in lines if line.is_expected]
    waiting = sum(line.standing.is_with_reporter for line in expected)
    return Task(
        "Collection",
        edition,
        _address("collection", edition),
        waiting,
        len(expected),
        "not sent yet",
        bool(waiting) and edition.is_overdue(today),
    )


def _address(name: str, edition: Edition) -> str:
    return reverse(name, args=[edition.scorecard.slug, month_text(edition.month)])
