"""What the models keep by themselves: versions, history, and the rules that their forms explain."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise

import pytest
from django.contrib.auth.models import update_last_login
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from simple_history.middleware import HistoryRequestMiddleware

from indicators.calculations.rating import TargetTerms
from indicators.models import (
    ChangedMeanwhileError,
    CrossCheck,
    CrossCheckTerm,
    DerivationTerm,
    Indicator,
    MonthlyValue,
    PopulationGroup,
    Role,
    Target,
    User,
    name_in_reports,
    save_all,
)
from indicators.models.fields import FinancialYearFormField, MonthFormField
from tests.factories import DECEMBER, JANUARY, make_derived, make_indicator, make_user, make_value

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]


def refused(words):
    return pytest.raises(ValidationError, match=words)


# Versions: nobody's change is overwritten in silence


def test_save_raises_the_version():
    value = make_value(make_indicator(), figure=5)
    value.save()
    value.save()
    assert MonthlyValue.objects.get().version == value.version == 3


def test_save_of_an_outdated_copy_writes_nothing():
    value = make_value(make_indicator(), figure=5)
    mine, theirs = MonthlyValue.objects.get(), MonthlyValue.objects.get()
    theirs.figure = 6
    theirs.save()
    mine.figure, mine.note = 7, "mine"
    with pytest.raises(ChangedMeanwhileError, match="A1, January 2021 was changed after you opened it"):
        mine.save()
    value.refresh_from_db()
    assert (value.figure, value.note, value.version, value.history.count()) == (6, "", 2, 2)


def test_save_of_some_fields_of_an_outdated_copy_writes_nothing():
    value = make_value(make_indicator(), figure=5)
    mine = MonthlyValue.objects.get()
    value.save()
    mine.note = "mine"
    with pytest.raises(ChangedMeanwhileError):
        mine.save(update_fields=["note"])
    assert MonthlyValue.objects.get().note == ""


def test_save_of_some_fields_raises_the_version():
    value = make_value(make_indicator(), figure=5)
    value.note = "late"
    value.save(update_fields=["note"])
    assert MonthlyValue.objects.values_list("note", "version").get() == ("late", 2)


def test_save_of_a_deleted_row_does_not_bring_it_back():
    value = make_value(make_indicator(), figure=5)
    MonthlyValue.objects.all().delete()
    with pytest.raises(ChangedMeanwhileError):
        value.save()
    assert not MonthlyValue.objects.exists()


def test_save_after_a_refused_one_works():
    value = make_value(make_indicator(), figure=5)
    value.figure = -5
    with pytest.raises(IntegrityError), transaction.atomic():
        value.save()
    value.figure = 6
    value.save()
    assert MonthlyValue.objects.values_list("figure", "version").get() == (6, 2)


def test_save_after_a_refused_outdated_one_is_still_refused():
    make_value(make_indicator(), figure=5).save()
    outdated = MonthlyValue.objects.get()
    outdated.version = 1
    for _ in range(2):
        with pytest.raises(ChangedMeanwhileError):
            outdated.save()


def test_save_of_many_with_an_outdated_copy_among_them_writes_nothing():
    indicator = make_indicator()
    values = [make_value(indicator, month=month, figure=5) for month in (DECEMBER, JANUARY)]
    MonthlyValue.objects.get(month=JANUARY).save()
    for value in values:
        value.figure = 7
    with pytest.raises(ChangedMeanwhileError), transaction.atomic():
        save_all(values, ["figure"], by=None)
    assert list(MonthlyValue.objects.order_by("month").values_list("figure", "version")) == [(5, 1), (5, 2)]
    assert MonthlyValue.history.count() == 3


def test_signing_in_is_no_change():
    user = make_user()
    update_last_login(None, user)
    stored = User.objects.get()
    assert stored.last_login is not None
    assert (stored.version, stored.history.count()) == (1, 1)


# History


def test_history_has_every_change_with_its_kind():
    value = make_value(make_indicator(), figure=5)
    value.figure = 6
    value.save()
    value.delete()
    history = MonthlyValue.history.order_by("history_id")
    assert list(history.values_list("history_type", "figure")) == [("+", 5), ("~", 6), ("-", 6)]


def test_history_outlives_the_indicator():
    indicator = make_indicator()
    make_value(indicator, figure=5)
    indicator.delete()
    assert set(MonthlyValue.history.values_list("history_type", flat=True)) == {"+", "-"}


def test_history_names_the_person_and_the_reason():
    user = make_user()
    value = make_value(make_indicator(), figure=5)
    value._history_user, value._change_reason = user, "Late return"
    value.save()
    latest = value.history.first()
    assert (latest.history_user, latest.history_change_reason) == (user, "Late return")


def test_history_has_the_person_who_is_signed_in(rf, admin_user, settings):
    request = rf.post("/")
    request.user = admin_user
    HistoryRequestMiddleware(lambda _: HttpResponse(make_indicator().reference))(request)
    assert Indicator.history.get().history_user == admin_user
    assert "simple_history.middleware.HistoryRequestMiddleware" in settings.MIDDLEWARE


def test_history_shows_a_figure_as_it_was():
    value = make_value(make_indicator(), figure=5)
    before = datetime.now(UTC)
    value.figure = 6
    value.save()
    assert value.history.as_of(before).figure == 5


# Monthly values


def value_of(kind, **fields):
    unit = fields.pop("unit", "percentage")
    return MonthlyValue(indicator=make_indicator(kind=kind, unit=unit), month=JANUARY, **fields)


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        pytest.param("derived", {"figure": 5}, "A1 is worked out from other indicators", id="derived"),
        pytest.param("derived", {"blank": "awaited"}, "A1 is worked out from other indicators", id="derived, blank"),
        pytest.param("ratio", {"figure": 5}, "Enter the numerator and the denominator", id="figure for a ratio"),
        pytest.param("figure", {"numerator": 1, "denominator": 2}, "Enter a single figure", id="parts for a figure"),
        pytest.param("figure", {"figure": 101}, "A percentage can't be above 100", id="figure above 100"),
        pytest.param(
            "ratio", {"numerator": 3, "denominator": 2}, "A percentage can't be above 100", id="parts above 1"
        ),
        pytest.param("figure", {"figure": Decimal("1.2345678")}, "6 decimal places", id="too many decimals"),
        pytest.param("figure", {}, "exactly one of the three", id="nothing at all"),
    ],
)
def test_value_is_refused_with_a_reason(kind, fields, words):
    with refused(words):
        value_of(kind, **fields).full_clean()


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        pytest.param("figure", {"figure": 0}, id="zero"),
        pytest.param("figure", {"figure": 100}, id="100%"),
        pytest.param("ratio", {"numerator": 0, "denominator": 0}, id="nothing to measure"),
        pytest.param("ratio", {"numerator": 7, "denominator": 7}, id="all of all"),
        pytest.param("ratio", {"blank": "awaited"}, id="a blank instead of parts"),
        pytest.param("figure", {"figure": 1464, "unit": "count"}, id="a count"),
    ],
)
def test_value_is_accepted(kind, fields):
    value_of(kind, **fields).full_clean()


def test_value_above_100_is_accepted_where_allowed():
    indicator = make_indicator(unit="percentage", allows_over_100=True)
    MonthlyValue(indicator=indicator, month=JANUARY, figure=120).full_clean()


def test_value_of_a_month_in_the_middle_is_refused():
    with refused("date of its first day"):
        MonthlyValue(indicator=make_indicator(), month=date(2021, 1, 15), figure=1).full_clean()


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("figure", {"figure": "19.4"}, "19%"),
        ("ratio", {"numerator": 271, "denominator": 1464}, "19%"),
        ("ratio", {"numerator": 0, "denominator": 0}, "[z]"),
        ("figure", {"blank": "awaited"}, "tbc"),
        ("figure", {"figure": 1464, "unit": "count"}, "1,464"),
    ],
)
def test_value_displays_as_in_the_report(kind, fields, expected):
    value = value_of(kind, **fields)
    value.save()
    assert MonthlyValue.objects.get().display() == expected


def test_value_is_named_by_reference_and_month():
    assert str(make_value(make_indicator("CP3-QL"), figure=1)) == "CP3-QL, January 2021"


def test_values_between_two_months_include_both():
    indicator = make_indicator()
    for month in (date(2020, 11, 1), DECEMBER, JANUARY, date(2021, 2, 1)):
        make_value(indicator, month, 1)
    found = MonthlyValue.objects.between(DECEMBER, JANUARY)
    assert {value.month for value in found} == {DECEMBER, JANUARY}


# Indicators


def test_indicator_with_figures_cannot_become_derived():
    indicator = make_indicator()
    make_value(indicator, figure=5)
    indicator.kind = "derived"
    with refused("Figures have been entered for this indicator, so it can't be derived."):
        indicator.full_clean()


@pytest.mark.parametrize("kind", ["figure", "ratio"])
def test_indicator_with_parts_cannot_become_entered(kind):
    indicator = make_derived("D", [make_indicator("S")])
    indicator.kind = kind
    with refused("Remove the parts it is worked out from first."):
        indicator.full_clean()


def test_indicator_with_denominators_cannot_get_a_population():
    indicator = make_derived("D", [make_indicator("S")], [make_indicator("T")], unit="rate_10000")
    indicator.population = PopulationGroup.objects.create(name="0 to 17")
    with refused("Remove the indicators it is divided by first."):
        indicator.full_clean()


def test_indicator_with_numerators_can_get_a_population():
    indicator = make_derived("D", [make_indicator("S")], unit="rate_10000")
    indicator.population = PopulationGroup.objects.create(name="0 to 17")
    indicator.full_clean()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"unit": "count"}, {"unit": "percentage"}),
        ({"unit": "percentage", "allows_over_100": True}, {"allows_over_100": False}),
    ],
    ids=["made a percentage", "no longer allowed"],
)
def test_indicator_with_a_figure_above_100_cannot_be_limited(before, after):
    indicator = make_indicator(**before)
    make_value(indicator, figure=101)
    for name, value in after.items():
        setattr(indicator, name, value)
    with refused("The figure of January 2021 is above 100%."):
        indicator.full_clean()


def test_indicator_without_figures_can_change_its_kind():
    indicator = make_indicator()
    indicator.kind = "derived"
    indicator.full_clean()


def test_indicator_that_is_new_passes():
    Indicator(reference="A1", title="New", kind="derived").full_clean()


@pytest.mark.parametrize(
    ("first", "final", "expected"),
    [
        pytest.param(None, None, True, id="always"),
        pytest.param(JANUARY, JANUARY, True, id="in this month only"),
        pytest.param(date(2021, 2, 1), None, False, id="not yet"),
        pytest.param(None, DECEMBER, False, id="no more"),
    ],
)
def test_indicator_is_active_in(first, final, expected):
    make_indicator(active_from=first, active_to=final)
    assert Indicator.objects.active_in(JANUARY).exists() is expected


# Derivations


def chain_of(length):
    """Derived indicators, each worked out from the next."""
    chain = [make_indicator(f"D{place}", kind="derived") for place in range(length)]
    for indicator, source in pairwise(chain):
        DerivationTerm.objects.create(indicator=indicator, source=source)
    return chain


@pytest.mark.parametrize("length", [2, 3])
def test_term_that_closes_a_circle_is_refused(length):
    chain = chain_of(length)
    words = f"{chain[0].reference} is itself worked out from {chain[-1].reference}: that would go round in a circle."
    with refused(words):
        DerivationTerm(indicator=chain[-1], source=chain[0]).full_clean()


def test_term_from_itself_is_refused():
    [indicator] = chain_of(1)
    with refused("An indicator can't be worked out from itself."):
        DerivationTerm(indicator=indicator, source=indicator).full_clean()


def test_term_that_goes_on_down_the_chain_is_accepted():
    top, _, bottom = chain_of(3)
    DerivationTerm(indicator=top, source=bottom).full_clean()


def test_term_of_an_entered_indicator_is_refused():
    with refused("Only a derived indicator has parts: change its kind first."):
        DerivationTerm(indicator=make_indicator("A"), source=make_indicator("B")).full_clean()


def test_term_below_a_rate_on_a_population_is_refused():
    people = PopulationGroup.objects.create(name="0 to 17")
    rate = make_derived("R", [make_indicator("S")], population=people)
    with refused("It is worked on a population, so it can't have a denominator too."):
        DerivationTerm(indicator=rate, source=make_indicator("T"), role=Role.DENOMINATOR).full_clean()


# Checks between indicators


@pytest.mark.parametrize(
    ("kind", "role", "words"),
    [
        ("parts", "limit", "In this kind of check it can only be “A part of the whole”."),
        ("stock", "part", "In this kind of check it can only be “Comes in” or “Goes out”."),
        ("limit", "inflow", "In this kind of check it can only be “The limit”."),
    ],
)
def test_term_with_a_role_of_another_kind_of_check_is_refused(kind, role, words):
    check = CrossCheck.objects.create(indicator=make_indicator("W"), kind=kind)
    with refused(words):
        CrossCheckTerm(check_of=check, indicator=make_indicator("P"), role=role).full_clean()


@pytest.mark.parametrize(
    ("kind", "role"), [("parts", "part"), ("stock", "inflow"), ("stock", "outflow"), ("limit", "limit")]
)
def test_term_with_a_role_of_its_kind_of_check_is_accepted(kind, role):
    check = CrossCheck.objects.create(indicator=make_indicator("W"), kind=kind)
    CrossCheckTerm(check_of=check, indicator=make_indicator("P"), role=role).full_clean()


# Targets and fields


@pytest.mark.parametrize(
    ("fields", "expected"), [({"value": "94.5", "tolerance": 2}, (94.5, 2)), ({"is_tbc": True}, (None, 0))], ids=str
)
def test_target_as_terms(fields, expected):
    target = Target.objects.create(indicator=make_indicator(), year=2020, **fields)
    assert Target.objects.get(pk=target.pk).as_terms() == TargetTerms(*expected)


@pytest.mark.parametrize("year", [1989, 2201])
def test_target_of_an_impossible_year_is_refused(year):
    with refused("Ensure this value is"):
        Target(indicator=make_indicator(), year=year, value=1).full_clean()


@pytest.mark.parametrize(
    "given",
    ["2021-01", " 2021-01 ", "2021-01-01", JANUARY, date(2021, 1, 31), datetime(2021, 1, 5, tzinfo=UTC)],
    ids=str,
)
def test_month_field_reads(given):
    assert MonthFormField().clean(given) == JANUARY


def test_month_field_explains_what_it_cannot_read():
    with refused("has no year: write it as January 2021"):
        MonthFormField().clean("January")


@pytest.mark.parametrize(("given", "expected"), [("2019-20", 2019), ("2019/20", 2019), (2019, 2019)], ids=str)
def test_financial_year_field_reads(given, expected):
    assert FinancialYearFormField().clean(given) == expected


def test_financial_year_field_explains_what_it_cannot_read():
    with refused("is not a financial year: write it as 2019-20"):
        FinancialYearFormField().clean("2019")


@pytest.mark.parametrize(
    ("field", "initial", "data", "expected"),
    [
        (MonthFormField(), JANUARY, "2021-01", False),
        (MonthFormField(), JANUARY, "2021-02", True),
        (MonthFormField(), JANUARY, "soon", True),
        (FinancialYearFormField(), 2019, "2019-20", False),
        (FinancialYearFormField(), 2019, "2020-21", True),
        (FinancialYearFormField(), 2019, "soon", True),
    ],
    ids=lambda part: type(part).__name__ if hasattr(part, "widget") else str(part),
)
def test_field_has_changed(field, initial, data, expected):
    assert field.has_changed(initial, data) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"name": "Ann Lee", "job_title": "Head of Quality"}, "Ann Lee"),
        ({"name": "", "job_title": "Head of Quality"}, "Head of Quality"),
        ({"name": "", "job_title": ""}, ""),
    ],
    ids=["name", "job title", "neither"],
)
def test_reports_name_a_person_by_name_or_job_title(fields, expected):
    person = make_user("ann.lee", **fields)
    make_indicator(owner=person)
    assert person.name_in_reports == expected
    assert Indicator.objects.values_list(name_in_reports("owner"), name_in_reports("reporter")).get() == (expected, "")
