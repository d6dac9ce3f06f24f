"""Editions: a scorecard's report on a month, for a meeting; who looked at its lines, and who was reminded of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery

from commentary.models import Overview, SignOff
from commentary.sign_off import Step
from indicators.calculations.vocabulary import LabelledEnum
from indicators.models import Audited, User
from indicators.models.fields import MonthField, is_first_day

from .scorecard import Scorecard

DUE_BEFORE_OPENING = "The due date can't be before the opening date."
MEETS_BEFORE_DUE = "The meeting can't be before the due date."
PUBLISHED_HERE = "Its report was published here: scorecard and month stay as they are."
# Of two dates, which comes first, and what is said beside the second one where it doesn't.
ORDER_OF_DATES = (("opens_on", "due_on", DUE_BEFORE_OPENING), ("due_on", "meeting_date", MEETS_BEFORE_DUE))


class EditionState(LabelledEnum):
    """What stage an edition has reached."""

    COLLECTING = "collecting", "Collecting"
    IN_REVIEW = "in_review", "In review"
    PUBLISHED = "published", "Published"


class EditionQuerySet(models.QuerySet["Edition"]):
    def published(self) -> EditionQuerySet:
        """Editions whose report was frozen, so that it can be read."""
        return self.filter(state=EditionState.PUBLISHED, publications__number=1)

    def in_progress(self) -> EditionQuerySet:
        """Editions that are being collected or reviewed."""
        return self.exclude(state=EditionState.PUBLISHED)

    def corrected(self) -> EditionQuerySet:
        """Published editions with a line that was corrected since, and waits for its owner or was sent back."""
        since = Q(sent_at__gt=OuterRef("latest")) | Q(step=Step.SENT_BACK, decided_at__gt=OuterRef("latest"))
        corrections = SignOff.objects.filter(
            since,
            month=OuterRef("month"),
            indicator__lines__section__scorecard=OuterRef("scorecard"),
            step__in=(Step.SENT, Step.SENT_BACK),
        )
        publications = self.model.publications.rel.related_model.objects.filter(edition=OuterRef("pk"))  # type: ignore[attr-defined]
        latest = Subquery(publications.order_by("-published_at").values("published_at")[:1])
        return self.filter(state=EditionState.PUBLISHED).annotate(latest=latest).filter(Exists(corrections))


class Edition(Audited):
    """The report on one month, for one meeting of the panel.

    From its opening day reporters enter their lines. In review only lines that were sent back can be
    changed. Once it is published, everybody who may read the scorecard reads it.
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

    def clean(self) -> None:
        """Refuse what would take a published report to another address. A trigger keeps it too."""
        if self.pk is None or not self.publications.exists():
            return
        before = Edition.objects.only("scorecard_id", "month").get(pk=self.pk)
        moved = [name for name in ("scorecard_id", "month") if getattr(self, name) != getattr(before, name)]
        if moved:
            raise ValidationError({name.removesuffix("_id"): PUBLISHED_HERE for name in moved})

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """As usual, but says beside the later date that it is too early. `exclude` names fields to leave alone."""
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

    @cached_property
    def published_at(self) -> datetime | None:
        """When it was published last, as it is or revised; None before. One query, of a published one only."""
        if self.state != EditionState.PUBLISHED:
            return None
        latest: datetime | None = self.publications.aggregate(latest=Max("published_at"))["latest"]
        return latest

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


class ReminderKind(LabelledEnum):
    """What a reminder is about."""

    OPENED = "opened", "Opened for collection"
    DUE_SOON = "due_soon", "Due soon"
    OVERDUE = "overdue", "Overdue"
    SENT_BACK = "sent_back", "Sent back to you"
    TO_SIGN_OFF = "to_sign_off", "Waiting for your sign-off"
    ASKED = "asked", "Asked for by a performance officer"


class Reminder(Audited):
    """One thing that one person was reminded of. Another `occasion` makes the same kind due again.

    `lines_of` is whose lines it was about: the person's own, or those of somebody whom they stood in for.
    The unique constraint is what makes sending repeatable: the same occasion is never mailed twice.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="reminders")
    person = models.ForeignKey(User, models.PROTECT, related_name="reminders")
    lines_of = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="whose lines")
    kind = models.CharField(max_length=12, choices=ReminderKind.choices)
    occasion = models.CharField(max_length=60)
    lines = models.PositiveIntegerField("number of lines")
    address = models.EmailField("sent to")
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "person", "lines_of", "kind", "occasion"], name="reminder_once_per_occasion"
            ),
            models.CheckConstraint(condition=Q(kind__in=list(ReminderKind)), name="reminder_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {ReminderKind(self.kind).label.lower()}, {self.edition}"
