"""What happened to a line: every change from what to what, every step, with who, when and why."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commentary.models import Commentary
from indicators.calculations.months import months_ending
from indicators.models import MonthlyValue
from scorecard.sheet.history import amount_in_words, events_of
from tests.factories import DECEMBER, make_value, make_values
from tests.indicators.importing import import_file
from tests.scorecard.returns.returning import (
    approve,
    enter,
    line_of,
    make_collection,
    make_reported,
    send,
    sent_back,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return make_collection(make_reported("A1"), make_reported("B1"))


def told(edition):
    """What happened, oldest first: who, what, from, to, why."""
    return [tuple(event)[1:] for event in reversed(events_of(line_of(edition)))]


def test_a_whole_month_is_told(edition):
    make_values(line_of(edition).indicator, dict(zip(months_ending(DECEMBER, 12), [98, 102] * 6, strict=True)))
    enter(edition, A1={"figure": "150"})
    enter(edition, A1={"reason_because_unusual": "Checked."})
    enter(edition, A1={"text": "A family moved."})
    send(edition, "A1")
    sent_back(edition, "A1", note="All of them?")
    enter(edition, A1={"figure": "101", "text": "Two families moved."})
    send(edition, "A1")
    approve(edition, "A1")
    enter(edition, A1={"figure": "102"})

    # Figure and commentary of one saving have moments of their own; in which order matters to nobody.
    assert sorted(told(edition)) == sorted(
        [
            ("Lead", "Figure", "nothing", "150", ""),
            ("Lead", "Commentary", "nothing", "A family moved.", ""),
            ("Lead", "Said why a warning can pass", "", "Checked.", ""),
            ("Lead", "Sent for sign-off", "", "", ""),
            ("Head", "Sent back", "", "", "All of them?"),
            ("Lead", "Figure", "150", "101", ""),
            ("Lead", "Commentary", "A family moved.", "Two families moved.", ""),
            ("Lead", "Sent for sign-off", "", "", ""),
            ("Head", "Signed off", "", "", ""),
            ("Lead", "Figure", "101", "102", ""),
            ("Lead", "Taken back to be changed", "", "", "Changed after it was sent"),
        ]
    )
    assert [event.at for event in events_of(line_of(edition))] == sorted(
        (event.at for event in events_of(line_of(edition))), reverse=True
    )


def test_what_was_taken_away_and_entered_again_is_told(edition):
    for figure in ("5", "", "6"):
        enter(edition, A1={"figure": figure})
    assert [event[1:4] for event in told(edition)] == [
        ("Figure", "nothing", "5"),
        ("Figure", "5", "nothing"),
        ("Figure", "nothing", "6"),
    ]


def test_other_lines_and_months_are_left_out(edition):
    enter(edition, B1={"figure": "6"})
    make_value(line_of(edition).indicator, DECEMBER, 7)
    assert told(edition) == []


def test_a_change_by_nobody_is_the_systems(edition):
    make_value(line_of(edition).indicator, figure=5)
    assert told(edition) == [("The system", "Figure", "nothing", "5", "")]


def test_an_import_says_from_which_file(edition, admin_client):
    import_file(admin_client, MonthlyValue, "reference,month,figure\nA1,2021-01,5\n", "january.csv")
    [(_, what, before, after, why)] = told(edition)
    assert (what, before, after) == ("Figure", "nothing", "5")
    assert "january.csv" in why


def test_saving_a_text_with_other_line_ends_is_no_event(edition):
    enter(edition, A1={"text": "Fewer.\nAs planned."})
    commentary = Commentary.objects.get()
    commentary.text = "Fewer.\r\nAs planned."
    commentary.save()
    assert len(told(edition)) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"figure": "1464"}, "1,464"),
        ({"figure": "0"}, "0"),
        ({"figure": "19.500000"}, "19.5"),
        ({"numerator": "4", "denominator": "1300"}, "4 of 1,300"),
        ({"blank": "awaited"}, "Awaited (tbc)"),
        ({"figure": "5", "stage": "provisional"}, "5, provisional"),
        ({"blank": "not_available", "stage": "estimated", "note": "Late."}, "Not available, estimated (Late.)"),
    ],
    ids=str,
)
def test_an_amount_in_words(fields, words):
    value = MonthlyValue(**fields)
    value.clean_fields(exclude=["indicator", "month"])
    assert amount_in_words(value) == words


def test_a_long_history_takes_as_many_queries_as_a_short_one(edition):
    def count():
        line = line_of(edition)
        with CaptureQueriesContext(connection) as queries:
            events_of(line)
        return len(queries)

    enter(edition, A1={"figure": "5"})
    short = count()
    for figure in range(6, 16):
        enter(edition, A1={"figure": str(figure), "text": f"Now {figure}."})
    assert count() == short == 4
