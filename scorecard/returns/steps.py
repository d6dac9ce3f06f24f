"""The steps of a line: explained, sent, signed off, sent back. Each is for one person, at one moment, all or none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied

from commentary.models import SignOff, WarningReason
from commentary.sign_off import Standing, Step, signature
from indicators.calculations.vocabulary import Blank
from indicators.models import User
from scorecard.editing.writing import assign, on_lines, write
from scorecard.models import Edition
from scorecard.rules import may
from scorecard.sheet.assemble import assemble_sheet
from scorecard.sheet.sheet import SheetLine

from .entries import Entry
from .rights import require_entering

STEP_FIELDS = (
    "step",
    "figure",
    "text",
    "note",
    "first_sent_at",
    "sent_at",
    "sent_by",
    "decided_at",
    "decided_by",
)


class Decided(NamedTuple):
    """The lines that took a step, and those that did not because they are not what was seen any more."""

    done: list[SheetLine]
    changed: list[SheetLine]


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
    if line.open_warnings:
        found.append("Check the figure, or say why it is right all the same.")
    return found


def save_reasons(
    *, edition: Edition, lines: Sequence[SheetLine], reasons: Mapping[tuple[int, str], str], by: User
) -> None:
    """Keep why warnings are let pass. `reasons` are texts by indicator and warning; empty ones are left out.

    Raises PermissionDenied when one of the lines is not the person's to enter, or not any more.
    """
    wanted = {
        (line.key, warning.caution.code): (line, warning.caution, reasons[line.key, warning.caution.code].strip())
        for line in lines
        for warning in line.warnings
        if reasons.get((line.key, warning.caution.code), "").strip() not in ("", warning.reason)
    }
    if not wanted:
        return

    def run(current: Edition) -> None:
        require_entering(current, [line for line, _, _ in wanted.values()], by)
        _write_reasons(current.month, wanted, by)

    on_lines(edition, {key for key, _ in wanted}, run)


def _write_reasons(month: date, wanted: Mapping[tuple[int, str], tuple[SheetLine, Any, str]], by: User) -> None:
    stored = {
        (reason.indicator_id, reason.warning): reason
        for reason in WarningReason.objects.select_for_update()
        .filter(indicator__in={key for key, _ in wanted}, month=month)
        .order_by("pk")
    }
    new, changed = [], []
    for (key, code), (_, caution, text) in wanted.items():
        reason = stored.get((key, code))
        if reason is None:
            new.append(WarningReason(indicator_id=key, month=month, warning=code, about=caution.about, reason=text))
        else:
            assign(reason, {"about": caution.about, "reason": text})
            changed.append(reason)
    write(WarningReason, new, changed, ["about", "reason"], by=by)


def send_lines(*, edition: Edition, entries: Mapping[int, Entry], by: User, now: datetime) -> Decided:
    """Send those of the lines that are ready to their owners for sign-off.

    `entries` has for each what the sender saw and entered there.
    """

    def run(current: Edition) -> Decided:
        ready = [
            line
            for line in _lines(current, entries, by, "enter_line")
            if line.standing.is_with_reporter and not obstacles(line)
        ]
        known = [line for line in ready if entries[line.key].is_of(line)]
        _take(known, by, lambda sign_off: _sent(sign_off, by, now))
        return Decided(known, [line for line in ready if line not in known])

    return on_lines(edition, entries, run)


def approve_lines(*, edition: Edition, saw: Mapping[int, str], by: User, now: datetime) -> Decided:
    """Sign lines off. `saw` has the fingerprint of each line as the owner was shown it."""

    def run(current: Edition) -> Decided:
        lines = [line for line in _lines(current, saw, by, "sign_off_line") if line.standing.is_with_owner]
        same = [line for line in lines if line.fingerprint == saw[line.key]]
        _take(same, by, lambda sign_off: _decided(sign_off, Step.APPROVED, "", by, now))
        return Decided(same, [line for line in lines if line not in same])

    return on_lines(edition, saw, run)


def send_back(*, edition: Edition, saw: Mapping[int, str], note: str, by: User, now: datetime) -> Decided:
    """Send lines back to their reporters with a note that says what to change."""
    if not note.strip():
        raise ValueError("Say what should be changed.")

    def run(current: Edition) -> Decided:
        lines = [
            line
            for line in _lines(current, saw, by, "sign_off_line")
            if line.standing.is_with_owner or line.standing is Standing.APPROVED
        ]
        same = [line for line in lines if line.fingerprint == saw[line.key]]
        _take(same, by, lambda sign_off: _decided(sign_off, Step.SENT_BACK, note.strip(), by, now))
        return Decided(same, [line for line in lines if line not in same])

    return on_lines(edition, saw, run)


def _lines(edition: Edition, keys: Collection[int], by: User, right: str) -> list[SheetLine]:
    """The lines as they are now; each must be the person's to act on."""
    lines = [line for line in assemble_sheet(edition).lines if line.key in keys]
    if not all(may(by, right, line) for line in lines):
        raise PermissionDenied
    return lines


def _sent(sign_off: SignOff, by: User, now: datetime) -> None:
    sign_off.step, sign_off.note = Step.SENT, ""
    sign_off.sent_at, sign_off.sent_by = now, by
    sign_off.first_sent_at = sign_off.first_sent_at or now


def _decided(sign_off: SignOff, step: Step, note: str, by: User, now: datetime) -> None:
    sign_off.step, sign_off.note = step, note
    sign_off.decided_at, sign_off.decided_by = now, by


def _take(lines: Sequence[SheetLine], by: User, change: Callable[[SignOff], None]) -> None:
    """Let the lines take a step, and keep what it was taken on."""
    if not lines:
        return
    stored = {
        sign_off.indicator_id: sign_off
        for sign_off in SignOff.objects.select_for_update()
        .filter(indicator__in=[line.key for line in lines], month=lines[0].month)
        .order_by("pk")
    }
    new: list[SignOff] = []
    changed: list[SignOff] = []
    for line in lines:
        sign_off = stored.get(line.key) or SignOff(indicator=line.indicator, month=line.month)
        (new if sign_off.pk is None else changed).append(sign_off)
        sign_off.version += sign_off.pk is not None
        sign_off.figure, sign_off.text = signature(line.figure), line.text
        change(sign_off)
    write(SignOff, new, changed, STEP_FIELDS, by=by)
