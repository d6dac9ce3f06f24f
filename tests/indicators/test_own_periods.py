"""Frequency, year and due months where officers set them up, and periods in the files that they import."""

from datetime import date
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps

from indicators.models import Indicator, MonthlyValue, Target
from tests.factories import make_indicator, make_values
from tests.indicators.admin_pages import address, filled_in
from tests.indicators.importing import asked, confirm, import_file, preview, problems

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.mark.parametrize(
    ("typed", "kept"), [("12, 4, 7", "12,4,7"), ("December, April and July", "12,4,7"), ("", ""), ("1 5 8", "1,5,8")]
)
def test_due_months_are_kept_by_their_numbers(admin_client, typed, kept):
    page = address(Indicator, "change", make_indicator("A1").pk)
    response = admin_client.post(page, filled_in(admin_client, page, frequency="termly", due_months=typed))
    assert response.status_code == 302
    assert Indicator.objects.get().due_months == kept


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"frequency": "termly", "due_months": "12, 4"}, "needs 3 months, one for each term; there are 2."),
        ({"frequency": "yearly", "due_months": "13"}, "“13” is not a month"),
        ({"frequency": "yearly", "due_months": "Brumaire"}, "“brumaire” is not a month"),
        ({"frequency": "quarterly", "due_months": "3, 4, 9, 12"}, "March and April would each have the figure of"),
        ({"frequency": "half_yearly", "due_months": "9, 9"}, "September is there twice."),
        ({"due_months": "3"}, "A monthly figure is due every month: leave the months empty."),
        ({"frequency": "yearly", "due_months": "\x00"}, "Null characters are not allowed"),
        ({"frequency": "yearly", "due_months": "3" * 300}, "at most 200 characters"),
    ],
)
def test_due_months_that_do_not_fit_are_explained_beside_the_field(admin_client, changes, said):
    page = address(Indicator, "change", make_indicator("A1").pk)
    response = admin_client.post(page, filled_in(admin_client, page, **changes))
    assert response.status_code == 200
    assert said in str(response.context["adminform"].form.errors["due_months"])


@pytest.mark.sqlite
@pytest.mark.parametrize("changes", [{"year_starts": "13"}, {"year_starts": "x"}, {"frequency": "fortnightly"}])
def test_a_year_or_frequency_that_is_none_is_explained(admin_client, changes):
    page = address(Indicator, "change", make_indicator("A1").pk)
    response = admin_client.post(page, filled_in(admin_client, page, **changes, due_months="3"))
    assert response.status_code == 200
    assert set(changes) <= set(response.context["adminform"].form.errors)


def test_figures_that_a_new_frequency_leaves_between_its_months_are_told_of(admin_client):
    indicator = make_indicator("A1")
    make_values(indicator, {date(2020, month, 1): 5 for month in range(1, 7)})
    page = address(Indicator, "change", indicator.pk)
    response = admin_client.post(page, filled_in(admin_client, page, frequency="quarterly"), follow=True)
    told = "A1 has a figure in June, September, December and March. 4 figures stand in other months, the latest in May"
    assert told in response.content.decode()
    assert MonthlyValue.objects.count() == 6


def test_the_same_is_asked_of_a_file_of_indicators(admin_client):
    make_values(make_indicator("A1"), {date(2020, 5, 1): 5, date(2020, 6, 1): 5})
    shown = preview(admin_client, Indicator, "reference,frequency,year_starts,due_months\nA1,termly,September,\n")
    assert asked(shown) == {"off-period": [2]}
    confirm(admin_client, Indicator, shown)
    assert Indicator.objects.get().year_starts == 9


def test_a_file_of_indicators_may_name_months(admin_client):
    make_indicator("A1")
    header = "reference,frequency,year_starts,due_months\n"
    import_file(admin_client, Indicator, f'{header}A1,termly,9,"Dec, Apr, Jul"\n')
    assert Indicator.objects.values_list("year_starts", "due_months").get() == (9, "12,4,7")
    # Another frequency has other due months, which the file need not say.
    import_file(admin_client, Indicator, "reference,frequency\nA1,yearly\n")
    assert Indicator.objects.values_list("frequency", "due_months").get() == ("yearly", "")


def test_a_file_of_figures_may_name_periods(admin_client):
    for reference, fields in {
        "Q": {"frequency": "quarterly"},
        "T": {"frequency": "termly"},
        "Y": {"frequency": "yearly", "due_months": "11"},
        "C": {"frequency": "yearly", "year_starts": 1},
        "M": {},
    }.items():
        make_indicator(reference, **fields)
    lines = ["reference,month,figure", "Q,Q3 2020-21,5", "T,Autumn 2020,6", "Y,2019-20,7", "C,2019,8", "M,2020-12,9"]
    import_file(admin_client, MonthlyValue, "\n".join(lines))
    found = MonthlyValue.objects.order_by("figure").values_list("indicator__reference", "month", "figure")
    assert list(found) == [
        ("Q", date(2020, 12, 1), Decimal(5)),
        ("T", date(2020, 12, 1), Decimal(6)),
        ("Y", date(2020, 11, 1), Decimal(7)),
        ("C", date(2019, 12, 1), Decimal(8)),
        ("M", date(2020, 12, 1), Decimal(9)),
    ]


def test_one_text_is_read_for_each_indicator_as_its_own(admin_client):
    make_indicator("A", frequency="yearly")
    make_indicator("B", frequency="yearly", due_months="11")
    import_file(admin_client, MonthlyValue, "reference,month,figure\nA,2019-20,5\nB,2019-20,6\n")
    assert set(MonthlyValue.objects.values_list("month", flat=True)) == {date(2020, 3, 1), date(2020, 11, 1)}


@pytest.mark.sqlite
def test_a_period_that_is_none_is_explained_beside_its_row(admin_client):
    make_indicator("Y", frequency="yearly")
    first, second = problems(admin_client, MonthlyValue, "reference,month,figure\nY,Q3 2020-21,5\nY,2011-12,5\n")
    assert first[:2] == (2, "month")
    assert "is no period of an indicator that has a figure in March" in first[2]
    assert "may be December 2011, or the figure of 2011-12" in second[2]


@pytest.mark.sqlite
@pytest.mark.parametrize(("starts", "typed", "shown"), [(1, "2020", "2020"), (9, "2020-21", "2020-21")])
def test_targets_are_written_as_years_of_their_indicator_are(admin_client, starts, typed, shown):
    indicator = make_indicator("A1", year_starts=starts)
    page = address(Target, "add")
    admin_client.post(page, filled_in(admin_client, page, indicator=indicator.pk, year=typed, value="9"))
    target = Target.objects.get()
    assert target.year == 2020
    assert filled_in(admin_client, address(Target, "change", target.pk))["year"] == shown
    import_file(admin_client, Target, f"reference,year,value\nA1,{typed},8\n")
    assert Target.objects.get().value == 8


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("starts", "typed", "said"),
    [(4, "2020", "is not a financial year"), (1, "2020-21", "is not a calendar year"), (1, "x", "is not a")],
)
def test_a_year_of_another_kind_is_explained(admin_client, starts, typed, said):
    indicator = make_indicator("A1", year_starts=starts)
    page = address(Target, "add")
    response = admin_client.post(page, filled_in(admin_client, page, indicator=indicator.pk, year=typed, value="9"))
    assert said in str(response.context["adminform"].form.errors["year"])
    [problem] = problems(admin_client, Target, f"reference,year,value\nA1,{typed},8\n")
    assert said in problem[2]


def test_quarters_that_end_in_other_months_are_found_on_upgrading():
    """Three of an indicator's four figures stand in January, April and July; another's at the ends of quarters."""
    odd, usual, empty = (make_indicator(reference, frequency="quarterly") for reference in ("A", "B", "C"))
    make_values(odd, {date(2020, month, 1): 5 for month in (1, 4, 7, 12)})
    make_values(usual, {date(2020, month, 1): 5 for month in (1, 3)})
    import_module("indicators.migrations.0009_due_months").name_due_months(apps, None)
    found = dict(Indicator.objects.values_list("pk", "due_months"))
    assert found == {odd.pk: "4,7,10,1", usual.pk: "", empty.pk: ""}
