"""Reading and writing .xlsx files. What a figure or a formula's text means stands in cells.py and formats.py."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

MOST_UNPACKED_BYTES = 60 * 1024 * 1024
MOST_COLUMNS = 100
MOST_SHEET_ROWS = 50_000


class SpreadsheetError(ValueError):
    """The file as a whole can't be read; the message is for the person who chose it."""


def read(data: bytes) -> Iterator[list[Any]]:
    """The rows of the sheet that was open when the file was saved, formulas as their results."""
    has_formulas = _check_archive(data)
    shown = _rows(data, results=True)
    if not has_formulas:
        for row in shown:
            yield [_value(cell) for cell in row]
        return
    for number, (row, written) in enumerate(zip(shown, _rows(data, results=False), strict=False), 1):
        for cell, formula in zip(row, written, strict=False):
            if cell.value is None and formula.value is not None:
                raise SpreadsheetError(
                    f"Row {number}: cell {formula.coordinate} has a formula without a stored result. "
                    "Open the file in Excel and save it there, or put in the figure itself."
                )
        yield [_value(cell) for cell in row]


def write(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """An .xlsx file with one sheet."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    sheet.freeze_panes = "A2"
    sheet.append(list(headers))
    for row in rows:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell, str) else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _check_archive(data: bytes) -> bool:
    """Whether any sheet has formulas. Refuses what is no archive, or would unpack into too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
                raise SpreadsheetError("The Excel file is too large: split it into several.")
            sheets = [entry for entry in entries if entry.filename.startswith("xl/worksheets/")]
            return any(b"<f" in archive.read(entry) for entry in sheets)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error) as error:
        raise SpreadsheetError("The Excel file is damaged and can't be read.") from error


def _rows(data: bytes, *, results: bool) -> Iterator[Sequence[Any]]:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=results)
            sheet = book.active if book.active in book.worksheets else book.worksheets[0]
            for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
                if number > MOST_SHEET_ROWS:
                    raise SpreadsheetError("The sheet has too many rows: delete those below the table.")
                yield row
        except SpreadsheetError:
            raise
        except Exception as error:
            raise SpreadsheetError("The Excel file is damaged and can't be read.") from error


def _value(cell: Any) -> Any:
    """What the cell shows: one that is formatted as per cent holds 0.19 and shows 19%."""
    value = cell.value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and "%" in (getattr(cell, "number_format", None) or ""):
        shown = Decimal(f"{value:.15g}") * 100
        return f"{shown.normalize():f}%"
    return value
