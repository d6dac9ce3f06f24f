"""Reads every file that a mapping names and works its entries out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from indicators.calculations.months import financial_year_text

from .comparators import Findings, work_out
from .files import CsvFile, Neighbours, OpenDataError, listed, read_csv, read_neighbours
from .mapping import ComparatorMapping, Entry
from .tidy import read_cells, years_in


def read_findings(mapping: ComparatorMapping, folder: Path, years: Collection[int]) -> list[Findings]:
    """What the files in `folder` say, in the mapping's order. A year that a file lacks becomes a remark.

    Raises OpenDataError with everything that is wrong in any of the files.
    """
    wanted = sorted(years)
    files, problems = _read_files(mapping, folder)
    neighbours = Neighbours(mapping.authority, (), {})
    found: list[Findings] = []
    try:
        if mapping.neighbours.file in files:
            neighbours = read_neighbours(files[mapping.neighbours.file], mapping.authority)
    except OpenDataError as error:
        problems += error.problems
    for entry in mapping.entries:
        try:
            if entry.source.file in files:
                found += _of_entry(mapping, entry, neighbours, files[entry.source.file], wanted)
        except OpenDataError as error:
            problems += [f"{entry.reference}: {text}" for text in error.problems]
    if not problems and not any(findings.comparators for findings in found):
        problems.append(f"No file has a figure for {listed(map(financial_year_text, wanted))}.")
    if problems:
        raise OpenDataError(*problems)
    return found


def _read_files(mapping: ComparatorMapping, folder: Path) -> tuple[dict[str, CsvFile], list[str]]:
    """Each file once, by its name, and what is wrong with those that can't be read."""
    files: dict[str, CsvFile] = {}
    problems: list[str] = []
    for name in dict.fromkeys([mapping.neighbours.file, *(entry.source.file for entry in mapping.entries)]):
        try:
            files[name] = read_csv(folder / name)
        except OpenDataError as error:
            problems += error.problems
    return files, problems


def _of_entry(
    mapping: ComparatorMapping, entry: Entry, neighbours: Neighbours, file: CsvFile, years: Sequence[int]
) -> list[Findings]:
    available = years_in(file)
    cells = read_cells(file, column=entry.column, filters=entry.filters, years=set(years))
    found = []
    for year in years:
        if year in available:
            found.append(work_out(mapping, entry, neighbours, cells, file=file.name, year=year))
            continue
        has = listed(financial_year_text(known) for known in sorted(available)) or "no years"
        text = f"{entry.reference}, {financial_year_text(year)}: {file.name} doesn't have this year. It has {has}."
        found.append(Findings(entry.reference, year, file.name, (), (), (text,)))
    return found
