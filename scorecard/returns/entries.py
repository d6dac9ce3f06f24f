"""Saving what was entered for lines: all in one transaction, and never over somebody else's.

An entry carries which versions its editor saw. Figure and commentary are apart: who changed only
one of them never meets who changed only the other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied

from commentary.models import Commentary, SignOff
from commentary.sign_off import Step
from indicators.models import MonthlyValue, Seen, User, seen
from scorecard.editing.versions import (
    FIGURE,
    TEXT,
    VALUE_FIELDS,
    Amount,
    Conflict,
    amount_of,
    conflicts_of,
    text_of,
    versions_seen,
)
from scorecard.editing.writing import assign, on_lines, write
from scorecard.models import Edition
from scorecard.sheet.sheet import SheetLine

from .rights import require_entering

TAKEN_BACK = "Changed after it was sent"


@dataclass(frozen=True)
class Entry:
    """What somebody entered for a line, and which versions they saw of its figure and commentary.

    `amount` or `text` is None where it is to stay as it is; so is the amount of a derived line.
    """

    amount: Amount | None
    text: str | None
    saw_value: Seen
    saw_text: Seen

    def is_of(self, line: SheetLine) -> bool:
        """Whether its editor knows what stands at the line now: they saw it, or entered it themselves."""
        knows_figure = self.saw_value == seen(line.value) or self.amount == amount_of(line.value)
        return knows_figure and (self.saw_text == seen(line.commentary) or self.text == line.text)


@dataclass
class Outcome:
    """What became of the entries, by indicator."""

    saved: set[int] = field(default_factory=set)
    conflicts: dict[int, Conflict] = field(default_factory=dict)


def save_entries(*, edition: Edition, lines: Sequence[SheetLine], entries: Mapping[int, Entry], by: User) -> Outcome:
    """Save the entries of lines of an edition. Entries that change nothing write nothing.

    Raises PermissionDenied, and saves nothing, when one of the entries is not for a line that is the person's to
    enter, or is not any more: the edition may have been moved on since the lines were read.
    """
    of_entries = [line for line in lines if line.key in entries]
    if len(of_entries) < len(entries):
        raise PermissionDenied

    def run(current: Edition) -> Outcome:
        require_entering(current, of_entries, by)
        return _Saving(current.month, entries, by).run()

    return on_lines(edition, entries, run)


class _Saving:
    def __init__(self, month: date, entries: Mapping[int, Entry], by: User) -> None:
        self.month = month
        self.entries = entries
        self.by = by
        self.outcome = Outcome()
        self.values = _stored(MonthlyValue, entries, month)
        self.texts = _stored(Commentary, entries, month)
        self.values_seen = versions_seen(
            MonthlyValue, {key: entry.saw_value for key, entry in entries.items()}, self.values
        )
        self.texts_seen = versions_seen(Commentary, {key: entry.saw_text for key, entry in entries.items()}, self.texts)

    def run(self) -> Outcome:
        values: list[tuple[MonthlyValue | None, int, Amount]] = []
        texts: list[tuple[Commentary | None, int, str]] = []
        clashes: dict[int, list[str]] = {}
        for key, entry in self.entries.items():
            amount, words = self._amount_to_write(key, entry), self._text_to_write(key, entry)
            if amount is _CLASH or words is _CLASH:
                clashes[key] = [name for name, merged in ((FIGURE, amount), (TEXT, words)) if merged is _CLASH]
                continue
            if isinstance(amount, Amount):
                values.append((self.values.get(key), key, amount))
            if isinstance(words, str):
                texts.append((self.texts.get(key), key, words))
        self._write_values(values)
        self._write_texts(texts)
        self.outcome.saved = {key for _, key, _ in values} | {key for _, key, _ in texts}
        self.outcome.conflicts = conflicts_of(clashes, self.month, self.values, self.texts)
        self._take_back()
        return self.outcome

    def _amount_to_write(self, key: int, entry: Entry) -> Any:
        value = self.values.get(key)
        then = amount_of(self.values_seen.get(key))
        return _merge(entry.amount, amount_of(value), then, is_current=entry.saw_value == seen(value))

    def _text_to_write(self, key: int, entry: Entry) -> Any:
        text = self.texts.get(key)
        then = text_of(self.texts_seen.get(key))
        return _merge(entry.text, text_of(text), then, is_current=entry.saw_text == seen(text))

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


def _stored(model: type[Any], keys: Collection[int], month: date) -> dict[int, Any]:
    rows = model.objects.select_for_update().filter(indicator__in=keys, month=month).order_by("pk")
    return {row.indicator_id: row for row in rows}


_CLASH = object()


def _merge(entered: Any, stored: Any, seen_then: Any, *, is_current: bool) -> Any:
    """What to write of an entry: None for nothing, _CLASH when it would overwrite what its editor has not seen."""
    if entered is None or entered == stored:
        return None
    if is_current:
        return entered
    # The row has changed since. Whoever left it as they found it takes the change over without noticing.
    return None if entered == seen_then else _CLASH
