"""What the history and other editors notice of passwords: new ones, and old ones that are only hashed anew."""

import pytest

from indicators.actions import set_own_password
from indicators.models import User
from tests.factories import make_person

pytestmark = pytest.mark.django_db
NEW = "correct horse battery"
STRONGER = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", "django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def rita():
    return make_person("rita", name="Rita Reader")


def test_own_new_password_has_its_person_and_reason_in_the_history(rita):
    set_own_password(person=rita, password=NEW, reason="Forgotten")

    record = User.objects.get().history.first()
    assert (record.history_user, record.history_change_reason) == (rita, "Forgotten")


def test_own_new_password_meets_what_others_saved_meanwhile(rita):
    """Neither is lost: the row that the page began with is out of date by the time it is saved."""
    begun_with = User.objects.get()
    rita.name = "Rita Married"
    rita.save()

    set_own_password(person=begun_with, password=NEW, reason="Password changed")

    stored = User.objects.get()
    assert (stored.name, stored.check_password(NEW)) == ("Rita Married", True)
    assert list(stored.history.values_list("version", flat=True)) == [4, 3, 2, 1]


def test_stronger_hash_is_stored_without_an_entry_in_the_history(rita, settings):
    version, entries = rita.version, rita.history.count()
    settings.PASSWORD_HASHERS = STRONGER

    assert User.objects.get().check_password("right")

    stored = User.objects.get()
    assert stored.password.startswith("pbkdf2_sha256$")
    assert stored.check_password("right")
    assert (stored.version, stored.history.count()) == (version, entries)


def test_stronger_hash_never_brings_an_old_password_back(rita, settings):
    signing_in = User.objects.get()
    set_own_password(person=rita, password=NEW, reason="Password changed")
    settings.PASSWORD_HASHERS = STRONGER

    assert signing_in.check_password("right")

    assert User.objects.get().check_password(NEW)


def test_taking_a_password_away_is_in_the_history(rita):
    rita.set_unusable_password()
    rita.save(update_fields=["password"])

    assert not User.objects.get().has_usable_password()
    assert rita.history.first().history_change_reason == "Password changed"
