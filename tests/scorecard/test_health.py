"""What a monitor is told, and what a deployment is refused for."""

import json

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import OperationalError
from django.test import Client

from scorecard import __version__, health
from scorecard.display.fonts import PaperUnavailableError

READY = {"database": "fine", "migrations": "fine", "static files": "fine", "mail": "fine"}
MAIL = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"}


def asked(path, **headers):
    response = Client(raise_request_exception=False).get(path, **headers)
    return response.status_code, json.loads(response.content)


def test_monitor_asks_by_any_name_without_https_and_without_a_database(settings):
    settings.SECURE_SSL_REDIRECT = True

    status, said = asked("/healthz", HTTP_HOST="10.0.0.7:8000")

    assert (status, said) == (200, {"status": "fine", "version": __version__})
    assert Client().get("/healthz")["Cache-Control"] == "no-store"
    assert Client().post("/healthz").status_code == 405


@pytest.mark.django_db
def test_ready_server_says_so(settings):
    settings.EMAIL_BACKEND = MAIL["EMAIL_BACKEND"]

    assert asked("/readyz") == (200, {"status": "fine", "version": __version__} | READY)


@pytest.mark.django_db
def test_site_without_mail_is_ready_and_says_what_it_lacks(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

    status, said = asked("/readyz")

    assert (status, said["status"], said["mail"]) == (200, "fine", "not set up")


def test_monitor_is_told_that_the_database_is_down_but_not_why(monkeypatch, caplog):
    class Down:
        def cursor(self):
            raise OperationalError("FATAL: password authentication failed for user “scorecard”")

        def close(self):
            pass

    monkeypatch.setattr(health, "connection", Down())
    status, said = asked("/readyz")

    assert (status, said["status"]) == (503, "not ready")
    assert said["database"] == "does not answer: the log says why"
    assert said["migrations"] == "not known without the database"
    assert "password" in caplog.text
    assert asked("/healthz")[0] == 200


@pytest.mark.django_db
def test_monitor_is_told_of_migrations_and_static_files(monkeypatch):
    class Waiting(health.MigrationExecutor):
        def migration_plan(self, *args, **kwargs):
            return ["one", "another"]

    monkeypatch.setattr(health._Migrations, "are_applied", False)
    monkeypatch.setattr(health, "MigrationExecutor", Waiting)
    monkeypatch.setattr(health, "STYLE_SHEET", "not-built.css")
    status, said = asked("/readyz")

    assert status == 503
    assert said["migrations"] == "2 not applied: run manage.py migrate"
    assert said["static files"] == "not there: run scripts/setup and manage.py collectstatic"


def refused(capsys):
    """The numbers of the errors that the check ends with."""
    try:
        call_command("check", "--deploy", "--tag", "deployment")
    except SystemCheckError as error:
        return [
            word for word in str(error).replace(")", " ").replace("(", " ").split() if word.startswith("scorecard.E")
        ]
    return []


@pytest.mark.parametrize(
    ("values", "environment", "number"),
    [
        ({}, {}, None),
        ({"ALLOWED_HOSTS": ["*"]}, {}, "E001"),
        ({"ALLOWED_HOSTS": ["panel.example.gov.uk", "*"]}, {}, "E001"),
        ({"ALLOWED_HOSTS": ["."]}, {}, "E001"),
        ({"ALLOWED_HOSTS": []}, {}, "E001"),
        ({"SECRET_KEY": "x" * 49 + "y"}, {}, "E002"),
        ({"SECRET_KEY": "abcdefghij"}, {}, "E002"),
        ({}, {"WEB_CONCURRENCY": "3"}, "E003"),
        ({}, {"WEB_CONCURRENCY": "1"}, None),
        ({"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}, {}, "E004"),
        ({"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}, {"EMAIL_URL": "dummymail://"}, None),
    ],
)
def test_deployment_is_refused_for_what_would_be_found_out_later(
    values, environment, number, settings, monkeypatch, capsys
):
    monkeypatch.delenv("EMAIL_URL", raising=False)
    monkeypatch.setattr(health.connection.__class__, "vendor", "sqlite", raising=False)
    values = MAIL | {"ALLOWED_HOSTS": ["panel.example.gov.uk"]} | values
    for name, value in values.items():
        setattr(settings, name, value)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert refused(capsys) == ([f"scorecard.{number}"] if number else [])


def test_deployment_is_refused_without_fonts_and_without_pango(settings, monkeypatch, capsys):
    settings.EMAIL_BACKEND, settings.ALLOWED_HOSTS = MAIL["EMAIL_BACKEND"], ["panel.example.gov.uk"]

    def missing(text):
        raise PaperUnavailableError("PDFs need Pango.")

    monkeypatch.setattr("scorecard.display.fonts.unprintable_in", missing)
    assert refused(capsys) == ["scorecard.E005"]
    monkeypatch.undo()
    settings.EMAIL_BACKEND, settings.ALLOWED_HOSTS = MAIL["EMAIL_BACKEND"], ["panel.example.gov.uk"]
    monkeypatch.setattr(health, "PRINTED", "\ue000")
    assert refused(capsys) == ["scorecard.E005"]


@pytest.mark.django_db
def test_every_page_says_which_version_it_is_and_that_it_wants_nothing_of_the_device():
    for path, status in [("/sign-in/", 200), ("/no-such-page/", 404)]:
        response = Client().get(path)
        assert response.status_code == status
        assert f"Version {__version__}" in response.content.decode()
        assert "geolocation=()" in response["Permissions-Policy"]
