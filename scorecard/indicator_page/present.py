"""An indicator's page as its template takes it, with the HTML of the report's cells, and its figures as CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.utils.safestring import SafeString

from indicators.calculations.exact import Exact, rounded
from indicators.calculations.formatting import BREAK, format_number, neutralise
from indicators.calculations.months import month_text
from indicators.calculations.row import ComparatorCell, PeerGroup, Row
from scorecard.display import cells
from scorecard.display.tiles import Tile
from scorecard.files.csv_and_json import csv_text
from scorecard.report.board import BoardReport, Focus

from .chart import Mark, chart_svg, marks_of
from .facts import DEFAULT_SPAN, IndicatorPage, Point, SeriesBeside, Span
from .words import POLARITY, about_season, fixed_on, published_otherwise, readout, resting_on, usual_or_not, verdict

DECIMALS = 12
# In the address of a page that shows former indicators with its own.
BESIDE_QUERY = "with=before"
HEADER = (
    "month",
    "figure",
    "value",
    "numerator",
    "denominator",
    "stage",
    "note",
    "mean",
    "lower_limit",
    "upper_limit",
    "signal",
    "reason",
    "target",
    "commentary",
    "break",
    # What was added later comes last, so that readers who go by position still find the other columns.
    "period",
    "baseline",
    "target_upper",
    "year_to_date",
)


@dataclass(frozen=True)
class PageContext:
    """The facts of a page, and the months of it that are shown; `asked` is the span as the address has it.

    `report` is the one that it was frozen with; None for a month read as the data stand now.
    """

    facts: IndicatorPage
    slug: str
    span: Span
    asked: str
    report: BoardReport | None = None
    # What the reports of the months before have of it.
    before: Mapping[date, IndicatorPage] = field(default_factory=dict)

    @cached_property
    def focuses(self) -> list[Focus]:
        """The areas of focus and questions of the report that are about the indicator."""
        areas = self.report.areas_of_focus if self.report else ()
        return [focus for focus in areas if self.facts.measure.reference in focus.references]

    @cached_property
    def neighbours(self) -> tuple[Row | None, Row | None]:
        """The lines before and after it in the report; None at its ends, and where it has no line."""
        rows = self.report.by_indicator if self.report else {}
        if self.facts.key not in rows:
            return None, None
        around = [None, *rows.values(), None]
        place = [*rows].index(self.facts.key)
        return around[place], around[place + 2]

    @property
    def groups(self) -> tuple[PeerGroup, ...]:
        return self.report.groups if self.report else ()

    @property
    def month_text(self) -> str:
        return month_text(self.facts.month)

    @property
    def spans(self) -> list[tuple[str, str, bool]]:
        """Value, label and whether it is the one that is shown."""
        return [(span.value, span.label(self.facts.measure.periods), span is self.span) for span in Span]

    @property
    def is_unknown_span(self) -> bool:
        return Span.of(self.asked) is None

    @property
    def default_span(self) -> str:
        return DEFAULT_SPAN.label(self.facts.measure.periods)

    @cached_property
    def points(self) -> tuple[Point, ...]:
        return self.facts.shown(self.span)

    @property
    def has_figures(self) -> bool:
        return any(point.figure.value is not None for point in self.points)

    @cached_property
    def marks(self) -> list[Mark]:
        """What was done and asked about the indicator in the periods shown, as the chart marks it."""
        return marks_of(self.facts, self.points, self.focuses)

    @property
    def svg(self) -> SafeString:
        return chart_svg(self.facts, self.points, self.marks)

    @property
    def verdict(self) -> list[str]:
        return [*verdict(self.facts), *published_otherwise(self.facts, self.before)]

    @property
    def judged_by(self) -> list[str]:
        """That the season, or a fixed baseline, is what figures are judged by."""
        said = about_season(self.facts)
        return said if resting_on(self.facts) else [*said, *fixed_on(self.facts)]

    @property
    def is_beside(self) -> bool:
        """Whether the series of former indicators are shown with its own."""
        return bool(self.facts.beside)

    @property
    def beside_query(self) -> str:
        """What keeps it so in an address."""
        return f"&{BESIDE_QUERY}" if self.is_beside else ""

    @property
    def columns(self) -> int:
        """The most columns that the table of figures can have."""
        return 5 + len(self.facts.beside) + self.has_totals

    @property
    def resting_on(self) -> str:
        return resting_on(self.facts)

    @property
    def polarity(self) -> str:
        return POLARITY[self.facts.measure.polarity]

    @property
    def first_readout(self) -> str:
        return readout(self.facts, self.facts.latest)

    @cached_property
    def has_parts(self) -> bool:
        return any(point.figure.denominator is not None for point in self.points)

    @cached_property
    def has_limits(self) -> bool:
        return any(point.lines.mean is not None for point in self.points)

    @property
    def has_totals(self) -> bool:
        return any(point.total for point in self.points)

    @property
    def has_targets(self) -> bool:
        return any(point.target is not None for point in self.points)

    @property
    def lines(self) -> list[tuple[str, Point, SafeString | str, list[SafeString | str], str, str, str]]:
        """The points, newest first, each with its period before and its figure, those of former indicators, the parts
        of its own, its limits, and whether it is usual.
        """
        found = []
        for point in reversed(self.points):
            parts = point.figure.numerator, point.figure.denominator
            made_up_of = "" if None in parts else " of ".join(_plain(part) for part in parts if part is not None)
            limits = point.lines.limits_text(self.facts.measure, point.figure.value)
            figure = cells.figure_cell(point.figure, point.text) if point.text else SafeString("")
            if point.rebase:
                figure = cells.STAGED(figure, f"Counted differently from here: {point.rebase}", BREAK)
            name = self.facts.name_of(point, short=True)
            before = [_cell_beside(one, point) for one in self.facts.beside]
            found.append((name, point, figure, before, made_up_of, limits, usual_or_not(self.facts, point)))
        return found

    @property
    def period(self) -> str:
        """The name of the period that the page is about."""
        return self.facts.name_of(self.facts.latest)

    @property
    def figure(self) -> SafeString | str:
        return cells.figure_cell(self.facts.latest.figure, self.facts.latest.text)

    @property
    def tiles(self) -> list[Tile]:
        """Changes, average, maximum and rating, as the report has them."""
        row = self.facts.row
        if row is None:
            return []
        month = cells.change_cell(row, row.change_month, row.change_month_text, row.previous_month)
        year = cells.change_cell(row, row.change_year, row.change_year_text, row.year_before)
        return [
            Tile(month, f"Change from {row.measure.periods.of(row.previous_month).said}"),
            Tile(year, f"Change from {row.measure.periods.of(row.year_before).said}"),
            Tile(cells.summary_cell(row, row.average_text), "12-month average"),
            Tile(cells.summary_cell(row, row.maximum_text), "12-month maximum"),
            *([Tile(cells.totals_cell(row), "Year to date")] if row.totals else []),
            Tile(cells.rating_cell(row), "Against target"),
        ]

    @property
    def has_others(self) -> bool:
        """Whether anything is said of others: not where the report shows no comparator groups and none is known."""
        row = self.facts.row
        return row is None or bool(row.comparators or self.facts.national or self.facts.ranks)

    @property
    def comparators(self) -> list[tuple[PeerGroup, SafeString | str, str, str]]:
        """Group, figure, source and basis of each comparator."""
        row = self.facts.row
        return [
            (cell.group, cells.comparator_cell(row, cell), cell.source, cell.basis_words)
            for cell in self.facts.comparators
            if row
        ]

    @property
    def national(self) -> list[tuple[PeerGroup, str, str, ComparatorCell]]:
        """Group, figure and what to beware of, of each national comparator beside the report's."""
        return [
            (cell.group, self.facts.measure.text(cell.value), ", ".join(cell.warnings), cell)
            for cell in self.facts.national
        ]

    @property
    def ranks(self) -> list[tuple[str, str, str]]:
        """Group, year and place of each ranking."""
        return [
            (rank.group.name, self.facts.measure.year_text(rank.year), str(rank.standing)) for rank in self.facts.ranks
        ]

    @property
    def targets(self) -> list[tuple[str, str, str]]:
        """Year, target with its tolerance, and note."""
        measure = self.facts.measure
        found = []
        for cell in self.facts.targets:
            tolerance = cell.terms.tolerance
            text = measure.terms_text(cell.terms, cell.meaning)
            within = f" (tolerance {measure.tolerance_text(tolerance)})" if tolerance else ""
            found.append((measure.year_text(cell.year), text + within, cell.note))
        return found


def _cell_beside(one: SeriesBeside, point: Point) -> SafeString | str:
    """The figure of a former indicator in the month of a point."""
    return cells.figure_cell(*one.points[point.month]) if point.month in one.points else ""


def _plain(number: Exact) -> str:
    return format_number(number, 0 if number.denominator == 1 else 2)


def to_csv(page: IndicatorPage, points: Sequence[Point]) -> str:
    """One line a point, oldest first. Text that a spreadsheet could run is neutralised."""
    rounding = [f"counts to the nearest {page.rounded_to}"][: page.rounded_to]
    lines: list[Sequence[str]] = [
        (*HEADER, *(neutralise(one.name) for one in page.beside), *["rounding"][: page.rounded_to])
    ]
    for point in points:
        figure = point.figure
        is_judged = figure.value is not None and point.lines.mean is not None
        lines.append(
            [
                month_text(point.month),
                point.text,
                number(figure.value),
                number(figure.numerator),
                number(figure.denominator),
                "" if figure.blank else figure.stage.label.lower(),
                neutralise(figure.note),
                *(number(line) for line in point.lines),
                point.kind.label if is_judged else "",
                point.cause.label if is_judged and point.is_unusual else "",
                number(point.target),
                neutralise(point.commentary),
                f"{BREAK} {point.rebase}" if point.rebase else "",
                page.name_of(point),
                neutralise(point.baseline) or ("part of the baseline" if point.is_fixed_on else ""),
                number(point.target_upper),
                point.total,
                *(number(one.points[point.month][0].value) if point.month in one.points else "" for one in page.beside),
                *rounding,
            ]
        )
    return csv_text(lines)


def number(value: Exact | None) -> str:
    """The number as a decimal: exact where it ends within twelve decimals, which whole numbers and tenths do.

    Never as 5/14, which a spreadsheet takes for a date; numerator and denominator have their own columns.
    """
    if value is None:
        return ""
    text = f"{rounded(value, DECIMALS):f}"
    return text.rstrip("0").rstrip(".")
