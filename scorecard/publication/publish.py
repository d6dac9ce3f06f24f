"""Publishing an edition, and revising one that is published: what was drafted is frozen, and stays as it is.

A draft is what publishing would freeze as the data stand now: a document for each audience.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from indicators.models import ChangedMeanwhileError, User
from indicators.one_moment import one_moment
from scorecard.disclosure import (
    DisclosurePlan,
    Document,
    PublicDocument,
    mask_page,
    mask_report,
    plan_disclosure,
    relations_of,
    sizes_taken_for_small,
)
from scorecard.indicator_page import IndicatorPage, read_pages
from scorecard.models import (
    Audience,
    Edition,
    EditionState,
    Publication,
    PublicationKind,
    PublishedDocument,
    Scorecard,
)
from scorecard.report import BoardReport, assemble_report
from scorecard.report.board import Revised, RevisionKind
from scorecard.rules import require

from .comparing import estimates_between, figures_in, other_changes, revised_figures, with_marks
from .document import FrozenReport, Pages, checksum_of, write_document
from .files import make_in_background

NOTHING_CHANGED = "Nothing differs from what is published, so there is nothing to revise."
# When only the program has changed, as by a correction of its arithmetic.
ONLY_WORKED_OUT = Revised(None, "", "The report", "Worked-out columns", "", "", RevisionKind.CHANGED)


@dataclass(frozen=True)
class Draft:
    """A report ready to be frozen. `changes` are against what the panel was given before: for a revision everything
    that is another, for a first publication the figures that the edition before has otherwise.
    """

    edition: Edition
    number: int
    report: BoardReport
    texts: Mapping[Audience, str]
    changes: tuple[Revised, ...]
    # Whether it says anything else than what was published last.
    is_new: bool
    # What the public does not see, where the scorecard hides small counts.
    plan: DisclosurePlan | None = None

    @property
    def fingerprint(self) -> str:
        """Tells whether it is still the draft that somebody was shown."""
        return sha256("\n".join(self.texts.values()).encode()).hexdigest()[:16]


def draft_edition(edition: Edition) -> Draft:
    """The draft of an edition's next publication. Nothing is written."""
    scorecard = edition.scorecard
    # Each of these gets a document of their own.
    audiences = [Audience.PANEL, Audience.PUBLIC] if scorecard.suppresses_small_counts else [Audience.PANEL]
    with one_moment():
        report = assemble_report(scorecard, edition.month)
        published = scorecard.editions.published().filter(month__lt=edition.month).values_list("month", flat=True)
        desk = read_pages(scorecard, report, readable=[*published, edition.month], with_names=True)
        latest = edition.publications.order_by("-number").first()
        earlier = {audience: _earlier_documents(edition, latest, audience) for audience in audiences}
        relations, public, sizes = None, list[PublicDocument](), frozenset[int]()
        if Audience.PUBLIC in audiences:
            relations, public, sizes = relations_of(), public_documents(), sizes_taken_for_small()
    pages, plan = Pages.of(desk), None
    panel, text, is_new = _compare(report, pages, *earlier[Audience.PANEL])
    texts = {Audience.PANEL: text}
    if relations is not None:
        plan = plan_disclosure(report, pages.longest, relations, public, scorecard.largest_small_count, sizes)
        masked = pages.each(partial(mask_page, plan=plan)).each(without_names)
        _, text, public_is_new = _compare(mask_report(report, plan), masked, *earlier[Audience.PUBLIC])
        texts[Audience.PUBLIC], is_new = text, is_new or public_is_new
    return Draft(
        edition=edition,
        number=latest.number + 1 if latest else 1,
        report=panel,
        texts=texts,
        changes=panel.revised,
        is_new=is_new,
        plan=plan,
    )


def _earlier_documents(
    edition: Edition, latest: Publication | None, audience: Audience
) -> tuple[FrozenReport | None, FrozenReport | None]:
    """What the audience was given before: this edition's latest document, and that of the edition before it."""
    before = (
        Publication.objects.filter(edition__scorecard=edition.scorecard, edition__month__lt=edition.month)
        .order_by("-edition__month", "-number")
        .first()
    )

    def document_of(publication: Publication | None) -> FrozenReport | None:
        stored = PublishedDocument.objects.filter(publication=publication, audience=audience).first()
        return FrozenReport(stored.body) if publication and stored else None

    return document_of(latest), document_of(before)


def _compare(
    report: BoardReport, pages: Pages, own: FrozenReport | None, before: FrozenReport | None
) -> tuple[BoardReport, str, bool]:
    """The report as an audience gets it, marked against what they were given before; its document; and whether that
    says anything else than the edition's own latest one.
    """
    # Figures as they were published last.
    earlier = [document.pages for document in (before, own) if document]
    known = {key: figure for their in earlier for key, figure in figures_in(their).items()}
    estimates = estimates_between(known, [page for their in earlier for page in their.all], pages)
    changes = [*revised_figures(report, known, estimates)]
    marked, marked_pages = with_marks(report, pages, known)
    is_new = True
    if own is not None:
        same = replace(marked, revised=own.report.revised)
        is_new = without_judgements(write_document(same, marked_pages)) != without_judgements(own.text)
        changes += other_changes(own.report, report, estimates)
        if is_new and not changes:
            changes = [ONLY_WORKED_OUT]
    final = replace(marked, revised=tuple(changes))
    return final, write_document(final, marked_pages), is_new


def without_judgements(text: str) -> Any:
    """What a document says but for signals, and for what is better or worse.

    They follow from the rest, by rules that another version may change.

    What officers can change of them, as when usual variation begins afresh, stands in a document as well.
    """
    plain = json.loads(
        text, object_hook=lambda one: {key: one[key] for key in one if key not in ("signal", "assessment")}
    )
    for page in (*plain["pages"].values(), *plain["long_pages"].values()):
        for point in page["points"]:
            del point["lines"], point["cause"], point["kind"]
    return plain


def public_documents() -> list[PublicDocument]:
    """All that the public can read of any scorecard, or could if it were public, with what stands behind it."""
    found: dict[int, dict[Audience, FrozenReport]] = {}
    hides: dict[int, bool] = {}
    scorecard = "publication__edition__scorecard"
    stored = PublishedDocument.objects.filter(
        Q(**{f"{scorecard}__is_public": True}) | Q(**{f"{scorecard}__suppresses_small_counts": True})
    )
    for publication, is_hiding, audience, body in (
        stored.order_by("publication")
        .values_list("publication", f"{scorecard}__suppresses_small_counts", "audience", "body")
        .iterator(10)
    ):
        found.setdefault(publication, {})[Audience(audience)] = FrozenReport(body)
        hides[publication] = is_hiding
    public = []
    for publication, documents in found.items():
        panel = _for_audit(documents[Audience.PANEL])
        if not hides[publication]:
            public.append(PublicDocument(panel))
        elif Audience.PUBLIC in documents:
            # What was published before the scorecard hid anything, the public can't read any more.
            public.append(PublicDocument(_for_audit(documents[Audience.PUBLIC]), panel))
    return public


def _for_audit(document: FrozenReport) -> Document:
    """As disclosure control takes a report."""
    return Document(document.report, document.pages.longest)


def without_names(page: IndicatorPage) -> IndicatorPage:
    """The page as anybody may read it: who revised a figure, and their reason, is for signed-in people."""
    revisions = tuple(revision._replace(who="", why="") for revision in page.revisions)
    return replace(page, revisions=revisions)


@transaction.atomic
def publish_edition(*, edition: Edition, fingerprint: str, by: User, now: datetime) -> Publication:
    """Freeze an edition in review as the officer saw it, whose draft had this fingerprint, and let it be read.

    Raises ChangedMeanwhileError when the draft is another by now, ValidationError when the edition is not in review.
    """
    current = _locked(edition, by)
    if current.state != EditionState.IN_REVIEW:
        raise ValidationError(f"{current} is {current.get_state_display().lower()} by now.")
    draft = _same_draft(current, fingerprint)
    current.state = EditionState.PUBLISHED
    current.full_clean()
    current.save()
    return _freeze_with_files(draft, kind=PublicationKind.ORIGINAL, reason="", by=by, now=now)


@transaction.atomic
def revise_edition(
    *,
    edition: Edition,
    fingerprint: str,
    kind: PublicationKind,
    reason: str,
    by: User,
    now: datetime,
    population_was_wrong: bool = False,
) -> Publication:
    """Publish a revision of an edition beside what was published before, which stays readable.

    A new population is told of as scheduled, unless the one before was wrong.
    Raises ChangedMeanwhileError when the draft is another by now, and ValidationError when nothing differs.
    """
    current = _locked(edition, by)
    if current.state != EditionState.PUBLISHED:
        raise ValidationError(f"{current} is not published, so there is nothing to revise.")
    draft = _same_draft(current, fingerprint)
    if not draft.is_new:
        raise ValidationError(NOTHING_CHANGED)
    if population_was_wrong:
        draft = replace(draft, texts={audience: _as_correction(text) for audience, text in draft.texts.items()})
    return _freeze_with_files(draft, kind=kind, reason=reason, by=by, now=now)


def _as_correction(text: str) -> str:
    """A document in which new populations are corrections."""
    frozen = FrozenReport(text)
    revised = (
        change._replace(kind=RevisionKind.CORRECTION) if is_new_estimate(change) else change
        for change in frozen.report.revised
    )
    return write_document(replace(frozen.report, revised=tuple(revised)), frozen.pages)


def is_new_estimate(change: Revised) -> bool:
    """Whether it tells of a population as a scheduled change."""
    return change.is_of_population and change.kind is RevisionKind.SCHEDULED


def _freeze_with_files(draft: Draft, **fields: Any) -> Publication:
    publication = freeze(draft, **fields)
    # A minute's work at most, which nobody has to wait for.
    transaction.on_commit(partial(make_in_background, publication))
    return publication


def freeze(draft: Draft, *, kind: PublicationKind, reason: str, by: User | None, now: datetime) -> Publication:
    """Store a draft as a publication with its documents. `by` is None for what the program does by itself."""
    checksums = {audience: checksum_of(text) for audience, text in draft.texts.items()}
    publication = Publication(
        edition=draft.edition,
        number=draft.number,
        kind=kind,
        reason=reason,
        published_at=now,
        published_by=by,
        checksum=combined_checksum(list(checksums.values())),
    )
    publication.full_clean()
    publication.save()
    PublishedDocument.objects.bulk_create(
        PublishedDocument(publication=publication, audience=audience, body=text, checksum=checksums[audience])
        for audience, text in draft.texts.items()
    )
    return publication


@transaction.atomic
def freeze_published(scorecard: Scorecard, now: datetime) -> list[Publication]:
    """Freeze those of a scorecard's published editions that are not yet, earliest first, as the data stand now.

    Their files are left to the caller, or to whoever asks for them first.
    """
    # Of two at the same moment the second waits, and finds nothing left to freeze.
    Scorecard.objects.select_for_update().get(pk=scorecard.pk)
    waiting = scorecard.editions.filter(state=EditionState.PUBLISHED, publications=None).order_by("month")
    return [
        freeze(draft_edition(edition), kind=PublicationKind.ORIGINAL, reason="", by=None, now=now)
        for edition in waiting.select_related("scorecard")
    ]


def combined_checksum(checksums: list[str]) -> str:
    """One checksum of a publication's documents, whatever their order."""
    return sha256("\n".join(sorted(checksums)).encode()).hexdigest()


def _locked(edition: Edition, by: User) -> Edition:
    require(by, "manage_collection")
    return Edition.objects.select_for_update(of=("self",)).select_related("scorecard").get(pk=edition.pk)


def _same_draft(edition: Edition, fingerprint: str) -> Draft:
    draft = draft_edition(edition)
    if draft.fingerprint != fingerprint:
        raise ChangedMeanwhileError(edition)
    return draft
