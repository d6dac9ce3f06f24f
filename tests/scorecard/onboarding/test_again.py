"""The same file again: new months are added, what differs is shown and asked about, and nothing else is touched."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commentary.models import Commentary
from indicators.models import Comparator, ComparatorGroup, DerivationTerm, Indicator, MonthlyValue, Target, User
from scorecard.models import DraftState, Line, Scorecard, SpreadsheetDraft
from scorecard.onboarding import details
from scorecard.onboarding.again import counts_of_update, save_update, update_of
from scorecard.onboarding.create import create
from scorecard.onboarding.plan import Origin
from scorecard.onboarding.undo import undo
from tests.factories import make_officer, publish
from tests.scorecard.cast import signed_in, stored
from tests.scorecard.onboarding.plans import MONTH, make_draft, make_plan

pytestmark = pytest.mark.django_db
TODAY, APRIL = date(2026, 5, 20), date(2026, 4, 1)


@pytest.fixture
def officer():
    return make_officer()


@pytest.fixture
def scorecard(officer):
    create(make_draft(officer, "march.xlsx"), make_plan(), version=1, by=officer, today=TODAY)
    return Scorecard.objects.get()


def next_plan(**options):
    """The file of a month later: March's figures are those of before, and so is all else."""
    plan = make_plan(months=15, month=APRIL, **options)
    first = {}
    for value in plan.values:
        place = first.setdefault(id(value.indicator), 0)
        if value.month <= MONTH:
            value.figure = MonthlyValue.objects.get(
                indicator__reference=value.indicator.reference, month=value.month
            ).figure
        first[id(value.indicator)] = place + 1
    return plan


def test_new_months_are_added_and_nothing_else(officer, scorecard):
    update = update_of(next_plan(), scorecard, by=officer, today=TODAY)

    assert [row.instance.month for row in update.figures.changed] == [APRIL] * 6
    assert (update.targets.changed, update.not_in_file, update.problems) == ([], [], [])
    assert [one.month for one in update.commentaries] == [APRIL] * 6
    assert len(update.unchanged) == 6 * 14 + 6

    before = Indicator.objects.count()
    save_update(make_draft(officer), update, version=1, reasons={}, by=officer, today=TODAY)

    assert (Indicator.objects.count(), MonthlyValue.objects.count()) == (before, 90)
    assert Commentary.objects.filter(month=APRIL).count() == 6


def test_what_differs_is_shown_old_and_new_and_a_published_figure_is_asked_about(officer, scorecard):
    publish(scorecard, MONTH)
    plan = next_plan()
    changed = plan.values[13]
    old, changed.figure = changed.figure, Decimal(5000)

    update = update_of(plan, scorecard, by=officer, today=TODAY)

    [(place, row, differing)] = [one for one in update.changes() if not one[1].is_new]
    assert (place, row.instance.month, differing) == ("Sheet1!R2C16", MONTH, [("figure", f"{old:.0f}", "5000")])
    assert {"published", "scale"} <= {caution.code for caution in row.cautions}


def test_comparators_are_taken_with_what_was_said_of_their_basis(officer, scorecard):
    plan = next_plan()
    group = ComparatorGroup.objects.get(code="family")
    for one in plan.comparators:
        one.group = group
    changed, new, same, other = plan.comparators[:4]
    changed.value, changed.on_basis = Decimal(47), "yes"
    new.year, new.value = 2025, Decimal(48)
    same.on_basis = "no"
    Comparator.objects.filter(indicator__reference="I2").update(source="LAIT", on_basis="yes")
    other.group = ComparatorGroup(code="others", name="Others", short_name="Others")
    plan.origins[id(other)] = (Origin("Sheet1!Z5", "45"),)

    update = update_of(plan, scorecard, by=officer, today=TODAY)
    draft = save_update(make_draft(officer), update, version=1, reasons={}, by=officer, today=TODAY)

    stored = Comparator.objects.filter(group=group).values_list("indicator__reference", "year", "value", "on_basis")
    assert ("I0", 2024, 47, "yes") in stored
    assert ("I1", 2025, 48, "unknown") in stored
    assert Comparator.objects.get(indicator__reference="I2").source == "LAIT"
    assert ("I2", 2024, 45, "yes") in stored
    assert "no comparator group Others" in next(why for origin, why in update.left_out if origin.place == "Sheet1!Z5")
    assert dict(counts_of_update(update))["comparator that differs"] == 1
    assert dict(counts_of_update(update))["new comparator"] == 1
    undo(draft, version=draft.version, by=officer)
    assert Comparator.objects.get(indicator__reference="I0").value == 45
    assert not Comparator.objects.filter(year=2025).exists()


def test_indicators_are_found_by_reference_else_by_title(officer, scorecard):
    plan = next_plan()
    plan.indicators[0].reference, plan.indicators[0].title = "i0", "Another title"
    plan.indicators[1].reference = "made-up-1"
    plan.indicators[2].reference, plan.indicators[2].title = "unknown", "Unknown"

    update = update_of(plan, scorecard, by=officer, today=TODAY)

    assert {row.instance.indicator.reference for row in update.figures.changed} == {"I0", "I1", "I3", "I4", "I5"}
    assert [one.reference for one in update.not_in_file] == ["I2"]
    assert sum("No indicator of the scorecard" in why for _, why in update.left_out) == 16


def test_worked_out_columns_and_newer_commentary_are_never_touched(officer, scorecard):
    plan = next_plan()
    total = plan.indicators[-1]
    plan.values.append(MonthlyValue(indicator=total, month=APRIL, figure=1))
    Commentary.objects.create(indicator=Indicator.objects.get(reference="I0"), month=APRIL, text="Ours.")

    update = update_of(plan, scorecard, by=officer, today=TODAY)
    save_update(make_draft(officer), update, version=1, reasons={}, by=officer, today=TODAY)

    assert not MonthlyValue.objects.filter(indicator__reference="TOTAL").exists()
    assert Commentary.objects.get(indicator__reference="I0", month=APRIL).text == "Ours."


def test_undo_brings_back_what_was_changed(officer, scorecard):
    plan = next_plan()
    plan.values[13].figure = Decimal(41)
    before = MonthlyValue.objects.get(indicator__reference="I0", month=MONTH).figure
    draft = save_update(
        make_draft(officer),
        update_of(plan, scorecard, by=officer, today=TODAY),
        version=1,
        reasons={},
        by=officer,
        today=TODAY,
    )
    assert MonthlyValue.objects.get(indicator__reference="I0", month=MONTH).figure == 41

    undo(draft, version=draft.version, by=officer)

    assert MonthlyValue.objects.get(indicator__reference="I0", month=MONTH).figure == before
    assert not MonthlyValue.objects.filter(month=APRIL).exists()
    assert Scorecard.objects.get() == scorecard
    assert SpreadsheetDraft.objects.get(pk=draft.pk).scorecard == scorecard


def test_from_its_page(officer, scorecard, monkeypatch):
    monkeypatch.setattr(details, "plan_of", lambda draft: next_plan())
    draft = make_draft(officer, "april.xlsx", scorecard=scorecard)
    client, address = signed_in("officer"), f"/setup/spreadsheets/{draft.pk}/"

    page = client.get(f"{address}preview/")
    form = page.context["form"]
    ticks = {f"question-{question.code}": "on" for question in form.questions}
    hidden = {f"question-{name}": value for name, value in form.initial.items()}
    before = stored()
    unanswered = client.post(f"{address}create/", hidden | {"question-digest": "other"} | ticks)
    assert stored() == before
    answer = client.post(f"{address}create/", hidden | ticks)

    assert "What april.xlsx changes" in page.content.decode()
    assert unanswered.status_code == 302
    assert answer["Location"] == f"{address}receipt/"
    assert MonthlyValue.objects.filter(month=APRIL).count() == 6
    assert SpreadsheetDraft.objects.get(pk=draft.pk).state == DraftState.CREATED


def test_targets_and_comparators_of_a_published_month_ask_for_one_reason(officer, scorecard, monkeypatch):
    publish(scorecard, MONTH)

    def plan():
        made = next_plan()
        for one in made.comparators:
            one.group = ComparatorGroup.objects.get(code="family")
        made.targets[0].value, made.comparators[1].value = Decimal(51), Decimal(46)
        return made

    monkeypatch.setattr(details, "plan_of", lambda draft: plan())
    draft = make_draft(officer, "april.xlsx", scorecard=scorecard)
    client, address = signed_in("officer"), f"/setup/spreadsheets/{draft.pk}/"
    page = client.get(f"{address}preview/")
    form = page.context["form"]
    sent = {f"question-{name}": value for name, value in form.initial.items()}
    sent |= {f"question-{question.code}": "on" for question in form.questions if not question.needs_reason}

    refused = client.post(f"{address}create/", sent)

    told = "This reaches what is published: “Corporate scorecard”, March 2026."
    assert page.content.decode().count(told) == 2
    assert page.content.decode().count('name="question-reaches"') == 1
    assert refused.status_code == 422
    assert "Say why these are right" in refused.content.decode()
    client.post(f"{address}create/", sent | {"question-reaches": "Agreed in May."})
    target = Target.objects.get(indicator__reference="I0")
    comparator = Comparator.objects.get(indicator__reference="I1")
    assert (target.value, comparator.value) == (51, 46)
    for row in (target, comparator):
        assert row.history.first().history_change_reason.endswith(f"Asked: {told} Reason: Agreed in May.")


def test_page_offers_to_add_what_the_scorecard_lacks(officer, scorecard, monkeypatch):
    def plan():
        made = next_plan()
        made.indicators[2].reference, made.indicators[2].title = "NEW1", "Brand new"
        for person in made.people:
            person.username += ".new"
        return made

    monkeypatch.setattr(details, "plan_of", lambda draft: plan())
    draft = make_draft(officer, "april.xlsx", scorecard=scorecard)
    client, address = signed_in("officer"), f"/setup/spreadsheets/{draft.pk}/"
    page = client.get(f"{address}preview/")
    form = page.context["form"]
    sent = {f"question-{question.code}": "on" for question in form.questions}
    sent |= {f"question-{name}": value for name, value in form.initial.items()}

    assert "Add 1 new line at the end of their sections" in page.content.decode()
    answer = client.post(f"{address}create/", sent | {"question-adds": "on"})
    assert answer["Location"] == f"{address}receipt/"
    assert Line.objects.filter(section__scorecard=scorecard, indicator__reference="NEW1").count() == 1
    assert "indicator of new lines" in client.get(f"{address}receipt/").content.decode()


def test_file_can_be_for_another_scorecard(officer, scorecard, monkeypatch):
    monkeypatch.setattr(details, "plan_of", lambda draft: next_plan())
    draft = make_draft(officer, "april.xlsx", scorecard=scorecard)
    client, address = signed_in("officer"), f"/setup/spreadsheets/{draft.pk}/"

    form = client.get(f"{address}scorecard/").context["form"]
    answer = client.post(f"{address}scorecard/", form.initial | {"becomes": ""})
    draft.refresh_from_db()

    assert answer.status_code == 302
    assert draft.scorecard is None
    form = client.get(f"{address}scorecard/").context["form"]
    client.post(f"{address}scorecard/", form.initial | {"becomes": scorecard.pk})
    draft.refresh_from_db()
    assert draft.scorecard == scorecard


def test_it_takes_the_same_queries_whatever_the_file_has(officer):
    counted = []
    for number in (3, 40):
        Scorecard.objects.all().delete()
        plan = make_plan(indicators=number, slug=f"s{number}")
        for one in plan.indicators:
            one.reference += f"-{number}"
        if counted:
            plan.scorecard.group_1, plan.groups, plan.comparators = None, [], []
            plan.population_groups[0].name = "Others"
            plan.people = []
            for one in plan.indicators:
                one.owner = one.reporter = User.objects.get(username="amy")
        create(make_draft(officer), plan, version=1, by=officer, today=TODAY)
        again = make_plan(indicators=number, months=15, month=APRIL)
        for one in again.indicators:
            one.reference += f"-{number}"
        with CaptureQueriesContext(connection) as queries:
            update_of(again, Scorecard.objects.get(slug=f"s{number}"), by=officer, today=TODAY)
        counted.append(len(queries))

    assert counted[0] == counted[1]


def test_rows_that_the_scorecard_lacks_become_lines_where_the_officer_says_so(officer, scorecard):
    plan = next_plan()
    plan.indicators[2].reference, plan.indicators[2].title = "NEW1", "Brand new"
    share = Indicator(reference="NEW2", title="Share of new", unit="percentage", kind="derived", owner=plan.people[0])
    part = DerivationTerm(indicator=share, source=plan.indicators[2], role="numerator")
    whole = DerivationTerm(indicator=share, source=plan.indicators[0], role="denominator")
    plan.indicators.append(share)
    plan.terms += [part, whole]
    plan.sections[1].title = "Another section"
    plan.lines.append(Line(section=plan.sections[1], indicator=share, position=9))
    for one in plan.people:
        one.username = f"{one.username}.new"
    lines = Line.objects.count()

    offered = update_of(plan, scorecard, by=officer, today=TODAY)
    assert [one.reference for one in offered.addition.indicators] == ["NEW1", "NEW2"]
    assert not offered.adds
    update = update_of(plan, scorecard, by=officer, today=TODAY, adds=True)
    assert update.digest == offered.digest
    draft = save_update(make_draft(officer), update, version=1, reasons={}, by=officer, today=TODAY)

    assert Line.objects.count() == lines + 2
    added = Line.objects.get(indicator__reference="NEW1")
    assert (added.section.title, added.section.lines.last().indicator.reference) == ("A", "NEW1")
    assert Line.objects.get(indicator__reference="NEW2").section.title == "Another section"
    assert MonthlyValue.objects.filter(indicator__reference="NEW1").count() == 15
    assert not any("No indicator of the scorecard" in why for _, why in update.left_out)
    undo(draft, version=draft.version, by=officer)
    assert Line.objects.count() == lines
    assert not Indicator.objects.filter(reference__startswith="NEW").exists()
