"""An attack on rounded tables with a solver: how many values a reader who knows the rounding, and the rules, is left.

Shares no code with what it attacks: what a published number stands for, and what hangs together, is said again here.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from itertools import product

from ortools.sat.python import cp_model

from tests.disclosure_solver import FEWEST, PLENTY, Table, worlds_with_others

Name = Hashable
LARGE = 30
FAR = 13


def nearest(number: int) -> int:
    """To the nearest 5; no whole number is half way."""
    return 5 * ((number + 2) // 5)


class RoundedReader:
    """All worlds behind published figures: of `worked_out` numbers, which others fix, only these tell something."""

    def __init__(self, table: Table, hidden: frozenset[Name], worked_out: frozenset[Name]) -> None:
        self.table, self.hidden, self.worked_out = table, hidden, worked_out
        self.model = cp_model.CpModel()
        self.numbers = {}
        for name, value in table.values.items():
            low, high = 0, PLENTY
            if name not in hidden | worked_out:
                low, high = max(nearest(value) - 2, 0), nearest(value) + 2
            self.numbers[name] = self.model.new_int_var(low, high, str(name))
        for equation in table.equations:
            if not equation.needs:
                total = sum(factor * self.numbers[name] for name, factor in equation.terms.items())
                self.model.add(total >= equation.low)
                if equation.high is not None:
                    self.model.add(total <= equation.high)
        self.solver = cp_model.CpSolver()
        self.solver.parameters.num_workers = 1
        self.solver.parameters.cp_model_presolve = False

    def too_few(self) -> list[Name]:
        """The small counts with fewer than three values, whether published or hidden."""
        small = [name for name, value in self.table.values.items() if nearest(value) <= 5]
        return [name for name in small if len(self.values(name)) < FEWEST]

    def values(self, name: Name) -> set[int]:
        model, found = self.model.clone(), set()
        while len(found) < FEWEST and self.solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            value = self.solver.value(self.numbers[name])
            found.add(value)
            model.add(self.numbers[name] != value)
        return found

    def worlds_with_others(self, terms: Mapping[Name, int], taken: set[int], most: int):
        """Worlds in which a sum has none of the values that are taken by then, nearest numbers first."""
        return worlds_with_others(self.model, self.numbers, self.table.values, terms, taken, most)


def too_few_by_rules(
    table: Table,
    hidden: frozenset[Name],
    complete: Callable[[Mapping[Name, int]], Mapping[Name, int] | None],
    publish: Callable[[Mapping[Name, int]], Mapping[Name, int | None]],
    free: Iterable[Name],
) -> list[Name]:
    """The same for a reader who runs the program: only worlds count in which it publishes the very same.

    `free` are the numbers that fix all others, which `complete` works out, None where that is no world.
    """
    free, picture = list(free), publish(table.values)
    small = [name for name, value in table.values.items() if nearest(value) <= 5]
    found: dict[Name, set[int]] = {name: {table.values[name]} for name in small}

    def near(name: Name) -> Iterable[int]:
        value = table.values[name]
        if name in hidden and value < LARGE:
            return range(value + FAR)
        # Only how far a large one is from the next multiple of 5 matters.
        middle = value if name in hidden else nearest(value)
        return range(max(middle - 2, 0), middle + 3)

    for choice in product(*map(near, free)):
        world = complete(dict(zip(free, choice, strict=True)))
        if world is None or all(world[name] in values for name, values in found.items() if len(values) < FEWEST):
            continue
        if publish(world) == picture:
            for name, values in found.items():
                values.add(world[name])
        if all(len(values) >= FEWEST for values in found.values()):
            break
    return [name for name, values in found.items() if len(values) < FEWEST]
