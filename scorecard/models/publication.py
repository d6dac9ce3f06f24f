"""Publications: what the panel was given, frozen, with its revisions beside it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.signals import pre_delete

from indicators.calculations.disclosure import LARGEST_SMALL
from indicators.calculations.vocabulary import LabelledEnum
from indicators.models import Audited, User

from .edition import Edition
from .scorecard import PeopleNamed


class PublicationKind(LabelledEnum):
    """Why a report was published. The Code of Practice for Statistics asks to tell the second and third apart."""

    ORIGINAL = "original", "First publication"
    SCHEDULED = "scheduled", "Scheduled revision"
    CORRECTION = "correction", "Correction of an error"


class Audience(LabelledEnum):
    """The readers that a frozen document is for."""

    PANEL = "panel", "The panel"
    PUBLIC = "public", "The public"


class FrozenError(Exception):
    """What was published is never changed or deleted."""

    def __init__(self, instance: models.Model) -> None:
        super().__init__(f"{instance} was published: it is never changed or deleted.")


class Frozen(models.Model):
    """Written once."""

    class Meta:
        abstract = True

    def save(self, **kwargs: Any) -> None:
        if not self._state.adding:
            raise FrozenError(self)
        super().save(**kwargs)


class Publication(Frozen, Audited):
    """An edition's report as it was published on a day: the first, or a revision with its reason.

    It is never changed. Its documents hold what was published.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="publications")
    number = models.PositiveSmallIntegerField(help_text="1 for the first publication, 2 for its first revision.")
    kind = models.CharField(max_length=10, choices=PublicationKind.choices, default=PublicationKind.ORIGINAL)
    reason = models.TextField(blank=True, help_text="Why it was revised, for readers.")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    shown_because = models.TextField(
        "why small counts can be read", blank=True, help_text="Said by who published it, for the record."
    )
    shown_counts = models.PositiveIntegerField(
        "small counts that became readable", default=0, help_text="Those that the public could read nowhere before."
    )
    checksum = models.CharField(max_length=64, help_text="SHA-256 of the checksums of its documents.")

    class Meta:
        ordering = ["edition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="publication_numbered_once"),
            models.CheckConstraint(
                condition=Q(kind__in=list(PublicationKind)) & ~Q(checksum=""), name="publication_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(number=1, kind=PublicationKind.ORIGINAL)
                | (Q(number__gt=1) & ~Q(kind=PublicationKind.ORIGINAL) & ~Q(reason="")),
                name="publication_revised_for_a_reason",
                violation_error_message="A first publication is number 1; a revision needs a reason.",
            ),
            models.CheckConstraint(
                condition=Q(shown_counts=0) | ~Q(shown_because=""),
                name="publication_shows_for_a_reason",
                violation_error_message="A publication with small counts that people may read says why.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.edition) if self.number == 1 else f"{self.edition}, revision {self.number - 1}"


class PublishedDocument(Frozen):
    """The whole report as one document, written together with its publication and never changed.

    A scorecard that leaves something out for the public has one for the panel and one for the public,
    any other has only one. What the public's one has tells whether it may still be read when the settings are others.
    """

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="documents")
    audience = models.CharField(max_length=6, choices=Audience.choices, default=Audience.PANEL)
    # Of a public document: counts from 1 to this one are hidden in it; 0 where none are.
    hides_up_to = models.PositiveSmallIntegerField(default=LARGEST_SMALL[0])
    # Of a public document: whether every count in it is rounded instead.
    rounds_counts = models.BooleanField(default=False, db_default=False)
    people_named = models.CharField(max_length=10, choices=PeopleNamed.choices, default=PeopleNamed.EVERYBODY)
    body = models.TextField()
    # Where another installation published it: so much is added to each number of an indicator when it is read.
    numbers_from = models.PositiveIntegerField(default=0, db_default=0)
    checksum = models.CharField(max_length=64, help_text="SHA-256 of the document in UTF-8.")

    class Meta:
        ordering = ["publication", "audience"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "audience"], name="document_one_per_audience"),
            models.CheckConstraint(condition=Q(audience__in=list(Audience)), name="document_audience_known"),
            models.CheckConstraint(condition=~Q(body="") & ~Q(checksum=""), name="document_whole"),
            models.CheckConstraint(
                condition=Q(people_named__in=list(PeopleNamed))
                & (Q(hides_up_to=0) | Q(hides_up_to=5) | Q(hides_up_to=7) | Q(hides_up_to=10)),
                name="document_leaves_out_what_is_known",
                violation_error_message="It leaves out counts up to 5, 7 or 10, and names, or none of them.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication}, for {self.get_audience_display().lower()}"


class PublishedFile(models.Model):
    """A document in a format that takes time to make, made once and kept. It can be made again from the document."""

    document = models.ForeignKey(PublishedDocument, models.PROTECT, related_name="files")
    suffix = models.CharField(max_length=20)
    content = models.BinaryField()
    checksum = models.CharField(max_length=64, help_text="SHA-256 of the content.")

    class Meta:
        ordering = ["document", "suffix"]
        constraints = [models.UniqueConstraint(fields=["document", "suffix"], name="file_one_per_format")]

    def __str__(self) -> str:
        return f"{self.document}, {self.suffix}"


def refuse(instance: models.Model, **kwargs: Any) -> None:
    """Raises FrozenError for whatever would be deleted, by itself or along with something else."""
    raise FrozenError(instance)


for frozen in (Publication, PublishedDocument):
    pre_delete.connect(refuse, sender=frozen, dispatch_uid=f"refuse_deletion_{frozen.__name__}")
