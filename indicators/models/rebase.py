"""Rebases: from which month on an indicator's usual variation is worked out afresh."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from .audited import Audited
from .fields import MonthField, is_first_day
from .indicator import Indicator


class Rebase(Audited):
    """A month with which a new group of points begins, and why: mean and limits look back no further.

    A judgement about the service, never made by the program. Who made it is in the history.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="rebases")
    month = MonthField(help_text="The first month that is worked out afresh.")
    reason = models.TextField(help_text="What changed, as readers of the chart will be told.")

    class Meta:
        ordering = ["indicator", "-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "month"],
                name="rebase_one_per_month",
                violation_error_message="There is already a rebase in this month.",
            ),
            models.CheckConstraint(
                condition=is_first_day("month"),
                name="rebase_month_is_first_day",
                violation_error_message="A month is kept as the date of its first day.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="rebase_reason_not_empty",
                violation_error_message="Say what changed.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.reference}, worked out afresh from {self.month:%B %Y}"
