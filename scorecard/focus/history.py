"""What happened to a question: raised, given to somebody, answered, closed and opened again, with who and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from commentary.models import AreaOfFocus, FocusUpdate
from indicators.models import User
from scorecard.sheet.history import Event

NOTHING = "nothing"
NOBODY = "nobody"


def events_of(question: AreaOfFocus) -> list[Event]:
    """Everything that happened to a question and its updates, newest first; in three queries."""
    records = list(AreaOfFocus.history.filter(id=question.pk).select_related("history_user").order_by("history_id"))
    updates = FocusUpdate.history.filter(area_id=question.pk).select_related("history_user").order_by("history_id")
    owners = User.objects.in_bulk({record.owner_id for record in records if record.owner_id})
    found = [*_changes(records, owners), *_of_updates(updates)]
    return sorted(found, key=lambda event: event.at, reverse=True)


def _changes(records: Iterable[Any], owners: Mapping[int, User]) -> Iterator[Event]:
    before: Any = None
    for record in records:
        if before is None:
            yield _event(record, f"{record.get_kind_display()} raised", after=record.title)
        else:
            for name, label in (("title", "Words"), ("detail", "More about it"), ("response", "Answer")):
                yield from _change(record, label, getattr(before, name), getattr(record, name))
            yield from _change(record, "Who answers", _name(before, owners), _name(record, owners))
            yield from _change(record, "Answer due", _day(before.due_on), _day(record.due_on))
            yield from _closing(record, before)
        before = record


def _change(record: Any, label: str, before: str, after: str) -> Iterator[Event]:
    if before != after:
        yield _event(record, label, before or NOTHING, after or NOTHING)


def _closing(record: Any, before: Any) -> Iterator[Event]:
    if record.closed_on == before.closed_on:
        return
    if record.closed_on is None:
        yield _event(record, "Opened again")
    else:
        yield _event(record, "Closed", after=_day(record.closed_on))


def _of_updates(records: Iterable[Any]) -> Iterator[Event]:
    texts: dict[int, str] = {}
    for record in records:
        after = NOTHING if record.history_type == "-" else f"{_day(record.date)}: {record.text}"
        before = texts.get(record.id, "")
        if after != before:
            yield _event(record, "Update", before, after)
        texts[record.id] = after


def _event(record: Any, what: str, before: str = "", after: str = "") -> Event:
    return Event(record.history_date, str(record.history_user or "The system"), what, before, after)


def _name(record: Any, owners: Mapping[int, User]) -> str:
    return str(owners.get(record.owner_id, NOBODY))


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else ""
