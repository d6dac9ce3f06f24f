"""Whose account a sign-in with the organisation leads to, which roles it gives, and signing in without passwords."""

import re

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.http import urlsafe_base64_encode

from indicators.models import User
from scorecard.accounts.linking import groups_told, update_roles
from scorecard.accounts.provider import Provider
from scorecard.accounts.refusals import REFUSALS
from scorecard.accounts.sign_in import link_for
from scorecard.roles import PANEL_MEMBERS, PERFORMANCE_OFFICERS
from tests.factories import make_officer, make_person
from tests.scorecard.accounts.provider import heading, served

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
RITA = {"email": "rita@example.gov.uk", "email_verified": True, "name": "Rita Reader", "preferred_username": "rita"}


@pytest.fixture(scope="module")
def running():
    with served() as provider:
        provider.know("s1", **RITA)
        yield provider


@pytest.fixture
def set_up(running, settings):
    """Set single sign-on up, with what a test is about."""

    def with_settings(**wanted):
        settings.SINGLE_SIGN_ON = Provider(running.issuer, "scorecard", "secret", **wanted)
        return running

    running.wrong.behave()
    return with_settings


def claims(**changed):
    return lambda found: found.update(changed)


def roles(person):
    return set(person.groups.values_list("name", flat=True))


def why(response):
    titles = {words.title: reason for reason, words in REFUSALS.items()}
    assert response.status_code >= 400
    assert "_auth_user_id" not in response.client.session
    return titles[heading(response)]


# Which account


@pytest.mark.parametrize(
    ("match", "told", "expected"),
    [
        ("no", {}, "address"),
        ("verified", {}, "in"),
        ("verified", {"email": "RITA@EXAMPLE.GOV.UK"}, "in"),
        ("verified", {"email_verified": False}, "unknown"),
        ("verified", {"email_verified": None}, "unknown"),
        ("verified", {"email_verified": None, "xms_edov": "1"}, "unknown"),
        ("verified", {"email_verified": "yes, really"}, "unknown"),
        ("trusted", {"email_verified": False}, "unknown"),
        ("trusted", {}, "in"),
        ("trusted", {"email": "r\u0131ta@example.gov.uk"}, "unknown"),
        ("trusted", {"email": "not an address"}, "unknown"),
        ("trusted", {"email": ["rita@example.gov.uk"]}, "unknown"),
        ("trusted", {"email": "x\x00@example.gov.uk"}, "unknown"),
    ],
)
def test_address_leads_to_an_account_only_as_far_as_the_provider_vouches_for_it(set_up, client, match, told, expected):
    make_person("rita", email="rita@example.gov.uk")
    there = set_up(match_email=match)
    there.wrong.claims = claims(**told)

    answer = there.sign_in(client)

    assert ("in" if answer.status_code == 302 else why(answer)) == expected
    assert SocialAccount.objects.exists() == (expected == "in")


def test_entra_says_in_its_own_way_that_an_address_is_verified(set_up, client):
    make_person("rita", email="rita@example.gov.uk")
    there = set_up(match_email="verified")
    there.wrong.claims = lambda found: {k: v for k, v in found.items() if k != "email_verified"} | {"xms_edov": True}

    assert there.sign_in(client).wsgi_request.user.get_username() == "rita"


def test_user_name_leads_to_nobody(set_up, client):
    rita = make_person("rita", is_superuser=True)
    there = set_up(new_accounts="everybody", match_email="trusted")

    person = there.sign_in(client).wsgi_request.user

    assert person != rita
    assert (person.username, person.name, person.email) == ("rita-2", "Rita Reader", "rita@example.gov.uk")
    assert (person.is_staff, person.is_superuser, person.has_usable_password()) == (False, False, False)
    assert person.history.last().history_change_reason == "Made at the first sign-in with your council account"


def test_other_subject_with_the_address_of_somebody_linked_gets_nothing(set_up, client):
    there = set_up(match_email="trusted", new_accounts="everybody")
    rita = there.sign_in(Client()).wsgi_request.user
    there.know("s9", **RITA)

    assert why(there.sign_in(client, "s9")) == "another"
    assert list(SocialAccount.objects.values_list("user", "uid")) == [(rita.pk, "s1")]


def test_another_provider_with_the_same_subject_is_another_person(set_up, client, settings):
    rita = make_person("rita")
    SocialAccount.objects.create(user=rita, provider="https://former.example", uid="s1")

    assert why(set_up().sign_in(client)) == "unknown"


def test_closed_account_stays_closed(set_up, client):
    rita = make_person("rita", email="rita@example.gov.uk", is_active=False)
    there = set_up(match_email="trusted", panel_groups=frozenset({"panel"}))
    there.wrong.claims = claims(groups=["panel"])

    assert why(there.sign_in(client)) == "closed"
    SocialAccount.objects.create(user=rita, provider=there.issuer, uid="s1")
    assert why(there.sign_in(client)) == "closed"
    assert roles(rita) == set()


def test_address_of_several_is_nobodys(set_up, client):
    for name in ("rita", "rita.two"):
        make_person(name, email="rita@example.gov.uk")

    assert why(set_up(match_email="trusted").sign_in(client)) == "several"


@pytest.mark.parametrize(
    ("wanted", "groups", "is_made"),
    [("nobody", ["panel"], False), ("groups", ["panel"], True), ("groups", ["x"], False), ("everybody", [], True)],
)
def test_account_is_made_for_whom_the_operator_says(set_up, client, wanted, groups, is_made):
    there = set_up(new_accounts=wanted, panel_groups=frozenset({"panel"}))
    there.wrong.claims = claims(groups=groups)

    there.sign_in(client)

    assert User.objects.count() == is_made


@pytest.mark.parametrize(
    ("told", "username", "name"),
    [
        ({"preferred_username": "Zoë O’Hara @ council"}, "Zoë.O'Hara.@.council", "Rita Reader"),
        ({"preferred_username": 7, "email": None, "name": ["x"]}, "person", ""),
        ({"preferred_username": "\x00", "name": "N\x00ame \u202e" + "x" * 300, "email": None}, "person", None),
    ],
)
def test_odd_names_make_accounts_all_the_same(set_up, client, told, username, name):
    there = set_up(new_accounts="everybody")
    there.wrong.claims = claims(**told)

    person = there.sign_in(client).wsgi_request.user

    assert person.username == username
    assert name is None or person.name == name
    assert len(person.name) <= 150


# Linking on purpose


def test_who_is_signed_in_links_their_account(set_up, client):
    there = set_up()
    rita = make_person("rita")
    client.force_login(rita)
    assert "Link with your council account" in client.get("/password-change/").text

    answer = there.sign_in(client, purpose="link", next="/password-change/")

    assert (answer.url, answer.wsgi_request.user) == ("/password-change/", rita)
    assert "Your account is linked with your council account." in client.get("/password-change/").text
    ben = Client()
    ben.force_login(make_person("ben"))
    assert heading(there.sign_in(ben, purpose="link")) == REFUSALS["taken"].title


def test_who_was_invited_links_their_account_instead_of_choosing_a_password(set_up, client, settings):
    there = set_up()
    settings.LOCAL_SIGN_IN = False
    rita = make_person("rita")
    token = default_token_generator.make_token(rita)
    page = client.get(f"/password-reset/{urlsafe_base64_encode(str(rita.pk).encode())}/{token}/", follow=True)
    assert 'name="new_password1"' not in page.text
    ticket = re.search(r'name="purpose" value="([^"]+)"', page.text)[1]

    assert why(there.sign_in(Client(), purpose=f"{ticket}x")) == "unknown"
    answer = there.sign_in(client, purpose=ticket)

    assert answer.wsgi_request.user == rita
    there.know("s8", name="Somebody else")
    assert why(there.sign_in(Client(), "s8", purpose=ticket)) == "unknown"


# Roles


def test_roles_are_what_the_groups_say_at_each_sign_in(set_up, client):
    make_officer("another")
    there = set_up(
        new_accounts="everybody", officer_groups=frozenset({"id-1", "id-2"}), panel_groups=frozenset({"id-3"})
    )
    there.wrong.claims = claims(groups=["id-2", "id-3", "of another site"])
    person = there.sign_in(client).wsgi_request.user
    assert (roles(person), person.is_staff) == ({PERFORMANCE_OFFICERS, PANEL_MEMBERS}, True)
    assert client.get("/editions/").status_code == 200
    history = person.history.count()

    there.sign_in(client)
    assert person.history.count() == history

    there.wrong.claims = claims(groups=["id-3"])
    person = there.sign_in(client).wsgi_request.user
    assert (roles(person), person.is_staff) == ({PANEL_MEMBERS}, False)
    said = person.history.first().history_change_reason
    assert said == "By the groups of your council account: taken away Performance officers"

    there.wrong.claims = lambda found: None
    assert roles(there.sign_in(client).wsgi_request.user) == set()


def test_roles_that_no_setting_names_are_left_alone(set_up, client):
    rita = make_officer("rita", email="rita@example.gov.uk", is_staff=True)
    there = set_up(match_email="trusted", panel_groups=frozenset({"id-3"}))
    there.wrong.claims = claims(groups=["id-3"])

    there.sign_in(client)

    assert roles(rita) == {PERFORMANCE_OFFICERS, PANEL_MEMBERS}


def test_only_officer_stays_one_and_is_told_until_somebody_else_is(set_up, client, caplog):
    rita = make_officer("rita", email="rita@example.gov.uk", is_staff=True)
    former = make_officer("former", is_active=False)
    there = set_up(match_email="trusted", officer_groups=frozenset({"id-1"}))

    there.sign_in(client)
    assert roles(rita) == {PERFORMANCE_OFFICERS}
    assert "You stay one here, because nobody else is" in client.get("/your-work/").text
    assert "stays the only one" in caplog.text

    former.is_active = True
    former.save()
    there.sign_in(client)
    assert roles(rita) == set()


UNKNOWN = [
    {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "https://graph.example"}}},
    {"hasgroups": True},
    {"hasgroups": "true"},
    {"groups": {"a": 1}},
    {"groups": [1, 2]},
    {"groups": 7},
]


@pytest.mark.parametrize("told", UNKNOWN)
def test_groups_that_are_not_told_are_not_the_same_as_none(told):
    assert groups_told(told, Provider("x", "y", "z")) is None


@pytest.mark.parametrize(
    ("told", "claim", "expected"),
    [
        ({}, "groups", set()),
        ({"groups": None}, "groups", set()),
        ({"groups": []}, "groups", set()),
        ({"groups": "one"}, "groups", {"one"}),
        ({"roles": ["a", "b"]}, "roles", {"a", "b"}),
        ({"realm_access": {"roles": ["a"]}}, "realm_access.roles", {"a"}),
        ({"realm_access": ["a"]}, "realm_access.roles", set()),
        ({"https://example/groups.all": ["a"]}, "https://example/groups.all", {"a"}),
        ({"_claim_names": {"other": "src1"}, "groups": ["a"]}, "groups", {"a"}),
    ],
)
def test_groups_are_read_as_providers_write_them(told, claim, expected):
    assert groups_told(told, Provider("x", "y", "z", groups_claim=claim)) == expected


def test_roles_stay_where_groups_are_not_told_and_the_person_reads_why(set_up, client):
    rita = make_officer("rita", email="rita@example.gov.uk", is_staff=True)
    make_officer("another")
    there = set_up(match_email="trusted", officer_groups=frozenset({"id-1"}))
    there.wrong.claims = claims(_claim_names={"groups": "src1"})

    there.sign_in(client)

    assert roles(rita) == {PERFORMANCE_OFFICERS}
    assert "did not name your groups, so your roles here are as they were" in client.get("/your-work/").text


def test_rights_given_otherwise_keep_somebody_in_the_administration():
    make_officer("another")
    rita = make_officer("rita", is_staff=True)
    rita.groups.add(Group.objects.create(name="Auditors"))

    update_roles(rita, frozenset(), Provider("x", "y", "z", officer_groups=frozenset({"id-1"})))

    assert (roles(rita), User.objects.get(pk=rita.pk).is_staff) == ({"Auditors"}, True)


# What officers see


def test_officer_sees_the_link_and_unlinks(set_up, client):
    rita = make_person("rita")
    officer = make_officer("officer", is_staff=True)
    chief = make_person("chief", is_superuser=True)
    client.force_login(officer)
    page = f"/admin/indicators/user/{rita.pk}/change/"
    assert "ingle sign-on" not in client.get(page).text

    there = set_up()
    assert "Not linked" in client.get(page).text
    for person in (rita, chief):
        SocialAccount.objects.create(user=person, provider=there.issuer, uid=f"uid of {person}")
    assert "Linked on " in client.get(page).text
    assert "uid of" not in client.get(page).text
    chosen = {"action": "unlink", "_selected_action": [rita.pk, chief.pk]}
    told = client.post("/admin/indicators/user/", chosen, follow=True).text

    assert "You may not change 1 of them." in told
    assert [link.user for link in SocialAccount.objects.all()] == [chief]
    latest = rita.history.first()
    assert (latest.history_change_reason, latest.history_user) == ("Unlinked from single sign-on", officer)


# Without passwords


def test_no_password_lets_anybody_in_where_local_sign_in_is_off(set_up, client, settings):
    rita = make_person("rita", is_staff=True, email="rita@example.gov.uk")
    set_up()
    settings.LOCAL_SIGN_IN = False
    page = client.get("/sign-in/?next=/your-work/").text
    assert 'type="password"' not in page
    assert 'name="next" value="/your-work/"' in page

    right = {"username": "rita", "password": "right"}
    assert client.post("/sign-in/", right).status_code == 403
    assert client.post("/admin/login/", right, follow=True).status_code != 403
    assert not client.login(**right)
    for address in ("/password-reset/", "/password-reset/sent/", "/password-reset/done/"):
        assert heading(client.get(address)) == "You have no password here"
    client.post("/password-reset/", {"email": rita.email})
    assert "_auth_user_id" not in client.session

    client.force_login(rita)
    assert client.post("/password-change/", {"old_password": "right"}).status_code == 403
    rita.refresh_from_db()
    assert rita.check_password("right")


def test_person_without_a_password_is_asked_for_none(set_up, client):
    there = set_up(new_accounts="everybody")
    there.sign_in(client)

    page = client.get("/password-change/")

    assert (page.status_code, heading(page)) == (200, "You have no password here")
    assert "Sign in with your council account" in page.text


def test_link_of_the_command_line_signs_in_once_whatever_is_off(set_up, client, settings, capsys, monkeypatch):
    make_person("rita")
    settings.LOCAL_SIGN_IN = False
    call_command("sign_in_link", "RITA")
    address = capsys.readouterr().out.strip().removeprefix("https://scorecard.example.gov.uk")

    assert "signs you in as rita" in client.get(address).text
    assert "_auth_user_id" not in client.session
    assert client.post(address).url == "/start/"
    assert client.session["_auth_user_id"]

    another = Client()
    for link in (address, f"{address[:-2]}x/", "/sign-in/link/none/"):
        assert heading(another.post(link)) == "This link does not work"
    settings.SIGN_IN_LINK_SECONDS = -1
    assert heading(another.post(link_for(User.objects.get()))) == "This link does not work"
    with pytest.raises(CommandError, match="Nobody active"):
        call_command("sign_in_link", "nobody")
