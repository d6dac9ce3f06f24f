"""A report as a workbook to work with: numbers are numbers, and text is never a formula.

Both workbooks are made with a Book: cells that hold a number where there is one, and text that fits.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from indicators.calculations.exact import Exact
from indicators.calculations.formatting import AFFIXES, ROUNDS_TO_ALL, ROUNDS_TO_ZERO
from indicators.calculations.months import month_text
from indicators.calculations.row import MONTHS_IN_TREND, Row
from indicators.calculations.vocabulary import Unit
from scorecard.council.look import OWN_LOOK, Look
from scorecard.display.columns import (
    MEDIUM,
    REFERENCE,
    TITLE,
    WIDEST,
    Column,
    Scale,
    in_order,
    month_column,
    report_columns,
)
from scorecard.report.board import BoardReport, Focus
from scorecard.report.what_to_look_at import Tally, what_to_look_at

MOST_IN_A_CELL = 32_767
MOST_PLACES = 6
CUT = " … [cut: more than a cell of a spreadsheet can hold. The report itself has all of it.]"
FONT = {"font_name": "Arial", "valign": "top"}
A3, A4 = 8, 9
# How many characters a page of A3 has room for side by side, in print that can be read.
READABLE_ON_A3 = 260
# Of a line of text and of the highest row that there can be, in points; and of a column of text, in characters.
LINE_HEIGHT, MOST_HEIGHT, TEXT_WIDTH = 15, 409, 100
HEADER_ROW = 3
MONTHS_SHEET = "13 months"
LAST = ("rating", "commentary", "signal", "assurance", "look", "warnings", "notes")
ABOUT = (
    "Percentages are stored as Excel keeps them: 19% is 0.19 with a percentage format.",
    "Figures are more exact than displayed; formatting alone rounds them.",
    "Changes are relative: from 100 to 112 is +12%. Where figures can be negative they are differences in their unit.",
    "“k” after pounds is thousands and “m” millions: £1,234k is stored as 1234. The number format shows the unit.",
    "Square brackets say why there is no figure, as [x] not available, [z] not applicable or [c] confidential.",
    "After a figure, [r] is revised, [p] provisional and [e] estimated. The mark is in the number format.",
    "[b]: counted differently from then on. It follows the first such figure, and what compares figures across it; "
    "the notes say why.",
    "The small charts draw the figures of the sheet “13 months”.",
)


def _explained(report: BoardReport) -> Iterator[str]:
    """What [c], the report's comparator groups and short forms are."""
    if report.rounding:
        yield report.rounding
    if report.hides_up_to:
        yield f"[c]: {report.confidential}."
    yield from (f"{group.name}: {group.explanation}" for group in report.groups if group.explanation)
    yield from (f"{short}: {meaning}." for short, meaning in report.short_forms)


class Content(NamedTuple):
    """The content of a cell: the number in its number format, or the words where there is none.

    The cell of a figure that is blank has a number format too; one of text has none.
    """

    words: str
    value: Exact | None = None
    number_format: str = ""
    fill: str = ""


class Book:
    """The workbook of a report in the making; cell formats are made once each."""

    def __init__(self, report: BoardReport) -> None:
        self._out = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.workbook = Workbook(self._out, options)
        made = report.meeting_date or report.month
        self.workbook.set_properties(
            {
                "title": title_of(report),
                "author": report.council,
                "created": datetime(made.year, made.month, made.day, tzinfo=UTC),
            }
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def finish(self) -> bytes:
        """The workbook's bytes: the same for the same report, whenever it is made."""
        self.workbook.close()
        return self._out.getvalue()

    def add_sheet(self, name: str) -> Worksheet:
        return self.workbook.add_worksheet(name)

    def style(self, **properties: Any) -> Any:
        key = tuple(sorted((FONT | properties).items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(dict(key))
        return self._formats[key]

    def text(self, sheet: Worksheet, at: int, column: int, words: str, **properties: Any) -> None:
        sheet.write_string(at, column, fitted(words), self.style(**properties))

    def cell(self, sheet: Worksheet, at: int, column: int, content: Content, **properties: Any) -> None:
        if content.fill:
            properties["bg_color"] = content.fill
        if content.value is None:
            self.text(sheet, at, column, content.words, text_wrap=True, **properties)
        else:
            style = self.style(num_format=content.number_format, **properties)
            sheet.write_number(at, column, float(content.value), style)


def title_of(report: BoardReport) -> str:
    return f"{report.title}, {report.month:%B %Y}"


def lines_of(report: BoardReport) -> list[tuple[str, Row]]:
    """Every row with the title of its section."""
    return [(section.title, row) for section in report.sections for row in section.rows]


def fitted(text: str) -> str:
    """The text, cut with a remark where a cell could not hold all of it. Excel counts in UTF-16."""
    encoded = text.encode("utf-16-le")
    if len(encoded) <= 2 * MOST_IN_A_CELL:
        return text
    return encoded[: 2 * (MOST_IN_A_CELL - len(CUT))].decode("utf-16-le", "ignore") + CUT


def day_text(day: date | None) -> str:
    """As 4 March 2021; empty without a day."""
    return f"{day.day} {day:%B %Y}" if day else ""


# What both workbooks say of an area of focus beside its texts.
FOCUS_FACTS: dict[str, Callable[[Focus], str]] = {
    "Raised by": lambda focus: focus.raised_by,
    "About the report for": lambda focus: f"{focus.asked_in:%B %Y}" if focus.asked_in else "",
    "Owner": lambda focus: focus.owner,
    "Opened on": lambda focus: day_text(focus.opened_on),
    "Answer due on": lambda focus: day_text(focus.due_on),
    "Closed on": lambda focus: day_text(focus.closed_on),
    "Indicators": lambda focus: ", ".join(focus.references),
}


def updates_of(focus: Focus) -> list[str]:
    return [f"{day_text(update.date)}: {update.text}" for update in focus.updates]


def content_of(column: Column, row: Row, *, with_marks: bool = True) -> Content:
    """What the column has for the row: its number as the report displays it, or its text.

    Marks behind a number are in its number format; without them where a workbook has them in another column.
    """
    words = column.text(row)
    if column.number is None:
        return Content(words, fill=column.fill(row))
    number = column.number(row)
    signs = [sign for sign in number.marks if sign] if with_marks else []
    marks = "".join(f'" {sign}"' for sign in signs)
    if number.scale is Scale.CHANGE:
        # With its sign, except for what displays as no change.
        codes = ("0%",) if words.partition(" ")[0] == "0%" else ("+0%", "-0%")
        return Content(words, number.value, ";".join(code + marks for code in codes))
    if number.scale is Scale.GAP:
        return _apart(row, number.value, words, marks)
    return measured(row, number.value, words, marks)


def _apart(row: Row, value: Exact | None, words: str, marks: str) -> Content:
    """How far two figures lie apart, with its sign; percentage points are plain numbers, not hundredths."""
    code = _code(row, words, per_cent="")
    codes = (f"+{code}", f"-{code}", code) if words[:1] in "+-" else (code,)
    return Content(words, value, ";".join(one + marks for one in codes))


def _code(row: Row, words: str, per_cent: str = "%") -> str:
    """The number format that shows a value as the words do, with its unit; `per_cent` is that of a percentage.

    It has as many places as the words, which may be more than the row's; one that displays as [low] or [high] keeps
    enough to be told from 0 and from all.
    """
    bare = words.partition(" ")[0]
    places = MOST_PLACES if bare in (ROUNDS_TO_ZERO, ROUNDS_TO_ALL) else len(bare.partition(".")[2].rstrip("%km"))
    before, behind = AFFIXES[row.measure.unit]
    digits = "#,##0" + ("." + "0" * places if places else "")
    if behind == "%":
        return digits + per_cent
    if bare.lstrip("+-") == "1":
        behind = behind.removesuffix("s")
    front, back = (f'"{words}"' if words else "" for words in (before, behind))
    return f"{front}{digits}{back}"


def measured(row: Row, value: Exact | None, words: str, marks: str = "") -> Content:
    """A value in the row's unit, as the report displays it. A percentage is kept as Excel does: 19% is 0.19; thousands
    and millions of pounds, and lengths of time, are the numbers that they are told as.
    """
    if row.measure.unit is Unit.PERCENTAGE:
        value = None if value is None else value * Fraction(1, 100)
    return Content(words, value, _code(row, words) + marks)


def to_xlsx(report: BoardReport, look: Look = OWN_LOOK) -> bytes:
    """The workbook's bytes, in the council's words: the same for the same report, whenever it is made."""
    book, lines = Book(report), lines_of(report)
    _write_scorecard(book, report, lines)
    _write_months(book, report, lines)
    _write_lines(book, "Overview", [line for line in _overview(report, look) if line])
    _write_lines(book, "About", [*ABOUT, *_explained(report)])
    return book.finish()


def _figure_notes(row: Row) -> str:
    notes = zip(row.months, (figure.note for figure in row.figures), strict=True)
    return "\n".join(f"{month_text(month)}: {note}" for month, note in notes if note)


def _write_scorecard(book: Book, report: BoardReport, lines: list[tuple[str, Row]]) -> None:
    columns = in_order([column for column in report_columns(report) if column.workbook], last=LAST)
    sheet = book.add_sheet("Scorecard")
    _write_table(book, report, sheet, columns, [row for _, row in lines], sections=[section for section, _ in lines])
    book.text(sheet, 0, 0, title_of(report), bold=True, font_size=16)
    meeting = day_text(report.meeting_date)
    about = [f"For the meeting of {meeting}." if meeting else "", report.published, report.restricted]
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
    _write_table(book, report, sheet, [REFERENCE, TITLE, *months, notes], [row for _, row in lines])
    book.text(sheet, 0, 0, f"{title_of(report)}: {MONTHS_SHEET}", bold=True, font_size=16)


def _write_table(
    book: Book,
    report: BoardReport,
    sheet: Worksheet,
    columns: list[Column],
    rows: list[Row],
    sections: Sequence[str] | None = None,
) -> None:
    """The rows under their headings, after a column with their sections where these are given."""
    first = 0 if sections is None else 1
    headings = [("Section", MEDIUM)] * first + [(column.workbook or "", column.width) for column in columns]
    texts: list[list[tuple[str, int]]] = [[] for _ in rows]
    for place, (heading, width) in enumerate(headings):
        sheet.set_column(place, place, width)
        book.text(sheet, HEADER_ROW, place, heading, bold=True, text_wrap=True, bottom=1)
        for at, row in enumerate(rows):
            content = Content(sections[at]) if sections and place < first else content_of(columns[place - first], row)
            book.cell(sheet, HEADER_ROW + 1 + at, place, content)
            texts[at].append((content.words, width))
    sheet.set_row(HEADER_ROW, height_of(headings))
    for at, cells in enumerate(texts):
        sheet.set_row(HEADER_ROW + 1 + at, height_of(cells))
    sheet.freeze_panes(HEADER_ROW + 1, first + columns.index(TITLE) + 1)
    sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + len(rows), len(headings) - 1)
    # As many pages beside each other as can be read, each of which begins with the lines' names.
    names = first + columns.index(TITLE)
    named, others = (sum(width for _, width in part) for part in (headings[: names + 1], headings[names + 1 :]))
    sheet.repeat_columns(0, names)
    _set_up_print(sheet, report, pages=max(1, -(-others // (READABLE_ON_A3 - named))))


def height_of(cells: Iterable[tuple[str, int]]) -> float:
    """How high a row has to be for its texts, each with the width of its column in characters; in points.

    Programs work it out by themselves only when somebody opens the workbook in some of them, and never for a print.
    """
    lines = max((sum(max(1, -(-len(line) // width)) for line in text.split("\n")) for text, width in cells), default=1)
    return float(min(lines * LINE_HEIGHT, MOST_HEIGHT))


def _set_up_print(sheet: Worksheet, report: BoardReport, pages: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.fit_to_pages(pages, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.set_footer(f"&L{report.restricted}&RPage &P of &N")


def _overview(report: BoardReport, look: Look) -> Iterator[str]:
    yield report.summary
    yield from look_sentences(report, look)
    for focus in report.areas_of_focus:
        yield f"{focus.kind.label}: {focus.title}"
        yield focus.detail
        yield focus.response
        facts = {name: text(focus) for name, text in FOCUS_FACTS.items()}
        yield ". ".join(f"{name}: {text}" for name, text in facts.items() if text)
        yield from updates_of(focus)
    if report.revised:
        yield "What has changed since it was published"
    for one in report.revised:
        if one.is_of_population:
            yield f"{one.title}. {one.what}. {one.kind.label}."
            continue
        about = f"{one.reference} {one.title}".strip()
        yield f"{about}, {one.what}: from {one.before or 'nothing'} to {one.after or 'nothing'}. {one.kind.label}."


def look_sentences(report: BoardReport, look: Look) -> Iterator[str]:
    """What to look at, a line each, and how many indicators there are of each kind."""
    items = what_to_look_at(report)
    for item in items:
        names = " with ".join(line.row.measure.reference for line in item.lines)
        also = f" Also: {item.others}." if item.others else ""
        first = f"{item.first.label}: {names}. {item.sentence}{also}"
        yield " ".join([first, item.explanation(look.said), *item.focus_texts])
    if report.by_indicator:
        yield " ".join(Tally.of(report, items).sentences)


def _write_lines(book: Book, name: str, lines: Iterable[str]) -> None:
    sheet = book.add_sheet(name)
    sheet.set_column(0, 0, TEXT_WIDTH)
    book.text(sheet, 0, 0, name, bold=True, font_size=16)
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    for at, line in enumerate(lines, start=2):
        book.text(sheet, at, 0, line, text_wrap=True)
        sheet.set_row(at, height_of([(line, TEXT_WIDTH)]))
