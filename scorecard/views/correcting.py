"""Correcting what is published: which line, and the line with its fields."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from indicators.calculations.folding import folded
from indicators.calculations.months import add_months
from indicators.calculations.months import month_text as text_of_month
from indicators.calculations.plain_text import plain_line
from scorecard.access import edition_at, officer_only
from scorecard.models import Edition, EditionState
from scorecard.returns.correcting import CORRECTING, CorrectionForm, correct_line
from scorecard.returns.forms import LineForm
from scorecard.returns.page import ReturnLine
from scorecard.returns.saving import NoSuchLineError, Submission, obstacles
from scorecard.rules import require
from scorecard.sheet.assemble import assemble_sheet
from scorecard.sheet.components import wording_for

from .form_pages import FORM_METHODS, posted

LONGEST_SEARCH = 200
# A figure stands in the report of its month and in those of the months after it, as the month of the year before too.
MONTHS_SHOWN_AFTER = 12


@login_required
@require_safe
def correct(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """Which line of a published edition is to be corrected."""
    officer_only(request)
    edition = edition_at(slug, month_text)
    if edition.state != EditionState.PUBLISHED:
        return _in_progress(request, edition)
    find = plain_line(request.GET.get("find", ""))[:LONGEST_SEARCH]
    words = folded(find).split()
    lines = [
        line
        for line in assemble_sheet(edition).lines
        if all(word in folded(f"{line.indicator.reference} {line.indicator.title}") for word in words)
    ]
    return render(request, "publishing/correct_which.html", {"edition": edition, "lines": lines, "find": find})


@login_required
@require_http_methods(FORM_METHODS)
def correct_one(request: HttpRequest, slug: str, month_text: str, key: int) -> HttpResponse:
    """A line of a published edition with its fields; saved, it goes to its owner."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    sheet = assemble_sheet(edition, [key])
    line = sheet.by_key.get(key)
    if line is None:
        raise Http404("There is no such line in this edition.")
    if edition.state != EditionState.PUBLISHED:
        return _in_progress(request, edition)
    require(person, CORRECTING, line)
    left: Sequence[str]
    form, why, left = LineForm(posted(request), line), CorrectionForm(posted(request)), ()
    if why.is_valid() and form.is_valid():
        try:
            done = correct_line(
                edition=edition, key=key, data=request.POST, why=why.cleaned_data["why"], by=person, now=timezone.now()
            )
        except NoSuchLineError as error:
            raise Http404("There is no such line in this edition any more.") from error
        if done.sent:
            _tell(request, edition, done)
            place = f"line-{key}"
            return redirect(reverse("sign_off", args=[slug, month_text], query={"at": place}) + f"#{place}")
        [form], line = done.forms, done.sheet.by_key[key]
        left = _left(done)
    shown = ReturnLine(line, form.beside_theirs(), can_enter=True, wording=wording_for(person, sheet), obstacles=left)
    before = edition.scorecard.editions.filter(
        state=EditionState.PUBLISHED, month__lt=edition.month, month__gte=add_months(edition.month, -MONTHS_SHOWN_AFTER)
    )
    context = {"edition": edition, "shown": shown, "why": why, "earlier": before.order_by("-month")}
    is_wrong = shown.is_in_trouble or bool(why.errors)
    return render(
        request, "publishing/correct.html", {**context, "is_wrong": is_wrong}, status=422 if is_wrong else 200
    )


def _in_progress(request: HttpRequest, edition: Edition) -> HttpResponse:
    messages.warning(request, f"{edition} is not published: what is wrong there is put right in the return.")
    return redirect("return", edition.scorecard.slug, text_of_month(edition.month))


def _left(done: Submission) -> Sequence[str]:
    """Why a correction was not sent, in sentences."""
    [form] = done.forms
    if form.conflict:
        return []
    if not done.saved:
        return ["This is what is stored already: change the figure or the commentary."]
    return obstacles(done.sheet.by_key[form.line.key]) or ["Somebody has changed it meanwhile. Look at it again."]


def _tell(request: HttpRequest, edition: Edition, done: Submission) -> None:
    """Say where the correction is now, and which other reports show the figure."""
    [line] = done.sent
    reference = line.indicator.reference
    by = f" by {line.indicator.owner}" if line.indicator.owner else ""
    told = f"{reference} is corrected and waits to be signed off{by}."
    messages.success(request, f"{told} Readers see it once you publish the revision.")
    later = edition.scorecard.editions.filter(
        state=EditionState.PUBLISHED,
        month__gt=edition.month,
        month__lte=add_months(edition.month, MONTHS_SHOWN_AFTER),
    )
    if months := [f"{month:%B %Y}" for month in later.order_by("month").values_list("month", flat=True)]:
        messages.warning(request, f"Later reports show it too, and are revised on their own: {', '.join(months)}.")
