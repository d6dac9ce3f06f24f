"""The board report of what a spreadsheet would become, drawn from rows that nobody stores."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe

from indicators.models.audited import BATCH
from scorecard.access import Readable
from scorecard.indicator_page import read_pages
from scorecard.models import Section
from scorecard.publication.document import FrozenReport, Pages, write_document
from scorecard.report import assemble_report
from scorecard.report.page import ReportRequest, report_main

from .plan import ScorecardPlan

# Above every key that there is: what a sequence would give next is not touched.
ROOM = 1_000_000


def draw_preview(plan: ScorecardPlan, query: QueryDict) -> SafeString:
    """The main part of the report's page on the plan's month, as it will look once the plan is created.

    The plan can't be used afterwards: its rows have keys of rows that are gone. Raises IntegrityError, ValueError or
    ValidationError where the rows can't be saved.
    """
    with _as_if_stored(plan):
        scorecard, month = plan.scorecard, plan.month
        report = assemble_report(scorecard, month)
        desk = read_pages(scorecard, report, readable=[month], with_names=True)
        # As a document, because that is what readers will get, and because one can't be downloaded yet.
        draft = FrozenReport(write_document(report, Pages.of(desk)))
        asked = ReportRequest(scorecard, month, Readable([month], []), None, draft)
        return _without_links(report_main(asked, query), scorecard.slug)


@contextmanager
def _as_if_stored(plan: ScorecardPlan) -> Iterator[None]:
    """Store the plan's rows with keys of their own, and take all of it back at the end of the block."""
    with transaction.atomic():
        _add(plan.people)
        for rows in list(plan.batches()):
            if rows and isinstance(rows[0], Section) and plan.scorecard.pk is None:
                _add([plan.scorecard])
            _add(rows)
        try:
            yield
        finally:
            transaction.set_rollback(True)


def _add(rows: Sequence[Any]) -> None:
    new = [row for row in rows if row.pk is None]
    if not new:
        return
    model = type(new[0])
    latest = model._base_manager.aggregate(latest=Max("pk"))["latest"] or 0
    for place, row in enumerate(new):
        row.pk = latest + ROOM + place
    model._base_manager.bulk_create(new, batch_size=BATCH)


def _without_links(main: SafeString, slug: str) -> SafeString:
    """What it draws, without links to pages that there are only once it is created."""
    return mark_safe(re.sub(rf' href="[^"#?]*/scorecards/{re.escape(slug)}/[^"]*"', "", main))  # noqa: S308 - attributes are only taken out
