"""Excel and CSV: what is read from them, and what is written so that nobody's text runs as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

import tablib
from import_export.formats.base_formats import Format

from indicators.calculations.spreadsheet import neutralise, restore

from . import workbook
from .workbook import SpreadsheetError

__all__ = ["CSVFormat", "SpreadsheetError", "XLSXFormat", "read_spreadsheet"]

MOST_BYTES = 5 * 1024 * 1024
TOO_BIG = "The file is larger than 5 MB: split it into several."
# Each changed row takes some milliseconds, and a server gives a page about half a minute.
MOST_ROWS = 3_000
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")


def neutralised(cell: Any) -> Any:
    """The cell with an apostrophe in front when it is a text that Excel would run. Numbers stay numbers."""
    return neutralise(cell) if isinstance(cell, str) else cell


def restored(cell: Any) -> Any:
    """The cell without the apostrophe that `neutralised` added."""
    return restore(cell) if isinstance(cell, str) else cell


class CSVFormat(Format):
    """Comma-separated, in UTF-8 with the mark that Excel needs to see that it is."""

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
        writer.writerows([neutralised(cell) for cell in row] for row in dataset)
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
        return workbook.write(dataset.headers, ([neutralised(cell) for cell in row] for row in dataset))


def read_spreadsheet(data: bytes) -> tablib.Dataset:
    """The table in an .xlsx or CSV file, told apart by their content. Raises SpreadsheetError.

    `row_numbers` of the result are the rows as the spreadsheet numbers them.
    """
    if len(data) > MOST_BYTES:
        raise SpreadsheetError(TOO_BIG)
    if data.startswith(b"PK"):
        return _table(workbook.read(data))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SpreadsheetError(
            "This is an old Excel file (.xls), or one with a password: save it as .xlsx without a password."
        )
    return _table(_csv_rows(_decoded(data)))


def _decoded(data: bytes) -> str:
    is_utf_16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if is_utf_16 else ["utf-8-sig", "cp1252", "latin-1"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text
    raise SpreadsheetError("This is neither an Excel file (.xlsx) nor a CSV file.")


def _csv_rows(text: str) -> Iterable[Sequence[str]]:
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
        cells = [restored(cell) for cell in row[: len(headers)]]
        table.append(cells + [""] * (len(headers) - len(cells)))
        table.row_numbers.append(number)
    if not table.row_numbers:
        raise SpreadsheetError("The file has no rows below the names of its columns.")
    return table
