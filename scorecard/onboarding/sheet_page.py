"""A sheet as its page shows it: its first and last rows, each row and column with what it was taken for, in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter

from indicators.calculations.formatting import counted
from scorecard.spreadsheets.book import Sheet
from scorecard.spreadsheets.overrides import RowKind
from scorecard.spreadsheets.tables import Table
from scorecard.spreadsheets.words import TOTAL_ROW, ColumnRole, peer_in

from .steps import Cell, SheetForm, role_words

MOST_COLUMNS = 40
LONGEST_TEXT = 60
_WORKED_OUT = {
    ColumnRole.STATUS, ColumnRole.CHANGE, ColumnRole.ARROW, ColumnRole.AVERAGE, ColumnRole.MAXIMUM,
    ColumnRole.MINIMUM, ColumnRole.BEST, ColumnRole.TOTAL, ColumnRole.PREVIOUS,
}  # fmt: skip
# What is coloured, and what each colour is called in the key.
LOOKS = {
    "heading": "Heading", "section": "Section", "figures": "Figures", "target": "Target", "comparator": "Comparator",
    "commentary": "Commentary", "worked-out": "Worked out in the sheet, not taken", "about": "About the indicator",
    "total": "Total, not taken", "note": "Note", "ignored": "Ignored",
}  # fmt: skip
_LOOK_OF_ROLE = {
    ColumnRole.FIGURES: "figures", ColumnRole.VALUE: "figures", ColumnRole.NUMERATOR: "figures",
    ColumnRole.DENOMINATOR: "figures", ColumnRole.TARGET: "target", ColumnRole.COMPARATOR: "comparator",
    ColumnRole.COMMENTARY: "commentary", ColumnRole.IGNORED: "ignored",
} | dict.fromkeys(_WORKED_OUT, "worked-out")  # fmt: skip


@dataclass
class ShownRow:
    """A row of the sheet: its number, what it is in words, the choice of that where there is one, and its cells."""

    number: int
    look: str
    is_hidden: bool = False
    choice: Cell | None = None
    cells: list[tuple[str, str]] = field(default_factory=list)
    gap: int = 0

    @property
    def words(self) -> str:
        return LOOKS.get(self.look, "An indicator")


def sheets_shown(form: SheetForm) -> list[dict[str, Any]]:
    """Each sheet with its first and last rows, and what was found of it in words."""
    for shown in form.sheets:
        sheet, tables = shown["sheet"], shown["tables"]
        rows = list(sheet.rows())
        width = min(max((column for _, column in sheet.cells), default=0) + 1, MOST_COLUMNS)
        left_out = max(len(rows) - form.MOST_FIRST - form.MOST_LAST, 0)
        kept = rows if not left_out else rows[: form.MOST_FIRST] + rows[-form.MOST_LAST :]
        columns = {index: _column_words(tables, index) for index in range(width)}
        shown["letters"] = [(get_column_letter(index + 1), *columns[index]) for index in range(width)]
        shown["rows"] = []
        for place, (number, cells) in enumerate(kept):
            table = _table_of(tables, number)
            look = _look(sheet, table, tables, number, cells)
            row = ShownRow(number, look, number in sheet.hidden_rows)
            if table and number in {one for one, _ in table.rows}:
                kind = table.said(cells) or _KINDS.get(look, RowKind.MEASURE)
                row.choice = form.row_cell(table.row_key(cells), f"row {number}", kind.value)
            row.gap = left_out if left_out and place == form.MOST_FIRST else 0
            for index in range(width):
                own = columns[index][1] if look == "measure" else look
                # A merged range shows its text once, as the workbook does.
                cell = sheet.cells.get((number, index))
                row.cells.append((cell.text[:LONGEST_TEXT] if cell else "", own))
            shown["rows"].append(row)
        shown["findings"] = _findings(sheet, tables, rows)
    return form.sheets


_KINDS = {"section": RowKind.SECTION, "total": RowKind.TOTAL, "ignored": RowKind.IGNORED}


def _column_words(tables: list[Table], index: int) -> tuple[str, str]:
    """What a column is for in words, and its look."""
    for table in tables:
        for column in table.columns:
            if column.index == index and column.role:
                words = role_words(column)
                period = f": {column.period.words}" if column.period else ""
                return f"{words}{period}", _LOOK_OF_ROLE.get(column.role, "about")
    return ("Not used" if tables else ""), "ignored"


def _table_of(tables: list[Table], number: int) -> Table | None:
    return next((table for table in tables if table.heading_rows[0] <= number <= table.rows[-1][0]), None)


def _look(sheet: Sheet, table: Table | None, tables: list[Table], number: int, cells: Any) -> str:
    """What a row was taken for."""
    if table is None:
        return "note" if tables else "ignored"
    if number in table.heading_rows:
        return "heading"
    said = table.said(cells)
    if said:
        return {RowKind.SECTION: "section", RowKind.TOTAL: "total", RowKind.IGNORED: "ignored"}.get(said, "measure")
    texts = {cell.text for cell in cells}
    title = table.text(number, ColumnRole.TITLE)
    reference = table.text(number, ColumnRole.REFERENCE)
    if len(texts) == 1 and not cells[0].is_number and not peer_in(cells[0].text):
        return "section"
    if peer_in(title) and not reference:
        return "comparator"
    return "total" if TOTAL_ROW.match(title) and not reference else "measure"


def _findings(sheet: Sheet, tables: list[Table], rows: Any) -> list[str]:
    """How the sheet is laid out, and what of it is hidden, in words."""
    found = [f"Laid out as {table.run}, headings in row {', '.join(map(str, table.heading_rows))}." for table in tables]
    if not tables and sheet.key not in sheet.overrides.unused_sheets:
        found.append("No table was found here: its headings are not understood, or there is none.")
    if sheet.is_hidden:
        found.append("This sheet is hidden in the workbook.")
    if sheet.hidden_rows or sheet.hidden_columns:
        found.append(
            f"Hidden, and read as well: {counted(len(sheet.hidden_rows), 'row')} and "
            f"{counted(len(sheet.hidden_columns), 'column')}."
        )
    found.append(f"{counted(len(rows), 'row')} with anything in them.")
    return found
