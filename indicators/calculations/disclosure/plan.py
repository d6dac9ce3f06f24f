"""Which cells of an edition to suppress: the small ones, and whatever would give them away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, product
from typing import NamedTuple

from indicators.calculations.exact import Exact

from .audit import TRUE, World
from .constraints import Constraint, Variable
from .relations import FEWEST_POSSIBLE, Cell, Why
from .release import Everything, Number, Release

# What is suppressed by the rules alone has to leave one more, so that worlds remain for those where it doesn't suffice.
FEWEST_AT_FIRST = FEWEST_POSSIBLE + 1
MOST_WORLDS = 6
# In how many positions a planner asks how another world would come out; then what isn't known counts as otherwise.
MOST_JUDGED = 30


@dataclass(slots=True)
class Plan:
    """What to suppress and why; `protects` says for a secondary cell which one it was suppressed for.

    `exposed` are cells that nothing in this edition can protect, because of what is public already.
    """

    hidden: dict[Cell, Why] = field(default_factory=dict)
    protects: dict[Cell, Cell] = field(default_factory=dict)
    exposed: list[Cell] = field(default_factory=list)


def plan_cells(release: Release, remembered: Release | None = None) -> Plan:
    """The cells to suppress. The same input gives the same plan; each step suppresses one more cell, so it ends.

    `remembered` is the same edition beside what was public once and isn't any more: what its readers could work out
    is suppressed too, for the others as if there had been none. What they have read itself is no news to anybody.
    """
    return _plan(release, remembered)[0]


def _plan(
    release: Release, remembered: Release | None = None, editions: Sequence[_Planner] | None = None
) -> tuple[Plan, list[_Planner]]:
    """What to suppress, and who planned it. `editions` are the planners of those before, where they are known."""
    plan, planners = _plan_beside(release, editions)
    if remembered is None:
        return plan, planners
    remembered = replace(remembered, suppressed=remembered.suppressed | plan.hidden.keys())
    more, others = _plan_beside(remembered, editions, planners)
    both = Plan(
        more.hidden | plan.hidden,
        more.protects | plan.protects,
        [*plan.exposed, *(cell for cell in more.exposed if cell not in {*plan.exposed, *remembered.public})],
    )
    return both, [*planners, *others]


def _plan_beside(
    release: Release, editions: Sequence[_Planner] | None, first_planners: Sequence[_Planner] = ()
) -> tuple[Plan, list[_Planner]]:
    """What is suppressed in a release; `first_planners` planned the same one first, beside fewer editions."""
    everything = Everything(release)
    seen = release.shown | release.public | release.suppressed
    anew = replace(release, shown=seen, public=frozenset(), suppressed=frozenset())
    found, planners = Plan(), list[_Planner]()
    for numbers in everything.groups():
        cells = everything.cells_of(numbers)
        if not any(one.cell in release.suppressed or everything.is_small(one, TRUE) for one in numbers):
            continue
        # Worlds in which what was planned first would have hidden something else are none either.
        planned = [
            one for one in first_planners if one.cells & cells and cells & release.public != cells & one.release.public
        ]
        is_new = any(cell not in one.quantities for one in release.earlier for cell in cells & release.shown)
        if release.earlier and (any(cell.version for cell in cells) or (is_new and cells & release.suppressed)):
            # What was revised, or came later, tells more together with how each edition hid what it had.
            before = _replayed(release.earlier, cells) if editions is None else editions
            made = [_Planner(everything, release, numbers, [*planned, *(one for one in before if one.cells & cells)])]
            plan = made[0].plan()
        else:
            # As if nothing had been published yet: what is public already is usually the same.
            made = [_Planner(everything, anew, numbers, planned)]
            plan = made[0].plan()
            agrees = not plan.exposed and not plan.hidden.keys() & release.public
            if not (agrees and release.suppressed & cells <= plan.hidden.keys()):
                made.append(_Planner(everything, release, numbers, [*made, *planned]))
                plan = made[1].plan()
        planners += made
        found.hidden.update((cell, why) for cell, why in plan.hidden.items() if cell in release.shown)
        found.protects.update((cell, other) for cell, other in plan.protects.items() if cell in release.shown)
        found.exposed += plan.exposed
    return found, planners


def _replayed(earlier: Iterable[Release], cells: set[Cell]) -> list[_Planner]:
    """Who planned what of these cells the editions before show and hide, each beside those before it."""
    found: list[_Planner] = []
    for one in earlier:
        whole = _within(one, cells)
        if one.first is None:
            found += _plan(whole, None, found)[1]
        else:
            found += _plan(_within(one.first, cells), whole, found)[1]
    return found


def _within(release: Release, cells: set[Cell]) -> Release:
    """A release of these cells only."""
    return replace(
        release,
        quantities={cell: quantity for cell, quantity in release.quantities.items() if cell in cells},
        editions=[{place: cell for place, cell in one.items() if cell in cells} for one in release.editions],
        shown=release.shown & cells,
        public=release.public & cells,
        suppressed=release.suppressed & cells,
    )


class _Step(NamedTuple):
    """What was tried: what a reader didn't know, the variables that hung together, and which number had too few values
    then, if any had.
    """

    unknown: frozenset[Cell]
    component: frozenset[Variable]
    fewest: int
    failed: Number | None = None


class _Planner:
    """Suppresses first by rules that look at nothing but which cells are small, 0 or public, and how they hang
    together; then, where a reader who knows these rules would have too few worlds left, one cell after the other.

    Nowhere does a choice rest on how large a figure is that is suppressed in the end. So whoever sees which cells are
    suppressed learns from that only which worlds lead there, and those are what the audit counts. `before` are planners
    of the same numbers for editions that are public: worlds in which these would have suppressed something else are
    none, for readers keep what they read.
    """

    def __init__(
        self, everything: Everything, release: Release, numbers: Sequence[Number], before: Sequence[_Planner] = ()
    ) -> None:
        self.everything = everything
        self.release = release
        self.audit = everything.audit
        self.before = before
        self.edition = release.editions[0]
        self.cells = cells = everything.cells_of(numbers)
        self.numbers = [one for one in numbers if one.cell in release.shown or one.cell in release.suppressed]
        self.small = frozenset(number for number in self.numbers if everything.is_small(number, TRUE))
        self.earlier = sorted(release.suppressed & release.shown & cells - release.public)
        self.elsewhere = frozenset(release.suppressed & cells - release.shown - release.public)
        self.unseen = frozenset(cells - release.shown - release.public - release.suppressed)
        self.by_rule: dict[frozenset[Number], Plan] = {}
        self.failing: dict[tuple[_Step, frozenset[tuple[Variable, Exact]]], bool] = {}
        self.judged = 0
        self.tried: list[tuple[_Step, Sequence[_Step]]] = []

    def plan(self) -> Plan:
        """First by the rules, then more where that leaves too few worlds."""
        first = self.plan_by_rule(self.small)
        plan = Plan(dict(first.hidden), dict(first.protects), list(first.exposed))
        for number in self._hidden_numbers(plan, self.small):
            # Nothing helps where rounding left too few by itself.
            if self._room(number) < FEWEST_POSSIBLE and number.cell not in plan.exposed:
                plan.exposed.append(number.cell)
        self._widen(plan)
        return plan

    def _small_in(self, world: World) -> frozenset[Number]:
        """The numbers that are small in the world."""
        touched = {number for variable in world for number in self.everything.numbers_of.get(variable, ())}
        touched.intersection_update(self.numbers)
        return (self.small - touched) | {number for number in touched if self.everything.is_small(number, world)}

    def _room(self, number: Number) -> Exact:
        """How many values rounded editions leave a number by themselves, at most as many as are looked for."""
        (variable, _), *others = number.form
        low, high = self.audit.bounds.get(variable, (None, None))
        return FEWEST_AT_FIRST if others or low is None or high is None else min(high - low + 1, FEWEST_AT_FIRST)

    # By rule

    def plan_by_rule(self, small: frozenset[Number]) -> Plan:
        """What the rules suppress where these numbers are small."""
        if small not in self.by_rule:
            plan = Plan()
            for number in sorted(small, key=lambda one: (one.cell, list(Why).index(one.why))):
                self._hide(plan, number.cell, number.why)
            for cell in self.earlier:
                self._hide(plan, cell, Why.EARLIER)
            given_up: set[Number] = set()
            while self._fix_next(plan, small, given_up):
                pass
            self.by_rule[small] = plan
        return self.by_rule[small]

    def _fix_next(self, plan: Plan, small: frozenset[Number], given_up: set[Number]) -> bool:
        """Suppresses for the first number that equations alone give away what frees it with the fewest cells."""
        for number in self._hidden_numbers(plan, small):
            if number in given_up or not self.audit.is_fixed(dict(number.form), self._unknown(plan)):
                continue
            before = Plan(dict(plan.hidden), dict(plan.protects))
            while self.audit.is_fixed(dict(number.form), self._unknown(plan)):
                choices = self._choices(number.form, self._unknown(plan))
                if not choices:
                    # All that could be suppressed wouldn't help, so it isn't.
                    plan.hidden, plan.protects = before.hidden, before.protects
                    given_up.add(number)
                    if number in small and number.cell not in plan.exposed:
                        plan.exposed.append(number.cell)
                    break
                self._hide(plan, self._freeing(plan, number, choices), Why.PROTECTS, number.cell)
            return True
        return False

    def _freeing(self, plan: Plan, number: Number, choices: Sequence[Cell]) -> Cell:
        """The cell that frees the number by itself with the fewest others; where none does, the first."""
        enough: list[tuple[int, int]] = []
        for place, cell in enumerate(choices):
            tried = Plan(dict(plan.hidden))
            self._hide(tried, cell, Why.PROTECTS)
            if not self.audit.is_fixed(dict(number.form), self._unknown(tried)):
                enough.append((len(tried.hidden), place))
        return choices[min(enough)[1]] if enough else choices[0]

    def _hidden_numbers(self, plan: Plan, small: Collection[Number]) -> list[Number]:
        """What a reader may not learn: the small numbers, and every other one of which a part is suppressed."""
        hidden = plan.hidden.keys() | self.elsewhere
        return [
            one
            for one in self.numbers
            if one.cell in hidden and (one in small or any(variable[0] in hidden for variable, _ in one.form))
        ]

    def _hide(self, plan: Plan, cell: Cell, why: Why, protects: Cell | None = None) -> None:
        """Suppresses a cell with every ratio that is worked out from it."""
        if cell in plan.hidden or cell not in self.release.shown:
            return
        plan.hidden[cell] = why
        if protects is not None:
            plan.protects[cell] = protects
        for key in self.everything.dependants.get(cell.key, ()):
            if other := self.edition.get((key, cell.month)):
                self._hide(plan, other, Why.RESTS_ON, protects)

    def _unknown(self, plan: Plan) -> frozenset[Cell]:
        return frozenset((plan.hidden.keys() - self.release.public) | self.elsewhere | self.unseen)

    def _choices(self, form: Iterable[tuple[Variable, Exact]], unknown: frozenset[Cell]) -> list[Cell]:
        """Cells of this edition that have a part in giving the number away, parts first; 0 is always shown."""
        variables = [variable for variable, _ in form]
        around = self.audit.around(self.audit.component(variables, unknown), unknown)
        around |= {cell for cell, _ in variables if cell not in unknown}
        free = [
            cell
            for cell in around
            if cell in self.release.shown and cell not in self.release.public and self.release.quantities[cell].value
        ]
        # A total matters more than a part. How large each is must not matter: a reader would learn from the choice.
        return sorted(free, key=lambda cell: (cell.key in self.everything.totals, cell))

    # Where that leaves too few worlds

    def _widen(self, plan: Plan) -> None:
        """Suppresses more until every hidden number could be enough others: all totals around, then all there is."""
        steps: list[_Step] = []
        settled: set[frozenset[Variable]] = set()
        while True:
            unknown = self._unknown(plan)
            waiting = (
                one
                for number in self._hidden_numbers(plan, self.small)
                if number.cell not in plan.exposed
                and (one := self.audit.component([variable for variable, _ in number.form], unknown))
                and one not in settled
            )
            component = next(waiting, None)
            if component is None:
                return
            history = [step for step in steps if step.component <= component]
            choices = self._choices([(variable, 1) for variable in sorted(component)], unknown)
            is_first = bool(choices) and all(step.failed is None for step in history)
            step = _Step(unknown, component, FEWEST_AT_FIRST if is_first else FEWEST_POSSIBLE)
            failed = self._failed(step, history, TRUE)
            steps.append(step._replace(failed=failed))
            if choices:
                # Otherwise nobody sees how it came out.
                self.tried.append((steps[-1], history))
                self.failing[steps[-1], frozenset()] = failed is not None
            if failed is None:
                settled.add(component)
            elif choices:
                totals = [cell for cell in choices if cell.key in self.everything.totals]
                for cell in totals or choices:
                    self._hide(plan, cell, Why.PROTECTS, failed.cell)
            else:
                settled.add(component)
                # Nothing more can be hidden: the officer is told of each number of which too little is left open.
                cells = dict.fromkeys(number.cell for number in self._failing(step, history, TRUE))
                plan.exposed += [cell for cell in cells if cell not in plan.exposed]

    def _failed(
        self, step: _Step, history: Sequence[_Step], world: World, likely: Number | None = None
    ) -> Number | None:
        """The first hidden number of which too few values are found; the likely one is tried before all."""
        return next(self._failing(step, history, world, likely), None)

    def _failing(
        self, step: _Step, history: Sequence[_Step], world: World, likely: Number | None = None
    ) -> Iterator[Number]:
        """The hidden numbers of which too few values are found."""
        numbers = [
            number
            for number in self.numbers
            if number.cell in step.unknown
            and any(variable in step.component for variable, _ in number.form)
            # Nobody can be recognised by it.
            and self.audit.total(number.form, world)
        ]
        near = [number for number in self.numbers if any(variable in step.component for variable, _ in number.form)]
        limits = [self.everything.limit(number, world) for number in near]
        worlds: list[World] = [world]
        for number in sorted(numbers, key=lambda one: one != likely):
            values = {self.audit.total(number.form, one) for one in worlds}
            fewest = min(step.fewest, self._room(number))
            if fewest < FEWEST_POSSIBLE:
                continue
            # First worlds in which the same numbers are small: of those it is clear what the rules suppress.
            for told, value in product((limits, []), self._other_values(number, world)):
                if len(values) >= fewest:
                    break
                if value not in values and (other := self._world(number, value, step, history, world, told)):
                    worlds.append(other)
                    values.add(value)
            if len(values) < fewest:
                yield number

    def _other_values(self, number: Number, world: World) -> list[Exact]:
        true = self.audit.total(number.form, world)
        reach = range(1, max(self.release.largest_small, FEWEST_AT_FIRST) + 1)
        # Of what was rounded nobody needn't be hidden.
        lows = [low for one, _ in number.form if (low := self.audit.bounds.get(one, (1, None))[0]) is not None]
        values = (value for away in reach for value in (true - away, true + away))
        return [value for value in values if value * true > 0 or (value == 0 and min(lows, default=1) <= 0)]

    def _world(
        self,
        number: Number,
        value: Exact,
        step: _Step,
        history: Sequence[_Step],
        world: World,
        limits: Sequence[Constraint],
    ) -> World | None:
        """A world in which the number has the value and the same cells would be suppressed."""
        worlds = self.audit.worlds(dict(number.form), value, step.unknown, world, limits)
        return next((other for other in islice(worlds, MOST_WORLDS) if self._leads_here(other, history)), None)

    def _leads_here(self, world: World, history: Sequence[_Step]) -> bool:
        """Whether the rules suppress the same in the world, and what was tried after them had the same outcome."""
        for one in (self, *self.before):
            small = one._small_in(world)
            if (
                small != one.small
                and one.plan_by_rule(small).hidden.keys() != one.plan_by_rule(one.small).hidden.keys()
            ):
                return False
        tried = ((step, history[:place]) for place, step in enumerate(history))
        return all(self._fails(*one, world) is (one[0].failed is not None) for one in tried) and all(
            one._would_hide_the_same(world) for one in self.before
        )

    def _would_hide_the_same(self, world: World) -> bool:
        """Whether what was tried here after the rules has the same outcome in a world of a later planner."""
        own = {variable: value for variable, value in world.items() if variable[0] in self.release.quantities}
        return not own or all(self._fails(*one, own) is (one[0].failed is not None) for one in self.tried)

    def _fails(self, step: _Step, history: Sequence[_Step], world: World) -> bool | None:
        # Whatever leads here and has the same known figures is in the same position.
        known = frozenset((variable, value) for variable, value in world.items() if variable[0] not in step.unknown)
        if (step, known) not in self.failing:
            if self.judged >= MOST_JUDGED:
                return None
            self.judged += 1
            self.failing[step, known] = self._failed(step, history, world, step.failed) is not None
        return self.failing[step, known]
