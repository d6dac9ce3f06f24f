"""National comparators that stand beside the report's own: filled by imports of open data only."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from indicators.calculations.months import financial_year_text
from indicators.calculations.vocabulary import OnBasis

from .audited import Audited
from .comparator_group import GroupKey
from .fields import ExactNumberField, FinancialYearField
from .indicator import Indicator


class NationalComparator(Audited):
    """What others had in a year by national statistics, where the report prints comparators from elsewhere.

    It is shown on the indicator's page beside the report's, never in their place, and never compared with.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="national_comparators")
    group = GroupKey(db_column="group", related_name="national_comparators")
    year = FinancialYearField("financial year", help_text="For example 2019-20.")
    value = ExactNumberField(help_text="In the indicator's unit.")
    source = models.CharField(max_length=300)
    basis = models.CharField(max_length=300)
    on_basis = models.CharField("same basis as the indicator", max_length=8, choices=OnBasis.choices)
    note = models.TextField(blank=True)
    next_update = models.DateField("next figures due", null=True, blank=True)

    class Meta:
        ordering = ["indicator", "group", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "group", "year"],
                name="national_comparator_one_per_year",
                violation_error_message="There is already a national comparator for this group and year.",
            ),
            models.CheckConstraint(
                condition=Q(on_basis__in=list(OnBasis)),
                name="national_comparator_words_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.reference}: {self.group}, {financial_year_text(self.year)}, beside the report’s"
