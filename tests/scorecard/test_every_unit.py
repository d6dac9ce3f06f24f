"""A line in every unit, from what is typed into a return to pages and files, and read back from these."""

import csv
import io
import json
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from indicators.models import Comparator, MonthlyValue, Target
from scorecard.files.csv_and_json import as_data, to_csv
from scorecard.files.data_workbook import to_data_xlsx
from scorecard.files.open_data import to_tidy
from scorecard.files.workbook import to_xlsx
from scorecard.publication.publish import freeze_published
from scorecard.report import assemble_report
from tests.factories import DECEMBER, JANUARY, make_edition, make_scorecard, make_values, publish
from tests.indicators.importing import preview
from tests.scorecard.returns.returning import NOW, enter, line_of, make_reported, person

# By unit: its fields, December's figure, what is typed for January, what is kept, and what the report displays.
TYPED = {
    "count": ({}, 40, "1,200", 1200, "1,200"),
    "percentage": ({}, 40, "39%", 39, "39%"),
    "rate_1000": ({}, 40, "53 per 1,000", 53, "53"),
    "rate_10000": ({}, 40, "53", 53, "53"),
    "rate_100000": ({}, 40, "53", 53, "53"),
    "rate": ({"rate_base": 1_000_000}, 40, "53 per 1,000,000", 53, "53"),
    "money": ({"decimal_places": 2}, 40, "£1,200.50", Decimal("1200.5"), "£1,200.50"),
    "money_thousand": ({"allows_negative": True}, 8, "(£12k)", -12, "-£12k"),
    "money_million": ({"decimal_places": 1}, 2, "£1.2m", Decimal("1.2"), "£1.2m"),
    "hours": ({"decimal_places": 1}, 4, "3.5 hours", Decimal("3.5"), "3.5 hours"),
    "days": ({}, 14, "12 days", 12, "12 days"),
    "weeks": ({}, 2, "1 week", 1, "1 week"),
    "months": ({}, 12, "14 months", 14, "14 months"),
    "score": ({"decimal_places": 1, "allows_negative": True}, 4, "−0.3", Decimal("-0.3"), "-0.3"),
}


@pytest.fixture
def edition():
    made = []
    for unit, (fields, before, *_) in TYPED.items():
        indicator = make_reported(unit.upper(), unit=unit, polarity="low", **fields)
        make_values(indicator, {DECEMBER: before})
        made.append(indicator)
    signed = made[list(TYPED).index("money_thousand")]
    Target.objects.create(indicator=signed, year=2020, value=-10, tolerance=5)
    Comparator.objects.create(indicator=signed, group="england", year=2019, value=-20, on_basis="yes", source="ONS")
    return make_edition(make_scorecard(*made))


@pytest.mark.filterwarnings("ignore:Sparkline")
@pytest.mark.django_db
def test_every_unit_from_the_return_to_the_files_and_back(edition, client, admin_client):
    result = enter(
        edition, **{unit.upper(): {"figure": typed, "text": "As it is."} for unit, (*_, typed, _, _) in TYPED.items()}
    )
    assert len(result.saved) == len(TYPED)
    kept = {value.indicator.unit: value.figure for value in MonthlyValue.objects.filter(month=JANUARY)}
    assert kept == {unit: stored for unit, (*_, stored, _) in TYPED.items()}

    report = assemble_report(edition.scorecard, JANUARY)
    rows = {row.measure.unit.value: row for row in report.rows}
    assert {unit: row.current_text for unit, row in rows.items()} == {unit: text for unit, (*_, text) in TYPED.items()}
    texts = {unit: row.change_month_text for unit, row in rows.items()}
    assert (texts["money_thousand"], texts["score"], texts["days"]) == ("-£20k", "-4.3", "-14%")
    variance = rows["money_thousand"]
    assert (variance.rating.value, variance.average_text, variance.target_text(variance.target)) == (
        "green",
        "-£2k",
        "-£10k",
    )
    assert variance.comparators[1].comparison.movement.value == "up"

    # Numbers stay numbers, and each unit is told once.
    data = {row["ref"]: row for section in as_data(report)["sections"] for row in section["rows"]}
    assert data["MONEY_THOUSAND"]["months"]["2021-01"]["value"] == "-12"
    assert (
        data["MONEY_THOUSAND"]["change_month"] | {"value": None, "difference": "-20"}
        == data["MONEY_THOUSAND"]["change_month"]
    )
    assert "difference" not in data["DAYS"]["change_month"]
    assert (data["RATE"]["unit"], data["DAYS"]["unit"]) == ("rate_1000000", "days")
    lines = {line["ref"]: line for line in csv.DictReader(io.StringIO(to_csv(report)))}
    assert {line["2021-01"] for line in lines.values()} == {text for *_, text in TYPED.values()}
    with zipfile.ZipFile(io.BytesIO(to_tidy(report))) as archive:
        tidy = list(csv.DictReader(io.StringIO(archive.read("panel.csv").decode())))
        meta = {line["col_name"]: line for line in csv.DictReader(io.StringIO(archive.read("panel.meta.csv").decode()))}
    latest = {
        line["reference"]: line
        for line in tidy
        if (line["time_period"], line["time_identifier"]) == ("2021", "January")
    }
    assert latest["MONEY_THOUSAND"]["figure_pounds_thousand"] == "-12"
    assert latest["RATE"]["figure_rate_per_1000000"] == "53"
    assert meta["figure_rate_per_1000000"]["label"] == "Rate per 1,000,000"
    assert (meta["figure_pounds"]["indicator_unit"], meta["figure_days"]["indicator_unit"]) == ("£", "")

    shown = {}
    for made in (to_xlsx(report), to_data_xlsx(report)):
        book = openpyxl.load_workbook(io.BytesIO(made))
        sheet = book["Scorecard"] if "Scorecard" in book else book["Indicators"]
        for line in sheet.iter_rows():
            by_value = {cell.value for cell in line}
            for unit in TYPED.keys() & {str(value).lower() for value in by_value}:
                shown[unit] = {(cell.value, cell.number_format) for cell in line}
    assert (-12, '"£"#,##0"k"') in shown["money_thousand"]
    assert (-20, '+"£"#,##0"k";-"£"#,##0"k";"£"#,##0"k"') in shown["money_thousand"]
    assert (12, '#,##0" days"') in shown["days"]
    assert (1, '#,##0" week"') in shown["weeks"]
    assert (0.39, "#,##0%") in shown["percentage"]

    # What the report displays, and what its workbook holds, can be read back, and changes nothing.
    displayed = "reference,month,figure\n" + "".join(
        f'{row.measure.reference},2021-01,"{row.current_text}"\n' for row in report.rows
    )
    assert preview(admin_client, MonthlyValue, displayed).context["unchanged"] == len(TYPED)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_pages_in_every_unit(edition, client):
    enter(edition, **{unit.upper(): {"figure": typed} for unit, (*_, typed, _, _) in TYPED.items()})
    scorecard = edition.scorecard
    client.force_login(person("lead"))
    page = client.get(reverse("return", args=[scorecard.slug, "2021-01"])).content.decode()
    for asked in ("How many days on average in January 2021?", "How much in £ thousand in January 2021?"):
        assert asked in page
    assert 'inputmode="decimal"' not in page
    assert "Put a minus in front of a figure below 0" in page
    edition.state = "published"
    edition.save()
    freeze_published(scorecard, NOW)
    report = client.get(reverse("report", args=[scorecard.slug, "2021-01"])).content.decode()
    assert '<span aria-hidden="true">-</span><span class="govuk-visually-hidden">minus </span>£12k' in report
    assert "Where figures can be below 0 a change is told as so much more (+) or less (-)" in report
    publish(scorecard, DECEMBER)
    compared = client.get(reverse("compare", args=[scorecard.slug]), {"earlier": "2020-12", "later": "2021-01"})
    assert "minus </span>£20k" in compared.content.decode()
    for line in TYPED:
        key = line_of(edition, line.upper()).key
        address = reverse("indicator", args=[scorecard.slug, "2021-01", key])
        html = client.get(address).content.decode()
        assert html.count("chart-svg") == 1
        chart = json.loads(client.get(f"{address}chart.json").content)
        assert chart["min"] < 0 if line in ("money_thousand", "score") else chart["min"] >= 0
