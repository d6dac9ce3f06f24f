"""Reminding somebody by hand, and what an officer is told of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from indicators.models import Deputy
from scorecard.collection.reminders import remind
from scorecard.models import Reminder
from tests.factories import make_dated_edition, make_indicator, make_officer, make_scorecard, make_sign_off, make_user
from tests.mail import REFUSED

pytestmark = pytest.mark.django_db
NOW = datetime(2021, 2, 8, 9, 30, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def officer():
    return make_officer()


@pytest.fixture
def lead():
    return make_user("mash.lead", name="MASH lead", email="lead@example.gov.uk")


@pytest.fixture
def edition(lead, clock):
    """Two lines to enter."""
    indicators = [make_indicator(reference, reporter=lead, owner=lead) for reference in ("A1", "A2")]
    return make_dated_edition(make_scorecard(*indicators))


def ask(edition, person, by, now=NOW, **how):
    return remind(edition=edition, person=person, by=by, now=now, **how)


def test_an_officer_reminds_somebody(edition, lead, officer):
    assert ask(edition, lead, officer) == "Reminded MASH lead: 2 lines are due."

    [message] = mail.outbox
    assert (message.to, message.reply_to) == (["lead@example.gov.uk"], ["officer@example.gov.uk"])
    assert message.subject == "2 lines are due on Thursday 11 February: Panel scorecard, January 2021"
    assert message.body.startswith(
        "Hello MASH lead,\n\nPriya Officer has asked us to remind you of the following.\n\n2 lines are due "
    )
    reminder = Reminder.objects.get()
    assert (reminder.kind, reminder.occasion, reminder.lines) == ("asked", "time 1", 2)
    kept = reminder.history.get()
    assert (kept.history_user, kept.history_change_reason) == (officer, "Asked for by Priya Officer")


def test_what_waits_for_sign_off_is_told_along(edition, lead, officer):
    make_sign_off(lead.owned_indicators.get(reference="A2"), "sent")

    assert ask(edition, lead, officer) == "Reminded MASH lead: 1 line is due and 1 line waits for sign-off."
    assert "1 line waits for your sign-off: Panel scorecard, January 2021\n\n- A2" in mail.outbox[0].body


def test_the_page_of_a_collection_reminds_and_says_so(edition, officer, client):
    client.force_login(officer)

    page = client.post("/collection/panel/2021-01/remind/mash.lead/", follow=True).content.decode()

    assert "Reminded MASH lead: 2 lines are due." in page
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("minutes", "again", "told"),
    [(0, False, False), (23 * 60 + 59, False, False), (24 * 60, False, True), (0, True, False), (1, True, True)],
)
def test_somebody_is_reminded_again_after_a_day_or_when_asked_for(edition, lead, officer, minutes, again, told):
    ask(edition, lead, officer)

    answer = ask(edition, lead, officer, NOW + timedelta(minutes=minutes), again=again)

    expected = "Reminded MASH lead: 2 lines are due." if told else "MASH lead was reminded less than a day ago."
    assert answer == expected
    assert len(mail.outbox) == 1 + told


def test_each_time_is_kept(edition, lead, officer):
    for day in range(3):
        ask(edition, lead, officer, NOW + timedelta(days=day))

    assert list(Reminder.objects.order_by("pk").values_list("occasion", flat=True)) == ["time 1", "time 2", "time 3"]


def test_another_edition_can_be_reminded_of_at_once(edition, lead, officer):
    ask(edition, lead, officer)
    other = make_dated_edition(make_scorecard(make_indicator("B1", reporter=lead), slug="other"))

    assert ask(other, lead, officer) == "Reminded MASH lead: 1 line is due."


@pytest.mark.parametrize(
    ("edition_is", "person_is", "told"),
    [
        ({"state": "published"}, {}, "Nothing waits for MASH lead."),
        ({"opens_on": date(2021, 2, 9)}, {}, "Nothing waits for MASH lead."),
        ({}, {"email": ""}, "MASH lead has no e-mail address."),
        ({}, {"is_active": False}, "The account of MASH lead is not active."),
        ({}, {"email": REFUSED}, "The mail to MASH lead could not be handed over; try again later."),
    ],
    ids=["published", "not yet open", "no address", "inactive", "refused"],
)
def test_why_nobody_was_reminded_is_said(edition, lead, officer, edition_is, person_is, told, settings):
    settings.EMAIL_BACKEND = "tests.mail.RefusingBackend"
    for row, fields in ((edition, edition_is), (lead, person_is)):
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()

    assert ask(edition, lead, officer) == told
    assert (mail.outbox, Reminder.objects.count()) == ([], 0)


def test_nothing_is_sent_once_everything_was(edition, lead, officer):
    for indicator in lead.reported_indicators.all():
        make_sign_off(indicator, "approved", figure="not_available")

    assert ask(edition, lead, officer) == "Nothing waits for MASH lead."


def test_a_missing_site_address_is_explained(edition, lead, officer, settings):
    settings.SITE_URL = ""

    assert ask(edition, lead, officer).startswith("No mail was sent. SITE_URL is missing: ")
    assert (mail.outbox, Reminder.objects.count()) == ([], 0)


def test_who_stands_in_is_reminded_too(edition, lead, officer):
    deputy = make_user("dana", name="Dana Deputy", email="dana@example.gov.uk")
    Deputy.objects.create(person=lead, deputy=deputy, starts_on=date(2021, 2, 8))

    assert ask(edition, lead, officer) == "Reminded MASH lead and Dana Deputy (for MASH lead): 2 lines are due."
    assert mail.outbox[1].subject.startswith("2 lines of MASH lead are due on ")


def test_who_stands_in_is_reminded_of_somebody_without_address(edition, lead, officer):
    lead.email = ""
    lead.save()
    deputy = make_user("dana", name="Dana Deputy", email="dana@example.gov.uk")
    Deputy.objects.create(person=lead, deputy=deputy, starts_on=date(2021, 2, 8))

    assert ask(edition, lead, officer) == (
        "Reminded Dana Deputy (for MASH lead): 2 lines are due. MASH lead has no e-mail address."
    )


def test_only_officers_remind(edition, lead):
    with pytest.raises(PermissionDenied):
        ask(edition, lead, lead)
    assert mail.outbox == []
