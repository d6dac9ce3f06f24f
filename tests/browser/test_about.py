"""Pages about the site in a real browser: axe, widths, text spacing, and what the browser really keeps."""

import pytest

from scorecard.demonstration import SLUG
from scorecard.views.about import STORED
from tests.browser.conftest import FITS, REPORT

pytestmark = pytest.mark.browser

RETURN = f"/returns/{SLUG}/2021-02/"
PAGES = [
    "/accessibility/",
    "/accessibility/criteria/",
    "/privacy/",
    "/cookies/",
    "/contact/",
    "/release-practice/",
    "/confidentiality/",
]
# As 1.4.12 has it: what readers may set without losing anything.
SPACING = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
}"""
# Elements whose text is cut off: those that hide what does not fit.
CUT_OFF = """() => [...document.querySelectorAll("main *, footer *")].filter(one => {
    const style = getComputedStyle(one);
    return one.offsetHeight > 1 && (style.overflowX === "hidden" || style.overflowY === "hidden") &&
        (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
}).map(one => one.outerHTML.slice(0, 100))"""


def test_pages_are_accessible_and_fit(at, faults):
    assert {address: wrong for address in PAGES if (wrong := faults(at(address)))} == {}


def test_nothing_is_lost_with_wider_spacing_of_text(at, as_person):
    for address in ("/accessibility/", "/sign-in/", REPORT):
        page = at(address, 390)
        page.evaluate(SPACING)
        assert page.evaluate(FITS), address
        assert page.evaluate(CUT_OFF) == [], address
    page = as_person("mash.lead", RETURN, 390)
    page.evaluate(SPACING)
    assert page.evaluate(FITS)
    assert page.evaluate(CUT_OFF) == []


def test_readers_of_public_reports_get_no_cookie(at):
    page = at(REPORT)
    page.get_by_label("Find", exact=True).fill("children")
    assert page.context.cookies() == []
    assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0


def test_browser_keeps_what_the_page_on_cookies_says_and_nothing_else(page, live_server, transactional_db):
    """A reporter signs in, types without saving, saves the whole return, and reads on."""
    kept, set_cookies = set(), set()

    def note(response):
        for header in response.headers_array():
            if header["name"].lower() == "set-cookie":
                set_cookies.add(header["value"].split("=")[0])

    page.on("response", note)
    page.goto("/sign-in/")
    page.get_by_label("Username").fill("mash.lead")
    page.get_by_label("Password", exact=True).fill("right")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "sign-in" not in address)
    page.goto(RETURN)
    page.locator("main input[inputmode]").first.fill("12")
    kept |= set(page.evaluate("Object.keys(localStorage)"))
    page.get_by_role("button", name="Save").first.click()
    page.wait_for_load_state()
    page.goto("/cookies/")
    kept |= set(page.evaluate("Object.keys(localStorage)"))
    cookies = {cookie["name"] for cookie in page.context.cookies()}
    assert page.evaluate("Object.keys(sessionStorage)") == []

    told = {item.name for item in STORED if item.kind == "Cookie"}
    assert cookies | set_cookies == told
    storage = {key.split(":")[0] + ":…" for key in kept}
    assert storage == {item.name for item in STORED if item.kind == "Local storage"}
    shown = page.locator("tbody th").all_inner_texts()
    assert shown == [item.name for item in STORED]
