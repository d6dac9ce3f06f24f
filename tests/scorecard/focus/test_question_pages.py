"""The panel's questions through Django's client: the list, raising, answering, and two people at once."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from commentary.models import AreaOfFocus, FocusUpdate
from indicators.models import Deputy, Indicator
from indicators.people import NOT_OFFERED
from scorecard.models import Scorecard
from tests.factories import JANUARY, make_indicator, make_question, make_scorecard, make_user
from tests.scorecard.returns.returning import page_of, queries_for

from .asking import (
    FEBRUARY,
    NEW,
    QUESTIONS,
    SCRIPT,
    beside,
    browser_of,
    make_open_month,
    member,
    officer,
    officers,
    person,
    shown,
    told,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def scorecard():
    return make_open_month().scorecard


@pytest.fixture
def panel(scorecard):
    return browser_of(member())


@pytest.fixture
def question(scorecard):
    """Raised twelve days ago about January; the head has been asked for an answer by tomorrow."""
    today = timezone.localdate()
    dates = {"opened_on": today - timedelta(days=12), "due_on": today + timedelta(days=1)}
    return make_question(scorecard, asked_in=JANUARY, asked_by=member(), owner=person("head"), **dates)


def address(question):
    return f"{QUESTIONS}{question.pk}/"


def raising(**typed):
    return {"kind": "question", "title": "Why?", "detail": "", "month": "2021-01", "indicator": "", **typed}


# Raising


def test_question_that_is_sent_again_is_raised_once(panel, scorecard):
    first, second = (panel.post(NEW, raising()) for _ in range(2))
    assert first.url == second.url
    assert scorecard.areas_of_focus.questions().count() == 1


def test_recommendation_about_the_whole_report_is_raised(panel, scorecard):
    response = panel.post(
        NEW, raising(kind="recommendation", title=" Show\r\nit apart. ", detail="Because."), follow=True
    )
    asked = scorecard.areas_of_focus.get()
    assert "The recommendation is raised." in told(response)
    assert (asked.kind, asked.title, asked.detail, asked.raised_by) == (
        "recommendation", "Show it apart.", "Because.", "panel",
    )  # fmt: skip
    assert (asked.asked_by, asked.asked_in, asked.opened_on) == (member(), JANUARY, timezone.localdate())
    assert (asked.owner, asked.due_on, asked.indicators.count()) == (None, None, 0)
    assert {record.history_user for record in asked.history.all()} == {member()}
    assert scorecard.history.first().history_user == member()


def test_address_says_what_the_question_is_about(panel):
    indicator = Indicator.objects.get(reference="B1")
    html = page_of(panel.get(f"{NEW}?month=2021-01&indicator={indicator.pk}"))
    assert re.search(rf'<option value="{indicator.pk}" selected>', html)
    assert re.search(r'<option value="2021-01" selected>', html)


@pytest.mark.parametrize("query", ["month=x&indicator=x", "month=2021-02", f"indicator={'9' * 40}", "month=%00"])
def test_odd_address_opens_the_form(panel, query):
    assert panel.get(f"{NEW}?{query}").status_code == 200


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"title": " "}, "title", "Write your question or recommendation."),
        ({"title": "x" * 201}, "title", "at most 200 characters"),
        ({"kind": "area"}, "kind", "is not on the list"),
        ({"month": ""}, "month", "Choose the month of the report."),
        ({"month": "2021-02"}, "month", "is not on the list"),
        ({"indicator": "999"}, "indicator", "is not on the list"),
        ({"indicator": "A1"}, "indicator", "is not on the list"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_question_is_said_beside_its_field(panel, typed, field, message):
    response = panel.post(NEW, raising(**typed))
    assert response.status_code == 422
    assert message in beside(response, f"id_{field}")
    assert not AreaOfFocus.objects.exists()


def test_indicator_that_the_report_of_the_month_does_not_have_is_explained(panel, scorecard):
    later = make_indicator("C1", active_from=FEBRUARY)
    scorecard.sections.get().lines.create(indicator=later)
    response = panel.post(NEW, raising(indicator=later.pk))
    assert beside(response, "id_indicator") == "This indicator is not in the report for January 2021."


def test_nothing_can_be_asked_before_a_report_is_published(client):
    make_scorecard()
    client.force_login(member())
    assert "No report has been published yet" in told(client.get(NEW))
    assert client.post(NEW, raising()).status_code == 422


# The list


def test_report_offers_asking_and_repeats_no_place_of_the_navigation(panel, scorecard):
    report = panel.get("/scorecards/panel/2021-01/")
    assert report.context["ask"]["raise_at"] == f"{NEW}?month=2021-01"
    assert report.content.decode().count(f'href="{QUESTIONS}"') == 1


def listed(response):
    return [shown.question.title for shown in response.context["page"].shown]


def test_open_questions_are_listed_the_oldest_first(panel, scorecard):
    for title, opened, closed in (("Newer", 5, None), ("Oldest", 9, None), ("Closed", 10, 1), ("Old", 7, None)):
        today = timezone.localdate()
        closed_on = today - timedelta(days=closed) if closed else None
        make_question(scorecard, title, opened_on=today - timedelta(days=opened), closed_on=closed_on)
    scorecard.areas_of_focus.add(AreaOfFocus.objects.create(title="An area", opened_on=JANUARY))
    response = panel.get(QUESTIONS)
    assert listed(response) == ["Oldest", "Old", "Newer"]
    assert "3 open" in told(response)
    assert listed(panel.get(f"{QUESTIONS}?show=closed")) == ["Closed"]
    assert listed(panel.get(f"{QUESTIONS}?show=all")) == ["Closed", "Oldest", "Old", "Newer"]


def test_list_says_in_words_how_late_an_answer_is(panel, question):
    question.due_on = timezone.localdate() - timedelta(days=3)
    question.save()
    words = told(panel.get(QUESTIONS))
    assert "Overdue by 3 days, due on" in words
    assert "1 overdue" in words
    assert "12 Head Waiting for an answer" in words


def test_questions_are_found_by_owner_and_indicator(panel, scorecard, question):
    indicator = Indicator.objects.get(reference="A1")
    other = make_question(scorecard, "Other")
    other.indicators.add(indicator)
    assert listed(panel.get(f"{QUESTIONS}?owner=@head")) == [question.title]
    assert listed(panel.get(f"{QUESTIONS}?owner=nobody")) == ["Other"]
    assert listed(panel.get(f"{QUESTIONS}?indicator={indicator.pk}")) == ["Other"]


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["show", "owner", "indicator"])
@pytest.mark.parametrize("value", ["nonsense", SCRIPT])
def test_filter_that_is_not_on_the_list_is_explained_and_escaped(panel, question, name, value):
    response = panel.get(QUESTIONS, {name: value})
    assert "is not on the list" in beside(response, f"filter_{name}")
    assert SCRIPT not in page_of(response)


def test_those_who_have_no_part_in_the_scorecard_read_no_questions(question):
    stranger = browser_of(person("stranger"))
    assert [stranger.get(page).status_code for page in (QUESTIONS, address(question))] == [403, 403]


def test_who_is_asked_reads_them_without_a_line_of_their_own(question):
    question.owner = person("expert")
    question.save()
    assert browser_of(person("expert")).get(QUESTIONS).status_code == 200


# Answering


def test_only_who_was_asked_and_officers_find_a_form_for_the_answer(panel, question):
    for client, forms in (
        (panel, set()),
        (browser_of(person("lead")), set()),
        (browser_of(person("head")), {"answer", "update"}),
        (officers(), {"answer", "update", "assign", "close"}),
    ):
        html = page_of(client.get(address(question)))
        assert set(re.findall(r'name="action" value="(\w+)"', html)) == forms


def test_deputy_of_who_was_asked_answers_for_them(question):
    Deputy.objects.create(person=person("head"), deputy=person("dana"), starts_on=JANUARY)
    dana = browser_of(person("dana"))
    assert "Question from the panel: Why did it rise?" in told(dana.get("/your-work/"))
    dana.post(address(question), {**shown(dana.get(address(question)), "answer"), "response": "A new team."})
    question.refresh_from_db()
    assert question.response == "A new team."


def test_page_tells_the_whole_history(question):
    head, officers_page = browser_of(person("head")), officers()
    page = address(question)
    head.post(page, {**shown(head.get(page), "answer"), "response": "A new team."})
    officers_page.post(page, {**shown(officers_page.get(page), "assign"), "owner": "", "due_on": ""})
    today = timezone.localdate()
    officers_page.post(page, {**shown(officers_page.get(page), "close"), "closed_on": today.isoformat()})
    officers_page.post(page, shown(officers_page.get(page), "reopen"))
    told_of = [(event.who, event.what, event.after) for event in officers_page.get(page).context["page"].events]
    assert told_of[:2] == [
        ("Officer", "Opened again", ""),
        ("Officer", "Closed", f"{today:%-d %B %Y}"),
    ]
    assert set(told_of[2:4]) == {("Officer", "Who answers", "nobody"), ("Officer", "Answer due", "nothing")}
    assert told_of[4:] == [("Head", "Answer", "A new team."), ("The system", "Question raised", "Why did it rise?")]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("action", "typed", "field", "message"),
    [
        ("answer", {"response": " "}, "answer_response", "Write the answer."),
        ("update", {"date": "2021-02-03", "text": ""}, "update_text", "Write what has happened since."),
        ("assign", {"owner": "999999999999999999999"}, "assign_owner", "Choose somebody who is on the list."),
        ("assign", {"owner": "x"}, "assign_owner", "Choose somebody who is on the list."),
        ("assign", {"owner": "", "due_on": "2030-01-01"}, "assign_owner", "Choose who answers by then."),
        ("assign", {"due_on": "2020-01-01"}, "assign_due_on", "choose a later day"),
        ("close", {"closed_on": ""}, "close_closed_on", "Enter the day it is closed on."),
        ("close", {"closed_on": "2020-01-01"}, "close_closed_on", "choose a later day"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_kept(question, action, typed, field, message):
    client = officers()
    opened = shown(client.get(address(question)), action) if action != "update" else {"action": action}
    typed = {"owner": person("head").pk, **typed} if action == "assign" else typed
    response = client.post(address(question), {**opened, **typed})
    assert response.status_code == 422
    assert message in beside(response, field)
    question.refresh_from_db()
    assert (question.version, FocusUpdate.objects.count()) == (1, 0)


def test_person_who_left_can_not_be_asked(question):
    gone = make_user("gone", is_active=False)
    client = officers()
    response = client.post(address(question), {**shown(client.get(address(question)), "assign"), "owner": gone.pk})
    assert beside(response, "assign_owner") == NOT_OFFERED


def test_owner_of_the_indicator_is_suggested(scorecard):
    asked = make_question(scorecard)
    asked.indicators.add(Indicator.objects.get(reference="A1"))
    assert f'<option value="{person("head").pk}" selected>' in page_of(officers().get(address(asked)))


def test_answer_and_assignment_at_the_same_time_are_both_kept(question):
    head, client, page = browser_of(person("head")), officers(), address(question)
    answering, assigning = shown(head.get(page), "answer"), shown(client.get(page), "assign")
    due = timezone.localdate() + timedelta(days=30)
    client.post(page, {**assigning, "owner": person("head").pk, "due_on": due.isoformat()})
    assert head.post(page, {**answering, "response": "A new team."}).status_code == 302
    question.refresh_from_db()
    assert (question.response, question.due_on) == ("A new team.", due)


def test_second_of_two_answers_is_shown_both_and_chooses(question):
    head, client, page = browser_of(person("head")), officers(), address(question)
    answering = shown(head.get(page), "answer")
    client.post(page, {**shown(client.get(page), "answer"), "response": "Theirs."})

    second = head.post(page, {**answering, "response": "Mine."})

    assert second.status_code == 422
    assert "What Officer saved Answer Theirs." in told(second)
    assert "Mine.</textarea>" in page_of(second)
    head.post(page, {**shown(second, "answer"), "response": "Mine.", "keep": "mine"})
    question.refresh_from_db()
    assert question.response == "Mine."


def test_answer_to_a_question_that_was_closed_meanwhile_is_not_lost(question):
    head, page = browser_of(person("head")), address(question)
    answering = shown(head.get(page), "answer")
    question.closed_on = timezone.localdate()
    question.save()
    for typed, field in (({**answering, "response": "Mine."}, "answer_response"),
                         ({"action": "update", "date": "2021-02-03", "text": "Mine."}, "update_text")):  # fmt: skip
        response = head.post(page, typed)
        assert beside(response, field).startswith("This question is closed.")
        assert "Mine.</textarea>" in page_of(response)
    question.refresh_from_db()
    assert (question.response, FocusUpdate.objects.count()) == ("", 0)


def test_question_that_was_answered_meanwhile_is_not_closed_unread(question):
    client, page = officers(), address(question)
    closing = shown(client.get(page), "close")
    question.response = "A new team."
    question.save()
    today = timezone.localdate().isoformat()
    response = client.post(page, {**closing, "closed_on": today}, follow=True)
    assert "Somebody else has changed this question in the meantime, so nothing was done. Please look again." in told(
        response
    )
    question.refresh_from_db()
    assert question.closed_on is None


@pytest.mark.parametrize("action", ["", "nonsense", "assign", "close", "reopen"])
def test_owner_can_do_nothing_but_answer(question, action):
    assert browser_of(person("head")).post(address(question), {"action": action}).status_code == 403


@pytest.mark.parametrize("key", ["999999", "9" * 30])
def test_question_that_is_not_there_is_not_found(panel, key):
    assert panel.get(f"{QUESTIONS}{key}/").status_code == 404


def test_area_of_focus_is_no_question(panel, scorecard):
    area = AreaOfFocus.objects.create(title="An area", opened_on=JANUARY)
    scorecard.areas_of_focus.add(area)
    assert panel.get(address(area)).status_code == 404


def test_whatever_people_write_is_escaped(question):
    question.title, question.detail, question.response = SCRIPT, SCRIPT, SCRIPT
    question.save()
    FocusUpdate.objects.create(area=question, date=date(2021, 2, 3), text=SCRIPT)
    for page in (QUESTIONS, address(question), "/your-work/"):
        html = page_of(officers().get(page))
        assert SCRIPT not in html


# Your work


def test_answered_and_closed_questions_do_not_wait_for_anybody(scorecard):
    head = person("head")
    make_question(scorecard, "Answered?", owner=head, response="Yes.")
    make_question(scorecard, "Closed?", owner=head, closed_on=timezone.localdate())
    words = told(browser_of(head).get("/your-work/"))
    assert "Answered?" not in words
    assert "Closed?" not in words


def test_who_signs_in_with_one_thing_waiting_lands_on_it(question):
    question.owner = person("expert")
    question.save()
    assert browser_of(person("expert")).get("/start/").url == address(question)


def test_a_member_of_the_panel_finds_what_they_asked_and_how_it_stands(scorecard, panel):
    page = "/your-work/"
    assert "You have asked nothing that is still open." in told(panel.get(page))
    asked = make_question(scorecard, "Why so few?", asked_by=member())
    make_question(scorecard, "Somebody else’s?", asked_by=officer())
    make_question(scorecard, "Long closed?", asked_by=member(), closed_on=timezone.localdate())
    assert "Why so few? Nobody asked yet" in told(panel.get(page))
    asked.owner, asked.response = person("head"), "Too few carers."
    asked.save()
    words = told(panel.get(page))
    assert "Why so few? Answered" in words
    assert "Somebody else’s?" not in words
    assert "Long closed?" not in words


# Queries


@pytest.mark.sqlite
@pytest.mark.parametrize("page", [QUESTIONS, f"{QUESTIONS}?show=all", "/your-work/", NEW])
def test_queries_are_as_many_for_40_questions_as_for_2(page):
    def prepare(count):
        make_open_month()
        scorecard = Scorecard.objects.get()
        for number in range(count):
            asked = make_question(
                scorecard, f"Question {number}", owner=officer() if number % 2 else None, asked_by=officer()
            )
            asked.indicators.add(Indicator.objects.first())
        return officers()

    def ask(client):
        assert client.get(page).status_code == 200

    assert queries_for(40, prepare, ask) == queries_for(2, prepare, ask)


@pytest.mark.sqlite
def test_queries_of_a_question_do_not_grow_with_its_history():
    def prepare(count):
        make_open_month()
        asked = make_question(Scorecard.objects.get(), owner=person("head"))
        for number in range(count):
            asked.updates.create(date=JANUARY, text="Begun.")
            asked.owner, asked.response = make_user(f"owner{number}"), f"Answer {number}"
            asked.save()
            asked.indicators.add(make_indicator(f"X{number}", owner=make_user(f"own{number}")))
        return officers(), address(asked)

    def ask(prepared):
        client, page = prepared
        assert client.get(page).status_code == 200

    assert queries_for(20, prepare, ask) == queries_for(2, prepare, ask)
