"""A whole month in a real Chromium: opened, entered by two reporters, sent, sent back, corrected, signed off."""

import re

import pytest
from playwright.sync_api import expect

from indicators.moments import today_in_britain
from scorecard.models import Edition
from tests.databases import database_with
from tests.factories import publish

from . import returns
from .returns import COLLECTION, RETURN, SIGN_OFF
from .test_returns import figure, line

pytestmark = pytest.mark.browser


def january_published():
    publish(returns.make_service())
    returns.make_officer()


transactional_db = database_with(january_published, scope="function")


@pytest.fixture
def page_of(browser, browser_context_args, live_server):
    """Each person has a browser of their own."""
    contexts = {}

    def opened(username, address):
        if username not in contexts:
            contexts[username] = browser.new_context(**browser_context_args)
            contexts[username].add_cookies([returns.cookie_of(username, live_server.url)])
            contexts[username].new_page()
        page = contexts[username].pages[0]
        page.goto(address)
        return page

    yield opened
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_month_from_opening_to_signing_off(page_of, axe, width):
    def at(username, address):
        page = page_of(username, address)
        page.set_viewport_size({"width": width, "height": 900})
        assert axe(page) == []
        return page

    open_the_month(at("officer", "/editions/"))
    enter_as_ann(at("ann", "/start/"))
    enter_as_ben(at("ben", RETURN))
    watch(at("officer", COLLECTION))
    send_one_back(at("olive", "/start/"))
    correct(at("ann", "/start/"))
    sign_off(at("olive", SIGN_OFF))
    finish(at("officer", COLLECTION))
    assert Edition.objects.published().filter(month=returns.FEBRUARY).exists()


def open_the_month(page):
    page.get_by_role("button", name="Open the next month").click()
    expect(page.get_by_label("Month")).to_have_value("2021-02")
    # The day that is suggested is a working day; the story is told on any.
    page.get_by_label("Opening date").fill(today_in_britain().isoformat())
    page.get_by_role("button", name="Open for collection").click()
    expect(page.locator(".told")).to_contain_text("February 2021 is open for collection.")


def enter_as_ann(page):
    expect(page).to_have_url(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + RETURN)
    for reference, text in {"C1": "180", "C2": "61", "C3": "101", "C4": "99", "C5": "103", "F1": "100.5"}.items():
        figure(page, reference).fill(text)
    for reference in ("P1", "P2"):
        numbers = line(page, reference).locator(".entry-numbers input")
        numbers.first.fill("41")
        numbers.last.fill("102")
    expect(line(page, "P2").locator(".entry-result")).to_contain_text("40%")
    page.get_by_role("button", name="Send for sign-off").click()
    problems = page.locator("#problems")
    expect(problems).to_contain_text("C1: ")
    expect(problems).to_contain_text("Check the figure, or say why it is right all the same.")
    warnings = line(page, "C1").locator(".asked")
    expect(warnings.first).to_contain_text("180 is above what is usual")
    expect(page.locator("[data-missing]")).to_contain_text("C1")
    for field in warnings.locator("textarea").all():
        field.fill("A campaign ran in February.")
    for field in line(page, "D1").locator(".asked textarea").all():
        field.fill("Follows from C1.")
    page.get_by_role("button", name="Send for sign-off").click()
    expect(page.locator("[data-missing]")).to_be_hidden()
    expect(page.locator("#problems")).to_have_count(0)
    expect(page.locator(".standing-sent")).to_have_count(9)


def enter_as_ben(page):
    expect(page.locator("[data-line]")).to_have_count(2)
    figure(page, "B1").fill("tbc")
    line(page, "B1").get_by_text("No figure, not final, or a note").click()
    line(page, "B1").get_by_label("Note").fill("The supplier reports in March.")
    figure(page, "B2").fill("97")
    page.get_by_role("button", name="Send for sign-off").click()
    expect(page.locator(".standing-sent")).to_have_count(2)


def watch(page):
    expect(page.locator(".totals")).to_contain_text("11 of 11")


def send_one_back(page):
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign-off for February 2021")
    first = page.locator(".entry").filter(has=page.locator(".reference:text-is('C1')"))
    expect(first).to_contain_text("Reason: A campaign ran in February.")
    first.get_by_text("Send back").first.click()
    first.get_by_label("What should be changed?").fill("Please leave the campaign out.")
    first.get_by_role("button", name="Send back").click()
    expect(page.locator(".told")).to_contain_text("C1 was sent back.")


def correct(page):
    expect(line(page, "C1").locator(".entry-note")).to_contain_text("Please leave the campaign out.")
    figure(page, "C1").fill("102")
    page.get_by_role("button", name="Send for sign-off").click()
    expect(line(page, "C1").locator(".standing")).to_contain_text("Sent for sign-off")


def sign_off(page):
    first = page.locator(".entry").filter(has=page.locator(".reference:text-is('C1')"))
    first.get_by_role("button", name="Sign off").click()
    expect(page.locator(".told")).to_contain_text("C1 was signed off.")
    # What is unusual one by one, each followed by the next; the others with one button.
    look = page.locator("section[aria-labelledby=look] .entry")
    while left := look.count():
        look.first.get_by_role("button", name="Sign off").click()
        expect(look).to_have_count(left - 1)
    usual = page.get_by_role("button", name=re.compile("^Sign off .* stands? here$"))
    if usual.count():
        usual.click()
    expect(page.locator("section[aria-labelledby=waiting]")).to_contain_text("Nothing is waiting for you now.")


def finish(page):
    page.get_by_role("button", name="End collection and begin the review").click()
    expect(page.locator("main")).to_contain_text("All lines are signed off.")
    page.get_by_role("button", name="Begin the review").click()
    page.get_by_role("button", name="Publish").click()
    page.get_by_label("I have looked at what is listed above").check()
    page.get_by_role("button", name="Publish February 2021").click()
    expect(page.locator(".told")).to_contain_text("February 2021 is published.")
