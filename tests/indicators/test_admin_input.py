"""What people type in the admin: explained beside the field when it can't be, saved when it can."""

from datetime import date

import pytest
from django.urls import reverse

from commentary.models import AreaOfFocus
from indicators.admin import forms
from indicators.models import DerivationTerm, Indicator, MonthlyValue, PopulationGroup, Target
from scorecard.models import Line
from tests.factories import make_derived, make_indicator, make_person, make_scorecard
from tests.indicators.admin_pages import address, filled_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.mark.parametrize(
    ("figure", "message"),
    [
        ("19%", "Enter a number"),
        ("tbc", "Enter a number"),
        ("NaN", "Enter a number"),
        ("Infinity", "Enter a number"),
        ("1e400", "digits"),
        ("9" * 40, "digits"),
        ("-1", "negative"),
        ("", "exactly one of the three"),
    ],
)
def test_a_figure_that_is_none_is_explained(admin_client, figure, message):
    page = address(MonthlyValue, "add")
    typed = filled_in(admin_client, page, indicator=make_indicator("A1").pk, month="2021-01", figure=figure)

    response = admin_client.post(page, typed)

    assert response.status_code == 200
    assert message in response.content.decode()


@pytest.mark.parametrize("indicator", ["x", "", "-1", str(10**30), "999"])
def test_an_indicator_that_is_none_is_explained(admin_client, indicator):
    page = address(MonthlyValue, "add")

    response = admin_client.post(page, filled_in(admin_client, page, indicator=indicator, month="2021-01", figure="1"))

    assert response.status_code == 200
    assert response.context["adminform"].form.errors["indicator"]


@pytest.mark.sqlite
@pytest.mark.parametrize("month", ["x", "", "2021-13", "0000-01", "2021-01-21", "21-Jan", "\x00"])
def test_a_month_that_is_none_is_explained(admin_client, month):
    page = address(MonthlyValue, "add")

    response = admin_client.post(
        page, filled_in(admin_client, page, indicator=make_indicator("A1").pk, month=month, figure="1")
    )

    assert response.context["adminform"].form.errors["month"]


def test_an_empty_tolerance_is_none(admin_client):
    page = address(Target, "add")
    typed = filled_in(admin_client, page, indicator=make_indicator("A1").pk, year="2020-21", value="9", tolerance="")

    assert admin_client.post(page, typed).status_code == 302

    assert Target.objects.get().tolerance == 0


def test_parts_are_refused_for_a_new_indicator_that_is_entered(admin_client):
    source = make_indicator("A1")
    page = address(Indicator, "add")
    changes = {"reference": "B1", "title": "New", "kind": "figure", "terms-0-source": source.pk}

    response = admin_client.post(page, filled_in(admin_client, page, **changes))

    assert "Only a derived indicator has parts" in response.content.decode()
    assert not DerivationTerm.objects.exists()


def test_a_circle_is_named(admin_client):
    source = make_derived("A1", [make_indicator("A0")])
    derived = make_derived("B1", [source])
    page = address(Indicator, "change", source.pk)

    response = admin_client.post(page, filled_in(admin_client, page, **{"terms-1-source": derived.pk}))

    assert "go round in a circle" in response.content.decode()


def test_newly_linked_indicators_stand_in_the_history(admin_client):
    indicator = make_indicator("A1")
    area = AreaOfFocus.objects.create(title="Waiting times", opened_on=date(2021, 1, 1))
    page = address(AreaOfFocus, "change", area.pk)

    admin_client.post(page, filled_in(admin_client, page, indicators=[indicator.pk]))

    assert list(area.indicators.all()) == [indicator]
    assert area.history.first().history_change_reason == "indicators: A1 Title of A1"


def test_many_newly_linked_indicators_all_stand_in_the_history(admin_client):
    indicators = [make_indicator(f"A{number}") for number in range(10, 30)]
    area = AreaOfFocus.objects.create(title="Waiting times", opened_on=date(2021, 1, 1))
    page = address(AreaOfFocus, "change", area.pk)

    admin_client.post(page, filled_in(admin_client, page, indicators=[indicator.pk for indicator in indicators]))

    reason = area.history.first().history_change_reason
    assert all(str(indicator) in reason for indicator in indicators)


def test_lines_are_edited_at_their_section(admin_client):
    section = make_scorecard(make_indicator("A1")).sections.get()
    page = reverse("admin:scorecard_section_change", args=[section.pk])

    admin_client.post(page, filled_in(admin_client, page, **{"lines-0-position": "7"}))

    assert Line.objects.get().position == 7


@pytest.mark.parametrize("month", ["Oct 2026", "10/2026", "2026-10-31", "Oct-26", "1 October 2026"])
def test_a_month_is_taken_in_every_usual_spelling(admin_client, month):
    page = address(MonthlyValue, "add")
    typed = filled_in(admin_client, page, indicator=make_indicator("A1").pk, month=month, figure="1")

    assert admin_client.post(page, typed).status_code == 302

    assert MonthlyValue.objects.get().month == date(2026, 10, 1)


@pytest.mark.sqlite
def test_more_new_rows_than_anybody_adds_are_not_even_made(admin_client, monkeypatch):
    monkeypatch.setattr(forms, "MOST_NEW_ROWS", 5)
    target = Target.objects.create(indicator=make_indicator("A1"), year=2020, value=1)
    page = address(Indicator, "change", target.indicator_id)

    response = admin_client.post(page, filled_in(admin_client, page, **{"targets-TOTAL_FORMS": str(10**9)}))

    formset = response.context["inline_admin_formsets"][0].formset
    assert len(formset.forms) == 1 + 5
    assert formset.non_form_errors() == ["Nothing was saved: at most 100 rows can be added at once."]


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["TOTAL_FORMS", "INITIAL_FORMS"])
@pytest.mark.parametrize("count", ["x", "", "9" * 5000, "1.5", "\x00"])
def test_a_number_of_rows_that_is_none_is_explained(admin_client, name, count):
    indicator = make_indicator("A1")
    page = address(Indicator, "change", indicator.pk)

    response = admin_client.post(page, filled_in(admin_client, page, **{f"targets-{name}": count}))

    assert "These rows arrived incomplete, and nothing was saved" in response.content.decode()


@pytest.mark.parametrize(("name", "count"), [("INITIAL_FORMS", 10**9), ("INITIAL_FORMS", 3), ("TOTAL_FORMS", -5)])
def test_an_odd_number_of_rows_loses_nothing(admin_client, name, count):
    target = Target.objects.create(indicator=make_indicator("A1"), year=2020, value=1)
    page = address(Indicator, "change", target.indicator_id)

    response = admin_client.post(page, filled_in(admin_client, page, **{f"targets-{name}": str(count)}))

    assert response.status_code in (200, 302)
    assert Target.objects.get() == target


@pytest.mark.sqlite
@pytest.mark.parametrize("number", [6000, 1])
def test_what_is_too_large_for_a_page_is_refused_in_words(admin_client, number, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 200_000
    sent = {f"x{field}": "x" * (300_000 // number) for field in range(number)}

    response = admin_client.post(address(Target, "add"), sent)

    assert response.status_code == 400
    assert "save fewer lines at a time" in response.content.decode()


@pytest.mark.sqlite
def test_what_a_unit_leaves_out_is_explained(admin_client):
    share, other = make_indicator("P1", unit="percentage"), make_indicator("P2", unit="percentage")
    pounds, count = make_indicator("M1", unit="money"), make_indicator("C1")
    children = PopulationGroup.objects.create(name="Children")
    page = address(Indicator, "add")
    new = filled_in(admin_client, page, reference="N1", title="New")

    def refused(*parts, **typed):
        data = new | typed | {"terms-TOTAL_FORMS": str(len(parts))}
        for place, (role, source) in enumerate(parts):
            data |= {f"terms-{place}-role": role, f"terms-{place}-source": source.pk}
        response = admin_client.post(page, data)
        assert not Indicator.objects.filter(reference="N1").exists(), response.status_code
        return response.content.decode()

    top, bottom = "numerator", "denominator"
    assert "can exceed 100 per cent" in refused(unit="money", allows_over_100="on")
    assert "Say what it is a rate per" in refused(unit="rate")
    assert "leave it empty" in refused(unit="days", rate_base="500")
    assert "at most 2 decimals" in refused(unit="money", decimal_places="3")
    assert "worked on a population" in refused(unit="money", kind="derived", population=children.pk)
    assert "is of something" in refused((top, count), unit="percentage", kind="derived")
    assert "can&#x27;t be added up" in refused((top, share), (top, other), unit="score", kind="derived")
    assert "different units" in refused((top, pounds), (top, count), unit="money", kind="derived")
    assert "has the unit of its parts" in refused((top, pounds), unit="count", kind="derived")
    assert "be negative" in refused(
        **{"targets-TOTAL_FORMS": "1", "targets-0-year": "2020-21", "targets-0-value": "-5", "unit": "money"}
    )
    refused_none = new | {"unit": "money", "kind": "derived"}
    refused_none |= {"terms-TOTAL_FORMS": "2", "terms-0-role": top, "terms-0-source": pounds.pk}
    refused_none |= {"terms-1-role": bottom, "terms-1-source": count.pk, "allows_negative": "on"}
    assert admin_client.post(page, refused_none).status_code == 302
    assert Indicator.objects.get(reference="N1").terms.count() == 2


def test_negative_figures_stay_allowed_while_there_are_any(admin_client):
    signed = make_indicator("V1", unit="money", allows_negative=True)
    Target.objects.create(indicator=signed, year=2020, value=-5)
    page = address(Indicator, "change", signed.pk)
    typed = filled_in(admin_client, page)
    typed.pop("allows_negative")

    response = admin_client.post(page, typed)

    assert "Negative already: a target. Correct that first." in response.content.decode()
    signed.refresh_from_db()
    assert signed.allows_negative


def test_part_without_a_role_is_asked_for_it_at_an_indicator_with_a_population(admin_client):
    source, group = make_indicator("A1"), PopulationGroup.objects.create(name="Children")
    rate = make_derived("A2", [source], unit="rate_10000", population=group)
    page = address(Indicator, "change", rate.pk)

    for role in ("", "divisor"):
        response = admin_client.post(page, filled_in(admin_client, page, **{"terms-0-role": role}))

        assert response.status_code == 200
        (parts,) = (one for one in response.context["inline_admin_formsets"] if one.formset.prefix == "terms")
        assert "role" in parts.formset.errors[0]


@pytest.mark.parametrize("action", ["change", "delete"])
@pytest.mark.parametrize("model", ["indicators_user", "indicators_indicator", "scorecard_scorecard"])
def test_address_that_names_no_field_is_answered(admin_client, model, action):
    key = {"indicators_user": make_person().pk, "indicators_indicator": make_indicator().pk}.get(model)
    key = key or make_scorecard(make_indicator("A2")).pk
    # Nobody is deleted, only closed.
    expected = 403 if (model, action) == ("indicators_user", "delete") else 200
    assert admin_client.get(f"{reverse(f'admin:{model}_{action}', args=[key])}?_to_field=").status_code == expected
