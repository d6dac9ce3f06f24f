"""What every page of the admin has in common: history, locking, and no errors for odd addresses."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db import connection, models, transaction
from django.forms import Textarea, TextInput
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.text import capfirst
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper

from indicators.bases import questions_about
from indicators.calculations.months import financial_year_text
from indicators.leaving import doubt_about
from indicators.models import ChangedMeanwhileError, Comparator, User, Versioned
from indicators.models.audited import REFUSED, refusal
from indicators.models.fields import FinancialYearField, MonthField
from indicators.resources.cells import plain
from indicators.working_days import question_about

from .forms import Autocomplete, AutocompleteMany, VersionedForm, VersionedFormSet, changed_by, possible_ids
from .lists import SteadyList

REFUSAL = "refusal"
APOSTROPHE_IN_WORD = re.compile(r"(?<=\w)'(?=\w)")
# A field of this many characters or more gets a long input.
LONG = 200
if TYPE_CHECKING:
    from django.contrib.admin.options import BaseModelAdmin
else:
    BaseModelAdmin = object


def signed_in(request: HttpRequest) -> User:
    """The person who asks. The admin lets in only people who have signed in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


class AuditedFields(BaseModelAdmin):
    """For pages and inlines alike: the version that was read travels with the form."""

    form: Any = VersionedForm
    line_width = 90
    formfield_overrides: ClassVar[Any] = {models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 3})}}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = [
            (name, {**options, "fields": [field for field in options["fields"] if field != "read_version"]})
            for name, options in super().get_fieldsets(request, obj)
        ]
        if obj is not None and self.has_change_permission(request, obj):
            fieldsets.append((None, {"fields": ["read_version"]}))
        return fieldsets

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, models.CharField) and (db_field.max_length or 0) >= LONG and not db_field.choices:
            kwargs.setdefault("widget", TextInput(attrs={"size": self.line_width}))
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", Autocomplete(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", AutocompleteMany(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


def ask_about(request: HttpRequest, rows: Iterable[Any]) -> None:
    """Ask what is to be asked of the comparators among the rows that were saved; they are saved all the same."""
    for question in filter(None, questions_about([row for row in rows if isinstance(row, Comparator)])):
        messages.warning(request, f"Saved, with a question. {question}")


class HistoryWords(HistoricalRecordContextHelper):
    """Leaves out of the history page what means nothing to people, or is nobody's business."""

    def context_for_delta_changes(self, delta: Any) -> Any:
        told = [change for change in delta.changes if change.field not in ("version", "password")]
        return super().context_for_delta_changes(dataclasses.replace(delta, changes=told))

    def prepare_delta_change_value(self, change: Any, value: Any) -> Any:
        field = self.model._meta.get_field(change.field)
        if value is not None and isinstance(field, MonthField):
            return f"{value:%B %Y}"
        if value is not None and isinstance(field, FinancialYearField):
            return financial_year_text(value)
        return plain(value) if isinstance(value, Decimal) else super().prepare_delta_change_value(change, value)


class AuditedAdmin(AuditedFields, SteadyList, SimpleHistoryAdmin):
    """A model's pages."""

    list_per_page = 50
    # Fields with days that people are to keep, on which nobody should have to work unasked.
    days_kept: tuple[str, ...] = ()
    # Whether the administration's first page has it. What is done on a page of its own, or at another row, is left out.
    is_listed = True
    # Fields with people without whom nobody sees to it.
    people_needed: tuple[str, ...] = ()
    delete_confirmation_template: Any = "admin/delete_read_version.html"
    object_history_list_template = "admin/history_list.html"
    # What others have to say of texts that were saved, each given with its name: sentences.
    has_to_say_of_texts: ClassVar[list[Callable[[Iterable[tuple[str, str]]], Iterable[str]]]] = []

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.is_listed and super().has_module_permission(request)

    # Saving

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, REFUSAL, "")
        form.days_kept = self.days_kept
        return form

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, locked while it is being saved or deleted."""
        # An address may name the field and leave it empty, as in “?_to_field=”.
        from_field = from_field or None
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST" or not connection.in_atomic_block:
            return found
        list(self.model._base_manager.select_for_update().filter(pk=found.pk).values_list("pk"))
        return super().get_object(request, object_id, from_field)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except REFUSED as error:
            # A second time, which saves nothing, so that the page comes back with everything that was typed.
            setattr(request, REFUSAL, refusal(error))
            return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        if change and not form.changed_data:
            return
        # The history has no column for links, so its reason names the rows that were linked.
        links = {field.name for field in obj._meta.many_to_many} & set(form.changed_data)
        told = [f"{name.replace('_', ' ')}: {', '.join(map(str, form.cleaned_data[name])) or 'none'}" for name in links]
        obj._change_reason = "; ".join([*sorted(told), *getattr(form, "answers", ())]) or None
        super().save_model(request, obj, form, change)
        self._tell_of_texts(request, obj)
        names = form.changed_data if change else list(form.fields)
        for question in filter(None, dict.fromkeys(self._questions(form, names))):
            messages.warning(request, question)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001
        super().save_formset(request, form, formset, change)
        for row in (*formset.new_objects, *(row for row, _ in formset.changed_objects)):
            self._tell_of_texts(request, row)

    def _tell_of_texts(self, request: HttpRequest, row: models.Model) -> None:
        if isinstance(row, Versioned):
            for say in self.has_to_say_of_texts:
                for words in say(row.named_texts()):
                    messages.warning(request, words)

    def _questions(self, form: Any, names: Sequence[str]) -> Iterator[str]:
        """What is asked about the fields that were saved: people who can't do it, days on which nobody works."""
        for name in names:
            chosen = form.cleaned_data.get(name)
            label = form.fields[name].label
            is_needed = name in self.people_needed and (chosen is None or isinstance(chosen, User))
            if is_needed or (isinstance(chosen, User) and not chosen.is_active):
                yield doubt_about(chosen, label)
            elif name in self.days_kept and question_about(chosen):
                yield f"{label}: {question_about(chosen)}"

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial = super().get_changeform_initial_data(request)
        relations = {field.name for field in self.opts.get_fields() if field.is_relation}
        for name in relations & initial.keys():
            ids = initial[name] if isinstance(initial[name], list) else [initial[name]]
            if not possible_ids(ids):
                del initial[name]
        return initial

    # Deleting

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        context["read_version"] = context["object"].version
        return super().render_delete_form(request, context)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        if request.POST.get("read_version") != str(obj.version):
            raise ChangedMeanwhileError(obj)
        super().delete_model(request, obj)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().delete_view(request, *args, **kwargs)
        except REFUSED as error:
            told = changed_by(error.instance) if isinstance(error, ChangedMeanwhileError) else refusal(error)
            messages.error(request, told)
            return HttpResponseRedirect(request.path)

    # Lists

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        extra_context = {"title": capfirst(str(self.opts.verbose_name_plural)), **(extra_context or {})}
        if any("\x00" in value for values in request.GET.lists() for value in (values[0], *values[1])):
            return HttpResponseRedirect(f"{request.path}?e=1")
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        try:
            with transaction.atomic():
                return super().changelist_view(request, extra_context)
        except REFUSED as error:
            messages.error(request, refusal(error))
            return HttpResponseRedirect(request.get_full_path())

    def get_search_fields(self, request: HttpRequest) -> Any:
        # However names and titles are typed: with plain apostrophes, and without accents.
        return [f"{name}__folded" for name in super().get_search_fields(request)]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        # Django takes what stands between two plain apostrophes for one phrase, as in O'Brien and O'Neill.
        term = APOSTROPHE_IN_WORD.sub("\u2019", search_term.replace("\x00", ""))
        return super().get_search_results(request, queryset, term)

    # History

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        _require_ids(object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> Any:
        """The row as it was, to read only: going back would overwrite what others have done since."""
        if request.method == "POST":
            raise PermissionDenied
        _require_ids(object_id, version_id)
        return super().history_form_view(request, object_id, version_id, extra_context)

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def get_historical_record_context_helper(self, request: HttpRequest, historical_record: Any) -> HistoryWords:
        return HistoryWords(self.model, historical_record)


class RecordAdmin(AuditedAdmin):
    """Pages of what the scorecard records by itself. People can search and read it; nobody can change it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AuditedInline(AuditedFields):
    """Rows edited at their parent, locked while they are saved."""

    formset: Any = VersionedFormSet
    extra = 1
    show_change_link = True
    list_select_related: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> Any:
        queryset = super().get_queryset(request).select_related(*self.list_select_related)
        if request.method == "POST" and connection.in_atomic_block:
            return queryset.select_for_update(of=("self",))
        return queryset


class AuditedTabular(AuditedInline, admin.TabularInline):
    """One line a row."""

    line_width = 40
    formfield_overrides = {models.TextField: {"widget": Textarea(attrs={"rows": 2, "cols": 30})}}


class AuditedStacked(AuditedInline, admin.StackedInline):
    """Several lines a row."""


def _require_ids(*ids: str) -> None:
    if possible_ids(ids) != list(ids):
        raise Http404("No such row.")
