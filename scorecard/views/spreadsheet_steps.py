"""From a council's own spreadsheet to the preview of its scorecard: sending it, and one page for each step."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from indicators.calculations.formatting import neutralise
from indicators.models import ChangedMeanwhileError
from indicators.resources import SpreadsheetError
from scorecard.access import officer_only
from scorecard.models import DraftState, SpreadsheetDraft
from scorecard.onboarding.decide import Decided
from scorecard.onboarding.drafts import CHANGED, begin_draft, keep_decisions, no_longer_there
from scorecard.onboarding.sheet_page import sheets_shown
from scorecard.onboarding.steps import STEPS, SheetForm, StepForm, UploadForm
from scorecard.spreadsheets.marked import marked_copy

from .form_pages import FORM_METHODS, form_page, posted, refusal_told

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_DRAFTS = 50


@login_required
@require_http_methods(FORM_METHODS)
def spreadsheets(request: HttpRequest) -> HttpResponse:
    """The spreadsheets on their way, and sending another."""
    person = officer_only(request)
    form = UploadForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        draft, former = begin_draft(form.file_name, form.cleaned_data["file"], form.understood, by=person)
        if former is not None:
            messages.success(request, f"It has the layout of {former.file_name}, so all that was said of that is kept.")
            for words in no_longer_there(Decided(draft)):
                messages.warning(request, words)
        return redirect("spreadsheet_sheet", draft.pk)
    drafts = SpreadsheetDraft.objects.select_related("sent_by", "scorecard").defer("content", "receipt", "decisions")
    context = {"title": "From a spreadsheet", "drafts": drafts[:MOST_DRAFTS]}
    return form_page(request, "spreadsheets/drafts.html", form, **context)


def _draft(request: HttpRequest, key: int) -> SpreadsheetDraft:
    """The draft at an address. Raises PermissionDenied and Http404."""
    officer_only(request)
    return get_object_or_404(SpreadsheetDraft.objects.select_related("scorecard"), pk=key)


def _after(draft: SpreadsheetDraft) -> HttpResponse:
    """Where somebody goes whose file is no draft any more."""
    try:
        return redirect("spreadsheet_receipt", draft.pk)
    except NoReverseMatch:
        return redirect("spreadsheets")


@login_required
@require_safe
def spreadsheet(request: HttpRequest, key: int) -> HttpResponse:
    """Goes on with a draft: to the first step in which something is open."""
    draft = _draft(request, key)
    if draft.state != DraftState.OPEN:
        return _after(draft)
    try:
        decided = Decided(draft)
    except SpreadsheetError:
        return redirect("spreadsheet_sheet", key)
    first = next((name for name in STEPS if decided.open_in(name)), "audit")
    return redirect(f"spreadsheet_{first}", key)


@login_required
@require_http_methods(FORM_METHODS)
def step(request: HttpRequest, key: int, name: str) -> HttpResponse:
    """One step: what was understood, with its questions; saving it leads to the next."""
    person = officer_only(request)
    draft = _draft(request, key)
    if draft.state != DraftState.OPEN:
        return _after(draft)
    title, kind = STEPS[name]
    try:
        decided = Decided(draft)
    except SpreadsheetError as error:
        messages.warning(request, f"{draft.file_name}: {error}")
        return redirect("spreadsheets")
    form = kind(posted(request), decided)
    # Before anything is read from the form: the sheet's rows are fields that are made where they are shown.
    shown = sheets_shown(form) if isinstance(form, SheetForm) else []
    if form.is_bound and form.is_valid():
        try:
            keep_decisions(draft, form.decisions(), version=form.cleaned_data["version"], by=person)
        except ChangedMeanwhileError:
            form.add_error(None, CHANGED)
        else:
            return redirect(_next(request, key, name))
    if form.is_bound and form.errors:
        # What is sent next was seen with what is stored now.
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["version"] = str(draft.version)  # type: ignore[index]
    context = {"title": title, "draft": draft, "step": name, "sheets": shown, "decided": decided}
    return form_page(request, "spreadsheets/step.html", form, **context, **_around(form, name))


def _next(request: HttpRequest, key: int, name: str) -> str:
    """The page after a step that was saved: the same where that was asked for, the preview after the last."""
    names = list(STEPS)
    if "stay" in request.POST:
        return reverse(f"spreadsheet_{name}", args=[key])
    if name != names[-1]:
        return reverse(f"spreadsheet_{names[names.index(name) + 1]}", args=[key])
    return preview_address(key) or reverse("spreadsheet_audit", args=[key])


def preview_address(key: int) -> str:
    """The preview of a draft; empty where there is none."""
    try:
        return reverse("spreadsheet_preview", args=[key])
    except NoReverseMatch:
        return ""


def _around(form: StepForm, name: str) -> dict[str, Any]:
    """The way through the steps, with what is open in each."""
    decided = form.decided
    steps = [
        {
            "name": one, "title": words, "open": decided.open_in(one), "is_here": one == name,
            "address": reverse(f"spreadsheet_{one}", args=[decided.draft.pk]),
        }
        for one, (words, _) in STEPS.items()
    ]  # fmt: skip
    here = [words for words, of in decided.plan.open_points if of == name]
    return {
        "steps": steps,
        "open_points": here,
        "preview": preview_address(decided.draft.pk),
        "is_last": name == "audit",
    }


@login_required
@require_http_methods(FORM_METHODS)
def discard(request: HttpRequest, key: int) -> HttpResponse:
    """Takes a draft away with all that was decided on it."""
    person = officer_only(request)
    draft = _draft(request, key)
    if draft.state != DraftState.OPEN:
        return _after(draft)
    if request.method == "POST":
        with refusal_told(request, "what was decided about this file"):
            if request.POST.get("version") != str(draft.version):
                raise ChangedMeanwhileError(draft)
            draft._history_user, draft._change_reason = person, "Discarded"  # type: ignore[attr-defined]
            draft.delete()
            messages.success(request, f"{draft.file_name} is discarded. Nothing of it was stored.")
            return redirect("spreadsheets")
        return redirect("spreadsheet_discard", key)
    context = {"draft": draft, "title": f"Discard {draft.file_name}?"}
    return render(request, "spreadsheets/discard.html", context)


@login_required
@require_safe
def audit_file(request: HttpRequest, key: int, file_format: str) -> HttpResponse:
    """What can't be right, as a marked copy of the workbook or as a table."""
    draft = _draft(request, key)
    if file_format not in ("xlsx", "csv"):
        raise Http404
    try:
        audit = Decided(draft).understood.audit
    except SpreadsheetError as error:
        raise Http404(str(error)) from error
    stem = draft.file_name.rsplit(".", 1)[0]
    if file_format == "xlsx":
        response = HttpResponse(marked_copy(bytes(draft.content), audit), content_type=XLSX)
        name = f"{stem} marked.xlsx"
    else:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(["Cell", "Measure", "What is wrong", "Printed", "Would be right", "Why"])
        for one in audit.findings:
            row = (one.place, one.measure, one.kind, one.printed, one.right, one.why)
            writer.writerow([neutralise(text) for text in row])
        response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
        name = f"{stem} findings.csv"
    response.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    return response
