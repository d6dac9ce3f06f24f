"""Editions published one after the other, as the planner takes them and as a reader sees them who keeps them all.

A reader who knows the program has more than the figures: every edition's pattern of what is hidden, or its rounded
figures, has to come out again when the whole chain is published anew from the numbers that the reader supposes.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import chain
from random import Random
from typing import Any, NamedTuple

from ortools.sat.python import cp_model

from indicators.calculations.disclosure import (
    Cell,
    Plan,
    Quantity,
    Relations,
    Release,
    RoundedPlan,
    bounds_of_rounded,
    plan_cells,
    plan_rounding,
)
from indicators.calculations.disclosure.constraints import Bounds, Variable
from indicators.calculations.months import add_months
from tests.disclosure_rounding import RoundedReader, nearest
from tests.disclosure_solver import FEWEST, PLENTY, Equation, Reader, Table, worlds_with_others
from tests.disclosure_tables import JANUARY, SHARE_KEY, Shape, few

Name = Hashable
Place = tuple[int, int]
Figures = Mapping[Place, int]
# A figure of a place that is another in a later edition is told by the number of its version.
History = Sequence[Figures]
EDITIONS = 3


HIDES, ROUNDS, OPEN = "hides", "rounds", "hides nothing"


class Setting(NamedTuple):
    """How an edition is published, up to which count is small, with which lines (None for all), on which scorecard."""

    how: str = HIDES
    largest_small: int = 5
    lines: frozenset[int] | None = None
    scorecard: int = 0


class Chain(NamedTuple):
    """What readers of all editions have, what none of these shows, and what the officer was told can't be protected.

    `pictures` are what each edition shows, None for what it hides; `exact` what any shows as it is, `rounded` what any
    shows to the nearest 5.
    """

    table: Table
    hidden: frozenset[Name]
    told: frozenset[Name]
    pictures: tuple[Mapping[Name, int | None], ...]
    names: tuple[Mapping[Place, Name], ...]
    worked_out: frozenset[Name]
    exact: frozenset[Name]
    rounded: frozenset[Name]
    settings: tuple[Setting, ...]


def make_history(shape: Shape, random: Random) -> list[Figures]:
    """Three editions: of a stock and of totals of months each has a month more, and any can revise a figure."""
    if shape.stock or shape.to_date:
        return _growing(shape, random)
    history = [shape.make(random)]
    for _ in range(EDITIONS - 1):
        other = shape.make(random)
        history.append(_revised(shape, history[-1], other, random) if random.random() < 0.5 else history[-1])
    return history


def make_settings(kind: str, shape: Shape, random: Random) -> list[Setting]:
    """What is changed between three editions, of one kind."""
    large, small = (10, 5) if random.random() < 0.5 else (7, 5)

    def some() -> frozenset[int]:
        keys = {place[0] for place in shape.make(Random(0))} | ({SHARE_KEY} if shape.share else set())  # noqa: S311
        chosen = {key for key in keys if random.random() < 0.7}
        # Whatever is worked out has the pages of its parts with it.
        while parts := {one for key in chosen if key in derivations for one in derivations[key].sources} - chosen:
            chosen |= parts
        return frozenset(chosen)

    derivations = shape.relations.derivations
    rounds = [Setting(), Setting(ROUNDS), Setting()], [Setting(ROUNDS), Setting(), Setting(ROUNDS)]
    return {
        "threshold": [Setting(largest_small=one) for one in (small, large, random.choice([7, 5]))],
        "rounding": random.choice(rounds),
        "hiding switched on": [Setting(OPEN), Setting(), Setting(largest_small=large)],
        "lines": [Setting(lines=some()), Setting(lines=some()), Setting()],
        "second scorecard": [Setting(), Setting(largest_small=large, lines=some(), scorecard=1), Setting(lines=some())],
        "open scorecard": [Setting(OPEN, lines=some(), scorecard=1), Setting(), Setting(largest_small=large)],
    }[kind]


CHANGES = ("threshold", "rounding", "hiding switched on", "lines", "second scorecard", "open scorecard")


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


class Edition(NamedTuple):
    """An edition as it was published: what it has, what it hides, and all that was stored then, by places and names."""

    setting: Setting
    names: Mapping[Place, Name]
    hidden: frozenset[Name]
    stored: Mapping[Place, Name]
    picture: Mapping[Name, int | None]

    @property
    def shown(self) -> set[Name]:
        return set(self.names.values()) - self.hidden


def publish_chain(
    shape: Shape,
    history: History,
    largest_small: int = 5,
    *,
    rounds: bool = False,
    settings: Sequence[Setting] | None = None,
) -> Chain:
    """What comes out when the editions are published one after the other, in one way or each with its setting."""
    settings = settings or [Setting(ROUNDS if rounds else HIDES, largest_small)] * len(history)
    cells, quantities = _cells(shape, history)
    all_names = _named(shape, history)
    told: set[Name] = set()
    pictures = []
    before: list[Edition] = []
    by_cell = {cell: name for name, cell in cells.items()}
    for setting, every in zip(settings, all_names, strict=True):
        named = {place: name for place, name in every.items() if setting.lines is None or place[0] in setting.lines}
        make = _Releases(shape.relations, cells, quantities, setting, named, every)
        plan: Plan | RoundedPlan
        if setting.how == OPEN:
            plan = Plan()
        elif setting.how == ROUNDS:
            plan = make.rounded(before)
        else:
            now, ever = _public(before, setting)
            plan = plan_cells(make.release(now), make.release(ever) if len(ever) > len(now) else None)
        told |= {by_cell[make.back(cell)] for cell in plan.exposed}
        hidden = frozenset(by_cell[make.back(cell)] for cell in plan.hidden)
        pictures.append({name: _seen(plan, make, name, setting) for name in named.values()})
        before.append(Edition(setting, named, hidden, every, pictures[-1]))
    worked_out = frozenset(name for edition in all_names for name in edition.values() if shape.follows(name[0]))
    exact = {name for one in before if one.setting.how != ROUNDS for name in one.shown}
    rounded = {name for one in before if one.setting.how == ROUNDS for name in one.shown} - worked_out
    return Chain(
        _table(shape, history, all_names),
        frozenset(name for one in before for name in one.hidden) - exact,
        frozenset(told),
        tuple(pictures),
        tuple(all_names),
        worked_out,
        frozenset(exact),
        frozenset(rounded),
        tuple(settings),
    )


def _public(before: Sequence[Edition], setting: Setting) -> tuple[list[Edition], list[Edition]]:
    """Which editions are public when one is published with a setting, and which were at any time."""
    current = {one.setting.scorecard: one.setting for one in before} | {setting.scorecard: setting}
    return [one for one in before if _is_public(one.setting, current[one.setting.scorecard])], list(before)


def _is_public(was: Setting, now: Setting) -> bool:
    """Whether what was published so is still for the public where its scorecard has another setting."""
    return was.how == now.how and (was.how != HIDES or was.largest_small >= now.largest_small)


def _cells(shape: Shape, history: History) -> tuple[dict[Name, Cell], dict[Cell, Quantity]]:
    """A cell for each name, with what stands there; versions in the order in which they came."""
    cells: dict[Name, Cell] = {}
    quantities: dict[Cell, Quantity] = {}
    for figures, named in zip(history, _named(shape, history), strict=True):
        for place, quantity in _quantities(shape, figures).items():
            cells[named[place]] = Cell(place[0], add_months(JANUARY, place[1]), named[place][2])  # type: ignore[index]
            quantities[cells[named[place]]] = quantity
    return cells, quantities


class _Releases:
    """What the planner is given for one edition: its own figures have no version, whatever they were before."""

    def __init__(
        self,
        relations: Relations,
        cells: Mapping[Name, Cell],
        quantities: Mapping[Cell, Quantity],
        setting: Setting,
        named: Mapping[Place, Name],
        stored: Mapping[Place, Name],
    ) -> None:
        self.relations, self.setting, self.named, self.stored = relations, setting, named, stored
        own = {cells[name] for name in stored.values()}
        taken = {(cell.key, cell.month): cell.version for cell in own}
        # The version that the edition has changes its place with 0.
        self.cells: dict[Name, Cell] = {}
        for name, cell in cells.items():
            current = taken.get((cell.key, cell.month), 0)
            version = 0 if cell.version == current else current if cell.version == 0 else cell.version
            self.cells[name] = cell._replace(version=version)
        self.names = {cell: name for name, cell in self.cells.items()}
        self.original = cells
        self.quantities = {self.cells[name]: quantities[cell] for name, cell in cells.items()}

    def back(self, cell: Cell) -> Cell:
        return self.original[self.names[cell]]

    def edition(self, names: Mapping[Place, Name]) -> dict[tuple[int, date], Cell]:
        return {(self.cells[name].key, self.cells[name].month): self.cells[name] for name in names.values()}

    def release(self, before: Sequence[Edition], *, rounds: bool = False) -> Release:
        now = Edition(self.setting, self.named, frozenset(), self.stored, {})
        release = self.beside(now, before, self.earlier(before))
        if not rounds:
            return release
        public = frozenset(self.cells[name] for one in before for name in one.shown)
        suppressed = frozenset(self.cells[name] for one in before for name in one.hidden)
        return replace(release, public=public, suppressed=suppressed)

    def beside(self, one: Edition, before: Sequence[Edition], earlier: Iterable[Release]) -> Release:
        """An edition beside others, each with what was stored then of lines that others have."""
        own = self.edition(one.names)
        lines = {key for names in (one.names, *(other.names for other in before)) for key, _ in names}

        def stored(edition: Edition) -> dict[tuple[int, date], Cell]:
            return self.edition({place: name for place, name in edition.stored.items() if place[0] in lines})

        editions = [own]
        for other in before:
            latest = add_months(JANUARY, max(place for _, place in other.stored))
            same = {place: cell for place, cell in own.items() if place[1] <= latest}
            editions += [names | self.edition(other.names) for names in (same | stored(other), same)]
        editions.append(stored(one) | own)
        seen = frozenset(cell for edition in editions for cell in edition.values())
        return Release(
            self.relations,
            {cell: self.quantities[cell] for cell in seen},
            editions,
            frozenset(own.values()),
            *self.known(before),
            bounds=self.bounds(before, own.values()),
            largest_small=one.setting.largest_small,
            largest_elsewhere=frozenset(one.setting.largest_small for one in before if one.setting.how == HIDES),
            earlier=tuple(earlier),
        )

    def known(self, before: Sequence[Edition]) -> tuple[frozenset[Cell], frozenset[Cell]]:
        """What the editions show, and what they hide."""
        shown = {self.cells[name] for one in before if one.setting.how != ROUNDS for name in one.shown}
        hidden = {self.cells[name] for one in before if one.setting.how != ROUNDS for name in one.hidden}
        rounded = {self.cells[name] for one in before if one.setting.how == ROUNDS for name in one.names.values()}
        small = {cell for cell in rounded if 0 < self.quantities[cell].value <= self.setting.largest_small}
        return frozenset(shown), frozenset(hidden | small)

    def bounds(self, before: Sequence[Edition], own: Collection[Cell]) -> Bounds:
        """What rounded editions tell of figures; what was hidden otherwise is not 0, nor is what is hidden now."""
        above_0 = {self.cells[name] for one in before if one.setting.how == HIDES for name in one.hidden} | {*own}
        found: dict[Variable, tuple[Any, Any]] = {}
        for one in before:
            for name, seen in one.picture.items() if one.setting.how == ROUNDS else ():
                cell = self.cells[name]
                exact = self.quantities[cell]
                if seen is None:
                    found.setdefault((cell, "value"), (0, None))
                elif exact.denominator is None:
                    found |= bounds_of_rounded(self.relations, cell, exact, Quantity(seen))
        return {one: (max(low, 1) if one[0] in above_0 else low, high) for one, (low, high) in found.items()}

    def earlier(self, before: Sequence[Edition]) -> tuple[Release, ...]:
        """The editions as they were released themselves, each beside those before it."""
        found: list[tuple[Edition, Release]] = []
        for place, one in enumerate(before):
            if one.setting.how != HIDES:
                continue
            now, ever = _public(before[:place], one.setting)
            release = self.beside(one, ever, [release for _, release in found])
            if len(now) < len(ever):
                kept = [release for edition, release in found if edition in now]
                release = replace(release, first=self.beside(one, now, kept))
            found.append((one, release))
        return tuple(release for _, release in found)

    def rounded(self, before: Sequence[Edition]) -> RoundedPlan:
        release = self.release([one for one in before if one.setting.how == ROUNDS], rounds=True)
        others = [one for one in before if one.setting.how != ROUNDS]
        exactly = {self.cells[name] for one in others for name in one.shown} & release.quantities.keys()
        hidden = {(self.cells[name].key, self.cells[name].month) for one in others for name in one.hidden}
        stays = {cell for cell in release.shown if (cell.key, cell.month) in hidden} - exactly
        return plan_rounding(replace(release, suppressed=release.suppressed | stays), frozenset(exactly))


def _seen(plan: Plan | RoundedPlan, make: _Releases, name: Name, setting: Setting) -> int | None:
    """What an edition shows of a cell. What is derived from rounded counts tells no more than these."""
    cell = make.cells[name]
    if cell in plan.hidden:
        return None
    value = int(make.quantities[cell].value)
    if isinstance(plan, Plan):
        return value
    if cell.key in make.relations.derivations:
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


class Keeper:
    """All worlds for a reader who kept every edition, whatever its setting was."""

    def __init__(self, published: Chain, largest_small: int) -> None:
        self.table, self.published = published.table, published
        self.model = cp_model.CpModel()
        self.numbers: dict[Name, cp_model.LinearExprT] = {}
        hidden_by_rule = {
            name
            for picture, setting in zip(published.pictures, published.settings, strict=True)
            for name, seen in picture.items()
            if seen is None and setting.how == HIDES
        }
        for name, value in self.table.values.items():
            low, high = int(name in hidden_by_rule), PLENTY
            if name in published.exact:
                self.numbers[name] = value
                continue
            if name in published.rounded:
                low, high = max(low, nearest(value) - 2), nearest(value) + 2
            self.numbers[name] = self.model.new_int_var(low, high, str(name))
        for equation in self.table.equations:
            if equation.needs <= published.exact:
                total = self.total(equation.terms)
                self.model.add(total >= equation.low)
                if equation.high is not None:
                    self.model.add(total <= equation.high)
        self.solver = cp_model.CpSolver()
        self.solver.parameters.num_workers = 1
        self.solver.parameters.cp_model_presolve = False
        values = self.table.values
        # 0 is nobody. Larger counts are hidden for the sake of small ones: in vain where the officer was told of these,
        # and where another edition rounds, which hides all that hangs together.
        only_small = published.told or any(one.how == ROUNDS for one in published.settings)
        self.wanted = {
            name: {name: 1}
            for name in published.hidden | published.rounded
            if values.get(name)
            and name not in published.exact | published.told
            and (not only_small or values[name] <= largest_small)
        }
        for share, terms in self.table.others.items():
            if not only_small and share in published.hidden and 0 < _sum(values, terms) <= largest_small:
                self.wanted[share, "others"] = terms

    def total(self, terms: Mapping[Name, int]) -> Any:
        return sum(factor * self.numbers[name] for name, factor in terms.items())

    def too_few(self) -> list[Name]:
        return [name for name, terms in self.wanted.items() if len(self.values(terms)) < FEWEST]

    def values(self, terms: Mapping[Name, int]) -> set[int]:
        """Up to three values of a sum."""
        model, found, total = self.model.clone(), set[int](), self.total(terms)
        while len(found) < FEWEST and self.solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            found.add(self.solver.value(total))
            model.add(total != self.solver.value(total))
        return found

    def too_few_by_replaying(self, shape: Shape, most: int = 300) -> list[Name]:
        """For one who publishes the whole chain anew from each world, and drops those that look different."""
        published, values = self.published, self.table.values
        found = {name: {_sum(values, terms)} for name, terms in self.wanted.items()}
        for name, terms in self.wanted.items():
            for world in worlds_with_others(self.model, self.numbers, values, terms, found[name], most):
                if len(found[name]) >= FEWEST:
                    break
                if _looks_the_same(shape, published, world):
                    for other, those in self.wanted.items():
                        found[other].add(_sum(world, those))
        return [name for name, values in found.items() if len(values) < FEWEST]


def _looks_the_same(shape: Shape, published: Chain, world: Mapping[Name, int]) -> bool:
    """Whether the chain would show the same if the numbers were these."""
    history = [
        {place: world[name] for place, name in named.items() if place[0] != SHARE_KEY} for named in published.names
    ]
    try:
        again = publish_chain(shape, history, settings=published.settings)
    except ZeroDivisionError:
        return False
    return again.names == published.names and again.pictures == published.pictures


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

    for name, terms in wanted.items():
        for world in chain.from_iterable(reader.worlds_with_others(terms, found[name], most) for reader in readers):
            if len(found[name]) >= FEWEST:
                break
            if _looks_the_same(shape, published, world):
                for other, those in wanted.items():
                    found[other].add(_sum(world, those))
    return [name for name, values in found.items() if len(values) < FEWEST and name not in published.told]


def _sum(values: Mapping[Name, int], terms: Mapping[Name, int]) -> int:
    return sum(factor * values[name] for name, factor in terms.items())
