"""The afternoon in a real Chromium: from an empty installation and a council's own file to a published edition."""

import pytest
from playwright.sync_api import expect

from scorecard.models import Edition, Scorecard
from tests.databases import database_with
from tests.factories import make_officer
from tests.scorecard.onboarding.councils import SHEETS

from . import returns

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FILE = "eskmouth_performance_export.csv"
MOST_PAGES = 25
# What is chosen where a step asks and nothing is suggested, by how the name of the field begins.
ANSWERS = {
    "polarity": "neutral",
    "who": "nobody",
    "as": "not_available",
    "on": "no",
    "held": "left_out",
    "repeats": "first",
}


def nothing_but_an_officer():
    make_officer()


transactional_db = database_with(nothing_but_an_officer, scope="function")


def test_afternoon_from_a_file_to_the_first_edition(context, page, live_server, axe, tmp_path):
    context.add_cookies([returns.cookie_of("officer", live_server.url)])
    looked_at = []

    def look():
        """Each page is looked at once, and counted."""
        looked_at.append(page.url)
        assert "/admin/" not in page.url
        assert axe(page) == [], page.url

    page.goto("/setup/spreadsheets/")
    look()
    page.get_by_label("Spreadsheet").set_input_files(SHEETS / FILE)
    page.get_by_role("button", name="Read the spreadsheet").click()
    while page.get_by_role("button", name="Create the scorecard").count() == 0 and len(looked_at) < MOST_PAGES:
        look()
        answer(page)
        page.locator("button.govuk-button").first.click()
    look()
    if page.get_by_label("I have looked at these").count():
        page.get_by_label("I have looked at these").check()
    page.get_by_role("button", name="Create the scorecard").click()
    expect(page.locator("h1")).to_have_text("What became of the file")
    look()
    page.get_by_role("button", name="Open the first month").click()
    look()
    page.get_by_role("button", name="Open the month").click()
    expect(page.locator("h1")).to_contain_text("is open")
    look()
    page.get_by_role("button", name="Go to the month").click()
    look()
    edition = Edition.objects.get()
    place = f"/collection/{edition.scorecard.slug}/{edition.month:%Y-%m}/"
    page.goto(f"{place}move/in_review/")
    look()
    page.locator("main button.govuk-button").click()
    page.goto(f"{place}publish/")
    look()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".told")).to_contain_text("is published")
    look()

    assert len(looked_at) <= MOST_PAGES
    assert Edition.objects.published().count() == Scorecard.objects.count() == 1


def answer(page):
    """Answers what is open on the page as it suggests, and otherwise in the plainest way."""
    for field in page.locator("main form select, main form input[type=text], main form input:not([type])").all():
        begins = (field.get_attribute("name") or "").partition("_")[0]
        if field.input_value() or begins not in ANSWERS:
            continue
        field.select_option(ANSWERS[begins])
    for wrong in page.locator(".sheet-row", has_text="changed over").locator("input[type=checkbox]").all():
        wrong.check()
