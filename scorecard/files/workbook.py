"""A report as a workbook to work with: numbers are numbers, and text is never a formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from indicators.calculations.months import month_text
from indicators.calculations.row import MONTHS_IN_TREND, Row
from scorecard.display.columns import (
    MEDIUM,
    REFERENCE,
    TITLE,
    WIDEST,
    Column,
    in_order,
    month_column,
    report_columns,
)
from scorecard.report.board import BoardReport, Focus, Revised

from .sheets import FOCUS_FACTS, Book, Content, content_of, day_text, lines_of, make_book, title_of, updates_of

A3 = 8
HEADER_ROW = 3
MONTHS_SHEET = "13 months"
LAST = ("rating", "commentary", "signal", "assurance", "warnings", "notes")
ABOUT = (
    "Percentages are stored as Excel keeps them: 19% is 0.19 with a percentage format.",
    "Figures are more exact than displayed; formatting alone rounds them.",
    "Changes are relative: from 100 to 112 is +12%.",
    "Square brackets say why there is no figure, as [x] not available, [z] not applicable or [c] confidential.",
    "After a figure, [r] is revised, [p] provisional and [e] estimated. The mark is in the number format.",
    "The small charts draw the figures of the sheet “13 months”.",
)


def to_xlsx(report: BoardReport) -> bytes:
    """The workbook's bytes: the same for the same report, whenever it is made."""

    def write(book: Book) -> None:
        lines = lines_of(report)
        _write_scorecard(book, report, lines)
        _write_months(book, report, lines)
        _write_lines(book, "Overview", _overview(report))
        _write_lines(book, "About", ABOUT)

    return make_book(report, write)


def _figure_notes(row: Row) -> str:
    notes = zip(row.months, (figure.note for figure in row.figures), strict=True)
    return "\n".join(f"{month_text(month)}: {note}" for month, note in notes if note)


def _write_scorecard(book: Book, report: BoardReport, lines: list[tuple[str, Row]]) -> None:
    columns = in_order([column for column in report_columns(report) if column.workbook], last=LAST)
    sheet = book.add_sheet("Scorecard")
    _write_table(book, sheet, columns, [row for _, row in lines], sections=[section for section, _ in lines])
    book.text(sheet, 0, 0, title_of(report), bold=True, font_size=16)
    meeting = day_text(report.meeting_date)
    about = [f"For the meeting of {meeting}." if meeting else "", report.published]
    book.text(sheet, 1, 0, " ".join(filter(None, about)))
    # After the column of sections.
    trend = 1 + next(at for at, column in enumerate(columns) if column.key == "trend")
    for at in range(HEADER_ROW + 1, HEADER_ROW + 1 + len(lines)):
        # The other sheet has the same lines in the same rows; its months follow two columns.
        drawn = f"'{MONTHS_SHEET}'!{xl_range(at, 2, at, 1 + MONTHS_IN_TREND)}"
        sheet.add_sparkline(at, trend, {"range": drawn, "markers": True})


def _write_months(book: Book, report: BoardReport, lines: list[tuple[str, Row]]) -> None:
    sheet = book.add_sheet(MONTHS_SHEET)
    months = (month_column(report, place) for place in range(-len(report.months), 0))
    notes = Column(key="notes", workbook="Notes", width=WIDEST, text=_figure_notes)
    _write_table(book, sheet, [REFERENCE, TITLE, *months, notes], [row for _, row in lines])
    book.text(sheet, 0, 0, f"{title_of(report)}: {MONTHS_SHEET}", bold=True, font_size=16)


def _write_table(
    book: Book, sheet: Worksheet, columns: list[Column], rows: list[Row], sections: Sequence[str] | None = None
) -> None:
    """The rows under their headings, after a column with their sections where these are given."""
    first = 0 if sections is None else 1
    headings = [("Section", MEDIUM)] * first + [(column.workbook or "", column.width) for column in columns]
    for place, (heading, width) in enumerate(headings):
        sheet.set_column(place, place, width)
        book.text(sheet, HEADER_ROW, place, heading, bold=True, text_wrap=True, bottom=1)
        for at, row in enumerate(rows):
            content = Content(sections[at]) if sections and place < first else content_of(columns[place - first], row)
            book.cell(sheet, HEADER_ROW + 1 + at, place, content)
    sheet.freeze_panes(HEADER_ROW + 1, first + columns.index(TITLE) + 1)
    sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + len(rows), len(headings) - 1)
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.set_footer("&RPage &P of &N")


def _overview(report: BoardReport) -> list[str]:
    lines = [report.summary]
    for focus in report.areas_of_focus:
        lines += _focus_lines(focus)
    if report.revised:
        lines += ["What has changed since it was published", *(_revised_line(one) for one in report.revised)]
    return [line for line in lines if line]


def _focus_lines(focus: Focus) -> Iterator[str]:
    yield f"{focus.kind.label}: {focus.title}"
    yield focus.detail
    yield focus.response
    facts = {name: text(focus) for name, text in FOCUS_FACTS.items()}
    yield ". ".join(f"{name}: {text}" for name, text in facts.items() if text)
    yield from updates_of(focus)


def _revised_line(one: Revised) -> str:
    about = f"{one.reference} {one.title}".strip()
    return f"{about}, {one.what}: from {one.before or 'nothing'} to {one.after or 'nothing'}. {one.kind.label}."


def _write_lines(book: Book, name: str, lines: Iterable[str]) -> None:
    sheet = book.add_sheet(name)
    sheet.set_column(0, 0, 100)
    book.text(sheet, 0, 0, name, bold=True, font_size=16)
    for at, line in enumerate(lines, start=2):
        book.text(sheet, at, 0, line, text_wrap=True)
