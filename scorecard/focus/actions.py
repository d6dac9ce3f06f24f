"""Writing the overview, areas of focus and questions: each a transaction that asks the rules again.

What is added twice within minutes, with every field alike and by the same person, is a form that was sent again because
its answer was lost: the second time nothing is added, and the first row is given back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from commentary.focus import RaisedBy
from commentary.models import AreaOfFocus, FocusUpdate, Overview
from indicators.models import ChangedMeanwhileError, Indicator, Seen, User, seen
from scorecard.editing.merging import save_over, values_of, write
from scorecard.focus.page import order_of, shown_in
from scorecard.models import Edition, Scorecard
from scorecard.rules import require

Added = TypeVar("Added", AreaOfFocus, FocusUpdate)
SENT_AGAIN = timedelta(minutes=10)
CLOSED_MEANWHILE = "This question is closed. Ask a performance officer to open it again, then save your text."


@transaction.atomic
def save_summary(*, edition: Edition, values: Mapping[str, Any], saw: Seen, by: User) -> bool:
    """Write the overall summary of an edition; whether that changed it. Raises ClashError."""
    require(by, "write_overview")
    current = Edition.objects.select_for_update().get(pk=edition.pk)
    if current.overview_id is not None:
        overview = Overview.objects.select_for_update().get(pk=current.overview_id)
        return save_over(overview, values, saw, by=by)
    overview = Overview(title=f"{current.month:%B %Y}")
    write(overview, values, by=by)
    write(current, {"overview": overview}, by=by)
    return True


@transaction.atomic
def add_area(*, scorecard: Scorecard, values: Mapping[str, Any], by: User) -> AreaOfFocus:
    """Add an area of focus to a scorecard. Raises ValidationError."""
    require(by, "write_overview")
    return _add(scorecard, AreaOfFocus(position=next_position(scorecard)), values, by)


@transaction.atomic
def save_area(*, area: AreaOfFocus, values: Mapping[str, Any], saw: Seen, by: User) -> bool:
    """Write an area of focus or a question, what is known of it and whether it is closed. Raises ClashError."""
    require(by, "write_overview")
    return save_over(_locked(area), values, saw, by=by)


@transaction.atomic
def put_area(*, edition: Edition, key: int, to: Callable[[int], int], saw: str, by: User) -> AreaOfFocus | None:
    """Move an area of focus or question to another place among those that the edition's report shows.

    `to` gives its new place from the one it has, both from 0 on. Returns it, and None where it is not there any more or
    stays where it is. Raises ChangedMeanwhileError where the order isn't the one that was seen.
    """
    require(by, "write_overview")
    # One after the other.
    list(Scorecard.objects.select_for_update().filter(pk=edition.scorecard_id).values_list("pk"))
    everything = list(edition.scorecard.areas_of_focus.all())
    shown = list(shown_in(edition))
    at = next((at for at, area in enumerate(shown) if area.pk == key), None)
    if at is None:
        return None
    if saw != order_of(shown):
        raise ChangedMeanwhileError(shown[at])
    moved = [*shown[:at], *shown[at + 1 :]]
    moved.insert(min(max(to(at), 0), len(moved)), shown[at])
    if moved == shown:
        return None
    # What the report doesn't show stays where it is among the others.
    places, order = {area.pk for area in shown}, iter(moved)
    for position, area in enumerate((next(order) if one.pk in places else one for one in everything), start=1):
        if area.position != position:
            write(area, {"position": position}, by=by)
    return shown[at]


@transaction.atomic
def close_area(*, area: AreaOfFocus, closed_on: date | None, saw: Seen, by: User) -> AreaOfFocus:
    """Close an area of focus or a question as of a day; None opens it again.

    Raises ChangedMeanwhileError when that would change it and it is not as it was seen, and ValidationError before the
    day it was opened.
    """
    require(by, "manage_questions")
    current = _locked(area)
    # Sent twice, or done by two at once: it is as they wanted it.
    if closed_on != current.closed_on:
        if saw != seen(current):
            raise ChangedMeanwhileError(current)
        write(current, {"closed_on": closed_on}, by=by)
    return current


@transaction.atomic
def raise_question(*, scorecard: Scorecard, values: Mapping[str, Any], today: date, by: User) -> AreaOfFocus:
    """Ask or recommend something in the panel's name. `values` has its kind, words, indicators and the report's month.

    Raises ValidationError where the report isn't published or has no such indicator.
    """
    require(by, "raise_question")
    month = values["asked_in"]
    if not scorecard.editions.published().filter(month=month).exists():
        raise ValidationError({"asked_in": "The report for this month is not published."})
    lines = Indicator.objects.active_in(month).filter(lines__section__scorecard=scorecard)
    if lines.filter(pk__in=values["indicators"]).distinct().count() < len(values["indicators"]):
        raise ValidationError({"indicators": f"This indicator is not in the report for {month:%B %Y}."})
    asked = AreaOfFocus(raised_by=RaisedBy.PANEL, asked_by=by, opened_on=today, position=next_position(scorecard))
    return _add(scorecard, asked, values, by)


@transaction.atomic
def assign_question(*, question: AreaOfFocus, values: Mapping[str, Any], saw: Seen, by: User) -> bool:
    """Say who answers, and by when. Raises ClashError, or ValidationError where there is a date without anybody."""
    require(by, "manage_questions")
    return save_over(_locked(question), values, saw, by=by)


@transaction.atomic
def answer_question(*, question: AreaOfFocus, values: Mapping[str, Any], saw: Seen, by: User) -> bool:
    """Write the answer. Raises ClashError, or ValidationError when the question is closed."""
    current = _locked(question)
    require(by, "answer_question", current)
    if current.closed_on is not None:
        raise ValidationError({"response": CLOSED_MEANWHILE})
    return save_over(current, values, saw, by=by)


@transaction.atomic
def add_update(*, area: AreaOfFocus, values: Mapping[str, Any], by: User) -> FocusUpdate:
    """Note what has happened since, on a day. Raises ValidationError when it is a question that is closed."""
    current = _locked(area)
    _require_update(by, current)
    if current.is_question and current.closed_on is not None:
        raise ValidationError({"text": CLOSED_MEANWHILE})
    if before := _sent_before(current.updates.all(), values, by):
        return before
    update = FocusUpdate(area=current)
    write(update, values, by=by)
    return update


@transaction.atomic
def save_update(*, update: FocusUpdate, values: Mapping[str, Any], saw: Seen, by: User) -> bool:
    """Put an update right. Raises ClashError."""
    _require_update(by, update.area)
    current = FocusUpdate.objects.select_for_update().get(pk=update.pk)
    return save_over(current, values, saw, by=by)


def next_position(scorecard: Scorecard) -> int:
    """Behind all areas of focus that the officer has put in order."""
    found = scorecard.areas_of_focus.aggregate(latest=Max("position"))["latest"]
    return 1 if found is None else found + 1


def _add(scorecard: Scorecard, area: AreaOfFocus, values: Mapping[str, Any], by: User) -> AreaOfFocus:
    # One after the other, so that of two at once the second finds the first.
    list(Scorecard.objects.select_for_update().filter(pk=scorecard.pk).values_list("pk"))
    if before := _sent_before(scorecard.areas_of_focus.all(), values, by):
        return before
    write(area, values, by=by)
    scorecard._history_user = by  # type: ignore[attr-defined]
    scorecard.areas_of_focus.add(area)
    return area


def _sent_before(rows: QuerySet[Added], values: Mapping[str, Any], by: User) -> Added | None:
    """Which of the rows the same person added with the same values some minutes ago; None if there is none."""
    added = rows.model.history.filter(history_type="+", history_user=by, history_date__gte=timezone.now() - SENT_AGAIN)
    recent = rows.filter(pk__in=added.values("id"))
    return next((row for row in recent if values_of(row, values) == dict(values)), None)


def _locked(area: AreaOfFocus) -> AreaOfFocus:
    return AreaOfFocus.objects.select_for_update().get(pk=area.pk)


def _require_update(by: User, area: AreaOfFocus) -> None:
    require(by, "answer_question" if area.is_question else "write_overview", area)
