"""Scorecards, sections and editions in the admin."""

import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from scorecard.models import Edition, Line, Publication, PublishedDocument, Reminder, Scorecard, Section
from tests.factories import (
    DECEMBER,
    make_dated_edition,
    make_indicator,
    make_officer,
    make_scorecard,
    make_user,
    publish,
)
from tests.indicators.admin_pages import address, filled_in

pytestmark = pytest.mark.django_db


def test_a_section_is_added_at_its_scorecard(admin_client, admin_user):
    scorecard = make_scorecard(council="Council", panel="Panel")
    page = address(Scorecard, "change", scorecard.pk)

    admin_client.post(page, filled_in(admin_client, page, **{"sections-1-title": "Children in care"}))

    section = Section.objects.get(title="Children in care")
    assert section.scorecard == scorecard
    assert section.history.get().history_user == admin_user


def test_a_scorecards_page_leads_to_its_sections_lines(admin_client):
    scorecard = make_scorecard()

    page = admin_client.get(address(Scorecard, "change", scorecard.pk)).content.decode()

    assert address(Section, "change", scorecard.sections.get().pk) in page


def test_a_line_that_is_there_already_is_explained(admin_client):
    indicator = make_indicator("A1")
    section = make_scorecard(indicator).sections.get()
    page = address(Line, "add")

    response = admin_client.post(page, filled_in(admin_client, page, section=section.pk, indicator=indicator.pk))

    assert "The section already has this indicator." in response.content.decode()
    assert Line.objects.count() == 1


def test_editions_are_not_added_here(admin_client):
    assert admin_client.get(address(Edition, "add")).status_code == 403


def test_a_second_edition_for_a_month_is_explained(admin_client):
    scorecard = make_scorecard()
    make_dated_edition(scorecard, DECEMBER)
    page = address(Edition, "change", make_dated_edition(scorecard).pk)

    response = admin_client.post(page, filled_in(admin_client, page, month="January"))
    assert "has no year: write it as January 2021" in response.content.decode()
    response = admin_client.post(page, filled_in(admin_client, page, month="2020-12"))
    assert "There is already an edition for this month." in response.content.decode()


def test_an_editions_dates_are_changed(admin_client, admin_user):
    edition = make_dated_edition(make_scorecard())
    page = address(Edition, "change", edition.pk)

    admin_client.post(page, filled_in(admin_client, page, due_on="2021-02-18"))

    latest = edition.history.first()
    assert (latest.due_on, latest.prev_record.due_on) == (date(2021, 2, 18), date(2021, 2, 11))
    assert latest.history_user == admin_user


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"due_on": ""}, "An edition that is collected needs an opening date and a due date."),
        ({"opens_on": ""}, "An edition that is collected needs an opening date and a due date."),
        ({"due_on": "2021-01-31"}, "The due date can't be before the opening date."),
        ({"meeting_date": "2021-02-10"}, "The meeting can't be before the due date."),
        ({"due_on": "soon"}, "Enter a valid date."),
    ],
)
def test_dates_that_make_no_sense_are_explained(admin_client, changes, message):
    page = address(Edition, "change", make_dated_edition(make_scorecard()).pk)

    response = admin_client.post(page, filled_in(admin_client, page, **changes))

    assert response.context["adminform"].form.errors == {field: [message] for field in changes}
    assert Edition.objects.get().version == 1


def test_a_published_edition_needs_no_dates(admin_client):
    edition = make_dated_edition(make_scorecard(), state="published")
    page = address(Edition, "change", edition.pk)

    assert admin_client.post(page, filled_in(admin_client, page, opens_on="", due_on="")).status_code == 302

    edition.refresh_from_db()
    assert edition.opens_on is None


def test_how_far_an_edition_has_come_is_shown_and_not_changed(admin_client):
    edition = make_dated_edition(make_scorecard())
    page = address(Edition, "change", edition.pk)

    admin_client.post(page, filled_in(admin_client, page, state="published", meeting_date="2021-03-04"))

    edition.refresh_from_db()
    assert (edition.state, edition.meeting_date) == ("collecting", date(2021, 3, 4))
    shown = admin_client.get(page).content.decode()
    assert "Collecting" in shown
    assert 'href="/collection/panel/2021-01/"' in shown


def make_reminder(edition, **fields):
    person = make_user("lead", name="MASH lead")
    told = {"person": person, "lines_of": person, "kind": "opened", "occasion": "once", "lines": 1}
    sent = {"address": "lead@example.gov.uk", "sent_at": datetime(2021, 2, 1, 9, tzinfo=UTC)}
    return Reminder.objects.create(edition=edition, **{**told, **sent, **fields})


def test_an_edition_opened_by_mistake_goes_with_its_reminders(admin_client, admin_user):
    edition = make_dated_edition(make_scorecard())
    make_reminder(edition)
    page = address(Edition, "delete", edition.pk)

    assert "Reminders: 1" in admin_client.get(page).content.decode()
    admin_client.post(page, {"post": "yes", "read_version": edition.version})

    assert not Edition.objects.exists()
    latest = Reminder.history.first()
    assert (latest.history_type, latest.history_user) == ("-", admin_user)


def test_the_list_of_reminders_says_for_whom_a_deputy_was_told(admin_client):
    make_reminder(make_dated_edition(make_scorecard()), person=make_user("dana", name="Dana Deputy"))

    shown = admin_client.get(address(Reminder, "changelist"), {"q": "dana"}).content.decode()

    assert "Dana Deputy" in shown
    assert re.search(r'<td class="field-whose[^>]*>MASH lead<', shown)
    assert "Opened for collection" in shown


def test_officers_see_reminders_and_their_history():
    reminder = make_reminder(make_dated_edition(make_scorecard()))
    client = Client()
    client.force_login(make_officer(is_staff=True))

    for page in (address(Reminder, "changelist"), address(Reminder, "history", reminder.pk)):
        assert client.get(page).status_code == 200


def test_the_change_that_asks_for_commentary_is_set_at_the_scorecard(admin_client):
    scorecard = make_scorecard(council="Council", panel="Panel")
    page = address(Scorecard, "change", scorecard.pk)

    admin_client.post(page, filled_in(admin_client, page, commentary_from_change="30"))

    scorecard.refresh_from_db()
    assert scorecard.commentary_from_change == 30


@pytest.mark.parametrize("model", [Edition, Scorecard], ids=lambda model: model.__name__)
def test_what_has_been_published_is_not_deleted_but_explained(admin_client, model):
    publish(make_scorecard(title="Panel scorecard"))
    row = model.objects.get()
    page = address(model, "delete", row.pk)

    told = admin_client.get(page).content.decode()
    response = admin_client.post(page, {"post": "yes", "read_version": row.version})
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    listed = admin_client.post(address(model, "changelist"), chosen)

    assert f"Cannot delete {model._meta.verbose_name}" in told
    assert re.search(r"Publication: <a [^>]*>Panel scorecard, January 2021</a>", told)
    assert (response.status_code, listed.status_code) == (200, 200)
    assert model.objects.filter(pk=row.pk).exists()


def test_a_publication_shows_its_checksums_and_leads_to_its_report(admin_client):
    publish(make_scorecard(make_indicator("A1", title="Calls received")))
    publication, document = Publication.objects.get(), PublishedDocument.objects.get()

    with CaptureQueriesContext(connection) as queries:
        page = admin_client.get(address(Publication, "change", publication.pk)).content.decode()

    assert publication.checksum in page
    assert document.checksum in page
    assert 'href="/scorecards/panel/2021-01/publications/1/"' in page
    assert "Calls received" not in page
    assert '"body"' not in "".join(query["sql"] for query in queries)


def test_codes_are_set_at_the_scorecard_and_what_the_public_reads_on_a_page_of_its_own(admin_client):
    scorecard = make_scorecard(council="Council", panel="Panel", suppresses_small_counts=True)
    page = address(Scorecard, "change", scorecard.pk)
    typed = {"suppresses_small_counts": "", "is_public": "on", "people_named": "nobody", "largest_small_count": "10"}
    wanted = {"council_code": "E06000045", "region_code": "E12000008"}

    admin_client.post(page, filled_in(admin_client, page, **wanted) | typed)

    after = Scorecard.objects.get()
    assert (after.council_code, after.region_code) == ("E06000045", "E12000008")
    assert {name: getattr(after, name) for name in typed} == {name: getattr(scorecard, name) for name in typed}
    assert 'href="/scorecards/panel/public/"' in admin_client.get(page).content.decode()
