"""What the imports have in common: natural keys, all rows or none, and changes shown as old and new."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model, QuerySet
from import_export.resources import ModelResource
from import_export.results import Result

from indicators.calculations.vocabulary import Unit
from indicators.models import Indicator
from indicators.models.audited import REFUSED, refusal

from . import cells
from .columns import FileColumn
from .formats import read_spreadsheet


class Problem(NamedTuple):
    """What is wrong in a row. Row and column are empty for the file as a whole."""

    row: int | str
    column: str
    message: str


class RowChanges:
    """Compares a row's instance before and after: column, old and new text wherever these differ."""

    def __init__(self, resource: SpreadsheetResource, instance: Model, new: bool) -> None:  # noqa: FBT001
        self.old = {} if new else resource.as_texts(instance)
        self.new: dict[str, str] = {}

    def compare_with(self, resource: SpreadsheetResource, instance: Model) -> None:
        self.new = resource.as_texts(instance)

    def as_html(self) -> list[dict[str, str]]:
        before = {column: self.old.get(column, "") for column in self.new}
        return [
            {"column": column, "old": before[column], "new": new}
            for column, new in self.new.items()
            if new != before[column]
        ]


class SpreadsheetResource(ModelResource):
    """A model's rows, found by `import_id_fields`. With `lock` they stay locked until the transaction ends."""

    required: Sequence[str] = ()
    related: Sequence[str] = ()

    class Meta:
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True

    def __init__(self, *, lock: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.lock = lock
        # What to tell of the file as a whole, beside what would change.
        self.notices: list[str] = []
        self.existing: dict[Any, Any] = {}
        self.rows_by_key: dict[Any, int] = {}
        self.row_numbers: list[int] = []
        self.row_number = 0

    @classmethod
    def get_diff_class(cls) -> type[RowChanges]:
        return RowChanges

    @classmethod
    def columns(cls) -> list[FileColumn]:
        return [cls.fields[name] for name in cls._meta.fields]

    @classmethod
    def read(cls, data: bytes) -> tablib.Dataset:
        """A file's table, with the columns that are known here. Raises SpreadsheetError."""
        return read_spreadsheet(data, [column.column_name for column in cls.columns()], cls.required)

    def as_texts(self, instance: Model) -> dict[str, str]:
        return {column.column_name: str(column.export(instance)) for column in self.get_import_fields()}

    def problems(self, result: Result) -> list[Problem]:
        """Everything that is wrong, in the order of the spreadsheet's rows."""
        names = {column.attribute: column.column_name for column in self.get_import_fields()}
        found = [Problem("", "", str(error.error)) for error in result.base_errors]
        by_row = [
            Problem(self.row_numbers[row.number - 1], "", str(error.error))
            for row in result.error_rows
            for error in row.errors
        ]
        for row in result.invalid_rows:
            for attribute, messages in row.error_dict.items():
                column = "" if attribute == NON_FIELD_ERRORS else names.get(attribute, attribute)
                by_row += [Problem(self.row_numbers[row.number - 1], column, message) for message in messages]
        return found + sorted(by_row, key=lambda problem: problem.row)

    # Called by import_data, in this order

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        self.row_numbers = getattr(dataset, "row_numbers", None) or list(range(2, len(dataset) + 2))
        stored = self.stored().select_related(*self.related)
        if self.lock:
            stored = stored.select_for_update(of=("self",))
        # This resource's own copies of the columns, which remember what they look up.
        self.key_columns = [self.fields[name] for name in self._meta.import_id_fields]
        self.existing = {
            tuple(column.identity(column.get_value(instance)) for column in self.key_columns): instance
            for instance in stored
        }

    def stored(self) -> QuerySet[Any]:
        """The stored rows that a file can change."""
        return self.get_queryset().order_by()

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        self.row_number = self.row_numbers[kwargs["row_number"] - 1]

    def get_instance(self, instance_loader: Any, row: Any) -> Model | None:
        key, errors = [], {}
        for column in self.key_columns:
            try:
                key.append(column.identity(column.clean(row)))
            except ValueError as error:
                errors[column.attribute] = str(error)
        if errors:
            raise ValidationError(errors)
        first = self.rows_by_key.setdefault(tuple(key), self.row_number)
        if first != self.row_number:
            raise ValidationError(f"This is in row {first} already.")
        return self.existing.get(tuple(key))

    def do_instance_save(self, instance: Any, is_create: bool) -> None:  # noqa: FBT001
        try:
            super().do_instance_save(instance, is_create)
        except REFUSED as error:
            raise ValidationError(refusal(error)) from error

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        self.sign(instance, **kwargs)

    def sign(self, instance: Any, **kwargs: Any) -> None:
        """Say in the history who imported which file."""
        instance._history_user = kwargs.get("user")
        instance._change_reason = f"Import of {kwargs.get('file_name', 'a file')}"

    def filter_export(self, queryset: QuerySet[Any], **kwargs: Any) -> QuerySet[Any]:
        return queryset.select_related(*self.related)


class IndicatorFiguresResource(SpreadsheetResource):
    """Rows about an indicator, with figures in its unit."""

    related = ("indicator",)
    figures: Sequence[str] = ()

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        indicator: Indicator = instance.indicator
        for name in self.figures:
            cell = row.get(self.fields[name].column_name)
            if cells.is_per_cent(cell) and indicator.unit != Unit.PERCENTAGE:
                raise ValidationError(
                    {name: f"{cells.quoted(cell)}: {indicator.reference} is not a percentage. Write it without %."}
                )


def digest_of(result: Result) -> str:
    """A fingerprint of everything that an import changes; equal only when the same old becomes the same new."""
    changed = [(row.import_type, row.object_repr, row.diff) for row in result.rows if not row.is_skip()]
    return hashlib.sha256(json.dumps(changed).encode()).hexdigest()
