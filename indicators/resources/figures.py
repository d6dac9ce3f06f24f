"""Import and export of figures: monthly values, targets, comparators and populations."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from indicators.calculations.vocabulary import Blank, ComparatorGroup, OnBasis, Stage
from indicators.models import Comparator, MonthlyValue, Population, PopulationGroup, Target

from . import cells
from .base import IndicatorFiguresResource, SpreadsheetResource
from .columns import (
    LookupColumn,
    MonthColumn,
    NumberColumn,
    TextColumn,
    WholeNumberColumn,
    WordColumn,
    YearColumn,
    reference_column,
)

_HINT = "; for a figure that isn't there leave it empty and give the reason in “blank”"


class MonthlyValueResource(IndicatorFiguresResource):
    """One row a month of an indicator."""

    indicator = reference_column()
    month = MonthColumn("month", required=True, help="For example 2021-01; January 2021, 01/2021 or a date will do.")
    figure = NumberColumn("figure", "figure", hint=_HINT, help="In the indicator's unit: 19 or 19% for 19%.")
    numerator = NumberColumn("numerator", "numerator", hint=_HINT)
    denominator = NumberColumn("denominator", "denominator", hint=_HINT)
    blank = WordColumn("blank", "blank", Blank, default="", help="Only when there is no figure.")
    stage = WordColumn("stage", "stage", Stage, default=Stage.FINAL, help="Empty is final.")
    note = TextColumn("note", help="Shown with the figure.")

    required = ("reference", "month")
    figures = ("figure",)

    class Meta:
        model = MonthlyValue
        fields = ("indicator", "month", "figure", "numerator", "denominator", "blank", "stage", "note")
        import_id_fields = ("indicator", "month")

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        self.months = set()
        for cell in dataset["month"]:
            with contextlib.suppress(ValueError):
                self.months.add(self.fields["month"].read(cell))
        super().before_import(dataset, **kwargs)

    def stored(self) -> QuerySet[MonthlyValue]:
        return super().stored().filter(month__in=self.months)

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        # A figure that arrives ends “awaited”, even where the file has no column for it.
        if "blank" not in row and not all(cells.is_empty(row.get(name)) for name in ("figure", "numerator")):
            instance.blank = ""
        for name in ("numerator", "denominator"):
            if cells.is_per_cent(row.get(name)):
                raise ValidationError({name: f"{cells.quoted(row[name])}: a {name} is a plain number, without %."})


_YEAR_HELP = "For example 2020-21."


class TargetColumn(NumberColumn):
    """A target, or TBC."""

    def read(self, cell: Any) -> Decimal | None:
        if cells.text(cell).strip().lower() in ("tbc", "to be confirmed"):
            return None
        found = super().read(cell)
        if found is None:
            raise ValueError("The target is empty: write the figure, or TBC.")
        return found

    def get_value(self, instance: Target) -> Any:
        return "TBC" if instance.is_tbc else instance.value

    def write(self, value: Any) -> Any:
        return value if value == "TBC" else super().write(value)

    def save(self, instance: Target, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:  # noqa: FBT001, FBT002
        instance.value = self.clean(row)
        instance.is_tbc = instance.value is None


class TargetResource(IndicatorFiguresResource):
    """One row a target."""

    indicator = reference_column()
    year = YearColumn("year", required=True, help=_YEAR_HELP)
    value = TargetColumn("value", "value", hint=": write the figure, or TBC", help="In the indicator's unit, or TBC.")
    tolerance = NumberColumn(
        "tolerance",
        "tolerance",
        default=Decimal(0),
        help="By how much a figure may miss it and still be amber; empty is 0.",
    )
    note = TextColumn("note", help="Shown with the target.")

    required = ("reference", "year", "value")
    figures = ("value", "tolerance")

    class Meta:
        model = Target
        fields = ("indicator", "year", "value", "tolerance", "note")
        import_id_fields = ("indicator", "year")


class ComparatorResource(IndicatorFiguresResource):
    """One row a comparator."""

    indicator = reference_column()
    group = WordColumn("group", "group", ComparatorGroup)
    year = YearColumn("year", help="For example 2019-20; empty when it is not known.")
    value = NumberColumn(
        "value",
        "value",
        hint="; without a figure leave it empty and fill in “blank”",
        help="In the indicator's unit.",
    )
    blank = WordColumn("blank", "blank", Blank, default="", help="Only when there is no figure.")
    source = TextColumn("source", help="The publication.")
    basis = TextColumn("basis", help="How it was put on the indicator's basis.")
    on_basis = WordColumn("on_basis", "on_basis", OnBasis, default=OnBasis.UNKNOWN, help="Empty is unknown.")
    note = TextColumn("note", help="Shown with the comparator.")

    required = ("reference", "group", "year")
    figures = ("value",)

    class Meta:
        model = Comparator
        fields = ("indicator", "group", "year", "value", "blank", "source", "basis", "on_basis", "note")
        import_id_fields = ("indicator", "group", "year")


class PopulationResource(SpreadsheetResource):
    """One row a group's year."""

    group = LookupColumn(
        "group",
        "group",
        of=PopulationGroup.objects.all,
        key="name",
        called="population group",
        required=True,
        help="The name of the population group, for example “Children aged 0 to 17”.",
    )
    year = YearColumn("year", required=True, help="The year that contains the mid-year estimate, for example 2019-20.")
    people = WholeNumberColumn("people")
    stage = WordColumn("stage", "stage", Stage, default=Stage.FINAL, help="Empty is final.")
    source = TextColumn("source")
    note = TextColumn("note")

    required = ("group", "year", "people")
    related = ("group",)

    class Meta:
        model = Population
        fields = ("group", "year", "people", "stage", "source", "note")
        import_id_fields = ("group", "year")
