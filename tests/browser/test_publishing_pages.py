"""The pages of publishing and of published reports: nothing for axe to find, and nothing to scroll sideways for."""

import pytest

from tests.databases import database_with

from . import publications

pytestmark = pytest.mark.browser

# The report's tables have their own, which test_report.py tests.
OPEN = "document.querySelectorAll('main details:not(.report-board *)').forEach(details => details.open = true)"
ARCHIVE, COMPARE = "/scorecards/families/archive/", "/scorecards/families/compare/"
REPORT, PUBLISH, REVISE = (
    "/scorecards/families/2021-01/",
    "/collection/families/2021-02/publish/",
    "/collection/families/2021-01/revise/",
)
PAGES = {
    "publishing": ("officer", PUBLISH, "What the public will not see"),
    "revising": ("officer", REVISE, "What kind of revision is it?"),
    "revised report, as the public reads it": (None, REPORT, "Revised on"),
    "outdated report": (None, f"{REPORT}publications/1/", "Outdated."),
    "report not yet published": ("officer", "/scorecards/families/2021-02/", "Not published"),
    "archive": (None, ARCHIVE, "correction of an error"),
    "comparison": (None, f"{COMPARE}?earlier=2021-01.1&later=2021-01", "Corrected"),
    "comparison of months": ("officer", f"{COMPARE}?earlier=2020-11&later=2021-01", "What has changed"),
    "the same report twice": (None, f"{COMPARE}?earlier=2021-01&later=2021-01", "the same report twice"),
    "policy": (None, "/revisions-policy/", "Corrections"),
}


transactional_db = database_with(publications.make_published)


@pytest.fixture
def assert_accessible(faults):
    """That a page has nothing to find and fits, with everything opened, at every width."""

    def check(page):
        page.evaluate(OPEN)
        assert faults(page) == []

    return check


@pytest.mark.parametrize(("person", "address", "words"), PAGES.values(), ids=PAGES)
def test_page_is_accessible_and_fits(at, as_person, assert_accessible, person, address, words):
    page = as_person(person, address) if person else at(address)

    assert words in page.locator("main").inner_text()
    assert_accessible(page)


@pytest.mark.parametrize(
    ("address", "button", "words"),
    [
        (PUBLISH, "Publish February 2021", "Say that you have looked"),
        (REVISE, "Publish the revision", "Say why the report is revised."),
    ],
    ids=["publishing", "revising"],
)
def test_errors_of_a_form_are_accessible(as_person, assert_accessible, complaints, address, button, words):
    page = as_person("officer", address)
    page.get_by_role("button", name=button).click()

    assert words in page.get_by_role("alert").inner_text()
    assert_accessible(page)
    forgive_refusal(complaints)


def test_error_of_a_comparison_is_accessible(at, assert_accessible, complaints):
    page = at(f"{COMPARE}?earlier=2019-01")

    assert "not on the list" in page.get_by_role("alert").inner_text()
    assert_accessible(page)
    forgive_refusal(complaints)


def test_small_counts_are_hidden_and_explained(at):
    page = at(REPORT.replace("2021-01", "2020-12"))

    assert "[c]" in page.locator("tr", has_text="Children missing").inner_text()
    assert "[c]: confidential: a count of 1 to 5" in page.locator(".key").inner_text()


def forgive_refusal(complaints):
    """The browser's own complaint about an answer that is no success."""
    assert all("422" in complaint for complaint in complaints)
    complaints.clear()
