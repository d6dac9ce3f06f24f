"""Drafts of spreadsheets: beginning one, with what was decided on a file of the same layout, and keeping decisions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from indicators.models import ChangedMeanwhileError, User
from scorecard.models import DRAFT_FORMAT, DraftState, SpreadsheetDraft
from scorecard.rules import require

from .decide import Decided
from .understood import Understood

CHANGED = (
    "This file’s decisions were changed in the meantime, by somebody else or in another window. What you entered is "
    "kept below: look through it, and save again."
)
# What is said of one file only; all else holds for the next of the same layout.
_OF_ONE_FILE = ("scorecard", "corrections", "periods", "repeats")
_MOST_NAMED = 8


def begin_draft(
    name: str, content: bytes, understood: Understood, *, by: User
) -> tuple[SpreadsheetDraft, SpreadsheetDraft | None]:
    """Keep a file that was sent, and say from which earlier one its decisions come; None where there is none."""
    require(by, "manage_collection")
    same = SpreadsheetDraft.objects.filter(layout=understood.layout).exclude(layout="").defer("content", "receipt")
    former = same.order_by("-sent_at", "-pk").first()
    kept = former.decisions if former else {}
    draft = SpreadsheetDraft(
        file_name=name[:255],
        content=content,
        layout=understood.layout,
        decisions={key: value for key, value in kept.items() if key not in _OF_ONE_FILE},
        scorecard_id=former.scorecard_id if former and former.state == DraftState.CREATED else None,
        sent_by=by,
    )
    draft._history_user = by  # type: ignore[attr-defined]
    draft.save()
    return draft, former


def keep_decisions(draft: SpreadsheetDraft, decided: Mapping[str, Any], *, version: int, by: User) -> None:
    """Keep what was decided in a step. Raises ChangedMeanwhileError where another was quicker."""
    require(by, "manage_collection")
    if version != draft.version:
        raise ChangedMeanwhileError(draft)
    kept = {key: value for key, value in {**draft.decisions, **decided}.items() if value}
    if kept != draft.decisions:
        # A file's texts may have what no database keeps.
        draft.decisions = json.loads(json.dumps(kept | {"format": DRAFT_FORMAT}).replace("\\u0000", ""))
        draft._history_user, draft._change_reason = by, ", ".join(decided)  # type: ignore[attr-defined]
        draft.save(update_fields=["decisions"])


def no_longer_there(decided: Decided) -> Iterator[str]:
    """What was decided on earlier files and has nothing to hold for in this one, in sentences."""
    understood = decided.understood
    columns = {column.key for table in understood.audit.tables for column in table.columns}
    rows = {row.key for row in decided.rows}
    for part, there, what in (
        ("columns", columns, "columns"),
        ("indicators", rows, "indicators"),
        ("people", set(decided.people), "people"),
    ):
        gone = [key.rpartition("|")[2] for key in understood.said(part) if key not in there]
        if gone:
            more = f" and {len(gone) - _MOST_NAMED} more" if len(gone) > _MOST_NAMED else ""
            named = ", ".join(gone[:_MOST_NAMED])
            yield f"Of these {what} something was said, and this file hasn’t got them: {named}{more}."
