"""What the history of rows says in words: who did what when, and from what to what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

NOTHING = "nothing"
DELETED = "-"
# How many characters stay beside what differs in two versions of a longer text, and up to which length all is told.
BESIDE, SHORT = 40, 160


class Event(NamedTuple):
    """Something somebody did: what, and from what to what where a value changed."""

    at: datetime
    who: str
    what: str
    before: str = ""
    after: str = ""
    why: str = ""

    @property
    def apart(self) -> tuple[str, str]:
        """Before and after, in longer texts only where they differ, with some words on either side."""
        return differing(self.before, self.after)


def differing(before: str, after: str) -> tuple[str, str]:
    """Two versions of a text, each without what is far from where they differ; “…” stands for what is left out."""
    if max(len(before), len(after)) <= SHORT:
        return before, after
    shortest = min(len(before), len(after))
    start = next((at for at in range(shortest) if before[at] != after[at]), shortest)
    left = shortest - start
    end = next((at for at in range(left) if before[-1 - at] != after[-1 - at]), left)

    def cut(text: str) -> str:
        # From word to word.
        first = text.rfind(" ", 0, max(start - BESIDE, 0)) + 1
        last = text.find(" ", len(text) - max(end - BESIDE, 0))
        last = len(text) if last < 0 else last
        return f"{'… ' if first else ''}{text[first:last]}{' …' if last < len(text) else ''}"

    return cut(before), cut(after)


def records_in(history: QuerySet[Any]) -> list[Any]:
    """The entries of a history with their people, oldest first."""
    return list(history.select_related("history_user").order_by("history_date", "history_id"))


def event_of(record: Any, what: str, before: str = "", after: str = "", why: str = "") -> Event:
    """What an entry of the history tells; what nobody did, the system did."""
    return Event(record.history_date, str(record.history_user or "The system"), what, before, after, why)


def changes_in(
    records: Iterable[Any], what: str, words_of: Callable[[Any], str], *, at_first: str = NOTHING
) -> Iterator[Event]:
    """An event for each entry that says other words than the one before of the same row.

    `at_first` are the words before there was a row; a row that was deleted says “nothing”.
    """
    said: dict[int, str] = {}
    for record in records:
        before = said.get(record.id, at_first)
        after = NOTHING if record.history_type == DELETED else words_of(record)
        if after != before:
            yield event_of(record, what, before, after, record.history_change_reason or "")
        said[record.id] = after
