"""Officers' pages for a scorecard itself: its sections and lines, its plain details, and a new indicator on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from indicators.calculations.formatting import counted
from indicators.calculations.plain_text import plain_line
from indicators.models import Indicator, User
from indicators.people import NOT_OFFERED, who_can_take
from scorecard.access import signed_in
from scorecard.arranging.arrangement import (
    DOWN,
    UP,
    Arrangement,
    ArrangingError,
    add_indicators,
    add_section,
    from_stored_form,
    move_line,
    move_section,
    place_lines,
    places_of,
    remove_section,
    rename_section,
    stored_form,
    take_off,
)
from scorecard.arranging.forms import DetailsForm, NewIndicatorForm, NewScorecardForm
from scorecard.arranging.new_rows import add_indicator, add_scorecard, save_details
from scorecard.arranging.page import LONGEST_SEARCH, ArrangingPage, told_of_added, told_of_gone
from scorecard.arranging.saving import Stored, arrange, assign_again, assign_lines, read_arrangement
from scorecard.display.forms import ANYBODY
from scorecard.models import Scorecard
from scorecard.rules import require

from .form_pages import FORM_METHODS, form_page, key_sent, posted

Step = Callable[[Arrangement], Arrangement]


def _scorecard(request: HttpRequest, slug: str) -> tuple[Scorecard, User]:
    """The scorecard, and the officer who may arrange it. Raises PermissionDenied or Http404."""
    person = signed_in(request)
    require(person, "manage_collection")
    scorecard = get_object_or_404(Scorecard, slug=slug)
    require(person, "arrange_scorecard", scorecard)
    return scorecard, person


@login_required
@require_http_methods(FORM_METHODS)
def arrange_scorecard(request: HttpRequest, slug: str) -> HttpResponse:
    """Sections and lines. Each button is a step that is stored at once, and the latest can be undone."""
    scorecard, person = _scorecard(request, slug)
    error: ArrangingError | None = None
    if request.method == "POST":
        try:
            anchor = _take_step(request, scorecard, person)
        except ArrangingError as refused:
            error = refused
        except ValidationError as refused:
            error = ArrangingError(" ".join(refused.messages))
        else:
            find = plain_line(request.POST.get("find", ""))[:LONGEST_SEARCH]
            query = f"?{urlencode({'find': find})}" if find else ""
            return redirect(f"{reverse('arrange_scorecard', args=[slug])}{query}{anchor}")
    stored = read_arrangement(scorecard)
    undo = request.session.get(_undo_key(scorecard), {})
    page = ArrangingPage(
        scorecard,
        stored,
        find=request.POST.get("find", "") if error else request.GET.get("find", ""),
        typed=request.POST if error else None,
        error=error,
        undo=undo.get("words", "") if undo.get("after") == stored.fingerprint else "",
        offers_anybody=ANYBODY in request.GET,
    )
    return render(
        request, "arranging/arrange.html", {"page": page, "scorecard": scorecard}, status=422 if error else 200
    )


def _undo_key(scorecard: Scorecard) -> str:
    return f"undo_arranging_{scorecard.pk}"


def _take_step(request: HttpRequest, scorecard: Scorecard, person: User) -> str:
    """Store what the button says, tell of it, and keep what it takes to undo it; the place on the page to go on at."""
    sent = request.POST
    deed, _, rest = sent.get("do", "").partition(" ")
    saw, key = sent.get("saw", ""), key_sent(rest)
    if deed == "enter":
        deed, key = _meant_by_enter(sent, scorecard)
    if deed == "undo":
        _undo(request, scorecard, saw, person)
        return ""
    if deed == "people":
        people = {role: _person(request, scorecard, role) for role in ("owner", "reporter")}
        ticked = _ticked(sent)
        was, now = assign_lines(scorecard=scorecard, saw=saw, keys=ticked, by=person, **people)
        words = f"{counted(len(was), 'indicator')} changed"
        _keep(request, scorecard, now, words, people={str(one): both for one, both in was.items()})
        messages.success(request, f"{words}. That holds on every scorecard they are on.")
        return ""
    step, words = _step(sent, deed, key)
    before, now = arrange(scorecard=scorecard, saw=saw, step=step, by=person, reason=words)
    _keep(request, scorecard, now, words, before=stored_form(before))
    messages.success(request, f"{words}.")
    _tell(request, scorecard, before, now)
    return _anchor(deed, key, before, now)


def _meant_by_enter(sent: QueryDict, scorecard: Scorecard) -> tuple[str, int]:
    """The Enter key in a title renames that section, and in the field for a new one adds it."""
    for key, title in scorecard.sections.values_list("pk", "title"):
        if sent.get(f"title-{key}", title) != title:
            return "rename", key
    return "add_section", 0


def _step(sent: QueryDict, deed: str, key: int) -> tuple[Step, str]:
    """What a button does to the arrangement, and how that is called in the history."""
    ticked, to = _ticked(sent), key_sent(sent.get("to", ""))
    indicators = [key_sent(one) for one in sent.getlist("indicator")]
    goes_to = sent.get(f"goes_to-{key}", "")
    steps: dict[str, tuple[Step, str]] = {
        "up": (lambda now: move_line(now, key, UP), "Line moved up"),
        "down": (lambda now: move_line(now, key, DOWN), "Line moved down"),
        "place": (lambda now: place_lines(now, [key], to, key_sent(sent.get("before", ""))), "Line moved"),
        "to_section": (lambda now: place_lines(now, ticked, to), "Lines moved to another section"),
        "off": (lambda now: take_off(now, ticked), "Lines taken off"),
        "add": (lambda now: add_indicators(now, _there(indicators), key_sent(sent.get("into", ""))), "Lines added"),
        "add_section": (lambda now: add_section(now, sent.get("new_section", "")), "Section added"),
        "rename": (lambda now: rename_section(now, key, sent.get(f"title-{key}", "")), "Section renamed"),
        "section_up": (lambda now: move_section(now, key, UP), "Section moved up"),
        "section_down": (lambda now: move_section(now, key, DOWN), "Section moved down"),
        "remove": (
            lambda now: remove_section(now, key, None if goes_to == "off" else key_sent(goes_to)),
            "Section removed",
        ),
    }
    if deed not in steps:
        raise ArrangingError("Choose one of the buttons.")
    return steps[deed]


def _ticked(sent: QueryDict) -> list[int]:
    return [key_sent(one) for one in sent.getlist("line")]


def _there(keys: list[int]) -> list[int]:
    """Those indicators that there are, in the order of the list."""
    return list(Indicator.objects.filter(pk__in=keys).order_by("reference").values_list("pk", flat=True))


def _person(request: HttpRequest, scorecard: Scorecard, role: str) -> User | None:
    key = request.POST.get(role, "")
    if not key:
        return None
    reports = () if ANYBODY in request.GET else [scorecard.pk]
    found = who_can_take(reports).filter(pk=key_sent(key)).first()
    if found is None:
        raise ArrangingError(NOT_OFFERED, role)
    return found


def _keep(request: HttpRequest, scorecard: Scorecard, now: Stored, words: str, **what: Any) -> None:
    """What it takes to undo the latest step, for as long as nothing else has changed."""
    request.session[_undo_key(scorecard)] = {"after": now.fingerprint, "words": words, **what}


def _undo(request: HttpRequest, scorecard: Scorecard, saw: str, person: User) -> None:
    kept = request.session.get(_undo_key(scorecard), {})
    if not kept or kept["after"] != saw:
        raise ArrangingError("There is nothing to undo: something else has been changed since.")
    if "people" in kept:
        people = {int(key): (owner, reporter) for key, (owner, reporter) in kept["people"].items()}
        assign_again(scorecard=scorecard, saw=saw, people=people, by=person)
    else:
        wanted = from_stored_form(kept["before"])
        before, now = arrange(
            scorecard=scorecard, saw=saw, step=lambda _: wanted, by=person, reason=f"Undone: {kept['words']}"
        )
        _tell(request, scorecard, before, now)
    del request.session[_undo_key(scorecard)]
    messages.success(request, f"Undone: {kept['words'].lower()}.")


def _tell(request: HttpRequest, scorecard: Scorecard, before: Arrangement, now: Stored) -> None:
    """What a step means for months in progress, and for small counts that the public reads."""
    was, are = ({place.indicator for place in places_of(one).values()} for one in (before, now.arrangement))
    told = told_of_gone(scorecard, was - are) if was - are else []
    told += told_of_added(scorecard, are - was) if are - was else []
    for words in told:
        messages.warning(request, words)


def _anchor(deed: str, key: int, before: Arrangement, now: Stored) -> str:
    if deed in ("up", "down", "place"):
        return f"#line-{key}"
    if deed in ("rename", "section_up", "section_down"):
        return f"#section-{key}"
    new = {section.pk for section in now.sections} - {part.key for part in before}
    return f"#section-{new.pop()}" if new else ""


@login_required
@require_http_methods(FORM_METHODS)
def edit_details(request: HttpRequest, slug: str) -> HttpResponse:
    """A scorecard's title, panel and the like; what the public reads has a page of its own."""
    scorecard, person = _scorecard(request, slug)
    form = DetailsForm(posted(request), scorecard)
    if form.save_with(
        lambda typed: save_details(scorecard=scorecard, values=typed, saw=form.seen_version, by=person), by=person
    ):
        messages.success(request, "The details are saved.")
        return redirect("arrange_scorecard", slug)
    return form_page(request, "arranging/details.html", form, title="Details of the scorecard", scorecard=scorecard)


@login_required
@require_http_methods(FORM_METHODS)
def new_scorecard(request: HttpRequest) -> HttpResponse:
    """Add a scorecard; its sections and lines follow on the next page."""
    person = signed_in(request)
    require(person, "manage_collection")
    form = NewScorecardForm(posted(request))
    if form.is_valid():
        try:
            made = add_scorecard(values=form.cleaned_data, by=person)
        except ValidationError as error:
            form.add_refusal(error)
        else:
            messages.success(request, f"{made} is added. Give it sections, and then lines.")
            return redirect("arrange_scorecard", made.slug)
    return form_page(request, "arranging/details.html", form, title="Add a scorecard", scorecard=None)


@login_required
@require_http_methods(FORM_METHODS)
def new_indicator(request: HttpRequest, slug: str) -> HttpResponse:
    """Make an indicator and put it on the scorecard as a line."""
    scorecard, person = _scorecard(request, slug)
    form = NewIndicatorForm(posted(request), scorecard, asked=request.GET)
    if form.is_valid():
        try:
            line = add_indicator(scorecard=scorecard, values=form.cleaned_data, by=person)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{line.indicator} is added to “{line.section.title}”.")
            for words in told_of_added(scorecard, [line.indicator_id]):
                messages.warning(request, words)
            return redirect(f"{reverse('arrange_scorecard', args=[slug])}#line-{line.pk}")
    return form_page(request, "arranging/new_indicator.html", form, title="Make a new indicator", scorecard=scorecard)
