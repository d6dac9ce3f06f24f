"""What the logs say of a request and of a failure, and that nothing which anybody typed is in them."""

import io
import json
import logging
import logging.config
from copy import deepcopy

import pytest
from django.conf import settings as project
from django.core import mail
from django.db import IntegrityError
from django.test import Client

from indicators.models import User
from scorecard import logs
from scorecard.views import reports
from tests.databases import database_with
from tests.factories import make_person
from tests.scorecard.cast import make_cast, signed_in

pytestmark = pytest.mark.django_db
cast = database_with(make_cast)
MARKER = "Zwiebelfisch"


@pytest.fixture
def log(monkeypatch):
    """The text that the console gets, as LOG_FORMAT says, at the level that says most."""

    def written(log_format):
        config, out = deepcopy(project.LOGGING), io.StringIO()
        config["handlers"]["console"].update(formatter=log_format, stream=out)
        config["root"]["level"] = "DEBUG"
        logging.config.dictConfig(config)
        return out

    before, level = logging.root.handlers[:], logging.root.level
    yield written
    logging.config.dictConfig(project.LOGGING)
    logging.root.handlers[:], logging.root.level = before, level


def lines(out):
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.sqlite
def test_each_request_is_a_line_with_its_number_and_who_asked(cast, log):
    out = log("json")
    response = signed_in("officer").get("/scorecards/panel/2020-12/?words=secret")

    [line] = [line for line in lines(out) if line["logger"] == "scorecard.access"]
    assert line["message"].startswith("GET /scorecards/panel/2020-12/ 200 in ")
    assert (line["method"], line["path"], line["status"]) == ("GET", "/scorecards/panel/2020-12/", 200)
    assert line["request_id"] == response["X-Request-ID"]
    assert line["user_id"] == User.objects.get(username="officer").pk
    assert line["milliseconds"] > 0
    assert line["time"].endswith("+00:00")


@pytest.mark.sqlite
def test_plain_line_has_the_same_and_monitors_have_none(cast, log):
    out = log("plain")
    for page in ("/healthz", "/metrics", "/contact/"):
        response = Client().get(page)

    [line] = out.getvalue().splitlines()
    assert "INFO scorecard.access: GET /contact/ 200 in " in line
    assert line.endswith(f" [request {response['X-Request-ID']}]")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/password-reset/MQ/tokentokentoken/", "/password-reset/<uidb64>/<token>/"),
        ("/collection/panel/2021-01/remind/reporter/", "/collection/panel/2021-01/remind/<username>/"),
        ("/scorecards/pa%0Anel/", logs.UNKNOWN),
        ("/scorecards/panel/20%0A21/", "/scorecards/panel/<month_text>/"),
        ("/nowhere/Zwiebelfisch/", logs.UNKNOWN),
        ("/admin/indicators/user/1/change/", "/admin/indicators/user/<object_id>/change/"),
        ("/admin/Zwiebelfisch/", "/admin/(?P<url>.*)$"),
        ("/static/Zwiebelfisch.js", "/static/"),
    ],
)
def test_address_is_told_without_names_tokens_or_what_is_made_up(cast, log, address, told):
    out = log("json")
    Client().get(address)
    assert [line["path"] for line in lines(out) if line["logger"] == "scorecard.access"] == [told]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("given", "trusts", "is_taken"),
    [
        ("from-the-proxy-1", True, True),
        ("0af7651916cd43dd8448eb211c80319c", True, True),
        ("from-the-proxy-1", False, False),
        ("short", True, False),
        ("x" * 65, True, False),
        ("two words here", True, False),
        ("line\nbreak-here", True, False),
        ("", True, False),
    ],
)
def test_number_of_a_request_is_a_trusted_proxys_or_made_here(cast, settings, given, trusts, is_taken):
    settings.TRUST_PROXY = trusts
    first, again = (Client().get("/contact/", HTTP_X_REQUEST_ID=given)["X-Request-ID"] for _ in range(2))
    assert (first == given, first == again) == (is_taken, is_taken)
    assert logs.SAFE_ID.fullmatch(first)


def breaking(error):
    def fail(*args):
        typed = MARKER
        try:
            int(typed)
        except ValueError:
            raise error  # noqa: B904 - as it comes about

    return fail


@pytest.mark.parametrize("log_format", ["plain", "json"])
@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError(MARKER), "builtins.ValueError"),
        (KeyError(MARKER), "builtins.KeyError"),
        (IntegrityError(f"UNIQUE constraint failed: a.b\nDETAIL: {MARKER}"), "UNIQUE constraint failed: a.b"),
        (AttributeError("'NoneType' object has no attribute 'month'"), "no attribute 'month'"),
    ],
)
def test_failure_is_told_with_its_lines_and_without_what_was_typed(
    cast, log, settings, monkeypatch, log_format, error, told
):
    settings.ADMINS = [("ict@example.gov.uk", "ict@example.gov.uk")]
    monkeypatch.setattr(logs.mailing, "submit", lambda do, *arguments: do(*arguments))
    monkeypatch.setattr(reports, "find_report", breaking(error))
    out = log(log_format)
    client = signed_in("officer")
    client.raise_request_exception = False
    client.cookies["other"] = MARKER
    for _ in range(3):
        response = client.get(f"/scorecards/panel/2020-12/?words={MARKER}", HTTP_USER_AGENT=MARKER)

    said = out.getvalue()
    assert response.status_code == 500
    assert MARKER not in said
    assert told in said
    assert "test_logs.py" in said
    assert response["X-Request-ID"] in said
    # Three failures of one kind are one mail.
    [message] = mail.outbox
    assert message.to == ["ict@example.gov.uk"]
    assert message.subject == "[Scorecard] ERROR: Internal Server Error at /scorecards/panel/2020-12/"
    assert MARKER not in message.body
    assert told in message.body
    # Both errors, the one that led to the other first.
    assert message.body.index("int(typed)") < message.body.index("raise error")
    assert not message.alternatives


def test_nothing_typed_is_in_the_log_of_a_day(cast, log):
    """Signing in and failing to, searching, saving, refusals, what is posted wrongly: with a marker in each."""
    make_person("person")
    for log_format in ("plain", "json"):
        out = log(log_format)
        checked = Client(enforce_csrf_checks=True)
        checked.post(f"/sign-in/?next=/{MARKER}", {"username": MARKER, "password": MARKER})
        checked.post(f"/sign-in/{MARKER}", {}, HTTP_ORIGIN=f"https://{MARKER}.example", HTTP_REFERER=MARKER)
        checked.post("/sign-in/", {}, HTTP_ORIGIN=f"https://{MARKER}.example")
        visitor = Client()
        visitor.post("/sign-in/", {"username": "person", "password": MARKER})
        visitor.post("/sign-in/", {"username": MARKER, "password": "right"})
        visitor.post("/password-reset/", {"email": f"{MARKER}@example.gov.uk"})
        visitor.get("/contact/", HTTP_HOST=f"{MARKER}.example")
        visitor.get(f"/password-reset/{MARKER}/{MARKER}/")
        visitor.get("/contact/", {MARKER: MARKER})
        officer = signed_in("officer")
        officer.post("/password-change/", {"old_password": MARKER, "new_password1": MARKER, "new_password2": "x"})
        officer.get("/admin/indicators/indicator/", {"q": MARKER, MARKER: "1"})
        officer.post("/collection/panel/2021-01/overview/", {"summary": MARKER, "saw": MARKER})
        officer.post(f"/collection/panel/2021-01/remind/{MARKER}/")
        officer.generic("POST", "/admin/indicators/user/add/", MARKER, content_type=f"multipart/form-data; {MARKER}")
        officer.generic(MARKER, "/contact/")
        said = out.getvalue()
        assert said.count("scorecard.access") >= 14
        assert MARKER.casefold() not in said.casefold()


def test_failing_mail_server_costs_no_page_and_no_second_error(cast, log, settings, monkeypatch):
    settings.ADMINS = [("ict@example.gov.uk", "ict@example.gov.uk")]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    log("plain")
    logging.getLogger("scorecard.publication").error("A file can't be made.")
    assert logs.mailing.submit(lambda: "goes on").result() == "goes on"
