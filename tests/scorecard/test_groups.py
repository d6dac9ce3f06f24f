"""Comparator groups as data: an officer's own from the administration to every output; none, one, two and five."""

import csv
import dataclasses
import io
import json
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from commentary.checker import check
from commentary.facts import fact_sentences
from indicators.calculations.row import PeerGroup
from indicators.models import Comparator, ComparatorGroup, Indicator, NationalComparator, Target
from scorecard.display.columns import page_columns
from scorecard.files.csv_and_json import as_data, to_csv
from scorecard.files.data_workbook import to_data_xlsx
from scorecard.files.paper import to_pdf
from scorecard.files.workbook import to_xlsx
from scorecard.models import Edition, Publication, Scorecard
from scorecard.models.scorecard import GROUP_FIELDS
from scorecard.publication.publish import draft_edition
from scorecard.report import assemble_report
from scorecard.sheet.assemble import assemble_sheet
from tests.factories import DECEMBER, JANUARY, make_indicator, make_scorecard, make_values, publish
from tests.indicators.admin_pages import address, filled_in
from tests.indicators.importing import import_file, problems
from tests.scorecard.report.rows import CORE_CITIES, ENGLAND, REGION, SN, make_comparator, make_report, make_row

REPORT = "/scorecards/panel/2021-01/"
FAMILY = PeerGroup("family", "Our family group", "Family", "our family group", explanation="Councils of our size.")
FIVE = (CORE_CITIES, SN, ENGLAND, REGION, FAMILY)


def make_group(code="core_cities", **fields):
    words = {"name": "Core cities", "short_name": "Core", "in_sentence": "the core cities", "position": 4}
    return ComparatorGroup.objects.create(code=code, **{**words, "explanation": "Eleven large cities.", **fields})


@pytest.fixture
def contacts():
    indicator = make_indicator("A1", title="Contacts received", polarity="low", scope="national")
    make_values(indicator, {DECEMBER: 12, JANUARY: 14})
    return indicator


# From the administration to every output


@pytest.mark.filterwarnings("ignore:Sparkline")
@pytest.mark.django_db
def test_officers_own_group_is_everywhere(admin_client, client, contacts):
    scorecard = make_scorecard(contacts, council="C", panel="P", is_public=True, slug="panel")
    page = address(ComparatorGroup, "add")
    typed = {"code": "core_cities", "name": "Core cities", "short_name": "Core", "in_sentence": "the core cities"}
    admin_client.post(page, filled_in(admin_client, page, **typed, explanation="Eleven <large> cities."))
    group = ComparatorGroup.objects.get(code="core_cities")
    assert (group.kind, group.history.get().history_user.username) == ("other", "admin")
    page = address(Scorecard, "change", scorecard.pk)
    admin_client.post(page, filled_in(admin_client, page, group_4="core_cities"))
    assert Scorecard.objects.get().group_codes == ("statistical_neighbours", "england", "region", "core_cities")
    import_file(admin_client, Comparator, "reference,group,year,value,on_basis\nA1,CORE CITIES,2019-20,12,yes\n")
    Target.objects.create(indicator=contacts, year=2020, rests_on="comparator", group="core_cities")
    publish(scorecard)

    for reader, where in ((client, REPORT), (client, f"{REPORT}indicators/{contacts.pk}/")):
        text = reader.get(where).content.decode()
        assert "Core cities" in text
        assert "Eleven &lt;large&gt; cities." in text
    [line] = csv.DictReader(io.StringIO(client.get(f"{REPORT}report.csv").content.decode("utf-8-sig")))
    assert (line["core"], line["sn"], line["target_2020-21"]) == ("12", "", "12 or less (the core cities, 2019-20)")
    [row] = json.loads(client.get(f"{REPORT}report.json").content)["sections"][0]["rows"]
    assert (row["comparators"]["core_cities"]["value"], row["rag"]) == ("12", "red")
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{REPORT}report.xlsx").content))
    told = {str(cell.value) for sheet in book for cells in sheet.iter_rows() for cell in cells if cell.value}
    assert {"Core cities", "Core cities: year", "Core cities: Eleven <large> cities."} <= told
    labels = [line["label"] for line in client.get(f"{REPORT}indicators/{contacts.pk}/chart.json").json()["datasets"]]
    assert "Core cities" in labels
    edition = Edition.objects.get()
    line = assemble_sheet(edition).lines[0]
    assert "Above the core cities (12)." in line.fact_sentences
    assert admin_client.get(reverse("collection", args=["panel", "2021-01"])).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["core_cities", "CORE_CITIES", "core cities", "CORE", "Core  Cities"])
def test_group_is_found_by_code_name_or_short_name(admin_client, contacts, written):
    make_group()
    head = "reference,group,year,value\n"
    import_file(admin_client, Comparator, f"{head}A1,{written},2019-20,12\nA1,sn,2019-20,13\nA1,Region,2019-20,14\n")
    assert set(Comparator.objects.values_list("group", "value")) == {
        ("core_cities", Decimal(12)),
        ("statistical_neighbours", Decimal(13)),
        ("region", Decimal(14)),
    }
    [(row, column, message)] = problems(admin_client, Comparator, f"{head}A1,wales,2019-20,12\n")
    assert (row, column) == (2, "group")
    assert "There is no comparator group “wales”" in message


# None, one, two and five


def headings_of(content):
    """The headings of the table of lines in a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = (row for sheet in book for row in sheet.iter_rows(values_only=True))
    return next([*row] for row in rows if "Ref" in row and "Signal" in row)


def report_with(groups, ours=14, **more):
    """A report of two lines: the first has a figure of every group but the last, the second has none."""
    cells = [make_comparator(ours, 12 + place, group=group) for place, group in enumerate(groups)]
    rows = (
        make_row("A1", ours, comparators=(*cells[:-1], None)[: len(groups)]),
        make_row("A2", 20, comparators=(None,) * len(groups)),
    )
    return dataclasses.replace(make_report(rows), groups=groups, **more)


@pytest.mark.filterwarnings("ignore:Sparkline")
@pytest.mark.parametrize("groups", [(), (CORE_CITIES,), (REGION, SN), FIVE], ids=len)
def test_every_output_has_the_groups_in_their_order(groups):
    report, names = report_with(groups), [group.name for group in groups]
    # The last has no figure in any line: page and paper leave its column out, and say so.
    assert [one.page for one in page_columns(report).shown if one.kind == "col-comparator"] == names[:-1]
    assert (names or ["Target 2018-19"])[-1] in page_columns(report).left_out_text
    heading = csv.reader(io.StringIO(to_csv(report))).__next__()
    keys = {"Core cities": "core", "Our family group": "family", "South East": "region"}
    known = {"sn", "england", "region", "core", "family"}
    assert [name for name in heading if name in known] == [
        keys.get(name, {"Statistical neighbours": "sn", "England": "england"}.get(name)) for name in names
    ]
    [first, second] = as_data(report)["sections"][0]["rows"]
    assert list(first["comparators"]) == [group.code for group in groups[:-1]]
    assert second["comparators"] == {}
    workbook = {"South East": "South East (region)"}
    every = {workbook.get(group.name, group.name) for group in FIVE}
    for content in (to_xlsx(report), to_data_xlsx(report)):
        wanted = [workbook.get(name, name) for name in names]
        assert [name for name in headings_of(content) if name in every] == wanted
    said = " ".join(fact_sentences(report.sections[0].rows[0]))
    assert [group.said in said for group in groups] == [True] * (len(groups) - 1) + [False] * bool(groups)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [0, 1, 5])
def test_page_and_its_key_have_the_groups(client, contacts, count):
    make_group()
    make_group("family", name="Our family group", short_name="Family", in_sentence="", explanation="Of our size.")
    codes = ("core_cities", "statistical_neighbours", "england", "region", "family")[:count]
    names = dict.fromkeys(GROUP_FIELDS) | dict(zip(GROUP_FIELDS, codes, strict=False))
    for code in codes:
        contacts.comparators.create(group_id=code, year=2019, value=1)
    publish(make_scorecard(contacts, is_public=True, **names))
    text = client.get(REPORT).content.decode()
    assert text.count("col-comparator") >= count
    assert ("<dt>Core cities</dt><dd>Eleven large cities.</dd>" in text) == (count > 0)
    assert ("<dt>Our family group</dt>" in text) == (count == 5)
    # England has no explanation, and who isn't shown isn't explained.
    assert "<dt>England</dt>" not in text
    assert ("<dt>Comparators</dt>" in text) == (count > 0)
    assert ("Statistical neighbours" in text) == (count == 5)
    assert client.get(f"{REPORT}indicators/{contacts.pk}/").status_code == 200


def test_paper_has_five_groups():
    assert to_pdf(report_with(FIVE)).startswith(b"%PDF")


# Names


SOUTH_EAST_ENGLAND = PeerGroup("se_england", "South East England", "SEE", "South East England")
NEW_ENGLAND = PeerGroup("new_england", "New England", "NE", "New England")
ALIKE = (SN, ENGLAND, REGION, SOUTH_EAST_ENGLAND, NEW_ENGLAND)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We are above the core cities' average of 12.", 0),
        ("We are below the core cities’ average of 12.", 1),
        ("We are above the neighbours’ average of 9.", 0),
        ("We are below the Core Cities (12).", 1),
        ("We are above South East England.", 0),
        ("We are below South East England.", 1),
        ("We are above the South East.", 1),
        ("We are below the South East region.", 0),
        ("We are below New England.", 0),
        ("We are above New England.", 1),
        ("We are below England.", 1),
        ("We are above England and below New England.", 0),
    ],
)
def test_checker_tells_names_that_contain_one_another_apart(text, found):
    theirs = {SN: 9, ENGLAND: 10, REGION: 20, SOUTH_EAST_ENGLAND: 11, NEW_ENGLAND: 21, CORE_CITIES: 12}
    row = make_row("A1", 14, comparators=tuple(make_comparator(14, one, group=group) for group, one in theirs.items()))
    assert len(check(text, row, groups=(*ALIKE, CORE_CITIES))) == found, check(text, row, groups=(*ALIKE, CORE_CITIES))


@pytest.mark.parametrize("name", ["Title", "ref", "RAG", "Owner", "England: year", "2021-01", "…", "Target 2020-21"])
def test_headings_are_unique_whatever_a_group_is_called(name):
    group = CORE_CITIES._replace(name=name, short_name=name)
    report = report_with((ENGLAND, group, SN))
    heading = csv.reader(io.StringIO(to_csv(report))).__next__()
    assert len({one.lower() for one in heading}) == len(heading)
    assert len(zipfile.ZipFile(io.BytesIO(to_xlsx(report))).namelist()) > 1


@pytest.mark.django_db
def test_name_with_signs_of_html_is_a_name(client, contacts):
    name, long = "Smith’s & <b>Sons'</b>", "A very long name " * 5
    make_group(name=name, short_name="<i>", in_sentence="", explanation="<script>alert(1)</script>")
    make_group("long", name=long.strip(), short_name="Long", in_sentence="")
    Comparator.objects.create(indicator=contacts, group="core_cities", year=2019, value=12, on_basis="yes", note="<u>")
    publish(make_scorecard(contacts, is_public=True, group_4="core_cities", group_5="long"))
    for where in (REPORT, f"{REPORT}indicators/{contacts.pk}/"):
        text = client.get(where).content.decode()
        assert escape(name) in text
        assert "<b>Sons" not in text
        assert "<script>alert" not in text
    assert name in json.dumps(client.get(f"{REPORT}indicators/{contacts.pk}/chart.json").json(), ensure_ascii=False)


# What holds


@pytest.mark.django_db
def test_two_scorecards_show_one_group_each_in_its_own_place(contacts):
    make_group()
    Comparator.objects.create(indicator=contacts, group="core_cities", year=2019, value=12, on_basis="yes")
    one = make_scorecard(contacts, group_1="england", group_2="core_cities", group_3=None)
    other = make_scorecard(contacts, slug="other", group_1="core_cities", group_2=None, group_3="england")
    expected = ((one, ["england", "core_cities"], [None, 12]), (other, ["core_cities", "england"], [12, None]))
    for scorecard, codes, values in expected:
        report = assemble_report(scorecard, JANUARY)
        assert [group.code for group in report.groups] == codes
        [row] = report.rows
        assert [cell and cell.value for cell in row.comparators] == values


@transaction.atomic
def delete_past_the_program(group):
    ComparatorGroup.objects.filter(pk=group.pk)._raw_delete("default")
    connection.check_constraints()


@pytest.mark.django_db
def test_group_in_use_is_not_deleted_but_what_uses_it_is_named(admin_client, contacts):
    for number, use in enumerate(
        (
            lambda code: Comparator.objects.create(indicator=contacts, group=code, year=2019, value=1),
            lambda code: Target.objects.create(indicator=contacts, year=2020, rests_on="comparator", group=code),
            lambda code: make_scorecard(slug="b", title="Of its own", group_5=code),
            lambda code: NationalComparator.objects.create(
                indicator=contacts, group=code, year=2019, value=1, source="DfE", basis="As is", on_basis="yes"
            ),
        )
    ):
        group = make_group(f"group_{number}", name=f"Group {number}", short_name=f"G{number}")
        row = use(group.code)
        page = address(ComparatorGroup, "delete", group.pk)
        text = admin_client.get(page).content.decode()
        assert escape(str(row)) in text
        assert "Cannot delete comparator group" in text or "protected" in text
        admin_client.post(page, {"post": "yes", "read_version": group.version})
        chosen = {"action": "delete_selected", "_selected_action": [group.pk], "post": "yes"}
        admin_client.post(address(ComparatorGroup, "changelist"), chosen)
        assert ComparatorGroup.objects.filter(pk=group.pk).exists()
        with pytest.raises(IntegrityError):
            delete_past_the_program(group)


@pytest.mark.django_db
def test_new_group_comes_last_unless_said_otherwise(admin_client):
    last = max(ComparatorGroup.objects.values_list("position", flat=True))
    assert admin_client.get(address(ComparatorGroup, "add")).context["adminform"].form["position"].value() == last + 1


def test_unused_group_is_deleted_and_the_code_stays(admin_client):
    group = make_group()
    page = address(ComparatorGroup, "change", group.pk)
    admin_client.post(page, filled_in(admin_client, page, name="Big cities", code="big"))
    group.refresh_from_db()
    assert (group.name, group.code) == ("Big cities", "core_cities")
    admin_client.post(address(ComparatorGroup, "delete", group.pk), {"post": "yes", "read_version": group.version})
    assert not ComparatorGroup.objects.filter(pk=group.pk).exists()


@pytest.mark.django_db
def test_new_name_changes_nothing_published_and_is_no_revision(client, contacts):
    Comparator.objects.create(indicator=contacts, group="england", year=2019, value=12, on_basis="yes", note="Of 2019.")
    publish(make_scorecard(contacts, is_public=True))
    before = client.get(REPORT).content
    group = ComparatorGroup.objects.get(code="england")
    group.name, group.short_name, group.explanation = "All of England", "Eng", "Everybody."
    group.save()

    assert Client().get(REPORT).content == before
    assert draft_edition(Edition.objects.get()).changes == ()
    assert Publication.objects.count() == 1

    scorecard = Scorecard.objects.get()
    scorecard.group_2 = None
    scorecard.save()
    [change] = draft_edition(Edition.objects.get()).changes
    assert (change.what, change.before, change.after) == ("England", "12 (2019-20)", "")


@pytest.mark.django_db
def test_group_stands_once_on_a_scorecard_and_a_sixth_has_no_place(admin_client, contacts):
    scorecard = make_scorecard(contacts, council="C", panel="P")
    page = address(Scorecard, "change", scorecard.pk)
    response = admin_client.post(page, filled_in(admin_client, page, group_4="england", group_6="region"))
    assert "England has a place already." in response.content.decode()
    assert Scorecard.objects.get().group_codes == ("statistical_neighbours", "england", "region")
    response = admin_client.post(page, filled_in(admin_client, page, group_4="wales"))
    assert "Select a valid choice" in response.content.decode()
    new = admin_client.get(address(Scorecard, "add")).content.decode()
    assert [f'<option value="{code}" selected>' in new for code in ("england", "region")] == [True, True]


@pytest.mark.django_db
def test_queries_of_an_indicators_form_do_not_grow_with_its_comparators(admin_client, contacts):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert admin_client.get(address(Indicator, "change", contacts.pk)).status_code == 200
        return len(captured)

    Comparator.objects.create(indicator=contacts, group="england", year=2018, value=1)
    Target.objects.create(indicator=contacts, year=2019, rests_on="comparator", group="england")
    queries()
    few = queries()
    for year in range(2000, 2010):
        Comparator.objects.create(indicator=contacts, group="england", year=year, value=1)
        Target.objects.create(indicator=contacts, year=year, rests_on="comparator", group="england")
    assert queries() == few
