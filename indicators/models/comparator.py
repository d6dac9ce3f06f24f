"""Comparators: the figures of statistical neighbours, England and the region, and of single authorities for ranking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType

from django.db import models
from django.db.models import Q

from indicators.calculations.exact import Exact, exact
from indicators.calculations.months import year_text
from indicators.calculations.ranking import Peer, Position, standings
from indicators.calculations.rating import Aim
from indicators.calculations.vocabulary import Blank, GroupKind, OnBasis, Polarity

from .audited import Audited
from .comparator_group import GroupKey
from .fields import ExactNumberField, FinancialYearField
from .indicator import Indicator, refuse_negative


def _figure_or_reason(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=(Q(blank="") & Q(value__isnull=False)) | (~Q(blank="") & Q(value__isnull=True)),
        name=name,
        violation_error_message="Give a figure, or the reason why there is none: one of the two.",
    )


class Comparator(Audited):
    """What others had in one year, with the source and how it was put on the indicator's basis."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="comparators")
    group = GroupKey(db_column="group", related_name="comparators", help_text="Whose figure it is.")
    year = FinancialYearField(
        "financial year", null=True, blank=True, help_text="For example 2019-20; empty if not known."
    )
    value = ExactNumberField(null=True, blank=True, help_text="In the indicator's unit.")
    blank = models.CharField("no figure because", max_length=14, choices=Blank.choices, default="", blank=True)
    source = models.CharField(max_length=300, blank=True, help_text="The publication.")
    basis = models.CharField(
        max_length=300,
        blank=True,
        help_text="How it was put on the indicator's basis, for example “total / 152 authorities / 12”.",
    )
    on_basis = models.CharField(
        "same basis as the indicator",
        max_length=8,
        choices=OnBasis.choices,
        default=OnBasis.UNKNOWN,
    )
    note = models.TextField(blank=True, help_text="Shown with the comparator.")
    next_update = models.DateField(
        "next figures due",
        null=True,
        blank=True,
        help_text="When the publisher means to have newer figures; empty if it doesn't say.",
    )

    class Meta:
        ordering = ["indicator", "group", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "group", "year"],
                condition=Q(year__isnull=False),
                name="comparator_one_per_year",
                violation_error_message="There is already a comparator for this group and year.",
            ),
            models.UniqueConstraint(
                fields=["indicator", "group"],
                condition=Q(year__isnull=True),
                name="comparator_one_without_year",
                violation_error_message=("There is already a comparator of this group without a year."),
            ),
            _figure_or_reason("comparator_value_or_blank"),
            models.CheckConstraint(
                condition=Q(on_basis__in=list(OnBasis)) & Q(blank__in=["", *Blank]),
                name="comparator_words_known",
            ),
        ]

    def __str__(self) -> str:
        year = "year not known" if self.year is None else year_text(self.year, self.indicator.year_starts)
        return f"{self.indicator.reference}: {self.group}, {year}"

    def clean(self) -> None:
        refuse_negative(self, value="comparator")


# By indicator and year, then by what the group is in open data.
Standings = dict[tuple[int, int], dict[GroupKind, Position | None]]


class PeerFigureQuerySet(models.QuerySet["PeerFigure"]):
    def standings(self, targets: Mapping[tuple[int, int], Exact | Aim] = MappingProxyType({})) -> Standings:
        """The council's rank in each group, for each indicator and year of these rows. One query.

        An authority that is not applicable didn't exist or had nothing to measure, so it doesn't count as missing
        either. `targets`, by indicator and year, are needed only where close to target is good.
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

    The council itself is among them: it is ranked by what national statistics say of it, not by its monthly values,
    which may be counted in another way. Which authorities are neighbours is as the import that wrote the row had it.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="peer_figures")
    year = FinancialYearField("financial year", help_text="For example 2019-20.")
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
            _figure_or_reason("peer_figure_value_or_blank"),
            models.CheckConstraint(
                condition=Q(blank__in=["", *Blank]) & ~Q(authority=""), name="peer_figure_words_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.reference}: {self.name}, {year_text(self.year, self.indicator.year_starts)}"

    def clean(self) -> None:
        refuse_negative(self, value="figure")

    def as_peer(self) -> Peer:
        """The figure as the ranking takes it."""
        value = None if self.value is None else exact(self.value)
        return Peer(value, self.is_own, self.is_neighbour, self.is_in_region)
