"""Comparators: what statistical neighbours, England or the region have."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from indicators.calculations.months import financial_year_text
from indicators.calculations.vocabulary import Blank, ComparatorGroup, OnBasis

from .audited import Audited
from .fields import ExactNumberField, FinancialYearField
from .indicator import Indicator


class Comparator(Audited):
    """A figure of others for one year, with its source and how it was put on our basis."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="comparators")
    group = models.CharField(max_length=24, choices=ComparatorGroup.choices)
    year = FinancialYearField("financial year", null=True, blank=True, help_text="As 2019-20; empty if not known.")
    value = ExactNumberField(null=True, blank=True, help_text="In the indicator's unit.")
    blank = models.CharField("no figure because", max_length=14, choices=Blank.choices, default="", blank=True)
    source = models.CharField(max_length=300, blank=True, help_text="The publication.")
    basis = models.CharField(
        max_length=300,
        blank=True,
        help_text="How it was put on the indicator's basis, as “total / 152 authorities / 12”.",
    )
    on_basis = models.CharField(
        "same basis as the indicator",
        max_length=8,
        choices=OnBasis.choices,
        default=OnBasis.UNKNOWN,
    )
    note = models.TextField(blank=True, help_text="Shown with the comparator.")

    class Meta:
        ordering = ["indicator", "group", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "group", "year"],
                condition=Q(year__isnull=False),
                name="comparator_one_per_year",
                violation_error_message="There is already a comparator for this group and year.",
            ),
            models.UniqueConstraint(
                fields=["indicator", "group"],
                condition=Q(year__isnull=True),
                name="comparator_one_without_year",
                violation_error_message=("There is already a comparator of this group without a year."),
            ),
            models.CheckConstraint(
                condition=(Q(blank="") & Q(value__isnull=False)) | (~Q(blank="") & Q(value__isnull=True)),
                name="comparator_value_or_blank",
                violation_error_message=("Give a figure, or the reason why there is none: one of the two."),
            ),
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__gte=0),
                name="comparator_not_negative",
                violation_error_message="A comparator can't be negative.",
            ),
            models.CheckConstraint(
                condition=Q(group__in=list(ComparatorGroup))
                & Q(on_basis__in=list(OnBasis))
                & Q(blank__in=["", *Blank]),
                name="comparator_words_known",
            ),
        ]

    def __str__(self) -> str:
        year = "year not known" if self.year is None else financial_year_text(self.year)
        return f"{self.indicator.reference}: {ComparatorGroup(self.group).label}, {year}"
