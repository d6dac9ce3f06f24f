"""Queries whose SQL Django writes once: for a handful of rows that takes it longer than the database takes to answer.

VALUES = Prepared(lambda: MonthlyValue.objects.filter(OneOf("indicator"), month=Given("month", DateField())))
VALUES.rows(keys=[3, 5], month=date(2021, 1, 1))
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from copy import copy
from typing import Any

from django.db import connection, models
from django.db.models.expressions import Expression


class Given(Expression):
    """A value that is only given when the query is run; the field says how the database takes it."""

    def __init__(self, name: str, output_field: models.Field[Any, Any]) -> None:
        super().__init__(output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]

    def prepared(self, value: Any) -> Any:
        return self.output_field.get_db_prep_value(value, connection)


class Keys(models.Field):
    """Any number of keys as one value, so that the SQL is the same for all numbers of them."""

    def get_db_prep_value(self, value: Collection[int], connection: Any, *_: Any) -> Any:
        return list(value) if connection.vendor == "postgresql" else json.dumps(list(value))


class OneOf(models.Func):
    """The condition that the field is one of the `keys` that are given when the query is run."""

    output_field = models.BooleanField()

    def __init__(self, field: str) -> None:
        super().__init__(models.F(field), Given("keys", Keys()))

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **context: Any) -> Any:
        field, given = self.get_source_expressions()
        sql, params = compiler.compile(field)
        among = "= ANY(%s)" if connection.vendor == "postgresql" else "IN (SELECT value FROM json_each(%s))"
        return f"{sql} {among}", [*params, given]


class Prepared:
    """A query that is built, and turned into SQL, when it is first run."""

    def __init__(self, build: Callable[[], models.QuerySet[Any, Any]]) -> None:
        self.build = build
        self._made: tuple[models.QuerySet[Any, Any], Any, str, tuple[Any, ...]] | None = None

    def rows(self, **given: Any) -> list[Any]:
        """What the query finds with these values; they must be all that it has a `Given` for."""
        if self._made is None:
            queryset = self.build()
            compiler = queryset.query.get_compiler(connection=connection)
            self._made = queryset, compiler, *compiler.as_sql()
        queryset, made, sql, params = self._made
        # Of this run and thread only; everything that Django does with the rows is as usual.
        compiler = copy(made)
        compiler.connection = connection
        filled = tuple(param.prepared(given[param.name]) if isinstance(param, Given) else param for param in params)
        compiler.as_sql = lambda *_, **__: (sql, filled)
        run = queryset.all()
        run.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        return list(run)
