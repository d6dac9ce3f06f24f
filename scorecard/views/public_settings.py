"""The performance officer's pages for what the public reads of a scorecard, and for what has to be revised for it."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from indicators.models import User
from scorecard.access import officer_only
from scorecard.models import Scorecard
from scorecard.publication.codec import DocumentError
from scorecard.publication.reading import to_revise
from scorecard.publication.settings import change_settings, revise_waiting
from scorecard.publication.settings_forms import ReviseWaitingForm, SettingsForm
from scorecard.publication.shown import waiting_editions

from .form_pages import FORM_METHODS, form_page, posted, refusal_told
from .publishing import FILES_FOLLOW, answer_on_relation

logger = logging.getLogger(__name__)
UNREADABLE = (
    "A report that was published can’t be opened, so nobody can tell what this would show. Nothing was changed."
)


@login_required
@require_http_methods(FORM_METHODS)
def public_settings(request: HttpRequest, slug: str) -> HttpResponse:
    """What the public reads of a scorecard; changing it, once the officer has seen what that shows and takes down."""
    person = officer_only(request)
    scorecard = get_object_or_404(Scorecard.objects.select_related("shown_by"), slug=slug)
    sent = posted(request)
    only_answers = sent is not None and "relation" in sent
    if only_answers:
        # One of the relations that are listed was decided on: the settings stay as they were typed, and are asked anew.
        sent = sent.copy()
        answer, _, code = sent.pop("relation")[-1].partition(" ")
        sent.pop("fingerprint", None)
        answer_on_relation(request, code, answer)
    form = SettingsForm(sent, scorecard)
    try:
        if form.is_valid() and not form.asks and not only_answers:
            return _changed(request, form, person)
    except DocumentError:
        logger.exception("What %s shows can't be told, because a report can't be read.", scorecard)
        form.add_error(None, UNREADABLE)
    context = {"scorecard": scorecard, "waiting": to_revise(scorecard) if scorecard.is_public else []}
    return form_page(request, "publishing/public_settings.html", form, **context)


def _changed(request: HttpRequest, form: SettingsForm, person: User) -> HttpResponse:
    """The answer once the settings are saved, or the page again where somebody was quicker."""
    scorecard = form.scorecard
    if form.settings == form.stored:
        messages.info(request, "Nothing was changed.")
        return redirect("public_settings", scorecard.slug)
    with refusal_told(request, "this scorecard, or what it shows,"):
        new = change_settings(
            scorecard=scorecard,
            settings=form.settings,
            fingerprint=form.shown.fingerprint,
            because=form.cleaned_data["because"],
            by=person,
            now=timezone.now(),
        )
        messages.success(request, "Saved.")
        if new.is_public and to_revise(new).exists():
            return redirect("revise_waiting", scorecard.slug)
    return redirect("public_settings", scorecard.slug)


@login_required
@require_http_methods(FORM_METHODS)
def revise_all_waiting(request: HttpRequest, slug: str) -> HttpResponse:
    """The published editions that the public can't read as the settings are, and publishing their revisions."""
    person = officer_only(request)
    scorecard = get_object_or_404(Scorecard, slug=slug)
    form = ReviseWaitingForm(posted(request), scorecard)
    try:
        if form.is_valid():
            done = revise_waiting(
                scorecard=scorecard, reason=form.cleaned_data["reason"], by=person, now=timezone.now()
            )
            months = ", ".join(f"{month:%B %Y}" for month in done)
            if months:
                messages.success(request, f"Revised: {months}. {FILES_FOLLOW}")
            if to_revise(scorecard).exists():
                messages.warning(request, "Some are left: publish them as well.")
                return redirect("revise_waiting", slug)
            return redirect("public_settings", slug)
        waiting = waiting_editions(scorecard)
    except DocumentError:
        logger.exception("%s can't be revised, because a report can't be read.", scorecard)
        form.add_error(None, UNREADABLE)
        waiting = []
    return form_page(request, "publishing/revise_waiting.html", form, scorecard=scorecard, waiting=waiting)
