"""Saving what was entered for lines: all in one transaction, and never over somebody else's.

An entry carries which versions its editor saw. Figure and commentary are apart: who changed only
one of them never meets who changed only the other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import DateField

from commentary.models import Commentary, SignOff
from commentary.sign_off import Step, plain_text
from indicators.models import MonthlyValue, Seen, User, save_all, seen
from indicators.prepared import Given, OneOf, Prepared
from scorecard.editing.merging import Clash, Edit, Merge, clashes_over, merge
from scorecard.editing.turns import on_lines
from scorecard.models import Edition, EditionState
from scorecard.rules import may
from scorecard.sheet.assemble import assemble_sheet
from scorecard.sheet.sheet import SheetLine

TAKEN_BACK = "Changed after it was sent"
TAKEN_BACK_FROM = (Step.SENT, Step.APPROVED)
# The parts of a line that are changed apart.
FIGURE, TEXT = "figure", "text"


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


def amount_of(value: Any) -> Amount:
    """What is stored, or a version of it in the history, as it would be entered."""
    if value is None:
        return NOTHING
    entered = Amount(**{name: getattr(value, name) for name in Amount._fields})
    return entered._replace(note=plain_text(entered.note))


def text_of(commentary: Any) -> str:
    """The commentary that is stored, or a version of it in the history."""
    return "" if commentary is None else plain_text(commentary.text)


class LinePart(NamedTuple):
    """How a part of a line is stored: its content as entered, and from that the row's fields; none to delete it."""

    model: type[Any]
    content: Callable[[Any], Any]
    fields: Callable[[Any], dict[str, Any]]


PARTS = {
    FIGURE: LinePart(MonthlyValue, amount_of, lambda amount: {} if amount.is_empty else amount._asdict()),
    TEXT: LinePart(Commentary, text_of, lambda text: {"text": text} if text else {}),
}


@dataclass(frozen=True)
class Entry:
    """What somebody entered for a line, and which versions they saw of its figure and commentary.

    `amount` or `text` is None where it is to stay as it is; so is the amount of a derived line.
    """

    amount: Amount | None
    text: str | None
    saw_value: Seen
    saw_text: Seen

    def edit(self, part: str, row: Any) -> Edit:
        """What it makes of a part of the line, which is stored as `row`."""
        entered, saw = (self.amount, self.saw_value) if part == FIGURE else (self.text, self.saw_text)
        return Edit(row, {} if entered is None else {part: entered}, saw)

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
        return _save(current, of_entries, entries, by)

    return on_lines(edition, entries, run)


def require_entering(edition: Edition, lines: Sequence[SheetLine], by: User) -> None:
    """Refuse unless the person may enter each line of the edition, which is as it is now. Raises PermissionDenied."""
    if edition.state == EditionState.IN_REVIEW and any(line.edition is not edition for line in lines):
        # It depends on how far each has come, and that may have changed as well since they were read.
        by_key = assemble_sheet(edition, [line.key for line in lines]).by_key
        if not all(line.key in by_key for line in lines):
            raise PermissionDenied
        lines = [by_key[line.key] for line in lines]
    if not all(may(by, "enter_line", replace(line, edition=edition)) for line in lines):
        raise PermissionDenied


def clashes_at(parts: Mapping[int, Collection[str]], lines: Mapping[int, SheetLine], month: date) -> dict[int, Clash]:
    """What is stored at lines, where it clashes with what somebody entered. `parts` has those that clash, by line."""
    found = []
    for part, kept in PARTS.items():
        named = (key for key, names in parts.items() if part in names)
        rows = {key: _row_at(lines[key], part) for key in named}
        edits = {key: Edit(row, {part: None}, seen(row)) for key, row in rows.items()}
        history = kept.model.history.filter(month=month)
        found.append(clashes_over(edits, history, key="indicator_id", read=_reader(part)))
    return _by_line(*found)


def _row_at(line: SheetLine, part: str) -> Any:
    return line.value if part == FIGURE else line.commentary


def _save(edition: Edition, lines: Sequence[SheetLine], entries: Mapping[int, Entry], by: User) -> Outcome:
    month = edition.month
    # Of lines that were read in this turn only what is to be written need be read again, and locked.
    known = {line.key: line for line in lines if line.edition is edition}
    stored = {part: _stored(part, known, entries, month) for part in PARTS}
    merged: dict[str, dict[int, Merge]] = {}
    for part, kept in PARTS.items():
        edits = {key: entry.edit(part, stored[part].get(key)) for key, entry in entries.items()}
        history = kept.model.history.filter(month=month)
        merged[part] = merge(edits, history, key="indicator_id", read=_reader(part))
    outcome = Outcome(
        conflicts=_by_line(*({key: one.clash for key, one in merged[part].items() if one.clash} for part in PARTS))
    )
    for part in PARTS:
        changes = {
            key: one.changes[part] for key, one in merged[part].items() if one.changes and key not in outcome.conflicts
        }
        outcome.written[part] = _write(part, stored[part], changes, month, by)
        outcome.saved |= changes.keys()
    not_sent = {
        key for key, line in known.items() if line.sign_off is None or line.sign_off.step not in TAKEN_BACK_FROM
    }
    outcome.sign_offs = _take_back(outcome.saved - not_sent, month, by)
    return outcome


def _reader(part: str) -> Callable[[Any, Any], dict[str, Any]]:
    return lambda row, _: {part: PARTS[part].content(row)}


def _by_line(figures: Mapping[int, Clash], texts: Mapping[int, Clash]) -> dict[int, Clash]:
    """The clashes over both parts of a line as one."""
    return {**texts, **{key: clash.beside(texts.get(key)) for key, clash in figures.items()}}


def _write(part: str, stored: Mapping[int, Any], changes: Mapping[int, Any], month: date, by: User) -> dict[int, Any]:
    """Save or delete what was entered for a part of lines, by line. Returns the rows; None where one was deleted."""
    model, _, fields_of = PARTS[part]
    rows: dict[int, Any] = {}
    for key, entered in changes.items():
        row, fields = stored.get(key), fields_of(entered)
        if fields:
            row = row or model(indicator_id=key, month=month)
            for name, value in fields.items():
                setattr(row, name, value)
            rows[key] = row
        elif row is not None:
            row._history_user = by
            row.delete()
    save_all(list(rows.values()), Amount._fields if part == FIGURE else ["text"], by=by)
    return {key: rows.get(key) for key in changes}


def _take_back(saved: Collection[int], month: date, by: User) -> dict[int, SignOff]:
    """What was sent or signed off and then changed is the reporter's again, until they send it anew."""
    waiting = list(
        SignOff.objects.select_for_update()
        .filter(indicator__in=saved, month=month, step__in=TAKEN_BACK_FROM)
        .order_by("pk")
    )
    for sign_off in waiting:
        sign_off.step = Step.DRAFT
    save_all(waiting, ["step"], by=by, reason=TAKEN_BACK)
    return {sign_off.indicator_id: sign_off for sign_off in waiting}


def _stored(part: str, known: Mapping[int, SheetLine], entries: Mapping[int, Entry], month: date) -> dict[int, Any]:
    """The rows of a part of the lines: those that an entry leaves as they are known to be, and the others locked."""
    content = PARTS[part].content
    found = {}
    for key, line in known.items():
        row = _row_at(line, part)
        if entries[key].edit(part, row).typed.get(part, content(row)) == content(row):
            found[key] = row
    changed = entries.keys() - found
    rows = _LOCKED[part].rows(keys=changed, month=month) if changed else ()
    return {key: row for key, row in found.items() if row} | {row.indicator_id: row for row in rows}


def _locked(model: type[Any]) -> models.QuerySet[Any, Any]:
    locked = model._default_manager.select_for_update()
    return locked.filter(OneOf("indicator"), month=Given("month", DateField())).order_by("pk")


_LOCKED = {part: Prepared(partial(_locked, kept.model)) for part, kept in PARTS.items()}
