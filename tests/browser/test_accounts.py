"""Signing in and out and passwords in a real Chromium: every page at three widths, and the whole way by keyboard."""

import re

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.utils.http import urlsafe_base64_encode
from playwright.sync_api import expect

from indicators import mailing as outgoing
from indicators.models import User
from scorecard.models import ResetRequest

pytestmark = pytest.mark.browser

RIGHT, NEW = "right", "correct horse battery"
FOR_ALL = [
    "/sign-in/", "/signed-out/", "/password-reset/", "/password-reset/sent/", "/password-reset/done/",
    "/password-reset/MQ/none/",
]  # fmt: skip
FOR_SIGNED_IN = [
    "/sign-in/", "/your-sign-in/", "/your-sign-in/app/add/", "/your-sign-in/passkeys/add/", "/password-change/",
    "/password-change/done/",
]  # fmt: skip


@pytest.fixture
def person(transactional_db):
    """The head of quality, whose password is “right” again after the test, and who has not tried to sign in before."""
    found = User.objects.get(username="head.of.quality")
    yield found
    found.refresh_from_db()
    found.set_password("right")
    found.save()
    AccessAttempt.objects.all().delete()
    ResetRequest.objects.all().delete()


def sign_in(page, password=RIGHT, username="head.of.quality"):
    page.goto("/sign-in/?next=/password-change/done/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in").press("Enter")


def link_for(person):
    uid = urlsafe_base64_encode(str(person.pk).encode())
    return f"/password-reset/{uid}/{default_token_generator.make_token(User.objects.get(pk=person.pk))}/"


def fill_in_new_password(page, first=NEW, second=NEW):
    page.get_by_label("New password", exact=True).fill(first)
    page.get_by_label("New password again", exact=True).fill(second)
    page.get_by_label("New password again", exact=True).press("Enter")


# Each page


def test_pages_are_accessible_and_fit(at, faults):
    assert {address: wrong for address in FOR_ALL if (wrong := faults(at(address)))} == {}


def test_pages_of_who_is_signed_in_are_accessible_and_fit(at, faults, person):
    sign_in(at("/sign-in/"))

    assert {address: wrong for address in FOR_SIGNED_IN if (wrong := faults(at(address)))} == {}


def test_new_password_by_link_is_accessible_and_fits(at, faults, person):
    page = at(link_for(person))
    assert faults(page) == []

    fill_in_new_password(page, "short", "shorter")

    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    assert faults(page) == []


def test_password_change_with_errors_is_accessible_and_fits(at, faults, person):
    sign_in(at("/sign-in/"))
    page = at("/password-change/")

    page.get_by_role("button", name="Change the password").click()

    expect(page.get_by_role("alert")).to_contain_text("Enter your current password.")
    assert faults(page) == []


def test_lock_out_is_accessible_and_fits(at, faults, person, complaints):
    page = at("/sign-in/")
    for _ in range(5):
        sign_in(page, "wrong")
        expect(page.get_by_role("heading", name=re.compile("There is a problem|Signing in is locked"))).to_be_visible()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Signing in is locked until")
    assert faults(page) == []
    assert len(complaints) == 1
    assert "429" in complaints.pop()


def test_long_name_fits_at_the_top(at, faults, person):
    name, person.name = person.name, "Wolfeschlegelsteinhausenbergerdorff" * 4
    person.save()
    try:
        sign_in(at("/sign-in/"))
        assert faults(at("/password-change/")) == []
    finally:
        person.name = name
        person.save()


# The whole way


class TestWithoutJavaScript:
    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return {**browser_context_args, "java_script_enabled": False}

    def test_forgotten_password_can_be_replaced(self, page, person):
        page.goto("/sign-in/")
        page.get_by_role("link", name="Forgotten your password?").click()
        page.get_by_label("E-mail address").fill(person.email)
        page.get_by_role("button", name="Send the link").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Check your e-mail")
        outgoing.sender.submit(bool).result()

        page.goto(re.search(r"https://\S+?(/password-reset/\S+)", mail.outbox[0].body)[1])
        fill_in_new_password(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Your new password is set")
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        sign_in(page, NEW)

        expect(page.get_by_role("link", name="Head of quality (your sign-in)")).to_be_visible()

    def test_password_can_be_changed(self, page, person):
        sign_in(page)
        page.get_by_role("link", name="Head of quality").click()
        page.get_by_role("link", name="Change your password").click()
        page.get_by_label("Your current password").fill("right")
        fill_in_new_password(page)

        expect(page.get_by_role("heading", level=1)).to_have_text("Your password is changed")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You have signed out")

    def test_no_button_shows_what_it_cannot_do(self, page):
        page.goto("/sign-in/")

        expect(page.get_by_role("button", name="Show password")).to_have_count(0)


def test_password_can_be_shown_and_is_hidden_again_when_sent(page, person):
    page.goto("/sign-in/")
    field = page.get_by_label("Password", exact=True)
    field.fill("wrong")
    page.get_by_role("button", name="Show password").click()
    expect(field).to_have_attribute("type", "text")

    page.get_by_role("button", name="Hide password").click()
    expect(field).to_have_attribute("type", "password")


def test_error_leads_to_its_field(page, person):
    sign_in(page)
    page.goto("/password-change/")
    page.get_by_role("button", name="Change the password").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()

    page.get_by_role("link", name="Enter a new password.").press("Enter")

    expect(page.get_by_label("New password", exact=True)).to_be_focused()


def test_passkey_is_added_and_signs_in(page, person, faults, request):
    """With an authenticator that Chromium makes up; allauth's scripts run under the site's policy."""
    chrome = page.context.new_cdp_session(page)
    chrome.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    chrome.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, "automaticPresenceSimulation": True}})
    sign_in(page)
    page.goto("/your-sign-in/passkeys/add/")
    page.get_by_label("Name of the passkey").fill("Work laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    assert faults(page) == []
    page.goto("/your-sign-in/")
    expect(page.get_by_text("Work laptop").first).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Sign out", exact=True).click()

    sign_in(page)
    assert faults(page) == []
    page.get_by_role("button", name="Use the passkey").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Your password is changed")
    person.authenticator_set.all().delete()
