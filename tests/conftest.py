"""What all tests share: which of them run on which database, and a real Chromium with axe for those marked browser."""

import gc
import os
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings

from tests.databases import databases
from tests.demonstration import demonstration_loaded

ROOT = Path(__file__).resolve().parent.parent

# The same examples on every run, so that a failure is a change in the code; --hypothesis-profile=explore looks further,
# and `make test-quick` takes a few.
hypothesis_settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis_settings.register_profile("quick", max_examples=20, derandomize=True, deadline=None)
hypothesis_settings.register_profile("explore", max_examples=2000, deadline=None)
hypothesis_settings.load_profile("repeatable")


def pytest_collection_modifyitems(config, items):
    """Leave out what shows nothing on this database: it runs in the other half of `make test`."""
    kept, left_out, tried = [], [], set()
    for item in items:
        (kept if _is_for(connection.vendor, item, tried) else left_out).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def _is_for(vendor, item, tried):
    """The rule: on PostgreSQL everything that stores or reads something runs too, unless it is marked; with one of its
    cases where these say what is typed, and with every one where they say what the database is to do.

    `tried` are the tests of which a case was kept already.
    """
    if sys.platform != "linux" and item.get_closest_marker("linux"):
        return False
    if vendor == "sqlite":
        return item.get_closest_marker("postgresql") is None
    uses_database = item.get_closest_marker("django_db") or "django_db_setup" in item.fixturenames
    if not uses_database or any(item.get_closest_marker(once) for once in ("sqlite", "browser")):
        return False
    test = item.nodeid.partition("[")[0]
    is_another = test in tried and not item.get_closest_marker("each_case")
    tried.add(test)
    return not is_another


def pytest_collection_finish():
    """Don't look again and again for garbage among ten thousand tests and all modules, which stay to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_sessionfinish(session):
    """A skipped test shows nothing, so it fails the run. Leave tests out by name instead: -m "not browser"."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        reporter.write_line("A test was skipped, so this run does not count as passed.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker, tmp_path_factory):
    """In place of pytest-django's: the database is made once for all workers, and copied."""
    worker = getattr(request.config, "workerinput", {}).get("workerid")
    folder = tmp_path_factory.getbasetemp()
    used = ExitStack()
    with django_db_blocker.unblock():
        used.enter_context(databases.in_use(folder.parent if worker else folder, worker or "main"))
    yield
    with django_db_blocker.unblock():
        used.close()


@pytest.fixture(scope="class")
def loaded(django_db_setup, django_db_blocker):
    """A database with the demonstration. Its scope is a class so that it is there before the test's transaction."""
    with django_db_blocker.unblock(), databases.fresh(demonstration_loaded):
        yield


# After tests that commit, Django empties every table; to copy the database again is quicker.
TransactionTestCase._fixture_teardown = lambda test_case: databases.renew()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Use the system's Chromium, and keep it from talking to anyone but the live server.

    The headless shell is the same engine without windows, which cost five times as much for each page.
    """
    names = [os.environ.get("CHROMIUM", ""), "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
    chromium = next(filter(None, map(shutil.which, names)), None)
    if not chromium:
        pytest.fail("Chromium is missing: run scripts/system_packages, or set CHROMIUM to its path.", pytrace=False)
    return {
        **browser_type_launch_args,
        "executable_path": chromium,
        "args": [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture
def axe():
    """`assert axe(page) == []`: what axe finds wrong with the page by WCAG 2.2 AA and good practice, one line each."""
    source = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    # What axe found in order is thousands of nodes, which take longer to hand over than to find.
    look = """([within, tags]) => axe
        .run(within || document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]})
        .then(({violations}) => violations.flatMap((found) =>
            found.nodes.map((node) => `${found.id} (${found.impact}): ${found.help}: ${node.html}`)))"""

    def violations(page, *, within: str | None = None) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(source)
        return page.evaluate(look, [within, tags])

    return violations
