"""The way through a sign-in, whatever it began with; and what allauth brings along that nobody gets to."""

import pytest
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from tests.factories import make_person

pytestmark = pytest.mark.django_db
RIGHT = {"username": "rita", "password": "right"}


def test_password_is_kept_as_how_somebody_signed_in_and_the_session_is_another(client):
    rita = make_person("rita")
    client.get("/sign-in/")
    client.session["before"] = True
    client.session.save()
    before = client.session.session_key

    answer = client.post("/sign-in/", RIGHT | {"next": "/your-work/"})

    assert answer.url == "/your-work/"
    assert client.session.session_key != before
    assert [one["method"] for one in get_authentication_records(answer.wsgi_request, rita)] == ["password"]
    assert list(client.get("/privacy/").context["messages"]) == []


def test_who_signs_in_over_somebody_else_takes_nothing_of_their_session(client):
    make_person("rita")
    client.force_login(make_person("ben"))
    session = client.session
    session["of ben"] = "something"
    session.save()

    answer = client.post("/sign-in/", RIGHT)

    assert answer.wsgi_request.user.get_username() == "rita"
    assert "of ben" not in client.session
    assert answer["Clear-Site-Data"]


@pytest.mark.parametrize("next_address", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"])
def test_signing_in_never_leads_to_another_site(client, next_address):
    make_person("rita")

    assert client.post("/sign-in/", RIGHT | {"next": next_address}).url == "/start/"


@pytest.mark.parametrize(
    "name", ["account_signup", "account_email", "account_reset_password", "socialaccount_connections", "account_logout"]
)
def test_pages_of_allauth_that_have_no_use_here_have_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_administration_has_no_pages_for_what_allauth_keeps():
    assert not [model for model in admin.site._registry if model.__module__.startswith("allauth")]
