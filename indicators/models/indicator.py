"""Indicators: what is measured, in which unit, and which way it should go; and the populations behind rates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Lower

from indicators.calculations.cautions import EntryTerms
from indicators.calculations.formatting import counted
from indicators.calculations.months import FIRST_MONTH_OF_FINANCIAL_YEAR, financial_year_text
from indicators.calculations.periods import Periods, due_months_problem, read_due_months
from indicators.calculations.signal import Baseline
from indicators.calculations.units import MOST_DECIMALS_OF_POUNDS, UnitKind, kind_of
from indicators.calculations.vocabulary import Accumulation, Frequency, Kind, Polarity, Scope, Stage, Unit

from .audited import Audited
from .fields import MONTH_NUMBERS, FinancialYearField, MonthField, is_first_day
from .user import User

# What is stored of an indicator beside its figures and may be negative where they may: model, and its name for people.
NEGATIVE_BESIDE_FIGURES = {
    "target": "a target",
    "comparator": "a comparator",
    "peerfigure": "a figure of another authority",
}
# Figures in these can be added to one another; so can the parts of a share or rate, but not shares and rates.
UNITS_THAT_ADD_UP = [
    Unit.COUNT,
    *(Unit.MONEY, Unit.MONEY_THOUSAND, Unit.MONEY_MILLION),
    *(Unit.HOURS, Unit.DAYS, Unit.WEEKS, Unit.MONTHS),
]

# Says in which month the council's years begin; empty where nobody does.
FIRST_MONTH_OF_COUNCIL: list[Callable[[], int]] = []


def council_year_starts() -> int:
    """The number of the month in which the council's years begin: those of new indicators and of its headings."""
    return FIRST_MONTH_OF_COUNCIL[0]() if FIRST_MONTH_OF_COUNCIL else FIRST_MONTH_OF_FINANCIAL_YEAR


class PopulationGroup(Audited):
    """The people whom a rate is worked on, for example children aged 0 to 17."""

    name = models.CharField(max_length=100, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Population(Audited):
    """A group's mid-year estimate. The estimate of June 2019 serves 2019-20."""

    group = models.ForeignKey(PopulationGroup, models.PROTECT, related_name="populations")
    year = FinancialYearField(
        "financial year", help_text="The year that contains the mid-year estimate, for example 2019-20."
    )
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


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def active_in(self, month: date) -> IndicatorQuerySet:
        """Indicators that are reported for the month."""
        started = Q(active_from__isnull=True) | Q(active_from__lte=month)
        not_ended = Q(active_to__isnull=True) | Q(active_to__gte=month)
        return self.filter(started, not_ended)

    def with_what_depends(self) -> IndicatorQuerySet:
        """With what a change of unit or kind could contradict, so that `clean` need not ask for each."""
        values = (
            apps.get_model("indicators", "MonthlyValue").objects.filter(indicator=OuterRef("pk")).order_by("-month")
        )
        parts = apps.get_model("indicators", "DerivationTerm").objects.filter(indicator=OuterRef("pk"))
        return self.annotate(
            has_values=Exists(values),
            has_parts=Exists(parts),
            has_denominators=Exists(parts.filter(role="denominator")),
            above_100_in=Subquery(values.above_100_per_cent().values("month")[:1]),
            below_0_in=Subquery(values.below_0().values("month")[:1]),
            **{
                f"has_negative_{name}": Exists(
                    apps.get_model("indicators", name).objects.filter(indicator=OuterRef("pk"), value__lt=0)
                )
                for name in NEGATIVE_BESIDE_FIGURES
            },
        )


class Indicator(Audited):
    """A measure with a reference. A derived indicator's figures are never typed in."""

    reference = models.CharField(max_length=30, help_text="Short and unique, for example CP3-QL.")
    title = models.CharField(max_length=300)
    definition = models.TextField(blank=True, help_text="What is counted, in plain words.")
    outcome = models.TextField(blank=True, help_text="What good looks like for children.")
    owner = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_indicators",
        help_text="Signs the figures off.",
    )
    reporter = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reported_indicators",
        help_text="Enters figures and commentary.",
    )
    unit = models.CharField(max_length=14, choices=Unit.choices, default=Unit.COUNT)
    rate_base = models.PositiveIntegerField(
        "rate per", null=True, blank=True, help_text="For a rate per another number, for example 1000000."
    )
    decimal_places = models.PositiveSmallIntegerField(
        default=0, help_text="For display only; figures are kept exactly."
    )
    polarity = models.CharField("desired direction", max_length=8, choices=Polarity.choices, default=Polarity.NEUTRAL)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.FIGURE)
    numerator_words = models.CharField(
        "what the numerator counts",
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text="As its reporter is asked, for example “children visited in time”. Empty: “How many?”",
    )
    denominator_words = models.CharField(
        "what the denominator counts",
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text="For example “of all children in care”. Empty: “Out of how many?”",
    )
    population = models.ForeignKey(
        PopulationGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="indicators",
        help_text="For a derived rate: the people it is worked on.",
    )
    frequency = models.CharField(max_length=11, choices=Frequency.choices, default=Frequency.MONTHLY)
    year_starts = models.PositiveSmallIntegerField(
        "year begins in",
        choices=MONTH_NUMBERS,
        default=FIRST_MONTH_OF_FINANCIAL_YEAR,
        help_text="April for financial years, September for academic years, January for calendar years. Its targets, "
        "quarters and half-years follow it.",
    )
    due_months = models.CharField(
        "months in which a figure is due",
        max_length=30,
        blank=True,
        help_text="Numbers of months, as 12, 4, 7. Empty for those that follow from frequency and year.",
    )
    accumulation = models.CharField(
        "adds up over the year", max_length=10, choices=Accumulation.choices, default=Accumulation.NO
    )
    is_seasonal = models.BooleanField(
        "seasonal",
        default=False,
        help_text="Judged against the usual shape of its year, which needs figures of at least three years.",
    )
    seasonal_reason = models.TextField("why it is seasonal", blank=True, help_text="As readers of its chart are told.")
    scope = models.CharField(max_length=8, choices=Scope.choices, default=Scope.LOCAL)
    allows_negative = models.BooleanField(
        "figures may be negative", default=False, help_text="For example a variance, a net change or a gap."
    )
    allows_over_100 = models.BooleanField(
        "percentage may exceed 100",
        default=False,
        help_text="For example where a numerator can catch up with earlier months.",
    )
    active_from = MonthField(null=True, blank=True, help_text="First month reported.")
    active_to = MonthField(null=True, blank=True, help_text="Final month reported.")
    note = models.TextField(blank=True, help_text="What a reader must know about these figures. Shown in the report.")

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["reference"]
        constraints = [
            models.UniqueConstraint(
                Lower("reference"),
                name="indicator_reference_unique",
                violation_error_message="There is already an indicator with this reference.",
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="indicator_reference_not_empty"),
            models.CheckConstraint(
                condition=Q(decimal_places__lte=4),
                name="indicator_decimal_places_at_most_4",
                violation_error_message="At most 4 decimal places can be displayed.",
            ),
            models.CheckConstraint(
                condition=Q(population__isnull=True) | Q(kind=Kind.DERIVED),
                name="indicator_population_only_if_derived",
                violation_error_message="Only a derived indicator is worked on a population.",
            ),
            models.CheckConstraint(
                condition=Q(active_from__isnull=True) | Q(active_to__isnull=True) | Q(active_to__gte=F("active_from")),
                name="indicator_active_to_after_from",
                violation_error_message="The final month can't be before the first.",
            ),
            models.CheckConstraint(
                condition=(Q(active_from__isnull=True) | is_first_day("active_from"))
                & (Q(active_to__isnull=True) | is_first_day("active_to")),
                name="indicator_active_months_are_first_days",
            ),
            models.CheckConstraint(
                condition=Q(unit=Unit.RATE, rate_base__isnull=False, rate_base__gt=0)
                | (~Q(unit=Unit.RATE) & Q(rate_base__isnull=True)),
                name="indicator_rate_base_for_other_rates",
                violation_error_message="Say what a rate per another number is per; no other unit has that.",
            ),
            models.CheckConstraint(
                condition=Q(accumulation=Accumulation.NO) | ~Q(kind=Kind.FIGURE) | Q(unit__in=UNITS_THAT_ADD_UP),
                name="indicator_accumulates_what_adds_up",
                violation_error_message="Percentages, rates and scores that are typed as one figure don't add up over "
                "a year: enter numerator and denominator, or choose “No”.",
            ),
            models.CheckConstraint(
                condition=~Q(accumulation=Accumulation.TO_DATE, kind=Kind.DERIVED),
                name="indicator_derived_not_to_date",
                violation_error_message="A derived indicator isn't entered: it can add up, but not be entered as the "
                "total so far.",
            ),
            models.CheckConstraint(
                condition=Q(is_seasonal=False) | ~Q(seasonal_reason=""),
                name="indicator_seasonal_with_reason",
                violation_error_message="Say why it is seasonal.",
            ),
            models.CheckConstraint(
                condition=Q(is_seasonal=False) | ~Q(frequency=Frequency.YEARLY),
                name="indicator_seasonal_within_a_year",
                violation_error_message="An indicator with one figure a year has no season.",
            ),
            models.CheckConstraint(
                condition=Q(year_starts__gte=1) & Q(year_starts__lte=12), name="indicator_year_starts_in_a_month"
            ),
            models.CheckConstraint(
                condition=Q(unit__in=list(Unit))
                & Q(polarity__in=list(Polarity))
                & Q(kind__in=list(Kind))
                & Q(frequency__in=list(Frequency))
                & Q(accumulation__in=list(Accumulation))
                & Q(scope__in=list(Scope)),
                name="indicator_words_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def is_on_population(self) -> bool:
        """Whether it is worked on a population, which may be one that is saved together with it."""
        return self.population_id is not None or self._state.fields_cache.get("population") is not None

    @property
    def periods(self) -> Periods:
        """When its figures are due and what they are of."""
        return Periods(Frequency(self.frequency), self.year_starts, read_due_months(self.due_months))

    def _clean_due_months(self) -> None:
        """Refuse months that don't fit frequency and year; the others are kept by their numbers, in their order."""
        try:
            months = read_due_months(self.due_months)
        except ValueError as error:
            raise ValidationError({"due_months": str(error)}) from error
        if self.frequency not in list(Frequency) or not 1 <= self.year_starts <= 12:
            return
        problem = due_months_problem(Frequency(self.frequency), self.year_starts, months)
        if problem:
            raise ValidationError({"due_months": problem})
        self.due_months = ",".join(map(str, months))

    def told_of_figures_between(self, months: Iterable[date]) -> str:
        """What an officer should know of its figures that stand in months in which none is due; empty where none do."""
        between = sorted(month for month in months if not self.periods.is_due_in(month))
        if not between:
            return ""
        count = counted(len(between), "figure stands", "figures stand")
        return (
            f"{self.reference} {self.periods.due_text}. {count} in other months, the latest in {between[-1]:%B %Y}. "
            "That is kept and shown in the column of its month, but no change and no signal rests on it."
        )

    def entry_terms(self, rebases: Sequence[date] = (), baselines: Sequence[Baseline] = ()) -> EntryTerms:
        """What it takes, as the calculations ask about it, with what its chart begins afresh and is fixed on."""
        return EntryTerms(
            self.reference,
            Unit(self.unit),
            self.decimal_places,
            self.periods,
            self.allows_over_100,
            self.active_from,
            self.active_to,
            self.allows_negative,
            self.accumulation == Accumulation.TO_DATE,
            self.rate_base,
            self.is_seasonal,
            rebases,
            baselines,
        )

    def _check_unit(self) -> None:
        """Refuse what makes no sense in the unit."""
        unit = Unit(self.unit) if self.unit in list(Unit) else Unit.COUNT
        wrong: dict[str, str] = {}
        if unit is Unit.RATE and not self.rate_base:
            wrong["rate_base"] = "Say what it is a rate per, for example 1000000."
        elif unit is not Unit.RATE and self.rate_base is not None:
            wrong["rate_base"] = f"Only a “{Unit.RATE.label}” has this: leave it empty."
        if self.allows_over_100 and unit is not Unit.PERCENTAGE:
            wrong["allows_over_100"] = "Only a percentage can exceed 100 per cent: leave this unticked."
        is_worked_on = self.is_on_population and self.kind == Kind.DERIVED
        if is_worked_on and kind_of(unit) not in (UnitKind.SHARE, UnitKind.RATE):
            wrong["population"] = "Only a rate or a percentage is worked on a population: choose another unit, or none."
        if unit is Unit.MONEY and (self.decimal_places or 0) > MOST_DECIMALS_OF_POUNDS:
            wrong["decimal_places"] = "Pounds have pence, and nothing smaller: at most 2 decimals."
        if wrong:
            raise ValidationError(wrong)

    def clean(self) -> None:
        """Refuse what the unit leaves out, due months that don't fit, and what stored figures would contradict."""
        self._check_unit()
        self._clean_due_months()
        if self.pk is None:
            return
        stored: Any = self if hasattr(self, "has_values") else Indicator.objects.with_what_depends().get(pk=self.pk)
        if self.kind == Kind.DERIVED and stored.has_values:
            raise ValidationError({"kind": "Figures have been entered for this indicator, so it can't be derived."})
        if self.kind != Kind.DERIVED and stored.has_parts:
            raise ValidationError({"kind": "Remove the parts it is worked out from first."})
        if self.population_id is not None and stored.has_denominators:
            raise ValidationError({"population": "Remove the indicators it is divided by first."})
        if self.unit == Unit.PERCENTAGE and not self.allows_over_100 and stored.above_100_in:
            month = stored.above_100_in
            raise ValidationError({"allows_over_100": f"The figure of {month:%B %Y} is above 100%."})
        if not self.allows_negative:
            month = stored.below_0_in
            found = [] if month is None else [f"its figure of {month:%B %Y}"]
            found += [
                called for name, called in NEGATIVE_BESIDE_FIGURES.items() if getattr(stored, f"has_negative_{name}")
            ]
            if found:
                raise ValidationError({"allows_negative": f"Negative already: {', '.join(found)}. Correct that first."})


def indicator_of(row: Any) -> Indicator | None:
    """The indicator that a row is about, which may be one that is saved together with it; None in a form without."""
    if row.indicator_id is None and "indicator" not in row._state.fields_cache:
        return None
    found: Indicator | None = row.indicator
    return found


def refuse_negative(row: Any, **fields: str) -> None:
    """Raise a ValidationError for those of a row's fields that are below 0 where its indicator has nothing negative.

    `fields` has what people call each. The indicator may be one that is saved together with the row.
    """
    indicator = indicator_of(row)
    if indicator is None or indicator.allows_negative:
        return
    wrong = {
        name: f"A {called} can't be negative. If those of {indicator.reference} can, as a variance or a net change, "
        "tick “figures may be negative” at the indicator first."
        for name, called in fields.items()
        if (number := getattr(row, name)) is not None and number < 0
    }
    if wrong:
        raise ValidationError(wrong)
