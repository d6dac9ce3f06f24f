"""Which cells of an edition to suppress: the small ones, and whatever would give them away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from indicators.calculations.exact import Exact
from indicators.calculations.vocabulary import Unit

from .audit import Audit
from .constraints import ConstraintMaker, Edition, Form
from .relations import Cell, Quantity, Relations, Why, is_small


@dataclass(frozen=True, slots=True)
class Release:
    """Cells of the edition to publish and of those that are public already.

    `editions` say which cell each indicator's month is, the edition to publish first. `shown` are the cells that it
    has, `public` those whose figure a public edition shows, `suppressed` those that a public edition suppresses.
    """

    relations: Relations
    quantities: Mapping[Cell, Quantity]
    editions: Sequence[Edition]
    shown: frozenset[Cell]
    public: frozenset[Cell] = frozenset()
    suppressed: frozenset[Cell] = frozenset()


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
        self.audit = Audit(chain.from_iterable(maker.constraints() for maker in makers), release.quantities)
        self.dependants = _dependants(release.relations)
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
        """Each count of 1 to 5 that the cell tells of: the reason and what makes up the count."""
        quantity, unit = self.release.quantities[cell], self.relations.natures[cell.key].unit
        top, bottom = quantity.numerator, quantity.denominator
        if top is None or bottom is None:
            is_count = unit is Unit.COUNT and is_small(quantity.value)
            return [(Why.SMALL_COUNT, {(cell, "value"): 1})] if is_count else []
        place = (cell.key, cell.month)
        maker = next(maker for maker in self.makers if maker.edition.get(place) == cell)
        forms = maker.ratio(cell, cell.month)
        found: list[tuple[Why, Form]] = []
        if is_small(top):
            found.append((Why.SMALL_NUMERATOR, forms[0]))
        if unit is Unit.PERCENTAGE and is_small(bottom - top):
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
        return sorted(free, key=self._importance)

    def _importance(self, cell: Cell) -> tuple[bool, Exact, Cell]:
        """A total matters more than a part, a large figure more than a small one."""
        return cell.key in self.totals, self.release.quantities[cell].value, cell

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


def _dependants(relations: Relations) -> dict[int, list[int]]:
    """For each indicator, what shows its figure: ratios worked out from it, sums of it alone, sums of ratios."""
    found: dict[int, list[int]] = {}
    for key, derivation in sorted(relations.derivations.items()):
        for source in derivation.sources:
            if derivation.is_ratio or len(derivation.sources) == 1 or relations.is_ratio(source):
                found.setdefault(source, []).append(key)
    return found
