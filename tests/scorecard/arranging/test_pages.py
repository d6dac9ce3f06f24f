"""An officer arranges a scorecard through Django's client: steps, undoing, conflicts, new rows, bad input."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import Indicator, SecurityEvent
from scorecard.models import CouncilDetails, Line, Scorecard, Section
from tests.factories import (
    JANUARY,
    make_edition,
    make_indicator,
    make_officer,
    make_scorecard,
    make_user,
    make_value,
    publish,
)

pytestmark = pytest.mark.django_db
EDIT = "/scorecards/panel/edit/"


@pytest.fixture
def scorecard():
    scorecard = make_scorecard(*(make_indicator(reference) for reference in ("A1", "A2", "A3")))
    second = Section.objects.create(scorecard=scorecard, title="Back door", position=1)
    Line.objects.create(section=second, indicator=make_indicator("B1"), position=1)
    make_indicator("X1", title="Calls to the café")
    return scorecard


@pytest.fixture
def officer(client, scorecard):
    """An officer's browser, which answers with the page after a step."""
    client.force_login(make_officer())
    return client


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def saw(client):
    return re.search(r'name="saw" value="(\w+)"', client.get(EDIT).content.decode())[1]


def take(client, do, **fields):
    return client.post(EDIT, {"saw": saw(client), "do": do} | fields, follow=True)


def arranged():
    return "; ".join(
        f"{section.title}: "
        + " ".join(section.lines.order_by("position", "pk").values_list("indicator__reference", flat=True))
        for section in Section.objects.order_by("position", "pk")
    )


def line(reference):
    return Line.objects.get(indicator__reference=reference).pk


def section(title):
    return Section.objects.get(title=title).pk


STEPS = {
    "up": (lambda: {"do": f"up {line('A2')}"}, "Front door: A2 A1 A3; Back door: B1"),
    "down into the next section": (lambda: {"do": f"down {line('A3')}"}, "Front door: A1 A2; Back door: A3 B1"),
    "dragged": (
        lambda: {"do": f"place {line('A1')}", "to": section("Back door"), "before": line("B1")},
        "Front door: A2 A3; Back door: A1 B1",
    ),
    "many to a section": (
        lambda: {"do": "to_section", "line": [line("A1"), line("A3")], "to": section("Back door")},
        "Front door: A2; Back door: B1 A1 A3",
    ),
    "many taken off": (
        lambda: {"do": "off", "line": [line("A1"), line("B1")]},
        "Front door: A2 A3; Back door: ",
    ),
    "added": (
        lambda: {
            "do": "add",
            "indicator": [Indicator.objects.get(reference="X1").pk],
            "into": section("Back door"),
        },
        "Front door: A1 A2 A3; Back door: B1 X1",
    ),
    "a section": (
        lambda: {"do": "add_section", "new_section": "Yard"},
        "Front door: A1 A2 A3; Back door: B1; Yard: ",
    ),
    "a section by the Enter key": (
        lambda: {"do": "enter", "new_section": "Yard"},
        "Front door: A1 A2 A3; Back door: B1; Yard: ",
    ),
    "renamed": (
        lambda: {"do": f"rename {section('Back door')}", f"title-{section('Back door')}": "Yard"},
        "Front door: A1 A2 A3; Yard: B1",
    ),
    "renamed by the Enter key": (
        lambda: {"do": "enter", f"title-{section('Back door')}": "Yard"},
        "Front door: A1 A2 A3; Yard: B1",
    ),
    "section up": (lambda: {"do": f"section_up {section('Back door')}"}, "Back door: B1; Front door: A1 A2 A3"),
    "removed, lines kept": (
        lambda: {
            "do": f"remove {section('Front door')}",
            f"goes_to-{section('Front door')}": section("Back door"),
        },
        "Back door: B1 A1 A2 A3",
    ),
    "removed with its lines": (
        lambda: {"do": f"remove {section('Front door')}", f"goes_to-{section('Front door')}": "off"},
        "Back door: B1",
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_step_is_stored_and_undone(officer, name):
    fields, expected = STEPS[name]
    before = arranged()

    page = take(officer, **fields())

    assert page.status_code == 200
    assert arranged() == expected
    assert "Undo:" in words(page)
    assert "Undone:" in words(take(officer, "undo"))
    assert arranged() == before


def test_history_says_who_moved_what(officer):
    take(officer, f"up {line('A2')}")

    latest = Line.history.filter(id=line("A1")).latest()
    assert (str(latest.history_user), latest.history_change_reason) == ("Priya Officer", "Line moved up")
    # Lines that stay where they are get no new version.
    assert Line.objects.get(pk=line("B1")).version == 1


def test_people_of_several_lines_are_set_and_undone(officer):
    lead, before = make_user("lead", name="Lee Lead"), make_user("before")
    Indicator.objects.filter(reference="A1").update(reporter=before)

    page = take(officer, "people", line=[line("A1"), line("A2")], reporter=lead.pk)

    assert "2 indicators changed" in words(page)
    assert set(Indicator.objects.filter(reporter=lead).values_list("reference", flat=True)) == {"A1", "A2"}
    take(officer, "undo")
    assert Indicator.objects.get(reference="A1").reporter == before
    assert Indicator.objects.get(reference="A2").reporter is None
    assert SecurityEvent.objects.filter(person=before, kind="roles_changed").exists()


def test_second_officer_is_told_who_was_quicker_and_nothing_is_overwritten(officer, scorecard):
    other, seen = Client(), saw(officer)
    other.force_login(make_officer("second", name="Sam Second"))
    take(other, f"up {line('A3')}")

    field = f"title-{section('Back door')}"
    page = officer.post(EDIT, {"saw": seen, "do": f"rename {section('Back door')}", field: "Yard"})

    assert page.status_code == 422
    assert "Sam Second changed this scorecard on" in words(page)
    # What was typed stands in its field for the next try.
    assert 'value="Yard"' in page.content.decode()
    assert arranged() == "Front door: A1 A3 A2; Back door: B1"
    # Nor can what the second did be undone from here.
    assert officer.post(EDIT, {"saw": saw(officer), "do": "undo"}).status_code == 422


def test_what_was_changed_in_the_administration_is_not_overwritten_either(officer):
    seen, moved = saw(officer), Line.objects.get(pk=line("A1"))
    moved.position = 7
    moved.save()

    assert officer.post(EDIT, {"saw": seen, "do": f"up {line('A2')}"}).status_code == 422


def test_editions_in_progress_are_told_of_and_published_ones_stay(officer, scorecard):
    make_value(Indicator.objects.get(reference="A1"), JANUARY, 5)
    publish(scorecard, JANUARY)
    published = officer.get("/scorecards/panel/2021-01/report.csv").content
    february = make_edition(scorecard, JANUARY.replace(month=2))
    make_value(Indicator.objects.get(reference="A1"), february.month, 6)

    assert "holds at once for February 2021 (collecting)" in words(officer.get(EDIT))
    page = take(officer, "off", line=[line("A1")])

    assert "A1: what was entered for February 2021 is kept" in words(page)
    again = take(officer, "add", indicator=[Indicator.objects.get(reference="A1").pk], into=section("Back door"))
    assert "Asked for at once: February 2021." in words(again)
    assert officer.get("/scorecards/panel/2021-01/report.csv").content == published


BAD = [
    {"do": "up 99999999999999999999"},
    {"do": "nothing"},
    {"do": ""},
    {"do": "off"},
    {"do": "off", "line": ["x", "-1", "²"]},
    {"do": "to_section", "to": "x"},
    {"do": "add", "indicator": ["x"]},
    {"do": "add", "indicator": ["999999"], "into": "1"},
    {"do": "people", "owner": "999999999999999999"},
    {"do": "people"},
    {"do": "add_section", "new_section": "\x00"},
    {"do": "add_section", "new_section": "y" * 300},
    {"do": "undo"},
    {"saw": "nothing", "do": "undo"},
]


@pytest.mark.parametrize("fields", BAD, ids=str)
def test_bad_input_is_answered_in_words_and_changes_nothing(officer, fields):
    before, seen = arranged(), saw(officer)

    page = officer.post(EDIT, {"saw": seen} | fields)

    assert page.status_code == 422
    assert "There is a problem" in words(page)
    assert arranged() == before


@pytest.mark.parametrize(("find", "found"), [("cafe CALLS", True), ("x1", True), ("x1 tea", False), ("%", False)])
def test_indicators_that_are_not_on_it_are_found_by_their_words(officer, find, found):
    assert ("Calls to the café" in words(officer.get(EDIT, {"find": find}))) == found


def test_number_of_queries_does_not_grow_with_the_lines(officer, scorecard):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as counted:
            assert officer.get(EDIT).status_code == 200
        return len(counted)

    few = queries()
    for number in range(40):
        people = {"owner": make_user(f"o{number}"), "reporter": make_user(f"r{number}")}
        part = Section.objects.create(scorecard=scorecard, title=f"Part {number}", position=number)
        Line.objects.create(section=part, indicator=make_indicator(f"N{number}", **people))
        make_indicator(f"M{number}")

    assert queries() == few


# New rows


def test_scorecard_is_added_without_typing_an_address(officer):
    values = {"title": "Panel", "council": "Hill", "panel": "The panel"}

    page = officer.post("/setup/scorecards/new/", values, follow=True)

    assert page.redirect_chain[-1][0] == "/scorecards/panel-2/edit/"
    made = Scorecard.objects.get(slug="panel-2")
    assert (made.suppresses_small_counts, made.is_public, made.group_codes[0]) == (
        True,
        False,
        "statistical_neighbours",
    )
    assert officer.post("/setup/scorecards/new/", {"title": "???" * 100}).status_code == 422


def test_details_of_two_officers_are_merged_or_asked_about(officer, scorecard):
    address = f"{EDIT}details/"
    page = officer.get(address).content.decode()
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page)) | {"group_1": scorecard.group_2.pk}
    scorecard.title = "Theirs"
    scorecard.save()

    merged = officer.post(address, fields | {"panel": "Mine"})
    scorecard.refresh_from_db()
    assert (merged.status_code, scorecard.title, scorecard.panel) == (302, "Theirs", "Mine")
    asked = officer.post(address, fields | {"title": "Mine"})
    assert asked.status_code == 422
    assert "Which version should be kept?" in words(asked)


def new_indicator(officer, **fields):
    usual = {"title": "New one", "unit": "count", "polarity": "low", "kind": "figure", "frequency": "monthly"}
    rest = {"decimal_places": "0", "scope": "local", "accumulation": "no", "year_starts": "4"}
    return officer.post(f"{EDIT}new-indicator/", usual | rest | {"section": section("Back door")} | fields, follow=True)


def test_indicator_is_made_with_a_reference_that_nobody_typed(officer):
    page = new_indicator(officer)

    assert "IND-1 New one is added to “Back door”" in words(page)
    new_indicator(officer)
    assert arranged() == "Front door: A1 A2 A3; Back door: B1 IND-1 IND-2"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"reference": "a1"}, "There is already an indicator with this reference."),
        ({"title": ""}, "This field is required."),
        ({"unit": "rate"}, "Say what it is a rate per"),
        ({"unit": "stones"}, "not on the list"),
        ({"kind": "derived"}, "not on the list"),
        ({"section": "999"}, "Choose one that is on the list."),
        ({"owner": "x"}, "Choose somebody who is on the list."),
        ({"due_months": "13"}, ""),
    ],
)
def test_indicator_that_makes_no_sense_is_refused_beside_the_field(officer, fields, message):
    page = new_indicator(officer, **fields)

    assert page.status_code == 422
    assert message in words(page)
    assert not Indicator.objects.filter(title="New one").exists()


def test_scorecard_begins_with_what_the_council_decided(officer):
    CouncilDetails(council="Hill Council", council_code="E06000045", small_counts="round", largest_small_count=7).save()

    officer.post("/setup/scorecards/new/", {"title": "Rounded", "council": "Hill Council", "panel": "The panel"})

    made = Scorecard.objects.get(slug="rounded")
    assert (made.council_code, made.rounds_counts, made.largest_small_count) == ("E06000045", True, 7)
