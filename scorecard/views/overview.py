"""Pages on which performance officers write the overview of an edition: its summary, and the areas of focus."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from commentary.models import AreaOfFocus, FocusUpdate
from indicators.models import ChangedMeanwhileError
from scorecard.access import edition_at, officer_only
from scorecard.editing.forms import SeenField
from scorecard.focus.actions import (
    add_area,
    add_update,
    close_area,
    next_position,
    save_area,
    save_summary,
    save_update,
)
from scorecard.focus.forms import AreaForm, SummaryForm, UpdateForm
from scorecard.focus.page import OverviewPage, shown_in, suggested_day
from scorecard.models import Edition

FORM_METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(FORM_METHODS)
def overview(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """The summary, with the latest one to read, and the areas of focus of the edition."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    form = SummaryForm(posted(request), edition.overview)
    if form.is_bound and form.save_with(
        lambda typed: save_summary(edition=edition, values=typed, saw=form.cleaned_data["saw"], by=person)
    ):
        messages.success(request, "The summary is saved.")
        return redirect("overview", slug, month_text)
    page = OverviewPage(edition, form)
    return render(request, "focus/overview.html", {"page": page, "form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(FORM_METHODS)
def new_area(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """Add an area of focus."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    scorecard = edition.scorecard
    initial = {
        "raised_by": "service",
        "opened_on": suggested_day(edition, timezone.localdate()),
        "position": next_position(scorecard),
    }
    form = AreaForm(posted(request), None, scorecard, initial=initial)
    made: list[AreaOfFocus] = []
    if form.is_bound and form.save_with(
        lambda typed: made.append(add_area(scorecard=scorecard, values=typed, by=person))
    ):
        _tell(request, edition, made[0], "added")
        return redirect("overview", slug, month_text)
    return _form_page(request, edition, form, "Add an area of focus")


@login_required
@require_http_methods(FORM_METHODS)
def edit_area(request: HttpRequest, slug: str, month_text: str, key: int) -> HttpResponse:
    """Change an area of focus, or the words, answer and indicators of a question."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    area = _area(edition, key)
    form = AreaForm(posted(request), area, edition.scorecard)
    if form.is_bound and form.save_with(
        lambda typed: save_area(area=area, values=typed, saw=form.cleaned_data["saw"], by=person)
    ):
        _tell(request, edition, area, "saved")
        return redirect("overview", slug, month_text)
    title = f"Edit this {area.get_kind_display().lower()}"
    return _form_page(request, edition, form, title)


@login_required
@require_POST
def close(request: HttpRequest, slug: str, month_text: str, key: int) -> HttpResponse:
    """Close an area of focus as of today, or open it again."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    area = _area(edition, key)
    closed_on = None if request.POST.get("action") == "reopen" else timezone.localdate()
    saw = SeenField().to_python(request.POST.get("saw"))
    try:
        close_area(area=area, closed_on=closed_on, saw=saw, by=person)
    except ChangedMeanwhileError:
        messages.warning(
            request, "Somebody else has changed this in the meantime, so nothing was done. Please look again."
        )
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, f"{'Closed' if closed_on else 'Open again'}: {area.title}")
    return redirect("overview", slug, month_text)


@login_required
@require_http_methods(FORM_METHODS)
def new_update(request: HttpRequest, slug: str, month_text: str, key: int) -> HttpResponse:
    """Note what has happened since at an area of focus."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    area = _area(edition, key)
    form = UpdateForm(posted(request), None, initial={"date": suggested_day(edition, timezone.localdate())})
    if form.is_bound and form.save_with(lambda typed: add_update(area=area, values=typed, by=person)):
        messages.success(request, "The update is added.")
        return redirect("overview", slug, month_text)
    return _form_page(request, edition, form, "Add an update", about=area)


@login_required
@require_http_methods(FORM_METHODS)
def edit_update(request: HttpRequest, slug: str, month_text: str, key: int, update: int) -> HttpResponse:
    """Put an update right."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    area = _area(edition, key)
    found = update_at(area, update)
    form = UpdateForm(posted(request), found)
    if form.is_bound and form.save_with(
        lambda typed: save_update(update=found, values=typed, saw=form.cleaned_data["saw"], by=person)
    ):
        messages.success(request, "The update is saved.")
        return redirect("overview", slug, month_text)
    return _form_page(request, edition, form, "Edit an update", about=area)


def posted(request: HttpRequest) -> object:
    """What a form was sent with; None where the page is only opened."""
    return request.POST if request.method == "POST" else None


def update_at(area: AreaOfFocus, key: int) -> FocusUpdate:
    """The area's update at an address. Raises Http404."""
    return get_object_or_404(area.updates.select_related("area"), pk=key)


def _area(edition: Edition, key: int) -> AreaOfFocus:
    return get_object_or_404(edition.scorecard.areas_of_focus, pk=key)


def _tell(request: HttpRequest, edition: Edition, area: AreaOfFocus, done: str) -> None:
    if shown_in(edition).filter(pk=area.pk).exists():
        messages.success(request, f"The {area.get_kind_display().lower()} is {done}.")
    else:
        messages.warning(
            request, f"The {area.get_kind_display().lower()} is {done}, but its dates keep it out of this edition."
        )


def _form_page(
    request: HttpRequest, edition: Edition, form: AreaForm | UpdateForm, title: str, about: AreaOfFocus | None = None
) -> HttpResponse:
    context = {"title": title, "edition": edition, "form": form, "about": about}
    return render(request, "focus/form.html", context, status=422 if form.errors else 200)
