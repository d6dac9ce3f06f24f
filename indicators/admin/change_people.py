"""Another owner or reporter for many indicators at once, from any list that leads to indicators."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from indicators.actions import change_people
from indicators.models import ChangedMeanwhileError, Indicator, User

from .base import signed_in
from .forms import BIGGEST_ID, changed_by

LEAVE = "Leave as it is"
if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
else:
    ModelAdmin = object


class PeopleForm(forms.Form):
    """Who takes over. `seen` has the version of each indicator on the page."""

    owner = forms.ModelChoiceField(User.objects.filter(is_active=True), required=False, empty_label=LEAVE)
    reporter = forms.ModelChoiceField(User.objects.filter(is_active=True), required=False, empty_label=LEAVE)
    reason = forms.CharField(required=False, help_text="Stands in the history, as “Maternity cover from May”.")
    # Not a JSONField, which is no match for a thousand nested brackets or digits.
    seen = forms.CharField(max_length=100_000, widget=forms.HiddenInput)

    def clean_seen(self) -> dict[int, int]:
        try:
            seen = json.loads(self.cleaned_data["seen"])
            versions = {int(pk): int(version) for pk, version in seen.items()}
        except (AttributeError, TypeError, ValueError, OverflowError, RecursionError):
            raise forms.ValidationError("Select the indicators again.") from None
        if not all(0 < pk <= BIGGEST_ID for pk in versions):
            raise forms.ValidationError("Select the indicators again.")
        return versions

    def clean(self) -> dict[str, Any]:
        if not self.errors and not (self.cleaned_data["owner"] or self.cleaned_data["reporter"]):
            raise forms.ValidationError("Choose an owner, a reporter, or both.")
        return self.cleaned_data


class ChangePeople(ModelAdmin):
    """Adds the action to a list. `path_to_rows` leads from an indicator to the list's rows."""

    actions = ["change_owner_or_reporter"]
    path_to_rows = "pk"

    def has_people_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("indicators.change_indicator")

    @admin.action(description="Change owner or reporter …", permissions=["people"])
    def change_owner_or_reporter(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        rows = list(queryset.values_list("pk", flat=True))
        if "apply" not in request.POST:
            return self._people_page(request, rows, PeopleForm())
        form = PeopleForm(request.POST)
        if not form.is_valid():
            return self._people_page(request, rows, form)
        try:
            changed = self._change_people(request, form.cleaned_data)
        except ChangedMeanwhileError as error:
            messages.error(request, f"{error.instance}: {changed_by(error.instance)}")
            return self._people_page(request, rows, form)
        messages.success(request, f"{len(changed)} of {len(form.cleaned_data['seen'])} indicators changed.")
        return None

    @staticmethod
    def _change_people(request: HttpRequest, chosen: dict[str, Any]) -> list[Indicator]:
        return change_people(
            seen=chosen["seen"],
            owner=chosen["owner"],
            reporter=chosen["reporter"],
            by=signed_in(request),
            reason=chosen["reason"] or "Owner or reporter of several indicators changed",
        )

    def _people_page(self, request: HttpRequest, rows: list[int], form: PeopleForm) -> HttpResponse:
        indicators = Indicator.objects.filter(**{f"{self.path_to_rows}__in": rows}).distinct()
        indicators = indicators.select_related("owner", "reporter").order_by("reference")
        versions = json.dumps({indicator.pk: indicator.version for indicator in indicators})
        context = {
            **self.admin_site.each_context(request),
            "title": "Change owner or reporter",
            "opts": self.opts,
            "form": form,
            "indicators": indicators,
            # What is on the page now counts as seen, also after a conflict was told.
            "seen": versions,
            "row": rows[0] if rows else "",
            "checkbox_name": ACTION_CHECKBOX_NAME,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/change_people.html", context)
