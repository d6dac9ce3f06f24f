"""What can be suppressed and why, as data, and how it hangs together: what a reader can reckon with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from indicators.calculations.consistency import CheckKind, CheckRole
from indicators.calculations.exact import Exact, magnitude
from indicators.calculations.figures import Figure
from indicators.calculations.months import add_months, months_between
from indicators.calculations.periods import Periods
from indicators.calculations.units import OF_CASES, kind_of
from indicators.calculations.vocabulary import Kind, LabelledEnum, Unit

# Counts from 1 to one of these are suppressed; that many values must stay possible for each. Sources: docs/methods.md.
LARGEST_SMALL = (5, 7, 10)
FEWEST_POSSIBLE = 3


class Cell(NamedTuple):
    """An indicator's month. Version 0 is its figure now, others are different ones that it had in earlier editions."""

    key: int
    month: date
    version: int = 0


class Quantity(NamedTuple):
    """A cell's figure in its unit, with numerator and denominator where it came from them."""

    value: Exact
    numerator: Exact | None = None
    denominator: Exact | None = None


class Why(LabelledEnum):
    """Why a cell is suppressed; `because` ends a sentence."""

    SMALL_COUNT = "small_count", "it is a count of {few}"
    SMALL_NUMERATOR = "small_numerator", "it is a share or rate of {few} cases"
    SMALL_DENOMINATOR = "small_denominator", "it is an average of {few} cases"
    SMALL_COMPLEMENT = "small_complement", "all but {few} cases are in the share"
    SMALL_TOGETHER = "small_together", "with the periods before, which have no figure, it had {few} cases"
    RESTS_ON = "rests_on", "it is worked out from a suppressed figure"
    PROTECTS = "protects", "a suppressed figure could be worked out from it"
    EARLIER = "earlier", "the same figure is suppressed in another public edition"
    NOT_ROUNDED = "not_rounded", "it was entered without its two numbers, so it can’t be rounded"

    @property
    def is_primary(self) -> bool:
        """Whether the cell itself tells of few people, rather than giving another one away."""
        return self in (
            Why.SMALL_COUNT,
            Why.SMALL_NUMERATOR,
            Why.SMALL_DENOMINATOR,
            Why.SMALL_COMPLEMENT,
            Why.SMALL_TOGETHER,
        )

    def because(self, largest_small: int) -> str:
        """The reason, where counts from 1 to this one are small."""
        return self.label.format(few=f"1 to {largest_small}")


def is_small(number: Exact, largest_small: int) -> bool:
    """Whether it is a count of so few that they could be recognised, or fewer by as many. 0 is nobody."""
    return 0 < magnitude(number) <= largest_small


def span(periods: Periods, month: date, months: int | None) -> list[date]:
    """The months that a total kept in `month` is of: so many up to the end of its period, None for the year so far."""
    final = periods.of(month).final
    begin = date(periods.year(month), periods.year_starts, 1) if months is None else add_months(final, 1 - months)
    return [add_months(begin, count) for count in range(months_between(begin, final) + 1)]


class Nature(NamedTuple):
    """What kind of figure an indicator has."""

    unit: Unit
    kind: Kind
    periods: Periods = Periods()
    allows_over_100: bool = False
    rate_base: int | None = None
    allows_negative: bool = False

    @property
    def factor(self) -> int:
        return self.unit.factor(self.rate_base)

    @property
    def is_of_cases(self) -> bool:
        """Whether its numerators count cases. Those of money, time and scores add up what each case has."""
        return kind_of(self.unit) in OF_CASES


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


class Relation(NamedTuple):
    """A known relation between indicators, as in `calculations.consistency`; exact within the tolerance."""

    key: int
    kind: CheckKind
    terms: tuple[tuple[CheckRole, int], ...]
    tolerance: Exact = 0
    total: Exact | None = None
    # Of a total of months: how many, None for the year so far.
    months: int | None = None

    @property
    def is_of_one_month(self) -> bool:
        """Whether it is a sum or difference of figures of the same month."""
        return self.kind is CheckKind.PARTS or (self.kind is CheckKind.MONTHS and self.months == 1)

    def having(self, role: CheckRole) -> list[int]:
        """The indicators in a role."""
        return [key for has, key in self.terms if has is role]


@dataclass(frozen=True, slots=True)
class Relations:
    """Every indicator's nature, what is derived from what, and the checks between indicators."""

    natures: Mapping[int, Nature]
    derivations: Mapping[int, Derivation]
    checks: tuple[Relation, ...] = ()

    def is_ratio(self, key: int) -> bool:
        """Whether its figure is a numerator over a denominator that are both known."""
        derivation = self.derivations.get(key)
        return derivation.is_ratio if derivation else self.natures[key].kind is Kind.RATIO

    def dependants(self) -> dict[int, list[int]]:
        """For each indicator, what shows its figure: ratios worked out from it, sums of it alone, sums of ratios."""
        found: dict[int, list[int]] = {}
        for key, derivation in sorted(self.derivations.items()):
            for source in derivation.sources:
                if derivation.is_ratio or len(derivation.sources) == 1 or self.is_ratio(source):
                    found.setdefault(source, []).append(key)
        return found

    def totals(self) -> frozenset[int]:
        """The indicators that others are parts of, or are divided by."""
        found = {key for derivation in self.derivations.values() for key in derivation.denominators}
        found |= {key for key, derivation in self.derivations.items() if not derivation.is_ratio}
        found |= {check.key for check in self.checks if check.kind is not CheckKind.LIMIT and check.total is None}
        return frozenset(found)


def tells_of_few(figure: Figure, unit: Unit, largest_small: int) -> bool:
    """Whether a figure is a small count, a share or rate of one, an average of few, or leaves so few out."""
    if figure.value is None:
        return False
    top, bottom = figure.numerator, figure.denominator
    if top is None or bottom is None:
        return unit is Unit.COUNT and is_small(figure.value, largest_small)
    if kind_of(unit) not in OF_CASES:
        return is_small(bottom, largest_small)
    return is_small(top, largest_small) or (unit is Unit.PERCENTAGE and is_small(bottom - top, largest_small))
