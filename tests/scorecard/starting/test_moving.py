"""Everything of an installation as one file: written, read into another, and written again, the same to the byte."""

import io

import pytest
from django.core.management import call_command

from scorecard.starting import exporting, importing, reading
from tests.databases import databases
from tests.demonstration import demonstration_loaded


def exported():
    file = io.BytesIO()
    exporting.export(file)
    file.seek(0)
    return file


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), databases.fresh(demonstration_loaded):
        return exported().getvalue()


@pytest.mark.django_db
def test_an_installation_moved_is_the_same_to_the_byte(demonstration, capsys):
    outcome = importing.import_everything(reading.MovedFile(io.BytesIO(demonstration)), by=None)
    assert outcome.problems == []
    assert exported().getvalue() == demonstration
    call_command("verify_editions")
