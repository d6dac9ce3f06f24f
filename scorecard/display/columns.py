"""The columns of a report's lines: one list, which the page, the PDF, CSV, JSON and both workbooks read.

A new column is one entry here. Each output has the columns that name a heading for it, in the order of this list but
for those that `in_order` moves to its front or end. The open data have no such columns: their rows are figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, NamedTuple

from django.utils.safestring import SafeString
from django.utils.text import get_text_list, slugify

from indicators.calculations.change import Break, Change
from indicators.calculations.exact import Exact
from indicators.calculations.formatting import BREAK
from indicators.calculations.months import add_months, financial_year_text, month_text, year_text
from indicators.calculations.row import PeerGroup, Row
from indicators.calculations.vocabulary import Blank, GroupKind, Polarity, Rating
from scorecard.report.board import BoardReport
from scorecard.report.what_to_look_at import what_to_look_at

from . import cells, json_values, notes
from .drawings import RATING_FILLS

# Widths of workbooks, in characters.
NARROW, MEDIUM, WIDE, WIDEST = 12, 20, 40, 60
# Columns that page and paper leave out where no line has anything in them; a local measure has no comparators.
MAY_BE_LEFT_OUT = ("comparator_", "target_")
NOTHING_COMPARED = ("", "Local")
# Kinds of columns that the page shows on demand; comparators stand together in one column otherwise.
ON_DEMAND = ("col-number", "col-comparator", "col-person")
# A word of so many letters may be too long for the column of a month.
LONG_WORD = 6
DIRECTION_TEXTS = {Polarity.HIGH: "up", Polarity.LOW: "down", Polarity.TARGET: "", Polarity.NEUTRAL: ""}
RATING_TEXTS = {
    Rating.GREEN: "green",
    Rating.AMBER: "amber",
    Rating.RED: "red",
    Rating.NO_TARGET: "no target",
    Rating.TARGET_TBC: "target to be confirmed",
    Rating.TARGET_UNKNOWN: "target not known",
    Rating.NO_FIGURE: "no figure",
    Rating.NOT_JUDGED: "not judged",
    Rating.SUPPRESSED: Blank.SUPPRESSED.shorthand,
}


# A figure in the line's unit; a relative change, of which 0.12 is 12% more; how far two figures lie apart in the unit.
Scale = Enum("Scale", "FIGURE CHANGE GAP")


class Number(NamedTuple):
    """The exact number behind a text, on its scale; None where there is none. `marks` are signs such as "[p]" and
    "[b]".
    """

    value: Exact | None
    scale: Scale = Scale.FIGURE
    marks: tuple[str, ...] = ()


def _no_text(row: Row) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a report's lines, in every output that it has a heading for.

    `page`, `csv`, `workbook` and `data` (the data workbook) are headings, `json` is a name. `kind` is the CSS class on
    the page and on paper. `cell` draws HTML, `text` is what is displayed elsewhere; `typed` text was typed by somebody.
    `number` is what a workbook keeps, `value` what JSON has: without it the text, and the exact number if any.
    """

    key: str
    page: str | None = None
    csv: str | None = None
    json: str | None = None
    workbook: str | None = None
    data: str | None = None
    kind: str = ""
    width: int = NARROW
    typed: bool = False
    text: Callable[[Row], str] = _no_text
    cell: Callable[[Row], SafeString | str] | None = None
    number: Callable[[Row], Number] | None = None
    value: Callable[[Row], Any] | None = None
    fill: Callable[[Row], str] = _no_text

    def draw(self, row: Row) -> SafeString | str:
        """The cell's HTML: the text, or that there is none, where the column draws no cell of its own."""
        return self.cell(row) if self.cell else self.text(row) or cells.NOTHING

    def as_json(self, row: Row) -> Any:
        if self.value:
            return self.value(row)
        return json_values.number_json(self.number(row).value, self.text(row)) if self.number else self.text(row)


def break_mark(breaks: Sequence[Break]) -> str:
    return BREAK if breaks else ""


def marked(text: str, *marks: str) -> str:
    """The text with those of the marks that aren't empty behind it."""
    return " ".join(filter(None, (text, *marks)))


def in_order(columns: Sequence[Column], *, first: Sequence[str] = (), last: Sequence[str] = ()) -> list[Column]:
    """The columns with those of these keys in front or at the end, in the order of the keys."""
    places = {key: place - len(first) for place, key in enumerate(first)}
    places |= {key: place for place, key in enumerate(last, start=1)}
    return sorted(columns, key=lambda column: places.get(column.key, 0))


class PageColumns(NamedTuple):
    """What page and paper show of each line after the indicator, which is its heading; and what they leave out.

    `left_out` are columns of comparators and targets that are empty in every line.
    """

    shown: list[Column]
    left_out: list[Column]
    # Whether the screen shows all of them, instead of those that a month needs.
    are_all_on_screen: bool = False

    @property
    def left_out_text(self) -> str:
        """Which columns are left out because no line has anything in them, in a sentence; empty for none."""
        names = [str(column.page) for column in self.left_out]
        if not names:
            return ""
        said = "that column is" if len(names) == 1 else "these columns are"
        return f"No indicator has anything under {get_text_list(names, 'or')}: {said} left out."

    @property
    def of_month(self) -> int:
        """How many of them a month needs besides comparators: the style sheet shows these."""
        return sum(column.kind not in ON_DEMAND for column in self.shown)

    @property
    def on_screen(self) -> list[Column]:
        """With the comparators together in one column, which stands for theirs where only a month's are shown."""
        places = [place for place, column in enumerate(self.shown) if column.kind == "col-comparator"]
        return [*self.shown[: places[0]], BESIDE, *self.shown[places[0] :]] if places else self.shown


def page_columns(report: BoardReport) -> PageColumns:
    """The columns of page and paper. Where there are many sections, they are worked out once for all of them."""
    rows, found = list(report.rows), [column for column in report_columns(report) if column.page is not None]
    optional = [column for column in found if column.key.startswith(MAY_BE_LEFT_OUT)]
    left_out = [column for column in optional if rows and all(column.text(row) in NOTHING_COMPARED for row in rows)]
    shown = [column for column in found if column not in left_out]
    return PageColumns(in_order(shown, last=("owner", "reporter")), left_out)


def report_columns(report: BoardReport) -> list[Column]:
    """Every column of the report's lines, whichever output has it."""
    has_periods = any(not row.measure.periods.is_monthly for row in report.rows)
    targets = list(_targets(report))
    columns = [
        REFERENCE,
        TITLE,
        Column(key="definition", json="definition", text=lambda row: row.measure.definition),
        Column(key="outcome", json="outcome", text=lambda row: row.measure.outcome),
        _person("owner", lambda row: row.measure.owner),
        _person("reporter", lambda row: row.measure.reporter),
        UNIT,
        Column(key="frequency", json="frequency", value=lambda row: row.measure.frequency),
        Column(key="note", json="note", text=lambda row: row.measure.note),
        Column(key="months", json="months", value=json_values.months_json),
        *(month_column(report, place) for place in range(-len(report.months_shown), 0)),
        Column(key="month", data="Month", width=MEDIUM, text=lambda row: f"{row.current_month:%B %Y}"),
        # The month's columns say it all where every line is monthly.
        Column(
            key="period",
            csv="period" if has_periods else None,
            json="period",
            workbook="Period" if has_periods else None,
            data="Period",
            width=MEDIUM,
            text=lambda row: row.period.name,
            value=json_values.period_json,
        ),
        Column(
            key="figure",
            csv="figure" if has_periods else None,
            json="figure",
            workbook="Figure" if has_periods else None,
            data="Figure",
            text=lambda row: row.current_text,
            number=lambda row: Number(row.current_figure.value),
        ),
        *(_totals() if any(row.totals for row in report.rows) else ()),
        # Workbooks draw it themselves.
        Column(
            key="trend",
            page="13-month trend",
            workbook="Trend",
            kind="col-trend",
            text=lambda row: break_mark(row.trend_breaks),
            cell=cells.trend_cell,
        ),
        Column(
            key="direction",
            page="Desired direction",
            csv="desired_direction",
            json="polarity",
            workbook="Good is",
            data="Good is",
            kind="col-direction",
            text=lambda row: DIRECTION_TEXTS[row.measure.polarity],
            cell=lambda row: cells.direction_cell(row.measure.polarity),
            value=lambda row: row.measure.polarity,
        ),
        _change(
            "month",
            f"Change from {add_months(report.month, -1):%b %Y}",
            lambda row: row.change_month,
            lambda row: row.change_month_text,
            lambda row: row.difference_month,
            lambda row: row.previous_month,
        ),
        _change(
            "year",
            f"Change from {add_months(report.month, -12):%b %Y}",
            lambda row: row.change_year,
            lambda row: row.change_year_text,
            lambda row: row.difference_year,
            lambda row: row.year_before,
        ),
        *_judgements(),
        _look(report),
        _summary("average", lambda row: row.summary.mean, lambda row: row.average_text),
        _summary("maximum", lambda row: row.summary.maximum, lambda row: row.maximum_text),
        *targets,
        Column(
            key="warnings",
            csv="warnings",
            json="warnings",
            workbook="Warnings",
            data="Warnings",
            width=WIDE,
            text=lambda row: "\n".join(notes.warnings(row)),
            value=lambda row: list(row.warnings),
        ),
        Column(
            key="commentary",
            csv="commentary",
            json="commentary",
            workbook="Commentary",
            data="Commentary",
            width=WIDEST,
            typed=True,
            text=lambda row: row.commentary,
        ),
        Column(
            key="breaks",
            csv="breaks",
            json="breaks",
            text=lambda row: "\n".join(notes.break_notes(row)),
            value=lambda row: [{"month": month_text(one.month), "reason": one.reason} for one in row.breaks],
        ),
        Column(
            key="series_links",
            json="series_links",
            value=lambda row: [json_values.series_link_json(link) for link in row.series_links],
        ),
        Column(key="notes", workbook="Notes", width=WIDE, text=lambda row: "\n".join(notes.latest_notes(row))),
        Column(key="marked_notes", data="Notes", width=WIDE, text=notes.marked_notes),
    ]
    place = columns.index(targets[0])
    return [*columns[:place], *_comparators(report.groups, columns), *columns[place:]]


REFERENCE = Column(
    key="reference",
    csv="ref",
    json="ref",
    workbook="Ref",
    data="Ref",
    typed=True,
    text=lambda row: row.measure.reference,
)
TITLE = Column(
    key="title",
    csv="title",
    json="title",
    workbook="Indicator",
    data="Indicator",
    width=WIDE,
    typed=True,
    text=lambda row: row.measure.title,
)
BESIDE = Column(key="beside", page="Compared with", kind="col-beside", cell=cells.beside_cell)
UNIT = Column(
    key="unit",
    json="unit",
    data="Unit",
    width=MEDIUM,
    text=lambda row: row.measure.unit_label,
    # Each base is a unit of its own, like those that have a name.
    value=lambda row: f"rate_{row.measure.rate_base}" if row.measure.rate_base else row.measure.unit,
)


def _person(key: str, name: Callable[[Row], str]) -> Column:
    heading = key.capitalize()
    return Column(
        key=key,
        page=heading,
        csv=key,
        json=key,
        workbook=heading,
        data=heading,
        kind="col-person",
        width=MEDIUM,
        typed=True,
        text=name,
    )


def month_column(report: BoardReport, place: int) -> Column:
    """The figures of one of the report's months, counted from its latest: -1, -2 and so on."""
    month = report.months[place]
    return Column(
        key=month_text(month),
        page=f"{month:%b %Y}",
        csv=month_text(month),
        workbook=month_text(month),
        kind="col-month latest" if month == report.month else "col-month",
        text=lambda row: row.text_at(place),
        cell=lambda row: cells.month_cell(row, place),
        number=lambda row: Number(
            row.figures[place].value, marks=(row.figures[place].stage.shorthand, break_mark(row.breaks_at(place)))
        ),
    )


def _totals() -> Iterator[Column]:
    """This year's and last year's total so far, of the lines whose figures add up; only where there is such a line."""

    def number(key: str) -> Callable[[Row], Number]:
        return lambda row: Number(getattr(row.totals, key).value if row.totals else None)

    def text(key: str) -> Callable[[Row], str]:
        return lambda row: row.total_text(getattr(row.totals, key)) if row.totals else ""

    yield Column(
        key="year_to_date",
        page="Year to date",
        csv="year_to_date",
        json="year_to_date",
        workbook="Year to date",
        data="Year to date",
        kind="col-number",
        text=text("to_date"),
        cell=cells.totals_cell,
        number=number("to_date"),
        value=json_values.totals_json,
    )
    yield Column(
        key="year_to_date_last_year",
        csv="year_to_date_last_year",
        workbook="Year to date, last year",
        data="Year to date, last year",
        text=text("last_year"),
        number=number("last_year"),
    )
    yield Column(
        key="target_means",
        csv="target_means",
        workbook="What the target means now",
        data="What the target means now",
        width=MEDIUM,
        text=lambda row: row.aim_text if row.target and row.target.meaning else "",
    )


def _change(
    period: str,
    heading: str,
    change: Callable[[Row], Change],
    text: Callable[[Row], str],
    difference: Callable[[Row], Exact | None],
    since: Callable[[Row], date],
) -> Column:
    """The change from last month or year; `since` is the month that a row compares with, `difference` what is told
    where figures can be negative.
    """

    def mark(row: Row) -> str:
        return break_mark(row.breaks_since(since(row))) if change(row).movement else ""

    def number(row: Row) -> Number:
        apart = difference(row)
        marks = (mark(row),)
        return Number(change(row).relative, Scale.CHANGE, marks) if apart is None else Number(apart, Scale.GAP, marks)

    key, in_workbook = f"change_{period}", f"Change from last {period}"
    return Column(
        key=key,
        page=heading,
        csv=key,
        json=key,
        workbook=in_workbook,
        data=in_workbook,
        kind="col-change",
        text=lambda row: marked(text(row), mark(row)),
        cell=lambda row: cells.change_cell(row, change(row), text(row), since(row)),
        number=number,
        value=lambda row: json_values.change_json(row, change(row), text(row), since(row), difference(row)),
    )


def _judgements() -> Iterator[Column]:
    yield Column(
        key="signal",
        page="Signal",
        csv="signal",
        json="signal",
        workbook="Signal",
        data="Signal",
        kind="col-signal",
        width=MEDIUM,
        text=lambda row: row.signal.in_full,
        cell=cells.signal_cell,
        value=json_values.signal_json,
    )
    # The page shows it in the cell of the rating.
    yield Column(
        key="assurance",
        csv="assurance",
        workbook="Assurance",
        data="Assurance",
        width=MEDIUM,
        text=json_values.assurance_text,
    )
    yield Column(
        key="rating",
        page="Against target",
        csv="rag",
        json="rag",
        workbook="RAG",
        data="RAG",
        kind="col-rag",
        text=lambda row: RATING_TEXTS[row.rating],
        cell=cells.rating_cell,
        fill=lambda row: RATING_FILLS.get(row.rating, ""),
    )


def _look(report: BoardReport) -> Column:
    """Why a line is to be looked at, or that nothing in it is unusual, or that it could not be examined."""

    @cache
    def reasons() -> dict[int, list[str]]:
        return {
            line.row.indicator: [reason.label for reason in line.reasons]
            for item in what_to_look_at(report)
            for line in item.lines
        }

    def text(row: Row) -> str:
        if row.indicator in reasons():
            return ", ".join(reasons()[row.indicator])
        if row.signal.suppressed:
            return Blank.SUPPRESSED.shorthand
        return "Could not be examined" if row.signal.variation is None else "Nothing unusual"

    name, heading = "what_to_look_at", "What to look at"
    return Column(key="look", csv=name, json=name, workbook=heading, data=heading, width=MEDIUM, text=text)


def _summary(key: str, number: Callable[[Row], Exact | None], text: Callable[[Row], str]) -> Column:
    heading, name = f"{key.capitalize()} 12 months", f"{key}_12m"
    return Column(
        key=key,
        page=f"12-month {key}",
        csv=name,
        json=name,
        workbook=heading,
        data=heading,
        kind="col-number",
        text=lambda row: marked(text(row), break_mark(row.summary_breaks)),
        cell=lambda row: cells.summary_cell(row, text(row)),
        number=lambda row: Number(number(row), marks=(break_mark(row.summary_breaks),)),
        value=lambda row: (
            json_values.number_json(number(row), text(row))
            | {"months": row.summary.months, "across_break": bool(row.summary_breaks)}
        ),
    )


def _comparators(groups: Sequence[PeerGroup], others: Sequence[Column]) -> Iterator[Column]:
    """The figure of each group that the report shows, and its year; none where it shows no group.

    Columns go by the groups' codes, those of CSV files by their short names. No two columns of a file have one heading,
    whatever a group is called.
    """
    names = {one.csv.lower() for one in others if one.csv}
    # Workbooks have a column of sections in front.
    headings = {"section"} | {heading.lower() for one in others for heading in (one.workbook, one.data) if heading}
    for place, group in enumerate(groups):
        # In workbooks a region's name can't be mistaken for another heading.
        named = group.kind is GroupKind.REGION and group.name.lower() != "region"
        in_workbook = _free(f"{group.name} (region)" if named else group.name, " (comparator)", headings)
        in_csv = _free(slugify(group.short_name).replace("-", "_") or group.code, "_comparator", names)
        year = _free(f"{in_workbook}: year", " of the comparator", headings)
        yield _comparator(place, group, in_csv, in_workbook)
        yield _comparator_year(place, group, year)
    yield Column(
        key="comparators",
        json="comparators",
        value=lambda row: {cell.group.code: json_values.comparator_json(row, cell) for cell in row.comparators if cell},
    )


def _free(heading: str, ending: str, taken: set[str]) -> str:
    """The heading, with the ending as often as it takes to be no other's; from now on it is taken."""
    while heading.lower() in taken:
        heading += ending
    taken.add(heading.lower())
    return heading


def _comparator(place: int, group: PeerGroup, in_csv: str, in_workbook: str) -> Column:
    def number(row: Row) -> Number:
        cell = row.comparators[place]
        return Number(cell.value if cell else None)

    return Column(
        key=f"comparator_{group.code}",
        page=group.name,
        csv=in_csv,
        workbook=in_workbook,
        data=in_workbook,
        kind="col-comparator",
        text=lambda row: row.comparator_text(row.comparators[place]),
        cell=lambda row: cells.comparator_cell(row, row.comparators[place]),
        number=number,
    )


def _comparator_year(place: int, group: PeerGroup, heading: str) -> Column:
    def text(row: Row) -> str:
        cell = row.comparators[place]
        return cell.year_text if cell and cell.value is not None else ""

    return Column(key=f"comparator_{group.code}_year", workbook=heading, data=heading, text=text)


def _targets(report: BoardReport) -> Iterator[Column]:
    years = report.target_years
    yield from (_target(place, year, report.year_starts) for place, year in enumerate(years))
    yield Column(
        key="targets",
        json="targets",
        value=lambda row: {
            row.measure.year_text(cell.year): json_values.target_json(row, cell) for cell in row.targets if cell
        },
    )


def _target(place: int, year: int, starts: int) -> Column:
    def number(row: Row) -> Number:
        cell = row.targets[place]
        # What a figure alone doesn't say is there as the text.
        return Number(cell.terms.value if cell and row.measure.is_plain_target(cell.terms) else None)

    heading = f"Target {year_text(year, starts, short=True)}"
    return Column(
        key=f"target_{year}",
        page=heading,
        csv=f"target_{year_text(year, starts) if starts == 1 else financial_year_text(year)}",
        workbook=heading,
        data=heading,
        kind="col-number",
        text=lambda row: marked(row.target_text(row.targets[place]), row.own_year_of(row.targets[place], starts)),
        cell=lambda row: cells.target_cell(row, row.targets[place], starts),
        number=number,
    )


def has_long_figures(rows: Iterable[Row]) -> bool:
    """Whether a figure has a word that a month's usual column has no room for, as £1,532,153 or months."""
    texts = (text for row in rows for text in (*row.month_texts, row.average_text, row.maximum_text))
    return any(len(word) >= LONG_WORD for text in texts for word in text.split())
