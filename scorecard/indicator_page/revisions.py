"""Which published figures were changed, when, and from what to what; from the history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from indicators.models import MonthlyValue
from scorecard.editing.history import NOTHING
from scorecard.models import Edition, EditionState, Scorecard
from scorecard.sheet.history import amount_in_words

from .facts import Revision


class Publications(NamedTuple):
    """When each month's report of a scorecard was first published."""

    at: dict[date, datetime]

    def of(self, month: date) -> datetime | None:
        """When a month's figure was first published: a report also shows the months before it."""
        return min((moment for edition, moment in self.at.items() if edition >= month), default=None)


def publications_of(scorecard: Scorecard, latest: date) -> Publications:
    """The publications of reports up to a month."""
    entries = Edition.history.filter(scorecard_id=scorecard.pk, state=EditionState.PUBLISHED, month__lte=latest)
    # The earliest entry comes last and stays.
    return Publications(dict(entries.order_by("-history_date").values_list("month", "history_date")))


def value_history(keys: Collection[int], latest: date) -> dict[int, list[Any]]:
    """Every stored state of each indicator's figures up to a month, by month, oldest first, with who made it."""
    entries = MonthlyValue.history.filter(indicator_id__in=keys, month__lte=latest)
    found: dict[int, list[Any]] = defaultdict(list)
    for entry in entries.select_related("history_user", "indicator").order_by("month", "history_date", "history_id"):
        found[entry.indicator_id].append(entry)
    return found


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
