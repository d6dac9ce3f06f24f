"""Checks between indicators, as data: what officers know of how figures hang together."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from indicators.calculations.consistency import ROLES_OF, CheckKind, CheckRole

from .audited import Audited
from .fields import ExactNumberField
from .indicator import Indicator

MOST_MONTHS = 60


class CrossCheck(Audited):
    """Warns at one indicator when its figure does not fit those of others in the same month.

    With a fixed total, such as 100 for shares in per cent, the parts have no whole among the
    indicators; the warning then stands at `indicator`, usually the first of the parts.
    """

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="cross_checks", help_text="Where the warning is shown and explained."
    )
    kind = models.CharField(max_length=8, choices=CheckKind.choices)
    total = ExactNumberField(
        "fixed total",
        null=True,
        blank=True,
        help_text="Only for parts that have no whole of their own: 100 for shares.",
    )
    tolerance = ExactNumberField(default=0, help_text="By how much the figures may differ, in the indicator's unit.")
    months = models.PositiveSmallIntegerField(
        "of how many months",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)],
        help_text="Only for a total of months: 3 for a quarter, 12 for a rolling year, 1 for a sum and difference of "
        "the same month; empty for the year so far.",
    )
    note = models.TextField(blank=True, help_text="What usually explains a difference; shown with the warning.")
    is_active = models.BooleanField(
        "warns", default=True, help_text="A total of months never does: it is known for hiding small counts only."
    )
    is_known_to_readers = models.BooleanField(
        "known to readers",
        default=True,
        help_text="Reckoned with when small counts are hidden. Without it a reader counts as not knowing it.",
    )

    class Meta:
        ordering = ["indicator", "pk"]
        verbose_name = "check between indicators"
        verbose_name_plural = "checks between indicators"
        constraints = [
            models.CheckConstraint(
                condition=Q(total__isnull=True) | Q(kind=CheckKind.PARTS),
                name="cross_check_total_only_for_parts",
                violation_error_message="Only parts can have a fixed total.",
            ),
            models.CheckConstraint(
                condition=Q(tolerance__gte=0),
                name="cross_check_tolerance_not_negative",
                violation_error_message="A tolerance can't be negative.",
            ),
            models.CheckConstraint(condition=Q(kind__in=list(CheckKind)), name="cross_check_kind_known"),
            models.CheckConstraint(
                condition=Q(months__isnull=True) | Q(kind=CheckKind.MONTHS, months__gte=1, months__lte=MOST_MONTHS),
                name="cross_check_months_only_for_totals",
                violation_error_message=f"Only a total of months is of a number of months, from 1 to {MOST_MONTHS}.",
            ),
        ]

    def __str__(self) -> str:
        whole = "" if self.total is None else f" ({self.total.normalize():f})"
        return f"{self.indicator.reference}: {CheckKind(self.kind).label.lower()}{whole}"


class CrossCheckTerm(Audited):
    """Another indicator that a check looks at, and what it is to the one checked."""

    check_of = models.ForeignKey(CrossCheck, models.CASCADE, related_name="terms", verbose_name="check")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="checked_with")
    role = models.CharField(max_length=8, choices=CheckRole.choices)

    class Meta:
        ordering = ["check_of", "pk"]
        verbose_name = "indicator it is checked with"
        verbose_name_plural = "indicators it is checked with"
        constraints = [
            models.UniqueConstraint(
                fields=["check_of", "indicator"],
                name="cross_check_term_once",
                violation_error_message="This indicator is part of the check already.",
            ),
            models.CheckConstraint(condition=Q(role__in=list(CheckRole)), name="cross_check_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.check_of}: {CheckRole(self.role).label.lower()} {self.indicator.reference}"

    def clean(self) -> None:
        # In the page of a new check that is filled in wrongly there may be none.
        check: CrossCheck | None = getattr(self, "check_of", None)
        if check is None:
            return
        allowed = ROLES_OF.get(check.kind, ())  # type: ignore[call-overload]
        if allowed and self.role and self.role not in allowed:
            labels = " or ".join(f"“{role.label}”" for role in allowed)
            raise ValidationError({"role": f"In this kind of check it can only be {labels}."})
        if check.total is None and self.indicator_id is not None and self.indicator_id == check.indicator_id:
            raise ValidationError({"indicator": "An indicator can only be checked with others."})
