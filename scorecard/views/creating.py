"""From a spreadsheet that is decided on to its scorecard: preview, Create, receipt, undo, the first month."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.admin.spreadsheets import QuestionForm
from indicators.calculations.formatting import counted
from indicators.models import ChangedMeanwhileError, User
from indicators.models.audited import REFUSED
from indicators.moments import today_in_britain
from indicators.resources import SpreadsheetError
from indicators.resources.base import ImportPlan, Question
from scorecard.access import officer_only
from scorecard.collection.editions import suggest_next
from scorecard.display.forms import GovukFormMixin
from scorecard.models import DraftState, Scorecard, SpreadsheetDraft
from scorecard.onboarding.again import counts_of_update, save_update, update_of
from scorecard.onboarding.checking import PlanProblem, problems_of, questions_of
from scorecard.onboarding.create import PlanRefusedError, complete, counts_of, create
from scorecard.onboarding.details import STEP, ScorecardForm, prepared, scorecard_with_layout
from scorecard.onboarding.first_month import (
    FirstMonthForm,
    first_month_of,
    invite_people,
    is_mailed,
    months_before,
    open_first_month,
    people_to_invite,
)
from scorecard.onboarding.plan import ScorecardPlan
from scorecard.onboarding.preview import draw_preview
from scorecard.onboarding.receipt import receipt_workbook
from scorecard.onboarding.undo import KeptError, undo, what_stands_on
from scorecard.publication.checklist import Check

from .form_pages import FORM_METHODS, form_page, posted, refusal_told

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 200
THIS_FILE = "what was decided about this file"


class CreateForm(GovukFormMixin, forms.Form):
    """The version of the draft that was seen, and that what is asked about its figures was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    looked = forms.BooleanField(
        label="I have looked at these, and they are right as the file has them",
        error_messages={"required": "Tick this if they are right, or change what the figures mean."},
    )

    def __init__(self, data: Any, draft: SpreadsheetDraft, *, asks: bool) -> None:
        super().__init__(data, initial={"version": draft.version})
        if not asks:
            del self.fields["looked"]


def _draft(request: HttpRequest, key: int) -> tuple[SpreadsheetDraft, User]:
    """The draft at an address, and the officer who asks. Raises PermissionDenied, Http404."""
    person = officer_only(request)
    return get_object_or_404(SpreadsheetDraft.objects.select_related("scorecard"), pk=key), person


@login_required
@require_safe
def preview(request: HttpRequest, key: int) -> HttpResponse:
    """The report as it will look, what will be made, and what keeps it from being created."""
    draft, _ = _draft(request, key)
    if draft.state != DraftState.OPEN:
        return redirect("spreadsheet_receipt", key)
    return _update(request, draft) if draft.scorecard else _preview_page(request, draft, None)


@login_required
@require_POST
def create_scorecard(request: HttpRequest, key: int) -> HttpResponse:
    """Save all that the spreadsheet becomes, or say what is wrong with it."""
    draft, person = _draft(request, key)
    if draft.state != DraftState.OPEN:
        messages.warning(request, f"{draft.file_name} was brought over already; nothing was made twice.")
        return redirect("spreadsheet_receipt", key)
    if draft.scorecard:
        return _update(request, draft)
    try:
        plan, today = prepared(draft), today_in_britain()
        form = CreateForm(request.POST, draft, asks=bool(questions_of(plan, today)))
        if not form.is_valid():
            return _preview_page(request, draft, form)
        create(draft, plan, version=form.cleaned_data["version"], by=person, today=today)
    except (PlanRefusedError, SpreadsheetError) as error:
        problems = error.problems if isinstance(error, PlanRefusedError) else [PlanProblem("", "The file", str(error))]
        return _preview_page(request, draft, None, problems)
    except ChangedMeanwhileError:
        with refusal_told(request, THIS_FILE):
            raise ChangedMeanwhileError(SpreadsheetDraft.objects.get(pk=key)) from None
        return redirect("spreadsheet_preview", key)
    messages.success(request, f"{plan.scorecard.title} is there, with all that {draft.file_name} had for it.")
    return redirect("spreadsheet_receipt", key)


def _preview_page(
    request: HttpRequest, draft: SpreadsheetDraft, form: CreateForm | None, refused: Any = ()
) -> HttpResponse:
    try:
        plan = prepared(draft)
    except SpreadsheetError as error:
        unread = {"draft": draft, "problems": [PlanProblem("", "The file", str(error))]}
        return render(request, "onboarding/preview.html", unread, status=422)
    complete(plan)
    counts = [(words, number) for words, number in counts_of(plan) if number]
    problems = list(refused) or problems_of(plan)
    questions = questions_of(plan, today_in_britain())
    context: dict[str, Any] = {
        "draft": draft,
        "scorecard": plan.scorecard,
        "month": plan.month,
        "counts": counts,
        "open_points": [(sentence, _step(step, draft)) for sentence, step in plan.open_points],
        "problems": problems[:MOST_SHOWN],
        "more_problems": max(len(problems) - MOST_SHOWN, 0),
        "questions": [Check(one.heading, "", one.found[:MOST_SHOWN]) for one in questions],
        "same_layout": scorecard_with_layout(draft),
        "form": form or CreateForm(None, draft, asks=bool(questions)),
        "is_ready": not problems and not plan.open_points,
        "main": "",
    }
    if not problems:
        context["main"], context["problems"] = _drawn(request, plan)
    status = 422 if refused or (form and form.errors) else 200
    return render(request, "onboarding/preview.html", context, status=status)


def _drawn(request: HttpRequest, plan: ScorecardPlan) -> tuple[str, list[PlanProblem]]:
    """The report, or why it can't be drawn: what the database alone knows."""
    try:
        return draw_preview(plan, request.GET), []
    except (*REFUSED, ValidationError, ValueError) as error:
        return "", [PlanProblem("", "The file as a whole", str(error))]


class UpdateForm(GovukFormMixin, QuestionForm):
    """What must be said before a file changes a scorecard, and which draft and which changes were seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    digest = forms.CharField(widget=forms.HiddenInput)
    adds = forms.BooleanField(required=False)

    def __init__(self, questions: Any, data: Any, *, lines: int) -> None:
        super().__init__(questions, data)
        if lines:
            self.fields["adds"].label = f"Add {counted(lines, 'new line')} at the end of their sections"
        else:
            del self.fields["adds"]


def _update(request: HttpRequest, draft: SpreadsheetDraft) -> HttpResponse:
    """What the file changes in the scorecard that is there: shown, or once all is answered saved."""
    person, scorecard = officer_only(request), draft.scorecard
    try:
        plan = prepared(draft)
    except SpreadsheetError as error:
        unread = {"draft": draft, "problems": [PlanProblem("", "The file", str(error))]}
        return render(request, "onboarding/preview.html", unread, status=422)
    if scorecard is None:
        return redirect("spreadsheet_preview", draft.pk)
    today = today_in_britain()
    update = update_of(plan, scorecard, by=person, today=today, adds="question-adds" in request.POST)
    asked = [(plan, question) for plan in update.plans.values() for question in plan.questions]
    # One answer for all that is asked for the same reason, of targets and comparators alike.
    by_code: dict[str, list[tuple[ImportPlan, Question]]] = {}
    for plan_of, question in asked:
        by_code.setdefault(question.code, []).append((plan_of, question))
    questions = [of_code[0][1] for of_code in by_code.values()]
    lacking = update.addition.indicators if update.addition else []
    form = UpdateForm(questions, posted(request), lines=len(lacking))
    form.initial = {"version": draft.version, "digest": update.digest}
    open_points = [point for point in plan.open_points if point[1] not in ("people", STEP)]
    problems = update.problems
    if form.is_valid() and not open_points and not update.changes_anything:
        messages.info(request, "Nothing was saved: all of it is stored already, and no line was to be added.")
    elif form.is_valid() and not open_points:
        if form.cleaned_data["digest"] != update.digest:
            messages.warning(request, "Nothing was saved: figures were changed in the meantime. Please look again.")
            return redirect("spreadsheet_preview", draft.pk)
        try:
            with refusal_told(request, THIS_FILE):
                save_update(
                    draft, update, version=form.cleaned_data["version"], reasons=form.reasons, by=person, today=today
                )
                messages.success(request, f"{scorecard.title} has what {draft.file_name} brought.")
            return redirect("spreadsheet_receipt", draft.pk)
        except PlanRefusedError as error:
            problems = list(error.problems)
    changes = list(update.changes())
    context = {
        "draft": draft,
        "scorecard": scorecard,
        "counts": [(words, number) for words, number in counts_of_update(update) if number],
        "open_points": [(sentence, _step(step, draft)) for sentence, step in open_points],
        "problems": problems[:MOST_SHOWN],
        "form": form,
        "questions": [
            (of_code[0][1].heading, [(update.place(of, row.number), row.instance, caution.message)
                                     for of, question in of_code
                                     for row, caution in question.found[:MOST_SHOWN]], form[code])
            for code, of_code in by_code.items()
        ],
        "changes": changes[:MOST_SHOWN],
        "more": max(len(changes) - MOST_SHOWN, 0),
        "not_in_file": update.not_in_file,
        "lacking": lacking,
        "asked_of_new": questions_of(update.addition, today) if update.addition else [],
        "is_ready": (update.changes_anything or lacking) and not problems and not open_points,
    }  # fmt: skip
    return render(request, "onboarding/update.html", context, status=422 if form.errors or problems else 200)


def _step(step: str, draft: SpreadsheetDraft) -> str:
    """The address of the step in which something is put right; empty where it has no page of its own."""
    try:
        return reverse(f"spreadsheet_{step}", args=[draft.pk])
    except NoReverseMatch:
        return ""


@login_required
@require_http_methods(FORM_METHODS)
def scorecard_details(request: HttpRequest, key: int) -> HttpResponse:
    """What the scorecard is called, where it stands, who reads it; or which one the file is for."""
    draft, _ = _draft(request, key)
    if draft.state != DraftState.OPEN:
        return redirect("spreadsheet_receipt", key)
    try:
        plan = prepared(draft)
    except SpreadsheetError as error:
        messages.warning(request, str(error))
        return redirect("spreadsheet_preview", key)
    form = ScorecardForm(posted(request), draft, plan)
    if form.is_valid():
        with refusal_told(request, THIS_FILE):
            if form.cleaned_data["version"] != draft.version:
                raise ChangedMeanwhileError(draft)
            decided = form.decided(draft.decisions.get(STEP, {}))
            draft.decisions = {**draft.decisions, STEP: decided}
            chosen = form.cleaned_data.get("becomes")
            draft.scorecard = Scorecard.objects.filter(pk=chosen).first() if chosen else None
            draft.save()
        return redirect("spreadsheet_preview", key)
    return form_page(request, "onboarding/scorecard.html", form, draft=draft, title="The scorecard")


@login_required
@require_safe
def receipt(request: HttpRequest, key: int) -> HttpResponse:
    """What became of the file, in brief, and what to do next."""
    draft, _ = _draft(request, key)
    if draft.state == DraftState.OPEN:
        return redirect("spreadsheet_preview", key)
    kept = draft.receipt or {}
    left_out: dict[str, list[str]] = {}
    for place, _, what in kept.get("cells", []):
        if what.startswith("Left out: "):
            left_out.setdefault(what.removeprefix("Left out: "), []).append(place)
    context = {
        "draft": draft,
        "counts": kept.get("counts", []),
        "left_out": [
            (why, len(places), places[:MOST_SHOWN], max(len(places) - MOST_SHOWN, 0))
            for why, places in left_out.items()
        ],
        "is_created": draft.state == DraftState.CREATED,
        "has_editions": bool(draft.scorecard and draft.scorecard.editions.exists()),
    }
    return render(request, "onboarding/receipt.html", context)


@login_required
@require_safe
def receipt_file(request: HttpRequest, key: int) -> HttpResponse:
    """What became of each cell, as a workbook."""
    draft, _ = _draft(request, key)
    if draft.state == DraftState.OPEN:
        raise Http404("There is no receipt before the file is brought over.")
    response = HttpResponse(receipt_workbook(draft), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="receipt-{draft.pk}.xlsx"'
    return response


@login_required
@require_http_methods(FORM_METHODS)
def undo_import(request: HttpRequest, key: int) -> HttpResponse:
    """What keeps the import from being undone; or undoing it."""
    draft, person = _draft(request, key)
    if draft.state != DraftState.CREATED:
        return redirect("spreadsheet_receipt", key)
    form = CreateForm(posted(request), draft, asks=False)
    reasons = what_stands_on(draft)
    if form.is_valid():
        try:
            with refusal_told(request, THIS_FILE):
                undo(draft, version=form.cleaned_data["version"], by=person)
                messages.success(request, f"Undone: what {draft.file_name} had brought over is gone.")
            return redirect("spreadsheet_receipt", key)
        except KeptError as error:
            reasons = list(error.reasons)
    context = {"draft": draft, "reasons": reasons, "form": form, "counts": (draft.receipt or {}).get("counts", [])}
    return render(request, "onboarding/undo.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(FORM_METHODS)
def first_month(request: HttpRequest, key: int) -> HttpResponse:
    """Open the month that the file reported on, publish those before it if wanted, and invite the people."""
    draft, person = _draft(request, key)
    scorecard = draft.scorecard
    if draft.state != DraftState.CREATED or scorecard is None:
        return redirect("spreadsheet_receipt", key)
    month, people = first_month_of(draft), people_to_invite(scorecard)
    _, dates = suggest_next(scorecard, today_in_britain())
    form = FirstMonthForm(posted(request), dates, months_before(scorecard, month), people)
    if form.is_valid():
        try:
            edition = open_first_month(
                scorecard=scorecard,
                month=month,
                dates=form.dates,
                before=form.cleaned_data["before"],
                by=person,
                now=timezone.now(),
            )
        except ValidationError as error:
            form.add_refusal(error) if hasattr(error, "error_dict") else form.add_error(None, error)
        else:
            invited = invite_people(people, by=person) if form.cleaned_data.get("invites") else []
            context = {"edition": edition, "invited": invited, "published": form.cleaned_data["before"]}
            return render(request, "onboarding/opened.html", context)
    context = {
        "title": f"Open {month:%B %Y}",
        "draft": draft,
        "scorecard": scorecard,
        "people": people,
        "is_mailed": is_mailed(people),
    }
    return form_page(request, "onboarding/first_month.html", form, **context)
