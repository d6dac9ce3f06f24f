"""CSV files as they are published: their rows, the list of statistical neighbours, and what is wrong, in words."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

MOST_NAMED = 12


class OpenDataError(Exception):
    """Something must be put right first; `problems` names each mistake in a sentence or two."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def listed(names: Iterable[str]) -> str:
    """The names with commas, cut short when there are very many."""
    known = list(dict.fromkeys(names))
    more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    return ", ".join(known[:MOST_NAMED]) + more


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """“ Did you mean …?” when a known name is much like the wrong one, else nothing."""
    found = get_close_matches(wrong, list(known), n=1)
    return f" Did you mean “{found[0]}”?" if found else ""


class CsvRow(NamedTuple):
    """One row: its number in the file (the names of the columns are row 1), and its cells."""

    number: int
    cells: tuple[str, ...]


class CsvFile(NamedTuple):
    """A file's name, the names of its columns, and its rows that are not empty."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[CsvRow, ...]

    def position(self, column: str) -> int:
        """The position of a column. Raises OpenDataError when it is missing or there twice."""
        if self.columns.count(column) > 1:
            raise OpenDataError(f"{self.name}, row 1: the column “{column}” is there twice.")
        if column not in self.columns:
            known = listed(name for name in self.columns if name)
            hint = suggestion(column, self.columns)
            raise OpenDataError(f"{self.name} has no column “{column}”.{hint} Its columns are {known}.")
        return self.columns.index(column)


# What is read of one file: LAIT as a whole is some 45 MB.
MOST_BYTES = 80_000_000


def read_csv(path: Path) -> CsvFile:
    """Read a comma-separated UTF-8 file, or one of the name with “.gz” behind it that was compressed with gzip.

    Raises OpenDataError, which says in words why it can't be read.
    """
    compressed = path if path.suffix == ".gz" else path.with_name(f"{path.name}.gz")
    try:
        if compressed.exists() and (compressed is path or not path.exists()):
            with gzip.open(compressed) as file:
                content = file.read(MOST_BYTES + 1)
        else:
            with path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise OpenDataError(f"The file {path} isn't there.") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise OpenDataError(f"{compressed.name} is not compressed with gzip, or not all of it is there.") from error
    except OSError as error:
        raise OpenDataError(f"Can't read the file {path}: {error.strerror}.") from error
    if len(content) > MOST_BYTES:
        raise OpenDataError(f"{path.name} is longer than {MOST_BYTES // 1_000_000} MB: leave out what isn't needed.")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise OpenDataError(f"{path.name} is not a CSV file but an Excel workbook: save it as “CSV UTF-8”.")
    try:
        rows = [
            CsvRow(number, tuple(cell.strip() for cell in cells))
            for number, cells in enumerate(csv.reader(io.StringIO(content.decode("utf-8-sig")), strict=True), start=1)
            if any(cell.strip() for cell in cells)
        ]
    except UnicodeDecodeError as error:
        raise OpenDataError(f"{path.name} is not in UTF-8: save it as “CSV UTF-8 (comma delimited)”.") from error
    except csv.Error as error:
        raise OpenDataError(f"{path.name} is not a proper CSV file: {error}.") from error
    if not rows or rows[0].number != 1:
        raise OpenDataError(f"{path.name} has no names of columns in its first row.")
    return CsvFile(path.name, rows[0].cells, tuple(rows[1:]))


HOW_MANY = 10
# The lists before 2025 have another name for the column of the authority's own code.
_CODE_COLUMNS = ("old_la_code", "LA num")
_NAME_COLUMNS = ("la_name", "LA Name")
_NEIGHBOUR_COLUMN = re.compile(r"SN_?(\d{1,2})\Z", re.ASCII)
_AUTHORITY = re.compile(r"\d{3}\Z", re.ASCII)


class Neighbours(NamedTuple):
    """An authority and its ten statistical neighbours, nearest first, by code; `names` has all on the list."""

    authority: str
    codes: tuple[str, ...]
    names: dict[str, str]

    def name(self, code: str) -> str:
        """What the list calls an authority, or its code when the list doesn't have it."""
        return self.names.get(code, f"authority {code}")


def read_neighbours(file: CsvFile, authority: str) -> Neighbours:
    """The neighbours of one authority. Raises OpenDataError when the list doesn't have ten for it."""
    code_at, name_at = _column(file, _CODE_COLUMNS), _column(file, _NAME_COLUMNS)
    names = {_cell(row, code_at): _cell(row, name_at) for row in file.rows}
    rows = [row for row in file.rows if _cell(row, code_at) == authority]
    if not rows:
        raise OpenDataError(f"{file.name} has no row for the authority {authority}.")
    if len(rows) > 1:
        raise OpenDataError(f"{file.name}, rows {rows[0].number} and {rows[1].number}: both are for {authority}.")
    positions = _neighbour_columns(file)
    codes = tuple(_cell(rows[0], position) for position in positions)
    where = f"{file.name}, row {rows[0].number}"
    for position, code in zip(positions, codes, strict=True):
        if not _AUTHORITY.match(code):
            column = file.columns[position]
            raise OpenDataError(f"{where}, column {column}: “{code}” is not the three-digit code of an authority.")
    for code in codes:
        if code == authority:
            raise OpenDataError(f"{where}: {authority} is listed as its own neighbour.")
        if codes.count(code) > 1:
            raise OpenDataError(f"{where}: {code} is listed as a neighbour twice.")
    return Neighbours(authority, codes, names)


def _column(file: CsvFile, spellings: tuple[str, ...]) -> int:
    for spelling in spellings:
        if spelling in file.columns:
            return file.position(spelling)
    raise OpenDataError(
        f"{file.name} is not a list of neighbours: it has no column “{spellings[0]}” or “{spellings[1]}”."
    )


def _neighbour_columns(file: CsvFile) -> list[int]:
    found: dict[int, int] = {}
    for position, name in enumerate(file.columns):
        match = _NEIGHBOUR_COLUMN.match(name)
        if match:
            found.setdefault(int(match[1]), position)
    missing = [str(number) for number in range(1, HOW_MANY + 1) if number not in found]
    if missing:
        raise OpenDataError(
            f"{file.name} lacks columns for neighbour {', '.join(missing)}: they are called SN1 or SN_1."
        )
    return [found[number] for number in range(1, HOW_MANY + 1)]


def _cell(row: CsvRow, position: int) -> str:
    """The cell's text; these lists have rows of different lengths."""
    return row.cells[position] if position < len(row.cells) else ""
