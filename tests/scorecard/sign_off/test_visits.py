"""When an owner looked, and what has changed since."""

from datetime import timedelta

import pytest
from django.utils import timezone

from indicators.models import MonthlyValue
from scorecard.models import Visit
from scorecard.sheet.assemble import assemble_sheet
from scorecard.sign_off.page import begin_visit, changes_since
from tests.factories import make_derived
from tests.scorecard.returns.returning import (
    NOW,
    enter,
    make_collection,
    make_reported,
    person,
    queries_for,
)

pytestmark = pytest.mark.django_db


def look(edition, minutes, username="head"):
    """Look so many minutes after nine; returns when they looked before."""
    return begin_visit(edition=edition, person=person(username), now=NOW + timedelta(minutes=minutes))


def changes(edition, since, *references, reader="head"):
    sheet = assemble_sheet(edition)
    lines = [line for line in sheet.lines if line.indicator.reference in references]
    found = changes_since(sheet, lines, {line.key: since for line in lines}, reader=person(reader))
    return {
        sheet.by_key[key].indicator.reference: [(event.what, event.before, event.after) for event in events]
        for key, events in found.items()
    }


@pytest.fixture
def edition():
    return make_collection(make_reported("A1"), make_reported("B1"))


# Visits


def test_the_first_look_has_none_before(edition):
    assert look(edition, 0) is None


def test_looking_again_soon_is_the_same_visit(edition):
    assert [look(edition, minutes) for minutes in (0, 30, 60)] == [None, None, None]


def test_looking_after_half_an_hour_is_a_new_visit(edition):
    look(edition, 0)
    look(edition, 20)
    assert look(edition, 51) == NOW + timedelta(minutes=20)
    assert look(edition, 60) == NOW + timedelta(minutes=20)


def test_everybody_has_visits_of_their_own_to_each_edition(edition):
    other = make_collection_of_another_month(edition)
    look(edition, 0)
    assert look(edition, 60, "deputy") is None
    assert look(other, 60) is None
    assert Visit.objects.count() == 3


def make_collection_of_another_month(edition):
    return type(edition).objects.create(
        scorecard=edition.scorecard, month=NOW.date().replace(day=1), opens_on=edition.opens_on, due_on=edition.due_on
    )


# Changes


def test_nothing_has_changed_before_the_first_look(edition):
    enter(edition, A1={"figure": "5"})
    assert changes(edition, None, "A1") == {}


def test_only_what_came_after_the_look_is_told_from_what_to_what(edition):
    enter(edition, A1={"figure": "5", "text": "Fewer."})
    since = timezone.now()
    enter(edition, A1={"figure": "7"}, B1={"text": "Steady."})
    assert changes(edition, since, "A1", "B1") == {
        "A1": [("Figure", "5", "7")],
        "B1": [("Commentary", "nothing", "Steady.")],
    }


def test_lines_that_were_not_asked_for_are_left_out(edition):
    since = timezone.now()
    enter(edition, A1={"figure": "5"}, B1={"figure": "6"})
    assert list(changes(edition, since, "B1")) == ["B1"]


def test_a_worked_out_line_tells_of_its_sources_figures():
    source = make_reported("A1")
    middle = make_derived("D1", [source])
    edition = make_collection(source, middle, make_derived("D2", [middle]))
    since = timezone.now()
    enter(edition, A1={"figure": "5", "text": "Its own affair."})
    assert changes(edition, since, "D2") == {"D2": [("Figure of A1", "nothing", "5")]}


def test_worked_out_line_does_not_tell_figures_that_its_reader_may_not_see():
    source = make_reported("A1")
    edition = make_collection(source, make_derived("D1", [source], owner=person("chief")))
    since = timezone.now()
    enter(edition, A1={"figure": "5"})
    assert changes(edition, since, "D1", reader="chief") == {"D1": [("Figure of A1", "", "")]}


def test_queries_are_as_many_for_40_lines_as_for_2():
    def prepare(count):
        edition = make_collection(*(make_reported(f"A{number}") for number in range(count)))
        enter(edition, **{f"A{number}": {"figure": "5", "text": "Fewer."} for number in range(count)})
        return assemble_sheet(edition), person("head")

    def run(prepared):
        sheet, reader = prepared
        since = MonthlyValue.history.earliest("history_date").history_date - timedelta(seconds=1)
        moments = {line.key: since for line in sheet.lines}
        assert len(changes_since(sheet, sheet.lines, moments, reader=reader)) == len(sheet.lines)

    assert queries_for(40, prepare, run) == queries_for(2, prepare, run) == 4
