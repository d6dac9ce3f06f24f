"""Figures: monthly values and rebases; by financial year targets, comparators and populations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import path

from indicators.calculations.exact import exact
from indicators.calculations.formatting import format_in_full, format_value
from indicators.calculations.months import financial_year_text
from indicators.calculations.vocabulary import Blank, Stage, Unit
from indicators.models import (
    Comparator,
    Indicator,
    MonthlyValue,
    PeerFigure,
    Population,
    PopulationGroup,
    Rebase,
    Target,
)
from indicators.resources import ComparatorResource, MonthlyValueResource, PopulationResource, TargetResource

from .base import AuditedAdmin, AuditedTabular, ask_about
from .bulk import copy_targets_view
from .forms import VersionedForm
from .lists import MonthColumns, MonthFilter, YearColumns, YearFilter
from .spreadsheets import SpreadsheetAdmin


@admin.register(MonthlyValue)
class MonthlyValueAdmin(MonthColumns, SpreadsheetAdmin, AuditedAdmin):
    """Monthly values."""

    resource_classes = [MonthlyValueResource]
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


class TargetForm(VersionedForm):
    """A target; an empty tolerance is none."""

    def clean_tolerance(self) -> Decimal:
        return self.cleaned_data["tolerance"] or Decimal(0)


@admin.register(Target)
class TargetAdmin(YearColumns, SpreadsheetAdmin, AuditedAdmin):
    """Targets by financial year."""

    change_list_template = "admin/targets_change_list.html"
    resource_classes = [TargetResource]
    form = TargetForm
    fields = ["indicator", "year", "value", "is_tbc", "tolerance", "note"]
    list_display = ["reference", "title", "year_text", "shown", "tolerance_shown"]
    list_filter = [YearFilter, "is_tbc", ("indicator__owner", admin.RelatedOnlyFieldListFilter)]
    ordering = ["-year", "indicator__reference"]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(lambda request: copy_targets_view(request, self))
        return [path("copy/", view, name="indicators_target_copy"), *super().get_urls()]

    @admin.display(description="target", ordering="value")
    def shown(self, target: Target) -> str:
        if target.value is None:
            return "TBC"
        indicator = target.indicator
        return format_in_full(exact(target.value), Unit(indicator.unit), indicator.decimal_places)

    @admin.display(description="tolerance", ordering="tolerance")
    def tolerance_shown(self, target: Target) -> str:
        return format_in_full(exact(target.tolerance), Unit.COUNT, target.indicator.decimal_places)


@admin.register(Comparator)
class ComparatorAdmin(YearColumns, SpreadsheetAdmin, AuditedAdmin):
    """Comparators."""

    resource_classes = [ComparatorResource]
    fields = ["indicator", ("group", "year"), ("value", "blank"), "source", "basis", "on_basis", "note"]
    list_display = ["reference", "title", "group", "year_text", "shown", "on_basis", "source"]
    list_filter = [YearFilter, "group", "on_basis", "blank"]
    ordering = ["indicator__reference", "group", "-year"]

    def save_model(self, request: HttpRequest, obj: Comparator, form: Any, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        ask_about(request, [obj] if form.changed_data else [])

    @admin.display(description="figure", ordering="value")
    def shown(self, comparator: Comparator) -> str:
        if comparator.blank:
            return Blank(comparator.blank).shorthand
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
