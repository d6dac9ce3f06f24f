"""Reads a CSV file whole, keeping the row numbers that a spreadsheet shows."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

from .problems import OpenDataError, listed, suggestion


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
        """Where a column stands; raises OpenDataError when it is missing or there twice."""
        if self.columns.count(column) > 1:
            raise OpenDataError(f"{self.name}, row 1: the column “{column}” is there twice.")
        if column not in self.columns:
            known = listed(name for name in self.columns if name)
            hint = suggestion(column, self.columns)
            raise OpenDataError(f"{self.name} has no column “{column}”.{hint} Its columns are {known}.")
        return self.columns.index(column)


def read_csv(path: Path) -> CsvFile:
    """Read a comma-separated UTF-8 file. Raises OpenDataError for people when it can't be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [
                CsvRow(number, tuple(cell.strip() for cell in cells))
                for number, cells in enumerate(csv.reader(file, strict=True), start=1)
                if any(cell.strip() for cell in cells)
            ]
    except FileNotFoundError as error:
        raise OpenDataError(f"The file {path} isn't there.") from error
    except OSError as error:
        raise OpenDataError(f"Can't read the file {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise OpenDataError(f"{path.name} is not in UTF-8: save it as “CSV UTF-8 (comma delimited)”.") from error
    except csv.Error as error:
        raise OpenDataError(f"{path.name} is not a proper CSV file: {error}.") from error
    if not rows or rows[0].number != 1:
        raise OpenDataError(f"{path.name} has no names of columns in its first row.")
    return CsvFile(path.name, rows[0].cells, tuple(rows[1:]))
