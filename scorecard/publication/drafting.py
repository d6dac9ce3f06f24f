"""What publishing an edition would freeze, as the data stand now: a document for each audience."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import NamedTuple

from django.db.models import Q

from indicators.one_moment import one_moment
from scorecard.disclosure import (
    DisclosurePlan,
    Document,
    PublicDocument,
    mask_page,
    mask_report,
    plan_disclosure,
    relations_of,
)
from scorecard.indicator_page import IndicatorPage, read_pages
from scorecard.models import Audience, Edition, Publication, PublishedDocument, Scorecard
from scorecard.report import BoardReport, assemble_report
from scorecard.report.board import Revised, RevisionKind

from .document import FrozenReport, Pages, write_document
from .revising import FiguresByMonth, figures_in, other_changes, revised_figures, with_marks

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


@dataclass(frozen=True)
class Predecessors:
    """What an audience was given before: this edition's latest document, and that of the edition before it."""

    own: FrozenReport | None
    before: FrozenReport | None

    @property
    def figures(self) -> FiguresByMonth:
        """Figures as they were published last."""
        found = [figures_in(document.pages) for document in (self.before, self.own) if document]
        return {key: figure for figures in found for key, figure in figures.items()}


class AudienceDraft(NamedTuple):
    """The report as an audience gets it, its document, and whether that differs from the one they have."""

    report: BoardReport
    text: str
    is_new: bool


def draft_edition(edition: Edition) -> Draft:
    """The draft of an edition's next publication. Nothing is written."""
    scorecard = edition.scorecard
    audiences = audiences_of(scorecard)
    with one_moment():
        report = assemble_report(scorecard, edition.month)
        published = scorecard.editions.published().filter(month__lt=edition.month).values_list("month", flat=True)
        desk = read_pages(scorecard, report, readable=[*published, edition.month], with_names=True)
        latest = edition.publications.order_by("-number").first()
        predecessors = {audience: _predecessors(edition, latest, audience) for audience in audiences}
        relations, public = (relations_of(), public_documents()) if Audience.PUBLIC in audiences else (None, ())
    pages = Pages.of(desk)
    drafts = {Audience.PANEL: _draft(report, pages, predecessors[Audience.PANEL])}
    plan = None
    if relations is not None:
        plan = plan_disclosure(report, pages.longest, relations, public)
        masked = pages.each(partial(_masked, plan))
        drafts[Audience.PUBLIC] = _draft(mask_report(report, plan), masked, predecessors[Audience.PUBLIC])
    panel = drafts[Audience.PANEL]
    return Draft(
        edition=edition,
        number=latest.number + 1 if latest else 1,
        report=panel.report,
        texts={audience: draft.text for audience, draft in drafts.items()},
        changes=panel.report.revised,
        is_new=any(draft.is_new for draft in drafts.values()),
        plan=plan,
    )


def _masked(plan: DisclosurePlan, page: IndicatorPage) -> IndicatorPage:
    return without_names(mask_page(page, plan))


def audiences_of(scorecard: Scorecard) -> list[Audience]:
    """Who gets a document of their own."""
    return [Audience.PANEL, Audience.PUBLIC] if scorecard.suppresses_small_counts else [Audience.PANEL]


def _predecessors(edition: Edition, latest: Publication | None, audience: Audience) -> Predecessors:
    before = (
        Publication.objects.filter(edition__scorecard=edition.scorecard, edition__month__lt=edition.month)
        .order_by("-edition__month", "-number")
        .first()
    )

    def document_of(publication: Publication | None) -> FrozenReport | None:
        stored = PublishedDocument.objects.filter(publication=publication, audience=audience).first()
        return FrozenReport(stored.body) if publication and stored else None

    return Predecessors(document_of(latest), document_of(before))


def _draft(report: BoardReport, pages: Pages, predecessors: Predecessors) -> AudienceDraft:
    known = predecessors.figures
    changes = [*revised_figures(report, known)]
    marked, marked_pages = with_marks(report, pages, known)
    is_new = True
    if predecessors.own is not None:
        own = predecessors.own.report
        is_new = write_document(replace(marked, revised=own.revised), marked_pages) != predecessors.own.text
        changes += other_changes(own, report)
        if is_new and not changes:
            changes = [ONLY_WORKED_OUT]
    final = replace(marked, revised=tuple(changes))
    return AudienceDraft(final, write_document(final, marked_pages), is_new)


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
