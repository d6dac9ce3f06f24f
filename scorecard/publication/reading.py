"""Finding what was published, and reading its document."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from threading import Lock
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q, Subquery, Sum

from indicators.moments import day_in_words
from scorecard.council.look import said
from scorecard.models import (
    Audience,
    Edition,
    PeopleNamed,
    Publication,
    PublicationKind,
    PublishedDocument,
    Scorecard,
    Tombstone,
    WithheldKind,
)
from scorecard.models.withholding import text_checksum
from scorecard.report import BoardReport
from scorecard.rules import has_lines_on, is_panel_member, may

from .codec import DocumentError
from .document import FrozenReport
from .redaction import NOTHING, Redaction

RESTRICTED = "For the panel only: it shows small counts that are hidden from the public. Please don’t pass it on."
# A document is a few hundred kilobytes, and readers mostly read the latest ones.
DOCUMENTS_KEPT = 8


class Published(NamedTuple):
    """A publication of an edition for an audience. `latest` is the number of the edition's latest one.

    `is_for_panel_only` is said of what the panel reads where the public reads something else.
    """

    slug: str
    audience: Audience
    month: date
    meeting_date: date | None
    number: int
    latest: int
    kind: PublicationKind
    reason: str
    published_at: datetime
    document: int
    checksum: str
    is_for_panel_only: bool = False
    # Counts from 1 to this one are hidden in it; 0 where none are.
    hides_up_to: int = 0
    # Rises with whatever is withheld of the document, confirmed, lifted or erased.
    withheld: int = 0
    # What stands in place of the whole publication; empty where it can be read.
    tombstone: str = ""
    # By how much indicators' numbers are lower in its document than here.
    numbers_from: int = 0

    def __str__(self) -> str:
        revision = f", revision {self.revision}" if self.revision else ""
        return f"{self.slug}, {self.month:%B %Y}{revision}, for {self.audience.label.lower()}"

    @property
    def is_outdated(self) -> bool:
        return self.number < self.latest

    @property
    def words(self) -> str:
        """When and why it was published, in a sentence."""
        day = day_in_words(self.published_at)
        if not self.revision:
            return f"Published on {day}."
        return f"Revised on {day} ({self.kind.label.lower()}): {self.reason}"

    @property
    def revision(self) -> int:
        """0 for the first publication, then 1, 2 and so on."""
        return self.number - 1


def audience_of(scorecard: Scorecard, reader: Any) -> Audience:
    """Whose document somebody reads."""
    if not scorecard.has_public_edition or may(reader, "read_unpublished"):
        return Audience.PANEL
    if scorecard.suppresses_small_counts:
        reads_all = may(reader, "read_small_counts", scorecard)
    else:
        reads_all = (is_panel_member | has_lines_on)(reader, scorecard)
    return Audience.PANEL if reads_all else Audience.PUBLIC


def documents_for(scorecard: Scorecard, audience: Audience) -> models.QuerySet[PublishedDocument]:
    """The documents that the audience may read of the scorecard, as its settings are now.

    What was published for the public with less left out than these say, or hidden where counts are rounded, and the
    other way round, is not for the public any more.
    """
    found = PublishedDocument.objects.filter(publication__edition__scorecard=scorecard, audience=audience)
    if audience is Audience.PANEL:
        return found
    if scorecard.suppresses_small_counts:
        found = found.filter(hides_up_to__gte=scorecard.largest_small_count, rounds_counts=scorecard.rounds_counts)
    return found.filter(people_named__in=PeopleNamed(scorecard.people_named).and_fewer)


def to_revise(scorecard: Scorecard) -> models.QuerySet[Edition]:
    """The published editions whose latest publication the public can't read as the settings are now, earliest first."""
    latest = Publication.objects.filter(edition=OuterRef("pk")).order_by("-number").values("pk")[:1]
    editions = scorecard.editions.published().order_by("month").annotate(latest=Subquery(latest))
    if not scorecard.has_public_edition:
        return editions.none()
    return editions.exclude(latest__in=documents_for(scorecard, Audience.PUBLIC).values("publication"))


def to_hide_counts(scorecard: Scorecard) -> models.QuerySet[Edition]:
    """Those of the editions to revise that show the public small counts; in the others it reads too many names."""
    hiding = PublishedDocument.objects.filter(
        audience=Audience.PUBLIC,
        hides_up_to__gte=scorecard.largest_small_count,
        rounds_counts=scorecard.rounds_counts,
    ).values("publication")
    return (
        to_revise(scorecard).exclude(latest__in=hiding) if scorecard.suppresses_small_counts else Edition.objects.none()  # type: ignore[misc]
    )


def taken_down(scorecard: Scorecard, audience: Audience) -> list[date]:
    """The months, latest first, whose report was published and that the audience can't read until it is revised."""
    if audience is Audience.PANEL:
        return []
    readable = documents_for(scorecard, audience).values("publication__edition")
    return list(to_revise(scorecard).exclude(pk__in=readable).order_by("-month").values_list("month", flat=True))


def publications_for(scorecard: Scorecard, audience: Audience) -> list[Published]:
    """Everything that the audience may read of the scorecard: the latest month first, of each the latest first."""
    stones = Tombstone.objects.filter(document=OuterRef("pk")).order_by().values("document")
    hiding = PublishedDocument.objects.filter(
        publication=OuterRef("publication"), audience=Audience.PUBLIC, hides_up_to__gt=0
    )
    rows = (
        documents_for(scorecard, audience)
        .order_by("-publication__edition__month", "-publication__number")
        .values_list(
            "publication__edition__month",
            "publication__edition__meeting_date",
            "publication__number",
            "publication__kind",
            "publication__reason",
            "publication__published_at",
            "pk",
            "checksum",
            ExpressionWrapper(Q(audience=Audience.PANEL) & Exists(hiding), models.BooleanField()),
            "hides_up_to",
            Subquery(stones.annotate(versions=Sum("withholding__version")).values("versions")),
            "numbers_from",
        )
    )
    found: list[Published] = []
    latest: dict[date, int] = {}
    for month, meeting_date, number, kind, reason, published_at, *rest in rows:
        key, checksum, is_for_panel_only, hides_up_to, withheld, numbers_from = rest
        # The latest of each month comes first.
        newest = latest.setdefault(month, number)
        found.append(
            Published(
                scorecard.slug,
                audience,
                month,
                meeting_date,
                number,
                newest,
                PublicationKind(kind),
                reason,
                published_at,
                key,
                checksum,
                is_for_panel_only,
                hides_up_to if audience is Audience.PUBLIC else 0,
                withheld or 0,
                numbers_from=numbers_from,
            )
        )
    return _with_tombstones(found)


def _with_tombstones(publications: list[Published]) -> list[Published]:
    """Those that are withheld as a whole, or whose reason is, say so. Asked for only where anything is withheld."""
    touched = [one.document for one in publications if one.withheld]
    if not touched:
        return publications
    whole: dict[int, str] = {}
    reasons: dict[tuple[int, str], str] = {}
    for stone in _in_force(touched).filter(kind__in=[WithheldKind.PUBLICATION, WithheldKind.REASON]):
        if stone.kind == WithheldKind.PUBLICATION:
            whole.setdefault(stone.document_id, stone.withholding.tombstone)
        else:
            reasons[stone.document_id, stone.text] = stone.withholding.tombstone

    def shown(one: Published) -> Published:
        reason = reasons.get((one.document, text_checksum(one.reason)), one.reason)
        tombstone = whole.get(one.document, "")
        return one._replace(reason=tombstone or reason, tombstone=tombstone)

    return [shown(one) if one.withheld else one for one in publications]


def _in_force(documents: Iterable[int]) -> models.QuerySet[Tombstone]:
    in_force = Tombstone.objects.filter(document__in=documents, withholding__lifted_at__isnull=True)
    return in_force.select_related("withholding").order_by("pk")


def redaction_of(document: int) -> Redaction:
    """What is withheld of a document now."""
    return redaction_by(_in_force([document]))


def redaction_by(stones: Iterable[Tombstone]) -> Redaction:
    """What tombstones that are in force take out of a document; the first of several at one place has the word."""
    whole = ""
    texts: dict[str, str] = {}
    figures: dict[tuple[int, date], str] = {}
    lines: dict[int, str] = {}
    for stone in stones:
        sentence = stone.withholding.tombstone
        if stone.kind == WithheldKind.PUBLICATION:
            whole = whole or sentence
        elif stone.kind == WithheldKind.TEXT and stone.text:
            texts.setdefault(stone.text, sentence)
        elif stone.indicator is not None and stone.month is not None:
            figures.setdefault((stone.indicator, stone.month), sentence)
        elif stone.indicator is not None:
            lines.setdefault(stone.indicator, sentence)
    return Redaction(texts, figures, lines, whole)


def read_frozen(
    documents: models.QuerySet[PublishedDocument], unreadable: list[PublishedDocument] | None = None
) -> Iterator[tuple[PublishedDocument, FrozenReport]]:
    """Stored documents with what may be read of each, one at a time.

    One that can't be read goes into the list; where there is none, it raises DocumentError.
    """
    touched = Exists(Tombstone.objects.filter(document=OuterRef("pk")))
    for document in documents.annotate(is_touched=touched).iterator(chunk_size=1):
        try:
            redaction = redaction_of(document.pk) if document.is_touched else NOTHING
            frozen = FrozenReport(document.body, redaction, numbers_from=document.numbers_from)
        except DocumentError:
            if unreadable is None:
                raise
            unreadable.append(document)
        else:
            yield document, frozen


def as_it_stands(published: Published) -> Published:
    """The same publication for the same audience, by what is withheld of it now."""
    scorecard = Scorecard.objects.get(editions__publications__documents=published.document)
    return next(one for one in publications_for(scorecard, published.audience) if one.document == published.document)


def current(publications: list[Published]) -> dict[date, Published]:
    """For each month the publication that holds, the latest month first."""
    return {one.month: one for one in publications if not one.is_outdated}


_kept: OrderedDict[tuple[str, int, int], FrozenReport] = OrderedDict()
_lock = Lock()


class WithheldError(DocumentError):
    """All of the publication is withheld: there is nothing to read."""


def documents_of(published: Iterable[Published]) -> dict[date, FrozenReport]:
    """By month, the documents of several publications as they may be read, but for those that can't be; in one query
    more than they take that have something withheld.
    """
    wanted = [one for one in published if not one.tombstone]
    with _lock:
        missing = [one.document for one in wanted if (one.checksum, one.withheld, one.numbers_from) not in _kept]
    bodies = PublishedDocument.objects.filter(pk__in=missing).values_list("pk", "body") if missing else ()
    texts = dict(bodies)
    found = {}
    for one in wanted:
        try:
            found[one.month] = document_of(one, texts.get(one.document))
        except DocumentError:
            # Nobody can read it; `verify_editions` tells those who look after it.
            continue
    return found


def document_of(published: Published, text: str | None = None) -> FrozenReport:
    """The document as it may be read, kept in memory by its checksum and by what is withheld of it; `text` is its body
    where that was read already.

    Raises WithheldError where that is all of it, and DocumentError.
    """
    if published.tombstone:
        raise WithheldError(published.tombstone)
    # Two installations that became one may both have had the same document, with other numbers.
    key = published.checksum, published.withheld, published.numbers_from
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    # What is withheld is read after the number that it is kept under: it is never older than that.
    if text is None:
        text = PublishedDocument.objects.values_list("body", flat=True).get(pk=published.document)
    redaction = redaction_of(published.document) if published.withheld else NOTHING
    read = FrozenReport(text, redaction, numbers_from=published.numbers_from)
    with _lock:
        _kept[key] = read
        while len(_kept) > DOCUMENTS_KEPT:
            _kept.popitem(last=False)
    return read


def report_of(published: Published) -> BoardReport:
    """The report as it was published, when that was, and whether it is for the panel only."""
    report = document_of(published).report
    return replace(
        report,
        published=published.words,
        restricted=said(RESTRICTED) if published.is_for_panel_only else "",
        hides_up_to=published.hides_up_to,
    )


def report_before(edition: Edition) -> BoardReport | None:
    """The report before an edition's as the panel reads it; None where there is none, or it can't be read."""
    published = publications_for(edition.scorecard, Audience.PANEL)
    before = next((one for one in published if one.month < edition.month and not one.is_outdated), None)
    try:
        return report_of(before) if before else None
    except DocumentError:
        return None
