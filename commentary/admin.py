"""The admin of commentary, overviews and areas of focus."""

from __future__ import annotations

from django.contrib import admin
from django.utils.text import Truncator

from commentary.models import AreaOfFocus, Commentary, FocusUpdate, Overview
from indicators.admin.base import AuditedAdmin
from indicators.admin.filters import MonthFilter
from indicators.admin.inlines import AuditedTabular


@admin.register(Commentary)
class CommentaryAdmin(AuditedAdmin):
    """What reporters say about a month."""

    fields = [("indicator", "month"), "text"]
    autocomplete_fields = ["indicator"]
    list_display = ["reference", "title", "month_name", "beginning"]
    list_display_links = ["reference", "title"]
    list_select_related = ["indicator"]
    list_filter = [
        MonthFilter,
        ("indicator__owner", admin.RelatedOnlyFieldListFilter),
        ("indicator__reporter", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["indicator__reference", "indicator__title", "text"]
    search_help_text = "A reference, or words of the title or the commentary."
    ordering = ["-month", "indicator__reference"]

    @admin.display(description="indicator", ordering="indicator__reference")
    def reference(self, commentary: Commentary) -> str:
        return commentary.indicator.reference

    @admin.display(description="title", ordering="indicator__title")
    def title(self, commentary: Commentary) -> str:
        return commentary.indicator.title

    @admin.display(description="month", ordering="month")
    def month_name(self, commentary: Commentary) -> str:
        return f"{commentary.month:%B %Y}"

    @admin.display(description="commentary")
    def beginning(self, commentary: Commentary) -> str:
        return Truncator(commentary.text).chars(120)


@admin.register(Overview)
class OverviewAdmin(AuditedAdmin):
    """Summaries that open a report."""

    list_display = ["title", "beginning"]
    search_fields = ["title", "summary"]

    @admin.display(description="summary")
    def beginning(self, overview: Overview) -> str:
        return Truncator(overview.summary).chars(160)


class UpdateInline(AuditedTabular):
    """What has happened since, newest first."""

    model = FocusUpdate
    ordering = ["-date"]
    list_select_related = ("area",)


@admin.register(AreaOfFocus)
class AreaOfFocusAdmin(AuditedAdmin):
    """Areas of focus with their updates."""

    inlines = [UpdateInline]
    fields = ["title", "response", ("raised_by", "position"), "indicators", ("opened_on", "closed_on")]
    autocomplete_fields = ["indicators"]
    list_display = ["title", "raised_by", "opened_on", "closed_on", "position"]
    list_filter = ["raised_by", ("closed_on", admin.EmptyFieldListFilter)]
    search_fields = ["title", "response", "indicators__reference"]


@admin.register(FocusUpdate)
class FocusUpdateAdmin(AuditedAdmin):
    """Updates; edited at their area of focus, here for their history."""

    autocomplete_fields = ["area"]
    list_display = ["area", "date", "beginning"]
    list_select_related = ["area"]
    date_hierarchy = "date"
    search_fields = ["area__title", "text"]
    ordering = ["-date"]

    @admin.display(description="update")
    def beginning(self, update: FocusUpdate) -> str:
        return Truncator(update.text).chars(120)
