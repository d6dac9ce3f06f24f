"""Somebody is forgotten: nothing names them any more but what is listed, and the history still tells people apart."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.utils import timezone

from commentary.models import AreaOfFocus, Commentary
from indicators.leaving import hand_on
from indicators.models import Deputy, Indicator, PendingUpload, SecurityEvent, User
from indicators.models import SecurityEventKind as Kind
from indicators.security_log import record
from indicators.triggers import STAYS_FORGOTTEN
from scorecard.accounts.forgetting import NOT_SEARCHED, searched_columns
from scorecard.models import Edition, PeopleNamed, PublishedDocument, Reminder, Visit
from scorecard.roles import PANEL_MEMBERS, PERFORMANCE_OFFICERS
from tests.factories import JANUARY, make_indicator, make_officer, make_question, make_scorecard, make_user, publish

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
EARLIER, NAME, MAIL = "Quilla Zarn", "Quilla O’Zorbax", "quilla.zorbax@example.gov.uk"
MARKS = ("zorbax", "zarn", "quilla")


@pytest.fixture
def officer():
    return make_officer(is_superuser=True, is_staff=True)


@pytest.fixture
def person(officer):
    """Somebody of whom everything is kept that can be, and who has handed over what they did."""
    person = make_user("qzorbax", name=EARLIER, email="quilla.zarn@example.gov.uk", job_title="Zorbax of Data")
    person.name, person.email = NAME, MAIL
    person.set_password("a long password of hers")
    person.save()
    person.groups.add(Group.objects.get(name=PANEL_MEMBERS))
    line = make_indicator("A1", reporter=person, owner=officer)
    scorecard = make_scorecard(line, people_named=PeopleNamed.EVERYBODY)
    publish(scorecard, JANUARY)
    Commentary.objects.create(indicator=line, month=JANUARY, text="It rose, as Quilla O'Zorbax found.")
    make_question(scorecard, owner=person, closed_on=date(2021, 2, 1), asked_by=person)
    Deputy.objects.create(person=officer, deputy=person, starts_on=date(2020, 1, 1), ends_on=date(2020, 2, 1))
    edition = Edition.objects.get()
    Reminder.objects.create(
        edition=edition, person=person, lines_of=person, kind="asked", occasion="1", lines=1, address=MAIL, sent_at=NOW
    )
    Visit.objects.create(edition=edition, person=person, latest_at=NOW)
    PendingUpload.objects.keep(person=person, model="x", file_name="zorbax.xlsx", content=b"zorbax", digest="x")
    EmailAddress.objects.create(user=person, email=MAIL)
    SocialAccount.objects.create(user=person, provider="oidc", uid="zorbax", extra_data={"name": NAME})
    Authenticator.objects.create(user=person, type="totp", data={"secret": "zorbax"})
    Client().force_login(person)
    for attempts in (AccessAttempt, AccessFailureLog, AccessLog):
        more = {"failures_since_start": 1} if attempts is AccessAttempt else {}
        attempts.objects.create(username="QZorbax", ip_address="192.0.2.7", **more)
    LogEntry.objects.create(
        user=officer, content_type=ContentType.objects.get_for_model(User), object_id=str(person.pk),
        object_repr=NAME, action_flag=CHANGE, change_message='[{"added": {"object": "Quilla O\\u2019Zorbax"}}]',
    )  # fmt: skip
    record(Kind.SIGNED_IN, person=person, by=person)
    hand_on(person=person, to=officer, by=officer)
    return person


def forget(person, *options, by="officer"):
    out = StringIO()
    call_command("forget", person, *(["--by", by] if by else []), *options, stdout=out)
    return out.getvalue()


def naming():
    """Every table that has one of the marks, in any column."""
    found = set()
    for model in apps.get_models():
        for row in model._base_manager.values():
            if any(mark in str(value).casefold() for value in row.values() for mark in MARKS):
                found.add(model.__name__)
    return found


def test_nothing_names_them_but_what_is_listed(person, officer):
    before = naming()
    versions = person.history.count()
    log = list(SecurityEvent.objects.order_by("pk").values())
    told = forget("QZORBAX", "--dry-run")
    assert "What would be taken out" in told
    assert naming() == before
    assert list(SecurityEvent.objects.order_by("pk").values()) == log

    told = forget("QZORBAX")
    assert naming() == {"PublishedDocument", "Commentary", "HistoricalCommentary"}
    assert "January 2021, for the panel, prints “Quilla O’Zorbax”. Take it back" in told
    assert "Commentary, in words of people: A1, January 2021" in told
    person.refresh_from_db()
    assert (person.name, person.username) == (f"Former user {person.pk}", f"former-user-{person.pk}")
    assert (person.is_active, person.has_usable_password(), person.last_login) == (False, False, None)
    assert not person.groups.exists()

    # Who did what is known as before, under the pseudonym.
    assert person.history.count() == versions + 1
    latest = person.history.first()
    assert (latest.history_user, latest.history_change_reason) == (officer, "Forgotten at their own request")
    assert Indicator.history.filter(reporter_id=person.pk).exists()
    handed_on = Indicator.history.first().history_change_reason
    assert handed_on == f"Handed on from Former user {person.pk} to Priya Officer"
    assert AreaOfFocus.objects.get().asked_by == person
    assert Deputy.objects.filter(deputy=person).exists()
    kept = list(SecurityEvent.objects.order_by("pk").values())
    assert kept[: len(log)] == log
    event = SecurityEvent.objects.get(kind=Kind.FORGOTTEN)
    assert (event.person, event.by, event.whom) == (person, officer, f"Former user {person.pk}")

    # A second run finds nothing.
    again = forget(person.username)
    assert "Taken out; the history has" in again
    assert "  nothing\nWhat is left for you:\n  nothing" in again
    assert person.history.count() == versions + 1


def test_account_stays_closed_whoever_changes_it(person):
    forget(MAIL)
    for change in ({"is_active": True}, {"email": MAIL}, {"name": NAME}, {"username": "zorbax"}, {"job_title": "x"}):
        with pytest.raises(IntegrityError, match=STAYS_FORGOTTEN), transaction.atomic():
            User.objects.filter(pk=person.pk).update(**change)
    assert User.objects.filter(pk=person.pk).update(version=9)
    sent = {"username": f"former-user-{person.pk}", "password": "a long password of hers"}
    assert Client().post("/sign-in/", sent).status_code == 200
    assert not UserSession.objects.filter(user=person).exists()
    assert [one.get_decoded() for one in Session.objects.all()] == []


def test_who_still_has_something_to_do_or_is_needed_is_refused(person, officer):
    other = make_user("other", name="Other")
    question = AreaOfFocus.objects.get()
    today = timezone.localdate()
    lasting = Deputy(person=other, deputy=person, starts_on=today - timedelta(days=1))

    def own(field):
        line = Indicator.objects.get()
        setattr(line, field, person)
        line.save()

    def ask(kind):
        rest = {"asked_by": None, "asked_in": None, "raised_by": "service"} if kind == "area" else {}
        AreaOfFocus.objects.filter(pk=question.pk).update(closed_on=None, kind=kind, **rest)

    cases = [
        (lambda: own("reporter"), "reports 1 indicator: A1. Hand it over first."),
        (lambda: own("owner"), "owns 1 indicator: A1"),
        (lasting.save, "stands in for 1 person: Other"),
        (lambda: ask("question"), "is to answer 1 question"),
        (lambda: ask("area"), "answers for 1 area of focus: “Why did it rise?”"),
        (lambda: make_user(f"former-user-{person.pk}"), f"Somebody else has the user name former-user-{person.pk}"),
        (lambda: User.objects.filter(pk=person.pk).update(is_superuser=True) and
         User.objects.filter(pk=officer.pk).update(is_superuser=False), "is the last superuser"),
    ]  # fmt: skip
    for change, message in cases:
        with transaction.atomic():
            change()
            before = naming()
            with pytest.raises(CommandError, match="Nothing was changed") as error:
                forget("qzorbax")
            assert message in str(error.value)
            assert naming() == before
            transaction.set_rollback(True)
    person.refresh_from_db()
    assert person.name == NAME


def test_last_officer_stays(person, officer):
    with pytest.raises(CommandError, match="is the last performance officer"):
        forget("officer", "--dry-run", by=None)
    with pytest.raises(CommandError, match="Nobody decides it for themselves"):
        forget("officer", "--dry-run")
    person.groups.add(Group.objects.get(name=PERFORMANCE_OFFICERS))
    assert "nothing" not in forget("qzorbax").splitlines()[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nobody", "--by", "officer"], "Nobody has the user name or address “nobody”"),
        (["shared@example.org", "--by", "officer"], "Several have"),
        (["one"], "Say who decided it with --by"),
        (["one", "--by", "two"], "“two” is nobody who may change people"),
        (["one", "--by", "gone"], "“gone” is nobody who may change people"),
    ],
)
def test_bad_arguments(officer, arguments, message):
    for name in ("one", "two"):
        make_user(name, email="shared@example.org")
    with pytest.raises(CommandError, match=message):
        call_command("forget", *arguments)


def test_name_that_others_share_or_that_is_a_word_stays_where_it_may_not_mean_them(officer):
    """And is told of; “May” is no person in “Cover from May”."""
    may, twin, other = (
        make_user("may", name="May"),
        make_user("lee1", name="Lee Wood"),
        make_user("lee2", name="Lee Wood"),
    )
    line = make_indicator("A1")
    for reason in ("Cover from May", "Asked for by Lee Wood", f"Handed on from {may} to {officer}"):
        line._change_reason = reason
        line.save()
    told = forget("may") + forget("lee1")
    reasons = set(Indicator.history.exclude(history_change_reason=None).values_list("history_change_reason", flat=True))
    assert reasons == {
        "Cover from May",
        "Asked for by Lee Wood",
        f"Handed on from Former user {may.pk} to Priya Officer",
    }
    assert told.count("Historical indicator, in words of people") == 2
    other.refresh_from_db()
    twin.refresh_from_db()
    assert (other.name, twin.name) == ("Lee Wood", f"Former user {twin.pk}")


def test_every_table_with_texts_is_searched_or_says_why_not():
    texts = models.CharField | models.TextField | models.JSONField | models.BinaryField
    searched = {model for model, _ in searched_columns()}
    labels = {one if isinstance(one, str) else one._meta.label_lower for one in NOT_SEARCHED}
    everything = {one._meta.label_lower for one in apps.get_models()}
    assert labels <= everything
    for model in apps.get_models():
        has_texts = any(isinstance(one, texts) and not one.choices for one in model._meta.concrete_fields)
        assert has_texts == (model in searched or model._meta.label_lower in labels), model
    assert PublishedDocument not in searched
