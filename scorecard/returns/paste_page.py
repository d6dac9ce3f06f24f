"""The page on which pasted rows are shown line by line before they are saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from indicators.calculations.cautions import slip_of_typing
from indicators.calculations.vocabulary import Accumulation
from indicators.models import MonthlyValue, User
from scorecard.models import Edition
from scorecard.rules import may
from scorecard.sheet.components import REASON, prefix_of
from scorecard.sheet.history import amount_in_words
from scorecard.sheet.sheet import SheetLine

from .entries import EntryAmount, amount_of
from .forms import LineForm, fields_shown, numbers_of
from .pasted_columns import Place
from .pasting import LONGEST_PASTE, Paste, PastedRow, read_paste


class Reading(NamedTuple):
    """A pasted row beside its line: what stands there now, what would, and what hinders that.

    `sent` has the fields of the line's form with the pasted figure in them; empty where nothing is to be saved.
    """

    row: PastedRow
    line: SheetLine | None
    old: str = ""
    new: str = ""
    note: str = ""
    sent: Mapping[str, str] = {}

    @property
    def is_quiet(self) -> bool:
        """Whether it is no loss that nothing of it is saved."""
        return self.note in ("A heading.", "The same as now.")


def pasted_into(line: SheetLine, typed: Sequence[str]) -> dict[str, str]:
    """What a browser would send for the line with figures typed over those in its fields."""
    sent = {name: text for name, text in fields_shown(line).items() if f"-{REASON}" not in name}
    names = numbers_of(line)
    figures = dict(zip(names, [*typed, *[""] * len(names)], strict=False))
    return sent | {f"{prefix_of(line.key)}-{name}": text for name, text in figures.items()}


def _place_of(line: SheetLine) -> Place:
    periods, numbers = line.indicator.periods, numbers_of(line)
    before = [line.row.figure(periods.previous(line.month, back)) for back in (1, 2)] if numbers else [None, None]
    latest, older = (one and (one.numerator if line.is_ratio else one.value) for one in before)
    return Place(
        line.key, line.indicator.reference, line.indicator.title, len(numbers), periods, before=(latest, older)
    )


def _slip(line: SheetLine, amount: EntryAmount) -> str:
    """What the return will ask about a figure that is about ten times or a tenth of those before; else empty."""
    indicator = line.indicator
    if indicator.accumulation == Accumulation.TO_DATE:
        return ""
    typed = MonthlyValue(indicator=indicator, month=line.month, **amount._asdict()).as_figure()
    figures = dict(zip(line.row.months, line.row.figures, strict=True)) | {line.month: typed}
    found = slip_of_typing(indicator.entry_terms(), figures, line.month)
    return found.message if found else ""


@dataclass
class PastePage:
    """What was pasted into a return, read. `data` is what the page was sent with; empty when it is only opened."""

    edition: Edition
    lines: Sequence[SheetLine]
    person: User
    data: Mapping[str, str]
    reporter: str = ""

    @property
    def text(self) -> str:
        # One more, which tells that it is too long.
        return self.data.get("text", "")[: LONGEST_PASTE + 1]

    @property
    def start(self) -> int | None:
        return self._number("start")

    def _number(self, name: str) -> int | None:
        text = self.data.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None

    @property
    def worked_out(self) -> str:
        """Whether worked-out lines have rows: yes, no, or nothing said."""
        said = self.data.get("worked_out", "")
        return said if said in ("yes", "no") else ""

    @cached_property
    def paste(self) -> Paste:
        places = [_place_of(line) for line in self.lines]
        return read_paste(
            self.text,
            places,
            self.edition.month,
            start=self.start,
            column=self._number("column"),
            has_worked_out={"yes": True, "no": False}.get(self.worked_out),
        )

    @cached_property
    def readings(self) -> list[Reading]:
        by_key = {line.key: line for line in self.lines}
        return [self._reading(row, by_key.get(row.key or 0)) for row in self.paste.rows]

    def _reading(self, row: PastedRow, line: SheetLine | None) -> Reading:
        if line is None or not row.typed:
            is_known = line is not None and line.is_derived and line.figure.value is not None
            shown = f"{line.figure_text} is worked out here. " if line is not None and is_known else ""
            return Reading(row, line, note=f"{shown}{row.left_over}")
        old = "" if line.value is None else amount_in_words(line.value)
        if not may(self.person, "enter_line", line):
            return Reading(row, line, old, note="Nothing can be entered for this line now.")
        sent = pasted_into(line, row.typed)
        form = LineForm(sent, line)
        if not form.is_valid():
            return Reading(
                row, line, old, note=" ".join(str(error) for errors in form.errors.values() for error in errors)
            )
        amount = form.entry.amount
        if amount is None or amount == amount_of(line.value):
            return Reading(row, line, old, note="The same as now.")
        notes = [_slip(line, amount)]
        if not line.standing.is_with_reporter:
            notes.append("It had been sent: it is yours again, to be sent anew.")
        return Reading(row, line, old, amount_in_words(amount), " ".join(filter(None, notes)), sent)

    @property
    def to_save(self) -> list[Reading]:
        return [reading for reading in self.readings if reading.sent]

    @property
    def left_over(self) -> list[Reading]:
        """Rows of which nothing is saved, but for headings and what is as it was."""
        return [reading for reading in self.readings if not reading.sent and not reading.is_quiet]

    @property
    def untouched(self) -> list[SheetLine]:
        """The lines for which figures are entered and that have no row."""
        named = {reading.line.key for reading in self.readings if reading.line}
        return [line for line in self.lines if not line.is_derived and line.is_expected and line.key not in named]
