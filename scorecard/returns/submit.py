"""What happens when a return is saved or sent: entries, then reasons, then the step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from indicators.models import User
from scorecard.editing.merging import Clash
from scorecard.models import Edition
from scorecard.sheet.assemble import assemble_sheet
from scorecard.sheet.sheet import Sheet, SheetLine

from .entries import clashes_at, save_entries
from .forms import LineForm
from .steps import StepOutcome, save_reasons, send_lines


@dataclass
class Submission:
    """What became of a return: the lines that were saved and sent, and the sheet as it is now.

    `unseen` are ready, but were not sent: somebody changed them, and their sender has not seen that yet.
    """

    sheet: Sheet
    saved: set[int] = field(default_factory=set)
    sent: list[SheetLine] = field(default_factory=list)
    unseen: list[SheetLine] = field(default_factory=list)
    is_clean: bool = True


def submit(*, edition: Edition, forms: Sequence[LineForm], by: User, now: datetime, send: bool = False) -> Submission:
    """Save the valid forms of an edition's lines and, with `send`, send those that are ready.

    A form that clashes with what somebody else saved gets its `conflict`; one that is invalid keeps the one it had.
    Raises PermissionDenied when the edition was moved on since the forms' lines were read, so that one of them takes no
    entries any more; what comes in afterwards is not written.
    """
    valid = [form for form in forms if form.is_valid()]
    entries = {form.line.key: form.entry for form in valid}
    outcome = save_entries(edition=edition, lines=[form.line for form in valid], entries=entries, by=by)
    conflicts = outcome.conflicts | _shown_before(edition, forms)
    for form in forms:
        form.conflict = conflicts.get(form.line.key)
    settled = [form for form in valid if form.conflict is None]
    sheet = assemble_sheet(edition)
    reasons = {key: text for form in settled for key, text in _reasons_typed(form, sheet.by_key[form.line.key]).items()}
    if reasons:
        save_reasons(edition=edition, lines=sheet.lines, reasons=reasons, by=by)
        sheet = assemble_sheet(edition)
    sending = StepOutcome([], [])
    if send:
        to_send = {form.line.key: form.entry for form in settled}
        sending = send_lines(edition=edition, entries=to_send, by=by, now=now)
        sheet = assemble_sheet(edition)
    is_clean = len(valid) == len(forms) and not outcome.conflicts
    return Submission(sheet, outcome.saved, sending.done, sending.changed, is_clean)


def _shown_before(edition: Edition, forms: Sequence[LineForm]) -> dict[int, Clash]:
    """The conflicts of forms that came back with one and can't be saved yet, as things are now."""
    unsettled = {form.line.key: form for form in forms if form.clashes and not form.is_valid()}
    lines = {key: form.line for key, form in unsettled.items()}
    return clashes_at({key: form.clashes for key, form in unsettled.items()}, lines, edition.month)


def _reasons_typed(form: LineForm, saved: SheetLine) -> dict[tuple[int, str], str]:
    """The reasons typed, without those that only stand in their field from before another figure was entered."""
    seen = {warning.caution for warning in form.line.warnings}
    left = {
        (saved.key, warning.caution.code): warning.earlier_reason
        for warning in saved.warnings
        if warning.caution not in seen
    }
    return {key: text for key, text in form.reasons.items() if text != left.get(key)}
