"""Indicators, with parts, targets, comparators, rebases, baselines and former ones; and the checks between them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from indicators.calculations.consistency import CheckKind, CheckRole
from indicators.calculations.units import unit_label
from indicators.calculations.vocabulary import Kind, SuccessionKind, Unit
from indicators.models import (
    Comparator,
    CrossCheck,
    CrossCheckTerm,
    DerivationTerm,
    FixedBaseline,
    Indicator,
    MonthlyValue,
    Rebase,
    Role,
    SecurityEventKind,
    Succession,
    Target,
    User,
)
from indicators.models.derivation import problem_of_units
from indicators.models.indicator import council_year_starts
from indicators.resources import IndicatorResource, SuccessionResource
from indicators.resources.base import ImportPlan
from indicators.resources.cells import plain
from indicators.security_log import record

from .asking import AskingForm, AskingFormSet, AsksWhy
from .base import AuditedAdmin, AuditedStacked, AuditedTabular, ask_about
from .bulk import ChangePeople
from .figures import TargetForm
from .forms import ComparatorForm, VersionedFormSet
from .lists import IndicatorColumns
from .spreadsheets import SpreadsheetAdmin

MOST_IN_ADDRESS = 400
ABOUT_DERIVED = "For one that is worked out, add its parts at the foot of this page; for a rate, its population."
ABOUT_SEASON = (
    "Each figure of a seasonal indicator is judged against the usual shape of its year, as soon as there are three "
    "years of figures. For counts that are small or often 0 that is not offered: chance outweighs the season there."
)
ABOUT_KINDS = (
    "Parts: the indicators below add up to the one above, or to the fixed total. "
    "Stock: last month’s figure of the one above, plus what comes in, less what goes out, gives this month’s. "
    "Limit: the one above is never more than the limit below, or the sum of several. "
    "Total of months: what is below adds up to the one above over the months, less what goes out; it is known for "
    "hiding small counts, and never warned about. "
    "As long as a figure is missing, nothing is checked."
)


class PartsFormSet(VersionedFormSet):
    """Checks the parts against the indicator on the same page, which may not have been saved yet."""

    def clean(self) -> None:
        super().clean()
        kept = [
            form.cleaned_data
            for form in self.forms
            if form.cleaned_data.get("source") and not form.cleaned_data.get("DELETE")
        ]
        if kept and self.instance.kind != Kind.DERIVED:
            raise ValidationError("Only a derived indicator has parts: choose the kind “Worked out” or remove them.")
        if self.instance.population_id and any(part.get("role") == Role.DENOMINATOR for part in kept):
            raise ValidationError("It is worked on a population, so it can't have a denominator too.")
        if kept and not any(self.errors):
            parts = [(part["role"], part["source"].reference, part["source"].unit) for part in kept]
            problem = problem_of_units(self.instance, parts)
            if problem:
                raise ValidationError(problem)


class PartInline(AuditedTabular):
    """What a derived indicator is worked out from: numerators ÷ denominators, or ÷ its population."""

    model = DerivationTerm
    fk_name = "indicator"
    formset = PartsFormSet
    fields = ["role", "source"]
    autocomplete_fields = ["source"]
    list_select_related = ("indicator", "source")


class TargetInline(AuditedStacked):
    """Targets, newest first."""

    model = Target
    form = TargetForm
    formset = AskingFormSet
    fieldsets = [
        (None, {"fields": [("year", "sense"), ("value", "upper"), ("is_tbc", "tolerance")]}),
        (
            "For the whole year, or in place of a figure",
            {"fields": [("shape", "steps"), ("rests_on", "group"), "is_strict"]},
        ),
        (None, {"fields": ["note"]}),
    ]
    ordering = ["-year"]
    list_select_related = ("indicator", "group")


class ComparatorInline(AuditedStacked):
    """Comparators, newest first."""

    model = Comparator
    form = ComparatorForm
    formset = AskingFormSet
    fields = [
        ("group", "year", "value", "blank"),
        ("published", "period", "rule"),
        ("source", "basis"),
        ("on_basis", "note"),
    ]
    ordering = ["group", "-year"]
    list_select_related = ("indicator", "group")
    extra = 0


class RebaseInline(AuditedTabular):
    """Months from which usual variation is worked out afresh, newest first."""

    model = Rebase
    fields = ["month", "reason"]
    ordering = ["-month"]
    list_select_related = ("indicator",)
    extra = 0


class BaselineInline(AuditedTabular):
    """Baselines that mean and limits are fixed on, newest first."""

    model = FixedBaseline
    fields = ["month", "periods", "reason"]
    ordering = ["-month"]
    list_select_related = ("indicator",)
    extra = 0


class FormerInline(AuditedTabular):
    """The indicators that this one comes after."""

    model = Succession
    fk_name = "indicator"
    fields = ["kind", "former", "month", "note"]
    autocomplete_fields = ["former"]
    list_select_related = ("indicator", "former")
    verbose_name = "former indicator"
    verbose_name_plural = "former indicators"
    extra = 0


class IndicatorForm(AskingForm):
    """An indicator. The months in which figures are due may be typed by their names."""

    due_months = forms.CharField(
        label="Months in which a figure is due",
        required=False,
        max_length=200,
        help_text="As 12, 4, 7 or December, April, July, one for each period. Empty for the last month of each: March "
        "for financial years; December, April and July for terms. A figure is of the latest period that ended by then: "
        "a year’s that comes out in November is of the year to March.",
    )


@admin.register(Indicator)
class IndicatorAdmin(ChangePeople, AsksWhy, SpreadsheetAdmin, AuditedAdmin):
    """Indicators."""

    resource_classes = [IndicatorResource]
    form = IndicatorForm
    actions = ["change_owner_or_reporter", "copy_targets"]
    inlines = [TargetInline, ComparatorInline, RebaseInline, BaselineInline, FormerInline, PartInline]
    fieldsets = [
        (None, {"fields": ["reference", "title", "definition", "outcome", "note", "figures"]}),
        ("People", {"fields": [("owner", "reporter")]}),
        (
            "How its figures are displayed and judged",
            {
                "fields": [
                    ("unit", "rate_base", "decimal_places"),
                    ("allows_negative", "allows_over_100"),
                    ("polarity", "scope"),
                ]
            },
        ),
        ("How often it has a figure", {"fields": [("frequency", "year_starts"), "due_months", "accumulation"]}),
        ("Season", {"description": ABOUT_SEASON, "fields": ["is_seasonal", "seasonal_reason"]}),
        (
            "Where its figures come from",
            {
                "description": ABOUT_DERIVED,
                "fields": [("kind", "population"), ("numerator_words", "denominator_words")],
            },
        ),
        ("When it is reported", {"fields": [("active_from", "active_to")]}),
    ]
    readonly_fields = ["figures"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"year_starts": council_year_starts(), **super().get_changeform_initial_data(request)}

    people_needed = ("owner", "reporter")
    autocomplete_fields = ["owner", "reporter", "population"]
    list_display = ["reference", "title", "owner_name", "reporter_name", "what_it_is"]
    list_display_links = ["reference", "title"]
    list_select_related = ["owner", "reporter"]
    # scorecard/admin.py adds a filter by section.
    list_filter = [
        ("owner", admin.RelatedOnlyFieldListFilter),
        ("reporter", admin.RelatedOnlyFieldListFilter),
        "unit",
        "polarity",
        "kind",
        "frequency",
        "scope",
        "is_seasonal",
    ]
    search_fields = ["reference", "title", "owner__name", "owner__username", "reporter__name", "reporter__username"]
    search_help_text = "A reference, words of the title, or a person."
    ordering = ["reference"]

    # What other apps have to say of new indicators, by their references; None where nothing.
    has_to_say_of_new: ClassVar[list[Callable[[Collection[str]], SafeString | None]]] = []

    def save_model(self, request: HttpRequest, obj: Indicator, form: Any, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        if not change:
            self.tell_of_new(request, [obj.reference])
        for role in {"owner", "reporter"} & {*form.changed_data}:
            for key, did in ((form.initial.get(role), "no longer"), (getattr(obj, f"{role}_id"), "now")):
                if person := User.objects.filter(pk=key).first():
                    detail = f"{did} {role} of {obj.reference}"
                    record(SecurityEventKind.ROLES_CHANGED, person=person, detail=detail, request=request)
        if change and {"frequency", "year_starts", "due_months"} & {*form.changed_data}:
            months = MonthlyValue.objects.months_with_figures([obj.pk]).get(obj.pk, ())
            if told := obj.told_of_figures_between(months):
                messages.warning(request, told)

    def tell_of_new(self, request: HttpRequest, references: Collection[str]) -> None:
        for words in filter(None, (say(references) for say in self.has_to_say_of_new)):
            messages.warning(request, words)

    def tell_of_import(self, request: HttpRequest, plan: ImportPlan) -> None:
        super().tell_of_import(request, plan)
        self.tell_of_new(request, [row.instance.reference for row in plan.changed if row.is_new])

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001
        super().save_formset(request, form, formset, change)
        ask_about(request, [*formset.new_objects, *(row for row, _ in formset.changed_objects)])

    @admin.display(description="owner", ordering="owner__name")
    def owner_name(self, indicator: Indicator) -> Any:
        return indicator.owner

    @admin.display(description="reporter", ordering="reporter__name")
    def reporter_name(self, indicator: Indicator) -> Any:
        return indicator.reporter

    @admin.display(description="figures", ordering="unit")
    def what_it_is(self, indicator: Indicator) -> str:
        words = [unit_label(Unit(indicator.unit), indicator.rate_base)]
        if indicator.kind == Kind.DERIVED:
            words.append("worked out")
        if indicator.active_from:
            words.append(f"from {indicator.active_from:%B %Y}")
        if indicator.active_to:
            words.append(f"until {indicator.active_to:%B %Y}")
        return "; ".join(words)

    @admin.display(description="figures")
    def figures(self, indicator: Indicator) -> str:
        if indicator.pk is None:
            return "Save the indicator first."
        if indicator.kind == Kind.DERIVED:
            return "Worked out, never entered."
        address = reverse("admin:indicators_monthlyvalue_changelist")
        return format_html('<a href="{}?indicator__id__exact={}">Its monthly values</a>', address, indicator.pk)

    def has_copy_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("indicators.add_target")

    @admin.action(description="Copy targets to the next financial year …", permissions=["copy"])
    def copy_targets(self, request: HttpRequest, queryset: QuerySet[Indicator]) -> HttpResponse | None:
        chosen = list(queryset.values_list("pk", flat=True))
        if len(chosen) > MOST_IN_ADDRESS:
            messages.error(
                request, "That is too many at once: copy the targets of all indicators from the list of targets."
            )
            return None
        query = urlencode({"indicators": ",".join(map(str, chosen))})
        return HttpResponseRedirect(f"{reverse('admin:indicators_target_copy')}?{query}")

    def has_import_permission(self, request: HttpRequest) -> bool:
        # The file also says what derived indicators are worked out from.
        parts = ["indicators.add_derivationterm", "indicators.delete_derivationterm"]
        return super().has_import_permission(request) and request.user.has_perms(parts)


@admin.register(DerivationTerm)
class PartAdmin(AuditedAdmin):
    """Parts of derived indicators; edited at their indicator, here for their history."""

    autocomplete_fields = ["indicator", "source"]
    list_display = ["indicator_reference", "role", "source_reference"]
    list_display_links = ["indicator_reference", "source_reference"]
    list_select_related = ["indicator", "source"]
    list_filter = ["role"]
    search_fields = ["indicator__reference", "source__reference"]

    @admin.display(description="indicator", ordering="indicator__reference")
    def indicator_reference(self, term: DerivationTerm) -> str:
        return term.indicator.reference

    @admin.display(description="worked out from", ordering="source__reference")
    def source_reference(self, term: DerivationTerm) -> Any:
        return term.source.reference


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
        ("What has to fit", {"description": ABOUT_KINDS, "fields": ["kind", ("total", "tolerance"), "months"]}),
        (None, {"fields": ["note", "is_active", "is_known_to_readers"]}),
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


@admin.register(Succession)
class SuccessionAdmin(SpreadsheetAdmin, AuditedAdmin):
    """Which indicators replaced, split or merged others; also edited at the new one."""

    resource_classes = [SuccessionResource]
    fields = [("indicator", "kind", "former"), "month", "note"]
    autocomplete_fields = ["indicator", "former"]
    list_display = ["reference", "title", "kind_name", "former_reference", "month_name", "note"]
    list_select_related = ["indicator", "former"]
    list_filter = ["kind"]
    search_fields = ["indicator__reference", "indicator__title", "former__reference", "former__title", "note"]
    search_help_text = "A reference, or words of a title or the note."

    @admin.display(description="indicator", ordering="indicator__reference")
    def reference(self, succession: Succession) -> str:
        return succession.indicator.reference

    @admin.display(description="title", ordering="indicator__title")
    def title(self, succession: Succession) -> str:
        return succession.indicator.title

    @admin.display(description="what it does", ordering="kind")
    def kind_name(self, succession: Succession) -> str:
        return SuccessionKind(succession.kind).label

    @admin.display(description="former indicator", ordering="former__reference")
    def former_reference(self, succession: Succession) -> str:
        return succession.former.reference

    @admin.display(description="from", ordering="month")
    def month_name(self, succession: Succession) -> str:
        return f"{succession.month:%B %Y}"
