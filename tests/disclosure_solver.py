"""An attack on suppressed tables with an integer-programming solver; shares no code with what it attacks.

A table is whole numbers by name, with equations between them. A reader sees which are suppressed, and all others
exactly; knows the equations; and knows that what is suppressed is not 0. Who knows the rules as well, and can run the
program, counts only worlds in which it suppresses the same.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import chain, combinations
from typing import NamedTuple

from ortools.sat.python import cp_model

PLENTY = 100_000
FEWEST = 3
MOST_WORLDS = 400
NEAR = 8
NEAREST = 2

Name = Hashable
Terms = Mapping[Name, int]


class Equation(NamedTuple):
    """A sum of numbers times factors that lies between two bounds, 0 and 0 for an equation."""

    terms: Terms
    low: int = 0
    high: int | None = 0
    # It is had only while these are shown, as a share tells its numbers.
    needs: frozenset[Name] = frozenset()

    def holds(self, values: Mapping[Name, int]) -> bool:
        """Whether the numbers as they are satisfy it."""
        total = _sum(values, self.terms)
        return self.low <= total and (self.high is None or total <= self.high)


class Table(NamedTuple):
    """Numbers, what they have to satisfy, and sums of them that nobody may learn either."""

    values: Mapping[Name, int]
    equations: Sequence[Equation]
    # What is left outside a share, by the share's name.
    others: Mapping[Name, Terms] = {}


class Reader:
    """A solver's model of all worlds that a reader has to reckon with."""

    def __init__(self, table: Table, hidden: frozenset[Name], largest_small: int | None = None) -> None:
        """With `largest_small` the reader is told which of the suppressed numbers are small."""
        self.table, self.hidden = table, hidden
        self.model = cp_model.CpModel()
        self.numbers: dict[Name, cp_model.LinearExprT] = {}
        for name, value in table.values.items():
            if name not in hidden:
                self.numbers[name] = value
                continue
            # A share can be of nobody.
            low, high = min(value, 1), PLENTY
            if largest_small is not None:
                low, high = (1, largest_small) if value <= largest_small else (largest_small + 1, PLENTY)
            self.numbers[name] = self.model.new_int_var(low, high, str(name))
        for equation in table.equations:
            if not equation.needs & hidden:
                total = self.total(equation.terms)
                self.model.add(total >= equation.low)
                if equation.high is not None:
                    self.model.add(total <= equation.high)
        self.solver = cp_model.CpSolver()
        self.solver.parameters.num_workers = 1
        self.solver.parameters.cp_model_presolve = False

    def total(self, terms: Terms):
        return sum(factor * self.numbers[name] for name, factor in terms.items())

    def wanted(self) -> dict[Name, Terms]:
        """The numbers that nobody may learn."""
        found = {name: {name: 1} for name in self.hidden if name in self.table.values}
        for share, terms in self.table.others.items():
            if share in self.hidden and any(name in self.hidden for name in terms):
                found[share, "others"] = terms
        return found

    def too_few(self) -> list[Name]:
        """What has fewer than three values."""
        return [name for name, terms in self.wanted().items() if len(self.values(terms)) < FEWEST]

    def values(self, terms: Terms) -> set[int]:
        """Up to three values of a sum."""
        model = self.model.clone()
        # The clone has the same variables by index.
        total = self.total(terms)
        found: set[int] = set()
        while len(found) < FEWEST and self.solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            value = self.solver.value(total)
            found.add(value)
            model.add(total != value)
        return found

    def worlds(self, near: int = NEAR):
        """World after world, up to a number of them, in which no number is further than `near` from the true one."""
        model = self.model.clone()
        for name in self.hidden & self.table.values.keys():
            model.add(self.numbers[name] <= self.table.values[name] + near)
            model.add(self.numbers[name] >= self.table.values[name] - near)
        unknown = [name for name in self.table.values if name in self.hidden]
        for _ in range(MOST_WORLDS):
            if self.solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                return
            world = {name: self.solver.value(self.numbers[name]) for name in unknown}
            yield {**self.table.values, **world}
            model.add_forbidden_assignments([self.numbers[name] for name in unknown], [tuple(world.values())])

    def worlds_with_others(self, terms: Terms, taken: set[int], most: int):
        """Worlds in which a sum has none of the values that are taken by then, nearest numbers first."""
        return worlds_with_others(self.model, self.numbers, self.table.values, terms, taken, most)


def worlds_with_others(model, numbers, values: Mapping[Name, int], terms: Terms, taken: set[int], most: int):
    """Worlds in which a sum has none of the values taken by then, first those in which the fewest numbers are others.

    Up to `most` of each reach: of how many numbers can be others, and by how much.
    """
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.cp_model_presolve = False
    unknown = [name for name in values if not isinstance(numbers[name], int)]
    every = len(unknown)
    for several, near in ((3, NEAR), (5, NEAR), (every, NEAREST), (every, NEAR), (every, 3 * NEAR)):
        made = model.clone()
        others = [made.new_bool_var("") for _ in unknown]
        made.add(sum(others) <= several)
        for name, is_other in zip(unknown, others, strict=True):
            made.add(numbers[name] == values[name]).only_enforce_if(~is_other)
            made.add(numbers[name] <= values[name] + near)
            made.add(numbers[name] >= values[name] - near)
        done: set[int] = set()
        total = sum(factor * numbers[name] for name, factor in terms.items())
        for _ in range(most):
            for value in taken - done:
                made.add(total != value)
            done |= taken
            if solver.solve(made) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                break
            world = {name: solver.value(numbers[name]) for name in unknown}
            yield {**values, **world}
            made.add_forbidden_assignments([numbers[name] for name in unknown], [tuple(world.values())])


def too_few_by_rules(
    table: Table,
    hidden: frozenset[Name],
    suppress: Callable[[Mapping[Name, int]], frozenset[Name]],
    largest_small: int,
) -> list[Name]:
    """What has fewer than three values in worlds in which the same is suppressed, as the program itself says.

    Worlds in which the same numbers are small are tried first, the nearest before all; then others.
    """
    wanted = Reader(table, hidden).wanted()
    found: dict[Name, set[int]] = {name: {_sum(table.values, terms)} for name, terms in wanted.items()}
    told = Reader(table, hidden, largest_small)
    for world in chain(told.worlds(NEAREST), told.worlds(), Reader(table, hidden).worlds()):
        lacking = [name for name, values in found.items() if len(values) < FEWEST]
        if not lacking:
            break
        seen = {name: _sum(world, terms) for name, terms in wanted.items()}
        if any(seen[name] not in found[name] for name in lacking) and suppress(world) == hidden:
            for name, value in seen.items():
                found[name].add(value)
    return [name for name, values in found.items() if len(values) < FEWEST]


def _sum(values: Mapping[Name, int], terms: Terms) -> int:
    return sum(factor * values[name] for name, factor in terms.items())


def fewest_hidden(
    table: Table,
    small: frozenset[Name],
    with_it: Callable[[frozenset[Name]], frozenset[Name]],
    largest_small: int | None = None,
) -> int:
    """With how many suppressed cells at the least no number has fewer than three values.

    `with_it` adds what is always suppressed with a cell, such as its shares.
    """
    first = with_it(small)
    free = [name for name in [*table.values, *table.others] if name not in first and table.values.get(name, 1) != 0]
    for more in range(len(free) + 1):
        sizes = [
            len(hidden)
            for added in combinations(free, more)
            if not Reader(table, hidden := with_it(first | set(added)), largest_small).too_few()
        ]
        if sizes:
            return min(sizes)
    return len(first) + len(free)
