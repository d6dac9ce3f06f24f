"""How cells hang together, as data: what a reader who knows the definitions can reckon with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from indicators.calculations.consistency import CheckKind, CheckRole
from indicators.calculations.exact import Exact
from indicators.calculations.vocabulary import Frequency, Kind, Unit


class Nature(NamedTuple):
    """What kind of figure an indicator has."""

    unit: Unit
    kind: Kind
    frequency: Frequency = Frequency.MONTHLY
    allows_over_100: bool = False


class Derivation(NamedTuple):
    """What a derived indicator is worked out from; a sum where it has neither denominators nor a population."""

    numerators: tuple[int, ...]
    denominators: tuple[int, ...] = ()
    has_population: bool = False

    @property
    def is_ratio(self) -> bool:
        return bool(self.denominators) or self.has_population

    @property
    def sources(self) -> tuple[int, ...]:
        return self.numerators + self.denominators


class Check(NamedTuple):
    """A known relation between indicators, as in `calculations.consistency`; exact within the tolerance."""

    key: int
    kind: CheckKind
    terms: tuple[tuple[CheckRole, int], ...]
    tolerance: Exact = 0
    total: Exact | None = None

    def having(self, role: CheckRole) -> list[int]:
        """The indicators in a role."""
        return [key for has, key in self.terms if has is role]


@dataclass(frozen=True, slots=True)
class Relations:
    """Every indicator's nature, what is derived from what, and the checks between indicators."""

    natures: Mapping[int, Nature]
    derivations: Mapping[int, Derivation]
    checks: tuple[Check, ...] = ()

    def is_ratio(self, key: int) -> bool:
        """Whether its figure is a numerator over a denominator that are both known."""
        derivation = self.derivations.get(key)
        return derivation.is_ratio if derivation else self.natures[key].kind is Kind.RATIO

    def totals(self) -> frozenset[int]:
        """The indicators that others are parts of, or are divided by."""
        found = {key for derivation in self.derivations.values() for key in derivation.denominators}
        found |= {key for key, derivation in self.derivations.items() if not derivation.is_ratio}
        found |= {check.key for check in self.checks if check.kind is not CheckKind.LIMIT and check.total is None}
        return frozenset(found)
