"""What happened to a line in its month: every change of figure and commentary, and every step, with who and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from commentary.models import Commentary, SignOff, WarningReason
from commentary.sign_off import Step
from indicators.calculations.plain_text import plain_text
from indicators.calculations.vocabulary import Blank, Stage
from indicators.models import MonthlyValue
from indicators.resources.cells import plain
from scorecard.editing.history import DELETED, Event, changes_in, event_of, records_in

from .sheet import SheetLine

STEP_WORDS = {
    Step.SENT: "Sent for sign-off",
    Step.SENT_BACK: "Sent back",
    Step.APPROVED: "Signed off",
    Step.DRAFT: "Taken back to be changed",
}


def events_of(line: SheetLine) -> list[Event]:
    """Everything that happened to the line, newest first; in four queries."""
    values, texts, steps, reasons = (
        records_in(model.history.filter(indicator_id=line.key, month=line.month))
        for model in (MonthlyValue, Commentary, SignOff, WarningReason)
    )
    found = [*changes_in(values, "Figure", amount_in_words), *changes_in(texts, "Commentary", _text)]
    for record in steps:
        if record.history_type != DELETED:
            why = record.note or record.history_change_reason or ""
            what = STEP_WORDS[Step(record.step)]
            found.append(event_of(record, f"{what} by who entered it" if record.entered_by_signer else what, why=why))
    for record in reasons:
        why = record.history_change_reason or ""
        found.append(event_of(record, "Said why a warning can pass", after=record.reason, why=why))
    return sorted(found, key=lambda event: event.at, reverse=True)


def events_by_line(lines: Sequence[SheetLine], since: datetime) -> dict[int, list[Event]]:
    """For each of an edition's lines, the changes of figure, commentary and reasons after a moment; three queries."""
    found: dict[int, list[Event]] = defaultdict(list)
    for model, what, words_of in (
        (MonthlyValue, "Figure", amount_in_words),
        (Commentary, "Commentary", _text),
        (WarningReason, "Why a warning can pass", lambda record: record.reason),
    ):
        records: dict[int, list[Any]] = defaultdict(list)
        history = model.history.filter(indicator_id__in=[line.key for line in lines], month=lines[0].month)
        for record in records_in(history):
            records[record.indicator_id].append(record)
        for key, own in records.items():
            found[key] += [event for event in changes_in(own, what, words_of) if event.at > since]
    return found


def decisions_on(lines: Sequence[SheetLine]) -> dict[int, Any]:
    """The latest decision of an owner on each line that there was one on, as the history has it; one query."""
    decided = SignOff.history.filter(
        indicator_id__in=[line.key for line in lines],
        month=lines[0].month,
        step__in=(Step.APPROVED, Step.SENT_BACK),
    )
    return {record.indicator_id: record for record in records_in(decided)}


# Who entered something, by indicator.
Hands = Mapping[int, Collection[int]]


def figure_hands(indicators: Collection[int], month: date) -> Hands:
    """Who entered the figures of a month that stand: number or reason, stage and note, each by whoever changed it last.

    What the program does by itself is nobody's. One query.
    """
    held: dict[int, dict[str, tuple[Any, int | None]]] = defaultdict(dict)
    for record in _records_of(MonthlyValue, indicators, month):
        fields = held[record.indicator_id]
        if record.history_type == DELETED:
            fields.clear()
            continue
        amount = record.figure, record.numerator, record.denominator, record.blank
        for name, now in {"amount": amount, "stage": record.stage, "note": plain_text(record.note)}.items():
            if name not in fields or fields[name][0] != now:
                fields[name] = now, record.history_user_id
    # Final and without a note is how a figure begins; nobody has said that.
    return {
        key: {person for now, person in fields.values() if person is not None and now not in (Stage.FINAL.value, "")}
        for key, fields in held.items()
    }


def text_hands(indicators: Collection[int], month: date) -> Hands:
    """Who wrote any of the commentary on a month, since there was none. One query."""
    held: dict[int, dict[int | None, str]] = defaultdict(dict)
    said: dict[int, str] = {}
    for record in _records_of(Commentary, indicators, month):
        key, text = record.indicator_id, "" if record.history_type == DELETED else plain_text(record.text)
        if text != said.get(key, ""):
            held[key][record.history_user_id] = said[key] = text
        if not text:
            held[key].clear()
    return {key: {person for person in people if person is not None} for key, people in held.items()}


def _records_of(model: Any, indicators: Collection[int], month: date) -> Any:
    return model.history.filter(indicator_id__in=indicators, month=month).order_by("history_date", "history_id")


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


def _text(record: Any) -> str:
    return plain_text(record.text)
