"""The sign-off of an indicator's month by its owner, and the reasons why warnings were let pass."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from commentary.sign_off import Step
from indicators.models import Audited, Indicator, User
from indicators.models.fields import MonthField, is_first_day


class SignOff(Audited):
    """The sign-off of one indicator's month: its figure and its commentary together.

    There is one per month, however many scorecards the indicator stands on. `figure` and `text`
    keep what was sent or signed off, so that a later change is noticed wherever it comes from:
    `figure` as `commentary.sign_off` writes it, `text` as the commentary was.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="sign_offs")
    month = MonthField()
    step = models.CharField(max_length=10, choices=Step.choices, default=Step.DRAFT)
    figure = models.TextField(blank=True)
    text = models.TextField(blank=True)
    note = models.TextField(blank=True, help_text="The owner's note on what was sent back.")
    first_sent_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["indicator", "-month"]
        verbose_name = "sign-off"
        constraints = [
            models.UniqueConstraint(fields=["indicator", "month"], name="sign_off_one_per_month"),
            models.CheckConstraint(condition=is_first_day("month"), name="sign_off_month_is_first_day"),
            models.CheckConstraint(condition=Q(step__in=list(Step)), name="sign_off_step_known"),
            models.CheckConstraint(
                condition=~Q(step=Step.SENT)
                | Q(sent_at__isnull=False, sent_by__isnull=False, first_sent_at__isnull=False),
                name="sign_off_sent_by_somebody",
                violation_error_message="Say who sent it, and when.",
            ),
            models.CheckConstraint(
                condition=~Q(step__in=[Step.SENT_BACK, Step.APPROVED])
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="sign_off_decided_by_somebody",
                violation_error_message="Say who signed it off or sent it back, and when.",
            ),
            models.CheckConstraint(
                condition=~Q(step=Step.SENT_BACK) | ~Q(note=""),
                name="sign_off_sent_back_with_a_note",
                violation_error_message="Say what should be changed.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.reference}, {self.month:%B %Y}"


class WarningReason(Audited):
    """Why a warning about a line was let pass. The reason holds only for the figures that the warning rested on.

    `warning` names the warning (`commentary.warnings`), `about` those figures: when they change,
    the reason is asked for again.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="warning_reasons")
    month = MonthField()
    warning = models.CharField(max_length=60)
    about = models.TextField()
    reason = models.TextField()

    class Meta:
        ordering = ["indicator", "-month", "warning"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "month", "warning"], name="warning_reason_once"),
            models.CheckConstraint(condition=is_first_day("month"), name="warning_reason_month_is_first_day"),
            models.CheckConstraint(condition=~Q(reason=""), name="warning_reason_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.reference}, {self.month:%B %Y}: {self.warning}"
