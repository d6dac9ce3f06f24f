"""Create: everything a plan has is saved with its history, or nothing is and it is said why, cell by cell."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict

from indicators.models import ChangedMeanwhileError, Indicator, MonthlyValue, User
from scorecard.models import DraftState, Scorecard, SpreadsheetDraft
from scorecard.onboarding.create import PlanRefusedError, create
from scorecard.onboarding.preview import draw_preview
from scorecard.onboarding.undo import KeptError, undo, what_stands_on
from scorecard.report import assemble_report
from tests.factories import make_indicator, make_officer
from tests.scorecard.cast import stored
from tests.scorecard.onboarding.plans import MONTH, make_draft, make_plan

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 20)


@pytest.fixture
def officer():
    return make_officer()


@pytest.fixture
def draft(officer):
    return make_draft(officer)


def test_everything_is_saved_with_its_history(officer, draft):
    made = create(draft, make_plan(), version=draft.version, by=officer, today=TODAY)

    scorecard = Scorecard.objects.get()
    report = assemble_report(scorecard, MONTH)
    rows = {row.measure.reference: row for row in report.rows}
    assert (made.state, made.scorecard) == (DraftState.CREATED, scorecard)
    assert (len(rows), Indicator.objects.count(), MonthlyValue.objects.count()) == (8, 8, 84)
    assert rows["TOTAL"].figures[-1].value == rows["I0"].figures[-1].value + rows["I2"].figures[-1].value
    assert rows["I0"].measure.owner == "Amy"
    for row in (scorecard, *Indicator.objects.all(), *MonthlyValue.objects.all(), *User.objects.filter(name="Amy")):
        entry = row.history.get()
        assert (entry.history_user, entry.history_change_reason.splitlines()[0]) == (
            officer,
            "Brought over from scorecard.xlsx",
        )
    assert not User.objects.get(username="amy").has_usable_password()


def test_receipt_says_what_became_of_each_cell(officer, draft):
    receipt = create(draft, make_plan(), version=1, by=officer, today=TODAY).receipt

    cells = {place: (text, words) for place, text, words in receipt["cells"]}
    assert cells["Sheet1!R2C16"] == ("48", "Figure of I0, March 2026")
    assert cells["Sheet1!ZZ2"] == ("50", "Target of I0, target 2025-26")
    assert cells["Sheet1!A99"] == ("Source: council", "Left out: It is a note, not a figure.")


def _figure_above_100(plan):
    plan.values[14].figure = Decimal(101)


def _reference_twice(plan):
    plan.indicators[1].reference = "i0"


def _reference_taken(plan):
    plan.indicators[0].reference = "taken"


def _month_twice(plan):
    plan.values[1].month = plan.values[0].month


def _not_a_first_day(plan):
    plan.values[0].month = date(2026, 3, 2)


def _too_long(plan):
    plan.indicators[0].title = "x" * 301


def _slug_taken(plan):
    Scorecard.objects.create(slug="corporate", title="T", council="C", panel="P")


def _user_name_taken(plan):
    User.objects.create(username="AMY")


def _circle(plan):
    plan.terms[0].source = plan.indicators[-1]
    plan.terms[1].source = plan.indicators[-2]


def _unanswered(plan):
    plan.open_points.append(("Say what “tbc” means.", "values"))


def _figure_and_blank(plan):
    plan.values[0].blank = "not_available"


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (_figure_above_100, "Sheet1!R3C3: Figure of I1, February 2025: figure: A percentage can't be above 100"),
        (_reference_twice, "Sheet1!B3: Indicator i0: There are two of it in this file, the other in Sheet1!B2."),
        (_reference_taken, "Sheet1!B2: Indicator taken: Another indicator has this reference already: Taken"),
        (_month_twice, "Figure of I0, February 2025: There are two of it in this file"),
        (_not_a_first_day, "Sheet1!R2C3: Figure of I0, March 2026"),
        (_too_long, "Sheet1!B2: Indicator I0: title: Ensure this value has at most 300 characters"),
        (_slug_taken, "Scorecard Corporate scorecard: slug"),
        (_user_name_taken, "Person Amy: Somebody has this user name already"),
        (_circle, "circle"),
        (_unanswered, "Say what “tbc” means."),
        (_figure_and_blank, "exactly one of the three"),
    ],
)
def test_what_is_wrong_is_told_with_its_cell_and_nothing_is_saved(officer, draft, spoil, expected):
    make_indicator("Taken")
    plan = make_plan()
    spoil(plan)
    before = stored()

    with pytest.raises(PlanRefusedError) as refused:
        create(draft, plan, version=1, by=officer, today=TODAY)

    assert expected in "\n".join(problem.sentence for problem in refused.value.problems)
    assert stored() == before


def test_second_click_or_second_officer_creates_nothing(officer, draft):
    create(draft, make_plan(), version=1, by=officer, today=TODAY)
    before = stored()

    with pytest.raises((ChangedMeanwhileError, PlanRefusedError)):
        create(draft, make_plan(), version=1, by=officer, today=TODAY)
    with pytest.raises(ChangedMeanwhileError):
        create(draft, _all_other(make_plan(slug="other")), version=1, by=officer, today=TODAY)
    with pytest.raises(ChangedMeanwhileError):
        create(draft, _all_other(make_plan(slug="other")), version=2, by=officer, today=TODAY)

    assert stored() == before


def _all_other(plan):
    """The same under other names, so that nothing but the draft stands in its way."""
    for one in plan.indicators:
        one.reference += "x"
    for person in plan.people:
        person.username += "x"
    plan.groups[0].code, plan.groups[0].name, plan.groups[0].short_name = "x", "X", "X"
    plan.population_groups[0].name = "X"
    return plan


def test_preview_is_the_report_and_leaves_nothing(officer):
    before = stored()

    html = draw_preview(make_plan(), QueryDict())

    assert "Corporate scorecard, March 2026" in html
    assert all(reference in html for reference in ("I0", "I5", "TOTAL", "RATE"))
    assert "/scorecards/corporate/" not in html
    assert stored() == before


def test_preview_equals_the_report_that_comes_of_it(officer, draft):
    html = draw_preview(make_plan(), QueryDict("section=A"))
    create(draft, make_plan(), version=1, by=officer, today=TODAY)

    report = assemble_report(Scorecard.objects.get(), MONTH)
    for row in report.rows:
        assert row.measure.title in html


def test_undo_takes_all_of_it_away_and_says_so_in_the_history(officer, draft):
    before = stored()
    create(draft, make_plan(), version=1, by=officer, today=TODAY)
    current = SpreadsheetDraft.objects.get()

    undo(current, version=current.version, by=officer)

    differing = {name for name, found in _tables(stored()).items() if found != _tables(before)[name]}
    assert differing == {"scorecard_spreadsheetdraft"}
    assert MonthlyValue.history.filter(history_type="-").count() == 84
    entry = Indicator.history.filter(history_type="-").first()
    assert (entry.history_user, entry.history_change_reason) == (
        officer,
        "Undone: what scorecard.xlsx had brought over",
    )


def _tables(found):
    return {table: tuple(counts[:2]) for table, *counts in found}


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (lambda: _save(MonthlyValue.objects.first(), note="Checked."), "1 monthly value was changed since"),
        (lambda: MonthlyValue.objects.first().delete(), "1 monthly value was deleted since"),
        (
            lambda: MonthlyValue.objects.create(indicator=Indicator.objects.first(), month=date(2026, 4, 1), figure=1),
            "1 monthly value was added to what it brought",
        ),
        (
            lambda: Scorecard.objects.get().editions.create(month=MONTH, state="published"),
            "1 edition was opened or published",
        ),
        (lambda: _save(User.objects.get(username="amy"), last_login="2026-04-20T10:00Z"), "1 person has signed in"),
        (lambda: make_indicator("Z", owner=User.objects.get(username="amy")), "1 indicator was added"),
    ],
)
def test_what_was_built_on_it_keeps_it_from_being_undone(officer, draft, build, expected):
    create(draft, make_plan(), version=1, by=officer, today=TODAY)
    build()
    before, current = stored(), SpreadsheetDraft.objects.get()

    with pytest.raises(KeptError, match=expected):
        undo(current, version=current.version, by=officer)

    assert [reason.sentence for reason in what_stands_on(current)]
    assert stored() == before


def _save(row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
