"""What happened to a line in its month: every change of figure and commentary, and every step, with who and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from commentary.models import Commentary, SignOff, WarningReason
from commentary.sign_off import Step, plain_text
from indicators.calculations.vocabulary import Blank, Stage
from indicators.models import MonthlyValue
from indicators.resources.cells import plain

from .sheet import SheetLine

NOTHING = "nothing"
STEP_WORDS = {
    Step.SENT: "Sent for sign-off",
    Step.SENT_BACK: "Sent back",
    Step.APPROVED: "Signed off",
    Step.DRAFT: "Taken back to be changed",
}


class Event(NamedTuple):
    """Something somebody did: what, and from what to what where a value changed."""

    at: datetime
    who: str
    what: str
    before: str = ""
    after: str = ""
    why: str = ""


def events_of(line: SheetLine) -> list[Event]:
    """Everything that happened to the line, newest first; in four queries."""
    found = [
        *_value_events(_records(MonthlyValue, line)),
        *_text_events(_records(Commentary, line)),
        *_step_events(_records(SignOff, line)),
        *_reason_events(_records(WarningReason, line)),
    ]
    return sorted(found, key=lambda event: event.at, reverse=True)


def events_by_line(lines: Sequence[SheetLine], since: datetime) -> dict[int, list[Event]]:
    """For each of an edition's lines, the changes of figure and commentary after a moment; in two queries."""
    found: dict[int, list[Event]] = defaultdict(list)
    for model, told in ((MonthlyValue, _value_events), (Commentary, _text_events)):
        records: dict[int, list[Any]] = defaultdict(list)
        history = model.history.filter(indicator_id__in=[line.key for line in lines], month=lines[0].month)
        for record in history.select_related("history_user").order_by("history_date", "history_id"):
            records[record.indicator_id].append(record)
        for key, own in records.items():
            found[key] += [event for event in told(own) if event.at > since]
    return found


def _records(model: type[Any], line: SheetLine) -> list[Any]:
    """The history of a model's rows for the line's month, oldest first."""
    records = model.history.filter(indicator_id=line.key, month=line.month)
    return list(records.select_related("history_user").order_by("history_date", "history_id"))


def amount_in_words(record: Any) -> str:
    """A value as entered: 1464, 4 of 31, Awaited (tbc); with a stage that is not final, and its note."""
    if record.figure is not None:
        text = _number(record.figure)
    elif record.numerator is not None:
        text = f"{_number(record.numerator)} of {_number(record.denominator)}"
    else:
        text = Blank(record.blank).label
    stage = Stage(record.stage)
    firm = "" if stage is Stage.FINAL else f", {stage.label.lower()}"
    note = f" ({plain_text(record.note)})" if record.note else ""
    return f"{text}{firm}{note}"


def _number(number: Decimal) -> str:
    return f"{plain(number):,f}"


def _value_events(records: Iterable[Any]) -> Iterator[Event]:
    before = NOTHING
    for record in records:
        after = NOTHING if record.history_type == "-" else amount_in_words(record)
        if after != before:
            yield _event(record, "Figure", before, after)
        before = after


def _text_events(records: Iterable[Any]) -> Iterator[Event]:
    before = NOTHING
    for record in records:
        after = NOTHING if record.history_type == "-" else plain_text(record.text)
        if after != before:
            yield _event(record, "Commentary", before, after)
        before = after


def _step_events(records: Iterable[Any]) -> Iterator[Event]:
    for record in records:
        if record.history_type != "-":
            yield _event(record, STEP_WORDS[Step(record.step)], why=record.note)


def _reason_events(records: Iterable[Any]) -> Iterator[Event]:
    for record in records:
        yield _event(record, "Said why a warning can pass", after=record.reason)


def _event(record: Any, what: str, before: str = "", after: str = "", why: str = "") -> Event:
    reason = why or record.history_change_reason or ""
    return Event(record.history_date, str(record.history_user or "The system"), what, before, after, reason)
