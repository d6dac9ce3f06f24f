"""The tests' databases: each is made once in a run, and copied wherever tests want one of their own.

Migrating takes seconds, and so does loading the demonstration; a copy takes milliseconds. Whichever worker wants one
first makes it, while the others wait.
"""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections

EMPTY = "empty"
Fill = Callable[[], object]


class Databases:
    """The copies that one worker works on: its connection is on the latest that was not dropped yet."""

    def __init__(self) -> None:
        # Names of the templates that the copies in use were made from.
        self.templates: list[str] = []
        self.numbers = count(1)

    @contextmanager
    def in_use(self, folder: Path, worker: str) -> Iterator[None]:
        """Begin with an empty database. The workers of a run share the folder; the last to leave it clears up."""
        self.folder, self.worker = folder, worker
        with (folder / "in-use").open("a") as others:
            fcntl.flock(others, fcntl.LOCK_SH)
            with self.fresh():
                yield
            try:
                fcntl.flock(others, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            for made in folder.glob("*.made"):
                _drop(self._name(made.stem))
                made.unlink()

    @contextmanager
    def fresh(self, fill: Fill | None = None) -> Iterator[None]:
        """A database that nothing else uses, with what `fill` stores, until the end of the block."""
        template = _template_of(fill)
        self._make(template, fill)
        name = self._name(f"{self.worker}_{next(self.numbers)}")
        _copy(self._name(template), name)
        self.templates.append(template)
        try:
            with _connected_to(name):
                yield
        finally:
            self.templates.pop()
            _drop(name)

    def renew(self) -> None:
        """Undo all that was done to the database in use."""
        name = connection.settings_dict["NAME"]
        connection.close()
        _drop(name)
        _copy(self._name(self.templates[-1]), name)

    def _make(self, template: str, fill: Fill | None) -> None:
        made, name = self.folder / f"{template}.made", self._name(template)
        with made.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if made.exists():
                return
            _drop(name)
            if fill:
                _copy(self._name(EMPTY), name)
            with _connected_to(name):
                if fill:
                    fill()
                else:
                    connection.settings_dict["TEST"]["NAME"] = name
                    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            made.touch()

    def _name(self, name: str) -> str:
        return str(self.folder / f"{name}.sqlite3") if connection.vendor == "sqlite" else f"test_scorecard_{name}"


databases = Databases()


def database_with(fill: Fill, *, scope: Any = "module") -> Any:
    """In place of pytest-django's `transactional_db`, for tests with a live server: what they start from."""

    @pytest.fixture(scope=scope)
    def transactional_db(django_db_setup, django_db_blocker):
        with django_db_blocker.unblock(), databases.fresh(fill):
            yield

    return transactional_db


def _template_of(fill: Fill | None) -> str:
    return f"{fill.__module__.rpartition('.')[2]}_{fill.__name__}" if fill else EMPTY


@contextmanager
def _connected_to(name: str) -> Iterator[None]:
    """Another database until the end of the block, for this thread and for those of a live server."""
    before, settings = connections[DEFAULT_DB_ALIAS], connection.settings_dict
    name_before, settings["NAME"] = settings["NAME"], name
    connections[DEFAULT_DB_ALIAS] = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        yield
    finally:
        connection.close()
        settings["NAME"] = name_before
        connections[DEFAULT_DB_ALIAS] = before


def _copy(name: str, copy: str) -> None:
    if connection.vendor == "sqlite":
        shutil.copyfile(name, copy)
    else:
        _tell_server(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')


def _drop(name: str) -> None:
    if connection.vendor == "sqlite":
        for suffix in ("", "-wal", "-shm"):
            Path(name + suffix).unlink(missing_ok=True)
    else:
        _tell_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _tell_server(sql: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql)
