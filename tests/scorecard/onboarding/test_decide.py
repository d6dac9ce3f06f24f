"""What a file becomes, undecided and with decisions on it."""

from pathlib import Path

import pytest

from scorecard.models import SpreadsheetDraft
from scorecard.onboarding.decide import plan_of
from tests.factories import make_officer

SHEETS = Path(__file__).resolve().parents[3] / "tests" / "data" / "sheets"
ASHCOMBE = "ashcombe_childrens_monthly.xlsx"
ESKMOUTH = "eskmouth_performance_export.csv"
FENBURY = "fenbury_council_plan_quarterly.xlsx"
pytestmark = pytest.mark.django_db


def draft_of(name, **decisions):
    return SpreadsheetDraft(
        file_name=name, content=(SHEETS / name).read_bytes(), sent_by=make_officer(), decisions=decisions
    )


@pytest.mark.parametrize(("name", "rows"), [(ASHCOMBE, 27), (ESKMOUTH, 16), (FENBURY, 22)])
def test_a_file_becomes_indicators_without_any_decision(name, rows, django_assert_num_queries):
    draft = draft_of(name)
    with django_assert_num_queries(4):
        plan = plan_of(draft)
    assert (len(plan.indicators), len(plan.lines)) == (rows, rows)
    assert plan.open_points
    assert all(plan.of(value) for value in plan.values)
