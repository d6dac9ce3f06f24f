"""Editions published one after the other with suppression, as a test needs them: full, masked, and their plans."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from indicators.calculations.disclosure import Relations
from scorecard.disclosure import (
    DisclosurePlan,
    Document,
    PublicDocument,
    mask_page,
    mask_report,
    plan_disclosure,
    relations_of,
)
from scorecard.indicator_page import IndicatorPage, Span, assemble_page
from scorecard.models import Scorecard
from scorecard.report import assemble_report


class Published(NamedTuple):
    """An edition with its plan and both documents."""

    plan: DisclosurePlan
    document: PublicDocument


def full_document(scorecard: Scorecard, month: date, readable: Sequence[date], paged: Sequence[str] = ()) -> Document:
    """The report, with the pages of the indicators that are named: each takes as long as a report."""
    report = assemble_report(scorecard, month)
    pages: dict[int, IndicatorPage] = {}
    for row in (row for row in report.rows if row.measure.reference in paged):
        page = assemble_page(scorecard, month, row.indicator, readable=readable, with_names=False, span=Span.ALL)
        assert page is not None
        pages[row.indicator] = page
    return Document(report, pages)


def publish_with_suppression(full: Document, relations: Relations, before: Iterable[Published]) -> Published:
    plan = plan_disclosure(full.report, full.pages, relations, [one.document for one in before])
    public = Document(mask_report(full.report, plan), {key: mask_page(page, plan) for key, page in full.pages.items()})
    return Published(plan, PublicDocument(public, full))


def publish_all(scorecard: Scorecard, months: Sequence[date], paged: Sequence[str] = ()) -> list[Published]:
    """The scorecard's months, each published after the one before."""
    relations = relations_of()
    found: list[Published] = []
    for place, month in enumerate(months):
        pages = paged if month == months[-1] else ()
        full = full_document(scorecard, month, months[: place + 1], pages)
        found.append(publish_with_suppression(full, relations, found))
    return found
