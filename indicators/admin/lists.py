"""Lists: their filters, the columns that several share, and no errors for odd addresses."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.db import DataError
from django.forms import Script
from django.http import HttpRequest

from indicators.calculations.months import month_text, parse_month, year_text
from indicators.models.indicator import council_year_starts

from .forms import possible_ids

# The class that it is mixed into is a ModelAdmin, in some cases of a package without types.
Base: Any = object
# The filter by month offers no more than these.
MOST_MONTHS = 36
# No search is longer; a database gives up on patterns of some 50,000 characters.
LONGEST_SEARCH = 200


class SteadyList(Base):
    """Shows the whole list when an address asks for something impossible, such as the year 0 or an id of 25 digits."""

    class Media:
        js = [Script("admin.js", type="module")]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        # The address's filters run only here: an error elsewhere on the page is a fault of the program.
        try:
            return super().get_changelist_instance(request)
        except (ValueError, OverflowError, DataError) as error:
            raise IncorrectLookupParameters(error) from error

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        return super().get_search_results(request, queryset, search_term[:LONGEST_SEARCH])

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        chosen: Any = request.POST.copy()
        chosen.setlist(ACTION_CHECKBOX_NAME, possible_ids(chosen.getlist(ACTION_CHECKBOX_NAME)))
        request.POST = chosen
        return super().response_action(request, *args, **kwargs)


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
        starts = council_year_starts()
        return [(str(year), year_text(year, starts)) for year in years.distinct()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = self.value() or ""
        return queryset.filter(year=int(chosen)) if chosen in {value for value, _ in self.lookup_choices} else queryset


class IndicatorColumns:
    """Columns of what belongs to an indicator."""

    list_select_related: Any = ["indicator"]
    autocomplete_fields: Any = ["indicator"]
    search_fields: Any = ["indicator__reference", "indicator__title"]
    search_help_text: Any = "A reference, or words of the title."

    @admin.display(description="indicator", ordering="indicator__reference")
    def reference(self, row: Any) -> str:
        return row.indicator.reference

    @admin.display(description="title", ordering="indicator__title")
    def title(self, row: Any) -> str:
        return row.indicator.title


class MonthColumns(IndicatorColumns):
    """Columns, filters and order of what belongs to an indicator's month."""

    list_display_links: Any = ["reference", "title"]
    list_filter: Any = [
        MonthFilter,
        ("indicator__owner", admin.RelatedOnlyFieldListFilter),
        ("indicator__reporter", admin.RelatedOnlyFieldListFilter),
    ]
    ordering: Any = ["-month", "indicator__reference"]

    @admin.display(description="month", ordering="month")
    def month_name(self, row: Any) -> str:
        return f"{row.month:%B %Y}"


class YearColumns(IndicatorColumns):
    """Columns of what belongs to an indicator's financial year."""

    @admin.display(description="financial year", ordering="year")
    def year_text(self, row: Any) -> str:
        return "not known" if row.year is None else year_text(row.year, row.indicator.year_starts)
