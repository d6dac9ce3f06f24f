"""Which indicator came after which others, and how."""

from __future__ import annotations

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from indicators.calculations.series import with_sources
from indicators.calculations.vocabulary import SuccessionKind

from .audited import Audited
from .fields import MonthField, is_first_day
from .indicator import Indicator


class Succession(Audited):
    """An indicator that replaces a former one, comes of splitting it, or merges it with others, from a month on.

    Their series are never joined: limits, changes and averages know of each alone. A chain never leads back to its own
    start: checked here and by a database trigger.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="formers", verbose_name="new indicator")
    former = models.ForeignKey(Indicator, models.PROTECT, related_name="successors", verbose_name="former indicator")
    month = MonthField(help_text="The first month that the new indicator stands for.")
    kind = models.CharField(
        "what it does",
        max_length=10,
        choices=SuccessionKind.choices,
        default=SuccessionKind.REPLACES,
        help_text="For a merger, enter a row for each former indicator; for a split, one at each new indicator.",
    )
    note = models.TextField(blank=True, help_text="What is counted otherwise, as readers of both pages will be told.")

    class Meta:
        ordering = ["indicator", "month", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "former"],
                name="succession_once",
                violation_error_message="That it comes after this indicator is said already.",
            ),
            models.CheckConstraint(
                condition=~Q(indicator=F("former")),
                name="succession_not_of_itself",
                violation_error_message="An indicator can't come after itself.",
            ),
            models.CheckConstraint(
                condition=is_first_day("month"),
                name="succession_month_is_first_day",
                violation_error_message="A month is kept as the date of its first day.",
            ),
            models.CheckConstraint(condition=Q(kind__in=list(SuccessionKind)), name="succession_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.reference} after {self.former.reference}, {self.month:%B %Y}"

    def clean(self) -> None:
        if self.indicator_id is None or self.former_id is None or self.indicator_id == self.former_id:
            return
        earlier: dict[int, list[int]] = defaultdict(list)
        for indicator, former in Succession.objects.exclude(pk=self.pk).values_list("indicator_id", "former_id"):
            earlier[indicator].append(former)
        if self.indicator_id in with_sources([self.former_id], earlier):
            raise ValidationError(
                {
                    "former": f"{self.former.reference} itself comes after {self.indicator.reference}: that would go "
                    "round in a circle."
                }
            )
