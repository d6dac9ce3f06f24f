"""What disclosure control reads from the database: how indicators hang together, in three queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from indicators.calculations.consistency import CheckKind, CheckRole
from indicators.calculations.disclosure import Derivation, Nature, Quantity, Relation, Relations
from indicators.calculations.exact import exact
from indicators.calculations.figures import NO_RECORD, Figure
from indicators.calculations.months import add_months, months_between
from indicators.calculations.periods import Periods, read_due_months
from indicators.calculations.series import stored_figure
from indicators.calculations.totals import per_period
from indicators.calculations.vocabulary import Accumulation, Frequency, Kind, Unit
from indicators.models import Indicator, MonthlyValue
from indicators.models.cross_check import CrossCheckTerm
from scorecard.models import Scorecard
from scorecard.report.reading import read_derivations


def relations_of(*, with_declined: bool = False) -> Relations:
    """Every indicator's nature, derivation and checks: also those of other scorecards, which can give figures away.

    Without checks that readers are said not to know, unless these are asked for too.
    """
    natures: dict[int, Nature] = {}
    populations: set[int] = set()
    for pk, unit, kind, population, frequency, year_starts, due_months, *rest in Indicator.objects.values_list(
        *("pk", "unit", "kind", "population", "frequency", "year_starts", "due_months"),
        *("allows_over_100", "rate_base", "allows_negative"),
    ):
        periods = Periods(Frequency(frequency), year_starts, read_due_months(due_months))
        natures[pk] = Nature(Unit(unit), Kind(kind), periods, *rest)
        if population is not None:
            populations.add(pk)
    stored = read_derivations()
    recipes = {pk: stored.recipe(pk, None, natures[pk].unit, natures[pk].rate_base) for pk in stored.parts}
    derivations = {
        pk: Derivation(recipe.numerators, recipe.denominators, pk in populations) for pk, recipe in recipes.items()
    }
    # Also checks not in use for warnings: they may hold all the same.
    found: dict[int, Relation] = {}
    for term in CrossCheckTerm.objects.select_related("check_of").order_by("check_of", "pk"):
        check = term.check_of
        if not check.is_known_to_readers and not with_declined:
            continue
        before = found.get(check.pk)
        found[check.pk] = Relation(
            key=check.indicator_id,
            kind=CheckKind(check.kind),
            terms=(*(before.terms if before else ()), (CheckRole(term.role), term.indicator_id)),
            tolerance=exact(check.tolerance),
            total=None if check.total is None else exact(check.total),
            months=check.months,
        )
    return Relations(natures, derivations, tuple(found.values()))


def sizes_taken_for_small() -> frozenset[int]:
    """What any scorecard that hides small counts takes or took for the largest of them; a query."""
    taken = (
        Scorecard.history.filter(suppresses_small_counts=True).order_by().values_list("largest_small_count", flat=True)
    )
    return frozenset(taken.distinct())


def stored_figures(relations: Relations, keys: Collection[int] | None = None) -> dict[tuple[int, date], Quantity]:
    """Every figure that is stored, or those of some indicators; a query, none where these are none.

    Where the total so far is entered it is what each month had: that is what readers see.
    """
    stored = MonthlyValue.objects.filter(blank="").order_by()
    if keys is not None:
        stored = stored.filter(indicator__in=keys)
    return _read(stored.values_list(*_FIELDS).iterator(), relations)


def figures_then(
    relations: Relations, keys: Collection[int], times: Collection[datetime]
) -> dict[datetime, dict[tuple[int, date], Quantity]]:
    """The figures of some indicators as they were stored at each of the times; a query, none without both.

    What was stored only later is as it was stored first.
    """
    if not keys or not times:
        return {}
    entries = MonthlyValue.history.filter(indicator__in=keys).order_by("history_date", "history_id")
    rows = list(entries.values_list("id", "history_type", "history_date", *_FIELDS))
    stored = {pk: tuple(row) for pk, _, _, *row in reversed(rows)}
    waiting = sorted(times)
    found: dict[datetime, dict[tuple[int, date], Quantity]] = {}
    for pk, kind, since, *row in rows:
        while waiting and since > waiting[0]:
            found[waiting.pop(0)] = _read(stored.values(), relations)
        stored[pk] = tuple(row)
        if kind == "-":
            del stored[pk]
    return found | dict.fromkeys(waiting, _read(stored.values(), relations))


# As `stored_figure` takes them, and what the figure is.
_FIELDS = (
    *("indicator", "month", "figure", "numerator", "denominator", "blank", "stage", "note"),
    "indicator__accumulation",
)


def _read(rows: Iterable[tuple[Any, ...]], relations: Relations) -> dict[tuple[int, date], Quantity]:
    lines: dict[int, dict[date, Figure]] = {}
    totals: set[int] = set()
    for *value, accumulation in rows:
        key, month = value[:2]
        if value[5] or key not in relations.natures:
            continue
        lines.setdefault(key, {})[month] = stored_figure(tuple(value), relations.natures[key].factor)
        if accumulation == Accumulation.TO_DATE:
            totals.add(key)
    for key in totals:
        nature, entered = relations.natures[key], lines[key]
        first, last = min(entered), max(entered)
        months = [add_months(first, place) for place in range(months_between(first, last) + 1)]
        own = per_period([entered.get(month, NO_RECORD) for month in months], months, nature.periods, nature.factor)
        lines[key] = dict(zip(months, own, strict=True))
    return {
        (key, month): Quantity(figure.value, figure.numerator, figure.denominator)
        for key, line in lines.items()
        for month, figure in line.items()
        if figure.value is not None
    }
