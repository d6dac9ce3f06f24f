"""What the steps have in common: rows of fields beside the cells concerned, and what is typed in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from scorecard.display.forms import NOT_ON_THE_LIST
from scorecard.editing.forms import RefusableForm
from scorecard.onboarding.decide import Decided
from scorecard.spreadsheets.audit import plain
from scorecard.spreadsheets.figures import read_text
from scorecard.spreadsheets.periods import read_period

CHOOSE = ("", "Choose")


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


def choice(label: str, choices: Iterable[tuple[Any, str]]) -> forms.ChoiceField:
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
