"""A comparator of which nobody has said that it is on the row's basis: shown and marked, and compared nowhere."""

import csv
import io
import json
from datetime import date

import pytest

from commentary.checker import check
from commentary.facts import fact_sentences
from indicators.models import Comparator
from scorecard.display.cells import comparator_cell
from scorecard.display.notes import warnings
from scorecard.files.csv_and_json import to_csv, to_json
from scorecard.indicator_page import assemble_page
from scorecard.indicator_page.chart import chart_svg, datasets
from scorecard.report import assemble_report
from scorecard.report.what_to_look_at import Reason, notices, reasons_of
from tests.factories import JANUARY, make_indicator, make_scorecard, make_values

pytestmark = pytest.mark.django_db
GROUPS = ("statistical_neighbours", "england", "region")
COMPARED = ("we are", "lower", "higher", "level", "better", "worse")


@pytest.fixture
def scorecard():
    """65 a month beside a year's rate of 560; a year before it was 600, so that there would be a new gap."""
    rate = make_indicator("M2-NI", scope="national", unit="rate_10000", decimal_places=1, polarity="high")
    make_values(rate, {date(2020, 1, 1): 600, date(2020, 12, 1): 66, JANUARY: 65})
    for group in GROUPS:
        Comparator.objects.create(indicator=rate, group=group, year=2019, value=560)
    return make_scorecard(rate)


def said_basis(on_basis):
    for comparator in Comparator.objects.all():
        comparator.on_basis = on_basis
        comparator.save()


@pytest.mark.parametrize("on_basis", ["unknown", "no"])
def test_comparator_is_compared_nowhere_unless_it_is_known_to_be_on_the_basis(scorecard, on_basis):
    said_basis(on_basis)
    report = assemble_report(scorecard, JANUARY)
    [row] = report.rows
    cells = [comparator_cell(row, cell) for cell in row.comparators]
    assert [word for word in COMPARED for html in cells if word in html] == []
    assert all("560.0" in html and "caution" in html for html in cells)
    assert "560" not in " ".join(fact_sentences(row))
    assert Reason.GAP not in reasons_of(row, report)
    assert check("The rate is above England.", row) == ()
    [record] = csv.DictReader(io.StringIO(to_csv(report)))
    assert (record["england"], record["warnings"].count("basis")) == ("560.0", 3)
    [line] = json.loads(to_json(report))["sections"][0]["rows"]
    assert all("basis" in line["comparators"][group]["warnings"][0] for group in GROUPS)
    page = assemble_page(scorecard, JANUARY, row.indicator, readable=(), with_names=False)
    assert {one.label for one in datasets(page, page.points)} & {"England", "Statistical neighbours"} == set()
    assert "comparator" not in chart_svg(page, page.points)


def test_what_is_on_the_basis_is_compared(scorecard):
    said_basis("yes")
    report = assemble_report(scorecard, JANUARY)
    [row] = report.rows
    assert "we are lower: worse" in comparator_cell(row, row.comparators[1])
    assert "Below statistical neighbours (560.0), England (560.0) and the region (560.0)." in fact_sentences(row)
    assert Reason.GAP in reasons_of(row, report)


def test_reader_is_told_how_many_are_not_compared(scorecard):
    assert [text for text in notices(assemble_report(scorecard, JANUARY)) if "nobody has said" in text] == [
        "1 indicator has comparators of which nobody has said whether they are measured as the council measures "
        "itself: they are marked, and no comparison is drawn."
    ]


def test_each_group_is_marked_by_its_name(scorecard):
    [row] = assemble_report(scorecard, JANUARY).rows
    assert next(warnings(row)) == "Statistical neighbours: basis not known."


def test_gap_to_a_comparator_of_an_unknown_year_is_none(scorecard):
    said_basis("yes")
    for comparator in Comparator.objects.all():
        comparator.year = None
        comparator.save()
    report = assemble_report(scorecard, JANUARY)
    [row] = report.rows
    assert Reason.GAP not in reasons_of(row, report)


def test_comparator_that_is_hidden_is_not_compared(scorecard):
    for comparator in Comparator.objects.all():
        comparator.value, comparator.blank, comparator.on_basis = None, "suppressed", "yes"
        comparator.save()
    [row] = assemble_report(scorecard, JANUARY).rows
    assert [cell.comparison.movement for cell in row.comparators] == [None] * 3
