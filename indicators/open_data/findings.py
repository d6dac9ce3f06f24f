"""What the open data say on an indicator: comparators, other authorities' figures, and remarks."""

from __future__ import annotations

from typing import NamedTuple

from indicators.calculations.exact import Exact
from indicators.calculations.ranking import Peer
from indicators.calculations.vocabulary import Blank, ComparatorGroup, OnBasis


class WorkedOut(NamedTuple):
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
    """What the files say on an indicator and year; `remarks` tell what was left out, and what to beware of."""

    reference: str
    year: int
    file: str
    comparators: tuple[WorkedOut, ...]
    authorities: tuple[AuthorityFigure, ...]
    remarks: tuple[str, ...]
