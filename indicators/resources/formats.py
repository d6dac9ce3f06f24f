"""Excel and CSV files: what is read from them, and what is written so that nobody's text runs as a formula."""

from __future__ import annotations

import contextlib
import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import tablib
from import_export.formats.base_formats import Format

from indicators.calculations.formatting import neutralise, restore

MOST_UNPACKED_BYTES = 60 * 1024 * 1024
MOST_COLUMNS = 100
MOST_SHEET_ROWS = 50_000


class SpreadsheetError(ValueError):
    """The file as a whole can't be read; the message is for the person who chose it."""


def read_workbook(data: bytes) -> Iterator[list[Any]]:
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


def write_workbook(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
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


MOST_BYTES = 5 * 1024 * 1024
TOO_BIG = "The file is larger than 5 MB: split it into several."
# Each changed row takes some milliseconds, and a server gives a page about half a minute.
MOST_ROWS = 3_000
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")


class CSVFormat(Format):
    """Comma-separated, in UTF-8 with the byte order mark by which Excel recognises it."""

    def get_title(self) -> str:
        return "CSV (.csv)"

    def get_extension(self) -> str:
        return "csv"

    def get_content_type(self) -> str:
        return "text/csv; charset=utf-8"

    def can_import(self) -> bool:
        return True

    def can_export(self) -> bool:
        return True

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        return read_spreadsheet(in_stream)

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(dataset.headers)
        writer.writerows([neutralise(cell) for cell in row] for row in dataset)
        return out.getvalue().encode("utf-8-sig")


class XLSXFormat(CSVFormat):
    """Excel, with numbers as numbers."""

    def get_title(self) -> str:
        return "Excel (.xlsx)"

    def get_extension(self) -> str:
        return "xlsx"

    def get_content_type(self) -> str:
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return write_workbook(dataset.headers, ([neutralise(cell) for cell in row] for row in dataset))


def read_spreadsheet(data: bytes) -> tablib.Dataset:
    """The table in an .xlsx or a CSV file; the content shows which it is. Raises SpreadsheetError.

    `row_numbers` of the result are the rows as the spreadsheet numbers them.
    """
    if len(data) > MOST_BYTES:
        raise SpreadsheetError(TOO_BIG)
    if data.startswith(b"PK"):
        return _table(read_workbook(data))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SpreadsheetError(
            "This is an old Excel file (.xls), or one with a password: save it as .xlsx without a password."
        )
    return _table(_csv_rows(data))


def _csv_rows(data: bytes) -> Iterable[Sequence[str]]:
    is_utf_16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if is_utf_16 else ["utf-8-sig", "cp1252", "latin-1"]:
        with contextlib.suppress(UnicodeDecodeError):
            text = data.decode(encoding)
            if not _CONTROL.search(text):
                break
    else:
        raise SpreadsheetError("This is neither an Excel file (.xlsx) nor a CSV file.")
    first_line = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first_line.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise SpreadsheetError(f"The CSV file can't be read: {error}.") from error


def _table(rows: Iterable[Sequence[Any]]) -> tablib.Dataset:
    numbered = ((number, row) for number, row in enumerate(rows, 1) if any(cell not in (None, "") for cell in row))
    number, first = next(numbered, (0, []))
    headers = [str(cell or "").strip().lower().replace(" ", "_") for cell in first]
    while headers and not headers[-1]:
        headers.pop()
    if not headers:
        raise SpreadsheetError("The file is empty: its first row must have the names of the columns.")
    table = tablib.Dataset(headers=headers)
    table.row_numbers = []
    for number, row in numbered:
        if len(table.row_numbers) == MOST_ROWS:
            raise SpreadsheetError(f"The file has more than {MOST_ROWS:,} rows: split it into several.")
        if any(cell not in (None, "") for cell in row[len(headers) :]):
            raise SpreadsheetError(
                f"Row {number} has more cells than there are columns: put a text with commas in quotation marks."
            )
        cells = [restore(cell) for cell in row[: len(headers)]]
        table.append(cells + [""] * (len(headers) - len(cells)))
        table.row_numbers.append(number)
    if not table.row_numbers:
        raise SpreadsheetError("The file has no rows below the names of its columns.")
    return table
