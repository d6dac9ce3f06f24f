"""An officer's year in a real Chromium: arranging by keyboard and by drag, handing a leaver over, filling a year in."""

import re

import pytest
from playwright.sync_api import expect

from indicators.models import Indicator, Target, User
from scorecard.models import Line, Section
from tests.databases import database_with
from tests.factories import make_indicator

from . import returns

pytestmark = pytest.mark.browser
EDIT, YEAR = "/scorecards/families/edit/", "/scorecards/families/new-year/?year=2021"


def year_to_prepare():
    """The service with an indicator that is no line yet, and targets of this year."""
    returns.open_service()
    make_indicator("X1", title="Another one")
    for reference, value in (("C1", 90), ("C2", 80)):
        Target.objects.create(indicator=Indicator.objects.get(reference=reference), year=2020, value=value)


transactional_db = database_with(year_to_prepare, scope="function")


def arranged():
    sections = Section.objects.order_by("position", "pk")
    return {
        one.title: list(one.lines.order_by("position", "pk").values_list("indicator__reference", flat=True))
        for one in sections
    }


def test_officer_arranges_hands_over_and_fills_a_year_in(as_person, faults, axe, complaints):
    page = as_person("officer", EDIT)
    assert faults(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    arrange_by_keyboard(page)
    assert axe(page) == []
    add_and_drag(page)
    hand_over(page, faults)
    page.goto(YEAR)
    assert faults(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    fill_in(page)
    assert axe(page) == []
    # What was sent and refused, once each.
    assert ["422" in complaint for complaint in complaints] == [True, True]
    complaints.clear()


def arrange_by_keyboard(page):
    down = page.get_by_role("button", name=re.compile(r"^Down\s*: C1$"))
    down.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#arranged-told")).to_have_text("✔ Line moved down.")
    # The button has the focus again, so that the line goes on.
    expect(down).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".arranged-line").nth(2)).to_contain_text("Count 1")
    page.get_by_role("button", name="Undo: line moved down").press("Enter")
    expect(page.locator(".arranged-line").nth(1)).to_contain_text("Count 1")
    assert arranged()["Front door"][:3] == ["C2", "C1", "C3"]
    page.get_by_label("New section").fill("Back door")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Back door")).to_be_visible()
    page.get_by_label("B1 Of Ben 1").check()
    page.get_by_label("B2 Of Ben 2").check()
    page.get_by_label("Move to section").select_option("Back door")
    page.get_by_role("button", name="Move", exact=True).press("Enter")
    expect(page.locator(".arranged-section").nth(1)).to_contain_text("2 lines")
    assert arranged()["Back door"] == ["B1", "B2"]


def add_and_drag(page):
    page.get_by_label("X1 Another one").check()
    page.get_by_label("Into section").select_option("Back door")
    page.get_by_role("button", name="Add ticked indicators").click()
    expect(page.locator(".told")).to_contain_text("Asked for at once: February 2021.")
    added = page.locator(".arranged-line", has_text="Another one")
    added.drag_to(page.locator(".arranged-line", has_text="Of Ben 1"))
    expect(page.locator(".arranged-section").nth(1).locator(".arranged-line").first).to_contain_text("Another one")
    assert arranged()["Back door"] == ["X1", "B1", "B2"]


def hand_over(page, faults):
    page.goto("/people/")
    assert faults(page) == []
    page.get_by_role("link", name="Ben Reporter").click()
    assert faults(page) == []
    page.get_by_role("link", name="Ben Reporter leaves: hand everything over").click()
    assert faults(page) == []
    page.get_by_role("button", name="Hand over and close the account").click()
    expect(page.get_by_role("alert")).to_contain_text("2 of what is listed below would be left with nobody")
    page.get_by_label("Who takes over").select_option("Ann Reporter")
    page.get_by_label("B2").select_option("Olive Owner")
    page.get_by_role("button", name="Hand over and close the account").click()
    expect(page.get_by_role("status")).to_contain_text("Ben Reporter has left.")
    assert not User.objects.get(username="ben").is_active
    reporters = dict(Indicator.objects.filter(lines__in=Line.objects.all()).values_list("reference", "reporter__name"))
    assert (reporters["B1"], reporters["B2"]) == ("Ann Reporter", "Olive Owner")


def fill_in(page):
    page.get_by_label("Target of C2").fill("85")
    # Enter goes to the cell below.
    page.keyboard.press("Enter")
    expect(page.get_by_label("Target of C1")).to_be_focused()
    page.get_by_label("Target of C3").fill("a lot")
    page.get_by_role("button", name="Save and copy").click()
    expect(page.locator(".row-wrong")).to_contain_text("Write a figure, as 94 or 12.5.")
    found = dict(Target.objects.filter(year=2021).values_list("indicator__reference", "value"))
    assert found == {"C2": 85, "C1": 90}
    expect(page.get_by_label("Target of C3")).to_have_value("a lot")
