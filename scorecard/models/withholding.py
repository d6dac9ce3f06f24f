"""What was taken back of published reports: hidden at once, and shown again or erased only with a second person."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.db import models
from django.db.models import F, Q
from django.db.models.signals import pre_delete

from indicators.calculations.vocabulary import LabelledEnum
from indicators.models import Audited, User
from indicators.models.fields import MonthField
from indicators.moments import day_in_words

from .publication import Frozen, PublishedDocument, refuse


class WithheldKind(LabelledEnum):
    """What is withheld of a document."""

    TEXT = "text", "A text"
    FIGURE = "figure", "A figure"
    LINE = "line", "A line"
    PUBLICATION = "publication", "A whole publication"
    REASON = "reason", "The reason of a revision"


# The last is a text that doesn't stand in the document: nobody chooses it, it is found with the others.
CHOSEN_KINDS = [kind for kind in WithheldKind if kind is not WithheldKind.REASON]


class WithholdingQuerySet(models.QuerySet["Withholding"]):
    def in_force(self) -> WithholdingQuerySet:
        """Those that were not lifted."""
        return self.filter(lifted_at__isnull=True)

    def unconfirmed(self) -> WithholdingQuerySet:
        """Those that a second person has still to look at."""
        return self.in_force().filter(confirmed_at__isnull=True)


class Withholding(Audited):
    """One act of taking back: hidden at once by one officer, then confirmed by a second, lifted or erased.

    Where there is no other officer, the same person decides after saying so: that is what `alone` keeps. `words` are
    for readers, `note` is for officers. The places are its tombstones, of which there are `places`.
    """

    kind = models.CharField(max_length=11, choices=WithheldKind.choices)
    words = models.CharField("reason for readers", max_length=200)
    note = models.TextField(blank=True)
    # Also in reports that are published later, for as long as the data still say it.
    everywhere = models.BooleanField(default=True)
    places = models.PositiveIntegerField(editable=False)
    withheld_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withheld_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="When what readers see of it changed last.")
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifting_reason = models.CharField("why it is shown again", max_length=200, blank=True)
    erasure_asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    erasure_asked_at = models.DateTimeField(null=True, blank=True)
    legal_reason = models.CharField(max_length=300, blank=True)
    erased_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    erased_at = models.DateTimeField(null=True, blank=True)
    # What the erasure found beside the documents, and what it left, in words.
    certificate = models.TextField(blank=True)
    alone = models.BooleanField("decided without a second person", default=False)

    objects = WithholdingQuerySet.as_manager()

    class Meta:
        ordering = ["-withheld_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=list(CHOSEN_KINDS)) & ~Q(words="") & Q(places__gt=0),
                name="withholding_says_why",
                violation_error_message="A withholding says why, and of what.",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{step}_by__isnull": True, f"{step}_at__isnull": True})
                    | Q(**{f"{step}_by__isnull": False, f"{step}_at__isnull": False}),
                    name=f"withholding_{step}_by_somebody",
                    violation_error_message="A step has both the person and the time, or neither.",
                )
                for step in ("confirmed", "lifted", "erasure_asked", "erased")
            ),
            models.CheckConstraint(
                condition=Q(alone=True)
                | (
                    (Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("withheld_by")))
                    & (Q(lifted_by__isnull=True) | ~Q(lifted_by=F("withheld_by")))
                    & (Q(erased_by__isnull=True) | ~Q(erased_by=F("erasure_asked_by")))
                ),
                name="withholding_by_two",
                violation_error_message="A second person confirms, shows again or erases it, unless there is none.",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | (Q(erased_at__isnull=True) & ~Q(lifting_reason="")),
                name="withholding_lifted_for_a_reason",
                violation_error_message="What is shown again has a reason for it, and was not erased.",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | (Q(confirmed_at__isnull=False, erasure_asked_at__isnull=False) & ~Q(legal_reason="")),
                name="withholding_erased_after_steps",
                violation_error_message="What is erased was confirmed and asked for before, with the reason in law.",
            ),
            models.CheckConstraint(
                condition=Q(erasure_asked_at__isnull=True) | Q(confirmed_at__isnull=False),
                name="withholding_confirmed_before_erasure",
                violation_error_message="Only what was confirmed can be erased.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, withheld on {day_in_words(self.withheld_at)}"

    @property
    def tombstone(self) -> str:
        """What readers find in place of what is withheld."""
        return tombstone_text(self.withheld_at, self.words)

    @property
    def later(self) -> str:
        """What became of it, for readers; empty while it is only withheld."""
        if self.lifted_at:
            return f"Shown again on {day_in_words(self.lifted_at)}: {self.lifting_reason.rstrip('.')}."
        return f"Erased on {day_in_words(self.erased_at)}." if self.erased_at else ""

    @property
    def is_in_force(self) -> bool:
        return self.lifted_at is None


def tombstone_text(withheld_at: datetime, words: str) -> str:
    """Withheld on 3 March 2021: it named a person."""
    return f"Withheld on {day_in_words(withheld_at)}: {words.rstrip('.')}."


def text_checksum(text: str) -> str:
    """What a withheld text is told by."""
    return sha256(text.encode()).hexdigest()


class TombstoneQuerySet(models.QuerySet["Tombstone"]):
    def everywhere(self) -> TombstoneQuerySet:
        """What isn't published again: texts and figures while the data say them, lines until they are shown again.

        A line has no data that could be corrected, so one that is erased stays away for good.
        """
        in_force = self.filter(withholding__everywhere=True, withholding__lifted_at__isnull=True)
        again = in_force.filter(
            Q(kind__in=[WithheldKind.TEXT, WithheldKind.FIGURE]) & ~Q(text="", figure="") | Q(kind=WithheldKind.LINE)
        )
        return again.select_related("withholding").order_by("pk")

    def sentences(self) -> dict[str, str]:
        """Of each text that isn't published again, by its checksum, what stands in its place."""
        return {stone.text: stone.withholding.tombstone for stone in self.everywhere() if stone.text}


class Tombstone(models.Model):
    """One place of a document where something is withheld: a text by its checksum, or a figure, a line, or all of it.

    A text is told by the SHA-256 of what stands there, which is taken out when the text is erased.
    """

    withholding = models.ForeignKey(Withholding, models.PROTECT, related_name="tombstones")
    document = models.ForeignKey(PublishedDocument, models.PROTECT, related_name="tombstones")
    kind = models.CharField(max_length=11, choices=WithheldKind.choices)
    text = models.CharField(max_length=64, blank=True)
    # The indicator's key, also when it is no longer there.
    indicator = models.PositiveBigIntegerField(null=True, blank=True)
    month = MonthField(null=True, blank=True)
    # The exact figure, as 2 or 2/3, so that a corrected one is shown in later reports.
    figure = models.CharField(max_length=200, blank=True)

    objects = TombstoneQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[WithheldKind.TEXT, WithheldKind.REASON], indicator__isnull=True)
                | Q(kind=WithheldKind.FIGURE, indicator__isnull=False, month__isnull=False)
                | Q(kind=WithheldKind.LINE, indicator__isnull=False, month__isnull=True)
                | Q(kind=WithheldKind.PUBLICATION, indicator__isnull=True),
                name="tombstone_has_a_place",
                violation_error_message="A text has its words, a figure its indicator and month, a line its indicator.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.document}"


class Erasure(Frozen):
    """That a document's text was replaced by one without what is withheld; lets the database change it this once."""

    withholding = models.ForeignKey(Withholding, models.PROTECT, related_name="erasures")
    document = models.ForeignKey(PublishedDocument, models.PROTECT, related_name="erasures")
    original_checksum = models.CharField(max_length=64)
    new_checksum = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["document", "original_checksum"], name="erasure_once"),
            models.CheckConstraint(
                condition=~Q(original_checksum="") & ~Q(new_checksum="") & ~Q(original_checksum=F("new_checksum")),
                name="erasure_changes_something",
                violation_error_message="What was erased has another checksum than before.",
            ),
        ]

    def __str__(self) -> str:
        return f"Erasure from {self.document}"


for kept in (Withholding, Tombstone, Erasure):
    pre_delete.connect(refuse, sender=kept, dispatch_uid=f"refuse_deletion_{kept.__name__}")
