"""Editions: a scorecard for a reporting month and a meeting, and how far they have come."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from commentary.models import Overview
from indicators.calculations.vocabulary import LabelledEnum
from indicators.models import Audited, User
from indicators.models.fields import MonthField, is_first_day

from .scorecard import Scorecard

DUE_BEFORE_OPENING = "The due date can't be before the opening date."
MEETS_BEFORE_DUE = "The meeting can't be before the due date."
# Of two dates, which comes first, and what is said beside the second one where it doesn't.
ORDER_OF_DATES = (("opens_on", "due_on", DUE_BEFORE_OPENING), ("due_on", "meeting_date", MEETS_BEFORE_DUE))


class EditionState(LabelledEnum):
    """How far an edition has come."""

    COLLECTING = "collecting", "Collecting"
    IN_REVIEW = "in_review", "In review"
    PUBLISHED = "published", "Published"


class EditionQuerySet(models.QuerySet["Edition"]):
    def published(self) -> EditionQuerySet:
        """Editions whose report was frozen, so that it can be read."""
        return self.filter(state=EditionState.PUBLISHED, publications__number=1)

    def in_progress(self) -> EditionQuerySet:
        """Editions that are collected or in review."""
        return self.exclude(state=EditionState.PUBLISHED)


class Edition(Audited):
    """The report on one month, for one meeting of the panel.

    While it is collected, from its opening day on, reporters enter their lines; in review only
    lines that were sent back can be changed; published, everybody who may read the scorecard reads it.
    """

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="editions")
    month = MonthField()
    state = models.CharField(max_length=10, choices=EditionState.choices, default=EditionState.COLLECTING)
    opens_on = models.DateField("opening date", null=True, blank=True, help_text="Reporters can enter from this day.")
    due_on = models.DateField("due date", null=True, blank=True, help_text="Lines sent after this day are late.")
    meeting_date = models.DateField(null=True, blank=True)
    # Taken away here first, which is then in the history, before the overview can be deleted.
    overview = models.OneToOneField(Overview, models.PROTECT, null=True, blank=True, related_name="edition")
    # The indicators whose lines the holder of this copy has to themselves, while they do: see `on_lines`.
    held_lines: frozenset[int] | None = None

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["scorecard", "-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "month"],
                name="edition_one_per_month",
                violation_error_message="There is already an edition for this month.",
            ),
            models.CheckConstraint(condition=is_first_day("month"), name="edition_month_is_first_day"),
            models.CheckConstraint(condition=Q(state__in=list(EditionState)), name="edition_state_known"),
            models.CheckConstraint(
                condition=~Q(state=EditionState.COLLECTING) | Q(opens_on__isnull=False, due_on__isnull=False),
                name="edition_collected_between_dates",
                violation_error_message="An edition that is collected needs an opening date and a due date.",
            ),
            models.CheckConstraint(
                condition=Q(opens_on__isnull=True) | Q(due_on__isnull=True) | Q(due_on__gte=F("opens_on")),
                name="edition_due_after_opening",
                violation_error_message=DUE_BEFORE_OPENING,
            ),
            models.CheckConstraint(
                condition=Q(meeting_date__isnull=True) | Q(due_on__isnull=True) | Q(meeting_date__gte=F("due_on")),
                name="edition_meets_after_due",
                violation_error_message=MEETS_BEFORE_DUE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard}, {self.month:%B %Y}"

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """As usual, but dates in the wrong order are told beside the later one. `exclude` are fields not to look at."""
        left_out = set(exclude or ())
        problems: dict[str, list[ValidationError]] = {}
        for first, second, message in ORDER_OF_DATES:
            before, after = getattr(self, first), getattr(self, second)
            if not {first, second} & left_out and before and after and after < before:
                problems[second] = [ValidationError(message)]
        try:
            super().validate_constraints(left_out | problems.keys())
        except ValidationError as error:
            problems = error.update_error_dict(problems)
        if problems:
            raise ValidationError(problems)

    def is_open(self, today: date) -> bool:
        """Whether reporters can enter their lines."""
        return self.state == EditionState.COLLECTING and self.opens_on is not None and self.opens_on <= today

    def is_overdue(self, today: date) -> bool:
        """Whether what has not been sent yet is late."""
        return self.state != EditionState.PUBLISHED and self.due_on is not None and self.due_on < today


class Visit(models.Model):
    """When an owner looked at an edition's lines, to show what has changed since. A bookmark, not an edit.

    A new visit begins half an hour after the latest look; until then the page goes on showing
    what changed since the end of the visit before (`before_at`).
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="visits")
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    latest_at = models.DateTimeField()
    before_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "person"], name="visit_one_per_person")]

    def __str__(self) -> str:
        return f"{self.person} at {self.edition}"
