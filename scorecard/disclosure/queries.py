"""What disclosure control reads from the database: how indicators hang together, in three queries."""

from __future__ import annotations

from indicators.calculations.consistency import CheckKind, CheckRole
from indicators.calculations.disclosure import Derivation, Nature, Relation, Relations
from indicators.calculations.exact import exact
from indicators.calculations.periods import Periods, read_due_months
from indicators.calculations.vocabulary import Frequency, Kind, Unit
from indicators.models import Indicator
from indicators.models.cross_check import CrossCheckTerm
from scorecard.report.reading import read_derivations


def relations_of() -> Relations:
    """Every indicator's nature, derivation and checks: also those of other scorecards, which can give figures away."""
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
        before = found.get(check.pk)
        found[check.pk] = Relation(
            key=check.indicator_id,
            kind=CheckKind(check.kind),
            terms=(*(before.terms if before else ()), (CheckRole(term.role), term.indicator_id)),
            tolerance=exact(check.tolerance),
            total=None if check.total is None else exact(check.total),
        )
    return Relations(natures, derivations, tuple(found.values()))
