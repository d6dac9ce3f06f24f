"""The first steps: the file, its sheets and rows, what each column is for, and what texts among the figures mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from indicators.calculations.plain_text import plain_line
from indicators.calculations.vocabulary import (
    Blank,
    Stage,
)
from indicators.resources import SpreadsheetError
from indicators.resources.formats import MOST_BYTES, TOO_BIG
from scorecard.display.forms import GovukFormMixin
from scorecard.onboarding.decide import capital
from scorecard.onboarding.understood import NOTHING, CellAsked, understand_file
from scorecard.spreadsheets.overrides import RowKind
from scorecard.spreadsheets.tables import Column, Run, Table
from scorecard.spreadsheets.words import ColumnRole

from .fields import CHOOSE, Cell, NumberField, PeriodField, Row, StepForm, choice

MOST_PLACES = 12
ROLE_WORDS = {
    ColumnRole.REFERENCE: "Reference", ColumnRole.TITLE: "Title", ColumnRole.DEFINITION: "Definition",
    ColumnRole.SECTION: "Section", ColumnRole.OUTCOME: "Outcome", ColumnRole.OWNER: "Owner",
    ColumnRole.REPORTER: "Reporter", ColumnRole.POLARITY: "Direction: high or low is good",
    ColumnRole.FREQUENCY: "How often", ColumnRole.UNIT: "Unit", ColumnRole.PERIOD: "Period of the row",
    ColumnRole.NUMERATOR: "Numerator", ColumnRole.DENOMINATOR: "Denominator", ColumnRole.VALUE: "Figure of the row",
    ColumnRole.PREVIOUS: "Earlier figure", ColumnRole.FIGURES: "Figures of a period", ColumnRole.TARGET: "Target",
    ColumnRole.COMPARATOR: "Comparator", ColumnRole.STATUS: "Worked out: status", ColumnRole.CHANGE:
    "Worked out: change", ColumnRole.ARROW: "Worked out: arrow", ColumnRole.AVERAGE: "Worked out: average",
    ColumnRole.MAXIMUM: "Worked out: highest", ColumnRole.MINIMUM: "Worked out: lowest", ColumnRole.BEST:
    "Worked out: best", ColumnRole.TOTAL: "Worked out: total", ColumnRole.COMMENTARY: "Commentary",
    ColumnRole.IGNORED: "Ignored",
}  # fmt: skip
ROW_WORDS = {
    RowKind.MEASURE: "An indicator", RowKind.SECTION: "A section", RowKind.TOTAL: "A total", RowKind.IGNORED: "Ignored",
}  # fmt: skip
MEANING_CHOICES = (
    CHOOSE,
    *((blank.value, f"No figure: {blank.label}") for blank in Blank),
    *((stage.value, f"A figure: {stage.label}") for stage in Stage),
    (NOTHING, "Nothing: as an empty cell"),
)


class UploadForm(GovukFormMixin, forms.Form):
    """The file as it is; its content shows which kind it is."""

    file = forms.FileField(
        label="Spreadsheet",
        help_text="An Excel workbook (.xlsx or .xlsm), an OpenDocument spreadsheet (.ods) or a CSV file, up to 5 MB.",
        error_messages={"required": "Choose the spreadsheet.", "empty": "The file is empty."},
    )

    def clean_file(self) -> Any:
        """The file's content. Read here, so that what can't be read is said beside the field."""
        file = self.cleaned_data["file"]
        # Checked before the whole of it is read into memory.
        if file.size > MOST_BYTES:
            raise ValidationError(TOO_BIG)
        content = file.read()
        self.file_name = plain_line(str(file.name or ""))[-255:] or "spreadsheet"
        try:
            self.understood = understand_file(content, self.file_name, {})
        except SpreadsheetError as error:
            raise ValidationError(str(error)) from error
        return content


# Sheet and columns


class SheetForm(StepForm):
    """Which sheets are used, where their headings stand, and what each row is."""

    step = "sheet"
    MOST_FIRST, MOST_LAST = 60, 10

    def build(self) -> None:
        self.sheets: list[dict[str, Any]] = []
        with_tables: dict[int, list[Table]] = {}
        for table in self.understood.audit.tables:
            with_tables.setdefault(id(table.sheet), []).append(table)
        seen: set[str] = set()
        for sheet in self.understood.audit.sheets:
            tables = with_tables.get(id(sheet), [])
            shown: dict[str, Any] = {"sheet": sheet, "tables": tables, "name": sheet.name or "The file", "cells": []}
            if sheet.key not in seen:
                seen.add(sheet.key)
                name = shown["name"]
                is_used = sheet.key not in sheet.overrides.unused_sheets
                shown["cells"].append(self.add(sheet.key, "used", name, forms.BooleanField(label="Use it"), is_used))
                rows = sheet.overrides.headings.get(sheet.key) or (tables[0].heading_rows if tables else ())
                shown["cells"].append(
                    self.add(
                        sheet.key, "headings", name,
                        forms.CharField(label="Rows with the headings", max_length=30), ", ".join(map(str, rows)),
                    )
                )  # fmt: skip
            self.sheets.append(shown)

    def row_cell(self, key: str, of: str, value: str) -> Cell | None:
        """The choice of what a row is; None where it is on the page already, or nothing names the row."""
        if not key or f"row|{key}" in self.keys:
            return None
        choices = [(kind.value, words) for kind, words in ROW_WORDS.items()]
        return self.add(key, "row", of, choice("Row is", choices), value)

    def clean(self) -> dict[str, Any]:
        for sheet in {shown["sheet"].key for shown in self.sheets}:
            rows = self.said(sheet, "headings")
            if rows and _row_numbers(rows) is None:
                self.wrong(sheet, "headings", "Write the numbers of at most four rows, as 4, 5.")
        return self.cleaned_data

    def decisions(self) -> dict[str, Any]:
        headings = dict(self.understood.said("headings"))
        unused = []
        for shown in self.sheets:
            key = shown["sheet"].key
            if f"used|{key}" not in self.keys:
                continue
            if not self.said(key, "used"):
                unused.append(key)
            name = self.keys[f"headings|{key}"]
            rows = _row_numbers(self.said(key, "headings") or "")
            if self.said(key, "headings") != self.initial[name]:
                headings[key] = list(rows or ())
        rows_said = dict(self.understood.said("rows"))
        for key, name in self.keys.items():
            kind, _, of = key.partition("|")
            if kind == "row" and self.cleaned_data.get(name) and self.cleaned_data[name] != self.initial[name]:
                rows_said[of] = self.cleaned_data[name]
        return {
            "unused_sheets": unused,
            "headings": {key: rows for key, rows in headings.items() if rows},
            "rows": rows_said,
        }


def _row_numbers(text: str) -> tuple[int, ...] | None:
    """Numbers of rows as they are typed; None for anything else."""
    parts = [part for part in text.replace(",", " ").split() if part]
    if not 0 < len(parts) <= 4 or not all(
        part.isascii() and part.isdigit() and 0 < int(part[:9]) < 10**6 for part in parts
    ):
        return None
    return tuple(sorted({int(part) for part in parts}))


def role_words(column: Column) -> str:
    """What a column is for, in words."""
    return ROLE_WORDS[column.role] if column.role else "Not used"


class ColumnsForm(StepForm):
    """What each column is for, and of which period."""

    step = "columns"

    def build(self) -> None:
        choices = [("", "Not used"), *((role.value, words) for role, words in ROLE_WORDS.items())]
        for table in self.understood.audit.tables:
            name = table.sheet.name or "The file"
            shown = self.table(name, f"{table.run.capitalize()}.", "Column")
            for column in table.columns:
                if f"role|{column.key}" in self.keys or not (column.heading or self._examples(table, column)):
                    continue
                heading = " ".join(column.heading.split()) or f"Column {column.index + 1}"
                row = Row(heading, self._examples(table, column), is_open=column.role is None)
                role = column.role.value if column.role else ""
                row.cells.append(self.add(column.key, "role", heading, choice("Is for", choices), role))
                period = column.period.words if column.period else ""
                row.cells.append(self.add(column.key, "period", heading, PeriodField("Period"), period))
                shown.rows.append(row)
            if not shown.rows:
                self.tables.remove(shown)

    def _examples(self, table: Table, column: Column) -> list[str]:
        texts = (table.sheet.text(number, column.index) for number, _ in table.rows[:80])
        return [text[:60] for text in list(dict.fromkeys(text for text in texts if text))[:3]]

    def clean(self) -> dict[str, Any]:
        for table in self.understood.audit.tables:
            for column in table.columns:
                is_of_period = self.said(column.key, "role") == ColumnRole.FIGURES and table.run is Run.ACROSS
                name = self.keys.get(f"period|{column.key}", "")
                if is_of_period and name and not self.cleaned_data.get(name) and name not in self.errors:
                    self.wrong(column.key, "period", "Of which period are these figures?")
        return self.cleaned_data

    def decisions(self) -> dict[str, Any]:
        kept = dict(self.understood.said("columns"))
        for key, name in self.keys.items():
            kind, _, of = key.partition("|")
            value = self.cleaned_data.get(name)
            if kind in ("role", "period") and value != self.initial[name]:
                kept[of] = kept.get(of, {}) | {kind: value or (ColumnRole.IGNORED.value if kind == "role" else "")}
        return {"columns": kept}


# What stands among the figures


class TextsForm(StepForm):
    """What each text among the figures means, and zeros, periods and figures that may mean something else."""

    step = "texts"

    def build(self) -> None:
        texts = sorted(self.understood.texts.values(), key=lambda one: (one.said is not None, not one.is_asked))
        if texts:
            table = self.table("Texts among the figures", "Each once, wherever it stands.", "It says")
            for one in texts:
                count = "once" if len(one.places) == 1 else f"{len(one.places)} times"
                row = Row(f"“{one.text}”", [f"{count}: {one.places[0]}"], is_open=one.is_asked and one.said is None)
                row.more = one.places[1 : 1 + MOST_PLACES]
                meaning = one.meaning
                row.cells.append(
                    self.add(one.text, "as", one.text, choice("Means", MEANING_CHOICES), meaning.of if meaning else "")
                )
                figure = str(meaning.figure) if meaning and meaning.figure is not None else ""
                row.cells.append(
                    self.add(one.text, "figure", one.text, NumberField("The figure, if it is one"), figure)
                )
                table.rows.append(row)
        zero_choices = (("0", "A real nought"), *((one.value, one.label) for one in Blank))
        self._cells(
            "zeros", "Zeros", "A 0 that stands for nothing reported would pull averages down.",
            self.understood.asked_zeros(), zero_choices, lambda _: Blank.NOT_AVAILABLE.value,
        )  # fmt: skip
        self._cells(
            "periods", "Periods that are written twice", "", self.understood.asked_periods(),
            (("moved", "It is the missing one’s"), ("as_named", "It is what is written there")), lambda _: "moved",
        )  # fmt: skip
        self._cells(
            "repeats", "Two figures for one period", "", self.understood.asked_repeats(),
            (CHOOSE, ("first", "The first counts"), ("last", "The later one counts")), self._likely_repeat,
        )  # fmt: skip

    def _likely_repeat(self, one: CellAsked) -> str:
        said = " ".join(comment.text for comment in one.read.measure.comments if comment.period == one.entry.period)
        return "last" if "revised" in said.lower() else ""

    def _cells(
        self, part: str, heading: str, intro: str, found: Sequence[CellAsked], choices: Sequence[tuple[str, str]],
        likely: Callable[[CellAsked], str],
    ) -> None:  # fmt: skip
        if not found:
            return
        said = self.understood.said(part)
        table = self.table(heading, intro, "Where")
        for one in sorted(found, key=lambda one: one.key in said):
            period = one.entry.period.words if one.entry.period else ""
            title = f"{one.read.measure.name}, {period}"
            first = one.read.measure.values.get(one.entry.period) if one.entry.period else None
            shown = f"{first.text}, then {one.entry.text}" if part == "repeats" and first else one.entry.text
            row = Row(title, [f"{shown} ({one.entry.place})", f"{capital(one.why)}."], is_open=one.key not in said)
            value = said.get(one.key, likely(one))
            row.cells.append(self.add(one.key, part, title, choice("Means", choices), value))
            table.rows.append(row)

    def clean(self) -> dict[str, Any]:
        for text in self.understood.texts:
            name = self.keys.get(f"figure|{text}", "")
            is_figure = self.said(text, "as") in list(Stage)
            if is_figure and name and not self.cleaned_data.get(name) and name not in self.errors:
                self.wrong(text, "figure", f"Which figure is “{text}”?")
        return self.cleaned_data

    def decisions(self) -> dict[str, Any]:
        texts = dict(self.understood.said("texts"))
        for text in self.understood.texts:
            if means := self.said(text, "as"):
                texts[text] = {"as": means}
                if means in list(Stage):
                    texts[text]["figure"] = self.said(text, "figure")
        found: dict[str, Any] = {"texts": texts}
        for part in ("zeros", "periods", "repeats"):
            kept = dict(self.understood.said(part))
            for key, name in self.keys.items():
                kind, _, of = key.partition("|")
                if kind == part and self.cleaned_data.get(name):
                    kept[of] = self.cleaned_data[name]
            found[part] = kept
        return found
