"""Import and export of monthly values."""

from __future__ import annotations

from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from indicators.calculations.vocabulary import Blank, Stage
from indicators.models import MonthlyValue

from . import cells
from .base import OfIndicatorResource
from .columns import MonthColumn, NumberColumn, TextColumn, WordColumn
from .lookups import reference_column

_HINT = "; for a figure that isn't there leave it empty and give the reason in “blank”"


class MonthlyValueResource(OfIndicatorResource):
    """One row a month of an indicator."""

    indicator = reference_column()
    month = MonthColumn("month", required=True, help="As 2021-01; January 2021, Jan-21 or a date will do.")
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
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        self.months = set()
        for cell in dataset["month"]:
            try:
                self.months.add(self.fields["month"].read(cell))
            except ValueError:
                continue
        super().before_import(dataset, **kwargs)

    def stored(self) -> QuerySet[MonthlyValue]:
        return super().stored().filter(month__in=self.months)

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        # A figure that arrives answers “awaited”, without a column to say so.
        if "blank" not in row and any(row.get(name) for name in ("figure", "numerator")):
            instance.blank = ""
        for name in ("numerator", "denominator"):
            if cells.is_per_cent(row.get(name)):
                raise ValidationError({name: f"{cells.quoted(row[name])}: a {name} is a plain number, without %."})
