"""The report's sections as tables."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.safestring import SafeString

from indicators.calculations.months import add_months, financial_year_text

from . import cells
from .report.board import BoardReport, ReportSection
from .report.filters import Wanted, searchable_text
from .report.row import MONTHS_SHOWN, Row
from .report.sparkline import sparkline


class ReportColumn(tables.Column):
    """A column whose cells a function of the row draws. `kind` becomes its CSS class."""

    def __init__(self, heading: str, kind: str, draw: Any) -> None:
        super().__init__(verbose_name=heading, accessor="measure", orderable=False, empty_values=())
        self.kind = f"col-{kind}"
        self.draw = draw

    def render(self, record: Row) -> SafeString | str:
        return self.draw(record)


class SectionTable(tables.Table):
    """The lines of one section, with the columns of the report's month."""

    class Meta:
        template_name = "components/report_table.html"
        orderable = False

    def __init__(self, section: ReportSection, report: BoardReport, wanted: Wanted) -> None:
        super().__init__(list(section.rows), extra_columns=report_columns(report), empty_text="No lines.")
        self.section = section
        self.wanted = wanted

    def lines(self) -> list[dict[str, Any]]:
        """Each row with what the template needs beside its cells."""
        return [
            {
                "row": row,
                "record": row.record,
                "notes": cells.notes(row.record),
                "words": searchable_text(row.record),
                "hidden": not self.wanted.includes(row.record, self.section.anchor),
            }
            for row in self.rows
        ]

    @property
    def all_hidden(self) -> bool:
        return not any(self.wanted.includes(row, self.section.anchor) for row in self.section.rows)


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
