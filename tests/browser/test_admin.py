"""The administration in a real browser: axe finds nothing on the pages a performance officer uses."""

import pytest
from playwright.sync_api import expect

from indicators.models import Indicator
from scorecard.models import Section

pytestmark = pytest.mark.browser

# Good practice beyond WCAG, in templates of Django's that the scorecard leaves as they are.
DJANGOS_OWN = ("empty-table-header (minor)", "label-title-only (serious)")
PAGES = [
    "/admin/",
    "/admin/indicators/indicator/",
    "/admin/indicators/indicator/{indicator}/change/",
    "/admin/indicators/indicator/{indicator}/history/",
    "/admin/indicators/monthlyvalue/",
    "/admin/indicators/monthlyvalue/add/",
    "/admin/indicators/monthlyvalue/import/",
    "/admin/indicators/target/copy/",
    "/admin/indicators/comparatorgroup/add/",
    "/admin/indicators/crosscheck/add/",
    "/admin/scorecard/scorecard/{scorecard}/change/",
    "/admin/scorecard/section/{section}/change/",
    "/admin/axes/accessattempt/",
    "/admin/indicators/user/add/",
    "/admin/indicators/user/{person}/password/",
    "/security-log/",
    "/admin/scorecard/edition/",
    "/admin/scorecard/reminder/",
]


@pytest.fixture
def complaints():
    """Of no interest here: Django's administration asks for an icon that the site keeps elsewhere."""


@pytest.fixture
def officer_page(page, transactional_db):
    """A performance officer's browser, signed in."""
    page.goto("/sign-in/?next=/admin/")
    page.get_by_label("Username").fill("performance.officer")
    page.get_by_label("Password", exact=True).fill("right")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")
    return page


def test_axe_finds_nothing_on_the_officers_pages(officer_page, axe):
    indicator, section = Indicator.objects.get(reference="LAC1"), Section.objects.first()
    keys = {"indicator": indicator.pk, "section": section.pk, "scorecard": section.scorecard_id}
    keys["person"] = indicator.owner_id
    for address in PAGES:
        officer_page.goto(address.format(**keys))
        # Fields for searching are drawn and named after the page.
        expect(officer_page.locator(".select2-selection:not([data-named])")).to_have_count(0)
        found = [fault for fault in axe(officer_page) if not fault.startswith(DJANGOS_OWN)]
        assert (address, found) == (address, [])
