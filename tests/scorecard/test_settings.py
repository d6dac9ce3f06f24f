"""Settings as an operator writes them into the environment, read by a Python of their own."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from scorecard import environment

BACKENDS = "django.core.mail.backends."


def settings_with(*names, **environment):
    program = (
        "import json; from scorecard import settings; "
        f"print(json.dumps([getattr(settings, name, None) for name in {names!r}], default=str))"
    )
    unset = ("EMAIL_URL", "DEFAULT_FROM_EMAIL", "TRUST_PROXY", "LOCK_OUT_FAILURES", "LOCK_OUT_MINUTES")
    rest = {name: value for name, value in os.environ.items() if name not in unset}
    run = subprocess.run(  # noqa: S603 - this Python, with the tests' own arguments
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        env={**rest, "DEBUG": "0", "SECRET_KEY": "x" * 50, "DATABASE_URL": "sqlite://:memory:", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)


@pytest.mark.parametrize(
    ("environment", "backend"),
    [
        pytest.param({}, "dummy.EmailBackend", id="server without mail"),
        pytest.param({"EMAIL_URL": ""}, "dummy.EmailBackend", id="left empty"),
        pytest.param({"DEBUG": "1"}, "console.EmailBackend", id="developer"),
        pytest.param({"EMAIL_URL": "smtp://mail.example.gov.uk"}, "smtp.EmailBackend", id="server with mail"),
    ],
)
def test_mail_goes_where_the_environment_says(environment, backend):
    assert settings_with("EMAIL_BACKEND", **environment) == [BACKENDS + backend]


def test_mail_server_is_read_from_one_address():
    names = ["EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS"]

    found = settings_with(*names, EMAIL_URL="smtp+tls://me%40example.gov.uk:p%2Fw@mail.example.gov.uk:587")

    assert found == ["mail.example.gov.uk", 587, "me@example.gov.uk", "p/w", True]


def test_lock_out_is_what_the_environment_says():
    names = ["AXES_FAILURE_LIMIT", "AXES_COOLOFF_TIME", "TRUST_PROXY"]

    assert settings_with(*names) == [5, "0:15:00", False]
    changed = settings_with(*names, LOCK_OUT_FAILURES="3", LOCK_OUT_MINUTES="60", TRUST_PROXY="1")
    assert changed == [3, "1:00:00", True]


@pytest.mark.parametrize(("below", "names"), [("", ["", "/static/"]), ("/panel/", ["/panel", "/panel/static/"])])
def test_place_of_the_site_on_its_host_is_what_the_environment_says(below, names):
    assert settings_with("FORCE_SCRIPT_NAME", "STATIC_URL", SCRIPT_NAME=below) == names


@pytest.mark.parametrize(
    ("read", "text", "meant"),
    [
        (lambda: environment.flag("IT", default=False), "Yes", True),
        (lambda: environment.flag("IT", default=True), "off", False),
        (lambda: environment.flag("IT", default=True), " ", True),
        (lambda: environment.flag("IT", default=False), "treu", "neither yes nor no"),
        (lambda: environment.flag("IT", default=False), "2", "neither yes nor no"),
        (lambda: environment.whole("IT", default=5, least=1), "", 5),
        (lambda: environment.whole("IT", default=5, least=1), "7", 7),
        (lambda: environment.whole("IT", default=5, least=1), "0", "not a whole number of 1 or more"),
        (lambda: environment.whole("IT", default=5), "1.5", "not a whole number"),
        (lambda: environment.whole("IT", default=5), "1e999", "not a number"),
        (lambda: environment.amount("IT", default=1), "0.5", 0.5),
        (lambda: environment.amount("IT", default=1), "-1", "not a number of 0 or more"),
        (lambda: environment.amount("IT", default=1), "nan", "not a number"),
        (lambda: environment.amount("IT", default=1), "five", "not a number"),
        (lambda: environment.listed("IT"), " a.gov.uk , b.gov.uk,", ["a.gov.uk", "b.gov.uk"]),
        (lambda: environment.words("IT", "INFO"), " ", "INFO"),
        (lambda: environment.choice("IT", of=("a", "b"), default="b"), "A", "a"),
        (lambda: environment.choice("IT", of=("a", "b"), default="b"), "c", "none of a, b"),
    ],
)
def test_variable_is_what_it_means_or_refused_in_words(read, text, meant, monkeypatch):
    monkeypatch.setenv("IT", text)

    if isinstance(meant, str) and meant not in ("INFO", "a"):
        with pytest.raises(ImproperlyConfigured, match=f"^IT is {meant}"):
            read()
    else:
        assert read() == meant


GOOD = {
    "postgres://u:p@h/n": ("django.db.backends.postgresql", "n"),
    "postgresql://u:p@h:5433/n?sslmode=require": ("django.db.backends.postgresql", "n"),
    "sqlite:///var/a.sqlite3": ("django.db.backends.sqlite3", "var/a.sqlite3"),
    "": ("django.db.backends.sqlite3", "var/b.sqlite3"),
}
SECRET = "tell-nobody"
BAD = [
    SECRET,
    f"postgres//u:{SECRET}@h/n",
    f"postgres://u:{SECRET}@h:port/n",
    f"postgres://u:{SECRET}/x@h/n",
    f"postgres://u:{SECRET}@h",
    f"mysql://u:{SECRET}@h/n",
    f"https://u:{SECRET}@h/n",
    f"oracle://{SECRET}",
]


@pytest.mark.parametrize(("address", "found"), GOOD.items())
def test_database_is_read_from_one_address(address, found, monkeypatch):
    monkeypatch.setenv("IT", address)

    read = environment.database("IT", default="sqlite:///var/b.sqlite3")

    assert (read["ENGINE"], read["NAME"]) == found


@pytest.mark.parametrize("address", BAD)
@pytest.mark.parametrize("read", [environment.database, environment.mail])
def test_address_that_is_none_is_refused_without_telling_its_password(read, address, monkeypatch, recwarn):
    monkeypatch.setenv("IT", address)

    with pytest.raises(ImproperlyConfigured, match=r"^IT is not an address as .*%2F") as refused:
        read("IT", default="")

    assert SECRET not in str(refused.value)
    assert (refused.value.__cause__, refused.value.__context__) == (None, None)
    assert not recwarn.list


def test_cookies_of_a_server_are_its_own():
    names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME"]

    assert settings_with(*names) == ["__Host-sessionid", "__Host-csrftoken"]
    assert settings_with(*names, DEBUG="1") == [None, None]


def test_second_factors_and_sessions_are_what_the_environment_says():
    names = ["SECOND_FACTOR_FOR", "SECOND_FACTOR_AT_PROVIDER", "SESSION_COOKIE_AGE", "SESSION_IDLE_MINUTES"]

    assert settings_with(*names) == ["officers", "no", 12 * 3600, 60]
    assert settings_with(*names, "CONFIRM_AGAIN_MINUTES", DEBUG="1")[::4] == ["none", 15]
    chosen = {"SECOND_FACTOR_FOR": "Everybody", "SECOND_FACTOR_AT_PROVIDER": "claimed", "SESSION_HOURS": "8"}
    assert settings_with(*names, SESSION_IDLE_MINUTES="20", **chosen) == ["everybody", "claimed", 8 * 3600, 20]
