"""Beginning: the empty site for everybody, the command, and the checklist until the first edition is out."""

import io
import re
from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from indicators.models import User
from scorecard.models import CouncilDetails, Edition, EditionState, Scorecard
from scorecard.roles import PERFORMANCE_OFFICERS
from scorecard.starting.checklist import StepState, checklist
from tests.factories import DECEMBER, JANUARY, make_indicator, make_scorecard, make_user, make_values, publish

TODAY = date(2021, 2, 8)


def words_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def officer(db, client):
    person = make_user("officer", name="Olive Officer", email="olive@example.org", is_staff=True)
    person.groups.add(Group.objects.get(name=PERFORMANCE_OFFICERS))
    client.force_login(person)
    return person


def test_an_officer_of_an_empty_site_is_led_to_where_to_begin(client, officer):
    assert client.get("/")["Location"] == "/setup/"
    page = words_of(client.get("/setup/"))
    for words in ("Where to begin", "From the spreadsheet you have", "From another installation"):
        assert words in page
    assert "0 of 9 steps are done" in words_of(client.get("/your-work/"))
    assert "Where to begin" in words_of(client.get("/your-work/"))


def test_an_empty_scorecard_is_begun_without_the_administration(client, officer):
    page = client.get("/setup/").content.decode()
    assert re.search(r'<a class="govuk-link" href="/setup/scorecards/new/">An empty scorecard</a>', page)
    assert "/admin/scorecard/scorecard/add/" not in page
    typed = {"title": "Housing", "council": "Exampleshire", "panel": "Housing Panel"}
    made = client.post("/setup/scorecards/new/", typed)
    assert made["Location"] == "/scorecards/housing/edit/"
    assert client.get(made["Location"]).status_code == 200
    step = next(step for step in checklist(TODAY).steps if step.title == "A scorecard with lines")
    assert [link[0] for link in step.links] == ["/scorecards/housing/edit/"]


def test_others_find_a_calm_page(client, db):
    assert "Nothing is published for everybody here yet." in words_of(client.get("/"))
    client.force_login(make_user("reader"))
    assert "There is no report for you to read yet." in words_of(client.get("/"))
    assert "To the first published report" not in words_of(client.get("/your-work/"))


def states():
    return [step.state for step in checklist(TODAY).steps]


DONE, UNDER_WAY, NEXT, LATER = StepState.DONE, StepState.UNDER_WAY, StepState.NEXT, StepState.LATER


def test_the_steps_follow_what_is_stored(client, officer):
    assert states() == [NEXT, UNDER_WAY, NEXT, LATER, LATER, LATER, LATER, LATER, LATER]
    CouncilDetails(council="Exampleshire").save()
    person = make_user("lead", email="lead@example.org")
    mine = make_indicator("A1", owner=officer, reporter=person)
    other = make_indicator("B1")
    scorecard = make_scorecard(mine, other)
    assert states() == [UNDER_WAY, DONE, DONE, NEXT, NEXT, NEXT, LATER, LATER, LATER]
    told = words_of(client.get("/setup/"))
    assert "1 of 2 without an owner. 1 of 2 without a reporter." in told
    assert "There are none yet. Without any, the first report has no changes" in told
    other.owner = other.reporter = officer
    other.save()
    make_values(mine, {DECEMBER: 1, JANUARY: 2})
    assert states()[3:6] == [DONE, UNDER_WAY, NEXT]
    edition = Edition.objects.create(
        scorecard=scorecard,
        month=JANUARY,
        state=EditionState.COLLECTING,
        opens_on=date(2021, 2, 1),
        due_on=date(2021, 2, 10),
    )
    assert states()[5:] == [DONE, NEXT, NEXT, LATER]
    assert "Sent: 0 of 2 lines." in words_of(client.get("/your-work/"))
    edition.delete()
    publish(scorecard, JANUARY)
    assert states()[5:] == [DONE, DONE, DONE, DONE]
    assert "To the first published report" not in words_of(client.get("/your-work/"))


@pytest.mark.parametrize("number", [2, 40])
def test_the_checklist_takes_the_same_queries_for_any_number_of_lines(
    officer, django_assert_num_queries, number, client
):
    scorecard = make_scorecard(*(make_indicator(f"A{place}") for place in range(number)))
    Edition.objects.create(
        scorecard=scorecard,
        month=JANUARY,
        state=EditionState.COLLECTING,
        opens_on=date(2021, 2, 1),
        due_on=date(2021, 2, 10),
    )
    with django_assert_num_queries(QUERIES):
        checklist(TODAY)


QUERIES = 19


@pytest.mark.sqlite
def test_the_command_begins_with_the_council_and_its_officer(db):
    told = io.StringIO()
    for _ in range(2):
        call_command("setup_council", council="Exampleshire County Council", officer="jo@example.org", stdout=told)
    assert "https://scorecard.example.gov.uk/setup/" in told.getvalue()
    assert CouncilDetails.present().council == "Exampleshire County Council"
    assert CouncilDetails.history.count() == 1
    assert User.objects.get().groups.get().name == PERFORMANCE_OFFICERS
    assert not Scorecard.objects.exists()


@pytest.mark.sqlite
def test_the_command_writes_nothing_where_something_is_wrong(db, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(CommandError, match="Say --council"):
        call_command("setup_council", council="Exampleshire")
    with pytest.raises(CommandError, match="jo@"):
        call_command("setup_council", council="Exampleshire", officer="jo@")
    assert not CouncilDetails.objects.exists()
    assert not User.objects.exists()
