"""Undoing what somebody did last with a return: what they saved, line by line, or that they sent it.

Their session keeps what it takes, as long as nobody has worked on the lines since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import get_text_list

from commentary.models import SignOff
from commentary.sign_off import Standing, Step
from indicators.calculations.formatting import counted
from indicators.calculations.vocabulary import LabelledEnum
from indicators.models import User, seen
from scorecard.editing.forms import version_text
from scorecard.editing.turns import on_lines
from scorecard.models import Edition
from scorecard.sheet.components import REASON, prefix_of
from scorecard.sheet.history import amount_in_words
from scorecard.sheet.sheet import SheetLine
from scorecard.sign_off.actions import StepOutcome, lines_to_act_on, take_step

from .entries import amount_of
from .forms import fields_shown, numbers_of
from .saving import Submission

# Under which name a session keeps it.
UNDO = "undo"
MOST_TOLD = 3
VERSIONS = ("saw_value", "saw_text", "sign_off")


class LastDone(LabelledEnum):
    """What was done last, as it is told beside the button that undoes it."""

    PASTED = "pasted", "Saved from what you pasted"
    SAVED = "saved", "Saved"
    SENT = "sent", "Sent for sign-off"


def remember(session: Any, edition: Edition, done: Submission, *, is_paste: bool = False) -> None:
    """Keep in a session what undoes what was sent, or else what was saved; what changed nothing leaves it as it was."""
    by_key, before = done.sheet.by_key, {form.line.key: form.line for form in done.forms}
    lines: dict[str, dict[str, str]] = {}
    if done.sent:
        kind = LastDone.SENT
        for line in done.sent:
            was = before[line.key].sign_off
            note = was.note if was and was.step == Step.SENT_BACK else ""
            lines[str(line.key)] = {"note": note, **_versions(by_key[line.key])}
    elif done.saved:
        kind = LastDone.PASTED if is_paste else LastDone.SAVED
        for key in done.saved:
            line = before[key]
            # What stood in its fields, beside the versions that stand there now.
            fields, numbers = fields_shown(line), numbers_of(line)
            names = [*numbers, *(("blank", "stage", "note") if numbers else ()), "text"]
            told = {"told": _told(line, by_key[key])}
            lines[str(key)] = (
                told | {name: fields[f"{prefix_of(key)}-{name}"] for name in names} | _versions(by_key[key])
            )
    else:
        return
    session[UNDO] = {"edition": edition.pk, "kind": kind.value, "lines": lines}


def _versions(line: SheetLine) -> dict[str, str]:
    rows = zip(VERSIONS, (line.value, line.commentary, line.sign_off), strict=True)
    return {name: version_text(seen(row)) for name, row in rows}


def _told(before: SheetLine, after: SheetLine) -> str:
    """What was saved at a line, and what stood there: “A1: 7 instead of 5”."""
    old, new = (
        amount_in_words(amount_of(line.value)._replace(note="")) if line.value else "nothing"
        for line in (before, after)
    )
    what = f"{new} instead of {old}" if old != new else "its commentary" if before.text != after.text else "its note"
    return f"{before.indicator.reference}: {what}"


@dataclass(frozen=True)
class Undo:
    """What can be undone of a return: what was done last, at which of its lines, and what these had before."""

    kind: LastDone
    lines: Sequence[SheetLine]
    kept: Mapping[int, Mapping[str, str]]

    @property
    def words(self) -> str:
        """What was done, in a sentence."""
        if self.kind is LastDone.SENT:
            told = [line.indicator.reference for line in self.lines]
        else:
            told = [self.kept[line.key]["told"] for line in self.lines]
        if len(told) > MOST_TOLD:
            told = [counted(len(told), "line")]
        return f"{self.kind.label}: {get_text_list(told, 'and')}."

    @property
    def effect(self) -> str:
        """What undoing it does, as the rest of “Undo: …”."""
        if self.kind is LastDone.SENT:
            return "take back what was sent; its figures stay"
        return "put back what stood there"

    @property
    def told(self) -> str:
        """What was undone, in a sentence."""
        names = get_text_list([line.indicator.reference for line in self.lines], "and")
        if self.kind is LastDone.SENT:
            return f"Taken back, to be sent again: {names}. The figures are as they were sent."
        return f"Undone: {names} {'is' if len(self.lines) == 1 else 'are'} as before."

    @property
    def fields(self) -> dict[str, str]:
        """What a browser would send to have the lines as they were before they were saved; none for what was sent."""
        sent: dict[str, str] = {}
        for line in self.lines if self.kind is not LastDone.SENT else ():
            kept = {name: text for name, text in self.kept[line.key].items() if name not in ("told", "sign_off")}
            sent |= {name: text for name, text in fields_shown(line).items() if f"-{REASON}" not in name}
            sent |= {f"{prefix_of(line.key)}-{name}": text for name, text in kept.items()}
        return sent


def undo_of(session: Mapping[str, Any], edition: Edition, lines: Sequence[SheetLine]) -> Undo | None:
    """What can be undone at an edition’s lines, but for those worked on since; None where there is nothing."""
    stored = session.get(UNDO) or {}
    if stored.get("edition") != edition.pk:
        return None
    kind = LastDone(stored["kind"])
    is_sent = kind is LastDone.SENT
    names = VERSIONS if is_sent else VERSIONS[:2]
    kept = {
        line.key: fields
        for line in lines
        if (fields := stored["lines"].get(str(line.key)))
        and all(fields[name] == text for name, text in _versions(line).items() if name in names)
        and (not is_sent or line.standing is Standing.SENT)
    }
    return Undo(kind, [line for line in lines if line.key in kept], kept) if kept else None


def take_back(*, edition: Edition, undo: Undo, by: User) -> StepOutcome:
    """Make lines that were sent their reporter’s again, where no owner has decided on them since. Their figures stay.

    One that had been sent back is so again, with the note on it. Raises PermissionDenied, and changes nothing, when one
    of them is not the person’s to enter, or not any more.
    """

    def taken_back(sign_off: SignOff) -> None:
        sign_off.note = undo.kept[sign_off.indicator_id]["note"]
        sign_off.step = Step.SENT_BACK if sign_off.note else Step.DRAFT

    def run(current: Edition) -> StepOutcome:
        lines = lines_to_act_on(current, undo.kept, by, "enter_line")
        same = [line for line in lines if line.standing is Standing.SENT]
        done = [line for line in same if _versions(line)["sign_off"] == undo.kept[line.key]["sign_off"]]
        take_step(done, by, taken_back)
        return StepOutcome(done, [line for line in lines if line not in done])

    return on_lines(edition, undo.kept, run)
