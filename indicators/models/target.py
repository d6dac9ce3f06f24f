"""Targets by financial year."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from indicators.calculations.aims import steps_problem
from indicators.calculations.exact import Exact, exact
from indicators.calculations.measure import Measure
from indicators.calculations.months import year_text
from indicators.calculations.rating import TargetTerms, sense_problem
from indicators.calculations.vocabulary import (
    Accumulation,
    Frequency,
    Polarity,
    RestsOn,
    Scope,
    Sense,
    Shape,
    Unit,
)

from .audited import Audited
from .comparator_group import GroupKey
from .fields import ExactNumberField, FinancialYearField
from .indicator import Indicator, indicator_of

# What makes up the terms of a target, in the order that `target_terms` takes them.
TARGET_NUMBERS = ("value", "tolerance", "upper")
TARGET_WORDS = ("sense", "shape", "steps", "rests_on", "group_id", "is_strict")
_STEP = re.compile(r"(-?[\d,]+(?:\.\d{1,6})?)%?(?:\s*(?:to|–)\s*(-?[\d,]+(?:\.\d{1,6})?)%?)?")
MOST_STEPS = 12


def read_steps(text: str) -> tuple[tuple[Exact, ...], tuple[Exact, ...]]:
    """The steps of a year as an officer types them, "2; 4; 6" or "2 to 3; 4 to 6"; and their upper ends, if any.

    Raises ValueError with a message for people.
    """
    lower, upper = list[Exact](), list[Exact]()
    parts = [part for part in re.split(r"[;\n]", text.strip()) if part.strip()]
    for part in parts:
        found = _STEP.fullmatch(part.strip())
        if (
            found is None
            or not any(one.isdigit() for one in found[1])
            or len(found[1]) > 16
            or len(found[2] or "") > 16
        ):
            raise ValueError(f"“{part.strip()[:20]}” is not a step: write figures with semicolons, as 2; 4; 6.")
        lower.append(exact(Decimal(found[1].replace(",", ""))))
        if found[2]:
            upper.append(exact(Decimal(found[2].replace(",", ""))))
    if upper and len(upper) != len(lower):
        raise ValueError("Either every step is a range, as 2 to 3; 4 to 6, or none is.")
    if len(lower) > MOST_STEPS:
        raise ValueError(f"A year has at most {MOST_STEPS} steps.")
    return tuple(lower), tuple(upper)


def target_terms(
    value: Decimal | float | None,
    tolerance: Decimal | float,
    upper: Decimal | float | None,
    sense: str,
    shape: str,
    steps: str,
    rests_on: str,
    group: str | None,
    is_strict: Any,
) -> TargetTerms:
    """A target as it is stored, as the calculations take it, but for the name of the group that it rests on."""
    lower_steps, upper_steps = read_steps(steps) if steps else ((), ())
    return TargetTerms(
        None if value is None else exact(value),
        exact(tolerance),
        Sense(sense),
        None if upper is None else exact(upper),
        Shape(shape),
        lower_steps,
        upper_steps,
        RestsOn(rests_on),
        group or "",
        bool(is_strict),
    )


def measure_of_target(indicator: Indicator) -> Measure:
    """As much of an indicator as it takes to write a target down."""
    return Measure(
        *(indicator.reference, indicator.title, "", "", "", ""),
        Unit(indicator.unit),
        indicator.decimal_places,
        Polarity(indicator.polarity),
        Frequency(indicator.frequency),
        Scope(indicator.scope),
        "",
        rate_base=indicator.rate_base,
        allows_negative=indicator.allows_negative,
    )


class Target(Audited):
    """What a year's figures should reach, or that this is still to be confirmed.

    It is a figure, two figures to lie between, or rests on another figure: last year's, or a comparator's.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets")
    year = FinancialYearField(
        "financial year", help_text="For example 2020-21; of another year than from April, the one it begins in."
    )
    sense = models.CharField(
        "the figure should be",
        max_length=9,
        choices=Sense.choices(),
        default=Sense.DIRECTION,
        help_text="As its direction asks: at least where high is good, at most where low is good.",
    )
    value = ExactNumberField("target", null=True, blank=True, help_text="In the indicator's unit: 94 for 94%.")
    upper = ExactNumberField("and", null=True, blank=True, help_text="The upper figure of a target between two.")
    is_tbc = models.BooleanField("to be confirmed", default=False)
    tolerance = ExactNumberField(
        default=0,
        blank=True,
        help_text="How far a figure may miss the target and still be amber, in the "
        "indicator's unit (percentage points for a percentage).",
    )
    shape = models.CharField(
        "is for",
        max_length=12,
        choices=Shape.choices(),
        default=Shape.EVERY_PERIOD,
        help_text="A whole year's target is compared with the total so far, where the indicator adds up.",
    )
    steps = models.CharField(
        max_length=400,
        blank=True,
        help_text="Where the year should stand after each period, or after each quarter: 6; 12; 18; 24. The last is "
        "the target. For a target between two figures: 5 to 7; 10 to 14; 15 to 21; 20 to 28.",
    )
    rests_on = models.CharField(
        "rests on",
        max_length=10,
        choices=RestsOn.choices(),
        default=RestsOn.FIGURE,
        help_text="What is not the figure typed is looked up for each report, and shown as the figure it means.",
    )
    group = GroupKey(
        verbose_name="comparator",
        db_column="group",
        related_name="targets",
        null=True,
        blank=True,
        help_text="For example England.",
    )
    is_strict = models.BooleanField(
        "better than that", default=False, help_text="Not ticked, being as good is enough: at or better than England."
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
                condition=Q(value__isnull=True, is_tbc=True)
                | Q(value__isnull=False, is_tbc=False, rests_on=RestsOn.FIGURE)
                | (Q(value__isnull=True, is_tbc=False) & ~Q(rests_on=RestsOn.FIGURE)),
                name="target_value_or_tbc",
                violation_error_message="Give a target, tick “to be confirmed”, or say what it rests on: one of them.",
            ),
            models.CheckConstraint(
                condition=Q(tolerance__gte=0),
                name="target_tolerance_not_negative",
                violation_error_message="A tolerance can't be negative.",
            ),
            models.CheckConstraint(
                condition=Q(sense=Sense.BETWEEN, value__isnull=True, upper__isnull=True)
                | Q(sense=Sense.BETWEEN, value__isnull=False, upper__isnull=False, upper__gt=models.F("value"))
                | (~Q(sense=Sense.BETWEEN) & Q(upper__isnull=True)),
                name="target_two_figures_for_between",
                violation_error_message="Between two figures: give both, the lower first. Any other target has one.",
            ),
            models.CheckConstraint(
                condition=(Q(shape=Shape.TYPED) & ~Q(steps="")) | (~Q(shape=Shape.TYPED) & Q(steps="")),
                name="target_steps_if_typed",
                violation_error_message="Steps belong to a whole year's target by steps, and to no other.",
            ),
            models.CheckConstraint(
                condition=Q(rests_on=RestsOn.COMPARATOR, group__isnull=False)
                | (~Q(rests_on=RestsOn.COMPARATOR) & Q(group__isnull=True)),
                name="target_comparator_named",
                violation_error_message="Choose the comparator that the target rests on; no other target has one.",
            ),
            models.CheckConstraint(
                condition=Q(rests_on=RestsOn.FIGURE, is_strict=False)
                | (~Q(rests_on=RestsOn.FIGURE) & ~Q(sense__in=[Sense.BETWEEN, Sense.EXACTLY])),
                name="target_better_than_another_figure",
                violation_error_message="Only what rests on another figure can be “better than that”, and then it is "
                "neither between two figures nor exact.",
            ),
            models.CheckConstraint(
                condition=Q(rests_on=RestsOn.FIGURE)
                | Q(shape=Shape.EVERY_PERIOD)
                | Q(rests_on=RestsOn.LAST_YEAR, shape=Shape.LAST_YEAR),
                name="target_shape_of_what_it_rests_on",
                violation_error_message="What rests on a comparator is for every period; what rests on last year also "
                "for the whole year, in last year's shape.",
            ),
            models.CheckConstraint(
                condition=Q(sense__in=list(Sense), shape__in=list(Shape), rests_on__in=list(RestsOn)),
                name="target_words_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.reference}, target {year_text(self.year, self.indicator.year_starts)}"

    @property
    def words(self) -> str:
        """As a report prints it, without what it comes to where it rests on another figure."""
        return measure_of_target(self.indicator).terms_text(self.as_terms())

    def as_terms(self) -> TargetTerms:
        """The target as the calculations take it."""
        terms = target_terms(*(getattr(self, name) for name in (*TARGET_NUMBERS, *TARGET_WORDS)))
        return terms._replace(group_name=self.group.said) if self.group else terms

    def clean(self) -> None:
        """Refuse what doesn't fit the indicator: its direction, whether it adds up, its periods, its sign."""
        indicator, wrong = indicator_of(self), dict[str, str]()
        if indicator is None:
            return
        polarity = Polarity(indicator.polarity)
        if problem := sense_problem(Sense(self.sense) if self.sense in list(Sense) else Sense.DIRECTION, polarity):
            wrong["sense"] = problem
        if self.rests_on != RestsOn.FIGURE and polarity not in (Polarity.HIGH, Polarity.LOW):
            wrong["rests_on"] = "Better than another figure says something only where high or low is good."
        is_level = indicator.accumulation == Accumulation.NO
        if is_level and self.shape in (Shape.EVEN, Shape.LAST_YEAR):
            wrong["shape"] = "Its figures don't add up over the year: give a target for every period, or steps."
        if not indicator.allows_negative and any(
            number is not None and number < 0 for number in (self.value, self.upper)
        ):
            wrong["value"] = "A target can't be negative where figures can't."
        if self.shape == Shape.TYPED and self.steps and (problem := self._steps_problem()):
            wrong["steps"] = problem
        if wrong:
            raise ValidationError(wrong)

    def _steps_problem(self) -> str:
        try:
            lower, upper = read_steps(self.steps)
        except ValueError as error:
            return str(error)
        if problem := steps_problem(len(lower), self.indicator.periods.in_a_year):
            return problem
        is_range = self.sense == Sense.BETWEEN
        if bool(upper) != is_range:
            return "The steps of a target between two figures are ranges, as 2 to 3; of any other they are figures."
        if any(low >= high for low, high in zip(lower, upper, strict=False)):
            return "Write the lower figure of each step first."
        ends = [(lower, self.value), (upper, self.upper)]
        if any(of and end is not None and of[-1] != exact(end) for of, end in ends):
            return "The last step is where the year should end: the target itself."
        return ""
