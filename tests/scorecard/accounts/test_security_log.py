"""What the security log is told, that it is told nothing secret, that nobody changes it, and who reads it."""

import csv
import io
import json
import logging
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.actions import change_people, set_own_password
from indicators.leaving import hand_on
from indicators.models import Deputy, Indicator, Population, SecurityEvent, User
from indicators.models import SecurityEventKind as Kind
from indicators.security_log import record
from indicators.triggers import LOG_IS_KEPT, LOG_NEVER_CHANGED
from scorecard.roles import PANEL_MEMBERS
from tests.factories import JANUARY, make_edition, make_indicator, make_officer, make_person, make_scorecard, make_value
from tests.indicators.admin_pages import address, filled_in
from tests.indicators.test_resources_export import CSV, export

pytestmark = pytest.mark.django_db
HERE = "192.0.2.7"


@pytest.fixture
def officer():
    return make_officer(name="Olive Officer", is_staff=True)


def signed_in(person):
    client = Client(REMOTE_ADDR=HERE)
    client.force_login(person)
    return client


def told(after=0):
    """The kinds, people and details of the events since a key, the earliest first."""
    return [
        (event.kind, event.person and event.person.username, event.by and event.by.username, event.about, event.detail)
        for event in SecurityEvent.objects.filter(pk__gt=after).order_by("pk")
    ]


def latest():
    return max(SecurityEvent.objects.values_list("pk", flat=True), default=0)


# Nobody changes it


def test_row_is_never_changed_nor_deleted_before_its_time(officer):
    event = record(Kind.SIGNED_IN, person=officer)
    rows = SecurityEvent.objects.filter(pk=event.pk)

    with pytest.raises(IntegrityError, match=LOG_NEVER_CHANGED), transaction.atomic():
        rows.update(detail="nothing")
    with pytest.raises(IntegrityError, match=LOG_NEVER_CHANGED), transaction.atomic():
        rows.update(kept_until=date(2020, 1, 1))
    with pytest.raises(IntegrityError, match=LOG_IS_KEPT), transaction.atomic():
        rows.delete()
    assert rows.exists()


def test_only_what_was_kept_for_its_time_is_tidied_away(officer, settings, capsys):
    today = timezone.now().date()
    for days in (-2, 0, 1):
        SecurityEvent.objects.create(kind="signed_in", kept_until=today + timedelta(days=days), detail=str(days))
    settings.SECURITY_LOG_DAYS = 30
    kept = record(Kind.SIGNED_IN, person=officer)

    call_command("clear_security_log")

    assert "1 row of" in capsys.readouterr().out
    assert {event.detail for event in SecurityEvent.objects.exclude(pk=kept.pk)} >= {"0", "1"}
    assert not SecurityEvent.objects.filter(detail="-2").exists()
    assert kept.kept_until - timezone.localdate() == timedelta(days=30)


def test_nothing_in_the_administration_reaches_it(admin_client):
    for page in ("", "add/", "1/change/", "1/delete/"):
        assert admin_client.get(f"/admin/indicators/securityevent/{page}").status_code == 404
    assert not Permission.objects.filter(content_type__model="securityevent").exists()


# What is told


def test_signing_in_failing_and_signing_out_is_told():
    rita = make_person("rita")
    client, start = Client(REMOTE_ADDR=HERE), latest()
    for password in ("wrong", "right"):
        client.post("/sign-in/", {"username": "RITA", "password": password})
    client.post("/sign-out/")

    assert told(start) == [
        (Kind.SIGN_IN_FAILED, "rita", None, "", ""),
        (Kind.SIGNED_IN, "rita", "rita", "", ""),
        (Kind.SIGNED_OUT, "rita", "rita", "", ""),
    ]
    assert set(SecurityEvent.objects.filter(pk__gt=start).values_list("address", flat=True)) == {HERE}
    assert rita.pk == SecurityEvent.objects.filter(pk__gt=start).first().person_id


def test_lock_out_is_told_once_and_a_password_typed_as_a_name_never(caplog):
    start = latest()
    for _ in range(8):
        Client().post("/sign-in/", {"username": "My-Secret-Passphrase", "password": "wrong"})

    events = SecurityEvent.objects.filter(pk__gt=start)
    assert sorted(event.kind for event in events) == [Kind.LOCKED_OUT, *[Kind.SIGN_IN_FAILED] * 5]
    assert len(set(events.values_list("fingerprint", flat=True))) == 1
    assert "passphrase" not in (str(list(events.values())) + caplog.text).lower()


def test_roles_are_told_whoever_gives_them(officer):
    ben, group = make_person("ben", email=""), Group.objects.get(name=PANEL_MEMBERS)
    start = latest()
    ben.groups.add(group)
    group.user_set.remove(ben)
    ben.groups.set([group])
    ben.groups.clear()
    right = Permission.objects.get(codename="view_user")
    ben.user_permissions.add(right)
    group.permissions.add(right)
    ben.is_superuser, ben.email = True, "ben@example.org"
    ben.save()
    ben.is_active = False
    ben.save()
    stands_in = Deputy.objects.create(person=officer, deputy=ben, starts_on=JANUARY)
    stands_in.delete()
    indicator = make_indicator("A1")
    officer.user_permissions.add(Permission.objects.get(codename="change_indicator"))
    change_people(seen={indicator.pk: 1}, owner=ben, reporter=None, by=officer, reason="New")

    found = [row for row in told(start) if row[1] != "officer"]
    given, taken = "given: Panel members", "taken away: Panel members"
    assert [row[4] for row in found if row[1]] == [
        *(given, taken, given, taken),
        f"given: {right}",
        "given: superuser",
        "e-mail address",
        "taken away: can sign in",
        f"stands in for person {officer.pk}: from 2021-01-01 until further notice",
        f"stands in for person {officer.pk}: no longer",
        "owner of A1",
    ]
    assert found[5] == (Kind.ROLES_CHANGED, None, None, "group: Panel members", f"given: {right}")


def test_owners_and_reporters_are_told_of_from_the_form_and_when_somebody_leaves(admin_client, admin_user):
    ben, ann = make_person("ben", email=""), make_person("ann", email="")
    indicator = make_indicator("A1", owner=ben)
    page, start = address(Indicator, "change", indicator.pk), latest()

    assert admin_client.post(page, filled_in(admin_client, page, owner=ann.pk)).status_code == 302
    hand_on(person=ann, to=ben, by=admin_user)

    assert [(kind, who, by, detail) for kind, who, by, _, detail in told(start)] == [
        (Kind.ROLES_CHANGED, "ben", "admin", "no longer owner of A1"),
        (Kind.ROLES_CHANGED, "ann", "admin", "now owner of A1"),
        (Kind.ROLES_CHANGED, "ann", "admin", "handed on: owns 1 indicator: A1"),
        (Kind.ROLES_CHANGED, "ben", "admin", "takes over: owns 1 indicator: A1"),
    ]


def test_passwords_are_told_without_being_told():
    rita, start = make_person("rita"), latest()
    set_own_password(person=rita, password="correct horse battery", reason="Forgotten")
    User.objects.get(pk=rita.pk).check_password("correct horse battery")

    assert told(start) == [(Kind.PASSWORD_CHANGED, "rita", "rita", "", "")]


def test_refusals_drafts_and_downloads_of_what_is_not_published_are_told(officer):
    indicator = make_indicator("A1")
    make_value(indicator, JANUARY, 5)
    make_edition(make_scorecard(indicator), JANUARY)
    stranger = signed_in(make_person("stranger"))
    client, start = signed_in(officer), latest()

    stranger.get("/editions/")
    stranger.get("/collection/panel/2021-01/hand-over/stranger/")
    client.get("/scorecards/panel/2021-01/")
    client.get("/scorecards/panel/2021-01/report.csv")
    export(client, Population, CSV)
    client.get("/accessibility/")

    assert [(kind, by, about) for kind, _, by, about, _ in told(start)] == [
        (Kind.REFUSED, "stranger", "GET /editions/"),
        # Without the name of a person; a token is left out in the same way.
        (Kind.REFUSED, "stranger", "GET /collection/panel/2021-01/hand-over/…/"),
        (Kind.DRAFT_READ, "officer", "GET /scorecards/panel/2021-01/"),
        (Kind.DOWNLOADED, "officer", "GET /scorecards/panel/2021-01/report.csv"),
        (Kind.DOWNLOADED, "officer", "POST /admin/indicators/population/export/"),
    ]


def test_event_is_written_with_what_it_tells_of_or_not_at_all(officer):
    start = latest()
    with transaction.atomic():
        officer.is_superuser = True
        officer.save()
        assert told(start)
        transaction.set_rollback(True)

    assert told(start) == []


def test_collectors_of_logs_get_a_line_of_json(officer, django_capture_on_commit_callbacks):
    written = io.StringIO()
    formatter = logging.getLogger("scorecard.security").handlers[0].formatter
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter)
    logging.getLogger("scorecard.security").addHandler(handler)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            record(Kind.ROLES_CHANGED, person=officer, detail="given:\nadmin\r\n{}")
    finally:
        logging.getLogger("scorecard.security").removeHandler(handler)

    line = json.loads(written.getvalue())
    assert (line["event"], line["person"], line["person_name"]) == ("roles_changed", officer.pk, "officer")
    assert (line["message"], line["detail"]) == ("Roles changed", "given: admin {}")
    assert written.getvalue().count("\n") == 1


# Reading it


def test_officer_finds_events_by_who_what_when_and_where(officer):
    ben = make_person("ben", name="Ben O’Brien")
    client = signed_in(officer)
    record(Kind.FACTOR_ADDED, person=ben, by=ben, detail="totp")
    record(Kind.FACTOR_REMOVED, person=ben, by=officer)

    def shown(query):
        response = client.get("/security-log/" + query)
        assert response.status_code == 200
        return [event.kind for event in response.context["page"]]

    assert shown("?who=o%27brien")[:2] == [Kind.FACTOR_REMOVED, Kind.FACTOR_ADDED]
    assert shown("?who=nobody") == []
    assert shown("?who=o%27brien&what=factor_added") == [Kind.FACTOR_ADDED]
    assert shown("?what=factor_added&until=2020-01-01") == []
    assert shown(f"?what=factor_added&since={timezone.localdate()}") == [Kind.FACTOR_ADDED]
    assert shown("?what=signed_in&address=203.0.113.9") == []
    for odd in ("?what=x", "?since=x", "?until=9999-12-31", "?since=0001-01-01", "?who=%00", "?page=x", "?page=99999"):
        shown(odd)


def test_page_asks_as_much_for_many_events_as_for_few(officer):
    client = signed_in(officer)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get("/security-log/")
        return len(captured)

    few = queries()
    for number in range(60):
        record(Kind.SIGNED_IN, person=make_person(f"person{number}"))
    assert queries() == few


def test_person_who_is_gone_is_still_told_from_others(officer):
    record(Kind.SIGNED_IN, person=User(pk=987654, username="gone"))

    assert "person 987654, who is no longer here" in signed_in(officer).get("/security-log/").content.decode()


def test_file_runs_nothing_in_a_spreadsheet_and_is_told_itself(officer):
    record(Kind.REFUSED, person=officer, about="=HYPERLINK(1)", detail="+1")
    client = signed_in(officer)

    text = client.get("/security-log/events.csv?what=refused").getvalue().decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(text)))
    assert [len(row) for row in rows] == [8, 8]
    assert rows[1][5:7] == ["'=HYPERLINK(1)", "'+1"]
    assert told()[-1][0] == Kind.DOWNLOADED
