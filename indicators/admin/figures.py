"""Figures: monthly values, rebases and baselines; by financial year targets, comparators and populations."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import path

from indicators.calculations.cautions import OVERWRITTEN
from indicators.calculations.exact import decimals_of, exact
from indicators.calculations.formatting import MOST_DECIMALS_STORED, format_value
from indicators.calculations.months import financial_year_text
from indicators.calculations.units import difference_text
from indicators.calculations.vocabulary import Blank, Stage, Unit
from indicators.models import (
    Comparator,
    ComparatorGroup,
    FixedBaseline,
    Indicator,
    MonthlyValue,
    NationalComparator,
    PeerFigure,
    Population,
    PopulationGroup,
    Rebase,
    Target,
    User,
)
from indicators.moments import today_in_britain
from indicators.resources import (
    ComparatorResource,
    MonthlyValueResource,
    PopulationResource,
    TargetResource,
    cautions_about,
    cautions_about_deleting,
)

from .base import AuditedAdmin, AuditedTabular, ask_about, signed_in
from .bulk import copy_targets_view
from .forms import ComparatorForm, OwnYearForm, VersionedForm
from .lists import MonthColumns, MonthFilter, YearColumns, YearFilter
from .open_data import open_data_view
from .spreadsheets import SpreadsheetAdmin

ASKED = "Is this right?"
ABOUT_PUBLISHED = (
    "For a figure that isn’t on the indicator’s basis as it was published: a year’s total beside months, all of "
    "England beside one council, the share of the others. Write it as published, and what has to be done with it; the "
    "rest is worked out, and readers see how. Where the published figure is on the basis as it is, the figure above is "
    "enough."
)


class MonthlyValueForm(VersionedForm):
    """A month's value. What a return would ask about it is asked here, too, before it is saved."""

    answer = forms.CharField(
        label="Why it is right",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
        help_text="Kept in the history.",
    )
    # Tells what the answer is about: another figure is asked about anew.
    asked = forms.CharField(required=False, widget=forms.HiddenInput)
    person: User | None = None

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors or not self.has_changed():
            return
        found = cautions_about(self.instance, by=self.person, today=today_in_britain())
        # Whose figure it was the page shows.
        self.cautions = [caution for caution in found if caution.code != OVERWRITTEN]
        asked = sha256(repr([caution[:3] for caution in self.cautions]).encode()).hexdigest()[:16]
        if not self.cautions or (self.cleaned_data["asked"] == asked and self.cleaned_data["answer"]):
            return
        self.data = {**self.data.dict(), "asked": asked} if isinstance(self.data, QueryDict) else self.data
        told = [caution.message for caution in self.cautions]
        self.add_error("answer", [*told, "Correct it, or say below why it is right, and save again."])

    @property
    def answers(self) -> list[str]:
        """What was asked and answered, for the history."""
        cautions, reason = getattr(self, "cautions", []), self.cleaned_data.get("answer", "")
        return [f"Asked: {caution.message} Reason: {reason}" for caution in cautions]


@admin.register(MonthlyValue)
class MonthlyValueAdmin(MonthColumns, SpreadsheetAdmin, AuditedAdmin):
    """Monthly values."""

    resource_classes = [MonthlyValueResource]
    form = MonthlyValueForm
    fieldsets = [
        (None, {"fields": [("indicator", "month")]}),
        (
            "One of these three",
            {
                "description": "A figure, or a numerator and a denominator, or the reason why there is none. "
                "0 is a figure: it says that there were none.",
                "fields": ["figure", ("numerator", "denominator"), "blank"],
            },
        ),
        (None, {"fields": ["stage", "note"]}),
    ]
    list_display = ["reference", "title", "month_name", "shown", "stage_name", "note"]
    list_filter = [MonthFilter, "stage", "blank", *MonthColumns.list_filter[1:]]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        form = super().get_form(request, obj, change=change, **kwargs)
        form.person = signed_in(request)
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        # There is nothing to answer before anything was asked.
        asked = [(ASKED, {"fields": ["answer", "asked"]})] if request.method == "POST" else []
        return [*asked, *fieldsets]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        shown = context["adminform"]
        # Nor on a page that came back because something else was wrong.
        if not shown.form.errors.get("answer") and not shown.form.data.get("answer"):
            shown.fieldsets = [fieldset for fieldset in shown.fieldsets if fieldset[0] != ASKED]
        return super().render_change_form(request, context, *args, **kwargs)

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        context["asked"] = [caution.message for caution in cautions_about_deleting(context["object"])]
        return super().render_delete_form(request, context)

    def delete_model(self, request: HttpRequest, obj: MonthlyValue) -> None:
        answer = request.POST.get("answer", "").strip()
        told = [caution.message for caution in cautions_about_deleting(obj)]
        if told and not answer:
            raise ValidationError("Say why it is to be deleted.")
        obj._change_reason = "\n".join(f"Asked: {message} Reason: {answer}" for message in told)  # type: ignore[attr-defined]
        super().delete_model(request, obj)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().delete_view(request, *args, **kwargs)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return HttpResponseRedirect(request.path)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        try:
            return super().changelist_view(request, extra_context)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return HttpResponseRedirect(request.get_full_path())

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for value in queryset.select_related("indicator"):
            if told := cautions_about_deleting(value):
                raise ValidationError(f"{value}: {told[0].message} Delete it on its own page, and say why.")
        super().delete_queryset(request, queryset)

    @admin.display(description="figure", ordering="figure")
    def shown(self, value: MonthlyValue) -> str:
        return value.display()

    @admin.display(description="stage", ordering="stage")
    def stage_name(self, value: MonthlyValue) -> str:
        return Stage(value.stage).label


@admin.register(Rebase)
class RebaseAdmin(MonthColumns, AuditedAdmin):
    """Rebases of all indicators; also edited at their indicator."""

    fields = [("indicator", "month"), "reason"]
    list_display = ["reference", "title", "month_name", "reason"]
    list_filter = [MonthFilter, ("indicator__owner", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["indicator__reference", "indicator__title", "reason"]
    search_help_text = "A reference, or words of the title or the reason."

    @admin.display(description="first month", ordering="month")
    def month_name(self, rebase: Rebase) -> str:
        return f"{rebase.month:%B %Y}"


@admin.register(FixedBaseline)
class FixedBaselineAdmin(MonthColumns, AuditedAdmin):
    """Fixed baselines of all indicators; also edited at their indicator."""

    fields = [("indicator", "month", "periods"), "reason"]
    list_display = ["reference", "title", "month_name", "periods", "reason"]
    list_filter = [MonthFilter, ("indicator__owner", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["indicator__reference", "indicator__title", "reason"]
    search_help_text = "A reference, or words of the title or the reason."

    @admin.display(description="first month", ordering="month")
    def month_name(self, baseline: FixedBaseline) -> str:
        return f"{baseline.month:%B %Y}"


class TargetForm(OwnYearForm):
    """A target; an empty tolerance is none."""

    def clean_tolerance(self) -> Decimal:
        return self.cleaned_data["tolerance"] or Decimal(0)


@admin.register(Target)
class TargetAdmin(YearColumns, SpreadsheetAdmin, AuditedAdmin):
    """Targets by financial year."""

    change_list_template = "admin/targets_change_list.html"
    resource_classes = [TargetResource]
    form = TargetForm
    fieldsets = [
        (None, {"fields": ["indicator", "year", "sense", ("value", "upper"), "is_tbc", "tolerance"]}),
        ("The whole year", {"fields": ["shape", "steps"]}),
        ("In place of a figure", {"fields": [("rests_on", "group"), "is_strict"]}),
        (None, {"fields": ["note"]}),
    ]
    list_display = ["reference", "title", "year_text", "shown", "tolerance_shown"]
    list_filter = [YearFilter, "is_tbc", ("indicator__owner", admin.RelatedOnlyFieldListFilter)]
    ordering = ["-year", "indicator__reference"]
    list_select_related = ["indicator", "group"]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(lambda request: copy_targets_view(request, self))
        return [path("copy/", view, name="indicators_target_copy"), *super().get_urls()]

    @admin.display(description="target", ordering="value")
    def shown(self, target: Target) -> str:
        return target.words

    @admin.display(description="tolerance", ordering="tolerance")
    def tolerance_shown(self, target: Target) -> str:
        indicator, tolerance = target.indicator, exact(target.tolerance)
        if not tolerance:
            return "none"
        places = max(indicator.decimal_places, decimals_of(tolerance, MOST_DECIMALS_STORED))
        return difference_text(tolerance, Unit(indicator.unit), places)


@admin.register(Comparator)
class ComparatorAdmin(YearColumns, SpreadsheetAdmin, AuditedAdmin):
    """Comparators."""

    change_list_template = "admin/comparators_change_list.html"
    resource_classes = [ComparatorResource]
    form = ComparatorForm
    fieldsets = [
        (None, {"fields": ["indicator", ("group", "year"), ("value", "blank")]}),
        ("As it was published", {"description": ABOUT_PUBLISHED, "fields": [("published", "period"), "rule"]}),
        (None, {"fields": ["on_basis", "basis", "source", "note", "next_update"]}),
    ]
    list_display = ["reference", "title", "group", "year_text", "shown", "on_basis", "source"]
    list_filter = [YearFilter, "group", "on_basis", "blank"]
    ordering = ["indicator__reference", "group", "-year"]
    list_select_related = ["indicator", "group"]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(lambda request: open_data_view(request, self))
        return [path("open-data/", view, name="indicators_comparator_open_data"), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Comparator, form: Any, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        ask_about(request, [obj] if form.changed_data else [])

    @admin.display(description="figure", ordering="value")
    def shown(self, comparator: Comparator) -> str:
        if comparator.blank:
            return Blank(comparator.blank).shorthand
        return _in_unit(comparator.indicator, comparator.value)


@admin.register(ComparatorGroup)
class ComparatorGroupAdmin(AuditedAdmin):
    """The groups that comparators are of. Which of them a report shows is said at its scorecard."""

    fields = ["name", ("code", "short_name"), "in_sentence", "explanation", "kind", "position"]
    list_display = ["name", "code", "short_name", "kind", "position"]
    search_fields = ["name", "short_name", "code"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        last = ComparatorGroup.objects.aggregate(last=Max("position"))["last"] or 0
        return {"position": last + 1} | super().get_changeform_initial_data(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # What points at the group has its code.
        return [] if obj is None else ["code"]


@admin.register(NationalComparator)
class NationalComparatorAdmin(YearColumns, AuditedAdmin):
    """National comparators beside the report's own: they come from imports only, so nobody enters them."""

    list_display = ["reference", "title", "group", "year_text", "shown", "on_basis", "source", "next_update"]
    list_filter = [YearFilter, "group", "on_basis"]
    ordering = ["indicator__reference", "group", "-year"]
    list_select_related = ["indicator", "group"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: NationalComparator | None = None) -> bool:
        return False

    @admin.display(description="figure", ordering="value")
    def shown(self, comparator: NationalComparator) -> str:
        return _in_unit(comparator.indicator, comparator.value)


@admin.register(PeerFigure)
class PeerFigureAdmin(YearColumns, AuditedAdmin):
    """Figures of other authorities: they come from national statistics only, so nobody enters them."""

    list_display = [
        "reference",
        "year_text",
        "name",
        "shown",
        "is_own",
        "is_neighbour",
        "is_in_region",
    ]
    list_filter = [YearFilter, "is_own", "is_neighbour", "is_in_region", "blank"]
    search_fields = ["indicator__reference", "indicator__title", "name", "authority"]
    search_help_text = "A reference, words of the title, or an authority’s name or code."
    ordering = ["indicator__reference", "-year", "name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: PeerFigure | None = None) -> bool:
        return False

    @admin.display(description="figure", ordering="value")
    def shown(self, figure: PeerFigure) -> str:
        return Blank(figure.blank).shorthand if figure.blank else _in_unit(figure.indicator, figure.value)


class PopulationInline(AuditedTabular):
    """A group's populations, newest first."""

    model = Population
    fields = ["year", "people", "stage", "source", "note"]
    ordering = ["-year"]
    list_select_related = ("group",)


@admin.register(PopulationGroup)
class PopulationGroupAdmin(AuditedAdmin):
    """The groups of people that rates are worked on."""

    inlines = [PopulationInline]
    list_display = ["name"]
    search_fields = ["name"]


@admin.register(Population)
class PopulationAdmin(SpreadsheetAdmin, AuditedAdmin):
    """Populations by year."""

    resource_classes = [PopulationResource]
    autocomplete_fields = ["group"]
    list_display = ["group", "year_text", "people_shown", "stage", "source"]
    list_select_related = ["group"]
    list_filter = [YearFilter, "group", "stage"]
    search_fields = ["group__name", "source"]
    ordering = ["group__name", "-year"]

    @admin.display(description="financial year", ordering="year")
    def year_text(self, population: Population) -> str:
        return financial_year_text(population.year)

    @admin.display(description="people", ordering="people")
    def people_shown(self, population: Population) -> str:
        return f"{population.people:,}"


def _in_unit(indicator: Indicator, value: Decimal | None) -> str:
    return format_value(None if value is None else exact(value), Unit(indicator.unit), indicator.decimal_places)
