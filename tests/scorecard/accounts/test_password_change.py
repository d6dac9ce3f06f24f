"""A new password for who is signed in."""

import pytest
from django.test import Client

from tests.factories import make_person

pytestmark = pytest.mark.django_db
RIGHT, NEW = "right", "correct horse battery"


@pytest.fixture
def rita():
    return make_person("rita", name="Rita Reader")


@pytest.fixture
def rita_client(rita):
    client = Client()
    client.force_login(rita)
    return client


def change(client, old=RIGHT, first=NEW, second=NEW):
    return client.post("/password-change/", {"old_password": old, "new_password1": first, "new_password2": second})


def test_password_can_be_changed_and_the_person_stays_signed_in(rita_client, rita):
    assert change(rita_client).url == "/password-change/done/"

    assert rita_client.get("/password-change/done/").status_code == 200
    rita.refresh_from_db()
    assert rita.check_password(NEW)


def test_changed_password_is_in_the_history(rita_client, rita):
    before = rita.history.count()

    change(rita_client)

    record = rita.history.first()
    assert rita.history.count() == before + 1
    assert (record.history_user, record.history_change_reason) == (rita, "Password changed")


def test_changed_password_signs_out_everywhere_else(rita_client, rita):
    elsewhere = Client()
    elsewhere.force_login(rita)

    change(rita_client)

    assert elsewhere.get("/password-change/").status_code == 302


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"old": "wrong"}, "That is not your current password."),
        ({"old": ""}, "Enter your current password."),
        ({"first": "short", "second": "short"}, "This password is too short."),
    ],
)
def test_what_was_typed_wrong_is_explained(rita_client, rita, fields, told):
    html = change(rita_client, **fields).content.decode()

    assert "<title>Error: Change your password</title>" in html
    assert html.count(told) == 2
    rita.refresh_from_db()
    assert rita.check_password("right")


def test_visitor_changes_nothing(client, rita):
    assert change(client).status_code == 302

    rita.refresh_from_db()
    assert rita.check_password("right")
