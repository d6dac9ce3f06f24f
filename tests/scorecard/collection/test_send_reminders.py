"""The send_reminders command, from what is stored to the mail. It is three days before the due date."""

import io
from datetime import UTC, date, datetime

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Deputy
from scorecard.models import Reminder, Scorecard
from tests.factories import (
    DECEMBER,
    make_dated_edition,
    make_indicator,
    make_scorecard,
    make_sign_off,
    make_user,
    make_value,
)
from tests.mail import REFUSED

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    """Sets the moment that the whole program takes for now."""

    def set_to(day, hour=8):
        monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2021, 2, day, hour, tzinfo=UTC))

    set_to(8)
    return set_to


@pytest.fixture
def lead(clock):
    return make_user("mash.lead", name="MASH lead", email="lead@example.gov.uk")


@pytest.fixture
def head(lead):
    return make_user("head", name="Head of care", email="head@example.gov.uk")


@pytest.fixture
def edition(lead, head):
    """Two lines that the lead reports and the head owns."""
    indicators = [make_indicator(reference, reporter=lead, owner=head) for reference in ("A1", "A2")]
    return make_dated_edition(make_scorecard(*indicators, title="Children and Families scorecard"))


def send(*arguments):
    out = io.StringIO()
    call_command("send_reminders", *arguments, stdout=out)
    return out.getvalue()


def html_of(message):
    return next(part.content for part in message.alternatives if part.mimetype == "text/html")


def test_a_reporter_is_told_what_is_due_and_where(edition):
    assert send() == "Sent: 1. Skipped: 0. Failed: 0.\n"

    [message] = mail.outbox
    assert message.to == ["lead@example.gov.uk"]
    assert message.subject == "2 lines are due on Thursday 11 February: Children and Families scorecard, January 2021"
    assert message.body == (
        "Hello MASH lead,\n"
        "\n"
        "2 lines are due on Thursday 11 February: Children and Families scorecard, January 2021\n"
        "\n"
        "- A1: Title of A1\n"
        "- A2: Title of A2\n"
        "\n"
        "Enter them: https://scorecard.example.gov.uk/returns/panel/2021-01/\n"
        "\n"
        "You are getting this e-mail because you report or own these lines of the scorecard,\n"
        "or stand in for somebody who does.\n"
    )
    html = html_of(message)
    assert "<strong>A2</strong> Title of A2" in html
    assert '<a href="https://scorecard.example.gov.uk/returns/panel/2021-01/">Enter them</a>' in html
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_what_was_told_is_kept_with_its_reason(edition, lead):
    send()

    reminder = Reminder.objects.get()
    assert (reminder.person, reminder.lines_of, reminder.kind, reminder.lines) == (lead, lead, "due_soon", 2)
    assert (reminder.address, reminder.sent_at) == ("lead@example.gov.uk", datetime(2021, 2, 8, 8, tzinfo=UTC))
    kept = reminder.history.get()
    assert (kept.history_change_reason, kept.history_user) == ("Sent by send_reminders", None)


def test_a_second_run_sends_nothing(edition, clock):
    send()
    clock(8, hour=9)

    assert send() == "Sent: 0. Skipped: 0. Failed: 0.\n"
    assert len(mail.outbox) == 1


def test_a_collection_is_accompanied_to_its_end(edition, clock):
    for day in range(1, 29):
        clock(day)
        send()

    assert [message.subject.split(":")[0] for message in mail.outbox] == [
        "2 lines can be entered until Thursday 11 February",
        "2 lines are due on Thursday 11 February",
        "2 lines are due today, Thursday 11 February",
        "2 lines were due on Thursday 11 February",
        "2 lines were due on Thursday 11 February",
        "2 lines were due on Thursday 11 February",
    ]
    assert [reminder.sent_at.day for reminder in Reminder.objects.order_by("pk")] == [1, 8, 11, 12, 19, 26]


def test_everything_that_waits_for_a_person_is_in_one_mail(edition, lead):
    other = make_indicator("B1", reporter=lead, owner=lead)
    make_value(other, DECEMBER, 5)
    make_sign_off(other, "sent", DECEMBER, text="")
    make_dated_edition(make_scorecard(other, slug="other", title="Other scorecard"), DECEMBER)

    send()

    [message] = mail.outbox
    assert message.subject == (
        "2 lines are due on Thursday 11 February, and more: Children and Families scorecard, January 2021"
    )
    assert "1 line waits for your sign-off: Other scorecard, December 2020" in message.body
    assert "Sign it off or send it back: https://scorecard.example.gov.uk/sign-off/other/2020-12/" in message.body
    assert sorted(Reminder.objects.values_list("kind", flat=True)) == ["due_soon", "to_sign_off"]


def test_what_was_sent_back_comes_with_the_owners_note(edition, lead, clock):
    send()
    clock(8, hour=11)
    make_sign_off(lead.reported_indicators.get(reference="A2"), "sent_back", note="Is 12 right?\r\nIt was 40.")

    send()

    message = mail.outbox[-1]
    assert message.subject.startswith("1 line was sent back to you: ")
    assert "- A2: Title of A2\n  Sent back: Is 12 right?\n  It was 40.\n" in message.body
    assert "A1" not in message.body
    assert "Sent back: Is 12 right?<br>It was 40." in html_of(message)


def test_a_line_that_is_due_and_sent_back_is_told_once(edition, lead):
    make_sign_off(lead.reported_indicators.get(reference="A2"), "sent_back")

    send()

    [message] = mail.outbox
    assert message.subject.startswith("2 lines are due on ")
    assert message.body.count("A2: ") == 1
    assert "Sent back: Please check." in message.body
    assert Reminder.objects.count() == 2


def test_a_line_that_changed_after_sign_off_says_so(edition, lead, head):
    indicator = lead.reported_indicators.get(reference="A1")
    make_sign_off(indicator, "approved", figure="5")
    make_value(indicator, figure=6)

    send()

    message = next(message for message in mail.outbox if message.to == [head.email])
    assert "- A1: Title of A1\n  Changed after sign-off\n" in message.body


def test_a_deputy_is_told_for_whom_and_led_to_their_lines(edition, lead, client):
    deputy = make_user("dana", name="Dana Deputy", email="dana@example.gov.uk")
    Deputy.objects.create(person=lead, deputy=deputy, starts_on=date(2021, 2, 8))
    Deputy.objects.create(person=lead, deputy=deputy, starts_on=date(2021, 1, 1), ends_on=date(2021, 2, 7))

    send()

    message = next(message for message in mail.outbox if message.to == ["dana@example.gov.uk"])
    assert message.subject.startswith("2 lines of MASH lead are due on ")
    assert "https://scorecard.example.gov.uk/returns/panel/2021-01/?for=mash.lead\n" in message.body
    client.force_login(deputy)
    assert "A1" in client.get("/returns/panel/2021-01/?for=mash.lead").content.decode()
    assert len(mail.outbox) == 2


def test_a_deputy_whose_time_is_over_is_told_nothing(edition, lead):
    deputy = make_user("dana", email="dana@example.gov.uk")
    Deputy.objects.create(person=lead, deputy=deputy, starts_on=date(2021, 1, 1), ends_on=date(2021, 2, 7))

    send()

    assert [message.to for message in mail.outbox] == [["lead@example.gov.uk"]]


def test_a_link_leads_straight_to_the_page_after_signing_in(edition, lead, client):
    lead.set_password("try-the-scorecard")
    lead.save()
    send()
    path = mail.outbox[0].body.split("https://scorecard.example.gov.uk")[1].split()[0]

    sign_in = client.get(path)["Location"]
    response = client.post(sign_in, {"username": "mash.lead", "password": "try-the-scorecard"})

    assert response["Location"] == path
    assert client.get(path).status_code == 200


# Odd input


def test_titles_with_line_breaks_cannot_add_headers(edition):
    # As it could be stored before texts had one form.
    Scorecard.objects.update(title="Children\r\nBcc: everybody@example.com\n")

    send()

    message = mail.outbox[0].message()
    assert mail.outbox[0].subject.endswith(": Children Bcc: everybody@example.com , January 2021")
    assert message["Bcc"] is None


def test_special_characters_are_escaped_in_html_only(lead, head):
    lead.name = "A & <i>B"
    lead.save()
    indicator = make_indicator("A&1", title="Aged <5 & “new”", reporter=lead, owner=head)
    make_dated_edition(make_scorecard(indicator, title="Children & Families"))
    make_sign_off(indicator, "sent_back", note="<b>Why?</b> & when?")

    send()

    [message] = mail.outbox
    assert message.subject.endswith("Children & Families, January 2021")
    assert "Hello A & <i>B,\n" in message.body
    assert "- A&1: Aged <5 & “new”\n  Sent back: <b>Why?</b> & when?\n" in message.body
    html = html_of(message)
    assert "<strong>A&amp;1</strong> Aged &lt;5 &amp; “new”" in html
    assert "&lt;b&gt;Why?&lt;/b&gt; &amp; when?" in html


# People who can't be mailed, and servers that don't answer


def test_people_without_address_are_skipped_and_named(edition, lead):
    lead.email = " "
    lead.save()

    assert send() == "MASH lead has no e-mail address.\nSent: 0. Skipped: 1. Failed: 0.\n"
    assert not Reminder.objects.exists()


def test_the_deputy_of_somebody_who_has_left_is_told(edition, lead):
    lead.is_active = False
    lead.save()
    deputy = make_user("dana", email="dana@example.gov.uk")
    Deputy.objects.create(person=lead, deputy=deputy, starts_on=date(2021, 1, 1))

    assert send() == "The account of MASH lead is not active.\nSent: 1. Skipped: 1. Failed: 0.\n"
    assert mail.outbox[0].to == ["dana@example.gov.uk"]


@pytest.mark.parametrize("address", [REFUSED, "two\nlines@example.gov.uk"], ids=["refused", "no address at all"])
def test_a_failure_stops_nobody_elses_mail_and_is_tried_again(edition, lead, address, settings, clock):
    settings.EMAIL_BACKEND = "tests.mail.RefusingBackend"
    broken = make_user("broken", name="Ada Broken", email=address)
    other = make_indicator("B1", reporter=broken)
    make_dated_edition(make_scorecard(other, slug="other"))

    with pytest.raises(CommandError, match=r"No mail could be handed over for Ada Broken\."):
        send()

    assert [message.to for message in mail.outbox] == [["lead@example.gov.uk"]]
    assert [reminder.person for reminder in Reminder.objects.all()] == [lead]
    clock(8, hour=9)
    broken.email = "ada@example.gov.uk"
    broken.save()
    assert send() == "Sent: 1. Skipped: 0. Failed: 0.\n"
    assert mail.outbox[1].to == ["ada@example.gov.uk"]


def test_a_server_that_does_not_answer_is_told_and_keeps_nothing(edition, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    with pytest.raises(CommandError, match="The log says why; the next run tries again"):
        send()
    assert not Reminder.objects.exists()
    assert not Reminder.history.exists()


# The command's options and settings


def test_a_dry_run_says_what_would_be_told_and_does_nothing(edition, lead):
    assert send("--dry-run") == (
        "MASH lead: 2 lines are due on Thursday 11 February: Children and Families scorecard, January 2021\n"
        "Nothing was sent: this was a dry run.\n"
    )
    assert (mail.outbox, Reminder.objects.count()) == ([], 0)


def test_a_dry_run_says_who_would_be_skipped(edition, lead):
    lead.email = ""
    lead.save()

    assert "MASH lead has no e-mail address.\n" in send("--dry-run")


def test_another_day_can_be_tried(edition):
    send("--date", "2021-02-12")

    assert mail.outbox[0].subject.startswith("2 lines were due on Thursday 11 February")


@pytest.mark.parametrize("text", ["yesterday", "2021-02-30", "12/02/2021", ""])
def test_a_day_that_is_none_is_explained(text):
    with pytest.raises(CommandError, match="is not a day: write it as 2021-03-11"):
        send("--date", text)


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("", "SITE_URL is missing"),
        ("scorecard.example.gov.uk", "has to be http:// or https://"),
        ("ftp://scorecard.example.gov.uk", "has to be http:// or https://"),
        ("https://example.gov.uk/scorecard", "without a path"),
        ("https://", "and the site’s name"),
    ],
)
def test_nothing_is_sent_when_links_would_lead_nowhere(edition, settings, address, problem):
    settings.SITE_URL = address

    with pytest.raises(CommandError, match=problem):
        send()
    assert (mail.outbox, Reminder.objects.count()) == ([], 0)


def test_a_deployment_without_address_is_warned(settings, capsys):
    settings.SITE_URL = ""
    call_command("check", "--deploy", "--tag", "reminders")
    assert "scorecard.W001" in capsys.readouterr().err

    settings.SITE_URL = "https://scorecard.example.gov.uk/"
    call_command("check", "--deploy", "--tag", "reminders")
    assert "W001" not in capsys.readouterr().err


# Queries


def queries_of_a_run():
    with CaptureQueriesContext(connection) as captured:
        send()
    return len(captured)


def make_collection(number, people=1, lines=2):
    """A scorecard of its own whose lines wait for people of its own."""
    indicators = []
    for person in range(people):
        reporter = make_user(f"reporter{number}-{person}", email=f"{number}-{person}@example.gov.uk")
        indicators += [make_indicator(f"{number}-{person}-{key}", reporter=reporter) for key in range(lines)]
    return make_dated_edition(make_scorecard(*indicators, slug=f"card{number}"))


def close(edition):
    edition.state = "published"
    edition.save()


def test_a_run_takes_as_many_queries_for_40_lines_as_for_2(clock):
    few = make_collection(1, lines=2)
    for_few = queries_of_a_run()
    close(few)
    make_collection(2, lines=40)

    assert queries_of_a_run() == for_few
    assert [reminder.lines for reminder in Reminder.objects.order_by("pk")] == [2, 40]


def test_each_person_costs_the_same_few_queries(clock):
    counts = []
    for number, people in enumerate((1, 2, 22)):
        edition = make_collection(number, people=people)
        counts.append(queries_of_a_run())
        close(edition)

    each = counts[1] - counts[0]
    assert each <= 6
    assert counts[2] - counts[1] == 20 * each
