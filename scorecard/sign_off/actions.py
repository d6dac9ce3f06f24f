"""Steps on a line's way to being signed off: how one is taken, and those that are the owner's."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import PermissionDenied

from commentary.models import SignOff
from commentary.sign_off import Standing, Step, signature
from indicators.calculations.plain_text import plain_text
from indicators.models import User, save_all
from scorecard.editing.turns import on_lines
from scorecard.models import Edition
from scorecard.rules import may
from scorecard.sheet.assemble import assemble_sheet
from scorecard.sheet.sheet import SheetLine

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
    "entered_by_signer",
)


class StepOutcome(NamedTuple):
    """The lines that took a step, and those that did not because they are not what was seen any more.

    `own` are left because somebody else than who entered them has to sign them off.
    """

    done: list[SheetLine]
    changed: list[SheetLine]
    own: Sequence[SheetLine] = ()


def approve_lines(*, edition: Edition, saw: Mapping[int, str], by: User, now: datetime) -> StepOutcome:
    """Sign lines off. `saw` has the fingerprint of each line as the owner was shown it.

    What the person entered is left for somebody else, or marked where they may sign it off all the same.
    """
    return _decide(edition, saw, Step.APPROVED, "", by, now)


def send_back(*, edition: Edition, saw: Mapping[int, str], note: str, by: User, now: datetime) -> StepOutcome:
    """Send lines back to their reporters with a note that says what to change. Raises ValueError without one."""
    words = plain_text(note)
    if not words:
        raise ValueError("Say what should be changed.")
    return _decide(edition, saw, Step.SENT_BACK, words, by, now)


def _decide(edition: Edition, saw: Mapping[int, str], step: Step, note: str, by: User, now: datetime) -> StepOutcome:
    def run(current: Edition) -> StepOutcome:
        def decided(sign_off: SignOff) -> None:
            sign_off.step, sign_off.note = step, note
            sign_off.decided_at, sign_off.decided_by = now, by
            sign_off.entered_by_signer = sign_off.indicator_id in entered

        waiting = [
            line
            for line in lines_to_act_on(current, saw, by, "sign_off_line")
            # What is signed off already can still be sent back.
            if line.standing.is_with_owner or (step is Step.SENT_BACK and line.standing is Standing.APPROVED)
        ]
        same = [line for line in waiting if line.fingerprint == saw[line.key]]
        approving = step is Step.APPROVED
        own = [line for line in same if approving and not may(by, "approve_line", line)]
        done = [line for line in same if line not in own]
        entered = {line.key for line in done if approving and by.pk in line.entered_by}
        take_step(done, by, decided)
        return StepOutcome(done, [line for line in waiting if line not in same], own)

    return on_lines(edition, saw, run)


def lines_to_act_on(edition: Edition, keys: Collection[int], by: User, right: str) -> list[SheetLine]:
    """The lines as they are now. Raises PermissionDenied unless each is the person's to act on."""
    lines = [line for line in assemble_sheet(edition, keys).lines if line.key in keys]
    if not all(may(by, right, line) for line in lines):
        raise PermissionDenied
    return lines


def take_step(lines: Sequence[SheetLine], by: User, change: Callable[[SignOff], None]) -> None:
    """Let lines take a step, which `change` writes into their sign-offs, and keep what it was taken on."""
    if not lines:
        return
    stored = {
        sign_off.indicator_id: sign_off
        for sign_off in SignOff.objects.select_for_update()
        .filter(indicator__in=[line.key for line in lines], month=lines[0].month)
        .order_by("pk")
    }
    taken = [stored.get(line.key) or SignOff(indicator=line.indicator, month=line.month) for line in lines]
    for line, sign_off in zip(lines, taken, strict=True):
        sign_off.figure, sign_off.text = signature(line.figure), line.text
        sign_off.entered_by_signer = False
        change(sign_off)
    save_all(taken, STEP_FIELDS, by=by)
