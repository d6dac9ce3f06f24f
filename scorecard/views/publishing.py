"""The performance officer's pages for publishing an edition, and for revising one that is published."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from indicators.models import ChangedMeanwhileError
from scorecard.access import edition_at, officer_only
from scorecard.models import Audience, Edition, EditionState, PublicationKind
from scorecard.publication.checklist import Check, checks_of, disclosure_checks
from scorecard.publication.codec import DocumentError
from scorecard.publication.forms import CHANGED_MEANWHILE, PublishForm, ReviseForm
from scorecard.publication.publish import Draft, draft_edition, publish_edition, revise_edition
from scorecard.sheet.assemble import assemble_sheet

logger = logging.getLogger(__name__)
FILES_FOLLOW = "Its files are being made, and are all there within a minute."


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """What an edition still lacks, and publishing it."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    if edition.state != EditionState.IN_REVIEW:
        words = f"{edition} is {edition.get_state_display().lower()}: only an edition in review can be published."
        messages.warning(request, words)
        return redirect("collection", slug, month_text)
    try:
        draft = draft_edition(edition)
    except DocumentError as error:
        return _earlier_unreadable(request, edition, error)
    checks = checks_of(assemble_sheet(edition), draft.report, draft.changes)
    form = PublishForm(
        _posted(request), fingerprint=draft.fingerprint, is_complete=not any(check.found for check in checks)
    )
    if form.is_valid():
        try:
            publish_edition(edition=edition, fingerprint=draft.fingerprint, by=person, now=timezone.now())
        except (ChangedMeanwhileError, ValidationError) as error:
            form.add_error(None, _refusal(error))
        else:
            messages.success(
                request, f"{edition.month:%B %Y} is published. The report stays as it is now. {FILES_FOLLOW}"
            )
            return redirect("report", slug, month_text)
    context = {
        "edition": edition,
        "can_be_read": edition.scorecard.has_figures_for(edition.month),
        "draft": draft,
        "checks": checks,
        "hidden": _hidden(edition, draft),
        "form": form,
    }
    return render(request, "publishing/publish.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """What a revision of a published edition would change, and publishing it beside the original."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    if edition.state != EditionState.PUBLISHED:
        words = f"{edition} is {edition.get_state_display().lower()}: only a published edition can be revised."
        messages.warning(request, words)
        return redirect("collection", slug, month_text)
    try:
        draft = draft_edition(edition)
    except DocumentError as error:
        return _earlier_unreadable(request, edition, error)
    form = ReviseForm(_posted(request), fingerprint=draft.fingerprint, hides_counts=draft.plan is not None)
    if form.is_valid():
        try:
            revise_edition(
                edition=edition,
                fingerprint=draft.fingerprint,
                kind=PublicationKind(form.cleaned_data["kind"]),
                reason=form.cleaned_data["reason"],
                by=person,
                now=timezone.now(),
            )
        except (ChangedMeanwhileError, ValidationError) as error:
            form.add_error(None, _refusal(error))
        else:
            messages.success(
                request, f"The revision of {edition.month:%B %Y} is published beside the original. {FILES_FOLLOW}"
            )
            return redirect("report", slug, month_text)
    context = {"edition": edition, "draft": draft, "hidden": _hidden(edition, draft), "form": form}
    return render(request, "publishing/revise.html", context, status=422 if form.errors else 200)


def _earlier_unreadable(request: HttpRequest, edition: Edition, error: DocumentError) -> HttpResponse:
    """Without what was published before, neither what has changed can be told, nor what the public could work out."""
    logger.error("%s can't be published, because an earlier report can't be read: %s", edition, error)
    return render(request, "publishing/unreadable.html", {"edition": edition}, status=503)


def _hidden(edition: Edition, draft: Draft) -> list[Check]:
    """What the public will not see, where the scorecard hides small counts."""
    if draft.plan is None:
        return []
    editions = edition.scorecard.editions.published().exclude(pk=edition.pk)
    unreadable = editions.exclude(publications__documents__audience=Audience.PUBLIC).order_by("month")
    return disclosure_checks(draft.plan, unreadable.values_list("month", flat=True))


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _refusal(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else CHANGED_MEANWHILE
