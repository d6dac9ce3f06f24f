"""Forms that know which version of a row a person saw, and refuse to overwrite a newer one."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db.models import Model
from django.utils.functional import cached_property
from django.utils.html import format_html
from simple_history.models import HistoricalRecords
from simple_history.utils import get_history_manager_for_model

from indicators.calculations.basis import plain_number
from indicators.calculations.months import parse_year
from indicators.models import ComparatorGroup
from indicators.moments import day_and_time
from indicators.people import GIVES_A_PART, NOT_OFFERED, REPORTS, reports_of, who_can_take
from indicators.resources.cells import plain
from indicators.working_days import question_about

DELETED_MEANWHILE = "Somebody deleted this after you opened the page. Copy what you need, then open the page again."
# More than anybody adds before saving; each takes some milliseconds, while the row above them is locked.
MOST_NEW_ROWS = 100
BIGGEST_ID = 2**63 - 1
MOST_DIGITS = len(str(BIGGEST_ID))


class VersionedForm(forms.ModelForm):
    """Carries the version that was read. The row must be locked while the form is checked and saved."""

    read_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    # Why the database refused the same input a moment ago.
    refusal = ""
    # Fields with days that people are to keep: one on which nobody works is asked about, which stops nothing.
    days_kept: Sequence[str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial["read_version"] = self.instance.version
        for name, value in self.initial.items():
            if isinstance(value, Decimal):
                self.initial[name] = plain(value)
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, Autocomplete):
                widget.known = self.instance._state.fields_cache.get(name)
                widget.about = self.instance
        for name in {*self.days_kept} & self.fields.keys():
            bound = self[name]
            question = question_about(_day_in(bound))
            if question:
                bound.help_text = format_html("{} <strong>{}</strong>", bound.help_text, question)

    @cached_property
    def changed_data(self) -> list[str]:
        """What was typed anew. A form that is sent a second time has nothing that isn't stored already."""
        return [name for name in super().changed_data if name != "read_version"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        read = self.cleaned_data.get("read_version")
        if self.refusal:
            self.add_error(None, self.refusal)
        elif self.instance.pk is None and read is not None:
            self.add_error(None, DELETED_MEANWHILE)
        elif self.instance.pk is not None and read != self.instance.version and self.changed_data:
            self.add_error(None, changed_by(self.instance))
        # Whoever holds it already may keep it, and whoever can't sign in is asked about after saving.
        for name in {*GIVES_A_PART} & {*self.changed_data}:
            person = self.cleaned_data.get(name)
            about = self.cleaned_data.get("person") or self.instance
            if person and person.is_active and not who_can_take(reports_of(about)).filter(pk=person.pk).exists():
                self.add_error(name, NOT_OFFERED)
        return cleaned


class OwnYearForm(VersionedForm):
    """What belongs to a year of an indicator, written as its years are: 2019-20, or 2020 for one from January."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year: Any = self.fields.get("year")
        if year is not None:
            year.year_starts = None if self.instance.pk is None else self.instance.indicator.year_starts

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        year: Any = self.fields.get("year")
        indicator = self.cleaned_data.get("indicator")
        if year is not None and indicator is not None and self.cleaned_data.get("year") is not None:
            try:
                self.cleaned_data["year"] = parse_year(year.written, indicator.year_starts)
            except ValueError as error:
                self.add_error("year", str(error))
        return cleaned


class ComparatorForm(OwnYearForm):
    """A comparator; its figure is left empty where it is worked out from the published one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.published and "value" in self.fields:
            worked_out = plain_number(self.instance.as_published.value or 0)
            self.initial["value"] = None
            self.fields["value"].help_text = f"Worked out from the published figure: {worked_out}."


class VersionedFormSet(forms.BaseInlineFormSet):
    """Repeats what was typed in rows that have been deleted, since the page can no longer show them.

    However many rows a request claims to have, no more are made than are stored and may be new.
    """

    default_error_messages = {
        "missing_management_form": "These rows arrived incomplete, and nothing was saved: open the page once more.",
        "too_many_forms": f"Nothing was saved: at most {MOST_NEW_ROWS} rows can be added at once.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.absolute_max = len(self.get_queryset()) + MOST_NEW_ROWS
        self._choices: dict[str, list[Any]] = {}

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            if getattr(getattr(field, "queryset", None), "model", None) is ComparatorGroup:
                # The same list for every row, read once.
                if name not in self._choices:
                    self._choices[name] = [*field.choices]
                field.choices = self._choices[name]
            # In a table only the column's heading names a field, and screen readers don't read that out.
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, Autocomplete):
                widget.about = self.instance
            if not widget.is_hidden:
                widget.attrs.setdefault("aria-label", field.label or name.replace("_", " "))

    def clean(self) -> None:
        super().clean()
        gone = [form for form in self.initial_forms if form.instance.pk is None]
        told = ["; ".join(filter(None, (str(bound.value() or "") for bound in form.visible_fields()))) for form in gone]
        if gone:
            raise forms.ValidationError([f"{DELETED_MEANWHILE} You had here: {text}." for text in told])


def changed_by(instance: Model) -> str:
    """Who changed the row since the page was opened, when, and what."""
    latest = get_history_manager_for_model(instance).select_related("history_user").first()
    if latest is None:
        return "This was changed after you opened the page. Open it again."
    request = getattr(HistoricalRecords.context, "request", None)
    is_own = request is not None and latest.history_user is not None and latest.history_user == request.user
    who, earlier = "you" if is_own else latest.history_user or "Somebody", latest.prev_record
    changes = [] if earlier is None else latest.diff_against(earlier, foreign_keys_are_objs=True).changes
    told = "; ".join(
        f"{change.field.replace('_', ' ')} from “{_readable(change.old)}” to “{_readable(change.new)}”"
        for change in changes
        if change.field not in ("version", "password")
    )
    window = ", perhaps in another window" if is_own else ""
    when, what = day_and_time(latest.history_date), f" ({told})" if told else ""
    return (
        f"Not saved: {who} changed this on {when}, after you opened the page{window}{what}. "
        "What you typed is still here: copy what you need, then open the page again."
    )


def _day_in(field: forms.BoundField) -> Any:
    """The day that stands in a field; None where that is none."""
    try:
        return field.field.to_python(field.value())
    except forms.ValidationError:
        return None


def _readable(value: Any) -> Any:
    return plain(value) if isinstance(value, Decimal) else value


class Autocomplete(AutocompleteSelect):
    """Shows a related row that was read already without reading it again, and survives a nonsensical id.

    What it asks for says which row it is about, because that decides which people are offered.
    """

    known: Model | None = None
    about: Model | None = None

    def get_url(self) -> str:
        about = self.about
        return super().get_url() + (f"?about={about._meta.label_lower}.{about.pk}" if about and about.pk else "")

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        value = possible_ids(value)
        if self.known is None or value != [str(self.known.pk)]:
            return super().optgroups(name, value, attr)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]  # noqa: FBT003
        options.append(self.create_option(name, self.known.pk, str(self.known), True, len(options)))  # noqa: FBT003
        return [(None, options, 0)]


class AutocompleteMany(AutocompleteSelectMultiple):
    """Survives a nonsensical id, and has no button that takes all rows away at once, inside their list."""

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> Any:
        return {**super().build_attrs(base_attrs, extra_attrs), "data-allow-clear": "false"}

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, possible_ids(value), attr)


def row_named(text: str) -> Model | None:
    """The row that an autocomplete says it is about; None where that says nothing."""
    label, _, key = text.rpartition(".")
    kind = next((kind for kind in REPORTS if kind._meta.label_lower == label), None)
    keys = possible_ids([key])
    return kind._base_manager.filter(pk=keys[0]).first() if kind and keys else None


def possible_ids(values: Any) -> list[str]:
    """The values that could be an id, as texts."""
    texts = [str(value) for value in values or []]
    # The length first: Python refuses to read numbers of some thousand digits, zeros included.
    numbers = [text for text in texts if len(text) <= MOST_DIGITS and text.isascii() and text.isdigit()]
    return [text for text in numbers if int(text) <= BIGGEST_ID]
