"""The drawn page of a month in progress is kept, and never a moment longer than the data are the same.

What was published never changes: publication/test_frozen.py.
"""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from simple_history.utils import bulk_update_with_history

from commentary.models import AreaOfFocus, Commentary, FocusUpdate, Overview
from indicators.models import Comparator, Indicator, Population, PopulationGroup, Rebase, Target, User
from scorecard.models import Edition, Line, Section
from tests.factories import (
    DECEMBER,
    JANUARY,
    make_derived,
    make_indicator,
    make_officer,
    make_question,
    make_scorecard,
    make_user,
    make_value,
)

pytestmark = pytest.mark.django_db
PAGE = "/scorecards/panel/2021-01/"


@pytest.fixture(autouse=True)
def kept_pages(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def officer(client):
    """Signed in: who reads a month that isn't published."""
    client.force_login(make_officer())


@pytest.fixture
def panel():
    """A scorecard with one of everything that a report shows, and its edition in review."""
    owner = make_user("owner", name="Head of care")
    counted = make_indicator("A1", owner=owner, reporter=owner, polarity="low", scope="national")
    make_value(counted, DECEMBER, 10)
    make_value(counted, JANUARY, 20)
    group = PopulationGroup.objects.create(name="Children")
    Population.objects.create(group=group, year=2020, people=5000)
    rate = make_derived("A2", [counted], unit="rate_10000", population=group)
    scorecard = make_scorecard(counted, rate, is_public=True)
    Target.objects.create(indicator=counted, year=2020, value=15)
    Comparator.objects.create(indicator=counted, group="england", year=2019, value=12)
    Commentary.objects.create(indicator=counted, month=JANUARY, text="It rose.")
    overview = Overview.objects.create(title="January", summary="All well.")
    Edition.objects.create(
        scorecard=scorecard,
        month=JANUARY,
        state="in_review",
        overview=overview,
        meeting_date=date(2021, 2, 11),
    )
    area = AreaOfFocus.objects.create(title="Caseloads", opened_on=JANUARY)
    FocusUpdate.objects.create(area=area, date=JANUARY, text="Recruiting.")
    scorecard.areas_of_focus.add(area)
    return scorecard


def main_of(response):
    """The main part of the page; around it stands a token that is another each time."""
    assert response.status_code == 200
    return re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]


def change(model, **fields):
    row = model.objects.first()
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def change_of_many_owners():
    indicators = list(Indicator.objects.all())
    other = make_user("other", name="Somebody else")
    for indicator in indicators:
        indicator.owner = other
    bulk_update_with_history(indicators, Indicator, ["owner"])


CHANGES = {
    "figure": lambda: change(type(Indicator.objects.get(reference="A1").values.first()), figure=Decimal(99)),
    "figure removed": lambda: Indicator.objects.get(reference="A1").values.get(month=DECEMBER).delete(),
    "title": lambda: change(Indicator, title="Another title"),
    "owner's name": lambda: change(User, name="Head of all"),
    "owner of many": change_of_many_owners,
    "population": lambda: change(Population, people=2500),
    "part of a derived indicator": lambda: Indicator.objects.get(reference="A2").terms.first().delete(),
    "rebase": lambda: Rebase.objects.create(
        indicator=Indicator.objects.get(reference="A1"), month=JANUARY, reason="A new team."
    ),
    "target": lambda: change(Target, value=50),
    "comparator": lambda: change(Comparator, value=99),
    "commentary": lambda: change(Commentary, text="It rose a lot."),
    "overview": lambda: change(Overview, summary="Not so well."),
    "meeting": lambda: change(Edition, meeting_date=date(2021, 3, 1)),
    "area of focus": lambda: change(AreaOfFocus, title="Agency workers"),
    "area's update": lambda: change(FocusUpdate, text="Recruited."),
    "a question": lambda: make_question(Section.objects.get().scorecard),
    "who answers": lambda: change(AreaOfFocus, owner=User.objects.get(username="owner")),
    "closing": lambda: change(AreaOfFocus, closed_on=date(2021, 2, 1)),
    "area's indicators": lambda: AreaOfFocus.objects.get().indicators.add(Indicator.objects.get(reference="A1")),
    "areas of focus": lambda: Section.objects.get().scorecard.areas_of_focus.set([]),
    "section": lambda: change(Section, title="Way in"),
    "line": lambda: Line.objects.first().delete(),
}


@pytest.mark.parametrize("make_change", CHANGES.values(), ids=CHANGES)
@pytest.mark.usefixtures("panel", "officer")
def test_page_is_drawn_anew_after_a_change(client, make_change):
    before = main_of(client.get(PAGE))

    make_change()

    assert main_of(client.get(PAGE)) != before


@pytest.mark.usefixtures("panel", "officer")
def test_page_is_kept_while_nothing_changes(client):
    first = main_of(client.get(PAGE))

    with CaptureQueriesContext(connection) as queries:
        again = main_of(client.get(PAGE))

    assert again == first
    # Who reads (3), the scorecard, what there is to read and ask (5), the version of the data: nothing of the report.
    assert len(queries) == 10


@pytest.mark.usefixtures("panel", "officer")
def test_kept_page_is_not_shown_to_those_who_may_not_read_it(client):
    client.get(PAGE)

    assert Client().get(PAGE).status_code == 404


@pytest.mark.usefixtures("panel", "officer")
def test_filtered_page_is_not_kept(client):
    client.get(PAGE)

    assert "Showing <b>1</b>" in client.get(PAGE, {"words": "A2"}).content.decode()
    assert "Showing <b>2</b>" in client.get(PAGE).content.decode()
