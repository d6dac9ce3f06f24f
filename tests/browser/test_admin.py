"""The administration in a real browser: axe finds nothing on the pages a performance officer uses."""

import pytest
from playwright.sync_api import expect

from indicators.models import Indicator, Target
from scorecard.models import CouncilDetails, Section

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


# Those with wide tables and long texts, and what asks why a change is right.
ON_A_PHONE = [
    "/admin/",
    "/admin/indicators/target/{target}/change/",
    "/admin/indicators/target/{target}/delete/",
    "/admin/indicators/target/copy/?year=2019",
    "/admin/indicators/target/{target}/history/",
    "/admin/indicators/comparator/",
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


def test_pages_fit_a_phone_and_can_be_read_in_the_councils_colours(officer_page, axe):
    target = Target.objects.create(indicator=Indicator.objects.get(reference="LAC1"), year=2020, value=400)
    CouncilDetails.objects.update_or_create(defaults={"colour": "#f2c300", "second_colour": "#7a1f5c"})
    officer_page.set_viewport_size({"width": 390, "height": 800})
    for scheme in ("light", "dark"):
        officer_page.emulate_media(color_scheme=scheme)
        for address in ON_A_PHONE:
            officer_page.goto(address.format(target=target.pk))
            expect(officer_page.locator(".select2-selection:not([data-named])")).to_have_count(0)
            found = [fault for fault in axe(officer_page) if not fault.startswith(DJANGOS_OWN)]
            wide = officer_page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert (address, scheme, found, wide) == (address, scheme, [], 0)


def test_every_page_has_a_few_doors(officer_page):
    officer_page.goto("/admin/indicators/target/")

    assert officer_page.locator("#nav-sidebar").count() == 0
    assert officer_page.locator("main a[href^='/admin/'][href$='/add/']").count() == 1
    expect(officer_page.get_by_role("heading", name="Targets", exact=True)).to_be_visible()
    header = officer_page.locator("#user-tools")
    expect(header.get_by_role("link", name="Manage")).to_have_attribute("href", "/admin/")
    header.get_by_role("button", name="Sign out").click()
    expect(officer_page.get_by_role("heading", level=1)).to_contain_text("signed out")
