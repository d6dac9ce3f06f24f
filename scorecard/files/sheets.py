"""What every workbook of a report is made with: cells that hold a number where there is one, and text that fits."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from indicators.calculations.exact import Exact
from indicators.calculations.formatting import ROUNDS_TO_ZERO
from indicators.calculations.row import Row
from indicators.calculations.vocabulary import Unit
from scorecard.display.columns import Column
from scorecard.report.board import BoardReport, Focus

MOST_IN_A_CELL = 32_767
MOST_PLACES = 6
CUT = " … [cut: more than a cell of a spreadsheet can hold. The report itself has all of it.]"
FONT = {"font_name": "Arial", "valign": "top"}


class Content(NamedTuple):
    """The content of a cell: the number in its number format, or the words where there is none.

    The cell of a figure that is blank has a number format too; one of text has none.
    """

    words: str
    value: Exact | None = None
    number_format: str = ""
    fill: str = ""


def make_book(report: BoardReport, write: Callable[[Book], None]) -> bytes:
    """The workbook's bytes: the same for the same report, whenever it is made."""
    out = io.BytesIO()
    workbook = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    made = report.meeting_date or report.month
    workbook.set_properties(
        {
            "title": title_of(report),
            "author": report.council,
            "created": datetime(made.year, made.month, made.day, tzinfo=UTC),
        }
    )
    write(Book(workbook))
    workbook.close()
    return out.getvalue()


class Book:
    """A workbook in the making; cell formats are made once each."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

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


def content_of(column: Column, row: Row) -> Content:
    """What the column has for the row: its number as the report displays it, or its text."""
    words = column.text(row)
    if column.number is None:
        return Content(words, fill=column.fill(row))
    number = column.number(row)
    if number.is_relative:
        # With its sign, except for what displays as no change.
        return Content(words, number.value, "0%" if words == "0%" else "+0%;-0%")
    return measured(row, number.value, words, number.stage.shorthand)


def measured(row: Row, value: Exact | None, words: str, mark: str = "") -> Content:
    """A value in the row's unit, as the report displays it. A percentage is kept as Excel does: 19% is 0.19.

    One that displays as [low] keeps enough places to be told from 0.
    """
    places = MOST_PLACES if words == ROUNDS_TO_ZERO else row.measure.decimal_places
    code = "#,##0" + ("." + "0" * places if places else "")
    if row.measure.unit is Unit.PERCENTAGE:
        value, code = None if value is None else value * Fraction(1, 100), f"{code}%"
    return Content(words, value, code + (f'" {mark}"' if mark else ""))
