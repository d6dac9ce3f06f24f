"""The mapping: which figure of which file is an indicator's comparator, and how it is put on the indicator's basis."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from indicators.calculations.vocabulary import ComparatorGroup, LabelledEnum, OnBasis


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
    """An indicator's comparators: where their figures stand and what is done with them."""

    reference: str
    source: Source
    column: str
    filters: dict[str, str]
    basis: Basis
    on_basis: OnBasis
    groups: tuple[ComparatorGroup, ...]
    note: str


class Mapping(NamedTuple):
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
