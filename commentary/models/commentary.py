"""The words of a report: commentary on an indicator's month, and the overview that opens the report."""

from __future__ import annotations

from datetime import date

from django.db import models

from indicators.models import Audited, Indicator
from indicators.models.fields import MonthField, is_first_day


class CommentaryQuerySet(models.QuerySet["Commentary"]):
    def of_other_months(self, month: date) -> CommentaryQuerySet:
        """The commentary of every month but this one."""
        return self.exclude(month=month)


class Commentary(Audited):
    """What the reporter says about one indicator in one month."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="commentaries")
    month = MonthField()
    text = models.TextField()

    objects = CommentaryQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "-month"]
        verbose_name_plural = "commentary"
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "month"],
                name="commentary_one_per_month",
                violation_error_message="There is already a commentary for this month.",
            ),
            models.CheckConstraint(condition=is_first_day("month"), name="commentary_month_is_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.reference}, {self.month:%B %Y}"


class Overview(Audited):
    """The service's own summary of one month, in a few paragraphs."""

    title = models.CharField(max_length=200, help_text="To find it by, for example “January 2021”.")
    summary = models.TextField(help_text="A blank line begins a new paragraph.")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title
