"""What happens when lines are saved or sent: entries, then reasons, then the step, all in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from django.core.exceptions import PermissionDenied

from commentary.models import SignOff, WarningReason
from commentary.sign_off import Standing, Step
from commentary.warnings import NO_COMMENTARY, WORDS
from indicators.calculations.cautions import UNUSUAL
from indicators.calculations.plain_text import plain_text
from indicators.calculations.vocabulary import Blank
from indicators.models import User, save_all
from scorecard.editing.turns import on_lines
from scorecard.models import Edition
from scorecard.sheet.assemble import StoredSheet, read_sheet
from scorecard.sheet.sheet import Sheet, SheetLine
from scorecard.sign_off.actions import StepOutcome, lines_to_act_on, take_step

from .entries import ENTERING, FIGURE, TEXT, Entry, clashes_at, lines_to_enter, save_entries
from .forms import LineForm


class NoSuchLineError(PermissionDenied):
    """A line is not on the edition's sheet, or not any more."""


@dataclass
class Submission:
    """What became of a return: the forms of its lines, which were saved and sent, and what is stored of them now.

    `unseen` are ready, but were not sent: somebody changed them, and their sender has not seen that yet.
    """

    forms: Sequence[LineForm]
    stored: StoredSheet
    saved: set[int] = field(default_factory=set)
    sent: list[SheetLine] = field(default_factory=list)
    unseen: list[SheetLine] = field(default_factory=list)
    is_clean: bool = True

    @cached_property
    def sheet(self) -> Sheet:
        """The lines, and those that are worked out from them; worked out when nobody waits for their turn any more."""
        return self.stored.sheet()


def submit(
    *,
    edition: Edition,
    keys: Collection[int],
    data: Mapping[str, str],
    by: User,
    now: datetime,
    send: bool = False,
    right: str = ENTERING,
    reason: str = "",
) -> Submission:
    """Save what came in for an edition's lines and, with `send`, send those that are ready; `right` and `reason` as for
    `save_entries`.

    A form that clashes with what was saved meanwhile gets its `conflict`; one that is invalid keeps the one it had.
    Raises PermissionDenied, and writes nothing, when one of the lines is not the person's to enter, or not any more:
    the edition may have been moved on since they were shown it. Raises NoSuchLineError when it has none of that key.
    """

    def run(current: Edition) -> Submission:
        stored = read_sheet(current, keys)
        sheet = stored.sheet()
        if not all(key in sheet.by_key for key in keys):
            raise NoSuchLineError
        forms = [LineForm(data, sheet.by_key[key]) for key in keys]
        lines_to_enter(current, [form.line for form in forms], by, right)
        return _save(current, stored, forms, by, now if send else None, right, reason)

    return on_lines(edition, keys, run)


def _save(
    edition: Edition,
    stored: StoredSheet,
    forms: Sequence[LineForm],
    by: User,
    send_at: datetime | None,
    right: str,
    reason: str,
) -> Submission:
    valid = [form for form in forms if form.is_valid()]
    entries = {form.line.key: form.entry for form in valid}
    lines_of_valid = [form.line for form in valid]
    outcome = save_entries(edition=edition, lines=lines_of_valid, entries=entries, by=by, right=right, reason=reason)
    # Forms that came back with a conflict and can't be saved yet keep it, as things are now.
    unsettled = {form.line.key: form for form in forms if form.clashes and not form.is_valid()}
    lines = {key: form.line for key, form in unsettled.items()}
    shown_before = clashes_at({key: form.clashes for key, form in unsettled.items()}, lines, edition.month, by)
    conflicts = outcome.conflicts | shown_before
    for form in forms:
        form.conflict = conflicts.get(form.line.key)
        if form.conflict and form.conflict.is_by(by):
            form.call_it_own()
    settled = [form for form in valid if form.conflict is None]
    stored = stored.with_saved(
        values=outcome.written[FIGURE], commentaries=outcome.written[TEXT], sign_offs=outcome.sign_offs
    )
    if any(form.reasons for form in settled):
        now = stored.sheet().by_key
        reasons = {key: text for form in settled for key, text in _reasons_typed(form, now[form.line.key]).items()}
        explained = [now[key] for key in {key for key, _ in reasons}]
        kept = save_reasons(edition=edition, lines=explained, reasons=reasons, by=by, right=right)
        stored = stored.with_saved(reasons=kept)
    sending = StepOutcome([], [])
    if send_at is not None:
        to_send = {form.line.key: form.entry for form in settled}
        sending = send_lines(edition=edition, entries=to_send, by=by, now=send_at, right=right)
        stored = read_sheet(edition, [form.line.key for form in forms])
    is_clean = len(valid) == len(forms) and not outcome.conflicts
    return Submission(forms, stored, outcome.saved, sending.done, sending.changed, is_clean)


def _reasons_typed(form: LineForm, saved: SheetLine) -> dict[tuple[int, str], str]:
    """The reasons typed, without those that only stand in their field from before another figure was entered."""
    if not form.reasons:
        return {}
    seen = {warning.caution for warning in form.line.warnings}
    left = {
        (saved.key, warning.caution.code): warning.earlier_reason
        for warning in saved.warnings
        if warning.caution not in seen
    }
    return {key: text for key, text in form.reasons.items() if text != left.get(key)}


def save_reasons(
    *,
    edition: Edition,
    lines: Sequence[SheetLine],
    reasons: Mapping[tuple[int, str], str],
    by: User,
    right: str = ENTERING,
) -> dict[tuple[int, str], WarningReason]:
    """Keep why warnings of lines are let pass. `reasons` are texts by indicator and warning; empty ones are left out.

    Returns those that were written. Raises PermissionDenied when one of the lines is not the person's to enter, or not
    any more.
    """

    def run(current: Edition) -> dict[tuple[int, str], WarningReason]:
        rows = {}
        for line in lines_to_enter(current, lines, by, right):
            for warning in line.warnings:
                code, about = warning.caution.code, warning.caution.about
                text = plain_text(reasons.get((line.key, code), ""))
                if text in ("", warning.reason):
                    continue
                row = copy(warning.stored) or WarningReason(indicator=line.indicator, month=line.month, warning=code)
                row.about, row.reason = about, text
                rows[line.key, code] = row
        save_all(list(rows.values()), ["about", "reason"], by=by)
        return rows

    return on_lines(edition, {line.key for line in lines}, run)


class State(StrEnum):
    """How far a line is, for who enters it: nothing left to do, something to answer, or no figure yet."""

    DONE = "done"
    ASK = "ask"
    OPEN = "open"


def state_of(line: SheetLine) -> State:
    """How far a line is; one that is sent, or of which nothing is due, is done."""
    if not line.is_expected or not line.standing.is_with_reporter or not obstacles(line):
        return State.DONE
    has_figure = not line.is_incomplete if line.is_derived else line.value is not None
    return State.ASK if has_figure or line.standing is Standing.SENT_BACK else State.OPEN


def obstacles(line: SheetLine) -> list[str]:
    """What keeps a line from being sent, in sentences; empty when it is ready."""
    figure = line.figure
    if line.value is None and not line.is_derived:
        return ["Enter a figure, or choose why there is none."]
    if line.is_derived and line.is_incomplete and figure.blank is Blank.NOT_AVAILABLE:
        return ["It is worked out from figures that are still missing."]
    found = []
    if line.value and line.value.blank and not line.value.note.strip():
        found.append("Say in the note why there is no figure.")
    asked = [caution.code for caution in line.open_warnings]
    if NO_COMMENTARY in asked:
        found.append("Write a commentary, or say why none is needed.")
    if UNUSUAL in asked:
        found.append("Check the figure; if it is right, write a commentary that says why, or say why none is needed.")
    if any(code.startswith(WORDS) for code in asked):
        found.append("Correct the commentary, or say why it is right.")
    if any(code not in (NO_COMMENTARY, UNUSUAL) and not code.startswith(WORDS) for code in asked):
        found.append("Check the figure, or say why it is right all the same.")
    return found


def send_lines(
    *, edition: Edition, entries: Mapping[int, Entry], by: User, now: datetime, right: str = ENTERING
) -> StepOutcome:
    """Send those of the lines that are ready to their owners for sign-off.

    `entries` has for each what the sender saw and entered there.
    """

    def sent(sign_off: SignOff) -> None:
        sign_off.step, sign_off.note = Step.SENT, ""
        sign_off.sent_at, sign_off.sent_by = now, by
        sign_off.first_sent_at = sign_off.first_sent_at or now

    def run(current: Edition) -> StepOutcome:
        ready = [
            line
            for line in lines_to_act_on(current, entries, by, right)
            if line.standing.is_with_reporter and not obstacles(line)
        ]
        known = [line for line in ready if entries[line.key].is_of(line)]
        take_step(known, by, sent)
        return StepOutcome(known, [line for line in ready if line not in known])

    return on_lines(edition, entries, run)
