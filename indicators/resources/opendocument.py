"""Reading OpenDocument spreadsheets (.ods), as LibreOffice and others save them, within the limits of workbooks."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from decimal import Decimal
from typing import Any

from .archive import (
    DAMAGED,
    LONGEST_TEXT,
    MOST_COLUMNS,
    MOST_SHEET_ROWS,
    MOST_SHEETS,
    PROBLEMS,
    TOO_LARGE,
    TOO_MANY_ROWS,
    Parts,
    SpreadsheetError,
)
from .cells import Cell
from .workbooks import Grid

_IN_BRACKETS = re.compile(r"\[(?:[^\].]*)\.([$A-Z0-9]+)(?::\.([$A-Z0-9]+))?\]")
_DATES_SHOWN = re.compile(r"[A-Za-z]{3,9}[ -]?'?\d{2,4}\Z")


def read_opendocument(data: bytes) -> list[Grid]:
    """All sheets of an OpenDocument spreadsheet; none where the archive is something else. Raises SpreadsheetError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = Parts(archive)
            if "content.xml" not in parts:
                return []
            sheets = _Sheets()
            for starts, tag, value in parts.elements("content.xml"):
                if starts:
                    sheets.start(tag, value)
                else:
                    sheets.end(tag, value)
            if not sheets.found:
                raise SpreadsheetError("This OpenDocument file has no sheet with cells.")
            return sheets.found
    except SpreadsheetError:
        raise
    except PROBLEMS as error:
        raise SpreadsheetError(DAMAGED) from error


class _Sheets:
    """The tables of content.xml, from its first element to its last."""

    def __init__(self) -> None:
        self.found: list[Grid] = []
        self.row = self.column = 0
        self.repeated_row = 1
        self.cells: list[tuple[int, Any]] = []
        self.cell: dict[str, str] = {}
        self.lines: list[str] = []
        # Comments beside a cell have paragraphs too.
        self.in_note = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        named = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if tag == "table":
            if len(self.found) == MOST_SHEETS:
                raise SpreadsheetError(f"The file has more than {MOST_SHEETS} sheets: split it into several.")
            self.found.append(Grid(is_workbook=True, name=named.get("name", "")))
            self.row = 0
        elif tag == "table-row":
            self.repeated_row, self.column, self.cells = int(named.get("number-rows-repeated", 1)), 0, []
            if named.get("visibility") in ("collapse", "filter") and self.repeated_row < MOST_SHEET_ROWS:
                self.found[-1].hidden_rows.update(range(self.row + 1, self.row + self.repeated_row + 1))
        elif tag in ("table-cell", "covered-table-cell"):
            self.cell, self.lines = named, []
        elif tag == "annotation":
            self.in_note += 1

    def end(self, tag: str, text: str) -> None:
        if tag == "annotation":
            self.in_note -= 1
        elif tag in ("p", "span", "a") and not self.in_note:
            # The text of a span ends before its paragraph does: both are pieces of what the cell shows.
            self.lines.append(text)
        elif tag in ("table-cell", "covered-table-cell"):
            self._keep_cell()
        elif tag == "table-row" and self.found:
            self._keep_row()

    def _keep_cell(self) -> None:
        repeated = int(self.cell.get("number-columns-repeated", 1))
        found = self._content()
        place = (self.row + 1, self.column)
        if found not in (None, ""):
            if self.column + repeated > MOST_COLUMNS:
                raise SpreadsheetError(TOO_LARGE)
            self.cells += [(self.column + offset, found) for offset in range(repeated)]
            formula = self.cell.get("formula", "").removeprefix("of:").removeprefix("=")
            if formula:
                plain = _IN_BRACKETS.sub(lambda part: f"{part[1]}:{part[2]}" if part[2] else part[1], formula)
                self.found[-1].formulas[place] = plain.replace(";", ",")
        across, down = (int(self.cell.get(f"number-{kind}-spanned", 1)) for kind in ("columns", "rows"))
        if across > 1 or down > 1:
            top, left = place
            self.found[-1].merges.append((top, left, top + down - 1, min(left + across, MOST_COLUMNS) - 1))
        self.column += repeated

    def _keep_row(self) -> None:
        if self.cells:
            if len(self.found[-1].rows) + self.repeated_row > MOST_SHEET_ROWS:
                raise SpreadsheetError(TOO_MANY_ROWS)
            row: list[Any] = [None] * (self.cells[-1][0] + 1)
            for column, cell in self.cells:
                row[column] = cell
            for offset in range(self.repeated_row):
                self.found[-1].rows.append((self.row + 1 + offset, list(row)))
        self.row += self.repeated_row

    def _content(self) -> Any:
        shown = "\n".join(line for line in self.lines if line)
        if len(shown) > LONGEST_TEXT:
            raise SpreadsheetError(TOO_LARGE)
        kind = self.cell.get("value-type", "")
        if kind in ("float", "currency", "percentage"):
            value = Decimal(f"{float(self.cell['value']):.15g}")
            return Cell(value * 100 if kind == "percentage" else value, shown)
        if kind == "date":
            parts = "my" if _DATES_SHOWN.search(shown.strip()) and not shown[:1].isdigit() else "dmy"
            return Cell(datetime.fromisoformat(self.cell["date-value"][:10]), shown, date_parts=parts)
        return shown
