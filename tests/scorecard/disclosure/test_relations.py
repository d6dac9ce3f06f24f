"""What disclosure control reads of the database: definitions and checks, in as many queries however many there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.calculations.consistency import CheckKind, CheckRole
from indicators.calculations.disclosure import Derivation, Relation
from indicators.models import PopulationGroup
from indicators.models.cross_check import CrossCheck, CrossCheckTerm
from scorecard.disclosure import relations_of
from tests.factories import make_derived, make_indicator

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
