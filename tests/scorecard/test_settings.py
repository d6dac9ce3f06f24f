"""Settings as an operator writes them into the environment, read by a Python of their own."""

import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

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
        (lambda: environment.one_of("IT", ("a", "b"), default="b"), "A", "a"),
        (lambda: environment.one_of("IT", ("a", "b"), default="b"), "c", "none of a, b"),
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


# Each variable: two texts, what the settings are with either, and one that is refused with the words it is refused in.
# Where any text will do, none is refused.
EFFECTS = {
    "DEBUG": ("1", "0", lambda found: found["DEBUG"], True, False, ("maybe", "neither yes nor no")),
    "SECRET_KEY": ("a" * 50, "b" * 50, lambda found: found["SECRET_KEY"][0], "a", "b", (" ", "SECRET_KEY is missing")),
    "ALLOWED_HOSTS": (
        "a.gov.uk",
        "a.gov.uk, .b.gov.uk",
        lambda found: found["ALLOWED_HOSTS"],
        ["a.gov.uk"],
        ["a.gov.uk", ".b.gov.uk"],
        ("https://a.gov.uk", "not names of hosts"),
    ),
    "CSRF_TRUSTED_ORIGINS": (
        "https://a.gov.uk",
        "https://*.gov.uk:8443",
        lambda found: found["CSRF_TRUSTED_ORIGINS"],
        ["https://a.gov.uk"],
        ["https://*.gov.uk:8443"],
        ("a.gov.uk", "not a site's address"),
    ),
    "SCRIPT_NAME": (
        "/panel/",
        "",
        lambda found: (found["FORCE_SCRIPT_NAME"], found["STATIC_URL"]),
        ("/panel", "/panel/static/"),
        ("", "/static/"),
        ("panel", "not a path"),
    ),
    "SITE_URL": (
        "https://a.gov.uk/",
        "",
        lambda found: found["SITE_URL"],
        "https://a.gov.uk",
        "",
        ("https://a.gov.uk, https://b.gov.uk", "not a site's address"),
    ),
    "DATABASE_URL": (
        "postgres://u:p@h/n",
        "sqlite://:memory:",
        lambda found: found["DATABASES"]["default"]["ENGINE"].rpartition(".")[2],
        "postgresql",
        "sqlite3",
        ("h/n", "not an address"),
    ),
    "TRUST_PROXY": (
        "1",
        "",
        lambda found: "SECURE_PROXY_SSL_HEADER" in found,
        True,
        False,
        ("https", "neither yes nor no"),
    ),
    "SECURE_SSL_REDIRECT": ("0", "", lambda found: found["SECURE_SSL_REDIRECT"], False, True, ("-1", "neither")),
    "SECURE_HSTS_SECONDS": (
        "0",
        "",
        lambda found: found["SECURE_HSTS_SECONDS"],
        0,
        31_536_000,
        ("a year", "not a number"),
    ),
    "EMAIL_URL": (
        "smtp+tls://m.gov.uk:587",
        "",
        lambda found: found["EMAIL_BACKEND"].rpartition(".")[0].rpartition(".")[2],
        "smtp",
        "dummy",
        ("m.gov.uk", "not an address"),
    ),
    "DEFAULT_FROM_EMAIL": (
        "Scorecard <a@b.gov.uk>",
        "",
        lambda found: (found["DEFAULT_FROM_EMAIL"], found["SERVER_EMAIL"]),
        ("Scorecard <a@b.gov.uk>",) * 2,
        ("scorecard@localhost",) * 2,
        ("nobody", "not an e-mail address"),
    ),
    "PUBLISHED_PAGES_HOLD_SECONDS": (
        "0.5",
        "",
        lambda found: found["PUBLISHED_PAGES_HOLD_SECONDS"],
        0.5,
        1,
        ("1s", "not a number"),
    ),
    "LOCK_OUT_FAILURES": ("3", "", lambda found: found["AXES_FAILURE_LIMIT"], 3, 5, ("0", "not a whole number of 1")),
    "LOCK_OUT_FAILURES_ANYWHERE": (
        "9",
        "",
        lambda found: found["LOCK_OUT_FAILURES_ANYWHERE"],
        9,
        20,
        ("0", "not a whole number of 1"),
    ),
    "SECOND_FACTOR_FOR": (
        "Everybody",
        "",
        lambda found: found["SECOND_FACTOR_FOR"],
        "everybody",
        "officers",
        ("panel", "none of none, officers, everybody"),
    ),
    "SECOND_FACTOR_AT_PROVIDER": (
        "claimed",
        "",
        lambda found: found["SECOND_FACTOR_AT_PROVIDER"],
        "claimed",
        "no",
        ("yes", "none of no, claimed, always"),
    ),
    "CONFIRM_AGAIN_MINUTES": (
        "5",
        "",
        lambda found: found["ACCOUNT_REAUTHENTICATION_TIMEOUT"],
        300,
        900,
        ("-1", "not a number of 0"),
    ),
    "SESSION_IDLE_MINUTES": (
        "30",
        "",
        lambda found: found["SESSION_IDLE_MINUTES"],
        30,
        60,
        ("4", "not a whole number of 5"),
    ),
    "SESSION_HOURS": (
        "8",
        "",
        lambda found: found["SESSION_COOKIE_AGE"],
        8 * 3600,
        12 * 3600,
        ("0", "not a whole number of 1"),
    ),
    "LOCK_OUT_NAMES": ("9", "", lambda found: found["LOCK_OUT_NAMES"], 9, 20, ("0", "not a whole number of 1")),
    "INVITATION_DAYS": ("2", "", lambda found: found["INVITATION_DAYS"], 2, 7, ("0", "not a whole number of 1")),
    "SECURITY_LOG_DAYS": (
        "730",
        "",
        lambda found: found["SECURITY_LOG_DAYS"],
        730,
        365,
        ("0", "not a whole number of 1"),
    ),
    "LOCK_OUT_MINUTES": (
        "60",
        "",
        lambda found: found["AXES_COOLOFF_TIME"].seconds,
        3600,
        900,
        ("0.5", "not a whole number"),
    ),
    "LOG_LEVEL": ("warning", "", lambda found: found["LOGGING"]["root"]["level"], "WARNING", "INFO", ("LOUD", "none")),
    "LOG_FORMAT": (
        "JSON",
        "",
        lambda found: found["LOGGING"]["handlers"]["console"]["formatter"],
        "json",
        "plain",
        ("xml", "none of plain, json"),
    ),
    "ADMINS": (
        "a@b.gov.uk, c@b.gov.uk",
        "",
        lambda found: [address for _, address in found["ADMINS"]],
        ["a@b.gov.uk", "c@b.gov.uk"],
        [],
        ("a@b.gov.uk; c@b.gov.uk", "not e-mail addresses"),
    ),
    "METRICS_TOKEN": ("t" * 20, "", lambda found: found["METRICS_TOKEN"], "t" * 20, "", ("t" * 19, "no secret: 20")),
}
EFFECTS |= {
    "SECOND_FACTOR_FOR": (
        "everybody",
        "",
        lambda found: found["SECOND_FACTOR_FOR"],
        "everybody",
        "officers",
        ("some", "none of none, officers, everybody"),
    ),
    "SECOND_FACTOR_AT_PROVIDER": (
        "claimed",
        "",
        lambda found: found["SECOND_FACTOR_AT_PROVIDER"],
        "claimed",
        "no",
        ("maybe", "none of no, claimed, always"),
    ),
    "SESSION_IDLE_MINUTES": (
        "5",
        "",
        lambda found: found["SESSION_IDLE_MINUTES"],
        5,
        60,
        ("4", "not a whole number of 5"),
    ),
    "SESSION_HOURS": ("1", "", lambda found: found["SESSION_COOKIE_AGE"], 3600, 12 * 3600, ("0", "not a whole number")),
    "CONFIRM_AGAIN_MINUTES": (
        "0",
        "",
        lambda found: found["ACCOUNT_REAUTHENTICATION_TIMEOUT"],
        0,
        900,
        ("-1", "not a number"),
    ),
}
# Read outside of the settings: by gunicorn and the check before a deployment (test_health.py).
BESIDE = {"WEB_CONCURRENCY"}
SETTINGS = Path(settings.BASE_DIR, "scorecard", "settings.py")


def read_with(monkeypatch, **variables):
    for name in EFFECTS:
        monkeypatch.delenv(name, raising=False)
    for name, text in ({"SECRET_KEY": "x" * 50, "DATABASE_URL": "sqlite://:memory:"} | variables).items():
        monkeypatch.setenv(name, text)
    return runpy.run_path(str(SETTINGS))


@pytest.mark.parametrize("name", EFFECTS)
def test_every_setting_has_an_effect_or_is_refused_in_words(name, monkeypatch):
    one, other, effect, with_one, with_other, (refused, words) = EFFECTS[name]
    assert effect(read_with(monkeypatch, **{name: one})) == with_one
    assert effect(read_with(monkeypatch, **{name: other})) == with_other
    with pytest.raises(ImproperlyConfigured, match=words) as error:
        read_with(monkeypatch, **{name: refused})
    assert name in str(error.value)


def test_every_variable_of_the_program_is_told_to_operators_and_tried_here():
    """What the code reads from the environment, the operators' table, the list above the settings, and these tests."""
    module = SETTINGS.read_text()
    read = set(re.findall(r"environment\.\w+\(\s*\"([A-Z_]+)\"", module))
    root = settings.BASE_DIR
    sources = [path for folder in ("scorecard", "indicators", "commentary") for path in (root / folder).rglob("*.py")]
    beside = {
        name
        for path in [*sources, root / "gunicorn.conf.py"]
        for name in re.findall(r"os\.environ(?:\.get\(|\[)\s*\"([A-Z_]+)\"", path.read_text())
    }
    # What belongs to single sign-on is read, and tried, apart (scorecard/accounts/provider.py).
    apart = {
        name
        for path in sources
        if path != SETTINGS
        for name in re.findall(r"(?:environment\.|_groups)\w*\(\s*\"([A-Z_]+)\"", path.read_text())
    }
    table = re.findall(r"^\| `([A-Z_]+)` \|", (root / "docs" / "deploy.md").read_text(), re.MULTILINE)
    assert read == set(EFFECTS) == set(re.findall(r"^([A-Z_]+) +\S", module.split('"""')[1], re.MULTILINE))
    assert sorted(table) == sorted(read | BESIDE | apart)
    assert beside - read - BESIDE == {"PROMETHEUS_MULTIPROC_DIR"}
