"""Exporting: nobody's text runs as a formula, numbers stay numbers, and what goes out comes back unchanged."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.formatting import neutralise, restore
from indicators.models import Comparator, Indicator, MonthlyValue, Population, PopulationGroup, Target
from tests.factories import make_derived, make_indicator, make_user, make_value
from tests.indicators.importing import preview

EXCEL, CSV = "0", "1"
FORMATS = pytest.mark.parametrize("file_format", [EXCEL, CSV], ids=["xlsx", "csv"])


def export(client, model, file_format, query=""):
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_export")
    response = client.post(address + query, {"format": file_format, "resource": "0"})
    assert response["Content-Disposition"].startswith("attachment")
    return response.content


def rows_of(content, file_format):
    if file_format == EXCEL:
        return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@given(st.text())
def test_a_text_comes_back_as_it_was(text):
    assert restore(neutralise(text)) == text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''=1"])
def test_a_formula_is_neutralise(text):
    assert neutralise(text) == f"'{text}"


@pytest.mark.parametrize("value", [-1, "5 - 3", "'quoted'", "", None], ids=repr)
def test_what_is_no_formula_stays(value):
    assert neutralise(value) == value


@FORMATS
@pytest.mark.django_db
def test_an_export_neutralises_texts_and_keeps_numbers(admin_client, file_format):
    make_value(make_indicator("M1"), figure=1343, note="=HYPERLINK(1)")

    header, row = rows_of(export(admin_client, MonthlyValue, file_format), file_format)

    cells = dict(zip(header, row, strict=True))
    assert cells["note"] == "'=HYPERLINK(1)"
    assert cells["figure"] == (1343 if file_format == EXCEL else "1343")
    assert cells["month"] == "2021-01"


def make_everything():
    person = make_user("mash.lead")
    group = PopulationGroup.objects.create(name="Children aged 0 to 17")
    first = make_indicator("101", owner=person, note="=1\r\n second line \n", definition=" -x ", unit="percentage")
    second = make_indicator("M2", kind="ratio", active_from=date(2020, 4, 1), outcome="'=x\x0b, “quoted”")
    make_derived("M3", [first, second], population=group, unit="rate_10000")
    make_value(first, figure="19.123456", stage="provisional", note="@all")
    make_value(second, numerator=1, denominator=14)
    make_value(second, date(2020, 12, 1), blank="awaited")
    Target.objects.create(indicator=first, year=2011, value="94.5", tolerance="0.25", note="-5")
    Target.objects.create(indicator=first, year=2012, is_tbc=True)
    Comparator.objects.create(indicator=first, group="england", value=7, source="=A1")
    Comparator.objects.create(indicator=first, group="region", year=2019, blank="not_available")
    Population.objects.create(group=group, year=2019, people=50_742, source="ONS")


@FORMATS
@pytest.mark.parametrize(
    "model", [Indicator, MonthlyValue, Target, Comparator, Population], ids=lambda model: model.__name__
)
@pytest.mark.django_db
def test_an_export_imported_again_changes_nothing(admin_client, model, file_format):
    make_everything()

    content = export(admin_client, model, file_format)
    response = preview(admin_client, model, content)

    assert response.context["form"].errors == {}
    assert response.context["problems"] == []
    assert [row.diff for row in response.context["changed"]] == []
    assert response.context["unchanged"] == model.objects.count()


@pytest.mark.django_db
def test_an_export_has_the_filtered_rows(admin_client):
    make_value(make_indicator("M1"), figure=1)
    make_value(make_indicator("M2"), date(2020, 12, 1), figure=2)

    rows = rows_of(export(admin_client, MonthlyValue, CSV, "?in=2020-12"), CSV)

    assert [row[0] for row in rows] == ["reference", "M2"]


@pytest.mark.django_db
def test_an_export_takes_as_many_queries_for_many_rows(admin_client, django_assert_max_num_queries):
    make_everything()
    with django_assert_max_num_queries(60) as few:
        export(admin_client, Indicator, CSV)
    for number in range(40):
        make_derived(f"D{number}", [make_indicator(f"S{number}", owner=make_user(f"person{number}"))])
    with django_assert_max_num_queries(len(few)):
        export(admin_client, Indicator, CSV)


@pytest.mark.parametrize("data", [{}, {"format": "9"}, {"format": "x", "export_items": "1"}], ids=str)
@pytest.mark.django_db
def test_an_unknown_format_is_explained(admin_client, data):
    response = admin_client.post(reverse("admin:indicators_target_export"), data)

    assert response.status_code == 200
