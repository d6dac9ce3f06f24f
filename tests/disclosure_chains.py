"""Editions published one after the other, as the planner takes them and as a reader sees them who keeps them all.

A reader who knows the program has more than the figures: every edition's pattern of what is hidden, or its rounded
figures, has to come out again when the whole chain is published anew from the numbers that the reader supposes.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain
from random import Random
from typing import NamedTuple

from indicators.calculations.disclosure import (
    Cell,
    Plan,
    Quantity,
    Release,
    RoundedPlan,
    plan_cells,
    plan_rounding,
)
from indicators.calculations.months import add_months
from tests.disclosure_rounding import RoundedReader, nearest
from tests.disclosure_solver import FEWEST, Equation, Reader, Table
from tests.disclosure_tables import JANUARY, SHARE_KEY, Shape, few

Name = Hashable
Place = tuple[int, int]
Figures = Mapping[Place, int]
# A figure of a place that is another in a later edition is told by the number of its version.
History = Sequence[Figures]
EDITIONS = 3


class Chain(NamedTuple):
    """What readers of all editions have, what none of these shows, and what the officer was told can't be protected.

    `pictures` are what each edition shows, None for what it hides.
    """

    table: Table
    hidden: frozenset[Name]
    told: frozenset[Name]
    pictures: tuple[Mapping[Name, int | None], ...]
    names: tuple[Mapping[Place, Name], ...]
    worked_out: frozenset[Name]


def make_history(shape: Shape, random: Random) -> list[Figures]:
    """Three editions: of a stock and of totals of months each has a month more, and any can revise a figure."""
    if shape.stock or shape.to_date:
        return _growing(shape, random)
    history = [shape.make(random)]
    for _ in range(EDITIONS - 1):
        other = shape.make(random)
        history.append(_revised(shape, history[-1], other, random) if random.random() < 0.5 else history[-1])
    return history


def _revised(shape: Shape, before: Figures, other: Figures, random: Random) -> Figures:
    """The table with one part as it is in another, and what is worked out from it."""
    totals = {total for total, _ in shape.sums}
    part = random.choice([place for place in before if place[0] not in totals])
    return shape.add_up({**before, part: other[part]})


def _growing(shape: Shape, random: Random) -> list[Figures]:
    entered = {(key, place): few(random) for key in shape.entered for place in range(EDITIONS)}
    begin = {(shape.stock[0], 0): random.randint(20, 60)} if shape.stock else {}
    history: list[Figures] = []
    for latest in range(EDITIONS):
        if latest and random.random() < 0.5:
            entered[random.choice(shape.entered), random.randrange(latest)] = few(random)
        shown = {place: value for place, value in entered.items() if place[1] <= latest}
        history.append(shape.add_up({**begin, **shown}))
    return history


def publish_chain(shape: Shape, history: History, largest_small: int = 5, *, rounds: bool = False) -> Chain:
    """What comes out when the editions are published one after the other."""
    names = _named(shape, history)
    public: set[Name] = set()
    suppressed: set[Name] = set()
    told: set[Name] = set()
    pictures = []
    hidden_before: list[set[Name]] = []
    for number, own in enumerate(names):
        # Those of this edition have no version, whatever they were before.
        named = [own, *names[:number]]
        cells: dict[Name, Cell] = {}
        quantities: dict[Cell, Quantity] = {}
        for figures, edition in zip((history[number], *history), named, strict=False):
            for place, quantity in _quantities(shape, figures).items():
                if edition[place] not in cells:
                    month = add_months(JANUARY, place[1])
                    version = sum((cell.key, cell.month) == (place[0], month) for cell in quantities)
                    cells[edition[place]] = Cell(place[0], month, version)
                    quantities[cells[edition[place]]] = quantity
        by_cell = {cell: name for name, cell in cells.items()}
        editions = [{(cells[one].key, cells[one].month): cells[one] for one in each.values()} for each in named]
        release = Release(
            shape.relations,
            quantities,
            [editions[0] | edition for edition in editions],
            frozenset(editions[0].values()),
            frozenset(cells[name] for name in public),
            frozenset(cells[name] for name in suppressed),
            largest_small=largest_small,
        )
        release = replace(release, earlier=_earlier(release, named, cells, hidden_before))
        plan = plan_rounding(release) if rounds else plan_cells(release)
        told |= {by_cell[cell] for cell in plan.exposed}
        hidden = {by_cell[cell] for cell in plan.hidden}
        suppressed |= hidden
        hidden_before.append(hidden)
        public |= set(own.values()) - hidden
        pictures.append({name: _seen(plan, cells[name], release) for name in own.values()})
    worked_out = frozenset(name for edition in names for name in edition.values() if shape.follows(name[0]))
    return Chain(
        _table(shape, history, names),
        frozenset(suppressed - public),
        frozenset(told),
        tuple(pictures),
        tuple(names),
        worked_out,
    )


def _earlier(
    release: Release, named: Sequence[Mapping[Place, Name]], cells: Mapping[Name, Cell], hidden: Sequence[set[Name]]
) -> tuple[Release, ...]:
    """Each edition before as it was released; `named` are this one and those before it, the first first."""
    found: list[Release] = []
    editions = [{(cells[name].key, cells[name].month): cells[name] for name in one.values()} for one in named[1:]]
    public: frozenset[Cell] = frozenset()
    suppressed: frozenset[Cell] = frozenset()
    for number, (edition, names) in enumerate(zip(editions, hidden, strict=True)):
        own = frozenset(edition.values())
        known = own.union(*(one.values() for one in editions[:number]))
        found.append(
            replace(
                release,
                quantities={cell: release.quantities[cell] for cell in known},
                editions=[edition, *({**edition, **one} for one in editions[:number])],
                shown=own,
                public=public,
                suppressed=suppressed,
            )
        )
        suppressed |= {cells[name] for name in names}
        public |= own - {cells[name] for name in names}
    return tuple(found)


def _seen(plan: Plan | RoundedPlan, cell: Cell, release: Release) -> int | None:
    """What an edition shows of a cell. What is derived from rounded counts tells no more than these."""
    if cell in plan.hidden:
        return None
    value = int(release.quantities[cell].value)
    if isinstance(plan, Plan):
        return value
    if cell.key in release.relations.derivations:
        return 0
    return int(plan.worked_out.get((cell.key, cell.month), nearest(value)))


def _named(shape: Shape, history: History) -> list[Mapping[Place, Name]]:
    """A name for each different figure of a place, that says nothing of how large it is."""
    known: dict[Place, list[Quantity]] = {}
    found = []
    for figures in history:
        names: dict[Place, Name] = {}
        for place, quantity in _quantities(shape, figures).items():
            versions = known.setdefault(place, [])
            if quantity not in versions:
                versions.append(quantity)
            names[place] = (*place, versions.index(quantity))
        found.append(names)
    return found


def _quantities(shape: Shape, figures: Figures) -> dict[Place, Quantity]:
    found = {place: Quantity(value) for place, value in figures.items()}
    if shape.share:
        top, bottom = (figures[key, 0] for key in shape.share)
        found[SHARE_KEY, 0] = Quantity(Fraction(100 * top, bottom), top, bottom)
    return found


def _table(shape: Shape, history: History, names: Sequence[Mapping[Place, Name]]) -> Table:
    values: dict[Name, int] = {}
    equations: list[Equation] = []
    others = {}
    for figures, named in zip(history, names, strict=True):
        values |= {named[place]: value for place, value in figures.items()}
        table = shape.table(figures)
        for equation in table.equations:
            terms = {named[place]: factor for place, factor in equation.terms.items()}
            equations.append(equation._replace(terms=terms, needs=frozenset(named[one] for one in equation.needs)))
        for share, terms in table.others.items():
            others[named[share]] = {named[place]: factor for place, factor in terms.items()}
    return Table(values, list({str(one): one for one in equations}.values()), others)


def _wanted(reader: Reader, largest_small: int) -> Mapping[Name, Mapping[Name, int]]:
    """The hidden numbers, and small ones outside a share: larger ones can be public from before a revision."""
    values = reader.table.values
    return {
        name: terms
        for name, terms in reader.wanted().items()
        if name in values or 0 < _sum(values, terms) <= largest_small
    }


def too_few_by_figures(published: Chain, largest_small: int = 5, *, rounds: bool = False) -> list[Name]:
    """What all editions together leave fewer than three values, though the officer wasn't told so."""
    table, hidden = published.table, published.hidden
    if rounds:
        found = RoundedReader(table, hidden, published.worked_out).too_few()
    else:
        reader = Reader(table, hidden)
        found = [name for name, terms in _wanted(reader, largest_small).items() if len(reader.values(terms)) < FEWEST]
    return [name for name in found if name not in published.told]


def too_few_by_replaying(
    shape: Shape, published: Chain, largest_small: int = 5, *, rounds: bool = False, most: int = 60
) -> list[Name]:
    """The same for a reader who publishes the whole chain anew from each world, and drops those that look different.

    Up to `most` worlds are tried for each value that a number lacks. The reader is even told which of the figures
    that nobody sees were revised.
    """
    table, hidden = published.table, published.hidden
    if rounds:
        readers = [RoundedReader(table, hidden, published.worked_out)]
        wanted = {name: {name: 1} for name, value in table.values.items() if nearest(value) <= largest_small}
    else:
        readers = [Reader(table, hidden, largest_small), Reader(table, hidden)]
        wanted = _wanted(readers[1], largest_small)
    found = {name: {_sum(table.values, terms)} for name, terms in wanted.items()}

    def looks_the_same(world: Mapping[Name, int]) -> bool:
        history = [
            {place: world[name] for place, name in named.items() if place[0] != SHARE_KEY} for named in published.names
        ]
        try:
            again = publish_chain(shape, history, largest_small, rounds=rounds)
        except ZeroDivisionError:
            return False
        return again.names == published.names and again.pictures == published.pictures

    for name, terms in wanted.items():
        for world in chain.from_iterable(reader.worlds_with_others(terms, found[name], most) for reader in readers):
            if len(found[name]) >= FEWEST:
                break
            if looks_the_same(world):
                for other, those in wanted.items():
                    found[other].add(_sum(world, those))
    return [name for name, values in found.items() if len(values) < FEWEST and name not in published.told]


def _sum(values: Mapping[Name, int], terms: Mapping[Name, int]) -> int:
    return sum(factor * values[name] for name, factor in terms.items())
