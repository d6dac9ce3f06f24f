"""Changes to many indicators at once: another owner or reporter, and targets copied to the next financial year."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from indicators.actions import change_people, copy_targets_forward, plan_targets
from indicators.calculations.formatting import counted
from indicators.calculations.months import year_text
from indicators.models import ChangedMeanwhileError, Indicator, Target, User
from indicators.models.indicator import council_year_starts
from indicators.people import NOT_OFFERED, reports_by_row, who_can_take

from .base import signed_in
from .forms import BIGGEST_ID, changed_by, possible_ids

LEAVE = "Leave as it is"
MOST_OF_REASON = 1000
LONGEST_SEEN = 100_000
if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
else:
    ModelAdmin = object


class PeopleForm(forms.Form):
    """Who takes over. `seen` holds the version of each indicator on the page."""

    owner = forms.ModelChoiceField(User.objects.none(), required=False, empty_label=LEAVE)
    reporter = forms.ModelChoiceField(User.objects.none(), required=False, empty_label=LEAVE)
    reason = forms.CharField(required=False, help_text="Kept in the history, for example “Maternity cover from May”.")
    # Not a JSONField, which fails on a thousand nested brackets or digits.
    seen = forms.CharField(max_length=LONGEST_SEEN, widget=forms.HiddenInput)

    def __init__(self, data: Any, indicators: Collection[int]) -> None:
        """Offers who can take each of the indicators, which are given by their keys."""
        super().__init__(data)
        people = who_can_take()
        for reports in {*reports_by_row(Indicator, indicators).values()}:
            people = people.filter(pk__in=who_can_take(reports).order_by().values("pk"))
        for role in ("owner", "reporter"):
            field: Any = self.fields[role]
            field.queryset, field.error_messages["invalid_choice"] = people, NOT_OFFERED

    def clean_seen(self) -> dict[int, int]:
        versions = versions_in(self.cleaned_data["seen"])
        if versions is None:
            raise forms.ValidationError("Select the indicators again.")
        return versions

    def clean(self) -> dict[str, Any]:
        if not self.errors and not (self.cleaned_data["owner"] or self.cleaned_data["reporter"]):
            raise forms.ValidationError("Choose an owner, a reporter, or both.")
        return self.cleaned_data


def versions_in(text: str) -> dict[int, int] | None:
    """The version of each indicator, by its key, as the page carries them; None where that is not what it sent."""
    try:
        versions = {int(pk): int(version) for pk, version in json.loads(text).items()}
    except (AttributeError, TypeError, ValueError, OverflowError, RecursionError):
        return None
    return versions if all(0 < pk <= BIGGEST_ID for pk in versions) else None


class ChangePeople(ModelAdmin):
    """Adds the action to a list. `path_to_rows` leads from an indicator to the list's rows."""

    actions = ["change_owner_or_reporter"]
    path_to_rows = "pk"

    def has_people_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("indicators.change_indicator")

    @admin.action(description="Change owner or reporter …", permissions=["people"])
    def change_owner_or_reporter(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        rows = list(queryset.values_list("pk", flat=True))
        on_page = Indicator.objects.filter(**{f"{self.path_to_rows}__in": rows})
        sent = versions_in(request.POST.get("seen", "")[:LONGEST_SEEN]) if "apply" in request.POST else None
        # What was sent names the indicators that were on the page; the rows of the list can be more by now.
        keys = set(on_page.values_list("pk", flat=True)) if sent is None else sent.keys()
        form = PeopleForm(request.POST if "apply" in request.POST else None, keys)
        if not form.is_valid():
            return self._people_page(request, rows, keys, form)
        try:
            changed = change_people(
                seen=form.cleaned_data["seen"],
                owner=form.cleaned_data["owner"],
                reporter=form.cleaned_data["reporter"],
                by=signed_in(request),
                reason=form.cleaned_data["reason"] or "Owner or reporter of several indicators changed",
            )
        except ChangedMeanwhileError as error:
            messages.error(request, f"{error.instance}: {changed_by(error.instance)}")
            return self._people_page(request, rows, keys, form)
        messages.success(request, f"{len(changed)} of {counted(len(form.cleaned_data['seen']), 'indicator')} changed.")
        return None

    def _people_page(
        self, request: HttpRequest, rows: list[int], keys: Collection[int], form: PeopleForm
    ) -> HttpResponse:
        indicators = Indicator.objects.filter(pk__in=keys).select_related("owner", "reporter").order_by("reference")
        versions = json.dumps({indicator.pk: indicator.version for indicator in indicators})
        context = {
            **self.admin_site.each_context(request),
            "title": "Change owner or reporter",
            "opts": self.opts,
            "form": form,
            "indicators": indicators,
            # What is on the page now counts as seen, even after a conflict was reported.
            "seen": versions,
            "row": rows[0] if rows else "",
            "checkbox_name": ACTION_CHECKBOX_NAME,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/change_people.html", context)


def _years() -> list[tuple[int, str]]:
    years = Target.objects.order_by("-year").values_list("year", flat=True).distinct()
    starts = council_year_starts()
    return [(year, f"{year_text(year, starts)} to {year_text(year + 1, starts)}") for year in years]


class YearForm(forms.Form):
    """The financial year to copy from."""

    year = forms.TypedChoiceField(label="Copy the targets of", coerce=int, choices=_years)


def copy_targets_view(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """The page on which to choose the year, see what would be copied, and confirm."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else request.GET
    chosen = [int(pk) for pk in possible_ids(data.get("indicators", "").split(","))]
    form = YearForm(data if "year" in data else None)
    year = form.cleaned_data["year"] if form.is_bound and form.is_valid() else None
    reason = data.get("reason", "").strip()[:MOST_OF_REASON]
    is_refused = False
    if request.method == "POST" and year is not None:
        try:
            new = copy_targets_forward(year=year, indicators=chosen or None, reason=reason, by=signed_in(request))
        except ValidationError:
            is_refused = True
        except IntegrityError:
            messages.error(request, "Nothing was copied: somebody added a target at the same moment. Try again.")
        else:
            messages.success(
                request, f"{counted(len(new), 'target')} copied to {year_text(year + 1, council_year_starts())}."
            )
        if not is_refused:
            return HttpResponseRedirect(reverse("admin:indicators_target_changelist"))
    planned = [] if year is None else plan_targets(year=year, indicators=chosen or None)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Copy targets to the next financial year",
        "opts": model_admin.opts,
        "form": form,
        "next_year": "" if year is None else year_text(year + 1, council_year_starts()),
        "planned": planned,
        "asks": any(plan.asked for plan in planned),
        "is_refused": is_refused,
        "chosen": ",".join(map(str, chosen)),
        "chosen_count": Indicator.objects.filter(pk__in=chosen).count() if chosen else 0,
        "media": model_admin.media,
    }
    return TemplateResponse(request, "admin/copy_targets.html", context)
