"""What a spreadsheet becomes, by what the program understands of it and what its officer decided."""

from __future__ import annotations

from scorecard.models import Scorecard, SpreadsheetDraft

from .plan import ScorecardPlan


def plan_of(draft: SpreadsheetDraft) -> ScorecardPlan:
    """The plan of a draft as it stands. Writes nothing."""
    return ScorecardPlan(Scorecard(title=draft.file_name), draft.sent_at.date().replace(day=1))
