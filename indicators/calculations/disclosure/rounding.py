"""Rounding every count to the nearest 5 instead of hiding small ones: what is published, and what is hidden on top.

All else is worked out from rounded counts, so that nothing exact is left. A count that relations fix as a sum of
others is worked out from these, too, and tells nothing of its own. What inequalities, stocks and overlapping sums still
tell is asked of a reader's side only: from what is published, never from what it was rounded from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain

from indicators.calculations.consistency import CheckKind
from indicators.calculations.exact import Exact, magnitude
from indicators.calculations.figures import Figure, quotient
from indicators.calculations.units import UnitKind, kind_of
from indicators.calculations.vocabulary import Unit

from .constraints import _CHECKS, Constraint, ConstraintMaker, Part, Place, Variable, true_value
from .relations import FEWEST_POSSIBLE, Cell, Quantity, Relations, Why
from .release import Release

BASE = 5
REACH = BASE // 2
# More than any count, and how much work a world may take to find before it counts as impossible.
UNBOUNDED = 10**7
MOST_TRIED = 400
MOST_VALUES = 16
MOST_STEPS = 500

Domains = dict[Variable, tuple[int, int]]
Terms = tuple[tuple[Variable, Exact], ...]


def to_nearest(number: Exact) -> int:
    """The number rounded to the nearest 5, halves away from zero."""
    size = int((magnitude(number) * 2 + BASE) // (2 * BASE)) * BASE
    return -size if number < 0 else size


def rounded_figure(figure: Figure, unit: Unit, factor: int, instead: Exact | None = None) -> Figure:
    """An entered figure from rounded counts; `instead` is a count that was worked out from others.

    Of an average of money or time the cases are rounded. What was entered without its two numbers stays as it is.
    """
    top, bottom = figure.numerator, figure.denominator
    if top is None or bottom is None:
        if unit is not Unit.COUNT or figure.value is None:
            return figure
        return figure._replace(value=to_nearest(figure.value) if instead is None else instead)
    if kind_of(unit) not in (UnitKind.MONEY, UnitKind.TIME):
        top = to_nearest(top)
    return quotient(top, to_nearest(bottom), factor, figure.stage, figure.note)


def bounds_of_rounded(
    relations: Relations, cell: Cell, exact: Quantity, shown: Quantity
) -> dict[Variable, tuple[Exact | None, Exact | None]]:
    """Between which whole numbers readers know a figure that was published rounded; nothing of what was worked out."""
    if cell.key in relations.derivations:
        return {}
    parts: tuple[Part, ...] = ("value",) if exact.denominator is None else ("numerator", "denominator")
    found: dict[Variable, tuple[Exact | None, Exact | None]] = {}
    for part in parts:
        number: Exact | None = getattr(exact, part)
        if number is not None and getattr(shown, part) == to_nearest(number):
            near = to_nearest(number)
            found[cell, part] = (max(near - REACH, 0), near + REACH) if number >= 0 else (near - REACH, near + REACH)
    return found


@dataclass(slots=True)
class RoundedPlan:
    """What is published instead of the figures: `worked_out` are counts that follow from others, by their places.

    `hidden` are hidden on top; `small` tell of few people as they are published; of `exposed` too few values are left
    because of what is public already.
    """

    worked_out: Mapping[Place, Exact]
    hidden: dict[Cell, Why] = field(default_factory=dict)
    small: list[Cell] = field(default_factory=list)
    exposed: list[Cell] = field(default_factory=list)


def plan_rounding(release: Release, exactly: frozenset[Cell] = frozenset()) -> RoundedPlan:
    """What rounding publishes of a release. `public` cells are published as rounded, `suppressed` ones are hidden.

    What the public could read `exactly` before, it remembers. Which cells are hidden rests on relations and on
    published figures alone.
    """
    return _Rounding(release, exactly).plan()


class _Rounding:
    def __init__(self, release: Release, exactly: frozenset[Cell]) -> None:
        self.release, self.relations, self.exactly = release, release.relations, exactly
        self.edition = release.editions[0]
        self.makers = [ConstraintMaker(self.relations, edition, release.quantities) for edition in release.editions]
        made = chain.from_iterable(maker.constraints() for maker in self.makers)
        # What holds only beside an exact figure is told by no rounded one.
        self.constraints = [one for one in dict.fromkeys(made) if len(one.terms) > 1 and not one.needs | one.needs_one]
        self.sums = dict(chain.from_iterable(map(self._sums, self.makers)))
        self.published: dict[Variable, Exact] = {}
        self.numbers = self._numbers()

    def plan(self) -> RoundedPlan:
        worked = {
            (cell.key, cell.month): self.value((cell, "value"))
            for cell, _ in self.sums
            if self.edition.get((cell.key, cell.month)) == cell
        }
        plan = RoundedPlan(worked)
        for cell in sorted(self.release.shown):
            if why := self._why(cell):
                self._hide(plan, cell, why)
        for numbers, constraints in self._components():
            self._protect(plan, numbers, constraints)
        plan.small = sorted({cell for form, cell in self.numbers if self._is_small(form) and cell not in plan.hidden})
        return plan

    # What is published

    def _sums(self, maker: ConstraintMaker) -> Iterator[tuple[Variable, Terms]]:
        """Counts that were entered although they are others added up: in this edition, of one month or of several."""
        for check in self.relations.checks:
            if check.kind not in (CheckKind.PARTS, CheckKind.MONTHS) or check.total is not None:
                continue
            if check.key in self.relations.derivations:
                continue
            for month in sorted({month for key, month in maker.edition if key == check.key}):
                total: Variable = (maker.edition[check.key, month], "value")
                for made in _CHECKS[check.kind](maker, check, month):
                    factors = dict(made.terms)
                    own = factors.pop(total, 0)
                    is_exact = made.low == made.high == 0 and made.holds(self.release.quantities)
                    if is_exact and magnitude(own) == 1:
                        yield total, tuple((one, -factor * own) for one, factor in factors.items())

    def value(self, variable: Variable, waiting: frozenset[Variable] = frozenset()) -> Exact:
        """What is published of a variable."""
        if variable in self.published:
            return self.published[variable]
        cell, part = variable
        nature, derivation = self.relations.natures[cell.key], self.relations.derivations.get(cell.key)
        terms = None if variable in waiting else self.sums.get(variable)
        if terms is not None and all(one not in waiting for one, _ in terms):
            found: Exact = sum(factor * self.value(one, waiting | {variable}) for one, factor in terms)
            if not nature.allows_negative:
                found = max(found, 0)
        elif derivation is not None and not derivation.is_ratio and part == "value" and (of := self._sources(cell)):
            found = nature.factor * sum(self.value((one, "value"), waiting | {variable}) for one in of)
        else:
            self.sums.pop(variable, None)
            found = to_nearest(true_value(variable, self.release.quantities))
        self.published[variable] = found
        return found

    def _sources(self, cell: Cell) -> list[Cell]:
        """The cells that a derived one is worked out from, in the first edition that has it."""
        keys = self.relations.derivations[cell.key].sources
        place = cell.key, cell.month
        edition = next((maker.edition for maker in self.makers if maker.edition.get(place) == cell), self.edition)
        found = [edition.get((key, cell.month)) for key in keys]
        return [one for one in found if one is not None and one in self.release.quantities]

    def _why(self, cell: Cell) -> Why | None:
        """Why a cell is hidden whatever is around it."""
        if cell in self.release.public:
            return None
        if cell in self.release.suppressed:
            return Why.EARLIER
        quantity, nature = self.release.quantities[cell], self.relations.natures[cell.key]
        if quantity.denominator is None or quantity.numerator is None:
            is_tied = any(cell.key in (check.key, *(key for _, key in check.terms)) for check in self.relations.checks)
            return Why.NOT_ROUNDED if is_tied and nature.is_of_cases and nature.unit is not Unit.COUNT else None
        if not nature.is_of_cases and self._is_small(self._parts(cell)[1]):
            return Why.SMALL_DENOMINATOR
        return None

    # What tells of people

    def _parts(self, cell: Cell) -> tuple[Terms, Terms]:
        place = cell.key, cell.month
        maker = next(maker for maker in self.makers if maker.edition.get(place) == cell)
        top, bottom = maker.ratio(cell, cell.month) if self.relations.is_ratio(cell.key) else ({}, {})
        return tuple((top or {(cell, "numerator"): 1}).items()), tuple((bottom or {(cell, "denominator"): 1}).items())

    def _numbers(self) -> list[tuple[Terms, Cell]]:
        """The numbers of people that cells tell of."""
        found: list[tuple[Terms, Cell]] = []
        for cell, quantity in sorted(self.release.quantities.items()):
            nature = self.relations.natures[cell.key]
            if quantity.numerator is None or quantity.denominator is None:
                if nature.unit is Unit.COUNT:
                    found.append(((((cell, "value"), 1),), cell))
                continue
            top, bottom = self._parts(cell)
            if not nature.is_of_cases:
                found.append((bottom, cell))
                continue
            found.append((top, cell))
            if nature.unit is Unit.PERCENTAGE:
                rest = dict(bottom)
                for variable, factor in top:
                    rest[variable] = rest.get(variable, 0) - factor
                found.append((tuple((one, factor) for one, factor in rest.items() if factor), cell))
        return found

    def _is_small(self, form: Terms) -> bool:
        """Whether so few people could stand behind what is published of a number."""
        total = sum(factor * self.value(variable) for variable, factor in form)
        return magnitude(total) <= to_nearest(self.release.largest_small)

    # What a reader could narrow down

    def _components(self) -> Iterator[tuple[list[tuple[Terms, Cell]], list[Constraint]]]:
        """The small numbers that hang together, with what ties them."""
        above: dict[Variable, Variable] = {}

        def top(variable: Variable) -> Variable:
            while above.setdefault(variable, variable) != variable:
                above[variable] = above[above[variable]]
                variable = above[variable]
            return variable

        for form in (*(one.terms for one in self.constraints), *(form for form, _ in self.numbers)):
            for variable, _ in form[1:]:
                above[top(variable)] = top(form[0][0])
        ties: dict[Variable, list[Constraint]] = defaultdict(list)
        for one in self.constraints:
            ties[top(one.terms[0][0])].append(one)
        numbers: dict[Variable, list[tuple[Terms, Cell]]] = defaultdict(list)
        for form, cell in self.numbers:
            if form and self._is_small(form):
                numbers[top(form[0][0])].append((form, cell))
        for variable, members in sorted(numbers.items()):
            # Rounding keeps order: what is only known to be no more than something else is narrowed by nothing.
            if any(not _is_order(one) for one in ties[variable]):
                yield members, ties[variable]

    def _protect(self, plan: RoundedPlan, numbers: list[tuple[Terms, Cell]], constraints: list[Constraint]) -> None:
        """Hides all that hangs together where too few values are left of a number.

        Hiding a part of it would tell from what was hidden what the rest had to be. So it does where a part is public
        already: that can't be helped, and is told.
        """
        variables = {variable for one in constraints for variable, _ in one.terms}
        cells = {
            cell
            for cell, part in variables
            if cell in self.release.shown
            and cell not in self.release.public
            and cell.key not in self.relations.derivations
            and (cell, part) not in self.sums
        }
        failed = self._too_few(plan, numbers, constraints)
        if not failed:
            return
        for cell in sorted(cells):
            self._hide(plan, cell, Why.PROTECTS)
        if not any(cell in self.release.public for cell, _ in variables):
            failed = self._too_few(plan, numbers, constraints)
        plan.exposed += [cell for cell in failed if cell in self.release.shown and cell not in plan.exposed]

    def _too_few(
        self, plan: RoundedPlan, numbers: Iterable[tuple[Terms, Cell]], constraints: list[Constraint]
    ) -> list[Cell]:
        domains = {
            variable: self._domain(plan, variable)
            for form in (*(one.terms for one in constraints), *(form for form, _ in numbers))
            for variable, _ in form
        }
        worlds = _Worlds(constraints, domains)
        return [
            cell
            for form, cell in numbers
            # What is known already nobody can protect.
            if not all(one in self.exactly for (one, _), _ in form) and not worlds.has_enough(form)
        ]

    def _is_unknown(self, plan: RoundedPlan, cell: Cell) -> bool:
        return cell not in self.release.public and (cell in plan.hidden or cell in self.release.suppressed)

    def _domain(self, plan: RoundedPlan, variable: Variable) -> tuple[int, int]:
        """Between which whole numbers a reader knows a variable."""
        cell, part = variable
        nature = self.relations.natures[cell.key]
        if cell in self.exactly:
            known = true_value(variable, self.release.quantities)
            return -int(-known // 1), int(known // 1)
        least = -UNBOUNDED if nature.allows_negative else 0
        is_free = cell.key in self.relations.derivations or variable in self.sums or self._is_unknown(plan, cell)
        if is_free or (part == "numerator" and not nature.is_of_cases):
            return least, UNBOUNDED
        near = int(self.value(variable))
        return max(near - REACH, least), near + REACH

    def _hide(self, plan: RoundedPlan, cell: Cell, why: Why) -> None:
        """Hides a cell with all that is worked out from it."""
        if cell in plan.hidden or cell not in self.release.shown:
            return
        plan.hidden[cell] = why
        for other in self.release.shown:
            derivation = self.relations.derivations.get(other.key)
            follows = derivation is not None and other.month == cell.month and cell.key in derivation.sources
            if follows or any(one == (cell, "value") for one, _ in self.sums.get((other, "value"), ())):
                self._hide(plan, other, Why.RESTS_ON)


def _is_order(constraint: Constraint) -> bool:
    """Whether it says no more than that one variable is no more than another."""
    factors = [factor for _, factor in constraint.terms]
    return sorted(factors) == [-1, 1] and {constraint.low, constraint.high} == {0, None}


class _Worlds:
    """Whole numbers within bounds that satisfy constraints. What isn't found within some steps counts as none."""

    def __init__(self, constraints: Collection[Constraint], domains: Domains) -> None:
        self.domains = domains
        self.found: list[Mapping[Variable, int]] = []
        self.of_variable: dict[Variable, list[Constraint]] = defaultdict(list)
        for constraint in constraints:
            for variable, _ in constraint.terms:
                self.of_variable[variable].append(constraint)
        self.start = self._narrowed(dict(domains), list(constraints))

    def has_enough(self, form: Terms) -> bool:
        """Whether a sum can have three values."""
        if self.start is None:
            return False
        values = {sum(factor * world[one] for one, factor in form) for world in self.found}
        low, high = _bounds(form, self.start)
        near = min(max(low, 0), high) if not self.found else min(values, key=magnitude, default=low)
        tried = sorted(
            range(max(int(low), int(near) - MOST_VALUES), min(int(high), int(near) + MOST_VALUES) + 1),
            key=lambda one: (abs(one - near), one),
        )
        for value in tried[:MOST_VALUES]:
            if len(values) >= FEWEST_POSSIBLE:
                break
            if value not in values and (world := self._world(Constraint(form, value, value))):
                self.found.append(world)
                values.add(value)
        return len(values) >= FEWEST_POSSIBLE

    def _world(self, wanted: Constraint) -> Mapping[Variable, int] | None:
        self.wanted, self.tried = wanted, 0
        start = self._narrowed(dict(self.start or {}), [wanted])
        return None if start is None else self._search(start)

    def _search(self, domains: Domains) -> Mapping[Variable, int] | None:
        self.tried += 1
        if self.tried > MOST_TRIED:
            return None
        free = [(high - low, variable) for variable, (low, high) in domains.items() if low < high]
        if not free:
            return {variable: low for variable, (low, _) in domains.items()}
        _, variable = min(free)
        low, high = domains[variable]
        # The middle leaves most room for what hangs together with it; what has no bound is tried from below.
        middle = (low + high) // 2 if high < UNBOUNDED else max(low, 0)
        for value in (
            sorted(range(low, high + 1), key=lambda one: abs(one - middle))
            if high - low < MOST_VALUES
            else (middle, low, high)
        ):
            narrowed = self._narrowed({**domains, variable: (value, value)}, [*self._had(variable)])
            if narrowed is not None and (found := self._search(narrowed)) is not None:
                return found
        return None

    def _had(self, variable: Variable) -> Iterator[Constraint]:
        yield from self.of_variable[variable]
        if any(one == variable for one, _ in self.wanted.terms):
            yield self.wanted

    wanted = Constraint((), None, None)

    def _narrowed(self, domains: Domains, waiting: list[Constraint]) -> Domains | None:
        """The bounds that are left by the constraints; None where nothing is, or where bounds close in too slowly."""
        steps = 0
        while waiting:
            constraint = waiting.pop()
            steps += 1
            if steps > MOST_STEPS + len(domains):
                return None
            low, high = _bounds(constraint.terms, domains)
            if (constraint.low is not None and high < constraint.low) or (
                constraint.high is not None and low > constraint.high
            ):
                return None
            for variable, factor in constraint.terms:
                least, most = domains[variable]
                ends = (factor * least, factor * most)
                others_low, others_high = low - min(ends), high - max(ends)
                rooms = [
                    None if constraint.low is None else (constraint.low - others_high) * Fraction(1, factor),
                    None if constraint.high is None else (constraint.high - others_low) * Fraction(1, factor),
                ]
                if factor < 0:
                    rooms.reverse()
                new_least = least if rooms[0] is None else max(least, -int(-rooms[0] // 1))
                new_most = most if rooms[1] is None else min(most, int(rooms[1] // 1))
                if new_least > new_most:
                    return None
                if (new_least, new_most) != (least, most):
                    domains[variable] = new_least, new_most
                    waiting += self._had(variable)
                    low, high = _bounds(constraint.terms, domains)
        return domains


def _bounds(form: Terms, domains: Domains) -> tuple[Exact, Exact]:
    """Between which numbers a sum lies."""
    low: Exact = 0
    high: Exact = 0
    for variable, factor in form:
        ends = factor * domains[variable][0], factor * domains[variable][1]
        low, high = low + min(ends), high + max(ends)
    return low, high
