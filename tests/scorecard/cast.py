"""Everybody who uses the scorecard, around one that is not public, with a row of every model.

`A1` is reported and owned by other people than `B1`; `D1` is worked out from both and goes with `B1`.
"""

from datetime import timedelta
from functools import cache
from typing import Any

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from commentary.models import AreaOfFocus, Commentary, FocusUpdate, Overview, SignOff, WarningReason
from indicators.models import (
    Comparator,
    CrossCheck,
    Deputy,
    FixedBaseline,
    Indicator,
    NationalComparator,
    PeerFigure,
    Population,
    PopulationGroup,
    Rebase,
    Succession,
    Target,
    User,
    Versioned,
)
from scorecard.models import CouncilDetails, Edition, EditionState, PublicText, Reminder, Scorecard, WithheldKind
from scorecard.publication.publish import freeze_published
from scorecard.publication.withholding import Wanted, find, fingerprint_of, withhold
from scorecard.returns.forms import LineForm
from scorecard.roles import PANEL_MEMBERS, PERFORMANCE_OFFICERS
from scorecard.sheet.assemble import assemble_sheet
from scorecard.sheet.sheet import SheetLine
from tests.factories import (
    DECEMBER,
    JANUARY,
    make_derived,
    make_edition,
    make_indicator,
    make_officer,
    make_question,
    make_scorecard,
    make_user,
    make_values,
    publish,
)

VISITOR = "visitor"
PEOPLE = ("reporter", "other_reporter", "deputy", "owner", "other_owner", "panel_member", "officer")
ROLES = (VISITOR, *PEOPLE)
OTHERS_FIGURE = "7,654,321"


def make_cast() -> Edition:
    """The people and their scorecard, with an edition for January 2021 that is collected and has figures."""
    people = {
        name: make_user(name, name=f"The {name}", email=f"{name}@example.org", is_staff=name == "officer")
        for name in PEOPLE
    }
    people["panel_member"].groups.add(Group.objects.get(name=PANEL_MEMBERS))
    people["officer"].groups.add(Group.objects.get(name=PERFORMANCE_OFFICERS))
    Deputy.objects.create(person=people["reporter"], deputy=people["deputy"], starts_on=DECEMBER)
    mine = make_indicator("A1", reporter=people["reporter"], owner=people["owner"])
    theirs = {"reporter": people["other_reporter"], "owner": people["other_owner"]}
    other = make_indicator("B1", **theirs)
    derived = make_derived("D1", [mine], [other], **theirs)
    make_values(mine, {DECEMBER: 10, JANUARY: 20})
    make_values(other, {DECEMBER: 30, JANUARY: int(OTHERS_FIGURE.replace(",", ""))})
    scorecard = make_scorecard(mine, other, derived)
    publish(scorecard, DECEMBER)
    _make_words(mine)
    Target.objects.create(indicator=mine, year=2020, value=15)
    Comparator.objects.create(indicator=mine, group="england", year=2019, value=12)
    group = PopulationGroup.objects.create(name="Children")
    Population.objects.create(group=group, year=2020, people=5000)
    _make_facts(mine, other)
    _ask_about(scorecard, people)
    CouncilDetails.objects.create(council="Exampleshire")
    edition = make_edition(scorecard, JANUARY, overview=Overview.objects.create(title="January", summary="All well."))
    Reminder.objects.create(
        edition=edition,
        person=people["reporter"],
        lines_of=people["reporter"],
        kind="opened",
        occasion="1",
        lines=1,
        sent_at=timezone.now(),
    )
    PublicText.objects.create(
        scorecard=scorecard,
        key="0" * 64,
        where="Commentary",
        month=JANUARY,
        text="All well.",
        decision="cleared",
        decided_by=people["officer"],
        decided_at=timezone.now(),
    )
    _take_back("Title of B1", make_officer("second", name="Sam Second", email="second@example.org"))
    return edition


def _take_back(words: str, by: User) -> None:
    """Withhold a text of December's report, which another officer has still to confirm."""
    wanted = Wanted(WithheldKind.TEXT, words=words)
    findings = find(wanted)
    withhold(
        wanted=wanted,
        chosen=[one.key for one in findings],
        only_in=None,
        fingerprint=fingerprint_of(findings),
        words="it named a person",
        note="",
        by=by,
        now=timezone.now(),
    )


def _make_facts(mine: Indicator, other: Indicator) -> None:
    Rebase.objects.create(indicator=mine, month=DECEMBER, reason="A new system.")
    FixedBaseline.objects.create(indicator=mine, month=DECEMBER, periods=12, reason="The first year.")
    Succession.objects.create(indicator=mine, former=other, month=DECEMBER)
    CrossCheck.objects.create(indicator=mine, kind="limit").terms.create(indicator=other, role="limit")
    NationalComparator.objects.create(
        indicator=mine, group="england", year=2019, value=7, source="DfE", basis="As published", on_basis="yes"
    )
    PeerFigure.objects.create(indicator=mine, year=2019, authority="851", name="Portsmouth", value=7)
    AccessAttempt.objects.create(username="reporter", ip_address="192.0.2.1", failures_since_start=1)
    # It is cleared away when it is old, which it must not become while a slow machine runs the tests.
    AccessAttempt.objects.update(attempt_time=timezone.now() + timedelta(days=1))


def _make_words(indicator: Indicator) -> None:
    Commentary.objects.create(indicator=indicator, month=JANUARY, text="It doubled.")
    WarningReason.objects.create(
        indicator=indicator, month=JANUARY, warning="unusual", about="20", reason="A new team began."
    )
    area = AreaOfFocus.objects.create(title="Caseloads", opened_on=JANUARY)
    FocusUpdate.objects.create(area=area, date=JANUARY, text="Recruiting.")


def _ask_about(scorecard: Scorecard, people: dict[str, User]) -> None:
    """An area of focus and a question with an update each; the owner of A1 is asked, and hasn't answered yet."""
    scorecard.areas_of_focus.set(AreaOfFocus.objects.all())
    asked = make_question(scorecard, asked_by=people["panel_member"], owner=people["owner"])
    FocusUpdate.objects.create(area=asked, date=JANUARY, text="Looking into it.")


def send_everything() -> None:
    """Let all lines wait for their owners."""
    now = timezone.now()
    for indicator in Indicator.objects.select_related("reporter"):
        sent = {"sent_at": now, "first_sent_at": now, "sent_by": indicator.reporter}
        SignOff.objects.create(indicator=indicator, month=JANUARY, step="sent", **sent)


def take_to(edition: Edition, state: str) -> None:
    """Let the edition be not open yet, collecting, in review, or published; or in review with a line sent back."""
    if state == "not_open":
        edition.opens_on = timezone.localdate() + timedelta(days=1)
    else:
        edition.state = EditionState.IN_REVIEW if state == "sent_back" else EditionState(state)
    edition.save()
    freeze_published(edition.scorecard, timezone.now())
    if state == "sent_back":
        _send_back(Indicator.objects.get(reference="A1"))


def _send_back(indicator: Indicator) -> None:
    sign_off = indicator.sign_offs.get()
    sign_off.step, sign_off.note = "sent_back", "Say why it doubled."
    sign_off.decided_at, sign_off.decided_by = timezone.now(), indicator.owner
    sign_off.save()


def line_of(reference: str, edition: Edition) -> SheetLine:
    return next(line for line in assemble_sheet(edition).lines if line.indicator.reference == reference)


def keep_sessions() -> None:
    """Sign everybody in once for all tests that start from this database: it takes as long as drawing a page."""
    for role in PEOPLE:
        client = Client()
        client.force_login(User.objects.get(username=role))
        for model in (Session, UserSession):
            model.objects.filter(session_key=client.session.session_key).update(session_key=_session_key(role))


def _session_key(role: str) -> str:
    return role.replace("_", "").ljust(32, "0")


def signed_in(role: str) -> Client:
    client = Client()
    if role == VISITOR:
        return client
    if Session.objects.filter(session_key=_session_key(role)).exists():
        client.cookies[settings.SESSION_COOKIE_NAME] = _session_key(role)
    else:
        client.force_login(User.objects.get(username=role))
    return client


def entered_for(line: SheetLine, **entered: Any) -> dict[str, Any]:
    """What the page of a return posts for a line, with some of it entered anew."""
    form = LineForm(None, line)
    fields = {name: form[name].value() for name in ("saw_value", "saw_text", "text")}
    return {f"{form.prefix}-{name}": value for name, value in (fields | entered).items()}


def stored() -> list[Any]:
    """How many rows every audited table has, the sum of their versions, and how many entries its history has."""
    with connection.cursor() as cursor:
        cursor.execute(_counts())
        return cursor.fetchall()


@cache
def _counts() -> str:
    tables = [
        (model._meta.db_table, model.history.model._meta.db_table)
        for model in apps.get_models()
        if issubclass(model, Versioned)
    ]
    return " UNION ALL ".join(
        f"SELECT '{table}', COUNT(*), SUM(version), (SELECT COUNT(*) FROM {history}) FROM {table}"  # noqa: S608
        for table, history in tables
    )
