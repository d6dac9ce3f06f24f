"""Databases beside the one of the tests, and what a database consists of."""

import os
import re
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

from django.db import connection, connections


@contextmanager
def another_database(alias):
    """An empty database of the same kind under this alias, removed afterwards."""
    settings = deepcopy(connection.settings_dict)
    settings["TEST"]["NAME"] = str(Path(settings["TEST"]["NAME"] or "test").with_name(f"{alias}_{os.getpid()}"))
    connections.settings[alias] = settings
    there = connections[alias]
    there.settings_dict["NAME"] = there.creation._create_test_db(verbosity=0, autoclobber=True)
    try:
        yield alias
    finally:
        there.close()
        there.creation._destroy_test_db(there.settings_dict["NAME"], verbosity=0)
        del connections[alias], connections.settings[alias]


def schema(using="default"):
    """Every table, constraint, index and trigger as the database says them, whatever the order of columns."""
    source = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}[connections[using].vendor]
    with connections[using].cursor() as cursor:
        cursor.execute(source)
        return {tuple(row[:-1]): _parts(row[-1]) for row in cursor.fetchall()}


def _parts(definition):
    """What a definition consists of, sorted: a table's columns and constraints are cut apart."""
    if not definition.startswith("CREATE TABLE"):
        # PostgreSQL brackets and casts a condition anew when it was dumped and restored.
        return re.sub(r"::(character varying|text)(\[\])?|[()]", "", definition)
    parts, depth = [""], 0
    for token in re.findall(r"'[^']*'|.", definition, re.DOTALL):
        depth += {"(": 1, ")": -1}.get(token, 0)
        if token == "," and depth == 1:
            parts.append("")
        else:
            parts[-1] += token
    head, _, parts[0] = parts[0].partition("(")
    return head, sorted(part.strip() for part in [*parts[:-1], parts[-1].removesuffix(")")])


_SQLITE = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
_POSTGRESQL = """
    SELECT 'column', table_name, column_name, concat_ws(' ', data_type, character_maximum_length,
        is_nullable, column_default, is_identity, identity_generation)
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL
    SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT 'function', proname, '', prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""
