"""The performance officer's pages for publishing an edition, and for revising one that is published."""

from __future__ import annotations

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from indicators.calculations.formatting import counted
from indicators.calculations.months import month_text as text_of_month
from indicators.calculations.plain_text import plain_text
from indicators.models import ChangedMeanwhileError
from indicators.models.audited import REFUSED
from scorecard.access import edition_at, officer_only
from scorecard.disclosure import decide, undeclared_relations
from scorecard.models import Edition, EditionState, PublicationKind, TextDecision
from scorecard.publication.checklist import TEXTS, Check, checks_of, disclosure_checks
from scorecard.publication.codec import DocumentError
from scorecard.publication.forms import CHANGED_MEANWHILE, PublishForm, ReviseForm
from scorecard.publication.public_texts import PublicTextsPage, TextForm, decide_on_texts
from scorecard.publication.publish import Draft, draft_edition, publish_edition, revise_edition
from scorecard.publication.reading import report_before, to_revise
from scorecard.sheet.assemble import assemble_sheet

from .form_pages import FORM_METHODS, form_page, posted
from .reports import no_draft

TEXTS_CHANGED = "Nothing was decided: a text, what is hidden near it, or a decision on it has changed. Look again."
# What was typed while a relation was decided on is there again on the page that comes next.
TYPED, TYPED_FIELDS, MOST_TYPED = "typed_for_publishing", ("kind", "reason", "shown_because"), 2000
FILES_FOLLOW = "The files are being made, and are all there within a minute."


@login_required
@require_http_methods(FORM_METHODS)
def publish(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """What an edition still lacks, and publishing it."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    draft = _draft(request, edition, EditionState.IN_REVIEW, "an edition in review can be published")
    if isinstance(draft, HttpResponse):
        return draft
    sheet = assemble_sheet(edition)
    checks = checks_of(sheet, draft.report, draft.changes, before=report_before(edition))
    hidden = [check._replace(sheet=sheet) for check in _hidden(edition, draft)]
    # Cells stay hidden whatever is looked at; what waits for a decision is to be looked at.
    to_look_at = (*checks, *(one for one in hidden if one.title == TEXTS))
    is_complete = not any(check.found or check.same for check in to_look_at)
    form = PublishForm(posted(request), fingerprint=draft.fingerprint, is_complete=is_complete, shows=bool(draft.shown))
    form.initial = request.session.pop(TYPED, {})
    if form.is_valid():
        try:
            publish_edition(
                edition=edition,
                fingerprint=draft.fingerprint,
                shown_because=form.cleaned_data.get("shown_because", ""),
                by=person,
                now=timezone.now(),
            )
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
        "hidden": hidden,
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
    sheet = assemble_sheet(edition)
    changed = {change.indicator for change in draft.changes if change.indicator is not None}
    checks = checks_of(sheet, draft.report, draft.changes, only=changed, before=report_before(edition))
    # What is the same in every report was looked at before the first one.
    checks = [check for check in checks if check.found]
    form = ReviseForm(
        posted(request),
        fingerprint=draft.fingerprint,
        is_complete=not checks,
        changes=draft.changes,
        hides_counts=draft.plan is not None,
        shows=bool(draft.shown),
    )
    form.initial = request.session.pop(TYPED, {})
    if form.is_valid():
        try:
            revise_edition(
                edition=edition,
                fingerprint=draft.fingerprint,
                kind=PublicationKind(form.cleaned_data["kind"]),
                reason=form.cleaned_data["reason"],
                shown_because=form.cleaned_data.get("shown_because", ""),
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
        "checks": checks,
        "hidden": [check._replace(sheet=sheet) for check in _hidden(edition, draft)],
        "undeclared": undeclared_relations() if draft.plan is not None else [],
    }
    return form_page(request, "publishing/revise.html", form, **context)


@login_required
@require_POST
def decide_relation(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """Keeps whether readers know of a relation that was found in the figures, and goes back to publishing."""
    officer_only(request)
    edition = edition_at(slug, month_text)
    answer, _, code = request.POST.get("relation", "").partition(" ")
    answer_on_relation(request, code, answer)
    request.session[TYPED] = {name: request.POST[name][:MOST_TYPED] for name in TYPED_FIELDS if name in request.POST}
    is_published = edition.state == EditionState.PUBLISHED
    return redirect("revise_edition" if is_published else "publish_edition", slug, month_text)


def answer_on_relation(request: HttpRequest, code: str | None, answer: str | None) -> None:
    """Keeps whether readers know the relation with the code, and says so on the page that comes next."""
    chosen = next((one for one in undeclared_relations() if one.code == code), None)
    if chosen is None or answer not in ("known", "unknown"):
        messages.warning(request, "Nothing was kept: the relation was decided on meanwhile, or doesn’t hold any more.")
    else:
        decide(chosen, is_known=answer == "known")
        told = "counts as known to readers" if answer == "known" else "counts as unknown to readers"
        messages.success(request, f"{chosen.words}: {told}. You can change that under Checks between indicators.")


def _draft(request: HttpRequest, edition: Edition, state: EditionState, rule: str) -> Draft | HttpResponse:
    """What would be published of an edition in the state; or the answer that says why it can't be, with the rule."""
    if edition.state != state:
        messages.warning(request, f"{edition} is {edition.get_state_display().lower()}: only {rule}.")
        return redirect("collection", edition.scorecard.slug, text_of_month(edition.month))
    try:
        return draft_edition(edition)
    except DocumentError as error:
        return no_draft(request, edition, error)


def _hidden(edition: Edition, draft: Draft) -> list[Check]:
    """What the public will not see, where the scorecard hides small counts."""
    if draft.plan is None:
        return []
    unreadable = to_revise(edition.scorecard).exclude(pk=edition.pk)
    kept = edition.scorecard.public_texts.filter(decision=TextDecision.WITHHELD).order_by()
    return disclosure_checks(
        draft.plan, unreadable.values_list("month", flat=True), set(kept.values_list("key", flat=True))
    )


@login_required
@require_http_methods(FORM_METHODS)
def public_texts(request: HttpRequest, slug: str, month_text: str) -> HttpResponse:
    """The texts near hidden counts, and which of them the public reads."""
    person = officer_only(request)
    edition = edition_at(slug, month_text)
    form = TextForm(posted(request))
    try:
        if form.is_valid():
            decided, decision = form.cleaned_data, TextDecision(form.cleaned_data["decision"])
            try:
                count = decide_on_texts(
                    edition=edition,
                    seen=decided["seen"],
                    decision=decision,
                    wording=decided["wording"],
                    by=person,
                    now=timezone.now(),
                )
            except REFUSED:
                form.add_error(None, TEXTS_CHANGED)
            else:
                messages.success(request, f"{decision.label}. {counted(count, 'text')} decided on.")
                at = request.POST.get("at", "")
                anchor = f"?at={at}#{at}" if re.fullmatch(r"[a-z0-9-]{1,40}", at) else ""
                return redirect(reverse("public_texts", args=[slug, month_text]) + anchor)
        # What was typed is never lost: it comes back at its text, or above all if that is another text by now.
        typed = plain_text(form.data.get("wording", "")) if form.errors else ""
        at = form.data.get("text", "").partition(".")[0] if form.errors else ""
        page = PublicTextsPage.of(edition, at or request.GET.get("at", ""))
        context = {"page": page, "edition": edition, "typed": typed, "typed_at": at}
        return form_page(request, "publishing/public_texts.html", form, **context)
    except DocumentError as error:
        return no_draft(request, edition, error)


def _refusal(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else CHANGED_MEANWHILE
