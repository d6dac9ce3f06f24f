"""What was published is written once: neither the program nor the database changes it."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from indicators import triggers
from scorecard.models import Edition, FrozenError, Publication, PublishedDocument
from tests.factories import make_indicator, make_scorecard, publish

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("model", [Publication, PublishedDocument], ids=lambda model: model.__name__)
LATER = {Publication: {"reason": "Another"}, PublishedDocument: {"body": "{}"}}


@pytest.fixture(autouse=True)
def published():
    publish(make_scorecard(make_indicator()))


@BOTH
def test_program_does_not_save_it_again(model):
    row = model.objects.get()
    with pytest.raises(FrozenError, match="never changed or deleted"):
        row.save()


@BOTH
def test_program_does_not_delete_it(model):
    for delete in (model.objects.get().delete, model.objects.all().delete):
        with pytest.raises((FrozenError, ProtectedError)), transaction.atomic():
            delete()
    assert model.objects.count() == 1


def test_edition_is_not_deleted_under_it():
    with pytest.raises(ProtectedError), transaction.atomic():
        Edition.objects.all().delete()


@BOTH
def test_database_refuses_to_change_it(model):
    with pytest.raises(IntegrityError, match=triggers.NEVER_CHANGED), transaction.atomic():
        model.objects.update(**LATER[model])


@BOTH
def test_database_refuses_what_is_written_by_hand(model):
    with (
        pytest.raises(IntegrityError, match=triggers.NEVER_CHANGED),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {model._meta.db_table} SET checksum = 'x'")  # noqa: S608 - a table's name


def test_check_tells_when_the_database_would_allow_it():
    assert triggers.rules_are_kept(["default"]) == []

    triggers.drop()

    (told,) = triggers.rules_are_kept(["default"])
    assert (told.id, "publication_is_frozen" in told.msg, "document_is_frozen" in told.msg) == (
        "indicators.E001",
        True,
        True,
    )


def test_migrating_again_makes_it_refuse_again():
    triggers.drop()

    call_command("migrate", verbosity=0)

    assert triggers.missing() == []
