"""Taking something back in a real browser. It writes, so its database is its own."""

import pytest

from tests.browser import publications
from tests.browser.test_publishing_pages import REPORT, assert_accessible, forgive_refusal
from tests.databases import database_with

__all__ = ["assert_accessible"]
pytestmark = pytest.mark.browser
transactional_db = database_with(publications.make_published)


def test_taking_something_back_is_accessible_from_the_report_to_its_list(as_person, assert_accessible, complaints):
    page = as_person("officer", REPORT)
    page.get_by_role("link", name="Take something back").click()
    assert_accessible(page)
    page.get_by_label("Words, such as a name").check()
    page.get_by_label("Which words?").fill("missing")
    page.get_by_role("button", name="Find every place").click()
    assert_accessible(page)
    page.get_by_role("button", name="Withhold it now").click()
    assert "Say why it is withheld." in page.get_by_role("alert").inner_text()
    assert_accessible(page)
    page.get_by_label("Why is it withheld?").fill("it named a person")
    page.get_by_role("button", name="Withhold it now").click()
    assert "Readers see" in page.locator("main").inner_text()
    assert_accessible(page)
    page.get_by_role("link", name="All that was withheld or revised").click()
    assert "it named a person" in page.locator("main").inner_text()
    assert_accessible(page)
    forgive_refusal(complaints)
