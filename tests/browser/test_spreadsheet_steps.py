"""From a council's spreadsheet to its preview in a real browser: by its own pages, with axe where there is most."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from scorecard.models import SpreadsheetDraft
from scorecard.onboarding.decide import plan_of
from scorecard.onboarding.steps import STEPS
from tests.factories import make_indicator, make_officer, make_scorecard

from . import returns

pytestmark = pytest.mark.browser
SHEET = Path(__file__).resolve().parents[1] / "data" / "sheets" / "fenbury_council_plan_quarterly.xlsx"
LOOKED_AT = ("sheet", "people", "comparators")


def test_a_spreadsheet_is_sent_and_answered_step_by_step(page, live_server, faults):
    make_officer()
    page.context.add_cookies([returns.cookie_of("officer", live_server.url)])
    page.goto("/setup/spreadsheets/")
    assert faults(page) == []
    page.get_by_label("Spreadsheet").set_input_files(SHEET)
    page.get_by_role("button", name="Read the spreadsheet").click()
    for step, (title, _) in STEPS.items():
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        assert step not in LOOKED_AT or faults(page) == [], step
        for choice in page.locator("select[name^=who_]").all():
            choice.select_option("nobody")
        for choice in page.locator("select[name^=polarity_]").all():
            if not choice.input_value():
                choice.select_option("neutral")
        page.get_by_role("button", name="Save and").first.click()
    plan = plan_of(SpreadsheetDraft.objects.get())
    # How targets in words are held, and what only the sheet's owner knows of its comparators, is still open.
    assert {step for _, step in plan.open_points} == {"comparators"}
    # The same file for a scorecard that is there: what it changes in the one line that both have.
    draft, entered = SpreadsheetDraft.objects.get(), next(one for one in plan.indicators if one.kind == "figure")
    line = make_indicator(entered.reference, title=entered.title, unit=entered.unit)
    draft.scorecard = make_scorecard(line, slug="there", council="Hill Council")
    draft.save()
    page.goto(f"/setup/spreadsheets/{draft.pk}/preview/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("changes")
    expect(page.locator(".tally tbody tr").first).to_be_visible()
    assert faults(page) == []
