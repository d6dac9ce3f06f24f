"""The admin of commentary, overviews, areas of focus and sign-offs."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import Truncator

from commentary.models import AreaOfFocus, Commentary, FocusUpdate, Overview, SignOff, WarningReason
from commentary.sign_off import Step
from indicators.admin.base import AuditedAdmin, AuditedTabular, RecordAdmin
from indicators.admin.lists import MonthColumns


@admin.register(Commentary)
class CommentaryAdmin(MonthColumns, AuditedAdmin):
    """Reporters' commentary on a month."""

    fields = [("indicator", "month"), "text"]
    list_display = ["reference", "title", "month_name", "beginning"]
    search_fields = ["indicator__reference", "indicator__title", "text"]
    search_help_text = "A reference, or words of the title or the commentary."

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
    """Areas of focus and the panel's questions with their updates."""

    inlines = [UpdateInline]
    days_kept = ("due_on",)
    fields = [
        ("kind", "raised_by", "position"),
        "title",
        "detail",
        "response",
        ("asked_by", "asked_in"),
        ("owner", "due_on"),
        "indicators",
        ("opened_on", "closed_on"),
    ]
    autocomplete_fields = ["asked_by", "owner", "indicators"]
    list_display = ["title", "kind", "raised_by", "owner", "due_on", "opened_on", "closed_on", "position"]
    list_select_related = ["owner"]
    list_filter = ["kind", "raised_by", ("closed_on", admin.EmptyFieldListFilter)]
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


@admin.register(SignOff)
class SignOffAdmin(MonthColumns, RecordAdmin):
    """The latest step of each line, and who took it; steps are taken only on the pages of returns and sign-off."""

    fields = [
        ("indicator", "month"),
        "step",
        "note",
        ("first_sent_at", "sent_at", "sent_by"),
        ("decided_at", "decided_by", "entered_by_signer"),
        ("figure", "text"),
    ]
    list_display = ["reference", "title", "month_name", "step_name", "sent_at", "sent_by", "decided_at", "decided_by"]
    list_select_related = ["indicator", "sent_by", "decided_by"]
    list_filter = ["step", "entered_by_signer", *MonthColumns.list_filter]
    search_fields = ["indicator__reference", "indicator__title", "note", "sent_by__name", "decided_by__name"]
    search_help_text = "A reference, words of the title or the note, or the person who sent or decided."

    @admin.display(description="latest step", ordering="step")
    def step_name(self, sign_off: SignOff) -> str:
        return Step(sign_off.step).label


@admin.register(WarningReason)
class WarningReasonAdmin(MonthColumns, AuditedAdmin):
    """Why warnings were let pass. Reasons are given on the page of a return; here their wording can be corrected."""

    fields = [("indicator", "month"), "warning", "about", "reason"]
    readonly_fields = ["indicator", "month", "warning", "about"]
    list_display = ["reference", "title", "month_name", "warning", "beginning"]
    search_fields = ["indicator__reference", "indicator__title", "reason"]
    search_help_text = "A reference, or words of the title or the reason."

    def has_add_permission(self, request: HttpRequest) -> bool:
        # A reason answers a warning, and holds for the figures that the warning rested on.
        return False

    @admin.display(description="reason")
    def beginning(self, reason: WarningReason) -> str:
        return Truncator(reason.reason).chars(120)
