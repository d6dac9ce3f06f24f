"""From a forgotten password to a new one, and that nobody learns on the way who has an account."""

import re
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.http import urlsafe_base64_encode

from indicators.models import User
from scorecard.accounts import forms as outgoing
from scorecard.models import ResetRequest
from tests.factories import make_person

pytestmark = pytest.mark.django_db
NEW = "correct horse battery"
LINK = re.compile(r"https?://testserver(/password-reset/[^/\s]+/[^/\s<\"]+/)")


@pytest.fixture
def rita():
    return make_person("rita", name="Rita O’Reader", email="rita@example.org")


def ask(client, email="rita@example.org"):
    response = client.post("/password-reset/", {"email": email})
    # Mail goes out in the background, one after the other: when this has had its turn, so have those before it.
    outgoing.sender.submit(bool).result()
    return response


def set_password(client, link, first=NEW, second=NEW):
    """Follow the link, as a browser does, and send the form."""
    page = client.get(link)
    assert page.status_code == 302, "the link does not work"
    return client.post(page.url, {"new_password1": first, "new_password2": second})


def link_in(message):
    return LINK.search(message.body)[1]


def is_refused(client, link):
    return "This link does not work" in client.get(link, follow=True).content.decode()


@pytest.fixture
def link(client, rita, mailoutbox):
    ask(client)
    return link_in(mailoutbox[0])


# The whole way


def test_forgotten_password_can_be_replaced(client, rita, mailoutbox):
    assert ask(client).url == "/password-reset/sent/"
    [message] = mailoutbox

    assert set_password(client, link_in(message)).url == "/password-reset/done/"

    response = client.post("/sign-in/", {"username": "rita", "password": NEW})
    assert response.url == "/start/"
    assert response.wsgi_request.user == rita


def test_new_password_is_in_the_history_as_the_persons_own_doing(client, rita, link):
    before = rita.history.count()

    set_password(client, link)

    record = rita.history.first()
    assert rita.history.count() == before + 1
    assert (record.history_user, record.history_change_reason) == (rita, "Password changed with a link sent by e-mail")


def test_new_password_signs_out_everywhere_else(client, rita, link):
    elsewhere = Client()
    elsewhere.post("/sign-in/", {"username": "rita", "password": "right"})
    # Signing in makes links that were sent before invalid.
    link = f"/password-reset/{link.split('/')[2]}/{default_token_generator.make_token(User.objects.get())}/"
    assert elsewhere.get("/password-change/").status_code == 200

    set_password(client, link)

    assert elsewhere.get("/password-change/").status_code == 302


# The mail


def test_mail_says_what_it_is_about_in_both_forms(client, rita, mailoutbox, settings):
    settings.DEFAULT_FROM_EMAIL = "Scorecard <scorecard@example.gov.uk>"
    ask(client)

    [message] = mailoutbox
    [(html, kind)] = message.alternatives
    assert message.subject == "Performance scorecard: set a new password"
    assert (message.from_email, message.to) == ("Scorecard <scorecard@example.gov.uk>", ["rita@example.org"])
    assert kind == "text/html"
    for text in (message.body, html):
        assert "Hello Rita O’Reader," in text
        assert "username" in text
        assert "within 3 hours" in text
        assert "Council performance scorecard" in text
    assert set(LINK.findall(html)) == set(LINK.findall(message.body)) == {link_in(message)}


def test_mail_has_nothing_that_mail_programs_block(client, rita, mailoutbox):
    ask(client)

    [(html, _)] = mailoutbox[0].alternatives
    assert not re.search(r"<(img|script|link|style|form|iframe)|\bsrc=|url\(|@import", html)


def test_name_with_markup_is_text_in_the_mail(client, mailoutbox):
    make_person(name="Al & <b>Bo</b>", email="rita@example.org")

    ask(client)

    [(html, _)] = mailoutbox[0].alternatives
    assert "Hello Al & <b>Bo</b>," in mailoutbox[0].body
    assert "Hello Al &amp; &lt;b&gt;Bo&lt;/b&gt;," in html


def test_each_account_with_the_address_gets_its_own_link(client, mailoutbox):
    for name in ("rita", "rita.admin"):
        make_person(name, email="rita@example.org")

    ask(client)

    assert [re.search(r"username (\S+)\.", message.body)[1] for message in mailoutbox] == ["rita", "rita.admin"]


def test_mail_server_that_fails_is_in_the_log_without_the_link(client, rita, monkeypatch, caplog):
    def refuse(self, messages):
        raise OSError("no such server")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)

    assert ask(client).url == "/password-reset/sent/"
    assert "no such server" in caplog.text
    assert "/password-reset/M" not in caplog.text


# Who has an account stays unknown


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"email": "other@example.org"}, id="unknown address"),
        pytest.param({"is_active": False}, id="not active"),
    ],
)
def test_answer_is_the_same_when_no_mail_is_sent(client, fields, mailoutbox):
    make_person("rita", **{"email": "rita@example.org", **fields})

    response = ask(client)

    assert response.url == "/password-reset/sent/"
    assert mailoutbox == []


def test_who_may_not_have_a_password_gets_no_link(client, rita, mailoutbox):
    rita.set_unusable_password()
    rita.save()

    assert ask(client).url == "/password-reset/sent/"
    assert mailoutbox == []


def test_known_and_unknown_address_make_the_same_work(client, rita):
    """So that the time until the answer doesn't tell."""

    def work(email):
        with CaptureQueriesContext(connection) as queries:
            response = ask(client, email)
        return [query["sql"].split('"')[0] for query in queries], [template.name for template in response.templates]

    statements, templates = work("rita@example.org")
    assert "registration/password_reset_email.txt" in templates
    assert work("nobody@example.org") == (statements, templates)


@pytest.mark.parametrize(
    ("email", "told"),
    [("", "Enter your e-mail address."), ("rita", "Enter an e-mail address like"), ("a\x00@b.uk", "Null characters")],
)
def test_what_is_no_address_is_explained(client, email, told):
    html = client.post("/password-reset/", {"email": email}).content.decode()

    assert "<title>Error: Forgotten your password?</title>" in html
    assert html.count(told) == 2


# No flood of mail


@pytest.mark.parametrize("again", ["rita@example.org", "RITA@Example.org"])
def test_second_request_within_a_minute_sends_nothing_and_does_not_say_so(client, rita, again, mailoutbox):
    first = ask(client)
    second = ask(Client(), again)

    assert (second.status_code, second.url) == (first.status_code, first.url)
    assert len(mailoutbox) == 1


def test_request_is_answered_again_after_a_minute():
    now = timezone.now()
    claims = [ResetRequest.objects.claim("a@b.uk", now=now + timedelta(seconds=second)) for second in (0, 59, 60, 61)]

    assert claims == [True, False, True, False]


def test_somebody_elses_request_is_answered_at_once():
    now = timezone.now()

    assert [ResetRequest.objects.claim(email, now=now) for email in ("a@b.uk", "b@b.uk")] == [True, True]


def test_requests_leave_neither_addresses_nor_old_rows():
    now = timezone.now()
    for second in range(0, 200, 50):
        ResetRequest.objects.claim(f"a{second}@b.uk", now=now + timedelta(seconds=second))

    assert ResetRequest.objects.count() == 2
    assert not ResetRequest.objects.filter(fingerprint__contains="@").exists()


# Links


def test_link_works_once(client, link):
    set_password(client, link)

    assert is_refused(Client(), link)


@pytest.mark.parametrize(("hours", "refused"), [(2.99, False), (3.01, True)])
def test_link_works_for_three_hours(client, link, monkeypatch, hours, refused):
    later = datetime.now() + timedelta(hours=hours)  # noqa: DTZ005 - as Django's generator counts
    monkeypatch.setattr(default_token_generator, "_now", lambda: later)

    assert is_refused(client, link) is refused


def test_link_of_who_has_left_is_refused(client, link, rita):
    rita.is_active = False
    rita.save()

    assert is_refused(client, link)


def test_link_is_for_one_person_only(client, link):
    other = make_person("other", email="other@example.org")
    token = link.strip("/").split("/")[-1]

    assert is_refused(client, f"/password-reset/{urlsafe_base64_encode(str(other.pk).encode())}/{token}/")


@pytest.mark.parametrize(
    "address",
    [
        "/password-reset/MQ/set-password/",
        "/password-reset/MQ/x-y/",
        "/password-reset/%00/x/",
        "/password-reset/----/x/",
        f"/password-reset/{'OTk5' * 40}/x/",
        f"/password-reset/{'9' * 3000}/{'z' * 3000}/",
        "/password-reset/é/ü-ü/",
    ],
)
def test_odd_link_is_refused_in_words(client, rita, address):
    assert is_refused(client, address)


# What was typed


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        pytest.param("", "", "Enter a new password.", id="nothing"),
        pytest.param("k9Q!", "k9Q!", "This password is too short.", id="short"),
        pytest.param("19451945194519", "19451945194519", "easy to guess", id="digits"),
        pytest.param("rita o’reader", "rita o’reader", "too similar to the name", id="own name"),
        pytest.param(NEW, NEW + "!", "The new passwords are not the same.", id="not the same"),
    ],
)
def test_password_that_will_not_do_is_explained(client, link, rita, first, second, told):
    html = set_password(client, link, first, second).content.decode()

    assert "<title>Error: Set a new password</title>" in html
    assert html.count(told) == 2
    assert (first or "never") not in html
    rita.refresh_from_db()
    assert rita.check_password("right")


def test_password_that_will_not_do_is_explained_beside_its_first_field(client, link):
    html = set_password(client, link, "short", "short").content.decode()

    assert '<a href="#id_new_password1">New password: This password is too short.' in html
    assert 'id="id_new_password2_error"' not in html
