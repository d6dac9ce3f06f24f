"""What was decided on texts that stand near hidden counts: whether the public reads them, and in which words."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from indicators.calculations.vocabulary import LabelledEnum
from indicators.models import Audited, User
from indicators.models.fields import MonthField, is_first_day

from .scorecard import Scorecard


class TextDecision(LabelledEnum):
    """What the public reads of a text."""

    CLEARED = "cleared", "Cleared: the public reads it"
    WITHHELD = "withheld", "Kept withheld"
    REWORDED = "reworded", "Reworded for the public"


class PublicText(Audited):
    """What an officer decided on one text beside the figures that were hidden near it then.

    `key` tells both: of another text, or beside other hidden figures, nothing is decided, and it is asked again. A text
    on which nothing was decided is withheld.
    """

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="public_texts")
    key = models.CharField("checksum", max_length=64, help_text="Of the text and of which figures near it are hidden.")
    where = models.TextField("which text")
    month = MonthField(help_text="The edition in which it was decided.")
    text = models.TextField(help_text="As the panel reads it.")
    decision = models.CharField(max_length=10, choices=TextDecision.choices)
    wording = models.TextField("public version", blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "key"], name="public_text_decided_once"),
            models.CheckConstraint(condition=Q(decision__in=list(TextDecision)), name="public_text_decision_known"),
            models.CheckConstraint(condition=is_first_day("month"), name="public_text_month_is_first_day"),
            models.CheckConstraint(condition=~Q(key="") & ~Q(text=""), name="public_text_whole"),
            models.CheckConstraint(
                condition=(Q(decision=TextDecision.REWORDED) & ~Q(wording=""))
                | (~Q(decision=TextDecision.REWORDED) & Q(wording="")),
                name="public_text_reworded_in_words",
                violation_error_message="A text that is reworded has a public version, and no other has.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.where}: {TextDecision(self.decision).label.lower()}"
