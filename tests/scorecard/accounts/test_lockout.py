"""Who is locked out after failed sign-ins, for how long, and who is not."""

import re
from datetime import timedelta
from html import unescape

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.tokens import default_token_generator
from django.test import Client, RequestFactory
from django.utils import timezone
from django.utils.http import urlsafe_base64_encode

from indicators.security_log import UNKNOWN, client_address
from tests.factories import make_person

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"
RIGHT = "right"


@pytest.fixture(autouse=True)
def rita():
    return make_person("rita", is_staff=True)


@pytest.fixture
def at(monkeypatch):
    """Moves the clock that failed sign-ins are counted by to some minutes after the test began."""
    start = timezone.now()

    def moved(minutes):
        monkeypatch.setattr("axes.handlers.proxy.now", lambda: start + timedelta(minutes=minutes))

    return moved


def sign_in(password=RIGHT, username="rita", address=HERE, page="/sign-in/", **headers):
    """A browser that begins afresh."""
    typed = {"username": username, "password": password, "csrfmiddlewaretoken": "token of the form"}
    return Client().post(page, typed, REMOTE_ADDR=address, **headers)


def fail(times, **attempt):
    return [sign_in("wrong", **attempt).status_code for _ in range(times)]


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", response.content.decode())).split())


def is_in(response):
    return response.status_code == 302 and response.wsgi_request.user.is_authenticated


# Locked


def test_fifth_failure_locks():
    assert fail(5) == [200, 200, 200, 200, 429]


def test_right_password_is_refused_while_locked():
    fail(5)

    response = sign_in()

    assert response.status_code == 429
    assert not response.wsgi_request.user.is_authenticated


def test_administration_signs_nobody_in_past_the_lock():
    fail(5)

    response = sign_in(page="/admin/login/?next=/admin/")

    assert response.url == "/sign-in/?next=/admin/"
    assert not response.wsgi_request.user.is_authenticated


def test_another_browser_at_the_same_address_does_not_help():
    assert [fail(1, HTTP_USER_AGENT=f"Browser {number}")[0] for number in range(5)] == [200, 200, 200, 200, 429]


def test_council_can_set_how_many_failures_lock(settings):
    settings.AXES_FAILURE_LIMIT = 2

    assert fail(2) == [200, 429]


# The page


def test_page_says_until_when_and_what_to_do(at):
    fail(5)
    at(10)

    response = sign_in()

    until = timezone.localtime(timezone.now() + timedelta(minutes=16))
    minutes = {f"{until - timedelta(minutes=minute):%H:%M}" for minute in (0, 1)}
    told = re.search(r"<h1[^>]*>Signing in is locked until (\d\d:\d\d)</h1>", response.content.decode())[1]
    assert told in minutes
    assert "has failed 5 times" in text_of(response)
    assert 'href="/password-reset/"' in response.content.decode()
    assert 280 < int(response["Retry-After"]) <= 301


def test_page_for_a_name_that_nobody_has_is_the_same():
    known, unknown = ([sign_in("wrong", username=name) for _ in range(5)][-1] for name in ("rita", "nobody"))

    assert (unknown.status_code, unknown.headers.keys()) == (known.status_code, known.headers.keys())
    assert re.sub(r"\d\d:\d\d", "", text_of(unknown)) == re.sub(r"\d\d:\d\d", "", text_of(known))


# Not locked


def test_somebody_else_at_the_same_address_is_not_locked():
    make_person("ben")
    fail(5)

    assert is_in(sign_in(username="ben"))


def test_person_is_not_locked_at_another_address():
    fail(5, address=ELSEWHERE)

    assert is_in(sign_in())


def test_success_begins_the_count_anew():
    fail(4)
    assert is_in(sign_in())

    assert fail(5) == [200, 200, 200, 200, 429]


def test_lock_ends_after_a_quarter_of_an_hour(at):
    fail(5)
    at(14.9)
    assert sign_in().status_code == 429

    at(15.1)
    assert is_in(sign_in())


def test_attempts_while_locked_do_not_prolong_it(at):
    fail(5)
    at(14)
    fail(3)

    at(15.1)
    assert is_in(sign_in())


def test_failures_long_before_do_not_count(at):
    fail(4)
    at(15.1)

    assert fail(4) == [200, 200, 200, 200]


def test_setting_a_new_password_by_mail_unlocks_everywhere(rita):
    fail(5)
    fail(5, address=ELSEWHERE)
    make_person("ben")
    fail(5, username="ben")
    client = Client()
    link = f"/password-reset/{urlsafe_base64_encode(str(rita.pk).encode())}/{default_token_generator.make_token(rita)}/"

    new = {"new_password1": "correct horse battery", "new_password2": "correct horse battery"}
    client.post(client.get(link).url, new)

    assert is_in(sign_in("correct horse battery"))
    assert is_in(sign_in("correct horse battery", address=ELSEWHERE))
    assert sign_in(username="ben").status_code == 429


# From where


def test_made_up_header_does_not_help_without_a_proxy():
    assert [fail(1, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")[0] for number in range(5)] == [200] * 4 + [429]


def test_made_up_header_locks_nobody_else_without_a_proxy():
    fail(5, HTTP_X_FORWARDED_FOR=ELSEWHERE)

    assert is_in(sign_in(address=ELSEWHERE))


def test_behind_a_proxy_the_address_is_what_the_proxy_wrote(settings):
    settings.TRUST_PROXY = True

    made_up = [fail(1, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, {HERE}")[0] for number in range(5)]

    assert made_up == [200, 200, 200, 200, 429]
    assert sign_in(HTTP_X_FORWARDED_FOR=HERE).status_code == 429
    assert is_in(sign_in(HTTP_X_FORWARDED_FOR=ELSEWHERE))


@pytest.mark.parametrize(
    ("remote", "forwarded", "trusts", "expected"),
    [
        pytest.param(HERE, None, False, HERE, id="no proxy"),
        pytest.param(HERE, ELSEWHERE, False, HERE, id="no proxy, made up"),
        pytest.param("127.0.0.1", HERE, True, HERE, id="proxy"),
        pytest.param("127.0.0.1", f"{ELSEWHERE}, {HERE}", True, HERE, id="proxy that adds"),
        pytest.param("127.0.0.1", f"{HERE}:50123", True, HERE, id="proxy that adds the port"),
        pytest.param(HERE, None, True, HERE, id="past the proxy"),
        pytest.param("", None, False, UNKNOWN, id="socket"),
        pytest.param("127.0.0.1", "x' OR 1=1", True, UNKNOWN, id="nonsense"),
        pytest.param("127.0.0.1", f"{HERE}, ", True, "127.0.0.1", id="nothing last"),
        pytest.param("2001:db8:1:2:3:4:5:6", None, False, "2001:db8:1:2::", id="IPv6"),
        pytest.param("2001:db8:1:2:ffff::1", None, False, "2001:db8:1:2::", id="IPv6, same connection"),
        pytest.param(f"::ffff:{HERE}", None, False, HERE, id="IPv4 written as IPv6"),
    ],
)
def test_address(settings, remote, forwarded, trusts, expected):
    settings.TRUST_PROXY = trusts
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}

    assert client_address(RequestFactory().get("/", REMOTE_ADDR=remote, **headers)) == expected


@pytest.mark.parametrize("remote", ["", "unix:"])
def test_people_without_an_address_are_locked_by_name(remote):
    assert fail(5, address=remote) == [200, 200, 200, 200, 429]


# What is kept


def test_no_password_is_kept_or_logged(caplog):
    caplog.set_level("DEBUG")
    for _ in range(6):
        sign_in("Tr0ub4dor&3")
    sign_in("anything", username="my secret passphrase")

    kept = [str(value) for row in AccessAttempt.objects.values() for value in row.values()]
    assert len(kept) > 10
    for text in (*kept, caplog.text):
        assert "Tr0ub4dor" not in text
        assert "passphrase" not in text
        assert "token of the form" not in text


def test_signing_in_and_out_keeps_nothing(rita):
    client = Client()
    client.post("/sign-in/", {"username": "rita", "password": "right"})
    client.post("/sign-out/")

    assert not any(model.objects.exists() for model in (AccessAttempt, AccessFailureLog, AccessLog))


def test_failures_that_no_longer_count_are_deleted(at):
    fail(3, username="ben")
    at(15.1)
    fail(1)

    assert list(AccessAttempt.objects.values_list("username", flat=True)) == ["rita"]


def test_failed_sign_in_is_no_entry_in_the_persons_history(rita):
    before = rita.history.count()

    fail(5)

    assert rita.history.count() == before
