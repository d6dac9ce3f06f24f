"""Opening an edition, moving it on, and handing lines over: dates by the calendar of 2021."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from indicators.models import ChangedMeanwhileError, Deputy
from indicators.working_days import why_off
from scorecard.collection.editions import Dates, hand_over, move_edition, open_edition, suggest_next
from scorecard.models import Edition, EditionState
from tests.factories import JANUARY, make_edition, make_scorecard, make_user
from tests.scorecard.returns.returning import officer, person

pytestmark = pytest.mark.django_db
COLLECTING, IN_REVIEW, PUBLISHED = EditionState
FEBRUARY = date(2021, 2, 1)
# A Saturday, and the first working day after it.
TODAY, MONDAY = date(2021, 2, 20), date(2021, 2, 22)
DATES = Dates(date(2021, 3, 1), date(2021, 3, 11), date(2021, 3, 25))


def refused(words):
    return pytest.raises(ValidationError, match=words)


def suggested(today=TODAY, **dates):
    """What is suggested after an edition for January 2021 with these dates."""
    scorecard = make_scorecard()
    make_edition(scorecard, JANUARY, **{"opens_on": date(2021, 2, 1), "due_on": date(2021, 2, 11), **dates})
    return suggest_next(scorecard, today)


# Suggested dates


def test_next_month_keeps_the_weekday_and_the_week():
    # Monday 1, second Thursday 11 and fourth Thursday 25 February 2021.
    assert suggested(meeting_date=date(2021, 2, 25)) == (FEBRUARY, DATES)


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        pytest.param(date(2021, 2, 11), date(2021, 3, 11), id="second Thursday"),
        pytest.param(date(2021, 2, 28), date(2021, 3, 29), id="fourth Sunday to the Monday after"),
        pytest.param(date(2021, 4, 30), date(2021, 5, 28), id="fifth Friday to a month that has four"),
        pytest.param(date(2021, 3, 31), date(2021, 4, 28), id="fifth Wednesday to a month that has four"),
        pytest.param(date(2021, 4, 29), date(2021, 5, 27), id="fifth Thursday to a month that has four"),
        pytest.param(date(2021, 8, 30), date(2021, 9, 27), id="fifth Monday to a month that has four"),
        pytest.param(date(2021, 12, 9), date(2022, 1, 13), id="into the next year"),
    ],
)
def test_due_date_goes_a_month_on(due_on, expected):
    assert suggested(due_on=due_on)[1].due_on == expected


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        pytest.param(date(2026, 3, 6), date(2026, 4, 7), id="Good Friday to after Easter"),
        pytest.param(date(2026, 4, 6), date(2026, 5, 5), id="first Monday of May"),
        pytest.param(date(2026, 11, 27), date(2026, 12, 29), id="Boxing Day's substitute"),
        pytest.param(date(2021, 11, 22), date(2021, 12, 29), id="Christmas at a weekend"),
        pytest.param(date(2025, 12, 4), date(2026, 1, 2), id="New Year's Day"),
        pytest.param(date(2022, 8, 15), date(2022, 9, 20), id="a day proclaimed once"),
    ],
)
def test_suggested_due_date_is_no_bank_holiday(due_on, expected):
    opens = {"opens_on": due_on - timedelta(days=7), "due_on": due_on, "meeting_date": due_on}
    dates = suggested(due_on, **opens)[1]
    assert (dates.due_on, dates.meeting_date) == (expected, expected)
    assert not any(map(why_off, dates))


def test_dates_that_would_have_passed_begin_today_and_last_as_long():
    assert suggested(date(2021, 3, 12))[1] == Dates(date(2021, 3, 12), date(2021, 3, 22), None)


def test_due_date_of_today_has_not_passed():
    assert suggested(date(2021, 3, 11))[1].due_on == date(2021, 3, 11)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        # In April 2021 the first Thursday comes before the first Monday.
        (
            {"opens_on": date(2021, 3, 1), "due_on": date(2021, 3, 4)},
            (date(2021, 4, 1), date(2021, 4, 1), None),
        ),
        (
            {"opens_on": date(2021, 3, 1), "due_on": date(2021, 3, 1), "meeting_date": date(2021, 3, 4)},
            # The first Monday is Easter Monday.
            (date(2021, 4, 6), date(2021, 4, 6), date(2021, 4, 6)),
        ),
    ],
    ids=["due before opening", "meeting before due"],
)
def test_suggested_dates_stay_in_order(dates, expected):
    assert suggested(**dates)[1] == expected


def test_first_edition_is_last_months_and_has_a_week():
    assert suggest_next(make_scorecard(), date(2021, 2, 20)) == (JANUARY, (MONDAY, date(2021, 3, 1), None))


def test_after_an_edition_without_dates_it_begins_today():
    scorecard = make_scorecard()
    make_edition(scorecard, state=PUBLISHED, opens_on=None, due_on=None)
    assert suggest_next(scorecard, TODAY) == (FEBRUARY, (MONDAY, date(2021, 3, 1), None))


def test_suggestion_follows_the_latest_month():
    scorecard = make_scorecard()
    make_edition(scorecard, FEBRUARY)
    make_edition(scorecard, JANUARY)
    assert suggest_next(scorecard, TODAY)[0] == date(2021, 3, 1)


def test_other_scorecards_do_not_count():
    make_edition(make_scorecard(slug="other"), FEBRUARY)
    assert suggest_next(make_scorecard(), TODAY)[0] == JANUARY


@pytest.mark.parametrize("field", ["opens_on", "due_on", "meeting_date"])
def test_no_date_is_suggested_beyond_the_calendar(field):
    last = date(9999, 12, 31)
    names = ["opens_on", "due_on", "meeting_date"]
    assert suggested(**dict.fromkeys(names[names.index(field) :], last))[0] == FEBRUARY


# Opening


def test_an_edition_is_opened_for_collection():
    edition = open_edition(scorecard=make_scorecard(), month=FEBRUARY, dates=DATES, by=officer())
    assert (edition.state, edition.month, edition.opens_on, edition.due_on) == (COLLECTING, FEBRUARY, *DATES[:2])
    assert edition.is_open(DATES.opens_on)
    assert not edition.is_open(date(2021, 2, 28))


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        (DATES._replace(due_on=date(2021, 2, 28)), "The due date can't be before the opening date."),
        (DATES._replace(meeting_date=date(2021, 3, 10)), "The meeting can't be before the due date."),
    ],
)
def test_dates_out_of_order_are_refused(dates, words):
    with refused(words):
        open_edition(scorecard=make_scorecard(), month=FEBRUARY, dates=dates, by=officer())
    assert not Edition.objects.exists()


def test_a_month_is_opened_once():
    scorecard = make_scorecard()
    make_edition(scorecard, FEBRUARY)
    with refused("There is already an edition for this month."):
        open_edition(scorecard=scorecard, month=FEBRUARY, dates=DATES, by=officer())


# Moving on


@pytest.mark.parametrize(("state", "to"), [(COLLECTING, IN_REVIEW), (IN_REVIEW, COLLECTING)], ids=str)
def test_an_edition_moves(state, to):
    edition = make_edition(make_scorecard(), state=state)
    moved = move_edition(edition=edition, to=to, version=1, by=officer())
    edition.refresh_from_db()
    assert (moved.state, edition.state, edition.version) == (to, to, 2)


@pytest.mark.parametrize(
    ("state", "to"),
    [
        (COLLECTING, PUBLISHED),
        (IN_REVIEW, PUBLISHED),
        (COLLECTING, COLLECTING),
        (PUBLISHED, IN_REVIEW),
        (PUBLISHED, COLLECTING),
    ],
    ids=str,
)
def test_an_edition_does_not_move(state, to):
    edition = make_edition(make_scorecard(), state=state)
    with refused(f"An edition can’t go from {state.label} to {to.label}."):
        move_edition(edition=edition, to=to, version=1, by=officer())


def test_an_edition_that_somebody_changed_meanwhile_does_not_move():
    edition = make_edition(make_scorecard())
    edition.save()
    with pytest.raises(ChangedMeanwhileError):
        move_edition(edition=edition, to=IN_REVIEW, version=1, by=officer())
    edition.refresh_from_db()
    assert edition.state == COLLECTING


def test_an_edition_without_dates_is_not_opened_again():
    edition = make_edition(make_scorecard(), state=IN_REVIEW, opens_on=None, due_on=None)
    with refused("An edition that is collected needs an opening date and a due date."):
        move_edition(edition=edition, to=COLLECTING, version=1, by=officer())


# Handing over


def test_a_deputy_stands_in_from_today():
    deputy = hand_over(person=person("lead"), deputy=person("dana"), starts_on=TODAY, until=None, by=officer())
    assert (deputy.starts_on, deputy.ends_on) == (TODAY, None)


def test_handing_over_again_on_the_same_day_changes_the_end():
    for until in (None, date(2021, 2, 27)):
        hand_over(person=person("lead"), deputy=person("dana"), starts_on=TODAY, until=until, by=officer())
    assert [deputy.ends_on for deputy in Deputy.objects.all()] == [date(2021, 2, 27)]


@pytest.mark.parametrize(
    ("deputy", "until", "words"),
    [
        ("dana", date(2021, 2, 19), "The last day can't be before the first."),
        ("lead", None, "Nobody can be their own deputy."),
        ("gone", None, "Gone can’t sign in any more: choose somebody else."),
    ],
)
def test_handing_over_that_makes_no_sense_is_refused(deputy, until, words):
    make_user("gone", name="Gone", is_active=False)
    with refused(words):
        hand_over(person=person("lead"), deputy=person(deputy), starts_on=TODAY, until=until, by=officer())
    assert not Deputy.objects.exists()


# Who may


@pytest.mark.parametrize(
    "act",
    [
        lambda by: open_edition(scorecard=make_scorecard(slug="new"), month=FEBRUARY, dates=DATES, by=by),
        lambda by: move_edition(edition=make_edition(make_scorecard(slug="new")), to=IN_REVIEW, version=1, by=by),
        lambda by: hand_over(person=person("lead"), deputy=person("dana"), starts_on=TODAY, until=None, by=by),
    ],
    ids=["open", "move", "hand over"],
)
@pytest.mark.parametrize("username", ["lead", "head", "stranger"])
def test_only_officers_look_after_editions(act, username):
    with pytest.raises(PermissionDenied):
        act(person(username))
