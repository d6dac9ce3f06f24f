"""What came in for lines that take no entries: shown again to whoever typed it, for copying, and never saved."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from commentary.sign_off import plain_text
from indicators.calculations.vocabulary import Blank, Stage
from indicators.models import User
from scorecard.rules import may
from scorecard.sheet.sheet import Sheet, SheetLine

from .forms import REASON, LineForm, prefix_of

FIELD = re.compile(r"line-([0-9]{1,18})-(.+)", re.DOTALL)
LABELS = {
    "figure": "Figure",
    "numerator": "How many",
    "denominator": "Out of how many",
    "blank": "No figure, because it is",
    "stage": "How firm it is",
    "note": "Note",
    "text": "Commentary",
}
WORDS = {("blank", blank.value): blank.label for blank in Blank} | {
    ("stage", stage.value): stage.label for stage in Stage
}
EMPTIED = "(emptied)"


class Typed(NamedTuple):
    """What stood in one field, beside its label."""

    label: str
    text: str


class UnsavedLine(NamedTuple):
    """What was typed for a line that takes no entries; `line` is None when its author may not see that line."""

    line: SheetLine | None
    typed: list[Typed]


def unsaved_lines(
    data: Mapping[str, str], sheet: Sheet, person: User, *, but: Collection[int] = ()
) -> list[UnsavedLine]:
    """The lines of a posted return in which something stands that is not stored, without those in `but`.

    Of a line that its author may not see, all that came in is given back, and nothing else: what is left out
    would tell what is stored.
    """
    posted: dict[int, dict[str, str]] = {}
    for name, text in data.items():
        found = FIELD.fullmatch(name)
        if found and int(found[1]) not in but:
            posted.setdefault(int(found[1]), {})[found[2]] = plain_text(text)
    lines = [_unsaved(fields, sheet.by_key.get(key), person) for key, fields in posted.items()]
    return [one for one in lines if one.typed]


def _unsaved(fields: Mapping[str, str], line: SheetLine | None, person: User) -> UnsavedLine:
    shown = line if line is not None and may(person, "see_line", line) else None
    stored = _stored(shown) if shown else {"stage": Stage.FINAL.value}
    typed = [
        Typed(label, WORDS.get((name, text), text) or EMPTIED)
        for name, text in sorted(fields.items(), key=lambda field: _place(field[0]))
        if (label := _label(name)) and text != stored.get(name, "")
    ]
    return UnsavedLine(shown, typed)


def _place(name: str) -> int:
    """The order of the fields on the page, the reasons last."""
    return [*LABELS, name].index(name)


def _label(name: str) -> str:
    return "Reason for a warning" if name.startswith(REASON) else LABELS.get(name, "")


def _stored(line: SheetLine) -> dict[str, str]:
    """What stands in the fields of the line's form, by name."""
    form = LineForm(None, line)
    start = f"{prefix_of(line.key)}-"
    shown = {bound.html_name.removeprefix(start): bound.field.prepare_value(bound.value()) for bound in form}
    return {name: "" if value is None else plain_text(str(value)) for name, value in shown.items()}
