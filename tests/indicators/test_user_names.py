"""User names: e-mail addresses with apostrophes, told apart whatever their capitals."""

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from indicators.models import User
from tests.factories import make_edition, make_indicator, make_officer, make_person, make_scorecard, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]
NAME = "aoife.o'brien@example.gov.uk"


@pytest.mark.parametrize("typed", [NAME, NAME.upper(), "Aoife.O’Brien@example.gov.uk", "aoife.o`brien@EXAMPLE.gov.uk"])
def test_somebody_signs_in_however_the_name_is_typed(typed):
    make_person(NAME)
    client = Client()
    assert client.post("/sign-in/", {"username": typed, "password": "right"}).status_code == 302
    assert client.post("/sign-in/", {"username": typed, "password": "wrong"}).status_code in (200, 302)


@pytest.mark.parametrize("typed", ["seán@example.org", "o’neill+1@x.org", "D'Arcy", "d_arcy-smith.2"])
def test_such_names_can_be_given_and_have_plain_apostrophes(typed):
    officer = make_officer(is_staff=True)
    client = Client()
    client.force_login(officer)
    new = {"username": typed, "name": "N", "usable_password": "false"}
    assert client.post("/admin/indicators/user/add/", new).status_code == 302
    assert User.objects.filter(username=typed.replace("’", "'")).exists()


@pytest.mark.parametrize("typed", ["two words", "semi;colon", "“quoted”", "slash/ed", "a\tb"])
def test_other_signs_are_refused_beside_the_field(typed):
    with pytest.raises(ValidationError) as refused:
        User(username=typed, password="x").full_clean()
    assert list(refused.value.message_dict) == ["username"]


@pytest.mark.parametrize("other", ["Aoife.O'Brien@example.gov.uk", "aoife.o’brien@example.gov.uk", NAME])
def test_nobody_else_can_have_it_with_other_capitals_or_apostrophes(other):
    make_user(NAME)
    twin = User(username=other, password="x")
    with pytest.raises(ValidationError) as refused:
        twin.full_clean()
    assert "username" in refused.value.message_dict
    with pytest.raises(IntegrityError), transaction.atomic():
        make_user(other)
    somebody = make_user("somebody")
    somebody.username = other
    with pytest.raises(ValidationError) as refused:
        somebody.full_clean()
    assert "Somebody has this user name already" in refused.value.message_dict["username"][0]


def test_other_capitals_are_no_way_around_the_lock_out():
    make_person(NAME)
    client = Client()
    for typed in (NAME, NAME.upper(), NAME.title(), NAME.replace("'", "’"), NAME.capitalize()):
        client.post("/sign-in/", {"username": typed, "password": "wrong"})
    assert {attempt.username for attempt in AccessAttempt.objects.all()} == {NAME}
    assert client.post("/sign-in/", {"username": NAME, "password": "right"}).status_code == 429


def test_pages_that_name_somebody_in_their_address_take_an_apostrophe():
    person = make_user(NAME, email=NAME, name="Aoife O’Brien")
    make_edition(make_scorecard(make_indicator("A1", reporter=person, owner=person)))
    client = Client()
    client.force_login(make_officer(is_staff=True))
    board = "/collection/panel/2021-01/"
    assert client.get(board).status_code == 200
    assert client.get(f"{board}hand-over/{NAME}/").status_code == 200
    assert client.post(f"{board}remind/{NAME}/").status_code == 302
    assert client.get(board, {"reporter": NAME}).status_code == 200
    assert client.get("/returns/panel/2021-01/", {"for": NAME}).status_code == 200


def test_nobody_signs_in_without_a_name(rf):
    make_person(NAME)
    assert authenticate(rf.get("/"), username="", password="right") is None


def test_apostrophes_of_e_mail_addresses_are_the_plain_ones(mailoutbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client = Client()
    client.force_login(make_officer(is_staff=True))
    new = {"username": "aoife", "email": "Aoife.O’Brien@example.org", "usable_password": "false"}
    assert client.post("/admin/indicators/user/add/", new).status_code == 302
    assert User.objects.get(username="aoife").email == "Aoife.O'Brien@example.org"
    answer = Client().post("/password-reset/", {"email": "aoife.o’brien@example.org"})
    assert answer.status_code == 302
