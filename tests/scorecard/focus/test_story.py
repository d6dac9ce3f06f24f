"""From the meeting to the answer: a question of the panel on its whole way, on the pages of all who take part."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from commentary.models import AreaOfFocus
from indicators.models import Indicator
from scorecard.models import Edition, Scorecard
from scorecard.publication.publish import freeze_published
from scorecard.report import assemble_report
from tests.factories import JANUARY, make_edition, make_value

from .asking import FEBRUARY, MARCH, NEW, browser_of, make_open_month, member, officers, person, shown, told

pytestmark = pytest.mark.django_db


def focus_of(month):
    return assemble_report(Scorecard.objects.get(), month).areas_of_focus


def publish(edition):
    edition.refresh_from_db()
    edition.state = "published"
    edition.save()
    freeze_published(edition.scorecard, timezone.now())


def test_question_is_raised_answered_shown_and_closed():
    february = make_open_month()
    today = timezone.localdate()
    indicator = Indicator.objects.get(reference="A1")
    for month in (JANUARY, FEBRUARY):
        make_value(indicator, month, 5)
    panel, officer, head = browser_of(member()), officers(), browser_of(person("head"))

    # A panel member asks about a line of January's report.
    ask = panel.get(f"/scorecards/panel/2021-01/indicators/{indicator.pk}/").context["ask"]["raise_at"]
    typed = {"kind": "question", "title": "Why did it rise?", "month": "2021-01", "indicator": indicator.pk}
    address = panel.post(ask, typed).url
    question = AreaOfFocus.objects.get()
    assert (question.asked_by, question.raised_by, question.asked_in) == (member(), "panel", JANUARY)

    # The officer, told of it, asks the head and says by when.
    assert "1 open question not assigned to anybody yet" in told(officer.get("/your-work/"))
    due = today + timedelta(days=7)
    assigned = {**shown(officer.get(address), "assign"), "owner": person("head").pk, "due_on": due.isoformat()}
    assert officer.post(address, assigned).status_code == 302

    # The head finds it under “Your work”, answers, and adds an update.
    assert "Question from the panel: Why did it rise?" in told(head.get("/your-work/"))
    answered = {**shown(head.get(address), "answer"), "response": "A new team counts more."}
    assert head.post(address, answered).status_code == 302
    update = {"action": "update", "date": today.isoformat(), "text": "The count is checked weekly."}
    assert head.post(address, update).status_code == 302
    assert "Why did it rise?" not in told(head.get("/your-work/"))

    # February's report shows it, January's does not.
    [focus] = focus_of(FEBRUARY)
    assert (focus.kind, focus.title, focus.response) == ("question", "Why did it rise?", "A new team counts more.")
    assert [note.text for note in focus.updates] == ["The count is checked weekly."]
    assert (focus.owner, focus.due_on, focus.asked_in, focus.references) == ("Head", due, JANUARY, ("A1",))
    assert focus_of(JANUARY) == ()
    publish(february)
    page = told(Client().get("/scorecards/panel/2021-02/"))
    assert "Question from the panel Why did it rise? Question and answer" in page
    assert "Answer. A new team counts more." in page
    assert "Raised by the panel" in page
    assert "Member" not in page

    # The officer closes it: February's report says so once it is revised; what was published stays as it was.
    closed = {**shown(officer.get(address), "close"), "closed_on": today.isoformat()}
    assert officer.post(address, closed).status_code == 302
    assert [focus.closed_on for focus in focus_of(FEBRUARY)] == [today]
    assert "Closed on" not in told(Client().get("/scorecards/panel/2021-02/"))


@pytest.mark.parametrize(
    ("closed_on", "in_february", "in_march"),
    [
        pytest.param(None, [None], [None], id="open"),
        pytest.param("2021-02-20", ["2021-02-20"], [], id="closed in February"),
        pytest.param("2021-03-02", ["2021-03-02"], ["2021-03-02"], id="closed before February's meeting, in March"),
        pytest.param("2021-03-20", [None], ["2021-03-20"], id="closed after February's meeting"),
    ],
)
def test_closed_question_is_shown_once_more_with_its_closing(closed_on, in_february, in_march):
    scorecard = make_open_month().scorecard
    for month, meeting in ((FEBRUARY, "2021-03-11"), (MARCH, "2021-04-08")):
        edition = Edition.objects.filter(month=month).first() or make_edition(scorecard, month)
        edition.opens_on, edition.due_on, edition.meeting_date = "2021-03-01", "2021-03-01", meeting
        edition.save()
    question = {"kind": "question", "raised_by": "panel", "asked_by": member(), "asked_in": JANUARY}
    asked = AreaOfFocus.objects.create(title="Why?", opened_on="2021-02-12", closed_on=closed_on, **question)
    scorecard.areas_of_focus.add(asked)

    def closings(month):
        return [focus.closed_on.isoformat() if focus.closed_on else None for focus in focus_of(month)]

    assert (closings(FEBRUARY), closings(MARCH)) == (in_february, in_march)
    assert focus_of(JANUARY) == ()


def test_links_to_ask_are_for_the_panel_and_officers_only():
    make_open_month()
    make_value(Indicator.objects.get(reference="A1"), JANUARY, 5)
    page = "/scorecards/panel/2021-01/"
    assert f'href="{NEW}?month=2021-01"' in browser_of(member()).get(page).content.decode()
    assert f'href="{NEW}?month=2021-01"' in officers().get(page).content.decode()
    for client in (Client(), browser_of(person("lead"))):
        assert NEW not in client.get(page).content.decode()
    assert "questions/" not in Client().get(page).content.decode()
