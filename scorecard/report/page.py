"""The main part of the report page: what it shows around its tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import get_text_list

from indicators.calculations.months import financial_year_text, month_text
from indicators.calculations.vocabulary import Assessment, Rating
from scorecard.access import Readable
from scorecard.display.icons import KEY_ICONS, variation_icon
from scorecard.display.table import line_anchor, report_tables
from scorecard.files.formats import FORMATS
from scorecard.models import Scorecard
from scorecard.publication.reading import Published, document_of

from . import BoardReport, assemble_report
from .filters import count_assessments, count_ratings
from .forms import FilterForm, MonthForm
from .what_to_look_at import Finding, Reason, what_to_look_at


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


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """A report that somebody asks for and may read. `published` is None for a month read as the data stand now."""

    scorecard: Scorecard
    month: date
    readable: Readable
    published: Published | None

    @property
    def report(self) -> BoardReport:
        """As it was frozen, or as it would be now."""
        return document_of(self.published).report if self.published else assemble_report(self.scorecard, self.month)

    @property
    def heading(self) -> BoardReport | Scorecard:
        """What has the title and the council's name: the report as it was frozen, or the scorecard."""
        return document_of(self.published).report if self.published else self.scorecard

    @property
    def file_name(self) -> str:
        """What a file of it is called, without its ending."""
        name = f"{self.scorecard.slug}-{month_text(self.month)}"
        if self.published and self.published.is_outdated:
            return f"{name}-publication-{self.published.number}"
        return name

    @property
    def files(self) -> str:
        """The address of its downloads, up to the format."""
        place = [self.scorecard.slug, month_text(self.month)]
        if self.published and self.published.is_outdated:
            return reverse("publication_file", args=[*place, self.published.number, "x"]).removesuffix("x")
        return reverse("download", args=[*place, "x"]).removesuffix("x")

    @property
    def published_at(self) -> datetime | None:
        """When anything was published last that the page can tell of; None where it isn't published."""
        if self.published is None:
            return None
        return max(one.published_at for one in self.readable.publications)

    @property
    def publications(self) -> list[Published]:
        """Every publication of the month, the latest first."""
        return [one for one in self.readable.publications if one.month == self.month]

    @property
    def version(self) -> str | None:
        """Differs whenever the published page would: by what was frozen, and by what else there is to read.

        None for a month that isn't published: its page follows the data.
        """
        if self.published is None:
            return None
        there_is = [*self.readable.months, *((one.month, one.number) for one in self.readable.publications)]
        return sha256(f"{self.published.checksum}{there_is}".encode()).hexdigest()


def report_main(asked: ReportRequest, query: QueryDict) -> SafeString:
    """The main part of the report's page as HTML.

    A published report's never changes, so what was drawn for its plain address is kept in this process. A month in
    progress is drawn each time, and so is what a filter asks for.
    """
    if query or asked.version is None:
        return _draw(asked, query)
    key = f"report:{asked.scorecard.slug}:{month_text(asked.month)}:{asked.version}"
    drawn: SafeString | None = cache.get(key)
    if drawn is None:
        drawn = _draw(asked, query)
        cache.set(key, drawn, KEPT_FOR_SECONDS)
    return drawn


def _draw(asked: ReportRequest, query: QueryDict) -> SafeString:
    # Links go to where the scorecard is now, should its address be another than when it was frozen.
    report = replace(asked.report, slug=asked.scorecard.slug)
    context = _context(report, FilterForm(query, report), asked.readable.months)
    context |= {
        "published": asked.published,
        "publications": asked.publications,
        "month_text": month_text(asked.month),
        "files": asked.files,
    }
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
        "change_tiles": change_tiles(report),
        "rating_tiles": rating_tiles(report),
        "notices": notices(report),
        "earlier_month": months[place + 1] if place + 1 < len(months) else None,
        "later_month": months[place - 1] if place else None,
    }


def _look(report: BoardReport, findings: list[Finding]) -> Look:
    unusual = {finding.row.indicator for finding in findings}
    return Look(
        items=[look_item(finding) for finding in findings[:MOST_SHOWN]],
        more=max(len(findings) - MOST_SHOWN, 0),
        usual=sum(row.indicator not in unusual for row in report.rows),
    )


def look_item(finding: Finding) -> LookItem:
    """A finding with its drawing or sign, and what else there is about the line."""
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


def change_tiles(report: BoardReport) -> list[Tile]:
    """How many lines got better or worse, a tile each."""
    counts = count_assessments(report)
    return [Tile(counts[kind], kind.label, f"assessment={kind.value}", f"mark-{kind.value}") for kind in Assessment]


def rating_tiles(report: BoardReport) -> list[Tile]:
    """How many lines have each rating; red, amber and green also where there is none."""
    counts = count_ratings(report)
    always = (Rating.RED, Rating.AMBER, Rating.GREEN)
    return [
        Tile(counts[kind], RATING_TILES.get(kind, kind.label), f"rating={kind.value}", f"rating-{kind.value}")
        for kind in (*always, *(other for other in Rating if other not in always))
        if kind in always or counts[kind]
    ]
