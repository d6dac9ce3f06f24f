"""Publishing, revising and comparing as people do: by keyboard, and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.databases import database_with

from . import publications, returns
from .publications import REASON

pytestmark = pytest.mark.browser

PUBLISH, REVISE = "/collection/families/2021-02/publish/", "/collection/families/2021-01/revise/"


transactional_db = database_with(publications.make_published, scope="function")


@pytest.fixture
def plain(browser, browser_context_args, live_server):
    """A page in a browser without JavaScript, with the officer signed in."""
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})
    context.add_cookies([returns.cookie_of("officer", live_server.url)])
    yield context.new_page()
    context.close()


def test_published_revised_and_compared_without_javascript(plain):
    plain.goto(PUBLISH)
    plain.get_by_label("I have looked at").check()
    plain.get_by_role("button", name="Publish February 2021").click()
    expect(plain.locator("main")).to_contain_text("Published on")

    plain.goto(REVISE)
    plain.get_by_label("I have looked at").check()
    plain.get_by_label("Correction").check()
    plain.get_by_label("Why is it revised?").fill(REASON)
    plain.get_by_label("I have read the reason").check()
    plain.get_by_role("button", name="Publish the revision").click()
    expect(plain.locator(".publication")).to_contain_text(REASON)

    plain.get_by_role("link", name="Archive and comparison").click()
    plain.get_by_label("Earlier report").select_option("2020-12")
    plain.get_by_role("button", name="Compare").click()
    expect(plain.locator("main")).to_contain_text("From December 2020 to February 2021.")


def test_revised_by_keyboard(as_person):
    page = as_person("officer", REVISE)
    page.get_by_label("Scheduled").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Correction")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Why is it revised?")).to_be_focused()
    page.keyboard.type(REASON)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("I have read the reason")).to_be_checked()
    page.get_by_label("I have looked at").check()
    page.get_by_role("button", name="Publish the revision").press("Enter")
    expect(page.locator(".publication")).to_contain_text(REASON)

    opener = page.get_by_text("Download", exact=True)
    opener.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="PDF")).to_be_focused()
