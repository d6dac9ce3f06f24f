"""Undo, in the bar of a return: what was pasted, saved or sent last is put back, and nothing else."""

import pytest
from django.test import Client

from commentary.models import SignOff
from indicators.models import MonthlyValue
from scorecard.models import EditionState
from tests.factories import JANUARY, make_derived, make_value

from .returning import (
    approve,
    enter,
    fields,
    line_of,
    lines_of,
    make_collection,
    make_reported,
    page_of,
    person,
    queries_for,
    send,
    sent_back,
    text_of,
    value_of,
    words_of,
)
from .test_paste_page import RETURN, figures, paste, save

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def edition():
    """Two counts, a share of two numbers, and what is worked out of the counts."""
    one, two = make_reported("A1", title="Contacts"), make_reported("A2", title="Referrals")
    people = {"reporter": person("lead"), "owner": person("head")}
    worked_out = make_derived("D1", [two], [one], unit="percentage", title="Share", **people)
    return make_collection(one, two, worked_out, make_reported("P1", kind="ratio", unit="percentage", title="Seen"))


@pytest.fixture
def client(edition):
    client = Client()
    client.force_login(person("lead"))
    return client


def post(client, edition, action, **typed):
    """What a browser sends with the button: the fields of every line as the page shows them, but for what was typed."""
    sent = {}
    for reference, line in lines_of(edition).items():
        sent |= fields(line, **typed.get(reference, {}))
    return client.post(RETURN, {**sent, "action": action}, follow=True)


def undo(client, edition, **typed):
    return words_of(page_of(post(client, edition, "undo", **typed)))


def standings(edition):
    return {reference: str(line_of(edition, reference).standing) for reference in ("A1", "A2", "P1")}


def test_what_was_pasted_is_put_back_on_one_click(client, edition):
    enter(edition, A1={"figure": "5", "text": "As written."}, A2={"figure": "tbc", "note": "From the police."})
    page = save(client, paste(client, "A1\t7\nA2\t8\nP1\t4/31"))
    assert "Undo : put back what stood there" in words_of(page_of(page))

    said = undo(client, edition)

    assert "Undone: A1, A2 and P1 are as before." in said
    assert "Saved from what you pasted" not in said
    assert figures() == {"A1": 5, "A2": None}
    assert value_of(line_of(edition, "A2").indicator).blank == "awaited"
    assert value_of(line_of(edition, "A2").indicator).note == "From the police."
    assert text_of(line_of(edition).indicator) == "As written."


def test_draft_is_put_back_with_its_words(client, edition):
    enter(edition, A1={"figure": "5", "text": "As written."})
    said = words_of(
        page_of(post(client, edition, "save", A1={"figure": "9", "text": "Otherwise."}, A2={"text": "New."}))
    )
    assert "Saved: A1: 9 instead of 5 and A2: its commentary." in said

    undo(client, edition)
    assert figures() == {"A1": 5}
    assert [text_of(line_of(edition, one).indicator) for one in ("A1", "A2")] == ["As written.", None]


def test_undoing_leaves_what_was_changed_since_and_saves_what_was_typed(client, edition):
    save(client, paste(client, "A1\t7\nA2\t8"))
    enter(edition, A1={"figure": "9"})

    assert "Undone: A2 is as before." in undo(client, edition, P1={"numerator": "4", "denominator": "31"})
    assert figures() == {"A1": 9, "P1": None}
    assert "There is nothing to undo" in undo(client, edition, A1={"figure": "6"})
    assert figures()["A1"] == 6


def test_sending_is_taken_back_with_its_figures_left(client, edition):
    said = words_of(
        page_of(
            post(
                client,
                edition,
                "send",
                A1={"figure": "7"},
                A2={"figure": "3"},
                P1={"numerator": "4", "denominator": "31"},
            )
        )
    )
    assert "Sent for sign-off: 4 lines. Undo : take back what was sent; its figures stay" in said
    assert standings(edition) == {"A1": "sent", "A2": "sent", "P1": "sent"}

    assert "Taken back, to be sent again: A1, A2, D1 and P1." in undo(client, edition)
    assert standings(edition) == {"A1": "draft", "A2": "draft", "P1": "draft"}
    assert figures() == {"A1": 7, "A2": 3, "P1": None}
    assert SignOff.history.filter(indicator__reference="A1", month=JANUARY).count() == 2


def test_line_that_had_been_sent_back_is_so_again(client, edition):
    enter(edition, A1={"figure": "7"})
    send(edition, "A1")
    sent_back(edition, "A1", "Look again.")
    post(client, edition, "send", A1={"figure": "8"})
    undo(client, edition)

    assert line_of(edition).standing == "sent_back"
    assert line_of(edition).sign_off.note == "Look again."


def test_what_an_owner_has_decided_on_is_not_taken_back(client, edition):
    post(client, edition, "send", A1={"figure": "7"}, A2={"figure": "3"})
    approve(edition, "A1")

    assert "Taken back, to be sent again: A2 and D1." in undo(client, edition)
    assert standings(edition)["A1"] == "approved"


def test_nothing_is_taken_back_once_collecting_has_ended(client, edition):
    post(client, edition, "send", A1={"figure": "7"})
    edition.state = EditionState.IN_REVIEW
    edition.save()

    assert "Undo" not in page_of(client.get(RETURN))
    assert client.post(RETURN, {"action": "undo"}).status_code == 403
    assert standings(edition)["A1"] == "sent"


def test_sending_again_is_what_is_undone_then(client, edition):
    post(client, edition, "save", A1={"figure": "7"})
    send(edition, "A1")
    assert "Undo" not in page_of(client.get(f"{RETURN}?for=nobody"))
    assert "Undone: A1 is as before." in undo(client, edition)
    assert MonthlyValue.objects.filter(month=JANUARY).count() == 0
    assert line_of(edition).standing == "to_do"


def test_what_somebody_saved_meanwhile_is_not_overwritten(client, edition):
    post(client, edition, "save", A1={"figure": "7"})
    make_value(line_of(edition, "A2").indicator, JANUARY, 6)
    value = value_of(line_of(edition).indicator)
    value.figure = 8
    value.save()

    assert "There is nothing to undo" in undo(client, edition)
    assert figures() == {"A1": 8, "A2": 6}


def test_queries_do_not_grow_with_lines():
    def prepare(lines):
        indicators = [make_reported(f"Q{place:02}") for place in range(lines)]
        edition = make_collection(*indicators)
        client = Client()
        client.force_login(person("lead"))
        post(client, edition, "send", **{f"Q{place:02}": {"figure": "7"} for place in range(lines)})
        return client

    def run(client):
        assert client.post(RETURN, {"action": "undo"}).status_code == 302

    assert queries_for(2, prepare, run) == queries_for(40, prepare, run)
