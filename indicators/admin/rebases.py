"""Rebases."""

from __future__ import annotations

from django.contrib import admin

from indicators.models import Rebase

from .base import AuditedAdmin
from .filters import MonthFilter


@admin.register(Rebase)
class RebaseAdmin(AuditedAdmin):
    """Rebases of all indicators; also edited at their indicator."""

    fields = [("indicator", "month"), "reason"]
    autocomplete_fields = ["indicator"]
    list_display = ["reference", "title", "month_name", "reason"]
    list_display_links = ["reference", "title"]
    list_select_related = ["indicator"]
    list_filter = [MonthFilter, ("indicator__owner", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["indicator__reference", "indicator__title", "reason"]
    search_help_text = "A reference, or words of the title or the reason."
    ordering = ["-month", "indicator__reference"]

    @admin.display(description="indicator", ordering="indicator__reference")
    def reference(self, rebase: Rebase) -> str:
        return rebase.indicator.reference

    @admin.display(description="title", ordering="indicator__title")
    def title(self, rebase: Rebase) -> str:
        return rebase.indicator.title

    @admin.display(description="first month", ordering="month")
    def month_name(self, rebase: Rebase) -> str:
        return f"{rebase.month:%B %Y}"
