"""Six editions of the demonstration, published one after the other with suppression, and attacked by a reader."""

import calendar
import csv
import io
import json
import zipfile
from collections import defaultdict
from dataclasses import replace
from datetime import date

import pytest
from django.template.loader import render_to_string
from python_calamine import CalamineWorkbook

from indicators.calculations.figures import Figure
from indicators.calculations.months import add_months, month_text, months_ending
from indicators.calculations.vocabulary import Blank, Rating
from scorecard import demonstration
from scorecard.disclosure import mask_report
from scorecard.disclosure.texts import WITHHELD, doubtful_texts
from scorecard.display.columns import page_columns
from scorecard.display.table import report_tables
from scorecard.files.csv_and_json import to_csv, to_json
from scorecard.files.data_workbook import to_data_xlsx
from scorecard.files.open_data import to_tidy
from scorecard.files.workbook import to_xlsx
from scorecard.indicator_page.chart import datasets, extras
from scorecard.indicator_page.facts import Span
from scorecard.indicator_page.present import PageContext
from scorecard.indicator_page.present import to_csv as page_csv
from scorecard.models import Scorecard
from scorecard.report.filters import Wanted
from tests.demonstration import while_loaded
from tests.disclosure_attacker import Attacker, read_cells, read_csv, read_json, read_page_csv, read_row, reckon
from tests.disclosure_solver import Equation, Reader, Table
from tests.scorecard.disclosure.editions import publish_all

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]

MONTHS = months_ending(date(2021, 1, 1), 6)
PAGED = ("CP2b", "CP4 (val)", "LAC14", "LAC3", "M8-QL")
# As a reader knows them from the pages; percentages of indicators whose numbers have lines of their own.
DEFINITIONS = [
    ("M3", "ratio", 100, ["M2"], ["M1"]),
    ("M6-QL", "ratio", 100, ["M6-QL (val)"], ["M2"]),
    ("EH4-QL", "ratio", 100, ["EH4 (val)"], ["EH3"]),
    ("CP2-NI", "ratio", 10_000, ["CP2", "CP2b"], []),
    ("CP4", "ratio", 100, ["CP4 (val)"], ["CP2"]),
    ("CP3-QL", "ratio", 100, ["CP3-QL (val)"], ["CP2"]),
    ("LAC6 (%)", "ratio", 100, ["LAC6 (val)"], ["LAC3"]),
    ("LAC12 (%)", "ratio", 100, ["LAC12 (val)"], ["LAC3"]),
    ("LAC10 (%)", "ratio", 100, ["LAC10-QL"], ["LAC1"]),
    ("LAC9", "ratio", 100, ["LAC9 (val)"], ["LAC1"]),
    ("LAC1", "stock", ["LAC2"], ["LAC3"], 3),
    ("M4", "limit", "M2"),
    ("LAC13", "limit", "LAC1"),
    ("LAC14", "limit", "LAC2"),
]


@pytest.fixture(scope="module")
def editions(django_db_setup, django_db_blocker):
    return while_loaded(
        django_db_blocker, lambda: publish_all(Scorecard.objects.get(slug=demonstration.SLUG), MONTHS, PAGED)
    )


def read_report(attacker, report):
    """Everything that a report is published as."""
    read_json(attacker, to_json(report))
    read_csv(attacker, to_csv(report))
    for table in report_tables(report, page_columns(report), [], Wanted(), looks_first=False):
        for row in table.rows:
            months = [month_text(month) for month in report.months_shown]
            read_cells(attacker, row.record.measure.reference, months, list(row.cells)[: len(months)])


def attack(reports, pages=()):
    attacker = Attacker()
    for report in reports:
        read_report(attacker, report)
    for page in pages:
        read_page_csv(attacker, page.measure.reference, page_csv(page, page.points))
    reckon(attacker, DEFINITIONS, sorted({month_text(month) for report in reports for month in report.months}))
    return attacker.given_away()


def public_reports(editions):
    return [edition.document.public.report for edition in editions]


def rows_of(report):
    return {row.measure.reference: row for row in report.rows}


def test_no_small_count_can_be_worked_out_from_six_editions(editions):
    assert attack(public_reports(editions), editions[-1].document.public.pages.values()) == []
    assert [edition.plan.exposed for edition in editions] == [()] * 6


def test_as_much_is_suppressed_as_documented(editions):
    counts = editions[-1].plan.counts
    assert (counts["primary"], counts["secondary"]) == (91, 45)


def test_solver_finds_three_values_for_every_hidden_count(editions):
    """It is given all numbers that the pages show, with the definitions, and is told nothing else."""
    public, full = (rows_of(getattr(editions[-1].document, one).report) for one in ("public", "full"))
    values, hidden, shown = {}, set(), set()
    for reference, row in full.items():
        for month, real, seen in zip(row.months, row.figures, public[reference].figures, strict=True):
            if real.value is None:
                continue
            parts = (
                {(reference, month, "n"): real.numerator, (reference, month, "d"): real.denominator}
                if real.denominator is not None
                else {(reference, month): real.value}
            )
            if all(part.denominator == 1 for part in parts.values()):
                values |= {name: int(part) for name, part in parts.items()}
                (hidden if seen.blank is Blank.SUPPRESSED else shown).update(parts)
    equations = list(_equations(values, shown))
    assert len(equations) > 200
    table = Table(values, equations)
    assert Reader(table, frozenset(hidden)).too_few() == []
    # And it would find the numerator of a percentage that was left in.
    reference, month, top = next(
        (reference, name[1], rest[1][0])
        for reference, kind, *rest in DEFINITIONS
        for name in sorted(hidden, key=str)
        if kind == "ratio" and name[0] == reference and name[2:] == ("n",) and (rest[1][0], name[1]) in hidden
    )
    left_in = {(reference, month, part) for part in "nd"}
    opened = Table(values, list(_equations(values, shown | left_in)))
    assert (top, month) in Reader(opened, frozenset(hidden - left_in)).too_few()


def _equations(values, shown):
    """What the definitions say of the months, for the solver."""
    read = {"ratio": _of_ratio, "stock": _of_stock, "limit": _of_limit}
    for reference, kind, *rest in DEFINITIONS:
        for month in sorted({name[1] for name in values}):
            for equation in read[kind](values, shown, (reference, month), *rest):
                # A figure can be beyond its limit.
                if equation.terms.keys() <= values.keys() and equation.holds(values):
                    yield equation


def _of_ratio(values, shown, mine, factor, tops, bottoms):
    month = mine[1]
    if (*mine, "n") in shown:
        for part, keys in (("n", tops), ("d", bottoms)):
            if keys:
                yield Equation({(key, month): 1 for key in keys}, values[*mine, part], values[*mine, part])
    elif bottoms and factor == 100:
        yield Equation({(bottoms[0], month): 1, **{(key, month): -1 for key in tops}}, 0, None)


def _of_stock(values, shown, mine, came, went, tolerance):
    reference, month = mine
    flows = {**{(key, month): -1 for key in came}, **{(key, month): 1 for key in went}}
    terms = {mine: 1, (reference, add_months(month, -1)): -1, **flows}
    is_off = terms.keys() <= values.keys() and sum(factor * values[name] for name, factor in terms.items())
    yield Equation(terms, -tolerance if is_off else 0, tolerance if is_off else 0)


def _of_limit(values, shown, mine, limit):
    yield Equation({(limit, mine[1]): 1, mine: -1}, 0, None)


def with_row(report, reference, **fields):
    """The report with something of a line put back."""
    sections = tuple(
        replace(
            section,
            rows=tuple(row._replace(**fields) if row.measure.reference == reference else row for row in section.rows),
        )
        for section in report.sections
    )
    return replace(report, sections=sections)


@pytest.mark.parametrize(
    ("reference", "field"),
    [
        ("LAC6 (%)", "figures"),
        ("CP4 (val)", "figures"),
        ("LAC12 (val)", "figures"),
        ("CP4", "figures"),
        ("CP2-NI", "figures"),
        ("M8-QL", "signal"),
        ("LAC12 (val)", "commentary"),
    ],
    ids=lambda value: value,
)
def test_attacker_finds_what_was_left_in(editions, reference, field):
    full, public = editions[-1].document.full.report, public_reports(editions)[-1]
    assert attack([with_row(public, reference, **{field: getattr(rows_of(full)[reference], field)})])


@pytest.mark.parametrize("field", ["summary", "change_month", "change_year"])
def test_attacker_finds_a_statistic_of_one_suppressed_figure(editions, field):
    # All of the line is shown but its latest figure, so that the statistic gives that one away.
    full = rows_of(editions[-1].document.full.report)["LAC6 (val)"]
    plain = with_row(
        public_reports(editions)[-1], "LAC6 (val)", figures=(*full.figures[:-1], Figure(None, Blank.SUPPRESSED))
    )
    leaking = with_row(plain, "LAC6 (val)", **{field: getattr(full, field)})
    assert ("LAC6 (val)", "2021-01") not in [found[0] for found in attack([plain])]
    assert ("LAC6 (val)", "2021-01") in [found[0] for found in attack([leaking])]


def test_attacker_finds_a_count_below_a_small_maximum():
    attacker = Attacker()
    read_row(
        attacker,
        "A1",
        ["2020-12", "2021-01"],
        ["0", "[c]"],
        average="[c]",
        maximum="2",
        change_month="n/a",
        change_year="n/a",
        is_count=True,
    )
    assert attacker.given_away() == [(("A1", "2021-01"), 1, 2)]


def test_what_rests_on_a_suppressed_figure_says_so_in_every_format(editions):
    report = public_reports(editions)[-1]
    row = rows_of(report)["CP2b"]
    texts = (row.change_month_text, row.change_year_text, row.average_text, row.maximum_text, row.signal.words)
    assert set(texts) == {"[c]"}
    data = next(
        line for section in json.loads(to_json(report))["sections"] for line in section["rows"] if line["ref"] == "CP2b"
    )
    assert data["average_12m"] == {"value": None, "text": "[c]", "months": 0, "across_break": False}
    assert data["months"]["2021-01"]["blank"] == "suppressed"


def test_workbooks_and_tidy_data_hide_what_the_json_hides(editions):
    """So that whoever attacks them finds no more than the attacker finds in the JSON."""
    report = public_reports(editions)[-1]
    hidden = hidden_in_json(report)
    assert sum(map(len, hidden.values())) > 100
    assert hidden_in_sheet(to_xlsx(report), "13 months") == hidden
    assert hidden_in_monthly_sheet(to_data_xlsx(report)) == hidden
    assert hidden_in_tidy(report) == hidden


def hidden_in_json(report):
    """The months that each line hides; lines that hide none are left out."""
    lines = [line for section in json.loads(to_json(report))["sections"] for line in section["rows"]]
    found = {
        line["ref"]: {month for month, cell in line["months"].items() if cell["blank"] == "suppressed"}
        for line in lines
    }
    return {reference: months for reference, months in found.items() if months}


def hidden_in_sheet(workbook, name):
    rows = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_name(name).to_python()
    header = next(row for row in rows if "2021-01" in row)
    found = {}
    for row in rows[rows.index(header) + 1 :]:
        months = {head for head, cell in zip(header, row, strict=True) if cell == "[c]" and head[:2] == "20"}
        if months:
            found[row[0]] = months
    return found


def hidden_in_monthly_sheet(workbook):
    rows = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_name("Monthly figures").to_python()
    header = next(row for row in rows if "Ref" in row)
    found = defaultdict(set)
    for row in rows[rows.index(header) + 1 :]:
        line = dict(zip(header, row, strict=True))
        if "[c]" in row:
            found[line["Ref"]].add(numbered(*line["Month"].split()[::-1]))
    return found


def numbered(year, month):
    return f"{year}-{[*calendar.month_name].index(month):02}"


def hidden_in_tidy(report):
    with zipfile.ZipFile(io.BytesIO(to_tidy(report))) as bundle:
        [name] = [name for name in bundle.namelist() if not name.endswith("meta.csv")]
        rows = csv.DictReader(bundle.read(name).decode("utf-8-sig").splitlines())
        found = defaultdict(set)
        for row in rows:
            if "c" in row.values():
                found[row["reference"]].add(numbered(row["time_period"], row["time_identifier"]))
    return found


def test_zero_is_shown(editions):
    row = rows_of(public_reports(editions)[-1])["CP2b"]
    assert row.month_texts == ("[c]", "7", "0", "[c]", "[c]", "[c]")


def test_rating_of_a_suppressed_figure_is_suppressed(editions):
    full, plan = editions[-1].document.full.report, editions[-1].plan
    rated = with_row(full, "LAC14", rating=Rating.RED)
    assert rows_of(mask_report(rated, plan))["LAC14"].rating is Rating.SUPPRESSED


def test_comparator_stays_but_not_how_the_council_stands_beside_it(editions):
    suppressed = [row for row in public_reports(editions)[-1].rows if row.current_figure.blank is Blank.SUPPRESSED]
    cells = [cell for row in suppressed for cell in row.comparators if cell and cell.value is not None]
    assert cells
    assert all(cell.comparison.movement is None for cell in cells)


@pytest.mark.parametrize("reference", ["LAC12 (val)", "LAC14", "LAC13", "CP2b", "LAC3", "M2"])
def test_commentary_near_a_suppressed_number_is_withheld_and_asked_about(editions, reference):
    assert rows_of(public_reports(editions)[-1])[reference].commentary == WITHHELD
    assert f"Commentary of {reference}, January 2021" in [text.text.where for text in editions[-1].plan.texts]


# LAC16, foster carers, is tied to no hidden figure; many lines count ICPCs and plans.
@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("One ICPC was held late.", False),
        ("Of the initial conferences, two ended without a plan.", False),
        ("Three child protection plans were repeat ones.", False),
        ("Care leavers without contact: two.", False),
        ("Two left on special guardianship orders.", False),
        ("Two ICPC chairs left.", True),
        ("The plan has four aims.", True),
        ("One of the care homes was rated good.", True),
        ("Five conference rooms were painted.", True),
        ("Only agency staff were hired.", True),
        ("79,000 letters were sent.", True),
        ("Nobody left the team of 4 social workers.", True),
        ("Three months of calm.", True),
        ("December 2020 had the most single assessments of the year.", True),
        ("With 51 in the second quarter this leaves 36 vans.", True),
        ("Of some 5,000 cars in 152 authorities 33 are electric.", True),
    ],
)
def test_unrelated_line_says_nothing_of_how_many_a_hidden_line_counted(editions, text, passes):
    report = with_row(editions[-1].document.full.report, "LAC16", commentary=text)
    doubted = {one.text.text for one in doubtful_texts(report, {}, editions[-1].plan.hidden, ties={})}
    assert (text not in doubted) is passes


@pytest.mark.django_db
def test_indicator_page_draws_and_says_nothing_of_a_suppressed_month(editions):
    page = next(page for page in editions[-1].document.public.pages.values() if page.measure.reference == "LAC14")
    points = page.shown(Span.ALL)
    [figures, *others] = datasets(page, points)
    assert figures.data == [None, None, 0, 0, 0, 0, None, 0, 0, None, None, None, None]
    assert not {dataset.label for dataset in others} & {"Mean", "Upper limit", "Lower limit"}
    assert "no figure (suppressed: confidential)" in extras(page, points)["readouts"][-1]
    html = render_to_string("scorecard/indicator.html", {"page": PageContext(page, "panel", Span.ALL, "all")})
    assert "suppressed, because they are confidential" in html
