"""The page that copies a financial year's targets to the next."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from indicators.actions import copy_targets_forward, plan_targets
from indicators.calculations.months import financial_year_text
from indicators.models import Indicator, Target

from .base import signed_in
from .forms import possible_ids


def _years() -> list[tuple[int, str]]:
    years = Target.objects.order_by("-year").values_list("year", flat=True).distinct()
    return [(year, f"{financial_year_text(year)} to {financial_year_text(year + 1)}") for year in years]


class YearForm(forms.Form):
    """From which financial year."""

    year = forms.TypedChoiceField(label="Copy the targets of", coerce=int, choices=_years)


def copy_targets_view(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Choose the year, see what would be copied, confirm."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else request.GET
    chosen = [int(pk) for pk in possible_ids(data.get("indicators", "").split(","))]
    form = YearForm(data if "year" in data else None)
    year = form.cleaned_data["year"] if form.is_bound and form.is_valid() else None
    if request.method == "POST" and year is not None:
        _copy(request, year, chosen or None)
        return HttpResponseRedirect(reverse("admin:indicators_target_changelist"))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Copy targets to the next financial year",
        "opts": model_admin.opts,
        "form": form,
        "next_year": "" if year is None else financial_year_text(year + 1),
        "planned": [] if year is None else plan_targets(year=year, indicators=chosen or None),
        "chosen": ",".join(map(str, chosen)),
        "chosen_count": Indicator.objects.filter(pk__in=chosen).count() if chosen else 0,
        "media": model_admin.media,
    }
    return TemplateResponse(request, "admin/copy_targets.html", context)


def _copy(request: HttpRequest, year: int, indicators: list[int] | None) -> None:
    try:
        new = copy_targets_forward(year=year, indicators=indicators, by=signed_in(request))
    except IntegrityError:
        messages.error(request, "Nothing was copied: somebody added a target at the same moment. Try again.")
        return
    counted = "1 target" if len(new) == 1 else f"{len(new)} targets"
    messages.success(request, f"{counted} copied to {financial_year_text(year + 1)}.")
