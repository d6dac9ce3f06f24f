"""A comparator that is said to be on the basis and is far from the indicator's figures: it is asked about, and kept."""

from datetime import date

import pytest
from django.contrib.messages import get_messages

from indicators.bases import questions_about
from indicators.calculations.vocabulary import OnBasis
from indicators.models import Comparator, Indicator, Population, PopulationGroup
from tests.factories import make_derived, make_indicator, make_values
from tests.indicators.admin_pages import address, filled_in
from tests.indicators.importing import confirm, import_file, preview

pytestmark = pytest.mark.django_db
MONTHS = [date(2020, month, 1) for month in range(1, 13)]
HEADER = "reference,group,year,value,on_basis\n"


@pytest.fixture
def rate():
    """65 in every month."""
    indicator = make_indicator("M2-NI", scope="national", unit="rate_10000", decimal_places=1)
    make_values(indicator, dict.fromkeys(MONTHS, 65))
    return indicator


def question(indicator, value, on_basis="yes"):
    comparator = Comparator(indicator=indicator, group="england", year=2019, value=value, on_basis=on_basis)
    return questions_about([comparator])[0]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        pytest.param(560, "560.0 is said to be on the same basis, but is 8.6 times the average", id="a year's rate"),
        pytest.param(780, "is 12.0 times the average of the last 12 months, 65.0", id="twelve times"),
        pytest.param(5.4, "but the average of the last 12 months, 65.0, is 12.0 times as much", id="a twelfth"),
        pytest.param(13, "is 5.0 times as much", id="a fifth"),
        pytest.param(14, "", id="more than a fifth"),
        pytest.param(324, "", id="less than five times"),
        pytest.param(None, "", id="no figure"),
        pytest.param(0, "", id="none"),
    ],
)
def test_comparator_far_from_the_figures_is_asked_about(rate, value, said):
    asked = question(rate, value)
    assert said in asked
    assert bool(asked) is bool(said)


@pytest.mark.parametrize("on_basis", [OnBasis.NO, OnBasis.UNKNOWN])
def test_comparator_that_is_not_compared_is_not_asked_about(rate, on_basis):
    assert question(rate, 560, on_basis) == ""


def test_indicator_without_figures_has_nothing_to_ask_about():
    assert question(make_indicator("A1"), 560) == ""


def test_indicator_that_is_worked_out_is_asked_about_too():
    children = PopulationGroup.objects.create(name="Children")
    Population.objects.create(group=children, year=2019, people=50_000)
    referrals = make_indicator("M2")
    make_values(referrals, dict.fromkeys(MONTHS, 325))
    rate = make_derived("M2-NI", [referrals], population=children, unit="rate_10000", scope="national")
    assert "560 is said to be on the same basis, but is 8.6 times the average" in question(rate, 560)
    assert question(rate, 70) == ""


def test_month_in_which_nothing_has_arrived_is_not_the_latest(rate):
    rate.values.create(month=date(2022, 1, 1), blank="awaited")
    assert question(rate, 560)


def test_number_of_queries_does_not_grow(rate, django_assert_num_queries):
    others = [make_indicator(f"A{number}", scope="national") for number in range(5)]
    many = [Comparator(indicator=one, group="england", value=9, on_basis="yes") for one in (rate, *others)]
    with django_assert_num_queries(5):
        questions_about(many)


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_import_asks_in_the_preview_and_takes_it_all_the_same(admin_client, rate):
    response = preview(
        admin_client, Comparator, f"{HEADER}M2-NI,england,2019-20,560,yes\nM2-NI,region,2019-20,70,yes\n"
    )
    [question] = response.context["questions"].questions
    [(row, caution)] = question.found
    assert (question.code, row.number) == ("basis", 2)
    assert "8.6 times" in caution.message
    assert "8.6 times the average of the last 12 months" in response.content.decode()
    confirm(admin_client, Comparator, response)
    assert Comparator.objects.filter(value=560, on_basis="yes").exists()


@pytest.mark.parametrize("on_basis", ["", "unknown", "not known"])
def test_comparator_is_on_the_basis_only_when_the_file_says_so(admin_client, rate, on_basis):
    response = preview(admin_client, Comparator, f"{HEADER}M2-NI,england,2019-20,560,{on_basis}\n")
    assert response.context["questions"].questions == []
    confirm(admin_client, Comparator, response)
    assert Comparator.objects.get().on_basis == "unknown"


def test_file_without_the_column_does_not_say_so_either(admin_client, rate):
    import_file(admin_client, Comparator, "reference,group,year,value\nM2-NI,england,,560\n")
    assert Comparator.objects.get().on_basis == "unknown"


def test_form_asks_when_it_has_saved(admin_client, rate):
    typed = {"indicator": rate.pk, "group": "england", "year": "2019-20", "value": "560"}
    assert told(admin_client.post(address(Comparator, "add"), typed | {"on_basis": "unknown"}))[1:] == []
    page = address(Comparator, "change", Comparator.objects.get().pk)
    response = admin_client.post(page, filled_in(admin_client, page, on_basis="yes"))
    assert response.status_code == 302
    assert "8.6 times" in "".join(told(response))
    assert Comparator.objects.get().on_basis == "yes"


def test_indicators_own_page_asks_too(admin_client, rate):
    page = address(Indicator, "change", rate.pk)
    row = {"group": "england", "year": "2019-20", "value": "780", "blank": "", "on_basis": "yes"}
    added = {f"comparators-0-{name}": value for name, value in row.items()}
    data = filled_in(admin_client, page) | {"comparators-TOTAL_FORMS": "1"} | added
    assert "12.0 times" in "".join(told(admin_client.post(page, data)))
    assert Comparator.objects.get().value == 780
