"""Officers look after people through Django's client: listing, adding, inviting, roles, deputies, leaving."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commentary.models import AreaOfFocus
from indicators.leaving import duties_of
from indicators.mailing import sender
from indicators.models import Deputy, Indicator, SecurityEvent, User
from scorecard.roles import PANEL_MEMBERS, PERFORMANCE_OFFICERS
from tests.factories import make_indicator, make_officer, make_person, make_question, make_scorecard, make_user

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def officer(client):
    client.force_login(make_officer())
    return client


def words(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def hidden(response):
    """The hidden fields of a page's forms."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', response.content.decode()))


# The list


def test_list_says_what_each_does_and_how_far_they_have_come(officer):
    lead, kim = make_user("lead", name="Lee Lead", password="!"), make_user("kim", name="Kim")
    make_indicator("A1", reporter=lead, owner=kim)
    make_indicator("A2", reporter=lead)
    Deputy.objects.create(person=lead, deputy=kim, starts_on=TODAY, ends_on=TODAY)
    Authenticator.objects.create(user=kim, type="totp", data={})
    officer.post("/people/invite/", {"person": kim.pk})

    rows = re.findall(r"<tr>.*?</tr>", officer.get("/people/").content.decode(), re.DOTALL)
    [of_lead], [of_kim] = (
        [" ".join(re.sub("<[^>]+>", " ", row).split()) for row in rows if f"Tick {name}" in row]
        for name in ("Lee Lead", "Kim")
    )

    assert "Reporter 2 0 ! Not invited yet None Kim until" in of_lead
    assert re.search(r"Owner 0 1 Invited on \d+ \w+ \d{4} Yes –", of_kim)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["Lee Lead", "Priya Officer", "Cllr One"]),
        ({"q": "LEE"}, ["Lee Lead"]),
        ({"q": "%"}, []),
        ({"role": "panel"}, ["Cllr One"]),
        ({"role": "reporter"}, ["Lee Lead"]),
        ({"role": "officer"}, ["Priya Officer"]),
        ({"state": "left"}, ["Gone"]),
        ({"state": "all", "page": "99"}, ["Lee Lead", "Priya Officer", "Cllr One", "Gone"]),
        ({"role": "nonsense", "page": "x"}, ["Lee Lead", "Priya Officer", "Cllr One"]),
    ],
    ids=str,
)
def test_people_are_found(officer, asked, found):
    make_indicator("A1", reporter=make_user("lead", name="Lee Lead"))
    make_user("cllr", name="Cllr One").groups.add(Group.objects.get(name=PANEL_MEMBERS))
    make_user("gone", name="Gone", is_active=False)

    page = officer.get("/people/", asked).content.decode()

    assert set(re.findall(r'Tick ([^"]+)"', page)) == set(found)


def test_number_of_queries_does_not_grow_with_the_people(officer):
    def queries():
        with CaptureQueriesContext(connection) as counted:
            assert officer.get("/people/").status_code == 200
        return len(counted)

    people = [make_user(f"u{number}") for number in range(42)]
    Deputy.objects.create(person=people[0], deputy=people[1], starts_on=TODAY)
    few = queries()
    for number, one in enumerate(people):
        make_indicator(f"N{number}", reporter=one, owner=people[-1])
        Deputy.objects.create(person=one, deputy=people[number - 1], starts_on=TODAY - timedelta(days=3))

    assert queries() == few


# Adding and inviting


def test_person_is_added_and_invited_without_typing_a_user_name(
    officer, mailoutbox, django_capture_on_commit_callbacks
):
    make_user("jo.bloggs")
    panel = Group.objects.get(name=PANEL_MEMBERS).pk
    typed = {"which": "one", "name": "Jo Bloggs", "email": "Jo.Bloggs@example.org", "roles": [panel], "invites": "on"}

    with django_capture_on_commit_callbacks(execute=True):
        page = officer.post("/people/add/", typed)
    sender.submit(bool).result()

    person = User.objects.get(name="Jo Bloggs")
    assert (person.username, person.has_usable_password(), person.is_staff) == ("jo.bloggs-2", False, False)
    assert list(person.groups.values_list("name", flat=True)) == [PANEL_MEMBERS]
    assert person.history.get().history_user.username == "officer"
    assert "added with the user name jo.bloggs-2" in words(page)
    assert [message.to for message in mailoutbox] == [["Jo.Bloggs@example.org"]]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Write a name, an e-mail address, or both."),
        ({"email": "nonsense"}, "Enter a valid email address."),
        ({"email": "OFFICER@example.gov.uk"}, "Somebody has this address already."),
        ({"name": "Jo", "username": "a b"}, "Use only letters"),
        ({"name": "Jo", "username": "Officer"}, "Somebody has this user name already"),
        ({"name": "Jo", "roles": "99"}, "not on the list"),
        ({"name": "x" * 151}, "at most 150"),
    ],
)
def test_person_who_makes_no_account_is_refused_beside_the_field(officer, typed, message):
    page = officer.post("/people/add/", {"which": "one"} | typed)

    assert page.status_code == 422
    assert message in words(page)
    assert User.objects.count() == 1


def test_officer_makes_no_officers_and_a_superuser_does(officer, admin_client):
    officers = Group.objects.get(name=PERFORMANCE_OFFICERS).pk

    assert officer.post("/people/add/", {"which": "one", "name": "Jo", "roles": [officers]}).status_code == 422
    assert admin_client.post("/people/add/", {"which": "one", "name": "Jo", "roles": [officers]}).status_code == 200
    made = User.objects.get(name="Jo")
    assert (made.groups.get().name, made.is_staff, made.is_superuser) == (PERFORMANCE_OFFICERS, True, False)


def test_pasted_people_are_added_and_those_that_are_wrong_come_back(officer):
    wrong = ["Wrong@@x", "Ol, officer@example.gov.uk", "Oz, oz@x.uk, officer"]
    pasted = "\n".join(["Ann One\tann@example.org\tpanel member", "Ben Two; ben@example.org", *wrong])

    page = officer.post("/people/add/", {"which": "many", "people": pasted})

    assert page.status_code == 422
    assert set(User.objects.values_list("username", flat=True)) == {"officer", "ann", "ben"}
    left = re.search(r"<textarea[^>]*>(.*?)</textarea>", page.content.decode(), re.DOTALL)[1]
    assert left.split("\n")[-3:] == wrong
    for told in ("no e-mail address", "Somebody has this address already", "a superuser, makes officers"):
        assert told in words(page)


def test_more_people_than_a_page_takes_are_refused_and_none_is_added(officer):
    page = officer.post("/people/add/", {"which": "many", "people": "\n".join(f"P {n}" for n in range(201))})

    assert page.status_code == 422
    assert "paste at most 200 at once" in words(page)
    assert User.objects.count() == 1


def test_all_who_are_not_invited_are_with_a_result_for_each(officer):
    make_user("mailed", name="Mailed", email="m@example.org", password="!")
    make_user("mute", name="Mute", email="", password="!")
    make_user("gone", name="Gone", email="g@example.org", password="!", is_active=False)
    make_person("settled", name="Settled")

    page = words(officer.post("/people/invite/", {"which": "all"}))

    assert "Mailed : Invited by e-mail to m@example.org." in page
    assert re.search(r"Mute : No e-mail reaches them: hand over this link. https://\S+/invitation/", page)
    assert "Gone" not in page
    assert "Settled" not in page
    again = words(officer.post("/people/invite/", {"person": User.objects.get(username="mailed").pk}))
    assert "was invited a moment ago" in again
    assert "Nobody was invited" in words(officer.post("/people/invite/", {"person": ["x", "-1"]}, follow=True))


def test_officer_does_not_touch_who_may_do_more(officer, admin_user):
    page = officer.get(f"/people/{admin_user.pk}/")
    assert "you can’t change their account" in words(page)
    for address, typed in {
        f"/people/{admin_user.pk}/": {"action": "save", "email": "mine@example.org", "username": "admin"},
        f"/people/{admin_user.pk}/leave/": {},
    }.items():
        assert officer.post(address, typed).status_code == 403
    assert "You may not change this account" in words(officer.post("/people/invite/", {"person": admin_user.pk}))
    admin_user.refresh_from_db()
    assert admin_user.email != "mine@example.org"


# One person


def test_details_of_two_officers_are_merged_or_asked_about(officer):
    person = make_user("lead", name="Lee", email="l@example.org")
    fields = {"action": "save", "name": "Lee", "email": "l@example.org", "username": "lead", "job_title": ""}
    fields["saw"] = hidden(officer.get(f"/people/{person.pk}/"))["saw"]
    person.name = "Lee Lead"
    person.save()

    assert officer.post(f"/people/{person.pk}/", fields | {"job_title": "Lead"}).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.job_title) == ("Lee Lead", "Lead")
    asked = officer.post(f"/people/{person.pk}/", fields | {"name": "Leigh"})
    assert asked.status_code == 422
    assert "Which version should be kept?" in words(asked)


def test_panel_members_are_made_by_officers_and_the_log_says_so(officer):
    person, panel = make_user("cllr"), Group.objects.get(name=PANEL_MEMBERS)

    officer.post(f"/people/{person.pk}/", {"action": "roles", "shown": "", "groups": [panel.pk]})
    assert list(person.groups.all()) == [panel]
    assert SecurityEvent.objects.filter(person=person, kind="roles_changed", detail="given: Panel members").exists()
    # What was not ticked when the page was shown, and is not now, stays as another made it.
    officer.post(f"/people/{person.pk}/", {"action": "roles", "shown": ""})
    assert list(person.groups.all()) == [panel]
    officer.post(f"/people/{person.pk}/", {"action": "roles", "shown": str(panel.pk)})
    assert not person.groups.exists()


def test_last_officer_stays_and_nobody_takes_their_own_role(admin_client, admin_user):
    last, officers = make_officer(is_staff=True), Group.objects.get(name=PERFORMANCE_OFFICERS)
    taken = {"action": "roles", "shown": str(officers.pk)}

    assert "only active member" in words(admin_client.post(f"/people/{last.pk}/", taken))
    assert "only active member" in words(admin_client.get(f"/people/{last.pk}/leave/"))
    assert admin_client.post(f"/people/{last.pk}/leave/").status_code == 422
    admin_user.groups.add(officers)
    assert "your own account" in words(admin_client.post(f"/people/{admin_user.pk}/", taken))
    assert admin_client.post(f"/people/{admin_user.pk}/leave/").status_code == 422
    admin_client.post(f"/people/{last.pk}/", taken)
    last.refresh_from_db()
    assert (last.groups.exists(), last.is_staff) == (False, False)


def test_deputy_stands_in_between_days_and_is_ended(officer):
    person, kim = make_user("lead"), make_user("kim", name="Kim")
    address, later = f"/people/{person.pk}/", TODAY + timedelta(days=5)

    officer.post(address, {"action": "stand_in", "deputy": kim.pk, "starts_on": TODAY, "until": later})
    officer.post(address, {"action": "stand_in", "deputy": kim.pk, "starts_on": later})
    now, then = Deputy.objects.order_by("starts_on")
    assert (now.ends_on, then.ends_on) == (later, None)
    assert words(officer.get(address)).count("End today") == 2

    officer.post(address, {"action": "end", "deputy": now.pk})
    officer.post(address, {"action": "end", "deputy": then.pk})
    assert [one.ends_on for one in Deputy.objects.all()] == [TODAY]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Choose somebody."),
        ({"deputy": "x", "starts_on": "2021-02-30"}, "Choose somebody who is on the list."),
        ({"deputy": "{kim}", "starts_on": "2021-02-02", "until": "2021-02-01"}, "can't be before the first"),
        ({"deputy": "{person}", "starts_on": "2021-02-02"}, "on the list"),
    ],
)
def test_deputy_that_makes_no_sense_is_refused(officer, typed, message):
    person, kim = make_user("lead"), make_user("kim", name="Kim")
    typed = {name: value.format(kim=kim.pk, person=person.pk) for name, value in typed.items()}

    page = officer.post(f"/people/{person.pk}/", {"action": "stand_in"} | typed)

    assert page.status_code == 422
    assert message in words(page).replace("’", "'")
    assert not Deputy.objects.exists()


@pytest.mark.parametrize("address", ["/people/999999/", "/people/99999999999999999999/", "/people/999999/leave/"])
def test_nobody_is_found_at_an_odd_address(officer, address):
    assert officer.get(address).status_code == 404
    assert officer.post(address).status_code == 404


# Leaving


@pytest.fixture
def leaver():
    """Reports A1 and A2, owns B1, stands in for Kim, is to answer a question and answers for an area of focus."""
    person, kim = make_person("leaver", name="Lee"), make_user("kim", name="Kim")
    lines = [make_indicator("A1", reporter=person), make_indicator("A2", reporter=person)]
    lines.append(make_indicator("B1", owner=person))
    Deputy.objects.create(person=kim, deputy=person, starts_on=date(2021, 1, 1))
    scorecard = make_scorecard(*lines)
    make_question(scorecard, owner=person)
    AreaOfFocus.objects.create(title="Caseloads", opened_on=date(2021, 1, 1), owner=person)
    return person


def test_leaver_hands_everything_to_one_person_and_is_signed_out(officer, leaver):
    to, theirs = make_user("new", name="New"), Client()
    theirs.post("/sign-in/", {"username": "leaver", "password": "right"})
    assert theirs.get("/your-work/").status_code == 200
    duties = duties_of(leaver)

    page = officer.post(f"/people/{leaver.pk}/leave/", {"all": to.pk}, follow=True)

    leaver.refresh_from_db()
    assert "Lee has left. What they did is handed over: reports 2 indicators: A1, A2" in words(page)
    assert (leaver.is_active, duties_of(leaver), duties_of(to)) == (False, [], duties)
    assert len(duties) == 5
    assert theirs.get("/your-work/").status_code == 302
    assert (leaver.history.latest().history_change_reason, leaver.history.latest().history_user.username) == (
        "Left",
        "officer",
    )
    kinds = set(SecurityEvent.objects.filter(person=leaver).values_list("kind", flat=True))
    assert {"roles_changed", "sessions_ended"} <= kinds


def test_leaver_hands_over_line_by_line(officer, leaver):
    one, other = make_user("one"), make_user("other")
    a1 = Indicator.objects.get(reference="A1").pk

    officer.post(f"/people/{leaver.pk}/leave/", {"all": other.pk, f"reporter-indicator-{a1}": one.pk})

    assert Indicator.objects.get(reference="A1").reporter == one
    assert Indicator.objects.get(reference="A2").reporter == other


def test_whom_they_stood_in_for_takes_over_and_standing_in_ends(officer, leaver):
    officer.post(f"/people/{leaver.pk}/leave/", {"all": User.objects.get(username="kim").pk})

    leaver.refresh_from_db()
    assert (leaver.is_active, Deputy.objects.get().ends_on) == (False, TODAY)


@pytest.mark.parametrize(
    "chosen",
    [{}, {"all": ""}, {"all": "x"}, {"all": "{leaver}"}, {"all": "{gone}"}, {"reporter-indicator-{a1}": "{to}"}],
    ids=str,
)
def test_nothing_is_left_with_nobody(officer, leaver, chosen):
    keys = {"leaver": leaver.pk, "gone": make_user("gone", is_active=False).pk, "to": make_user("to").pk}
    keys["a1"] = Indicator.objects.get(reference="A1").pk
    duties = duties_of(leaver)

    page = officer.post(
        f"/people/{leaver.pk}/leave/", {name.format(**keys): value.format(**keys) for name, value in chosen.items()}
    )

    leaver.refresh_from_db()
    assert page.status_code == 422
    assert "There is a problem" in words(page)
    assert (leaver.is_active, duties_of(leaver)) == (True, duties)


def test_line_that_was_given_to_the_leaver_meanwhile_is_asked_about(officer, leaver):
    fields = {
        f"reporter-indicator-{key}": make_user(f"to{key}").pk
        for key in Indicator.objects.filter(reporter=leaver).values_list("pk", flat=True)
    }
    make_indicator("Z9", owner=leaver)

    page = officer.post(f"/people/{leaver.pk}/leave/", fields)

    assert page.status_code == 422
    assert "would be left with nobody" in words(page)
    assert User.objects.get(pk=leaver.pk).is_active


def test_number_of_queries_of_leaving_does_not_grow_with_the_lines(officer, leaver):
    def queries():
        with CaptureQueriesContext(connection) as counted:
            assert officer.get(f"/people/{leaver.pk}/leave/").status_code == 200
        return len(counted)

    few = queries()
    for number in range(40):
        make_indicator(f"N{number}", reporter=leaver)

    assert queries() == few


def test_who_has_left_hands_over_only_what_was_left_behind(officer):
    gone, to = make_user("gone", name="Gone", is_active=False), make_user("to")
    assert officer.get(f"/people/{gone.pk}/leave/").status_code == 302
    line = make_indicator("A1", owner=gone)

    assert "Hand over what Gone left behind" in words(officer.get(f"/people/{gone.pk}/"))
    officer.post(f"/people/{gone.pk}/leave/", {"all": to.pk})

    line.refresh_from_db()
    assert (line.owner, User.objects.get(pk=gone.pk).version) == (to, gone.version)


def test_administration_leads_to_these_pages_and_lists_less(officer, admin_client):
    page = admin_client.get("/admin/").content.decode()

    for address in ("/people/", "/setup/scorecards/new/", "/editions/"):
        assert f'href="{address}"' in page
    for gone in ("deputy", "section", "line"):
        assert f"/{gone}/" not in page
    make_scorecard()
    page = admin_client.get("/admin/scorecard/scorecard/").content.decode()
    assert 'href="/scorecards/panel/edit/"' in page
    assert 'href="/scorecards/panel/new-year/"' in page
