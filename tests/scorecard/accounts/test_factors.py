"""Second factors: set up, asked for at sign-in, required by role, lost and taken off. allauth makes the codes."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.test import Client

from indicators import mailing as outgoing
from indicators.models import User
from scorecard.accounts.factors import FactorAdapter, note_claim
from tests.factories import make_officer, make_person

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
RITA = {"username": "rita", "password": "right"}


@pytest.fixture
def rita():
    return make_person("rita", name="Rita Reader", email="rita@example.org")


@pytest.fixture
def clock(monkeypatch):
    """Moves the time that codes and limits go by."""
    now = [float(int(time.time()) // 30 * 30)]
    monkeypatch.setattr(time, "time", lambda: now[0])

    def move(seconds):
        now[0] += seconds

    return move


def code_now(secret=SECRET, steps=0):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + steps))


def give_app(person):
    return totp.TOTP.activate(person, SECRET).instance


def signed_in_as(person):
    client = Client()
    client.force_login(person)
    return client


def first_step(client=None):
    client = client or Client()
    answer = client.post("/sign-in/", RITA | {"next": "/privacy/"})
    assert answer.url == "/sign-in/second-factor/"
    return client


# Setting one up


def test_app_is_set_up_with_its_first_code_and_recovery_codes_are_shown_once(
    rita, clock, mailoutbox, django_capture_on_commit_callbacks
):
    client, elsewhere = signed_in_as(rita), signed_in_as(rita)
    page = client.get("/your-sign-in/app/add/").text
    secret = re.search(r'key-in-letters">(\w+)<', page)[1]
    assert '<svg class="qr-code" role="img"' in page
    assert "style=" not in page.partition("<svg")[2].partition("</svg>")[0]

    assert "That code is not right" not in page
    wrong = client.post("/your-sign-in/app/add/", {"code": "000000"})
    assert secret in wrong.text
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/your-sign-in/app/add/", {"code": code_now(secret)})

    assert answer.url == "/your-sign-in/recovery-codes/"
    codes = re.findall(r"<code>(\d+)</code>", client.get(answer.url).text)
    assert len(set(codes)) == 10
    assert codes[0] not in client.get(answer.url).text
    assert secret not in str(Authenticator.objects.values_list("data"))
    assert elsewhere.get("/your-sign-in/").status_code == 302
    outgoing.sender.submit(bool).result()
    assert "A second factor was added" in mailoutbox[0].body
    # One of them, once.
    first = first_step()
    assert first.post("/sign-in/second-factor/", {"code": codes[0]}).url == "/privacy/"
    again = first_step().post("/sign-in/second-factor/", {"code": codes[0]})
    assert again.status_code == 200
    assert "9 left" in first.get("/your-sign-in/").text


# Asked for at sign-in


def test_password_alone_signs_nobody_in_who_has_a_factor(rita, clock):
    give_app(rita)
    client = first_step()

    assert client.get("/your-work/").status_code == 302
    assert "000000" not in client.get("/sign-in/second-factor/").text
    assert client.post("/sign-in/second-factor/", {"code": "000000"}).status_code == 200
    assert client.get("/your-work/").status_code == 302
    assert client.post("/sign-in/second-factor/", {"code": code_now()}).url == "/privacy/"
    assert client.get("/your-work/").status_code == 200


@pytest.mark.parametrize("steps", [0, -1, 1])
def test_code_works_once_on_whichever_server(rita, clock, steps):
    """The tests' cache keeps nothing, so this is what two servers do that share the database alone."""
    give_app(rita)
    code = code_now(steps=steps)
    assert first_step().post("/sign-in/second-factor/", {"code": code}).status_code == 302

    again = first_step().post("/sign-in/second-factor/", {"code": code})

    assert "used already" in again.text
    clock(60)
    assert first_step().post("/sign-in/second-factor/", {"code": code_now(steps=1)}).status_code == 302


def test_whatever_is_typed_as_a_code_is_answered(rita):
    give_app(rita)
    client = first_step()
    for typed in ("", " ", "12345", "x" * 5000, "\uff11" * 6, "\x00", "-1"):
        assert client.post("/sign-in/second-factor/", {"code": typed}).status_code == 200


def test_whatever_is_sent_as_a_passkey_is_answered(rita):
    give_app(rita)
    client, signing_in = signed_in_as(rita), first_step()
    client.get("/your-sign-in/passkeys/add/")
    for typed in ("", "x", "[]", "{}", '{"id": 1}', "null", '{"id":"a","rawId":"a","type":"public-key"}'):
        assert signing_in.post("/sign-in/second-factor/", {"credential": typed}).status_code == 200
        assert client.post("/your-sign-in/passkeys/add/", {"credential": typed}).status_code == 200


def test_second_step_without_a_first_one_leads_to_it(client):
    assert client.get("/sign-in/second-factor/").url == "/sign-in/"
    assert client.post("/sign-in/second-factor/", {"code": "1"}).url == "/sign-in/"


def test_secret_of_another_key_fits_no_code(settings):
    kept = FactorAdapter().encrypt(SECRET)
    assert SECRET not in kept
    assert FactorAdapter().decrypt(kept) == SECRET

    settings.SECRET_KEY = "another" * 9
    lost = FactorAdapter().decrypt(kept)
    assert lost not in (SECRET, "", FactorAdapter().decrypt(kept))
    settings.SECRET_KEY_FALLBACKS = [django_settings.SECRET_KEY, "only-for-tests-" * 3 + "only-for-tests"]
    assert FactorAdapter().decrypt(kept) == SECRET


# Required by role

ANYTHING = ["/your-work/", "/start/", "/", "/admin/", "/scorecards/x/2021-01/report.csv", "/editions/"]


@pytest.mark.parametrize(
    ("setting", "make", "is_needed"),
    [
        ("none", make_officer, False),
        ("officers", make_officer, True),
        ("officers", make_person, False),
        ("officers", lambda: make_person(is_staff=True), True),
        ("officers", lambda: make_person(is_superuser=True), True),
        ("everybody", make_person, True),
    ],
)
def test_who_needs_one_is_led_to_set_it_up_whatever_they_ask_for(settings, setting, make, is_needed):
    settings.SECOND_FACTOR_FOR = setting
    person = make()
    client = signed_in_as(person)

    led = [(client.get(address), client.post(address)) for address in ANYTHING]

    assert all((got.status_code, posted.status_code) == (302, 302) for got, posted in led) or not is_needed
    assert {a.url for pair in led for a in pair if a.status_code == 302} == {"/your-sign-in/"} or not is_needed
    assert is_needed == ("Your role needs a second factor" in client.get("/your-sign-in/").text)
    assert client.get("/your-sign-in/app/add/").status_code == 200
    if is_needed:
        give_app(person)
        assert client.get("/your-work/").status_code == 200
    assert client.post("/sign-out/").url == "/signed-out/"


@pytest.mark.parametrize(
    ("setting", "methods", "claimed", "is_let_in"),
    [
        ("no", ["socialaccount"], True, False),
        ("claimed", ["socialaccount"], True, True),
        ("claimed", ["socialaccount"], False, False),
        ("claimed", ["password"], True, False),
        ("always", ["socialaccount"], False, True),
        ("always", ["password"], False, False),
    ],
)
def test_factor_at_the_provider_of_single_sign_on_counts_by_the_setting(settings, setting, methods, claimed, is_let_in):
    settings.SECOND_FACTOR_FOR, settings.SECOND_FACTOR_AT_PROVIDER = "everybody", setting
    person = make_person()
    client = signed_in_as(person)
    session = client.session
    session["account_authentication_methods"] = [{"method": method, "at": time.time()} for method in methods]
    session["account_authentication_methods_user"] = str(person.pk)
    session["factor_at_provider"] = claimed
    session.save()

    assert (client.get("/your-work/").status_code == 200) == is_let_in


@pytest.mark.parametrize(
    ("amr", "is_several"), [(["pwd", "mfa"], True), (["pwd"], False), ("mfa", False), (None, False)]
)
def test_claim_of_several_factors_is_read_as_rfc_8176_has_it(rf, amr, is_several):
    request = rf.get("/")
    request.session = {}
    note_claim(request, SocialLogin(account=SocialAccount(extra_data={"id_token": {"amr": amr}})))

    assert request.session["factor_at_provider"] is is_several


# Lost


def test_officer_takes_lost_factors_off(rita, mailoutbox):
    give_app(rita)
    ritas, officer = signed_in_as(rita), signed_in_as(make_officer(is_staff=True))
    address = f"/people/{rita.pk}/second-factors/"
    assert address in officer.get(f"/admin/indicators/user/{rita.pk}/change/").text

    assert "Make sure of it first" in officer.post(address).text
    assert Authenticator.objects.exists()
    officer.post(address, {"is_certain": "on"})

    assert not Authenticator.objects.exists()
    assert ritas.get("/your-work/").status_code == 302
    outgoing.sender.submit(bool).result()
    assert [mail.to for mail in mailoutbox] == [["rita@example.org"]]


def test_nobody_takes_a_factor_off_themselves_superusers_or_without_the_right(rita):
    chief = make_person(is_superuser=True)
    officer = make_officer()
    for person, about in [(rita, chief), (rita, rita), (officer, officer), (officer, chief)]:
        give_app(about) if not Authenticator.objects.filter(user=about).exists() else None
        assert signed_in_as(person).post(f"/people/{about.pk}/second-factors/", {"is_certain": "on"}).status_code == 403
    assert Authenticator.objects.count() == 3
    for nobody in ("0", "9" * 30):
        assert signed_in_as(officer).get(f"/people/{nobody}/second-factors/").status_code == 404


def test_command_takes_them_off_the_last_officer(rita, capsys):
    give_app(rita)

    call_command("take_off_factors", "RITA")

    assert not Authenticator.objects.exists()
    assert "had 1 second factors" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Nobody has"):
        call_command("take_off_factors", "nobody")


def test_own_app_is_removed_with_its_recovery_codes(rita, clock):
    give_app(rita)
    client = signed_in_as(rita)

    assert client.post("/your-sign-in/app/remove/").url == "/your-sign-in/"
    assert not Authenticator.objects.filter(user=User.objects.get(pk=rita.pk)).exists()
    assert client.get("/your-sign-in/app/remove/").status_code == 404
