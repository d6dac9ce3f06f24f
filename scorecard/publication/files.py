"""The files of a published report: each made once, when it is first asked for, and kept with its checksum."""

from __future__ import annotations

from hashlib import sha256

from django.db import transaction
from django.db.models import QuerySet

from scorecard.files.formats import FileFormat
from scorecard.models import PublishedFile

from .reading import Published, report_of


def checksum_of_file(published: Published, file_format: FileFormat) -> str:
    """SHA-256 of the file, in hexadecimal. It is made first if nobody has asked for it yet."""
    kept = _kept(published, file_format).values_list("checksum", flat=True).first()
    return kept or _make(published, file_format).checksum


def file_of(published: Published, file_format: FileFormat) -> bytes:
    """The file's content, as it was made from the document. Where a PDF can't be made: PaperUnavailableError."""
    kept = _kept(published, file_format).values_list("content", flat=True).first()
    return bytes(_make(published, file_format).content if kept is None else kept)


def _kept(published: Published, file_format: FileFormat) -> QuerySet[PublishedFile]:
    return PublishedFile.objects.filter(document=published.document, suffix=file_format.suffix)


def _make(published: Published, file_format: FileFormat) -> PublishedFile:
    content = file_format.make(report_of(published))
    with transaction.atomic():
        # Of two who make it at once, the second takes what the first has kept.
        made, _ = PublishedFile.objects.get_or_create(
            document_id=published.document,
            suffix=file_format.suffix,
            defaults={"content": content, "checksum": sha256(content).hexdigest()},
        )
    return made
