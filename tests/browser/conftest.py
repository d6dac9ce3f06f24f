"""The demonstration, loaded once for all tests of a module, and pages that fail a test when they complain."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from scorecard import demonstration

from . import returns

REPORT = f"/scorecards/{demonstration.SLUG}/2021-01/"

# Milliseconds: enough for a busy machine; nothing waits longer than it takes.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="module")
def transactional_db(django_db_setup, django_db_blocker):
    """In place of pytest-django's, which the live server asks for: that one empties the database after every test."""
    with django_db_blocker.unblock():
        demonstration.load("right")
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def transactional_db_of_its_own(django_db_setup, django_db_blocker):
    """For tests that change what they start from: an empty database before and after each of them."""
    with django_db_blocker.unblock():
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(autouse=True)
def complaints(page):
    """What the browser complains of: script errors, and whatever the content security policy keeps out."""
    found = []
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    yield found
    assert found == []


@pytest.fixture
def at(page):
    """Open an address of the site at a width; 320 is what 1280 pixels are at 400% zoom."""

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
