"""The report's sections as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.safestring import SafeString

from indicators.calculations.months import add_months, financial_year_text, month_text
from indicators.calculations.row import MONTHS_SHOWN, Row
from scorecard.report.board import BoardReport, ReportSection
from scorecard.report.filters import Wanted, looked_for, ordered_lines, searchable_text
from scorecard.report.what_to_look_at import Finding

from . import cells
from .sparkline import sparkline


class ReportColumn(tables.Column):
    """A column whose cells a function of the row draws. `kind` becomes its CSS class."""

    def __init__(self, heading: str, kind: str, draw: Any) -> None:
        super().__init__(verbose_name=heading, accessor="measure", orderable=False, empty_values=())
        self.kind = f"col-{kind}"
        self.draw = draw

    def render(self, record: Row) -> SafeString | str:
        return self.draw(record)


class SectionTable(tables.Table):
    """Lines under a heading, with the columns of the report's month. `anchor` is the heading's name in the page."""

    class Meta:
        template_name = "components/report_table.html"
        orderable = False

    def __init__(
        self,
        anchor: str,
        title: str,
        lines: Sequence[tuple[str, Row]],
        report: BoardReport,
        looks: Mapping[int, Finding],
        wanted: Wanted,
    ) -> None:
        super().__init__([row for _, row in lines], extra_columns=report_columns(report), empty_text="No lines.")
        self.anchor = anchor
        self.title = title
        self.report = report
        self._places = [
            (section, reasons, wanted.includes(row, section, reasons))
            for section, row in lines
            for reasons in (looks[row.indicator].reasons if row.indicator in looks else {},)
        ]

    def lines(self) -> list[dict[str, Any]]:
        """Each row with what the template needs beside its cells."""
        month = month_text(self.report.month)
        return [
            {
                "row": row,
                "record": row.record,
                "anchor": line_anchor(section, row.record),
                "address": reverse("indicator", args=[self.report.slug, month, row.record.indicator]),
                "section": section,
                "notes": cells.notes(row.record),
                "words": searchable_text(row.record),
                "look": " ".join(looked_for(reasons)),
                "hidden": not is_shown,
            }
            for row, (section, reasons, is_shown) in zip(self.rows, self._places, strict=True)
        ]

    @property
    def shown(self) -> int:
        """How many of its lines are among what is asked for."""
        return sum(is_shown for _, _, is_shown in self._places)


def line_anchor(section: str, row: Row) -> str:
    """The name within the page of a line in the section with this anchor."""
    return f"{section}-{row.indicator}"


def report_tables(
    report: BoardReport, findings: Sequence[Finding], wanted: Wanted, *, looks_first: bool
) -> list[SectionTable]:
    """A table a section; or, with what to look at first, one for all."""
    looks = {finding.row.indicator: finding for finding in findings}
    if looks_first:
        lines = ordered_lines(report, findings)
        return [SectionTable("in-order", "What to look at first", lines, report, looks, wanted)]
    return [_section_table(section, report, looks, wanted) for section in report.sections]


def _section_table(
    section: ReportSection, report: BoardReport, looks: Mapping[int, Finding], wanted: Wanted
) -> SectionTable:
    lines = [(section.anchor, row) for row in section.rows]
    return SectionTable(section.anchor, section.title, lines, report, looks, wanted)


def report_columns(report: BoardReport) -> list[tuple[str, ReportColumn]]:
    """Every column after the indicator's own, which the template draws as the row's heading."""
    return [
        *_month_columns(report),
        ("trend", ReportColumn("13-month trend", "trend", sparkline)),
        (
            "direction",
            ReportColumn("Desired direction", "direction", lambda row: cells.direction_cell(row.measure.polarity)),
        ),
        *_change_columns(report),
        ("signal", ReportColumn("Signal", "signal", cells.signal_cell)),
        ("rating", ReportColumn("Against target", "rag", cells.rating_cell)),
        ("average", ReportColumn("12-month average", "number", lambda row: cells.summary_cell(row, row.average_text))),
        ("maximum", ReportColumn("12-month maximum", "number", lambda row: cells.summary_cell(row, row.maximum_text))),
        *_comparator_columns(report),
        *_target_columns(report),
        ("owner", ReportColumn("Owner", "person", lambda row: row.measure.owner or cells.NOTHING)),
        ("reporter", ReportColumn("Reporter", "person", lambda row: row.measure.reporter or cells.NOTHING)),
    ]


def _month_columns(report: BoardReport) -> list[tuple[str, ReportColumn]]:
    return [
        (
            f"month_{place}",
            ReportColumn(
                f"{month:%b %Y}",
                "month latest" if month == report.month else "month",
                lambda row, place=place: cells.month_cell(row, row.shown_figures[place]),
            ),
        )
        for place, month in zip(range(MONTHS_SHOWN), report.months_shown, strict=True)
    ]


def _change_columns(report: BoardReport) -> list[tuple[str, ReportColumn]]:
    month_before, year_before = add_months(report.month, -1), add_months(report.month, -12)
    return [
        (
            "change_month",
            ReportColumn(
                f"Change from {month_before:%b %Y}",
                "change",
                lambda row: cells.change_cell(row, row.change_month, row.change_month_text, row.previous_month),
            ),
        ),
        (
            "change_year",
            ReportColumn(
                f"Change from {year_before:%b %Y}",
                "change",
                lambda row: cells.change_cell(row, row.change_year, row.change_year_text, row.year_before),
            ),
        ),
    ]


def _comparator_columns(report: BoardReport) -> list[tuple[str, ReportColumn]]:
    return [
        (
            f"comparator_{place}",
            ReportColumn(
                heading,
                "comparator",
                lambda row, place=place: cells.comparator_cell(row, row.comparators[place]),
            ),
        )
        for place, heading in enumerate(("Statistical neighbours", "England", report.region))
    ]


def _target_columns(report: BoardReport) -> list[tuple[str, ReportColumn]]:
    return [
        (
            f"target_{place}",
            ReportColumn(
                f"Target {financial_year_text(year)}",
                "number",
                lambda row, place=place: cells.target_cell(row, row.targets[place]),
            ),
        )
        for place, year in enumerate(report.target_years)
    ]
