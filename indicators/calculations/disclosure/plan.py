"""Which cells of an edition to suppress: the small ones, and whatever would give them away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain

from indicators.calculations.exact import Exact
from indicators.calculations.vocabulary import Unit

from .constraints import Constraint, ConstraintMaker, Edition, Form, Variable, true_value
from .relations import FEWEST_POSSIBLE, LARGEST_SMALL, Cell, Quantity, Relations, Why, is_small

MOST_CHANGED = 14
MOST_TRIED = 600


@dataclass(frozen=True, slots=True)
class Release:
    """Cells of the edition to publish and of those that are public already.

    `editions` say which cell each indicator's month is, the edition to publish first. `shown` are the cells that it
    has, `public` those whose figure a public edition shows, `suppressed` those that a public edition suppresses.
    Counts from 1 to `largest_small` are small.
    """

    relations: Relations
    quantities: Mapping[Cell, Quantity]
    editions: Sequence[Edition]
    shown: frozenset[Cell]
    public: frozenset[Cell] = frozenset()
    suppressed: frozenset[Cell] = frozenset()
    largest_small: int = LARGEST_SMALL[0]


@dataclass(slots=True)
class Plan:
    """What to suppress and why; `protects` says for a secondary cell which small one it was suppressed for.

    `exposed` are small cells that nothing in this edition can protect, because of what is public already.
    """

    hidden: dict[Cell, Why] = field(default_factory=dict)
    protects: dict[Cell, Cell] = field(default_factory=dict)
    exposed: list[Cell] = field(default_factory=list)


def plan_cells(release: Release) -> Plan:
    """The cells to suppress. The same input gives the same plan; each step suppresses one more cell, so it ends."""
    return _Planner(release).plan()


class _Planner:
    def __init__(self, release: Release) -> None:
        self.release = release
        self.relations = release.relations
        self.totals = release.relations.totals()
        makers = [ConstraintMaker(release.relations, edition, release.quantities) for edition in release.editions]
        self.makers = makers
        self.audit = Audit(
            chain.from_iterable(maker.constraints() for maker in makers), release.quantities, release.largest_small
        )
        self.dependants = release.relations.dependants()
        self.result = Plan()

    def plan(self) -> Plan:
        targets: list[tuple[Cell, Form]] = []
        for cell in sorted(self.release.quantities):
            if cell not in self.release.shown and cell not in self.release.suppressed:
                continue
            for why, form in self._small(cell):
                targets.append((cell, form))
                if cell in self.release.shown:
                    self._hide(cell, why)
        for cell in sorted(self.release.suppressed & self.release.shown - self.release.public):
            self._hide(cell, Why.EARLIER)
        for cell, form in targets:
            self._protect(cell, form)
        return self.result

    def _small(self, cell: Cell) -> list[tuple[Why, Form]]:
        """Each small count that the cell tells of: the reason and what makes up the count."""
        quantity, nature = self.release.quantities[cell], self.relations.natures[cell.key]
        top, bottom = quantity.numerator, quantity.denominator
        largest = self.release.largest_small
        if top is None or bottom is None:
            is_count = nature.unit is Unit.COUNT and is_small(quantity.value, largest)
            return [(Why.SMALL_COUNT, {(cell, "value"): 1})] if is_count else []
        place = (cell.key, cell.month)
        maker = next(maker for maker in self.makers if maker.edition.get(place) == cell)
        forms = maker.ratio(cell, cell.month)
        found: list[tuple[Why, Form]] = []
        if not nature.is_of_cases:
            # An average of few tells what each of them has.
            return [(Why.SMALL_DENOMINATOR, forms[1])] if is_small(bottom, largest) and forms[1] else []
        if is_small(top, largest):
            found.append((Why.SMALL_NUMERATOR, forms[0]))
        if nature.unit is Unit.PERCENTAGE and is_small(bottom - top, largest):
            rest = {variable: -factor for variable, factor in forms[0].items()}
            found.append((Why.SMALL_COMPLEMENT, {**forms[1], **rest}))
        return found

    def _hide(self, cell: Cell, why: Why, protects: Cell | None = None) -> None:
        """Suppresses a cell with every ratio that is worked out from it."""
        if cell in self.result.hidden or cell not in self.release.shown:
            return
        self.result.hidden[cell] = why
        if protects is not None:
            self.result.protects[cell] = protects
        for key in self.dependants.get(cell.key, ()):
            self._hide(Cell(key, cell.month), Why.RESTS_ON, protects)

    def _known(self) -> set[Cell]:
        return set(self.release.public | (self.release.shown - self.result.hidden.keys()))

    def _protect(self, cell: Cell, form: Form) -> None:
        """Suppresses more and more, the least important first, until the count can't be worked out."""
        before = Plan(dict(self.result.hidden), dict(self.result.protects))
        while not self.audit.is_protected(form, self._known()):
            choices = self._choices(form)
            if not choices:
                # All that could be suppressed wouldn't help, so it isn't.
                self.result.hidden, self.result.protects = before.hidden, before.protects
                if cell not in self.result.exposed:
                    self.result.exposed.append(cell)
                return
            self._hide(self._best(cell, form, choices), Why.PROTECTS, cell)

    def _choices(self, form: Form) -> list[Cell]:
        """Cells of this edition that have a part in giving the count away; a figure of 0 is always shown."""
        around = self.audit.around(form, self._known())
        free = [
            cell
            for cell in around
            if cell in self.release.shown and cell not in self.release.public and self.release.quantities[cell].value
        ]
        # A total matters more than a part, a large figure more than a small one.
        return sorted(free, key=lambda cell: (cell.key in self.totals, self.release.quantities[cell].value, cell))

    def _best(self, protects: Cell, form: Form, choices: list[Cell]) -> Cell:
        """The cell that protects by itself with the fewest others; where none does, the least important."""
        enough: list[tuple[int, int]] = []
        for place, cell in enumerate(choices):
            before = Plan(dict(self.result.hidden), dict(self.result.protects))
            self._hide(cell, Why.PROTECTS, protects)
            if self.audit.is_protected(form, self._known()):
                enough.append((len(self.result.hidden), place))
            self.result.hidden, self.result.protects = before.hidden, before.protects
        return choices[min(enough)[1]] if enough else choices[0]


class Audit:
    """How many values a reader has to reckon with for a suppressed number.

    It has everything that readers can reckon with; which cells they know is said with each question. A number is
    protected when enough different worlds of whole numbers exist that fit all that the reader knows. Each is found by
    changing the true figures step by step, so that what is called protected really is; what isn't found within bounds
    counts as not protected.
    """

    def __init__(
        self, constraints: Iterable[Constraint], quantities: Mapping[Cell, Quantity], largest_small: int
    ) -> None:
        self.quantities = quantities
        self.small = range(1, largest_small + 1)
        self.constraints = list(dict.fromkeys(constraints))
        self.of_variable: dict[Variable, list[Constraint]] = defaultdict(list)
        for constraint in self.constraints:
            for variable, _ in constraint.terms:
                self.of_variable[variable].append(constraint)

    def is_protected(self, form: Form, known: Collection[Cell]) -> bool:
        """Whether a small count, a sum of variables, could as well have enough other small values on its side of 0."""
        if all(cell in known for cell, _ in form):
            return False
        true = sum(factor * true_value(variable, self.quantities) for variable, factor in form.items())
        possible = 1
        small = self.small if true > 0 else [-value for value in self.small]
        for other in sorted(small, key=lambda value: (abs(value - true), value)):
            if other != true and _Search(self, form, other, known).mend():
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
                if constraint.is_had(known):
                    found |= constraint.needs | {cell for cell in constraint.needs_one if cell in known}
                    waiting += [other for other, _ in constraint.terms]
        return found


class _Search:
    """Looks for a world in which the form has another value."""

    def __init__(self, audit: Audit, form: Form, value: Exact, known: Collection[Cell]) -> None:
        self.audit = audit
        self.known = known
        self.tried = 0
        self.shift: dict[Variable, Exact] = {}
        self.wanted = Constraint(tuple(form.items()), value, value)

    def mend(self) -> bool:
        """Whether there is one: moves one free variable after another until nothing is violated, and back."""
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
                if self.mend():
                    return True
                del self.shift[variable]
        return False

    def _broken(self) -> tuple[Constraint, Exact] | None:
        """The first constraint that isn't satisfied, and what its sum is short of."""
        touched = [self.wanted]
        for variable in self.shift:
            touched += [one for one in self.audit.of_variable[variable] if one.is_had(self.known)]
        for constraint in touched:
            total = sum(
                factor * (true_value(variable, self.audit.quantities) + self.shift.get(variable, 0))
                for variable, factor in constraint.terms
            )
            if constraint.low is not None and total < constraint.low:
                return constraint, constraint.low - total
            if constraint.high is not None and total > constraint.high:
                return constraint, constraint.high - total
        return None

    def _allowed(self, variable: Variable, gap: Exact, factor: Exact, *, is_exact: bool) -> Exact:
        """How far the variable can go towards closing the gap: whole steps, and not below what it can be."""
        value = true_value(variable, self.audit.quantities)
        step = Fraction(gap) / factor
        if value.denominator == 1:
            size = abs(step)
            # Where a constraint only bounds, a step beyond is as good; where it fixes, the rest is left to others.
            whole = size.numerator // size.denominator if is_exact else -(-size.numerator // size.denominator)
            step = Fraction(whole if step > 0 else -whole)
        # 0 is always shown, so what is suppressed is at least 1; the numerator of a suppressed share can be 0.
        if value < 0:
            # Nor does it change its side.
            return min(step, -1 - value)
        least = min(value, 0 if variable[1] == "numerator" else 1)
        return max(step, least - value)

    def _order(self, term: tuple[Variable, Exact]) -> tuple[int, Exact, Variable]:
        """What has the fewest other ties first, then what has most room."""
        variable, _ = term
        ties = sum(one.is_had(self.known) for one in self.audit.of_variable[variable])
        return ties, -true_value(variable, self.audit.quantities), variable
