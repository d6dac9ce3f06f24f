"""Reads the list of statistical neighbours that the Department for Education publishes."""

from __future__ import annotations

import re
from typing import NamedTuple

from .csv_files import CsvFile, CsvRow
from .problems import OpenDataError

HOW_MANY = 10
# The lists before 2025 call the column of the authority's own code otherwise.
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
        """What the list calls an authority; its code when it doesn't have it."""
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
    codes = tuple(_code(file, rows[0], position) for position in _neighbour_columns(file))
    _require_distinct(file, rows[0], authority, codes)
    return Neighbours(authority, codes, names)


def _column(file: CsvFile, spellings: tuple[str, ...]) -> int:
    for spelling in spellings:
        if spelling in file.columns:
            return file.position(spelling)
    raise OpenDataError(f"{file.name} is no list of neighbours: it has no column “{spellings[0]}” or “{spellings[1]}”.")


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


def _code(file: CsvFile, row: CsvRow, position: int) -> str:
    text = _cell(row, position)
    if not _AUTHORITY.match(text):
        raise OpenDataError(
            f"{file.name}, row {row.number}, column {file.columns[position]}: “{text}” is not the three-digit code of "
            "an authority."
        )
    return text


def _require_distinct(file: CsvFile, row: CsvRow, authority: str, codes: tuple[str, ...]) -> None:
    for code in codes:
        if code == authority:
            raise OpenDataError(f"{file.name}, row {row.number}: {authority} is listed as its own neighbour.")
        if codes.count(code) > 1:
            raise OpenDataError(f"{file.name}, row {row.number}: {code} is listed as a neighbour twice.")
