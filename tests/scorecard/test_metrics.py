"""What monitoring reads: who may, what is counted, and that the number of lines does not grow with the data."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings as project
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client import REGISTRY

from indicators.mailing import _send
from scorecard.files.paper import PaperUnavailableError
from scorecard.metrics import timed_file
from scorecard.models import Scorecard
from tests.databases import database_with
from tests.factories import make_person
from tests.scorecard.cast import make_cast, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
cast = database_with(make_cast)
TOKEN = "a-token-of-monitoring-0123456789"


@pytest.fixture
def monitored(cast, settings):
    settings.METRICS_TOKEN = TOKEN


def scraped():
    response = Client().get("/metrics", HTTP_AUTHORIZATION=f"Bearer {TOKEN}", HTTP_HOST="10.0.0.7:8000")
    assert response.status_code == 200
    return response.content.decode()


def count(name, **labels):
    return REGISTRY.get_sample_value(name, labels) or 0


@pytest.mark.parametrize(
    ("token", "given", "status"),
    [
        (TOKEN, f"Bearer {TOKEN}", 200),
        (TOKEN, f"bearer {TOKEN}", 404),
        (TOKEN, f"Bearer {TOKEN}x", 404),
        (TOKEN, "Bearer ", 404),
        (TOKEN, "Bearer ö", 404),
        (TOKEN, None, 404),
        ("", "Bearer ", 404),
        ("", "", 404),
    ],
)
def test_only_who_has_the_token_reads_them(cast, settings, token, given, status):
    settings.METRICS_TOKEN = token
    headers = {} if given is None else {"HTTP_AUTHORIZATION": given}
    response = Client().get("/metrics", **headers)
    assert (response.status_code, bool(response.content)) == (status, status == 200)
    # An officer's session opens nothing.
    assert signed_in("officer").get("/metrics").status_code == 404
    assert Client().post("/metrics", **headers).status_code == (405 if status == 200 else 404)


def test_requests_are_counted_by_view_method_and_status(monitored):
    labels = {"view": "contact", "method": "GET", "status": "200"}
    before = count("scorecard_requests_total", **labels)
    Client().get("/contact/?a=1")
    Client().generic("MADEUP", "/contact/")
    Client().get("/nowhere/")
    Client().get("/healthz")

    assert count("scorecard_requests_total", **labels) == before + 1
    assert count("scorecard_request_seconds_count", view="contact") >= 1
    assert count("scorecard_requests_total", view="contact", method="OTHER", status="405") >= 1
    assert count("scorecard_requests_total", view="none", method="GET", status="404") >= 1
    text = scraped()
    assert 'scorecard_requests_total{method="GET",status="200",view="healthz"}' in text
    assert 'scorecard_ready{part="database"} 1.0' in text
    assert "scorecard_latest_reminder_timestamp_seconds" in text


def test_statements_to_the_database_are_counted_by_view(monitored):
    before = count("scorecard_database_queries_total", view="work")
    client = signed_in("owner")
    with CaptureQueriesContext(connection) as asked:
        client.get("/your-work/")
    assert count("scorecard_database_queries_total", view="work") == before + len(asked)
    assert count("scorecard_database_seconds_total", view="work") > 0


def test_kept_pages_are_told_from_drawn_ones(monitored):
    scorecard = Scorecard.objects.get()
    scorecard.is_public = True
    scorecard.save()
    drawn, kept = (count("scorecard_kept_pages_total", kept=kept) for kept in ("drawn", "kept"))
    client = Client()
    for _ in range(3):
        assert client.get("/scorecards/panel/2020-12/").status_code == 200

    assert count("scorecard_kept_pages_total", kept="drawn") == drawn + 1
    assert count("scorecard_kept_pages_total", kept="kept") == kept + 2
    # A kept page never came to its view, and is counted as that view's all the same.
    assert count("scorecard_requests_total", view="report", method="GET", status="200") >= 3


def test_sign_ins_mails_and_files_are_counted(monitored, settings, monkeypatch, mailoutbox):
    make_person("person")
    names = [("scorecard_sign_ins_total", {"outcome": outcome}) for outcome in ("in", "failed", "locked out")]
    names += [("scorecard_mails_total", {"outcome": outcome}) for outcome in ("sent", "failed")]
    names += [("scorecard_file_failures_total", {"format": "pdf"}), ("scorecard_file_seconds_count", {"format": "csv"})]
    before = [count(name, **labels) for name, labels in names]

    for password in ("right", *["wrong"] * 5):
        Client().post("/sign-in/", {"username": "person", "password": password})
    message = EmailMultiAlternatives("Hello", "Text", "a@example.org", ["b@example.org"])
    _send(message)
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 9
    message.connection = None
    _send(message)
    with timed_file("csv"):
        pass
    with pytest.raises(PaperUnavailableError), timed_file("pdf"):
        raise PaperUnavailableError("PDFs need Pango.")

    found = [count(name, **labels) for name, labels in names]
    assert [after - then for after, then in zip(found, before, strict=True)] == [1, 5, 1, 1, 1, 1, 1]


def test_labels_do_not_grow_with_the_data(monitored):
    """As many lines for a hundred scorecards, months and made-up addresses as for one."""

    def lines_after(number):
        client = signed_in("officer")
        for one in range(number):
            client.get(f"/scorecards/panel-{one}/20{one:02}-01/")
            client.get(f"/made-up-{one}/")
            client.get(f"/admin/indicators/indicator/{one}/change/")
            client.generic(f"METHOD{one}", "/contact/")
        return len(re.findall(r"^[^#]", scraped(), re.MULTILINE))

    assert lines_after(20) == lines_after(60)


def test_processes_of_one_machine_are_added_up(tmp_path):
    """Two processes count into one folder, which gunicorn's configuration makes; a third adds them up."""
    program = (
        "import django; django.setup(); from indicators.mailing import MAILS; MAILS.labels('sent').inc(2);"
        "from prometheus_client import CollectorRegistry, generate_latest, multiprocess; all = CollectorRegistry();"
        "multiprocess.MultiProcessCollector(all); print(generate_latest(all).decode())"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "scorecard.settings",
        "SECRET_KEY": "x" * 50,
        "DATABASE_URL": "sqlite://:memory:",
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
    }
    said = [
        subprocess.run(  # noqa: S603 - this Python, with the test's own arguments
            [sys.executable, "-c", program],
            cwd=project.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for _ in range(2)
    ]
    assert 'scorecard_mails_total{outcome="sent"} 4.0' in said[1]


@pytest.mark.parametrize(("environ", "makes"), [({}, False), ({"METRICS_TOKEN": TOKEN}, True)])
def test_gunicorn_gives_its_processes_a_folder_to_count_in(environ, makes, monkeypatch, tmp_path):
    for name in ("METRICS_TOKEN", "PROMETHEUS_MULTIPROC_DIR"):
        # Whatever the file sets is taken back with the rest.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    found = {}
    exec((project.BASE_DIR / "gunicorn.conf.py").read_text(), found)  # noqa: S102 - as gunicorn does

    assert bool(list(tmp_path.iterdir())) == makes == ("PROMETHEUS_MULTIPROC_DIR" in os.environ)
    if makes:
        found["on_exit"](None)
        assert not list(tmp_path.iterdir())
