"""Whether lines that were read before are still somebody's to enter, asked where they are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.core.exceptions import PermissionDenied

from indicators.models import User
from scorecard.models import Edition, EditionState
from scorecard.rules import may
from scorecard.sheet.assemble import assemble_sheet
from scorecard.sheet.sheet import SheetLine


def require_entering(edition: Edition, lines: Sequence[SheetLine], by: User) -> None:
    """Refuse unless the person may enter each line of the edition, which is as it is now. Raises PermissionDenied."""
    if not all(may(by, "enter_line", line) for line in _as_now(edition, lines)):
        raise PermissionDenied


def _as_now(edition: Edition, lines: Sequence[SheetLine]) -> Sequence[SheetLine]:
    if edition.state != EditionState.IN_REVIEW:
        return [replace(line, edition=edition) for line in lines]
    # In review it depends on how far each has come, and that may have changed as well since they were read.
    by_key = assemble_sheet(edition).by_key
    if not all(line.key in by_key for line in lines):
        raise PermissionDenied
    return [by_key[line.key] for line in lines]
