"""Two runs at the same moment tell nobody anything twice."""

import threading
from datetime import UTC, date, datetime

import pytest
from django.core import mail
from django.db import connection, transaction

from scorecard.collection import reminders
from scorecard.collection.reminders import MailOutcome, remind, send_planned
from scorecard.models import Reminder
from tests.factories import make_dated_edition, make_indicator, make_officer, make_scorecard, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.each_case]
NOW = datetime(2021, 2, 8, 9, 30, tzinfo=UTC)
PATIENCE = 20


@pytest.fixture
def lead():
    return make_user("mash.lead", name="MASH lead", email="lead@example.gov.uk")


@pytest.fixture
def edition(lead, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return make_dated_edition(make_scorecard(make_indicator("A1", reporter=lead)))


def twice_at_once(work):
    """Do the work in two threads, each with a connection of its own; returns what both answered."""
    answers = []

    def run():
        try:
            answers.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return answers


def meet_after(monkeypatch, name):
    """Let both threads go on only when both have come through the function, which they do once each."""
    barrier = threading.Barrier(2, timeout=PATIENCE)
    original, met = getattr(reminders, name), threading.local()

    def wrapped(*args, **kwargs):
        answer = original(*args, **kwargs)
        if not getattr(met, "yes", False):
            met.yes = True
            barrier.wait()
        return answer

    monkeypatch.setattr(reminders, name, wrapped)


def run_once():
    return [outcome for _, outcome in send_planned(day=date(2021, 2, 8), now=NOW)]


def outcomes(answers):
    return sorted(outcome.name for answer in answers for outcome in answer)


def test_two_runs_that_planned_the_same_send_one_mail(edition, monkeypatch):
    meet_after(monkeypatch, "planned")

    assert outcomes(twice_at_once(run_once)) == ["SENT", "TOLD_ALREADY"]
    assert len(mail.outbox) == 1
    assert Reminder.objects.count() == 1


# In SQLite the second transaction only begins when the first has ended.
@pytest.mark.postgresql
def test_two_runs_that_have_both_looked_send_one_mail(edition, monkeypatch):
    meet_after(monkeypatch, "_untold")

    assert outcomes(twice_at_once(run_once)) == ["SENT", "TOLD_ALREADY"]
    assert len(mail.outbox) == 1
    assert Reminder.objects.count() == 1


@pytest.mark.postgresql
def test_two_officers_at_once_send_one_mail(edition, lead, monkeypatch):
    officer = make_officer()
    meet_after(monkeypatch, "_asked")

    answers = twice_at_once(lambda: remind(edition=edition, person=lead, by=officer, now=NOW))

    assert sorted(answers) == ["MASH lead was reminded less than a day ago.", "Reminded MASH lead: 1 line is due."]
    assert len(mail.outbox) == 1


def test_a_reminder_is_kept_before_its_mail_is_handed_over(edition, monkeypatch):
    kept = []

    def look(self, fail_silently=False):
        kept.append((Reminder.objects.count(), transaction.get_connection().in_atomic_block))

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", look)

    assert run_once() == [MailOutcome.SENT]
    assert kept == [(1, True)]
