"""Erasing for good what is withheld: from the documents, and from what stands beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Replace

from commentary.models import SignOff
from indicators.models import Audited, Indicator, MonthlyValue, PendingUpload
from scorecard.models import (
    Erasure,
    Publication,
    PublicText,
    PublishedDocument,
    TextDecision,
    Tombstone,
    Withholding,
)
from scorecard.models.withholding import text_checksum

from .document import FrozenReport, checksum_of
from .reading import redaction_by
from .redaction import exact_text

# What keeps copies of texts for the record, which nobody can correct.
RECORDS = (SignOff, PublicText)


def originals_of(stones: Iterable[Tombstone]) -> dict[str, str]:
    """The withheld texts by their checksums, read from the sealed documents."""
    wanted = {stone.text for stone in stones if stone.text}
    found: dict[str, str] = {}
    for document in {stone.document for stone in stones if stone.text}:
        texts = [one.text for one in FrozenReport(document.body).passages]
        for text in [*texts, document.publication.reason]:
            if (checksum := text_checksum(text)) in wanted:
                found[checksum] = text
    return found


def sealed(withholding: Withholding) -> list[str]:
    """What is withheld, in words, for the person who is to confirm it: texts, and exact figures."""
    stones = list(withholding.tombstones.select_related("document__publication"))
    references = dict(Indicator.objects.filter(pk__in={one.indicator for one in stones}).values_list("pk", "reference"))
    figures = {
        f"{references.get(one.indicator, 'A line that is gone')}, {one.month:%B %Y}: {one.figure}"
        for one in stones
        if one.indicator and one.month
    }
    return [*sorted(figures), *sorted(originals_of(stones).values())]


def text_columns() -> Iterator[tuple[type[Any], models.Field[Any, Any]]]:
    """Every column of a model with a history in which people write."""
    for model in apps.get_models():
        if issubclass(model, Audited) and model not in (Publication, Withholding):
            for column in model._meta.concrete_fields:
                if isinstance(column, models.CharField | models.TextField) and not column.choices:
                    yield model, column


def standing_texts(texts: Mapping[str, str]) -> Iterator[str]:
    """Where the data still have one of the texts, in words."""
    for model, column in text_columns():
        if model not in RECORDS:
            for row in model._default_manager.filter(**{f"{column.name}__in": list(texts.values())}):
                yield f"{model._meta.verbose_name} “{row}”, {column.verbose_name}"


def standing_figures(stones: Iterable[Tombstone]) -> Iterator[str]:
    """Where the data still have one of the figures, in words."""
    for one in stones:
        if one.indicator and one.month:
            value = MonthlyValue.objects.filter(indicator=one.indicator, month=one.month).first()
            if value and exact_text(value.as_figure()) == one.figure:
                yield f"the figure of {value.indicator}, {one.month:%B %Y}"


def erase_beside(texts: Mapping[str, str], withholding: Withholding) -> Iterator[str]:
    """Take the texts out of earlier versions and sign-offs; what was done, and what is left, line by line."""
    originals = list(texts.values())
    erased = _erase_decisions(originals, withholding)
    for model, column in text_columns():
        tables = [model.history.model._default_manager, *([SignOff.objects] if model is SignOff else [])]
        for table in tables:
            found = table.filter(**{f"{column.name}__in": originals})
            erased += found.update(**{column.name: withholding.tombstone[: column.max_length]})
    yield f"Earlier versions, sign-offs and decisions on texts from which it was erased: {erased}."
    uploads, _ = PendingUpload.objects.all().delete()
    yield f"Files that waited for an import, removed: {uploads}."
    if Publication.objects.filter(reason__in=originals).exists():
        yield "Left, and not shown: the reason of a revision, in the record of that publication."
    if withholding.tombstones.filter(indicator__isnull=False).exists():
        yield "Left: earlier versions of figures, and the words of a line, which officers can read."
    yield "Left: backups, until they are overwritten; whatever was downloaded, printed or sent."


def _erase_decisions(originals: Sequence[str], withholding: Withholding) -> int:
    """Take the texts out of what was decided on them for the public, with every public version tried; say how many.

    Where a text stands is told by the title of its area of focus. The key is a checksum by which a short text could be
    guessed, so that goes as well.
    """
    tables = (PublicText.objects, PublicText.history)
    quoted = [(f"“{original}”", f"“{withholding.tombstone}”") for original in originals]
    wanted = Q(text__in=originals) | Q(wording__in=originals)
    keys = {
        key
        for table, name in zip(tables, ("pk", "id"), strict=True)
        for key in table.filter(wanted).values_list(name, flat=True)
    }
    erased = 0
    for table, name in zip(tables, ("pk", "id"), strict=True):
        of_them = table.filter(**{f"{name}__in": keys})
        erased += of_them.update(text=withholding.tombstone)
        of_them.filter(decision=TextDecision.REWORDED).update(wording=withholding.tombstone)
        for key in keys:
            of_them.filter(**{name: key}).update(key=sha256(f"erased {key}".encode()).hexdigest())
        for original, sentence in quoted:
            naming = table.filter(where__contains=original)
            erased += naming.update(where=Replace("where", Value(original), Value(sentence)))
    return erased


def erase_in(document: PublishedDocument, stones: Sequence[Tombstone], withholding: Withholding) -> None:
    """Replace a document by the same without what is withheld: a row with both checksums lets the database do so."""
    body = FrozenReport(document.body, redaction_by(stones), numbers_from=document.numbers_from).stored_text
    checksum = checksum_of(body)
    if checksum == document.checksum:
        return
    Erasure.objects.create(
        withholding=withholding, document=document, original_checksum=document.checksum, new_checksum=checksum
    )
    PublishedDocument.objects.filter(pk=document.pk).update(body=body, checksum=checksum)
