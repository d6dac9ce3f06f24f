"""What the imports have in common: natural keys, all rows or none, and changes shown as old and new.

A file is first planned, which only reads: what its rows would change, what is wrong in them and what there is to ask.
A plan is saved in a few statements. Nothing takes a query for each row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from import_export.resources import ModelResource

from indicators.calculations.cautions import DAY, HEADINGS, Caution
from indicators.calculations.vocabulary import Unit
from indicators.models import Indicator, save_all
from indicators.models.audited import REFUSED, refusal
from indicators.models.row_checks import FieldCleaner, broken_checks
from indicators.one_moment import one_moment
from indicators.reasons import asked_of, in_history

from . import cells
from .columns import FileColumn, MonthColumn
from .formats import read_spreadsheet, row_ranges

IMPORT_OF = "Import of"
# How the history says that figures came with a spreadsheet that became a scorecard.
BROUGHT_OVER_FROM = "Brought over from"


class Problem(NamedTuple):
    """What is wrong in a row, or asked about it. Row and column are empty for the file as a whole."""

    row: int | str
    column: str
    message: str


@dataclass(eq=False)
class ImportRow:
    """A row of a file that changes something: the instance as it would be, and as it is stored, if it is."""

    number: int
    key: tuple[Any, ...]
    cells: Mapping[str, Any]
    instance: Any
    stored: Any
    cautions: list[Caution] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.stored is None


class Question(NamedTuple):
    """What is asked about rows for one kind of reason, with what was found in each of them."""

    code: str
    heading: str
    needs_reason: bool
    found: list[tuple[ImportRow, Caution]]


@dataclass
class ImportPlan:
    """What a file would change; nothing while there are problems."""

    resource: SpreadsheetResource
    changed: list[ImportRow]
    unchanged: int
    problems: list[Problem]
    # What to tell of the file as a whole, beside what would change.
    notices: Sequence[str] = ()

    @property
    def questions(self) -> list[Question]:
        """What there is to ask, kind by kind, each in the order of the file."""
        found: dict[str, list[tuple[ImportRow, Caution]]] = {}
        for row in self.changed:
            for caution in row.cautions:
                found.setdefault(caution.code, []).append((row, caution))
        order = [code for code in HEADINGS if code in found]
        order += [code for code in found if code not in HEADINGS]
        return [
            Question(code, HEADINGS.get(code, "Is this right?"), found[code][0][1].needs_reason, found[code])
            for code in order
        ]

    @property
    def digest(self) -> str:
        """A fingerprint of all that it changes and asks; equal only when the same old becomes the same new."""
        told = hashlib.sha256()
        for row in self.changed:
            old = None if row.stored is None else (row.stored.pk, row.stored.version)
            asked = [caution[:3] for caution in row.cautions]
            told.update(repr((row.number, old, self.resource.content(row.instance), asked)).encode())
        return told.hexdigest()

    def changes(self) -> Iterator[tuple[ImportRow, list[tuple[str, str, str]]]]:
        """Each row with column, old and new text wherever these differ."""
        for row in self.changed:
            new = self.resource.as_texts(row.instance)
            old = {} if row.stored is None else self.resource.as_texts(row.stored)
            yield (
                row,
                [(column, old.get(column, ""), text) for column, text in new.items() if text != old.get(column, "")],
            )

    def save(self, *, by: Any, file_name: str, reasons: Mapping[str, str] | None = None) -> None:
        """Save all of it in one transaction, in a few statements, each row with its entry in the history.

        `reasons` says by the code of what was asked why it is right. Raises one of REFUSED, and saves nothing, where a
        row is not as it was planned with any more, or the database does not take it.
        """
        for row in self.changed:
            row.instance._change_reason = _reason(file_name, row.cautions, reasons or {})
        # Always in the same order: two people who import the same rows at once wait for each other, never in a circle.
        new = sorted((row for row in self.changed if row.is_new), key=lambda row: [str(part) for part in row.key])
        stored = sorted((row for row in self.changed if not row.is_new), key=lambda row: row.instance.pk)
        with transaction.atomic():
            self.resource.take_turns(self.changed)
            self.resource.write([row.instance for row in new], [row.instance for row in stored], by=by)
            self.resource.write_beside(self.changed, by=by, reason=f"{IMPORT_OF} {file_name}")

    def refused_row(self, *, by: Any) -> Problem:
        """The first row that the database does not take, found by halves; nothing is saved."""
        low, high = 0, len(self.changed)
        told = ""
        while high - low > 1:
            middle = (low + high) // 2
            told_now = self._refused(self.changed[low:middle], by)
            if told_now:
                high, told = middle, told_now
            else:
                low = middle
        told = told or (self._refused(self.changed[low:high], by) if self.changed else "")
        return Problem(
            self.changed[low].number if told else "", "", told or "It was refused. Choose the file once more."
        )

    def _refused(self, rows: Sequence[ImportRow], by: Any) -> str:
        """Why the database does not take one of the rows; empty when it takes them all."""
        tried = [copy(row.instance) for row in rows]
        try:
            with transaction.atomic():
                self.resource.write(
                    [one for one in tried if one.pk is None], [one for one in tried if one.pk is not None], by=by
                )
                transaction.set_rollback(True)
        except REFUSED as error:
            return refusal(error)
        return ""


def _reason(file_name: str, cautions: Iterable[Caution], reasons: Mapping[str, str]) -> str:
    """What the history says about a row: the file, what was asked, and why it is right."""
    told = [f"{IMPORT_OF} {file_name}"]
    for caution in cautions:
        told += in_history([caution], reasons.get(caution.code, ""))
    return "\n".join(told)


class SpreadsheetResource(ModelResource):
    """A model's rows, found by `import_id_fields`."""

    required: Sequence[str] = ()
    related: Sequence[str] = ()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # This resource's own copies of the columns, which remember what they look up.
        self.cleaner = FieldCleaner()
        self.own_columns: list[FileColumn] = self.get_import_fields()
        self.key_columns: list[FileColumn] = [self.fields[name] for name in self._meta.import_id_fields]

    @classmethod
    def columns(cls) -> list[FileColumn]:
        return [cls.fields[name] for name in cls._meta.fields]

    @classmethod
    def read(cls, data: bytes) -> tablib.Dataset:
        """A file's table, with the columns that are known here. Raises SpreadsheetError."""
        return read_spreadsheet(data, [column.column_name for column in cls.columns()], cls.required)

    def as_texts(self, instance: Model) -> dict[str, str]:
        return {column.column_name: str(column.export(instance)) for column in self.own_columns}

    def content(self, instance: Any) -> tuple[Any, ...]:
        """All that is stored of an instance."""
        return tuple(getattr(instance, stored.attname) for stored in self._meta.model._meta.concrete_fields)

    # Planning

    def plan(self, table: tablib.Dataset, *, by: Any = None, today: date) -> ImportPlan:
        """What the table would change, for the person who imports it on a day. Writes nothing."""
        with one_moment():
            problems: list[Problem] = []
            keyed = list(self._rows_with_keys(table, problems))
            self.before_reading([row for _, row, _ in keyed], [values for _, _, values in keyed])
            by_key = {self._key_of(instance): instance for instance in self.stored([values for _, _, values in keyed])}
            changed, unchanged, empty = [], 0, []
            for number, cells_of_row, values in keyed:
                key = self._key(values)
                if self.says_nothing(cells_of_row):
                    empty.append(number)
                    continue
                try:
                    row = self._read_row(number, key, values, cells_of_row, by_key.get(key))
                except ValidationError as error:
                    problems += self._problems(number, error)
                    continue
                if row is None:
                    unchanged += 1
                    continue
                changed.append(row)
                try:
                    row.instance.clean()
                except ValidationError as error:
                    problems += self._problems(number, error)
            for place, broken in broken_checks([row.instance for row in changed]).items():
                problems += self._problems(changed[place].number, broken)
            for refused, wrong in self.look_at(changed) if not problems else ():
                problems += self._problems(refused.number, wrong)
            if not problems:
                self._ask_about_any(changed)
                self.ask(changed, by_key, by=by, today=today)
        problems.sort(key=lambda problem: problem.row)
        notices = [*getattr(table, "notices", ())]
        if empty:
            notices.append(f"Left out, because they have no figure and no reason why: row {row_ranges(empty)}.")
        return ImportPlan(self, changed, unchanged, problems, notices)

    def _rows_with_keys(
        self, table: tablib.Dataset, problems: list[Problem]
    ) -> Iterator[tuple[int, dict[str, Any], list[Any]]]:
        """Each row's number, cells and what it is about."""
        numbers = getattr(table, "row_numbers", None) or range(2, len(table) + 2)
        # The same references and months come again and again.
        read: dict[tuple[str, type, Any, Any], Any] = {}
        first_rows: dict[tuple[Any, ...], int] = {}
        for number, cells_of_row in zip(numbers, table, strict=True):
            row = dict(zip(table.headers, cells_of_row, strict=True))
            values: list[Any] = []
            errors: dict[str, str] = {}
            for column in self.key_columns:
                cell = row.get(column.column_name)
                known = column.column_name, type(cell), cell, column.depends_on(values)
                if known not in read:
                    try:
                        read[known] = column.read_beside(cell, values)
                    except ValueError as error:
                        read[known] = error
                if isinstance(read[known], ValueError):
                    errors[column.attribute] = str(read[known])
                else:
                    values.append(read[known])
            if not errors:
                first = first_rows.setdefault(self._key(values), number)
                errors = {NON_FIELD_ERRORS: f"This is in row {first} already."} if first != number else {}
            if errors:
                problems += self._problems(number, ValidationError(errors))
            else:
                yield number, row, values

    def _key(self, values: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(column.identity(value) for column, value in zip(self.key_columns, values, strict=True))

    def _key_of(self, instance: Any) -> tuple[Any, ...]:
        return self._key([column.get_value(instance) for column in self.key_columns])

    def _read_row(
        self, number: int, key: tuple[Any, ...], values: Sequence[Any], row: Mapping[str, Any], stored: Any
    ) -> ImportRow | None:
        """The row, if it changes anything. Raises ValidationError by attribute."""
        instance = self._meta.model() if stored is None else copy(stored)
        if stored is None:
            for column, value in zip(self.key_columns, values, strict=True):
                setattr(instance, column.attribute, value)
        errors = {}
        for column in self.own_columns:
            if column.column_name in row and column.attribute not in self._meta.import_id_fields:
                try:
                    column.save(instance, row)
                except ValueError as error:
                    errors[column.attribute] = str(error)
        if errors:
            raise ValidationError(errors)
        self.complete(instance, row, stored)
        if stored is not None and all(
            column.get_value(instance) == column.get_value(stored) for column in self.own_columns
        ):
            return None
        self.cleaner.clean(instance)
        return ImportRow(number, key, row, instance, stored)

    def _ask_about_any(self, changed: Sequence[ImportRow]) -> None:
        """Ask about dates that show month and year only, and are neither the first nor the last day of it; and what
        is asked of a change however it comes.
        """
        columns = [column.column_name for column in self.own_columns if isinstance(column, MonthColumn)]
        for row in changed:
            for cell in (row.cells.get(name) for name in columns):
                if question := cells.hidden_day(cell):
                    row.cautions.append(Caution(DAY, question, str(cell), needs_reason=False))
        for place, cautions in asked_of([(row.stored, row.instance) for row in changed]).items():
            changed[place].cautions += cautions

    def _problems(self, number: int, error: ValidationError) -> Iterator[Problem]:
        names = {column.attribute: column.column_name for column in self.own_columns}
        by_attribute = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for attribute, messages in by_attribute.items():
            column = "" if attribute == NON_FIELD_ERRORS else names.get(attribute, attribute)
            yield from (Problem(number, column, message) for message in messages)

    # What the kinds of rows do in their own way

    def says_nothing(self, row: Mapping[str, Any]) -> bool:
        """Whether a row only says what it is about, as one that was prepared for a month to come."""
        return False

    def before_reading(self, rows: Sequence[Mapping[str, Any]], keys: Sequence[Sequence[Any]]) -> None:
        """Look at all rows before the first is read."""

    def stored(self, keys: Sequence[Sequence[Any]]) -> Iterable[Any]:
        """The stored rows that a file with these keys can change."""
        return self.get_queryset().order_by().select_related(*self.related)

    def complete(self, instance: Any, row: Mapping[str, Any], stored: Any) -> None:
        """What follows from several cells of a row; `stored` is what it changes, or None.

        Raises ValidationError by attribute.
        """

    def look_at(self, changed: Sequence[ImportRow]) -> Iterable[tuple[ImportRow, ValidationError]]:
        """What is wrong with the rows taken together."""
        return ()

    def ask(self, changed: Sequence[ImportRow], stored: Mapping[tuple[Any, ...], Any], *, by: Any, today: date) -> None:
        """Add to rows what there is to ask about them."""

    def take_turns(self, changed: Sequence[ImportRow]) -> None:
        """Wait for others who change the same."""

    def write(self, new: Sequence[Any], stored: Sequence[Any], *, by: Any) -> None:
        fields = [one.name for one in self._meta.model._meta.concrete_fields if not one.primary_key]
        save_all(new, by=by)
        save_all(stored, [name for name in fields if name != "version"], by=by)

    def write_beside(self, changed: Sequence[ImportRow], *, by: Any, reason: str) -> None:
        """Save what else rows say, when all of them are there."""

    # Export

    def filter_export(self, queryset: QuerySet[Any], **kwargs: Any) -> QuerySet[Any]:
        return queryset.select_related(*self.related)


class IndicatorFiguresResource(SpreadsheetResource):
    """Rows about an indicator, with figures in its unit."""

    related: Sequence[str] = ("indicator",)
    figures: Sequence[str] = ()

    def complete(self, instance: Any, row: Mapping[str, Any], stored: Any) -> None:
        super().complete(instance, row, stored)
        indicator: Indicator = instance.indicator
        for name in self.figures:
            cell = row.get(self.fields[name].column_name)
            if cells.is_per_cent(cell) and indicator.unit != Unit.PERCENTAGE:
                raise ValidationError(
                    {name: f"{cells.quoted(cell)}: {indicator.reference} is not a percentage. Write it without %."}
                )
            if cell is not None and getattr(instance, name) is not None:
                self._put_in_unit(instance, name, cell, Unit(indicator.unit))

    def _put_in_unit(self, instance: Any, name: str, cell: Any, unit: Unit | None) -> None:
        """The figure as the indicator's unit has it, where it is written in another way than as a number alone."""
        column: Any = self.fields[name]
        try:
            found = cells.figure(cell, unit, instance.indicator.rate_base, column.hint)
        except ValueError as error:
            raise ValidationError({name: str(error)}) from error
        if found is not None and found != getattr(instance, name):
            setattr(instance, name, found)
