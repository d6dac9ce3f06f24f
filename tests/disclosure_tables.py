"""Small tables with small counts, as the planner of disclosure control takes them and as the solver attacks them."""

from collections.abc import Callable, Hashable, Mapping
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any, NamedTuple

from indicators.calculations.consistency import CheckKind, CheckRole
from indicators.calculations.disclosure import (
    Cell,
    Derivation,
    Nature,
    Quantity,
    Relation,
    Relations,
    Release,
)
from indicators.calculations.months import add_months
from indicators.calculations.periods import Periods
from indicators.calculations.vocabulary import Frequency, Kind, Unit
from tests.disclosure_solver import Equation, Table

JANUARY = date(2021, 1, 1)
COUNT = Nature(Unit.COUNT, Kind.FIGURE)
SHARE_KEY = 90


class Shape(NamedTuple):
    """A kind of table: how its figures come about, and how they hang together, twice over."""

    make: Callable[[Random], dict[tuple[int, int], int]]
    relations: Relations
    sums: tuple[tuple[int, tuple[int, ...]], ...] = ()
    share: tuple[int, int] | None = None
    stock: tuple[int, int, int] | None = None
    to_date: tuple[int, int] | None = None
    # Of a total of months: how many, None for the year so far; and in each how manieth month it is due.
    months: int | None = None
    every: int = 1

    @property
    def entered(self) -> list[int]:
        """What is counted each month; all else follows from it, but for what a stock begins with."""
        found = {place[0] for place in self.make(Random(0))}  # noqa: S311 - nothing secret
        return sorted(key for key in found if not self.follows(key) and (self.stock is None or key != self.stock[0]))

    def release(self, values: Mapping[tuple[int, int], int], largest_small: int) -> Release:
        """What the planner is given."""
        quantities = {Cell(key, add_months(JANUARY, place)): Quantity(value) for (key, place), value in values.items()}
        if self.share:
            for place in {place for _, place in values}:
                top, bottom = (values[key, place] for key in self.share)
                share = Quantity(Fraction(100 * top, bottom), top, bottom)
                quantities[Cell(SHARE_KEY, add_months(JANUARY, place))] = share
        edition = {(cell.key, cell.month): cell for cell in quantities}
        return Release(self.relations, quantities, [edition], frozenset(quantities), largest_small=largest_small)

    def table(self, values: Mapping[tuple[int, int], int]) -> Table:
        """What the reader knows."""
        equations, others = [], {}
        for place in sorted({place for _, place in values}):
            for total, parts in self.sums:
                equations.append(Equation({(total, place): -1, **{(part, place): 1 for part in parts}}))
            if self.share:
                top, bottom = ((key, place) for key in self.share)
                share = (SHARE_KEY, place)
                equations.append(Equation({bottom: 1, top: -1}, high=None))
                shown = frozenset((share,))
                equations += [Equation({one: 1}, values[one], values[one], shown) for one in (top, bottom)]
                others[share] = {bottom: 1, top: -1}
            if self.stock and place:
                stock, into, out = self.stock
                flow = {(stock, place): 1, (stock, place - 1): -1, (into, place): -1, (out, place): 1}
                equations.append(Equation(flow))
            if self.to_date:
                total, part = self.to_date
                if (total, place) in values:
                    equations.append(Equation({(total, place): -1, **{(part, one): 1 for one in self.span(place)}}))
        return Table(values, equations, others)

    def add_up(self, entered: Mapping[tuple[int, int], int]) -> dict[tuple[int, int], int]:
        """The figures with all that follows from them; no more leaves a stock than is there."""
        found = dict(entered)
        for place in sorted({place for _, place in entered}):
            for total, parts in self.sums:
                found[total, place] = sum(found[part, place] for part in parts)
            if self.stock and place:
                stock, into, out = self.stock
                there = found[stock, place - 1] + found[into, place]
                found[out, place] = min(found[out, place], there)
                found[stock, place] = there - found[out, place]
            if self.to_date:
                total, part = self.to_date
                if (place + 1) % self.every == 0 and place + 1 >= (self.months or 1):
                    found[total, place] = sum(found[part, one] for one in self.span(place))
        return found

    def span(self, place: int) -> range:
        """The months that a total kept in one is of."""
        return range(0 if self.months is None else place + 1 - self.months, place + 1)

    def follows(self, key: int) -> bool:
        """Whether a line is others added up, so that of rounded counts it tells nothing of its own."""
        return key in {total for total, _ in self.sums} or (self.to_date is not None and key == self.to_date[0])

    def with_shares(self, hidden: frozenset[Hashable]) -> frozenset[Hashable]:
        """What is suppressed with cells: the share of suppressed numbers."""
        is_hit = self.share is not None and any((key, 0) in hidden for key in self.share)
        return hidden | {(SHARE_KEY, 0)} if is_hit else hidden


def few(random: Random) -> int:
    """A count as they are in tables of children: often small, sometimes nobody."""
    return random.choice([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 17, 21, 26, 33, 41, 58, random.randint(1, 5)])


def _sum_of(count: int) -> Shape:
    parts = tuple(range(1, count + 1))

    def make(random: Random) -> dict[tuple[int, int], int]:
        values = {(part, 0): few(random) for part in parts}
        return {**values, (9, 0): sum(values.values())}

    relations = Relations(dict.fromkeys((*parts, 9), COUNT), {9: Derivation(parts)})
    return Shape(make, relations, ((9, parts),))


def _overlapping(random: Random) -> dict[tuple[int, int], int]:
    one, two, three = (few(random) for _ in range(3))
    return {(1, 0): one, (2, 0): two, (3, 0): three, (8, 0): two + three, (9, 0): one + two + three}


def _crossed(random: Random) -> dict[tuple[int, int], int]:
    one, two, three, four = (few(random) for _ in range(4))
    sums = {5: one + two, 6: three + four, 7: one + three, 8: two + four, 9: one + two + three + four}
    return {(key, 0): value for key, value in ({1: one, 2: two, 3: three, 4: four} | sums).items()}


def _shared(random: Random) -> dict[tuple[int, int], int]:
    one, two = few(random), few(random) + 1
    return {(1, 0): one, (2, 0): two, (9, 0): one + two}


def _flowing(random: Random) -> dict[tuple[int, int], int]:
    before, into = random.randint(20, 60), few(random)
    out = min(few(random), before)
    return {(1, 0): before, (2, 0): 20, (3, 0): 20, (1, 1): before + into - out, (2, 1): into, (3, 1): out}


def _of_months(**fields: Any) -> Shape:
    """A line and its total of some months, or of the year so far."""

    def make(random: Random) -> dict[tuple[int, int], int]:
        return shape.add_up({(1, place): few(random) for place in range(3)})

    periods = Periods(Frequency.QUARTERLY if fields.get("every") else Frequency.MONTHLY, year_starts=1)
    natures = {1: COUNT._replace(periods=Periods(year_starts=1)), 9: COUNT._replace(periods=periods)}
    total = Relation(9, CheckKind.MONTHS, ((CheckRole.PART, 1),), months=fields.get("months"))
    shape = Shape(make, Relations(natures, {}, (total,)), to_date=(9, 1), **fields)
    return shape


_CROSSED = ((5, (1, 2)), (6, (3, 4)), (7, (1, 3)), (8, (2, 4)), (9, (5, 6)), (9, (7, 8)))
_FLOWS = ((CheckRole.INFLOW, 2), (CheckRole.OUTFLOW, 3))


def _parts(total: int, parts: tuple[int, ...]) -> Relation:
    return Relation(total, CheckKind.PARTS, tuple((CheckRole.PART, part) for part in parts), tolerance=2)


SHAPES = {
    "two parts": _sum_of(2),
    "three parts": _sum_of(3),
    "four parts": _sum_of(4),
    "overlapping totals": Shape(
        _overlapping,
        Relations(dict.fromkeys((1, 2, 3, 8, 9), COUNT), {9: Derivation((1, 2, 3)), 8: Derivation((2, 3))}),
        ((9, (1, 2, 3)), (8, (2, 3))),
    ),
    "rows and columns": Shape(
        _crossed,
        Relations(dict.fromkeys(range(1, 10), COUNT), {}, tuple(_parts(total, parts) for total, parts in _CROSSED)),
        _CROSSED,
    ),
    "share of a whole": Shape(
        _shared,
        Relations(
            {**dict.fromkeys((1, 2, 9), COUNT), SHARE_KEY: Nature(Unit.PERCENTAGE, Kind.DERIVED)},
            {9: Derivation((1, 2)), SHARE_KEY: Derivation((1,), (9,))},
        ),
        ((9, (1, 2)),),
        share=(1, 9),
    ),
    "stock and flow": Shape(
        _flowing,
        Relations(dict.fromkeys((1, 2, 3), COUNT), {}, (Relation(1, CheckKind.STOCK, _FLOWS, tolerance=3),)),
        stock=(1, 2, 3),
    ),
    "year to date": _of_months(),
    "rolling two months": _of_months(months=2),
    "quarter of three months": _of_months(months=3, every=3),
}


def place_of(cell: Cell) -> tuple[int, int]:
    """A cell as the tables name it."""
    return cell.key, cell.month.month - 1
