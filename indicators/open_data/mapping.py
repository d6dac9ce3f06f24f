"""The mapping: which figure of which file is an indicator's comparator, and how it is put on the indicator's basis.

A performance officer writes it in TOML: see docs/guide-performance-officer.md.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import NamedTuple

from indicators.calculations.months import financial_year_text, parse_financial_year, parse_month
from indicators.calculations.vocabulary import ComparatorGroup, LabelledEnum, OnBasis

from .files import OpenDataError, listed, suggestion
from .toml_tables import Table


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


class Source(NamedTuple):
    """A file, and the publication that it comes from."""

    file: str
    publication: str


class NeighbourList(NamedTuple):
    """The file of statistical neighbours, the month of its publication, and how they are averaged."""

    file: str
    month: date
    average: Average


class AuthorityCount(NamedTuple):
    """How many authorities a total is divided by in one year, and why that many."""

    number: int
    reason: str


class Entry(NamedTuple):
    """An indicator's comparators: where their figures are found and what is done with them."""

    reference: str
    source: Source
    column: str
    filters: dict[str, str]
    basis: Basis
    on_basis: OnBasis
    groups: tuple[ComparatorGroup, ...]
    note: str


class ComparatorMapping(NamedTuple):
    """The whole mapping. `authority` is the council's three-digit code, `region` its region's nine-character one.

    `counts` has the numbers of authorities that are stated, by year and group; others are counted in the file.
    """

    name: str
    authority: str
    region: str
    years: tuple[int, ...]
    neighbours: NeighbourList
    counts: dict[tuple[int, ComparatorGroup], AuthorityCount]
    entries: tuple[Entry, ...]


def load_mapping(path: Path) -> ComparatorMapping:
    """Read a mapping. Raises OpenDataError, which names everything that is wrong with it."""
    problems: list[str] = []
    mapping = _mapping(path.name, Table(_parse(path), path.name, problems))
    if problems:
        raise OpenDataError(*problems)
    return mapping


def _parse(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
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


def _mapping(name: str, table: Table) -> ComparatorMapping:
    council = table.table("council")
    files = {key: _source(part) for key, part in table.named_tables("files").items()}
    mapping = ComparatorMapping(
        name=name,
        authority=council.read("authority", _authority, ""),
        region=council.read("region", _region, ""),
        years=_years(table),
        neighbours=_neighbours(table.table("neighbours")),
        counts=_counts(table.tables("authorities", required=False)),
        entries=tuple(_entry(part, files) for part in table.tables("comparator", required=True)),
    )
    _require_distinct(table, [entry.reference for entry in mapping.entries])
    council.finish()
    table.finish()
    return mapping


def _years(table: Table) -> tuple[int, ...]:
    years = []
    for text in table.texts("years"):
        try:
            years.append(parse_financial_year(text))
        except ValueError as error:
            table.complain(f"“years”: {error}")
    return tuple(dict.fromkeys(years))


def _source(table: Table) -> Source:
    source = Source(table.text("file"), table.text("source"))
    table.finish()
    return source


def _neighbours(table: Table) -> NeighbourList:
    found = NeighbourList(
        file=table.text("file"),
        month=table.read("date", parse_month, date.min),
        average=Average(table.word("average", list(Average), default=Average.MEAN)),
    )
    table.finish()
    return found


def _counts(tables: list[Table]) -> dict[tuple[int, ComparatorGroup], AuthorityCount]:
    counts: dict[tuple[int, ComparatorGroup], AuthorityCount] = {}
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
            counts[year, group] = AuthorityCount(number, reason)
        table.finish()
    return counts


def _entry(table: Table, files: dict[str, Source]) -> Entry:
    reference = table.text("indicator", longest=30)
    if reference:
        table.where = f"{table.where} ({reference})"
    entry = Entry(
        reference=reference,
        source=_file(table, files),
        column=table.text("column"),
        filters=table.pairs("filters"),
        basis=Basis(table.word("basis", list(Basis))),
        on_basis=OnBasis(table.word("on_basis", list(OnBasis))),
        groups=_groups(table),
        note=table.text("note", default="", longest=2000),
    )
    table.finish()
    return entry


def _file(table: Table, files: dict[str, Source]) -> Source:
    name = table.text("file")
    if name and name not in files:
        table.complain(
            f"“file”: there is no [files.{name}].{suggestion(name, files)} There are {listed(files) or 'none'}."
        )
    return files.get(name, Source("", ""))


def _groups(table: Table) -> tuple[ComparatorGroup, ...]:
    names = table.texts("groups", default=list(ComparatorGroup))
    wrong = [name for name in names if name not in list(ComparatorGroup)]
    if wrong:
        table.complain(f"“groups”: {listed(wrong)} is not a group; the groups are {listed(ComparatorGroup)}.")
    return tuple(group for group in ComparatorGroup if group in names)


def _require_distinct(table: Table, references: list[str]) -> None:
    folded = [reference.casefold() for reference in references]
    for number, reference in enumerate(references):
        if reference and folded[number] in folded[:number]:
            table.complain(f"{reference} has more than one [[comparator]].")


def _authority(text: str) -> str:
    if len(text) == 3 and text.isascii() and text.isdigit():
        return text
    raise ValueError(f"“{text}” is not the three-digit code of an authority, such as 852.")


def _region(text: str) -> str:
    if len(text) == 9 and text.isascii() and text.startswith("E1") and text[1:].isdigit():
        return text
    raise ValueError(f"“{text}” is not the code of a region, such as E12000008.")
