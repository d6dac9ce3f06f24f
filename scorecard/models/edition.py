"""Editions: a scorecard for a reporting month and a meeting."""

from django.db import models

from commentary.models import Overview
from indicators.models import Audited
from indicators.models.fields import MonthField, is_first_day

from .scorecard import Scorecard


class Edition(Audited):
    """The report on one month, for one meeting of the panel."""

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="editions")
    month = MonthField()
    meeting_date = models.DateField(null=True, blank=True)
    # Taken away here first, which is then in the history, before the overview can be deleted.
    overview = models.OneToOneField(Overview, models.PROTECT, null=True, blank=True, related_name="edition")

    class Meta:
        ordering = ["scorecard", "-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "month"],
                name="edition_one_per_month",
                violation_error_message="There is already an edition for this month.",
            ),
            models.CheckConstraint(condition=is_first_day("month"), name="edition_month_is_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard}, {self.month:%B %Y}"
