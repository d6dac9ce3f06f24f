"""Excel and CSV files: the table that is read from them, and files written so that nobody's text runs as a formula."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import tablib
from import_export.formats.base_formats import Format

from indicators.calculations.formatting import counted, neutralise, restore
from indicators.calculations.months import read_month

from .archive import MOST_ROWS, TOO_MANY_ROWS, SpreadsheetError
from .cells import heading, is_empty, quoted
from .text_files import MOST_ABOVE, read_csv, refuse_other_files
from .workbooks import Grid, read_workbook


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


MOST_BYTES = 5 * 1024 * 1024
TOO_BIG = "The file is larger than 5 MB: split it into several."
# So many things of a kind are named in a message, and the rest counted.
MOST_NAMED = 10


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


def read_spreadsheet(data: bytes, columns: Sequence[str] = (), required: Collection[str] = ()) -> tablib.Dataset:
    """The table in an .xlsx or a CSV file; the content shows which it is. Raises SpreadsheetError.

    `columns` are the names that it may have; without any, all names are taken. The result's `row_numbers` are the rows
    as the spreadsheet numbers them, and its `notices` what the person who chose the file should know of it.
    """
    if len(data) > MOST_BYTES:
        raise SpreadsheetError(TOO_BIG)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _table(read_workbook(data), columns, required)
    refuse_other_files(data)
    return _table(read_csv(data, columns), columns, required)


def _table(grid: Grid, columns: Sequence[str], required: Collection[str]) -> tablib.Dataset:
    rows = [(number, row) for number, row in grid.rows if not all(map(is_empty, row))]
    if not rows:
        raise SpreadsheetError("The file is empty: its first row must have the names of the columns.")
    place, names = _headings(rows, columns, required)
    number, below = rows[place][0], rows[place + 1 :]
    _refuse_headings(grid, number, names, columns, required)
    _refuse_nameless(grid, number, names, below)
    wanted = [index for index, name in enumerate(names) if name and (not columns or name in columns)]
    table = tablib.Dataset(headers=[names[index] for index in wanted])
    table.row_numbers, table.notices = [], grid.notices
    if place:
        grid.notices.append(f"The names of the columns were found in row {number}; what stands above was left out.")
    if unknown := [name for index, name in enumerate(names) if name and index not in wanted]:
        grid.notices.append(f"Not known here, and left out: {_in_list(_guess(unknown, names, columns))}.")
    repeated = []
    for number, row in below:
        if len(row) >= len(names) and all(heading(cell) == name for cell, name in zip(row, names, strict=False)):
            repeated.append(number)
            continue
        if len(table.row_numbers) == MOST_ROWS:
            raise SpreadsheetError(TOO_MANY_ROWS)
        table.append([restore(row[index]) if index < len(row) else "" for index in wanted])
        table.row_numbers.append(number)
    if not table.row_numbers:
        raise SpreadsheetError("The file has no rows below the names of its columns.")
    if repeated:
        grid.notices.append(f"The names of the columns again, and left out: row {row_ranges(repeated)}.")
    grid.notices += _unseen(grid, table, wanted)
    return table


def _headings(
    rows: Sequence[tuple[int, Sequence[Any]]], columns: Collection[str], required: Collection[str]
) -> tuple[int, list[str]]:
    """Which row has the names of the columns, and the names: the first with the required ones, or else with most."""
    candidates = [[heading(cell) for cell in row] for _, row in rows[: MOST_ABOVE + 1]]
    known = [len(set(names) & set(columns)) for names in candidates]
    complete = (place for place, names in enumerate(candidates) if required and set(required) <= set(names))
    place = next(complete, known.index(max(known)))
    names = candidates[place]
    while names and not names[-1]:
        names.pop()
    return place, names


def _refuse_headings(
    grid: Grid, number: int, names: Sequence[str], columns: Sequence[str], required: Collection[str]
) -> None:
    missing = [name for name in required if name not in names]
    problems = [f"The column “{name}” is missing." for name in missing]
    if missing:
        shown = [quoted(name) for name in names if name]
        problems.append(f"Row {number} must have the names of the columns; it has {_in_list(shown) or 'none'}.")
        problems.append(f"The columns are {', '.join(columns)}.")
        problems += grid.notices
        if sum(map(_is_month, names)) > 1:
            problems.append("Months can’t be columns: write a row for each month, with the month in “month”.")
    for name in dict.fromkeys(names):
        places = [grid.column(index) for index, other in enumerate(names) if other == name]
        if len(places) > 1 and name in (columns or names) and name:
            problems.append(f"The column “{name}” is there twice: in columns {_in_list(places)}.")
    if problems:
        raise SpreadsheetError(" ".join(problems))


def _refuse_nameless(grid: Grid, number: int, names: Sequence[str], below: Iterable[tuple[int, Sequence[Any]]]) -> None:
    """Raises SpreadsheetError where something stands in a column that has no name."""
    for row_number, row in below:
        for index, cell in enumerate(row):
            if is_empty(cell) or (index < len(names) and names[index]):
                continue
            if not grid.is_workbook and index >= len(names):
                raise SpreadsheetError(
                    f"Row {row_number} has more cells than there are columns: put a text with commas in quotation "
                    "marks."
                )
            raise SpreadsheetError(
                f"Column {grid.column(index)} has no name in row {number}, but something stands in it in row "
                f"{row_number}: name the column, or delete it."
            )


def _is_month(name: str) -> bool:
    try:
        return bool(read_month(name.replace("_", " ")))
    except ValueError:
        return False


def _guess(unknown: Iterable[str], names: Collection[str], columns: Sequence[str]) -> list[str]:
    """The unknown names, each with the column that may have been meant."""
    unused = [name for name in columns if name not in names]
    told: list[str] = []
    for name in unknown:
        likely = difflib.get_close_matches(name, unused, n=1, cutoff=0.75) if len(told) < MOST_NAMED else []
        told.append(f"{quoted(name)} (“{likely[0]}” may be meant)" if likely else quoted(name))
    return told


def _unseen(grid: Grid, table: tablib.Dataset, wanted: Iterable[int]) -> list[str]:
    """What a reader of the sheet doesn't see, or sees otherwise than it was read."""
    rows = [number for number in table.row_numbers if number in grid.hidden_rows]
    hidden = [index for index in wanted if index in grid.hidden_columns]
    told = []
    if rows:
        told.append(
            f"{'Row' if len(rows) == 1 else 'Rows'} {row_ranges(rows)} {'is' if len(rows) == 1 else 'are'} hidden in "
            "the sheet, by a filter or by hand, and read like all others. If that is not what you want, delete what is "
            "hidden and choose the file again."
        )
    told += [f"Column {grid.column(index)} is hidden in the sheet, and read like all others." for index in hidden]
    more = len(grid.remarks) - MOST_NAMED
    return (
        told
        + grid.remarks[:MOST_NAMED]
        + [f"{counted(more, 'more cell shows', 'more cells show')} something else than was read."] * (more > 0)
    )


def row_ranges(numbers: Iterable[int]) -> str:
    """The numbers in words: 2, 5 to 7 and 9."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1][1:] = [number]
        else:
            found.append([number])
    return _in_list([" to ".join(map(str, one)) for one in found])


def _in_list(texts: Sequence[str]) -> str:
    """The first of the texts, and how many more there are."""
    if len(texts) > MOST_NAMED:
        return f"{', '.join(texts[:MOST_NAMED])} and {len(texts) - MOST_NAMED:,} more"
    return " and ".join(filter(None, (", ".join(texts[:-1]), *texts[-1:])))
