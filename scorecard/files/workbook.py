"""A report as a workbook to work with: numbers are numbers, and text is never a formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from indicators.calculations.months import month_text
from indicators.calculations.row import MONTHS_IN_TREND, Row
from scorecard.report.board import BoardReport, Focus, Revised

from . import workbook_columns as columns
from .sheets import Book, Column, Content, day_text, make_book, title_of

A3 = 8
HEADER_ROW = 3
TREND = "Trend"
MONTHS_SHEET = "13 months"
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
        lines = [(section.title, row) for section in report.sections for row in section.rows]
        _write_scorecard(book, report, lines)
        _write_months(book, report, lines)
        _write_lines(book, "Overview", _overview(report))
        _write_lines(book, "About", ABOUT)

    return make_book(report, write)


def _columns(report: BoardReport) -> list[Column]:
    return [
        *(columns.SECTION, columns.REFERENCE, columns.INDICATOR, columns.OWNER, columns.REPORTER),
        *columns.month_columns(report.months_shown, marked=True),
        Column(TREND, columns.NARROW, lambda section, row: Content("")),
        columns.GOOD_IS,
        *columns.derived_columns(),
        *columns.comparator_columns(report),
        *columns.target_columns(report),
        *columns.JUDGED,
    ]


def _month_columns(report: BoardReport) -> list[Column]:
    return [
        *(columns.REFERENCE, columns.INDICATOR),
        *columns.month_columns(report.months, marked=True),
        columns.words("Notes", columns.WIDEST, lambda row: "\n".join(_figure_notes(row))),
    ]


def _figure_notes(row: Row) -> Iterator[str]:
    for month, figure in zip(row.months, row.figures, strict=True):
        if figure.note:
            yield f"{month_text(month)}: {figure.note}"


def _write_scorecard(book: Book, report: BoardReport, lines: list[tuple[str, Row]]) -> None:
    wanted = _columns(report)
    sheet = book.add_sheet("Scorecard")
    _write_table(book, sheet, wanted, lines)
    book.text(sheet, 0, 0, title_of(report), bold=True, font_size=16)
    meeting = day_text(report.meeting_date)
    about = [f"For the meeting of {meeting}." if meeting else "", report.published]
    book.text(sheet, 1, 0, " ".join(filter(None, about)))
    trend = next(at for at, column in enumerate(wanted) if column.heading == TREND)
    for at in range(HEADER_ROW + 1, HEADER_ROW + 1 + len(lines)):
        # The other sheet has the same lines in the same rows; its months follow two columns.
        drawn = f"'{MONTHS_SHEET}'!{xl_range(at, 2, at, 1 + MONTHS_IN_TREND)}"
        sheet.add_sparkline(at, trend, {"range": drawn, "markers": True})


def _write_months(book: Book, report: BoardReport, lines: list[tuple[str, Row]]) -> None:
    sheet = book.add_sheet(MONTHS_SHEET)
    _write_table(book, sheet, _month_columns(report), lines)
    book.text(sheet, 0, 0, f"{title_of(report)}: {MONTHS_SHEET}", bold=True, font_size=16)


def _write_table(book: Book, sheet: Worksheet, wanted: list[Column], lines: list[tuple[str, Row]]) -> None:
    for place, column in enumerate(wanted):
        sheet.set_column(place, place, column.width)
        book.text(sheet, HEADER_ROW, place, column.heading, bold=True, text_wrap=True, bottom=1)
        for at, (section, row) in enumerate(lines, start=HEADER_ROW + 1):
            book.cell(sheet, at, place, column.content(section, row))
    indicator = wanted.index(columns.INDICATOR)
    sheet.freeze_panes(HEADER_ROW + 1, indicator + 1)
    sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + len(lines), len(wanted) - 1)
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
    facts = {
        "Raised by": focus.raised_by,
        "About the report for": f"{focus.asked_in:%B %Y}" if focus.asked_in else "",
        "Owner": focus.owner,
        "Opened on": day_text(focus.opened_on),
        "Answer due on": day_text(focus.due_on),
        "Closed on": day_text(focus.closed_on),
        "Indicators": ", ".join(focus.references),
    }
    yield ". ".join(f"{name}: {text}" for name, text in facts.items() if text)
    yield from (f"{day_text(update.date)}: {update.text}" for update in focus.updates)


def _revised_line(one: Revised) -> str:
    about = f"{one.reference} {one.title}".strip()
    return f"{about}, {one.what}: from {one.before or 'nothing'} to {one.after or 'nothing'}. {one.kind.label}."


def _write_lines(book: Book, name: str, lines: Iterable[str]) -> None:
    sheet = book.add_sheet(name)
    sheet.set_column(0, 0, 100)
    book.text(sheet, 0, 0, name, bold=True, font_size=16)
    for at, line in enumerate(lines, start=2):
        book.text(sheet, at, 0, line, text_wrap=True)
