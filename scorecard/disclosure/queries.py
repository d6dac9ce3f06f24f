"""What disclosure control reads from the database: how indicators hang together, in three queries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from fractions import Fraction

from indicators.calculations.consistency import CheckKind, CheckRole
from indicators.calculations.disclosure import Derivation, Nature, Quantity, Relation, Relations
from indicators.calculations.exact import exact
from indicators.calculations.periods import Periods, read_due_months
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

    Not where the total so far is entered: readers see what each month had.
    """
    found = {}
    stored = MonthlyValue.objects.filter(blank="").exclude(indicator__accumulation=Accumulation.TO_DATE).order_by()
    if keys is not None:
        stored = stored.filter(indicator__in=keys)
    for key, month, figure, top, bottom in stored.values_list(
        "indicator", "month", "figure", "numerator", "denominator"
    ).iterator():
        if figure is not None:
            found[key, month] = Quantity(exact(figure))
        elif top is not None and bottom:
            value = Fraction(exact(top)) * relations.natures[key].factor / Fraction(exact(bottom))
            found[key, month] = Quantity(value, exact(top), exact(bottom))
    return found
