"""Checks between indicators, with the indicators they look at."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import ValidationError

from indicators.calculations.consistency import CheckKind, CheckRole
from indicators.models import CrossCheck, CrossCheckTerm
from indicators.resources.cells import plain

from .base import AuditedAdmin, AuditedTabular
from .forms import VersionedFormSet
from .lists import IndicatorColumns

ABOUT_KINDS = (
    "Parts: the indicators below add up to the one above, or to the fixed total. "
    "Stock: last month’s figure of the one above, plus what comes in, less what goes out, gives this month’s. "
    "Limit: the one above is never more than the limit below, or the sum of several. "
    "As long as a figure is missing, nothing is checked."
)


class TermsFormSet(VersionedFormSet):
    """Asks for at least one indicator to check with."""

    def clean(self) -> None:
        super().clean()
        rows = [form.cleaned_data for form in self.forms]
        is_kept = any(row.get("indicator") and not row.get("DELETE") for row in rows)
        if not is_kept and not any(self.errors):
            raise ValidationError("Choose at least one indicator to check it with.")


class TermInline(AuditedTabular):
    """What an indicator is checked with."""

    model = CrossCheckTerm
    formset = TermsFormSet
    fields = ["role", "indicator"]
    autocomplete_fields = ["indicator"]
    list_select_related = ("check_of__indicator", "indicator")


@admin.register(CrossCheck)
class CrossCheckAdmin(IndicatorColumns, AuditedAdmin):
    """Checks between indicators."""

    inlines = [TermInline]
    fieldsets = [
        (None, {"fields": ["indicator"]}),
        ("What has to fit", {"description": ABOUT_KINDS, "fields": ["kind", ("total", "tolerance")]}),
        (None, {"fields": ["note", "is_active"]}),
    ]
    list_display = ["reference", "title", "kind_name", "tolerance_shown", "is_active"]
    list_display_links = ["reference", "title"]
    list_filter = [
        "is_active",
        "kind",
        ("indicator__owner", admin.RelatedOnlyFieldListFilter),
        ("indicator__reporter", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["indicator__reference", "indicator__title", "terms__indicator__reference", "note"]
    search_help_text = "A reference (also one that it is checked with), or words of the title or the note."
    ordering = ["indicator__reference", "pk"]

    @admin.display(description="what has to fit", ordering="kind")
    def kind_name(self, check: CrossCheck) -> str:
        return CheckKind(check.kind).label

    @admin.display(description="tolerance", ordering="tolerance")
    def tolerance_shown(self, check: CrossCheck) -> str:
        return str(plain(check.tolerance))


@admin.register(CrossCheckTerm)
class CrossCheckTermAdmin(AuditedAdmin):
    """Indicators that others are checked with; edited at their check, here for their history."""

    autocomplete_fields = ["check_of", "indicator"]
    list_display = ["checked", "role_name", "reference"]
    list_display_links = ["checked", "reference"]
    list_select_related = ["check_of__indicator", "indicator"]
    list_filter = ["role"]
    search_fields = ["check_of__indicator__reference", "indicator__reference"]

    @admin.display(description="check", ordering="check_of__indicator__reference")
    def checked(self, term: CrossCheckTerm) -> str:
        return str(term.check_of)

    @admin.display(description="role", ordering="role")
    def role_name(self, term: CrossCheckTerm) -> str:
        return CheckRole(term.role).label

    @admin.display(description="checked with", ordering="indicator__reference")
    def reference(self, term: CrossCheckTerm) -> str:
        return term.indicator.reference
