"""Nothing private stays in a browser: after signing out, when a session has run out, and for whoever comes next."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from indicators.models import MonthlyValue
from tests.databases import database_with

from . import returns
from .returns import RETURN

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
transactional_db = database_with(returns.open_service)


def kept_in(page):
    """All that scripts keep in the browser, as one text."""
    return page.evaluate("JSON.stringify(localStorage)")


def type_in(page, reference, text):
    page.locator(f"#id_line-{returns.keys()[reference]}-figure").fill(text)
    page.wait_for_function("localStorage.length > 0")


def test_signing_out_leaves_nothing_for_the_next_person(as_person, complaints):
    page = as_person("ann")
    other = page.context.new_page()
    other.goto(RETURN)
    type_in(page, "C1", "12x")
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("You have signed out")
    assert kept_in(page) == "{}"
    expect(other.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    complaints.clear()  # of the figure that could not be saved


def test_whoever_signs_out_in_the_middle_of_a_line_has_it_saved(as_person):
    page = as_person("ann")
    type_in(page, "C1", "95")
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("You have signed out")
    assert MonthlyValue.objects.get(indicator=returns.keys()["C1"], month=returns.FEBRUARY).figure == 95


def test_draft_can_be_read_by_its_author_alone(as_person, live_server, complaints):
    page = as_person("ann")
    Session.objects.all().delete()
    type_in(page, "C1", "7654321")
    page.goto("/sign-in/")
    assert "7654321" not in kept_in(page)
    assert kept_in(page) != "{}"
    page.context.add_cookies([returns.cookie_of("ben", live_server.url)])
    page.goto(RETURN)

    expect(page.locator("#unsent")).to_be_hidden()
    page.wait_for_function("localStorage.length === 0")
    complaints.clear()  # of the session that had ended


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_back_after_a_save_shows_what_is_stored(browser, browser_context_args, live_server, javascript):
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": javascript})
    context.add_cookies([returns.cookie_of("officer", live_server.url)])
    page = context.new_page()
    page.goto(f"{returns.COLLECTION}overview/")
    for text in ("First words.", "Second words."):
        page.get_by_label("Overall summary").fill(text)
        page.get_by_role("button", name="Save").first.click()
        expect(page.locator("main")).to_contain_text("The summary is saved.")
    page.go_back()
    expect(page.get_by_label("Overall summary")).to_have_value("Second words.")
    page.get_by_label("Overall summary").fill("Third words.")
    page.get_by_role("button", name="Save").first.click()

    expect(page.locator("main")).to_contain_text("The summary is saved.")
    context.close()


# Oneself in two windows


@pytest.mark.parametrize("width", [1440, 390])
def test_own_other_window_is_told_as_such(as_person, axe, width):
    page = as_person("ann", width=width)
    other = page.context.new_page()
    other.goto(RETURN)
    line = page.locator(f"#line-{returns.keys()['C1']}")
    for window, figure in ((other, "95"), (page, "90")):
        window.locator(f"#id_line-{returns.keys()['C1']}-figure").fill(figure)
        window.get_by_role("button", name="Send for sign-off").focus()
        expect(window.locator(f"#line-{returns.keys()['C1']} [data-saved]")).to_contain_text(
            re.compile("Saved at|Not saved:")
        )

    expect(line.locator(".clash")).to_contain_text("You have saved another version of this line")
    expect(line.locator(".clash")).not_to_contain_text("Ann")
    assert axe(page, within=".clash") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    line.get_by_label("Keep what I entered here").check()
    page.get_by_role("button", name="Send for sign-off").focus()

    expect(line.locator("[data-saved]")).to_contain_text("Saved at")
    assert MonthlyValue.objects.get(indicator=returns.keys()["C1"], month=returns.FEBRUARY).figure == 90


def test_page_after_signing_out_fits_and_is_accessible(as_person, axe):
    page = as_person("ann", width=320)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have signed out")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
