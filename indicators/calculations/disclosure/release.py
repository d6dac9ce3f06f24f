"""What is released of an edition, which numbers of people its cells tell of, and what hangs together with what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from indicators.calculations.exact import Exact, magnitude
from indicators.calculations.vocabulary import Unit

from .audit import Audit, World
from .constraints import Bounds, Constraint, ConstraintMaker, Edition, Form, Place, Variable
from .relations import LARGEST_SMALL, Cell, Quantity, Relations, Why, is_small


@dataclass(frozen=True, slots=True)
class Release:
    """Cells of the edition to publish and of those that are public already.

    `editions` say which cell each indicator's month is, the edition to publish first. `shown` are the cells that it
    has, `public` those whose figure a public edition shows, `suppressed` those that a public edition suppresses.
    `bounds` are between which numbers a reader of rounded editions knows what is neither.
    Counts from 1 to `largest_small` are small; `largest_elsewhere` are those that other editions took for it.
    `earlier` are the public editions as they were released themselves, as far as is known; `first` is such an edition
    beside what of those before it was public still, where that was less. What is neither shown nor public nor
    suppressed stands as it is now on lines that the edition lacks and others have.
    """

    relations: Relations
    quantities: Mapping[Cell, Quantity]
    editions: Sequence[Edition]
    shown: frozenset[Cell]
    public: frozenset[Cell] = frozenset()
    suppressed: frozenset[Cell] = frozenset()
    largest_small: int = LARGEST_SMALL[0]
    largest_elsewhere: frozenset[int] = frozenset()
    bounds: Bounds = field(default_factory=dict)
    earlier: tuple[Release, ...] = ()
    first: Release | None = None


def _combined(editions: Sequence[Edition]) -> list[Edition]:
    """The editions, and each with the other figures of those before it: what it lacks may have been the same then."""
    first = editions[0]
    found: list[Edition] = []
    before: dict[Place, Cell] = {}
    for edition in editions:
        own = {place: cell for place, cell in edition.items() if first.get(place, cell) != cell}
        # What it has itself is not what it was before; of another one only that is told apart which differs from now.
        has = edition if edition.items() >= first.items() else own
        for one in (edition, {**edition, **before, **has}):
            if one not in found:
                found.append(one)
        before |= own
    return found


class Number(NamedTuple):
    """A number of people that a cell tells of: of which cell, what makes it up, and why it would be suppressed."""

    cell: Cell
    form: tuple[tuple[Variable, Exact], ...]
    why: Why


class Everything:
    """What hangs together with what in a release, and the numbers that its cells tell of."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.relations = release.relations
        self.totals = release.relations.totals()
        self.dependants = release.relations.dependants()
        self.makers = [
            ConstraintMaker(release.relations, edition, release.quantities) for edition in _combined(release.editions)
        ]
        constraints = chain.from_iterable(maker.constraints() for maker in self.makers)
        self.audit = Audit(constraints, release.quantities, release.bounds)
        self.numbers = list(chain.from_iterable(map(self._numbers, sorted(release.quantities))))
        self.numbers_of: dict[Variable, list[Number]] = {}
        for number in self.numbers:
            for variable, _ in number.form:
                self.numbers_of.setdefault(variable, []).append(number)
        self.sizes = sorted({release.largest_small, *release.largest_elsewhere})

    def _numbers(self, cell: Cell) -> Iterator[Number]:
        """The numbers of people that a cell tells of."""
        quantity, nature = self.release.quantities[cell], self.relations.natures[cell.key]
        if quantity.numerator is None or quantity.denominator is None:
            if nature.unit is Unit.COUNT:
                yield Number(cell, (((cell, "value"), 1),), Why.SMALL_COUNT)
            return
        place = (cell.key, cell.month)
        maker = next(maker for maker in self.makers if maker.edition.get(place) == cell)
        top, bottom = maker.ratio(cell, cell.month) if self.relations.is_ratio(cell.key) else ({}, {})
        # What it is worked out from may have no figure of its own.
        top, bottom = top or {(cell, "numerator"): 1}, bottom or {(cell, "denominator"): 1}
        if not nature.is_of_cases:
            # An average of few tells what each of them has.
            yield Number(cell, _terms(bottom), Why.SMALL_DENOMINATOR)
            return
        yield Number(cell, _terms(top), Why.SMALL_NUMERATOR)
        if nature.unit is Unit.PERCENTAGE:
            rest = {variable: bottom.get(variable, 0) - top.get(variable, 0) for variable in {**bottom, **top}}
            yield Number(cell, _terms(rest), Why.SMALL_COMPLEMENT)

    def is_small(self, number: Number, world: World) -> bool:
        """Whether the number is so small in the world that its cell is suppressed."""
        return is_small(self.audit.total(number.form, world), self.release.largest_small)

    def limit(self, number: Number, world: World) -> Constraint:
        """What a reader of the world knows of the number who is told between which sizes it lies."""
        total = self.audit.total(number.form, world)
        size = magnitude(total)
        low: Exact = 0
        high: Exact | None = None
        if size:
            low = max((one for one in self.sizes if one < size), default=0) + 1
            high = min((one for one in self.sizes if one >= size), default=None)
        if total < 0:
            return Constraint(number.form, None if high is None else -high, -low)
        return Constraint(number.form, low, high)

    def groups(self) -> list[list[Number]]:
        """The numbers whose cells hang together, in whatever way."""
        above: dict[Cell, Cell] = {cell: cell for cell in self.release.quantities}

        def top(cell: Cell) -> Cell:
            while above[cell] != cell:
                above[cell] = above[above[cell]]
                cell = above[cell]
            return cell

        def join(cells: Iterable[Cell]) -> None:
            first, *others = map(top, cells)
            for other in others:
                above[other] = first

        for tied in self._tied():
            join(tied)
        found: dict[Cell, list[Number]] = {}
        for number in self.numbers:
            found.setdefault(top(number.cell), []).append(number)
        return list(found.values())

    def _tied(self) -> Iterator[list[Cell]]:
        """Cells that hang together: by a constraint, by a number, and with what is worked out from them."""
        for constraint in self.audit.constraints:
            if constraint.terms:
                yield [*(cell for (cell, _), _ in constraint.terms), *constraint.needs, *constraint.needs_one]
        for number in self.numbers:
            yield [number.cell, *(cell for (cell, _), _ in number.form)]
        for edition in self.release.editions:
            for (key, month), cell in edition.items():
                others = ((other, month) for other in self.dependants.get(key, ()))
                yield [cell, *(edition[place] for place in others if place in edition)]

    def cells_of(self, numbers: Iterable[Number]) -> set[Cell]:
        """The cells that tell of the numbers."""
        return {number.cell for number in numbers}


def _terms(form: Form) -> tuple[tuple[Variable, Exact], ...]:
    return tuple((variable, factor) for variable, factor in sorted(form.items()) if factor)
