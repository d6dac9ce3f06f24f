"""The performance officer's pages for publishing an edition, and for revising one that is published."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from indicators.calculations.months import month_text as text_of_month
from indicators.models import ChangedMeanwhileError
from scorecard.access import edition_at, officer_only
from scorecard.disclosure import decide, undeclared_relations
from scorecard.models import Audience, Edition, EditionState, PublicationKind
from scorecard.publication.checklist import Check, checks_of, disclosure_checks, printing_check
from scorecard.publication.codec import DocumentError
from scorecard.publication.forms import CHANGED_MEANWHILE, PublishForm, ReviseForm
from scorecard.publication.publish import Draft, draft_edition, publish_edition, revise_edition
from scorecard.sheet.assemble import assemble_sheet

from .form_pages import FORM_METHODS, form_page, posted

logger = logging.getLogger(__name__)
FILES_FOLLOW = "Its files are being made, and are all there within a minute."


@login_required
@require_http_methods(FORM_METHODS)
def publish(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """What an edition still lacks, and publishing it."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    draft = _draft(request, edition, EditionState.IN_REVIEW, "an edition in review can be published")
    if isinstance(draft, HttpResponse):
        return draft
    checks = checks_of(assemble_sheet(edition), draft.report, draft.changes)
    is_complete = not any(check.found for check in checks)
    form = PublishForm(posted(request), fingerprint=draft.fingerprint, is_complete=is_complete)
    if form.is_valid():
        try:
            publish_edition(edition=edition, fingerprint=draft.fingerprint, by=person, now=timezone.now())
        except (ChangedMeanwhileError, ValidationError) as error:
            form.add_error(None, _refusal(error))
        else:
            told = f"{edition.month:%B %Y} is published. The report stays as it is now. {FILES_FOLLOW}"
            messages.success(request, told)
            return redirect("report", slug, month_text)
    context = {
        "edition": edition,
        "can_be_read": edition.scorecard.has_figures_for(edition.month),
        "draft": draft,
        "checks": checks,
        "hidden": _hidden(edition, draft),
        "undeclared": undeclared_relations() if draft.plan is not None else [],
    }
    return form_page(request, "publishing/publish.html", form, **context)


@login_required
@require_http_methods(FORM_METHODS)
def revise(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """What a revision of a published edition would change, and publishing it beside the original."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    draft = _draft(request, edition, EditionState.PUBLISHED, "a published edition can be revised")
    if isinstance(draft, HttpResponse):
        return draft
    form = ReviseForm(
        posted(request), fingerprint=draft.fingerprint, changes=draft.changes, hides_counts=draft.plan is not None
    )
    if form.is_valid():
        try:
            revise_edition(
                edition=edition,
                fingerprint=draft.fingerprint,
                kind=PublicationKind(form.cleaned_data["kind"]),
                reason=form.cleaned_data["reason"],
                population_was_wrong=form.cleaned_data.get("population_was_wrong", False),
                by=person,
                now=timezone.now(),
            )
        except (ChangedMeanwhileError, ValidationError) as error:
            form.add_error(None, _refusal(error))
        else:
            told = f"The revision of {edition.month:%B %Y} is published beside the original. {FILES_FOLLOW}"
            messages.success(request, told)
            return redirect("report", slug, month_text)
    context = {
        "edition": edition,
        "draft": draft,
        "hidden": _hidden(edition, draft),
        "undeclared": undeclared_relations() if draft.plan is not None else [],
        "printing": printing_check(draft.report),
    }
    return form_page(request, "publishing/revise.html", form, **context)


@login_required
@require_POST
def decide_relation(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """Keeps whether readers know of a relation that was found in the figures, and goes back to publishing."""
    officer_only(request)
    edition = edition_at(slug, month_text)
    code, answer = request.POST.get("relation"), request.POST.get("answer")
    chosen = next((one for one in undeclared_relations() if one.code == code), None)
    if chosen is None or answer not in ("known", "unknown"):
        messages.warning(request, "Nothing was kept: the relation was decided on meanwhile, or doesn’t hold any more.")
    else:
        decide(chosen, is_known=answer == "known")
        told = "counts as known to readers" if answer == "known" else "counts as unknown to readers"
        messages.success(request, f"{chosen.words}: {told}. You can change that under Checks between indicators.")
    is_published = edition.state == EditionState.PUBLISHED
    return redirect("revise_edition" if is_published else "publish_edition", slug, month_text)


def _draft(request: HttpRequest, edition: Edition, state: EditionState, rule: str) -> Draft | HttpResponse:
    """What would be published of an edition in the state; or the answer that says why it can't be, with the rule."""
    if edition.state != state:
        messages.warning(request, f"{edition} is {edition.get_state_display().lower()}: only {rule}.")
        return redirect("collection", edition.scorecard.slug, text_of_month(edition.month))
    try:
        return draft_edition(edition)
    except DocumentError:
        # Without what was published before, neither what has changed can be told, nor what the public could work out.
        logger.exception("%s can't be published, because an earlier report can't be read.", edition)
        return render(request, "publishing/unreadable.html", {"edition": edition}, status=503)


def _hidden(edition: Edition, draft: Draft) -> list[Check]:
    """What the public will not see, where the scorecard hides small counts."""
    if draft.plan is None:
        return []
    editions = edition.scorecard.editions.published().exclude(pk=edition.pk)
    unreadable = editions.exclude(publications__documents__audience=Audience.PUBLIC).order_by("month")
    return disclosure_checks(draft.plan, unreadable.values_list("month", flat=True))


def _refusal(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else CHANGED_MEANWHILE
