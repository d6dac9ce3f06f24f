"""The overview of an edition, which performance officers write, and the panel's questions: list, raising, and pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commentary.models import AreaOfFocus, FocusUpdate
from indicators.models import User
from indicators.moments import today_in_britain
from indicators.working_days import question_about
from scorecard.access import edition_at, officer_only, scorecards_for, signed_in
from scorecard.display.fonts import known_warnings_of
from scorecard.editing.forms import SeenField
from scorecard.focus.actions import (
    add_area,
    add_update,
    answer_question,
    assign_question,
    close_area,
    put_area,
    raise_question,
    save_area,
    save_summary,
    save_update,
)
from scorecard.focus.forms import AreaForm, QuestionsForm, RaiseForm, SummaryForm, UpdateForm, indicators_of
from scorecard.focus.page import (
    ANSWER,
    ASSIGN,
    CLOSE,
    REOPEN,
    UPDATE,
    OverviewPage,
    QuestionPage,
    QuestionsPage,
    questions_on,
    shown_in,
    suggested_day,
)
from scorecard.focus.words import Words, tell_titles
from scorecard.models import Edition, Scorecard
from scorecard.report.reading import read_glossary
from scorecard.rules import require

from .form_pages import FORM_METHODS, form_page, key_sent, posted, refusal_told

TOLD = {
    ANSWER: "The answer is saved.",
    UPDATE: "The update is added.",
    ASSIGN: "Who answers, and by when, has been saved.",
    CLOSE: "The question is closed.",
    REOPEN: "The question is open again.",
}


@login_required
@require_http_methods(FORM_METHODS)
def overview(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """The summary, with the latest one to read, and the areas of focus of the edition."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    form = SummaryForm(posted(request), edition.overview)
    if form.save_with(
        lambda typed: save_summary(edition=edition, values=typed, saw=form.seen_version, by=person), by=person
    ):
        messages.success(request, "The summary is saved.")
        _warn(request, form)
        return redirect("overview", slug, month_text)
    return form_page(request, "focus/overview.html", form, page=OverviewPage(edition, form))


@login_required
@require_http_methods(FORM_METHODS)
def new_area(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """Add an area of focus."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    scorecard = edition.scorecard
    initial = {
        "raised_by": "service",
        "opened_on": suggested_day(edition, today_in_britain()),
    }
    form = AreaForm(posted(request), None, scorecard, initial=initial)
    made: list[AreaOfFocus] = []
    if form.save_with(lambda typed: made.append(add_area(scorecard=scorecard, values=typed, by=person)), by=person):
        _tell(request, edition, made[0], "added")
        _warn(request, form)
        return redirect("overview", slug, month_text)
    return form_page(request, "focus/form.html", form, title="Add an area of focus", edition=edition)


@login_required
@require_http_methods(FORM_METHODS)
def edit_area(request: HttpRequest, slug: str, month_text: str, key: int) -> HttpResponse:
    """Change an area of focus, or the words, answer and indicators of a question."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    area = get_object_or_404(edition.scorecard.areas_of_focus, pk=key)
    form = AreaForm(posted(request), area, edition.scorecard)
    if form.save_with(lambda typed: save_area(area=area, values=typed, saw=form.seen_version, by=person), by=person):
        _tell(request, edition, area, "saved")
        _warn(request, form)
        return redirect("overview", slug, month_text)
    title = f"Edit this {area.get_kind_display().lower()}"
    return form_page(request, "focus/form.html", form, title=title, edition=edition)


def _tell(request: HttpRequest, edition: Edition, area: AreaOfFocus, done: str) -> None:
    what = f"The {area.get_kind_display().lower()} is {done}"
    if shown_in(edition).filter(pk=area.pk).exists():
        messages.success(request, f"{what}.")
    else:
        messages.warning(request, f"{what}, but its dates keep it out of this edition.")


def _warn(request: HttpRequest, form: Form) -> None:
    """Say of a saved text what can't be printed of it, and in which field it is."""
    typed = ((str(form[name].label), text) for name, text in form.cleaned_data.items() if isinstance(text, str))
    for words in known_warnings_of(typed):
        messages.warning(request, words)


@login_required
@require_POST
def close(request: HttpRequest, slug: str, month_text: str, key: int) -> HttpResponse:
    """Close an area of focus as of today, or open it again."""
    person = officer_only(request)
    area = get_object_or_404(edition_at(slug, month_text).scorecard.areas_of_focus, pk=key)
    closed_on = None if request.POST.get("action") == "reopen" else today_in_britain()
    with refusal_told(request, "this"):
        close_area(area=area, closed_on=closed_on, saw=SeenField().to_python(request.POST.get("saw")), by=person)
        messages.success(request, f"{'Closed' if closed_on else 'Open again'}: {area.title}")
    return redirect("overview", slug, month_text)


@login_required
@require_POST
def order_areas(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """Put an area of focus one place up or down, or in the place of another one (`before`, or behind all)."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    deed, _, key_text = request.POST.get("do", "").partition(" ")
    key, before = key_sent(key_text), key_sent(request.POST.get("before"))
    keys = [area.pk for area in shown_in(edition)]
    steps: dict[str, Callable[[int], int]] = {
        "up": lambda at: at - 1,
        "down": lambda at: at + 1,
        "place": lambda at: keys.index(before) - (keys.index(before) > at) if before in keys else len(keys),
    }
    if deed in steps:
        with refusal_told(request, "the order"):
            moved = put_area(edition=edition, key=key, to=steps[deed], saw=request.POST.get("saw", ""), by=person)
            if moved:
                messages.success(request, f"Moved: {moved.title}")
    return redirect(reverse("overview", args=[slug, month_text]) + (f"#area-{key}" if key in keys else "#areas"))


@login_required
@require_http_methods(FORM_METHODS)
def new_update(request: HttpRequest, slug: str, month_text: str, key: int) -> HttpResponse:
    """Note what has happened since at an area of focus."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    area = get_object_or_404(edition.scorecard.areas_of_focus, pk=key)
    form = UpdateForm(posted(request), None, initial={"date": suggested_day(edition, today_in_britain())})
    if form.save_with(lambda typed: add_update(area=area, values=typed, by=person), by=person):
        messages.success(request, TOLD[UPDATE])
        _warn(request, form)
        return redirect("overview", slug, month_text)
    return form_page(request, "focus/form.html", form, title="Add an update", edition=edition, about=area)


@login_required
@require_http_methods(FORM_METHODS)
def edit_update(request: HttpRequest, slug: str, month_text: str, key: int, update: int) -> HttpResponse:
    """Put an update of an area of focus right."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    area = get_object_or_404(edition.scorecard.areas_of_focus, pk=key)
    form, is_saved = _edit_update(request, area, update, person)
    if is_saved:
        return redirect("overview", slug, month_text)
    return form_page(request, "focus/form.html", form, title="Edit an update", edition=edition, about=area)


@login_required
@require_http_methods(FORM_METHODS)
def question_update(request: HttpRequest, slug: str, key: int, update: int) -> HttpResponse:
    """Put an update of a question right."""
    scorecard, person = _readable(request, slug)
    asked = _question(scorecard, key)
    require(person, "answer_question", asked)
    form, is_saved = _edit_update(request, asked, update, person)
    if is_saved:
        return redirect("question", slug, key)
    tell_titles(person, [(scorecard, asked)])
    context = {"title": "Edit an update", "scorecard": scorecard, "about": asked}
    return form_page(request, "focus/question_update.html", form, **context)


def _edit_update(request: HttpRequest, area: AreaOfFocus, key: int, person: User) -> tuple[UpdateForm, bool]:
    """The form of an area's update, and whether it was sent and saved. Raises Http404."""
    update: FocusUpdate = get_object_or_404(area.updates.select_related("area"), pk=key)
    form = UpdateForm(posted(request), update)
    is_saved = form.save_with(
        lambda typed: save_update(update=update, values=typed, saw=form.seen_version, by=person), by=person
    )
    if is_saved:
        messages.success(request, "The update is saved.")
        _warn(request, form)
    return form, is_saved


@login_required
@require_safe
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """The panel's questions and recommendations, the oldest first."""
    scorecard, person = _readable(request, slug)
    found = questions_on(scorecard)
    words = tell_titles(person, [(scorecard, question) for question in found])
    form = QuestionsForm(request.GET, found, indicators_of(scorecard), words.name_of)
    page = QuestionsPage(scorecard, found, form, today_in_britain(), person)
    return render(request, "focus/questions.html", {"page": page, "short_forms": read_glossary()})


@login_required
@require_http_methods(FORM_METHODS)
def new_question(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask or recommend something about a published report."""
    scorecard, person = _readable(request, slug)
    require(person, "raise_question")
    months = list(scorecard.editions.published().order_by("-month").values_list("month", flat=True))
    form = RaiseForm(posted(request), scorecard, months, Words(person, ()).name_of, asked=request.GET)
    if form.is_valid():
        try:
            asked = raise_question(scorecard=scorecard, values=form.typed, today=today_in_britain(), by=person)
        except ValidationError as error:
            form.add_refusal(error)
        else:
            messages.success(request, f"The {asked.get_kind_display().lower()} is raised.")
            _warn(request, form)
            return redirect("question", slug, asked.pk)
    return form_page(request, "focus/raise.html", form, title="Raise a question", scorecard=scorecard, months=months)


@login_required
@require_http_methods(FORM_METHODS)
def question(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """A question with its answer, its updates and its history, and what its reader may do about it."""
    scorecard, person = _readable(request, slug)
    asked = _question(scorecard, key)
    action = request.POST.get("action", "")
    page = QuestionPage(
        scorecard, asked, person, today_in_britain(), data=posted(request), action=action, asked=request.GET
    )
    form = page.sent
    if request.method == "POST":
        if form is None:
            raise PermissionDenied

        def close_or_reopen(typed: dict[str, Any]) -> None:
            close_area(area=asked, closed_on=typed.get("closed_on"), saw=form.seen_version, by=person)

        saves: dict[str, Callable[[dict[str, Any]], Any]] = {
            ANSWER: lambda typed: answer_question(question=asked, values=typed, saw=form.seen_version, by=person),
            UPDATE: lambda typed: add_update(area=asked, values=typed, by=person),
            ASSIGN: lambda typed: assign_question(question=asked, values=typed, saw=form.seen_version, by=person),
            CLOSE: close_or_reopen,
            REOPEN: close_or_reopen,
        }
        # What is refused because somebody was quicker is done with too: the page then shows what they did.
        is_done = True
        with refusal_told(request, "this question"):
            is_done = form.save_with(saves[action], by=person)
            if is_done:
                messages.success(request, TOLD[action])
                _warn(request, form)
                asked_about = question_about(form.cleaned_data.get("due_on"))
                if asked_about:
                    messages.warning(request, asked_about)
        if is_done:
            return redirect("question", slug, key)
    context = {"page": page, "short_forms": read_glossary()}
    return render(request, "focus/question.html", context, status=422 if form else 200)


def _readable(request: HttpRequest, slug: str) -> tuple[Scorecard, User]:
    """The scorecard, and who reads its questions. Raises Http404, or PermissionDenied."""
    person = signed_in(request)
    scorecard = get_object_or_404(Scorecard, slug=slug)
    require(person, "read_questions", scorecard)
    scorecards_for(request)
    return scorecard, person


def _question(scorecard: Scorecard, key: int) -> AreaOfFocus:
    return get_object_or_404(scorecard.areas_of_focus.questions().select_related("owner", "asked_by"), pk=key)
