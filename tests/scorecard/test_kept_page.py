"""The drawn report page is kept, and never a moment longer than the data are the same."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
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
def panel():
    """A scorecard with one of everything that a report shows."""
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
        state="published",
        overview=overview,
        meeting_date=date(2021, 2, 11),
    )
    area = AreaOfFocus.objects.create(title="Caseloads", opened_on=JANUARY)
    FocusUpdate.objects.create(area=area, date=JANUARY, text="Recruiting.")
    scorecard.areas_of_focus.add(area)
    return scorecard


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
def test_page_is_drawn_anew_after_a_change(client, panel, make_change):
    before = client.get(PAGE).content

    make_change()

    assert client.get(PAGE).content != before


def test_page_is_kept_while_nothing_changes(client, panel):
    first = client.get(PAGE).content

    with CaptureQueriesContext(
        connection,
    ) as queries:
        again = client.get(PAGE).content

    assert again == first
    assert len(queries) == 2  # the scorecard, and the version of the data


def test_kept_page_is_not_shown_to_those_who_may_not_read_it(client, panel):
    client.get(PAGE)
    panel.is_public = False
    panel.save()

    assert client.get(PAGE).status_code == 302


def test_filtered_page_is_not_kept(client, panel):
    client.get(PAGE)

    assert "Showing <b>1</b>" in client.get(PAGE, {"words": "A2"}).content.decode()
    assert "Showing <b>2</b>" in client.get(PAGE).content.decode()
