"""A spreadsheet as its cells: workbooks of Excel and LibreOffice, and CSV files, all sheets of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from indicators.resources.archive import SpreadsheetError
from indicators.resources.cells import Cell
from indicators.resources.formats import MOST_BYTES, TOO_BIG
from indicators.resources.opendocument import read_opendocument
from indicators.resources.text_files import read_csv, refuse_other_files
from indicators.resources.workbooks import Grid, read_sheets

from .overrides import NO_OVERRIDES, Overrides
from .periods import without_period

# What is read, as it is named to whoever sends something else.
TAKEN = "an Excel workbook (.xlsx, .xlsm), an OpenDocument spreadsheet (.ods) or a CSV file"


class SheetCell(NamedTuple):
    """What stands in a cell and what a reader sees of it. A percentage's value is in per cent: 19% is 19."""

    row: int
    column: int
    value: Decimal | datetime | str
    shown: str
    formula: str = ""

    @property
    def text(self) -> str:
        return " ".join(self.shown.split())

    @property
    def is_number(self) -> bool:
        return isinstance(self.value, Decimal)


@dataclass
class Sheet:
    """The cells of a sheet by row, as the file numbers them, and column, from 0."""

    name: str
    cells: dict[tuple[int, int], SheetCell] = field(default_factory=dict)
    # A merged range shows its first cell everywhere: each of its other cells with the place of that one.
    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    is_text_file: bool = False
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    # What a person said of it.
    overrides: Overrides = NO_OVERRIDES

    @property
    def key(self) -> str:
        """What it is known by in the next file: its name without a month; nothing for a text file."""
        return "" if self.is_text_file else without_period(self.name)

    def at(self, row: int, column: int) -> SheetCell | None:
        """The cell, or the one whose merged range covers it."""
        return self.cells.get((row, column)) or self.cells.get(self.merged.get((row, column), (0, 0)))

    def text(self, row: int, column: int) -> str:
        """What the cell shows, in one line; empty where nothing stands."""
        cell = self.at(row, column)
        return cell.text if cell else ""

    def rows(self) -> Iterator[tuple[int, list[SheetCell]]]:
        """The rows in which anything stands, from the top, each with its cells from the left."""
        found: dict[int, list[SheetCell]] = {}
        for place in sorted(self.cells):
            found.setdefault(place[0], []).append(self.cells[place])
        yield from found.items()

    def place(self, row: int, column: int) -> str:
        """What people call the cell of a workbook: Scorecard!K14."""
        return f"{self.name}!{get_column_letter(column + 1)}{row}"


def read_book(data: bytes, name: str = "") -> list[Sheet]:
    """The sheets of an .xlsx, .xlsm, .ods or CSV file, in order; its content shows which it is.

    `name` is the file's, for the one sheet of a CSV file. Raises SpreadsheetError with a message for people.
    """
    if len(data) > MOST_BYTES:
        raise SpreadsheetError(TOO_BIG)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        grids = read_opendocument(data) or read_sheets(data)
        return [_sheet(grid) for grid in grids]
    refuse_other_files(data, TAKEN)
    grid = read_csv(data, (), TAKEN)
    grid.name = name
    return [_sheet(grid)]


def _sheet(grid: Grid) -> Sheet:
    sheet = Sheet(
        grid.name,
        is_text_file=not grid.is_workbook,
        is_hidden=grid.is_hidden,
        hidden_rows=frozenset(grid.hidden_rows),
        hidden_columns=frozenset(grid.hidden_columns),
    )
    for row, cells in grid.rows:
        for column, found in enumerate(cells):
            shown = "TRUE" if found is True else "FALSE" if found is False else str(found or "")
            value = found.value if isinstance(found, Cell) and found.value is not None else shown
            formula = grid.formulas.get((row, column), "")
            if shown.strip() or formula:
                sheet.cells[row, column] = SheetCell(row, column, value, shown, formula)
    for top, left, bottom, right in grid.merges:
        # A merged range that spans whole rows or columns reaches no further than what stands there.
        for row in range(top, min(bottom, top + 200) + 1):
            for column in range(left, min(right, left + 100) + 1):
                if (row, column) != (top, left):
                    sheet.merged[row, column] = (top, left)
    return sheet
