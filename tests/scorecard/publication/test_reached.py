"""Targets, comparators and populations of what is published or signed off change only for a reason, at every door."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Comparator, Indicator, Population, PopulationGroup, Target
from indicators.reasons import asked_of
from tests.factories import (
    DECEMBER,
    JANUARY,
    make_derived,
    make_edition,
    make_indicator,
    make_officer,
    make_scorecard,
    make_sign_off,
    make_value,
    publish,
)
from tests.indicators.admin_pages import address, filled_in
from tests.indicators.importing import asked, confirm, preview

pytestmark = pytest.mark.django_db
REACHED = "This reaches what is published: “Panel scorecard”, January 2021."
WHY = "Agreed by the panel in May."


@pytest.fixture
def children():
    return PopulationGroup.objects.create(name="Children")


@pytest.fixture
def published(children):
    """A1 is entered, D1 a rate of it per 10,000 children; both are published for January 2021."""
    contacts = make_indicator("A1", unit="count", polarity="low", decimal_places=0)
    rate = make_derived("D1", [contacts], unit="rate_10000", population=children)
    for month in (DECEMBER, JANUARY):
        make_value(contacts, month, 50)
    Target.objects.create(indicator=contacts, year=2020, value=40)
    Comparator.objects.create(indicator=contacts, group_id="england", year=2019, value=45, on_basis="yes")
    Population.objects.create(group=children, year=2020, people=50_000)
    scorecard = make_scorecard(contacts, rate)
    publish(scorecard)
    return scorecard


def row_of(model):
    return model.objects.get()


def again(response, **changes):
    """What a browser sends from the page that came back."""
    context = response.context
    forms = [context["adminform"].form, *(form for one in context["inline_admin_formsets"]
             for form in (one.formset.management_form, *one.formset.forms))]  # fmt: skip
    values = {bound.html_name: bound.value() for form in forms for bound in form}
    return {name: value if value is not None else "" for name, value in values.items() if value is not False} | changes


def why_of(model):
    """What the history says of the latest change."""
    return model.history.order_by("-history_id").first().history_change_reason or ""


# What is reached


def changed(model, **new):
    """The only row, with other contents; as it is, and as it would be."""
    stored, row = row_of(model), row_of(model)
    for name, value in new.items():
        setattr(row, name, value)
    return stored, row


def told_of(*changes):
    return [caution.message for of in asked_of(changes).values() for caution in of]


@pytest.mark.parametrize(
    ("model", "new"),
    [
        (Target, {"value": 41}),
        (Target, {"value": None, "is_tbc": True}),
        (Target, {"tolerance": 2}),
        (Target, {"sense": "at_least"}),
        # It was one of the year's that is published, and is none any more.
        (Target, {"year": 2022}),
        (Comparator, {"value": 44}),
        (Comparator, {"on_basis": "no"}),
    ],
    ids=str,
)
@pytest.mark.each_case
def test_another_value_of_what_is_published_reaches_it(published, model, new):
    assert told_of(changed(model, **new)) == [REACHED]


@pytest.mark.parametrize(
    ("model", "new"),
    [
        (Target, {"value": Decimal("40.000000")}),
        (Target, {"note": "As agreed."}),
        (Comparator, {"source": "DfE"}),
        (Population, {"stage": "provisional"}),
    ],
    ids=str,
)
@pytest.mark.each_case
def test_a_value_that_stays_equal_asks_nothing(published, model, new):
    assert told_of(changed(model, **new)) == []


def test_a_row_that_is_deleted_reaches_what_it_stood_in(published):
    for model in (Target, Comparator):
        assert told_of((row_of(model), None)) == [REACHED]


@pytest.mark.parametrize(
    ("year", "is_reached"),
    # The report of January 2021 has columns of 2018-19, 2019-20 and 2020-21.
    [(2017, False), (2018, True), (2019, True), (2021, False)],
)
@pytest.mark.each_case
def test_a_new_target_reaches_the_reports_that_have_a_column_for_its_year(published, year, is_reached):
    new = Target(indicator=Indicator.objects.get(reference="A1"), year=year, value=3)

    assert told_of((None, new)) == [REACHED] * is_reached


@pytest.mark.parametrize(
    ("group", "year", "value", "is_reached"),
    [
        ("england", 2020, 44, True),
        # The one of 2019-20 stands in its place, and one of the year to come in none.
        ("england", 2018, 44, False),
        ("england", 2021, 44, False),
        ("england", 2020, None, False),
        ("region", 2018, 44, True),
        ("london", 2020, 44, False),
    ],
)
@pytest.mark.each_case
def test_a_new_comparator_reaches_the_reports_in_which_it_is_the_latest(published, group, year, value, is_reached):
    blank = "" if value else "not_available"
    one = Indicator.objects.get(reference="A1")
    new = Comparator(indicator=one, group_id=group, year=year, value=value, blank=blank)

    assert told_of((None, new)) == [REACHED] * is_reached


def test_a_population_reaches_the_published_figures_that_are_worked_on_it(published, children):
    in_both = "This reaches what is published: “Panel scorecard”, December 2020 to January 2021."

    assert told_of(changed(Population, people=50_001)) == [in_both]
    assert told_of((None, Population(group=children, year=2021, people=9))) == []
    # An estimate of a year before the one that is used changes no figure.
    assert told_of((None, Population(group=children, year=2018, people=9))) == []
    row_of(Population).delete()
    assert told_of((None, Population(group=children, year=2018, people=9))) == [in_both]


def test_what_is_on_no_published_report_is_not_reached(published, children):
    other = make_indicator("B1", unit="count")
    make_edition(make_scorecard(other, slug="other"))
    nobodys = PopulationGroup.objects.create(name="Nobody")

    assert told_of(
        (None, Target(indicator=other, year=2020, value=3)),
        (None, Comparator(indicator=other, group_id="england", year=2020, value=3)),
        (None, Population(group=nobodys, year=2020, people=3)),
    ) == []  # fmt: skip
    Indicator.objects.filter(reference="A1").update(active_to=date(2020, 6, 1))
    assert told_of(changed(Target, value=41)) == []


def test_a_line_that_is_signed_off_is_reached_and_one_that_was_sent_is_not(published):
    february = date(2021, 2, 1)
    make_edition(published, february)
    contacts = Indicator.objects.get(reference="A1")
    rate = Indicator.objects.get(reference="D1")
    signed = make_sign_off(contacts, "approved", february)
    told = f"{REACHED} This reaches what is signed off: “Panel scorecard”, February 2021."

    assert told_of(changed(Target, value=41), changed(Comparator, value=41)) == [told, told]
    assert "signed off" not in told_of(changed(Population, people=3))[0]
    make_sign_off(rate, "approved", february)
    assert told_of(changed(Population, people=3))[0].endswith("signed off: “Panel scorecard”, February 2021.")
    signed.step = "sent"
    signed.save()
    assert told_of(changed(Target, value=41)) == [REACHED]


def test_it_takes_the_same_queries_whatever_changes(published):
    def queries(changes):
        with CaptureQueriesContext(connection) as captured:
            asked_of(changes)
        return len(captured)

    one = [changed(Target, value=41), changed(Comparator, value=41), changed(Population, people=3)]
    contacts = Indicator.objects.get(reference="A1")
    more = [(None, Target(indicator=contacts, year=year, value=3)) for year in range(2000, 2021)]

    assert queries([*one, *more]) == queries(one)
    assert queries([changed(Target, note="As agreed.")]) == 0


# The pages of the administration

ON_ITS_PAGE = [(Target, {"value": "41"}, "41"), (Comparator, {"value": "41"}, "41"), (Population, {"people": "7"}, "7")]


@pytest.mark.parametrize(("model", "typed", "shown"), ON_ITS_PAGE)
@pytest.mark.each_case
def test_its_page_asks_and_keeps_the_reason(admin_client, admin_user, published, model, typed, shown):
    row = row_of(model)
    page = address(model, "change", row.pk)

    refused = admin_client.post(page, filled_in(admin_client, page, **typed))

    assert "This reaches what is published: “Panel scorecard”" in refused.content.decode()
    assert row_of(model).version == row.version
    assert admin_client.post(page, again(refused, answer=WHY)).status_code == 302
    assert row_of(model).version == row.version + 1
    assert why_of(model).startswith("Asked: This reaches what is published")
    assert why_of(model).endswith(f"Reason: {WHY}")
    assert model.history.first().history_user == admin_user


@pytest.mark.parametrize(("model", "typed", "shown"), ON_ITS_PAGE)
@pytest.mark.each_case
def test_its_page_asks_nothing_where_nothing_is_reached(admin_client, published, model, typed, shown):
    row = row_of(model)
    model.objects.update(year=2025)
    page = address(model, "change", row.pk)

    assert admin_client.post(page, filled_in(admin_client, page, **typed)).status_code == 302
    assert why_of(model) == ""


@pytest.mark.parametrize(
    ("parent", "rows", "typed", "model"),
    [
        (Indicator, "targets", {"value": "41"}, Target),
        (Indicator, "comparators", {"value": "41"}, Comparator),
        (PopulationGroup, "populations", {"people": "7"}, Population),
        (Indicator, "targets", {"DELETE": "on"}, Target),
        (Indicator, "comparators", {"DELETE": "on"}, Comparator),
        (PopulationGroup, "populations", {"DELETE": "on"}, Population),
    ],
    ids=lambda one: getattr(one, "__name__", str(one)),
)
@pytest.mark.each_case
def test_rows_at_their_parent_ask_once_for_all(admin_client, published, parent, rows, typed, model):
    page = address(parent, "change", getattr(row_of(model), "group" if rows == "populations" else "indicator").pk)
    before = row_of(model).version
    sent = filled_in(admin_client, page, **{f"{rows}-0-{name}": value for name, value in typed.items()})

    refused = admin_client.post(page, sent)

    text = refused.content.decode()
    assert refused.status_code == 200
    assert "This reaches what is published" in text
    assert "say at the top of the page why it is right" in text
    assert 'name="answer"' in text
    assert row_of(model).version == before
    # What was asked decides, not that there is an answer.
    assert admin_client.post(page, sent | {"answer": WHY}).status_code == 200
    assert admin_client.post(page, again(refused, answer=WHY)).status_code == 302
    assert model.objects.exists() is ("DELETE" not in typed)
    assert why_of(model).endswith(f"Reason: {WHY}")
    # The indicator itself has not changed.
    assert parent.history.count() == (2 if parent is Indicator else 1)


@pytest.mark.parametrize("model", [Target, Comparator, Population])
@pytest.mark.each_case
def test_deleting_asks_too(admin_client, published, model):
    row = row_of(model)
    page = address(model, "delete", row.pk)
    sent = {"post": "yes", "read_version": str(row.version)}

    assert "This reaches what is published" in admin_client.get(page).content.decode()
    assert "Say why it is to be deleted." in admin_client.post(page, sent, follow=True).content.decode()
    several = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    told = admin_client.post(address(model, "changelist"), several, follow=True).content.decode()
    assert "Delete it on its own page, and say why." in told
    assert model.objects.exists()
    admin_client.post(page, sent | {"answer": WHY})
    assert not model.objects.exists()
    assert why_of(model).endswith(f"Reason: {WHY}")


def test_what_reaches_nothing_is_deleted_without_a_question(admin_client, published):
    Target.objects.update(year=2025)
    several = {"action": "delete_selected", "_selected_action": [row_of(Target).pk], "post": "yes"}

    admin_client.post(address(Target, "changelist"), several)

    assert not Target.objects.exists()


# Imports

FILES = [
    (Target, "reference,year,value\nA1,{year},41\n", "2020-21", "2025-26"),
    (Comparator, "reference,group,year,value\nA1,england,{year},41\n", "2019-20", "2025-26"),
    (Population, "group,year,people\nChildren,{year},41\n", "2020-21", "2025-26"),
]


@pytest.mark.parametrize(("model", "file", "year", "later"), FILES)
@pytest.mark.each_case
def test_imports_ask_and_keep_the_reason(admin_client, published, model, file, year, later):
    shown = preview(admin_client, model, file.format(year=year))

    assert asked(shown)["reaches"] == [2]
    assert "This reaches what is published" in shown.content.decode()
    confirm(admin_client, model, shown, reaches="")
    assert model.objects.get().version == 1
    confirm(admin_client, model, preview(admin_client, model, file.format(year=year)), reaches=WHY)
    assert model.objects.get().version == 2
    assert f"Reason: {WHY}" in why_of(model)
    assert "reaches" not in asked(preview(admin_client, model, file.format(year=later)))


def test_copying_targets_asks_where_the_next_year_is_published(admin_client, published):
    Target.objects.update(year=2019)
    page = address(Target, "copy")

    shown = admin_client.get(page, {"year": 2019}).content.decode()
    refused = admin_client.post(page, {"year": 2019})

    assert f"Will be copied. {REACHED}" in shown
    assert "say why these are right" in refused.content.decode()
    assert Target.objects.count() == 1
    admin_client.post(page, {"year": 2019, "reason": WHY})
    assert Target.objects.count() == 2
    assert why_of(Target).startswith("Copied from 2019-20\nAsked: This reaches")
    assert why_of(Target).endswith(f"Reason: {WHY}")


# The page of a new year

YEAR = "/scorecards/panel/new-year/"


@pytest.fixture
def officer(client, published):
    client.force_login(make_officer())
    return client


def typed_on_year(client, year, **cells):
    page = client.get(YEAR, {"year": year}).context["page"]
    forms = [*page.target_forms.values(), *page.population_forms]
    sent = {bound.html_name: bound.value() for form in forms for bound in form}
    sent = {name: value for name, value in sent.items() if value not in (None, False)}
    for form in page.target_forms.values():
        sent[form.add_prefix("saw")] = form["saw"].field.prepare_value(form["saw"].value())
    for form in page.population_forms:
        sent[form.add_prefix("saw")] = form["saw"].field.prepare_value(form["saw"].value())
    return sent | {"year": str(year), "action": "save"} | cells


@pytest.mark.parametrize("value", ["41", ""])
@pytest.mark.each_case
def test_the_page_of_a_year_asks_and_keeps_the_reason(officer, value):
    target, people = row_of(Target), row_of(Population)
    cells = {f"target-{target.indicator_id}-value": value, f"population-{people.group_id}-people": value}
    sent = typed_on_year(officer, 2020, **cells)

    refused = officer.post(YEAR, sent)

    text = refused.content.decode()
    assert refused.status_code == 422
    assert text.count(REACHED) >= 1
    assert "Say above why it is right." in text
    assert 'name="reason"' in text
    assert row_of(Target).value == 40
    assert row_of(Population).people == 50_000
    assert officer.post(YEAR, sent | {"reason": WHY}).status_code == 302
    for model in (Target, Population):
        assert model.objects.exists() is bool(value)
        assert why_of(model).startswith(f"{model._meta.verbose_name_plural.capitalize()} of a new year\nAsked: This")
        assert why_of(model).endswith(f"Reason: {WHY}")


def test_the_page_of_a_year_to_come_asks_nothing(officer):
    sent = typed_on_year(officer, 2021, **{f"target-{row_of(Target).indicator_id}-value": "41"})

    assert 'name="reason"' not in officer.get(YEAR, {"year": 2021}).content.decode()
    assert officer.post(YEAR, sent).status_code == 302
    assert why_of(Target) == "Targets of a new year"


def test_copying_on_the_page_of_a_year_asks(officer):
    Target.objects.update(year=2019)
    sent = typed_on_year(officer, 2020) | {"action": "copy"}

    refused = officer.post(YEAR, sent)

    assert refused.status_code == 422
    assert f"A1: {REACHED}" in refused.content.decode()
    assert Target.objects.count() == 1
    assert officer.post(YEAR, sent | {"reason": WHY}).status_code == 302
    assert why_of(Target).endswith(f"Reason: {WHY}")
