"""Finds a mapping's indicators, and refuses those that its comparators don't fit."""

from __future__ import annotations

from django.db.models.functions import Lower

from indicators.calculations.vocabulary import Scope, Unit
from indicators.models import Indicator
from indicators.open_data import Mapping, OpenDataError


def indicators_of(mapping: Mapping) -> dict[str, Indicator]:
    """The indicators by the mapping's references. Raises OpenDataError where they are unknown or don't fit."""
    wanted = [entry.reference.lower() for entry in mapping.entries]
    stored = Indicator.objects.annotate(lowered=Lower("reference")).filter(lowered__in=wanted)
    by_reference = {indicator.reference.lower(): indicator for indicator in stored}
    problems: list[str] = []
    found: dict[str, Indicator] = {}
    for entry in mapping.entries:
        indicator = by_reference.get(entry.reference.lower())
        if indicator is None:
            problems.append(f"{mapping.name}: there is no indicator “{entry.reference}”.")
            continue
        found[entry.reference] = indicator
        if indicator.scope == Scope.LOCAL:
            problems.append(f"{mapping.name}: {entry.reference} is a local indicator, which has no comparators.")
        if entry.basis.by_authority and indicator.unit != Unit.COUNT:
            unit = Unit(indicator.unit).label.lower()
            problems.append(
                f"{mapping.name}: {entry.reference} is a {unit}, which can't be divided by the number of authorities. "
                "Its basis is “as is” or “per month”."
            )
    if problems:
        raise OpenDataError(*problems)
    return found
