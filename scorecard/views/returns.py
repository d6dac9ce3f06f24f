"""What reporters see: their work, their return, one line of it, its history."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.calculations.months import month_text as text_of_month
from indicators.models import User, seen
from indicators.moments import time_text, today_in_britain
from scorecard.access import edition_at, signed_in
from scorecard.editing.forms import version_text
from scorecard.focus.page import question_tasks, raised_by
from scorecard.focus.words import tell_titles
from scorecard.models import CouncilDetails, Edition
from scorecard.returns.entries import amount_of
from scorecard.returns.forms import LineForm
from scorecard.returns.page import ReturnPage, line_html, unsaved_lines
from scorecard.returns.paste_page import PastePage
from scorecard.returns.saving import NoSuchLineError, state_of, submit
from scorecard.returns.undoing import UNDO, LastDone, Undo, remember, take_back, undo_of
from scorecard.returns.work import tasks_of
from scorecard.rules import may, require
from scorecard.sheet import history
from scorecard.sheet.assemble import assemble_sheet, read_sheet
from scorecard.sheet.components import parts_of, prefix_of, wording_for
from scorecard.sheet.sheet import Sheet, SheetLine
from scorecard.starting.checklist import checklist, is_first_edition_out

from .form_pages import FORM_METHODS

LAYOUTS = {"cards": False, "rows": True}
NO_LINE = "There is no such line in this edition."


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Where somebody lands after signing in: straight at what waits for them, or at a list of it."""
    person, today = signed_in(request), today_in_britain()
    tasks, asked = tasks_of(person, today), question_tasks(person, today)
    waiting = [task.address for task in tasks if task.waiting] + [item.address for item in asked]
    if len(waiting) == 1:
        return redirect(waiting[0])
    return redirect("work" if tasks or asked else "home")


@login_required
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """Everything that waits for somebody."""
    person, today = signed_in(request), today_in_britain()
    is_officer = may(person, "manage_collection")
    asked, raised = question_tasks(person, today), raised_by(person, today)
    to_answer = [(task.scorecard, task.question) for task in asked if task.question]
    tell_titles(person, [*to_answer, *((scorecard, shown.question) for scorecard, shown in raised)])
    context = {
        "tasks": tasks_of(person, today),
        "asked": asked,
        "raised": raised,
        "may_raise": may(person, "raise_question") and not is_officer,
        "is_officer": is_officer,
        "details": CouncilDetails.present() if is_officer else None,
        "checklist": checklist(today) if may(person, "set_up") and not is_first_edition_out() else None,
    }
    return render(request, "returns/work.html", context)


@login_required
@require_http_methods(FORM_METHODS)
def my_return(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """All lines that somebody reports, on one page; an officer's page has everybody's or one person's."""
    person = signed_in(request)
    edition = edition_at(slug, month_text)
    reporter = request.GET.get("for", "")
    sheet = assemble_sheet(edition)
    if request.method == "POST":
        if (layout := request.POST.get("action")) in LAYOUTS:
            person.compact_returns = LAYOUTS[layout]
            # How somebody likes to see a page is no edit, and leaves no trace in the history.
            User.objects.filter(pk=person.pk).update(compact_returns=person.compact_returns)
            if not any(may(person, "enter_line", line) for line in _reported(sheet, person, reporter)):
                return redirect(_address(sheet, reporter))
        take_in = _undo if request.POST.get("action") == "undo" else _take_in
        try:
            return take_in(request, sheet, person, reporter, request.POST)
        except PermissionDenied:
            # Somebody moved the edition on meanwhile. What still takes entries is taken, the rest given back.
            return _take_in(request, assemble_sheet(edition_at(slug, month_text)), person, reporter, request.POST)
    lines = _reported(sheet, person, reporter)
    if not lines:
        raise PermissionDenied
    page = ReturnPage(
        sheet,
        lines,
        person,
        reporter=reporter,
        is_checked="check" in request.GET,
        undo=_undo_of(request, sheet, person, lines),
    )
    return render(request, "returns/return.html", {"page": page})


@login_required
@require_http_methods(FORM_METHODS)
def paste(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """Rows from a spreadsheet: shown beside the lines that they are for, then saved."""
    person = signed_in(request)
    edition = edition_at(slug, month_text)
    reporter = request.GET.get("for", "")
    sheet = assemble_sheet(edition)
    lines = _reported(sheet, person, reporter)
    if not lines:
        raise PermissionDenied
    if request.POST.get("action") == "save":
        keys = {int(key) for key in request.POST.getlist("key") if key.isascii() and key.isdigit() and len(key) < 19}
        with suppress(PermissionDenied):
            return _take_in(request, sheet, person, reporter, request.POST, only=keys)
        sheet = assemble_sheet(edition_at(slug, month_text))
        return _take_in(request, sheet, person, reporter, request.POST, only=keys)
    page = PastePage(edition, lines, person, request.POST, reporter)
    is_wrong = request.method == "POST" and not page.to_save
    return render(request, "returns/paste.html", {"page": page}, status=422 if is_wrong else 200)


def _undo_of(request: HttpRequest, sheet: Sheet, person: User, lines: Sequence[SheetLine]) -> Undo | None:
    entered = [line for line in lines if may(person, "enter_line", line)]
    return undo_of(request.session, sheet.edition, entered)


def _undo(request: HttpRequest, sheet: Sheet, person: User, reporter: str, data: QueryDict) -> HttpResponse:
    """Undo what was done last, where nobody has worked on it since; all else that stands on the page is saved."""
    undo = _undo_of(request, sheet, person, _reported(sheet, person, reporter))
    if undo is None:
        messages.warning(request, "There is nothing to undo: it has been worked on since.")
        return _take_in(request, sheet, person, reporter, data)
    if undo.kind is LastDone.SENT:
        take_back(edition=sheet.edition, undo=undo, by=person)
    typed = {name: str(text) for name, text in data.items()}
    return _take_in(request, sheet, person, reporter, typed | undo.fields, undo=undo)


def _address(sheet: Sheet, reporter: str, **query: str) -> str:
    query |= {"for": reporter} if reporter else {}
    names = [sheet.edition.scorecard.slug, text_of_month(sheet.edition.month)]
    return reverse("return", args=names, query=query or None)


def _take_in(
    request: HttpRequest,
    sheet: Sheet,
    person: User,
    reporter: str,
    data: Mapping[str, str],
    *,
    only: Collection[int] | None = None,
    undo: Undo | None = None,
) -> HttpResponse:
    """Save or send what came in for lines that take entries, and give back what came in for others.

    `only` has the lines that something was pasted into. `undo` is what is undone by it.
    """
    lines = _reported(sheet, person, reporter)
    keys = [line.key for line in lines if may(person, "enter_line", line) and (only is None or line.key in only)]
    if undo is not None:
        # What the page did not send is not emptied.
        keys = [key for key in keys if f"{prefix_of(key)}-saw_value" in data]
    elif not keys:
        # A refusal that gives back what was typed; without JavaScript it is nowhere else.
        why = ReturnPage(sheet, lines, person).why_closed if lines else "These lines are not yours to enter."
        why = why or "None of these lines takes entries now."
        unsaved = unsaved_lines(data, sheet, person)
        context = {"month": sheet.edition.month, "why": why, "unsaved": unsaved}
        return render(request, "returns/not_saved.html", context, status=403)
    send = data.get("action") == "send"
    done = submit(edition=sheet.edition, keys=keys, data=data, by=person, now=timezone.now(), send=send)
    if undo is None:
        remember(request.session, sheet.edition, done, is_paste=only is not None)
    else:
        request.session.pop(UNDO, None)
    now = assemble_sheet(sheet.edition)
    fresh = _reported(now, person, reporter)
    unsaved = unsaved_lines(data, now, person, but=keys)
    page = ReturnPage(now, fresh, person, reporter=reporter, is_checked=send, forms=done.forms, unsaved=unsaved)
    is_quiet = data.get("action") in LAYOUTS and not done.saved
    told = undo.told if undo else page.told(done)
    if done.is_clean and told and not is_quiet:
        messages.success(request, told)
    if warned := page.warned(done):
        messages.warning(request, warned)
    if unsaved or not done.is_clean:
        return render(request, "returns/return.html", {"page": page}, status=422)
    place = f"#line-{undo.lines[0].key}" if undo else ""
    return redirect(_address(sheet, reporter, **({"check": "1"} if send else {})) + place)


@require_POST
def line(request: HttpRequest, slug: str, month_text: str, key: int) -> HttpResponse:
    """Saves one line, or only works it out, while somebody types; for the page's script.

    Answers what to put into the page; or `errors` by field, or the whole line where somebody else was quicker
    (`conflict`) and once it is `settled` which version stays.
    """
    if not isinstance(request.user, User):
        return JsonResponse({"sign_in": reverse("login")}, status=401)
    edition = edition_at(slug, month_text)
    answer = _worked_out if request.POST.get("action") == "preview" else _saved
    try:
        return JsonResponse(answer(request, edition, key, request.user))
    except NoSuchLineError as error:
        raise Http404(NO_LINE) from error


@login_required
@require_safe
def line_history(request: HttpRequest, slug: str, month_text: str, key: int) -> HttpResponse:
    """Who changed what at a line, and who sent, signed off and sent back."""
    person = signed_in(request)
    edition = edition_at(slug, month_text)
    found = _line(assemble_sheet(edition, [key]), key)
    require(person, "see_line", found)
    return render(request, "returns/history.html", {"line": found, "events": history.events_of(found)})


def _reported(sheet: Sheet, person: User, reporter: str) -> list[SheetLine]:
    """The lines that the person reports; with a reporter's user name, that reporter's. None for who reports nothing."""
    own = sheet.of_reporters(person.acts_for)
    lines = list(sheet.lines) if may(person, "manage_collection") else own
    if reporter:
        lines = [line for line in lines if line.indicator.reporter and line.indicator.reporter.username == reporter]
    elif own:
        lines = own
    return lines


def _line(sheet: Sheet, key: int) -> SheetLine:
    found = sheet.by_key.get(key)
    if found is None:
        raise Http404(NO_LINE)
    return found


def _worked_out(request: HttpRequest, edition: Edition, key: int, person: User) -> dict[str, Any]:
    """What the line would be if it were saved as it was typed."""
    stored = read_sheet(edition, [key])
    found = _line(stored.sheet(), key)
    require(person, "enter_line", found)
    form = LineForm(request.POST, found)
    if not form.is_valid():
        return {"errors": form.errors}
    entry = form.entry
    amounts = {} if entry.amount is None else {key: entry.amount}
    texts = {} if entry.text is None else {key: entry.text}
    return _answer(stored.sheet(amounts=amounts, texts=texts), form, person)


def _saved(request: HttpRequest, edition: Edition, key: int, person: User) -> dict[str, Any]:
    """The line once it is saved, or why it could not be."""
    done = submit(edition=edition, keys=[key], data=request.POST, by=person, now=timezone.now())
    [form] = done.forms
    answer: dict[str, Any] = {"errors": form.errors} if form.errors else {}
    if form.conflict:
        answer["conflict"] = line_html(request, done.sheet, form, person)
    if answer:
        return answer
    fresh = done.sheet.by_key[key]
    answer = _answer(done.sheet, form, person)
    entry = form.entry
    # What is stored but does not stand in the page's field, its reader has not seen.
    has_value = entry.amount in (None, amount_of(fresh.value))
    answer["saw_value"] = version_text(seen(fresh.value) if has_value else entry.saw_value)
    answer["saw_text"] = version_text(seen(fresh.commentary) if entry.text == fresh.text else entry.saw_text)
    answer["saved_at"] = time_text(timezone.now())
    if form.clashes:
        answer["settled"] = line_html(request, done.sheet, LineForm(None, fresh), person)
    return answer


def _answer(sheet: Sheet, form: LineForm, person: User) -> dict[str, Any]:
    """What the page's script puts into the line, and into those that are worked out from it."""
    found = sheet.by_key[form.line.key]
    changed: Sequence[SheetLine] = [found, *sheet.fed_by(found.indicator.reference)]
    shown = [line for line in changed if line is found or may(person, "see_line", line)]
    wording = wording_for(person, sheet)
    return {
        "lines": {
            line.key: parts_of(
                line, wording, can_enter=may(person, "enter_line", line), form=form if line is found else None
            )
            for line in shown
        },
        "states": {line.key: state_of(line) if line.is_expected else "" for line in shown},
    }
