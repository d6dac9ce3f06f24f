"""A month with small counts: its texts decided one by one, read as the public will, published, and attacked."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from commentary.models import Commentary, Overview
from indicators.models import Indicator
from scorecard.disclosure.texts import WITHHELD
from scorecard.models import Edition
from tests.databases import database_with
from tests.disclosure_attacker import Attacker, read_csv, read_json
from tests.disclosure_pages import read_indicator_page, read_report_page

from . import publications

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PUBLISH, REPORT = "/collection/families/2021-02/publish/", "/scorecards/families/2021-02/"
FEBRUARY = publications.FEBRUARY
NAMED, QUIET, SUMMARY = "2 children were missing.", "Visits were late because of the snow.", "As many as in October."


def make_month():
    """February in review, with texts near a small count, and an overview."""
    publications.make_published()
    small = Indicator.objects.get(reference="S1")
    Commentary.objects.create(indicator=small, month=publications.NOVEMBER, text=QUIET)
    edition = Edition.objects.get(month=FEBRUARY)
    edition.overview = Overview.objects.create(title="February", summary=SUMMARY)
    edition.save()


transactional_db = database_with(make_month)


def test_texts_are_decided_one_by_one_published_and_attacked(as_person, faults):
    page = as_person("officer", PUBLISH)
    page.get_by_role("link", name="Decide which texts the public reads").click()
    expect(page.get_by_role("heading", name="3 texts wait for you")).to_be_visible()
    assert faults(page) == []

    # By keyboard: the riskiest comes first.
    first = page.get_by_role("article").first
    expect(first).to_contain_text(NAMED)
    expect(first.locator("mark")).to_have_text(["2"])
    first.get_by_text("Reword").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(first.get_by_label("What the public reads in its place")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("The police search for each child who is missing.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2 texts wait for you")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Keep withheld.*Overall summary$")).click()
    page.get_by_role("button", name=re.compile("^Clear.*Commentary of S1, November 2020$")).click()
    expect(page.get_by_text("All are decided.")).to_be_visible()

    page.get_by_role("link", name="Read it as the public will").click()
    expect(page.locator(".summary")).to_have_text(WITHHELD)
    expect(page.locator("main")).to_contain_text("The police search for each child who is missing.")
    expect(page.locator("main")).not_to_contain_text(NAMED)
    page.get_by_role("link", name="Children missing").first.click()
    expect(page.get_by_text("As the public will read it.")).to_be_visible()
    expect(page.locator("main")).to_contain_text(QUIET)

    page.goto(PUBLISH)
    page.get_by_label("I have looked at").check()
    page.get_by_role("button", name="Publish February 2021").click()
    expect(page.locator("main")).to_contain_text(NAMED)

    assert_nothing_is_given_away(Client())

    # What was cleared by mistake is taken back: nobody reads it any more, and the list says that something was.
    page.goto(REPORT)
    page.get_by_role("link", name="Take something back").click()
    page.get_by_label("Words, such as a name").check()
    page.get_by_label("Which words?").fill("because of the snow")
    page.get_by_role("button", name="Find every place").click()
    page.get_by_label("Why is it withheld?").fill("it told where a child lives")
    page.get_by_role("button", name="Withhold it now").click()
    expect(page.locator("main")).to_contain_text("Readers see")
    assert faults(page) == []
    page.get_by_role("link", name="All that was withheld or revised").click()
    expect(page.locator("main")).to_contain_text("it told where a child lives")
    visitor = Client()
    assert not any("because of the snow" in text for text in assert_nothing_is_given_away(visitor).values())
    for address in ("/scorecards/families/withheld/", "/scorecards/families/archive/"):
        assert "because of the snow" not in visitor.get(address).content.decode()


def assert_nothing_is_given_away(visitor):
    key, attacker = Indicator.objects.get(reference="S1").pk, Attacker()
    for month in ("2020-04", "2020-06", "2020-08", "2020-10", "2020-12", "2021-02"):
        attacker.hide(("S1", month))
    pages = [f"{REPORT}{file}" for file in ("report.json", "report.csv", "", f"indicators/{key}/")]
    texts = {address: visitor.get(address).content.decode("utf-8-sig") for address in pages}
    assert not any(NAMED in text or SUMMARY in text for text in texts.values())
    as_json, as_csv, report, indicator = texts.values()
    read_json(attacker, as_json)
    read_csv(attacker, as_csv)
    read_report_page(attacker, report, "2021-02")
    read_indicator_page(attacker, "S1", indicator)
    assert attacker.given_away() == []
    return texts
