"""The mapping: which figure of which file is an indicator's comparator, and how it is put on the indicator's basis.

A performance officer writes it in TOML: see docs/guide-performance-officer.md.
"""

from __future__ import annotations

import statistics
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from indicators.calculations.basis import Rule, parse_basis
from indicators.calculations.exact import Exact
from indicators.calculations.months import financial_year_text, parse_financial_year, parse_month
from indicators.calculations.vocabulary import OPEN_DATA_GROUPS, GroupKind, LabelledEnum, OnBasis

from .files import OpenDataError, listed, suggestion
from .periods import YearType
from .toml_tables import TomlTable


class Average(LabelledEnum):
    """How the figures of statistical neighbours become one."""

    MEAN = "mean", "Mean"
    MEDIAN = "median", "Median"

    def of(self, values: Iterable[Exact]) -> Exact:
        """The exact average of at least one figure."""
        average = statistics.median if self is Average.MEDIAN else statistics.mean
        return average([Fraction(value) for value in values])


class NeighbourList(NamedTuple):
    """The file of statistical neighbours, the month of its publication, and how they are averaged."""

    file: str
    month: date
    average: Average


class Terms(NamedTuple):
    """Which figures of a place make one: columns or measures that are added up, subtracted, and divided by.

    What is divided by is added up as well: a share of it, in the unit that the basis makes of it (`x 100`).
    """

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    over: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.plus, *self.minus, *self.over)))

    @property
    def is_one(self) -> bool:
        """Whether the figure is just as published."""
        return len(self.plus) == 1 and not self.minus and not self.over

    def of(self, values: Mapping[str, Exact]) -> Exact | None:
        """The figure from those of the names; None where it would be divided by 0."""
        value: Exact = sum(values[name] for name in self.plus) - sum(values[name] for name in self.minus)
        if not self.over:
            return value
        whole = sum(values[name] for name in self.over)
        return Fraction(value, whole) if whole else None

    def words(self, texts: Mapping[str, str]) -> str:
        """The sum with a text for each name."""
        told = " + ".join(texts[name] for name in self.plus)
        told = " - ".join([told, *(texts[name] for name in self.minus)])
        if not self.over:
            return told
        whole = " + ".join(texts[name] for name in self.over)
        return " / ".join(f"({part})" if " " in part else part for part in (told, whole))


class SourceFile(NamedTuple):
    """A file, its publication, and the data dictionary that belongs to it, if it has one.

    `next_update` is the month in which newer figures are due, for a file without a dictionary that says so.
    """

    file: str
    publication: str
    dictionary: str = ""
    next_update: date | None = None


class MappingEntry(NamedTuple):
    """An indicator's comparators: the file, where in it their figures are, what is done with them.

    `by_measure` is a file of LAIT, whose figures are named by measure and not by column; `period` and `year_type` are
    for such a file, too. `printed` says whether the report prints the comparators or only shows them on the
    indicator's page.
    """

    reference: str
    source: SourceFile
    terms: Terms
    by_measure: bool
    period: str
    year_type: YearType | None
    filters: dict[str, str]
    basis: Rule
    on_basis: OnBasis
    groups: tuple[GroupKind, ...]
    note: str
    printed: bool

    @property
    def file(self) -> str:
        return self.source.file


class ComparatorMapping(NamedTuple):
    """The whole mapping. `authority` is the council's three-digit code, `region` its region's nine-character one.

    `counts` has the numbers of authorities that are stated, each with the reason, by year and group; others are
    counted in the file.
    """

    name: str
    authority: str
    region: str
    years: tuple[int, ...]
    neighbours: NeighbourList
    counts: dict[tuple[int, GroupKind], tuple[int, str]]
    entries: tuple[MappingEntry, ...]


def load_mapping(path: Path) -> ComparatorMapping:
    """Read a mapping. Raises OpenDataError, which names everything that is wrong with it."""
    problems: list[str] = []
    try:
        contents = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise OpenDataError(f"The mapping {path} isn't there.") from error
    except OSError as error:
        raise OpenDataError(f"Can't read the mapping {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise OpenDataError(f"The mapping {path.name} is not in UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise OpenDataError(
            f"The mapping {path.name} is not written as TOML: {error}. Texts are in double quotes; a table begins "
            "with its name in square brackets."
        ) from error
    mapping = _mapping(TomlTable(contents, path.name, problems))
    if problems:
        raise OpenDataError(*problems)
    return mapping


def _mapping(table: TomlTable) -> ComparatorMapping:
    council = table.table("council")
    printed = table.flag("printed", default=True)
    sources = {}
    for name, part in table.named_tables("files").items():
        sources[name] = SourceFile(
            file=part.text("file"),
            publication=part.text("source"),
            dictionary=part.text("dictionary", default=""),
            next_update=part.read("next_update", parse_month, date.min) if part.has("next_update") else None,
        )
        part.finish()
    mapping = ComparatorMapping(
        name=table.where,
        authority=council.read("authority", _authority, ""),
        region=council.read("region", _region, ""),
        years=_years(table),
        neighbours=_neighbours(table.table("neighbours")),
        counts=_counts(table.tables("authorities", required=False)),
        entries=tuple(_entry(part, sources, printed=printed) for part in table.tables("comparator", required=True)),
    )
    references = [entry.reference for entry in mapping.entries]
    folded = [reference.casefold() for reference in references]
    for number, reference in enumerate(references):
        if reference and folded[number] in folded[:number]:
            table.complain(f"{reference} has more than one [[comparator]].")
    council.finish()
    table.finish()
    return mapping


def _years(table: TomlTable) -> tuple[int, ...]:
    years = []
    for text in table.texts("years"):
        try:
            years.append(parse_financial_year(text))
        except ValueError as error:
            table.complain(f"“years”: {error}")
    return tuple(dict.fromkeys(years))


def _neighbours(table: TomlTable) -> NeighbourList:
    found = NeighbourList(
        file=table.text("file"),
        month=table.read("date", parse_month, date.min),
        average=Average(table.word("average", list(Average), default=Average.MEAN)),
    )
    table.finish()
    return found


def _counts(tables: list[TomlTable]) -> dict[tuple[int, GroupKind], tuple[int, str]]:
    counts: dict[tuple[int, GroupKind], tuple[int, str]] = {}
    for table in tables:
        year = table.read("year", parse_financial_year, 0)
        reason = table.text("reason")
        stated = {group: table.count(group) for group in (GroupKind.ENGLAND, GroupKind.REGION)}
        if not (table.has("england") or table.has("region")):
            table.complain("say how many in “england”, in “region”, or both.")
        for group, number in stated.items():
            if number is None:
                continue
            if year and (year, group) in counts:
                table.complain(f"“{group}” is there for {financial_year_text(year)} already.")
            counts[year, group] = number, reason
        table.finish()
    return counts


def _entry(table: TomlTable, sources: Mapping[str, SourceFile], *, printed: bool) -> MappingEntry:
    reference = table.text("indicator", longest=30)
    if reference:
        table.where = f"{table.where} ({reference})"
    name = table.text("file")
    if name and name not in sources:
        known = listed(sources) or "none"
        table.complain(f"“file”: there is no [files.{name}].{suggestion(name, sources)} There are {known}.")
    by_measure = table.has("measure")
    if by_measure and table.has("column"):
        table.complain("give either “measure”, for a file of LAIT, or “column”, for any other.")
    terms = Terms(
        plus=table.one_or_more("measure" if by_measure else "column"),
        minus=table.one_or_more("minus", required=False),
        over=table.one_or_more("share_of", required=False),
    )
    filters, year_type = table.pairs("filters"), table.text("year_type", default="")
    if year_type and year_type not in list(YearType):
        table.complain(
            f"“year_type” is “{year_type}”: the types are {listed(YearType)}.{suggestion(year_type, YearType)}"
        )
    groups = table.texts("groups", default=list(OPEN_DATA_GROUPS))
    wrong = [group for group in groups if group not in OPEN_DATA_GROUPS]
    if wrong:
        table.complain(f"“groups”: {listed(wrong)} is not a group; the groups are {listed(OPEN_DATA_GROUPS)}.")
    entry = MappingEntry(
        reference=reference,
        source=sources.get(name, SourceFile("", "")),
        terms=terms,
        by_measure=by_measure,
        period=table.text("period", default=""),
        year_type=YearType(year_type) if year_type in list(YearType) else None,
        filters=filters,
        basis=table.read("basis", parse_basis, Rule()),
        on_basis=OnBasis(table.word("on_basis", list(OnBasis))),
        groups=tuple(group for group in OPEN_DATA_GROUPS if group in groups),
        note=table.text("note", default="", longest=2000),
        printed=table.flag("printed", default=printed),
    )
    table.finish()
    return entry


def _authority(text: str) -> str:
    if len(text) == 3 and text.isascii() and text.isdigit():
        return text
    raise ValueError(f"“{text}” is not the three-digit code of an authority, such as 852.")


def _region(text: str) -> str:
    if len(text) == 9 and text.isascii() and text.startswith("E1") and text[1:].isdigit():
        return text
    raise ValueError(f"“{text}” is not the code of a region, such as E12000008.")
