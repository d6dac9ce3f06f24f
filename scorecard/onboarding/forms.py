"""The steps between a spreadsheet and its preview, each a form whose questions stand beside the cells concerned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from indicators.calculations.plain_text import plain_line
from indicators.calculations.vocabulary import (
    Accumulation,
    Blank,
    Frequency,
    Kind,
    OnBasis,
    Polarity,
    Sense,
    Stage,
    Unit,
)
from indicators.models.fields import AddressFormField, FinancialYearFormField
from indicators.resources import SpreadsheetError
from indicators.resources.formats import MOST_BYTES, TOO_BIG
from scorecard.display.forms import NOT_ON_THE_LIST, GovukFormMixin
from scorecard.editing.forms import LineField, RefusableForm
from scorecard.spreadsheets.audit import plain
from scorecard.spreadsheets.figures import read_text
from scorecard.spreadsheets.findings import SheetFinding
from scorecard.spreadsheets.overrides import RowKind
from scorecard.spreadsheets.periods import read_period
from scorecard.spreadsheets.tables import Column, Run, Table
from scorecard.spreadsheets.words import ColumnRole

from .beside import HELD, LEFT_OUT, basis_questions
from .decide import NOBODY, Decided, capital, comparator_key
from .rows import TAKEN_NEW, TAKEN_NOT, TAKEN_THERE, IndicatorRow
from .understood import NOTHING, CellAsked, correction_key, understand_file

CHOOSE = ("", "Choose")
_NEW, _POST = "new", "post"
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
MOST_PLACES = 12


@dataclass
class Cell:
    """One field of a row of a step's table, as HTML: quick, because a page has hundreds."""

    bound: BoundField
    # Whose field it is, for people who don't see the row.
    of: str

    @property
    def errors(self) -> list[str]:
        return [str(error) for error in self.bound.errors]

    @property
    def html(self) -> SafeString:
        """Label, control and what is wrong with it."""
        bound, name = self.bound, self.bound.html_name
        value = bound.value()
        wrong = format_html_join(
            "", '<p class="govuk-error-message" id="{}_error"><span class="govuk-visually-hidden">Error:</span> {}</p>',
            ((f"id_{name}", error) for error in self.errors[:1]),
        )  # fmt: skip
        described = format_html(' aria-describedby="id_{}_error" aria-invalid="true"', name) if wrong else ""
        choices: Any = getattr(bound.field, "choices", ())
        if isinstance(bound.field, forms.BooleanField):
            control = format_html(
                '<span class="govuk-checkboxes govuk-checkboxes--small"><span class="govuk-checkboxes__item"><input '
                'class="govuk-checkboxes__input" type="checkbox" name="{0}" id="id_{0}"{1}{2}><label '
                'class="govuk-label govuk-checkboxes__label" for="id_{0}">{3}<span class="govuk-visually-hidden"> {4}'
                "</span></label></span></span>",
                name, SafeString(" checked") if value else "", described, bound.label, self.of,
            )  # fmt: skip
            return wrong + control
        label = format_html(
            '<label class="cell-label" for="id_{}">{}<span class="govuk-visually-hidden"> {}</span></label>',
            name, bound.label, self.of,
        )  # fmt: skip
        if choices:
            options = format_html_join(
                "", '<option value="{}"{}>{}</option>',
                (
                    (key, SafeString(" selected") if str(key) == str(value if value is not None else "") else "", words)
                    for key, words in choices
                ),
            )  # fmt: skip
            css = "govuk-select govuk-select--error" if wrong else "govuk-select"
            return label + wrong + format_html(
                '<select class="{}" name="{}" id="id_{}"{}>{}</select>', css, name, name, described, options
            )  # fmt: skip
        shown = bound.field.prepare_value(value)
        if isinstance(bound.field.widget, forms.Textarea):
            return label + wrong + format_html(
                '<textarea class="govuk-textarea" rows="2" name="{0}" id="id_{0}"{1}>{2}</textarea>',
                name, described, "" if shown is None else shown,
            )  # fmt: skip
        css = f"govuk-input{' govuk-input--error' if wrong else ''} {bound.field.widget.attrs.get('class', '')}"
        return label + wrong + format_html(
            '<input class="{}" type="text" name="{}" id="id_{}" value="{}"{}>',
            css, name, name, "" if shown is None else shown, described,
        )  # fmt: skip


@dataclass
class Row:
    """A row of a step's table: what it is about, in words, and its fields."""

    title: str
    details: list[str] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    is_open: bool = False
    # Problems of the row as a whole.
    problems: list[str] = field(default_factory=list)


@dataclass
class FormTable:
    """A table of a step: its heading, what it is about, and rows with fields."""

    heading: str
    intro: str = ""
    about: str = ""
    rows: list[Row] = field(default_factory=list)

    @property
    def columns(self) -> list[str]:
        return [str(cell.bound.label) for cell in self.rows[0].cells] if self.rows else []


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


class StepForm(RefusableForm):
    """A step: fields named by what they are about, so that another's change of the file never moves them."""

    step = ""
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, decided: Decided) -> None:
        super().__init__(data, initial={"version": decided.draft.version})
        self.decided = decided
        self.understood = decided.understood
        self.tables: list[FormTable] = []
        self.keys: dict[str, str] = {}
        self.build()

    def build(self) -> None:
        """Adds the fields and the tables they stand in."""

    def table(self, heading: str, intro: str = "", about: str = "") -> FormTable:
        self.tables.append(FormTable(heading, intro, about))
        return self.tables[-1]

    def add(self, key: str, name: str, of: str, made: forms.Field, value: Any = None) -> Cell:
        """A field about something that is known by a key."""
        field_name = f"{name}_{sha256(key.encode()).hexdigest()[:10]}"
        made.required = False
        self.fields[field_name] = made
        self.initial[field_name] = value
        self.keys[f"{name}|{key}"] = field_name
        return Cell(self[field_name], of)

    def said(self, key: str, name: str) -> Any:
        """What was sent in a field; None where it isn't there."""
        return self.cleaned_data.get(self.keys.get(f"{name}|{key}", ""))

    def wrong(self, key: str, name: str, message: str) -> None:
        self.add_error(self.keys[f"{name}|{key}"], message)

    def decisions(self) -> dict[str, dict[str, Any] | list[str]]:
        """What is kept of it, by the parts of the decisions: only what differs, and answers to questions."""
        raise NotImplementedError

    @property
    def wrong_cells(self) -> list[tuple[str, str, str]]:
        """Of each error the address of its field, whose it is and what is wrong: for the summary at the top."""
        return [
            (f"id_{cell.bound.html_name}", f"{cell.of}, {cell.bound.label}", error)
            for table in self.tables
            for row in table.rows
            for cell in row.cells
            for error in cell.errors
        ]


def _choice(label: str, choices: Iterable[tuple[Any, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(choices), error_messages=NOT_ON_THE_LIST)


class NumberField(forms.CharField):
    """A figure as people write it, as exact text; empty for none."""

    widget = forms.TextInput(attrs={"class": "number"})

    def __init__(self, label: str) -> None:
        super().__init__(label=label, max_length=40)

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").strip()
        if not text:
            return ""
        found = read_text(text).value
        if found is None or abs(found) >= 10**12:
            raise ValidationError(f"“{text}” is no figure: write digits, as 655 or 12.5.")
        return str(found)

    def prepare_value(self, value: Any) -> Any:
        try:
            return plain(Fraction(value)) if value not in (None, "") else ""
        except (ValueError, ZeroDivisionError):
            return value


class PeriodField(forms.CharField):
    """A period as headings name it: Sept 2025, Q2 2025/26, 2024/25."""

    def __init__(self, label: str) -> None:
        super().__init__(label=label, max_length=40)

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").strip()
        if text and read_period(text) is None:
            raise ValidationError(f"“{text}” is no period: write it as Sept 2025, Q2 2025/26 or 2024/25.")
        return text


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
        return self.add(key, "row", of, _choice("Row is", choices), value)

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
                row.cells.append(self.add(column.key, "role", heading, _choice("Is for", choices), role))
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
                    self.add(one.text, "as", one.text, _choice("Means", MEANING_CHOICES), meaning.of if meaning else "")
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
            row.cells.append(self.add(one.key, part, title, _choice("Means", choices), value))
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


# Indicators


class IndicatorsForm(StepForm):
    """The grid of indicators, problems first, and the populations behind their formulas."""

    step = "indicators"

    def build(self) -> None:
        self._populations()
        asked = {row.key for row in self.decided.rows if self._problems(row)}
        waiting = self.table(
            "To answer", "Each of these rows has something that only a person can say.", "In the sheet"
        )
        others = self.table(
            "All others" if asked else "Indicators", "As understood; change what isn’t right.", "In the sheet"
        )
        for row in self.decided.rows:
            (waiting if row.key in asked else others).rows.append(self._row(row))
        self.tables = [table for table in self.tables if table.rows]

    def _problems(self, row: IndicatorRow) -> list[str]:
        if not row.is_taken:
            return []
        return [
            words for words, step in self.decided.plan.open_points if step == "indicators" and self._is_of(words, row)
        ]

    def _is_of(self, words: str, row: IndicatorRow) -> bool:
        there = self.decided.there.get(row.reference.lower())
        starts = (f"{row.reference}: ", f"{row.reference} is ", f"{row.reference}, ", f"“{row.fields['title']}” ")
        return words.startswith(starts) or (there is not None and f" {there.reference} already" in words)

    def _populations(self) -> None:
        groups = [(str(key), group.name) for key, group in self.decided.population_groups.items()]
        found = dict.fromkeys(row.parts.people for row in self.decided.taken if row.parts.people)
        if not found:
            return
        table = self.table(
            "Populations", "The formulas of these rates divide by a number of people. Who are they?", "Population"
        )
        said = self.understood.said("populations")
        for people in found:
            key = str(people)
            told = said.get(key, {})
            of = [row.reference for row in self.decided.taken if row.parts.people == people]
            row = Row(f"{people:,} people", [", ".join(of)], is_open=not told)
            choices = [(_NEW, "A new group"), *groups]
            row.cells.append(self.add(key, "group", key, _choice("Group", choices), str(told.get("group", _NEW))))
            name = LineField(label="Name of a new group", max_length=100)
            row.cells.append(self.add(key, "name", key, name, told.get("name", "")))
            table.rows.append(row)

    def _row(self, row: IndicatorRow) -> Row:
        fields, of = row.fields, row.reference
        figures = [entry.text for entry in row.measure.values.values() if entry.text]
        details = [
            row.measure.title,
            f"{row.measure.sheet.name} row {row.measure.row}",
            f"Latest: {', '.join(figures[-3:])}",
        ]
        problems = self._problems(row)
        shown = Row(of, [text for text in details if text], is_open=bool(problems), problems=problems)
        taken = [(TAKEN_NEW, "Taken"), (TAKEN_NOT, "Not taken")]
        if there := self.decided.there.get(row.reference.lower()):
            taken.append((TAKEN_THERE, f"Figures of {there.reference}, which is there"))
        kinds = [(Kind.FIGURE.value, "A figure")]
        if row.measure.numerators:
            kinds.append((Kind.RATIO.value, "Numerator and denominator"))
        if row.parts:
            kinds.append((Kind.DERIVED.value, f"Worked out from {self._of(row)}"))
        frequencies = [(one.value, one.label) for one in Frequency]
        made: dict[str, forms.Field] = {
            "taken": _choice("Taken", taken),
            "reference": LineField(label="Reference", max_length=30),
            "title": LineField(label="Title", max_length=300),
            "section": LineField(label="Section", max_length=200),
            "polarity": _choice("Direction", [CHOOSE, *((one.value, one.label) for one in Polarity)]),
            "unit": _choice("Unit", [(one.value, one.label) for one in Unit]),
            "rate_base": forms.IntegerField(label="Rate per", min_value=1, max_value=10**9),
            "decimal_places": forms.IntegerField(label="Decimals", min_value=0, max_value=4),
            "frequency": _choice("How often", frequencies),
            "accumulation": _choice("Adds up over the year", _ADDS_UP),
            "kind": _choice("Kind", kinds),
            "owner": LineField(label="Owner", max_length=150),
            "reporter": LineField(label="Reporter", max_length=150),
            "definition": forms.CharField(label="Definition", max_length=5000, widget=forms.Textarea),
        }
        made["title"].widget = forms.Textarea()
        for name, one in made.items():
            shown.cells.append(self.add(row.key, name, of, one, fields[name]))
        return shown

    def _of(self, row: IndicatorRow) -> str:
        by_key = {one.key: one.reference for one in self.decided.rows}
        above = " + ".join(by_key[key] for key in row.parts.numerators)
        below = " + ".join(by_key[key] for key in row.parts.denominators)
        return f"{above} and {below or f'{row.parts.people:,} people'}" if below or row.parts.people else above

    def clean(self) -> dict[str, Any]:
        seen: dict[str, str] = {}
        for row in self.decided.rows:
            if self.said(row.key, "taken") == TAKEN_NOT:
                continue
            for name in ("reference", "title", "section"):
                field_name = self.keys[f"{name}|{row.key}"]
                if not self.cleaned_data.get(field_name) and field_name not in self.errors:
                    self.wrong(row.key, name, f"Write the {name}.")
            reference = (self.said(row.key, "reference") or "").lower()
            if reference and reference in seen:
                self.wrong(row.key, "reference", f"{seen[reference]} has this reference already.")
            seen[reference] = str(self.said(row.key, "title"))
            base, is_rate = self.keys[f"rate_base|{row.key}"], self.said(row.key, "unit") == Unit.RATE
            if is_rate and not self.cleaned_data.get(base) and base not in self.errors:
                self.wrong(row.key, "rate_base", "Say what it is a rate per, for example 1000000.")
        return self.cleaned_data

    def decisions(self) -> dict[str, Any]:
        kept = dict(self.understood.said("indicators"))
        for row in self.decided.rows:
            told: dict[str, Any] = {}
            for name, guess in row.guessed.items():
                value = self.said(row.key, name)
                value = "" if value is None and name != "rate_base" else value
                if value == "" and name in _ALWAYS_CHOSEN:
                    continue
                if value != guess or name in row.asked_first:
                    told[name] = value
            kept.pop(row.key, None)
            if told:
                kept[row.key] = told
        populations = dict(self.understood.said("populations"))
        for key in [key.partition("|")[2] for key in self.keys if key.startswith("group|")]:
            group, name = self.said(key, "group"), self.said(key, "name")
            if group and group != _NEW:
                populations[key] = {"group": int(group)}
            elif name:
                populations[key] = {"name": name}
        return {"indicators": kept, "populations": populations}


# What is never emptied: where nothing was sent, it stays as it was understood.
_ALWAYS_CHOSEN = ("polarity", "unit", "kind", "frequency", "taken", "accumulation", "decimal_places")
_ADDS_UP = (
    (Accumulation.NO.value, "No"),
    (Accumulation.PER_PERIOD.value, "Yes, entered by period"),
    (Accumulation.TO_DATE.value, "Yes, entered to date"),
)


# People


class PeopleForm(StepForm):
    """Whom each name of the sheet means."""

    step = "people"

    def build(self) -> None:
        people = self.decided.people
        accounts = sorted(self.decided.accounts.values(), key=lambda one: str(one).lower())
        if not people:
            return
        table = self.table("Names in the sheet", "", "Name")
        for name, person in sorted(people.items(), key=lambda one: bool(one[1].said)):
            others = [(f"as {other}", f"The same as {other}") for other in people if other != name]
            choices = [
                CHOOSE, (_NEW, "A new account"), (_POST, "A new account for a post or team"),
                *((f"user {one.pk}", f"{one} ({one.username})") for one in accounts), *others,
                (NOBODY, "Nobody: leave it open"),
            ]  # fmt: skip
            roles = [
                f"{'owns' if role == 'owns' else 'reports'} {count}"
                for role, count in (("owns", person.owns), ("reports", person.reports))
                if count
            ]
            row = Row(name, [", ".join(roles)], is_open=not person.said)
            if person.like and person.like != name:
                row.problems.append(f"Are {person.like} and {name} one person?")
            row.cells.append(self.add(name, "who", name, _choice("Is", choices), self._who(name)))
            said = person.said
            row.cells.append(
                self.add(name, "name", name, LineField(label="Name in reports", max_length=150), said.get("name", name))
            )
            address = AddressFormField(label="E-mail of a new account")
            row.cells.append(self.add(name, "email", name, address, said.get("email", "")))
            table.rows.append(row)

    def _who(self, name: str) -> str:
        person = self.decided.people[name]
        said = person.said
        if "user" in said:
            return f"user {said['user']}"
        if "as" in said:
            return f"as {said['as']}"
        if NOBODY in said:
            return NOBODY
        if "email" in said:
            return _POST if said.get("post") else _NEW
        if person.likely:
            return f"user {person.likely.pk}"
        return f"as {person.like}" if person.like and person.like != name else ""

    def clean(self) -> dict[str, Any]:
        by_address = {one.email.lower(): one for one in self.decided.accounts.values() if one.email}
        seen: dict[str, str] = {}
        for name in self.decided.people:
            who = self.said(name, "who")
            email = (self.said(name, "email") or "").lower()
            if who in (_NEW, _POST) and self.keys[f"email|{name}"] not in self.errors:
                if not email:
                    self.wrong(name, "email", f"To which address is {name} invited?")
                elif email in by_address:
                    self.wrong(name, "email", f"{by_address[email]} has this address: choose that account.")
                elif email in seen:
                    self.wrong(name, "email", f"{seen[email]} has this address: choose “The same as {seen[email]}”.")
                seen[email] = name
            if who and who.startswith("as ") and (self.said(who[3:], "who") or "").startswith("as "):
                self.wrong(name, "who", f"{who[3:]} is the same as another: choose that one.")
        return self.cleaned_data

    def decisions(self) -> dict[str, Any]:
        kept = dict(self.understood.said("people"))
        for name in self.decided.people:
            who = self.said(name, "who") or ""
            if who == NOBODY:
                kept[name] = {NOBODY: True}
            elif who.startswith("user "):
                kept[name] = {"user": int(who[5:])}
            elif who.startswith("as "):
                kept[name] = {"as": who[3:]}
            elif who in (_NEW, _POST):
                kept[name] = {"name": self.said(name, "name") or name, "email": self.said(name, "email")}
                if who == _POST:
                    kept[name]["post"] = True
            else:
                kept.pop(name, None)
        return {"people": kept}


# Comparators and targets


_NUMBERS = (("value", "Target"), ("upper", "and"), ("tolerance", "Tolerance"))


class ComparatorsForm(StepForm):
    """Whom the sheet compares with, on which basis, and how its targets are held."""

    step = "comparators"

    def build(self) -> None:
        bases = [(one.value, one.label) for one in OnBasis]
        if self.decided.peers:
            table = self.table(
                "Comparators",
                "A scorecard shows at most five groups. Only what is on the indicator’s own basis is compared with.",
                "In the sheet",
            )
            choices = [*((code, group.name) for code, group in self.decided.groups.items()), (_NEW, "A new group")]
            choices.append((LEFT_OUT, "Left out"))
            for key, peer in self.decided.peers.items():
                row = Row(peer.name, [f"{len(peer.entries)} figures, such as {peer.entries[0].text}"])
                now = LEFT_OUT if peer.is_left_out else peer.code or _NEW
                row.cells.append(self.add(key, "group", peer.name, _choice("Group", choices), now))
                name = LineField(label="Name of a new group", max_length=30)
                row.cells.append(self.add(key, "name", peer.name, name, peer.new_name))
                row.cells.append(self.add(key, "basis", peer.name, _choice("Basis", bases), peer.on_basis))
                if not peer.has_years:
                    year = FinancialYearFormField(label="Year")
                    row.cells.append(self.add(key, "year", peer.name, year, peer.year))
                table.rows.append(row)
        self._basis([*bases, (LEFT_OUT, "Left out")])
        self._targets()

    def _basis(self, bases: list[tuple[str, str]]) -> None:
        said = self.understood.said("comparators")
        found = [
            (row, entry, why, comparator_key(row, entry))
            for row in self.decided.taken
            for entry, why in basis_questions(row)
            if entry.text
        ]
        if not found:
            return
        table = self.table("Comparators that look as if they were of something else", "", "Where")
        for row, entry, why, key in found:
            title = f"{row.reference}, {entry.heading}{f', {entry.period.words}' if entry.period else ''}"
            shown = Row(title, [f"{entry.text} ({entry.place})", f"{why}."], is_open=key not in said)
            choices = [CHOOSE, *bases]
            shown.cells.append(self.add(key, "on", title, _choice("Basis", choices), said.get(key, "")))
            if f"on|{key}" in self.keys and not any(one.title == title for one in table.rows):
                table.rows.append(shown)

    def _targets(self) -> None:
        targets = sorted(self.decided.targets, key=lambda one: not (one.question and not one.is_said))
        if not targets:
            return
        table = self.table(
            "Targets",
            "For the year that each is of. What misses a target by no more than the tolerance is amber.",
            "Target",
        )
        choices = [CHOOSE, *HELD.items()]
        for one in targets:
            title = f"{one.row.reference}, {one.year}-{(one.year + 1) % 100:02d}"
            is_open = bool(one.question) and not one.is_said
            row = Row(
                title, [one.row.fields["title"][:80], f"{one.text[:60]} ({one.entries[0].place})"], is_open=is_open
            )
            row.problems = [one.question] if is_open else []
            row.cells.append(self.add(one.key, "held", title, _choice("Is held", choices), one.held))
            numbers = (one.value, one.upper, one.tolerance or None)
            for (name, label), value in zip(_NUMBERS, numbers, strict=True):
                shown = "" if value is None else str(value)
                row.cells.append(self.add(one.key, name, title, NumberField(label), shown))
            if one.row.fields["accumulation"] != Accumulation.NO:
                shape = forms.BooleanField(label="For the whole year")
                row.cells.append(self.add(one.key, "for_year", title, shape, one.for_year))
            table.rows.append(row)

    def clean(self) -> dict[str, Any]:
        for one in self.decided.targets:
            held, value, upper = (self.said(one.key, name) for name in ("held", "value", "upper"))
            if held in list(Sense) and not value and self.keys[f"value|{one.key}"] not in self.errors:
                self.wrong(one.key, "value", "Write the target.")
            is_range = held == Sense.BETWEEN and value and self.keys[f"upper|{one.key}"] not in self.errors
            if is_range and (not upper or Fraction(upper) <= Fraction(value)):
                self.wrong(one.key, "upper", "Write the upper figure, above the lower one.")
            tolerance = self.said(one.key, "tolerance")
            if tolerance and Fraction(tolerance) < 0:
                self.wrong(one.key, "tolerance", "A tolerance can’t be negative.")
        names: dict[str, str] = {}
        for key, peer in self.decided.peers.items():
            if self.said(key, "group") == _NEW:
                name = self.said(key, "name") or ""
                if not name and self.keys[f"name|{key}"] not in self.errors:
                    self.wrong(key, "name", "Write the name of the group.")
                elif any(
                    name.lower() in (one.name.lower(), one.short_name.lower()) for one in self.decided.groups.values()
                ):
                    self.wrong(key, "name", f"{name} is there: choose it.")
                names[name.lower()] = peer.name
        return self.cleaned_data

    def decisions(self) -> dict[str, Any]:
        peers = dict(self.understood.said("peers"))
        for key in self.decided.peers:
            group = self.said(key, "group")
            told: dict[str, Any] = {"group": "" if group == _NEW else group}
            if group == _NEW:
                told["name"] = self.said(key, "name")
            told["on_basis"] = self.said(key, "basis") or OnBasis.UNKNOWN.value
            if self.said(key, "year") is not None:
                told["year"] = self.said(key, "year")
            changed = any(
                self.cleaned_data.get(self.keys[f"{name}|{key}"]) != self.initial[self.keys[f"{name}|{key}"]]
                for name in ("group", "name", "basis", "year")
                if f"{name}|{key}" in self.keys
            )
            if changed:
                peers[key] = told
        on_basis = dict(self.understood.said("comparators"))
        for key, name in self.keys.items():
            kind, _, of = key.partition("|")
            if kind == "on" and self.cleaned_data.get(name):
                on_basis[of] = self.cleaned_data[name]
        targets = dict(self.understood.said("targets"))
        for one in self.decided.targets:
            names = [
                name for name in ("held", "value", "upper", "tolerance", "for_year") if f"{name}|{one.key}" in self.keys
            ]
            changed = any(
                (self.said(one.key, name) or "") != (self.initial[self.keys[f"{name}|{one.key}"]] or "")
                for name in names
            )
            if self.said(one.key, "held") and (changed or one.question):
                targets[one.key] = {name: self.said(one.key, name) for name in names}
        return {"peers": peers, "comparators": on_basis, "targets": targets}


# The audit


class AuditForm(StepForm):
    """What in the sheet can't be right; of figures the right one can be taken."""

    step = "audit"

    def build(self) -> None:
        self.corrected: dict[str, SheetFinding] = {}
        entries: dict[str, str] = {}
        for one in self.understood.measures:
            measure = one.measure
            for kept in (measure.values, measure.numerators, measure.denominators):
                entries |= {entry.place: correction_key(one, entry) for entry in kept.values()}
            for entry in (*measure.targets, *measure.comparators):
                entries[entry.place] = correction_key(one, entry)
        said = self.understood.said("corrections")
        by_kind: dict[str, list[SheetFinding]] = {}
        for found in self.understood.audit.findings:
            by_kind.setdefault(found.kind, []).append(found)
        for kind, findings in by_kind.items():
            table = self.table(kind[0].upper() + kind[1:], "", "Cell")
            for found in findings:
                right = f"would be {found.right}" if found.right else "what would be right can’t be told"
                row = Row(found.place, [f"{found.measure}: {found.printed}; {right}", f"{found.why}."])
                key = entries.get(found.place, "")
                if key and found.right and read_text(found.right).value is not None:
                    self.corrected[key] = found
                    take = forms.BooleanField(label=f"Take {found.right}")
                    row.cells.append(self.add(key, "right", found.place, take, said.get(key) == "right"))
                table.rows.append(row)

    def decisions(self) -> dict[str, Any]:
        kept = dict(self.understood.said("corrections"))
        for key in self.corrected:
            kept.pop(key, None)
            if self.said(key, "right"):
                kept[key] = "right"
        return {"corrections": kept}


STEPS: dict[str, tuple[str, type[StepForm]]] = {
    "sheet": ("The sheet", SheetForm),
    "columns": ("What each column is", ColumnsForm),
    "texts": ("What is no number", TextsForm),
    "indicators": ("Indicators", IndicatorsForm),
    "people": ("People", PeopleForm),
    "comparators": ("Comparators and targets", ComparatorsForm),
    "audit": ("What can’t be right", AuditForm),
}
