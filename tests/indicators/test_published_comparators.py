"""Comparators that are kept as published, with the rule for their basis: typed, imported, exported, shown, compared."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction

from indicators.calculations.vocabulary import OnBasis
from indicators.models import Comparator, Indicator
from scorecard.display.notes import latest_notes
from scorecard.files.csv_and_json import to_json
from scorecard.report.assemble import assemble_report
from tests.factories import JANUARY, make_indicator, make_scorecard, make_value
from tests.indicators.admin_pages import address, filled_in
from tests.indicators.importing import import_file, preview
from tests.indicators.test_resources_export import CSV, FORMATS, export

pytestmark = pytest.mark.django_db
HEADER = "reference,group,year,value,published,period,rule,on_basis\n"


@pytest.fixture
def count():
    return make_indicator("M1", scope="national")


def typed(indicator, **fields):
    return {
        "indicator": indicator.pk,
        "group": "england",
        "year": "2019-20",
        "value": "",
        "published": "417",
        "period": "year",
        "rule": "÷ 12",
        "on_basis": "yes",
        **fields,
    }


def test_figure_is_worked_out_from_the_published_one(admin_client, count):
    assert admin_client.post(address(Comparator, "add"), typed(count)).status_code == 302

    one = Comparator.objects.get()
    assert (one.value, one.published, one.period, one.rule) == (Fraction(139, 4), "417", "year", "/ 12")
    page = address(Comparator, "change", one.pk)
    assert "Worked out from the published figure: 34.75." in admin_client.get(page).content.decode()
    # The published figure alone is changed: what was worked out from the old one doesn't stand in its way.
    assert admin_client.post(page, filled_in(admin_client, page, published="120 + 80; 40")).status_code == 302
    one.refresh_from_db()
    assert (one.value, one.published) == (20, "120 + 80 + 40")
    history = admin_client.get(address(Comparator, "history", one.pk)).content.decode()
    assert "120 + 80 + 40" in history
    # As before there was a rule: a figure alone, with words.
    back = {"published": "", "rule": "", "period": "", "value": "35", "basis": "By hand"}
    assert admin_client.post(page, filled_in(admin_client, page, **back)).status_code == 302
    one.refresh_from_db()
    assert (one.value, one.published, one.rule, one.basis) == (35, "", "", "By hand")


def test_what_is_wrong_is_told_beside_its_field(admin_client, count):
    share = make_indicator("M2", unit="percentage", scope="national")
    cases = [
        (count, {"rule": "/ 0"}, "rule", "“/ 0” divides by 0."),
        (count, {"rule": "by twelve"}, "rule", "“by twelve” is not a rule."),
        (count, {"rule": "/ authorities"}, "rule", "Write how many authorities they are"),
        (count, {"published": "", "period": ""}, "rule", "Write the figure as it was published, too"),
        (count, {"published": "about 400"}, "published", "“about 400” is not a figure"),
        (count, {"published": "  + "}, "published", "is not a figure"),
        (count, {"period": ""}, "period", "Say what time the published figure is of."),
        (count, {"rule": "mean of parts"}, "rule", "There is one part only"),
        (count, {"rule": ""}, "rule", "The figure is of another time (a whole year: a total"),
        (count, {"rule": "", "published": "", "value": "417"}, "rule", "The figure is of another time"),
        (count, {"period": "quarter", "rule": ""}, "rule", "The figure is of another time (a quarter)"),
        (count, {"value": "36"}, "value", "417 divided by 12 is 34.75, not 36. Leave this figure empty"),
        (count, {"blank": "not_available"}, "blank", "There is a published figure: leave one of the two empty."),
        (count, {"published": "9" * 12, "rule": "x 1000"}, "rule", "which is too large for a figure"),
        (count, {"rule": "per month", "period": "day"}, "rule", "needs the total of a longer time"),
        (count, {"published": "83", "rule": "40 minus"}, "published", "A comparator can't be negative"),
        (share, {"published": "1.4", "rule": "x 100"}, "rule", "1.4 multiplied by 100 is 140: a percentage is at most"),
        (share, {"published": "140", "rule": ""}, "published", "140 is 140: a percentage is at most 100."),
        (count, {"rule": ", ".join(["per 9999 of 250000"] * 9)}, "rule", "This is too long"),
        (count, {"rule": "/ 1000000000 / 1000000000"}, "rule", "decimals that a figure can have: it is too small"),
    ]
    for indicator, fields, field, problem in cases:
        response = admin_client.post(address(Comparator, "add"), typed(indicator, **fields))
        assert response.status_code == 200, fields
        errors = response.context["adminform"].form.errors
        assert [*errors] == [field], (fields, errors)
        assert problem in errors[field][0]
    assert not Comparator.objects.exists()
    without = admin_client.post(address(Comparator, "add"), typed(count) | {"indicator": ""})
    assert [*without.context["adminform"].form.errors] == ["indicator"]


def test_indicators_own_page_works_it_out_too(admin_client, count):
    page = address(Indicator, "change", count.pk)
    row = {name: str(value) for name, value in typed(count).items() if name != "indicator"}
    data = filled_in(admin_client, page) | {"comparators-TOTAL_FORMS": "1"}
    data |= {f"comparators-0-{name}": value for name, value in row.items()}
    wrong = admin_client.post(page, data | {"comparators-0-rule": "/ 0"})
    assert "“/ 0” divides by 0." in wrong.content.decode()
    assert admin_client.post(page, data).status_code == 302
    assert Comparator.objects.get().value == Fraction(139, 4)


@FORMATS
def test_export_reads_back_equal(admin_client, count, file_format):
    rows = (
        'M1,england,2019-20,,417,year,÷ 12,yes\nM1,region,2019-20,,"1,200 + 80",quarter,per month,yes\n'
        "M1,statistical_neighbours,2019-20,33,,,,no\nM1,england,2018-19,,100,year,/ 12,yes\n"
    )
    import_file(admin_client, Comparator, HEADER + rows)
    region = Comparator.objects.get(group="region")
    assert (region.value, region.published, region.rule) == (Decimal("426.666667"), "1200 + 80", "/ 3 months")

    content = export(admin_client, Comparator, file_format)

    again = preview(admin_client, Comparator, content, "again.csv" if file_format == CSV else "again.xlsx")
    assert again.context["problems"] == []
    assert (again.context["changed"], again.context["unchanged"]) == ([], 4)


def test_file_may_change_the_published_figure_alone(admin_client, count):
    import_file(admin_client, Comparator, f"{HEADER}M1,england,2019-20,,417,year,/ 12,yes\n")
    import_file(admin_client, Comparator, "reference,group,year,published\nM1,england,2019-20,420\n")
    one = Comparator.objects.get()
    # Whoever said that it is on the basis said so of another figure.
    assert (one.value, one.rule, one.on_basis) == (35, "/ 12", "unknown")

    for cells, problem in (
        ("reference,group,year,value\nM1,england,2019-20,40\n", "420 divided by 12 is 35, not 40"),
        (f"{HEADER}M1,england,2019-20,,420,year,/ x,yes\n", "“/ x” is not a rule"),
        (f"{HEADER}M1,england,2019-20,,420,fortnight,/ 12,yes\n", "“fortnight” is not known"),
        (f"{HEADER}M1,region,2019-20,417,,year,,yes\n", "The figure is of another time"),
        (f"{HEADER}M1,region,2019-20,417,,,/ 12,yes\n", "Write the figure as it was published, too"),
    ):
        assert problem in preview(admin_client, Comparator, cells).content.decode()
    assert preview(admin_client, Comparator, "reference,group,year,value\nM1,england,2019-20,35\n").status_code == 200


def test_database_keeps_a_rule_with_its_figure(count):
    for fields in (
        {"rule": "/ 12"},
        {"published": "417", "rule": "/ 12"},
        {"published": "417", "period": "fortnight"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Comparator.objects.create(indicator=count, group="england", year=2019, value=35, **fields)


def kept(indicator, **fields):
    one = Comparator(indicator=indicator, group="england", year=2019, **fields)
    one.full_clean()
    one.save()
    return one


def test_report_compares_with_the_exact_figure_and_says_how_it_came_about(count):
    make_value(count, figure=25)
    kept(count, published="100", period="year", rule="divided by 4, then ÷ 3", on_basis="yes", basis="All councils")

    report = assemble_report(make_scorecard(count), JANUARY)
    [row] = report.rows
    cell = row.comparators[1]

    assert cell.value == Fraction(25, 3)
    how = "100 in the year 2019-20, divided by 4, divided by 3"
    assert cell.basis_words == f"{how}; All councils"
    assert f"England: {how}" in [*latest_notes(row)]
    in_json = json.loads(to_json(report))["sections"][0]["rows"][0]["comparators"]["england"]
    assert in_json["basis"] == f"{how}; All councils"
    assert in_json["published"] == {"figures": "100", "period": "year", "rule": "/ 4 / 3"}
    assert (cell.warnings, cell.is_comparable) == ((), True)


def test_figure_of_another_time_is_shown_and_not_compared(count):
    make_value(count, figure=25)
    Comparator.objects.create(
        indicator=count, group="england", year=2019, value=417, published="417", period="year", on_basis="yes"
    )
    cell = next(assemble_report(make_scorecard(count), JANUARY).rows).comparators[1]
    assert (cell.value, cell.on_basis, cell.comparison.movement) == (417, OnBasis.UNKNOWN, None)
    assert cell.warnings == ("basis not known",)
    assert cell.basis_words == "417 in the year 2019-20"
    count.frequency = "yearly"
    count.save()
    assert Comparator.objects.get().known_basis is OnBasis.YES
