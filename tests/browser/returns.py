"""A small service with a month to collect: what the browser tests of returns start from."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from commentary.models import Commentary
from indicators.calculations.months import add_months
from indicators.models import CrossCheck, Indicator, User
from scorecard.models import Edition, Scorecard
from scorecard.roles import PERFORMANCE_OFFICERS
from tests.factories import make_derived, make_edition, make_indicator, make_scorecard, make_user, make_value, publish

FEBRUARY = date(2021, 2, 1)
RETURN = "/returns/families/2021-02/"
SIGN_OFF = "/sign-off/families/2021-02/"
COLLECTION = "/collection/families/2021-02/"
# Twelve months that move a little, so that something is usual.
USUAL = (100, 104, 98, 102, 99, 103, 101, 97, 105, 100, 102, 98)


def make_service() -> Scorecard:
    """Nine lines of Ann's, two of Ben's, all owned by Olive; a year of figures, one commentary. No edition yet."""
    ann, ben, olive = (make_user(name.lower(), name=f"{name} {role}") for name, role in PEOPLE)
    people = {"reporter": ann, "owner": olive}
    counts = [make_indicator(f"C{place}", title=f"Count {place}", polarity="low", **people) for place in range(1, 6)]
    ratios = [
        make_indicator(f"P{place}", title=f"Share {place}", kind="ratio", unit="percentage", polarity="high", **people)
        for place in (1, 2)
    ]
    share = make_derived("D1", [counts[1]], [counts[0]], title="Second of first", unit="percentage", **people)
    quarter = make_indicator("F1", title="Families helped", decimal_places=1, **people)
    others = [make_indicator(f"B{place}", title=f"Of Ben {place}", reporter=ben, owner=olive) for place in (1, 2)]
    for indicator in (*counts, quarter, *others):
        for back, figure in enumerate(reversed(USUAL), start=1):
            make_value(indicator, add_months(FEBRUARY, -back), figure - (40 if indicator == counts[1] else 0))
    for indicator in ratios:
        for back, figure in enumerate(reversed(USUAL), start=1):
            make_value(indicator, add_months(FEBRUARY, -back), numerator=figure - 60, denominator=100)
    Commentary.objects.create(indicator=counts[0], month=date(2021, 1, 1), text="As usual in January.")
    check = CrossCheck.objects.create(indicator=counts[2], kind="limit", note="Each is one of them.")
    check.terms.create(indicator=counts[0], role="limit")
    return make_scorecard(
        *counts, *ratios, share, quarter, *others, slug="families", title="Families scorecard", council="Hill Council"
    )


PEOPLE = (("Ann", "Reporter"), ("Ben", "Reporter"), ("Olive", "Owner"))


def make_officer() -> User:
    officer = make_user("officer", name="Olga Officer", is_staff=True)
    officer.groups.add(Group.objects.get(name=PERFORMANCE_OFFICERS))
    return officer


def open_month(scorecard: Scorecard) -> Edition:
    """January as published and February open for collection."""
    publish(scorecard)
    return make_edition(scorecard, FEBRUARY, meeting_date=timezone.localdate() + timedelta(days=20))


def open_service() -> Scorecard:
    """The service and its officer, with February open."""
    scorecard = make_service()
    make_officer()
    open_month(scorecard)
    return scorecard


def cookie_of(username: str, url: str) -> dict[str, str]:
    """The session of somebody who has signed in, as the browser keeps it."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": url,
    }


def keys() -> dict[str, int]:
    """The keys of the indicators by their references."""
    return dict(Indicator.objects.values_list("reference", "pk"))
