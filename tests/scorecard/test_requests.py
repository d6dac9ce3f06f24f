"""Whatever is typed into an address, posted or sent as a header: an answer in words, never an error of the program."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, transaction
from django.test import Client, RequestFactory

from indicators.models import User
from scorecard.views import reports
from scorecard.wsgi import application
from tests.databases import database_with
from tests.factories import make_person
from tests.scorecard import access
from tests.scorecard.cast import PEOPLE, make_cast, signed_in
from tests.scorecard.test_access import MODELS, keys, rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]
cast = database_with(make_cast)
HUGE = "1" + "0" * 30
# What can stand where an address has a key, a month, or the name of a person, a scorecard or a file.
ODD = {
    "a NUL": "1%00",
    "no UTF-8": "%FF%FE",
    "half a surrogate": "%ED%A0%80",
    "a huge key": HUGE,
    "five thousand digits": "9" * 5000,
}
CHANGEABLE = re.compile(r"(?<=/)(\d+|panel|\d{4}-\d{2}|reporter|(?<=report\.)\w+)(?=/|$)|(?<=report\.)\w+")
ODD_TEXTS = ("A1\x00", HUGE, "-1")
PRIVATE, KEPT_FOR_ONESELF = "private, no-store", "no-cache, private"


def pages():
    """Every address of the table of access, without its query."""
    return [*dict.fromkeys(row[0].partition("?")[0].format(**keys()) for row in rows_of(access.GET))]


# Text that can't be kept


@pytest.mark.slow
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_no_odd_part_of_an_address_is_an_error(cast, odd):
    client, found = signed_in("officer"), {}
    for page in pages():
        for place in CHANGEABLE.finditer(page):
            address = f"{page[: place.start()]}{odd}{page[place.end() :]}"
            found[address] = client.get(address).status_code
    assert {address: status for address, status in found.items() if status not in (404, 405)} == {}
    assert len(found) > 90


@pytest.mark.parametrize("address", ["/%00", "/scorecards/pa%00nel/", "/static/%00.js"])
def test_address_with_a_nul_is_not_found(cast, address):
    for client in (signed_in("officer"), Client()):
        response = client.get(address)
        assert response.status_code == 404
        assert "default-src 'self'" in response["Content-Security-Policy"]


@pytest.mark.slow
def test_no_odd_query_is_an_error(cast):
    client, found = signed_in("officer"), {}
    names = (
        "month",
        "months",
        "words",
        "for",
        "check",
        "earlier",
        "later",
        "owner",
        "standing",
        "q",
        "p",
        "o",
        "id",
        "e",
    )
    for page in (*pages(), *(f"/admin/{model}/" for model in MODELS)):
        for odd in ODD_TEXTS:
            found[page, odd] = client.get(page, dict.fromkeys(names, odd)).status_code
    assert {asked: status for asked, status in found.items() if status not in (200, 302, 403, 404, 405, 422)} == {}


@pytest.mark.slow
def test_nothing_odd_that_is_posted_is_an_error(cast):
    client, found = signed_in("officer"), {}
    for page in pages():
        names = set(
            re.findall(r"<(?:input|textarea|select)[^>]*\bname=\"([^\"]+)\"", client.get(page).content.decode())
        )
        for odd in ODD_TEXTS:
            for action in ("save", "send", "approve", "send_back", "answer", "assign"):
                with transaction.atomic():
                    found[page, odd, action] = client.post(page, {**dict.fromkeys(names, odd), "action": action})
                    transaction.set_rollback(True)
    assert {asked: answer.status_code for asked, answer in found.items() if answer.status_code >= 500} == {}


@pytest.mark.parametrize(
    ("error", "address", "status"),
    [
        (ValueError, "/scorecards/panel/%00/", 404),
        (DataError, "/scorecards/panel/2021-01/?a=%00", 404),
        (DataError, "/scorecards/panel/2021-01/?%00=a", 404),
        (KeyError, "/scorecards/panel/%00/", 500),
        (ValueError, "/scorecards/panel/2021-01/", 500),
    ],
)
def test_view_that_fails_over_a_nul_finds_nothing(monkeypatch, client, error, address, status):
    def fail(*args):
        raise error

    monkeypatch.setattr(reports, "find_report", fail)
    client.raise_request_exception = False

    assert client.get(address).status_code == status


def test_nul_in_a_field_is_told_beside_it(cast):
    response = Client().post("/sign-in/", {"username": "A\x00", "password": "none"})
    assert response.status_code == 200
    assert "Null characters are not allowed." in response.context["form"].errors["username"]


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages", "other"])
def test_cookie_with_a_nul_counts_as_none(cast, name):
    client = Client()
    assert client.get("/", headers={"cookie": f'{name}="abcdefgh\\000ijklmnop"'}).status_code == 200
    assert client.get("/your-work/", headers={"cookie": f'{name}="abcdefgh\\000ijklmnop"'}).status_code == 302


@pytest.mark.parametrize(
    ("charset", "status"),
    [
        ("utf-8", "200 OK"),
        ("", "400 Bad Request"),
        ("hex", "400 Bad Request"),
        ("unicode_escape", "400 Bad Request"),
        ("latin-1", "400 Bad Request"),
        ("made-up", "400 Bad Request"),
        ("a\x00b", "400 Bad Request"),
    ],
)
def test_text_in_another_code_is_refused(cast, charset, status):
    told = []
    environ = RequestFactory().get("/sign-in/?next=%5Cud800").environ | {
        "CONTENT_TYPE": f"text/html; charset={charset}"
    }
    answer = application(environ, lambda status, headers, *_: told.append(status))
    assert told == [status]
    assert b"".join(answer)


@pytest.mark.sqlite
def test_every_answer_has_the_headers_that_keep_readers_safe(cast, settings):
    settings.METRICS_TOKEN = "t" * 20
    settings.SECURE_HSTS_SECONDS = 31536000
    answers = {path: Client().get(path, secure=True).headers for path in ("/", "/nowhere/", "/static/none.css")}
    answers |= {path: Client().get(path, secure=True).headers for path in ("/healthz", "/readyz", "/metrics")}
    answers["POST /healthz"] = Client().post("/healthz", secure=True).headers
    answers["/metrics, read"] = Client().get("/metrics", secure=True, HTTP_AUTHORIZATION="Bearer " + "t" * 20).headers
    environ = RequestFactory().get("/").environ | {"CONTENT_TYPE": "text/html; charset=utf-16"}
    application(environ, lambda _, headers, *__: answers.update({"another code": dict(headers)}))
    for path, headers in answers.items():
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains", path
        for directive in ("base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'"):
            assert directive in headers["Content-Security-Policy"], path


def test_file_with_a_nul_in_its_name_is_read_as_any_other(cast):
    file = SimpleUploadedFile("fi\x00gures.csv", b"reference,month,figure\nA1,2021-01,5\n")
    response = signed_in("officer").post("/admin/indicators/monthlyvalue/import/", {"import_file": file, "format": "0"})
    assert response.status_code == 200


# Nothing private is left behind


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.parametrize("role", PEOPLE)
def test_only_what_is_published_may_be_kept_by_a_browser(cast, role):
    published = re.compile(r"/scorecards/panel/2020-12/(?!.*take-back)")
    client, wrong = signed_in(role), {}
    addresses = {*pages(), "/nowhere/", "/admin/"} - {"/sign-out/"}
    methods = [client.get]
    if role in ("officer", "panel_member"):
        # One rule for every method and for whoever is signed in: those who may most and least are enough.
        addresses |= {f"/admin/{model}/" for model in MODELS}
        methods += [client.head, client.post]
    for page in sorted(addresses):
        for method in methods:
            with transaction.atomic():
                response = method(page)
                transaction.set_rollback(True)
            is_published = published.match(page) and response.status_code == 200
            told = response.get("Cache-Control")
            if told != (KEPT_FOR_ONESELF if is_published else PRIVATE):
                wrong[page, method.__name__] = told
    assert wrong == {}


@pytest.mark.parametrize("address", ["/sign-out/", "/admin/logout/"])
def test_signing_out_clears_pages_drafts_and_messages(cast, address):
    client = signed_in("officer")
    client.cookies["messages"] = "A1 was sent."

    response = client.post(address)

    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert response["Cache-Control"] == PRIVATE
    assert response.cookies["messages"]["max-age"] == 0
    assert "Clear-Site-Data" not in Client().post(address)


def test_session_that_ran_out_clears_pages(cast):
    client = signed_in("reporter")
    client.session.flush()

    response = client.get("/your-work/")

    assert (response.status_code, response["Clear-Site-Data"]) == (302, '"cache"')
    assert "Clear-Site-Data" not in client.get("/your-work/")


def test_session_ended_by_a_new_password_clears_everything(cast):
    client = signed_in("reporter")
    person = User.objects.get(username="reporter")
    person.set_password("another password of three words")
    person.save()

    assert client.get("/your-work/")["Clear-Site-Data"] == '"cache", "storage"'


def test_whoever_signs_in_over_somebody_else_finds_nothing_of_theirs(cast):
    client = signed_in("reporter")
    make_person("other")

    response = client.post("/sign-in/", {"username": "other", "password": "right"})

    assert (response.status_code, response["Clear-Site-Data"]) == (302, '"cache", "storage"')
    assert "Clear-Site-Data" not in client.get("/your-work/")
