"""The month in which a council's years begin: its reports' headings, and what new indicators begin with."""

from datetime import date

import pytest

from indicators.models import Indicator, Target
from scorecard.display.columns import report_columns
from scorecard.files.csv_and_json import to_csv
from scorecard.models import CouncilDetails
from scorecard.report.assemble import assemble_report
from scorecard.report.what_to_look_at import notices
from tests.factories import JANUARY, make_indicator, make_scorecard, make_value
from tests.indicators.admin_pages import address
from tests.indicators.importing import import_file

pytestmark = pytest.mark.django_db
OCTOBER = date(2020, 10, 1)


def council_from(month):
    CouncilDetails(year_starts=month).save()


def headings(report):
    return [column.page for column in report_columns(report) if column.page and column.page.startswith("Target")]


@pytest.mark.parametrize(
    ("starts", "month", "expected", "in_csv"),
    [
        (1, JANUARY, ["Target 2019", "Target 2020", "Target 2021"], "target_2021"),
        (1, OCTOBER, ["Target 2018", "Target 2019", "Target 2020"], "target_2020"),
        (4, JANUARY, ["Target 2018-19", "Target 2019-20", "Target 2020-21"], "target_2020-21"),
        (
            7,
            JANUARY,
            ["Target 2018-19 from July", "Target 2019-20 from July", "Target 2020-21 from July"],
            "target_2020-21",
        ),
        (
            9,
            OCTOBER,
            ["Target 2018-19 academic", "Target 2019-20 academic", "Target 2020-21 academic"],
            "target_2020-21",
        ),
        (
            12,
            JANUARY,
            ["Target 2018-19 from December", "Target 2019-20 from December", "Target 2020-21 from December"],
            "target_2020-21",
        ),
    ],
)
def test_headings_are_of_the_councils_years(starts, month, expected, in_csv):
    council_from(starts)
    indicator = make_indicator(year_starts=starts)
    year = int(expected[-1][7:11])
    indicator.targets.create(year=year, value=12)
    make_value(indicator, month, 11)

    report = assemble_report(make_scorecard(indicator), month)

    assert headings(report) == expected
    [row] = report.rows
    assert [row.target_text(cell) for cell in row.targets] == ["", "", "12"]
    assert row.own_year_of(row.targets[2], report.year_starts) == ""
    assert in_csv in to_csv(report).splitlines()[0]


def test_indicator_with_years_of_its_own_stands_where_the_month_is():
    """A council of calendar years, in January 2021: an indicator from April is in the year 2020-21."""
    council_from(1)
    own, school = make_indicator("A1"), make_indicator("A2", year_starts=9)
    for indicator in (own, school):
        make_value(indicator, JANUARY, 11)
        for year in (2019, 2020):
            indicator.targets.create(year=year, value=year - 2000)

    report = assemble_report(make_scorecard(own, school), JANUARY)

    assert headings(report)[1:] == ["Target 2020", "Target 2021"]
    for row, name in zip(report.rows, ("2020-21", "2020-21 academic"), strict=True):
        assert [row.target_text(cell) for cell in row.targets[1:]] == ["19", "20"]
        assert (row.target.year, row.own_year_of(row.targets[2], report.year_starts)) == (2020, name)


def test_two_scorecards_of_a_council_have_the_same_years():
    council_from(1)
    for slug in ("children", "corporate"):
        report = assemble_report(make_scorecard(make_indicator(slug), slug=slug), JANUARY)
        assert headings(report)[-1] == "Target 2021"
        assert any("No indicator has a target for 2021, the year of this report" in text for text in notices(report))


def test_new_indicators_begin_with_the_councils_month(admin_client):
    page = address(Indicator, "add")
    assert admin_client.get(page).context["adminform"].form["year_starts"].value() == 4
    council_from(7)
    assert admin_client.get(page).context["adminform"].form["year_starts"].value() == 7
    header = "reference,title,unit,polarity,owner,reporter"
    import_file(admin_client, Indicator, f"{header}\nA1,New,count,high,,\n")
    import_file(admin_client, Indicator, f"{header},year_starts\nA2,New,count,high,,,\nA3,New,count,high,,,September\n")
    starts = dict(Indicator.objects.values_list("reference", "year_starts"))
    assert starts == {"A1": 7, "A2": 7, "A3": 9}
    # What is there keeps its own.
    import_file(admin_client, Indicator, "reference,title\nA3,Another title\n")
    assert Indicator.objects.get(reference="A3").year_starts == 9


def test_officer_chooses_the_month(admin_client):
    council_from(4)
    page = address(CouncilDetails, "change", CouncilDetails.ONLY)
    assert "Financial year begins in" in admin_client.get(page).content.decode()
    response = admin_client.post(page, {"year_starts": "13", "read_version": "1"})
    assert "year_starts" in response.context["adminform"].form.errors
    assert admin_client.post(page, {"year_starts": "1", "read_version": "1"}).status_code == 302
    assert CouncilDetails.first_month() == 1


def test_lists_and_copied_targets_name_the_councils_years(admin_client):
    council_from(1)
    make_indicator(year_starts=1).targets.create(year=2020, value=9)
    listed = admin_client.get(address(Target, "changelist")).content.decode()
    assert "?for=2020" in listed
    assert "2020-21" not in listed
    page = "/admin/indicators/target/copy/"
    assert "2020 to 2021" in admin_client.get(page).content.decode()
    told = admin_client.post(page, {"year": "2020"}, follow=True).content.decode()
    assert "copied to 2021." in told
    assert Target.history.filter(history_change_reason="Copied from 2020").count() == 1
