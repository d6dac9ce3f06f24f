"""Reads the files that a mapping names, and puts the figures on an indicator's own basis.

That is for England, the region, the statistical neighbours and each authority. All exact: a total over authorities
and months is a fraction. docs/methods.md says how and why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from indicators.calculations.exact import Exact, decimals_of
from indicators.calculations.formatting import counted, format_number
from indicators.calculations.months import financial_year_text
from indicators.calculations.ranking import Peer
from indicators.calculations.vocabulary import Blank, GroupKind, OnBasis

from .files import CsvFile, Neighbours, OpenDataError, listed, read_csv, read_neighbours
from .lait import LaitFile, MeasureFacts, is_lait, read_dictionary
from .mapping import ComparatorMapping, MappingEntry
from .periods import Period
from .tidy import Level, PlaceFigure, read_cells, years_in


class ComparatorFigure(NamedTuple):
    """A comparator as it follows from the files: exact value in the indicator's unit, and where it comes from.

    `next_update` is when the publisher means to have newer figures, None if it doesn't say; `printed` whether the
    report prints the comparator.
    """

    reference: str
    group: GroupKind
    year: int
    value: Exact
    source: str
    basis: str
    on_basis: OnBasis
    note: str
    files: str
    next_update: date | None
    printed: bool


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
    """What the files say on an indicator and year; `remarks` say what was left out, and what to beware of.

    `facts` are what a data dictionary says of the measure, None without one; `period` is what LAIT has them for.
    """

    reference: str
    year: int
    file: str
    comparators: tuple[ComparatorFigure, ...]
    authorities: tuple[AuthorityFigure, ...]
    remarks: tuple[str, ...]
    facts: MeasureFacts | None = None
    period: Period | None = None

    def in_years_from(self, month: int) -> Findings:
        """The same under the year in which the period begins, where the indicator's years begin in that month."""
        year = self.period.begins_in(month) if self.period else self.year
        return self._replace(
            year=year,
            comparators=tuple(one._replace(year=year) for one in self.comparators),
            authorities=tuple(one._replace(year=year) for one in self.authorities),
        )


class _Files:
    """The files of a folder, each read once, with what is wrong in any of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []
        self.read: dict[str, CsvFile | None] = {}
        self.laits: dict[tuple[str, str], LaitFile | None] = {}

    def csv(self, name: str) -> CsvFile | None:
        """A file; None when it can't be read, which is told once."""
        if name not in self.read:
            self.read[name] = None
            try:
                self.read[name] = read_csv(self.folder / name)
            except OpenDataError as error:
                self.problems += error.problems
        return self.read[name]

    def neighbours(self, name: str, authority: str) -> Neighbours:
        """The council's neighbours; none when the list can't be read."""
        file = self.csv(name)
        try:
            if file is not None:
                return read_neighbours(file, authority)
        except OpenDataError as error:
            self.problems += error.problems
        return Neighbours(authority, (), {})

    def lait(self, name: str, dictionary: str) -> LaitFile | None:
        """A file in LAIT's layout with its data dictionary; None when one of them can't be read."""
        if (name, dictionary) not in self.laits:
            self.laits[name, dictionary] = None
            file, words = self.csv(name), self.csv(dictionary) if dictionary else None
            if file is None or (dictionary and words is None):
                return None
            try:
                self.laits[name, dictionary] = LaitFile(file, read_dictionary(words) if words else None)
            except OpenDataError as error:
                self.problems += error.problems
        return self.laits[name, dictionary]


def read_findings(mapping: ComparatorMapping, folder: Path, years: Collection[int]) -> list[Findings]:
    """What the files in `folder` say, in the mapping's order. A year that a file lacks becomes a remark.

    Raises OpenDataError with everything that is wrong in any of the files.
    """
    wanted, files = sorted(years), _Files(folder)
    for name in (mapping.neighbours.file, *(entry.file for entry in mapping.entries)):
        files.csv(name)
    neighbours = files.neighbours(mapping.neighbours.file, mapping.authority)
    found: list[Findings] = []
    problems: list[str] = []
    for entry in mapping.entries:
        try:
            file = files.csv(entry.file)
            if file is None:
                continue
            if entry.by_measure != is_lait(file):
                raise OpenDataError(_wrong_layout(entry, file))
            if not entry.by_measure:
                found += _of_entry(mapping, entry, neighbours, file, wanted)
            elif lait := files.lait(entry.file, entry.source.dictionary):
                found += _of_measure(mapping, entry, neighbours, lait, wanted)
        except OpenDataError as error:
            problems += [f"{entry.reference}: {text}" for text in error.problems]
    problems = [*files.problems, *problems]
    if not problems and not any(findings.comparators for findings in found):
        problems.append(f"No file has a figure for {listed(map(financial_year_text, wanted))}.")
    if problems:
        raise OpenDataError(*problems)
    return found


def _wrong_layout(entry: MappingEntry, file: CsvFile) -> str:
    has = f"Its columns are {listed(name for name in file.columns if name)}."
    if entry.by_measure:
        return f"{file.name} is not in the layout of LAIT, which has a column “Short Desc”: name a “column”. {has}"
    return f"{file.name} is in the layout of LAIT: name a “measure” in place of a column. {has}"


def _of_entry(
    mapping: ComparatorMapping, entry: MappingEntry, neighbours: Neighbours, file: CsvFile, years: Sequence[int]
) -> list[Findings]:
    available = years_in(file)
    by_name = {
        name: read_cells(file, column=name, filters=entry.filters, years=set(years)) for name in entry.terms.names
    }
    cells = combine(entry, by_name)
    found = []
    for year in years:
        if year in available:
            found.append(work_out(mapping, entry, neighbours, cells, file=file.name, year=year))
        else:
            found.append(_missing(entry, file.name, year, available))
    return found


def _of_measure(
    mapping: ComparatorMapping, entry: MappingEntry, neighbours: Neighbours, file: LaitFile, years: Sequence[int]
) -> list[Findings]:
    facts = [file.facts(name) for name in entry.terms.names]
    read = {
        name: file.read(name, part=entry.period, year_type=entry.year_type, years=years) for name in entry.terms.names
    }
    cells = combine(entry, {name: figures for name, (figures, _) in read.items()})
    periods = [periods for _, periods in read.values()]
    dues = [one.next_update for one in facts if one.next_update]
    about = facts[0]._replace(next_update=min(dues, default=None), title=facts[0].title if len(facts) == 1 else "")
    found = []
    for year in years:
        each = {known[year] for known in periods if year in known}
        if len(each) > 1:
            told = listed(sorted(period.words for period in each))
            raise OpenDataError(f"{file.name}: the measures are of different periods, {told}.")
        if not each or any(year not in known for known in periods):
            found.append(_missing(entry, file.name, year, set.intersection(*map(set, periods))))
            continue
        [period] = each
        worked_out = work_out(
            mapping,
            entry,
            neighbours,
            cells,
            file=file.name,
            year=year,
            period="" if period.is_financial_year else period.words,
            facts=about if file.dictionary is not None else None,
        )
        found.append(worked_out._replace(period=period))
    return found


def _missing(entry: MappingEntry, file: str, year: int, available: Collection[int]) -> Findings:
    has = listed(financial_year_text(known) for known in sorted(available)) or "no years"
    text = f"{entry.reference}, {financial_year_text(year)}: {file} doesn't have this year. It has {has}."
    return Findings(entry.reference, year, file, (), (), (text,))


def combine(entry: MappingEntry, by_name: dict[str, list[PlaceFigure]]) -> list[PlaceFigure]:
    """One figure for each place and year from those of the entry's terms. Where a part is missing, so is the whole."""
    if entry.terms.is_one:
        return by_name[entry.terms.plus[0]]
    parts: dict[tuple[int, Level, str], dict[str, PlaceFigure]] = {}
    for name, cells in by_name.items():
        for cell in cells:
            parts.setdefault((cell.year, cell.level, cell.code), {})[name] = cell
    return [_combined(entry, cells) for cells in parts.values()]


def _combined(entry: MappingEntry, cells: dict[str, PlaceFigure]) -> PlaceFigure:
    whole = next(iter(cells.values()))
    names = entry.terms.names
    known = {name: cells[name].value for name in names if name in cells}
    values = {name: value for name, value in known.items() if value is not None}
    if len(values) == len(names):
        value = entry.terms.of(values)
        text = entry.terms.words({name: cells[name].published for name in names})
        return whole._replace(text=text, value=value, blank=None if value is not None else Blank.NOT_APPLICABLE)
    without = [cells[name] for name in known if name not in values]
    if not without:
        name = next(name for name in names if name not in cells)
        return whole._replace(text=f"no row for “{name}”", value=None, blank=Blank.NOT_AVAILABLE)
    # Not applicable only where nothing is: else a part is missing.
    blanks = {cell.blank for cell in without}
    blank = Blank.NOT_APPLICABLE if not values and blanks == {Blank.NOT_APPLICABLE} else Blank.NOT_AVAILABLE
    return without[0]._replace(value=None, blank=Blank.SUPPRESSED if Blank.SUPPRESSED in blanks else blank)


def work_out(
    mapping: ComparatorMapping,
    entry: MappingEntry,
    neighbours: Neighbours,
    cells: Sequence[PlaceFigure],
    *,
    file: str,
    year: int,
    period: str = "",
    facts: MeasureFacts | None = None,
) -> Findings:
    """An entry's comparators and other authorities' figures for one year, from the cells of that year.

    A cell without a figure is left out, with a remark; it never counts as zero. `period` is what the figures are for,
    in words, where it isn't the financial year. Raises OpenDataError when the file doesn't know the council or its
    region, or when authorities have to be counted and it lists none.
    """
    of_year = [cell for cell in cells if cell.year == year]
    work = _Year(mapping, entry, neighbours, of_year, file, year, period, facts)
    made = (work.total(GroupKind.ENGLAND), work.total(GroupKind.REGION), work.neighbours_average())
    comparators = tuple(comparator for comparator in made if comparator is not None)
    return Findings(entry.reference, year, file, comparators, work.authority_figures(), tuple(work.remarks), facts)


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
        period: str,
        facts: MeasureFacts | None,
    ) -> None:
        self.period, self.facts = period, facts
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

    def total(self, group: GroupKind) -> ComparatorFigure | None:
        """England's or the region's figure."""
        if group not in self.entry.groups:
            return None
        region = self.regions.get(self.mapping.region)
        cell = region if group is GroupKind.REGION else next(iter(self.england), None)
        if cell is None or cell.value is None:
            why = f"row {cell.row} of {self.file} has {cell.why}" if cell else f"{self.file} has no row for it"
            self.remark(f"{group.label} left out: {why}.")
            return None
        basis, note, number = self.entry.basis, self.entry.note, None
        if basis.by_authority:
            number, reason = self._count(group)
            note = " ".join(filter(None, (note, reason)))
            what = f"{cell.name} total ({cell.published})"
        elif basis.by_month:
            what = f"{cell.name}, year's figure ({cell.published})"
        else:
            what = f"{cell.name}, as published ({cell.published})"
        if not self.entry.terms.is_one:
            what = f"{cell.name}, {self._terms} ({cell.published})"
        return self._comparator(group, basis.of(cell.value, number), basis.words(what, number), note)

    @property
    def _terms(self) -> str:
        return self.entry.terms.words({name: name for name in self.entry.terms.names})

    def neighbours_average(self) -> ComparatorFigure | None:
        """The average of the statistical neighbours that have a figure."""
        group = GroupKind.STATISTICAL_NEIGHBOURS
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
                known.append(self.entry.basis.of(cell.value, None))
        if not known:
            self.remark("no statistical neighbour has a figure, so there is none for them.")
            return None
        average = self.mapping.neighbours.average
        total, number = len(self.neighbours.codes), len(known)
        how_many = f"{number} statistical" if number == total else f"{number} of {total} statistical"
        of_what = "" if self.entry.terms.is_one else f", {self._terms}"
        what = f"{average.label} of {how_many} neighbours (list of {self.mapping.neighbours.month:%B %Y}){of_what}"
        return self._comparator(group, average.of(known), self.entry.basis.words(what, None), self.entry.note)

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
        self._look_at_england()
        return tuple(self._authority(cell) for cell in self.authorities.values())

    def _look_at_england(self) -> None:
        """A percentage or a rate of England is an average of its authorities', so it lies between them."""
        known = [cell.value for cell in self.authorities.values() if cell.value is not None]
        cell = next(iter(self.england), None)
        if self.facts is None or cell is None or cell.value is None or self.entry.basis.by_authority or not known:
            return
        if not min(known) <= cell.value <= max(known):
            lowest, highest = (format_number(end, decimals_of(end, 2)) for end in (min(known), max(known)))
            self.remark(
                f"England has {cell.published}, but all its authorities lie between {lowest} and {highest} "
                f"(row {cell.row} of {self.file}). It is in another unit, or a mistake of the publisher: leave England "
                'out with “groups”, or say on_basis = "no".'
            )

    def _authority(self, cell: PlaceFigure) -> AuthorityFigure:
        return AuthorityFigure(
            reference=self.entry.reference,
            year=self.year,
            code=cell.code,
            name=cell.name,
            value=None if cell.value is None else self.entry.basis.of(cell.value, None),
            blank=cell.blank,
            is_own=cell.code == self.mapping.authority,
            is_neighbour=cell.code in self.neighbours.codes,
            is_in_region=cell.is_within(self.mapping.region),
        )

    def _comparator(self, group: GroupKind, value: Exact, basis: str, note: str) -> ComparatorFigure:
        files = [self.file]
        if self.facts:
            files.append(self.entry.source.dictionary)
        if group is GroupKind.STATISTICAL_NEIGHBOURS:
            files.append(self.mapping.neighbours.file)
        title = self.facts.title if self.facts else ""
        return ComparatorFigure(
            reference=self.entry.reference,
            group=group,
            year=self.year,
            value=value,
            source=_shortened(": ".join(filter(None, (self.entry.source.publication, title)))),
            basis=_shortened(f"{basis}, {self.period}" if self.period else basis),
            on_basis=self.entry.on_basis,
            note=note,
            files=_and(files),
            next_update=(self.facts.next_update if self.facts else None) or self.entry.source.next_update,
            printed=self.entry.printed,
        )

    def _count(self, group: GroupKind) -> tuple[int, str]:
        """The number of authorities as the mapping states it, with its reason; else as the file lists them."""
        listed_here = [
            cell
            for cell in self.authorities.values()
            if cell.blank is not Blank.NOT_APPLICABLE
            and (group is GroupKind.ENGLAND or cell.is_within(self.mapping.region))
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
            self.remark(f"{group.label}: {counted(stated[0], 'authority')} as stated, though the file lists {number}.")
        return stated


# What there is room for in a comparator's source and basis.
LONGEST = 300


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _and(names: Iterable[str]) -> str:
    *first, last = dict.fromkeys(names)
    return f"{', '.join(first)} and {last}" if first else last
