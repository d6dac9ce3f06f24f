"""What disclosure control reads of the database: definitions and checks, in as many queries however many there are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.calculations.consistency import CheckKind, CheckRole
from indicators.calculations.disclosure import Derivation, Relation
from indicators.models import Indicator, PopulationGroup
from indicators.models.cross_check import CrossCheck, CrossCheckTerm
from scorecard.disclosure import figures_then, relations_of
from tests.factories import DECEMBER, JANUARY, make_derived, make_indicator, make_value

pytestmark = pytest.mark.django_db


def make_check(indicator, kind, terms, **fields):
    check = CrossCheck.objects.create(indicator=indicator, kind=kind, **fields)
    for role, other in terms.items():
        CrossCheckTerm.objects.create(check_of=check, indicator=other, role=role)
    return check


def test_derivation_says_what_is_divided_by_what():
    small, all_of_them = make_indicator("A1"), make_indicator("B1")
    share = make_derived("R1", [small], [all_of_them], unit="percentage")
    assert relations_of().derivations == {share.pk: Derivation((small.pk,), (all_of_them.pk,))}


def test_rate_on_a_population_is_a_ratio():
    people = PopulationGroup.objects.create(name="Children aged 0 to 17")
    rate = make_derived("R1", [make_indicator("A1")], unit="rate_10000", population=people)
    assert relations_of().derivations[rate.pk].is_ratio


@pytest.mark.parametrize("is_active", [True, False], ids=["in use", "not in use"])
def test_check_is_known_whether_it_warns_or_not(is_active):
    stock, came, went = (make_indicator(name) for name in ("S1", "I1", "O1"))
    make_check(stock, "stock", {"inflow": came, "outflow": went}, tolerance=2, is_active=is_active)
    terms = ((CheckRole.INFLOW, came.pk), (CheckRole.OUTFLOW, went.pk))
    assert relations_of().checks == (Relation(stock.pk, CheckKind.STOCK, terms, 2, None),)


def queries_of_relations():
    with CaptureQueriesContext(connection) as captured:
        relations_of()
    return len(captured)


def test_as_many_queries_however_many_indicators_and_checks():
    first = make_indicator("A0")
    make_check(make_derived("T0", [first]), "parts", {"part": first})
    before = queries_of_relations()
    for place in range(1, 5):
        part = make_indicator(f"A{place}")
        make_check(make_derived(f"T{place}", [part, first]), "parts", {"part": part})
    assert queries_of_relations() == before == 3


def values_then(*times):
    indicators = [*Indicator.objects.values_list("pk", flat=True)]
    with CaptureQueriesContext(connection) as captured:
        found = figures_then(relations := relations_of(), indicators, times)
    assert len(captured) == 4
    assert figures_then(relations, [], times) == figures_then(relations, indicators, []) == {}
    return [{(key, month): quantity.value for (key, month), quantity in found[time].items()} for time in times]


def test_figures_are_as_they_were_stored_at_a_time_or_first_where_that_was_later():
    one, other = make_indicator("A1"), make_indicator("B1")
    before = timezone.now() - timedelta(days=1)
    first, second = make_value(one, DECEMBER, 8), make_value(other, DECEMBER, 5)
    then = timezone.now()
    make_value(one, JANUARY, 7)
    first.figure = 10
    first.save()
    second.delete()
    all_first = {(one.pk, DECEMBER): 8, (other.pk, DECEMBER): 5, (one.pk, JANUARY): 7}
    now = {(one.pk, DECEMBER): 10, (one.pk, JANUARY): 7}
    assert values_then(timezone.now(), before, then) == [now, all_first, all_first]


def test_where_the_total_so_far_is_entered_a_figure_then_is_what_the_month_had():
    """68 up to December and 71 up to January."""
    line = make_indicator("A1", accumulation="to_date")
    make_value(line, DECEMBER, 68)
    make_value(line, JANUARY, 71)
    [found] = values_then(timezone.now())
    assert found[line.pk, JANUARY] == 3
