"""Every page for signing in and out and for passwords: for visitors, for who is signed in, and for odd addresses."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from indicators import mailing as outgoing
from tests.factories import make_person

pytestmark = pytest.mark.django_db
FOR_ALL = {
    "/sign-in/": "Sign in",
    "/password-reset/": "Forgotten your password?",
    "/password-reset/sent/": "Check your e-mail",
    "/password-reset/done/": "Your new password is set",
    "/password-reset/MQ/none/": "This link does not work",
}
FOR_SIGNED_IN = {"/password-change/": "Change your password", "/password-change/done/": "Your password is changed"}


def heading(response):
    html = response.content.decode()
    return unescape(re.search(r"<h1[^>]*>(.*?)</h1>", html)[1]), unescape(re.search(r"<title>(.*?)</title>", html)[1])


@pytest.mark.parametrize(("address", "title"), FOR_ALL.items())
@pytest.mark.parametrize("is_signed_in", [False, True])
def test_page_opens_for_everybody(client, address, title, is_signed_in):
    if is_signed_in:
        client.force_login(make_person())

    response = client.get(address)

    assert response.status_code == 200
    assert heading(response) == (title, title)


@pytest.mark.parametrize(("address", "title"), FOR_SIGNED_IN.items())
def test_page_about_ones_own_password_opens_for_who_is_signed_in(client, address, title):
    client.force_login(make_person())

    assert heading(client.get(address)) == (title, title)


@pytest.mark.parametrize("address", FOR_SIGNED_IN)
def test_page_about_ones_own_password_sends_a_visitor_to_sign_in(client, address):
    response = client.get(address)

    assert response.status_code == 302
    assert response.url == f"/sign-in/?next={address}"


def test_signed_out_page_is_for_who_is_not_signed_in(client):
    assert heading(client.get("/signed-out/")) == ("You have signed out", "You have signed out")

    client.force_login(make_person())
    assert client.get("/signed-out/").url == "/"


@pytest.mark.parametrize("address", ["/sign-out/", "/admin/logout/"])
def test_signing_out_leads_to_a_page_that_says_so(client, address):
    client.force_login(make_person(is_staff=True))

    response = client.post(address, follow=True)

    assert response.redirect_chain == [("/signed-out/", 302)]
    assert not response.wsgi_request.user.is_authenticated


def test_signing_out_never_leads_to_another_site(client):
    client.force_login(make_person())

    assert client.post("/sign-out/", {"next": "https://evil.example/"}).url == "/signed-out/"


def test_sign_in_page_tells_who_is_signed_in_already(client):
    client.force_login(make_person(name="Rita Reader"))

    assert "You are signed in as Rita Reader." in client.get("/sign-in/?next=/sign-in/").content.decode()


def test_sign_in_page_leads_to_a_forgotten_password(client):
    assert 'href="/password-reset/"' in client.get("/sign-in/").content.decode()


def test_administration_leads_to_the_same_page(client):
    answer = client.get("/admin/indicators/", follow=True)

    assert answer.redirect_chain[-1] == ("/sign-in/?next=%2Fadmin%2Findicators%2F", 302)
    assert "only for those who manage" not in answer.text

    client.force_login(make_person())
    assert "only for those who manage the scorecard" in client.get("/admin/", follow=True).text


@pytest.mark.parametrize("address", ["/signed-out/", *list(FOR_ALL)[1:]])
def test_signing_in_does_not_lead_back_to_pages_that_are_done_with(client, address):
    assert '<a href="/sign-in/">Sign in</a>' in client.get(address).content.decode()


def test_name_at_the_top_leads_to_the_persons_sign_in(client):
    client.force_login(make_person(name="Rita Reader"))

    assert '<a href="/your-sign-in/">Rita Reader' in client.get("/password-change/done/").content.decode()


def test_administration_has_no_other_page_for_ones_own_password(admin_client):
    assert admin_client.get(reverse("admin:password_change")).url == "/password-change/"


def test_administration_keeps_its_own_look(admin_client):
    html = admin_client.post("/admin/indicators/user/add/", {"email": "x"}).content.decode()

    assert 'class="errorlist' in html
    assert "govuk-" not in html


def test_form_that_is_too_old_is_explained():
    response = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "a", "password": "b"})

    assert response.status_code == 403
    assert heading(response)[0] == "This page was open for too long"


def test_without_mail_the_page_names_who_can_help(client, settings, mailoutbox):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    make_person(email="rita@example.org")

    for response in (client.get("/password-reset/"), client.post("/password-reset/", {"email": "rita@example.org"})):
        assert response.status_code == 200
        assert "Ask your performance officer" in response.content.decode()
        assert "<form method" not in response.content.decode()
    outgoing.sender.submit(bool).result()
    assert mailoutbox == []
