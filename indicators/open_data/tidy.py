"""Reads figures from a tidy CSV file of the Department for Education's “explore education statistics”.

A row is one place in one year. Its figures stand in columns; other columns (filters) tell rows of the same place and
year apart.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from indicators.calculations.exact import Exact, exact
from indicators.calculations.formatting import counted
from indicators.calculations.months import financial_year_text, parse_financial_year
from indicators.calculations.vocabulary import Blank

from .files import CsvFile, CsvRow, OpenDataError, listed

# London's authorities are filed under its two halves.
LONDON, LONDON_HALVES = "E12000007", ("E13000001", "E13000002")

# What the Department writes instead of a figure; the later ones are older spellings.
SYMBOLS = {
    "c": (Blank.SUPPRESSED, "confidential"),
    "z": (Blank.NOT_APPLICABLE, "not applicable"),
    "x": (Blank.NOT_AVAILABLE, "not available"),
    "u": (Blank.NOT_AVAILABLE, "not reliable"),
    "low": (Blank.NOT_AVAILABLE, "above 0, but rounds to 0"),
    ":": (Blank.NOT_AVAILABLE, "not available"),
    "k": (Blank.NOT_AVAILABLE, "above 0, but rounds to 0"),
    "~": (Blank.NOT_AVAILABLE, "above 0, but rounds to 0"),
    "-": (Blank.NOT_AVAILABLE, "no figure"),
    ".": (Blank.NOT_AVAILABLE, "no figure"),
    "..": (Blank.NOT_AVAILABLE, "no figure"),
    "": (Blank.NOT_AVAILABLE, "empty"),
}


class Level(StrEnum):
    """The geographic levels that comparators need; rows of others are passed over."""

    NATIONAL = "National"
    REGIONAL = "Regional"
    AUTHORITY = "Local authority"


class PlaceFigure(NamedTuple):
    """One place's figure for one financial year: an exact value, or the reason why there is none.

    `code` is an authority's three-digit code or a region's nine-character one, and empty for England; `region` is the
    code of the region. `text` is what the file has.
    """

    row: int
    year: int
    level: Level
    code: str
    name: str
    region: str
    text: str
    value: Exact | None
    blank: Blank | None

    @property
    def published(self) -> str:
        """What the file has, numbers with thousands separators."""
        return f"{Decimal(self.text):,}" if NUMBER.match(self.text) else self.text

    @property
    def why(self) -> str:
        """Why there is no figure, for example “c” (confidential)."""
        meaning = SYMBOLS.get(self.text.lower())
        return f"“{self.text}” ({meaning[1]})" if self.text and meaning else self.text or "nothing"

    def is_within(self, region: str) -> bool:
        """Whether an authority belongs to the region."""
        return self.region == region or (region == LONDON and self.region in LONDON_HALVES)


ENGLAND = "E92000001"
NUMBER = re.compile(r"\d{1,12}(\.\d{1,12})?\Z", re.ASCII)
_AUTHORITY = re.compile(r"\d{3}\Z", re.ASCII)


# The columns that every such file has.
_STANDARD = (
    "time_period",
    "time_identifier",
    "geographic_level",
    "country_code",
    "region_code",
    "region_name",
    "old_la_code",
    "la_name",
)


def years_in(file: CsvFile) -> set[int]:
    """The financial years that the file has rows for, each as the year in which it began."""
    at = _positions(file)
    return {_year(file, row, at) for row in file.rows}


def read_cells(file: CsvFile, *, column: str, filters: Mapping[str, str], years: Collection[int]) -> list[PlaceFigure]:
    """The figures of one column: England, its regions and authorities, in the financial years asked for.

    `filters` names columns and what they must hold. Raises OpenDataError when a column or a filter's value is missing,
    when a cell is neither a number nor a known symbol, or when two rows are left for the same place and year.
    """
    at, measured = _positions(file), file.position(column)
    wanted = [(file.position(name), text) for name, text in filters.items()]
    for position, text in wanted:
        values = {row.cells[position] for row in file.rows}
        if text not in values:
            raise OpenDataError(
                f"{file.name} has no row with “{text}” in the column {file.columns[position]}. "
                f"It has {listed(f'“{value}”' for value in sorted(values))}."
            )
    found: dict[tuple[int, Level, str], tuple[PlaceFigure, CsvRow]] = {}
    for row in file.rows:
        if any(row.cells[position] != text for position, text in wanted):
            continue
        place = _place(row, at)
        year = _year(file, row, at)
        if place is None or year not in years:
            continue
        level, code, name = place
        key = year, level, code
        if key in found:
            raise OpenDataError(_twice(file, found[key], row, measured))
        value, blank = _figure(file, row, measured)
        cell = PlaceFigure(
            row.number, year, level, code, name, row.cells[at["region_code"]], row.cells[measured], value, blank
        )
        found[key] = cell, row
    return [cell for cell, _ in found.values()]


def _positions(file: CsvFile) -> dict[str, int]:
    """Where each standard column stands. Raises OpenDataError when one is missing, or a row is too short or long."""
    positions = {name: file.position(name) for name in _STANDARD}
    for row in file.rows:
        if len(row.cells) != len(file.columns):
            cells, columns = counted(len(row.cells), "cell"), counted(len(file.columns), "column")
            raise OpenDataError(f"{file.name}, row {row.number}: {cells}, but row 1 names {columns}.")
    return positions


def _year(file: CsvFile, row: CsvRow, at: Mapping[str, int]) -> int:
    """The financial year. A reporting year is named after the March in which it ends."""
    period, identifier = row.cells[at["time_period"]], row.cells[at["time_identifier"]]
    where = f"{file.name}, row {row.number}, column time_period"
    try:
        if identifier == "Reporting year" and re.fullmatch(r"[0-9]{4}", period):
            return parse_financial_year(f"{int(period) - 1}-{period}")
        if identifier == "Financial year" and re.fullmatch(r"[0-9]{6}", period):
            return parse_financial_year(f"{period[:4]}-{period[4:]}")
    except ValueError as error:
        raise OpenDataError(f"{where}: {error}") from error
    raise OpenDataError(
        f"{where}: “{identifier} {period}” is not a year to March. Comparators are kept by financial year, so only "
        "files with “Reporting year” 2020 or “Financial year” 201920 can be used."
    )


def _place(row: CsvRow, at: Mapping[str, int]) -> tuple[Level, str, str] | None:
    """Level, code and name; None for a place that comparators don't use, or that is not known."""
    level = row.cells[at["geographic_level"]]
    if level == Level.NATIONAL and row.cells[at["country_code"]] == ENGLAND:
        return Level.NATIONAL, "", "England"
    if level == Level.REGIONAL:
        return Level.REGIONAL, row.cells[at["region_code"]], row.cells[at["region_name"]]
    code = row.cells[at["old_la_code"]]
    if level == Level.AUTHORITY and _AUTHORITY.match(code):
        return Level.AUTHORITY, code, row.cells[at["la_name"]]
    return None


def _figure(file: CsvFile, row: CsvRow, position: int) -> tuple[Exact | None, Blank | None]:
    text = row.cells[position]
    if text.lower() in SYMBOLS:
        return None, SYMBOLS[text.lower()][0]
    if not NUMBER.match(text):
        known = listed(symbol for symbol in SYMBOLS if symbol)
        raise OpenDataError(
            f"{file.name}, row {row.number}, column {file.columns[position]}: “{text[:40]}” is neither a number such "
            f"as 1234.5 nor one of the symbols for no figure ({known})."
        )
    return exact(Decimal(text)), None


def _twice(file: CsvFile, first: tuple[PlaceFigure, CsvRow], second: CsvRow, measured: int) -> str:
    """What to do about two rows of the same place and year: which columns, other than figures, tell them apart."""
    cell, row = first
    differing = []
    for position, name in enumerate(file.columns):
        one, other = row.cells[position], second.cells[position]
        is_figure = any(NUMBER.match(text) or text.lower() in SYMBOLS for text in (one, other))
        if position != measured and one != other and not is_figure:
            differing.append(name)
    apart = listed(differing)
    advice = f"Add a filter that chooses one; they differ in {apart}." if apart else "Remove one of them."
    return (
        f"{file.name}, rows {row.number} and {second.number}: both are {cell.name}, "
        f"{financial_year_text(cell.year)}. {advice}"
    )
