"""A report's figures as open data, as the Department for Education lays out its “explore education statistics”.

One row is one indicator in one month; a figure of a longer period stands in the month in which it was due, since such a
file has one kind of time. A measurement has a column of its own, so that counts and percentages never stand in one; the
file beside it, .meta.csv, says of each column whether it is a filter or an indicator.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from indicators.calculations.exact import Exact
from indicators.calculations.figures import Figure
from indicators.calculations.formatting import AFFIXES, format_number, neutralise
from indicators.calculations.row import Row
from indicators.calculations.units import unit_label
from indicators.calculations.vocabulary import Blank, Unit
from scorecard.report.board import BoardReport

from .csv_and_json import csv_text

GEOGRAPHY = (
    *("time_period", "time_identifier", "geographic_level", "country_code", "country_name", "region_code"),
    *("region_name", "new_la_code", "la_name", "old_la_code"),
)
FILTERS = ("indicator_group", "reference", "indicator", "status")
# Only where anything was ever counted otherwise.
BREAK_FILTER = "series_break"
# Only where a figure is of more than its month, in which it was due.
PERIOD_FILTER = "period"
NO_BREAK, COUNTED_OTHERWISE = "Counted as the figure before", "Counted differently from this figure on"
META = (
    *("col_name", "col_type", "label", "indicator_grouping", "indicator_unit", "indicator_dp", "filter_hint"),
    "filter_grouping_column",
)
COLUMNS = {
    Unit.COUNT: "figure_count",
    Unit.PERCENTAGE: "figure_percent",
    Unit.RATE_1000: "figure_rate_per_1000",
    Unit.RATE_10000: "figure_rate_per_10000",
    Unit.RATE_100000: "figure_rate_per_100000",
    # Each base has a column of its own.
    Unit.RATE: "figure_rate_per_{}",
    Unit.MONEY: "figure_pounds",
    Unit.MONEY_THOUSAND: "figure_pounds_thousand",
    Unit.MONEY_MILLION: "figure_pounds_million",
    Unit.HOURS: "figure_hours",
    Unit.DAYS: "figure_days",
    Unit.WEEKS: "figure_weeks",
    Unit.MONTHS: "figure_months",
    Unit.SCORE: "figure_score",
}
# Units that the standard has signs for; all others are told in the label alone.
SIGNS = {"%", "£", "£m"}
PARTS = {"numerator": "Numerator", "denominator": "Denominator"}
# The Government Analysis Function's symbols, without brackets, as the standard wants them.
NOT_AVAILABLE, NOT_APPLICABLE, SUPPRESSED, ROUNDS_TO_ZERO = "x", "z", "c", "low"
SYMBOLS = {
    Blank.SUPPRESSED: SUPPRESSED,
    Blank.NOT_APPLICABLE: NOT_APPLICABLE,
    Blank.NOT_DUE: NOT_APPLICABLE,
    Blank.NOT_AVAILABLE: NOT_AVAILABLE,
    Blank.AWAITED: NOT_AVAILABLE,
}
MOST_PLACES = 6
NO_NAME = "Not available"
COUNTRIES = {
    "E": ("E92000001", "England"),
    "W": ("W92000004", "Wales"),
    "S": ("S92000003", "Scotland"),
    "N": ("N92000002", "Northern Ireland"),
}
# A ZIP file keeps times, and can't tell of any before this one.
SUCCESSION_FILTER, NO_SUCCESSION = "succession", "No other indicator"
NO_TIME = (1980, 1, 1, 0, 0, 0)


class _Layout(NamedTuple):
    """Which columns of measurements this report needs: none that would be empty."""

    units: tuple[tuple[Unit, int | None], ...]
    parts: tuple[str, ...]
    grouped: bool
    broken: bool
    succeeding: bool
    periodic: bool
    # What is said of every column of figures whose counts are rounded.
    rounded: str = ""

    @classmethod
    def of(cls, lines: Sequence[tuple[str, Row]], rounded_to: int) -> _Layout:
        used = {_unit(row) for _, row in lines}
        order = [*Unit]
        figures = [figure for _, row in lines for figure in row.figures]
        return cls(
            tuple(sorted(used, key=lambda one: (order.index(one[0]), one[1] or 0))),
            tuple(part for part in PARTS if any(getattr(figure, part) is not None for figure in figures)),
            len({title for title, _ in lines}) > 1,
            any(row.breaks_at(place) for _, row in lines for place in range(len(row.months))),
            any(row.series_links for _, row in lines),
            any(not row.measure.periods.is_monthly for _, row in lines),
            f", counts to the nearest {rounded_to}" if rounded_to else "",
        )

    @property
    def indicators(self) -> tuple[str, ...]:
        return (*(COLUMNS[unit].format(base) for unit, base in self.units), *self.parts)

    @property
    def filters(self) -> tuple[str, ...]:
        filters = FILTERS if self.grouped else FILTERS[1:]
        filters = (*filters, *[PERIOD_FILTER][: self.periodic], *[BREAK_FILTER][: self.broken])
        return (*filters, *[SUCCESSION_FILTER][: self.succeeding])


def to_tidy(report: BoardReport) -> bytes:
    """A ZIP file with the data and what describes them. The same report gives the same bytes."""
    lines = tuple(_lines(report))
    layout = _Layout.of(lines, report.rounded_to)
    files = {
        f"{report.slug}.csv": csv_text(
            [(*GEOGRAPHY, *layout.filters, *layout.indicators), *_data(report, lines, layout)]
        ),
        f"{report.slug}.meta.csv": csv_text([META, *_meta(lines, layout)]),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, NO_TIME)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, text)
    return out.getvalue()


def _lines(report: BoardReport) -> Iterator[tuple[str, Row]]:
    """Each indicator once, with the title of the first section that has it."""
    seen = set()
    for section in report.sections:
        for row in section.rows:
            if row.indicator not in seen:
                seen.add(row.indicator)
                yield section.title, row


def _data(report: BoardReport, lines: Sequence[tuple[str, Row]], layout: _Layout) -> Iterator[list[str]]:
    country = COUNTRIES.get(report.council_code[:1], COUNTRIES["E"])
    region = (report.region_code or NOT_AVAILABLE, _text(report.region) or NO_NAME)
    # A report does not know the three-digit number that the Department has for the authority.
    council = (report.council_code or NOT_AVAILABLE, _text(report.council), NOT_AVAILABLE)
    place = ("Local authority", *country, *region, *council)
    for title, row in lines:
        group = [_text(title)] if layout.grouped else []
        words = [*group, _text(row.measure.reference), _text(row.measure.title)]
        for at, (month, figure) in enumerate(zip(row.months, row.figures, strict=True)):
            filters = [figure.stage.label if figure.blank is None else "No figure"]
            if layout.periodic:
                filters.append(row.measure.periods.of(month).name)
            if layout.broken:
                filters.append(COUNTED_OTHERWISE if row.breaks_at(at) else NO_BREAK)
            if layout.succeeding:
                filters.append(_text(" ".join(link.words for link in row.series_links)) or NO_SUCCESSION)
            measurements = _measurements(_unit(row), figure, layout)
            yield [str(month.year), f"{month:%B}", *place, *words, *filters, *measurements]


def _text(text: str) -> str:
    """Text on one line: a filter's items are told apart by their letters, not by the space around them."""
    return neutralise(" ".join(text.split()))


def _unit(row: Row) -> tuple[Unit, int | None]:
    return row.measure.unit, row.measure.rate_base


def _measurements(unit: tuple[Unit, int | None], figure: Figure, layout: _Layout) -> Iterator[str]:
    symbol = None if figure.blank is None else SYMBOLS[figure.blank]
    for column in layout.units:
        yield (symbol or _decimal(figure.value)) if column == unit else NOT_APPLICABLE
    for part in layout.parts:
        value = getattr(figure, part)
        # A hidden figure's parts are hidden too. A figure without parts has none to show.
        yield SUPPRESSED if symbol == SUPPRESSED else NOT_APPLICABLE if value is None else _decimal(value)


def _decimal(value: Exact | None) -> str:
    """The number in digits alone, to six places at most; "low" when it isn't 0 and would be written so."""
    if value is None:
        return NOT_AVAILABLE
    text = format_number(value, MOST_PLACES).replace(",", "").rstrip("0").rstrip(".")
    return ROUNDS_TO_ZERO if value and not text.strip("-0.") else text


def _meta(lines: Sequence[tuple[str, Row]], layout: _Layout) -> Iterator[list[str]]:
    group = FILTERS[0] if layout.grouped else ""
    yield ["reference", "Filter", "Reference", "", "", "", "Filter by the indicator’s reference", ""]
    yield ["indicator", "Filter", "Indicator", "", "", "", "Filter by what is measured", group]
    yield ["status", "Filter", "Status of the figure", "", "", "", "Filter by how firm the figure is", ""]
    if layout.periodic:
        yield [PERIOD_FILTER, "Filter", "Period of the figure", "", "", "", "Filter by what the figure is of", ""]
    if layout.broken:
        yield [
            BREAK_FILTER,
            "Filter",
            "Break in the series",
            "",
            "",
            "",
            "Filter by whether figures can be compared",
            "",
        ]
    if layout.succeeding:
        hint = "Filter by which indicators it came after or gave way to"
        yield [SUCCESSION_FILTER, "Filter", "Indicators before and after it", "", "", "", hint, ""]
    for unit, base in layout.units:
        places = max(row.measure.decimal_places for _, row in lines if _unit(row) == (unit, base))
        label, sign = unit_label(unit, base), "".join(AFFIXES[unit])
        yield [
            COLUMNS[unit].format(base),
            "Indicator",
            label + layout.rounded,
            "Figures",
            sign if sign in SIGNS else "",
            str(places),
            "",
            "",
        ]
    for part in layout.parts:
        yield [part, "Indicator", PARTS[part] + layout.rounded, "What the figure comes from", "", "0", "", ""]
