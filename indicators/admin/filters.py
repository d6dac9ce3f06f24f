"""Filters in the field's words."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from indicators.calculations.months import financial_year_text, month_text, parse_month

MOST_MONTHS = 36


class MonthFilter(admin.SimpleListFilter):
    """By month, newest first."""

    title = "month"
    parameter_name = "in"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        months = model_admin.model.objects.order_by("-month").values_list("month", flat=True).distinct()
        return [(month_text(month), f"{month:%B %Y}") for month in months[:MOST_MONTHS]]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        try:
            return queryset.filter(month=parse_month(self.value() or ""))
        except ValueError:
            return queryset


class YearFilter(admin.SimpleListFilter):
    """By financial year, newest first."""

    title = "financial year"
    parameter_name = "for"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = model_admin.model.objects.exclude(year=None).order_by("-year").values_list("year", flat=True)
        return [(str(year), financial_year_text(year)) for year in years.distinct()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = self.value() or ""
        return queryset.filter(year=int(chosen)) if chosen in {value for value, _ in self.lookup_choices} else queryset
