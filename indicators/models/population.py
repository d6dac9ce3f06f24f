"""How many people a rate is worked on, by year."""

from django.db import models
from django.db.models import Q

from indicators.calculations.months import financial_year_text
from indicators.calculations.vocabulary import Stage

from .audited import Audited
from .fields import FinancialYearField


class PopulationGroup(Audited):
    """Whom a rate counts, for example children aged 0 to 17."""

    name = models.CharField(max_length=100, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Population(Audited):
    """A group's mid-year estimate. The estimate of June 2019 serves 2019-20."""

    group = models.ForeignKey(PopulationGroup, models.PROTECT, related_name="populations")
    year = FinancialYearField("financial year", help_text="The year that contains the mid-year estimate, as 2019-20.")
    people = models.PositiveIntegerField()
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.FINAL)
    source = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["group", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["group", "year"], name="population_one_per_year"),
            models.CheckConstraint(
                condition=Q(people__gt=0),
                name="population_not_empty",
                violation_error_message="A population is at least 1.",
            ),
            models.CheckConstraint(condition=Q(stage__in=list(Stage)), name="population_stage_known"),
        ]

    def __str__(self) -> str:
        return f"{self.group}, {financial_year_text(self.year)}"
