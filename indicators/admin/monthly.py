"""What belongs to a month: values and rebases."""

from __future__ import annotations

from django.contrib import admin

from indicators.calculations.vocabulary import Stage
from indicators.models import MonthlyValue, Rebase
from indicators.resources import MonthlyValueResource

from .base import AuditedAdmin
from .lists import MonthColumns, MonthFilter
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
