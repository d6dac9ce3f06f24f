"""Published pages for visitors: drawn and compressed once, told apart by their ETags, never out of date."""

import gzip
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.http import http_date

from indicators.models import Indicator, MonthlyValue
from scorecard.models import Edition, PublicationKind, Scorecard
from scorecard.publication import serving
from scorecard.publication.publish import draft_edition, freeze
from scorecard.publication.serving import PublishedPages
from tests.databases import database_with
from tests.factories import (
    DECEMBER,
    JANUARY,
    make_indicator,
    make_officer,
    make_scorecard,
    make_user,
    make_value,
    publish,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PAGE = "/scorecards/panel/2021-01/"
PAGES = ["", "report.csv", "report.json", "publications/1/", "indicators/{key}/", "indicators/{key}/chart.json"]
# What one small query looks at.
TABLES = {"scorecard_scorecard", "scorecard_publication", "scorecard_withholding", "scorecard_councildetails"}


def make_published():
    """An indicator on a public scorecard that is published for December and January."""
    indicator = make_indicator("A1", title="Calls received")
    make_value(indicator, DECEMBER, 10)
    make_value(indicator, JANUARY, 20)
    publish(make_scorecard(indicator, is_public=True), DECEMBER, JANUARY)


published = database_with(make_published)


@pytest.fixture(autouse=True)
def calls(published, db):
    """The indicator. Each test undoes what it changes."""
    return Indicator.objects.get()


@pytest.fixture
def drawn(monkeypatch):
    """How often a page had to be drawn rather than handed out again."""
    times = []
    of = serving.DrawnPage.of
    monkeypatch.setattr(serving.DrawnPage, "of", lambda *args: times.append(1) or of(*args))
    return times


def address(file, calls):
    return PAGE + file.format(key=calls.pk)


def revise():
    value = MonthlyValue.objects.get(month=JANUARY)
    value.figure = Decimal(777)
    value.save()
    edition = Edition.objects.get(month=JANUARY)
    return freeze(
        draft_edition(edition), kind=PublicationKind.CORRECTION, reason="Counted twice.", by=None, now=timezone.now()
    )


def lasting(response):
    """All headers but the request's number."""
    return {name: value for name, value in response.items() if name != "X-Request-ID"}


def queries_of(client, path, **headers):
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path, headers=headers)
    return response, [query["sql"] for query in captured]


def tables_in(sql):
    return set(re.findall(r'(?:FROM|JOIN|UPDATE|INTO) "?(\w+)', sql))


@pytest.mark.sqlite
@pytest.mark.parametrize("file", PAGES)
def test_page_has_a_strong_etag(client, calls, file):
    response = client.get(address(file, calls))

    assert re.fullmatch(r'"[0-9a-f]{32}"', response["ETag"])
    assert response["Cache-Control"] == "no-cache, public"
    assert "Accept-Encoding" in response["Vary"]


@pytest.mark.parametrize("file", PAGES)
def test_kept_page_costs_one_query_that_touches_no_table_of_the_report(client, calls, file):
    path = address(file, calls)
    first = client.get(path)

    again, queries = queries_of(client, path)

    assert (again.status_code, again.content, lasting(again)) == (200, first.content, lasting(first))
    assert len(queries) == 1
    assert tables_in(queries[0]) == TABLES


@pytest.mark.sqlite
@pytest.mark.parametrize("file", PAGES)
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_page_that_has_not_changed_is_not_sent_again(client, calls, file, encoding):
    path, accepted = address(file, calls), {"accept-encoding": encoding}
    etag = client.get(path, headers=accepted)["ETag"]

    response, queries = queries_of(client, path, **accepted, **{"if-none-match": etag})

    assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)
    assert "Content-Length" not in response
    assert {"Cache-Control", "Vary"} <= set(response.headers)
    assert len(queries) == 1
    assert tables_in(queries[0]) == TABLES


@pytest.mark.parametrize("tags", ['"x", {}', "W/{}", "*", "{}"])
def test_etag_is_found_as_browsers_and_proxies_send_it(client, calls, tags):
    etag = client.get(PAGE)["ETag"]

    assert client.get(PAGE, headers={"if-none-match": tags.format(etag)}).status_code == 304


@pytest.mark.sqlite
@pytest.mark.parametrize("tag", ['"x"', "x", '"', ""])
def test_page_is_sent_to_whom_has_another_one(client, calls, tag):
    client.get(PAGE)

    assert client.get(PAGE, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.sqlite
@pytest.mark.parametrize("file", PAGES)
def test_no_time_says_that_a_page_still_holds(client, calls, file):
    """Times have whole seconds: what is withheld within the second of its publication would stay in caches."""
    path = address(file, calls)
    for since in (http_date((timezone.now() + timedelta(days=1)).timestamp()), "yesterday"):
        response = client.get(path, headers={"if-modified-since": since})

        assert response.status_code == 200
        assert "Last-Modified" not in response


def test_compressed_page_is_the_same_bytes_every_time(client, calls):
    accepted = {"accept-encoding": "gzip, br"}
    first, again = (client.get(PAGE, headers=accepted) for _ in range(2))
    plain = client.get(PAGE)

    assert first["Content-Encoding"] == again["Content-Encoding"] == "gzip"
    assert first.content == again.content == Client().get(PAGE, headers=accepted).content
    assert gzip.decompress(first.content) == plain.content
    assert "Content-Encoding" not in plain
    assert first["ETag"] != plain["ETag"]
    assert int(first["Content-Length"]) == len(first.content)


def test_etag_of_the_plain_page_is_not_that_of_the_compressed_one(client, calls):
    etag = client.get(PAGE)["ETag"]

    response = client.get(PAGE, headers={"accept-encoding": "gzip", "if-none-match": etag})

    assert response.status_code == 200


@pytest.mark.parametrize("is_kept", [False, True])
def test_head_is_answered_as_get_without_the_page(client, calls, is_kept):
    if is_kept:
        client.get(PAGE)

    head, get = client.head(PAGE), client.get(PAGE)

    assert head.content == b""
    assert lasting(head) == lasting(get)


def test_page_is_drawn_once(client, calls, drawn):
    for _ in range(3):
        client.get(PAGE)

    assert len(drawn) == 1


def test_kept_page_has_the_headers_that_keep_readers_safe(client, calls):
    for _ in range(2):
        response = client.get(PAGE)

    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in response["Content-Security-Policy"]


# What is not kept


def test_page_for_somebody_who_is_signed_in_is_neither_kept_nor_from_what_is_kept(client, calls, drawn):
    visitors = client.get(PAGE).content
    client.force_login(make_user("reader", name="Rea Reader"))

    response = client.get(PAGE)

    assert "Rea Reader" in response.content.decode()
    assert response["Cache-Control"] == "no-cache, private"
    assert Client().get(PAGE).content == visitors
    client.logout()
    assert client.get(PAGE).content == visitors


def test_page_with_the_cookie_of_a_session_is_not_kept(client, calls, drawn):
    client.cookies["sessionid"] = "made-up"

    client.get(PAGE)

    assert drawn == []


def test_filtered_page_is_not_kept(client, calls, drawn):
    client.get(PAGE)
    filtered = client.get(PAGE, {"words": "nothing"})

    assert "Showing <b>0</b>" in filtered.content.decode()
    assert len(drawn) == 1
    assert "Showing <b>1</b>" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("path", [PAGE.replace("2021-01", "2021-02"), f"{PAGE}report.xml", f"{PAGE}indicators/0/"])
def test_page_that_is_not_found_is_not_kept(client, calls, drawn, path):
    assert client.get(path).status_code == 404
    assert drawn == []


def test_page_of_a_month_in_progress_is_not_kept(client, calls, drawn):
    make_value(calls, JANUARY.replace(month=2), 30)
    client.force_login(make_officer())

    response = client.get(PAGE.replace("2021-01", "2021-02"))

    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert drawn == []


def test_post_is_not_answered_from_what_is_kept(client, calls):
    client.get(PAGE)

    assert client.post(PAGE).status_code == 405


def test_nothing_is_kept_while_somebody_works_on_templates(settings):
    settings.DEBUG = True

    with pytest.raises(MiddlewareNotUsed):
        PublishedPages(lambda request: None)


def test_very_big_page_is_not_kept(client, calls, drawn, monkeypatch):
    monkeypatch.setattr(serving, "MOST_BYTES", 100)

    assert client.get(PAGE).status_code == 200
    assert drawn == []


def test_pages_that_nobody_reads_any_more_make_room(client, calls, drawn, monkeypatch):
    monkeypatch.setattr(serving, "PAGES_KEPT", 1)
    for path in (PAGE, f"{PAGE}report.csv", PAGE):
        assert client.get(path).status_code == 200

    assert len(drawn) == 3


# What a request can't do to a page that is kept for everybody


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "sent",
    [
        {"SCRIPT_NAME": "/elsewhere"},
        {"SCRIPT_NAME": "//evil.example"},
        {"SCRIPT_URL": f"/elsewhere{PAGE}"},
        {"REDIRECT_URL": f"/elsewhere{PAGE}"},
        {"HTTP_SCRIPT_NAME": "/elsewhere"},
        {"HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_X_FORWARDED_PREFIX": "/elsewhere"},
        {"HTTP_X_FORWARDED_PROTO": "ftp"},
        {"HTTP_X_ORIGINAL_URL": "/elsewhere"},
        {"HTTP_X_REWRITE_URL": "/elsewhere"},
        {"HTTP_X_HTTP_METHOD_OVERRIDE": "POST"},
        {"HTTP_ACCEPT_LANGUAGE": "cy"},
        {"HTTP_RANGE": "bytes=0-9"},
        {"HTTP_HOST": "TESTSERVER:81"},
        {"CONTENT_TYPE": "text/html; charset=utf-8"},
        {"REQUEST_METHOD": "HEAD"},
    ],
    ids=str,
)
@pytest.mark.parametrize("file", ["", "report.csv", "indicators/{key}/"])
def test_kept_page_is_the_same_whoever_asked_first(client, calls, sent, file):
    path = address(file, calls)
    Client().generic("GET", path, **sent)

    found, alone = client.get(path), Client().get(path, {"a": ""})

    assert found.status_code == 200
    assert (found.content, "Content-Range" in found) == (alone.content, False)


@pytest.mark.sqlite
@pytest.mark.parametrize("is_kept", [False, True], ids=["drawn", "kept"])
@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "a b", "", "testserver:x", "[::1"])
def test_only_allowed_hosts_are_answered(client, calls, host, is_kept):
    if is_kept:
        client.get(PAGE)
    environment = {"HTTP_HOST": host} if host else {"SERVER_NAME": "10.0.0.1"}

    assert client.get(PAGE, **environment).status_code == 400


@pytest.mark.parametrize(
    "path",
    ["/scorecards//2021-01/", "//scorecards/panel/2021-01/", "/scorecards/panel%00/2021-01/", "/scorecards/pa nel/"],
)
def test_nothing_else_is_looked_up_or_kept(client, calls, drawn, path):
    _, queries = queries_of(client, path)
    assert drawn == []
    assert not any("is_public" in sql and "MAX" in sql for sql in queries)


@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip;q=0", None), ("gzip; q=0.0, br", None), ("gzip;q=0.5", "gzip")]
)
def test_page_is_not_compressed_for_whom_does_not_want_it(client, calls, accepted, encoding):
    assert client.get(PAGE, headers={"accept-encoding": accepted}).get("Content-Encoding") == encoding


def test_message_for_somebody_who_has_signed_out_is_not_kept_for_others(client, calls, drawn):
    client.cookies["messages"] = "made-up"

    response = client.get(PAGE)

    assert drawn == []
    assert response["Cache-Control"] == "private, no-store"


# What is no longer so


def test_scorecard_that_is_no_longer_public_is_not_served(client, calls):
    etag = client.get(PAGE)["ETag"]
    scorecard = Scorecard.objects.get()
    scorecard.is_public = False
    scorecard.save()

    for headers in ({}, {"if-none-match": etag}):
        response = client.get(PAGE, headers=headers)
        assert response.status_code == 302
        assert response.url.startswith("/sign-in/")


def test_new_publication_is_there_at_once(client, calls):
    before = client.get(PAGE)

    revise()

    after = client.get(PAGE, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert "777" in after.content.decode()
    assert "777" not in before.content.decode()


def test_page_beside_a_new_month_is_another_at_once(client, calls):
    client.get(PAGE)
    make_value(calls, JANUARY.replace(month=2), 30)

    publish(Scorecard.objects.get(), JANUARY.replace(month=2))

    assert "/scorecards/panel/2021-02/" in client.get(PAGE).content.decode()


def test_kept_page_is_not_handed_out_under_a_former_address(client, calls):
    client.get(PAGE)
    Scorecard.objects.filter(slug="panel").update(slug="moved")

    assert client.get(PAGE)["Location"] == "/scorecards/moved/2021-01/"
    assert client.get("/scorecards/moved/2021-01/").status_code == 200


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_page_is_served_after_the_database_was_restarted(client, calls):
    before = client.get(PAGE).content
    connection.connection.close()

    assert client.get(PAGE).content == before


@pytest.fixture
def clock(monkeypatch, settings):
    """A second in which the latest answer holds, and a clock that the test sets."""
    settings.PUBLISHED_PAGES_HOLD_SECONDS = 1
    now = [100.0]
    monkeypatch.setattr(serving, "monotonic", lambda: now[0])
    return now


def test_version_is_asked_for_once_a_second(client, calls, clock):
    client.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(PAGE).status_code == 200
    assert len(queries) == 0

    revise()
    clock[0] += 0.9
    assert "777" not in client.get(PAGE).content.decode()
    clock[0] += 0.2
    assert "777" in client.get(PAGE).content.decode()


def test_page_of_a_closed_scorecard_is_gone_after_a_second(client, calls, clock):
    client.get(PAGE)
    Scorecard.objects.update(is_public=False)
    clock[0] += 1
    assert client.get(PAGE).status_code == 302


def test_answers_about_other_addresses_are_not_kept(client, calls, clock):
    serving_pages = PublishedPages(lambda request: None)
    assert serving_pages._version("nope") is None
    assert serving_pages.asked == {}
