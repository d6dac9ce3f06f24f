# ruff: noqa: S608 - every part of these statements comes from the models
"""Looking at many rows at once before they are saved: which of them a table's own constraints would refuse."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models.sql import Query

ROWS_AT_ONCE = 1000


class FieldCleaner:
    """Cleans the fields of many rows of one model as a form does; each value of a field is looked at once.

    What a row points at is not asked for: it was found among what is stored, or is saved together with it.
    """

    def __init__(self) -> None:
        self.cleaned: dict[tuple[str, type, Any], Any] = {}

    def clean(self, row: Any) -> None:
        """Put the row's values in the form in which they are stored. Raises ValidationError by field."""
        errors = {}
        for one in row._meta.fields:
            if isinstance(one, models.ForeignKey) or one.primary_key:
                continue
            value = getattr(row, one.attname)
            if one.blank and value in one.empty_values:
                continue
            known = one.attname, type(value), value
            if known not in self.cleaned:
                try:
                    self.cleaned[known] = one.clean(value, row)
                except ValidationError as error:
                    errors[one.name] = error.error_list
                    continue
            setattr(row, one.attname, self.cleaned[known])
        if errors:
            raise ValidationError(errors)


def broken_checks(rows: Sequence[Any]) -> dict[int, ValidationError]:
    """What the check constraints of their model say against rows of it, by place; those that are fine are left out.

    The database judges, one statement for a thousand rows, and writes nothing. Unique constraints are not asked.
    """
    found: dict[int, ValidationError] = {}
    for start in range(0, len(rows), ROWS_AT_ONCE):
        for place, error in _broken_checks(rows[start : start + ROWS_AT_ONCE]):
            found[start + place] = error
    return found


def _broken_checks(rows: Sequence[Any]) -> list[tuple[int, ValidationError]]:
    model = type(rows[0])
    checks = [one for one in model._meta.constraints if isinstance(one, models.CheckConstraint)]
    wanted = [models.Q(check.condition) for check in checks]
    names = set[str]().union(*(condition.referenced_base_fields for condition in wanted))
    fields = [field for field in model._meta.concrete_fields if names & {field.name, field.attname}]
    if not checks:
        return []
    as_stored = [
        {field.column: field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields}
        | {"id": place}  # the key stands for the row's place
        for place, row in enumerate(rows)
    ]
    conditions: list[str] = []
    given: list[Any] = []
    for condition in wanted:
        query = Query(model, alias_cols=False)
        where = query.build_where(condition)
        sql, params = where.as_sql(query.get_compiler(connection=connection), connection)
        # Like a check constraint, it holds where the answer is neither yes nor no.
        conditions.append(f"COALESCE(({sql}), TRUE)")
        given += params
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(_from_json(field) for field in fields)
    sources = {
        "postgresql": f"jsonb_populate_recordset(NULL::{table}, %s::jsonb) AS new",
        "sqlite": f"(SELECT json_extract(value, '$.id') AS id, {columns} FROM json_each(%s)) AS new",
    }
    statement = (
        f"SELECT id, {', '.join(conditions)} FROM {sources[connection.vendor]} WHERE NOT ({' AND '.join(conditions)})"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*given, json.dumps(as_stored, default=str), *given])
        answers = cursor.fetchall()
    found = []
    for place, *all_hold in answers:
        broken = [check for check, holds in zip(checks, all_hold, strict=True) if not holds]
        found.append((place, ValidationError([check.get_violation_error_message() for check in broken])))
    return found


def _from_json(field: models.Field[Any, Any]) -> str:
    """A column of SQLite's, with the affinity by which its table compares; dates are texts there."""
    column, kind = connection.ops.quote_name(str(field.column)), field.db_type(connection)
    extracted = f"json_extract(value, '$.{field.column}')"
    is_date = isinstance(field, models.DateField)
    return f"{extracted} AS {column}" if is_date else f"CAST({extracted} AS {kind}) AS {column}"
