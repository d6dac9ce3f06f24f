"""A council's own spreadsheet on its way to becoming a scorecard: the file, and what its officer decided about it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from indicators.calculations.vocabulary import LabelledEnum
from indicators.models import User
from indicators.models.audited import Versioned, keep_history

from .scorecard import Scorecard

# The shape of `decisions` and `receipt`. A new one gets a new number and an upgrade, with a stored example under test.
DRAFT_FORMAT = 1


class DraftState(LabelledEnum):
    """What has become of a spreadsheet that was sent."""

    OPEN = "open", "Being prepared"
    CREATED = "created", "Brought over"
    UNDONE = "undone", "Undone"


class SpreadsheetDraft(Versioned):
    """A spreadsheet as it was sent, with every decision on what in it means what. Nothing of it counts until Create.

    Only what differs from what the program understands by itself is kept, as `decisions`: by the step it was taken in.
    `layout` is a fingerprint of headings: the next file that has it begins with the decisions of this one. `receipt` is
    what became of each cell, and which rows were made, from when it was created.
    """

    file_name = models.CharField(max_length=255)
    content = models.BinaryField(editable=False)
    checksum = models.CharField(max_length=64, editable=False)
    layout = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    state = models.CharField(max_length=8, choices=DraftState.choices, default=DraftState.OPEN, editable=False)
    decisions = models.JSONField(default=dict, editable=False)
    receipt = models.JSONField(null=True, editable=False)
    # What it became, from when it was created; of a file that was sent for a scorecard that is there, from the start.
    scorecard = models.ForeignKey(
        Scorecard, models.SET_NULL, null=True, blank=True, related_name="spreadsheets", editable=False
    )
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    sent_at = models.DateTimeField(default=timezone.now, editable=False)

    history = keep_history(without=["content"])

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(DraftState)),
                name="draft_state_known",
                violation_error_message="A spreadsheet is being prepared, brought over or undone.",
            ),
            models.CheckConstraint(
                condition=Q(state=DraftState.OPEN, receipt__isnull=True)
                | Q(~Q(state=DraftState.OPEN), receipt__isnull=False),
                name="draft_receipt_from_when_created",
                violation_error_message="A spreadsheet has a receipt from when it was brought over, and not before.",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def save(self, **kwargs: Any) -> None:
        if self._state.adding:
            self.checksum = sha256(self.content).hexdigest()
            self.decisions = {"format": DRAFT_FORMAT} | self.decisions
        super().save(**kwargs)
