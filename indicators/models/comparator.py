"""Comparators: the figures of statistical neighbours, England and the region, and of single authorities for ranking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from types import MappingProxyType

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from indicators.calculations.basis import (
    Published,
    known_basis,
    parse_parts,
    parse_rule,
    parts_text,
    parts_words,
    plain_number,
    stored_rule,
)
from indicators.calculations.exact import Exact, decimals_of, exact, magnitude, rounded, rounded_exactly
from indicators.calculations.formatting import MOST_DECIMALS_STORED
from indicators.calculations.months import year_text
from indicators.calculations.ranking import Peer, Position, standings
from indicators.calculations.rating import Aim
from indicators.calculations.vocabulary import (
    Accumulation,
    Blank,
    ComparatorPeriod,
    Frequency,
    GroupKind,
    OnBasis,
    Polarity,
    Unit,
)

from .audited import Audited
from .comparator_group import GroupKey
from .fields import ExactNumberField, FinancialYearField
from .indicator import Indicator, indicator_of, refuse_negative

LONGEST_RULE = 200
# What has more whole digits can't be kept.
TOO_LARGE = 10**12


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
    published = models.CharField(
        "figure as published",
        max_length=LONGEST_RULE,
        blank=True,
        help_text="As the source has it, 417 or 16.2, or the parts of a sum, 120 + 80 + 95. Then leave the figure in "
        "the indicator's unit empty: it is worked out.",
    )
    period = models.CharField(
        "time it is of",
        max_length=10,
        blank=True,
        choices=ComparatorPeriod.choices,
        help_text="How long a time the published figure covers.",
    )
    rule = models.CharField(
        "rule that puts it on the indicator’s basis",
        max_length=LONGEST_RULE,
        blank=True,
        help_text="What is done with it, from left to right: “/ 12”, “/ 152 authorities / 12 months”, “100 minus”, "
        "“x 4”, “mean of parts”; “as is” if nothing has to be. Empty if not known.",
    )
    basis = models.CharField(
        max_length=300,
        blank=True,
        help_text="In words, where no rule above says it: “five authorities only”.",
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
                condition=Q(published="", rule="") | (~Q(published="") & ~Q(period="") & Q(value__isnull=False)),
                name="comparator_rule_of_published",
                violation_error_message="A rule needs the published figure, and that needs the time it is of.",
            ),
            models.CheckConstraint(condition=Q(period__in=["", *ComparatorPeriod]), name="comparator_period_known"),
            models.CheckConstraint(
                condition=Q(on_basis__in=list(OnBasis)) & Q(blank__in=["", *Blank]),
                name="comparator_words_known",
            ),
        ]

    def __str__(self) -> str:
        year = "year not known" if self.year is None else year_text(self.year, self.indicator.year_starts)
        return f"{self.indicator.reference}: {self.group}, {year}"

    @property
    def as_published(self) -> Published:
        """The figure as its source has it, with its rule."""
        return Published(self.published, ComparatorPeriod(self.period) if self.period else None, self.rule)

    @property
    def known_basis(self) -> OnBasis:
        """What is known of its basis: nothing, where it is of another time and no rule is known."""
        indicator = self.indicator
        return known_basis(
            OnBasis(self.on_basis),
            self.as_published,
            Frequency(indicator.frequency),
            Unit(indicator.unit),
            Accumulation(indicator.accumulation),
        )

    def clean(self) -> None:
        self.work_out()
        try:
            refuse_negative(self, value="comparator")
        except ValidationError as error:
            raise ValidationError({"published": error.messages}) if self.published else error from error
        if indicator_of(self) and self.on_basis == OnBasis.YES and self.known_basis is OnBasis.UNKNOWN:
            period, frequency = ComparatorPeriod(self.period), Frequency(self.indicator.frequency)
            raise ValidationError(
                {
                    "rule": f"The figure is of another time ({_first_small(period.label)}) than the indicator’s "
                    f"({_first_small(frequency.label)}). Write the figure as published and what is done with it, such "
                    "as “/ 12”, or “as is” if it can be compared all the same; or say that its basis is not known."
                }
            )

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Where it couldn't be worked out, which is told already, the figure isn't said to be missing as well."""
        together = {"value", "blank", "published", "period", "rule"}
        without = set(exclude or ())
        without |= together if without & together else set()
        super().validate_constraints(without)

    def work_out(self) -> None:
        """Put what was typed of the published figure in its one form, and work the comparator's own figure out of it.

        Raises ValidationError by field; so it does where a figure is given that is another.
        """
        if not self.published and not self.rule:
            return
        if not self.published:
            raise ValidationError({"rule": "Write the figure as it was published, too: the rule is done with it."})
        wrong = {}
        period = ComparatorPeriod(self.period) if self.period in list(ComparatorPeriod) else None
        if period is None:
            wrong["period"] = "Say what time the published figure is of."
        if self.blank:
            wrong["blank"] = "There is a published figure: leave one of the two empty."
        for name, read in (
            ("published", lambda text: parts_text(parse_parts(text))),
            ("rule", lambda text: text and parse_rule(text, period).text),
        ):
            try:
                setattr(self, name, read(getattr(self, name).strip()))
            except ValueError as error:
                wrong[name] = str(error)
            if len(getattr(self, name)) > LONGEST_RULE:
                wrong[name] = f"This is too long: “{getattr(self, name)}”."
        if wrong:
            raise ValidationError(wrong)
        name, problem = self._problem_of_worked_out() or ("", "")
        if problem:
            raise ValidationError({name: problem})
        self.value = rounded(self.as_published.value or 0, MOST_DECIMALS_STORED)

    def _problem_of_worked_out(self) -> tuple[str, str] | None:
        """What is wrong with the figure that follows from the published one, and the field that it stands beside."""
        parts, rule, value = parse_parts(self.published), stored_rule(self.rule), self.as_published.value
        if value is None:
            return "published", "The published figure is empty: write it, or leave the rule empty."
        if rule.averages and len(parts) == 1:
            return "rule", "There is one part only: write the others beside it, as in 120 + 80 + 95."
        name, typed = "rule" if self.rule else "published", None if self.value is None else exact(self.value)
        made = " ".join(filter(None, (parts_words(parts), self.rule and rule.said))) + f" is {plain_number(value)}"
        if magnitude(value) >= TOO_LARGE:
            return name, f"{made}, which is too large for a figure."
        if value and not rounded(value, MOST_DECIMALS_STORED):
            return name, f"{made} to all the {MOST_DECIMALS_STORED} decimals that a figure can have: it is too small."
        if typed is not None and typed != rounded_exactly(value, decimals_of(typed, MOST_DECIMALS_STORED)):
            return "value", (
                f"{made}, not {plain_number(typed)}. Leave this figure empty, and it is worked out; or empty "
                "what is said of the published one."
            )
        of = indicator_of(self)
        is_share = of is not None and of.unit == Unit.PERCENTAGE and not of.allows_over_100
        if is_share and value > 100 and self.on_basis != OnBasis.NO:
            return name, f"{made}: a percentage is at most 100."
        return None


def _first_small(text: str) -> str:
    return text[0].lower() + text[1:]


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
