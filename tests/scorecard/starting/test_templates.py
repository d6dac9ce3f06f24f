"""Beginning from a template: what is taken over, what is asked, what is here already, and undoing it."""

import csv
import io
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import (
    Comparator,
    CrossCheck,
    DerivationTerm,
    Indicator,
    MonthlyValue,
    Population,
    PopulationGroup,
    Target,
    User,
)
from scorecard.models import CouncilDetails, Line, Scorecard, Section, SpreadsheetDraft
from scorecard.roles import PERFORMANCE_OFFICERS
from tests.factories import make_user

FIXTURES = Path(__file__).parents[3] / "fixtures"
CHILDRENS, CORPORATE = "/setup/templates/childrens/", "/setup/templates/corporate/"
NAMED = {"title": "Children", "council": "Exampleshire", "panel": "Children Panel", "month": "2026-10", "slug": ""}


@pytest.fixture
def officer(db, client):
    person = make_user("officer", name="Olive Officer", email="olive@example.org", is_staff=True)
    person.groups.add(Group.objects.get(name=PERFORMANCE_OFFICERS))
    client.force_login(person)
    return person


def words_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def rows_of(folder, name):
    with (FIXTURES / folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lines_of(folder):
    """The demonstration's lines by their place in the template: all but those that have ended."""
    rows = [row for row in rows_of(folder, "indicators.csv") if not row.get("active_to")]
    return {str(place): row for place, row in enumerate(rows, start=1)}


def sent(folder, *without, **more):
    places = [place for place, row in lines_of(folder).items() if row["reference"] not in without]
    return NAMED | {"line": places, "do": "preview"} | more


def hidden_fields(response):
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', response.content.decode())
    data: dict[str, list[str]] = {}
    for name, value in found:
        data.setdefault(name, []).append(value.replace("&amp;", "&").replace("&#x27;", "'"))
    return data


def create(client, address, data):
    preview = client.post(address, data)
    assert preview.status_code == 200, words_of(preview)
    return client.post(address, hidden_fields(preview) | {"do": "create"})


@pytest.mark.parametrize(
    ("address", "folder", "number"),
    [(CHILDRENS, "children_and_families", 64), (CORPORATE, "corporate", 30)],
)
def test_a_template_has_the_definitions_and_nobodys_figures(client, officer, address, folder, number):
    people = User.objects.count()
    made = create(client, address, sent(folder))
    assert made["Location"] == "/scorecards/children/edit/"
    expected = {row["reference"]: row for row in lines_of(folder).values()}
    stored = {one.reference: one for one in Indicator.objects.select_related("population")}
    assert len(expected) == number
    assert stored.keys() == expected.keys()
    said = {(row["reference"], row["column"]): row["text"] for row in rows_of(folder, "template.csv")}
    for reference, row in expected.items():
        one = stored[reference]
        for name in ("title", "definition", "outcome", "unit", "polarity", "kind", "frequency", "scope"):
            assert getattr(one, name) == said.get((reference, name), row[name]), (reference, name)
        # Whoever enters a numerator and a denominator is asked for them in words.
        words = (one.numerator_words, one.denominator_words)
        assert words == tuple(said.get((reference, f"{side}_words"), "") for side in ("numerator", "denominator"))
        assert all(words) == (one.kind == "ratio"), reference
        assert one.decimal_places == int(row["decimal_places"])
        assert (one.population.name if one.population else "") == row["population"]
        assert one.rate_base == (int(row["rate_base"]) if row.get("rate_base") else None)
        assert one.year_starts == int(row.get("year_starts") or 4)
        assert one.due_months == row.get("due_months", "")
        assert one.accumulation == (row.get("accumulation") or "no")
        assert one.seasonal_reason == row.get("seasonal_reason", "")
        assert (one.allows_over_100, one.allows_negative) == (
            row["allows_over_100"] == "yes",
            row.get("allows_negative") == "yes",
        )
        assert (one.owner, one.reporter, one.note, one.active_from, one.active_to) == (None, None, "", None, None)
    terms = {
        (term.indicator.reference, term.source.reference, term.role)
        for term in DerivationTerm.objects.select_related("indicator", "source")
    }
    assert terms == {
        (row["reference"], part, role)
        for row in expected.values()
        for role in ("numerator", "denominator")
        for part in filter(None, row[f"{role}s"].split(" + "))
    }
    assert CrossCheck.objects.count() == len(rows_of(folder, "checks.csv"))
    assert {one.reference: one.section for one in _lines()} == {name: row["section"] for name, row in expected.items()}
    assert [one.reference for one in _lines()] == list(expected)
    for model in (MonthlyValue, Target, Comparator, Population):
        assert not model.objects.exists()
    assert User.objects.count() == people
    groups = {row["population"] for row in expected.values() if row["population"]}
    assert set(PopulationGroup.objects.values_list("name", flat=True)) == groups
    history = Indicator.history.first()
    assert history.history_user == officer
    assert "(template)" in history.history_change_reason


def _lines():
    lines = Line.objects.order_by("section__position", "position").select_related("indicator", "section")
    for line in lines:
        line.indicator.section = line.section.title
        yield line.indicator


def test_a_template_names_no_council_and_no_month(client):
    """But for the words of the law, nothing in it belongs to one place or one time."""
    from scorecard.starting.templates import TEMPLATES

    for template in TEMPLATES.values():
        for line in template.lines:
            for name in ("section", "title", "definition", "outcome", "seasonal_reason"):
                text = line.record.get(name, "")
                found = re.search(r"\b(city|Southampton|Exampleton|Families Matter|20[12]\d|sheet)\b", text)
                assert not found, (line.reference, text)
        corrected = {(row["reference"], row["column"]) for row in rows_of(template.files.folder, "template.csv")}
        known = {(line.reference, column) for line in template.lines for column in line.record}
        assert corrected <= known


def test_lines_are_left_out_and_renamed_everywhere(client, officer):
    """M1 is called CONTACTS here: also in what is worked out from it, and in its definition. Three are left out."""
    place = next(place for place, row in lines_of("children_and_families").items() if row["reference"] == "M1")
    data = sent("children_and_families", "FM011", "FM012", "LAC13", **{f"reference-{place}": "CONTACTS"})
    preview = words_of(client.post(CHILDRENS, data))
    assert "The check of LAC13" not in preview
    assert "FM012 Payment per result" in preview
    assert "61 indicators" in preview
    assert "CONTACTS for M1" in preview
    create(client, CHILDRENS, data)
    assert Line.objects.count() == 61
    share = Indicator.objects.get(reference="M3")
    assert "(M2 divided by CONTACTS)" in share.definition
    assert set(share.terms.values_list("source__reference", flat=True)) == {"M2", "CONTACTS"}
    # Of six checks, that of LAC13 has no line any more.
    assert set(CrossCheck.objects.values_list("indicator__reference", flat=True)) == {
        "EH3a%",
        "LAC1",
        "M4",
        "EH14b",
        "LAC14",
    }


def test_a_check_that_would_look_at_a_line_left_out_is_named(client, officer):
    told = words_of(client.post(CHILDRENS, sent("children_and_families", "EH3e%")))
    assert "The check of EH3a%, which would look at EH3e%." in told


def test_a_part_that_is_not_ticked_is_asked_about(client, officer):
    """M4 is limited by M2, and M3, M2-NI and M6-QL are worked out from it."""
    places = {row["reference"]: place for place, row in lines_of("children_and_families").items()}
    data = sent("children_and_families", "M2")
    asked = client.post(CHILDRENS, data)
    assert asked.status_code == 422
    assert "M2 isn’t ticked, and M3, M2-NI, M6-QL are worked out from it." in words_of(asked)
    assert "64 indicators" in words_of(client.post(CHILDRENS, data | {f"part-{places['M2']}": "keep"}))
    left = client.post(CHILDRENS, data | {f"part-{places['M2']}": "out"})
    assert "60 indicators" in words_of(left)
    assert "The check of M4, which would look at M2." in words_of(left)
    assert not Indicator.objects.exists()


def test_ticking_works_by_section_without_scripts(client, officer):
    page = client.post(CHILDRENS, sent("children_and_families", do="none 1"))
    assert page.status_code == 200
    assert "Front door (MASH) 0 of 9 ticked" in words_of(page)
    assert "There is a problem" not in words_of(page)
    nothing = client.post(CHILDRENS, NAMED | {"do": "none"})
    assert "0 of 9 ticked" in words_of(nothing)
    assert "Tick at least one line." in words_of(client.post(CHILDRENS, NAMED | {"do": "preview"}))
    everything = client.post(CHILDRENS, NAMED | {"title": "Kept", "do": "all"})
    assert "9 of 9 ticked" in words_of(everything)
    assert 'value="Kept"' in everything.content.decode()


def test_a_second_time_everything_is_here_and_nothing_is_overwritten(client, officer):
    create(client, CORPORATE, sent("corporate"))
    before = {one.reference: one.version for one in Indicator.objects.all()}
    page = words_of(client.get(CORPORATE))
    assert "30 of these references have indicators here already" in page
    again = sent("corporate", title="Second")
    preview = words_of(client.post(CORPORATE, again))
    assert "30 lines with an indicator that is here already" in preview
    made = create(client, CORPORATE, again)
    assert made["Location"] == "/scorecards/second/edit/"
    assert {one.reference: one.version for one in Indicator.objects.all()} == before
    assert Line.objects.count() == 60
    assert PopulationGroup.objects.count() == 1


def test_one_that_is_here_is_used_left_out_or_stands_beside(client, officer):
    Indicator.objects.create(reference="ho5", title="Our own count", unit="count")
    places = {row["reference"]: place for place, row in lines_of("corporate").items()}
    used = client.post(CORPORATE, sent("corporate"))
    assert "ho5 Our own count" in words_of(used)
    out = client.post(CORPORATE, sent("corporate", **{f"here-{places['HO5']}": "out"}))
    assert "HO5 isn’t ticked, and HO6 is worked out from it." in words_of(out)
    other = {f"here-{places['HO5']}": "other"}
    same = client.post(CORPORATE, sent("corporate", **other))
    assert same.status_code == 422
    assert "ho5 is here already: write another reference." in words_of(same)
    create(client, CORPORATE, sent("corporate", **other, **{f"reference-{places['HO5']}": "HO5-B"}))
    assert Indicator.objects.get(reference="HO6").terms.get().source.reference == "HO5-B"
    assert Indicator.objects.get(reference="ho5").version == 1
    assert not Line.objects.filter(indicator__reference="ho5").exists()


def test_a_part_that_is_here_in_a_unit_that_does_not_fit_is_told(client, officer):
    """CP2-NI adds CP2 and CP2b up, which here would be a number and a sum of money."""
    Indicator.objects.create(reference="CP2", title="Ours", unit="money")
    refused = client.post(CHILDRENS, sent("children_and_families"))
    assert refused.status_code == 422
    assert "CP2b and CP2 have different units" in words_of(refused)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"month": "the month after"}, "is not a month"),
        ({"month": ""}, "Say with which month it begins."),
        ({"month": "2026-13"}, "is not a month"),
        ({"title": ""}, "Give it a title."),
        ({"slug": "there"}, "Another scorecard has or had this in its addresses"),
        ({"slug": "no slug!"}, "Only letters without accents"),
        ({"reference-1": ""}, "Write a reference."),
        ({"reference-1": "m2"}, "is that of another line too"),
        ({"reference-1": "x" * 31}, "at most 30 letters"),
        ({"title": "x" * 300}, "at most 200"),
        ({"line": ["999", "x"]}, "Tick at least one line."),
    ],
)
def test_what_cannot_be_is_told_where_it_stands(client, officer, more, told):
    Scorecard.objects.create(slug="there", title="There", council="Exampleshire", panel="Panel")
    answer = client.post(CHILDRENS, sent("children_and_families") | more)
    assert answer.status_code == 422
    assert told in words_of(answer)
    assert not Indicator.objects.exists()
    created = client.post(CHILDRENS, sent("children_and_families", do="create") | more)
    assert created.status_code == 422
    assert not Indicator.objects.exists()


def test_unknown_templates_and_steps_are_no_error(client, officer):
    assert client.get("/setup/templates/police/").status_code == 404
    assert client.post(CHILDRENS, {"do": "explode"}).status_code == 200
    assert client.post(CHILDRENS, sent("children_and_families", do="none 99")).status_code == 200


def test_what_changed_since_the_preview_is_shown_again(client, officer):
    seen = hidden_fields(client.post(CORPORATE, sent("corporate")))
    Indicator.objects.create(reference="HO1", title="Meanwhile")
    again = client.post(CORPORATE, seen | {"do": "create"})
    assert "what is here has changed in the meantime" in words_of(again)
    assert Indicator.objects.count() == 1


def test_it_can_be_undone_while_nothing_was_built_on_it(client, officer):
    create(client, CORPORATE, sent("corporate"))
    draft = SpreadsheetDraft.objects.get()
    receipt = words_of(client.get(f"/setup/spreadsheets/{draft.pk}/receipt/"))
    assert "What was made of the template" in receipt
    assert "file" not in receipt.lower().replace("profile", "")
    undone = client.post(f"/setup/spreadsheets/{draft.pk}/undo/", {"version": draft.version}, follow=True)
    assert "is gone" in words_of(undone)
    for model in (Indicator, Section, Scorecard, PopulationGroup, CrossCheck):
        assert not model.objects.exists()
    # Once more, as if nothing had been.
    create(client, CORPORATE, sent("corporate"))
    assert Scorecard.objects.get().slug == "children"


def test_the_councils_own_beginnings_hold(client, officer):
    CouncilDetails(
        council="Exampleshire", region="South West", year_starts=1, small_counts="round", panel_word="committee"
    ).save()
    page = client.get(CHILDRENS).content.decode()
    assert 'value="Children and Families Scrutiny Committee"' in page
    assert 'value="Exampleshire"' in page
    create(client, CORPORATE, sent("corporate"))
    scorecard = Scorecard.objects.get()
    assert (scorecard.region, scorecard.rounds_counts, scorecard.is_public) == ("South West", True, False)
    # Those that have a year of their own keep it: school years, and the winter.
    starts = dict(Indicator.objects.values_list("reference", "year_starts"))
    assert (starts["HO1"], starts["ED2"], starts["EN4"]) == (1, 9, 10)


def queries_of(client, data):
    with CaptureQueriesContext(connection) as made:
        assert client.post(CHILDRENS, data).status_code == 200
        return len(made)


def test_the_number_of_queries_does_not_grow(client, officer):
    """The first section has some of each kind: parts, a population and a check."""
    every = sent("children_and_families")
    few = every | {"line": every["line"][:9]}
    # The first request asks what is kept from then on.
    queries_of(client, few)
    assert queries_of(client, few) == queries_of(client, every)
    create(client, CHILDRENS, every)
    assert queries_of(client, few) == queries_of(client, every)


def test_only_officers_begin_one(client, db):
    for address in ("/setup/templates/", CHILDRENS):
        assert client.get(address).status_code == 302
    client.force_login(make_user("reader"))
    for address in ("/setup/templates/", CHILDRENS):
        assert client.get(address).status_code == 403
    assert client.post(CHILDRENS, sent("children_and_families", do="create")).status_code == 403


def test_from_an_empty_installation_to_a_month(client, officer):
    """Three lines unticked and one renamed, then people, then the month that was chosen."""
    place = next(place for place, row in lines_of("corporate").items() if row["reference"] == "AS1")
    data = sent("corporate", "FI5", "CU4", "ED3", month="Apr 2024", **{f"reference-{place}": "DTOC"})
    editor = client.get(create(client, CORPORATE, data)["Location"])
    assert "What comes next" in words_of(editor)
    scorecard = Scorecard.objects.get()
    lead = make_user("lead", email="lead@example.org")
    fields = dict(re.findall(r'<input type="hidden" name="(saw)" value="([^"]*)"', editor.content.decode()))
    keys = list(map(str, Line.objects.values_list("pk", flat=True)))
    people = {"do": "people", "line": keys, "owner": str(officer.pk), "reporter": str(lead.pk)}
    told = words_of(client.post(f"/scorecards/{scorecard.slug}/edit/", fields | people, follow=True))
    assert "27 indicators changed" in told
    assert 'value="2024-04"' in client.get(f"/editions/{scorecard.slug}/open/").content.decode()
    key = SpreadsheetDraft.objects.get().pk
    page = client.get(f"/setup/spreadsheets/{key}/first-month/")
    assert "Open April 2024" in words_of(page)
    assert "begins with this month" in words_of(page)
    opened = client.post(
        f"/setup/spreadsheets/{key}/first-month/",
        {"opens_on": "2024-05-01", "due_on": "2024-05-10", "before": "0"},
    )
    assert "April 2024 is open" in words_of(opened)
    client.force_login(lead)
    mine = words_of(client.get(f"/returns/{scorecard.slug}/2024-04/"))
    assert "DTOC" in mine
    assert "What comes next" not in words_of(client.get(f"/scorecards/{scorecard.slug}/edit/"))


OFFICER = {"council": "Exampleshire", "officer": "olive@example.org"}


def test_the_command_begins_with_a_template(db, settings):
    settings.SITE_URL = "https://scorecard.example.org"
    told = io.StringIO()
    call_command("setup_council", **OFFICER, template="corporate", leave_out="fi5, CU4", stdout=told)
    scorecard = Scorecard.objects.get()
    assert (scorecard.title, scorecard.council, Line.objects.count()) == ("Corporate scorecard", "Exampleshire", 28)
    assert "28 lines" in told.getvalue()
    assert Indicator.history.first().history_user.email == "olive@example.org"
    again = io.StringIO()
    call_command("setup_council", **OFFICER, template="corporate", stdout=again)
    assert "is there already" in again.getvalue()
    assert Line.objects.count() == 28


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"template": "police"}, "childrens or corporate"),
        ({"template": "corporate", "leave_out": "XX9"}, "XX9"),
        ({"template": "corporate", "leave_out": "HO5"}, "HO6 is worked out from HO5"),
        ({"leave_out": "HO5"}, "--template"),
        ({"template": "corporate", "first_month": "soon"}, "is not a month"),
    ],
)
def test_the_command_says_what_is_wrong_and_makes_nothing(db, settings, options, told):
    settings.SITE_URL = "https://scorecard.example.org"
    with pytest.raises(CommandError, match=re.escape(told)):
        call_command("setup_council", **OFFICER, **options, stdout=io.StringIO())
    assert not Scorecard.objects.exists()
    assert not User.objects.exists()
