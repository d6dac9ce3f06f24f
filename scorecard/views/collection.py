"""Pages for performance officers: opening editions, watching a collection, moving it on."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.calculations.months import month_text as text_of_month
from indicators.leaving import duties_of, hand_on
from indicators.models import User
from indicators.moments import today_in_britain
from scorecard.access import edition_at, officer_only
from scorecard.collection.editions import MOVES, deputies_of, hand_over, move_edition, open_edition, suggest_next
from scorecard.collection.forms import HandOverForm, LinesForm, OpenEditionForm
from scorecard.collection.gaps import Gap, gaps_of, questions_about_dates
from scorecard.collection.notices import people_on
from scorecard.collection.page import CollectionPage
from scorecard.collection.reminders import remind
from scorecard.models import EditionState, Line, Scorecard
from scorecard.sheet.assemble import assemble_sheet
from scorecard.sheet.sheet import Sheet

from .form_pages import FORM_METHODS, form_page, posted, refusal_told


@login_required
@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """Every scorecard's editions, newest first, and the way to open the next."""
    officer_only(request)
    withheld = "editions__publications__documents__tombstones__withholding"
    unconfirmed = Q(**{f"{withheld}__confirmed_at": None, f"{withheld}__lifted_at": None})
    scorecards = Scorecard.objects.annotate(waiting=Count(withheld, filter=unconfirmed, distinct=True))
    # What is counted loses the order of its model.
    scorecards = scorecards.order_by(*(Scorecard._meta.ordering or ())).prefetch_related("editions")
    return render(request, "collection/editions.html", {"scorecards": scorecards})


@login_required
@require_http_methods(FORM_METHODS)
def open_next(request: HttpRequest, slug: str) -> HttpResponse:
    """Open the next month's edition, with dates suggested from the last one's."""
    person = officer_only(request)
    scorecard = get_object_or_404(Scorecard, slug=slug)
    today = today_in_britain()
    form = OpenEditionForm(posted(request), *suggest_next(scorecard, today))
    gaps = _gaps_on(scorecard, today)
    if form.is_valid():
        try:
            edition = open_edition(scorecard=scorecard, month=form.cleaned_data["month"], dates=form.dates, by=person)
        except ValidationError as error:
            form.add_refusal(error)
        else:
            opens_on = form.cleaned_data["opens_on"]
            how = "is open for collection" if opens_on <= today else f"opens for collection on {opens_on:%A %-d %B %Y}"
            messages.success(request, f"{edition.month:%B %Y} {how}.")
            for told in [*(gap.sentence for gap in gaps), *questions_about_dates(edition)]:
                messages.warning(request, told)
            return redirect("collection", slug, text_of_month(edition.month))
    context = {"title": "Open a month for collection", "scorecard": scorecard, "gaps": gaps}
    return form_page(request, "collection/open_edition.html", form, **context)


def _gaps_on(scorecard: Scorecard, today: date) -> list[Gap]:
    """What would keep the scorecard's lines from being collected; somebody's are handed over on the person's page."""
    lines = Line.objects.filter(section__scorecard=scorecard).select_related("indicator__owner", "indicator__reporter")
    indicators = [line.indicator for line in lines.order_by("section__position", "section", "position", "pk")]
    people = {key for one in indicators for key in (one.owner_id, one.reporter_id) if key}

    def page_of(person: User) -> str:
        return reverse("person" if person.is_active else "person_leaves", args=[person.pk])

    return gaps_of(indicators, deputies_of(people, today), page_of)


@login_required
@require_safe
def collection(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """How complete and punctual an edition's returns are, and who is late."""
    officer_only(request)
    sheet = assemble_sheet(edition_at(slug, month_text))
    page = CollectionPage(sheet, LinesForm(request.GET, sheet), today_in_britain(), timezone.now())
    return render(request, "collection/collection.html", {"page": page})


@login_required
@require_http_methods(FORM_METHODS)
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
    if request.method != "POST":
        sheet = assemble_sheet(edition)
        page = CollectionPage(sheet, LinesForm({}, sheet), today_in_britain(), timezone.now())
        return render(request, "collection/move_edition.html", {"page": page, "to": state})
    text = request.POST.get("version", "")
    version = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    with refusal_told(request, "this edition"):
        move_edition(edition=edition, to=state, version=version, by=person)
        messages.success(request, f"{edition.month:%B %Y}: {state.label.lower()}.")
    return redirect("collection", slug, month_text)


@login_required
@require_POST
def remind_person(request: HttpRequest, slug: str, month_text: str, username: str) -> HttpResponse:
    """Mail somebody what waits for them, now."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    reminded = _on_sheet(assemble_sheet(edition), username)
    again = "again" in request.POST
    _tell(request, [remind(edition=edition, person=reminded, by=person, now=timezone.now(), again=again)])
    return redirect("collection", slug, month_text)


@login_required
@require_POST
def remind_late(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """Mail everybody who has lines that are late, each in a mail of their own."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    sheet, now = assemble_sheet(edition), timezone.now()
    late = CollectionPage(sheet, LinesForm({}, sheet), today_in_britain(), now).late_people
    again = "again" in request.POST
    people = [tally.person for tally in late if tally.person]
    told = [remind(edition=edition, person=one, by=person, now=now, again=again) for one in people]
    _tell(request, told or ["Nobody is late any more."])
    return redirect("collection", slug, month_text)


def _tell(request: HttpRequest, told: list[str]) -> None:
    """Say what came of reminding."""
    for sentence in told:
        say = messages.success if sentence.startswith("Reminded") else messages.warning
        say(request, sentence)


@login_required
@require_http_methods(FORM_METHODS)
def hand_over_lines(request: HttpRequest, slug: str, month_text: str, username: str) -> HttpResponse:
    """Let a deputy stand in for somebody."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    absent = _on_sheet(assemble_sheet(edition), username)
    form = HandOverForm(posted(request), absent, asked=request.GET)
    if form.is_valid():
        deputy, until = form.cleaned_data["deputy"], form.cleaned_data["until"]
        if form.cleaned_data["for_good"]:
            told = hand_on(person=absent, to=deputy, by=person)
            messages.success(request, f"{deputy} takes over from {absent}, who {'; '.join(told) or 'had nothing'}.")
            return redirect("collection", slug, month_text)
        try:
            hand_over(person=absent, deputy=deputy, starts_on=today_in_britain(), until=until, by=person)
        except ValidationError as error:
            form.add_refusal(error)
        else:
            messages.success(request, f"{deputy} now stands in for {absent}.")
            return redirect("collection", slug, month_text)
    title, duties = f"Hand over the lines of {absent}", duties_of(absent)
    context = {"title": title, "edition": edition, "absent": absent, "duties": duties}
    return form_page(request, "collection/hand_over.html", form, **context)


def _on_sheet(sheet: Sheet, username: str) -> User:
    """The reporter or owner of one of the edition's lines who has the user name. Raises Http404."""
    found = next((person for person in people_on(sheet) if person.username == username), None)
    if found is None:
        raise Http404("Nobody of this name reports or owns a line here.")
    return found
