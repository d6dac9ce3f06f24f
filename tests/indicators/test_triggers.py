"""The rules that span tables, kept by database triggers even where no form looks."""

import threading
from datetime import date
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from indicators import triggers
from indicators.models import Comparator, DerivationTerm, Indicator, MonthlyValue, PeerFigure, PopulationGroup, Target
from tests.factories import JANUARY, make_derived, make_indicator, make_value

pytestmark = pytest.mark.each_case

CIRCLE, TYPED, HIGH = triggers.IN_A_CIRCLE, triggers.NOT_TYPED, triggers.TOO_HIGH


def refused(message):
    return pytest.raises(IntegrityError, match=message)


def add_term(indicator, source, role="numerator"):
    """A term as an import would add it, without any check of a form."""
    return DerivationTerm.objects.bulk_create([DerivationTerm(indicator=indicator, source=source, role=role)])[0]


def add_value(indicator, **fields):
    return MonthlyValue.objects.bulk_create([MonthlyValue(indicator=indicator, month=JANUARY, **fields)])[0]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["numerator", "denominator"])
@pytest.mark.parametrize("length", [2, 3, 5])
def test_chain_that_leads_back_to_its_start_is_refused(length, role):
    chain = [make_indicator(f"D{place}", kind="derived") for place in range(length)]
    for indicator, source in pairwise(chain):
        add_term(indicator, source)
    with refused(CIRCLE), transaction.atomic():
        add_term(chain[-1], chain[0], role)


@pytest.mark.django_db
def test_indicator_worked_out_from_itself_is_refused():
    indicator = make_indicator(kind="derived")
    with pytest.raises(IntegrityError), transaction.atomic():
        add_term(indicator, indicator)


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["indicator", "source"])
def test_term_that_is_turned_into_a_circle_is_refused(field):
    source, first, second = (make_indicator(name, kind="derived") for name in "SAB")
    add_term(first, second)
    changed = add_term(second, source) if field == "source" else add_term(source, first)
    with refused(CIRCLE), transaction.atomic():
        DerivationTerm.objects.filter(pk=changed.pk).update(**{field: first if field == "source" else second})


@pytest.mark.django_db
def test_two_ways_to_the_same_source_are_no_circle():
    source = make_indicator("S")
    one, other = make_derived("A", [source]), make_derived("B", [source])
    top = make_derived("T", [one], [other])
    assert top.terms.count() == 2


@pytest.mark.django_db
def test_parts_of_an_indicator_that_is_not_derived_are_refused():
    with refused(triggers.ONLY_DERIVED), transaction.atomic():
        add_term(make_indicator("A1"), make_indicator("A2"))


@pytest.mark.django_db
def test_indicator_with_parts_stays_derived():
    derived = make_derived("D", [make_indicator("A1")])
    with refused(triggers.ONLY_DERIVED), transaction.atomic():
        Indicator.objects.filter(pk=derived.pk).update(kind="figure")


@pytest.mark.django_db
def test_denominator_beside_a_population_is_refused():
    group = PopulationGroup.objects.create(name="Children")
    derived = make_derived("D", [make_indicator("A1")], population=group)
    with refused(triggers.POPULATION_OR_PARTS), transaction.atomic():
        add_term(derived, make_indicator("A2"), "denominator")


@pytest.mark.django_db
def test_population_beside_denominators_is_refused():
    derived = make_derived("D", [make_indicator("A1")], [make_indicator("A2")])
    group = PopulationGroup.objects.create(name="Children")
    with refused(triggers.POPULATION_OR_PARTS), transaction.atomic():
        Indicator.objects.filter(pk=derived.pk).update(population=group)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"figure": 5}, id="a figure"),
        pytest.param({"numerator": 1, "denominator": 2}, id="parts"),
        pytest.param({"blank": "awaited"}, id="even a blank"),
    ],
)
def test_value_of_a_derived_indicator_is_refused(fields):
    derived = make_derived("D", [make_indicator("S")])
    with refused(TYPED), transaction.atomic():
        add_value(derived, **fields)


@pytest.mark.django_db
def test_value_moved_to_a_derived_indicator_is_refused():
    add_value(make_indicator("S"), figure=5)
    with refused(TYPED), transaction.atomic():
        MonthlyValue.objects.update(indicator=make_derived("D", []))


@pytest.mark.django_db
def test_indicator_with_values_made_derived_is_refused():
    add_value(make_indicator(), figure=5)
    with refused(TYPED), transaction.atomic():
        Indicator.objects.update(kind="derived")


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"figure": "100.000001"}, {"numerator": 8, "denominator": 7}], ids=str)
def test_percentage_above_100_is_refused(fields):
    with refused(HIGH), transaction.atomic():
        add_value(make_indicator(unit="percentage"), **fields)


@pytest.mark.django_db
def test_percentage_raised_above_100_is_refused():
    add_value(make_indicator(unit="percentage"), figure=100)
    with refused(HIGH), transaction.atomic():
        MonthlyValue.objects.update(figure=101)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"unit": "count"}, {"unit": "percentage"}, id="made a percentage"),
        pytest.param(
            {"unit": "percentage", "allows_over_100": True}, {"allows_over_100": False}, id="no longer allowed"
        ),
    ],
)
def test_indicator_whose_values_become_too_high_is_refused(before, after):
    add_value(make_indicator(**before), figure=101)
    with refused(HIGH), transaction.atomic():
        Indicator.objects.update(**after)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("indicator", "fields"),
    [
        pytest.param({"unit": "percentage"}, {"figure": 100}, id="100%"),
        pytest.param({"unit": "percentage"}, {"numerator": 7, "denominator": 7}, id="all of all"),
        pytest.param({"unit": "percentage"}, {"blank": "awaited"}, id="a blank"),
        pytest.param({"unit": "percentage", "allows_over_100": True}, {"figure": 120}, id="more where allowed"),
        pytest.param({"unit": "count"}, {"figure": 1464}, id="a count"),
        pytest.param({"unit": "rate_10000"}, {"numerator": 8, "denominator": 7}, id="a rate"),
    ],
)
def test_value_is_accepted(indicator, fields):
    assert add_value(make_indicator(**indicator), **fields).pk


def add_row(model, **fields):
    return model.objects.bulk_create([model(**fields)])[0]


# A row of each table that may have something below 0, without its indicator.
NEGATIVE = (
    lambda **of: add_row(MonthlyValue, month=JANUARY, figure=-1, **of),
    lambda **of: add_row(MonthlyValue, month=JANUARY, numerator=-1, denominator=2, **of),
    lambda **of: add_row(Target, year=2020, value=-1, **of),
    lambda **of: add_row(Comparator, group="england", year=2019, value=-1, **of),
    lambda **of: add_row(PeerFigure, year=2019, authority="851", name="Poole", value=-1, **of),
)


@pytest.mark.django_db
def test_what_is_below_0_needs_an_indicator_that_allows_it():
    counted, signed = make_indicator("A"), make_indicator("B", allows_negative=True)
    for add in NEGATIVE:
        with refused(triggers.NOT_NEGATIVE), transaction.atomic():
            add(indicator=counted)
        stored = add(indicator=signed)
        with refused(triggers.NOT_NEGATIVE), transaction.atomic():
            Indicator.objects.filter(pk=signed.pk).update(allows_negative=False)
        with refused(triggers.NOT_NEGATIVE), transaction.atomic():
            type(stored).objects.update(indicator=counted)
        signed.allows_negative = False
        with pytest.raises(ValidationError, match="Negative already"):
            signed.clean()
        counted.kind = "ratio" if getattr(stored, "numerator", None) else "figure"
        stored.indicator = counted
        with pytest.raises(ValidationError, match="can't be negative"):
            stored.clean()
        stored.delete()
    Indicator.objects.update(allows_negative=False)


@pytest.mark.django_db
def test_a_denominator_is_never_below_0():
    with pytest.raises(IntegrityError), transaction.atomic():
        add_value(make_indicator(kind="ratio", allows_negative=True), numerator=-1, denominator=-2)


@pytest.mark.django_db
def test_triggers_are_there_after_another_migrate():
    call_command("migrate", verbosity=0)
    with refused(CIRCLE), transaction.atomic():
        source = make_indicator("S", kind="derived")
        add_term(source, make_derived("D", [source]))


@pytest.mark.django_db
def test_rule_of_an_earlier_version_is_no_longer_kept_after_a_migrate():
    former = triggers.Trigger(
        "rule_of_before",
        "indicators_indicator",
        "EXISTS (SELECT 1 FROM indicators_target t WHERE t.indicator_id = NEW.id)",
        "an indicator with targets was not changed once",
    )
    with connection.cursor() as cursor:
        for statement in former.statements(connection.vendor):
            cursor.execute(statement)
    target = Target.objects.create(indicator=make_indicator("A1"), year=2020, value=5)
    with refused(former.message), transaction.atomic():
        target.indicator.save()
    call_command("migrate", verbosity=0)
    target.indicator.refresh_from_db()
    target.indicator.save()
    assert triggers.missing() == []


@pytest.mark.django_db
def test_triggers_can_be_dropped_and_made_again_and_again():
    triggers.drop()
    triggers.drop()
    value = add_value(make_derived("D", []), figure=5)
    value.delete()
    triggers.create()
    triggers.create()
    with refused(TYPED), transaction.atomic():
        add_value(Indicator.objects.get(), figure=5)


# Two people at once: each transaction is right by itself, both together are not.


def in_two_transactions(first, second, *, patience=0.3):
    """Run `first`, leave its transaction open while `second` tries, and give what each ended with, in that order.

    The first waits for the second to end, but no longer than the patience in seconds: the second may be waiting for it.
    """
    outcomes = {}
    first_is_done, second_is_done = threading.Event(), threading.Event()

    def attempt(name, change, before, after):
        try:
            before()
            with transaction.atomic():
                change()
                after()
            outcomes[name] = "saved"
        except IntegrityError as error:
            outcomes[name] = str(error)
        finally:
            {"first": first_is_done, "second": second_is_done}[name].set()
            connection.close()

    def let_the_second_try():
        first_is_done.set()
        second_is_done.wait(patience)

    def nothing():
        pass

    threads = [
        threading.Thread(target=attempt, args=("first", first, nothing, let_the_second_try)),
        threading.Thread(target=attempt, args=("second", second, first_is_done.wait, nothing)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return outcomes


@pytest.mark.postgresql
@pytest.mark.django_db
def test_other_servers_are_never_without_the_rules_while_they_are_made_anew():
    with CaptureQueriesContext(connection) as asked:
        triggers.create()
    assert [query["sql"] for query in asked if "DROP" in query["sql"]] == []
    assert triggers.missing() == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_transactions_cannot_each_add_half_of_a_circle():
    one, other = make_indicator("A", kind="derived"), make_indicator("B", kind="derived")
    outcomes = in_two_transactions(lambda: add_term(one, other), lambda: add_term(other, one))
    assert outcomes["first"] == "saved"
    assert CIRCLE in outcomes["second"]
    assert DerivationTerm.objects.count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_value_is_refused_while_its_indicator_is_made_derived():
    indicator = make_indicator()
    outcomes = in_two_transactions(
        lambda: Indicator.objects.update(kind="derived"), lambda: add_value(indicator, figure=5)
    )
    assert outcomes["first"] == "saved"
    assert TYPED in outcomes["second"]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_indicator_is_not_made_derived_while_a_value_is_added():
    indicator = make_indicator()
    outcomes = in_two_transactions(
        lambda: add_value(indicator, figure=5), lambda: Indicator.objects.update(kind="derived")
    )
    assert outcomes["first"] == "saved"
    assert TYPED in outcomes["second"]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_indicator_is_not_limited_to_100_while_a_higher_value_is_added():
    indicator = make_indicator(unit="percentage", allows_over_100=True)
    outcomes = in_two_transactions(
        lambda: add_value(indicator, figure=101), lambda: Indicator.objects.update(allows_over_100=False)
    )
    assert outcomes["first"] == "saved"
    assert HIGH in outcomes["second"]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_values_of_the_same_indicator_do_not_wait_for_one_another():
    indicator = make_indicator()
    outcomes = in_two_transactions(
        lambda: make_value(indicator, JANUARY, 5), lambda: make_value(indicator, date(2020, 12, 1), 5), patience=10
    )
    assert list(outcomes.items()) == [("second", "saved"), ("first", "saved")]


@pytest.mark.django_db
def test_check_reports_rules_that_the_database_has_lost():
    assert triggers.rules_are_kept(databases=["default"]) == []
    triggers.drop()
    [error] = triggers.rules_are_kept(databases=["default"])
    triggers.create()
    assert "value_at_most_100" in error.msg
    assert "Run manage.py migrate --skip-checks" in error.hint


@pytest.mark.django_db
def test_migrating_needs_no_checks_to_make_the_triggers_again():
    triggers.drop()
    with pytest.raises(SystemCheckError, match="value_at_most_100"):
        call_command("migrate", verbosity=0, skip_checks=False)
    call_command("migrate", verbosity=0, skip_checks=True)
    assert triggers.missing() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("frequency", "due_months"),
    [
        ("yearly", "13"),
        ("yearly", "3,4"),
        ("yearly", "March"),
        ("half_yearly", "9,9"),
        ("termly", "12,4"),
        ("quarterly", "3,6,9,0"),
        ("quarterly", "3, 6, 9, 12"),
        ("monthly", "3"),
    ],
)
def test_due_months_that_do_not_fit_are_refused(frequency, due_months):
    indicator = make_indicator()
    with refused(triggers.DUE_MONTHS), transaction.atomic():
        Indicator.objects.filter(pk=indicator.pk).update(frequency=frequency, due_months=due_months)


@pytest.mark.django_db
def test_due_months_that_fit_are_kept():
    fitting = {"monthly": "", "quarterly": "3,6,9,12", "termly": "12,4,7", "half_yearly": "10,4", "yearly": "11"}
    for frequency, due_months in fitting.items():
        assert make_indicator(frequency, frequency=frequency, due_months=due_months).pk
