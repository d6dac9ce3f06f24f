"""Import and export of what belongs to a financial year: targets, comparators and populations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from indicators.calculations.vocabulary import Blank, ComparatorGroup, OnBasis, Stage
from indicators.models import Comparator, Population, PopulationGroup, Target

from . import cells
from .base import OfIndicatorResource, SpreadsheetResource
from .columns import NumberColumn, TextColumn, WholeNumberColumn, WordColumn, YearColumn
from .lookups import LookupColumn, reference_column

_YEAR_HELP = "As 2020-21."


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


class TargetResource(OfIndicatorResource):
    """One row a target."""

    indicator = reference_column()
    year = YearColumn("year", required=True, help=_YEAR_HELP)
    value = TargetColumn("value", "value", hint=": write the figure, or TBC", help="In the indicator's unit, or TBC.")
    tolerance = NumberColumn(
        "tolerance",
        "tolerance",
        default=Decimal(0),
        help="How far a figure may miss it and still be amber; empty is 0.",
    )
    note = TextColumn("note", help="Shown with the target.")

    required = ("reference", "year", "value")
    figures = ("value", "tolerance")

    class Meta:
        model = Target
        fields = ("indicator", "year", "value", "tolerance", "note")
        import_id_fields = ("indicator", "year")
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True


class ComparatorResource(OfIndicatorResource):
    """One row a comparator."""

    indicator = reference_column()
    group = WordColumn("group", "group", ComparatorGroup)
    year = YearColumn("year", help="As 2019-20; empty when it is not known.")
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
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True


class PopulationResource(SpreadsheetResource):
    """One row a group's year."""

    group = LookupColumn(
        "group",
        "group",
        of=PopulationGroup.objects.all,
        key="name",
        called="population group",
        required=True,
        help="The name of the population group, as “Children aged 0 to 17”.",
    )
    year = YearColumn("year", required=True, help="The year that contains the mid-year estimate, as 2019-20.")
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
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True
