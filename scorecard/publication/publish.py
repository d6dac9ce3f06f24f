"""Publishing an edition, and revising one that is published: what was drafted is frozen, and stays as it is.

A draft is what publishing would freeze as the data stand now: a document for each audience.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from indicators.calculations.measure import Measure
from indicators.calculations.row import PeerGroup
from indicators.models import ChangedMeanwhileError, SecurityEventKind, User, save_all
from indicators.one_moment import one_moment
from indicators.security_log import record
from scorecard.disclosure import (
    DisclosurePlan,
    Document,
    mask_page,
    mask_report,
    plan_disclosure,
    plan_rounded,
    relations_of,
    round_document,
    sizes_taken_for_small,
    stored_figures,
)
from scorecard.disclosure.releases import figures_of
from scorecard.disclosure.texts import key_of
from scorecard.indicator_page import IndicatorPage, read_pages
from scorecard.indicator_page.assemble import rounded_pages
from scorecard.models import (
    Audience,
    Edition,
    EditionState,
    PeopleNamed,
    Publication,
    PublicationKind,
    PublicText,
    PublishedDocument,
    Scorecard,
    TextDecision,
    Tombstone,
    WithheldKind,
)
from scorecard.models.withholding import text_checksum
from scorecard.report import BoardReport, assemble_report
from scorecard.report.board import Revised, RevisionKind
from scorecard.rules import require

from .comparing import estimates_between, figures_in, other_changes, revised_figures, with_marks
from .document import FrozenReport, Pages, checksum_of, write_document
from .files import make_in_background
from .given_away import public_documents, published_before_rounding
from .reading import documents_for, read_frozen, redaction_by
from .redaction import exact_text
from .shown import SAY_WHY, Shown, shown_by_publishing

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
    # What the public does not see, where the scorecard hides small counts, and what it reads otherwise than before.
    plan: DisclosurePlan | None = None
    public_changes: tuple[Revised, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Tells whether it is still the draft that somebody was shown."""
        return sha256("\n".join(self.texts.values()).encode()).hexdigest()[:16]

    @cached_property
    def shown(self) -> Shown:
        """The small counts that it lets people read who could not before."""
        return shown_by_publishing(self.edition.scorecard, self.edition.month, self.texts)


def draft_edition(edition: Edition) -> Draft:
    """The draft of an edition's next publication. Nothing is written."""
    # Each of these gets a document of their own.
    scorecard = edition.scorecard
    audiences = [Audience.PANEL, Audience.PUBLIC] if scorecard.has_public_edition else [Audience.PANEL]
    with one_moment():
        (report, pages, plan), whole = _assembled(edition)
        latest = edition.publications.order_by("-number").first()
        earlier = {audience: _earlier_documents(edition, latest, audience) for audience in audiences}
    panel, text, is_new = _compare(report, pages, *earlier[Audience.PANEL])
    texts, public_changes = {Audience.PANEL: text}, panel.revised
    if Audience.PUBLIC in audiences:
        for_public, public_pages = whole
        if plan is not None:
            for_public, public_pages = (
                mask_report(for_public, plan),
                public_pages.each(partial(mask_page, plan=plan)),
            )
        people = PeopleNamed(scorecard.people_named)
        named, named_pages = naming(for_public, people), public_pages.each(partial(page_naming, people=people))
        shown, text, public_is_new = _compare(named, named_pages.each(without_names), *earlier[Audience.PUBLIC])
        texts[Audience.PUBLIC], is_new, public_changes = text, is_new or public_is_new, shown.revised
    return Draft(
        edition=edition,
        number=latest.number + 1 if latest else 1,
        report=panel,
        texts=texts,
        changes=panel.revised,
        is_new=is_new,
        plan=plan,
        public_changes=public_changes,
    )


Planned = tuple[BoardReport, Pages, DisclosurePlan | None]


def plan_edition(edition: Edition) -> Planned:
    """An edition's report and pages as the data stand now; and what the public will not see, if anything is hidden."""
    return _assembled(edition)[0]


def _assembled(edition: Edition) -> tuple[Planned, tuple[BoardReport, Pages]]:
    """What is planned, and what the public's document is made from: the same, or another from rounded counts."""
    scorecard = edition.scorecard
    with one_moment():
        exact = assemble_report(scorecard, edition.month)
        published = scorecard.editions.published().filter(month__lt=edition.month).values_list("month", flat=True)
        desk = read_pages(scorecard, exact, readable=[*published, edition.month], with_names=True)
        withheld = list(Tombstone.objects.everywhere())
        report, pages = exact, Pages.of(desk)
        if withheld:
            withheld = _still_so(report, pages, withheld)
            report, pages = _without_withheld(report, pages, withheld)
        if not scorecard.suppresses_small_counts:
            return (report, pages, None), (report, pages)
        relations, cleared = relations_of(), cleared_texts(scorecard)
        sizes = sizes_taken_for_small()
        largest = scorecard.largest_small_count
        sentences = {stone.withholding.tombstone for stone in withheld}
        if not scorecard.rounds_counts:
            now, ever = public_documents(relations, pages.longest.keys())
            elsewhere = {key for one in ever or now for key in one.public.pages} - pages.longest.keys()
            stored = stored_figures(relations, elsewhere)
            plan = plan_disclosure(
                *(report, pages.longest, relations, now, cleared, largest, sizes, sentences, ever, stored),
                numbers_from=scorecard.numbers_from,
            )
            return (report, pages, plan), (report, pages)
        rounded = round_document(Document(report, pages.longest), relations, *published_before_rounding(), largest)
        for_public = assemble_report(scorecard, edition.month, rounded.worked_out)
        public_pages = Pages.of(rounded_pages(desk, for_public, rounded.worked_out))
        if withheld:
            for_public, public_pages = _without_withheld(for_public, public_pages, withheld)
    document = Document(for_public, public_pages.longest)
    plan = plan_rounded(document, relations, rounded, cleared, largest, sentences, numbers_from=scorecard.numbers_from)
    return (report, pages, plan), (for_public, public_pages)


def _still_so(report: BoardReport, pages: Pages, stones: Sequence[Tombstone]) -> list[Tombstone]:
    """What is withheld wherever it was published, without figures that were corrected since."""
    now = figures_of(Document(report, pages.longest))

    def is_still_so(stone: Tombstone) -> bool:
        if stone.kind != WithheldKind.FIGURE:
            return True
        figure = now.get((stone.indicator or 0, stone.month or report.month))
        return figure is not None and exact_text(figure) == stone.figure

    return [stone for stone in stones if is_still_so(stone)]


def _without_withheld(report: BoardReport, pages: Pages, stones: Sequence[Tombstone]) -> tuple[BoardReport, Pages]:
    """What is withheld wherever it was published isn't published again."""
    frozen = FrozenReport(write_document(report, pages), redaction_by(stones))
    return frozen.report, frozen.pages


def cleared_texts(scorecard: Scorecard) -> dict[str, str | None]:
    """The texts near hidden counts that the public reads, by `DoubtfulText.key`: as they stand, or in other words.

    In the place of a public version that is withheld wherever it was published stands the sentence that says so.
    """
    decided = scorecard.public_texts.exclude(decision=TextDecision.WITHHELD).order_by()
    sentences = Tombstone.objects.sentences()
    return {
        key: sentences.get(text_checksum(wording), wording) or None
        for key, wording in decided.values_list("key", "wording")
    }


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
        if publication is None:
            return None
        # What the public may not read any more, nobody is told the difference from. One that is withheld is as if it
        # had not been: nothing of it is told again.
        documents = documents_for(edition.scorecard, audience).filter(publication=publication)
        return next((frozen for _, frozen in read_frozen(documents) if not frozen.is_withheld), None)

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
    """What a document says but for signals, and for what is better or worse; of comparator groups only which they are.

    Signals follow from the rest, by rules that another version may change. What officers can change of them, as when
    usual variation begins afresh, stands in a document as well. A group that gets another name is the same group.
    """
    left_out = ("signal", "assessment", "group_name")

    def essence(one: dict[str, Any]) -> dict[str, Any]:
        if one.keys() == set(PeerGroup._fields):
            return {"code": one["code"]}
        return {key: one[key] for key in one if key not in left_out}

    plain = json.loads(text, object_hook=essence)
    for page in (*plain["pages"].values(), *plain["long_pages"].values()):
        for point in page["points"]:
            del point["lines"], point["cause"], point["kind"]
    return plain


def naming(report: BoardReport, people: PeopleNamed) -> BoardReport:
    """The report with the names of no more people than these: of their own, each line's owner and reporter."""
    return replace(
        report,
        areas_of_focus=tuple(
            replace(focus, owner="") if people is PeopleNamed.NOBODY else focus for focus in report.areas_of_focus
        ),
        sections=tuple(
            replace(
                section,
                rows=tuple(row._replace(measure=_measure_naming(row.measure, people)) for row in section.rows),
            )
            for section in report.sections
        ),
    )


def page_naming(page: IndicatorPage, people: PeopleNamed) -> IndicatorPage:
    """An indicator's page with the names of no more people than these."""
    return replace(page, measure=_measure_naming(page.measure, people))


def _measure_naming(measure: Measure, people: PeopleNamed) -> Measure:
    return measure._replace(
        owner="" if people is PeopleNamed.NOBODY else measure.owner,
        reporter=measure.reporter if people is PeopleNamed.EVERYBODY else "",
    )


def without_names(page: IndicatorPage) -> IndicatorPage:
    """The page as anybody may read it: who revised a figure, and their reason, is for signed-in people."""
    revisions = tuple(revision._replace(who="", why="") for revision in page.revisions)
    return replace(page, revisions=revisions)


@transaction.atomic
def publish_edition(
    *, edition: Edition, fingerprint: str, by: User, now: datetime, shown_because: str = ""
) -> Publication:
    """Freeze an edition in review as the officer saw it, whose draft had this fingerprint, and let it be read.

    `shown_because` says why the public may read small counts that it could not before. Raises ChangedMeanwhileError
    when the draft is another by now, ValidationError when the edition is not in review or nobody says why.
    """
    current = locked(edition, by)
    if current.state != EditionState.IN_REVIEW:
        raise ValidationError(f"{current} is {current.get_state_display().lower()} by now.")
    draft = _same_draft(current, fingerprint)
    current.state = EditionState.PUBLISHED
    current.full_clean()
    current.save()
    return _freeze_with_files(draft, shown_because, kind=PublicationKind.ORIGINAL, reason="", by=by, now=now)


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
    shown_because: str = "",
) -> Publication:
    """Publish a revision of an edition beside what was published before, which stays readable.

    A new population is told of as scheduled, unless the one before was wrong. `shown_because` as for publishing. Where
    counts are hidden, whoever revises has cleared the reason for the public, and that is kept.
    Raises ChangedMeanwhileError when the draft is another by now, and ValidationError when nothing differs.
    """
    current = locked(edition, by)
    if current.state != EditionState.PUBLISHED:
        raise ValidationError(f"{current} is not published, so there is nothing to revise.")
    draft = _same_draft(current, fingerprint)
    if not draft.is_new:
        raise ValidationError(NOTHING_CHANGED)
    if population_was_wrong:
        draft = replace(draft, texts={audience: _as_correction(text) for audience, text in draft.texts.items()})
    return _freeze_with_files(draft, shown_because, kind=kind, reason=reason, by=by, now=now)


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


def _freeze_with_files(draft: Draft, shown_because: str, **fields: Any) -> Publication:
    if draft.shown and not shown_because.strip():
        raise ValidationError(SAY_WHY)
    publication = freeze(draft, shown_because=shown_because, **fields)
    # A minute's work at most, which nobody has to wait for.
    transaction.on_commit(partial(make_in_background, publication))
    return publication


def freeze(
    draft: Draft,
    *,
    kind: PublicationKind,
    reason: str,
    by: User | None,
    now: datetime,
    shown_because: str = "",
) -> Publication:
    """Store a draft as a publication with its documents. `by` is None for what the program does by itself.

    `shown_because` says why small counts become readable with it, where somebody decided that.
    """
    checksums = {audience: checksum_of(text) for audience, text in draft.texts.items()}
    publication = Publication(
        edition=draft.edition,
        number=draft.number,
        kind=kind,
        reason=reason,
        published_at=now,
        published_by=by,
        shown_because=shown_because if shown_because and draft.shown else "",
        shown_counts=draft.shown.number if shown_because else 0,
        checksum=combined_checksum(list(checksums.values())),
    )
    publication.full_clean()
    publication.save()
    is_first = kind is PublicationKind.ORIGINAL
    record(SecurityEventKind.PUBLISHED if is_first else SecurityEventKind.REVISED, by=by, about=publication)
    scorecard = draft.edition.scorecard
    left_out = {
        "hides_up_to": scorecard.largest_small_count if scorecard.suppresses_small_counts else 0,
        "rounds_counts": scorecard.rounds_counts,
        "people_named": scorecard.people_named,
    }
    PublishedDocument.objects.bulk_create(
        PublishedDocument(
            publication=publication,
            audience=audience,
            body=text,
            checksum=checksums[audience],
            **(left_out if audience is Audience.PUBLIC else {}),
        )
        for audience, text in draft.texts.items()
    )
    if reason and by is not None and draft.plan is not None:
        # The public reads the reason, and who publishes it has cleared it.
        row = PublicText(
            scorecard=scorecard,
            key=key_of(f"reason {draft.edition.month.isoformat()} {draft.number}", reason, sorted(draft.plan.hidden)),
            where=f"Reason of {publication}",
            month=draft.edition.month,
            text=reason,
            decision=TextDecision.CLEARED,
            decided_by=by,
            decided_at=now,
        )
        save_all([row], by=by)
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


def locked(edition: Edition, by: User) -> Edition:
    """The edition as it is stored, which nobody else moves or publishes until the transaction ends."""
    require(by, "manage_collection")
    return Edition.objects.select_for_update(of=("self",)).select_related("scorecard").get(pk=edition.pk)


def _same_draft(edition: Edition, fingerprint: str) -> Draft:
    draft = draft_edition(edition)
    if draft.fingerprint != fingerprint:
        raise ChangedMeanwhileError(edition)
    return draft
