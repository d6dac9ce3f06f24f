"""The pages of the overview and of the panel's questions: nothing for axe to find, nothing to scroll sideways for."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import expect

from commentary.models import AreaOfFocus, Overview
from indicators.models import Indicator, User
from scorecard.models import Edition
from scorecard.roles import PANEL_MEMBERS
from tests.databases import database_with
from tests.factories import JANUARY, make_question, make_user

from . import returns
from .conftest import FITS
from .returns import COLLECTION

pytestmark = pytest.mark.browser

OVERVIEW, QUESTIONS = f"{COLLECTION}overview/", "/scorecards/families/questions/"
PAGES = {
    "overview": ("officer", OVERVIEW),
    "a new area of focus": ("officer", f"{OVERVIEW}areas/new/"),
    "an area of focus": ("officer", f"{OVERVIEW}areas/{{area}}/"),
    "an update": ("officer", f"{OVERVIEW}areas/{{area}}/updates/new/"),
    "questions": ("member", f"{QUESTIONS}?show=all&owner=nope"),
    "raising a question": ("member", f"{QUESTIONS}new/"),
    "a question, for its owner": ("olive", f"{QUESTIONS}{{asked}}/"),
    "a question, for officers": ("officer", f"{QUESTIONS}{{asked}}/"),
    "a closed question": ("officer", f"{QUESTIONS}{{closed}}/"),
    "work": ("olive", "/your-work/"),
    "an indicator, for the panel": ("member", "/scorecards/families/2021-01/indicators/{C1}/"),
}


def make_words() -> None:
    """A service with a summary, an area of focus with an update, a question that is overdue and one that is closed."""
    scorecard = returns.open_service()
    january = Edition.objects.get(month=JANUARY)
    january.overview = Overview.objects.create(title="January", summary="A calm month.\n\nWith one worry.")
    january.save()
    area = AreaOfFocus.objects.create(title="Caseloads", response="Recruiting.", opened_on=JANUARY)
    area.updates.create(date=JANUARY, text="Two posts are filled.")
    scorecard.areas_of_focus.add(area)
    member = make_user("member", name="Mo Member")
    member.groups.add(Group.objects.get(name=PANEL_MEMBERS))
    today = timezone.localdate()
    dates = {"opened_on": today - timedelta(days=20), "due_on": today - timedelta(days=3), "asked_in": JANUARY}
    asked = make_question(scorecard, owner=User.objects.get(username="olive"), asked_by=member, **dates)
    asked.indicators.add(Indicator.objects.get(reference="C1"))
    make_question(scorecard, "Closed?", asked_in=JANUARY, asked_by=member, response="Yes.", closed_on=today)


transactional_db = database_with(make_words)


@pytest.fixture
def at_page(as_person):
    """A page of the service with somebody signed in; the keys of rows stand in braces."""

    def opened(person, address, width=1440):
        rows = {
            "area": AreaOfFocus.objects.get(title="Caseloads").pk,
            "asked": AreaOfFocus.objects.get(title="Why did it rise?").pk,
            "closed": AreaOfFocus.objects.get(title="Closed?").pk,
        }
        return as_person(person, address.format(**rows, **returns.keys()), width)

    return opened


@pytest.mark.parametrize("person", sorted({person for person, _ in PAGES.values()}))
def test_pages_are_accessible_and_fit(at_page, faults, person):
    pages = {name: address for name, (whose, address) in PAGES.items() if whose == person}

    assert {name: wrong for name, address in pages.items() if (wrong := faults(at_page(person, address)))} == {}


def test_two_versions_are_accessible_beside_each_other(at_page, axe, complaints):
    page = at_page("officer", OVERVIEW, 390)
    page.get_by_label("Overall summary").fill("Mine.")
    edition = Edition.objects.get(month=returns.FEBRUARY)
    edition.overview = Overview.objects.create(title="February", summary="Theirs.")
    edition.save()

    page.get_by_role("button", name="Save the summary").click()

    expect(page.get_by_role("heading", name="What Somebody saved")).to_be_visible()
    assert page.get_by_label("Overall summary").input_value() == "Mine."
    assert axe(page) == []
    assert page.evaluate(FITS)
    # The browser's own complaint about an answer that is no success.
    assert all("422" in complaint for complaint in complaints)
    complaints.clear()


def test_area_of_focus_is_dragged_before_another(at_page):
    page = at_page("officer", OVERVIEW)
    areas = page.locator("[data-area]")
    before = [area.get_attribute("data-area") for area in areas.all()]
    areas.last.drag_to(areas.first)

    expect(areas.first).to_have_attribute("data-area", before[-1])
    assert [area.get_attribute("data-area") for area in areas.all()] == [before[-1], *before[:-1]]


def test_indicator_to_ask_about_is_found_by_typing(as_person):
    page = as_person("member", f"{QUESTIONS}new/")
    about = page.get_by_label("About", exact=True)
    expect(about.locator("option")).not_to_have_count(1)
    found = page.get_by_label("Find an indicator by typing")
    found.fill("c1")
    # The one chosen so far stays.
    expect(about.locator("option")).to_have_text(["The whole report", re.compile("^C1 ")])
    found.press("Enter")
    expect(about.locator("option:checked")).to_have_text(re.compile("^C1 "))
    expect(page).to_have_url(re.compile("/new/$"))
