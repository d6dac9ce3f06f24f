"""How many values a reader has to reckon with for a hidden number."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TypeVar

from indicators.calculations.exact import Exact, magnitude

from .constraints import Bounds, Constraint, Form, Variable, true_value
from .relations import Cell, Quantity

MOST_CHANGED = 14
MOST_TRIED = 400
MOST_MOVES = 2

Name = TypeVar("Name")

# What differs from the true figures, by variable.
World = Mapping[Variable, Exact]
TRUE: World = {}


class Audit:
    """Everything that readers can reckon with; which cells they don't know is said with each question.

    Other worlds are found by changing figures step by step, so that each is one; what isn't found within bounds counts
    as impossible, so that a number may be called exposed that isn't, and never the other way round.
    """

    def __init__(
        self,
        constraints: Iterable[Constraint],
        quantities: Mapping[Cell, Quantity],
        bounds: Bounds | None = None,
    ) -> None:
        """`bounds` are between which numbers a reader knows some of the variables to be, both included."""
        self.quantities = quantities
        self.bounds = bounds or {}
        self.true: dict[Variable, Exact] = {}
        self.constraints = list(dict.fromkeys(constraints))
        self.of_variable: dict[Variable, list[Constraint]] = defaultdict(list)
        for constraint in self.constraints:
            for variable, _ in constraint.terms:
                self.of_variable[variable].append(constraint)

    def value(self, variable: Variable, world: World = TRUE) -> Exact:
        """What the variable is in the world."""
        if variable in world:
            return world[variable]
        if variable not in self.true:
            self.true[variable] = _plain(true_value(variable, self.quantities))
        return self.true[variable]

    def total(self, terms: Iterable[tuple[Variable, Exact]], world: World = TRUE) -> Exact:
        """What the sum of variables times factors is in the world."""
        total: Exact = 0
        for variable, factor in terms:
            total += factor * self.value(variable, world)
        return total

    def had(self, variable: Variable, unknown: Collection[Cell]) -> Iterator[Constraint]:
        """The constraints on a variable that a reader has who doesn't know some cells."""
        return (one for one in self.of_variable[variable] if one.is_had(unknown))

    def component(self, form: Iterable[Variable], unknown: Collection[Cell]) -> frozenset[Variable]:
        """The unknown variables that hang together with those of the form."""
        found: set[Variable] = set()
        waiting = [variable for variable in form if variable[0] in unknown]
        while waiting:
            variable = waiting.pop()
            if variable not in found:
                found.add(variable)
                for constraint in self.had(variable, unknown):
                    waiting += [other for other, _ in constraint.terms if other[0] in unknown]
        return frozenset(found)

    def around(self, component: Iterable[Variable], unknown: Collection[Cell]) -> set[Cell]:
        """The known cells that have a part in what could be worked out about the variables."""
        found: set[Cell] = set()
        for variable in component:
            for constraint in self.had(variable, unknown):
                cells = {cell for (cell, _), _ in constraint.terms} | constraint.needs | constraint.needs_one
                found |= {cell for cell in cells if cell not in unknown}
        return found

    def is_fixed(self, form: Form, unknown: Collection[Cell]) -> bool:
        """Whether equations alone fix the sum, whatever the figures are: what a reader knows before any number."""
        wanted = {variable: Fraction(factor) for variable, factor in form.items() if variable[0] in unknown and factor}
        if not wanted:
            return True
        component = self.component(wanted, unknown)
        equations = {one for variable in component for one in self.had(variable, unknown) if one.low == one.high}
        pivots: list[tuple[Variable, dict[Variable, Fraction]]] = []
        for equation in sorted(equations, key=lambda one: one.terms):
            terms = ((variable, factor) for variable, factor in equation.terms if variable[0] in unknown)
            row = reduced({variable: Fraction(factor) for variable, factor in terms}, pivots)
            if row:
                pivots.append((min(row), row))
        return not reduced(wanted, pivots)

    def worlds(
        self, form: Form, value: Exact, unknown: Collection[Cell], world: World, limits: Iterable[Constraint] = ()
    ) -> Iterator[World]:
        """Worlds beside the one given, in which the form has the value and what is known is as it is there."""
        return _Search(self, Constraint(tuple(form.items()), value, value), unknown, world, limits).found()


def _plain(number: Exact) -> Exact:
    """The same number as an int, where it is whole: the search reckons a lot with them."""
    return int(number) if number.denominator == 1 else number


def reduced(row: dict[Name, Fraction], pivots: Iterable[tuple[Name, dict[Name, Fraction]]]) -> dict[Name, Fraction]:
    """What is left of a row of an equation when the others have been taken from it."""
    for variable, other in pivots:
        if variable in row:
            times = row[variable] / other[variable]
            both = {one: row.get(one, Fraction(0)) - times * other.get(one, 0) for one in row.keys() | other.keys()}
            row = {one: factor for one, factor in both.items() if factor}
    return row


class _Search:
    """Looks for worlds that satisfy one more equation, and limits of their own."""

    def __init__(
        self,
        audit: Audit,
        wanted: Constraint,
        unknown: Collection[Cell],
        world: World,
        limits: Iterable[Constraint],
    ) -> None:
        self.audit = audit
        self.unknown = unknown
        self.world = dict(world)
        self.wanted = wanted
        self.moved: Counter[Variable] = Counter()
        self.tried = 0
        self.of_variable: dict[Variable, list[Constraint]] = defaultdict(list)
        self.highest: dict[Variable, Exact] = {}
        self.lowest: dict[Variable, Exact] = {}
        for limit in limits:
            for variable, factor in limit.terms:
                self.of_variable[variable].append(limit)
                if len(limit.terms) == 1 and factor == 1:
                    if limit.high is not None:
                        self.highest[variable] = limit.high
                    if limit.low is not None:
                        self.lowest[variable] = limit.low

    def found(self) -> Iterator[World]:
        """Moves one unknown variable after another until nothing is violated, and back, and on."""
        self.tried += 1
        if self.tried > MOST_TRIED or len(self.moved) > MOST_CHANGED:
            return
        broken = self._broken()
        if broken is None:
            yield dict(self.world)
            return
        constraint, gap = broken
        for variable, factor in sorted(constraint.terms, key=self._order):
            if variable[0] not in self.unknown or self.moved[variable] >= MOST_MOVES:
                continue
            step = self._allowed(variable, gap, factor, is_exact=constraint.low == constraint.high)
            if step:
                before = self.world.get(variable)
                self.world[variable] = self.audit.value(variable, self.world) + step
                self.moved[variable] += 1
                yield from self.found()
                self.moved[variable] -= 1
                if not self.moved[variable]:
                    del self.moved[variable]
                if before is None:
                    del self.world[variable]
                else:
                    self.world[variable] = before

    def _broken(self) -> tuple[Constraint, Exact] | None:
        """The first constraint that isn't satisfied, and what its sum is short of."""
        touched = [self.wanted]
        for variable in sorted(self.moved):
            touched += self.audit.had(variable, self.unknown)
            touched += self.of_variable.get(variable, ())
        for constraint in touched:
            total = self.audit.total(constraint.terms, self.world)
            if constraint.low is not None and total < constraint.low:
                return constraint, constraint.low - total
            if constraint.high is not None and total > constraint.high:
                return constraint, constraint.high - total
        return None

    def _allowed(self, variable: Variable, gap: Exact, factor: Exact, *, is_exact: bool) -> Exact:
        """How far the variable can go towards closing the gap: whole steps, and not below what it can be."""
        value = self.audit.value(variable, self.world)
        step: Exact
        if value.denominator == 1:
            size, by = magnitude(gap), magnitude(factor)
            # Where a constraint only bounds, a step beyond is as good; where it fixes, the rest is left to others.
            whole = int(size // by if is_exact else -(-size // by))
            step = whole if (gap > 0) is (factor > 0) else -whole
        else:
            step = Fraction(gap) / factor
        # 0 is always shown, so what is suppressed is at least 1; the numerator of a suppressed share can be 0.
        low, high = self.audit.bounds.get(variable, (None, None))
        high = value + max(step, 0) if high is None else high
        if value < 0:
            # Nor does it change its side.
            least, most = self.lowest.get(variable, value + min(step, 0)), min(self.highest.get(variable, -1), high)
        else:
            least = self.lowest.get(variable, min(value, 0 if variable[1] == "numerator" else 1))
            most = min(self.highest.get(variable, high), high)
        if low is not None:
            least = low if variable not in self.lowest else max(least, low)
        return min(max(step, least - value), most - value)

    def _order(self, term: tuple[Variable, Exact]) -> tuple[int, Exact, Variable]:
        """What has the fewest other ties first, then what has most room."""
        variable, _ = term
        ties = sum(1 for _ in self.audit.had(variable, self.unknown))
        return ties, -self.audit.value(variable, self.world), variable
