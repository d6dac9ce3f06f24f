"""What a derived indicator is worked out from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from indicators.calculations.series import with_sources
from indicators.calculations.units import UnitKind, kind_of
from indicators.calculations.vocabulary import Kind, LabelledEnum, Unit

from .audited import Audited
from .indicator import Indicator

# Shares of different wholes have no sum; nor have scores.
NEVER_ADDED_UP = (UnitKind.SHARE, UnitKind.RATE, UnitKind.SCORE)


class Role(LabelledEnum):
    """On which side of the division a part stands."""

    NUMERATOR = "numerator", "Numerator"
    DENOMINATOR = "denominator", "Denominator"


def problem_of_units(indicator: Indicator, parts: Sequence[tuple[str, str, str]]) -> str:
    """Why an indicator can't be worked out from parts, by their units; empty when it can.

    `parts` are role, reference and unit of each. What is a share or an average already can't be added up, a sum has
    one unit, and a percentage or a rate is of something.
    """
    unit = Unit(indicator.unit)
    is_divided = indicator.is_on_population or any(role == Role.DENOMINATOR for role, _, _ in parts)
    if not is_divided and kind_of(unit) in (UnitKind.SHARE, UnitKind.RATE):
        return f"A {unit.label.lower()} is of something: say what it is divided by, or choose another unit."
    for side in Role:
        added = [(reference, Unit(one)) for role, reference, one in parts if role == side]
        shares = [reference for reference, one in added if kind_of(one) in NEVER_ADDED_UP]
        if len(added) > 1 and shares:
            return (
                f"{shares[0]} is a percentage, a rate or a score, and these can't be added up: use what is behind it."
            )
        others = [reference for reference, one in added if one is not added[0][1]]
        if others:
            return f"{others[0]} and {added[0][0]} have different units, so they can't be added up."
        if added and not is_divided and added[0][1] is not unit:
            return f"A sum has the unit of its parts, and {added[0][0]} is in another: {added[0][1].label.lower()}."
    return ""


class DerivationTermQuerySet(models.QuerySet["DerivationTerm"]):
    def sources(self) -> dict[int, list[int]]:
        """For each derived indicator, those that it is worked out from directly."""
        found: dict[int, list[int]] = defaultdict(list)
        for indicator, source in self.order_by("pk").values_list("indicator_id", "source_id"):
            found[indicator].append(source)
        return found


class DerivationTerm(Audited):
    """One part of a derived indicator: sum of numerators / sum of denominators * factor.

    An indicator with a population is divided by that instead of by denominators; one with
    neither is the sum of its numerators. The factor comes with the unit. A chain of terms
    never leads back to its own start: checked here and by a database trigger.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="terms")
    source = models.ForeignKey(Indicator, models.PROTECT, related_name="feeds", verbose_name="worked out from")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.NUMERATOR)

    objects = DerivationTermQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "-role", "pk"]
        verbose_name = "part it is worked out from"
        verbose_name_plural = "parts it is worked out from"
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "source", "role"],
                name="derivation_term_once",
                violation_error_message="This part is there already.",
            ),
            models.CheckConstraint(
                condition=~Q(indicator=F("source")),
                name="derivation_not_from_itself",
                violation_error_message="An indicator can't be worked out from itself.",
            ),
            models.CheckConstraint(condition=Q(role__in=list(Role)), name="derivation_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.reference}: {self.role} {self.source.reference}"

    def clean(self) -> None:
        if self.indicator_id is None or self.source_id is None:
            return
        if self.indicator.kind != Kind.DERIVED:
            raise ValidationError("Only a derived indicator has parts: change its kind first.")
        if self.role == Role.DENOMINATOR and self.indicator.population_id is not None:
            raise ValidationError({"role": "It is worked on a population, so it can't have a denominator too."})
        if self.source_id != self.indicator_id and self.indicator_id in with_sources(
            [self.source_id], DerivationTerm.objects.sources()
        ):
            raise ValidationError(
                {
                    "source": f"{self.source.reference} is itself worked out from "
                    f"{self.indicator.reference}: that would go round in a circle."
                }
            )
