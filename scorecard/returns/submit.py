"""What happens when a return is saved or sent: entries, then reasons, then the step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from indicators.models import User
from scorecard.models import Edition

from .assemble import assemble_sheet
from .entries import save_entries
from .forms import LineForm
from .sheet import Sheet, SheetLine
from .steps import save_reasons, send_lines


@dataclass
class Submission:
    """What became of a return: the lines that were saved and sent, and the sheet as it is now."""

    sheet: Sheet
    saved: set[int] = field(default_factory=set)
    sent: list[SheetLine] = field(default_factory=list)
    is_clean: bool = True


def submit(*, edition: Edition, forms: Sequence[LineForm], by: User, now: datetime, send: bool = False) -> Submission:
    """Save the valid forms of an edition's lines and, with `send`, send those that are ready.

    A form that clashes with what somebody else saved gets its `conflict`. Invalid ones are left alone.
    """
    valid = [form for form in forms if form.is_valid()]
    kept = [form for form in valid if not form.is_abandoned]
    outcome = save_entries(
        lines=[form.line for form in kept], entries={form.line.key: form.entry for form in kept}, by=by
    )
    for form in kept:
        form.conflict = outcome.conflicts.get(form.line.key)
    settled = [form for form in kept if form.conflict is None]
    sheet = assemble_sheet(edition)
    reasons = {key: text for form in settled for key, text in form.reasons.items()}
    if reasons:
        save_reasons(lines=sheet.lines, reasons=reasons, by=by)
        sheet = assemble_sheet(edition)
    sent: list[SheetLine] = []
    if send:
        sent = send_lines(edition=edition, keys={form.line.key for form in settled}, by=by, now=now)
        sheet = assemble_sheet(edition)
    is_clean = len(valid) == len(forms) and not outcome.conflicts
    return Submission(sheet, outcome.saved, sent, is_clean)
