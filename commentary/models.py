"""The words of a report and who stands behind them: commentary, overviews, areas of focus, sign-offs."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from commentary.focus import FocusKind, QuestionStanding, RaisedBy, standing_on
from commentary.sign_off import Step
from indicators.models import Audited, Indicator, User
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
    entered_by_signer = models.BooleanField(
        "signed off by who entered it",
        default=False,
        help_text="Nobody else has looked at figure and commentary.",
    )

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
            models.CheckConstraint(
                condition=Q(entered_by_signer=False) | Q(step=Step.APPROVED),
                name="sign_off_own_if_signed_off",
                violation_error_message="Only a sign-off is marked as by who entered it.",
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
