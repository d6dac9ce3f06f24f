"""Saving what was entered for lines: all in one transaction, and never over somebody else's.

An entry carries which versions its editor saw. Figure and commentary are apart: who changed only
one of them never meets who changed only the other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from simple_history.utils import get_history_manager_for_model

from commentary.models import Commentary, SignOff
from commentary.standing import Step
from indicators.models import MonthlyValue, Seen, User, seen
from scorecard.rules import may

from .sheet import SheetLine
from .writing import all_or_none, assign, write

VALUE_FIELDS = ("figure", "numerator", "denominator", "blank", "stage", "note")
TAKEN_BACK = "Changed by the reporter after it was sent"


class Amount(NamedTuple):
    """What was entered for a month: a figure, its two parts, or why there is none; nothing at all is empty."""

    figure: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    blank: str = ""
    stage: str = "final"
    note: str = ""

    @property
    def is_empty(self) -> bool:
        return self.figure is None and self.numerator is None and not self.blank


NOTHING = Amount()


@dataclass(frozen=True)
class Entry:
    """What somebody entered for a line, and which versions they saw of its figure and commentary.

    `amount` is None where figures are not entered: at a derived line.
    """

    amount: Amount | None
    text: str
    saw_value: Seen
    saw_text: Seen


class Conflict(NamedTuple):
    """Somebody else's version of a line, saved after this one was opened; nothing of the line was written.

    `amount` and `text` are theirs, None where the two do not clash. The versions are what an editor
    has seen who was shown this: of a part that does not clash what they had seen before.
    """

    who: str
    when: datetime | None
    amount: Amount | None
    text: str | None
    value_now: Seen
    text_now: Seen


@dataclass
class Outcome:
    """What became of the entries, by indicator."""

    saved: set[int] = field(default_factory=set)
    conflicts: dict[int, Conflict] = field(default_factory=dict)


def save_entries(*, lines: Sequence[SheetLine], entries: Mapping[int, Entry], by: User) -> Outcome:
    """Save the entries of lines of one edition. Entries that change nothing write nothing.

    Raises PermissionDenied, and saves nothing, when one of the lines is not the person's to enter.
    """
    if not all(may(by, "enter_line", line) for line in lines if line.key in entries):
        raise PermissionDenied
    month = lines[0].month if lines else date.min
    return all_or_none(entries, lambda: _Saving(month, entries, by).run())


class _Saving:
    def __init__(self, month: date, entries: Mapping[int, Entry], by: User) -> None:
        self.month = month
        self.entries = entries
        self.by = by
        self.outcome = Outcome()
        self.values = _stored(MonthlyValue, entries, month)
        self.texts = _stored(Commentary, entries, month)

    def run(self) -> Outcome:
        values: list[tuple[MonthlyValue | None, int, Amount]] = []
        texts: list[tuple[Commentary | None, int, str]] = []
        for key, entry in self.entries.items():
            value, text = self.values.get(key), self.texts.get(key)
            amount = _merge(entry.amount, amount_of(value), value, entry.saw_value, _amount_seen)
            words = _merge(entry.text, text_of(text), text, entry.saw_text, _text_seen)
            if amount is _CLASH or words is _CLASH:
                self.outcome.conflicts[key] = Conflict(
                    *_latest_change(MonthlyValue if amount is _CLASH else Commentary, key, self.month),
                    amount_of(value) if amount is _CLASH else None,
                    text_of(text) if words is _CLASH else None,
                    seen(value) if amount is _CLASH else entry.saw_value,
                    seen(text) if words is _CLASH else entry.saw_text,
                )
                continue
            if isinstance(amount, Amount):
                values.append((value, key, amount))
            if isinstance(words, str):
                texts.append((text, key, words))
        self._write_values(values)
        self._write_texts(texts)
        self.outcome.saved = {key for _, key, _ in values} | {key for _, key, _ in texts}
        self._take_back()
        return self.outcome

    def _write_values(self, changes: list[tuple[MonthlyValue | None, int, Amount]]) -> None:
        new, changed = [], []
        for value, key, amount in changes:
            if value is None:
                new.append(MonthlyValue(indicator_id=key, month=self.month, **amount._asdict()))
            elif amount.is_empty:
                self._delete(value)
            else:
                assign(value, amount._asdict())
                changed.append(value)
        write(MonthlyValue, new, changed, VALUE_FIELDS, by=self.by)

    def _write_texts(self, changes: list[tuple[Commentary | None, int, str]]) -> None:
        new, changed = [], []
        for commentary, key, text in changes:
            if commentary is None:
                new.append(Commentary(indicator_id=key, month=self.month, text=text))
            elif not text:
                self._delete(commentary)
            else:
                assign(commentary, {"text": text})
                changed.append(commentary)
        write(Commentary, new, changed, ("text",), by=self.by)

    def _delete(self, row: Any) -> None:
        row._history_user = self.by
        row.delete()

    def _take_back(self) -> None:
        """What was sent or signed off and then changed is the reporter's again, until they send it anew."""
        waiting = list(
            SignOff.objects.select_for_update()
            .filter(indicator__in=self.outcome.saved, month=self.month, step__in=[Step.SENT, Step.APPROVED])
            .order_by("pk")
        )
        for sign_off in waiting:
            assign(sign_off, {"step": Step.DRAFT})
        write(SignOff, [], waiting, ["step"], by=self.by, reason=TAKEN_BACK)


def amount_of(value: MonthlyValue | None) -> Amount:
    """What is stored, as it would be entered."""
    return NOTHING if value is None else Amount(**{name: getattr(value, name) for name in VALUE_FIELDS})


def text_of(commentary: Commentary | None) -> str:
    return "" if commentary is None else commentary.text


def _stored(model: type[Any], keys: Collection[int], month: date) -> dict[int, Any]:
    rows = model.objects.select_for_update().filter(indicator__in=keys, month=month).order_by("pk")
    return {row.indicator_id: row for row in rows}


_CLASH = object()


def _merge(entered: Any, stored: Any, row: Any, saw: Seen, content_seen: Callable[[Seen], Any]) -> Any:
    """What to write of an entry: None for nothing, _CLASH when it would overwrite what its editor has not seen."""
    if entered is None or entered == stored:
        return None
    if saw == seen(row):
        return entered
    # The row has changed since. Whoever left it as they found it takes the change over without noticing.
    return None if entered == content_seen(saw) else _CLASH


def _amount_seen(saw: Seen) -> Amount:
    record = _record_seen(MonthlyValue, saw)
    return NOTHING if record is None else Amount(**{name: getattr(record, name) for name in VALUE_FIELDS})


def _text_seen(saw: Seen) -> str:
    record = _record_seen(Commentary, saw)
    return "" if record is None else record.text


def _record_seen(model: type[Any], saw: Seen) -> Any:
    """The version that somebody saw, from the history; a deletion repeats the version that it ended."""
    history = get_history_manager_for_model(model)
    return history.filter(id=saw.key, version=saw.version).exclude(history_type="-").first() if saw.key else None


def _latest_change(model: type[Any], key: int, month: date) -> tuple[str, datetime | None]:
    """Who made the latest change to a line's figure or commentary, and when."""
    record = model.history.filter(indicator_id=key, month=month).select_related("history_user").first()
    return (str(record.history_user or "Somebody"), record.history_date) if record else ("Somebody", None)
