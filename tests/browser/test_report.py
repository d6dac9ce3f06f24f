"""The pages in a real Chromium, with the demonstration's figures and the real content security policy."""

import re

import pytest
from playwright.sync_api import expect

from scorecard.models import Scorecard

from .conftest import REPORT, WIDTHS

pytestmark = pytest.mark.browser

PAGES = {
    "report": REPORT,
    "filtered, with errors": f"{REPORT}?assessment=worse&words=LAC&section=nope&owner=nope&rating=nope"
    "&signal=nope&look=nope&order=nope#lines",
    "what to look at first": f"{REPORT}?order=look#lines",
    "sign-in": "/sign-in/",
}
NOT_FOUND = {"month not found": REPORT.replace("2021-01", "2" * 200), "page not found": "/nope/"}


def shown(page):
    return page.locator(".line:visible .reference").all_inner_texts()


def top_of(locator):
    return locator.bounding_box()["y"]


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_page_is_accessible_and_fits(at, faults, address):
    assert faults(at(address)) == []


def test_pages_of_what_is_not_there_are_accessible_and_fit(at, faults, complaints):
    assert {name: wrong for name, address in NOT_FOUND.items() if (wrong := faults(at(address)))} == {}
    assert ["404" in complaint for complaint in complaints] == [True] * len(NOT_FOUND)
    complaints.clear()


def test_home_is_accessible_and_fits(at, faults):
    """Where no scorecard comes first, all that the reader may read are offered."""
    first = Scorecard.objects.get()
    place, first.position = first.position, None
    first.save()
    other = Scorecard.objects.create(slug="other", title="Schools", council="C", panel="P", is_public=True)
    try:
        page = at("/")
        expect(page.get_by_role("heading", level=2)).to_have_count(2)
        assert faults(page) == []
    finally:
        other.delete()
        first.position = place
        first.save()


def test_refused_sign_in_is_accessible_and_fits(at, faults):
    page = at("/sign-in/")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    assert faults(page) == []

    page.get_by_label("Username").fill("head.of.quality")
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("correct username and password")
    assert faults(page) == []


def test_error_leads_to_its_field(at):
    page = at("/sign-in/")
    page.get_by_role("button", name="Sign in").click()

    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("link", name="Enter your password.").press("Enter")

    expect(page.get_by_label("Password", exact=True)).to_be_focused()


# Tables on a wide screen


def test_headings_and_indicators_stay_when_scrolled(at):
    page = at(f"{REPORT}?columns=all")
    table = page.get_by_role("table", name="Child protection")
    line = table.locator(".line").nth(3)
    line.evaluate("line => window.scrollTo(500, line.getBoundingClientRect().top + window.scrollY - 200)")

    heading = table.get_by_role("columnheader", name="England").bounding_box()
    indicator = line.get_by_role("rowheader").bounding_box()
    corner = table.get_by_role("columnheader", name="Indicator").bounding_box()

    assert heading["y"] == pytest.approx(0, abs=1)
    assert indicator["x"] == pytest.approx(0, abs=1)
    assert (corner["x"], corner["y"]) == pytest.approx((0, 0), abs=1)
    assert indicator["y"] == pytest.approx(200, abs=2)


def test_everything_but_tables_stays_when_scrolled_sideways(at):
    page = at(REPORT)
    # A month's columns fit the window.
    assert page.evaluate("document.documentElement.scrollWidth") == 1440
    page = at(f"{REPORT}?columns=all")
    page.evaluate("window.scrollTo(5000, 0)")

    assert page.evaluate("window.scrollX") > 500
    for band in page.locator(".band:visible").all():
        assert band.bounding_box()["x"] == 0
        assert band.bounding_box()["width"] <= 1440


@pytest.mark.parametrize("query", ["", "?columns=all"], ids=["of the month", "all"])
def test_columns_stand_under_their_headings(at, query):
    page = at(REPORT + query)
    table = page.locator(".board").first
    headings = [heading.bounding_box() for heading in table.locator("thead th:visible").all()]
    first = table.locator("tbody").first.locator("tr").first
    cells = [cell.bounding_box() for cell in first.locator("th, td:visible").all()]

    assert [(box["x"], box["width"]) for box in cells] == [(box["x"], box["width"]) for box in headings]


def test_no_text_is_cut_off(at):
    """Nothing is wider than its own cell, and the words on a line fit into the window."""
    page = at(REPORT)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    for width in (*WIDTHS, 1024):
        page.set_viewport_size({"width": width, "height": 900})
        cut_off = page.evaluate(
            """() => [
                ...[...document.querySelectorAll('.board th, .board td, .tile, .focus, .key dd')]
                    .filter((box) => box.scrollWidth > box.clientWidth + 1),
                ...[...document.querySelectorAll('.words-inner')]
                    .filter((box) => box.getBoundingClientRect().right > innerWidth),
            ].map((box) => box.innerText)"""
        )
        assert (width, cut_off) == (width, [])


def test_phone_shows_the_latest_figures_and_the_rest_on_demand(at, faults):
    page = at(REPORT, 390)
    lines = page.locator(".line")
    assert lines.count() == 64
    # The whole page, on the screen of a common phone.
    assert page.evaluate("document.documentElement.scrollHeight") <= 20 * 844
    first = lines.first
    assert first.locator("td:visible").all_inner_texts()[0].split() == ["1,464"]
    expect(first.locator(".words")).to_be_hidden()

    more = first.get_by_role("button", name="More about M1")
    more.focus()
    page.keyboard.press("Enter")

    expect(first.get_by_role("button", name="Less about M1")).to_have_attribute("aria-expanded", "true")
    expect(first.locator(".words")).to_be_visible()
    assert first.locator("td:visible").count() > 12
    assert faults(page) == []


@pytest.mark.parametrize("width", [390, 320])
def test_figure_on_a_phones_card_is_never_broken(at, width):
    page = at(REPORT, width)
    page.evaluate("document.querySelectorAll('.line .latest').forEach((one) => one.prepend('£11,532,153 '))")
    broken = page.evaluate(
        """() => [...document.querySelectorAll('.line:not(.open) .latest')].flatMap((cell) => {
            const found = [], walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT)
            for (let text = walker.nextNode(); text; text = walker.nextNode())
                for (const word of text.data.matchAll(/\\S+/g)) {
                    const range = document.createRange()
                    range.setStart(text, word.index)
                    range.setEnd(text, word.index + word[0].length)
                    if (new Set([...range.getClientRects()].map((box) => box.top)).size > 1) found.push(word[0])
                }
            return found
        })"""
    )
    assert broken == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_phone_folds_what_comes_beside_the_figures(at, faults):
    """Links open what they lead to, paper and wide windows show everything."""
    page = at(REPORT, 390)
    folds = page.locator("main details.fold")
    done = page.get_by_text("A recruitment campaign has begun with the help of the communications team")
    meaning = page.locator("#key dl")
    # Months and downloads, notes, nine areas of focus, finding, the key.
    expect(folds).to_have_count(13)
    expect(page.locator("main details.fold[open]")).to_have_count(0)
    expect(page.locator(".summary")).to_contain_text("The service is standing up well to Covid")

    page.locator(".focus summary").first.press("Enter")
    expect(done).to_be_visible()
    page.get_by_role("link", name="How to read this report").click()
    expect(meaning).to_be_in_viewport()
    assert faults(page) == []

    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("about:blank")
    page.goto(REPORT)
    expect(meaning).to_be_hidden()
    page.emulate_media(media="print")
    for one in (done, meaning, page.locator(".notice").first):
        assert one.bounding_box()["height"] > 0
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(meaning).to_be_visible()
    expect(page.get_by_text("What words and signs mean")).to_be_hidden()


def test_line_that_a_link_leads_to_is_open_on_a_phone(at):
    page = at(REPORT, 390)
    anchor = page.locator(".line").nth(20).get_attribute("id")
    page.goto(f"{REPORT}#{anchor}")
    expect(page.locator(f"#{anchor} .words")).to_be_visible()


# Finding lines


def test_find_as_you_type_hides_lines_without_asking_the_server(at):
    page = at(REPORT)
    requests = []
    page.on("request", lambda request: requests.append(request.url))

    page.get_by_label("Find", exact=True).press_sequentially("looked plan")

    expect(page.get_by_role("status")).to_have_text(re.compile(r"^Showing [1-9]\d? of 64 indicators$"))
    assert len(shown(page)) == int(page.locator("#count b").inner_text())
    lines = page.locator(".line:visible").evaluate_all("lines => lines.map(one => one.dataset.words + one.textContent)")
    assert all("look" in line.lower() and "plan" in line.lower() for line in lines)
    expect(page).to_have_url(re.compile(r"\?words=looked\+plan$"))
    assert [url for url in requests if "favicon" not in url] == []

    found = page.locator("#count").inner_text()
    page.get_by_label("Find", exact=True).fill("LOÓKED pĺan")
    assert page.locator("#count").inner_text() == found
    for typed in ("kids plan", "children in need", "rereferrals", "adoption", "fostring"):
        page.get_by_label("Find", exact=True).fill(typed)
        drawn = page.request.get(REPORT, params={"words": typed}).text()
        assert f"Showing <b>{len(shown(page))}</b> of 64" in drawn, typed
        assert 0 < len(shown(page)) < 64, typed


def test_filters_work_together_and_can_be_taken_back(at):
    page = at(REPORT)
    page.get_by_label("Section", exact=True).select_option("Child protection")
    page.get_by_label("Since last month", exact=True).select_option("Worse")
    together = shown(page)
    page.get_by_label("Section", exact=True).select_option("All sections")
    page.get_by_label("Since last month", exact=True).select_option("Any")

    assert 0 < len(together) < 19
    assert len(shown(page)) == 64
    expect(page).to_have_url(re.compile(f"{REPORT}$"))


def test_nothing_found_is_said_and_everything_is_one_link_away(at, faults):
    page = at(REPORT)
    page.get_by_label("Find", exact=True).fill("nothing like it")

    expect(page.get_by_role("status")).to_have_text("Showing 0 of 64 indicators")
    expect(page.get_by_text("No indicator fits all of these choices.")).to_be_visible()
    assert page.locator(".section:visible").count() == 0
    assert faults(page) == []
    page.locator("#none-found").get_by_role("link", name="Show all").click()

    # On a phone, where the look for faults left it, nothing filtered means that the filters are folded.
    expect(page.get_by_role("status")).to_be_hidden()
    page.get_by_text("Find indicators").click()
    expect(page.get_by_role("status")).to_have_text("Showing 64 of 64 indicators")
    expect(page.get_by_text("No indicator fits all of these choices.")).to_be_hidden()


def test_address_of_what_was_found_finds_it_again(at):
    page = at(REPORT)
    page.get_by_label("Since last month", exact=True).select_option("Better")
    page.get_by_label("Find", exact=True).fill("assessment")
    found = shown(page)
    expect(page).to_have_url(re.compile(r"\?words=assessment&assessment=better$"))

    page.reload()

    assert 0 < len(found) < 12
    assert shown(page) == found
    expect(page.get_by_label("Since last month", exact=True)).to_have_value("better")


def test_tile_leads_to_its_lines(at):
    page = at(REPORT)
    page.get_by_role("link", name="17 Worse").click()

    expect(page.get_by_role("status")).to_have_text("Showing 17 of 64 indicators")
    expect(page.get_by_role("heading", name="Indicators")).to_be_in_viewport()
    assert len(shown(page)) == 17


# What to look at


def test_line_to_look_at_is_one_key_away(at):
    page = at(REPORT)
    page.locator(".look a").first.focus()
    page.keyboard.press("Enter")

    line = page.locator(".line:target")
    expect(line.locator(".reference")).to_have_text("LAC9")
    expect(line).to_be_in_viewport()
    heading = page.locator(".section", has=line).locator("thead th").first.bounding_box()
    assert top_of(line) >= heading["y"] + heading["height"] - 1


def test_link_to_a_hidden_line_brings_all_back(at):
    page = at(REPORT)
    page.get_by_label("Signal", exact=True).select_option("Improvement")
    expect(page.locator("#count b")).not_to_have_text("64")
    page.locator(".look a").first.click()

    expect(page.locator("#count b")).to_have_text("64")
    expect(page.locator(".line:target")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("label", "choice", "count"),
    [
        ("Signal", "Concern", 3),
        ("Signal", "Could not be examined", 7),
        ("What to look at", "Figure overdue", 2),
        ("What to look at", "New gap to others", 2),
        ("What to look at", "Anything to look at", 16),
        ("What to look at", "Nothing unusual", 43),
        ("What to look at", "Could not be examined", 5),
    ],
)
def test_lines_are_found_by_signal_and_reason_as_the_server_finds_them(at, label, choice, count):
    page = at(REPORT)
    page.locator("#filters").get_by_label(label, exact=True).select_option(choice)
    found = shown(page)
    expect(page).to_have_url(re.compile(r"\?(signal|look)=\w+$"))

    page.reload()

    assert len(found) == count
    assert shown(page) == found


def test_lines_to_look_at_come_first_when_asked_for(at):
    page = at(REPORT)
    page.get_by_label("Signal", exact=True).select_option("Concern")
    page.get_by_label("Order", exact=True).select_option("What to look at first")
    page.get_by_role("button", name="Show").click()

    expect(page.get_by_role("heading", name="What to look at first")).to_be_visible()
    assert shown(page) == ["LAC9", "LAC9 (val)", "LAC16"]
    page.get_by_label("Signal", exact=True).select_option("Any")
    assert shown(page)[3:6] == ["CP5-QL", "CP5-QL (val)", "LSCB17a"]
    expect(page).to_have_url(re.compile(r"\?order=look#lines$"))


class TestWithoutJavaScript:
    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return {**browser_context_args, "java_script_enabled": False}

    def test_form_finds_the_same_lines(self, at):
        page = at(REPORT)
        page.get_by_label("Find", exact=True).fill("looked plan")
        page.get_by_label("Find", exact=True).press("Enter")

        expect(page.get_by_role("status")).to_have_text(re.compile(r"^Showing [1-9]\d? of 64 indicators$"))
        expect(page).to_have_url(re.compile(r"[?&]words=looked\+plan&.*#lines$"))
        assert len(shown(page)) == int(page.locator("#count b").inner_text())
        page.get_by_role("link", name="Show all").first.click()

        expect(page.get_by_role("status")).to_have_text("Showing 64 of 64 indicators")

    def test_tile_leads_to_its_lines(self, at):
        page = at(REPORT)
        page.get_by_role("link", name="10 Better").click()

        expect(page.get_by_role("status")).to_have_text("Showing 10 of 64 indicators")
        assert len(shown(page)) == 10

    def test_rest_to_look_at_is_one_link_away(self, at):
        page = at(REPORT)
        page.get_by_role("link", name="2 more to look at").click()

        expect(page.get_by_role("status")).to_have_text("Showing 16 of 64 indicators")
        assert shown(page)[:2] == ["LAC9", "LAC9 (val)"]

    def test_month_can_be_chosen(self, at):
        page = at(REPORT)
        page.get_by_label("Month", exact=True).select_option("December 2020")
        page.get_by_role("button", name="Go").click()

        expect(page.get_by_role("heading", level=1)).to_contain_text("December 2020")


# Keyboard


def test_skip_link_comes_first_and_leads_to_the_report(at):
    page = at(REPORT)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    assert top_of(page.get_by_role("link", name="Skip to main content")) >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    expect(page.get_by_role("main").get_by_role("link", name="What was withheld or revised")).to_be_focused()


def test_tab_goes_through_the_filters_in_order(at):
    page = at(REPORT)
    page.get_by_label("Find", exact=True).focus()
    for label in ("Section", "Owner", "Against target", "Since last month", "Signal", "What to look at", "Order"):
        page.keyboard.press("Tab")
        expect(page.locator("#filters").get_by_label(label, exact=True)).to_be_focused()
    page.keyboard.press("Tab")

    expect(page.get_by_role("button", name="Show")).to_be_focused()


def test_section_can_be_jumped_to(at):
    page = at(REPORT)
    page.get_by_role("navigation", name="Sections").get_by_role("link", name="Child protection").press("Enter")

    heading = page.get_by_role("heading", name="Child protection", exact=True)
    expect(heading).to_be_in_viewport()
    assert 0 <= top_of(heading) < 100


def test_details_open_with_enter(at):
    page = at(f"{REPORT}?words=LAC1-NI")
    words = page.locator(".line:visible details")
    words.locator("summary").focus()
    page.keyboard.press("Enter")

    expect(words.locator("p").first).to_be_visible()


def test_focus_is_never_hidden_behind_the_headings(at):
    """Going back with Shift+Tab to what lies behind the headings that stay at the top brings it out."""
    page = at(REPORT)
    summaries = page.get_by_role("table", name="Child protection").locator("summary")
    summaries.nth(3).evaluate("one => window.scrollBy(0, one.getBoundingClientRect().top - 20)")
    summaries.nth(4).evaluate("one => one.focus({preventScroll: true})")

    # The link to the line's own page, and what its words mean.
    for _ in range(5):
        page.keyboard.press("Shift+Tab")
        if summaries.nth(3).evaluate("one => one === document.activeElement"):
            break

    expect(summaries.nth(3)).to_be_focused()
    assert summaries.nth(3).evaluate(
        """one => {
            const box = one.getBoundingClientRect();
            return one.contains(document.elementFromPoint(box.left + 5, box.top + 2));
        }"""
    )


# Where the focus is, and what of it can be seen of three points in a row in each of its boxes.
SEEN = """() => {
    const one = document.activeElement;
    if (one === document.body) return null;
    const told = `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 40)}`;
    const isSeen = [...one.getClientRects()].some((box) => [0.1, 0.5, 0.9].some((part) => {
        const top = document.elementFromPoint(box.left + box.width * part, box.top + box.height / 2);
        return top && (one.contains(top) || top.contains(one));
    }));
    return [told, isSeen];
}"""


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844), (320, 256)])
@pytest.mark.each_case
def test_focus_is_never_hidden_on_the_way_through_the_board(at, width, height):
    """Forwards and backwards; 320 by 256 is what 1280 by 1024 pixels are at 400% zoom."""
    page = at(REPORT, width)
    page.set_viewport_size({"width": width, "height": height})
    page.locator(".line .title a").nth(3).focus()

    steps = []
    for key in ("Tab", "Shift+Tab"):
        for _ in range(40):
            page.keyboard.press(key)
            steps.append(page.evaluate(SEEN))

    assert len({told for told, _ in steps}) > 20
    assert [told for told, is_seen in steps if not is_seen] == []


# What is drawn over the middle of each piece of text in the window, other than what the text stands in and the table's
# own headings, which stay and are opaque: behind them a row goes as a whole.
OVER_LETTERS = """() => {
    const isOpaque = (one) => !/^rgba\\(.*, 0(\\.\\d+)?\\)$/.test(getComputedStyle(one).backgroundColor);
    const isBar = (one) => getComputedStyle(one).position === "sticky" && isOpaque(one);
    const stays = (one) => one && (isBar(one) ? one : stays(one.parentElement));
    const found = new Set();
    const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const parent = texts.currentNode.parentElement;
        if (!texts.currentNode.data.trim() || !parent.checkVisibility({contentVisibilityAuto: true})) continue;
        if (parent.closest("svg, option, .govuk-visually-hidden")) continue;
        const range = document.createRange();
        range.selectNodeContents(texts.currentNode);
        for (const box of range.getClientRects()) {
            const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
            if (!top || box.width < 3 || top.contains(parent) || parent.contains(top)) continue;
            const bar = stays(top);
            if (!bar?.matches("th")) found.add(`${top.tagName} ${top.className}: ${texts.currentNode.data}`);
        }
    }
    return [...found];
}"""


@pytest.mark.parametrize("width", [1440, 390, 320])
@pytest.mark.each_case
def test_nothing_ever_covers_letters(at, width):
    page = at(REPORT, width)
    height = page.evaluate("document.documentElement.scrollHeight")

    for place in range(0, height, height // 5):
        page.evaluate(f"scrollTo({{top: {place}, left: {place % 300}, behavior: 'instant'}})")
        assert page.evaluate(OVER_LETTERS) == []

    page.locator(".jump").evaluate(
        "one => Object.assign(one.style, {position: 'fixed', top: '9rem', left: '2rem', width: '20rem'})"
    )
    assert page.evaluate(OVER_LETTERS) != []


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.each_case
def test_words_open_what_they_mean_by_keyboard_without_scripts(new_context, width):
    page = new_context(java_script_enabled=False, viewport={"width": width, "height": 844}).new_page()
    page.goto(REPORT)
    word = page.locator(".look").get_by_role("button", name="Meaning of IFA")
    expect(page.locator(".term-meaning").first).to_be_hidden()

    word.focus()
    page.keyboard.press("Enter")

    opened = page.locator(".term-meaning:popover-open")
    expect(opened).to_have_text("IFA: independent fostering agency.")
    box = opened.bounding_box()
    assert 0 <= box["x"] <= width - box["width"]
    assert 0 <= box["y"] <= 844 - box["height"]

    page.keyboard.press("Escape")
    expect(opened).to_have_count(0)
    expect(word).to_be_focused()


# Paper and weight


def test_print_shows_headings_beside_every_column_and_no_controls(at):
    page = at(REPORT, 794)  # A4
    page.emulate_media(media="print")

    for heading in ("Indicator", "Aug 2020", "Signal", "Against target", "Reporter"):
        expect(page.get_by_role("columnheader", name=heading, exact=True).first).to_be_visible()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    expect(page.locator(".look li")).to_have_count(12)
    assert len(page.locator(".board .icon:visible").all()) > 50
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.get_by_role("button", name="Go")).to_be_hidden()
    assert len(shown(page)) == 64


def test_printed_table_fits_a3(at):
    page = at(REPORT, 794)
    page.emulate_media(media="print")

    a3_without_margins = (420 - 2 * 10) / 25.4 * 96
    assert page.locator(".board").first.bounding_box()["width"] < a3_without_margins


def test_first_view_is_light(page):
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes = []
    client.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))

    page.goto(REPORT, wait_until="networkidle")

    assert len(sizes) >= 3
    assert sum(sizes) < 200_000
