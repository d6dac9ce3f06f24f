"""Finding what was published, and reading its document."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from datetime import date, datetime
from threading import Lock
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q

from indicators.moments import day_in_words
from scorecard.models import Audience, Edition, PeopleNamed, Publication, PublicationKind, PublishedDocument, Scorecard
from scorecard.report import BoardReport
from scorecard.rules import has_lines_on, is_panel_member, may

from .document import FrozenReport

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

    What was published for the public with less left out than these say is not for the public any more.
    """
    found = PublishedDocument.objects.filter(publication__edition__scorecard=scorecard, audience=audience)
    if audience is Audience.PANEL:
        return found
    if scorecard.suppresses_small_counts:
        found = found.filter(hides_up_to__gte=scorecard.largest_small_count)
    return found.filter(people_named__in=PeopleNamed(scorecard.people_named).and_fewer)


def to_revise(scorecard: Scorecard) -> models.QuerySet[Edition]:
    """The published editions whose latest publication the public can't read as the settings are now, earliest first."""
    editions = scorecard.editions.published().order_by("month")
    if not scorecard.has_public_edition:
        return editions.none()
    latest = Publication.objects.filter(edition=OuterRef("pk")).order_by("-number").values("pk")[:1]
    readable = documents_for(scorecard, Audience.PUBLIC).values("publication")
    return editions.annotate(latest=models.Subquery(latest)).exclude(latest__in=readable)


def taken_down(scorecard: Scorecard, audience: Audience) -> list[date]:
    """The months, latest first, whose report was published and that the audience can't read until it is revised."""
    if audience is Audience.PANEL:
        return []
    readable = documents_for(scorecard, audience).values("publication__edition")
    return list(to_revise(scorecard).exclude(pk__in=readable).order_by("-month").values_list("month", flat=True))


def publications_for(scorecard: Scorecard, audience: Audience) -> list[Published]:
    """Everything that the audience may read of the scorecard: the latest month first, of each the latest first."""
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
        )
    )
    found: list[Published] = []
    latest: dict[date, int] = {}
    for month, meeting_date, number, kind, reason, published_at, *document in rows:
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
                *document,
            )
        )
    return found


def current(publications: list[Published]) -> dict[date, Published]:
    """For each month the publication that holds, the latest month first."""
    return {one.month: one for one in publications if not one.is_outdated}


_kept: OrderedDict[str, FrozenReport] = OrderedDict()
_lock = Lock()


def document_of(published: Published) -> FrozenReport:
    """The document, kept in memory by its checksum: it never changes. Raises DocumentError."""
    with _lock:
        found = _kept.get(published.checksum)
        if found is not None:
            _kept.move_to_end(published.checksum)
            return found
    text = PublishedDocument.objects.values_list("body", flat=True).get(pk=published.document)
    read = FrozenReport(text)
    with _lock:
        _kept[published.checksum] = read
        while len(_kept) > DOCUMENTS_KEPT:
            _kept.popitem(last=False)
    return read


def report_of(published: Published) -> BoardReport:
    """The report as it was published, when that was, and whether it is for the panel only."""
    report = document_of(published).report
    return replace(report, published=published.words, restricted=RESTRICTED if published.is_for_panel_only else "")
