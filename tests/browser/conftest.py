"""The demonstration, loaded once for all tests of a module, and pages that fail a test when they complain."""

import pytest
from django.test.testcases import LiveServerThread, ThreadedWSGIServer
from playwright.sync_api import Locator, expect
from pytest_django.live_server_helper import LiveServer

from scorecard.demonstration import SLUG
from tests.databases import database_with
from tests.demonstration import demonstration_loaded

from . import returns

REPORT = f"/scorecards/{SLUG}/2021-01/"
# 320 is what 1280 pixels are at 400% zoom.
WIDTHS = (1440, 390, 320)
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
# A report's board is wider than most screens, and is a list of cards on a phone.
HEAD_FITS = "document.querySelector('.report-head').getBoundingClientRect().right <= innerWidth"

# Milliseconds: enough for a busy machine; nothing waits longer than it takes.
expect.set_options(timeout=15_000)


transactional_db = database_with(demonstration_loaded)


def until_loaded(click):
    """A click that opens a page ends once the page is whole, not when its first byte is there.

    Whatever does not wait by itself, such as a count, a script or axe, could otherwise meet an empty page.
    """

    def clicked(locator, *given, **named):
        click(locator, *given, **named)
        locator.page.wait_for_load_state()

    return clicked


Locator.click = until_loaded(Locator.click)


class QuickToStop(ThreadedWSGIServer):
    """Looks whether it has to stop a hundred times a second, not twice as usual, for which each test would wait."""

    def serve_forever(self, poll_interval: float = 0.01) -> None:
        super().serve_forever(poll_interval)


LiveServerThread.server_class = QuickToStop


@pytest.fixture
def live_server(transactional_db):
    """In place of pytest-django's: a server for each test, which knows nothing of another test's database."""
    server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture
def browser_context_args(browser_context_args, live_server):
    """`page.goto("/path")` goes to the live server, in British English and London time."""
    return {
        **browser_context_args,
        "base_url": live_server.url,
        "locale": "en-GB",
        "timezone_id": "Europe/London",
        "reduced_motion": "reduce",
    }


@pytest.fixture(autouse=True)
def complaints(page):
    """What the browser complains of: script errors, and whatever the content security policy keeps out."""
    found = []
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    yield found
    assert found == []


@pytest.fixture
def faults(axe):
    """`assert faults(page) == []`: what axe finds at every width, and where there is something to scroll sideways for.

    A page at all widths costs a fifth of what it costs to open it anew for each.
    """

    def found(page):
        told = []
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            told += [f"{width}: {fault}" for fault in axe(page)]
            has_wide_board = width >= 992 and page.locator(".report-board .board:not(.board-month)").count()
            if not page.evaluate(HEAD_FITS if has_wide_board else FITS):
                told.append(f"{width}: wider than the window")
        return told

    return found


@pytest.fixture
def at(page):
    """Open an address of the site at a width."""

    def opened(address, width=1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        return page

    return opened


@pytest.fixture
def as_person(page, live_server):
    """The page with somebody signed in."""

    def signed_in(username, address=returns.RETURN, width=1440):
        page.context.add_cookies([returns.cookie_of(username, live_server.url)])
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address.format(**returns.keys()))
        return page

    return signed_in
