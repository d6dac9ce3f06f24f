"""What a derived indicator is worked out from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from indicators.calculations.vocabulary import Kind, LabelledEnum

from .audited import Audited
from .indicator import Indicator

# An indicator's key in the database, or its reference.
Key = TypeVar("Key", int, str)


class Role(LabelledEnum):
    """On which side of the division a part stands."""

    NUMERATOR = "numerator", "Numerator"
    DENOMINATOR = "denominator", "Denominator"


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


def with_sources(indicators: Iterable[Key], sources: Mapping[Key, Iterable[Key]]) -> set[Key]:
    """The indicators and all that they are worked out from, however long the chain."""
    found: set[Key] = set()
    waiting = list(indicators)
    while waiting:
        indicator = waiting.pop()
        if indicator not in found:
            found.add(indicator)
            waiting.extend(sources.get(indicator, ()))
    return found
