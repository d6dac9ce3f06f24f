"""The audit: how many values a reader has to reckon with for a suppressed number.

A number is protected when enough different worlds of whole numbers exist that fit all that the reader knows. Each is
found by changing the true figures step by step, so that what is called protected really is; what isn't found within
bounds counts as not protected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction

from indicators.calculations.exact import Exact

from .constraints import Constraint, Form, Variable, true_value
from .relations import FEWEST_POSSIBLE, SMALL, Cell, Quantity

MOST_CHANGED = 14
MOST_TRIED = 600


class Audit:
    """Everything that readers can reckon with; which cells they know is said with each question."""

    def __init__(self, constraints: Iterable[Constraint], quantities: Mapping[Cell, Quantity]) -> None:
        self.quantities = quantities
        self.constraints = list(dict.fromkeys(constraints))
        self.of_variable: dict[Variable, list[Constraint]] = defaultdict(list)
        for constraint in self.constraints:
            for variable, _ in constraint.terms:
                self.of_variable[variable].append(constraint)

    def is_protected(self, form: Form, known: Collection[Cell]) -> bool:
        """Whether a count of 1 to 5, a sum of variables, could as well have enough other values from 1 to 5."""
        if all(cell in known for cell, _ in form):
            return False
        true = sum(factor * true_value(variable, self.quantities) for variable, factor in form.items())
        possible = 1
        for other in sorted(SMALL, key=lambda value: (abs(value - true), value)):
            if other != true and _Search(self, form, other, known).finds():
                possible += 1
                if possible >= FEWEST_POSSIBLE:
                    return True
        return False

    def around(self, form: Form, known: Collection[Cell]) -> set[Cell]:
        """The known cells that have a part in what could be worked out about the form."""
        found: set[Cell] = set()
        seen: set[Variable] = set()
        waiting = list(form)
        while waiting:
            variable = waiting.pop()
            if variable in seen:
                continue
            seen.add(variable)
            if variable[0] in known:
                found.add(variable[0])
                continue
            for constraint in self.of_variable[variable]:
                if is_had(constraint, known):
                    found |= constraint.needs | {cell for cell in constraint.needs_one if cell in known}
                    waiting += [other for other, _ in constraint.terms]
        return found


def is_had(constraint: Constraint, known: Collection[Cell]) -> bool:
    """Whether a reader who knows these cells can reckon with the constraint."""
    if any(cell not in known for cell in constraint.needs):
        return False
    return not constraint.needs_one or any(cell in known for cell in constraint.needs_one)


class _Search:
    """Looks for a world in which the form has another value."""

    def __init__(self, audit: Audit, form: Form, value: Exact, known: Collection[Cell]) -> None:
        self.audit = audit
        self.known = known
        self.tried = 0
        self.shift: dict[Variable, Exact] = {}
        self.wanted = Constraint(tuple(form.items()), value, value)

    def finds(self) -> bool:
        return self._mend()

    def _mend(self) -> bool:
        """Moves one variable after another that is free until nothing is violated; goes back where that fails."""
        self.tried += 1
        if self.tried > MOST_TRIED or len(self.shift) > MOST_CHANGED:
            return False
        broken = self._broken()
        if broken is None:
            return True
        constraint, gap = broken
        for variable, factor in sorted(constraint.terms, key=self._order):
            if variable[0] in self.known or variable in self.shift:
                continue
            step = self._allowed(variable, gap, factor, is_exact=constraint.low == constraint.high)
            if step:
                self.shift[variable] = step
                if self._mend():
                    return True
                del self.shift[variable]
        return False

    def _broken(self) -> tuple[Constraint, Exact] | None:
        """The first constraint that isn't satisfied, and what its sum is short of."""
        touched = [self.wanted]
        for variable in self.shift:
            touched += [one for one in self.audit.of_variable[variable] if is_had(one, self.known)]
        for constraint in touched:
            total = sum(factor * self._value(variable) for variable, factor in constraint.terms)
            if constraint.low is not None and total < constraint.low:
                return constraint, constraint.low - total
            if constraint.high is not None and total > constraint.high:
                return constraint, constraint.high - total
        return None

    def _value(self, variable: Variable) -> Exact:
        return true_value(variable, self.audit.quantities) + self.shift.get(variable, 0)

    def _allowed(self, variable: Variable, gap: Exact, factor: Exact, *, is_exact: bool) -> Exact:
        """How far the variable can go towards closing the gap: whole steps, and not below what it can be."""
        value = true_value(variable, self.audit.quantities)
        step = Fraction(gap) / factor
        if value.denominator == 1:
            size = abs(step)
            # Where a constraint only bounds, a step beyond is as good; where it fixes, the rest is left to others.
            whole = size.numerator // size.denominator if is_exact else -(-size.numerator // size.denominator)
            step = Fraction(whole if step > 0 else -whole)
        return max(step, _least(variable, value) - value)

    def _order(self, term: tuple[Variable, Exact]) -> tuple[int, Exact, Variable]:
        """What has the fewest other ties first, then what has most room."""
        variable, _ = term
        ties = sum(is_had(one, self.known) for one in self.audit.of_variable[variable])
        return ties, -true_value(variable, self.audit.quantities), variable


def _least(variable: Variable, value: Exact) -> Exact:
    """0 is always shown, so what is suppressed is at least 1; the numerator of a suppressed share can be 0."""
    return min(value, 0 if variable[1] == "numerator" else 1)
