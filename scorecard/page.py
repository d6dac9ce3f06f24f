"""The main part of the report page: what it shows around its tables, and when it is drawn anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import get_text_list

from indicators.calculations.months import financial_year_text, month_text
from indicators.calculations.vocabulary import Assessment, Rating

from .access import readable_months
from .forms import FilterForm, MonthForm
from .icons import KEY_ICONS, variation_icon
from .models import Scorecard
from .report import BoardReport, assemble_report
from .report.exceptions import Finding, Reason, what_to_look_at
from .report.filters import count_assessments, count_ratings
from .report.formats import FORMATS
from .report.version import data_version
from .rules import may
from .tables import line_anchor, report_tables


@dataclass(frozen=True, slots=True)
class Tile:
    """A number at a glance that leads to the lines it counts."""

    count: int
    label: str
    query: str
    kind: str


@dataclass(frozen=True, slots=True)
class LookItem:
    """A line to look at: what kind, where it stands in the page, and why in a sentence."""

    finding: Finding
    anchor: str
    icon: SafeString
    others: str


@dataclass(frozen=True, slots=True)
class Look:
    """What to look at first: the most pressing lines, and how many there are besides."""

    items: list[LookItem]
    more: int
    usual: int


MOST_SHOWN = 12
# Those without a drawing of their own have a sign.
REASON_SIGNS = {Reason.OFF_TARGET: "■", Reason.GAP: "↔", Reason.OVERDUE: "…"}
KEPT_FOR_SECONDS = 60 * 60
RATING_TILES = {
    Rating.RED: "Red: off target",
    Rating.AMBER: "Amber: within tolerance",
    Rating.GREEN: "Green: on target",
}


def report_main(scorecard: Scorecard, month: date, reader: Any, query: QueryDict) -> SafeString | None:
    """The main part of the report's page as HTML; None for a month that the reader may not read.

    Most readers open the plain address, so what was drawn for it is kept until the data
    change. What a filter asks for is drawn each time, and so is everything while somebody writes.
    """
    version = None if query else data_version()
    if version is None:
        return _draw(scorecard, month, reader, query)
    audience = "officers" if may(reader, "read_unpublished") else "readers"
    key = f"report:{scorecard.slug}:{month_text(month)}:{audience}:{version}"
    drawn: SafeString | None = cache.get(key)
    if drawn is None:
        drawn = _draw(scorecard, month, reader, query)
        cache.set(key, drawn, KEPT_FOR_SECONDS)
    return drawn


def _draw(scorecard: Scorecard, month: date, reader: Any, query: QueryDict) -> SafeString | None:
    months = readable_months(scorecard, reader)
    if month not in months:
        return None
    report = assemble_report(scorecard, month)
    context = _context(report, FilterForm(query, report), months)
    return render_to_string("scorecard/report_main.html", context)


def _context(report: BoardReport, form: FilterForm, months: list[date]) -> dict[str, Any]:
    wanted = form.wanted()
    place = months.index(report.month)
    findings = what_to_look_at(report)
    tables = report_tables(report, findings, wanted, looks_first=form.looks_first())
    return {
        "report": report,
        "formats": FORMATS.values(),
        "form": form,
        "month_form": MonthForm(months, report.month),
        "tables": tables,
        "shown": sum(table.shown for table in tables),
        "total": sum(1 for _ in report.rows),
        "is_filtered": bool(wanted),
        "look": _look(report, findings),
        "key_icons": KEY_ICONS,
        "change_tiles": _change_tiles(report),
        "rating_tiles": _rating_tiles(report),
        "notices": notices(report),
        "earlier_month": months[place + 1] if place + 1 < len(months) else None,
        "later_month": months[place - 1] if place else None,
    }


def _look(report: BoardReport, findings: list[Finding]) -> Look:
    unusual = {finding.row.indicator for finding in findings}
    return Look(
        items=[_look_item(finding) for finding in findings[:MOST_SHOWN]],
        more=max(len(findings) - MOST_SHOWN, 0),
        usual=sum(row.indicator not in unusual for row in report.rows),
    )


def _look_item(finding: Finding) -> LookItem:
    sign = REASON_SIGNS.get(finding.first)
    return LookItem(
        finding=finding,
        anchor=line_anchor(finding.section, finding.row),
        icon=(
            format_html('<span class="sign" aria-hidden="true">{}</span>', sign)
            if sign
            else variation_icon(finding.row.signal.variation)
        ),
        others=get_text_list([reason.label.lower() for reason in finding.others], "and"),
    )


def notices(report: BoardReport) -> list[str]:
    """What holds for the whole report and a reader must know, in sentences."""
    found = []
    if not report.has_target_this_year:
        year = financial_year_text(report.financial_year)
        found.append(
            f"No indicator has a target for {year}, the year of this report, so none is rated "
            "red, amber or green. The targets shown are of earlier years."
        )
    stale, off_basis = _comparator_cautions(report)
    if off_basis:
        found.append(
            f"{_lines(off_basis)} comparators that are not measured as the council measures "
            "itself: they are marked, and no comparison is drawn."
        )
    if stale:
        found.append(f"{_lines(stale)} comparators that ended more than two years before this report.")
    return found


def _lines(count: int) -> str:
    return "1 indicator has" if count == 1 else f"{count} indicators have"


def _comparator_cautions(report: BoardReport) -> tuple[int, int]:
    """How many rows have a stale comparator, and how many one on another basis."""
    cells = [[cell for cell in row.comparators if cell and cell.value is not None] for row in report.rows]
    stale = sum(any(cell.is_stale for cell in row) for row in cells)
    off_basis = sum(any(cell.on_basis == "no" for cell in row) for row in cells)
    return stale, off_basis


def _change_tiles(report: BoardReport) -> list[Tile]:
    counts = count_assessments(report)
    return [Tile(counts[kind], kind.label, f"assessment={kind.value}", f"mark-{kind.value}") for kind in Assessment]


def _rating_tiles(report: BoardReport) -> list[Tile]:
    counts = count_ratings(report)
    always = (Rating.RED, Rating.AMBER, Rating.GREEN)
    return [
        Tile(counts[kind], RATING_TILES.get(kind, kind.label), f"rating={kind.value}", f"rating-{kind.value}")
        for kind in (*always, *(other for other in Rating if other not in always))
        if kind in always or counts[kind]
    ]
