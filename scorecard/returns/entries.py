"""Saving what was entered for lines: all in one transaction, and never over somebody else's.

An entry carries which versions its editor saw. Figure and commentary are apart: who changed only
one of them never meets who changed only the other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import models

from commentary.models import Commentary, SignOff
from commentary.sign_off import Step
from indicators.calculations.plain_text import plain_text
from indicators.models import ChangedMeanwhileError, MonthlyValue, Seen, User, save_all, seen
from scorecard.editing.merging import Clash, Edit, Merge, clashes_over, merge
from scorecard.editing.turns import on_lines
from scorecard.models import Edition
from scorecard.rules import may
from scorecard.sheet.assemble import assemble_sheet
from scorecard.sheet.sheet import SheetLine

TAKEN_BACK = "Changed after it was sent"
TAKEN_BACK_FROM = (Step.SENT, Step.APPROVED)
# The right by which a line is entered, where it isn't corrected.
ENTERING = "enter_line"
# The parts of a line.
FIGURE, TEXT = "figure", "text"


class EntryAmount(NamedTuple):
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


NOTHING = EntryAmount()


def amount_of(value: Any) -> EntryAmount:
    """What is stored, or a version of it in the history, as it would be entered."""
    if value is None:
        return NOTHING
    entered = EntryAmount(**{name: getattr(value, name) for name in EntryAmount._fields})
    return entered._replace(note=plain_text(entered.note))


def text_of(commentary: Any) -> str:
    """The commentary that is stored, or a version of it in the history."""
    return "" if commentary is None else plain_text(commentary.text)


class LinePart(NamedTuple):
    """A part of a line that is changed apart: what is entered in its row, and the fields for it; none to delete it."""

    name: str
    model: type[Any]
    content: Callable[[Any], Any]
    fields: Callable[[Any], dict[str, Any]]

    def row(self, line: SheetLine) -> Any:
        return line.value if self.name == FIGURE else line.commentary

    def history(self, month: date) -> models.QuerySet[Any, Any]:
        found: models.QuerySet[Any, Any] = self.model.history.filter(month=month)
        return found

    def read(self, row: Any, _: Any) -> dict[str, Any]:
        """What is entered in a row, or a version of it, as `merge` reads it."""
        return {self.name: self.content(row)}


PARTS = (
    LinePart(FIGURE, MonthlyValue, amount_of, lambda amount: {} if amount.is_empty else amount._asdict()),
    LinePart(TEXT, Commentary, text_of, lambda text: {"text": text} if text else {}),
)


@dataclass(frozen=True)
class Entry:
    """What somebody entered for a line, and which versions they saw of its figure and commentary.

    `amount` or `text` is None where it is to stay as it is; so is the amount of a derived line.
    """

    amount: EntryAmount | None
    text: str | None
    saw_value: Seen
    saw_text: Seen

    def edit(self, part: LinePart, line: SheetLine) -> Edit:
        """What it makes of a part of the line."""
        entered, saw = (self.amount, self.saw_value) if part.name == FIGURE else (self.text, self.saw_text)
        return Edit(part.row(line), {} if entered is None else {part.name: entered}, saw)

    def is_of(self, line: SheetLine) -> bool:
        """Whether its editor knows what stands at the line now: they saw it, or entered it themselves."""
        knows_figure = self.saw_value == seen(line.value) or self.amount == amount_of(line.value)
        return knows_figure and (self.saw_text == seen(line.commentary) or self.text == line.text)


@dataclass
class Outcome:
    """What became of the entries, by indicator, and the rows that were written: by part, None where one was deleted."""

    saved: set[int] = field(default_factory=set)
    conflicts: dict[int, Clash] = field(default_factory=dict)
    written: dict[str, dict[int, Any]] = field(default_factory=dict)
    sign_offs: dict[int, SignOff] = field(default_factory=dict)


def save_entries(
    *,
    edition: Edition,
    lines: Sequence[SheetLine],
    entries: Mapping[int, Entry],
    by: User,
    right: str = ENTERING,
    reason: str = "",
) -> Outcome:
    """Save the entries of lines of an edition. Entries that change nothing write nothing.

    `right` is that by which the person writes; `reason` is kept in the history of figure and commentary.
    Raises PermissionDenied, and saves nothing, when one of the entries is not for a line that is the person's to
    enter, or is not any more: the edition may have been moved on since the lines were read.
    """
    of_entries = [line for line in lines if line.key in entries]
    if len(of_entries) < len(entries):
        raise PermissionDenied

    def run(current: Edition) -> Outcome:
        return _save(current.month, lines_to_enter(current, of_entries, by, right), entries, by, reason)

    return on_lines(edition, entries, run)


def lines_to_enter(edition: Edition, lines: Sequence[SheetLine], by: User, right: str = ENTERING) -> list[SheetLine]:
    """The lines as they are now, in the turn at them that the edition was given for.

    Raises PermissionDenied unless the person may enter each of them.
    """
    if any(line.edition is not edition for line in lines):
        by_key = assemble_sheet(edition, [line.key for line in lines]).by_key
        if not all(line.key in by_key for line in lines):
            raise PermissionDenied
        lines = [by_key[line.key] for line in lines]
    if not all(may(by, right, line) for line in lines):
        raise PermissionDenied
    return list(lines)


def clashes_at(
    parts: Mapping[int, Collection[str]], lines: Mapping[int, SheetLine], month: date, reader: User
) -> dict[int, Clash]:
    """What is stored at lines, where it clashes with what somebody entered. `parts` has those that clash, by line."""
    found = []
    for part in PARTS:
        rows = {key: part.row(lines[key]) for key, names in parts.items() if part.name in names}
        edits = {key: Edit(row, {part.name: None}, seen(row)) for key, row in rows.items()}
        found.append(clashes_over(edits, part.history(month), key="indicator_id", read=part.read))
    return _by_line(reader, *found)


def _by_line(reader: User, figures: Mapping[int, Clash], texts: Mapping[int, Clash]) -> dict[int, Clash]:
    """The clashes over both parts of a line as one."""
    return {**texts, **{key: clash.beside(texts.get(key), reader) for key, clash in figures.items()}}


def _save(month: date, lines: Sequence[SheetLine], entries: Mapping[int, Entry], by: User, reason: str) -> Outcome:
    merged: list[dict[int, Merge]] = []
    for part in PARTS:
        edits = {line.key: entries[line.key].edit(part, line) for line in lines}
        merged.append(merge(edits, part.history(month), key="indicator_id", read=part.read))
    outcome = Outcome(
        conflicts=_by_line(by, *({key: one.clash for key, one in of_part.items() if one.clash} for of_part in merged))
    )
    settled = [line for line in lines if line.key not in outcome.conflicts]
    for part, of_part in zip(PARTS, merged, strict=True):
        written = outcome.written[part.name] = {}
        for line in settled:
            if not (changes := of_part[line.key].changes):
                continue
            # A copy, so that the line stays what it was when it was read.
            row, fields = copy(part.row(line)), part.fields(changes[part.name])
            if fields:
                row = row or part.model(indicator=line.indicator, month=month)
                for name, value in fields.items():
                    setattr(row, name, value)
            elif row is not None:
                _delete(row, by, reason)
            written[line.key] = row if fields else None
        rows = [row for row in written.values() if row]
        save_all(rows, EntryAmount._fields if part.name == FIGURE else ["text"], by=by, reason=reason)
        outcome.saved |= written.keys()
    # What was sent or signed off and then changed is the reporter's again, until they send it anew.
    for line in settled:
        if line.key in outcome.saved and line.sign_off and line.sign_off.step in TAKEN_BACK_FROM:
            outcome.sign_offs[line.key] = copy(line.sign_off)
            outcome.sign_offs[line.key].step = Step.DRAFT
            outcome.sign_offs[line.key].entered_by_signer = False
    save_all(list(outcome.sign_offs.values()), ["step", "entered_by_signer"], by=by, reason=TAKEN_BACK)
    return outcome


def _delete(row: Any, by: User, reason: str) -> None:
    """Delete a row unless somebody else changed it meanwhile. Raises ChangedMeanwhileError."""
    if not type(row).objects.select_for_update().filter(pk=row.pk, version=row.version).exists():
        raise ChangedMeanwhileError(row)
    row._history_user, row._change_reason = by, reason or None
    row.delete()
