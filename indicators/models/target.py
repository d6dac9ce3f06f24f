"""Targets by financial year."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from indicators.calculations.exact import exact
from indicators.calculations.months import year_text
from indicators.calculations.rating import TargetTerms

from .audited import Audited
from .fields import ExactNumberField, FinancialYearField
from .indicator import Indicator, refuse_negative


class Target(Audited):
    """What a financial year's figures should reach, or that this is still to be confirmed."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets")
    year = FinancialYearField("financial year", help_text="For example 2020-21.")
    value = ExactNumberField("target", null=True, blank=True, help_text="In the indicator's unit: 94 for 94%.")
    is_tbc = models.BooleanField("to be confirmed", default=False)
    tolerance = ExactNumberField(
        default=0,
        blank=True,
        help_text="How far a figure may miss the target and still be amber, in the "
        "indicator's unit (percentage points for a percentage).",
    )
    note = models.TextField(blank=True, help_text="Shown with the target.")

    class Meta:
        ordering = ["indicator", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "year"],
                name="target_one_per_year",
                violation_error_message="There is already a target for this year.",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True, is_tbc=True) | Q(value__isnull=False, is_tbc=False),
                name="target_value_or_tbc",
                violation_error_message="Give a target, or tick “to be confirmed”: one of the two.",
            ),
            models.CheckConstraint(
                condition=Q(tolerance__gte=0),
                name="target_tolerance_not_negative",
                violation_error_message="A tolerance can't be negative.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.reference}, target {year_text(self.year, self.indicator.year_starts)}"

    def clean(self) -> None:
        refuse_negative(self, value="target")

    def as_terms(self) -> TargetTerms:
        """The target as the calculations take it."""
        value = None if self.value is None else exact(self.value)
        return TargetTerms(value, exact(self.tolerance))
