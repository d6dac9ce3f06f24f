"""What waits for somebody: returns to enter, lines to sign off, collections to watch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from indicators.calculations.months import month_text
from indicators.models import User
from scorecard.models import Edition, Scorecard
from scorecard.rules import may
from scorecard.sheet.assemble import assemble_sheet


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do for one edition: `waiting` of `total` lines are the person's to act on now.

    `page` is the name of the address where it is done.
    """

    title: str
    edition: Edition
    page: str
    waiting: int
    total: int
    what: str
    is_overdue: bool = False

    @property
    def address(self) -> str:
        return reverse(self.page, args=[self.edition.scorecard.slug, month_text(self.edition.month)])


def tasks_of(person: User, today: date) -> list[Task]:
    """Everything that waits for a person, by edition, the earliest due first.

    A fixed number of queries for each edition in progress; usually there is one. Then corrections of published ones.
    """
    is_officer = may(person, "manage_collection")
    editions = Edition.objects.select_related("scorecard").order_by("due_on", "month")
    if not is_officer:
        editions = editions.filter(scorecard__in=Scorecard.objects.of_people(person.acts_for).values("pk"))
    editions, corrected = editions.in_progress(), editions.corrected()
    found: list[Task] = []
    for edition in editions:
        expected = [line for line in assemble_sheet(edition).lines if line.is_expected]
        own = [line for line in expected if line.belongs_to(person.acts_for)]
        if own and (edition.opens_on is None or edition.opens_on <= today):
            # In review only those that were sent back can be entered.
            waiting = sum(line.standing.is_with_reporter and may(person, "enter_line", line) for line in own)
            is_late = bool(waiting) and edition.is_overdue(today)
            found.append(Task("Your return", edition, "return", waiting, len(own), "to enter", is_late))
        answered = [line for line in expected if line.answers_to(person.acts_for)]
        if answered:
            waiting = sum(line.standing.is_with_owner and may(person, "approve_line", line) for line in answered)
            found.append(Task("Sign-off", edition, "sign_off", waiting, len(answered), "waiting for you"))
        if is_officer:
            waiting = sum(line.standing.is_with_reporter for line in expected)
            is_late = bool(waiting) and edition.is_overdue(today)
            found.append(Task("Collection", edition, "collection", waiting, len(expected), "not sent yet", is_late))
    for edition in corrected:
        lines = [line for line in assemble_sheet(edition).lines if line.is_corrected]
        own = [line for line in lines if line.answers_to(person.acts_for) or is_officer]
        waiting = sum(line.standing.is_with_owner and may(person, "approve_line", line) for line in own)
        if waiting:
            found.append(Task("Corrections to sign off", edition, "sign_off", waiting, len(own), "waiting for you"))
    return found
