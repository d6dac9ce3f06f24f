"""The indicator page in a real Chromium, with the demonstration's figures and the real content security policy."""

import struct

import pytest
from playwright.sync_api import expect

from indicators.models import Indicator

from .conftest import FITS, REPORT

pytestmark = pytest.mark.browser

# Pixels of the canvas that are not empty.
INKED = """() => {
  const canvas = document.querySelector('#chart-live canvas');
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  return data.filter((part, place) => place % 4 === 3 && part > 0).length;
}"""


@pytest.fixture
def opened(at, transactional_db):
    """Open an indicator's page by its reference."""

    def open_page(reference, query="", width=1440):
        key = Indicator.objects.get(reference=reference).pk
        return at(f"{REPORT}indicators/{key}/{query}", width)

    return open_page


@pytest.mark.parametrize("reference", ["M1", "LAC12 (%)", "FM012", "NI147", "M2"])
def test_page_is_accessible_and_fits(opened, faults, reference):
    page = opened(reference)
    expect(page.locator("#chart-live canvas")).to_be_visible()

    assert faults(page) == []


def test_chart_is_drawn_on_a_phone(opened, faults):
    page = opened("M1", width=320)
    expect(page.locator("#chart-live canvas")).to_be_visible()

    assert page.evaluate(INKED) > 2000
    assert page.evaluate(FITS)


def test_canvas_is_drawn_in_place_of_the_drawing(opened):
    page = opened("M1")

    expect(page.locator("#chart-live")).to_be_visible()
    expect(page.locator("#chart-still")).to_be_hidden()
    assert page.evaluate(INKED) > 2000


def test_drawing_stays_on_paper(opened):
    page = opened("M1")
    expect(page.locator("#chart-live")).to_be_visible()
    page.emulate_media(media="print")

    expect(page.locator("#chart-still")).to_be_visible()
    expect(page.locator("#chart-live")).to_be_hidden()


def test_arrow_keys_read_point_after_point(opened):
    page = opened("M1")
    readout = page.get_by_role("status")
    expect(readout).to_contain_text("January 2021: 1,464.")
    chart = page.get_by_role("application")
    chart.focus()

    for key, said in (
        ("ArrowLeft", "December 2020: 1,507."),
        ("ArrowLeft", "November 2020: 1,787."),
        ("ArrowRight", "December 2020: 1,507."),
        ("Home", "January 2020: 1,420, estimated."),
        ("End", "January 2021: 1,464."),
    ):
        chart.press(key)
        expect(readout).to_contain_text(said)


def test_pointer_reads_the_point_under_it(opened):
    page = opened("M1")
    expect(page.locator("#chart-live")).to_be_visible()
    box = page.locator("#chart-live canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.08, box["y"] + 100)

    expect(page.get_by_role("status")).to_contain_text("January 2020")


def test_span_is_a_link(opened):
    page = opened("M1")
    page.get_by_role("link", name="13 months").click()

    page.wait_for_url("**?months=13")
    expect(page.locator("main [aria-current=true]")).to_have_text("13 months")


def test_chart_is_downloaded_as_png(opened):
    page = opened("M1")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download PNG").click()

    assert waiting.value.suggested_filename.endswith(".png")
    data = waiting.value.path().read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    assert width > 400
    assert height > 300
    assert len(data) > 8000


def test_figures_are_downloaded_as_csv(opened):
    page = opened("M1")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download CSV").click()

    lines = waiting.value.path().read_text().splitlines()
    assert lines[-1].startswith('2021-01,"1,464",1464,')


@pytest.fixture
def without_javascript(browser, browser_context_args):
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})
    yield context.new_page()
    context.close()


def test_page_works_without_javascript(without_javascript, transactional_db):
    key = Indicator.objects.get(reference="M1").pk
    without_javascript.goto(f"{REPORT}indicators/{key}/")

    expect(without_javascript.locator(".chart-svg")).to_be_visible()
    expect(without_javascript.locator("#chart-live")).to_be_hidden()
    expect(without_javascript.get_by_role("button", name="Download PNG")).to_be_hidden()
    expect(without_javascript.get_by_role("row", name="Jan 2021 1,464")).to_be_visible()
