"""Queries whose SQL is written once: they find what the same query finds that Django writes anew."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import DateField

from indicators.models import MonthlyValue
from indicators.prepared import Given, OneOf, Prepared
from tests.factories import DECEMBER, JANUARY, make_indicator, make_values


@pytest.fixture
def keys(db):
    """Three indicators with a figure in each of two months."""
    indicators = [make_indicator(f"A{number}") for number in range(3)]
    for number, indicator in enumerate(indicators):
        make_values(indicator, {DECEMBER: Decimal("0.1") + number, JANUARY: number})
    return [indicator.pk for indicator in indicators]


def values_of_a_month():
    return MonthlyValue.objects.filter(OneOf("indicator"), month=Given("month", DateField())).order_by("indicator")


@pytest.mark.parametrize("month", [DECEMBER, JANUARY])
def test_each_run_has_its_own_values(keys, month):
    prepared = Prepared(lambda: values_of_a_month().select_related("indicator"))
    for some in (keys, keys[:1], [], keys[1:], [keys[2] + 1000]):
        expected = MonthlyValue.objects.filter(indicator__in=some, month=month).order_by("indicator")
        found = prepared.rows(keys=some, month=month)
        assert found == list(expected)
        assert [(one.figure, one.month, one.indicator.reference) for one in found] == [
            (one.figure, one.month, one.indicator.reference) for one in expected
        ]


def test_sql_is_written_once(keys):
    built = []
    prepared = Prepared(lambda: built.append("once") or values_of_a_month())
    for month in (DECEMBER, JANUARY, DECEMBER):
        assert len(prepared.rows(keys=set(keys), month=month)) == 3
    assert built == ["once"]


def test_value_that_is_not_given_is_missed(keys):
    with pytest.raises(KeyError):
        Prepared(values_of_a_month).rows(keys=keys)


@pytest.mark.django_db(transaction=True)
def test_threads_run_it_at_once_on_connections_of_their_own():
    key = make_indicator("A1").pk
    make_values(MonthlyValue.indicator.get_queryset().get(pk=key), {DECEMBER: 1, JANUARY: 2})
    prepared = Prepared(lambda: values_of_a_month().values_list("figure", flat=True))

    def run(month):
        try:
            return [prepared.rows(keys=[key], month=month) for _ in range(20)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(run, [DECEMBER, JANUARY] * 2))
    assert found == [[[1]] * 20, [[2]] * 20] * 2
