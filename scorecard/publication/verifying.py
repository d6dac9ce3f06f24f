"""Whether what is stored is what was published: every checksum worked out again, and everything still there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import permutations
from typing import Any

from django.db.models import Count, QuerySet

from indicators.calculations.formatting import counted
from indicators.moments import day_in_words
from scorecard.disclosure.texts import Place
from scorecard.models import (
    Edition,
    EditionState,
    Erasure,
    Publication,
    PublishedDocument,
    PublishedFile,
    Scorecard,
    Slug,
    Tombstone,
    Withholding,
)

from .codec import DocumentError
from .document import FrozenReport, checksum_of
from .publish import combined_checksum
from .shown import read_by_public

# What the history kept of a withholding.
DECIDED = ("kind", "words", "withheld_by_id", "confirmed_by_id", "lifted_at", "erased_at", "legal_reason")
# What the history kept of a publication when it was made.
KEPT = (
    *("edition_id", "number", "kind", "reason", "published_at", "published_by_id", "checksum"),
    *("shown_because", "shown_counts"),
)


def editions_of(scorecards: Sequence[Scorecard]) -> list[Edition]:
    """The editions whose reports should be frozen: published ones, and any that has a publication."""
    editions = (
        Edition.objects.filter(scorecard__in=scorecards).select_related("scorecard").order_by("scorecard", "month")
    )
    frozen = set(Publication.objects.filter(edition__in=editions).values_list("edition", flat=True))
    return [edition for edition in editions if edition.state == EditionState.PUBLISHED or edition.pk in frozen]


def find_problems(scorecards: Sequence[Scorecard]) -> Iterator[str]:
    """All that was changed or is missing, a sentence each. One document at a time is in memory."""
    publications = list(
        Publication.objects.filter(edition__scorecard__in=scorecards)
        .select_related("edition__scorecard")
        .order_by("edition__scorecard", "edition__month", "number")
    )
    yield from _missing(scorecards, publications)
    yield from _changed(publications)
    yield from _unlike_checksums(scorecards)
    yield from _withholdings()
    yield from _contradicted(scorecards)


def _contradicted(scorecards: Sequence[Scorecard]) -> Iterator[str]:
    """Counts that one public scorecard hides or rounds and another shows, where nobody said why for either of them.

    Publishing and changing settings ask; what came about otherwise, by a restored or an imported database, is found.
    """
    of = {scorecard.pk: scorecard for scorecard in Scorecard.objects.filter(is_public=True)}
    reasons = Publication.objects.exclude(shown_because="").values_list("edition__scorecard", flat=True)
    decided = {*reasons.distinct(), *(key for key, one in of.items() if one.shown_counts)}
    if len(of) < 2:
        return
    try:
        standings = read_by_public()
    except DocumentError:
        # Told already.
        return
    asked = {scorecard.pk for scorecard in scorecards}
    found: dict[tuple[int, int, Place], str] = {}
    for hides, shows in permutations(standings, 2):
        pair = {hides.scorecard, shows.scorecard}
        if len(pair) == 1 or pair & decided or not pair & asked:
            continue
        few = frozenset(shows.few(of[hides.scorecard].largest_small_count))
        for place in sorted(few & hides.figures.keys() if hides.is_rounded else hides.hidden & shows.figures.keys()):
            figure, measure = shows.figures[place], shows.measures[place[0]]
            if figure.value is not None and not shows.is_rounded:
                count = f"{measure.reference}, {place[1]:%B %Y}: {measure.figure_text(figure)}"
                found[hides.scorecard, shows.scorecard, place] = (
                    f"{count} is shown by “{shows.title}” and {'rounded' if hides.is_rounded else 'hidden'} by "
                    f"“{hides.title}”, and nobody decided that"
                )
    yield from found.values()


def find_withheld(scorecards: Sequence[Scorecard]) -> Iterator[str]:
    """What was taken back of the scorecards' reports, a sentence each: no problem, but to be known."""
    stones = Tombstone.objects.filter(document__publication__edition__scorecard__in=scorecards)
    for one in Withholding.objects.filter(tombstones__in=stones).distinct().order_by("withheld_at", "pk"):
        documents = len(set(one.tombstones.order_by().values_list("document", flat=True)))
        state = one.later or ("Confirmed, sealed." if one.confirmed_at else "Sealed, not confirmed yet.")
        yield f"{one.get_kind_display()} in {documents} document{'s' * (documents != 1)}: {one.tombstone} {state}"


def _withholdings() -> Iterator[str]:
    """Withholdings that are no longer there, or have lost a place."""
    there = {one.pk: one for one in Withholding.objects.annotate(found=Count("tombstones"))}
    for entry in Withholding.history.filter(history_type="+").exclude(id__in=there).order_by("id"):
        yield f"{entry.get_kind_display()}, withheld on {day_in_words(entry.withheld_at)}: the record of it is missing"
    for key, one in there.items():
        if one.found != one.places:
            yield f"{one}: {counted(one.places, 'place was', 'places were')} withheld, and {one.found} are there"
        entries = list(Withholding.history.filter(id=key).order_by("-history_id"))
        if len(entries) != one.version:
            yield f"{one}: its history is not whole"
        elif any(getattr(entries[0], name) != getattr(one, name) for name in DECIDED):
            yield f"{one}: it is not as the history noted it"


def _missing(scorecards: Sequence[Scorecard], publications: Sequence[Publication]) -> Iterator[str]:
    numbers: dict[int, list[int]] = {}
    for publication in publications:
        numbers.setdefault(publication.edition_id, []).append(publication.number)
    for edition in editions_of(scorecards):
        found = numbers.get(edition.pk, [])
        if not found:
            yield f"{edition}: it has no publication; if it never had one, run manage.py freeze_editions"
        lost = [number for number in range(1, max(found, default=0)) if number not in found]
        if lost:
            yield f"{edition}: publication {', '.join(map(str, lost))} is missing"
        if found and edition.state != EditionState.PUBLISHED:
            yield f"{edition}: it was published, but its state says otherwise"
    there = {publication.pk for publication in publications}
    # The history has also the editions that are no longer there.
    editions = Edition.history.filter(scorecard_id__in=[scorecard.pk for scorecard in scorecards])
    entries = Publication.history.filter(edition_id__in=editions.values("id"), history_type="+").exclude(id__in=there)
    for entry in entries.order_by("edition_id", "number"):
        edition = Edition.history.filter(id=entry.edition_id).select_related("scorecard").first()
        name = f"{edition.scorecard}, {edition.month:%B %Y}, publication {entry.number}"
        yield f"{name}: it was published, and is missing"


def _changed(publications: Sequence[Publication]) -> Iterator[str]:
    """Publications that are not what their history says, or whose documents are not theirs."""
    entries: dict[int, list[Any]] = {}
    for entry in Publication.history.filter(id__in=[publication.pk for publication in publications]):
        entries.setdefault(entry.id, []).append(entry)
    checksums: dict[int, list[str]] = {}
    documents = PublishedDocument.objects.filter(publication__in=publications)
    erasures = _erasures(documents)
    for key, document, checksum in documents.order_by("pk").values_list("publication", "pk", "checksum"):
        # As it was published: what was erased since is told by the erasures.
        steps = erasures.get(document, [])
        checksums.setdefault(key, []).append(steps[0][0] if steps else checksum)
    for publication in publications:
        noted = entries.get(publication.pk, [])
        if len(noted) == 1:
            differing = [name for name in KEPT if getattr(noted[0], name) != getattr(publication, name)]
            if differing:
                names = ", ".join(name.removesuffix("_id").replace("_", " ") for name in differing)
                yield f"{publication}: it is not as the history noted it ({names})"
        else:
            yield f"{publication}: its history {'says it was changed' if noted else 'is missing'}"
        if combined_checksum(checksums.get(publication.pk, [])) != publication.checksum:
            yield f"{publication}: its documents are not those that were published"


def _erasures(documents: QuerySet[PublishedDocument]) -> dict[int, list[tuple[str, str]]]:
    """Of each document from which anything was erased, the checksums before and after, in their order."""
    found: dict[int, list[tuple[str, str]]] = {}
    for erasure in Erasure.objects.filter(document__in=documents).order_by("pk"):
        found.setdefault(erasure.document_id, []).append((erasure.original_checksum, erasure.new_checksum))
    return found


def _unlike_checksums(scorecards: Sequence[Scorecard]) -> Iterator[str]:
    """Documents and files that are not what their checksums say, and documents that can't be read."""
    # One that another scorecard here had already got another when it was brought over: that is in its history.
    slugs: dict[int, set[str]] = {}
    for key, slug in (
        *Slug.objects.filter(scorecard__in=scorecards).values_list("scorecard", "slug"),
        *Scorecard.history.filter(id__in=[one.pk for one in scorecards]).order_by().values_list("id", "slug"),
    ):
        slugs.setdefault(key, set()).add(slug)
    documents = PublishedDocument.objects.filter(publication__edition__scorecard__in=scorecards)
    erasures = _erasures(documents)
    documents = documents.select_related("publication__edition__scorecard").order_by("publication", "audience")
    for document in documents.iterator(chunk_size=1):
        steps = erasures.get(document.pk, [])
        links = [*steps, (document.checksum, "")]
        if any(after != links[place + 1][0] for place, (_, after) in enumerate(steps)):
            yield f"{document}: its erasures don’t lead to what is stored"
        if checksum_of(document.body) != document.checksum:
            yield f"{document}: it was changed: its checksum is another"
            continue
        try:
            read = FrozenReport(document.body, numbers_from=document.numbers_from)
            report, _ = read.report, read.pages
        except DocumentError as error:
            yield f"{document}: it can't be read. {error}"
            continue
        edition = document.publication.edition
        if report.month != edition.month or report.slug not in slugs.get(edition.scorecard_id, ()):
            yield f"{document}: it was published as {report.slug}, {report.month:%B %Y}, and stands in another place"
    files = PublishedFile.objects.filter(document__publication__edition__scorecard__in=scorecards)
    files = files.select_related("document__publication__edition__scorecard").order_by("document", "suffix")
    for file in files.iterator(chunk_size=1):
        if sha256(file.content).hexdigest() != file.checksum:
            yield f"{file}: it was changed: its checksum is another"
