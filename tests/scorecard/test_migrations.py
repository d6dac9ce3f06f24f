"""A database comes to the same tables whether all are made at once or migration by migration."""

from itertools import product

import pytest
from django.core.management import call_command
from django.db import connection, connections, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from indicators.management.commands.migrate import State
from tests.schemas import another_database, schema

# The migrations that were there before all tables were made at once, in their order.
STEPS = {
    "indicators": ["0001_initial", "0002_cross_checks", "0003_peer_figures", "0004_rebase"],
    "commentary": ["0001_initial", "0002_initial", "0003_sign_offs", "0004_panel_questions"],
    "scorecard": ["0001_initial", "0002_collection", "0003_reset_request", "0004_publications"],
}
HALF_WAY = [("indicators", "0002_cross_checks"), ("commentary", "0002_initial"), ("scorecard", "0001_initial")]


def one_by_one(using):
    """What migrates the database as before: one migration after the other."""
    executor = MigrationExecutor(connections[using])
    executor.loader = MigrationLoader(connections[using], replace_migrations=False)
    return executor


def applied(using="default"):
    return set(MigrationRecorder(connections[using]).applied_migrations())


@pytest.mark.slow
def test_database_that_stopped_half_way_comes_to_the_same_tables(django_db_setup, django_db_blocker):
    # The tests' own database was made at once.
    with django_db_blocker.unblock(), another_database("half_way") as half_way:
        one_by_one(half_way).migrate(HALF_WAY)
        assert ("scorecard", "0002_collection") not in applied(half_way)

        call_command("migrate", database=half_way, verbosity=0)

        assert applied(half_way) == applied()
        there, expected = schema(half_way), schema()
    assert there.keys() ^ expected.keys() == set()
    assert {name: (there[name], expected[name]) for name in there if there[name] != expected[name]} == {}


def needed_by(migrations):
    """What the migrations need of the three apps, as each of them says itself."""
    on_disk = MigrationLoader(None, replace_migrations=False).graph
    return {parent.key for one in migrations for parent in on_disk.node_map[one].parents if parent.key[0] in STEPS}


@pytest.mark.django_db
def test_database_at_whatever_step_has_a_way_to_the_latest(monkeypatch):
    """From every combination of steps that the migrations of then allowed, each step that is missing is taken once."""
    others = {name for name in applied() if name[0] in {"auth", "contenttypes"}}
    ways = 0
    for counts in product(range(5), repeat=3):
        taken = {(app, name) for app, count in zip(STEPS, counts, strict=True) for name in STEPS[app][:count]}
        if not needed_by(taken) <= taken:
            continue
        monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda _, now=taken | others: dict.fromkeys(now))
        executor = MigrationExecutor(connection)
        executor.loader.check_consistent_history(connection)
        plan = [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
        steps = [step for migration in plan for step in migration.replaces or [(migration.app_label, migration.name)]]
        steps = sorted(step for step in steps if step[1] in STEPS.get(step[0], ()))
        assert steps == sorted({(app, name) for app in STEPS for name in STEPS[app]} - taken), taken
        ways += 1
    assert ways == 42  # reckoned by hand from what each migration names


@pytest.fixture
def library():
    """What migrations know of two models, of which one refers to the other, and what alters it."""
    state = State()
    key = ("id", models.BigAutoField(primary_key=True))
    to_author = models.ForeignKey("library.Author", models.PROTECT)

    def alter(*operations):
        for operation in operations:
            operation.state_forwards("library", state)
        return [state.apps.get_model("library", name) for name in ("Author", "Book")]

    alter(migrations.CreateModel("Author", [key]), migrations.CreateModel("Book", [key, ("by", to_author)]))
    return state, alter


@pytest.mark.parametrize(
    ("operation", "altered"),
    [
        (migrations.AddField("Book", "title", models.TextField()), [False, True]),
        (migrations.AddField("Book", "editor", models.ForeignKey("library.Author", models.PROTECT)), [False, True]),
        (migrations.AlterField("Book", "id", models.AutoField(primary_key=True)), [False, True]),
        (migrations.AddConstraint("Author", models.UniqueConstraint(models.F("id"), name="one")), [True, False]),
        # What others refer to, or no longer refer to, concerns them too.
        (migrations.AlterField("Author", "id", models.AutoField(primary_key=True)), [True, True]),
        (migrations.RemoveField("Book", "by"), [True, True]),
    ],
)
def test_migrating_renders_anew_what_an_operation_alters_and_no_other_model(library, operation, altered):
    _, alter = library
    before = alter()
    assert [one is not was for one, was in zip(alter(operation), before, strict=True)] == altered


def test_code_in_a_migration_finds_every_model_as_it_is_by_then(library):
    state, alter = library
    alter(migrations.AddField("Author", "name", models.TextField()))
    found = []
    read = migrations.RunPython(
        lambda apps, _: found.extend(apps.get_model("library", name) for name in ("Author", "Book"))
    )
    read.database_forwards("library", connection.schema_editor(), state.clone(), state)
    author, book = found
    assert author._meta.get_field("name")
    assert book._meta.get_field("by").related_model is author
