"""Files that somebody has seen the preview of, and not confirmed yet."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import models
from django.utils import timezone

from .user import User

VALID_FOR = timedelta(hours=2)


class PendingUploadQuerySet(models.QuerySet["PendingUpload"]):
    def keep(self, *, person: User, model: str, file_name: str, content: bytes, digest: str) -> PendingUpload:
        """Keep a file until it is confirmed, in place of the one before of the same person and kind."""
        self.clear_expired()
        kept, _ = self.update_or_create(
            person=person,
            model=model,
            defaults={
                "token": secrets.token_urlsafe(32),
                "file_name": file_name,
                "content": content,
                "checksum": sha256(content).hexdigest(),
                "digest": digest,
                "expires_at": timezone.now() + VALID_FOR,
            },
        )
        return kept

    def find(self, token: str, *, person: User, model: str) -> PendingUpload | None:
        """The file that was kept under the token, if it is theirs, of this kind, not too old, and as it was."""
        waiting = self.filter(token=token, person=person, model=model, expires_at__gt=timezone.now())
        found = waiting.first() if "\x00" not in token else None
        return found if found is not None and found.is_intact else None

    def clear_expired(self) -> int:
        """Remove what can't be confirmed any more; returns how many there were."""
        return self.filter(expires_at__lte=timezone.now()).delete()[0]


class PendingUpload(models.Model):
    """A spreadsheet between its preview and its confirmation. Only who sent it can confirm it, and only once.

    `model` is what it would change, `digest` a fingerprint of the changes and questions that its sender was shown. It
    is no record of anything: it goes when it is confirmed or cancelled, when the next one takes its place, or in time.
    """

    token = models.CharField(max_length=60, unique=True)
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    model = models.CharField(max_length=100)
    file_name = models.CharField(max_length=255)
    content = models.BinaryField()
    checksum = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)

    objects = PendingUploadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "model"],
                name="upload_one_per_person_and_kind",
                violation_error_message="There is already an upload of this kind by this person.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_name} of {self.person}"

    @property
    def is_intact(self) -> bool:
        """Whether the bytes are still those that were sent."""
        return sha256(self.content).hexdigest() == self.checksum

    def take(self) -> bool:
        """Remove it, in the transaction that imports it; False when somebody has already, so that it counts once."""
        taken: Any = type(self).objects.filter(pk=self.pk, token=self.token).delete()
        return taken[0] > 0
