"""Monthly values."""

from __future__ import annotations

from django.contrib import admin

from indicators.calculations.vocabulary import Stage
from indicators.models import MonthlyValue
from indicators.resources import MonthlyValueResource

from .base import AuditedAdmin
from .filters import MonthFilter
from .spreadsheets import SpreadsheetAdmin


@admin.register(MonthlyValue)
class MonthlyValueAdmin(SpreadsheetAdmin, AuditedAdmin):
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
    autocomplete_fields = ["indicator"]
    list_display = ["reference", "title", "month_name", "shown", "stage_name", "note"]
    list_display_links = ["reference", "title"]
    list_select_related = ["indicator"]
    list_filter = [
        MonthFilter,
        "stage",
        "blank",
        ("indicator__owner", admin.RelatedOnlyFieldListFilter),
        ("indicator__reporter", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["indicator__reference", "indicator__title"]
    search_help_text = "A reference, or words of the title."
    ordering = ["-month", "indicator__reference"]

    @admin.display(description="indicator", ordering="indicator__reference")
    def reference(self, value: MonthlyValue) -> str:
        return value.indicator.reference

    @admin.display(description="title", ordering="indicator__title")
    def title(self, value: MonthlyValue) -> str:
        return value.indicator.title

    @admin.display(description="month", ordering="month")
    def month_name(self, value: MonthlyValue) -> str:
        return f"{value.month:%B %Y}"

    @admin.display(description="figure", ordering="figure")
    def shown(self, value: MonthlyValue) -> str:
        return value.display()

    @admin.display(description="stage", ordering="stage")
    def stage_name(self, value: MonthlyValue) -> str:
        return Stage(value.stage).label
