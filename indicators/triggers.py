# ruff: noqa: S608 - every part of these statements is a constant of this file
"""Invariants that span tables, kept by the database itself.

A check constraint sees one row; these rules need the indicator beside its values, or follow a
chain of derivations. The triggers are dropped before and made again after every migrate,
because SQLite rebuilds tables when a migration alters them.
"""

from typing import Any

from django.db import connections

TABLES = ("indicators_indicator", "indicators_monthlyvalue", "indicators_derivationterm")

TOO_HIGH = "a percentage cannot be above 100 for this indicator"
NOT_TYPED = "figures of a derived indicator cannot be entered"
IN_A_CIRCLE = "an indicator cannot be worked out from itself"
ONLY_DERIVED = "only a derived indicator has parts"
POPULATION_OR_PARTS = "a population cannot stand beside denominators"
MESSAGES = (TOO_HIGH, NOT_TYPED, IN_A_CIRCLE, ONLY_DERIVED, POPULATION_OR_PARTS)

_LIMITED = "i.unit = 'percentage' AND NOT i.allows_over_100"
_ABOVE_100 = "({v}.figure > 100 OR {v}.numerator > {v}.denominator)"
# Each rule: name, table, when it applies to the new row, the message.
_RULES = (
    (
        "value_at_most_100",
        "indicators_monthlyvalue",
        f"EXISTS (SELECT 1 FROM indicators_indicator i WHERE i.id = NEW.indicator_id"
        f" AND {_LIMITED} AND {_ABOVE_100.format(v='NEW')})",
        TOO_HIGH,
    ),
    (
        "value_not_of_derived",
        "indicators_monthlyvalue",
        "EXISTS (SELECT 1 FROM indicators_indicator i WHERE i.id = NEW.indicator_id AND i.kind = 'derived')",
        NOT_TYPED,
    ),
    (
        "indicator_values_at_most_100",
        "indicators_indicator",
        "NEW.unit = 'percentage' AND NOT NEW.allows_over_100 AND EXISTS (SELECT 1 FROM"
        f" indicators_monthlyvalue v WHERE v.indicator_id = NEW.id AND {_ABOVE_100.format(v='v')})",
        TOO_HIGH,
    ),
    (
        "indicator_derived_without_values",
        "indicators_indicator",
        "NEW.kind = 'derived' AND EXISTS (SELECT 1 FROM indicators_monthlyvalue v WHERE v.indicator_id = NEW.id)",
        NOT_TYPED,
    ),
    (
        "derivation_not_in_a_circle",
        "indicators_derivationterm",
        "EXISTS (WITH RECURSIVE upstream(id) AS (SELECT NEW.source_id UNION"
        " SELECT t.source_id FROM indicators_derivationterm t"
        " JOIN upstream u ON t.indicator_id = u.id)"
        " SELECT 1 FROM upstream WHERE id = NEW.indicator_id)",
        IN_A_CIRCLE,
    ),
    (
        "derivation_of_derived",
        "indicators_derivationterm",
        "EXISTS (SELECT 1 FROM indicators_indicator i WHERE i.id = NEW.indicator_id AND i.kind <> 'derived')",
        ONLY_DERIVED,
    ),
    (
        "indicator_with_parts_is_derived",
        "indicators_indicator",
        "NEW.kind <> 'derived' AND EXISTS (SELECT 1 FROM indicators_derivationterm t WHERE t.indicator_id = NEW.id)",
        ONLY_DERIVED,
    ),
    (
        "derivation_without_population",
        "indicators_derivationterm",
        "NEW.role = 'denominator' AND EXISTS (SELECT 1 FROM indicators_indicator i"
        " WHERE i.id = NEW.indicator_id AND i.population_id IS NOT NULL)",
        POPULATION_OR_PARTS,
    ),
    (
        "indicator_population_without_denominators",
        "indicators_indicator",
        "NEW.population_id IS NOT NULL AND EXISTS (SELECT 1 FROM indicators_derivationterm t"
        " WHERE t.indicator_id = NEW.id AND t.role = 'denominator')",
        POPULATION_OR_PARTS,
    ),
)


def create(using: str = "default", **kwargs: Any) -> None:
    """Make the triggers; they replace those of the same name."""
    drop(using)
    connection = connections[using]
    make = {"sqlite": _sqlite_statements, "postgresql": _postgresql_statements}
    if not set(TABLES) <= set(connection.introspection.table_names()):
        return
    with connection.cursor() as cursor:
        for rule in _RULES:
            for statement in make[connection.vendor](*rule):
                cursor.execute(statement)


def drop_for_migration(using: str = "default", **kwargs: Any) -> None:
    """Remove the triggers from SQLite, which can't rebuild a table that others' triggers name.

    Should the migration fail, `missing` tells, and the next migrate makes them again.
    """
    if connections[using].vendor == "sqlite":
        drop(using)


def missing(using: str = "default") -> list[str]:
    """The names of rules that the database does not keep."""
    there = existing(using)
    suffix = "_insert" if connections[using].vendor == "sqlite" else ""
    return [name for name, *_ in _RULES if name + suffix not in there]


def existing(using: str = "default") -> set[str]:
    """The names of all triggers that the database has."""
    connection = connections[using]
    source = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger",
    }
    with connection.cursor() as cursor:
        cursor.execute(source[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def drop(using: str = "default") -> None:
    """Remove the triggers."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for name, table, _, _ in _RULES:
            if table not in existing:
                continue
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            else:
                for event in ("insert", "update"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}_{event}")


def _sqlite_statements(name: str, table: str, condition: str, message: str) -> list[str]:
    return [
        f"CREATE TRIGGER {name}_{event} BEFORE {event} ON {table} WHEN {condition}"
        f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
        for event in ("insert", "update")
    ]


def _postgresql_statements(name: str, table: str, condition: str, message: str) -> list[str]:
    # The lock makes two transactions that would each add half of a contradiction wait for
    # one another; without it neither would see the other's row.
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" {_postgresql_lock(name)}"
        f" IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation',"
        f" CONSTRAINT = '{name}'; END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def _postgresql_lock(name: str) -> str:
    if name == "derivation_not_in_a_circle":
        return "PERFORM pg_advisory_xact_lock(hashtext('indicators_derivationterm'));"
    if name.startswith("indicator_"):
        return ""  # its row is locked by the update itself
    return "PERFORM 1 FROM indicators_indicator WHERE id = NEW.indicator_id FOR SHARE;"
