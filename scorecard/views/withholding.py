"""Taking back what was published: the officers' pages, and the list for everybody of what was withheld or revised."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from indicators.models import User
from scorecard.access import readable, signed_in
from scorecard.models import PublishedDocument, Tombstone, WithheldKind, Withholding
from scorecard.publication import withholding as acts
from scorecard.publication.codec import DocumentError
from scorecard.publication.erasing import sealed
from scorecard.publication.forms import name_of
from scorecard.publication.reading import Published
from scorecard.publication.withholding_forms import DecideForm, TakeBackForm, WithholdForm
from scorecard.rules import may, require

from .form_pages import FORM_METHODS, form_page, posted
from .reports import find_report, find_scorecard

HIDDEN = "It is withheld from now on, in pages and files. Files are made anew when they are next asked for."
ERASURE_HELP = "For example “Erasure was asked for under Article 17 of the UK GDPR”. It is kept in the certificate."


@login_required
@require_http_methods(FORM_METHODS)
def take_back(request: HttpRequest, slug: str, month_text: str, number: int) -> HttpResponse:
    """First what is to be taken back, then every place of it, and withholding it there."""
    person = signed_in(request)
    require(person, "withhold")
    asked = find_report(request, slug, month_text, number)
    if isinstance(asked, HttpResponse):
        return asked
    if asked.published is None:
        raise Http404("Only what was published can be taken back.")
    document = PublishedDocument.objects.only("publication").get(pk=asked.published.document)
    try:
        report = asked.report
    except DocumentError:
        report = None
    first = {"kind": request.GET.get("kind"), "line": request.GET.get("line"), "month": asked.month.isoformat()}
    form = TakeBackForm(posted(request), report, initial=first)
    here: dict[str, Any] = {"asked": asked, "here": name_of(asked.published), "title": "Take something back"}
    if not form.is_valid():
        return form_page(request, "withholding/take_back.html", form, **here)
    wanted = form.wanted(document.publication_id)
    findings = acts.find(wanted)
    if not findings:
        form.add_error(None, "Nothing published, and not withheld yet, has this.")
        return form_page(request, "withholding/take_back.html", form, **here)
    is_last_step = "fingerprint" in request.POST
    details = WithholdForm(request.POST if is_last_step else None, findings, here=here["here"], sought=wanted.words)
    if details.is_valid():
        of = details.cleaned_data
        try:
            made = acts.withhold(
                wanted=wanted,
                chosen=of["chosen"],
                only_in=wanted.publication if of.get("scope") == WithholdForm.HERE else None,
                fingerprint=of["fingerprint"],
                words=of["reason"],
                note=of["note"],
                by=person,
                now=timezone.now(),
            )
        except ValidationError as error:
            details.add_error(None, " ".join(error.messages))
        else:
            messages.success(request, HIDDEN)
            return redirect("withholding", slug, made.pk)
    return form_page(request, "withholding/places.html", details, sought=form, findings=findings, **here)


@dataclass(frozen=True)
class Step:
    """What can be done about a withholding now."""

    name: str
    title: str
    about: str
    button: str
    form: DecideForm
    act: Callable[..., Any]
    done: str


@login_required
@require_http_methods(FORM_METHODS)
def withholding(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """One withholding, for officers: where it stands, who decided what, and the next step."""
    person = signed_in(request)
    require(person, "withhold")
    scorecard = find_scorecard(request, slug)
    of_scorecard = Withholding.objects.filter(
        tombstones__document__publication__edition__scorecard=scorecard
    ).select_related("withheld_by", "confirmed_by", "lifted_by", "erasure_asked_by", "erased_by")
    found = get_object_or_404(of_scorecard.distinct(), pk=key)
    steps = list(_steps(found, person, posted(request)))
    chosen = next((step for step in steps if request.method == "POST" and step.name in request.POST), None)
    if chosen is not None and chosen.form.is_valid():
        try:
            chosen.act(key=key, by=person, now=timezone.now(), **_typed(chosen))
        except ValidationError as error:
            chosen.form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, chosen.done)
            return redirect("withholding", slug, key)
    elif request.method == "POST" and chosen is None:
        messages.warning(request, "This was decided in the meantime, so nothing was done. Please look again.")
        return redirect("withholding", slug, key)
    stones = found.tombstones.exclude(kind=WithheldKind.REASON).select_related(
        "document__publication__edition__scorecard"
    )
    places = list(dict.fromkeys(str(stone.document) for stone in stones.defer("document__body")))
    context = {
        "scorecard": scorecard,
        "found": found,
        "places": places,
        "sealed": sealed(found) if found.confirmed_at is None and found.is_in_force else [],
        "steps": steps,
        "title": str(found),
        "erasures": found.erasures.select_related("document__publication__edition__scorecard").defer("document__body"),
    }
    form = chosen.form if chosen is not None else DecideForm(None, prefix="none")
    return form_page(request, "withholding/withholding.html", form, **context)


def _typed(step: Step) -> dict[str, Any]:
    """What a step takes beside who and when."""
    of = step.form.cleaned_data
    typed = {"lift": {"reason": of.get("reason")}, "ask": {"legal_reason": of.get("reason")}}.get(step.name, {})
    return typed if step.name == "ask" else {**typed, "alone": of.get("alone", False)}


def _steps(found: Withholding, person: User, data: Any) -> Iterator[Step]:
    """The steps that the person can take; none of those for which another has to be asked."""
    if found.lifted_at or found.erased_at:
        return
    nobody_else = not acts.others_who_decide(person).exists()
    is_own = found.withheld_by == person

    def form(name: str, label: str = "", help_text: str = "", *, first: User | None) -> DecideForm:
        sent = data if data is not None and name in data else None
        return DecideForm(sent, label=label, help_text=help_text, is_alone=first == person, prefix=name)

    def can_decide(first: User | None) -> bool:
        return first != person or nobody_else

    if found.confirmed_at is None and can_decide(found.withheld_by):
        about = "It stays withheld. Confirm that this is right, as a second person."
        told = "You have confirmed that it is withheld."
        yield Step("confirm", "Confirm", about, "Confirm", form("confirm", first=found.withheld_by), acts.confirm, told)
    if can_decide(found.withheld_by):
        about = "If it was withheld by mistake, readers can read it again, and the list says why."
        lifting = form("lift", "Why is it shown again?", "Readers see this.", first=person if is_own else None)
        yield Step("lift", "Show it again", about, "Show it again", lifting, acts.lift, "It can be read again.")
    if found.confirmed_at and not found.erasure_asked_at:
        about = "The original is sealed. Where the law asks for it, it can be erased for good: another officer does."
        asking = form("ask", "For which reason in law?", ERASURE_HELP, first=None)
        told = "Another performance officer can erase it now."
        yield Step("ask", "Ask for it to be erased", about, "Ask for erasure", asking, acts.ask_for_erasure, told)
    if found.erasure_asked_at and can_decide(found.erasure_asked_by):
        about = "This can’t be undone. What is published, and earlier versions in the history, lose it for good."
        erasing = form("erase", first=found.erasure_asked_by)
        yield Step("erase", "Erase it for good", about, "Erase", erasing, acts.erase, "It is erased.")


@dataclass(frozen=True)
class Entry:
    """One line of the public list."""

    at: datetime
    sentence: str
    what: str
    reports: Sequence[Published]
    later: str = ""
    key: int | None = None
    is_unconfirmed: bool = False


@require_safe
def withheld(request: HttpRequest, slug: str) -> HttpResponse:
    """What was withheld or revised in the scorecard's reports, when and why, the latest first."""
    scorecard = find_scorecard(request, slug)
    if scorecard is None:
        return redirect_to_login(request.get_full_path())
    publications = readable(scorecard, request.user).publications
    entries = [*_withheld_entries(publications), *_revised_entries(publications)]
    context = {
        "scorecard": scorecard,
        "entries": sorted(entries, key=lambda entry: entry.at, reverse=True),
        "decides": may(request.user, "withhold"),
    }
    return render(request, "withholding/withheld.html", context)


def _withheld_entries(publications: Sequence[Published]) -> Iterator[Entry]:
    by_document = {one.document: one for one in publications if one.withheld}
    if not by_document:
        return
    acts_of: dict[Withholding, dict[Published, None]] = {}
    for stone in Tombstone.objects.filter(document__in=by_document).select_related("withholding"):
        acts_of.setdefault(stone.withholding, {})[by_document[stone.document_id]] = None
    for one, reports in acts_of.items():
        yield Entry(
            at=one.withheld_at,
            sentence=one.tombstone,
            what=WithheldKind(one.kind).label,
            reports=sorted(reports, key=lambda report: (report.month, report.number)),
            later=one.later,
            key=one.pk,
            is_unconfirmed=one.is_in_force and one.confirmed_at is None,
        )


def _revised_entries(publications: Sequence[Published]) -> Iterator[Entry]:
    for one in publications:
        if one.revision:
            yield Entry(one.published_at, one.words, "Revision", [one])
