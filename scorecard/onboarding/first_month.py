"""Opening the first month: its dates, the months before it as published, and the people invited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from indicators.calculations.months import parse_month
from indicators.invitations import invite, is_mailable, signs_in_elsewhere
from indicators.models import User
from scorecard.collection.editions import Dates, open_edition
from scorecard.council.look import said_later
from scorecard.display.forms import NOT_ON_THE_LIST, DueField
from scorecard.editing.forms import RefusableForm
from scorecard.models import Edition, EditionState, Line, Publication, PublicationKind, Scorecard, SpreadsheetDraft
from scorecard.publication.files import make_in_background
from scorecard.publication.publish import draft_edition, freeze
from scorecard.rules import require

# What readers of such a report are told. The name of the file is nobody's business there.
BROUGHT_OVER = (
    "Figures brought over: this report was put together afterwards, from the figures that the council had kept before "
    "it began to publish here."
)
SHOWS = "{:%B %Y} can’t be published like that: small counts would become readable. Publish it by its own page."
MOST_MONTHS = 24


class FirstMonthForm(RefusableForm):
    """When the first month is collected, and what is done with those before it."""

    opens_on = DueField(label="Opening date", help_text="Reporters can enter from this day.")
    due_on = DueField(label="Due date", help_text="Lines sent after this day are late.")
    meeting_date = DueField(label=said_later("Meeting of the panel"), required=False, help_text="If it is known.")
    before = forms.TypedChoiceField(
        label="Months before it",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=NOT_ON_THE_LIST,
        help_text="Published as they were brought over, each marked as put together afterwards. What is published "
        "stays: after that the import can’t be undone.",
    )
    invites = forms.BooleanField(label="Invite the people to choose a password", required=False)

    def __init__(self, data: Any, dates: Dates, months: Sequence[date], people: Sequence[User]) -> None:
        super().__init__(data, initial={**dates._asdict(), "before": 0, "invites": bool(people)})
        steps = sorted({step for step in (3, 12, MOST_MONTHS) if step < len(months)} | {min(len(months), MOST_MONTHS)})
        before: Any = self.fields["before"]
        before.choices = [
            (0, "Leave them unpublished: their figures stand in the trends all the same"),
            *((step, f"Publish the {step} months before it" if step > 1 else "Publish the month before it")
              for step in steps if step),
        ]  # fmt: skip
        if not people:
            del self.fields["invites"]

    @property
    def dates(self) -> Dates:
        data = self.cleaned_data
        return Dates(data["opens_on"], data["due_on"], data["meeting_date"])


class Invited(NamedTuple):
    """What came of inviting somebody: a sentence, and the link to hand over where no mail was sent."""

    person: User
    told: str
    link: str = ""
    is_done: bool = True


def first_month_of(draft: SpreadsheetDraft) -> date:
    """The month that the spreadsheet reported on."""
    return parse_month((draft.receipt or {})["month"])


def months_before(scorecard: Scorecard, month: date) -> list[date]:
    """The months with figures before the first one that no edition is of yet, the latest first."""
    taken = set(scorecard.editions.values_list("month", flat=True))
    return [one for one in scorecard.months_with_figures() if one < month and one not in taken][:MOST_MONTHS]


def people_to_invite(scorecard: Scorecard) -> list[User]:
    """Who reports or owns its lines and has no way to sign in yet."""
    lines = Line.objects.filter(section__scorecard=scorecard)
    keys = {key for pair in lines.values_list("indicator__owner", "indicator__reporter") for key in pair if key}
    people = User.objects.filter(pk__in=keys, is_active=True)
    return [one for one in people if not one.has_usable_password() and not signs_in_elsewhere(one)]


@transaction.atomic
def open_first_month(
    *, scorecard: Scorecard, month: date, dates: Dates, before: int, by: User, now: datetime
) -> Edition:
    """Publish so many months before it as they were brought over, and open the month for collection.

    Raises ValidationError where the dates make no sense, there is an edition, or small counts would become readable.
    """
    require(by, "manage_collection")
    # Of two officers the second waits, and is told that there is an edition.
    current = Scorecard.objects.select_for_update().get(pk=scorecard.pk)
    published = [
        publish_brought_over(current, earlier, by=by, now=now)
        for earlier in sorted(months_before(current, month)[:before])
    ]
    if published:
        transaction.on_commit(partial(make_in_background, *published))
    return open_edition(scorecard=current, month=month, dates=dates, by=by)


def publish_brought_over(scorecard: Scorecard, month: date, *, by: User, now: datetime) -> Publication:
    """Publish a month as its figures stand, marked as put together afterwards. Small counts stay hidden."""
    edition = Edition(scorecard=scorecard, month=month, state=EditionState.PUBLISHED)
    edition.full_clean()
    edition.save()
    draft = draft_edition(edition)
    if draft.shown:
        raise ValidationError(SHOWS.format(month))
    return freeze(draft, kind=PublicationKind.ORIGINAL, reason=BROUGHT_OVER, by=by, now=now)


def invite_people(people: Sequence[User], *, by: User) -> list[Invited]:
    """Invite everybody, one after the other: what goes wrong with one keeps nobody else from being invited."""
    found = []
    for person in people:
        try:
            link = invite(person=person, by=by)
        except ValidationError as error:
            found.append(Invited(person, " ".join(error.messages), is_done=False))
            continue
        told = "Hand over this link, to nobody else" if link else f"Invited by e-mail to {person.email}"
        found.append(Invited(person, told, link))
    return found


def is_mailed(people: Sequence[User]) -> bool:
    """Whether everybody gets the invitation by mail."""
    return all(is_mailable(person) for person in people)
