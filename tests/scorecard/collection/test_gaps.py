"""What keeps an edition from being collected: lines nobody can see to, and dates on which nobody works."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.leaving import duties_of
from indicators.models import Deputy, Indicator, User
from scorecard.models import Edition, Reminder
from scorecard.roles import PERFORMANCE_OFFICERS
from tests.factories import (
    JANUARY,
    make_edition,
    make_indicator,
    make_officer,
    make_question,
    make_scorecard,
    make_user,
)
from tests.scorecard.returns.returning import page_of, words_of

pytestmark = pytest.mark.django_db
BOARD, OPEN = "/collection/panel/2021-01/", "/editions/panel/open/"
TODAY = timezone.localdate()
# Monday 1 and Thursday 11 February and Thursday 4 March 2021.
WORKING = {"opens_on": date(2021, 2, 1), "due_on": date(2021, 2, 11), "meeting_date": date(2021, 3, 4)}


@pytest.fixture
def scorecard():
    """A1 and A2 are reported by somebody who has left, B1 by nobody; Ola, who owns them all, has no address."""
    gone = make_user("gone", name="Gone", email="gone@example.org", is_active=False)
    ola = make_user("ola", name="Ola")
    people = [gone, gone, None]
    lines = [
        make_indicator(reference, reporter=reporter, owner=ola)
        for reference, reporter in zip(("A1", "A2", "B1"), people, strict=True)
    ]
    return make_scorecard(*lines)


@pytest.fixture
def at_work(client):
    client.force_login(make_officer(is_staff=True))
    return client


def gaps_on(client, address=BOARD):
    """Each gap in words, with the addresses of its links."""
    return client.get(address).context["page"].gaps


def sentences(client):
    return [gap.sentence for gap in gaps_on(client)]


# People


def test_board_names_who_is_missing_and_where_it_is_put_right(at_work, scorecard):
    make_edition(scorecard, JANUARY, **WORKING)
    nobody, gone, ola = gaps_on(at_work)
    assert nobody.sentence == "Nobody reports 1 line: B1."
    assert nobody.links[0].address == f"/admin/indicators/indicator/{Indicator.objects.get(reference='B1').pk}/change/"
    assert gone.sentence == "Gone reports 2 lines: A1, A2, but can’t sign in any more."
    assert gone.links[0].address == f"{BOARD}hand-over/gone/"
    assert ola.sentence == "No reminder reaches Ola, who owns 3 lines: A1, A2, B1: no e-mail address."
    html = page_of(at_work.get(BOARD))
    for gap in (nobody, gone, ola):
        assert gap.sentence in unescape(words_of(html))
        for link in gap.links:
            assert f'href="{link.address}"' in html
            assert at_work.get(link.address).status_code == 200


def test_deputy_helps_unless_they_have_left_too(at_work, scorecard):
    make_edition(scorecard, JANUARY, **WORKING)
    gone = User.objects.get(username="gone")
    helper = make_user("helper", name="Helper", email="h@example.org")
    Deputy.objects.create(person=gone, deputy=helper, starts_on=JANUARY)
    assert "Helper can see to them as deputy." in sentences(at_work)[1]
    helper.is_active = False
    helper.save()
    assert sentences(at_work)[1:3] == [
        "Gone reports 2 lines: A1, A2, but can’t sign in any more.",
        "Helper stands in for Gone, but can’t sign in any more.",
    ]


def test_question_to_somebody_who_has_left_is_named(at_work, scorecard):
    make_edition(scorecard, JANUARY, **WORKING)
    question = make_question(scorecard, owner=User.objects.get(username="gone"))
    gap = gaps_on(at_work)[-1]
    assert gap.sentence == "Gone is to answer “Why did it rise?”, but can’t sign in any more."
    assert gap.links[0].address == f"/scorecards/panel/questions/{question.pk}/"


def test_nothing_is_said_where_nothing_is_missing(at_work):
    lead = make_user("lead", email="lead@example.org")
    make_edition(make_scorecard(make_indicator("A1", reporter=lead, owner=lead)), JANUARY, **WORKING)
    assert sentences(at_work) == []
    assert "To put right" not in page_of(at_work.get(BOARD))


def test_more_people_who_left_take_no_more_queries(at_work, scorecard):
    make_edition(scorecard, JANUARY, **WORKING)
    with CaptureQueriesContext(connection) as before:
        at_work.get(BOARD)
    section = scorecard.sections.get()
    for number in range(5):
        gone = make_user(f"gone{number}", is_active=False)
        section.lines.create(indicator=make_indicator(f"C{number}", reporter=gone, owner=gone), position=number + 9)
        make_question(scorecard, f"Why {number}?", owner=gone)
    with CaptureQueriesContext(connection) as after:
        at_work.get(BOARD)
    assert len(after) <= len(before)


def test_opening_an_edition_says_it_too(at_work, scorecard):
    assert "Nobody reports 1 line: B1." in words_of(page_of(at_work.get(OPEN)))
    answer = at_work.post(
        OPEN, {"month": "2021-02", "opens_on": "2021-03-01", "due_on": "2021-03-11", "meeting_date": ""}, follow=True
    )
    told = [str(message) for message in answer.context["messages"]]
    assert "Gone reports 2 lines: A1, A2, but can’t sign in any more." in told


# Handing over for good


def test_lines_of_somebody_who_left_are_handed_over_for_good(at_work, scorecard):
    make_edition(scorecard, JANUARY, **WORKING)
    gone, new = User.objects.get(username="gone"), make_user("new", name="New", email="n@example.org")
    page = at_work.get(f"{BOARD}hand-over/gone/")
    assert page.context["form"]["for_good"].value() is True
    answer = at_work.post(f"{BOARD}hand-over/gone/", {"deputy": new.pk, "for_good": "on"}, follow=True)
    assert "New takes over from Gone, who reports 2 indicators: A1, A2." in words_of(page_of(answer))
    assert (duties_of(gone), Deputy.objects.count()) == ([], 0)
    assert Indicator.objects.get(reference="A1").history.first().history_user.username == "officer"


def test_for_good_has_no_end(at_work, scorecard):
    make_edition(scorecard, JANUARY, **WORKING)
    new = make_user("new")
    typed = {"deputy": new.pk, "for_good": "on", "until": str(TODAY)}
    answer = at_work.post(f"{BOARD}hand-over/gone/", typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["until"])
    assert duties_of(new) == []


# Reminders


@pytest.mark.parametrize("how", ["inactive", "no address", "with a deputy who left"])
def test_officers_are_told_what_nobody_else_can_be_told(how, settings):
    settings.SITE_URL = "https://scorecard.example.gov.uk"
    lead = make_user("lead", name="Lead", email="" if how == "no address" else "l@example.org")
    owner = make_user("owner", email="o@example.org")
    lead.is_active = how == "no address"
    lead.save()
    if how == "with a deputy who left":
        Deputy.objects.create(person=lead, deputy=make_user("d", is_active=False, email="d@x.org"), starts_on=JANUARY)
    make_officer("boss", email="boss@example.org")
    Group.objects.get(name=PERFORMANCE_OFFICERS).user_set.add(make_user("off", is_active=False, email="off@x.org"))
    make_edition(make_scorecard(make_indicator("A1", reporter=lead, owner=owner)), due_on=TODAY - timedelta(days=1))
    for _ in range(2):
        call_command("send_reminders")
    assert [message.to for message in mail.outbox] == [["boss@example.org"]]
    assert "1 line of Lead was due" in mail.outbox[0].subject
    why = "You are told because Lead " + (
        "has no e-mail address." if how == "no address" else "can’t sign in any more."
    )
    assert why in mail.outbox[0].body
    assert Reminder.objects.get().lines_of == lead


def test_officers_are_not_told_where_a_deputy_is(settings):
    settings.SITE_URL = "https://scorecard.example.gov.uk"
    lead = make_user("lead", is_active=False)
    Deputy.objects.create(person=lead, deputy=make_user("d", email="d@example.org"), starts_on=JANUARY)
    make_officer("boss", email="boss@example.org")
    make_edition(make_scorecard(make_indicator("A1", reporter=lead)), due_on=TODAY - timedelta(days=1))
    call_command("send_reminders")
    assert [message.to for message in mail.outbox] == [["d@example.org"]]


# Dates


def test_board_asks_about_dates_on_which_nobody_works(at_work):
    lead = make_user("lead", email="l@example.org")
    scorecard = make_scorecard(make_indicator("A1", reporter=lead, owner=lead))
    days = {"opens_on": date(2021, 3, 27), "due_on": date(2021, 4, 2), "meeting_date": date(2021, 5, 3)}
    edition = make_edition(scorecard, JANUARY, **days)
    assert sentences(at_work) == [
        "Opening date: 27 March 2021 is a Saturday. Is that meant? The next working day is Monday 29 March 2021.",
        "Due date: 2 April 2021 is a bank holiday (Good Friday). Is that meant? "
        "The next working day is Tuesday 6 April 2021.",
        "Meeting: 3 May 2021 is a bank holiday (May Day). Is that meant? The next working day is Tuesday 4 May 2021.",
    ]
    assert gaps_on(at_work)[0].links[0].address == f"/admin/scorecard/edition/{edition.pk}/change/"


def test_opening_asks_beside_the_field_and_stops_nothing(at_work, scorecard):
    typed = {"month": "2021-02", "opens_on": "2021-03-06", "due_on": "2021-03-11", "meeting_date": "never"}
    html = page_of(at_work.post(OPEN, typed))
    assert 'id="id_opens_on_question"' in html
    assert "6 March 2021 is a Saturday. Is that meant? The next working day is Monday 8 March 2021." in html
    assert 'aria-describedby="id_opens_on_helptext id_opens_on_question"' in html
    assert "id_due_on_question" not in html
    answer = at_work.post(OPEN, typed | {"meeting_date": "2021-04-05"}, follow=True)
    made = Edition.objects.get()
    assert (made.opens_on, made.meeting_date) == (date(2021, 3, 6), date(2021, 4, 5))
    told = [str(message) for message in answer.context["messages"]]
    assert any(one.startswith("Meeting: 5 April 2021 is a bank holiday (Easter Monday).") for one in told)


def test_answer_due_on_a_holiday_is_asked_about(at_work, scorecard):
    question = make_question(scorecard)
    ola = User.objects.get(username="ola")
    typed = {"action": "assign", "owner": ola.pk, "due_on": "2021-12-27", "saw": f"{question.pk}.{question.version}"}
    answer = at_work.post(f"/scorecards/panel/questions/{question.pk}/", typed, follow=True)
    question.refresh_from_db()
    assert question.due_on == date(2021, 12, 27)
    assert "Christmas Day, substitute day" in " ".join(str(message) for message in answer.context["messages"])
    assert "due_on_question" in page_of(answer)


def test_administration_asks_too(at_work, scorecard):
    edition = make_edition(scorecard, JANUARY, **WORKING | {"due_on": date(2021, 2, 13)})
    page = f"/admin/scorecard/edition/{edition.pk}/change/"
    assert "13 February 2021 is a Saturday. Is that meant?" in at_work.get(page).text
    typed = {"scorecard": scorecard.pk, "month": "2021-01", "opens_on": "2021-02-01", "due_on": "2021-02-14"}
    typed |= {"meeting_date": "2021-03-04", "overview": "", "read_version": edition.version}
    answer = at_work.post(page, typed, follow=True)
    assert "Due date: 14 February 2021 is a Sunday." in answer.text
    edition.refresh_from_db()
    assert edition.due_on == date(2021, 2, 14)
    for odd in ("", "x", "2021-02-30", "0000-00-00", "99999-01-01"):
        assert at_work.post(page, typed | {"due_on": odd}).status_code in (200, 302)
