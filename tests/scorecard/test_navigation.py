"""The one navigation of all pages: which places each person gets, which of them is marked, and the ways back."""

import re

import pytest
from django.contrib.auth.models import Group
from django.urls import get_resolver, reverse

from scorecard.navigation import PAGES, PLACE_OF, WAYS_BACK
from scorecard.roles import PANEL_MEMBERS
from tests.factories import JANUARY, make_indicator, make_officer, make_scorecard, make_user, make_value, publish

READERS = "Report Archive"
OFFICER = "Report Archive Questions Your work Collection Setting up"


def places(response):
    """What the navigation offers, the marked place in brackets."""
    nav = re.search(r'<nav aria-label="Main".*?</nav>', response.content.decode(), re.DOTALL)[0]
    links = re.findall(r"<a ([^>]*)>(.*?)</a>", nav)
    return " ".join(f"[{name}]" if "aria-current" in attributes else name for attributes, name in links)


@pytest.fixture
def people(db):
    """An officer, a member of the panel, a reporter and somebody with no part in anything, with a published report."""
    reporter, member = make_user("reporter"), make_user("member")
    member.groups.add(Group.objects.get(name=PANEL_MEMBERS))
    indicator = make_indicator(reporter=reporter)
    make_value(indicator, JANUARY, 20)
    publish(make_scorecard(indicator, is_public=True))
    return {"officer": make_officer(), "member": member, "reporter": reporter, "nobody": make_user("nobody")}


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("who", "page", "expected"),
    [
        (None, "/scorecards/panel/2021-01/", "[Report] Archive"),
        (None, "/scorecards/panel/archive/", "Report [Archive]"),
        (None, "/accessibility/", READERS),
        (None, "/sign-in/", READERS),
        (None, "/nothing/", READERS),
        ("nobody", "/your-work/", "Report Archive [Your work]"),
        ("reporter", "/your-work/", "Report Archive Questions [Your work]"),
        ("member", "/scorecards/panel/questions/", "Report Archive [Questions] Your work"),
        ("officer", "/editions/", OFFICER.replace("Collection", "[Collection]")),
        ("officer", "/people/add/", OFFICER.replace("Setting up", "[Setting up]")),
        ("officer", "/scorecards/panel/edit/", OFFICER.replace("Setting up", "[Setting up]")),
        ("officer", "/setup/council/look/", OFFICER.replace("Setting up", "[Setting up]")),
        ("officer", "/your-sign-in/", OFFICER),
    ],
)
def test_everybody_gets_the_places_that_they_may_see(client, people, who, page, expected):
    if who:
        client.force_login(people[who])
    assert places(client.get(page)) == expected


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("page", "back"),
    [
        ("/scorecards/panel/compare/", "/scorecards/panel/archive/"),
        ("/people/", "/setup/"),
        ("/scorecards/panel/new-year/", "/scorecards/panel/edit/"),
        ("/setup/council/", "/setup/"),
        ("/setup/spreadsheets/", "/setup/"),
        ("/setup/scorecards/new/", "/setup/"),
    ],
)
def test_pages_have_a_way_back(client, people, page, back):
    client.force_login(people["officer"])
    found = re.findall(r'class="govuk-back-link" href="([^"]*)"', client.get(page).content.decode())
    assert found == [back]


def test_the_table_names_addresses_that_there_are():
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert sorted({*PLACE_OF, *WAYS_BACK} - names) == []
    assert [place for place, pages in PAGES.items() if len({*pages.split()}) != len(pages.split())] == []


def test_ways_back_take_no_more_than_their_pages_have():
    values = {"slug": "panel", "month_text": "2021-01"}
    for way in {*WAYS_BACK.values()}:
        assert reverse(way.to, kwargs={name: values[name] for name in way.takes}).startswith("/")
