"""Areas of focus: what the service or the panel wants watched until it is closed; the panel's questions among them."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from commentary.focus import FocusKind, QuestionStanding, RaisedBy, standing_on
from indicators.models import Audited, Indicator, User
from indicators.models.fields import MonthField, is_first_day


class AreaOfFocusQuerySet(models.QuerySet["AreaOfFocus"]):
    def open_in(self, month: date, final_day: date) -> AreaOfFocusQuerySet:
        """Areas that the report on a month shows: opened by `final_day`, and not closed before the month.

        What the panel asked about a report is answered in those of later months.
        """
        not_closed = Q(closed_on__isnull=True) | Q(closed_on__gte=month)
        asked_before = Q(asked_in__isnull=True) | Q(asked_in__lt=month)
        return self.filter(not_closed, asked_before, opened_on__lte=final_day)

    def questions(self) -> AreaOfFocusQuerySet:
        """The panel's questions and recommendations, the oldest first."""
        return self.exclude(kind=FocusKind.AREA).order_by("opened_on", "pk")

    def is_open(self) -> AreaOfFocusQuerySet:
        return self.filter(closed_on__isnull=True)

    def unanswered(self) -> AreaOfFocusQuerySet:
        return self.is_open().filter(response="")


class AreaOfFocus(Audited):
    """A concern with the service's response, or a question of the panel with its answer, watched from month to month.

    A question or recommendation was asked by somebody, in the panel's name, about the report on the
    month `asked_in`; the answer is its response.
    """

    kind = models.CharField(max_length=14, choices=FocusKind.choices, default=FocusKind.AREA)
    title = models.CharField(max_length=200)
    detail = models.TextField(blank=True, help_text="What more there is to say about a question.")
    response = models.TextField(blank=True, help_text="What the service does about it, or answers.")
    raised_by = models.CharField(max_length=8, choices=RaisedBy.choices, default=RaisedBy.SERVICE)
    asked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", help_text="Never shown to the public."
    )
    asked_in = MonthField(
        "asked about the report on", null=True, blank=True, help_text="The answer appears in later reports."
    )
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="areas_of_focus", help_text="Who answers."
    )
    due_on = models.DateField("answer due on", null=True, blank=True)
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
            models.CheckConstraint(
                condition=Q(raised_by__in=list(RaisedBy)) & Q(kind__in=list(FocusKind)), name="focus_words_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=FocusKind.AREA, asked_by__isnull=True, asked_in__isnull=True)
                | Q(
                    ~Q(kind=FocusKind.AREA),
                    raised_by=RaisedBy.PANEL,
                    asked_by__isnull=False,
                    asked_in__isnull=False,
                ),
                name="focus_question_asked_by_the_panel",
                violation_error_message="A question or recommendation is raised by the panel: say who asked, and "
                "about the report on which month. An area of focus has neither.",
            ),
            models.CheckConstraint(
                condition=Q(asked_in__isnull=True) | is_first_day("asked_in"), name="focus_asked_in_is_first_day"
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(owner__isnull=False, due_on__gte=F("opened_on")),
                name="focus_due_from_somebody",
                violation_error_message="An answer is due from somebody, and not before it was asked for.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_question(self) -> bool:
        return self.kind != FocusKind.AREA

    def standing(self, day: date) -> QuestionStanding:
        """Its standing on that day."""
        return standing_on(
            day,
            opened_on=self.opened_on,
            closed_on=self.closed_on,
            due_on=self.due_on,
            is_assigned=self.owner_id is not None,
            is_answered=bool(self.response),
        )


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
