"""How complete and punctual a collection is, counted by hand."""

from datetime import UTC, date, datetime

import pytest

from scorecard.collection.forms import LinesForm
from scorecard.collection.page import NOBODY, CollectionPage, by_owner, by_reporter, by_section
from scorecard.models import Line, Section
from scorecard.sheet.assemble import assemble_sheet
from tests.scorecard.returns.returning import (
    NOW,
    approve,
    enter,
    line_of,
    make_collection,
    make_reported,
    person,
    send,
)

pytestmark = pytest.mark.django_db
DUE, AFTER = date(2021, 2, 11), date(2021, 2, 12)
# Late in the evening of the due date: 23:30 in London.
LAST_MOMENT, TOO_LATE = datetime(2021, 2, 11, 23, 30, tzinfo=UTC), datetime(2021, 2, 12, 0, 30, tzinfo=UTC)


@pytest.fixture
def edition():
    """Five lines: A1 signed off, A2 sent late, A3 begun, C1 not begun and nobody's, Q1 not due."""
    indicators = [make_reported("A1"), make_reported("A2"), make_reported("A3", reporter=person("other"))]
    edition = make_collection(*indicators, opens_on=date(2021, 2, 1), due_on=DUE)
    later = Section.objects.create(scorecard=edition.scorecard, title="Children in care", position=1)
    for indicator in (make_reported("C1", reporter=None, owner=None), make_reported("Q1", frequency="quarterly")):
        Line.objects.create(section=later, indicator=indicator)
    enter(edition, A1={"figure": "5"}, A2={"figure": "6"})
    enter(edition, by="other", A3={"figure": "7"})
    send(edition, "A1", now=LAST_MOMENT)
    approve(edition, "A1")
    send(edition, "A2", now=TOO_LATE)
    return edition


def counts(tallies):
    return {
        tally.name: (tally.total, tally.to_send, tally.to_sign_off, tally.approved, tally.late, tally.punctual)
        for tally in tallies
    }


def page(edition, today=AFTER, **choices):
    sheet = assemble_sheet(edition)
    return CollectionPage(sheet, LinesForm(choices, sheet), today, NOW)


def shown(edition, today=AFTER, **choices):
    return [line.indicator.reference for line, _, _ in page(edition, today, **choices).lines]


# Tallies: lines, to send, to sign off, signed off, late, sent in time


def test_by_section(edition):
    assert counts(by_section(assemble_sheet(edition), AFTER)) == {
        "Front door": (3, 1, 1, 1, 2, 1),
        "Children in care": (1, 1, 0, 0, 1, 0),
    }


def test_by_reporter(edition):
    tallies = by_reporter(assemble_sheet(edition), AFTER)
    assert counts(tallies) == {
        NOBODY: (1, 1, 0, 0, 1, 0),
        "Other": (1, 1, 0, 0, 1, 0),
        "Lead": (2, 0, 1, 1, 1, 1),
    }
    assert [tally.name for tally in tallies] == [NOBODY, "Other", "Lead"]
    assert [tally.is_complete for tally in tallies] == [False, False, True]
    assert tallies[0].person is None


def test_by_owner(edition):
    assert counts(by_owner(assemble_sheet(edition), AFTER)) == {
        "Head": (3, 1, 1, 1, 2, 1),
        NOBODY: (1, 1, 0, 0, 1, 0),
    }


def test_total(edition):
    assert counts([page(edition).total]) == {"All": (4, 2, 1, 1, 3, 1)}
    assert page(edition).total.sent == 2


def test_two_people_of_one_name_are_counted_apart():
    people = [person("one"), person("two")]
    for somebody in people:
        somebody.name = "Sam Smith"
        somebody.save()
    edition = make_collection(*(make_reported(f"A{place}", reporter=one) for place, one in enumerate(people)))
    assert [(tally.name, tally.total) for tally in by_reporter(assemble_sheet(edition), DUE)] == [("Sam Smith", 1)] * 2


def test_an_edition_without_lines_has_no_total():
    assert page(make_collection()).total is None


# Late


@pytest.mark.parametrize(
    ("reference", "on_the_day", "day_after"),
    [("A1", False, False), ("A2", True, True), ("A3", False, True), ("C1", False, True), ("Q1", False, False)],
)
def test_a_line_is_late_from_the_day_after_it_was_due(edition, reference, on_the_day, day_after):
    line = line_of(edition, reference)
    assert (line.is_late(DUE), line.is_late(AFTER)) == (on_the_day, day_after)


def test_an_edition_without_a_due_date_has_no_late_lines(edition):
    edition.state, edition.due_on = "in_review", None
    edition.save()
    assert not line_of(edition, "A3").is_late(AFTER)


@pytest.mark.parametrize(("today", "left"), [(date(2021, 2, 10), 1), (DUE, 0), (AFTER, -1)])
def test_days_left(edition, today, left):
    assert page(edition, today).days_left == left


# Finding lines


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ({}, ["A1", "A2", "A3", "C1", "Q1"]),
        ({"section": "Children in care"}, ["C1", "Q1"]),
        ({"reporter": "other"}, ["A3"]),
        ({"owner": "head"}, ["A1", "A2", "A3", "Q1"]),
        ({"standing": "approved"}, ["A1"]),
        ({"standing": "not_due"}, ["Q1"]),
        ({"late": "yes"}, ["A2", "A3", "C1"]),
        ({"late": "yes", "reporter": "lead"}, ["A2"]),
        ({"standing": "sent", "section": "Children in care"}, []),
        ({"standing": "nonsense", "reporter": "other"}, ["A3"]),
    ],
    ids=str,
)
def test_lines_are_found_by_what_is_asked_for(edition, choices, expected):
    assert shown(edition, **choices) == expected


# What is not finished


def test_unfinished_lines_are_those_that_are_expected(edition):
    assert [line.indicator.reference for line in page(edition).unapproved] == ["A2", "A3", "C1"]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("collecting", [("move/in_review", "End collection and begin the review")]),
        ("in_review", [("publish", "Publish"), ("move/collecting", "Open for collection again")]),
        ("published", [("revise", "Revise this report"), ("correct", "Correct a figure")]),
    ],
)
def test_an_edition_offers_where_it_can_go(edition, state, expected):
    edition.state = state
    assert page(edition).moves == [(f"/collection/panel/2021-01/{to}/", words) for to, words in expected]
