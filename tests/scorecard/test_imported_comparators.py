"""The demonstration's report after comparators were imported from open data: England and the region stay as printed."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import call_command

from indicators.calculations.months import parse_month
from scorecard import demonstration
from scorecard.files.csv_and_json import to_csv
from scorecard.models import Scorecard
from scorecard.report import assemble_report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

TESTS = Path(__file__).resolve().parent.parent
MAPPING = TESTS.parent / "fixtures" / "children_and_families" / "comparators.toml"
IMPORTED = ("M2", "M6-QL", "CP6B", "CP5-QL (val)", "CP5-QL")


def import_comparators(**options):
    out = io.StringIO()
    data = TESTS / "data" / "dfe"
    call_command(
        "import_comparators",
        MAPPING,
        data=data,
        save=True,
        by="performance.officer",
        reason="As published.",
        stdout=out,
        **options,
    )
    return out.getvalue()


def test_report_prints_england_and_the_region_as_published():
    assert import_comparators().endswith("\nSaved.\n")
    report = assemble_report(Scorecard.objects.get(slug=demonstration.SLUG), parse_month("2021-01"))
    rows = {row["ref"]: row for row in csv.DictReader(io.StringIO(to_csv(report)))}
    with (TESTS / "data" / "published_2021-01.csv").open(encoding="utf-8", newline="") as file:
        printed = {row["ref"]: (row["comparator_eng"], row["comparator_se"]) for row in csv.DictReader(file)}
    assert {ref: (rows[ref]["england"], rows[ref]["region"]) for ref in IMPORTED} == {
        ref: printed[ref] for ref in IMPORTED
    }


def test_second_import_changes_nothing():
    import_comparators()
    assert import_comparators().endswith("There is nothing to save.\n")


def test_rereferrals_stay_marked_as_not_on_the_basis():
    import_comparators()
    report = assemble_report(Scorecard.objects.get(slug=demonstration.SLUG), parse_month("2021-01"))
    [row] = [row for row in report.rows if row.measure.reference == "M6-QL"]
    assert {cell.on_basis for cell in row.comparators} == {"no"}
