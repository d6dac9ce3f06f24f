"""The mapping: which figure of which file is an indicator's comparator, and how it is put on the indicator's basis.

A performance officer writes it in TOML: see docs/guide-performance-officer.md.
"""

from __future__ import annotations

import statistics
import tomllib
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from indicators.calculations.exact import Exact
from indicators.calculations.months import financial_year_text, parse_financial_year, parse_month
from indicators.calculations.vocabulary import ComparatorGroup, LabelledEnum, OnBasis

from .files import OpenDataError, listed, suggestion
from .toml_tables import TomlTable


class Basis(LabelledEnum):
    """How a published figure is put on the indicator's own basis."""

    AS_IS = "as is", "as published"
    PER_MONTH = "per month", "the year's figure divided by 12 months"
    PER_AUTHORITY = "per authority", "a total divided by the number of authorities"
    PER_AUTHORITY_PER_MONTH = "per authority per month", "a year's total divided by authorities and by 12 months"

    @property
    def by_authority(self) -> bool:
        """Whether totals of England and of a region are divided by the number of authorities."""
        return self in (Basis.PER_AUTHORITY, Basis.PER_AUTHORITY_PER_MONTH)

    @property
    def by_month(self) -> bool:
        """Whether a year's figure is divided by 12."""
        return self in (Basis.PER_MONTH, Basis.PER_AUTHORITY_PER_MONTH)


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


class MappingEntry(NamedTuple):
    """An indicator's comparators: the file, its publication, where in it their figures are, what is done with them."""

    reference: str
    file: str
    publication: str
    column: str
    filters: dict[str, str]
    basis: Basis
    on_basis: OnBasis
    groups: tuple[ComparatorGroup, ...]
    note: str


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
    counts: dict[tuple[int, ComparatorGroup], tuple[int, str]]
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
    sources = {}
    for name, part in table.named_tables("files").items():
        sources[name] = part.text("file"), part.text("source")
        part.finish()
    mapping = ComparatorMapping(
        name=table.where,
        authority=council.read("authority", _authority, ""),
        region=council.read("region", _region, ""),
        years=_years(table),
        neighbours=_neighbours(table.table("neighbours")),
        counts=_counts(table.tables("authorities", required=False)),
        entries=tuple(_entry(part, sources) for part in table.tables("comparator", required=True)),
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


def _counts(tables: list[TomlTable]) -> dict[tuple[int, ComparatorGroup], tuple[int, str]]:
    counts: dict[tuple[int, ComparatorGroup], tuple[int, str]] = {}
    for table in tables:
        year = table.read("year", parse_financial_year, 0)
        reason = table.text("reason")
        stated = {group: table.count(group) for group in (ComparatorGroup.ENGLAND, ComparatorGroup.REGION)}
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


def _entry(table: TomlTable, sources: dict[str, tuple[str, str]]) -> MappingEntry:
    reference = table.text("indicator", longest=30)
    if reference:
        table.where = f"{table.where} ({reference})"
    name = table.text("file")
    if name and name not in sources:
        known = listed(sources) or "none"
        table.complain(f"“file”: there is no [files.{name}].{suggestion(name, sources)} There are {known}.")
    file, publication = sources.get(name, ("", ""))
    column, filters = table.text("column"), table.pairs("filters")
    basis, on_basis = table.word("basis", list(Basis)), table.word("on_basis", list(OnBasis))
    groups = table.texts("groups", default=list(ComparatorGroup))
    wrong = [group for group in groups if group not in list(ComparatorGroup)]
    if wrong:
        table.complain(f"“groups”: {listed(wrong)} is not a group; the groups are {listed(ComparatorGroup)}.")
    entry = MappingEntry(
        reference=reference,
        file=file,
        publication=publication,
        column=column,
        filters=filters,
        basis=Basis(basis),
        on_basis=OnBasis(on_basis),
        groups=tuple(group for group in ComparatorGroup if group in groups),
        note=table.text("note", default="", longest=2000),
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
