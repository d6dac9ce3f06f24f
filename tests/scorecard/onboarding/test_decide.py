"""What a file becomes, undecided and with decisions on it."""

import json
import random
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from indicators.resources import SpreadsheetError
from scorecard.models import SpreadsheetDraft
from scorecard.onboarding.decide import Decided, plan_of
from scorecard.onboarding.steps import STEPS
from tests.factories import make_officer
from tests.scorecard.spreadsheets import layouts
from tests.scorecard.spreadsheets.test_audit import mutated, number

SHEETS = Path(__file__).resolve().parents[3] / "tests" / "data" / "sheets"
ASHCOMBE = "ashcombe_childrens_monthly.xlsx"
ESKMOUTH = "eskmouth_performance_export.csv"
FENBURY = "fenbury_council_plan_quarterly.xlsx"
pytestmark = pytest.mark.django_db


def draft_of(name, content=None, **decisions):
    content = (SHEETS / name).read_bytes() if content is None else content
    return SpreadsheetDraft(file_name=name, content=content, decisions=decisions)


def figures_of(plan):
    """The figures of a plan by indicator and month, percentages of numerator and denominator in per cent."""
    found = {}
    for one in plan.values:
        figure = one.as_figure()
        found[one.indicator.title, f"{one.month:%Y-%m}"] = figure.value
    return found


@pytest.mark.parametrize(("name", "rows"), [(ASHCOMBE, 27), (ESKMOUTH, 16), (FENBURY, 22)])
def test_a_file_becomes_indicators_without_any_decision(name, rows, django_assert_num_queries):
    draft = draft_of(name)
    with django_assert_num_queries(4):
        plan = plan_of(draft)
    assert (len(plan.indicators), len(plan.lines)) == (rows, rows)
    assert plan.open_points
    assert all(plan.of(value) for value in plan.values)
    assert {step for _, step in plan.open_points} <= set(STEPS)


@pytest.mark.parametrize("name", [ASHCOMBE, ESKMOUTH, FENBURY])
def test_figures_are_those_that_the_council_means(name):
    answers = json.loads((SHEETS / f"{name.rsplit('.', 1)[0]}.answers.json").read_text(encoding="utf-8"))
    plan = plan_of(draft_of(name))
    found = figures_of(plan)
    derived = {one.title for one in plan.indicators if one.kind == "derived"}
    checked = 0
    for row in answers["rows"]:
        if row["title"] in derived:
            continue
        factor = {"percentage": 100}.get(row["unit"], 1)
        for month, answer in row["values"].items():
            if isinstance(answer, dict) and "times" in answer:
                factor = int(answer["times"])
            expected, got = number(answer, factor), found.get((row["title"], month))
            assert (expected is None) == (got is None), (row["title"], month)
            if expected is not None:
                assert abs(expected - Fraction(got)) <= Fraction(2, 1000) * max(abs(expected), 1), (row["title"], month)
                checked += 1
    assert checked > 60


def _value(title, month):
    return lambda plan: next(
        (one for one in plan.values if one.indicator.title.startswith(title) and f"{one.month:%Y-%m}" == month), None
    )


def _indicator(title):
    return lambda plan: next((one for one in plan.indicators if one.title.startswith(title)), None)


MISSING, HEALTH = "Missing from home episodes", "% health assessments up to date"


@pytest.mark.parametrize(
    ("name", "decisions", "found", "expected"),
    [
        (ASHCOMBE, {}, lambda p: _value(MISSING, "2025-01")(p).blank, "not_available"),
        (ASHCOMBE, {"texts": {"-": {"as": "awaited"}}}, lambda p: _value(MISSING, "2025-01")(p).blank, "awaited"),
        (ASHCOMBE, {"texts": {"-": {"as": "nothing"}}}, _value(MISSING, "2025-01"), None),
        (ASHCOMBE, {"texts": {"-": {"as": "estimated", "figure": "12"}}},
         lambda p: (_value(MISSING, "2025-01")(p).figure, _value(MISSING, "2025-01")(p).stage), (12, "estimated")),
        (ASHCOMBE, {"zeros": {"la6|2025-04": "0"}}, lambda p: _value(HEALTH, "2025-04")(p).figure, 0),
        (ASHCOMBE, {"zeros": {"la6|2025-04": "awaited"}}, lambda p: _value(HEALTH, "2025-04")(p).blank, "awaited"),
        (ASHCOMBE, {"indicators": {"fd1": {"taken": "no"}}}, _indicator("Number of contacts"), None),
        (ASHCOMBE, {"indicators": {"fd1": {"polarity": "low", "reference": "X9"}}},
         lambda p: (_indicator("Number of contacts")(p).polarity, _indicator("Number of contacts")(p).reference),
         ("low", "X9")),
        (ASHCOMBE, {"rows": {"Scorecard|FD1 | Number of contacts received at the Hub": "ignored"}},
         _indicator("Number of contacts"), None),
        (ASHCOMBE, {"columns": {"Scorecard|Sept-24": {"role": "ignored"}}},
         _value("Number of contacts", "2024-09"), None),
        (ASHCOMBE, {"columns": {"Scorecard|Sept-24": {"period": "Aug 2024"}}},
         lambda p: _value("Number of contacts", "2024-08")(p).figure, 1411),
        (ASHCOMBE, {"populations": {"51400": {"name": "Children"}}}, lambda p: p.population_groups[0].name, "Children"),
        (ASHCOMBE, {"people": {"D. Barraclough": {"name": "Dee", "email": "dee@ash.gov.uk"},
                               "MASH data": {"as": "D. Barraclough"}}},
         lambda p: (_indicator("Number of contacts")(p).reporter.name, len(p.people)), ("Dee", 1)),
        (ASHCOMBE, {"people": {"D. Barraclough": {"nobody": True}}}, lambda p: p.indicators[0].owner, None),
        (ASHCOMBE, {"peers": {"sn": {"group": "left_out"}}},
         lambda p: {one.group.name for one in p.comparators}, {"England"}),
        (ASHCOMBE, {"targets": {"cp2|2025": {"held": "at_most", "value": "225"}}},
         lambda p: [(one.sense, one.value) for one in p.targets if one.indicator.reference == "CP2"][-1],
         ("at_most", 225)),
        (ASHCOMBE, {"targets": {"cp2|2025": {"held": "tbc"}}},
         lambda p: [one.is_tbc for one in p.targets if one.indicator.reference == "CP2"], [False, True]),
        (ASHCOMBE, {"unused_sheets": ["Scorecard"]}, lambda p: p.indicators, []),
        (ESKMOUTH, {"corrections": {"hwy01|Numerator|2025-08": "right", "hwy01|Denominator|2025-08": "right"}},
         lambda p: _value("Category 1", "2025-08")(p).numerator < _value("Category 1", "2025-08")(p).denominator, True),
        (ESKMOUTH, {"repeats": {"env04|2025-06": "last"}},
         lambda p: _value("Fly-tips reported", "2025-06")(p).figure, 240),
        (ESKMOUTH, {"periods": {"hr01|2025-06": "as_named"}}, _value("Working days lost", "2025-06"), None),
        (FENBURY, {"indicators": {"new homes completed cumulative": {"accumulation": "per_period"}}},
         lambda p: _indicator("New homes")(p).accumulation, "per_period"),
        (FENBURY, {},
         lambda p: [(one.value, one.tolerance) for one in p.targets if "shop units" in one.indicator.title],
         [(Decimal(9), Decimal(3))]),
    ],
)  # fmt: skip
def test_a_decision_has_its_effect(name, decisions, found, expected):
    assert found(plan_of(draft_of(name, **decisions))) == expected


def test_decisions_that_fit_nothing_change_nothing():
    gone = {
        "columns": {"Scorecard|Gone": {"role": "target"}}, "rows": {"x|y": "total"},
        "people": {"Nobody here": {"user": 9}},
        "indicators": {"gone": {"unit": "days"}}, "targets": {"gone|2025": {"held": "tbc"}}, "headings": {"Gone": [3]},
    }  # fmt: skip
    assert figures_of(plan_of(draft_of(ASHCOMBE, **gone))) == figures_of(plan_of(draft_of(ASHCOMBE)))


def test_one_month_more_is_the_same_layout():
    first = Decided(draft_of(ASHCOMBE)).understood.layout
    another = Decided(draft_of(FENBURY)).understood.layout
    csv = "Ref;Measure;Apr-25;May-25{more}\nA1;Number of things;1;2{value}\nA2;Number of others;3;4{value}\n"
    layouts_of = [
        Decided(draft_of("a.csv", csv.format(more=more, value=value).encode())).understood.layout
        for more, value in (("", ""), (";Jun-25", ";5"))
    ]
    assert layouts_of[0] == layouts_of[1]
    assert len({first, another, layouts_of[0]}) == 3


@pytest.mark.slow
@pytest.mark.sqlite
def test_no_changed_file_breaks_a_page(client):
    client.force_login(make_officer())
    chance = random.Random(73)  # noqa: S311 - no secret
    files = [make() for name, make in layouts.ALL.items() if name != "OpenDocument"]
    read = 0
    for _ in range(40):
        content = mutated(chance, chance.choice(files))
        try:
            Decided(draft_of("file.xlsx", content))
        except SpreadsheetError:
            continue
        draft = SpreadsheetDraft.objects.create(
            file_name="file.xlsx", content=content, sent_by_id=client.session["_auth_user_id"]
        )
        read += 1
        for step in STEPS:
            assert client.get(f"/setup/spreadsheets/{draft.pk}/{step}/").status_code == 200
    assert read > 10
