"""Single authorities' figures in national statistics, for ranking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType

from django.db import models
from django.db.models import Q

from indicators.calculations.exact import Exact, exact
from indicators.calculations.months import financial_year_text
from indicators.calculations.ranking import Peer, Position, standings
from indicators.calculations.vocabulary import Blank, ComparatorGroup, Polarity

from .audited import Audited
from .fields import ExactNumberField, FinancialYearField
from .indicator import Indicator

# By indicator and year, then by group.
Standings = dict[tuple[int, int], dict[ComparatorGroup, Position | None]]


class PeerFigureQuerySet(models.QuerySet["PeerFigure"]):
    def standings(self, targets: Mapping[tuple[int, int], Exact] = MappingProxyType({})) -> Standings:
        """For each indicator and year of these rows, where the council stands in each group. One query.

        An authority that is not applicable didn't exist or had nothing to measure: it is not even missing. `targets`,
        by indicator and year, are needed only where close to target is good.
        """
        peers: dict[tuple[int, int], list[Peer]] = defaultdict(list)
        polarities = {}
        for figure in self.exclude(blank=Blank.NOT_APPLICABLE).select_related("indicator").order_by():
            key = figure.indicator_id, figure.year
            peers[key].append(figure.as_peer())
            polarities[key] = Polarity(figure.indicator.polarity)
        return {key: standings(peers[key], polarities[key], targets.get(key)) for key in peers}


class PeerFigure(Audited):
    """One authority's figure for one year on the indicator's basis, or the reason why it published none.

    The own authority is one of them: it is ranked by what the national statistics say of it, not by the monthly values,
    which may be counted in another way. Which authorities are neighbours is as of the import that wrote the row.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="peer_figures")
    year = FinancialYearField("financial year", help_text="As 2019-20.")
    authority = models.CharField(max_length=3, help_text="The Department for Education's three-digit code.")
    name = models.CharField(max_length=150)
    value = ExactNumberField(null=True, blank=True, help_text="In the indicator's unit.")
    blank = models.CharField("no figure because", max_length=14, choices=Blank.choices, default="", blank=True)
    is_own = models.BooleanField("the council itself", default=False)
    is_neighbour = models.BooleanField("statistical neighbour", default=False)
    is_in_region = models.BooleanField("in the region", default=False)

    objects = PeerFigureQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "-year", "authority"]
        verbose_name = "figure of another authority"
        verbose_name_plural = "figures of other authorities"
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "year", "authority"],
                name="peer_figure_one_per_year",
                violation_error_message="There is already a figure of this authority for this year.",
            ),
            models.UniqueConstraint(
                fields=["indicator", "year"],
                condition=Q(is_own=True),
                name="peer_figure_one_own",
                violation_error_message="Another authority is the council itself in this year.",
            ),
            models.CheckConstraint(
                condition=~Q(is_own=True, is_neighbour=True),
                name="peer_figure_own_is_no_neighbour",
                violation_error_message="The council is not its own neighbour.",
            ),
            models.CheckConstraint(
                condition=(Q(blank="") & Q(value__isnull=False)) | (~Q(blank="") & Q(value__isnull=True)),
                name="peer_figure_value_or_blank",
                violation_error_message="Give a figure, or the reason why there is none: one of the two.",
            ),
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__gte=0),
                name="peer_figure_not_negative",
                violation_error_message="A figure can't be negative.",
            ),
            models.CheckConstraint(
                condition=Q(blank__in=["", *Blank]) & ~Q(authority=""), name="peer_figure_words_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.reference}: {self.name}, {financial_year_text(self.year)}"

    def as_peer(self) -> Peer:
        """The figure as the ranking takes it."""
        value = None if self.value is None else exact(self.value)
        return Peer(value, self.is_own, self.is_neighbour, self.is_in_region)
