"""Backups: the whole database as one file with its checksum, and a database made again from it.

The file is a zip with `manifest.json` and `database`: of SQLite a database file as it was at one moment, of PostgreSQL
what pg_dump writes. Only a database of the same kind can be made from it.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from shutil import copyfileobj, which
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from django.core.management import call_command
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from indicators.moments import sortable

from . import __version__

MANIFEST, DATABASE = "manifest.json", "database"
CALLED = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
OUR_APPS = ("indicators.", "commentary.", "scorecard.")
PIECE = 1024 * 1024


class BackupError(Exception):
    """Why there is no backup, or why nothing was restored; a sentence for the operator."""


class Manifest(NamedTuple):
    """What a backup says of itself. `migrations` are those applied to its database, as "app.name"."""

    version: str
    made_at: str
    kind: str
    migrations: list[str]
    checksum: str


def back_up(target: Path, now: datetime) -> Manifest:
    """Write the database, as it is at one moment, to a file that isn't there yet. Raises BackupError.

    The file is there whole or not at all, and only its owner can read it: it has everybody's password hashes.
    """
    if target.exists():
        raise BackupError(f"{target} is there already: a backup is never written over.")
    if not target.parent.is_dir():
        raise BackupError(f"There is no folder {target.parent}.")
    with TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
        dump, whole = Path(folder, DATABASE), Path(folder, "whole")
        migrations = sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())
        if not any(name.startswith(OUR_APPS) for name in migrations):
            raise BackupError("There is no scorecard in the database that DATABASE_URL names.")
        _dump(dump)
        manifest = Manifest(__version__, now.isoformat(timespec="seconds"), connection.vendor, migrations, _sum(dump))
        with os.fdopen(os.open(whole, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as file:
            with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive:
                archive.writestr(MANIFEST, json.dumps(manifest._asdict(), indent=1))
                archive.write(dump, DATABASE)
            file.flush()
            os.fsync(file.fileno())
        whole.rename(target)
    return manifest


def restore(source: Path) -> Manifest:
    """Make the database again from a backup, migrate it to this version, and look whether every report is there.

    The database has to be empty. Raises BackupError before anything is written, or CommandError where a published
    report isn't what it was; then the database stays, to be looked at.
    """
    with TemporaryDirectory(prefix="restore-") as folder:
        dump = Path(folder, DATABASE)
        manifest = _unpack(source, dump)
        if manifest.kind != connection.vendor:
            here, there = CALLED[connection.vendor], CALLED.get(manifest.kind, manifest.kind)
            raise BackupError(f"The backup is of {there}, and DATABASE_URL names a database of {here}.")
        known = _known()
        newer = [name for name in manifest.migrations if name.startswith(OUR_APPS) and name not in known]
        if newer:
            raise BackupError(
                f"The backup is of a newer version, {manifest.version}; this is {__version__}. Install that version or "
                f"a later one first. This one doesn’t know {newer[0]}."
            )
        if connection.introspection.table_names():
            raise BackupError("The database is not empty: restore into a new one, so that nothing is lost.")
        _load(dump)
    call_command("migrate", "--skip-checks", verbosity=0)
    call_command("verify_editions")
    return manifest


def _known() -> set[str]:
    """The migrations of this version, those that stand for several with all of them."""
    known = MigrationLoader(None).disk_migrations
    replaced = {one for migration in known.values() for one in migration.replaces}
    return {f"{app}.{name}" for app, name in {*known, *replaced}}


def _unpack(source: Path, dump: Path) -> Manifest:
    try:
        with ZipFile(source) as archive, archive.open(DATABASE) as packed, dump.open("wb") as file:
            manifest = Manifest(**json.loads(archive.read(MANIFEST)))
            copyfileobj(packed, file, PIECE)
    except FileNotFoundError as error:
        raise BackupError(f"There is no file {source}.") from error
    except (BadZipFile, EOFError, KeyError, OSError, TypeError, ValueError) as error:
        raise BackupError(f"{source} is no backup of a scorecard, or is not whole.") from error
    if _sum(dump) != manifest.checksum:
        raise BackupError(f"{source} was changed: the checksum of its database is another.")
    return manifest


def _sum(path: Path) -> str:
    found = sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            found.update(piece)
    return found.hexdigest()


def _dump(target: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with _sqlite(target) as copy:
            connection.connection.backup(copy)
        return
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def _load(dump: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with _sqlite(dump) as copy:
            if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise BackupError("SQLite says that the database in the backup is damaged.")
            copy.backup(connection.connection)
        connection.close()
        return
    _run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(dump))


@contextmanager
def _sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(path)
    try:
        yield opened
    finally:
        opened.close()


def _run(program: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs, at the database that DATABASE_URL names."""
    if which(program) is None:
        raise BackupError(f"{program} is missing: install PostgreSQL’s client (Debian: postgresql-client).")
    where, password = _where(connection.settings_dict)
    done = subprocess.run(  # noqa: S603 - PostgreSQL's program, and settings of the operator
        [program, *where, *arguments],
        env={**os.environ, **password},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip() or 'it does not say why'}")


def _where(settings: dict[str, Any]) -> tuple[list[str], dict[str, str]]:
    """A database of PostgreSQL, as its programs are told of it, and what of that stands in their environment."""
    words, password = DatabaseClient.settings_to_cmd_args_env(settings, [])
    # The database's name is the last of them; user and host may have the same.
    return [*words[1:-1], f"--dbname={words[-1]}"], password or {}


def dated(folder: Path, now: datetime) -> Path:
    """Where the backup of a moment goes in a folder."""
    return folder / f"scorecard-{sortable(now)}.zip"


def dated_in(folder: Path) -> list[Path]:
    """The backups that were put into a folder by date, oldest first."""
    return sorted(folder.glob("scorecard-????-??-??T????.zip"))
