"""Pasting on the page: what it shows, what it saves, and what undoing brings back."""

import re

import pytest
from django.test import Client
from django.utils.html import escape

from indicators.calculations.months import months_ending
from indicators.models import MonthlyValue
from scorecard.models import EditionState
from tests.factories import DECEMBER, JANUARY, make_derived, make_value, make_values

from .returning import (
    enter,
    line_of,
    make_collection,
    make_reported,
    page_of,
    person,
    queries_for,
    say,
    send,
    text_of,
    value_of,
    words_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
RETURN = "/returns/panel/2021-01/"


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


def paste(client, text, **said):
    return client.post(f"{RETURN}paste/", {"action": "show", "text": text, **said})


def save(client, shown):
    """Press “Save these figures” on the page."""
    form = page_of(shown).split('id="rows"', 1)[1].split("</form>")[0]
    sent = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form):
        sent.setdefault(name, []).append(value)
    return client.post(f"{RETURN}paste/", {**sent, "action": "save"}, follow=True)


def figures():
    return {value.indicator.reference: value.figure for value in MonthlyValue.objects.filter(month=JANUARY)}


def test_rows_are_shown_beside_their_lines_and_saved_on_one_click(client, edition):
    make_value(edition.scorecard.sections.get().lines.first().indicator, JANUARY, 5)

    shown = paste(client, "a1\t7\nReferrals\t1,343\nD1\t50%\nX9\t3\nP1\t4/31")
    said = words_of(page_of(shown))

    assert shown.status_code == 200
    assert "3 figures to save, 2 rows left over" in said
    assert "1 7 A1 Contacts [x] Dec 2020 5 7 ✔ Replaces what stands there" in said
    assert "Left over. Worked out from other lines" in said
    assert "No line of this return is called “X9”." in said
    assert figures() == {"A1": 5}

    page = save(client, shown)
    told = "A1: 7 instead of 5, A2: 1,343 instead of nothing and P1: 4 of 31 instead of nothing."
    assert f"Saved from what you pasted: {told}" in words_of(page_of(page))
    assert figures() == {"A1": 7, "A2": 1343, "P1": None}
    # 1,343 of 7.
    assert "19,186% is worked out here. Worked out" in words_of(page_of(paste(client, "D1\t50%\nA1\t7")))
    assert value_of(line_of(edition, "P1").indicator).denominator == 31


def test_what_somebody_saved_meanwhile_is_not_overwritten(client, edition):
    shown = paste(client, "A1\t7")
    make_value(line_of(edition).indicator, JANUARY, 6)
    page = save(client, shown)

    assert page.status_code == 422
    assert "choose a version" in page_of(page)
    assert figures() == {"A1": 6}


def test_what_cannot_be_read_is_told_beside_its_row_and_the_rest_saved(client):
    shown = paste(client, "A1\t12x\nA2\t8\nP1\t19%")
    said = words_of(page_of(shown))

    assert "“12x” is not a number" in said
    assert "“19%” is worked out from the two numbers: enter how many instead." in said
    save(client, shown)
    assert figures() == {"A2": 8}


def test_figure_of_another_size_is_told_of_before_it_is_saved(client, edition):
    make_values(line_of(edition).indicator, dict(zip(months_ending(DECEMBER, 3), [150, 148, 155], strict=True)))
    said = words_of(page_of(paste(client, "A1\t1520\nA2\t7\tA word\nD1\t50%")))

    assert "New . 1,520 is about ten times what the months around it have: 148 to 155." in said
    assert "Texts beside the figures are not taken" not in said
    text = "They rose after the training of January."
    assert "Texts beside the figures are not taken" in page_of(paste(client, f"A1\t152\t{text}\nA2\t7\t"))


def test_nothing_else_of_a_line_is_touched(client, edition):
    say(line_of(edition).indicator, "Written before.")
    enter(edition, A1={"figure": "5", "stage": "provisional", "note": "Counted by hand."})
    save(client, paste(client, "A1\t7"))

    value = value_of(line_of(edition).indicator)
    assert (value.figure, value.stage, value.note) == (7, "provisional", "Counted by hand.")
    assert text_of(line_of(edition).indicator) == "Written before."


def test_line_that_was_sent_is_told_of(client, edition):
    enter(edition, A1={"figure": "5"})
    send(edition, "A1")

    assert "It had been sent: it is yours again" in page_of(paste(client, "A1\t7"))
    assert "The same as now." in page_of(paste(client, "A1\t5"))


def test_collection_that_closed_meanwhile_gives_back_what_was_pasted(client, edition):
    shown = paste(client, "A1\t7")
    edition.state = EditionState.IN_REVIEW
    edition.save()
    page = save(client, shown)

    assert page.status_code == 403
    assert "Nothing was saved" in page_of(page)
    assert figures() == {}


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"text": "\x00"},
        {"text": '"' * 9999},
        {"text": "A1\t7", "column": "9" * 30, "start": "x", "worked_out": "perhaps"},
        {"action": "save"},
        {"action": "save", "key": ["x", "1", "9" * 40]},
        {"text": "<b>\t7\n" * 3},
    ],
)
def test_odd_input_is_answered(client, sent):
    response = client.post(f"{RETURN}paste/", sent)

    assert response.status_code in (200, 302, 403, 422)
    assert "<b>\t" not in page_of(response)


def test_others_lines_are_no_lines_here(client, edition):
    other = make_reported("B1", reporter=person("other"))
    edition.scorecard.sections.get().lines.create(indicator=other, position=9)

    assert escape("No line of this return is called “B1”.") in page_of(paste(client, "A1\t6\nB1\t7"))
    assert "it is not certain which row is for which line" in page_of(paste(client, "B1\t7"))
    client.post(f"{RETURN}paste/", {"action": "save", "key": [other.pk], f"line-{other.pk}-figure": "7"})
    assert value_of(other) is None


def test_queries_do_not_grow_with_rows():
    def prepare(lines):
        indicators = [make_reported(f"Q{place}") for place in range(lines)]
        make_collection(*indicators)
        client = Client()
        client.force_login(person("lead"))
        return client, "".join(f"Q{place}\t{place + 100}\n" for place in range(lines))

    def run(prepared):
        client, text = prepared
        assert paste(client, text).status_code == 200

    assert queries_for(2, prepare, run) == queries_for(40, prepare, run)
