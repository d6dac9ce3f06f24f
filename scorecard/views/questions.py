"""The panel's questions: the list by age, raising one, and a question's own page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from commentary.models import AreaOfFocus
from indicators.models import ChangedMeanwhileError, User
from scorecard.access import signed_in
from scorecard.editing.forms import EditForm
from scorecard.focus.actions import (
    add_update,
    answer_question,
    assign_question,
    close_area,
    raise_question,
    save_update,
)
from scorecard.focus.forms import QuestionsForm, RaiseForm, UpdateForm, indicators_of
from scorecard.focus.page import ANSWER, ASSIGN, CLOSE, REOPEN, UPDATE, QuestionPage, QuestionsPage, questions_on
from scorecard.models import Scorecard
from scorecard.rules import may

from .overview import FORM_METHODS, posted, update_at

TOLD = {
    ANSWER: "The answer is saved.",
    UPDATE: "The update is added.",
    ASSIGN: "Who answers, and by when, has been saved.",
    CLOSE: "The question is closed.",
    REOPEN: "The question is open again.",
}


@login_required
@require_safe
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """The panel's questions and recommendations, the oldest first."""
    scorecard, person = _readable(request, slug)
    found = questions_on(scorecard)
    form = QuestionsForm(request.GET, found, indicators_of(scorecard))
    page = QuestionsPage(scorecard, found, form, timezone.localdate(), person)
    return render(request, "focus/questions.html", {"page": page})


@login_required
@require_http_methods(FORM_METHODS)
def new_question(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask or recommend something about a published report."""
    scorecard, person = _readable(request, slug)
    if not may(person, "raise_question"):
        raise PermissionDenied
    months = list(scorecard.editions.published().order_by("-month").values_list("month", flat=True))
    form = RaiseForm(posted(request), scorecard, months, asked=request.GET)
    if form.is_valid():
        try:
            asked = raise_question(scorecard=scorecard, values=form.typed, today=timezone.localdate(), by=person)
        except ValidationError as error:
            form.add_refusal(error)
        else:
            messages.success(request, f"The {asked.get_kind_display().lower()} is raised.")
            return redirect("question", slug, asked.pk)
    context = {"title": "Raise a question", "scorecard": scorecard, "form": form, "months": months}
    return render(request, "focus/raise.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(FORM_METHODS)
def question(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """A question with its answer, its updates and its history, and what its reader may do about it."""
    scorecard, person = _readable(request, slug)
    asked = _question(scorecard, key)
    action = request.POST.get("action", "")
    page = QuestionPage(scorecard, asked, person, timezone.localdate(), data=posted(request), action=action)
    if request.method == "POST":
        if page.sent is None:
            raise PermissionDenied
        if _do(request, page, page.sent, person):
            return redirect("question", slug, key)
    return render(request, "focus/question.html", {"page": page}, status=422 if page.sent else 200)


def _do(request: HttpRequest, page: QuestionPage, form: EditForm, person: User) -> bool:
    """Do what was sent; whether there is nothing left to put right."""
    asked = page.question
    try:
        is_done = form.save_with(lambda typed: _save(page.action, asked, form, typed, person))
    except ChangedMeanwhileError:
        messages.warning(
            request, "Somebody else has changed this question in the meantime, so nothing was done. Please look again."
        )
        return True
    if is_done:
        messages.success(request, TOLD[page.action])
    return is_done


def _save(action: str, asked: AreaOfFocus, form: EditForm, typed: dict[str, Any], person: User) -> None:
    saw = form.cleaned_data["saw"]
    if action == ANSWER:
        answer_question(question=asked, values=typed, saw=saw, by=person)
    elif action == UPDATE:
        add_update(area=asked, values=typed, by=person)
    elif action == ASSIGN:
        assign_question(question=asked, values=typed, saw=saw, by=person)
    else:
        close_area(area=asked, closed_on=typed.get("closed_on"), saw=saw, by=person)


@login_required
@require_http_methods(FORM_METHODS)
def question_update(request: HttpRequest, slug: str, key: int, update: int) -> HttpResponse:
    """Put an update of a question right."""
    scorecard, person = _readable(request, slug)
    asked = _question(scorecard, key)
    if not may(person, "answer_question", asked):
        raise PermissionDenied
    found = update_at(asked, update)
    form = UpdateForm(posted(request), found)
    if form.is_bound and form.save_with(
        lambda typed: save_update(update=found, values=typed, saw=form.cleaned_data["saw"], by=person)
    ):
        messages.success(request, "The update is saved.")
        return redirect("question", slug, key)
    context = {"title": "Edit an update", "scorecard": scorecard, "about": asked, "form": form}
    return render(request, "focus/question_update.html", context, status=422 if form.errors else 200)


def _readable(request: HttpRequest, slug: str) -> tuple[Scorecard, User]:
    """The scorecard, and who reads its questions. Raises Http404, or PermissionDenied."""
    person = signed_in(request)
    scorecard = get_object_or_404(Scorecard, slug=slug)
    if not may(person, "read_questions", scorecard):
        raise PermissionDenied
    return scorecard, person


def _question(scorecard: Scorecard, key: int) -> AreaOfFocus:
    questions = scorecard.areas_of_focus.questions().select_related("owner", "asked_by")
    return get_object_or_404(questions, pk=key)
