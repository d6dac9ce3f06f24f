"""Pages for performance officers: opening editions, watching a collection, moving it on."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.calculations.months import month_text as text_of_month
from indicators.models import ChangedMeanwhileError, User
from scorecard.access import edition_at, officer_only
from scorecard.collection.editions import MOVES, hand_over, move_edition, open_edition, suggest_next
from scorecard.collection.forms import HandOverForm, LinesForm, OpenEditionForm
from scorecard.collection.page import CollectionPage
from scorecard.collection.reminders import remind
from scorecard.models import Edition, EditionState, Scorecard
from scorecard.sheet.assemble import assemble_sheet
from scorecard.sheet.sheet import Sheet


@login_required
@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """Every scorecard's editions, newest first, and the way to open the next."""
    officer_only(request)
    scorecards = Scorecard.objects.prefetch_related("editions")
    return render(request, "collection/editions.html", {"scorecards": scorecards})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_next(request: HttpRequest, slug: str) -> HttpResponse:
    """Open the next month's edition, with dates suggested from the last one's."""
    person = officer_only(request)
    scorecard = get_object_or_404(Scorecard, slug=slug)
    form = OpenEditionForm(
        request.POST if request.method == "POST" else None, suggest_next(scorecard, timezone.localdate())
    )
    if form.is_valid():
        try:
            edition = open_edition(scorecard=scorecard, month=form.cleaned_data["month"], dates=form.dates, by=person)
        except ValidationError as error:
            form.add_refusal(error)
        else:
            messages.success(request, f"{edition.month:%B %Y} is open for collection.")
            return redirect("collection", slug, text_of_month(edition.month))
    status = 422 if form.errors else 200
    context = {"title": "Open a month for collection", "scorecard": scorecard, "form": form}
    return render(request, "collection/open_edition.html", context, status=status)


@login_required
@require_safe
def collection(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """How complete and punctual an edition's returns are, and who is late."""
    officer_only(request)
    sheet = assemble_sheet(edition_at(slug, month_text))
    page = CollectionPage(sheet, LinesForm(request.GET, sheet), timezone.localdate())
    return render(request, "collection/collection.html", {"page": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, slug: str, month_text: str, to: str) -> HttpResponse:
    """Ask whether to move an edition on, saying what is not finished; then do it."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    state = next((state for state in EditionState if state.value == to), None)
    if state is None:
        raise Http404("There is no such state of an edition.")
    if state is EditionState.PUBLISHED:
        return redirect("publish_edition", slug, month_text)
    if state not in MOVES[EditionState(edition.state)]:
        messages.warning(request, f"{edition} is already {edition.get_state_display().lower()}.")
        return redirect("collection", slug, month_text)
    if request.method == "POST":
        return _move(request, edition, state, person)
    sheet = assemble_sheet(edition)
    page = CollectionPage(sheet, LinesForm({}, sheet), timezone.localdate())
    return render(request, "collection/move_edition.html", {"page": page, "to": state})


def _move(request: HttpRequest, edition: Edition, state: EditionState, person: User) -> HttpResponse:
    version = request.POST.get("version", "")
    try:
        move_edition(
            edition=edition,
            to=state,
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
            by=person,
        )
    except ChangedMeanwhileError:
        messages.warning(
            request, "Somebody else has changed this edition in the meantime, so nothing was done. Please look again."
        )
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, f"{edition.month:%B %Y}: {state.label.lower()}.")
    return redirect("collection", edition.scorecard.slug, text_of_month(edition.month))


@login_required
@require_POST
def remind_person(request: HttpRequest, slug: str, month_text: str, username: str) -> HttpResponse:
    """Mail somebody what waits for them, now."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    reminded = _on_sheet(assemble_sheet(edition), username)
    told = remind(edition=edition, person=reminded, by=person, now=timezone.now())
    messages.success(request, told) if told.startswith("Reminded") else messages.warning(request, told)
    return redirect("collection", slug, month_text)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over_lines(request: HttpRequest, slug: str, month_text: str, username: str) -> HttpResponse:
    """Let a deputy stand in for somebody."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    absent = _on_sheet(assemble_sheet(edition), username)
    form = HandOverForm(request.POST if request.method == "POST" else None, absent)
    if form.is_valid():
        deputy, until = form.cleaned_data["deputy"], form.cleaned_data["until"]
        try:
            hand_over(person=absent, deputy=deputy, today=timezone.localdate(), until=until, by=person)
        except ValidationError as error:
            form.add_refusal(error)
        else:
            messages.success(request, f"{deputy} now stands in for {absent}.")
            return redirect("collection", slug, month_text)
    context = {"title": f"Hand over the lines of {absent}", "edition": edition, "absent": absent, "form": form}
    return render(request, "collection/hand_over.html", context, status=422 if form.errors else 200)


def _on_sheet(sheet: Sheet, username: str) -> User:
    """The reporter or owner of one of the edition's lines who has the user name. Raises Http404."""
    people: Iterable[User | None] = (
        person for line in sheet.lines for person in (line.indicator.reporter, line.indicator.owner)
    )
    found = next((person for person in people if person and person.username == username), None)
    if found is None:
        raise Http404("Nobody of this name reports or owns a line here.")
    return found
