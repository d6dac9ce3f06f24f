"""An upgrade without a pause: the former version goes on running on the database that the newer one has migrated.

Whatever could keep it from that needs a reason here: why it can't, or that this upgrade takes a pause (docs/deploy.md).
"""

import re

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from tests.former_version import OURS, former, rules_of
from tests.schemas import schema

pytestmark = pytest.mark.each_case

# What differs from the former version's, each with the reason why that version works all the same.
REASONS: dict[tuple[str, ...], str] = {
    ("constraint", "scorecard_scorecard", "scorecard_rounds_instead_of_hiding"): (
        "The former version writes false into rounds_counts, the column's default, which every such row may have."
    ),
    ("function", "document_is_frozen", ""): (
        "It also refuses changes of numbers_from, a column that the former version never writes."
    ),
    ("trigger", "indicators_user", "forgotten_stays_closed"): (
        "It refuses changes of people only whom the newer version has forgotten."
    ),
}
COLUMN = re.compile(r"(?P<type>.*?) (?P<null>YES|NO)( (?P<default>.+))? (?P<identity>YES|NO)( BY DEFAULT| ALWAYS)?")
# Operations that take no lock for long; what they leave behind is looked at as a schema.
QUICK = (
    AddIndexConcurrently,
    migrations.CreateModel,
    migrations.AddField,
    migrations.AlterField,
    migrations.AddConstraint,
    migrations.RemoveConstraint,
    migrations.RemoveIndex,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
)


def columns_of(schema):
    return {key[1:]: COLUMN.fullmatch(definition) for key, definition in schema.items() if key[0] == "column"}


def hindrances(before, now):
    """What keeps the former version, which knows the rules of before, from reading or writing: each by its key."""
    knew, knows = columns_of(before), columns_of(now)
    return columns_in_the_way(knew, knows) | rules_in_the_way(before, now, knew, knows)


def columns_in_the_way(knew, knows):
    tables, found = {table for table, _ in knew}, {}
    for place, column in knew.items():
        if place not in knows:
            found["column", *place] = "is not there any more"
        elif knows[place]["type"] != column["type"]:
            found["column", *place] = f"was {column['type']}, and is {knows[place]['type']}"
        elif column["null"] == "YES" and knows[place]["null"] == "NO":
            found["column", *place] = "takes no NULL any more"
    for place, column in knows.items():
        left_out = column["null"] == "YES" or column["default"] or column["identity"] == "YES"
        if place[0] in tables and place not in knew and not left_out:
            found["column", *place] = "is new, and has neither NULL nor a default of the database (db_default)"
    return found


def rules_in_the_way(before, now, knew, knows):
    tables, found = {table for table, _ in knew}, {}
    for key, definition in now.items():
        kind, table = key[:2]
        if kind == "column" or (kind != "function" and table not in tables) or before.get(key) == definition:
            continue
        if key in before:
            found[key] = "has changed"
        elif kind != "function" and not _is_about_new_columns(definition, table, knew, knows):
            found[key] = "is a new rule for what that version writes"
    return found


def _is_about_new_columns(definition, table, knew, knows):
    named = set(re.findall(r"\w+", definition.partition(" REFERENCES ")[0]))
    new = {name for where, name in knows if where == table and (where, name) not in knew} & named
    if "UNIQUE" in definition:
        return any(knows[table, name]["null"] == "YES" for name in new)
    return bool(new) and not named & {name for where, name in knew if where == table}


@pytest.mark.postgresql
@pytest.mark.django_db
def test_former_version_can_read_and_write_what_the_newer_one_has_migrated():
    _, before = former()
    found = hindrances(before, rules_of(schema()))
    assert {key: words for key, words in found.items() if key not in REASONS} == {}
    # A reason for what does not differ is out of date.
    assert {key for key in REASONS if key[0] != "operation"} <= found.keys()


def operations_of(before):
    """Every operation of a newer migration that may hold a table up, or writes rows: app, migration, what it does."""
    on_disk = MigrationLoader(None, replace_migrations=False)
    former_tables = {
        (app, operation.name_lower)
        for app, name in before
        for operation in on_disk.disk_migrations[app, name].operations
        if isinstance(operation, migrations.CreateModel)
    }
    for (app, name), migration in sorted(on_disk.disk_migrations.items()):
        if app not in OURS or (app, name) in before:
            continue
        for operation in flat(migration.operations):
            is_on_new_table = isinstance(operation, migrations.AddIndex) and (
                (app, operation.model_name_lower) not in former_tables
            )
            if not is_on_new_table and not isinstance(operation, QUICK):
                yield "operation", app, name, operation.describe()


def flat(operations):
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from flat(operation.database_operations)
        else:
            yield operation


def test_newer_migrations_hold_nothing_up():
    before, _ = former()
    assert before <= MigrationLoader(None, replace_migrations=False).disk_migrations.keys()
    found = set(operations_of(before))
    assert found - REASONS.keys() == set()
    assert {key for key in REASONS if key[0] == "operation"} <= found


T = {("column", "t", "id"): "bigint NO YES BY DEFAULT", ("column", "t", "name"): "character varying 10 YES NO"}
NAME, EXTRA = ("column", "t", "name"), ("column", "t", "extra")
TEXT = "character varying 10 "


@pytest.mark.parametrize(
    ("newer", "is_hindered"),
    [
        ({}, False),
        ({NAME: None}, True),
        ({NAME: TEXT + "NO NO"}, True),
        ({NAME: "text YES NO"}, True),
        ({EXTRA: TEXT + "NO NO"}, True),
        ({EXTRA: TEXT + "YES NO"}, False),
        ({EXTRA: TEXT + "NO ''::character varying NO"}, False),
        ({("column", "u", "extra"): TEXT + "NO NO"}, False),
        ({("constraint", "u", "some"): "UNIQUE extra"}, False),
        ({("constraint", "t", "some"): "CHECK name <> ''"}, True),
        ({EXTRA: TEXT + "YES NO", ("constraint", "t", "some"): "CHECK extra <> ''"}, False),
        ({EXTRA: TEXT + "YES NO", ("constraint", "t", "some"): "CHECK extra <> name"}, True),
        ({EXTRA: "bigint YES NO", ("constraint", "t", "some"): "FOREIGN KEY extra REFERENCES t id"}, False),
        ({EXTRA: TEXT + "YES NO", ("index", "t", "some"): "CREATE UNIQUE INDEX some ON t name, extra"}, False),
        ({EXTRA: TEXT + "NO 'a' NO", ("index", "t", "some"): "CREATE UNIQUE INDEX some ON t name, extra"}, True),
        ({("trigger", "t", "some"): "CREATE TRIGGER some ON t EXECUTE FUNCTION some"}, True),
        ({("function", "some", ""): "another"}, True),
        ({("function", "more", ""): "whatever"}, False),
    ],
)
def test_what_hinders_a_former_version(newer, is_hindered):
    before = {**T, ("function", "some", ""): "as it was"}
    now = {key: definition for key, definition in (before | newer).items() if definition}
    assert bool(hindrances(before, now)) == is_hindered


def test_newer_operations_are_told_also_within_others():
    inside = migrations.RunSQL("SELECT 1")
    assert list(flat([migrations.SeparateDatabaseAndState([inside], [])])) == [inside]
    assert not isinstance(migrations.AddIndex("t", models.Index(fields=["id"], name="i")), QUICK)
