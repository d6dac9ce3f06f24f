"""The whole database as one file, and a database made again from it: that of an earlier version too."""

import io
import json
import os
import stat
from contextlib import contextmanager
from datetime import UTC, datetime
from zipfile import ZipFile

import environ
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection

from scorecard import backups
from scorecard.backups import BackupError, back_up, restore
from scorecard.models import PublishedDocument
from tests.scorecard import test_upgrade

pytestmark = [pytest.mark.slow, pytest.mark.each_case]
NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)


@contextmanager
def database(folder, name, *, earlier=False):
    """A database of its own in the place of the tests': empty, or one of an earlier version."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    try:
        if earlier:
            test_upgrade.restore(folder / name)
        elif connection.vendor == "sqlite":
            connection.settings_dict["NAME"] = str(folder / name)
        else:
            own = f"{name}_{os.getpid()}"
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"CREATE DATABASE {own}")
            connection.settings_dict["NAME"] = own
        yield
    finally:
        connection.close()
        left, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], usual
        ContentType.objects.clear_cache()
        if connection.vendor == "postgresql" and left != usual:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE {left}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("backups")


@pytest.fixture(scope="module")
def backup(folder, django_db_setup, django_db_blocker):
    """A backup of the earlier database, as that version left it."""
    with django_db_blocker.unblock(), database(folder, "earlier", earlier=True):
        back_up(folder / "backup.zip", NOW)
        stored = dict(PublishedDocument.objects.order_by().values_list("pk", "checksum"))
    return folder / "backup.zip", stored


@pytest.fixture(autouse=True)
def unblocked(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield


def test_backup_of_an_earlier_version_is_restored_migrated_and_verified(backup, folder, capsys):
    file, stored = backup
    with database(folder, "again"):
        call_command("restore", file)
        assert dict(PublishedDocument.objects.order_by().values_list("pk", "checksum")) == stored
        call_command("migrate", check_unapplied=True, verbosity=0)
        with pytest.raises(BackupError, match="not empty"):
            restore(file)
        again = folder / "second.zip"
        back_up(again, NOW)
    with database(folder, "third"):
        restore(again)
        assert dict(PublishedDocument.objects.order_by().values_list("pk", "checksum")) == stored
    assert capsys.readouterr().out.count("3 editions are as they were published.") == 2
    assert stored


def test_backup_is_its_owners_only_and_says_what_it_is_of(backup):
    file, _ = backup
    with ZipFile(file) as archive:
        said = json.loads(archive.read("manifest.json"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (said["kind"], said["made_at"]) == (connection.vendor, "2026-11-28T03:00:00+00:00")
    assert "scorecard.0001_initial" in said["migrations"]
    with pytest.raises(BackupError, match="never written over"):
        back_up(file, NOW)
    with pytest.raises(BackupError, match="no folder"):
        back_up(file.parent / "nowhere" / "a.zip", NOW)


def changed(file, target, **manifest):
    """The backup with something else in its manifest."""
    with ZipFile(file) as archive, ZipFile(target, "w") as other:
        said = json.loads(archive.read("manifest.json"))
        other.writestr("manifest.json", json.dumps(said | manifest))
        other.writestr("database", archive.read("database"))
    return target


def test_what_is_no_backup_of_this_or_an_earlier_version_is_refused_and_nothing_is_written(backup, tmp_path):
    file, _ = backup
    whole = file.read_bytes()
    middle = len(whole) // 2
    (tmp_path / "cut.zip").write_bytes(whole[:middle])
    (tmp_path / "flipped.zip").write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    (tmp_path / "text.zip").write_text("Monday's backup")
    with ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("figures.csv", "1,2")
    kind = "sqlite" if connection.vendor == "postgresql" else "postgresql"
    refused = {
        tmp_path / "cut.zip": "not whole",
        tmp_path / "flipped.zip": "not whole",
        tmp_path / "text.zip": "not whole",
        tmp_path / "other.zip": "not whole",
        tmp_path / "nothing.zip": "There is no file",
        tmp_path: "not whole",
        changed(file, tmp_path / "sum.zip", checksum="0" * 64): "checksum",
        changed(file, tmp_path / "kind.zip", kind=kind): "DATABASE_URL names a database of",
        changed(file, tmp_path / "field.zip", more=1): "not whole",
        changed(file, tmp_path / "new.zip", version="9.1", migrations=["scorecard.0900_later"]): "newer version, 9.1",
    }
    with database(tmp_path, "untouched"):
        for path, words in refused.items():
            with pytest.raises(CommandError, match=words):
                call_command("restore", path)
        assert connection.introspection.table_names() == []
        with pytest.raises(BackupError, match="no scorecard in the database"):
            back_up(tmp_path / "none.zip", NOW)
    assert not list(tmp_path.glob(".backup-*"))


def test_folder_gets_a_backup_with_its_date_and_keeps_the_newest(folder, tmp_path, monkeypatch):
    for day in (25, 26, 27):
        (tmp_path / f"scorecard-2026-11-{day}T0300.zip").touch()
    (tmp_path / "ours.zip").touch()
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    out = io.StringIO()
    with database(folder, "earlier_too", earlier=True):
        call_command("backup", tmp_path, "--keep", "2", stdout=out)
        for arguments in ([tmp_path / "a.zip", "--keep", "2"], [tmp_path, "--keep", "0"]):
            with pytest.raises(CommandError, match="--keep is for a folder"):
                call_command("backup", *arguments)
    names = ["ours.zip", "scorecard-2026-11-27T0300.zip", "scorecard-2026-11-28T0300.zip"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert "2026-11-26T0300.zip was removed" in out.getvalue()


@pytest.mark.postgresql
def test_missing_programs_of_postgresql_are_named(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "which", lambda name: None)
    with (
        database(folder, "earlier_still", earlier=True),
        pytest.raises(BackupError, match="pg_dump is missing: install PostgreSQL’s client"),
    ):
        back_up(tmp_path / "a.zip", NOW)


def test_user_host_and_database_of_one_name_are_told_apart():
    """The usual installation has a role and a database of the same name."""
    settings = environ.Env.db_url_config("postgres://scorecard:secret@scorecard:5433/scorecard")
    assert backups._where({**settings, "OPTIONS": {}}) == (
        ["-U", "scorecard", "-h", "scorecard", "-p", "5433", "--dbname=scorecard"],
        {"PGPASSWORD": "secret"},
    )
    settings = environ.Env.db_url_config("postgres://scorecard@//run/postgresql/scorecard")
    assert backups._where({**settings, "OPTIONS": {}}) == (
        ["-U", "scorecard", "-h", "/run/postgresql", "--dbname=scorecard"],
        {},
    )
