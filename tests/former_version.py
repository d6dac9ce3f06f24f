"""What the latest released version finds in a PostgreSQL database: it has to go on running while a newer one migrates.

With each release, `scripts/temporary_postgres.py .venv/bin/python -m tests.former_version` writes it down anew.
"""

import json
import os
from pathlib import Path

STORED = Path(__file__).parent / "data" / "upgrade" / "former_version.json"
# What can keep the former version from working; other indexes only make it quick.
RULES = ("column", "constraint", "trigger", "function")
OURS = ("indicators", "commentary", "scorecard")


def former():
    """Its migrations, and its tables as tests/schemas.py has them, by kind, table and name."""
    stored = json.loads(STORED.read_text())
    schema = {tuple(key.split(" ")): definition for key, definition in stored["schema"].items()}
    return {tuple(one.split(" ")) for one in stored["migrations"]}, schema


def rules_of(schema):
    return {
        key: definition
        for key, definition in schema.items()
        # Newer PostgreSQLs list NOT NULL as constraints too; it stands with the column.
        if (key[0] in RULES and not definition.startswith("NOT NULL"))
        or (key[0] == "index" and definition.startswith("CREATE UNIQUE"))
    }


def write():
    from django.core.management import call_command
    from django.db.migrations.loader import MigrationLoader

    from tests.schemas import schema

    call_command("migrate", verbosity=0)
    on_disk = MigrationLoader(None).disk_migrations
    kept = {
        "migrations": sorted(f"{app} {name}" for app, name in on_disk if app in OURS),
        "schema": {" ".join(key): definition for key, definition in sorted(rules_of(schema()).items())},
    }
    STORED.write_text(json.dumps(kept, indent=0, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    write()
