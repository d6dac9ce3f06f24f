"""Opening an edition, moving it on, and handing a person's lines to a deputy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from indicators.calculations.months import LATEST_YEAR, add_months, parse_month
from indicators.models import ChangedMeanwhileError, Deputy, User
from indicators.models.user import deputies_on
from indicators.working_days import working_day_from
from scorecard.models import DraftState, Edition, EditionState, Scorecard
from scorecard.rules import require

DAYS_TO_ENTER = 7
WEEK = 7
# From which state an edition can go to which, and back. What is published is frozen with it: scorecard/publication/.
MOVES: dict[EditionState, tuple[EditionState, ...]] = {
    EditionState.COLLECTING: (EditionState.IN_REVIEW,),
    EditionState.IN_REVIEW: (EditionState.COLLECTING,),
    EditionState.PUBLISHED: (),
}


class Dates(NamedTuple):
    """When an edition opens, is due, and is met about."""

    opens_on: date
    due_on: date
    meeting_date: date | None


def suggest_next(scorecard: Scorecard, today: date) -> tuple[date, Dates]:
    """The month after the latest edition's, with dates like that one's: the second Thursday stays the second Thursday.

    Without an edition, or when the dates would have passed already: from today, with the usual number of days, and the
    month for which the scorecard was begun, or else the one before today's. A day on which nobody works gives way to
    the next working day.
    """
    month, dates = _like_the_latest(scorecard, today)
    return month, Dates(*(working_day_from(day) if day else None for day in dates))  # type: ignore[arg-type]


def _like_the_latest(scorecard: Scorecard, today: date) -> tuple[date, Dates]:
    latest = scorecard.editions.order_by("-month").first()
    month = add_months(latest.month, 1) if latest else _first_month(scorecard, today)
    if latest is None or latest.opens_on is None or latest.due_on is None:
        return month, Dates(today, today + timedelta(days=DAYS_TO_ENTER), None)
    opens, due = _a_month_on(latest.opens_on), _a_month_on(latest.due_on)
    if due < today:
        return month, Dates(today, today + (latest.due_on - latest.opens_on), None)
    meeting = _a_month_on(latest.meeting_date) if latest.meeting_date else None
    return month, Dates(min(opens, due), due, max(due, meeting) if meeting else None)


def _first_month(scorecard: Scorecard, today: date) -> date:
    begun = scorecard.spreadsheets.filter(state=DraftState.CREATED).values_list("receipt__month", flat=True).first()
    return parse_month(begun) if begun else add_months(today.replace(day=1), -1)


def _a_month_on(day: date) -> date:
    """The same weekday in the same week of the next month; its last such weekday where there is no fifth.

    A day mistyped into a far future stays as it is: the calendar ends there.
    """
    if day.year >= LATEST_YEAR:
        return day
    following = add_months(day.replace(day=1), 1)
    first = following + timedelta(days=(day.weekday() - following.weekday()) % WEEK)
    found = first + timedelta(weeks=(day.day - 1) // WEEK)
    return found if found.month == following.month else found - timedelta(weeks=1)


@transaction.atomic
def open_edition(*, scorecard: Scorecard, month: date, dates: Dates, by: User) -> Edition:
    """Open a month for collection. Raises ValidationError when there is an edition, or the dates make no sense."""
    require(by, "manage_collection")
    edition = Edition(scorecard=scorecard, month=month, state=EditionState.COLLECTING, **dates._asdict())
    edition.full_clean()
    edition.save()
    return edition


@transaction.atomic
def move_edition(*, edition: Edition, to: EditionState, version: int, by: User) -> Edition:
    """Take an edition to its next state, or back to collecting. `version` is the one that the officer saw.

    Raises ChangedMeanwhileError, or ValidationError where it can't go there.
    """
    require(by, "manage_collection")
    current = Edition.objects.select_for_update().get(pk=edition.pk)
    if current.version != version:
        raise ChangedMeanwhileError(current)
    if to not in MOVES[EditionState(current.state)]:
        raise ValidationError(f"An edition can’t go from {current.get_state_display()} to {to.label}.")
    current.state = to
    current.full_clean()
    current.save()
    return current


@transaction.atomic
def hand_over(*, person: User, deputy: User, starts_on: date, until: date | None, by: User) -> Deputy:
    """Let a deputy stand in for a person from a day, until another or further notice.

    Raises ValidationError when that makes no sense: the same person twice, an end in the past, an inactive deputy.
    """
    require(by, "manage_collection")
    if not deputy.is_active:
        raise ValidationError({"deputy": f"{deputy} can’t sign in any more: choose somebody else."})
    from_today = {"person": person, "deputy": deputy, "starts_on": starts_on}
    standing_in = Deputy.objects.filter(**from_today).first() or Deputy(**from_today)
    standing_in.ends_on = until
    standing_in.full_clean()
    standing_in.save()
    return standing_in


def stand_ins_of(people: Collection[int], day: date) -> Mapping[int, list[Deputy]]:
    """Who stands in on the day, also who can't sign in any more: a row each, by the key of whom they stand in for."""
    found: dict[int, dict[int, Deputy]] = defaultdict(dict)
    for row in Deputy.objects.filter(deputies_on(day), person__in=people).select_related("deputy").order_by("pk"):
        found[row.person_id].setdefault(row.deputy_id, row)
    return {key: [*rows.values()] for key, rows in found.items()}


def deputies_of(people: Collection[int], day: date) -> Mapping[int, list[User]]:
    """Who stands in on the day, also those who can't sign in any more, by the key of whom they stand in for."""
    return {key: [row.deputy for row in rows] for key, rows in stand_ins_of(people, day).items()}
