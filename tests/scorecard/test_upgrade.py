"""A database of an earlier version is migrated, and everything that was published in it reads as before.

tests/data/upgrade/README.md says what it holds and how it was made.
"""

import csv
import gzip
import io
import json
import os
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from commentary.models import AreaOfFocus, SignOff
from indicators.models import User
from scorecard.models import Edition, PublicationKind, PublishedDocument
from scorecard.publication.publish import draft_edition, revise_edition
from scorecard.report.what_to_look_at import Tally
from tests.data.upgrade.answers import SCORECARD, VISITOR, answers
from tests.data.upgrade.reviewed import PAGES, as_before, words_before
from tests.databases import databases
from tests.factories import JANUARY
from tests.schemas import schema

pytestmark = [pytest.mark.slow, pytest.mark.each_case]
FOLDER = Path(__file__).resolve().parent.parent / "data" / "upgrade"
EARLIER = gzip.decompress((FOLDER / "answers.json.gz").read_bytes())


@pytest.fixture(scope="module", autouse=True)
def upgraded(django_db_setup, django_db_blocker, tmp_path_factory):
    """The earlier database in the place of the tests' own, migrated."""
    usual = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        try:
            restore(tmp_path_factory.mktemp("earlier") / "database.sqlite3")
            call_command("migrate", verbosity=0)
            ContentType.objects.clear_cache()
            yield
        finally:
            connection.close()
            earlier, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], usual
            ContentType.objects.clear_cache()
            if connection.vendor == "postgresql":
                with connection._nodb_cursor() as cursor:
                    cursor.execute(f"DROP DATABASE {earlier}")


def restore(file):
    """Make the earlier database, and let the connection lead to it."""
    if connection.vendor == "sqlite":
        file.write_bytes(gzip.decompress((FOLDER / "database.sqlite3.gz").read_bytes()))
        connection.settings_dict["NAME"] = str(file)
        return
    name = f"earlier_{os.getpid()}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    connection.settings_dict["NAME"] = name
    with connection.cursor() as cursor:
        cursor.execute(gzip.decompress((FOLDER / "database.sql.gz").read_bytes()).decode())
    # The dump leaves settings behind that are not those of the program.
    connection.close()


@pytest.fixture(autouse=True)
def nothing_stays():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def verify():
    out = io.StringIO()
    call_command("verify_editions", stdout=out)
    return out.getvalue().strip()


def test_nothing_is_left_to_migrate():
    call_command("migrate", check_unapplied=True, verbosity=0)
    call_command("check", databases=["default"], fail_level="WARNING")


def test_every_published_report_is_verified():
    assert verify() == "3 editions are as they were published."


# What says more than it did, in other words, or less where that was not known. Reviewed: reports and their files tell
# how many lines are unusual, usual, or could not be examined; the page of the line with five figures no longer calls
# the latest of them usual. Reports and the archive link to what was withheld or revised.
# Indicators' pages lead to those beside them, have their areas of focus, and print limits that differ apart.
# Their charts have the names of their lines and say what figures belong to one trend; comparing folds what is usual
# and explains its words.
SAYS_OTHERWISE = re.compile(
    r"archive/$|compare/(\?.*)?$|(\d{4}-\d{2}|publications/1)/"
    r"(report\.(csv|json|xlsx|data\.xlsx)|indicators/(11/chart.*|\d+/(chart\.json(\?.*)?|\?.*)?))?$"
)


@pytest.fixture(scope="module")
def now(upgraded, django_db_blocker):
    with django_db_blocker.unblock():
        return answers(as_before, words_before)


def test_every_page_file_and_comparison_reads_as_before(now):
    before = json.loads(EARLIER)
    assert now.keys() == before.keys()
    for role, said in before.items():
        assert len(said) > 100
        changed = [address for address in said if now[role].get(address) != said[address]]
        unknown = [one for one in changed if not SAYS_OTHERWISE.search(one) and not PAGES.search(one)]
        assert unknown == []


@pytest.mark.parametrize("role", [VISITOR, "panel.member"])
def test_files_of_what_was_published_have_only_what_is_new_beside_what_they_had(now, role):
    was, told = (answers_of[role] for answers_of in (json.loads(EARLIER), now))
    before, after = (list(csv.DictReader(io.StringIO(one[f"{SCORECARD}2021-01/report.csv"]))) for one in (was, told))
    assert [len(row.pop("what_to_look_at")) > 2 for row in after] == [True] * len(before)
    assert after == [row | {"signal": row["signal"].replace("No signal", "Could not be examined")} for row in before]

    before, after = (json.loads(one[f"{SCORECARD}2021-01/report.json"]) for one in (was, told))
    assert set(after.pop("tally")) == {*Tally._fields, "text"}
    assert bool(after.pop("restricted")) == (role != VISITOR)
    assert (after.pop("rounded_to"), after.pop("rounding")) == (0, "")
    names = [group["name"] for group in after.pop("comparator_groups")]
    assert names == ["Statistical neighbours", "England", "South East"]
    assert after.pop("short_forms")["UASC"] == "unaccompanied asylum-seeking children"
    assert {type(item.pop("with")) for item in after["what_to_look_at"]} <= {list}
    rows = [[row for section in data["sections"] for row in section["rows"]] for data in (before, after)]
    for row, now_row in zip(*rows, strict=True):
        assert now_row.pop("what_to_look_at")
        assert (now_row["signal"].pop("move"), now_row["signal"].pop("judged")) == (None, True)
        # No season, no baseline and no other indicators before it; a figure and its period.
        usual = ("seasonal", "not_seasonal_because", "baseline")
        assert [now_row["signal"].pop(name) for name in usual] == [False, "", None]
        assert now_row.pop("series_links") == []
        assert now_row.pop("figure")["text"] == now_row["months"][now_row.pop("period")["due"]]["text"]
        assert now_row["signal"].pop("text") == row["signal"].pop("text").replace("No signal", "Could not be examined")
    # What to look at has fewer entries, not other ones; each says more.
    assert all(item["explanation"] and item["areas_of_focus"] is not None for item in after["what_to_look_at"])
    looked = [
        {item["ref"]: [one["reason"] for one in item["reasons"]] for item in data.pop("what_to_look_at")}
        for data in (before, after)
    ]
    assert {ref: reasons for ref, reasons in looked[0].items() if ref in looked[1]} == looked[1]
    assert after == before


def test_pdf_of_what_was_published_can_be_made():
    answer = Client().get(f"{SCORECARD}2021-01/report.pdf")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")


def test_the_month_in_progress_is_as_it_was():
    signed = SignOff.objects.get()
    assert (signed.step, signed.indicator.reference, signed.month) == ("approved", "LAC1", date(2021, 2, 1))
    assert AreaOfFocus.objects.get(kind="question").response.startswith("Fewer leave care")
    client = Client()
    client.force_login(User.objects.get(username="performance.officer"))
    for page in ("/collection/families/2021-02/", f"{SCORECARD}2021-02/", "/collection/families/2021-01/revise/"):
        assert client.get(page).status_code == 200


def test_only_what_was_changed_since_makes_a_revision():
    january, december = (Edition.objects.get(month=month) for month in (JANUARY, date(2020, 12, 1)))
    changed = draft_edition(january).changes
    # Of December what it was revised for after January had been published; of January what was changed since.
    assert {(change.reference, change.what) for change in changed} == {
        *((reference, "December 2020") for reference in ("M2", "M3", "M2-NI", "LAC1")),
        ("M8-QL", "January 2021"),
        # That they are counted differently was published on their own pages only; M3 is worked out from M1.
        ("M1", "Counted differently from April 2020 on"),
        ("M3", "Counted differently from April 2020 on"),
        ("LAC1", "Counted differently from July 2020 on"),
    }
    assert {(change.reference, change.what) for change in draft_edition(december).changes} == {
        ("M1", "Counted differently from April 2020 on"),
        ("M3", "Counted differently from April 2020 on"),
        ("LAC1", "Counted differently from July 2020 on"),
    }


def test_revision_is_published_beside_what_was_published_before():
    edition = Edition.objects.get(month=JANUARY)
    before = Client().get(f"{SCORECARD}2021-01/report.csv").content
    revise_edition(
        edition=edition,
        fingerprint=draft_edition(edition).fingerprint,
        kind=PublicationKind.CORRECTION,
        reason="A form came late.",
        by=User.objects.get(username="performance.officer"),
        now=datetime(2021, 3, 4, 10, tzinfo=UTC),
    )
    assert Client().get(f"{SCORECARD}2021-01/publications/1/report.csv").content == before
    assert Client().get(f"{SCORECARD}compare/?earlier=2021-01.1&later=2021-01").status_code == 200
    assert PublishedDocument.objects.count() == 10
    assert verify() == "3 editions are as they were published."


def test_tables_are_those_of_a_new_database():
    upgraded = schema()
    with databases.fresh():
        assert upgraded == schema()
