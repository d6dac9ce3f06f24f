"""Factors, sessions, the security log and the brakes seen together."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.urls import reverse

from indicators.models import SecurityEventKind as Kind
from scorecard.accounts.confirming import DANGEROUS
from scorecard.metrics import SIGN_INS
from tests.factories import make_officer, make_person
from tests.scorecard.accounts.test_factors import RITA, SECRET, clock, code_now, give_app  # noqa: F401
from tests.scorecard.accounts.test_security_log import latest, told

pytestmark = pytest.mark.django_db
STEP = "/sign-in/second-factor/"


@pytest.fixture
def rita():
    person = make_person("rita")
    give_app(person)
    return person


def at_second_step():
    client = Client()
    assert client.post("/sign-in/", RITA).url == STEP
    return client


def locked_out():
    return SIGN_INS.labels("locked out")._value.get()


@pytest.mark.parametrize("typed", [{"code": "000000"}, {"credential": '{"id": "x"}'}])
def test_wrong_codes_and_passkeys_at_sign_in_are_told_and_braked_from_wherever_they_come(settings, rita, typed):
    settings.LOCK_OUT_FAILURES_ANYWHERE = 3
    before, start = locked_out(), latest()
    clients = [at_second_step() for _ in range(4)]

    statuses = [
        client.post(STEP, typed, REMOTE_ADDR=f"198.51.100.{number}").status_code
        for number, client in enumerate(clients)
    ]

    assert statuses == [200, 200, 200, 429]
    assert told(start) == [
        *[(Kind.SIGN_IN_FAILED, "rita", None, "second factor", "")] * 3,
        (Kind.LOCKED_OUT, "rita", None, "", ""),
    ]
    assert locked_out() == before + 1
    # Nor is the right one looked at.
    assert clients[3].post(STEP, {"code": code_now(SECRET)}).status_code == 429
    assert "_auth_user_id" not in clients[3].session


def test_code_that_was_used_before_is_a_failure(rita, clock):  # noqa: F811
    assert at_second_step().post(STEP, {"code": code_now(SECRET)}).status_code == 302
    start = latest()
    assert at_second_step().post(STEP, {"code": code_now(SECRET)}).status_code == 200
    assert [one[0] for one in told(start)] == [Kind.SIGN_IN_FAILED]


def test_showing_again_who_one_is_is_told_and_wrong_codes_are_braked_there_too(settings, clock, rita):  # noqa: F811
    settings.CONFIRM_AGAIN_MINUTES, settings.LOCK_OUT_FAILURES_ANYWHERE = 15, 2
    client = at_second_step()
    client.post(STEP, {"code": code_now(SECRET)})
    clock(16 * 60)
    start = latest()
    client.post("/your-sign-in/again/", {"password": "right"})
    client.post("/your-sign-in/again/code/", {"code": code_now(SECRET)})
    client.post("/your-sign-in/again/", {"password": "wrong"})
    client.post("/your-sign-in/again/code/", {"code": "000000"})

    known = "in a browser they have signed in with"
    assert [(kind, about, detail) for kind, _, _, about, detail in told(start)] == [
        (Kind.CONFIRMED, "", "with the password"),
        (Kind.CONFIRMED, "", "with a second factor"),
        (Kind.CONFIRMATION_FAILED, "", known),
        (Kind.CONFIRMATION_FAILED, "second factor", known),
    ]
    assert client.post("/your-sign-in/again/code/", {"code": code_now(SECRET)}).status_code == 429


def test_sessions_that_are_ended_are_told(rita):
    Authenticator.objects.all().delete()
    here, *_ = clients = [Client() for _ in range(4)]
    for client in clients:
        client.post("/sign-in/", RITA)
    start = latest()
    page = here.get("/your-sign-in/").text
    keys = re.findall(r'name="session" value="(\d+)"', page)
    here.post("/your-sign-in/sessions/end/", {"session": min(keys, key=int)})
    clients[-1].post("/your-sign-in/sessions/end/", {"session": "others"})
    clients[-1].post("/your-sign-in/sessions/end/", {"session": "others"})

    ended = [(kind, name, detail) for kind, name, _, _, detail in told(start)]
    assert [one for one in ended if one[0] == Kind.SESSIONS_ENDED][-1] == (Kind.SESSIONS_ENDED, "rita", "others: 2")
    assert len(ended) == 2


def test_factors_that_an_officer_takes_off_are_told_with_the_sessions_that_end(rita):
    RecoveryCodes.activate(rita)
    client = at_second_step()
    client.post(STEP, {"code": code_now(SECRET)})
    officer = Client()
    officer.force_login(make_officer("olga", is_staff=True))
    start = latest()

    officer.post(f"/people/{rita.pk}/second-factors/", {"is_certain": "on"})

    assert sorted((kind, name, by) for kind, name, by, _, _ in told(start)) == [
        (Kind.FACTOR_REMOVED, "rita", "olga"),
        (Kind.FACTOR_REMOVED, "rita", "olga"),
        (Kind.SESSIONS_ENDED, "rita", "olga"),
    ]


def test_whatever_gives_rights_or_cannot_be_undone_is_asked_about():
    names = {
        "admin:indicators_user_changelist": "invites, unlinks, unlocks",
        "admin:indicators_user_change": "roles",
        "admin:indicators_deputy_add": "stands in",
        "admin:auth_group_change": "rights of a role",
        "admin:scorecard_scorecard_change": "who is on the panel",
        "take_off_factors": "",
        "person": "roles, stands in, invites",
        "person_leaves": "",
        "people_add": "roles",
        "people_invite": "",
        "public_settings": "",
        "publish_edition": "",
        "revise_edition": "",
        "withholding": "withhold, erase, show again",
        "take_back": "",
    }
    assert all(name.startswith(DANGEROUS) for name in names)
    # Nothing is posted there: what is read is told to the log instead.
    for name in ("security_log", "security_log_file"):
        client = Client()
        client.force_login(make_officer(f"officer-{name}"))
        assert client.post(reverse(name)).status_code == 405
