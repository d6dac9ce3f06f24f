"""docs/accessibility.md has every criterion of WCAG 2.2 A and AA with what shows it; and what can be shown by reading.

What a browser has to show is in tests/browser/.
"""

import re
from pathlib import Path

import pytest

from scorecard.views.about import CRITERION, NOT_MADE, criteria_counts

ROOT = Path(__file__).resolve().parent.parent
# https://www.w3.org/TR/WCAG22/, without 4.1.1, which is obsolete.
A = """
1.1.1 1.2.1 1.2.2 1.2.3 1.3.1 1.3.2 1.3.3 1.4.1 1.4.2 2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2 2.4.3 2.4.4
2.5.1 2.5.2 2.5.3 2.5.4 3.1.1 3.2.1 3.2.2 3.2.6 3.3.1 3.3.2 3.3.7 4.1.2
"""
AA = """
1.2.4 1.2.5 1.3.4 1.3.5 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13 2.4.5 2.4.6 2.4.7 2.4.11 2.5.7 2.5.8 3.1.2
3.2.3 3.2.4 3.3.3 3.3.4 3.3.8 4.1.3
"""
ROWS = [found.groupdict() for found in CRITERION.finditer((ROOT / "docs" / "accessibility.md").read_text("utf-8"))]
TEMPLATES = [path for path in (ROOT / "templates").rglob("*.html") if path.parent.name not in {"mail", "paper"}]
STYLES = "\n".join(path.read_text("utf-8") for path in (ROOT / "static" / "src" / "scss").glob("*.scss"))
# The two pages on which something can be dragged have buttons for the same (test_arranging.py, test_overview_pages.py).
DRAGGING = ROOT / "static" / "src" / "js" / "arranging" / "dragging.js"
SCRIPTS = "\n".join(
    path.read_text("utf-8") for path in (ROOT / "static" / "src" / "js").rglob("*.js") if path != DRAGGING
)
PAGES = "\n".join(path.read_text("utf-8") for path in TEMPLATES)


def test_table_has_every_criterion_once_with_its_level():
    expected = dict.fromkeys(A.split(), "A") | dict.fromkeys(AA.split(), "AA")
    assert len(expected) == 55
    assert {(row["number"], row["level"]) for row in ROWS} ^ set(expected.items()) == set()
    assert len(ROWS) == 55


@pytest.mark.parametrize("row", ROWS, ids=[row["number"] for row in ROWS])
def test_each_criterion_has_a_test_that_is_there_or_a_check(row):
    tests = re.findall(r"`([^`]+)`", row["test"])
    assert [path for path in tests if not (ROOT / path).exists()] == []
    assert tests or row["test"] == "–"
    # Nobody has made a check by hand yet; whoever does writes here what was found, and when.
    assert row["check"] == "–" or row["check"].endswith(NOT_MADE)
    assert tests or row["check"] != "–"


def test_statement_counts_the_table():
    without_test = {row["number"] for row in ROWS if row["test"] == "–"}
    to_check = {row["number"] for row in ROWS if row["check"] != "–"}
    counts = criteria_counts()
    assert counts["all"] == 55
    assert counts["unchecked"] == len(without_test)
    assert counts["partly"] == len(to_check - without_test)
    assert counts["tested"] == 55 - len(to_check | without_test)


@pytest.mark.parametrize(
    ("criteria", "text", "absent"),
    [
        pytest.param("1.2, 1.4.2", PAGES + SCRIPTS, r"<(?:audio|video|object|embed|iframe)\b|new Audio", id="media"),
        pytest.param("1.4.5", PAGES, r"<img\b(?![^>]*logo)", id="pictures of text but a logo"),
        pytest.param("1.3.4", STYLES, r"orientation\s*:", id="orientation"),
        pytest.param("2.2.2, 2.3.1", STYLES, r"@keyframes|\banimation", id="motion"),
        pytest.param("2.2.2", PAGES, r"<(?:marquee|blink)\b|http-equiv=.refresh", id="refresh"),
        pytest.param("2.1.4", PAGES, r"\baccesskey\b", id="access keys"),
        pytest.param("2.5.1, 2.5.7", PAGES + SCRIPTS, r"draggable=.true|dragstart|touchmove|gesture", id="gestures"),
        pytest.param("2.5.2", SCRIPTS, r"(?:mouse|pointer|touch)down", id="acting on a press"),
        pytest.param("2.5.4", SCRIPTS, r"devicemotion|deviceorientation", id="motion of the device"),
        pytest.param("2.4.3", PAGES, r"tabindex=.[1-9]", id="an order of its own"),
        pytest.param("3.3.8", SCRIPTS, r"addEventListener\(.paste.[^)]*password", id="forbidden pasting"),
    ],
)
def test_what_a_criterion_is_about_is_not_there(criteria, text, absent):
    assert re.findall(absent, text) == []


def test_keys_are_only_listened_to_where_somebody_is_in_a_field_or_chart():
    """2.1.4: no shortcut of one letter works on the whole page."""
    assert re.findall(r"(?:document|window)\.addEventListener\(.key", SCRIPTS) == []


WHOLE = [path for path in TEMPLATES if path.parent.name not in {"components", "admin", "includes", "widgets"}]


@pytest.mark.parametrize("path", WHOLE, ids=[str(path.relative_to(ROOT / "templates")) for path in WHOLE])
def test_every_page_has_the_frame_of_all_and_a_title_of_its_own(path):
    """2.4.2 and 3.2.3."""
    text = path.read_text("utf-8")
    if path.name in {"400.html", "base.html", "500.html"}:
        assert "components/footer_links.html" in text
    elif path.name == "exported_page.html":
        # A file among files: what leads on from it may not be there.
        assert "<title>" in text
        assert '<html lang="en-GB"' in text
    elif not path.name.endswith(("_email.html", "report_main.html")):
        frame = re.search(
            r'{% extends "((?:base|form_page|registration/account|account/reauthenticate)\.html)" %}', text
        )
        assert frame
        # The other frames have a title, which is that of the form or of the page.
        assert frame[1] != "base.html" or "{% block title %}" in text


def test_what_was_done_is_announced():
    """4.1.3: messages, how many lines were found, and whether a line is saved."""
    for name in ("messages", "filters", "return_line", "indicator_chart"):
        assert 'role="status"' in (ROOT / "templates" / "components" / f"{name}.html").read_text("utf-8")


@pytest.mark.django_db
@pytest.mark.sqlite
def test_fields_about_oneself_say_so(client):
    """1.3.5."""
    page = client.get("/sign-in/").text
    assert re.search(r'name="username"[^>]*autocomplete="username"', page)
    assert re.search(r'name="password"[^>]*autocomplete="current-password"', page)
    assert 'autocomplete="email"' in client.get("/password-reset/").text
