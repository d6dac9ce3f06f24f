"""Areas of focus: what the service or the panel wants watched until it is closed."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from indicators.calculations.vocabulary import LabelledEnum
from indicators.models import Audited, Indicator


class RaisedBy(LabelledEnum):
    """Who asked for an area of focus."""

    SERVICE = "service", "The service"
    PANEL = "panel", "The panel"


class AreaOfFocusQuerySet(models.QuerySet["AreaOfFocus"]):
    def open_in(self, first_day: date, final_day: date) -> AreaOfFocusQuerySet:
        """Areas opened by `final_day` and not closed before `first_day`."""
        not_closed = Q(closed_on__isnull=True) | Q(closed_on__gte=first_day)
        return self.filter(not_closed, opened_on__lte=final_day)


class AreaOfFocus(Audited):
    """A concern with the service's response, watched from month to month."""

    title = models.CharField(max_length=200)
    response = models.TextField(blank=True, help_text="What the service does about it.")
    raised_by = models.CharField(max_length=8, choices=RaisedBy.choices, default=RaisedBy.SERVICE)
    indicators = models.ManyToManyField(Indicator, blank=True, related_name="areas_of_focus")
    _history_m2m_fields = (indicators,)
    position = models.PositiveSmallIntegerField("order", default=0)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    objects = AreaOfFocusQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "areas of focus"
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="focus_closed_after_opened",
                violation_error_message="It can't be closed before it was opened.",
            ),
            models.CheckConstraint(condition=Q(raised_by__in=list(RaisedBy)), name="focus_raised_by_known"),
        ]

    def __str__(self) -> str:
        return self.title


class FocusUpdate(Audited):
    """A dated note of what has happened since."""

    area = models.ForeignKey(AreaOfFocus, models.CASCADE, related_name="updates")
    date = models.DateField()
    text = models.TextField()

    class Meta:
        ordering = ["area", "date", "pk"]
        verbose_name = "update"

    def __str__(self) -> str:
        return f"{self.area}, {self.date:%-d %B %Y}"
