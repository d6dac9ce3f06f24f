"""Reads the files that a mapping names, and puts the figures on an indicator's own basis.

That is for England, the region, the statistical neighbours and each authority. All exact: a total over authorities
and months is a fraction. docs/methods.md says how and why.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from indicators.calculations.exact import Exact
from indicators.calculations.months import financial_year_text
from indicators.calculations.ranking import Peer
from indicators.calculations.vocabulary import Blank, ComparatorGroup, OnBasis

from .files import CsvFile, Neighbours, OpenDataError, listed, read_csv, read_neighbours
from .mapping import ComparatorMapping, MappingEntry
from .tidy import Level, PlaceFigure, read_cells, years_in


class ComparatorFigure(NamedTuple):
    """A comparator as it follows from the files: exact value in the indicator's unit, and where it comes from."""

    reference: str
    group: ComparatorGroup
    year: int
    value: Exact
    source: str
    basis: str
    on_basis: OnBasis
    note: str
    files: str


class AuthorityFigure(NamedTuple):
    """One authority's figure on the indicator's basis, or the reason why it has none."""

    reference: str
    year: int
    code: str
    name: str
    value: Exact | None
    blank: Blank | None
    is_own: bool
    is_neighbour: bool
    is_in_region: bool

    def as_peer(self) -> Peer:
        """The figure as the ranking takes it."""
        return Peer(self.value, self.is_own, self.is_neighbour, self.is_in_region)


class Findings(NamedTuple):
    """What the files say on an indicator and year; `remarks` say what was left out, and what to beware of."""

    reference: str
    year: int
    file: str
    comparators: tuple[ComparatorFigure, ...]
    authorities: tuple[AuthorityFigure, ...]
    remarks: tuple[str, ...]


MONTHS = 12


def read_findings(mapping: ComparatorMapping, folder: Path, years: Collection[int]) -> list[Findings]:
    """What the files in `folder` say, in the mapping's order. A year that a file lacks becomes a remark.

    Raises OpenDataError with everything that is wrong in any of the files.
    """
    wanted = sorted(years)
    files: dict[str, CsvFile] = {}
    problems: list[str] = []
    for name in dict.fromkeys([mapping.neighbours.file, *(entry.file for entry in mapping.entries)]):
        try:
            files[name] = read_csv(folder / name)
        except OpenDataError as error:
            problems += error.problems
    neighbours = Neighbours(mapping.authority, (), {})
    found: list[Findings] = []
    try:
        if mapping.neighbours.file in files:
            neighbours = read_neighbours(files[mapping.neighbours.file], mapping.authority)
    except OpenDataError as error:
        problems += error.problems
    for entry in mapping.entries:
        try:
            if entry.file in files:
                found += _of_entry(mapping, entry, neighbours, files[entry.file], wanted)
        except OpenDataError as error:
            problems += [f"{entry.reference}: {text}" for text in error.problems]
    if not problems and not any(findings.comparators for findings in found):
        problems.append(f"No file has a figure for {listed(map(financial_year_text, wanted))}.")
    if problems:
        raise OpenDataError(*problems)
    return found


def _of_entry(
    mapping: ComparatorMapping, entry: MappingEntry, neighbours: Neighbours, file: CsvFile, years: Sequence[int]
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


def work_out(
    mapping: ComparatorMapping,
    entry: MappingEntry,
    neighbours: Neighbours,
    cells: Sequence[PlaceFigure],
    *,
    file: str,
    year: int,
) -> Findings:
    """An entry's comparators and other authorities' figures for one year, from the cells of that year.

    A cell without a figure is left out, with a remark; it never counts as zero. Raises OpenDataError when the file
    doesn't know the council or its region, or when authorities have to be counted and it lists none.
    """
    work = _Year(mapping, entry, neighbours, [cell for cell in cells if cell.year == year], file, year)
    made = (work.total(ComparatorGroup.ENGLAND), work.total(ComparatorGroup.REGION), work.neighbours_average())
    comparators = tuple(comparator for comparator in made if comparator is not None)
    return Findings(entry.reference, year, file, comparators, work.authority_figures(), tuple(work.remarks))


class _Year:
    """One entry's year: what its calculations share, and the remarks they make."""

    def __init__(
        self,
        mapping: ComparatorMapping,
        entry: MappingEntry,
        neighbours: Neighbours,
        cells: list[PlaceFigure],
        file: str,
        year: int,
    ) -> None:
        self.mapping, self.entry, self.neighbours, self.file, self.year = mapping, entry, neighbours, file, year
        self.when = financial_year_text(year)
        self.remarks: list[str] = []
        self.england = [cell for cell in cells if cell.level is Level.NATIONAL]
        self.regions = {cell.code: cell for cell in cells if cell.level is Level.REGIONAL}
        self.authorities = {cell.code: cell for cell in cells if cell.level is Level.AUTHORITY}
        if self.regions and mapping.region not in self.regions:
            known = listed(f"{cell.code} ({cell.name})" for cell in self.regions.values())
            raise OpenDataError(f"{file} has no region {mapping.region} for {self.when}. It has {known}.")
        if self.authorities and mapping.authority not in self.authorities:
            raise OpenDataError(f"{file} has no authority {mapping.authority} for {self.when}.")

    def remark(self, text: str) -> None:
        self.remarks.append(f"{self.entry.reference}, {self.when}: {text}")

    def total(self, group: ComparatorGroup) -> ComparatorFigure | None:
        """England's or the region's figure."""
        if group not in self.entry.groups:
            return None
        region = self.regions.get(self.mapping.region)
        cell = region if group is ComparatorGroup.REGION else next(iter(self.england), None)
        if cell is None or cell.value is None:
            why = f"row {cell.row} of {self.file} has {cell.why}" if cell else f"{self.file} has no row for it"
            self.remark(f"{group.label} left out: {why}.")
            return None
        published, note = f"{Decimal(cell.text):,}", self.entry.note
        if self.entry.basis.by_authority:
            number, reason = self._count(group)
            basis = f"{cell.name} total ({published}) / {number} authorities"
            note = " ".join(filter(None, (note, reason)))
            return self._comparator(group, Fraction(cell.value, number), basis, note)
        kind = "year's figure" if self.entry.basis.by_month else "as published"
        return self._comparator(group, cell.value, f"{cell.name}, {kind} ({published})", note)

    def neighbours_average(self) -> ComparatorFigure | None:
        """The average of the statistical neighbours that have a figure."""
        group = ComparatorGroup.STATISTICAL_NEIGHBOURS
        if group not in self.entry.groups:
            return None
        if not self.authorities:
            self.remark(f"{self.file} has no single authorities, so there is no figure for statistical neighbours.")
            return None
        known: list[Exact] = []
        for code in self.neighbours.codes:
            cell = self.authorities.get(code)
            if cell is None or cell.value is None:
                why = f"row {cell.row} has {cell.why}" if cell else "the file doesn't list it"
                self.remark(f"statistical neighbour {self.neighbours.name(code)} left out: {why}.")
            else:
                known.append(cell.value)
        if not known:
            self.remark("no statistical neighbour has a figure, so there is none for them.")
            return None
        average = self.mapping.neighbours.average
        total, number = len(self.neighbours.codes), len(known)
        how_many = f"{number} statistical" if number == total else f"{number} of {total} statistical"
        basis = f"{average.label} of {how_many} neighbours (list of {self.mapping.neighbours.month:%B %Y})"
        return self._comparator(group, average.of(known), basis, self.entry.note)

    def authority_figures(self) -> tuple[AuthorityFigure, ...]:
        """Every authority's figure. One that is not applicable didn't exist, or had nothing to measure."""
        blank = [
            cell
            for cell in self.authorities.values()
            if cell.blank not in (None, Blank.NOT_APPLICABLE) and cell.code not in self.neighbours.codes
        ]
        if blank:
            named = listed(f"{cell.name} (row {cell.row} has {cell.why})" for cell in blank)
            self.remark(f"authorities without a figure: {named}.")
        return tuple(self._authority(cell) for cell in self.authorities.values())

    def _authority(self, cell: PlaceFigure) -> AuthorityFigure:
        return AuthorityFigure(
            reference=self.entry.reference,
            year=self.year,
            code=cell.code,
            name=cell.name,
            value=None if cell.value is None else self._by_month(cell.value),
            blank=cell.blank,
            is_own=cell.code == self.mapping.authority,
            is_neighbour=cell.code in self.neighbours.codes,
            is_in_region=cell.is_within(self.mapping.region),
        )

    def _comparator(self, group: ComparatorGroup, value: Exact, basis: str, note: str) -> ComparatorFigure:
        from_list = group is ComparatorGroup.STATISTICAL_NEIGHBOURS
        return ComparatorFigure(
            reference=self.entry.reference,
            group=group,
            year=self.year,
            value=self._by_month(value),
            source=self.entry.publication,
            basis=f"{basis} / {MONTHS} months" if self.entry.basis.by_month else basis,
            on_basis=self.entry.on_basis,
            note=note,
            files=f"{self.file} and {self.mapping.neighbours.file}" if from_list else self.file,
        )

    def _by_month(self, value: Exact) -> Exact:
        return Fraction(value, MONTHS) if self.entry.basis.by_month else value

    def _count(self, group: ComparatorGroup) -> tuple[int, str]:
        """The number of authorities as the mapping states it, with its reason; else as the file lists them."""
        listed_here = [
            cell
            for cell in self.authorities.values()
            if cell.blank is not Blank.NOT_APPLICABLE
            and (group is ComparatorGroup.ENGLAND or cell.is_within(self.mapping.region))
        ]
        stated = self.mapping.counts.get((self.year, group))
        if stated is None and not listed_here:
            raise OpenDataError(
                f"{self.file} lists no authorities to count for {self.when}: state how many there were under "
                "[[authorities]]."
            )
        number = len(listed_here)
        if stated is None or stated[0] == number:
            return number, ""
        if listed_here:
            self.remark(f"{group.label}: {stated[0]} authorities as stated, though the file lists {number}.")
        return stated
