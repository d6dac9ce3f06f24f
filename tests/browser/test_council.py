"""The council's look and words in a real browser: set by keyboard, seen at once on every page, in every width."""

import re

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tests.databases import database_with

from . import publications

pytestmark = [pytest.mark.browser, pytest.mark.slow]

transactional_db = database_with(publications.make_published)


@pytest.fixture
def logo(tmp_path):
    image = Image.new("RGBA", (600, 200), (255, 255, 255, 0))
    ImageDraw.Draw(image).ellipse((10, 10, 190, 190), fill="navy")
    image.save(tmp_path / "logo.png")
    return tmp_path / "logo.png"


def test_look_is_set_and_the_whole_site_follows(as_person, faults, complaints, logo):
    page = as_person("officer", "/your-work/")
    page.get_by_role("link", name="Council and look").click()
    assert faults(page) == []

    page.get_by_role("link", name="Change Colours").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Main colour").fill("yellow")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("“yellow” is no colour")
    assert faults(page) == []
    assert "422" in complaints.pop()
    # A light colour, with black upon it.
    page.get_by_label("Main colour").fill("#ffd100")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Colours: saved.")).to_be_visible()
    expect(page.locator(".masthead")).to_have_css("background-color", "rgb(255, 209, 0)")
    expect(page.locator(".masthead-name")).to_have_css("color", "rgb(11, 12, 12)")
    page.get_by_role("link", name="Change Colours").click()
    expect(page.get_by_role("cell", name="4.59 to 1").first).to_be_visible()
    assert faults(page) == []

    page.goto("/setup/council/logo/")
    page.get_by_label("Picture").set_input_files(logo)
    page.get_by_label("What the logo says").fill("A circle")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_role("img", name="A circle")).to_be_visible()
    page.goto("/setup/council/words/")
    page.get_by_label("Who reads the reports").fill("committee")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Words: saved.")).to_be_visible()
    for address in ("words/", "groups/", "groups/new/"):
        page.goto(f"/setup/council/{address}")
        assert faults(page) == []
    page.goto("/setup/council/groups/")
    page.get_by_role("row", name=re.compile("^Statistical")).get_by_role("button").press("Enter")
    expect(page.get_by_text("Statistical neighbours is now in place 2.")).to_be_visible()

    # A visitor, who is not signed in.
    page.context.clear_cookies()
    page.goto("/scorecards/families/2020-12/")
    expect(page.locator(".masthead")).to_have_css("background-color", "rgb(255, 209, 0)")
    expect(page.get_by_role("img", name="A circle")).to_be_visible()
    assert faults(page) == []
    page.goto("/sign-in/")
    expect(page.get_by_role("button", name="Sign in")).to_have_css("background-color", "rgb(255, 209, 0)")
    assert faults(page) == []
