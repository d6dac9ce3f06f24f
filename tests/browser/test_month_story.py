"""A whole month in a real Chromium: opened, entered on a phone and in rows, sent, sent back, corrected, signed off, its
overview written, published, read and revised. Each page is looked at by axe once, wide and on a phone.
"""

import re

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from indicators.models import MonthlyValue, User
from indicators.moments import today_in_britain
from scorecard.models import Edition
from scorecard.roles import PANEL_MEMBERS
from tests.databases import database_with
from tests.factories import make_user, publish

from . import returns
from .conftest import FITS, HEAD_FITS
from .returns import COLLECTION, RETURN, SIGN_OFF
from .test_returns import COMMENTARY, figure, line

pytestmark = pytest.mark.browser

REPORT = "/scorecards/families/2021-02/"
WIDE, PHONE = 1440, 390
# Who works at a desk, and who on a phone.
WIDTHS = {"officer": WIDE, "ann": PHONE, "ben": WIDE, "olive": PHONE, "member": PHONE}
FIGURES = {"C1": "180", "C2": "61", "C3": "101", "C4": "99", "C5": "103", "F1": "100.5", "P1": "41 102", "P2": "41 102"}


def january_published():
    publish(returns.make_service())
    returns.make_officer()
    make_user("member", name="Mo Member").groups.add(Group.objects.get(name=PANEL_MEMBERS))
    User.objects.filter(username="ben").update(compact_returns=True)


transactional_db = database_with(january_published, scope="function")


@pytest.fixture
def at(browser, browser_context_args, live_server, axe):
    """A person's page at an address, in a browser of their own, once axe has found nothing on it at both widths."""
    contexts = {}

    def opened(username, address):
        if username not in contexts:
            contexts[username] = browser.new_context(**browser_context_args)
            contexts[username].add_cookies([returns.cookie_of(username, live_server.url)])
            contexts[username].new_page()
        page = contexts[username].pages[0]
        page.goto(address)
        own = WIDTHS[username]
        for width in (WIDE + PHONE - own, own):
            page.set_viewport_size({"width": width, "height": 900})
            assert axe(page) == [], (address, width)
            is_report = page.locator(".report-board .board").count() and width == WIDE
            assert page.evaluate(HEAD_FITS if is_report else FITS), (address, width)
        return page

    yield opened
    for context in contexts.values():
        context.close()


def test_month_from_opening_to_a_revision(at):
    open_the_month(at("officer", "/editions/"))
    enter_as_ann(at("ann", "/start/"))
    enter_as_ben(at("ben", RETURN))
    watch(at("officer", COLLECTION))
    send_one_back(at("olive", "/start/"))
    correct(at("ann", "/start/"))
    sign_off(at("olive", SIGN_OFF))
    write_the_overview(at("officer", f"{COLLECTION}overview/"))
    begin_the_review(at("officer", COLLECTION))
    publish_it(at("officer", f"{COLLECTION}publish/"))
    read(at("member", REPORT))
    value = MonthlyValue.objects.get(indicator__reference="C4", month=returns.FEBRUARY)
    value.figure = 89
    value.save()
    revise(at("officer", f"{COLLECTION}revise/"))
    read_the_revision(at("member", REPORT))
    assert Edition.objects.published().filter(month=returns.FEBRUARY).exists()


def open_the_month(page):
    page.get_by_role("button", name="Open the next month").click()
    expect(page.get_by_label("Month")).to_have_value("2021-02")
    # The day that is suggested is a working day; the story is told on any.
    page.get_by_label("Opening date").fill(today_in_britain().isoformat())
    page.get_by_role("button", name="Open for collection").click()
    expect(page.locator(".told")).to_contain_text("February 2021 is open for collection.")


def enter_as_ann(page):
    """On a phone, line by line; one is explained there, another undone."""
    expect(page).to_have_url(re.compile(RETURN + "$"))
    shown, onwards = page.locator(".entry:visible"), page.get_by_role("link", name="Next: ")
    while True:
        reference = shown.locator(".reference").inner_text()
        for field, number in zip(
            shown.locator(".entry-numbers input").all(), FIGURES.get(reference, "").split(), strict=True
        ):
            field.fill(number)
        if not onwards.count():
            break
        onwards.click()
        expect(shown.locator(".reference")).not_to_have_text(reference)
    page.get_by_role("button", name="Send for sign-off").click()
    problems = page.locator("#problems")
    expect(problems).to_contain_text("Check the figure; if it is right, write a commentary that says why")
    problems.get_by_role("link", name="C1: ").click()
    warnings = line(page, "C1").locator(".asked")
    expect(warnings.first).to_contain_text("180 is above what is usual")
    expect(page.locator("[data-missing]")).to_contain_text("C1")
    answer(page, "C1", "A campaign ran in February.")
    answer(page, "D1", "Follows from C1.")
    page.get_by_role("button", name="Send for sign-off").click()
    expect(page.locator("[data-missing]")).to_be_hidden()
    expect(page.locator("#problems")).to_have_count(0)
    expect(page.get_by_role("heading", name="All sent, and this is how it will look")).to_be_visible()
    expect(page.locator(".board .line")).to_have_count(9)


def answer(page, reference, words):
    """Say at a line why it is right; it is reached by the progress on top, and asks nothing more then."""
    page.evaluate("place => location.hash = place", f"line-{returns.keys()[reference]}")
    for field in line(page, reference).locator(".asked textarea").all():
        field.fill(words)


def enter_as_ben(page):
    """In rows, with a commentary below one."""
    expect(page.locator(".entry-row")).to_have_count(2)
    figure(page, "B1").fill("tbc")
    line(page, "B1").locator("summary").click()
    line(page, "B1").get_by_label("Note").fill("The supplier reports in March.")
    figure(page, "B2").fill("97")
    line(page, "B2").locator("summary").click()
    line(page, "B2").get_by_label(COMMENTARY).fill("Steady since the autumn.")
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
    # What was done is said at the line to go on at, where it fits as well.
    assert page.evaluate(FITS)
    # What is unusual one by one, each followed by the next; the others with one button.
    look = page.locator("section[aria-labelledby=look] .entry")
    while left := look.count():
        look.first.get_by_role("button", name="Sign off").click()
        expect(look).to_have_count(left - 1)
    usual = page.get_by_role("button", name=re.compile("^Sign off .* stands? here$"))
    if usual.count():
        usual.click()
    expect(page.locator("section[aria-labelledby=waiting]")).to_contain_text("Nothing is waiting for you now.")


def write_the_overview(page):
    page.get_by_label("Overall summary").fill("A calm month, with one worry.")
    page.get_by_role("button", name="Save the summary").click()
    expect(page.locator(".told")).to_be_visible()


def begin_the_review(page):
    page.get_by_role("button", name="End collection and begin the review").click()
    expect(page.locator("main")).to_contain_text("All lines are signed off.")
    page.get_by_role("button", name="Begin the review").click()
    expect(page.get_by_role("button", name="Publish")).to_be_visible()


def publish_it(page):
    page.get_by_label("I have looked at what is listed above").check()
    page.get_by_role("button", name="Publish February 2021").click()
    expect(page.locator(".told")).to_contain_text("February 2021 is published.")


def read(page):
    expect(page.locator("main")).to_contain_text("A calm month, with one worry.")
    expect(page.locator(".board .line")).to_have_count(11)
    expect(page.locator(".board")).to_contain_text("Steady since the autumn.")


def revise(page):
    expect(page.locator("main")).to_contain_text(re.compile("C4.*99.*89", re.DOTALL))
    page.get_by_label("Correction").check()
    page.get_by_label("Why is it revised?").fill("Ten were counted twice.")
    page.get_by_label("I have looked at what is listed above").check()
    page.get_by_role("button", name="Publish the revision").click()
    expect(page.locator(".publication")).to_contain_text("Ten were counted twice.")


def read_the_revision(page):
    expect(page.locator(".publication")).to_contain_text("Ten were counted twice.")
    expect(page.locator(".line").filter(has=page.locator(".reference:text-is('C4')"))).to_contain_text("89 [r]")
