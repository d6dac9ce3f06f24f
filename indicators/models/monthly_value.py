"""Monthly values: one indicator, one month, a figure or the reason why there is none. And their charts' rebases."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from indicators.calculations.exact import exact
from indicators.calculations.figures import Figure, quotient
from indicators.calculations.formatting import counted, format_figure
from indicators.calculations.spc import FEWEST_TO_FIX
from indicators.calculations.vocabulary import Blank, Kind, Stage, Unit

from .audited import Audited
from .fields import ExactNumberField, MonthField, is_first_day
from .indicator import Indicator, indicator_of, refuse_negative

# Ten years of months.
MOST_TO_FIX = 120


class MonthlyValueQuerySet(models.QuerySet["MonthlyValue"]):
    def between(self, first: date, final: date) -> MonthlyValueQuerySet:
        """Values of the months from `first` to `final`, both included."""
        return self.filter(month__range=(first, final))

    def months_with_figures(self, indicators: Collection[int]) -> dict[int, list[date]]:
        """The months of which each of the indicators has a figure, in one query; none where there are no indicators."""
        found: dict[int, list[date]] = {}
        with_figures = self.filter(indicator__in=indicators, blank="").order_by() if indicators else self.none()
        for indicator, month in with_figures.values_list("indicator_id", "month"):
            found.setdefault(indicator, []).append(month)
        return found

    def above_100_per_cent(self) -> MonthlyValueQuerySet:
        """Values that a percentage can't have unless its indicator allows it."""
        return self.filter(Q(figure__gt=100) | Q(numerator__gt=F("denominator")))

    def below_0(self) -> MonthlyValueQuerySet:
        """Values that only an indicator whose figures may be negative can have."""
        return self.filter(Q(figure__lt=0) | Q(numerator__lt=0))


class MonthlyValue(Audited):
    """A figure, or numerator and denominator, or a typed blank: exactly one of the three.

    Database triggers also keep percentages within 100 and figures at 0 or above (unless the indicator allows others)
    and refuse typed figures for derived indicators.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="values")
    month = MonthField()
    figure = ExactNumberField(null=True, blank=True, help_text="In the indicator's unit: 19 for 19%.")
    numerator = ExactNumberField(null=True, blank=True)
    denominator = ExactNumberField(null=True, blank=True)
    blank = models.CharField("no figure because", max_length=14, choices=Blank.choices, default="", blank=True)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.FINAL)
    note = models.TextField(blank=True, help_text="Shown with the figure.")

    objects = MonthlyValueQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "month"],
                name="value_one_per_month",
                violation_error_message="There is already a value for this month.",
            ),
            models.CheckConstraint(
                condition=is_first_day("month"),
                name="value_month_is_first_day",
                violation_error_message="A month is kept as the date of its first day.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(blank="")
                    & (
                        Q(figure__isnull=False, numerator=None, denominator=None)
                        | Q(figure=None, numerator__isnull=False, denominator__isnull=False)
                    )
                )
                | (~Q(blank="") & Q(figure=None, numerator=None, denominator=None)),
                name="value_figure_or_parts_or_blank",
                violation_error_message=(
                    "Give a figure, or a numerator and a denominator, or the reason why there "
                    "is none: exactly one of the three."
                ),
            ),
            models.CheckConstraint(
                condition=Q(denominator=None) | Q(denominator__gte=0),
                name="value_denominator_not_negative",
                violation_error_message="A denominator can't be negative.",
            ),
            models.CheckConstraint(
                condition=~Q(denominator=0) | Q(numerator=0),
                name="value_numerator_0_of_0",
                violation_error_message="With a denominator of 0 the numerator is 0 too.",
            ),
            models.CheckConstraint(
                condition=Q(blank__in=["", *Blank]) & Q(stage__in=list(Stage)),
                name="value_words_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.reference}, {self.month:%B %Y}"

    def as_figure(self) -> Figure:
        """The value as the calculations take it. Needs the indicator."""
        stage = Stage(self.stage)
        if self.blank:
            return Figure(None, Blank(self.blank), stage, note=self.note)
        if self.numerator is not None and self.denominator is not None:
            factor = Unit(self.indicator.unit).factor(self.indicator.rate_base)
            return quotient(exact(self.numerator), exact(self.denominator), factor, stage, self.note)
        value = None if self.figure is None else exact(self.figure)
        return Figure(value, None, stage, note=self.note)

    def display(self) -> str:
        """The figure as the report prints it."""
        indicator = self.indicator
        return format_figure(self.as_figure(), Unit(indicator.unit), indicator.decimal_places)

    def clean(self) -> None:
        if indicator_of(self) is None:
            return
        if self.indicator.kind == Kind.DERIVED:
            raise ValidationError(
                f"{self.indicator.reference} is worked out from other indicators: its figures can't be entered."
            )
        if self.blank:
            return
        if self.indicator.kind == Kind.RATIO and self.figure is not None:
            raise ValidationError({"figure": "Enter the numerator and the denominator for this indicator."})
        if self.indicator.kind == Kind.FIGURE and self.numerator is not None:
            raise ValidationError({"numerator": "Enter a single figure for this indicator."})
        refuse_negative(self, figure="figure", numerator="numerator")
        self._check_percentage()

    def _check_percentage(self) -> None:
        if self.indicator.unit != Unit.PERCENTAGE or self.indicator.allows_over_100:
            return
        too_high = "A percentage can't be above 100 for this indicator."
        if self.figure is not None:
            if self.figure > 100:
                raise ValidationError({"figure": too_high})
        elif self.numerator is not None and self.denominator is not None and self.numerator > self.denominator:
            raise ValidationError({"numerator": too_high})


class Rebase(Audited):
    """A month with which a new group of points begins, and why: mean and limits look back no further.

    It is a judgement about the service, so people make it and the program never does. The history says who.
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


class FixedBaseline(Audited):
    """The figures that mean and limits of a chart are fixed on: so many periods from a month on, and why.

    A judgement about the service like a rebase, which ends it. The first of them begins a new group of points.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="baselines")
    month = MonthField(help_text="The month of its first figure.")
    periods = models.PositiveSmallIntegerField(
        "number of periods",
        default=FEWEST_TO_FIX,
        validators=[MinValueValidator(FEWEST_TO_FIX), MaxValueValidator(MOST_TO_FIX)],
        help_text=f"How many months (of a quarterly indicator quarters) it has: at least {FEWEST_TO_FIX}.",
    )
    reason = models.TextField(help_text="Why these are what is usual, as readers of the chart will be told.")

    class Meta:
        ordering = ["indicator", "-month"]
        verbose_name = "fixed baseline"
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "month"],
                name="baseline_one_per_month",
                violation_error_message="There is already a baseline from this month.",
            ),
            models.CheckConstraint(
                condition=is_first_day("month"),
                name="baseline_month_is_first_day",
                violation_error_message="A month is kept as the date of its first day.",
            ),
            models.CheckConstraint(
                condition=Q(periods__gte=FEWEST_TO_FIX) & Q(periods__lte=MOST_TO_FIX),
                name="baseline_of_12_periods_or_more",
                violation_error_message=f"A baseline has {FEWEST_TO_FIX} to {MOST_TO_FIX} periods.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="baseline_reason_not_empty",
                violation_error_message="Say why these are what is usual.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.reference}, fixed on {counted(self.periods, 'period')} from {self.month:%B %Y}"
