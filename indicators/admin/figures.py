"""Figures: monthly values, rebases and baselines; by financial year targets, comparators and populations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import Max
from django.http import HttpRequest
from django.urls import path

from indicators.calculations.cautions import OVERWRITTEN, Caution
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

from .asking import AskingForm, AskingFormSet, AsksWhy
from .base import AuditedAdmin, AuditedTabular, ask_about
from .bulk import copy_targets_view
from .forms import ComparatorForm, OwnYearForm
from .lists import MonthColumns, MonthFilter, YearColumns, YearFilter
from .open_data import open_data_view
from .spreadsheets import SpreadsheetAdmin

ABOUT_PUBLISHED = (
    "For a figure that isn’t on the indicator’s basis as it was published: a year’s total beside months, all of "
    "England beside one council, the share of the others. Write it as published, and what has to be done with it; the "
    "rest is worked out, and readers see how. Where the published figure is on the basis as it is, the figure above is "
    "enough."
)


class MonthlyValueForm(AskingForm):
    """A month's value. What a return would ask about it is asked here, too, before it is saved."""

    def find_cautions(self) -> list[Caution]:
        found = cautions_about(self.instance, by=self.person, today=today_in_britain())
        # Whose figure it was the page shows.
        return [caution for caution in found if caution.code != OVERWRITTEN]


@admin.register(MonthlyValue)
class MonthlyValueAdmin(MonthColumns, AsksWhy, SpreadsheetAdmin, AuditedAdmin):
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

    def asked_before_deleting(self, rows: Sequence[MonthlyValue]) -> Mapping[int, list[Caution]]:
        return cautions_about_deleting(rows)

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


class TargetPageForm(AskingForm, TargetForm):
    """A target on a page of its own."""


@admin.register(Target)
class TargetAdmin(YearColumns, AsksWhy, SpreadsheetAdmin, AuditedAdmin):
    """Targets by financial year."""

    change_list_template = "admin/targets_change_list.html"
    resource_classes = [TargetResource]
    form = TargetPageForm
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


class ComparatorPageForm(AskingForm, ComparatorForm):
    """A comparator on a page of its own."""


@admin.register(Comparator)
class ComparatorAdmin(YearColumns, AsksWhy, SpreadsheetAdmin, AuditedAdmin):
    """Comparators."""

    change_list_template = "admin/comparators_change_list.html"
    resource_classes = [ComparatorResource]
    form = ComparatorPageForm
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
    formset = AskingFormSet
    fields = ["year", "people", "stage", "source", "note"]
    ordering = ["-year"]
    list_select_related = ("group",)


@admin.register(PopulationGroup)
class PopulationGroupAdmin(AsksWhy, AuditedAdmin):
    """The groups of people that rates are worked on."""

    form = AskingForm
    inlines = [PopulationInline]
    list_display = ["name"]
    search_fields = ["name"]


@admin.register(Population)
class PopulationAdmin(AsksWhy, SpreadsheetAdmin, AuditedAdmin):
    """Populations by year."""

    form = AskingForm
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
