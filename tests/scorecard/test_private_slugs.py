"""A private scorecard can't be told from one that there isn't by whoever may not find it, at any address."""

import re

import pytest
from django.urls import URLPattern, get_resolver

from indicators.models import SecurityEvent
from indicators.models import SecurityEventKind as Kind
from scorecard.models import Scorecard
from tests.factories import (
    DECEMBER,
    JANUARY,
    make_edition,
    make_indicator,
    make_person,
    make_scorecard,
    make_user,
    make_value,
    publish,
)
from tests.scorecard.cast import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.slow]
PRIVATE, FORMER, MISSING = "hiddenone", "formerone", "nosuchone"
VALUES = {
    "month_text": ("2020-12", "2021-01"),
    "file_format": ("csv", "json", "xlsx", "nonsense"),
    "to": ("in_review",),
    "username": ("reporter",),
    "number": ("1", "9"),
}
# What differs from one answer to the next by chance, and how long the page is for it.
BY_CHANCE = ("Content-Length", "Set-Cookie", "Date", "X-Request-ID")


def routes(resolver=None, before=""):
    """Every address of the project with a slug in it, as its pattern has it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            if "<slug:slug>" in route:
                yield route
        elif "admin" not in route:
            yield from routes(pattern, route)


def addresses(key):
    """The addresses with what there is in their places, a {} where the slug stands."""
    for route in routes():
        names = re.findall(r"<\w+:(\w+)>", route)
        for number in range(max(len(VALUES.get(name, "1")) for name in names)):
            filled = route.replace("<slug:slug>", "{}")
            for name in names:
                values = VALUES.get(name, (str(key),))
                filled = re.sub(rf"<\w+:{name}>", values[number % len(values)], filled)
            yield f"/{filled}"


@pytest.fixture
def private():
    indicator = make_indicator("A1", reporter=make_user("reporter"))
    make_value(indicator, DECEMBER, 5)
    make_value(indicator, JANUARY, 6)
    scorecard = make_scorecard(indicator, slug=FORMER, is_public=False)
    publish(scorecard, DECEMBER)
    make_edition(scorecard, JANUARY)
    scorecard.refresh_from_db()
    scorecard.slug = PRIVATE
    scorecard.save()
    # Another that everybody may read, so that a visitor has something to find.
    make_scorecard(make_indicator("B1"), slug="public", is_public=True)
    return indicator


def told(client, method, address, slug):
    response = client.generic(method, f"{address.format(slug)}?month=2020-12")
    headers = {name: value.replace(slug, "SLUG") for name, value in response.headers.items() if name not in BY_CHANCE}
    body = re.sub(r'(?<=name="csrfmiddlewaretoken" value=")\w+', "", response.content.decode())
    return response.status_code, headers, body.replace(slug, "SLUG")


@pytest.mark.parametrize("who", ["visitor", "stranger"])
def test_private_scorecard_answers_like_one_that_there_is_not(private, who):
    if who == "stranger":
        make_person("stranger")
    client = signed_in(who)
    found = {}
    for address in addresses(private.pk):
        for method in ("GET", "POST"):
            missing = told(client, method, address, MISSING)
            found[method, address] = missing[0]
            for slug in (PRIVATE, FORMER):
                assert told(client, method, address, slug) == missing, (method, address, slug)
    assert len({address for _, address in found}) > 40
    # Nothing there is for anybody: they sign in first, or there is no such page.
    assert set(found.values()) <= ({302, 401, 404, 405} if who == "visitor" else {404, 405})


def test_what_a_stranger_is_refused_is_in_the_security_log(private):
    make_person("stranger")

    assert signed_in("stranger").get(f"/collection/{PRIVATE}/2021-01/").status_code == 404

    assert SecurityEvent.objects.get(kind=Kind.REFUSED).about == f"GET /collection/{PRIVATE}/2021-01/"


def test_former_slug_of_a_public_scorecard_still_leads_on(private, client):
    scorecard = Scorecard.objects.get(slug="public")
    scorecard.slug = "renamed"
    scorecard.save()

    assert client.get("/scorecards/public/archive/").url == "/scorecards/renamed/archive/"
    assert client.get("/scorecards/renamed/archive/").status_code == 200
