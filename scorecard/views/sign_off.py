"""The owner's page: what was sent, what it means, and what to do with it."""

from __future__ import annotations

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from indicators.calculations.plain_text import plain_text
from indicators.models import User
from scorecard.access import edition_at, signed_in
from scorecard.models import Edition, EditionState
from scorecard.rules import may
from scorecard.sheet.assemble import assemble_sheet
from scorecard.sheet.sheet import SheetLine
from scorecard.sign_off.actions import approve_lines, send_back
from scorecard.sign_off.page import PLACE, SignOffPage, begin_visit, changes_since, looks_back

from .form_pages import FORM_METHODS

# The fields with the fingerprints of the lines as they were shown.
SOMEBODY_ELSE = "A deputy of the owner or a performance officer can sign it off."
SAW = re.compile(r"saw-([0-9]{1,18})")


@login_required
@require_http_methods(FORM_METHODS)
def sign_off(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """The lines that somebody owns; an officer's page has everybody's."""
    person = signed_in(request)
    edition = edition_at(slug, month_text)
    sheet = assemble_sheet(edition)
    lines = sheet.of_owners(person.acts_for)
    # Whoever corrected something of a published report sees what waits of it, whosever it is.
    if (not lines or edition.state == EditionState.PUBLISHED) and may(person, "manage_collection"):
        lines = list(sheet.lines)
    if not lines:
        raise PermissionDenied
    problem = ""
    if request.method == "POST":
        problem = _decide(request, edition, person)
        if not problem:
            at = request.POST.get("next", "")
            query, place = ({"at": at}, f"#{at}") if PLACE.fullmatch(at) else (None, "")
            return redirect(reverse("sign_off", args=[slug, month_text], query=query) + place)
    looked = looks_back(lines, begin_visit(edition=edition, person=person, now=timezone.now()))
    changes = changes_since(sheet, lines, {key: one.since for key, one in looked.items()}, reader=person)
    at = request.GET.get("at", "")
    review = SignOffPage(
        sheet, lines, person, looked, changes, problem, request.POST, at if PLACE.fullmatch(at) else ""
    )
    return render(request, "sign_off/sign_off.html", {"review": review}, status=422 if problem else 200)


def _decide(request: HttpRequest, edition: Edition, person: User) -> str:
    """Do what the button says; returns what is wrong with it, in a sentence, or nothing."""
    saw = {int(found[1]): str(mark) for name, mark in request.POST.items() if (found := SAW.fullmatch(name))}
    action = request.POST.get("action", "")
    now = timezone.now()
    if not saw:
        return "Choose what to do with one of the lines."
    if action == "approve":
        result, done = approve_lines(edition=edition, saw=saw, by=person, now=now), "signed off"
    elif action == "send_back":
        note = plain_text(request.POST.get("note", ""))
        if not note:
            return "Say in the note what should be changed, then send the line back."
        result, done = send_back(edition=edition, saw=saw, note=note, by=person, now=now), "sent back"
    else:
        return "Choose “Sign off” or “Send back”."
    if result.done:
        messages.success(request, f"{_named(result.done)} {done}.")
    if result.changed:
        words = f"{_named(result.changed)} changed while you were reading, so nothing was done there."
        messages.warning(request, f"{words} Please look again.")
    if result.own:
        names = ", ".join(line.indicator.reference for line in result.own)
        words = f"Not signed off, because you entered it yourself: {names}. {SOMEBODY_ELSE}"
        messages.warning(request, words)
    if not any(result):
        messages.warning(request, "Nothing was waiting there any longer.")
    return ""


def _named(lines: list[SheetLine]) -> str:
    names = ", ".join(line.indicator.reference for line in lines)
    return f"{names} was" if len(lines) == 1 else f"{names} were"
