"""A report as a workbook to work with: numbers are numbers, and text is never a formula."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range

from indicators.calculations.exact import Exact
from indicators.calculations.figures import Figure
from indicators.calculations.months import financial_year_text, month_text
from indicators.calculations.vocabulary import Rating, Stage, Unit

from .board import BoardReport
from .export import DESIRED_DIRECTION, RATING_TEXT
from .row import Row

A3 = 8
HEADER_ROW = 3
MARKS = {Stage.FINAL: "", Stage.REVISED: " [r]", Stage.PROVISIONAL: " [p]", Stage.ESTIMATED: " [e]"}
FILLS = {Rating.GREEN: "#CCE2D8", Rating.AMBER: "#FFF0B3", Rating.RED: "#F4CDC6"}
ABOUT = (
    "Percentages are stored as Excel keeps them: 19% is 0.19 with a percentage format.",
    "Figures are more exact than displayed; formatting alone rounds them.",
    "Changes are relative: from 100 to 112 is +12%.",
    "Cells in square brackets say why there is no figure, as [x] not available or [z] not applicable.",
    "After a figure, [r] is revised, [p] provisional and [e] estimated. The mark is in the number format.",
)


def to_xlsx(report: BoardReport) -> bytes:
    """The workbook's bytes: the same for the same report, whenever it is made."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    made = report.meeting_date or report.month
    title = f"{report.title}, {report.month:%B %Y}"
    book.set_properties(
        {"title": title, "author": report.council, "created": datetime(made.year, made.month, made.day, tzinfo=UTC)}
    )
    _Scorecard(book, report, title).write()
    _write_lines(book, "Overview", _overview(report))
    _write_lines(book, "About", ABOUT)
    book.close()
    return out.getvalue()


class _Scorecard:
    """The sheet with the table; cell formats are made once each."""

    def __init__(self, book: Workbook, report: BoardReport, title: str) -> None:
        self.book, self.report, self.title = book, report, title
        self.sheet = book.add_worksheet("Scorecard")
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def write(self) -> None:
        headers = _headers(self.report)
        meeting = self.report.meeting_date
        self.sheet.write_string(0, 0, self.title, self.style(bold=True, font_size=16))
        self.sheet.write_string(1, 0, f"For the meeting of {meeting.day} {meeting:%B %Y}" if meeting else "")
        for column, header in enumerate(headers):
            self.sheet.write_string(HEADER_ROW, column, header, self.style(bold=True, text_wrap=True, bottom=1))
        at = HEADER_ROW
        for section in self.report.sections:
            for row in section.rows:
                at += 1
                self.line(at, section.title, row)
        self.set_up(at, headers)

    def line(self, at: int, section: str, row: Row) -> None:
        measure = row.measure
        column = 0
        for words in (section, measure.reference, measure.title, measure.owner, measure.reporter):
            self.text(at, column, words)
            column += 1
        for figure in row.shown_figures:
            self.figure(at, column, row, figure)
            column += 1
        self.sheet.add_sparkline(at, column, {"range": _trend_range(at, len(row.shown_figures)), "markers": True})
        self.text(at, column + 1, DESIRED_DIRECTION.get(measure.polarity, ""))
        column += 2
        for change, words in (
            (row.change_month, row.change_month_text),
            (row.change_year, row.change_year_text),
        ):
            self.number(at, column, change.relative, words, "0%" if words == "0%" else "+0%;-0%", 1)
            column += 1
        cells = [(row.summary.mean, row.average_text), (row.summary.maximum, row.maximum_text)]
        cells += [(cell.value if cell else None, row.comparator_text(cell)) for cell in row.comparators]
        cells += [(cell.terms.value if cell else None, row.target_text(cell)) for cell in row.targets]
        for value, words in cells:
            self.number(at, column, value, words, _number_format(row), _divisor(row))
            column += 1
        fill = FILLS.get(row.rating)
        rag = self.style(valign="top", **({"bg_color": fill} if fill else {}))
        self.sheet.write_string(at, column, RATING_TEXT[row.rating], rag)
        self.text(at, column + 1, row.commentary)
        self.text(at, column + 2, row.signal.words)

    def figure(self, at: int, column: int, row: Row, figure: Figure) -> None:
        mark = MARKS[figure.stage]
        code = _number_format(row) + (f'"{mark}"' if mark else "")
        self.number(at, column, figure.value, row.figure_text(figure), code, _divisor(row))

    def number(self, at: int, column: int, value: Exact | None, words: str, code: str, divisor: int) -> None:
        if value is None:
            self.text(at, column, words)
        else:
            self.sheet.write_number(at, column, float(value / divisor), self.style(num_format=code, valign="top"))

    def text(self, at: int, column: int, words: str) -> None:
        self.sheet.write_string(at, column, words, self.style(text_wrap=True, valign="top"))

    def style(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(properties)
        return self.formats[key]

    def set_up(self, last: int, headers: list[str]) -> None:
        sheet = self.sheet
        sheet.set_column(0, len(headers) - 1, 11)
        sheet.set_column(2, 2, 40)
        sheet.set_column(len(headers) - 2, len(headers) - 2, 60)
        sheet.freeze_panes(HEADER_ROW + 1, 3)
        sheet.autofilter(HEADER_ROW, 0, last, len(headers) - 1)
        sheet.set_landscape()
        sheet.set_paper(A3)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADER_ROW)
        sheet.set_footer("&RPage &P of &N")


def _headers(report: BoardReport) -> list[str]:
    return [
        *("Section", "Ref", "Indicator", "Owner", "Reporter"),
        *(month_text(month) for month in report.months_shown),
        *("Trend", "Good is", "Change from last month", "Change from last year", "Average 12 months"),
        *("Maximum 12 months", "Statistical neighbours", "England", report.region or "Region"),
        *(f"Target {financial_year_text(year)}" for year in report.target_years),
        *("RAG", "Commentary", "Signal"),
    ]


def _trend_range(at: int, months: int) -> str:
    return f"Scorecard!{xl_range(at, 5, at, 4 + months)}"


def _divisor(row: Row) -> int:
    return 100 if row.measure.unit is Unit.PERCENTAGE else 1


def _number_format(row: Row) -> str:
    """As the report displays the figure: thousands in groups, its decimal places, a percent sign."""
    places = row.measure.decimal_places
    return "#,##0" + ("." + "0" * places if places else "") + ("%" if row.measure.unit is Unit.PERCENTAGE else "")


def _overview(report: BoardReport) -> list[str]:
    lines = [report.summary]
    for focus in report.areas_of_focus:
        lines += [focus.title, focus.response, ", ".join(focus.references)]
        lines += [f"{update.date.day} {update.date:%B %Y}: {update.text}" for update in focus.updates]
    return [line for line in lines if line]


def _write_lines(book: Workbook, name: str, lines: list[str] | tuple[str, ...]) -> None:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, name, book.add_format({"bold": True, "font_size": 16}))
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for at, line in enumerate(lines, start=2):
        sheet.write_string(at, 0, line, wrapped)
