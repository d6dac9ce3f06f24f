"""Importing targets, comparators and populations."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from indicators.models import Comparator, Population, PopulationGroup, Target
from tests.factories import make_indicator
from tests.indicators.importing import excel, import_file, preview, problems

pytestmark = pytest.mark.django_db
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "children_and_families"
JANUARY = date(2021, 1, 1)


@pytest.fixture
def contacts():
    return make_indicator("M1")


def test_targets_are_imported(admin_client, contacts):
    import_file(admin_client, Target, "reference,year,value,tolerance\nM1,2020-21,94.5,2\nM1,2021-22,tbc,\n")

    assert list(contacts.targets.values_list("year", "value", "is_tbc", "tolerance")) == [
        (2021, None, True, 0),
        (2020, Decimal("94.5"), False, 2),
    ]


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("M1,2020-21,", "value", "The target is empty: write the figure, or TBC"),
        ("M1,2020-21,soon", "value", "“soon” is not a number: write the figure, or TBC"),
        ("M1,2020-22,5", "year", "is not a financial year: write it as 2019-20"),
        ("M1,2020,5", "year", "is not a financial year"),
        ("M1,,5", "year", "The financial year is empty"),
        ("M1,2020-21,90%", "value", "M1 is not a percentage"),
    ],
)
def test_what_is_wrong_with_a_target_is_named(admin_client, contacts, row, column, message):
    [(number, named, text)] = problems(admin_client, Target, f"reference,year,value\n{row}\n")

    assert (number, named) == (2, column)
    assert message in text


def test_a_year_that_excel_took_for_a_month_is_read(admin_client, contacts):
    content = excel(("reference", "year", "value"), ("M1", date(2011, 12, 1), 5))

    import_file(admin_client, Target, content, "targets.xlsx")

    assert contacts.targets.get().year == 2011


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("reference,group,year,value\nM1,england,2019-20,560\n", "unknown", id="another value"),
        pytest.param("reference,group,year,value,source\nM1,england,2019-20,65,DfE\n", "yes", id="the same value"),
        pytest.param("reference,group,year,source\nM1,england,2019-20,DfE\n", "yes", id="no value"),
        pytest.param("reference,group,year,value,on_basis\nM1,england,2019-20,560,yes\n", "yes", id="the file says so"),
        pytest.param("reference,group,year,value,on_basis\nM1,england,2019-20,560,\n", "unknown", id="left empty"),
    ],
)
def test_another_value_is_on_the_basis_only_if_the_file_says_so(admin_client, contacts, content, expected):
    england = Comparator.objects.create(indicator=contacts, group="england", year=2019, value=65, on_basis="yes")
    import_file(admin_client, Comparator, content)
    england.refresh_from_db()
    assert england.on_basis == expected


def test_comparators_without_a_year_are_imported_once(admin_client, contacts):
    content = "reference,group,year,value,on_basis\nM1,england,,353,yes\nM1,Statistical neighbours,2019-20,368,\n"
    import_file(admin_client, Comparator, content)

    assert "changes nothing" in preview(admin_client, Comparator, content).content.decode()
    assert contacts.comparators.get(year=None).value == 353


def test_populations_are_imported(admin_client):
    PopulationGroup.objects.create(name="Children aged 0 to 17")

    import_file(admin_client, Population, 'group,year,people\nchildren aged 0 to 17,2019-20,"50,742"\n')

    assert Population.objects.get().people == 50_742


@pytest.mark.parametrize("people", ["0", "", "many", "-1", "1.5", "9" * 12])
def test_what_is_wrong_with_a_population_is_named(admin_client, people):
    PopulationGroup.objects.create(name="Children")

    assert problems(admin_client, Population, f"group,year,people\nChildren,2019-20,{people}\n")
    assert not Population.objects.exists()
