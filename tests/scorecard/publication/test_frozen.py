"""What was published stays as it was, to the byte, whatever is changed behind it."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from commentary.models import AreaOfFocus, Commentary, FocusUpdate, Overview
from indicators.models import (
    Comparator,
    ComparatorGroup,
    DerivationTerm,
    Indicator,
    MonthlyValue,
    PeerFigure,
    Population,
    PopulationGroup,
    Rebase,
    Target,
    User,
)
from scorecard.models import Edition, Line, PublicationKind, PublishedFile, Scorecard, Section
from scorecard.publication import reading
from scorecard.publication.publish import draft_edition, freeze
from tests.databases import database_with
from tests.factories import (
    DECEMBER,
    JANUARY,
    make_derived,
    make_indicator,
    make_scorecard,
    make_user,
    make_value,
    publish,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.sqlite]
REPORT = "/scorecards/panel/2021-01/"
# What there is of a published report; {key} is the counted indicator, {rate} the one worked out from it.
ADDRESSES = [
    "",
    "?order=look",
    "report.csv",
    "report.json",
    "report.xlsx",
    "report.data.xlsx",
    "report.tidy.zip",
    "publications/1/",
    "publications/1/report.csv",
    "publications/1/report.json",
    *(
        f"indicators/{which}/{file}{months}"
        for which in ("{key}", "{rate}")
        for file in ("", "chart.json", "figures.csv")
        for months in ("", "?months=all")
    ),
]


def make_panel():
    """A public scorecard with one of everything that a report shows, published for December and January."""
    owner, reporter = make_user("owner", name="Head of care"), make_user("reporter", name="Team lead")
    counted = make_indicator("A1", owner=owner, reporter=reporter, polarity="low", scope="national", definition="All.")
    for month, figure in ((date(2018, 1, 1), 8), (date(2020, 11, 1), 11), (DECEMBER, 10), (JANUARY, 20)):
        make_value(counted, month, figure, note="Counted." if month == JANUARY else "")
    group = PopulationGroup.objects.create(name="Children")
    Population.objects.create(group=group, year=2020, people=5000)
    rate = make_derived("A2", [counted], unit="rate_10000", population=group)
    scorecard = make_scorecard(
        counted, rate, is_public=True, council="Hill Council", panel="Families Panel", region="South East"
    )
    Line.objects.create(
        section=Section.objects.create(scorecard=scorecard, title="Care", position=1), indicator=counted
    )
    Target.objects.create(indicator=counted, year=2020, value=15)
    Comparator.objects.create(indicator=counted, group="england", year=2019, value=12, on_basis="yes")
    for code, value in (("852", 5), ("310", 4)):
        PeerFigure.objects.create(
            indicator=counted, year=2019, authority=code, name=code, value=value, is_own=code == "852"
        )
    Rebase.objects.create(indicator=counted, month=DECEMBER, reason="A new system.")
    Commentary.objects.create(indicator=counted, month=JANUARY, text="It rose.")
    area = AreaOfFocus.objects.create(title="Caseloads", opened_on=JANUARY, response="More staff.")
    area.indicators.add(counted)
    FocusUpdate.objects.create(area=area, date=JANUARY, text="Recruiting.")
    scorecard.areas_of_focus.add(area)
    publish(scorecard, DECEMBER)
    overview = Overview.objects.create(title="January", summary="All well.")
    publish(scorecard, JANUARY, overview=overview, meeting_date=date(2021, 2, 11))


panel = database_with(make_panel)


@pytest.fixture(autouse=True)
def on_the_panel(panel, db):
    """Each test undoes what it changes."""


def a1():
    return Indicator.objects.get(reference="A1")


def change(model, **fields):
    row = model.objects.earliest("pk")
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def changes(model, **fields):
    return lambda: change(model, **fields)


def change_value(**fields):
    value = a1().values.get(month=JANUARY)
    for name, to in fields.items():
        setattr(value, name, to)
    value.save()


def change_order(model):
    for place, row in enumerate(model.objects.order_by("-position", "-pk")):
        row.position = place
        row.save()


def delete_every_line_and_indicator():
    Line.objects.all().delete()
    DerivationTerm.objects.all().delete()
    for indicator in Indicator.objects.all():
        indicator.values.all().delete()
        indicator.delete()


def replace_owner():
    change(Indicator, owner=make_user("new", name="Somebody new"))


def rename_reporter():
    reporter = User.objects.get(username="reporter")
    reporter.name = "Somebody else"
    reporter.save()


def change_meeting():
    edition = Edition.objects.get(month=JANUARY)
    edition.meeting_date = date(2021, 3, 1)
    edition.save()


def add_line():
    added = make_indicator("A3")
    make_value(added, JANUARY, 3)
    Line.objects.create(section=Section.objects.earliest("pk"), indicator=added)


CHANGES = {
    "figure": lambda: change_value(figure=Decimal(99)),
    "figure to blank": lambda: change_value(figure=None, blank="awaited"),
    "figure's note": lambda: change_value(note="Counted twice."),
    "figure's stage": lambda: change_value(stage="provisional"),
    "figure removed": lambda: a1().values.get(month=DECEMBER).delete(),
    "figure of an earlier year": lambda: make_value(a1(), date(2017, 1, 1), 5),
    "all figures removed": lambda: MonthlyValue.objects.all().delete(),
    "reference": changes(Indicator, reference="Z1"),
    "title": changes(Indicator, title="Another title"),
    "definition": changes(Indicator, definition="Only some."),
    "outcome": changes(Indicator, outcome="Help."),
    "note": changes(Indicator, note="See page 3."),
    "unit": changes(Indicator, unit="rate_100000"),
    "decimal places": changes(Indicator, decimal_places=2),
    "polarity": changes(Indicator, polarity="high"),
    "frequency": changes(Indicator, frequency="quarterly"),
    "scope": changes(Indicator, scope="local"),
    "months in which it is reported": changes(Indicator, active_to=DECEMBER),
    "owner": replace_owner,
    "no owner": changes(Indicator, owner=None),
    "owner's name": changes(User, name="Head of all"),
    "reporter's name": rename_reporter,
    "target": changes(Target, value=50),
    "target's tolerance": changes(Target, tolerance=9),
    "target's note": changes(Target, note="Agreed in May."),
    "target removed": lambda: Target.objects.all().delete(),
    "target added": lambda: Target.objects.create(indicator=a1(), year=2018, value=9),
    "comparator": changes(Comparator, value=99),
    "comparator's basis": changes(Comparator, on_basis="no"),
    "comparator removed": lambda: Comparator.objects.all().delete(),
    "comparator added": lambda: Comparator.objects.create(indicator=a1(), group="region", year=2019, value=7),
    "figure of another authority": lambda: PeerFigure.objects.filter(is_own=False).get().delete(),
    "population": changes(Population, people=2500),
    "population's name": changes(PopulationGroup, name="Young people"),
    "derivation removed": lambda: DerivationTerm.objects.all().delete(),
    "derivation added": lambda: make_derived("A4", [a1()]) and add_line(),
    "rebase": changes(Rebase, month=date(2020, 11, 1)),
    "rebase's reason": changes(Rebase, reason="Another reason."),
    "commentary": changes(Commentary, text="It rose a lot."),
    "commentary removed": lambda: Commentary.objects.all().delete(),
    "overview": changes(Overview, summary="Not so well."),
    "area of focus": changes(AreaOfFocus, title="Agency workers"),
    "area's response": changes(AreaOfFocus, response="Fewer staff."),
    "area's update": changes(FocusUpdate, text="Recruited."),
    "area's update removed": lambda: FocusUpdate.objects.all().delete(),
    "area's indicators": lambda: AreaOfFocus.objects.get().indicators.set([]),
    "areas of focus": lambda: Scorecard.objects.get().areas_of_focus.set([]),
    "title of the scorecard": changes(Scorecard, title="Another scorecard"),
    "council": changes(Scorecard, council="Vale Council"),
    "panel": changes(Scorecard, panel="Scrutiny Panel"),
    "region": changes(Scorecard, region="North West"),
    "group's name": changes(ComparatorGroup, name="Others", explanation="Some others."),
    "groups": changes(Scorecard, group_1="region", group_3=None),
    "codes": changes(Scorecard, council_code="E06000045", region_code="E12000008"),
    "meeting": change_meeting,
    "section": changes(Section, title="Way in"),
    "order of sections": lambda: change_order(Section),
    "order of lines": lambda: change_order(Line),
    "line removed": lambda: Line.objects.earliest("pk").delete(),
    "line added": add_line,
    "section removed": lambda: Section.objects.earliest("pk").delete(),
    "every line and indicator removed": delete_every_line_and_indicator,
}


# Behind what takes something away, or calls it otherwise, a page could read of another change: each is made alone.
ALONE = (
    "reference",
    "figure to blank",
    "figure removed",
    "all figures removed",
    "months in which it is reported",
    "no owner",
    "target removed",
    "comparator removed",
    "figure of another authority",
    "derivation removed",
    "commentary removed",
    "area's update removed",
    "area's indicators",
    "areas of focus",
    "line added",
    "line removed",
    "section removed",
    "every line and indicator removed",
)
TOGETHER = [name for name in CHANGES if name not in ALONE]


@pytest.fixture(scope="module")
def addresses(panel):
    """Every address of the published report, as they are before anything is changed."""
    keys = {"key": a1().pk, "rate": Indicator.objects.get(reference="A2").pk}
    return [REPORT + address.format(**keys) for address in ADDRESSES]


def read(addresses):
    """What a visitor gets from a server that has just been started: it has kept nothing."""
    reading._kept.clear()
    client = Client()
    return {address: (response := client.get(address)).status_code == 200 and response.content for address in addresses}


def test_pdf_made_after_everything_was_changed_is_the_same_to_the_byte():
    before = Client().get(f"{REPORT}report.pdf").content
    PublishedFile.objects.all().delete()
    reading._kept.clear()
    for name in ("figure", "title", "target", "comparator", "owner's name", "commentary", "overview", "council"):
        CHANGES[name]()
    assert Client().get(f"{REPORT}report.pdf").content == before


def live():
    """What publishing January would freeze now."""
    return draft_edition(Edition.objects.get(month=JANUARY)).texts


@pytest.fixture(scope="module")
def unchanged(addresses):
    """What a visitor gets, and what publishing January would freeze, before anything is changed."""
    return read(addresses), live()


@pytest.mark.parametrize("name", CHANGES)
def test_change_is_one_that_would_show(unchanged, name):
    _, live_before = unchanged
    CHANGES[name]()
    assert live() != live_before


@pytest.mark.parametrize("names", [[name] for name in ALONE] + [TOGETHER], ids=lambda names: names[0])
def test_published_report_is_the_same_after_a_change(addresses, unchanged, names):
    before, _ = unchanged
    assert all(before.values())

    for name in names:
        CHANGES[name]()

    assert read(addresses) == before


@pytest.mark.parametrize("make_change", [CHANGES["figure"], CHANGES["title"]], ids=["figure", "title"])
def test_december_is_the_same_after_january_was_revised(addresses, make_change):
    december = [address.replace("2021-01", "2020-12") for address in addresses if "publications" not in address]
    before = read(december)

    make_change()
    publish_revision()

    assert read(december) == before


def publish_revision():
    edition = Edition.objects.get(month=JANUARY)
    when = edition.publications.get().published_at
    freeze(draft_edition(edition), kind=PublicationKind.CORRECTION, reason="Counted twice.", by=None, now=when)


def test_links_lead_to_where_the_scorecard_is_now():
    change(Scorecard, slug="moved")

    html = Client().get("/scorecards/moved/2021-01/").content.decode()

    assert "/scorecards/moved/2020-12/" in html
    assert "/scorecards/panel/" not in html
