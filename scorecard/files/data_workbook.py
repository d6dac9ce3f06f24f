"""A report's figures as a workbook that everybody can read, with a screen reader too.

It follows the Government Analysis Function's “Releasing statistics in spreadsheets” and its checklist: a cover, a list
of contents, notes, then one table a sheet, marked up as a table, without merged cells, filters, fills or frozen panes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from xlsxwriter.worksheet import Worksheet

from indicators.calculations.formatting import BREAK, counted
from indicators.calculations.row import MONTHS_IN_TREND, Row
from scorecard.council.look import OWN_LOOK, Look
from scorecard.display.columns import (
    MEDIUM,
    NARROW,
    REFERENCE,
    TITLE,
    UNIT,
    WIDE,
    WIDEST,
    in_order,
    marked,
    report_columns,
)
from scorecard.display.notes import counted_otherwise, joined, stage_mark
from scorecard.report.board import BoardReport
from scorecard.report.what_to_look_at import Tally, what_to_look_at

from .workbook import (
    FOCUS_FACTS,
    Book,
    Content,
    content_of,
    day_text,
    lines_of,
    measured,
    title_of,
    updates_of,
)

BLANKS = "A blank cell means that there is nothing to say."
NOTES = (
    ("[c]", "Confidential: hidden so that nobody can be identified from a small number."),
    ("[x]", "Not available."),
    ("[z]", "Not applicable: there is nothing to measure."),
    ("[tbc]", "To be confirmed: awaited."),
    ("[not due]", "No figure is due in this month, as between the ends of quarters."),
    ("[n/a]", "It can’t be worked out, as a change from nothing."),
    ("[local]", "Measured here alone: no others’ figure exists."),
    ("[none]", "Not stated."),
    ("[p]", "Provisional. Like [e] and [r], it is in the notes column, not beside the figure."),
    ("[e]", "Estimated."),
    ("[r]", "Revised since it was first published."),
    ("[b]", "Break: counted differently from then on. Figures before and after can’t be compared; the notes say why."),
    ("Percentages", "Stored as hundredths: 19% is 0.19, displayed as a percentage."),
    (
        "[low], [high]",
        "Not used here: what would be displayed as none or as all, and isn’t, has six decimals.",
    ),
    ("Figures", "More exact than displayed. The number format alone rounds them."),
    ("Changes", "Relative: from 100 to 112 is +12%. Where figures can be negative: the difference, in their unit."),
    ("£ thousand, £ million", "Stored as so many thousands or millions: £1,234k is 1234. The column Unit says which."),
    ("Average and maximum", "Over the twelve months up to the month of the report."),
)
FOCUS = (
    *(("Title", WIDE), ("Kind", MEDIUM), ("What was asked", WIDEST), ("Response", WIDEST)),
    *((name, MEDIUM) for name in FOCUS_FACTS),
    ("Updates", WIDEST),
)
REVISED = (
    *(("Ref", NARROW), ("Indicator", WIDE), ("What", MEDIUM), ("Before", MEDIUM)),
    *(("Now", MEDIUM), ("Why", WIDE)),
)
# What a line is, in front of its figures.
SECTION = ("Section", MEDIUM)
LINE = (REFERENCE, TITLE, UNIT)
FIRST = ("reference", "title", "unit", "direction", "owner", "reporter")
LAST = ("rating", "signal", "assurance", "look", "commentary", "warnings", "marked_notes")
BODY = 12
HEADING = {"bold": True, "font_size": 16}
FIRST_ROW = 3


class SheetTable(NamedTuple):
    """A sheet's table. `tab` names the sheet, and the table as far as its name may."""

    tab: str
    title: str
    headings: tuple[tuple[str, int], ...]
    rows: Sequence[Sequence[Content]]

    @classmethod
    def of_words(
        cls, tab: str, title: str, headings: tuple[tuple[str, int], ...], rows: Iterable[Iterable[str]]
    ) -> SheetTable:
        """A table of text alone."""
        return cls(tab, title, headings, [[Content(cell) for cell in row] for row in rows])

    def write(self, book: Book) -> Worksheet:
        """On a sheet of its own."""
        sheet = book.add_sheet(self.tab)
        book.text(sheet, 0, 0, self.title, **HEADING)
        book.text(sheet, 1, 0, f"This worksheet contains one table. {BLANKS}", font_size=BODY)
        heading = book.style(bold=True, text_wrap=True, font_size=BODY)
        for at, row in enumerate(self.rows, start=FIRST_ROW):
            for place, content in enumerate(row):
                book.cell(sheet, at, place, content, font_size=BODY)
        for place, (_, width) in enumerate(self.headings):
            sheet.set_column(place, place, width)
        options = {
            "name": self.tab.replace(" ", "_"),
            "columns": [{"header": name, "header_format": heading} for name, _ in self.headings],
            "autofilter": False,
            "banded_rows": False,
            "style": None,
        }
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.add_table(FIRST_ROW - 1, 0, FIRST_ROW - 1 + len(self.rows), len(self.headings) - 1, options)
        return sheet


def to_data_xlsx(report: BoardReport, look: Look = OWN_LOOK) -> bytes:
    """The workbook's bytes, in the council's words: the same for the same report, whenever it is made."""
    book = Book(report)
    tables = [table for table in _tables(report, look) if table.rows]
    cover = book.add_sheet("Cover")
    cover.set_column(0, 0, 90)
    book.text(cover, 0, 0, title_of(report), **HEADING)
    for at, line in enumerate(_cover(report, len(tables)), start=1):
        book.text(cover, at, 0, line, text_wrap=True, font_size=BODY)
    groups = ((group.name, group.explanation) for group in report.groups if group.explanation)
    notes = (*NOTES, *groups, *report.short_forms)
    listed = [SheetTable.of_words("Notes", "Notes", (("Shorthand or term", 25), ("Meaning", 80)), notes), *tables]
    names = [(table.tab, table.title) for table in listed]
    contents = SheetTable.of_words("Contents", "Contents", (("Worksheet", 25), ("Title", 80)), names).write(book)
    link = book.style(font_size=BODY, underline=1)
    for at, table in enumerate(listed, start=FIRST_ROW):
        contents.write_url(at, 0, f"internal:'{table.tab}'!A1", link, table.tab)
    for table in listed:
        table.write(book)
    return book.finish()


def _tables(report: BoardReport, look: Look) -> Iterator[SheetTable]:
    month = f"{report.council}, {report.month:%B %Y}"
    lines = lines_of(report)
    columns = in_order([column for column in report_columns(report) if column.data], first=FIRST, last=LAST)
    yield SheetTable(
        "Indicators",
        f"Indicators: {month}",
        (SECTION, *((column.data or "", column.width) for column in columns)),
        [
            [Content(section), *(_explained(content_of(column, row, with_marks=False)) for column in columns)]
            for section, row in lines
        ],
    )
    yield SheetTable(
        "Monthly figures",
        f"Monthly figures: {MONTHS_IN_TREND} months to {report.month:%B %Y}, {report.council}",
        (
            *(SECTION, *((column.data or "", column.width) for column in LINE)),
            *(("Month", MEDIUM), ("Figure", NARROW), ("Status", MEDIUM), ("Notes", WIDE)),
        ),
        [*_month_rows(lines)],
    )
    focus = (
        (
            *(one.title, one.kind.label, one.detail, one.response),
            *(text(one) for text in FOCUS_FACTS.values()),
            "\n".join(updates_of(one)),
        )
        for one in report.areas_of_focus
    )
    yield SheetTable.of_words(
        "Areas of focus", f"{look.said('Areas of focus and the panel’s questions')}: {month}", FOCUS, focus
    )
    revised = ((one.reference, one.title, one.what, one.before, one.after, one.kind.label) for one in report.revised)
    yield SheetTable.of_words("Revised figures", f"Changed since it was published: {month}", REVISED, revised)


def _explained(content: Content) -> Content:
    """Without a fill, and with words in brackets where a figure would stand."""
    if content.value is None and content.number_format and not content.words.startswith("["):
        return Content(f"[{content.words.lower() or 'none'}]")
    return content._replace(fill="")


def _month_rows(lines: list[tuple[str, Row]]) -> Iterator[tuple[Content, ...]]:
    for section, row in lines:
        words = (section, *(column.text(row) for column in LINE))
        for place, (month, figure) in enumerate(zip(row.months, row.figures, strict=True)):
            status = "" if figure.blank else figure.stage.label
            breaks = row.breaks_at(place)
            notes = joined(stage_mark(figure), figure.note, marked(BREAK, counted_otherwise(breaks)) if breaks else "")
            number = _explained(measured(row, figure.value, row.text_at(place)))
            yield (*map(Content, (*words, f"{month:%B %Y}")), number, Content(status), Content(notes))


def _cover(report: BoardReport, tables: int) -> Iterator[str]:
    yield f"Data of the scorecard of {report.council}."
    yield f"The month is {report.month:%B %Y}."
    if report.meeting_date:
        yield f"For the meeting of the {report.panel} on {day_text(report.meeting_date)}."
    if report.published:
        yield report.published
    if report.restricted:
        yield report.restricted
    yield f"This workbook has {counted(tables, 'table')} of data, one on each worksheet."
    yield "The worksheet Contents lists them. The worksheet Notes explains the shorthand."
    yield from Tally.of(report, what_to_look_at(report)).sentences
    if report.summary:
        yield f"Summary: {report.summary}"
    if report.rounding:
        yield report.rounding
    if report.hides_up_to:
        yield f"[c] is {report.confidential}."
    named = any(row.measure.owner for row in report.rows)
    asked = " The owner named beside a figure can answer questions about it." if named else ""
    yield f"Published by {report.council}.{asked}"
