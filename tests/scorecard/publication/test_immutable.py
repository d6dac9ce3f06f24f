"""What was published is written once: neither the program nor the database changes it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from indicators import triggers
from scorecard.models import Edition, FrozenError, Publication, PublishedDocument, Scorecard
from scorecard.models.edition import PUBLISHED_HERE
from tests.factories import make_edition, make_indicator, make_scorecard, make_user, publish

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]
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


@pytest.mark.parametrize("field", ["month", "scorecard", "state"])
def test_database_keeps_it_in_its_place(field):
    other = make_scorecard(make_indicator("Z1"), slug="other", title="Another")
    moved = {"month": date(2021, 3, 1), "scorecard": other, "state": "collecting"}[field]
    with pytest.raises(IntegrityError, match=triggers.IN_ITS_PLACE), transaction.atomic():
        Edition.objects.filter(publications__isnull=False).update(**{field: moved})


@pytest.mark.parametrize("field", ["month", "scorecard"])
def test_form_says_beside_the_field_that_it_stays_in_its_place(field):
    other = make_scorecard(make_indicator("Z1"), slug="other", title="Another")
    edition = Edition.objects.get()
    setattr(edition, field, {"month": date(2021, 3, 1), "scorecard": other}[field])
    with pytest.raises(ValidationError) as refused:
        edition.full_clean()
    assert refused.value.message_dict == {field: [PUBLISHED_HERE]}


def test_edition_that_is_not_published_can_be_put_right():
    edition = make_edition(Scorecard.objects.get(), date(2021, 2, 1), state="in_review")
    edition.month = date(2021, 3, 1)
    edition.full_clean()
    edition.save()


def test_administration_shows_it_and_changes_nothing(client):
    client.force_login(make_user("root", is_superuser=True, is_staff=True))
    edition = Edition.objects.get()
    address = f"/admin/scorecard/edition/{edition.pk}/change/"

    fields = client.get(address).context["adminform"].form.fields
    assert not {"scorecard", "month", "opens_on", "due_on", "meeting_date", "overview"} & fields.keys()

    client.post(address, {"month": "2021-03", "read_version": edition.version})
    edition.refresh_from_db()
    assert f"{edition.month:%Y-%m}" == "2021-01"


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
