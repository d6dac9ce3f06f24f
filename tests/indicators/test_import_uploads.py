"""Files between their preview and their confirmation: whose they are, how long they stay, and that they count once."""

import io
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from indicators.models import MonthlyValue, PendingUpload, SecurityEvent, Target
from tests.factories import make_indicator, make_user
from tests.indicators.importing import confirm, confirm_address, preview

pytestmark = pytest.mark.django_db
JANUARY = date(2021, 1, 1)
CONTENT = "reference,month,figure\nM1,2021-01,6\n"
GONE = "choose the file once more"


@pytest.fixture
def contacts():
    return make_indicator("M1")


def signed_in(name):
    client = Client()
    client.force_login(make_user(name, is_staff=True, is_superuser=True))
    return client


def expire():
    PendingUpload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def test_an_upload_lies_in_the_database_and_goes_when_it_is_confirmed(admin_client, admin_user, contacts):
    shown = preview(admin_client, MonthlyValue, CONTENT)

    kept = PendingUpload.objects.get()
    assert (kept.person, kept.model, bytes(kept.content)) == (admin_user, "indicators.MonthlyValue", CONTENT.encode())
    assert timedelta(minutes=119) < kept.expires_at - timezone.now() <= timedelta(hours=2)
    confirm(admin_client, MonthlyValue, shown)
    assert not PendingUpload.objects.exists()
    event = SecurityEvent.objects.get(kind="imported")
    assert (event.by, event.about) == (admin_user, "monthly values")


def test_an_upload_that_is_cancelled_goes_and_imports_nothing(admin_client, contacts):
    shown = preview(admin_client, MonthlyValue, CONTENT)

    data = {"preview": shown.context["preview"], "cancel": "Import nothing"}
    page = admin_client.post(confirm_address(MonthlyValue), data, follow=True).content.decode()

    assert "Nothing was imported." in page
    assert not PendingUpload.objects.exists()
    assert not MonthlyValue.objects.exists()


def test_the_next_upload_takes_the_place_of_the_one_before(admin_client, contacts):
    first = preview(admin_client, MonthlyValue, CONTENT)
    second = preview(admin_client, MonthlyValue, CONTENT.replace("6", "7"))

    assert PendingUpload.objects.count() == 1
    assert GONE in confirm(admin_client, MonthlyValue, first).content.decode()
    confirm(admin_client, MonthlyValue, second)
    assert contacts.values.get().figure == 7


def test_another_persons_and_another_kinds_upload_stay(admin_client, contacts):
    shown = preview(admin_client, MonthlyValue, CONTENT)
    preview(signed_in("other"), MonthlyValue, CONTENT)
    preview(admin_client, Target, "reference,year,value\nM1,2020-21,5\n")

    assert PendingUpload.objects.count() == 3
    confirm(admin_client, MonthlyValue, shown)
    assert contacts.values.get().figure == 6


def test_nobody_else_confirms_or_cancels_it(admin_client, contacts):
    shown = preview(admin_client, MonthlyValue, CONTENT)
    other = signed_in("other")

    assert GONE in confirm(other, MonthlyValue, shown).content.decode()
    data = {"preview": shown.context["preview"], "cancel": "Import nothing"}
    assert GONE in other.post(confirm_address(MonthlyValue), data, follow=True).content.decode()
    assert PendingUpload.objects.count() == 1
    assert not MonthlyValue.objects.exists()


def test_it_is_confirmed_as_what_it_was_shown_as(admin_client, contacts):
    shown = preview(admin_client, MonthlyValue, CONTENT)

    assert GONE in confirm(admin_client, Target, shown).content.decode()
    assert PendingUpload.objects.count() == 1


def test_who_may_no_longer_import_does_not_confirm(admin_client, admin_user, contacts):
    shown = preview(admin_client, MonthlyValue, CONTENT)
    admin_user.is_superuser = False
    admin_user.save()

    assert confirm(admin_client, MonthlyValue, shown).status_code == 403
    assert not MonthlyValue.objects.exists()


def test_bytes_that_are_not_those_of_the_preview_are_not_imported(admin_client, contacts):
    shown = preview(admin_client, MonthlyValue, CONTENT)
    PendingUpload.objects.update(content=CONTENT.replace("6", "9").encode())

    assert GONE in confirm(admin_client, MonthlyValue, shown).content.decode()
    assert not MonthlyValue.objects.exists()


def test_an_upload_is_too_old_after_two_hours_and_goes_with_the_next(admin_client, contacts):
    shown = preview(signed_in("other"), MonthlyValue, CONTENT)
    expire()

    assert GONE in confirm(admin_client, MonthlyValue, shown).content.decode()
    preview(admin_client, MonthlyValue, CONTENT)
    assert [kept.person.username for kept in PendingUpload.objects.all()] == ["admin"]


def test_a_command_removes_what_is_too_old(admin_client, contacts):
    preview(signed_in("other"), MonthlyValue, CONTENT)
    expire()
    preview_of_targets = preview(admin_client, Target, "reference,year,value\nM1,2020-21,5\n")
    PendingUpload.objects.filter(token=preview_of_targets.context["preview"]).update(expires_at=timezone.now())
    out = io.StringIO()

    call_command("clear_uploads", stdout=out)

    assert out.getvalue() == "1 upload removed.\n"
    assert not PendingUpload.objects.exists()


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 5000, "nul\x00"])
def test_a_token_that_is_none_is_explained(admin_client, contacts, token):
    response = admin_client.post(confirm_address(MonthlyValue), {"preview": token}, follow=True)

    assert GONE in response.content.decode()


def test_what_is_wrong_or_changes_nothing_is_not_kept(admin_client, contacts):
    preview(admin_client, MonthlyValue, CONTENT.replace("6", "six"))
    assert not PendingUpload.objects.exists()

    confirm(admin_client, MonthlyValue, preview(admin_client, MonthlyValue, CONTENT))
    preview(admin_client, MonthlyValue, CONTENT)
    assert not PendingUpload.objects.exists()
