"""Officers invite people, and put them into the panel; nobody but the person sets or learns a password."""

import re

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.test import Client

from indicators.invitations import InvitationTokens, invite, link_for
from indicators.mailing import sender
from indicators.models import SecurityEvent, User
from indicators.models import SecurityEventKind as Kind
from scorecard.roles import PANEL_MEMBERS, PERFORMANCE_OFFICERS
from tests.factories import make_officer, make_person, make_user
from tests.indicators.admin_pages import address, filled_in

pytestmark = pytest.mark.django_db
NEW = "correct horse battery"
LINK = re.compile(r"https://scorecard\.example\.gov\.uk(/invitation/[^/\s]+/[^/\s<\"]+/)")


@pytest.fixture
def officer():
    return make_officer(is_staff=True)


@pytest.fixture
def admin(officer):
    client = Client()
    client.force_login(officer)
    return client


@pytest.fixture
def mailed(mailoutbox, django_capture_on_commit_callbacks):
    """Does something, and returns the mails that are sent for it."""

    def done(act):
        with django_capture_on_commit_callbacks(execute=True):
            act()
        sender.submit(bool).result()
        return mailoutbox

    return done


def choose(link, password=NEW):
    client = Client()
    page = client.get(link)
    if page.status_code != 302:
        return page
    return client.post(page.url, {"new_password1": password, "new_password2": password})


def add(client, **typed):
    return client.post(address(User, "add"), {"username": "mash.lead", "name": "Lead of MASH", **typed})


def test_new_person_gets_a_link_by_mail_and_chooses_the_password(admin, officer, mailed):
    [message] = mailed(lambda: add(admin, email="lead@example.org"))

    person = User.objects.get(username="mash.lead")
    assert message.to == ["lead@example.org"]
    assert f"{officer} has made you an account" in message.body
    assert "within 7 days" in message.body
    link = LINK.search(message.body)[1]
    assert LINK.findall(message.alternatives[0][0])[0] == link

    assert choose(link).url == "/password-reset/done/"

    assert User.objects.get(pk=person.pk).check_password(NEW)
    assert Client().post("/sign-in/", {"username": "mash.lead", "password": NEW}).status_code == 302
    assert "This link does not work" in choose(link, "another good password").content.decode()
    invited = SecurityEvent.objects.get(kind=Kind.INVITED)
    assert (invited.person, invited.by, invited.detail) == (person, officer, "by e-mail")
    assert person.history.order_by("-history_id").first().history_user == person


def test_without_mail_the_officer_gets_a_link_to_hand_over_once(admin, settings, mailoutbox):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    add(admin, email="lead@example.org")
    person = User.objects.get(username="mash.lead")
    page = f"/admin/indicators/user/{person.pk}/password/"
    assert LINK.search(admin.get(page).content.decode()) is None

    html = admin.post(page).content.decode()

    assert "Give this link to Lead of MASH alone" in html
    assert choose(LINK.search(html)[1]).url == "/password-reset/done/"
    assert SecurityEvent.objects.get(kind=Kind.INVITED).detail == "with a link to hand over"
    assert "wait a minute" in admin.post(page).content.decode().lower()


def test_link_leads_to_the_sites_address_whatever_host_is_asked(admin, settings, mailed):
    settings.ALLOWED_HOSTS = ["*"]
    typed = {"username": "ben", "email": "ben@example.org"}

    [message] = mailed(lambda: admin.post(address(User, "add"), typed, headers={"host": "evil.example"}))

    assert "evil" not in message.body + message.alternatives[0][0]
    assert LINK.search(message.body)


def test_link_ends_with_its_time_with_another_one_and_with_what_it_is_for(officer, settings, monkeypatch):
    person, tokens = make_user("ben", email="ben@example.org"), InvitationTokens()
    person.set_unusable_password()
    person.save()
    first = link_for(person).split("/")[-2]
    assert tokens.check_token(person, first)

    invite(person=person, by=officer)
    person.refresh_from_db()
    assert not tokens.check_token(person, first)

    token = tokens.make_token(person)
    others = make_user("other")
    for odd in (None, "", "x", token[:-1], token.replace(".", ":"), f"{token}.", "\x00"):
        assert odd == token.replace(".", ":") or not tokens.check_token(person, odd)
    assert not tokens.check_token(others, token)
    settings.INVITATION_DAYS = 0
    assert not tokens.check_token(person, token)
    settings.INVITATION_DAYS = 7
    assert tokens.check_token(person, token)
    person.email = "another@example.org"
    assert not tokens.check_token(person, token)


def test_who_has_left_is_not_invited_and_their_link_does_not_work(officer):
    person = make_person("ben", email="ben@example.org")
    link = link_for(person).removeprefix("https://scorecard.example.gov.uk")
    User.objects.filter(pk=person.pk).update(is_active=False)

    assert "This link does not work" in choose(link).content.decode()
    with pytest.raises(ValidationError):
        invite(person=User.objects.get(pk=person.pk), by=officer)


def test_who_signs_in_elsewhere_alone_is_given_no_password(officer):
    person = make_user("ben", email="ben@example.org")
    person.set_unusable_password()
    person.save()
    SocialAccount.objects.create(user=person, provider="council", uid="1")

    with pytest.raises(ValidationError, match="single sign-on"):
        invite(person=person, by=officer)


def test_nobody_is_flooded_with_invitations(officer, monkeypatch):
    person = make_person("ben", email="ben@example.org")
    monkeypatch.setattr("indicators.invitations.PAUSE", -1 * (invite.__globals__["PAUSE"]))
    for _ in range(10):
        invite(person=person, by=officer)

    with pytest.raises(ValidationError, match="ten times a day"):
        invite(person=person, by=officer)


# Roles


def test_officer_puts_people_into_the_panel_and_takes_them_out(admin):
    panel = Group.objects.get(name=PANEL_MEMBERS)
    add(admin, roles=[panel.pk])
    person = User.objects.get(username="mash.lead")
    assert list(person.groups.all()) == [panel]

    page = address(User, "change", person.pk)
    for chosen in ([panel.pk], [], [panel.pk]):
        assert admin.post(page, filled_in(admin, page, roles=chosen, job_title=f"{chosen}")).status_code == 302
        assert [group.pk for group in person.groups.all()] == chosen


def test_officer_gives_no_other_role_and_no_right_that_they_lack(admin, officer, admin_client):
    panel, officers = (Group.objects.get(name=name) for name in (PANEL_MEMBERS, PERFORMANCE_OFFICERS))
    right = Permission.objects.get(codename="change_group")
    greedy = {"is_superuser": "on", "is_staff": "on", "groups": [officers.pk], "user_permissions": [right.pk]}

    assert add(admin, roles=[officers.pk], **greedy).status_code == 200
    assert not User.objects.filter(username="mash.lead").exists()
    assert add(admin, roles=[panel.pk], **greedy).status_code == 302
    person = User.objects.get(username="mash.lead")
    page = address(User, "change", person.pk)
    admin.post(page, filled_in(admin, page, **greedy))
    person.refresh_from_db()
    assert (person.is_staff, person.is_superuser, person.user_permissions.count()) == (False, False, 0)
    assert list(person.groups.all()) == [panel]

    # Once the group may do more than the officer, only a superuser puts people into it.
    panel.permissions.add(right)
    assert add(admin, username="ben", roles=[panel.pk]).status_code == 200
    assert add(admin_client, username="ben", roles=[panel.pk]).status_code == 302


def test_superuser_who_saves_a_person_takes_nobody_out_of_the_panel(admin_client):
    person = make_person("ben")
    panel = Group.objects.get(name=PANEL_MEMBERS)
    person.groups.add(panel)
    page = address(User, "change", person.pk)

    assert admin_client.post(page, filled_in(admin_client, page, job_title="Lead")).status_code == 302
    assert list(person.groups.all()) == [panel]


def test_officer_invites_nobody_who_may_do_more(admin, admin_user):
    page = f"/admin/indicators/user/{admin_user.pk}/password/"
    assert [admin.get(page).status_code, admin.post(page).status_code] == [403, 403]
    for key in ("0", "x", "99999999999999999999", "%00"):
        assert admin.post(f"/admin/indicators/user/{key}/password/").status_code == 404
    assert not SecurityEvent.objects.filter(kind=Kind.INVITED).exists()
