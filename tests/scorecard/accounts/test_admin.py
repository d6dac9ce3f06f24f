"""Failed sign-ins in the administration: who may see them, and unlocking."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from scorecard.roles import PERFORMANCE_OFFICERS
from tests.factories import make_person, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/axes/accessattempt/"


@pytest.fixture
def officer_client():
    officer = make_user("officer", is_staff=True)
    officer.groups.add(Group.objects.get(name=PERFORMANCE_OFFICERS))
    client = Client()
    client.force_login(officer)
    return client


def fail(username, times, browser="Browser"):
    for _ in range(times):
        client = Client(HTTP_USER_AGENT=browser)
        client.post("/sign-in/", {"username": username, "password": "wrong"})


def rows(response):
    admin, attempts = response.context["cl"].model_admin, response.context["cl"].result_list
    return {(row.username, row.failures_since_start, admin.is_locked_out(row)) for row in attempts}


def choose(client, *attempts, action="unlock"):
    return client.post(LIST, {"action": action, "_selected_action": [attempt.pk for attempt in attempts]})


def test_officer_sees_who_is_locked_out(officer_client):
    make_person("rita")
    make_person("ben")
    fail("rita", 3, "Browser")
    fail("rita", 2, "Telephone")
    fail("ben", 4)

    assert rows(officer_client.get(LIST)) == {("rita", 3, True), ("rita", 2, True), ("ben", 4, False)}


def test_officer_does_not_see_what_no_longer_counts(officer_client):
    fail("ben", 5)
    attempt = AccessAttempt.objects.get()
    attempt.attempt_time = timezone.now() - timedelta(minutes=16)
    attempt.save()

    assert rows(officer_client.get(LIST)) == set()


def test_officer_unlocks_a_person_and_nobody_else(officer_client):
    make_person("rita")
    make_person("ben")
    fail("rita", 3, "Browser")
    fail("rita", 2, "Telephone")
    fail("ben", 5)

    choose(officer_client, AccessAttempt.objects.filter(username="rita").first())

    assert Client().post("/sign-in/", {"username": "rita", "password": "right"}).status_code == 302
    assert Client().post("/sign-in/", {"username": "ben", "password": "right"}).status_code == 429
    assert LogEntry.objects.filter(user__username="officer").count() == 2


def test_attempt_can_be_looked_at_but_not_changed(officer_client):
    fail("ben", 1)
    page = f"{LIST}{AccessAttempt.objects.get().pk}/change/"

    assert officer_client.get(page).status_code == 200
    assert officer_client.post(page, {"username": "rita"}).status_code == 403
    assert officer_client.get(f"{LIST}add/").status_code == 403


def test_staff_without_the_right_see_and_unlock_nothing():
    make_person("rita")
    fail("rita", 5)
    client = Client()
    client.force_login(make_user("staff", is_staff=True))

    assert client.get(LIST).status_code == 403
    assert choose(client, AccessAttempt.objects.get()).status_code == 403
    assert AccessAttempt.objects.exists()


@pytest.mark.parametrize("query", ["?p=x", "?o=99", "?q=%00", "?attempt_time__gte=x", f"?id={'9' * 30}"])
def test_odd_address_of_the_list_is_no_error(officer_client, query):
    assert officer_client.get(LIST + query, follow=True).status_code == 200


def test_odd_choice_unlocks_nothing(officer_client):
    fail("ben", 1)

    data = {"action": "unlock", "_selected_action": ["x", "9" * 30]}
    assert officer_client.post(LIST, data, follow=True).status_code == 200
    assert AccessAttempt.objects.exists()


def test_list_takes_as_many_queries_for_40_rows_as_for_2(officer_client):
    def queries_with(total):
        for number in range(AccessAttempt.objects.count(), total):
            AccessAttempt.objects.create(username=f"name{number}", ip_address="192.0.2.1", failures_since_start=1)
        with CaptureQueriesContext(connection) as queries:
            assert len(rows(officer_client.get(LIST))) == total
        return len(queries)

    assert queries_with(2) == queries_with(40)
