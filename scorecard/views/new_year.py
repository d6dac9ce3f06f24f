"""The officer's page for a new year of a scorecard: its targets, populations, comparators, and what ends."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from indicators.actions import copy_targets_forward, plan_targets
from indicators.calculations.formatting import counted
from indicators.models import User
from scorecard.access import signed_in
from scorecard.models import Scorecard
from scorecard.new_year.forms import CopyForm, EndForm, ReasonForm
from scorecard.new_year.page import NewYearPage, year_in
from scorecard.new_year.saving import end_indicator, save_populations, save_targets
from scorecard.rules import require

from .form_pages import FORM_METHODS, key_sent, refusal_told

SAVE, COPY, END = "save", "copy", "end"
WHY = "Some of what was typed reaches what is published or signed off: say why it is right."


@login_required
@require_http_methods(FORM_METHODS)
def new_year(request: HttpRequest, slug: str) -> HttpResponse:
    """Fill a year in. What is right is saved, and beside each cell that is not stands why."""
    person = signed_in(request)
    require(person, "manage_collection")
    scorecard = get_object_or_404(Scorecard, slug=slug)
    require(person, "arrange_scorecard", scorecard)
    sent = request.POST if request.method == "POST" else None
    action = request.POST.get("action", SAVE) if sent is not None else ""
    year = year_in((request.POST if sent is not None else request.GET).get("year", ""), scorecard)
    is_grid = action in (SAVE, COPY)
    part = (request.GET if sent is None else request.POST).get("part", "")
    ticked = request.POST.getlist("tick")
    page = NewYearPage(scorecard, year, data=sent if is_grid else None, ticked=ticked, part=part)
    copying = CopyForm(sent if action == COPY else None)
    ending = EndForm(sent if action == END else None, page.indicators)
    why = ReasonForm(sent if is_grid else None)
    is_right = False
    if is_grid:
        is_right = _save(request, page, why, person)
        if action == COPY:
            is_right = _copy(request, page, copying, why, person) and is_right
        if not is_right:
            # What is stored by now stands in the rows that were right; the others keep what was typed.
            page = _with_what_was_wrong(page)
    elif action == END:
        is_right = _end(request, page, ending, person)
    if is_right:
        query = {"year": year} | ({"part": page.part} if page.part > 1 else {})
        return redirect(f"{reverse('new_year', args=[slug], query=query)}#{'ends' if action == END else 'targets'}")
    context = {"page": page, "scorecard": scorecard, "copying": copying, "ending": ending, "why": why}
    return render(request, "new_year/new_year.html", context, status=422 if sent is not None else 200)


def _save(request: HttpRequest, page: NewYearPage, why: ReasonForm, person: User) -> bool:
    """Save the cells that are right; whether all were."""
    targets = list(page.target_forms.values())
    saved = save_targets(scorecard=page.scorecard, year=page.year, forms=targets, reason=why.given, by=person)
    populations = page.population_forms
    saved += save_populations(scorecard=page.scorecard, year=page.year, forms=populations, reason=why.given, by=person)
    if any(form.asks_why for form in (*targets, *populations)):
        why.ask(WHY)
    wrong = sum(bool(form.errors) for form in (*targets, *page.population_forms))
    if saved:
        messages.success(request, f"{saved} saved for {page.names[2]}.")
    elif not wrong and request.POST.get("action") != COPY:
        messages.info(request, "Nothing was changed.")
    return not wrong


def _copy(request: HttpRequest, page: NewYearPage, form: CopyForm, why: ReasonForm, person: User) -> bool:
    """Copy this year's targets of the ticked indicators, or of all, where there is none for the next."""
    if not form.is_valid():
        return False
    keys = {one.pk for one in page.indicators}
    ticked = {key_sent(one) for one in request.POST.getlist("tick")} & keys
    what: dict[str, Any] = {"year": page.year - 1, "indicators": ticked or keys}
    what["percent"] = Fraction(form.cleaned_data["percent"])
    left = [plan for plan in plan_targets(**what) if not plan.is_copied]
    try:
        new = copy_targets_forward(**what, reason=why.given, by=person)
    except ValidationError as error:
        why.ask(*error.messages)
        return False
    except IntegrityError:
        messages.error(request, "Nothing was copied: somebody added a target at the same moment. Try again.")
        return False
    messages.success(request, f"{counted(len(new), 'target')} copied to {page.names[2]}.")
    for plan in left:
        if not plan.obstacle.startswith("It has a target"):
            messages.warning(request, f"{plan.target.indicator.reference} is not copied. {plan.obstacle}")
    return True


def _with_what_was_wrong(page: NewYearPage) -> NewYearPage:
    fresh = NewYearPage(page.scorecard, page.year, ticked=page.ticked, part=str(page.part))
    wrong = {key: form for key, form in page.target_forms.items() if form.errors}
    fresh.target_forms = {key: wrong.get(key, form) for key, form in fresh.target_forms.items()}
    kept = {form.group.pk: form for form in page.population_forms if form.errors}
    fresh.population_forms = [kept.get(form.group.pk, form) for form in fresh.population_forms]
    return fresh


def _end(request: HttpRequest, page: NewYearPage, form: EndForm, person: User) -> bool:
    if not form.is_valid():
        return False
    data = form.cleaned_data
    indicator = form.indicators[data["ending"]]
    is_done = False
    try:
        with refusal_told(request, "this indicator"):
            end_indicator(
                scorecard=page.scorecard,
                indicator=indicator,
                last_month=data["last_month"],
                successor=data["successor"],
                note=data["note"],
                by=person,
            )
            messages.success(request, f"{indicator.reference} is reported until {data['last_month']:%B %Y}.")
            is_done = True
    except ValidationError as error:
        form.add_refusal(error)
    return is_done
