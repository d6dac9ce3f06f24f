"""What is told to whom on which day, as tables; without a database. The due date is Thursday 11 March 2021."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from commentary.models import SignOff
from commentary.sign_off import Standing
from indicators.models import Indicator, User
from scorecard.collection.notices import notices_for
from scorecard.models import Edition, Reminder, Scorecard
from scorecard.sheet.sheet import Sheet, SheetLine

REPORTER, OWNER, DEPUTY = (User(pk=key, username=name) for key, name in ((1, "lead"), (2, "head"), (3, "deputy")))
MARCH = {day: date(2021, 3, day) for day in range(1, 32)}


def at(day, hour=9, minute=0):
    return datetime(2021, 3, day, hour, minute, tzinfo=UTC)


def edition(state="collecting", opens=1, due=11):
    dates = {"opens_on": opens and MARCH[opens], "due_on": due and MARCH[due]}
    return Edition(pk=7, scorecard=Scorecard(pk=7), month=date(2021, 2, 1), state=state, **dates)


def line(standing, key=1, *, reporter=REPORTER, owner=OWNER, sent=None, decided=None):
    return SheetLine(
        edition=None,
        section="",
        work_out=None,
        indicator=Indicator(pk=key, reference=f"A{key}", reporter=reporter, owner=owner),
        value=None,
        commentary=None,
        last_commentary="",
        sign_off=SignOff(sent_at=sent, decided_at=decided),
        standing=Standing(standing),
        is_due=True,
        ask=tuple,
        feeds=(),
    )


def told(kind, occasion, sent_at, person=REPORTER, lines_of=None):
    return Reminder(
        person_id=person.pk, lines_of_id=(lines_of or person).pk, kind=kind, occasion=occasion, sent_at=sent_at
    )


def notices(day, *lines, past=(), deputies=None, on=None):
    """What is told of these lines of an edition, which is open unless `on` is another one."""
    on = on or edition()
    own = tuple(SheetLine(**{**vars(line), "edition": on}) for line in lines)
    return notices_for(Sheet(on, own), deputies=deputies or {}, past=past, day=day)


def kinds(found):
    return [(notice.person.username, notice.kind.value, notice.occasion) for notice in found]


OPENED = told("opened", "once", at(1))


@pytest.mark.parametrize(
    ("day", "past", "expected"),
    [
        pytest.param(1, [], ("opened", "once"), id="on the opening date"),
        pytest.param(5, [], ("opened", "once"), id="somebody whose first line came later"),
        pytest.param(2, [OPENED], None, id="opened is told once"),
        pytest.param(7, [OPENED], None, id="four days before the due date"),
        pytest.param(8, [OPENED], ("due_soon", "2021-03-08"), id="three days before the due date"),
        pytest.param(8, [], ("due_soon", "2021-03-08"), id="due soon stands for opened"),
        pytest.param(9, [OPENED], ("due_soon", "2021-03-08"), id="a day after it, when no run was made on it"),
        pytest.param(9, [told("opened", "once", at(9))], None, id="opened told since stands for due soon"),
        pytest.param(9, [OPENED, told("due_soon", "2021-03-08", at(8))], None, id="due soon is told once"),
        pytest.param(8, [told("asked", "time 1", at(8, 7))], None, id="asked for on the same day"),
        pytest.param(8, [told("asked", "time 1", at(7))], ("due_soon", "2021-03-08"), id="asked for the day before"),
        pytest.param(8, [told("sent_back", "x", at(8))], ("due_soon", "2021-03-08"), id="told of a line sent back"),
        pytest.param(11, [told("due_soon", "2021-03-08", at(8))], ("due_soon", "2021-03-11"), id="on the due date"),
        pytest.param(11, [told("due_soon", "2021-03-11", at(11))], None, id="once on the due date"),
        pytest.param(12, [], ("overdue", "2021-03-12"), id="the day after"),
        pytest.param(18, [told("overdue", "2021-03-12", at(12))], None, id="not a week after that"),
        pytest.param(19, [told("overdue", "2021-03-12", at(12))], ("overdue", "2021-03-19"), id="a week after that"),
        pytest.param(19, [told("overdue", "2021-03-12", at(18))], ("overdue", "2021-03-19"), id="weeks do not drift"),
        pytest.param(
            28, [told("overdue", "2021-03-12", at(12))], ("overdue", "2021-03-26"), id="weeks that were missed"
        ),
        pytest.param(29, [told("overdue", "2021-03-26", at(26))], None, id="one mail for weeks that were missed"),
    ],
)
def test_reporters_are_reminded_of_what_is_to_be_entered(day, past, expected):
    found = notices(MARCH[day], line("to_do"), past=past)
    assert kinds(found) == ([("lead", *expected)] if expected else [])


@pytest.mark.parametrize(
    ("opens", "due", "expected"),
    [
        pytest.param(9, 11, {9: "opened", 10: "opened", 11: "due_soon"}, id="two days"),
        pytest.param(11, 11, {10: None, 11: "opened", 12: "overdue"}, id="one day"),
        pytest.param(8, 11, {8: "opened", 9: "opened"}, id="opened on the day of the first reminder"),
    ],
)
def test_a_short_collection_has_no_reminder_before_it_opens(opens, due, expected):
    short = edition(opens=opens, due=due)
    for day, kind in expected.items():
        found = [notice.kind.value for notice in notices(MARCH[day], line("to_do"), on=short)]
        assert found == ([kind] if kind else []), day


def test_a_later_opening_date_does_not_tell_opened_again():
    assert notices(MARCH[6], line("to_do"), past=[OPENED], on=edition(opens=5)) == []


def test_a_later_due_date_is_told():
    past = [told("due_soon", "2021-03-08", at(8)), told("due_soon", "2021-03-11", at(11))]
    assert kinds(notices(MARCH[15], line("to_do"), past=past, on=edition(due=18))) == [
        ("lead", "due_soon", "2021-03-15")
    ]


@pytest.mark.parametrize(
    ("state", "standing", "expected"),
    [
        ("collecting", "to_do", "overdue"),
        ("collecting", "draft", "overdue"),
        ("collecting", "sent_back", "overdue"),
        ("collecting", "not_due", None),
        ("collecting", "sent", None),
        ("collecting", "approved", None),
        ("in_review", "sent_back", "overdue"),
        ("in_review", "to_do", None),
        ("in_review", "draft", None),
        ("published", "to_do", None),
        ("published", "sent_back", None),
    ],
)
def test_only_what_can_be_entered_is_reminded_of(state, standing, expected):
    found = notices(MARCH[12], line(standing, owner=None), on=edition(state))
    assert [notice.kind for notice in found] == ([expected] if expected else [])


@pytest.mark.parametrize("standing", ["to_do", "sent_back", "sent", "changed"])
def test_nobody_is_told_anything_before_the_edition_opens(standing):
    sent = line(standing, sent=at(1), decided=at(1))
    assert notices(MARCH[1], sent, on=edition(opens=2)) == []


@pytest.mark.parametrize(("published", "told"), [(1, False), (3, True)])
def test_once_it_is_published_owners_are_told_of_corrections_only(published, told):
    done = edition("published")
    done.published_at = at(2)
    found = notices(MARCH[12], line("sent", sent=at(published)), on=done)
    assert [notice.kind.value for notice in found] == ["to_sign_off"] * told


def test_a_notice_has_every_line_that_waits_for_the_person():
    lines = [line("to_do", 1), line("sent", 2), line("draft", 3), line("to_do", 4, reporter=DEPUTY), line("to_do", 5)]
    found = next(notice for notice in notices(MARCH[8], *lines) if notice.person == REPORTER)
    assert [line.indicator.reference for line in found.lines] == ["A1", "A3", "A5"]


def test_a_line_of_nobody_is_told_to_nobody():
    assert notices(MARCH[12], line("to_do", reporter=None), line("sent", 2, owner=None, sent=at(9))) == []


# What was sent back


def sent_back(key, decided, **people):
    return line("sent_back", key, decided=decided, **people)


def moments(day, *lines, past=()):
    found = [notice for notice in notices(day, *lines, past=past) if notice.kind == "sent_back"]
    return [(notice.occasion, [line.indicator.reference for line in notice.lines]) for notice in found]


NINE, TEN = "2021-03-09T09:00:00.000000Z", "2021-03-09T10:00:00.000000Z"


@pytest.mark.parametrize(
    ("lines", "past", "expected"),
    [
        pytest.param([sent_back(1, at(9))], [], [(NINE, ["A1"])], id="the first"),
        pytest.param([sent_back(1, at(9)), sent_back(2, at(9, 10))], [], [(TEN, ["A1", "A2"])], id="two at once"),
        pytest.param([sent_back(1, at(9))], [told("sent_back", NINE, at(9, 11))], [], id="told already"),
        pytest.param(
            [sent_back(1, at(9)), sent_back(2, at(9, 10))],
            [told("sent_back", NINE, at(9, 9, 30))],
            [(TEN, ["A2"])],
            id="another one since",
        ),
        pytest.param([sent_back(1, at(9, 10))], [told("sent_back", NINE, at(9))], [(TEN, ["A1"])], id="the same again"),
        pytest.param(
            [sent_back(1, at(9))], [told("sent_back", TEN, at(9, 11))], [], id="a later one was sent again meanwhile"
        ),
        pytest.param([sent_back(1, at(9))], [told("asked", "time 1", at(9, 10))], [], id="an officer asked since"),
        pytest.param([sent_back(1, at(9, 10))], [told("asked", "time 1", at(9))], [(TEN, ["A1"])], id="asked before"),
        pytest.param(
            [sent_back(1, at(9))], [told("asked", "time 1", at(9, 9, 0))], [(NINE, ["A1"])], id="asked in that minute"
        ),
        pytest.param([sent_back(1, at(9))], [told("overdue", "2021-03-12", at(12))], [(NINE, ["A1"])], id="overdue"),
    ],
)
def test_reporters_are_told_once_of_each_sending_back(lines, past, expected):
    assert moments(MARCH[10], *lines, past=past) == expected


def test_the_moment_of_sending_back_does_not_depend_on_the_clock_change():
    summer = datetime(2021, 3, 28, 3, 30, tzinfo=ZoneInfo("Europe/London"))
    assert moments(MARCH[29], sent_back(1, summer))[0][0] == "2021-03-28T02:30:00.000000Z"


def test_a_line_sent_back_in_review_is_told():
    found = notices(MARCH[10], sent_back(1, at(9)), on=edition("in_review"))
    assert "sent_back" in [notice.kind for notice in found]


# What waits for sign-off


def waiting(sent, key=1):
    return line("sent", key, sent=sent)


def asked_to_sign_off(sent_at, kind="to_sign_off", occasion=None):
    return told(kind, occasion or sent_at.date().isoformat(), sent_at, person=OWNER)


@pytest.mark.parametrize(
    ("day", "lines", "past", "is_told"),
    [
        pytest.param(8, [waiting(at(8))], [], True, id="the first line"),
        pytest.param(8, [waiting(at(8, 11))], [asked_to_sign_off(at(8))], False, id="once a day"),
        pytest.param(9, [waiting(at(8, 11))], [asked_to_sign_off(at(8))], True, id="sent after yesterday's mail"),
        pytest.param(9, [waiting(at(8, 7))], [asked_to_sign_off(at(8))], False, id="told yesterday"),
        pytest.param(9, [waiting(at(8, 8, 59))], [asked_to_sign_off(at(8))], False, id="a minute before"),
        pytest.param(
            9, [waiting(at(8, 8, 59) + timedelta(seconds=1))], [asked_to_sign_off(at(8))], True, id="on its way"
        ),
        pytest.param(9, [waiting(at(8, 7)), waiting(at(9), 2)], [asked_to_sign_off(at(8))], True, id="one more"),
        pytest.param(14, [waiting(at(7))], [asked_to_sign_off(at(8))], False, id="six days later"),
        pytest.param(15, [waiting(at(7))], [asked_to_sign_off(at(8))], True, id="a week later"),
        pytest.param(
            16, [waiting(at(7))], [asked_to_sign_off(at(8)), asked_to_sign_off(at(15))], False, id="after a week's mail"
        ),
        pytest.param(9, [waiting(at(8, 7))], [asked_to_sign_off(at(8), "asked")], False, id="an officer asked"),
        pytest.param(8, [line("changed", sent=at(2))], [], True, id="changed after sign-off"),
        pytest.param(
            9, [line("changed", sent=at(2))], [asked_to_sign_off(at(8))], False, id="changed, within a week of a mail"
        ),
        pytest.param(8, [line("approved", sent=at(2))], [], False, id="signed off"),
        pytest.param(
            9,
            [waiting(at(8, 11))],
            [asked_to_sign_off(at(8), occasion="2021-03-09")],
            False,
            id="told yesterday as if it were today",
        ),
    ],
)
def test_owners_are_told_what_waits_for_them(day, lines, past, is_told):
    expected = [("head", "to_sign_off", f"2021-03-{day:02}")] if is_told else []
    assert kinds(notices(MARCH[day], *lines, past=past)) == expected


def test_owners_are_told_in_review_and_without_dates():
    in_review = edition("in_review", opens=None, due=None)
    assert kinds(notices(MARCH[12], waiting(at(9)), on=in_review)) == [("head", "to_sign_off", "2021-03-12")]


# Deputies, and people with two roles


def test_a_deputy_is_told_besides_the_person():
    found = notices(MARCH[8], line("to_do"), deputies={REPORTER.pk: [DEPUTY]})
    assert [(notice.person, notice.lines_of) for notice in found] == [(REPORTER, REPORTER), (DEPUTY, REPORTER)]


def test_a_deputy_of_an_owner_is_told():
    found = notices(MARCH[8], waiting(at(8)), deputies={OWNER.pk: [DEPUTY]})
    assert kinds(found) == [("head", "to_sign_off", "2021-03-08"), ("deputy", "to_sign_off", "2021-03-08")]


def test_a_deputy_is_told_for_each_of_the_people_and_for_their_own_lines():
    lines = [line("to_do", 1), line("to_do", 2, reporter=OWNER), line("to_do", 3, reporter=DEPUTY)]
    past = [told("due_soon", "2021-03-08", at(8), person=DEPUTY, lines_of=REPORTER)]

    found = notices(MARCH[8], *lines, past=past, deputies={REPORTER.pk: [DEPUTY], OWNER.pk: [DEPUTY]})

    assert [notice.lines_of for notice in found if notice.person == DEPUTY] == [OWNER, DEPUTY]


def test_reminders_of_others_do_not_count():
    past = [told("due_soon", "2021-03-08", at(8), person=DEPUTY)]
    assert kinds(notices(MARCH[8], line("to_do"), past=past)) == [("lead", "due_soon", "2021-03-08")]


def test_somebody_who_reports_and_owns_is_told_both():
    found = notices(MARCH[8], line("to_do", 1, owner=REPORTER), line("sent", 2, owner=REPORTER, sent=at(8)))
    assert kinds(found) == [("lead", "due_soon", "2021-03-08"), ("lead", "to_sign_off", "2021-03-08")]
    assert [len(notice.lines) for notice in found] == [1, 1]
