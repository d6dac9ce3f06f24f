"""What waits for somebody: for reporters, owners, their deputies, and officers."""

from datetime import date

import pytest

from indicators.models import Deputy
from scorecard.models import EditionState
from scorecard.returns.work import tasks_of
from tests.factories import JANUARY, make_edition, make_scorecard
from tests.scorecard.returns.returning import (
    approve,
    enter,
    make_collection,
    make_reported,
    officer,
    person,
    queries_for,
    send,
    sent_back,
)

pytestmark = pytest.mark.django_db
OPENS, DUE, TODAY, AFTER = date(2021, 2, 1), date(2021, 2, 11), date(2021, 2, 8), date(2021, 2, 12)
DATES = {"opens_on": OPENS, "due_on": DUE}


@pytest.fixture
def edition():
    return make_collection(make_reported("A1"), make_reported("B1"), **DATES)


def tasks(username, today=TODAY):
    return [(task.title, task.waiting, task.total, task.is_overdue) for task in tasks_of(person(username), today)]


def move(edition, state):
    edition.refresh_from_db()
    edition.state = state
    edition.save()


def test_reporter_is_told_of_what_is_to_be_sent(edition):
    assert tasks("lead") == [("Your return", 2, 2, False)]
    enter(edition, send=True, A1={"figure": "5"})
    assert tasks("lead") == [("Your return", 1, 2, False)]
    enter(edition, send=True, B1={"figure": "6"})
    assert tasks("lead") == [("Your return", 0, 2, False)]


def test_owner_is_told_of_what_waits_for_them(edition):
    assert tasks("head") == [("Sign-off", 0, 2, False)]
    enter(edition, send=True, A1={"figure": "5"})
    assert tasks("head") == [("Sign-off", 1, 2, False)]
    approve(edition, "A1")
    assert tasks("head") == [("Sign-off", 0, 2, False)]


def test_officer_is_told_of_what_is_not_sent_yet(edition):
    officer()
    enter(edition, send=True, A1={"figure": "5"})
    assert tasks("officer") == [("Collection", 1, 2, False)]


def test_one_person_can_have_all_three():
    every_role = {"reporter": officer(), "owner": officer()}
    make_collection(make_reported("A1", **every_role), **DATES)
    assert [title for title, *_ in tasks("officer")] == ["Your return", "Sign-off", "Collection"]


def test_what_was_sent_back_waits_again(edition):
    enter(edition, send=True, A1={"figure": "5"}, B1={"figure": "6"})
    sent_back(edition, "A1")
    assert tasks("lead") == [("Your return", 1, 2, False)]


def test_what_waits_after_the_due_date_is_overdue(edition):
    officer()
    assert tasks("lead", DUE) == [("Your return", 2, 2, False)]
    assert tasks("lead", AFTER) == [("Your return", 2, 2, True)]
    assert tasks("officer", AFTER) == [("Collection", 2, 2, True)]
    enter(edition, send=True, A1={"figure": "5"}, B1={"figure": "6"})
    assert tasks("lead", AFTER) == [("Your return", 0, 2, False)]


def test_nothing_is_to_be_entered_before_the_opening_date(edition):
    assert tasks("lead", date(2021, 1, 31)) == []


def test_in_review_only_what_was_sent_back_waits_for_its_reporter(edition):
    enter(edition, send=True, A1={"figure": "5"})
    move(edition, EditionState.IN_REVIEW)
    assert tasks("lead") == [("Your return", 0, 2, False)]
    sent_back(edition, "A1")
    assert tasks("lead") == [("Your return", 1, 2, False)]


def test_published_editions_are_done(edition):
    move(edition, EditionState.PUBLISHED)
    officer()
    for username in ("lead", "head", "officer"):
        assert tasks(username) == []


def test_lines_that_are_not_due_are_no_task():
    make_collection(make_reported("A1", frequency="quarterly"), **DATES)
    assert tasks("lead") == tasks("head") == []


def test_a_stranger_has_nothing_to_do(edition):
    assert tasks("stranger") == []


def test_a_deputy_has_the_tasks_of_both():
    make_collection(make_reported("A1"), make_reported("B1", reporter=person("dana")), **DATES)
    # Deputies are looked up on the day itself, not on the day passed in.
    Deputy.objects.create(person=person("lead"), deputy=person("dana"), starts_on=JANUARY)
    assert tasks("dana") == [("Your return", 2, 2, False)]


def test_the_edition_due_first_comes_first():
    scorecard = make_scorecard(make_reported())
    make_edition(scorecard, JANUARY, opens_on=OPENS, due_on=date(2021, 3, 11))
    make_edition(scorecard, date(2020, 12, 1), **DATES)
    assert [task.edition.month for task in tasks_of(person("lead"), TODAY)] == [date(2020, 12, 1), JANUARY]


def test_tasks_lead_to_their_pages(edition):
    officer()
    addresses = [task.address for name in ("lead", "head", "officer") for task in tasks_of(person(name), TODAY)]
    assert addresses == ["/returns/panel/2021-01/", "/sign-off/panel/2021-01/", "/collection/panel/2021-01/"]


def test_queries_are_as_many_for_40_lines_as_for_2():
    def prepare(count):
        edition = make_collection(*(make_reported(f"A{number}") for number in range(count)), **DATES)
        enter(edition, A0={"figure": "5"})
        send(edition, "A0")
        return person("lead")

    assert queries_for(40, prepare, lambda lead: tasks_of(lead, TODAY)) == queries_for(
        2, prepare, lambda lead: tasks_of(lead, TODAY)
    )
