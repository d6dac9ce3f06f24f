"""Single sign-on against a real OpenID Connect provider: who gets in, and everything that lets nobody in."""

import logging
import re
import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from indicators.models import SecurityEvent, User
from scorecard.accounts.provider import Provider
from scorecard.accounts.refusals import REFUSALS, sign_in_refused
from scorecard.accounts.single_sign_on import wrong_with
from tests.factories import make_person
from tests.scorecard.accounts.provider import OTHER_KEY, RETURN, heading, long_ago, served, state_in
from tests.scorecard.accounts.test_factors import give_app

# The provider is built on parts that are about to be replaced.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
BEGIN = "/sign-in/organisation/"


@pytest.fixture(scope="module")
def running():
    with served() as provider:
        provider.know("s1", email="rita@example.gov.uk", email_verified=True, name="Rita", preferred_username="rita")
        yield provider


@pytest.fixture
def there(running, settings):
    """The provider, set up so that rita's verified address leads to her account."""
    settings.SINGLE_SIGN_ON = Provider(running.issuer, "scorecard", "secret", match_email="verified")
    running.wrong.behave()
    return running


@pytest.fixture
def rita():
    return make_person("rita", email="Rita@example.gov.uk")


@pytest.fixture
def refused():
    """The reasons for which somebody was refused, as others hear of them."""
    heard = []

    def hear(reason, person, **kwargs):
        heard.append((reason, person))

    sign_in_refused.connect(hear)
    yield heard
    sign_in_refused.disconnect(hear)


def is_in(client):
    return "_auth_user_id" in client.session


def form_action(page):
    """Where the page's forms may lead."""
    parts = dict(part.strip().split(" ", 1) for part in page["Content-Security-Policy"].split(";"))
    return parts["form-action"]


def expect(response, client, reason):
    """The page that says why nobody was signed in."""
    assert (response.status_code, heading(response)) == (REFUSALS[reason].status, REFUSALS[reason].title)
    assert 'href="/sign-in/"' in response.text
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


# In


def test_person_signs_in_goes_on_and_is_linked(there, rita, client):
    assert "Sign in with your council account" in client.get("/sign-in/?next=/your-work/").text
    before = client.session.session_key

    answer = there.sign_in(client, next="/your-work/")

    assert (answer.status_code, answer.url) == (302, "/your-work/")
    assert answer.wsgi_request.user == rita
    assert client.session.session_key != before
    link = SocialAccount.objects.get()
    assert (link.user, link.provider, link.uid, link.extra_data) == (rita, there.issuer, "s1", {})
    assert not SocialToken.objects.exists()
    assert rita.history.first().history_change_reason == "Linked with your council account"

    # From then on the subject counts, whatever the address is.
    rita = User.objects.get()
    rita.email = "other@example.gov.uk"
    rita.save()
    before = rita.history.count()
    assert there.sign_in(Client()).wsgi_request.user == rita
    assert rita.history.count() == before


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_way_never_leads_to_another_site(there, rita, client, address):
    assert there.sign_in(client, next=address).url == "/start/"


def test_what_is_asked_of_the_provider(there, client):
    asked = parse_qs(urlsplit(client.post(f"{BEGIN}?scope=admin&auth_params=nonce%3Dx").url).query)

    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert asked["redirect_uri"] == [f"https://scorecard.example.gov.uk{RETURN}"]
    assert (asked["response_type"], asked["code_challenge_method"]) == (["code"], ["S256"])
    assert len(asked["nonce"][0]) == 64


def test_who_is_signed_in_is_signed_out_by_another(there, rita, client):
    client.force_login(make_person("ben"))

    answer = there.sign_in(client)

    assert answer.wsgi_request.user == rita
    assert answer["Clear-Site-Data"]


def test_second_subject_with_a_long_name_is_told_apart(there, settings):
    settings.SINGLE_SIGN_ON = Provider(there.issuer, "scorecard", "secret", new_accounts="everybody")
    for subject in ("x" * 250, "x" * 249 + "y"):
        there.know(subject, name="Long")
        assert there.sign_in(Client(), subject).status_code == 302

    assert User.objects.count() == 2


# Not in


def set_claim(**changed):
    return lambda claims: claims.update(changed)


def without(name):
    return lambda claims: {key: value for key, value in claims.items() if key != name}


FORGED = {
    "another issuer": {"claims": set_claim(iss="https://evil.example")},
    "issuer with a slash": {"claims": lambda claims: claims.update(iss=claims["iss"] + "/")},
    "for another site": {"claims": set_claim(aud="another")},
    "for several sites": {"claims": set_claim(aud=["scorecard", "another"], azp="another")},
    "expired": {"claims": long_ago},
    "of tomorrow": {"claims": lambda claims: claims.update(iat=int(time.time()) + 86400)},
    "never expires": {"claims": without("exp")},
    "expires in words": {"claims": set_claim(exp="tomorrow")},
    "of another sign-in": {"claims": set_claim(nonce="another")},
    "of no sign-in": {"claims": without("nonce")},
    "of nobody": {"claims": without("sub")},
    "of an empty subject": {"claims": set_claim(sub=" ")},
    "of a number": {"claims": set_claim(sub=7)},
    "of what can't be stored": {"claims": set_claim(sub="s\x001")},
    "signed by somebody else": {"key": OTHER_KEY},
    "signed with an unknown key": {"header": {"kid": "two"}},
    "signed with a key for another way": {"key": OTHER_KEY, "header": {"kid": "unused"}},
    "signed by nobody": {"key": None, "header": {"alg": "none"}},
    "signed with the public secret": {"key": "secret" * 8, "header": {"alg": "HS256"}},
    "no token": {"instead": {"/oauth2/token": ("200 OK", {"access_token": "x"})}},
    "token of rubbish": {"instead": {"/oauth2/token": ("200 OK", {"access_token": "x", "id_token": "eyJ.x.y"})}},
    "token in a list": {"instead": {"/oauth2/token": ("200 OK", {"access_token": "x", "id_token": ["x"]})}},
    "told of somebody else": {
        "claims": without("name"),
        "instead": {"/userinfo": ("200 OK", {"sub": "s2", "email": "x@example.gov.uk"})},
    },
}


@pytest.mark.parametrize("name", FORGED)
def test_token_that_does_not_hold_lets_nobody_in(there, rita, client, refused, caplog, name):
    vars(there.wrong).update(FORGED[name])

    expect(there.sign_in(client), client, "untrusted")
    assert refused == [("untrusted", None)]
    assert "Single sign-on failed: untrusted" in caplog.text
    assert not [one for one in caplog.records if "scorecard" in one.name and "eyJ" in one.getMessage()]


DOWN = {
    "no discovery": {"/.well-known/openid-configuration": ("503 Down", {})},
    "discovery of rubbish": {"/.well-known/openid-configuration": ("200 OK", b"<html>")},
    "discovery of a list": {"/.well-known/openid-configuration": ("200 OK", [])},
    "discovery without parts": {"/.well-known/openid-configuration": ("200 OK", {"issuer": "x"})},
}
DOWN_AT_RETURN = DOWN | {
    "no keys": {"/jwks": ("500 Down", {})},
    "keys of rubbish": {"/jwks": ("200 OK", b"<html>")},
    "secret is wrong": {"/oauth2/token": ("401 No", {"error": "invalid_client"})},
    "token of rubbish": {"/oauth2/token": ("200 OK", b"{rubbish")},
    "token of a list": {"/oauth2/token": ("200 OK", ["access_token"])},
}


@pytest.mark.parametrize("name", DOWN_AT_RETURN)
def test_provider_that_is_down_is_said_to_be(there, rita, client, name):
    address = there.send(client)
    there.wrong.instead = DOWN_AT_RETURN[name]

    expect(client.get(address), client, "silent")
    if name in DOWN:
        expect(client.post(BEGIN), client, "silent")


def test_provider_that_cannot_be_reached_and_another_at_its_address(there, rita, client, settings):
    settings.SINGLE_SIGN_ON = Provider("http://127.0.0.1:9", "scorecard", "secret")
    expect(client.post(BEGIN), client, "silent")

    settings.SINGLE_SIGN_ON = Provider(f"{there.issuer}/", "scorecard", "secret")
    expect(client.post(BEGIN), client, "untrusted")


def test_who_stops_at_the_provider_is_told_so(there, rita, client):
    expect(client.get(there.send(client, action="deny")), client, "cancelled")


def test_provider_that_refuses_somebody_is_believed(there, rita, client, caplog):
    state = state_in(there.send(client))

    said = "interaction_required&error_description=%3Cscript%3E"
    answer = client.get(f"{RETURN}?state={state}&error={said}")

    expect(answer, client, "refused")
    assert "script>" not in answer.text.replace('type="module"></script>', "")
    assert "interaction_required" in caplog.text


def test_sign_in_can_be_finished_once_in_its_own_browser_and_in_time(there, rita, client, monkeypatch):
    address = there.send(client)
    stranger = Client()
    expect(stranger.get(address), stranger, "lost")
    for odd in ("", "?state=", "?state=x&code=y", "?state=%00&code=%00", f"?{'state=x&' * 50}", "?error=x"):
        expect(client.get(RETURN + odd), client, "lost")

    late = there.send(client)
    clock = time.time
    with monkeypatch.context() as later:
        later.setattr("allauth.socialaccount.internal.statekit.time.time", lambda: clock() + 601)
        expect(client.get(late), client, "lost")

    assert client.get(address).status_code == 302
    assert is_in(client)
    client.logout()
    SocialAccount.objects.all().delete()
    expect(client.get(address), client, "lost")


def test_code_of_one_sign_in_is_of_no_use_in_another(there, rita, client):
    """Somebody else's answer, put into one's own sign-in: the token has the nonce of theirs."""
    stolen = parse_qs(urlsplit(there.send(Client())).query)["code"][0]

    expect(client.get(f"{RETURN}?state={state_in(there.send(client))}&code={stolen}"), client, "untrusted")


def test_addresses_answer_as_they_should(there, client):
    assert client.get(BEGIN).status_code == 405
    assert client.post(RETURN).status_code == 405
    assert Client(enforce_csrf_checks=True).post(BEGIN).status_code == 403
    assert client.post(BEGIN)["Cache-Control"].find("no-store") >= 0


def test_nothing_is_there_where_it_is_not_set_up(client):
    page = client.get("/sign-in/")

    assert "council account" not in page.text
    assert form_action(page) == "'self'"
    assert (client.post(BEGIN).status_code, client.get(RETURN).status_code) == (404, 404)


def test_only_pages_with_the_button_let_their_form_lead_to_the_provider(there, rita, client):
    assert form_action(client.get("/sign-in/")) == f"'self' {there.issuer}"
    client.force_login(rita)
    assert form_action(client.get("/password-change/")) == f"'self' {there.issuer}"
    assert form_action(client.get("/privacy/")) == "'self'"


# Showing again who one is


def test_who_is_signed_in_shows_again_who_they_are(there, rita, client):
    there.sign_in(client)
    key = client.session.session_key

    answer = there.sign_in(client, purpose="again", next="/your-work/")

    assert answer.url == "/your-work/"
    assert client.session.session_key == key
    assert [one["method"] for one in client.session["account_authentication_methods"]] == ["socialaccount"] * 2


def test_somebody_else_shows_nothing(there, rita, client):
    there.sign_in(client)
    there.know("s2", email="ben@example.gov.uk", email_verified=True)
    make_person("ben", email="ben@example.gov.uk")

    answer = there.sign_in(client, "s2", purpose="again")

    assert heading(answer) == REFUSALS["other-person"].title
    assert answer.wsgi_request.user == rita
    assert len(client.session["account_authentication_methods"]) == 1


def test_sign_in_of_before_shows_nothing(there, rita, client):
    there.sign_in(client)
    asked = parse_qs(urlsplit(client.post(BEGIN, {"purpose": "again"}).url).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    there.wrong.claims = set_claim(auth_time=(timezone.now() - timedelta(hours=1)).timestamp())

    assert heading(there.sign_in(client, purpose="again")) == REFUSALS["untrusted"].title


def test_no_secret_is_logged(there, rita, client, caplog):
    caplog.set_level(logging.DEBUG)
    there.sign_in(client)

    assert not [one for one in caplog.records if "scorecard" in one.name and "eyJ" in one.getMessage()]
    assert "secret" not in repr(Provider("x", "y", "secret"))


def test_provider_is_asked_before_the_site_goes_into_service(there, settings):
    right = settings.SINGLE_SIGN_ON
    assert wrong_with(right) == []

    for wrong, said in [
        ({"/.well-known/openid-configuration": ("503 Down", {})}, "Single sign-on does not work: 503"),
        ({"/.well-known/openid-configuration": ("200 OK", {"issuer": "x"})}, "does not say where its parts are"),
        ({"/.well-known/openid-configuration": ("200 OK", config("x"))}, "OIDC_ISSUER is not what the provider calls"),
        (
            {"/.well-known/openid-configuration": ("200 OK", config(there.issuer))},
            "OIDC_SIGN_IN_HOSTS lacks https://in.example,",
        ),
    ]:
        there.wrong.instead = wrong
        assert said in wrong_with(right)[0]


def config(issuer):
    return {"issuer": issuer, "authorization_endpoint": "https://in.example/a", "token_endpoint": "t", "jwks_uri": "j"}


# Before what is dangerous


def let_time_pass(client):
    """The provider's clock goes on as it is; what the session notes was longer ago."""
    session = client.session
    for one in session["account_authentication_methods"]:
        one["at"] -= 16 * 60
    session.save()


@pytest.fixture
def asked(there, settings):
    """Somebody who came by single sign-on a while ago, and what they post."""
    settings.CONFIRM_AGAIN_MINUTES = 15
    person = make_person("rita", email="rita@example.gov.uk", is_superuser=True, is_staff=True)
    person.set_unusable_password()
    person.save()
    client = Client()
    there.sign_in(client)
    let_time_pass(client)
    return person, client


def add_group(client):
    return client.post("/admin/auth/group/add/", {"name": "Typed with care"})


@pytest.mark.parametrize("has", ["nothing", "app", "password", "password where there are none"])
def test_who_came_by_single_sign_on_shows_it_there_and_what_they_typed_is_done(there, settings, asked, has):
    person, client = asked
    if has == "app":
        give_app(person)
    if has.startswith("password"):
        User.objects.filter(pk=person.pk).update(password=make_person("other").password)
        client = Client()
        there.sign_in(client)
        let_time_pass(client)
    settings.LOCAL_SIGN_IN = has != "password where there are none"

    to = add_group(client).url
    assert to.startswith("/your-sign-in/again/elsewhere/?next=")
    page = client.get(to)
    assert form_action(page) == f"'self' {there.issuer}"
    others = {"app": ["code"], "password": ["your password"]}.get(has, [])
    assert re.findall(r">Use (?:a )?([\w ]+) instead<", page.text) == others
    assert not Group.objects.filter(name="Typed with care").exists()

    back = there.sign_in(client, purpose="again", next=to)
    assert client.get(back.url).status_code == 302

    assert Group.objects.filter(name="Typed with care").exists()
    assert SecurityEvent.objects.filter(kind="confirmed", person=person, detail="by single sign-on").count() == 1


def test_who_stops_on_the_way_can_begin_anew_and_loses_nothing(there, asked):
    _, client = asked
    to = add_group(client).url
    assert there.sign_in(client, action="deny", purpose="again", next=to).status_code == 403

    client.get(there.sign_in(client, purpose="again", next=to).url)

    assert Group.objects.filter(name="Typed with care").exists()


def test_who_has_neither_password_nor_factor_can_set_one_up_at_any_time(there, asked):
    _, client = asked
    for address in ("/your-sign-in/app/add/", "/your-sign-in/passkeys/add/"):
        to = client.get(address).url
        assert to.startswith("/your-sign-in/again/elsewhere/?next=")
    back = there.sign_in(client, purpose="again", next=to)
    assert client.get(back.url).url == "/your-sign-in/passkeys/add/"
    assert client.get("/your-sign-in/passkeys/add/").status_code == 200


def test_another_way_in_is_linked_only_by_who_has_just_shown_who_they_are(there, settings, rita, client):
    settings.CONFIRM_AGAIN_MINUTES = 15
    client.post("/sign-in/", {"username": "rita", "password": "right"})
    let_time_pass(client)

    to = client.post(BEGIN, {"purpose": "link"}).url
    assert to.startswith("/your-sign-in/again/?next=")
    page = client.get(to)
    assert form_action(page) == f"'self' {there.issuer}"
    assert client.post(to, {"password": "right", "next": BEGIN}).url.startswith(there.issuer)
    # Signing in anew, or showing who one is, asks nothing before.
    let_time_pass(client)
    assert client.post(BEGIN, {"purpose": "again"}).url.startswith(there.issuer)


def test_sign_in_of_somebody_else_gives_nobody_a_second_factor(there, asked):
    _, client = asked
    there.know("s2", email="ben@example.gov.uk", email_verified=True)
    there.wrong.claims = set_claim(amr=["mfa"])
    assert there.sign_in(client, "s2", purpose="again").status_code == 403
    assert not client.session.get("factor_at_provider")


def test_refusals_are_in_the_security_log_and_are_no_guesses(there, settings, rita, client):
    settings.LOCK_OUT_FAILURES_ANYWHERE = settings.LOCK_OUT_NAMES = 1
    there.sign_in(client, action="deny")
    rita.is_active = False
    rita.save()
    there.sign_in(client)
    there.know("s9", email="nobody@example.gov.uk", email_verified=True)
    there.sign_in(client, "s9")

    failed = SecurityEvent.objects.filter(kind="sign_in_failed").order_by("pk")
    assert [(one.person, one.detail) for one in failed] == [
        (None, "by single sign-on: cancelled"),
        (rita, "by single sign-on: closed"),
        (None, "by single sign-on: unknown"),
    ]
    rita.is_active = True
    rita.save()
    assert client.post("/sign-in/", {"username": "rita", "password": "right"}).status_code == 302
