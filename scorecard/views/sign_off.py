"""The owner's page: what was sent, what it means, and what to do with it."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from indicators.models import User
from scorecard.access import edition_at, signed_in
from scorecard.models import Edition
from scorecard.rules import may
from scorecard.sheet.assemble import assemble_sheet
from scorecard.sheet.sheet import Sheet, SheetLine
from scorecard.sign_off.actions import StepOutcome, approve_lines, send_back
from scorecard.sign_off.page import SignOffPage, begin_visit, changes_since

SAW = "saw-"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_off(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """The lines that somebody owns; an officer's page has everybody's."""
    person = signed_in(request)
    edition = edition_at(slug, month_text)
    sheet = assemble_sheet(edition)
    lines = _owned(sheet, person)
    if request.method == "POST":
        problem = _decide(request, edition, person)
        if not problem:
            return redirect("sign_off", slug, month_text)
        review = _review(sheet, lines, person, problem, request.POST)
        return render(request, "sign_off/sign_off.html", {"review": review}, status=422)
    review = _review(sheet, lines, person)
    return render(request, "sign_off/sign_off.html", {"review": review})


def _owned(sheet: Sheet, person: User) -> list[SheetLine]:
    lines = sheet.of_owners(person.acts_for)
    if not lines and may(person, "manage_collection"):
        lines = list(sheet.lines)
    if not lines:
        raise PermissionDenied
    return lines


def _review(
    sheet: Sheet,
    lines: list[SheetLine],
    person: User,
    problem: str = "",
    typed: Mapping[str, str] | None = None,
) -> SignOffPage:
    since = begin_visit(edition=sheet.edition, person=person, now=timezone.now())
    changes = changes_since(sheet, lines, since, reader=person)
    return SignOffPage(sheet, lines, person, changes, since, problem, typed or {})


def _decide(request: HttpRequest, edition: Edition, person: User) -> str:
    """Do what the button says; returns what is wrong with it, in a sentence, or nothing."""
    saw = {int(name.removeprefix(SAW)): str(mark) for name, mark in request.POST.items() if _is_mark(name)}
    action = request.POST.get("action", "")
    if not saw:
        return "Choose what to do with one of the lines."
    if action == "send_back":
        note = request.POST.get("note", "").strip()
        if not note:
            return "Say in the note what should be changed, then send the line back."
        _tell(request, send_back(edition=edition, saw=saw, note=note, by=person, now=timezone.now()), "sent back")
        return ""
    if action == "approve":
        _tell(request, approve_lines(edition=edition, saw=saw, by=person, now=timezone.now()), "signed off")
        return ""
    return "Choose “Sign off” or “Send back”."


def _is_mark(name: str) -> bool:
    key = name.removeprefix(SAW)
    return name.startswith(SAW) and key.isascii() and key.isdigit() and len(key) < 19


def _tell(request: HttpRequest, result: StepOutcome, done: str) -> None:
    if result.done:
        messages.success(request, f"{_named(result.done)} {done}.")
    if result.changed:
        messages.warning(
            request,
            f"{_named(result.changed)} changed while you were reading, so nothing was done there. Please look again.",
        )
    if not result.done and not result.changed:
        messages.warning(request, "Nothing was waiting there any longer.")


def _named(lines: list[SheetLine]) -> str:
    names = ", ".join(line.indicator.reference for line in lines)
    return f"{names} was" if len(lines) == 1 else f"{names} were"
