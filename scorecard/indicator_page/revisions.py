"""Which published figures were changed, when, and from what to what; from the history."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from scorecard.sheet.history import NOTHING, amount_in_words

from .facts import Revision
from .queries import Publications


def revisions_of(records: Iterable[Any], publications: Publications, *, with_names: bool) -> tuple[Revision, ...]:
    """The changes made after a figure was first published, newest first.

    `records` are sorted by indicator and month, oldest first. Changes before publication are left out.
    """
    found: list[Revision] = []
    for (_, month), states in groupby(records, key=lambda record: (record.indicator_id, record.month)):
        published_at = publications.of(month)
        if published_at is None:
            continue
        before = NOTHING
        for record in states:
            after = NOTHING if record.history_type == "-" else amount_in_words(record)
            if after != before and record.history_date > published_at:
                found.append(_revision(record, before, after, with_names=with_names))
            before = after
    return tuple(sorted(found, key=lambda revision: revision.at, reverse=True))


def _revision(record: Any, before: str, after: str, *, with_names: bool) -> Revision:
    return Revision(
        at=record.history_date,
        reference=record.indicator.reference,
        month=record.month,
        before=before,
        after=after,
        who=str(record.history_user or "The system") if with_names else "",
        why=(record.history_change_reason or "") if with_names else "",
    )
