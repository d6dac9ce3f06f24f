"""Whether what is stored is what was published: every checksum worked out again, and everything still there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from scorecard.models import Edition, EditionState, Publication, PublishedDocument, PublishedFile, Scorecard

from .codec import DocumentError
from .document import FrozenReport, checksum_of
from .publish import combined_checksum

# What the history kept of a publication when it was made.
KEPT = ("edition_id", "number", "kind", "reason", "published_at", "published_by_id", "checksum")


class Problem(NamedTuple):
    """What is not as it was published, and in what way."""

    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.what}: {self.why}"


def editions_of(scorecards: Sequence[Scorecard]) -> list[Edition]:
    """The editions whose reports should be frozen: published ones, and any that has a publication."""
    editions = (
        Edition.objects.filter(scorecard__in=scorecards).select_related("scorecard").order_by("scorecard", "month")
    )
    frozen = set(Publication.objects.filter(edition__in=editions).values_list("edition", flat=True))
    together = editions.select_related("scorecard")
    return [edition for edition in together if edition.state == EditionState.PUBLISHED or edition.pk in frozen]


def find_problems(scorecards: Sequence[Scorecard]) -> Iterator[Problem]:
    """All that was changed or is missing. One document at a time is in memory."""
    publications = list(
        Publication.objects.filter(edition__scorecard__in=scorecards)
        .select_related("edition__scorecard")
        .order_by("edition__scorecard", "edition__month", "number")
    )
    yield from _missing(scorecards, publications)
    yield from _changed(publications)
    yield from _documents(scorecards)
    yield from _files(scorecards)


def _missing(scorecards: Sequence[Scorecard], publications: Sequence[Publication]) -> Iterator[Problem]:
    numbers: dict[int, list[int]] = {}
    for publication in publications:
        numbers.setdefault(publication.edition_id, []).append(publication.number)
    for edition in editions_of(scorecards):
        found = numbers.get(edition.pk, [])
        if not found:
            yield Problem(str(edition), "it has no publication; if it never had one, run manage.py freeze_editions")
        lost = [number for number in range(1, max(found, default=0)) if number not in found]
        if lost:
            yield Problem(str(edition), f"publication {', '.join(map(str, lost))} is missing")
        if found and edition.state != EditionState.PUBLISHED:
            yield Problem(str(edition), "it was published, but its state says otherwise")
    there = {publication.pk for publication in publications}
    for entry in _entries(scorecards).exclude(id__in=there).filter(history_type="+"):
        yield Problem(_name_of(entry), "it was published, and is missing")


def _entries(scorecards: Sequence[Scorecard]) -> Any:
    """The history of publications of the scorecards' editions, also of editions that are no longer there."""
    editions = Edition.history.filter(scorecard_id__in=[scorecard.pk for scorecard in scorecards])
    return Publication.history.filter(edition_id__in=editions.values("id")).order_by("edition_id", "number")


def _name_of(entry: Any) -> str:
    edition = Edition.history.filter(id=entry.edition_id).select_related("scorecard").first()
    return f"{edition.scorecard}, {edition.month:%B %Y}, publication {entry.number}"


def _changed(publications: Sequence[Publication]) -> Iterator[Problem]:
    """Publications that are not what their history says, or whose documents are not theirs."""
    entries: dict[int, list[Any]] = {}
    for entry in Publication.history.filter(id__in=[publication.pk for publication in publications]):
        entries.setdefault(entry.id, []).append(entry)
    checksums: dict[int, list[str]] = {}
    documents = PublishedDocument.objects.filter(publication__in=publications)
    for key, checksum in documents.order_by("pk").values_list("publication", "checksum"):
        checksums.setdefault(key, []).append(checksum)
    for publication in publications:
        yield from _as_noted(publication, entries.get(publication.pk, []))
        if combined_checksum(checksums.get(publication.pk, [])) != publication.checksum:
            yield Problem(str(publication), "its documents are not those that were published")


def _as_noted(publication: Publication, entries: Sequence[Any]) -> Iterator[Problem]:
    if len(entries) != 1:
        yield Problem(str(publication), "its history is missing" if not entries else "its history says it was changed")
        return
    differing = [name for name in KEPT if getattr(entries[0], name) != getattr(publication, name)]
    if differing:
        names = ", ".join(name.removesuffix("_id").replace("_", " ") for name in differing)
        yield Problem(str(publication), f"it is not as the history noted it ({names})")


def _documents(scorecards: Sequence[Scorecard]) -> Iterator[Problem]:
    documents = PublishedDocument.objects.filter(publication__edition__scorecard__in=scorecards)
    documents = documents.select_related("publication__edition__scorecard").order_by("publication", "audience")
    for document in documents.iterator(chunk_size=1):
        if checksum_of(document.body) != document.checksum:
            yield Problem(str(document), "it was changed: its checksum is another")
            continue
        try:
            read = FrozenReport(document.body)
            _ = read.report, read.pages
        except DocumentError as error:
            yield Problem(str(document), f"it can't be read. {error}")


def _files(scorecards: Sequence[Scorecard]) -> Iterator[Problem]:
    files = PublishedFile.objects.filter(document__publication__edition__scorecard__in=scorecards)
    files = files.select_related("document__publication__edition__scorecard").order_by("document", "suffix")
    for file in files.iterator(chunk_size=1):
        if sha256(file.content).hexdigest() != file.checksum:
            yield Problem(str(file), "it was changed: its checksum is another")
