"""How a question of the panel stands on a day, reckoned by hand."""

from datetime import date

import pytest

from commentary.focus import Progress, standing_on

RAISED, DUE = date(2021, 2, 12), date(2021, 3, 1)


def stands(day, **known):
    about = {"closed_on": None, "due_on": None, "is_assigned": False, "is_answered": False, **known}
    return standing_on(day, opened_on=RAISED, **about)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        pytest.param({}, Progress.UNASSIGNED, id="just raised"),
        pytest.param({"is_assigned": True}, Progress.WAITING, id="somebody is asked"),
        pytest.param({"is_assigned": True, "is_answered": True}, Progress.ANSWERED, id="answered"),
        pytest.param({"is_answered": True}, Progress.ANSWERED, id="answered by the officer"),
        pytest.param({"is_assigned": True, "closed_on": DUE}, Progress.CLOSED, id="closed without an answer"),
    ],
)
def test_progress_is_the_furthest_that_was_reached(known, expected):
    assert stands(DUE, **known).progress is expected


@pytest.mark.parametrize(
    ("day", "closed_on", "expected"),
    [
        pytest.param(RAISED, None, 0, id="on the day it was raised"),
        pytest.param(date(2021, 3, 1), None, 17, id="over the end of February"),
        pytest.param(date(2021, 6, 1), date(2021, 2, 22), 10, id="until it was closed"),
        pytest.param(date(2021, 2, 11), None, 0, id="before it was raised"),
    ],
)
def test_days_open_are_counted_until_it_is_closed(day, closed_on, expected):
    assert stands(day, closed_on=closed_on).days_open == expected


@pytest.mark.parametrize(
    ("day", "known", "expected"),
    [
        pytest.param(DUE, {}, 0, id="on the due date"),
        pytest.param(date(2021, 3, 4), {}, 3, id="after it"),
        pytest.param(date(2021, 3, 4), {"is_answered": True}, 0, id="answered"),
        pytest.param(date(2021, 3, 4), {"closed_on": DUE}, 0, id="closed"),
        pytest.param(date(2021, 3, 4), {"due_on": None}, 0, id="no due date"),
    ],
)
def test_days_late_are_those_since_the_due_date_without_an_answer(day, known, expected):
    assert stands(day, **{"due_on": DUE, "is_assigned": True, **known}).days_late == expected
