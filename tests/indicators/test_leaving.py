"""Somebody leaves: what they did is said where it is decided, and goes to a successor or stays open on purpose."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from commentary.models import AreaOfFocus
from indicators.leaving import duties_of, hand_on
from indicators.models import Deputy, Indicator, User
from scorecard.roles import PERFORMANCE_OFFICERS
from tests.factories import make_indicator, make_officer, make_question, make_scorecard, make_user
from tests.indicators.admin_pages import address, filled_in

pytestmark = pytest.mark.django_db
YESTERDAY = timezone.localdate() - timedelta(days=1)


@pytest.fixture
def leaver():
    """Reports A1 and A2, owns B1, stands in for Kim, and is to answer a question."""
    person, kim = make_user("leaver", name="Lee O’Ver <b>", email="l@example.org"), make_user("kim", name="Kim")
    lines = [make_indicator("A1", reporter=person), make_indicator("A2", reporter=person)]
    lines.append(make_indicator("B1", owner=person, reporter=kim))
    Deputy.objects.create(person=kim, deputy=person, starts_on=date(2021, 1, 1))
    Deputy.objects.create(person=make_user("past"), deputy=person, starts_on=date(2020, 1, 1), ends_on=YESTERDAY)
    scorecard = make_scorecard(*lines)
    make_question(scorecard, owner=person)
    make_question(scorecard, "Answered long ago?", owner=person, closed_on=date(2021, 2, 1))
    return person


@pytest.fixture
def officer_client():
    client = Client()
    client.force_login(make_officer(is_staff=True))
    return client


DUTIES = [
    "reports 2 indicators: A1, A2",
    "owns 1 indicator: B1",
    "stands in for 1 person: Kim",
    "is to answer 1 question: “Why did it rise?”",
]


def send(client, person, **changes):
    page = address(User, "change", person.pk)
    typed = filled_in(client, page, **changes)
    for name in [name for name, value in changes.items() if value is None]:
        typed.pop(name, None)
    return client.post(page, typed)


def test_everything_that_only_they_do_is_known(leaver):
    assert duties_of(leaver) == DUTIES
    assert duties_of(make_user("nobody")) == []


def test_page_lists_it_and_escapes_names(officer_client, leaver):
    page = officer_client.get(address(User, "change", leaver.pk)).text
    assert "reports 2 indicators: A1, A2; owns 1 indicator: B1" in page
    assert "Lee O’Ver &lt;b&gt;" in page
    assert "Lee O’Ver <b>" not in page


def test_nobody_becomes_inactive_unasked(officer_client, leaver):
    page = send(officer_client, leaver, is_active=None)
    assert page.status_code == 200
    told = page.context["adminform"].form.errors["successor"][0]
    assert all(duty in told for duty in DUTIES)
    assert "Choose who takes over" in told
    leaver.refresh_from_db()
    assert leaver.is_active


def test_successor_takes_over_everything_with_history(officer_client, leaver):
    new = make_user("new", name="New")
    assert send(officer_client, leaver, is_active=None, successor=new.pk).status_code == 302
    leaver.refresh_from_db()
    assert (leaver.is_active, duties_of(leaver)) == (False, [])
    assert duties_of(new) == DUTIES
    entry = Indicator.objects.get(reference="A1").history.first()
    assert (entry.history_user.username, entry.history_change_reason) == (
        "officer",
        "Handed on from Lee O’Ver <b> to New",
    )
    assert AreaOfFocus.objects.get(title="Answered long ago?").owner == leaver


def test_it_can_stay_open_on_purpose(officer_client, leaver):
    assert send(officer_client, leaver, is_active=None, leaves_open="on").status_code == 302
    leaver.refresh_from_db()
    assert (leaver.is_active, duties_of(leaver)) == (False, DUTIES)
    listed = officer_client.get(address(User, "changelist")).text
    assert "Nobody takes over from Lee O’Ver" in listed


@pytest.mark.parametrize("who", ["leaver", "inactive", "999999", "x"])
def test_successor_has_to_be_somebody_else_who_can_sign_in(officer_client, leaver, who):
    make_user("inactive", is_active=False)
    found = User.objects.filter(username=who).first()
    page = send(officer_client, leaver, is_active=None, successor=found.pk if found else who)
    assert page.status_code == 200
    assert "successor" in page.context["adminform"].form.errors


def test_whoever_has_nothing_to_do_just_goes(officer_client):
    person = make_user("idle", email="i@example.org")
    assert send(officer_client, person, is_active=None).status_code == 302
    person.refresh_from_db()
    assert not person.is_active


def test_other_changes_of_somebody_who_has_left_are_not_asked_about(officer_client, leaver):
    leaver.is_active = False
    leaver.save()
    assert send(officer_client, leaver, job_title="Retired").status_code == 302


def test_whom_they_stood_in_for_does_not_stand_in_for_themselves(leaver):
    kim = User.objects.get(username="kim")
    hand_on(person=leaver, to=kim, by=make_officer())
    assert Indicator.objects.get(reference="A1").reporter == kim
    assert Deputy.objects.get(person=kim).deputy == leaver


def test_only_who_may_change_indicators_hands_on(leaver):
    with pytest.raises(PermissionDenied):
        hand_on(person=leaver, to=make_user("new"), by=make_user("kind"))


# The last officer


@pytest.mark.parametrize(("changes", "field"), [({"is_active": None}, "is_active"), ({"groups": []}, "groups")])
def test_last_officer_stays_or_goes_on_purpose(admin_client, changes, field):
    officer = make_officer()
    page = send(admin_client, officer, **changes)
    assert "only active member of “Performance officers”" in page.context["adminform"].form.errors[field][0]
    assert send(admin_client, officer, **changes, leaves_open="on").status_code == 302


def test_last_officer_may_go_once_there_is_another(admin_client):
    officer = make_officer()
    inactive = make_officer("gone", is_active=False)
    assert send(admin_client, officer, is_active=None).status_code == 200
    inactive.is_active = True
    inactive.save()
    assert send(admin_client, officer, is_active=None).status_code == 302
    assert Group.objects.get(name=PERFORMANCE_OFFICERS).user_set.filter(is_active=True).get() == inactive


# Choosing somebody who has left


def test_who_has_left_is_not_offered_and_is_asked_about(officer_client):
    gone, indicator = make_user("gone", name="Gone Person", is_active=False), make_indicator("A1")
    query = {"app_label": "indicators", "model_name": "indicator", "field_name": "owner", "term": "gone"}
    assert officer_client.get("/admin/autocomplete/", query).json()["results"] == []
    assert "Gone Person" in officer_client.get(address(User, "changelist"), {"q": "gone"}).text
    page = address(Indicator, "change", indicator.pk)
    answer = officer_client.post(page, filled_in(officer_client, page, owner=gone.pk), follow=True)
    assert "Gone Person can’t sign in any more. Is that meant?" in answer.text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"reporter": ""}, "Reporter: nobody. Is that meant?"),
        ({"owner": "{mute}"}, "Mute has no e-mail address, so no reminder gets there."),
    ],
)
def test_indicator_without_people_is_asked_about(officer_client, changes, told):
    lead, mute = make_user("lead", email="l@example.org"), make_user("mute", name="Mute")
    indicator = make_indicator("A1", reporter=lead, owner=lead)
    page = address(Indicator, "change", indicator.pk)
    typed = {name: value.format(mute=mute.pk) for name, value in changes.items()}
    answer = officer_client.post(page, filled_in(officer_client, page, **typed), follow=True)
    assert told in [str(message) for message in answer.context["messages"]]


def test_taking_an_address_away_is_told(officer_client, leaver):
    page = send(officer_client, leaver, email="")
    assert page.status_code == 302
    assert "No reminder reaches Lee O’Ver" in officer_client.get(address(User, "changelist")).text
