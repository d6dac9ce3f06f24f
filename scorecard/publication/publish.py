"""Publishing an edition, and revising one that is published: what was drafted is frozen, and stays as it is."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from indicators.models import ChangedMeanwhileError, User
from scorecard.models import Edition, EditionState, Publication, PublicationKind, PublishedDocument, Scorecard
from scorecard.rules import may

from .document import checksum_of
from .drafting import Draft, draft_edition
from .files import make_in_background

NOTHING_CHANGED = "Nothing differs from what is published, so there is nothing to revise."


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
    *, edition: Edition, fingerprint: str, kind: PublicationKind, reason: str, by: User, now: datetime
) -> Publication:
    """Publish a revision of an edition beside what was published before, which stays readable.

    Raises ChangedMeanwhileError when the draft is another by now, and ValidationError when nothing differs.
    """
    current = _locked(edition, by)
    if current.state != EditionState.PUBLISHED:
        raise ValidationError(f"{current} is not published, so there is nothing to revise.")
    draft = _same_draft(current, fingerprint)
    if not draft.is_new:
        raise ValidationError(NOTHING_CHANGED)
    return _freeze_with_files(draft, kind=kind, reason=reason, by=by, now=now)


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
    if not may(by, "manage_collection"):
        raise PermissionDenied
    return Edition.objects.select_for_update(of=("self",)).select_related("scorecard").get(pk=edition.pk)


def _same_draft(edition: Edition, fingerprint: str) -> Draft:
    draft = draft_edition(edition)
    if draft.fingerprint != fingerprint:
        raise ChangedMeanwhileError(edition)
    return draft
