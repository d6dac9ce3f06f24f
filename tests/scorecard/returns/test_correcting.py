"""A figure of a published report is corrected: by an officer, signed off by its owner, and told before it goes out."""

import re

import pytest
from django.utils import timezone

from commentary.models import SignOff
from indicators.models import MonthlyValue
from scorecard.models import EditionState
from scorecard.publication.publish import freeze_published
from tests.factories import DECEMBER, JANUARY, make_derived, make_values
from tests.scorecard.returns.returning import (
    NOW,
    approve,
    enter,
    fields,
    line_of,
    lines_of,
    make_collection,
    make_reported,
    officer,
    page_of,
    person,
    queries_for,
    value_of,
    words_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
REPORT, SIGN_OFF, BOARD = "/scorecards/panel/2021-01/", "/sign-off/panel/2021-01/", "/collection/panel/2021-01/"
CORRECT, REVISE = f"{BOARD}correct/", f"{BOARD}revise/"
WHY = "Counted twice."


@pytest.fixture
def edition():
    """January is signed off and published: A1 of 50 after 48, with words that say so, and D1, which follows from it."""
    source = make_reported("A1")
    make_values(source, {DECEMBER: 48})
    edition = make_collection(
        source, make_derived("D1", [source], owner=person("head"), reporter=person("lead")), make_reported("B1")
    )
    said = {"text": "It rose from 48 to 50."}
    enter(edition, send=True, A1={"figure": "50", **said}, B1={"figure": "7", "text": "As planned."})
    enter(edition, send=True, D1=said)
    approve(edition, "A1", "B1", "D1")
    return published(edition)


def published(edition, now=NOW):
    edition.state = EditionState.PUBLISHED
    edition.save()
    freeze_published(edition.scorecard, now)
    return edition


@pytest.fixture
def at_work(client, edition):
    client.force_login(officer())
    return client


def address_of(edition, reference="A1"):
    return f"{CORRECT}{line_of(edition, reference).key}/"


def typed(edition, reference="A1", why=WHY, **texts):
    return fields(line_of(edition, reference), **texts) | {"why": why}


def told(response):
    return words_of(page_of(response))


def test_four_clicks_lead_from_the_report_to_the_sign_off(at_work, edition):
    assert f'href="{CORRECT}"' in page_of(at_work.get(REPORT))
    assert f'href="{address_of(edition)}"' in page_of(at_work.get(f"{CORRECT}?find=a1"))
    sent = at_work.post(address_of(edition), typed(edition, figure="49", text="It rose from 48 to 49."))
    line = line_of(edition)
    assert sent.url == f"{SIGN_OFF}?at=line-{line.key}#line-{line.key}"
    page = told(at_work.get(sent.url))
    assert "A1 is corrected and waits to be signed off by Head." in page
    assert re.search(f"Figure: from “50” to “49”, Officer, [^:]*:[0-9]+: {re.escape(WHY)}", page)
    # What follows from it waits too.
    assert "2 waiting for you" in page
    assert "D1" in page
    decision = {"action": "approve", f"saw-{line.key}": line.fingerprint}
    assert "A1 was signed off." in told(at_work.post(SIGN_OFF, decision, follow=True))
    assert MonthlyValue.history.latest("history_id").history_change_reason == WHY


def test_line_that_nobody_ever_decided_on_shows_what_changed_since_the_report(client):
    """As where the months before a scorecard began were brought over as they had been published."""
    source = make_reported("A1")
    make_values(source, {DECEMBER: 48, JANUARY: 50})
    edition = published(make_collection(source), timezone.now())
    assert not SignOff.objects.exists()
    client.force_login(officer())
    client.post(address_of(edition), typed(edition, figure="49"))
    client.force_login(person("head"))
    for _ in range(2):
        page = told(client.get(SIGN_OFF))
        assert re.search("Changed since the report was published Figure: from “50” to “49”, Officer, [^:]*:", page)
        assert "Decided on before" not in page


def test_owner_finds_it_in_their_work_and_signs_it_off(client, at_work, edition):
    at_work.post(address_of(edition), typed(edition, figure="49", text="It rose from 48 to 49."))
    client.force_login(person("head"))
    assert "2 of 2 lines waiting for you" in told(client.get("/your-work/"))
    lines = lines_of(edition)
    saw = {f"saw-{lines[reference].key}": lines[reference].fingerprint for reference in ("A1", "D1")}
    other = {f"saw-{lines['B1'].key}": lines["B1"].fingerprint}
    assert client.post(SIGN_OFF, {"action": "approve", **saw, **other}).status_code == 403
    assert "A1, D1 were signed off." in told(client.post(SIGN_OFF, {"action": "approve", **saw}, follow=True))
    assert "Corrections to sign off" not in told(client.get("/your-work/"))


def test_revision_is_checked_like_a_report(at_work, edition):
    at_work.post(address_of(edition, "B1"), typed(edition, "B1", figure="8"))
    page = told(at_work.get(REVISE))
    # No checker understands these words, so they are quoted beside the figure that they may not fit any more.
    assert "Sign-off 1 to look at B1 Title of B1 : sent for sign-off. Its commentary stays: “As planned.”" in page
    assert "A1" not in page
    assert "I have looked at what is listed above" in page
    approve(edition, "B1")
    page = told(at_work.get(REVISE))
    assert "What differs is signed off by its owners" in page
    assert "I have looked" not in page
    at_work.post(address_of(edition, "B1"), typed(edition, "B1", figure="9", text="More than planned."))
    page = told(at_work.get(REVISE))
    assert "B1 Title of B1 : sent for sign-off" in page
    assert "Its commentary stays" not in page


def test_words_that_a_correction_contradicts_are_told_before_it_goes_out(at_work, edition):
    asked = at_work.post(address_of(edition), typed(edition, figure="47"))
    assert asked.status_code == 422
    assert "Correct the commentary, or say why it is right." in told(asked)
    assert "It rose" in told(asked)
    # Nothing is kept of it.
    assert value_of(line_of(edition).indicator).figure == 50
    assert SignOff.objects.filter(step="approved").count() == 3
    # Where the figure is changed under “Manage”, the pages say so.
    value = value_of(line_of(edition).indicator)
    value.figure = 47
    value.save()
    contradicted, *_ = [one.message for one in line_of(edition).open_warnings if one.code.startswith("words-")]
    for address in (SIGN_OFF, BOARD, REVISE):
        assert contradicted in told(at_work.get(address)), address


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"figure": "49", "why": ""}, "Say why it is corrected."),
        ({}, "This is what is stored already: change the figure or the commentary."),
        ({"figure": "many"}, "many"),
    ],
    ids=["no reason", "the same", "no figure"],
)
def test_what_is_wrong_is_said_and_nothing_kept(at_work, edition, sent, words):
    response = at_work.post(address_of(edition), typed(edition, **sent))
    assert response.status_code == 422
    assert words in page_of(response)
    assert value_of(line_of(edition).indicator).figure == 50


def test_correction_that_was_sent_back_is_corrected_again(client, at_work, edition):
    at_work.post(address_of(edition, "B1"), typed(edition, "B1", figure="8"))
    client.force_login(person("head"))
    line = line_of(edition, "B1")
    client.post(SIGN_OFF, {"action": "send_back", "note": "Nine.", f"saw-{line.key}": line.fingerprint})
    client.force_login(officer())
    assert "Sent back, to be corrected again B1" in told(client.get(SIGN_OFF))
    assert "Nine." in told(client.get(address_of(edition, "B1")))
    client.post(address_of(edition, "B1"), typed(edition, "B1", figure="9"))
    assert line_of(edition, "B1").is_corrected


def test_only_a_published_month_is_corrected(client):
    edition = make_collection(make_reported("A1"))
    client.force_login(officer())
    assert client.post(address_of(edition), typed(edition, figure="49")).url == "/returns/panel/2021-01/"
    assert value_of(line_of(edition).indicator) is None


def test_queries_are_as_many_for_40_lines_as_for_2(client):
    def prepare(count):
        edition = make_collection(*(make_reported(f"A{number}") for number in range(count)))
        enter(edition, send=True, **{f"A{number}": {"figure": "5", "text": "Few."} for number in range(count)})
        published(edition)
        MonthlyValue.objects.update(figure=6)
        client.force_login(officer())
        return edition

    def run(edition):
        for address in (CORRECT, REVISE, BOARD):
            assert client.get(address).status_code == 200

    assert queries_for(40, prepare, run) == queries_for(2, prepare, run)
