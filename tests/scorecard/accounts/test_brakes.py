"""Who is kept from guessing that changes the address or the name, and that it keeps nobody out for good."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.test import Client
from django.utils import timezone

from indicators.models import SecurityEvent, User
from indicators.models import SecurityEventKind as Kind
from scorecard.accounts.lockout import unlock
from tests.factories import make_person

pytestmark = pytest.mark.django_db
COUNCIL = "192.0.2.1"
RIGHT = "right"


@pytest.fixture(autouse=True)
def limits(settings):
    settings.LOCK_OUT_FAILURES_ANYWHERE = 4
    settings.LOCK_OUT_NAMES = 6


@pytest.fixture(autouse=True)
def rita(limits):
    return make_person("rita", is_staff=True)


def sign_in(username="rita", password=RIGHT, address=COUNCIL, client=None):
    client = client or Client()
    return client.post("/sign-in/", {"username": username, "password": password}, REMOTE_ADDR=address).status_code


def spread(times, username="rita", **attempt):
    """So many failures with a name, each from another address."""
    return [sign_in(username, "wrong", f"198.51.100.{number}", **attempt) for number in range(times)]


def spray(times, address=COUNCIL, **attempt):
    """A failure with each of so many names, from one address."""
    return [sign_in(f"colleague{number}", "wrong", address, **attempt) for number in range(times)]


def known_browser(username="rita", address=COUNCIL):
    client = Client()
    assert sign_in(username, client=client, address=address) == 302
    client.post("/sign-out/")
    return client


def test_one_name_tried_from_many_addresses_is_braked():
    assert spread(4) == [200] * 4

    assert sign_in(address="203.0.113.1") == 429


def test_many_names_tried_from_one_address_are_braked():
    make_person("ben", is_staff=True)
    assert spray(6) == [200] * 6

    assert sign_in("ben") == 429
    assert sign_in("ben", address="203.0.113.1") == 302


def test_known_browser_stays_open_whatever_others_do():
    client = known_browser()
    spread(9)
    spray(9)

    assert sign_in(client=client) == 302
    client.post("/sign-out/")
    assert sign_in(client=client, address="203.0.113.9") == 302


def test_known_browser_is_known_for_its_people_only_and_braked_itself():
    make_person("ben")
    client = known_browser()
    sign_in("ben", client=client)
    client.post("/sign-out/")
    spread(9)
    spread(9, "carl")
    assert sign_in(client=client) == 302
    client.post("/sign-out/")
    assert sign_in("carl", "x", client=client) == 429

    # Who has stolen it can't guess without end.
    assert [sign_in(password="x", address=f"203.0.113.{number}", client=client) for number in range(5)] == [
        *[200] * 4,
        429,
    ]


def test_browser_is_not_known_any_more_after_the_password_has_changed(rita):
    client = known_browser()
    User.objects.filter(pk=rita.pk).update(password=make_password("another password"))
    spread(4)

    assert sign_in(password="another password", client=client) == 429
    for cookie in ("", "x", client.cookies["device"].value[:-1], "\x00"):
        client.cookies["device"] = cookie
        assert sign_in(client=client) == 429


def test_colleagues_typing_errors_lock_nobody_else_at_the_councils_address():
    make_person("ben")
    for _ in range(8):
        sign_in("rita", "wrong")

    assert sign_in("ben") == 302


def test_answers_do_not_tell_whether_anybody_has_the_name():
    def answers(name):
        found = []
        for number in range(6):
            response = Client().post(
                "/sign-in/", {"username": name, "password": "wrong"}, REMOTE_ADDR=f"198.51.100.{number}"
            )
            text = re.sub(r"\d\d:\d\d|value=\"[^\"]*\"", "", response.content.decode())
            found.append((response.status_code, sorted(response.headers), text))
        return found

    make_person("gone", is_active=False)
    asleep = make_person("asleep")
    User.objects.filter(pk=asleep.pk).update(password=make_password(None))
    assert answers("rita") == answers("nobody") == answers("gone") == answers("asleep")


def test_as_many_passwords_are_hashed_whoever_is_tried(monkeypatch):
    """So that the time until the answer tells nothing: hashing is nearly all of it."""
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *args: hashed.append(args[0]) or encode(self, *args))
    make_person("gone", is_active=False)
    asleep = make_person("asleep")
    User.objects.filter(pk=asleep.pk).update(password=make_password(None))
    found = {}
    for name in ("rita", "nobody", "gone", "asleep"):
        hashed.clear()
        sign_in(name, "wrong")
        found[name] = len(hashed)

    assert set(found.values()) == {1}, found


def test_refused_attempts_do_not_prolong_it_and_an_hour_later_it_is_over(monkeypatch):
    spread(4)
    for number in range(5):
        assert sign_in(address=f"203.0.113.{number}") == 429
    later = timezone.now() + timedelta(minutes=61)

    monkeypatch.setattr("scorecard.accounts.brakes.timezone.now", lambda: later)
    monkeypatch.setattr("axes.handlers.proxy.now", lambda: later)

    assert sign_in(address="203.0.113.1") == 302


def test_slow_attempts_are_seen_by_the_day():
    now = timezone.now()
    kept = now.date() + timedelta(days=9)
    rita = User.objects.get(username="rita")
    for number in range(12):
        at = now - timedelta(hours=2 * number - 1 if number else 0)
        SecurityEvent.objects.create(
            kind=Kind.SIGN_IN_FAILED, person=rita, at=at, kept_until=kept, address=f"198.51.100.{number}"
        )

    page = Client().post("/sign-in/", {"username": "rita", "password": RIGHT}, REMOTE_ADDR="203.0.113.1")
    assert page.status_code == 429
    # The oldest of them is 21 hours old.
    assert re.search(r"locked until \d\d:\d\d( on \d+ \w+ \d+)?</h1>", page.content.decode())
    assert 2.9 * 3600 < int(page["Retry-After"]) < 3.1 * 3600


def test_unlocking_lets_the_person_in(rita):
    spread(4)
    unlock(rita)

    assert sign_in(address="203.0.113.1") == 302


def test_old_password_is_not_guessed_on_the_page_that_changes_it(rita, client):
    client.force_login(rita)
    new = {"new_password1": "correct horse battery", "new_password2": "correct horse battery"}

    answers = [client.post("/password-change/", {**new, "old_password": f"wrong{number}"}) for number in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert client.post("/password-change/", {**new, "old_password": "right"}).status_code == 429
    assert SecurityEvent.objects.filter(kind=Kind.CONFIRMATION_FAILED, person=rita).count() == 4
    assert User.objects.get(pk=rita.pk).check_password("right")


def test_mail_is_not_flooded_and_links_are_not_guessed(client, monkeypatch):
    monkeypatch.setattr("scorecard.models.reset_request.PAUSE", timedelta(0))
    for _ in range(8):
        response = client.post("/password-reset/", {"email": "rita@example.org"})
        assert response.url == "/password-reset/sent/"
    assert SecurityEvent.objects.filter(kind=Kind.RESET_ASKED).count() == 5
    for number in range(40):
        client.post("/password-reset/", {"email": f"{number}@example.org"})
    assert SecurityEvent.objects.filter(kind=Kind.RESET_ASKED).count() == 30

    answers = [client.get(f"/invitation/x/y{number}/").status_code for number in range(31)]
    assert answers == [200] * 30 + [429]
    assert client.get("/password-reset/x/y/").status_code == 429
