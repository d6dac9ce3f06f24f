"""From relations between indicators to linear constraints between the cells of one edition."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple

from indicators.calculations.consistency import CheckKind, CheckRole
from indicators.calculations.exact import Exact
from indicators.calculations.months import add_months
from indicators.calculations.vocabulary import Kind, Unit

from .relations import Cell, Derivation, Quantity, Relation, Relations, span

Place = tuple[int, date]
# A cell's figure or, where it was entered as two numbers, one of these.
Part = Literal["value", "numerator", "denominator"]
Variable = tuple[Cell, Part]
Form = dict[Variable, Exact]
# Between which numbers variables are known to be, None for no bound.
Bounds = Mapping[Variable, tuple[Exact | None, Exact | None]]
Edition = Mapping[Place, Cell]
# What a total adds up: in which role, of which indicator and month.
Term = tuple[CheckRole, int, date]
NO_CELLS: frozenset[Cell] = frozenset()


class Constraint(NamedTuple):
    """A sum of variables times factors that lies from `low` to `high` (None: anywhere).

    A reader has it only while they know all cells of `needs` and, where there are any, one of `needs_one`.
    """

    terms: tuple[tuple[Variable, Exact], ...]
    low: Exact | None
    high: Exact | None
    needs: frozenset[Cell] = NO_CELLS
    needs_one: frozenset[Cell] = NO_CELLS

    def holds(self, quantities: Mapping[Cell, Quantity]) -> bool:
        """Whether the figures as they are satisfy it."""
        total = sum(factor * true_value(variable, quantities) for variable, factor in self.terms)
        return (self.low is None or self.low <= total) and (self.high is None or total <= self.high)

    def is_had(self, unknown: Collection[Cell]) -> bool:
        """Whether a reader who doesn't know these cells can reckon with it."""
        if any(cell in unknown for cell in self.needs):
            return False
        return not self.needs_one or any(cell not in unknown for cell in self.needs_one)


class ConstraintMaker:
    """The constraints of one edition's cells. What doesn't hold for the figures as they are is left out."""

    def __init__(self, relations: Relations, edition: Edition, quantities: Mapping[Cell, Quantity]) -> None:
        self.relations = relations
        self.edition = edition
        self.quantities = quantities

    def constraints(self) -> Iterator[Constraint]:
        """Those that the figures as they are satisfy."""
        return (made for made in self._made() if made.holds(self.quantities))

    def _made(self) -> Iterator[Constraint]:
        for (key, month), cell in self.edition.items():
            if cell not in self.quantities:
                continue
            derivation = self.relations.derivations.get(key)
            if derivation is not None:
                yield from self._of_derived(cell, month, derivation)
            elif self._is_share(key) and self.relations.natures[key].kind is Kind.RATIO:
                yield _bounded({(cell, "denominator"): 1, (cell, "numerator"): -1}, low=0)
        for check in self.relations.checks:
            for month in sorted({month for key, month in self.edition if key == check.key}):
                yield from _CHECKS[check.kind](self, check, month)

    def _is_share(self, key: int) -> bool:
        """Whether it is a percentage of a whole, so that its numerator is never above its denominator."""
        nature = self.relations.natures[key]
        return nature.unit is Unit.PERCENTAGE and not nature.allows_over_100

    def _of_derived(self, cell: Cell, month: date, derivation: Derivation) -> Iterator[Constraint]:
        tops = self._sum(derivation.numerators, month)
        bottoms = self._sum(derivation.denominators, month)
        if tops is None or bottoms is None:
            return
        if not derivation.is_ratio:
            factor = self.relations.natures[cell.key].factor
            yield _bounded(_add({(cell, "value"): 1}, tops, -factor), low=0, high=0)
            return
        # Whoever sees a ratio sees both of its numbers.
        quantity, shown = self.quantities[cell], frozenset((cell,))
        yield _bounded(tops, low=quantity.numerator, high=quantity.numerator, needs=shown)
        if bottoms:
            yield _bounded(bottoms, low=quantity.denominator, high=quantity.denominator, needs=shown)
            if self._is_share(cell.key):
                yield _bounded(_add(bottoms, tops, -1), low=0)
        elif quantity.denominator is not None:
            # How many people there are everybody knows.
            yield _bounded({(cell, "denominator"): 1}, low=quantity.denominator, high=quantity.denominator)

    def _parts(self, check: Relation, month: date) -> Iterator[Constraint]:
        parts = check.having(CheckRole.PART)
        if check.total is None:
            form, lacks = self._less_parts(check, month, [(CheckRole.PART, key, month) for key in parts])
            yield from self._added_up(check, form, lacks)
            return
        cells = [self.edition.get((key, month)) for key in parts]
        known = [cell for cell in cells if cell is not None and cell in self.quantities]
        if len(known) > 1:
            yield from self._shares(known, month, check.total, check.tolerance, lacks=len(known) < len(parts))

    def _balanced(self, form: Form, tolerance: Exact) -> Constraint:
        """The form is 0, give or take the tolerance. Where it is exactly 0, a reader reckons with no tolerance."""
        slack = tolerance if sum(factor * true_value(one, self.quantities) for one, factor in form.items()) else 0
        return _bounded(form, low=-slack, high=slack)

    def _shares(
        self, cells: list[Cell], month: date, total: Exact, tolerance: Exact, *, lacks: bool
    ) -> Iterator[Constraint]:
        """Shares that add up to a fixed total; or to no more, where one of them `lacks`.

        Shares of the same whole add up in cases, exactly or within the tolerance, whether any of them is shown or not:
        which whole it is, a reader takes from any one. Where their wholes differ, or some were entered as percentages
        only, they add up in per cent, and each whole counts as known as soon as another share is shown.
        """
        forms = [self.ratio(cell, month) for cell in cells]
        wholes = {self.quantities[cell].denominator for cell in cells}
        bottom = forms[0][1]
        if None not in wholes and len(wholes) == 1 and all(below for _, below in forms):
            for _, below in forms[1:]:
                if below != bottom:
                    yield _bounded(_add(below, bottom, -1), low=0, high=0)
            tops: Form = {}
            for top, _ in forms:
                tops = _add(tops, top, 100)
            gap = _add(tops, bottom, -total)
            beyond = sum(factor * true_value(one, self.quantities) for one, factor in gap.items())
            if not beyond or (lacks and beyond < 0):
                yield _bounded(gap, low=None if lacks else 0, high=0)
            else:
                yield _bounded(_add(tops, bottom, -(total + tolerance)), high=0)
                if not lacks:
                    yield _bounded(_add(tops, bottom, -(total - tolerance)), low=0)
            return
        if lacks:
            return
        sum_of: Form = {}
        for cell, (top, below) in zip(cells, forms, strict=True):
            whole = self.quantities[cell].denominator
            factor = self.relations.natures[cell.key].factor
            sum_of = _add(sum_of, top, 1 if whole is None else Fraction(factor) / whole)
            others = frozenset(cells) - {cell}
            if below and whole is not None:
                yield _bounded(below, low=whole, high=whole, needs_one=others)
        yield _bounded(sum_of, low=total - tolerance, high=total + tolerance, needs_one=frozenset(cells))

    def _stock(self, check: Relation, month: date) -> Iterator[Constraint]:
        earlier = self.relations.natures[check.key].periods.previous(month)
        now, before = self._sum([check.key], month), self._sum([check.key], earlier)
        came, went = (self._sum(check.having(role), month) for role in (CheckRole.INFLOW, CheckRole.OUTFLOW))
        if now is not None and before is not None and came is not None and went is not None:
            form = _add(_add(_add(now, before, -1), came, -1), went, 1)
            yield self._balanced(form, check.tolerance)

    def _months(self, check: Relation, month: date) -> Iterator[Constraint]:
        """A total of months. A part that isn't due every month counts with what is due in them.

        Months of which there is no figure, as before a line began, fall out between two totals that both have them.
        """
        form, lacks = self._less_parts(check, month, self._over_time(check, month))
        yield from self._added_up(check, form, lacks)
        if form is None or not lacks:
            return
        for one in (add_months(month, -back) for back in range(1, 12)):
            earlier, lacked = self._less_parts(check, one, self._over_time(check, one))
            if earlier is not None:
                if lacked == lacks:
                    yield self._balanced(_add(form, earlier, -1), 2 * check.tolerance)
                return

    def _over_time(self, check: Relation, month: date) -> Iterator[Term]:
        months = span(self.relations.natures[check.key].periods, month, check.months)
        for role, key in check.terms:
            periods = self.relations.natures[key].periods
            yield from ((role, key, one) for one in months if periods.is_due_in(one))

    def _less_parts(self, check: Relation, month: date, terms: Iterable[Term]) -> tuple[Form | None, set[Term]]:
        """A total less what it adds up, None without the total; and what of that has no figure."""
        form, lacks = self._sum([check.key], month), set()
        for role, key, one in terms if form is not None else ():
            part = self._sum([key], one)
            if part is None:
                lacks.add((role, key, one))
            elif form is not None:
                form = _add(form, part, 1 if role is CheckRole.OUTFLOW else -1)
        return form, lacks

    def _added_up(self, check: Relation, form: Form | None, lacks: set[Term]) -> Iterator[Constraint]:
        """That a total is what it adds up; or at least that, where what has no figure can't be below 0."""
        if form is not None and not lacks:
            yield self._balanced(form, check.tolerance)
        elif form is not None and not any(
            role is CheckRole.OUTFLOW or self.relations.natures[key].allows_negative for role, key, _ in lacks
        ):
            yield _bounded(form, low=-check.tolerance)

    def _limit(self, check: Relation, month: date) -> Iterator[Constraint]:
        figure, limit = self._sum([check.key], month), self._sum(check.having(CheckRole.LIMIT), month)
        if figure is not None and limit is not None:
            yield _bounded(_add(limit, figure, -1), low=-check.tolerance)

    def ratio(self, cell: Cell, month: date) -> tuple[Form, Form]:
        """Numerator and denominator of a cell as sums of variables; its figure and nothing where it is no ratio."""
        derivation = self.relations.derivations.get(cell.key)
        if derivation is not None and derivation.is_ratio:
            return self._sum(derivation.numerators, month) or {}, self._sum(derivation.denominators, month) or {}
        if self.relations.is_ratio(cell.key):
            return {(cell, "numerator"): 1}, {(cell, "denominator"): 1}
        return {(cell, "value"): 1}, {}

    def _sum(self, keys: list[int] | tuple[int, ...], month: date) -> Form | None:
        """The figures of a month added up; None when one is missing."""
        form: Form = {}
        for key in keys:
            cell = self.edition.get((key, month))
            if cell is None or cell not in self.quantities:
                return None
            form = _add(form, {(cell, "value"): 1}, 1)
        return form


_CHECKS = {
    CheckKind.PARTS: ConstraintMaker._parts,
    CheckKind.STOCK: ConstraintMaker._stock,
    CheckKind.LIMIT: ConstraintMaker._limit,
    CheckKind.MONTHS: ConstraintMaker._months,
}


def true_value(variable: Variable, quantities: Mapping[Cell, Quantity]) -> Exact:
    """What the variable really is."""
    cell, part = variable
    number: Exact | None = getattr(quantities[cell], part)
    if number is None:
        raise ValueError(f"{cell} has no {part}.")
    return number


def _bounded(
    form: Form,
    *,
    low: Exact | None = None,
    high: Exact | None = None,
    needs: frozenset[Cell] = NO_CELLS,
    needs_one: frozenset[Cell] = NO_CELLS,
) -> Constraint:
    terms = tuple((variable, factor) for variable, factor in sorted(form.items()) if factor)
    return Constraint(terms, low, high, needs, needs_one)


def _add(form: Form, other: Form, times: Exact) -> Form:
    """`form` and `times` the other one."""
    found = dict(form)
    for variable, factor in other.items():
        found[variable] = found.get(variable, 0) + times * factor
    return found
