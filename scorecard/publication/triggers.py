"""The database itself refuses to change what was published. They are made again after every migrate.

Rows are not kept from being deleted by a trigger, for SQLite empties its tables row by row: see docs/adr.
"""

from typing import Any

from django.db import connections

from indicators.triggers import existing
from scorecard.models import Publication, PublishedDocument

NEVER_CHANGED = "what was published is never changed"
TABLES = {
    "publication_is_frozen": Publication._meta.db_table,
    "document_is_frozen": PublishedDocument._meta.db_table,
}


def create(using: str = "default", **kwargs: Any) -> None:
    """Make the triggers; they replace those of the same name."""
    drop(using)
    connection = connections[using]
    make = {"sqlite": _sqlite_statements, "postgresql": _postgresql_statements}[connection.vendor]
    there = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for name, table in TABLES.items():
            for statement in make(name, table) if table in there else ():
                cursor.execute(statement)


def missing(using: str = "default") -> list[str]:
    """The names of those that the database does not have."""
    return sorted(TABLES.keys() - existing(using))


def drop(using: str = "default") -> None:
    """Remove the triggers."""
    connection = connections[using]
    there = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for name, table in TABLES.items():
            if table in there:
                on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def _sqlite_statements(name: str, table: str) -> list[str]:
    return [f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{NEVER_CHANGED}'); END"]


def _postgresql_statements(name: str, table: str) -> list[str]:
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" RAISE EXCEPTION '{NEVER_CHANGED}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}'; END $$",
        f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
