"""Pages as a real Chromium prints them, read back from its PDF."""

import io

import pytest
from pypdf import PdfReader

from tests.scorecard.files.paper.reading import A4_PORTRAIT, board_of, plain, size, texts

from .conftest import REPORT

pytestmark = pytest.mark.browser

INDICATOR = 'a[href*="/indicators/"]'
LINES = """[...document.querySelectorAll(".line")].filter(line => !line.hidden).map(line => [
    line.querySelector(".indicator").innerText, line.querySelector(".words-inner p").innerText])"""


@pytest.fixture
def printed(page):
    """What is printed of the page that is open."""

    def reader():
        return PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))

    return reader


@pytest.fixture(scope="module")
def kept():
    """What one test printed and the others read too."""
    return {}


@pytest.fixture
def report(at, printed, kept):
    """The printed report, and the texts of its pages."""
    if not kept:
        at(REPORT)
        reader = printed()
        kept["report"] = reader, texts(reader)
    return kept["report"]


def test_overview_and_key_are_printed_on_a4_and_the_board_on_a3(report):
    reader, pages = report
    sizes = [size(page) for page in reader.pages]
    board = board_of(reader, pages)

    assert list(board) == list(range(min(board), max(board) + 1))
    assert sizes[: min(board) - 1] == [A4_PORTRAIT] * (min(board) - 1)
    assert sizes[max(board) :] == [A4_PORTRAIT] * 2
    assert "What to look at" in pages[0]
    assert "How to read this report" in pages[max(board)]


def test_headings_are_repeated_on_every_page_of_the_board(report):
    headings = ("Indicator", "Jan 2021", "Desired direction", "Signal", "Against target", "England", "Reporter")
    board = board_of(*report)

    assert len(board) > 3
    assert [heading for text in board.values() for heading in headings if heading not in text] == []


def test_no_line_is_split_between_printed_pages(at, report, page):
    board = board_of(*report)
    at(REPORT)
    # The marks behind links are not printed.
    page.locator(".term-mark").evaluate_all("marks => marks.forEach((one) => one.remove())")
    lines = [[plain(text) for text in line] for line in page.evaluate(LINES)]

    split = [head for head, words in lines if not any(head in text and words in text for text in board.values())]
    assert len(lines) == 64
    assert split == []


def test_every_printed_page_is_numbered(report):
    _, pages = report
    numbered = [number for number, text in enumerate(pages, start=1) if f"Page {number} of {len(pages)}" in text]
    assert numbered == [*range(1, len(pages) + 1)]


def test_controls_and_addresses_of_links_are_not_printed(report):
    _, pages = report
    text = " ".join(pages)
    unwanted = ("Sign in", "Download CSV", "Show all", "Find", "/scorecards/", "Skip to main content", "Showing")
    assert [word for word in unwanted if word in text] == []


def test_what_is_counted_is_printed_without_opening_it(report):
    _, pages = report
    assert "What is counted. Every contact about a child received in the month" in " ".join(pages)


def test_print_of_some_lines_says_how_many_there_are(at, printed):
    at(f"{REPORT}?look=any&order=look")

    assert "Showing 16 of 64 indicators" in " ".join(texts(printed()))


def test_indicator_is_printed_on_a4_with_its_drawing_and_figures(at, printed):
    page = at(REPORT)
    page.locator(INDICATOR).first.click()
    page.wait_for_url("**/indicators/*/")
    reader = printed()
    [first, *others] = texts(reader)

    assert {size(sheet) for sheet in reader.pages} == {A4_PORTRAIT}
    assert "Upper limit" in first
    assert "998 to 1,805" in first
    assert "Download" not in " ".join([first, *others])


def test_table_of_an_indicator_is_printed_whole(at, printed):
    page = at(REPORT)
    page.locator(INDICATOR).first.click()
    page.wait_for_url("**/indicators/*/")

    text = " ".join(texts(printed()))
    assert "Jan 2021 1,464" in text
    assert "Jan 2020 1,420" in text


def test_comparison_is_printed_as_a_table(at, printed):
    at(f"{REPORT.removesuffix('2021-01/')}compare/")
    reader = printed()
    text = " ".join(texts(reader))

    assert {size(sheet) for sheet in reader.pages} == {A4_PORTRAIT}
    assert "Against target" in text
    # No page has only the site's foot.
    assert min(len(one) for one in texts(reader)) > 200
    # Nor do its cells say again what they are, as on a phone.
    assert "Change:" not in text
