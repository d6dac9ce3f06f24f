"""Rows for tests: a test names only what it is about, the rest is filled in."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone
from model_bakery import baker

from commentary.models import AreaOfFocus, SignOff
from indicators.models import ComparatorGroup, DerivationTerm, Indicator, MonthlyValue, Role, User
from scorecard.models import Edition, EditionState, Line, Scorecard, Section
from scorecard.publication.publish import freeze_published
from scorecard.roles import PERFORMANCE_OFFICERS

JANUARY = date(2021, 1, 1)
DECEMBER = date(2020, 12, 1)


def make_user(username: str = "reporter", **fields: Any) -> User:
    return baker.make(User, username=username, **fields)


def make_person(username: str = "reader", **fields: Any) -> User:
    """Somebody who can sign in with the password “right”."""
    user = make_user(username, **fields)
    user.set_password("right")
    user.save()
    return user


def make_indicator(reference: str = "A1", **fields: Any) -> Indicator:
    return baker.make(Indicator, reference=reference, **{"title": f"Title of {reference}", **fields})


def make_derived(
    reference: str, numerators: Iterable[Indicator], denominators: Iterable[Indicator] = (), **fields: Any
) -> Indicator:
    """An indicator that is worked out from others."""
    indicator = make_indicator(reference, kind="derived", **fields)
    for source in numerators:
        DerivationTerm.objects.create(indicator=indicator, source=source, role=Role.NUMERATOR)
    for source in denominators:
        DerivationTerm.objects.create(indicator=indicator, source=source, role=Role.DENOMINATOR)
    return indicator


def make_value(indicator: Indicator, month: date = JANUARY, figure: Any = None, **fields: Any) -> MonthlyValue:
    return MonthlyValue.objects.create(indicator=indicator, month=month, figure=figure, **fields)


def make_values(indicator: Indicator, figures: Mapping[date, Any]) -> None:
    """A figure for each of the months."""
    for month, figure in figures.items():
        make_value(indicator, month, figure)


def make_scorecard(*indicators: Indicator, slug: str = "panel", **fields: Any) -> Scorecard:
    """A scorecard with one section that has the indicators as its lines, in this order.

    It shows the three comparator groups that a new database has; the region's is called as the region is. It hides
    nothing and names everybody, unless said otherwise.
    """
    groups = {"group_1": "statistical_neighbours", "group_2": "england", "group_3": "region"}
    open_to_all = {"suppresses_small_counts": False, "shown_because": "So the test says.", "people_named": "everybody"}
    scorecard = baker.make(Scorecard, slug=slug, **{"title": "Panel scorecard", **groups, **open_to_all, **fields})
    if "region" in fields:
        ComparatorGroup.objects.filter(code="region").update(
            name=fields["region"], in_sentence=f"the {fields['region']} region"
        )
    section = Section.objects.create(scorecard=scorecard, title="Front door")
    for position, indicator in enumerate(indicators):
        Line.objects.create(section=section, indicator=indicator, position=position)
    return scorecard


def publish(scorecard: Scorecard, *months: date, **fields: Any) -> None:
    """Publish the scorecard's report as it is now for the months; for January 2021 when none is named.

    What is changed afterwards is no longer in it.
    """
    for month in sorted(months) or (JANUARY,):
        Edition.objects.create(scorecard=scorecard, month=month, state=EditionState.PUBLISHED, **fields)
    freeze_published(scorecard, timezone.now())


def make_edition(scorecard: Scorecard, month: date = JANUARY, **fields: Any) -> Edition:
    """An edition that has been open for a week and is due in another one, unless said otherwise."""
    today = timezone.localdate()
    dates = {"opens_on": today - timedelta(days=7), "due_on": today + timedelta(days=7)}
    return Edition.objects.create(scorecard=scorecard, month=month, **{**dates, **fields})


def make_dated_edition(scorecard: Scorecard, month: date = JANUARY, **fields: Any) -> Edition:
    """An edition that is collected from Monday 1 to Thursday 11 February 2021."""
    dates = {"opens_on": date(2021, 2, 1), "due_on": date(2021, 2, 11)}
    return Edition.objects.create(scorecard=scorecard, month=month, **{**dates, **fields})


def make_sign_off(indicator: Indicator, step: str, month: date = JANUARY, **fields: Any) -> SignOff:
    """The step that was taken latest, by somebody; sent at nine, decided on at ten, on 8 February 2021."""
    somebody = User.objects.get_or_create(username="somebody")[0]
    sent, decided = (datetime(2021, 2, 8, hour, tzinfo=UTC) for hour in (9, 10))
    taken: dict[str, Any] = {"first_sent_at": sent, "sent_at": sent, "sent_by": somebody}
    if step != "sent":
        taken |= {"decided_at": decided, "decided_by": somebody, "note": "Please check." if step == "sent_back" else ""}
    return SignOff.objects.create(indicator=indicator, month=month, step=step, **{**taken, **fields})


def make_question(scorecard: Scorecard, title: str = "Why did it rise?", **fields: Any) -> AreaOfFocus:
    """A question of the panel about the report on December 2020, raised on 1 January 2021."""
    asker = fields.pop("asked_by", None) or User.objects.get_or_create(username="somebody")[0]
    asked = {"kind": "question", "raised_by": "panel", "asked_in": DECEMBER, "opened_on": JANUARY}
    question = AreaOfFocus.objects.create(title=title, asked_by=asker, **{**asked, **fields})
    scorecard.areas_of_focus.add(question)
    return question


def make_officer(username: str = "officer", **fields: Any) -> User:
    """A performance officer."""
    person = make_user(username, **{"name": "Priya Officer", "email": "officer@example.gov.uk", **fields})
    person.groups.add(Group.objects.get(name=PERFORMANCE_OFFICERS))
    return person
