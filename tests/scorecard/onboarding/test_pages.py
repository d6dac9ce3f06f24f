"""The pages from the preview to the first month, for a performance officer and in their order."""

import io
from datetime import date

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from indicators.models import Indicator, MonthlyValue, User
from scorecard.models import CouncilDetails, DraftState, Edition, Publication, Scorecard, SpreadsheetDraft
from scorecard.onboarding import details
from tests.factories import make_officer
from tests.scorecard.cast import stored
from tests.scorecard.onboarding.plans import make_draft, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_officer()


@pytest.fixture
def client(officer):
    client = Client()
    client.force_login(officer)
    return client


@pytest.fixture
def plan(monkeypatch):
    """What the file becomes; a test may change it. It is made anew each time it is asked for."""
    changes = []

    def plan_of(draft):
        made = make_plan()
        for change in changes:
            change(made)
        return made

    monkeypatch.setattr(details, "plan_of", plan_of)
    return changes


@pytest.fixture
def address(officer, plan):
    draft = make_draft(officer)
    return f"/setup/spreadsheets/{draft.pk}/"


def create(client, address):
    draft = SpreadsheetDraft.objects.get()
    return client.post(f"{address}create/", {"version": draft.version, "looked": "on"})


def test_preview_shows_the_report_and_what_will_be_made(client, address):
    before = stored()

    page = client.get(f"{address}preview/").content.decode()

    assert "Corporate scorecard, March 2026" in page
    assert "<b>8</b> indicators" in page
    assert "<b>84</b> figures" in page
    assert "Create the scorecard" in page
    assert stored() == before


def test_scorecard_begins_with_what_the_council_decided(client, address):
    CouncilDetails(council="Hill Council", council_code="E06000045", small_counts="round", largest_small_count=7).save()

    create(client, address)

    made = Scorecard.objects.get()
    assert (made.council_code, made.rounds_counts, made.largest_small_count) == ("E06000045", True, 7)


def test_what_is_asked_before_keeps_it_from_being_created(client, address, plan):
    plan.append(lambda made: made.open_points.append(("Say what “tbc” means.", "values")))

    page = client.get(f"{address}preview/").content.decode()
    refused = create(client, address)

    assert "Say what “tbc” means." in page
    assert "Create the scorecard" not in page
    assert refused.status_code == 422
    assert not Scorecard.objects.exists()


def test_scorecard_is_called_as_the_officer_says(client, address):
    typed = {
        "version": 1,
        "title": "How we are doing",
        "slug": "",
        "council": "Fenbury",
        "panel": "The committee",
        "month": "2026-02",
        "is_public": "on",
        "section_0": "Homes",
        "section_1": "B",
    }
    assert client.post(f"{address}scorecard/", typed).status_code == 302
    page = client.get(f"{address}preview/").content.decode()
    create(client, address)

    scorecard = Scorecard.objects.get()
    assert "How we are doing, February 2026" in page
    assert (scorecard.slug, scorecard.panel, scorecard.is_public) == ("how-we-are-doing", "The committee", True)
    assert [section.title for section in scorecard.sections.all()] == ["Homes", "B"]


def test_create_leads_to_a_receipt_that_is_no_formula(client, address, plan):
    plan.append(lambda made: made.left_out.append((made.left_out[0][0]._replace(text="=1+1"), "=HYPERLINK(1)")))

    assert create(client, address)["Location"] == f"{address}receipt/"
    page = client.get(f"{address}receipt/").content.decode()
    book = load_workbook(io.BytesIO(client.get(f"{address}receipt.xlsx").content))

    rows = list(book["Cells"].iter_rows(values_only=True))
    assert "Open the first month" in page
    assert ("Sheet1!A99", "=1+1", "Left out: =HYPERLINK(1)") in rows
    assert {cell.data_type for row in book["Cells"].iter_rows() for cell in row} == {"s"}
    assert ("Sheet1!R2C16", "48", "Figure of I0, March 2026") in rows


def test_second_click_makes_nothing_twice(client, address):
    create(client, address)
    before = stored()

    assert create(client, address)["Location"] == f"{address}receipt/"
    assert stored() == before


def test_draft_that_was_changed_meanwhile_is_looked_at_again(client, address):
    draft = SpreadsheetDraft.objects.get()
    draft.decisions = {"scorecard": {"title": "Another"}}
    draft.save()

    answer = client.post(f"{address}create/", {"version": 1, "looked": "on"}, follow=True)

    assert "in the meantime" in answer.content.decode()
    assert not Scorecard.objects.exists()


def test_first_month_is_opened_with_history_published_and_people_invited(client, address, settings):
    settings.SITE_URL = "https://scorecard.example.gov.uk"
    create(client, address)
    page = client.get(f"{address}first-month/").content.decode()

    answer = client.post(
        f"{address}first-month/",
        {"opens_on": "2026-04-20", "due_on": "2026-04-27", "meeting_date": "", "before": "3", "invites": "on"},
    )

    assert "March 2026" in page
    assert answer.status_code == 200, answer.content.decode()
    assert Edition.objects.get(month=date(2026, 3, 1)).state == "collecting"
    published = Publication.objects.order_by("edition__month")
    assert [one.edition.month.month for one in published] == [12, 1, 2]
    assert {one.kind for one in published} == {"original"}
    assert all("brought over" in one.reason for one in published)
    report = client.get("/scorecards/corporate/2026-02/").content.decode()
    assert "Figures brought over: this report was put together afterwards" in report
    assert len(mail.outbox) in (0, 2)
    # Again: there is an edition now, and nobody is invited twice.
    again = client.post(
        f"{address}first-month/",
        {"opens_on": "2026-04-20", "due_on": "2026-04-27", "before": "0"},
    )
    assert "There is already an edition for this month." in again.content.decode()


def test_without_mail_each_link_is_handed_over(client, address, settings):
    settings.SITE_URL = "https://scorecard.example.gov.uk"
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    create(client, address)

    page = client.post(
        f"{address}first-month/",
        {"opens_on": "2026-04-20", "due_on": "2026-04-27", "before": "0", "invites": "on"},
    ).content.decode()

    assert page.count("https://scorecard.example.gov.uk/invitation/") == 2


def test_undo_from_its_page(client, address):
    create(client, address)
    page = client.get(f"{address}undo/").content.decode()
    draft = SpreadsheetDraft.objects.get()

    answer = client.post(f"{address}undo/", {"version": draft.version}, follow=True)

    assert "Nothing was built on it so far." in page
    assert "This import was undone" in answer.content.decode()
    assert SpreadsheetDraft.objects.get().state == DraftState.UNDONE
    assert (Scorecard.objects.count(), Indicator.objects.count(), User.objects.count()) == (0, 0, 1)


def test_what_was_built_on_it_is_listed(client, address):
    create(client, address)
    value = MonthlyValue.objects.first()
    value.note = "Checked."
    value.save()
    draft = SpreadsheetDraft.objects.get()

    page = client.get(f"{address}undo/").content.decode()
    refused = client.post(f"{address}undo/", {"version": draft.version})

    assert "1 monthly value was changed since" in page
    assert refused.status_code == 422
    assert SpreadsheetDraft.objects.get().state == DraftState.CREATED


def test_preview_takes_the_same_queries_whatever_the_rows(client, address, monkeypatch):
    counted = []
    for number in (3, 40):
        monkeypatch.setattr(details, "plan_of", lambda draft, number=number: make_plan(indicators=number))
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{address}preview/")
        # How many rows go into one statement is the database's affair.
        counted.append(sum(1 for one in queries.captured_queries if not one["sql"].startswith("INSERT")))

    assert counted[0] == counted[1]
