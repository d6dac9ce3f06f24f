"""How long somebody stays signed in, where they are, and signing out there; and showing again who one is."""

import time

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.test import Client

from tests.factories import make_officer, make_person

from .test_factors import SECRET, clock, code_now, give_app, signed_in_as  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604"
HOUR = 60 * 60


@pytest.fixture
def rita():
    return make_person("rita")


def sign_in(agent=FIREFOX):
    client = Client(HTTP_USER_AGENT=agent)
    client.post("/sign-in/", {"username": "rita", "password": "right"})
    return client


def is_in(client):
    return client.get("/your-work/").status_code == 200


def test_who_does_nothing_for_an_hour_is_signed_out_and_keeps_drafts(rita, clock):  # noqa: F811
    client = sign_in()
    clock(HOUR - 1)
    assert is_in(client)
    clock(HOUR - 1)
    assert is_in(client)
    clock(HOUR + 1)

    answer = client.get("/your-work/")

    assert answer.url == "/sign-in/?next=/your-work/"
    assert answer["Clear-Site-Data"] == '"cache"'
    assert not UserSession.objects.exists()


def test_who_never_stops_signs_in_anew_after_twelve_hours(rita, clock):  # noqa: F811
    client = sign_in()
    for _ in range(24):
        clock(HOUR / 2)
        assert is_in(client)
    clock(1)

    assert not is_in(client)


def test_session_of_before_there_were_limits_ends(rita):
    client = sign_in()
    session = client.session
    del session["signed_in_at"]
    session.save()

    assert not is_in(client)


def test_being_seen_is_noted_once_a_minute(rita, clock):  # noqa: F811
    client = sign_in()
    seen = UserSession.objects.get().last_seen_at
    client.get("/privacy/")
    assert UserSession.objects.get().last_seen_at == seen
    clock(61)
    client.get("/privacy/")
    assert UserSession.objects.get().last_seen_at > seen


def test_sessions_are_listed_in_words_and_each_can_be_ended(rita):
    here, phone, desk = sign_in(), sign_in(PHONE), sign_in(EDGE)
    page = here.get("/your-sign-in/").text
    for words in ("Firefox on Windows (here)", "Safari on an iPhone", "Edge on Windows", "127.0.0.1"):
        assert words in page
    assert "Mozilla" not in str(UserSession.objects.values_list("user_agent"))

    there = UserSession.objects.get(user_agent="Safari on an iPhone")
    here.post("/your-sign-in/sessions/end/", {"session": there.pk})
    assert (is_in(here), is_in(phone), is_in(desk)) == (True, False, True)
    here.post("/your-sign-in/sessions/end/", {"session": "others"})
    assert (is_in(here), is_in(desk)) == (True, False)
    answer = here.post("/your-sign-in/sessions/end/", {"session": UserSession.objects.get().pk})
    assert answer.url == "/signed-out/"
    assert not is_in(here)


def test_nobody_ends_a_session_of_somebody_else(rita):
    ritas, others = sign_in(), signed_in_as(make_person("ben"))
    for which in ("", "x", "-1", "9" * 40, "\x00", "\uff11", UserSession.objects.get(user=rita).pk):
        assert others.post("/your-sign-in/sessions/end/", {"session": which}).url == "/your-sign-in/"
    assert is_in(ritas)


def test_new_password_ends_the_other_sessions_and_their_rows(rita):
    here, _ = sign_in(), sign_in(PHONE)
    new = "correct horse battery"
    here.post("/password-change/", {"old_password": "right", "new_password1": new, "new_password2": new})

    assert [one.user_agent for one in UserSession.objects.all()] == ["Firefox on Windows"]
    assert is_in(here)


# Showing again who one is

DANGEROUS = [
    "/collection/x/2021-01/publish/", "/collection/x/2021-01/revise/", "/collection/x/2021-01/public-texts/",
    "/scorecards/x/public/", "/scorecards/x/public/revisions/", "/scorecards/x/2021-01/publications/1/take-back/",
    "/scorecards/x/withheld/1/", "/people/1/second-factors/", "/admin/indicators/user/add/",
    "/admin/indicators/user/1/change/", "/admin/indicators/user/1/password/", "/admin/indicators/user/",
    "/admin/auth/group/1/change/", "/admin/scorecard/scorecard/1/change/",
]  # fmt: skip


@pytest.fixture
def asked(settings, clock):  # noqa: F811
    settings.CONFIRM_AGAIN_MINUTES = 15
    return clock


def test_every_dangerous_step_asks_again_but_reading_never_does(asked):
    client = signed_in_as(make_officer("olga", is_staff=True))

    for address in DANGEROUS:
        assert client.post(address).url == f"/your-sign-in/again/?next={address.replace('/', '%2F')}", address
        assert client.get(address).status_code in (200, 302, 404, 403)
    assert client.post("/returns/x/2021-01/").status_code == 404


def test_what_was_posted_is_done_once_the_password_is_right(asked):
    client = signed_in_as(make_person("olga", is_superuser=True, is_staff=True))
    address, typed = "/admin/auth/group/add/", {"name": "Typed with care"}

    to = client.post(f"{address}?_popup=0", typed).url
    assert "HTTP_COOKIE" not in str(dict(client.session))
    assert "That is not your password" in client.post(to, {"password": "wrong", "next": address}).text
    assert not Group.objects.filter(**typed).exists()
    assert client.post(to, {"password": "right", "next": address}).status_code == 302

    assert Group.objects.filter(**typed).exists()
    # For a quarter of an hour nothing is asked; then again.
    assert client.post(address, typed).status_code == 200
    asked(15 * 60 + 1)
    assert client.post(address, typed).status_code == 302


def test_who_has_just_signed_in_is_not_asked(asked, rita):
    client = sign_in()
    assert client.post("/scorecards/x/public/").status_code in (403, 404)
    asked(16 * 60)
    assert client.post("/scorecards/x/public/").status_code == 302


def test_who_has_no_password_shows_a_code_or_goes_to_the_provider(asked):
    person = make_officer("olga")
    person.set_unusable_password()
    person.save()
    client = signed_in_as(person)
    assert client.post("/people/0/second-factors/").url.startswith("/your-sign-in/again/elsewhere/?next=")
    give_app(person)

    to = client.post("/people/0/second-factors/").url

    assert to.startswith("/your-sign-in/again/code/")
    assert client.post(to, {"code": code_now(SECRET), "next": "/people/0/second-factors/"}).status_code == 404
    assert client.get("/your-sign-in/again/elsewhere/?next=//evil.example/").url == "/"


def test_setting_up_a_factor_asks_again(asked, rita):
    client = sign_in()
    assert client.get("/your-sign-in/app/add/").status_code == 200
    asked(16 * 60)
    for address in ("/your-sign-in/app/add/", "/your-sign-in/passkeys/add/", "/your-sign-in/recovery-codes/new/"):
        assert client.get(address).url.startswith("/your-sign-in/again/")


def test_times_are_real(rita):
    assert sign_in().session["signed_in_at"] == pytest.approx(time.time(), abs=60)
