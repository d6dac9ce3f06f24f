"""What reporters see: their work, their return, one line of it, its history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.models import User, seen
from scorecard.access import edition_at, signed_in
from scorecard.focus.page import asked_of
from scorecard.models import Edition
from scorecard.returns import history
from scorecard.returns.assemble import assemble_sheet
from scorecard.returns.forms import LineForm, SeenField, supposed
from scorecard.returns.page import ReturnPage, line_html
from scorecard.returns.present import parts_of
from scorecard.returns.sheet import Sheet, SheetLine
from scorecard.returns.submit import submit
from scorecard.returns.tasks import tasks_of
from scorecard.returns.versions import amount_of
from scorecard.rules import may


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Where somebody lands after signing in: straight at what waits for them, or at a list of it."""
    person, today = signed_in(request), timezone.localdate()
    tasks, asked = tasks_of(person, today), asked_of(person, today)
    waiting = [task.address for task in tasks if task.waiting] + [item.address for item in asked]
    if len(waiting) == 1:
        return redirect(waiting[0])
    return redirect("work" if tasks or asked else "home")


@login_required
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """Everything that waits for somebody."""
    person, today = signed_in(request), timezone.localdate()
    context = {
        "tasks": tasks_of(person, today),
        "asked": asked_of(person, today),
        "is_officer": may(person, "manage_collection"),
    }
    return render(request, "returns/work.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_return(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """All lines that somebody reports, on one page; an officer's page has everybody's or one person's."""
    person = signed_in(request)
    edition = edition_at(slug, month_text)
    reporter = request.GET.get("for", "")
    lines = _reported(assemble_sheet(edition), person, reporter)
    if request.method != "POST":
        page = ReturnPage(edition, lines, person, reporter=reporter, is_checked="check" in request.GET)
        return render(request, "returns/return.html", {"page": page})
    forms = [LineForm(request.POST, line) for line in lines if may(person, "enter_line", line)]
    if not forms:
        raise PermissionDenied
    send = request.POST.get("action") == "send"
    done = submit(edition=edition, forms=forms, by=person, now=timezone.now(), send=send)
    fresh = _reported(done.sheet, person, reporter)
    page = ReturnPage(edition, fresh, person, reporter=reporter, is_checked=send, forms=forms)
    if not done.is_clean:
        return render(request, "returns/return.html", {"page": page}, status=422)
    messages.success(request, page.told(done))
    query = ({"check": "1"} if send else {}) | ({"for": reporter} if reporter else {})
    return redirect(reverse("return", args=[slug, month_text], query=query or None))


@require_POST
def line(request: HttpRequest, slug: str, month_text: str, key: int) -> HttpResponse:
    """Saves one line, or only works it out, while somebody types; for the page's script.

    Answers what to put into the page; or `errors` by field, or the whole line where somebody else was quicker
    (`conflict`) and once it is `settled` which version stays.
    """
    if not isinstance(request.user, User):
        return JsonResponse({"sign_in": reverse("login")}, status=401)
    person = request.user
    edition = edition_at(slug, month_text)
    found = _line(assemble_sheet(edition), key)
    if not may(person, "enter_line", found):
        raise PermissionDenied
    form = LineForm(request.POST, found)
    if request.POST.get("action") == "preview":
        return JsonResponse(_worked_out(edition, form, person))
    return JsonResponse(_saved(request, edition, form, person))


@login_required
@require_safe
def line_history(request: HttpRequest, slug: str, month_text: str, key: int) -> HttpResponse:
    """Who changed what at a line, and who sent, signed off and sent back."""
    person = signed_in(request)
    edition = edition_at(slug, month_text)
    found = _line(assemble_sheet(edition), key)
    if not may(person, "see_line", found):
        raise PermissionDenied
    return render(request, "returns/history.html", {"line": found, "events": history.events_of(found)})


def _reported(sheet: Sheet, person: User, reporter: str) -> list[SheetLine]:
    """The lines that the person reports; with a reporter's user name, that reporter's. Raises PermissionDenied."""
    own = sheet.of_reporters(person.acts_for)
    lines = list(sheet.lines) if may(person, "manage_collection") else own
    if reporter:
        lines = [line for line in lines if line.indicator.reporter and line.indicator.reporter.username == reporter]
    elif own:
        lines = own
    if not lines:
        raise PermissionDenied
    return lines


def _line(sheet: Sheet, key: int) -> SheetLine:
    found = sheet.by_key.get(key)
    if found is None:
        raise Http404("There is no such line in this edition.")
    return found


def _worked_out(edition: Edition, form: LineForm, person: User) -> dict[str, Any]:
    """What the line would be if it were saved as it was typed."""
    if not form.is_valid():
        return {"errors": form.errors}
    entry = form.entry
    values = [] if entry.amount is None else [supposed(form.line, entry.amount)]
    texts = {} if entry.text is None else {form.line.key: entry.text}
    return _answer(assemble_sheet(edition, supposing=values, supposed_texts=texts), form, person)


def _saved(request: HttpRequest, edition: Edition, form: LineForm, person: User) -> dict[str, Any]:
    """The line once it is saved, or why it could not be."""
    done = submit(edition=edition, forms=[form], by=person, now=timezone.now())
    answer: dict[str, Any] = {"errors": form.errors} if form.errors else {}
    if form.conflict:
        answer["conflict"] = line_html(request, form.line, form, person)
    if answer:
        return answer
    fresh = done.sheet.by_key[form.line.key]
    answer = _answer(done.sheet, form, person)
    entry, field = form.entry, SeenField()
    # What is stored but does not stand in the page's field, its reader has not seen.
    has_value = entry.amount in (None, amount_of(fresh.value))
    answer["saw_value"] = field.prepare_value(seen(fresh.value) if has_value else entry.saw_value)
    answer["saw_text"] = field.prepare_value(seen(fresh.commentary) if entry.text == fresh.text else entry.saw_text)
    answer["saved_at"] = f"{localtime():%H:%M}"
    if form.clashes:
        answer["settled"] = line_html(request, fresh, LineForm(None, fresh), person)
    return answer


def _answer(sheet: Sheet, form: LineForm, person: User) -> dict[str, Any]:
    """What the page's script puts into the line, and into those that are worked out from it."""
    found = sheet.by_key[form.line.key]
    changed: Sequence[SheetLine] = [found, *sheet.fed_by(found.indicator.reference)]
    return {
        "lines": {
            line.key: parts_of(line, can_enter=may(person, "enter_line", line), form=form if line is found else None)
            for line in changed
            if line is found or may(person, "see_line", line)
        }
    }
