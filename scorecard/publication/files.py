"""The files of published reports: made when a report is published, kept with their checksums, and handed out again.

They can be handed out although the document can't be read. What is missing, because the server crashed or had no Pango,
is made when it is first asked for, or by `manage.py make_files`.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator
from hashlib import sha256
from threading import Thread

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from scorecard.files.formats import FORMATS, FileFormat
from scorecard.files.paper import PaperUnavailableError
from scorecard.metrics import timed_file
from scorecard.models import Audience, Publication, PublishedDocument, PublishedFile, Scorecard

from .codec import DocumentError
from .reading import Published, as_it_stands, publications_for, report_of

logger = logging.getLogger(__name__)


def checksum_of_file(published: Published, file_format: FileFormat) -> str:
    """SHA-256 of the file, in hexadecimal. It is made first if it is not there yet. Raises as `file_of` does."""
    kept = _kept(published, file_format).values_list("checksum", flat=True).first()
    return kept or _make(published, file_format).checksum


def file_of(published: Published, file_format: FileFormat) -> bytes:
    """The file's content, as it was made from the document.

    Where it is still to be made and can't be, PaperUnavailableError or DocumentError.
    """
    kept = _kept(published, file_format).values_list("content", flat=True).first()
    return bytes(_make(published, file_format).content if kept is None else kept)


def kept_formats(published: Published) -> list[FileFormat]:
    """The formats in which the report can be handed out without reading its document."""
    kept = set(PublishedFile.objects.filter(document=published.document).values_list("suffix", flat=True))
    return [file_format for suffix, file_format in FORMATS.items() if suffix in kept]


def make_missing(publications: Collection[Published]) -> Iterator[tuple[Published, FileFormat, str]]:
    """Make the files that are not there yet: each with what kept it from being made, if anything did."""
    there = {published: kept_formats(published) for published in publications}
    # A PDF takes seconds, all others together less than one: it comes last.
    for file_format in sorted(FORMATS.values(), key=lambda one: one.suffix == "pdf"):
        for published in publications:
            if file_format not in there[published] and not published.tombstone:
                problem = ""
                try:
                    _make(published, file_format)
                except (PaperUnavailableError, DocumentError) as error:
                    problem = str(error)
                except Exception as error:
                    # One that fails keeps none of the others from being made.
                    logger.exception("%s of %s can't be made.", file_format.label, published)
                    problem = type(error).__name__
                yield published, file_format, problem


def make_in_background(*publications: Publication) -> None:
    """Make the files of new publications, one after the other, while the server goes on with other things.

    A server that is stopped meanwhile finishes them first; one that crashes leaves them to whoever asks for them.
    """
    if settings.MAKE_FILES_WHEN_PUBLISHED:
        Thread(target=_make_all, args=publications, name=f"files of {publications[0]}").start()


def _make_all(*publications: Publication) -> None:
    try:
        for publication in publications:
            edition = publication.edition
            everything = publications_of([edition.scorecard])
            new = [one for one in everything if (one.month, one.number) == (edition.month, publication.number)]
            for published, file_format, problem in make_missing(new):
                logger.info("%s, %s: %s", published, file_format.label, problem or "made")
    finally:
        connection.close()


def publications_of(scorecards: Iterable[Scorecard]) -> list[Published]:
    """Every publication of the scorecards for every audience, of each scorecard the latest months first."""
    return [
        published
        for scorecard in scorecards
        for audience in Audience
        for published in publications_for(scorecard, audience)
    ]


def _kept(published: Published, file_format: FileFormat) -> QuerySet[PublishedFile]:
    return PublishedFile.objects.filter(document=published.document, suffix=file_format.suffix)


def _make(published: Published, file_format: FileFormat) -> PublishedFile:
    while True:
        with timed_file(file_format.suffix):
            content = file_format.make(report_of(published))
        with transaction.atomic():
            # Nothing is withheld of the document while it is locked: what is kept is what may be read.
            PublishedDocument.objects.select_for_update().only("pk").get(pk=published.document)
            now = as_it_stands(published)
            if (now.withheld, now.checksum) == (published.withheld, published.checksum):
                # Of two who make it at once, the second takes what the first has kept.
                made, _ = PublishedFile.objects.get_or_create(
                    document_id=published.document,
                    suffix=file_format.suffix,
                    defaults={"content": content, "checksum": sha256(content).hexdigest()},
                )
                return made
        published = now
