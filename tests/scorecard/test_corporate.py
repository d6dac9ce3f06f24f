"""Thirty rows of a whole council, from entry to every file, against figures that were worked out by hand.

tests/data/corporate_2021-01.csv has what the report of January 2021 must print, each cell with the arithmetic that
it comes from: `how` names the stored figures, not the program.
"""

import csv
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from django.test import Client
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from commentary.sign_off import Standing
from indicators.calculations.months import parse_month
from indicators.calculations.vocabulary import Accumulation, Frequency, Unit
from indicators.models import Comparator, Indicator, MonthlyValue, Target, User
from scorecard.collection.editions import move_edition
from scorecard.demonstration.facts import FOLDER
from scorecard.files.formats import FORMATS
from scorecard.models import Edition, EditionState, Scorecard
from scorecard.publication.publish import draft_edition, publish_edition
from scorecard.report import assemble_report
from tests.databases import databases
from tests.demonstration import corporate_loaded
from tests.factories import make_officer
from tests.indicators.importing import preview
from tests.indicators.test_resources_export import CSV, EXCEL, export
from tests.scorecard.files.paper.reading import texts
from tests.scorecard.returns.returning import fields, lines_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ROOT = Path(__file__).parents[2]
JANUARY, FEBRUARY = date(2021, 1, 1), date(2021, 2, 1)
PAGE = "/scorecards/corporate/"
# Who reads what the panel reads.
READER = "head.of.housing"


@pytest.fixture(scope="module")
def corporate(django_db_setup, django_db_blocker):
    """The database of these tests, for as long as they run: each of them begins with the demonstration as loaded."""
    with django_db_blocker.unblock(), databases.fresh(corporate_loaded):
        yield


@pytest.fixture(autouse=True)
def loaded_first(corporate, db):
    """Before the test's transaction begins."""


def table(path):
    with (ROOT / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


BY_HAND = {row["ref"]: row for row in table("tests/data/corporate_2021-01.csv")}
MONTHS = ("2020-08", "2020-09", "2020-10", "2020-11", "2020-12", "2021-01")
PRINTED = (
    *(*MONTHS, "change_month", "change_year", "average_12m", "maximum_12m"),
    *("year_to_date", "year_to_date_last_year", "target_2019-20", "target_2020-21", "target_means", "rag"),
)


@pytest.fixture(scope="module")
def files(corporate, django_db_blocker):
    """Every file of January's report as its panel gets it, by the end of its name. The public’s hides small counts."""
    with django_db_blocker.unblock():
        client = Client()
        client.force_login(User.objects.get(username=READER))
        return {suffix: client.get(f"{PAGE}2021-01/report.{suffix}").content for suffix in FORMATS}


def sheet(data, name, header):
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(name).to_python()
    return [dict(zip(rows[header], row, strict=True)) for row in rows[header + 1 :]]


# What there is


@pytest.mark.sqlite
def test_every_kind_of_unit_frequency_and_accumulation_is_shown():
    shown = Indicator.objects.exclude(reference="CU2-20")
    assert set(shown.values_list("unit", flat=True)) == set(Unit)
    assert set(shown.values_list("frequency", flat=True)) == set(Frequency)
    assert set(shown.values_list("accumulation", flat=True)) == set(Accumulation)
    assert set(shown.values_list("year_starts", flat=True)) == {1, 4, 9, 10}
    assert len(shown) == len(BY_HAND) == 30


def test_published_months_read_like_a_report(client):
    client.force_login(User.objects.get(username=READER))
    response = client.get(f"{PAGE}2021-01/")
    words = re.sub(r"<[^>]+>|\s+", " ", response.content.decode())
    assert response.status_code == 200
    assert "All its figures are invented" in words
    # £1,532,153 needs wider columns than the counts of the other scorecard.
    assert response.content.decode().count('class="board board-month board-long"') == 7
    assert [client.get(f"{PAGE}{month}/").status_code for month in ("2020-10", "2020-11", "2020-12")] == [404, 200, 200]


# January 2021 by hand, in every file


def test_report_prints_what_was_worked_out_by_hand(files):
    report = csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig")))
    ours = {row["ref"]: {column: row[column] for column in PRINTED} for row in report}
    assert ours == {ref: {column: row[column] for column in PRINTED} for ref, row in BY_HAND.items()}


def test_totals_of_last_year_are_those_worked_out_by_hand():
    rows = assemble_report(Scorecard.objects.get(), JANUARY).rows
    ours = {
        row.measure.reference: row.measure.text(row.totals.whole_last_year.value) if row.totals else "" for row in rows
    }
    assert ours == {ref: row["whole_last_year"] for ref, row in BY_HAND.items()}


def stored_figures():
    """What fixtures/ hold for the thirteen months, as exact numbers in the unit of each; None for a blank.

    Of what was entered as the year's total so far, what each period had.
    """
    base = {"percentage": 100, "rate_1000": 1000, "rate_10000": 10_000, "rate_100000": 100_000, "rate": 1_000_000}
    units = {row["reference"]: row["unit"] for row in table(FOLDER / "corporate" / "indicators.csv")}
    found = {}
    for row in table(FOLDER / "corporate" / "values.csv"):
        ref = row["reference"]
        if row["month"] >= "2020-01" and ref != "CU2-20":
            ratio = row["numerator"] and Fraction(row["numerator"]) * base.get(units[ref], 1) / int(row["denominator"])
            found[ref, row["month"]] = Fraction(row["figure"]) if row["figure"] else ratio or None
    for ref, first in (("FI2", "04"), ("PH2", "06")):
        totals = [(month, total) for (one, month), total in found.items() if one == ref]
        for (_, before), (month, total) in pairwise(totals):
            found[ref, month] = total if month.endswith(first) else total - before
        # What the first one had follows from a total before these months.
        del found[ref, totals[0][0]]
    return found


def near(cell, exact):
    """Whether a number of a file is the exact one, as far as a double or six decimals can say it."""
    return cell is not None and abs(Fraction(cell) - exact) <= max(abs(exact) / 10**9, Fraction(1, 10**6))


def test_every_file_is_read_back_to_equal_figures(files):
    read = {
        "json": figures_in_json(files["json"]),
        "xlsx": figures_in_workbook(files["xlsx"]),
        "data.xlsx": figures_in_data_workbook(files["data.xlsx"]),
        "tidy.zip": figures_in_open_data(files["tidy.zip"]),
    }
    stored = stored_figures()
    for name, found in read.items():
        odd = {
            key: (found.get(key), exact)
            for key, exact in stored.items()
            if not (found.get(key) is None if exact is None else near(found.get(key), exact))
        }
        assert (name, odd) == (name, {})


def figures_in_json(data):
    return {
        (row["ref"], month): None if cell["value"] is None else Fraction(cell["value"])
        for section in json.loads(data)["sections"]
        for row in section["rows"]
        for month, cell in row["months"].items()
    }


PERCENTAGES = {ref for ref, row in BY_HAND.items() if "%" in row["average_12m"]}


def in_unit(ref, cell):
    """A cell of a workbook in the indicator's unit: a percentage is kept as Excel does."""
    return Fraction(cell) * (100 if ref in PERCENTAGES else 1) if isinstance(cell, float) else None


def figures_in_workbook(data):
    return {
        (row["Ref"], month): in_unit(row["Ref"], cell)
        for row in sheet(data, "13 months", 3)
        for month, cell in row.items()
        if re.fullmatch(r"\d{4}-\d\d", month)
    }


def figures_in_data_workbook(data):
    return {
        (row["Ref"], f"{datetime.strptime(row['Month'], '%B %Y').replace(tzinfo=UTC):%Y-%m}"): in_unit(
            row["Ref"], row["Figure"]
        )
        for row in sheet(data, "Monthly figures", 2)
    }


def figures_in_open_data(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("corporate.csv").decode("utf-8-sig"))))
    found = {}
    for row in rows:
        month = datetime.strptime(f"{row['time_identifier']} {row['time_period']}", "%B %Y").replace(tzinfo=UTC)
        figures = [cell for name, cell in row.items() if name.startswith("figure_") and re.fullmatch(r"-?[\d.]+", cell)]
        assert len(figures) <= 1
        found[row["reference"], f"{month:%Y-%m}"] = Fraction(figures[0]) if figures else None
    return found


@pytest.mark.sqlite
def test_paper_has_every_row_with_its_figures(files):
    words = " ".join(texts(PdfReader(io.BytesIO(files["pdf"]))))
    missing = [
        (ref, cell)
        for ref, row in BY_HAND.items()
        for cell in (row["2021-01"], row["average_12m"], row["change_year"])
        if cell not in ("not due", "n/a") and cell not in words
    ]
    assert missing == []
    assert all(Indicator.objects.get(reference=ref).title in words for ref in BY_HAND)


@pytest.mark.parametrize("file_format", [EXCEL, CSV], ids=["xlsx", "csv"])
@pytest.mark.parametrize("model", [Indicator, MonthlyValue, Target, Comparator], ids=lambda model: model.__name__)
def test_what_is_exported_comes_back_unchanged(admin_client, model, file_format):
    response = preview(admin_client, model, export(admin_client, model, file_format))
    assert (response.context["problems"], response.context["changed"]) == ([], [])


# From the return to the report

# What people type for February 2021 and for the first month after it in which a line has a figure; what is kept, and
# what the line then shows.
ENTERED = {
    "2021-02": {
        "HO1": ("11.9 days", "11.9", "11.9 days"),
        "HO2": ("£1,541,200", "1541200", "£1,541,200"),
        "HO3": (("1,541,200", "50500000"), Fraction(15412, 505000), "3.1%"),
        "HO5": ("298", "298", "298"),
        "AS1": ("301", "301", "301"),
        "AS3": ("5.5 months", "5.5", "5.5 months"),
        "AS4": (("1041", "1200"), Fraction(1041, 1200), "87%"),
        "AS6": ("38,020 hours", "38020", "38,020 hours"),
        "FI1": ("(£280k)", "-280", "-£280k"),
        "FI2": ("£36.2m", "36.2", "£4.6m"),
        "FI3": ("92.9%", "92.9", "92.9%"),
        "FI4": ("0.74", "0.74", "0.74 days"),
        "FI5": ("-6", "-6", "-6"),
        "EN2": ("340", "340", "340"),
        "EN3": ("51d", "51", "51 days"),
        "EN4": ("7", "7", "7"),
        "CU1": ("21", "21", "21"),
        "CU2": (("18", "20"), Fraction(18, 20), "90%"),
        "CU3": ("41,210", "41210", "41,210"),
    },
    "2021-03": {
        "HO4": ("4.2 weeks", "4.2", "4.2 weeks"),
        "AS2": (("112", "133"), Fraction(112, 133), "84.2%"),
        "AS5": ("7.7", "7.7", "7.7"),
        "PH2": ("3,610", "3610", "1,265"),
        "EN1": (("9,840", "24,110"), Fraction(9840, 24110), "40.8%"),
        "CU4": ("63%", "63", "63%"),
    },
    "2021-04": {"ED3": (("310", "31950"), Fraction(310, 31950), "97")},
    "2021-08": {"ED2": ("-12.6", "-12.6", "-12.6")},
    "2021-11": {"ED1": ("48.1", "48.1", "48.1%")},
    "2021-12": {"PH1": (("92", "254300"), Fraction(92, 254300), "362")},
}


def typed_for(typed):
    parts = ("figure",) if isinstance(typed, str) else ("numerator", "denominator")
    return dict(zip(parts, (typed,) if isinstance(typed, str) else typed, strict=True)) | {"text": "As was planned."}


def kept(value):
    return value.figure if value.figure is not None else Fraction(value.numerator) / Fraction(value.denominator)


def post_return(client, edition, entered, action):
    """Type into the lines' fields and press a button, each reporter on their own page."""
    lines = {ref: line for ref, line in lines_of(edition).items() if ref in entered}
    reporters = {line.indicator.reporter for line in lines.values()}
    for reporter in reporters:
        client.force_login(reporter)
        data = {"action": action}
        for ref, line in lines.items():
            if line.indicator.reporter == reporter:
                reasons = {f"reason_because_{warning.caution.code}": "Checked." for warning in line.warnings}
                data |= fields(line, **(typed_for(entered[ref][0]) if action == "save" else reasons))
        response = client.post(f"/returns/corporate/{edition.month:%Y-%m}/", data, follow=True)
        assert response.status_code == 200, re.findall(r"error-message[^>]*>.*?</p>", response.content.decode())


def sign_off_all(client, edition):
    waiting = [line for line in lines_of(edition).values() if line.standing is Standing.SENT]
    for owner in {line.indicator.owner for line in waiting}:
        client.force_login(owner)
        saw = {f"saw-{line.key}": line.fingerprint for line in waiting if line.indicator.owner == owner}
        client.post(f"/sign-off/corporate/{edition.month:%Y-%m}/", {"action": "approve", **saw})


def test_rows_are_entered_checked_signed_off_and_published(client):
    scorecard = Scorecard.objects.get(slug="corporate")
    officer = make_officer()
    for text, entered in ENTERED.items():
        month = parse_month(text)
        edition, _ = Edition.objects.get_or_create(
            scorecard=scorecard, month=month, defaults={"opens_on": FEBRUARY, "due_on": FEBRUARY, "state": "collecting"}
        )
        assert {ref: lines_of(edition)[ref].is_due for ref in entered} == dict.fromkeys(entered, True)
        post_return(client, edition, entered, "save")
        stored = {
            value.indicator.reference: kept(value)
            for value in MonthlyValue.objects.filter(month=month).select_related("indicator")
        }
        assert stored == {
            ref: Decimal(want) if isinstance(want, str) else want for ref, (_, want, _) in entered.items()
        }
        post_return(client, edition, entered, "send")
        sign_off_all(client, edition)
        lines = lines_of(edition)
        assert {ref: lines[ref].row.month_texts[-1] for ref in entered} == {
            ref: want for ref, (_, _, want) in entered.items()
        }
        assert {ref: lines[ref].standing for ref in entered} == dict.fromkeys(entered, Standing.APPROVED)
    edition = Edition.objects.get(scorecard=scorecard, month=FEBRUARY)
    edition = move_edition(edition=edition, to=EditionState.IN_REVIEW, version=edition.version, by=officer)
    publish_edition(edition=edition, fingerprint=draft_edition(edition).fingerprint, by=officer, now=datetime.now(UTC))
    report = client.get(f"{PAGE}2021-02/report.csv").content.decode("utf-8-sig")
    printed = {row["ref"]: row["2021-02"] for row in csv.DictReader(io.StringIO(report))}
    monthly = ENTERED["2021-02"]
    assert {ref: printed[ref] for ref in monthly} == {ref: want for ref, (_, _, want) in monthly.items()}
