"""Scorecards: a named report to a panel, with sections and lines in order."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from itertools import combinations
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q

from commentary.models import AreaOfFocus
from indicators.calculations.disclosure import LARGEST_SMALL
from indicators.calculations.series import with_sources
from indicators.calculations.vocabulary import Kind, LabelledEnum
from indicators.models import Audited, DerivationTerm, Indicator, MonthlyValue, User
from indicators.models.comparator_group import GroupKey

MOST_PLACES = 999
GROUP_FIELDS = ("group_1", "group_2", "group_3", "group_4", "group_5")
_ALL_DIFFERENT = Q()
for _one, _other in combinations(GROUP_FIELDS, 2):
    _ALL_DIFFERENT &= Q(**{f"{_one}__isnull": True}) | ~Q(**{_one: models.F(_other)})
SLUG_IS_ANOTHERS = "Another scorecard has or had this in its addresses, and links to it still lead there."


SHOWN_FOR_NO_REASON = "A scorecard that the public reads hides small counts, or says why it doesn’t."


class PeopleNamed(LabelledEnum):
    """Whom the public's reports name, each with all before it."""

    NOBODY = "nobody", "Nobody"
    OWNERS = "owners", "Owners, and who answers for an area of focus"
    EVERYBODY = "everybody", "Owners and reporters"

    @property
    def and_fewer(self) -> list[PeopleNamed]:
        """This one, and those that name fewer people."""
        return list(PeopleNamed)[: list(PeopleNamed).index(self) + 1]


def _group(place: str) -> GroupKey:
    """One of the places that a report has for comparator groups: no more than five, and none of them needed."""
    return GroupKey(verbose_name=f"{place} comparator group", related_name="+", null=True, blank=True)


class ScorecardQuerySet(models.QuerySet["Scorecard"]):
    def of_people(self, people: Collection[int]) -> ScorecardQuerySet:
        """Scorecards with lines that one of the people reports or owns."""
        return self.filter(pk__in=Line.objects.of_people(people).values("section__scorecard"))


class Scorecard(Audited):
    """A report that a council's service makes to a panel every month."""

    slug = models.SlugField(unique=True, help_text="Its name in the address of its pages.")
    title = models.CharField(max_length=200)
    council = models.CharField(max_length=200)
    panel = models.CharField(max_length=200, help_text="Who reads it.")
    region = models.CharField(
        "name of the region", max_length=100, default="Region", help_text="As in national statistics: South East."
    )
    is_public = models.BooleanField(
        "readable without signing in", default=False, help_text="Otherwise signed-in people only."
    )
    suppresses_small_counts = models.BooleanField(
        "hide small counts from the public",
        default=True,
        help_text="Small counts, and all that would give them away, are published as [c].",
    )
    largest_small_count = models.PositiveSmallIntegerField(
        "the largest small count",
        choices=[(largest, f"1 to {largest}") for largest in LARGEST_SMALL],
        default=LARGEST_SMALL[0],
        help_text="Counts from 1 to this one are small where small counts are hidden. 0 is always shown.",
    )
    rounds_counts = models.BooleanField(
        "round every count to the nearest 5 instead",
        default=False,
        db_default=False,
        help_text="The public reads every count to the nearest 5, and all else worked out from these.",
    )
    panel_reads_unsuppressed = models.BooleanField(
        "the panel reads them",
        default=True,
        help_text="Signed-in panel members, and people with lines on the scorecard, read the report with small counts.",
    )
    people_named = models.CharField(
        "whom the public’s reports name",
        max_length=10,
        choices=PeopleNamed.choices,
        default=PeopleNamed.NOBODY,
        help_text="Signed-in panel members, and people with lines on the scorecard, always read the names.",
    )
    # What was decided last on small counts that the public or the panel can read; empty where nothing had to be.
    shown_because = models.TextField("why small counts can be read", blank=True, editable=False)
    shown_counts = models.PositiveIntegerField("of how many this was said", default=0, editable=False)
    shown_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name="who decided it"
    )
    shown_at = models.DateTimeField("when it was decided", null=True, blank=True, editable=False)
    four_eyes = models.BooleanField(
        "four eyes",
        default=True,
        help_text="Nobody signs off what they entered, but for performance officers, where it is marked. Without it "
        "owners can, and it is marked too.",
    )
    council_code = models.CharField(
        "council’s code", max_length=9, blank=True, help_text="As in national statistics, for example E06000045."
    )
    region_code = models.CharField("region’s code", max_length=9, blank=True, help_text="For example E12000008.")
    commentary_from_change = models.PositiveSmallIntegerField(
        "commentary from a change of (%)",
        default=20,
        help_text="Where too few figures are there for a signal. All others need one for a signal, red or a new gap.",
    )
    position = models.PositiveSmallIntegerField(
        "order",
        null=True,
        blank=True,
        unique=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)],
        error_messages={"unique": "Another scorecard has this place."},
        help_text="1 for the one that comes first: the site’s own address leads there. Those without a number come "
        "after the others, by title.",
    )
    group_1 = _group("first")
    group_2 = _group("second")
    group_3 = _group("third")
    group_4 = _group("fourth")
    group_5 = _group("fifth")
    # Brought over from another installation: so much lower were the numbers of its indicators there, by which the
    # texts that an officer decided on are told (disclosure/texts.py).
    numbers_from = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    areas_of_focus = models.ManyToManyField(AreaOfFocus, blank=True, related_name="scorecards")
    _history_m2m_fields = (areas_of_focus,)

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        ordering = [models.F("position").asc(nulls_last=True), "title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(position__isnull=True) | Q(position__gte=1, position__lte=MOST_PLACES),
                name="scorecard_order_from_1",
                violation_error_message=f"The order is a number from 1 to {MOST_PLACES}.",
            ),
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(suppresses_small_counts=True) | ~Q(shown_because=""),
                name="scorecard_shows_for_a_reason",
                violation_error_message=SHOWN_FOR_NO_REASON,
            ),
            models.CheckConstraint(
                condition=Q(people_named__in=list(PeopleNamed)), name="scorecard_people_named_known"
            ),
            models.CheckConstraint(
                # Not “in”: Django can't read a table of SQLite back that has a list of numbers in a constraint.
                condition=Q(largest_small_count=5) | Q(largest_small_count=7) | Q(largest_small_count=10),
                name="scorecard_largest_small_count_known",
            ),
            models.CheckConstraint(
                condition=Q(rounds_counts=False) | Q(suppresses_small_counts=True),
                name="scorecard_rounds_instead_of_hiding",
                violation_error_message="Counts are rounded instead of being hidden: choose one of the two.",
            ),
            models.CheckConstraint(
                condition=_ALL_DIFFERENT,
                name="scorecard_groups_once",
                violation_error_message="The scorecard shows a comparator group twice.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_public_edition(self) -> bool:
        """Whether its reports are published twice: for the panel, and with something left out for the public."""
        return self.suppresses_small_counts or (self.is_public and self.people_named != PeopleNamed.EVERYBODY)

    @property
    def group_codes(self) -> tuple[str, ...]:
        """The codes of the comparator groups that its reports show, in their order."""
        return tuple(code for name in GROUP_FIELDS if (code := getattr(self, f"{name}_id")))

    def clean(self) -> None:
        """Refuse a comparator group that stands in two places."""
        codes = [getattr(self, f"{name}_id") for name in GROUP_FIELDS]
        if twice := {
            name: f"{getattr(self, name)} has a place already."
            for place, name in enumerate(GROUP_FIELDS)
            if codes[place] and codes[place] in codes[:place]
        }:
            raise ValidationError(twice)

    def validate_unique(self, exclude: Collection[str] | None = None) -> None:
        """As usual, and says beside the slug when another scorecard once had it."""
        super().validate_unique(set(exclude or ()))
        if "slug" not in (exclude or ()) and Slug.objects.filter(slug=self.slug).exclude(scorecard=self.pk).exists():
            raise ValidationError({"slug": SLUG_IS_ANOTHERS})

    def save(self, **kwargs: Any) -> None:
        """Also keeps the slug for good. Raises IntegrityError when another scorecard has or had it."""
        is_new = self._state.adding
        with transaction.atomic(using=kwargs.get("using")):
            if is_new:
                super().save(**kwargs)
            if not self.slugs.filter(slug=self.slug).exists():
                Slug.objects.create(scorecard=self, slug=self.slug)
            if not is_new:
                # Last, so that this copy still has the stored version where the slug is another's.
                super().save(**kwargs)

    def has_figures_for(self, month: date) -> bool:
        """Whether any of its lines has a figure for the month."""
        return self._figures().filter(month=month).exists()

    def months_with_figures(self) -> list[date]:
        """The months for which any of its lines has a figure, newest first."""
        return list(self._figures().order_by("-month").values_list("month", flat=True).distinct())

    def _figures(self) -> models.QuerySet[MonthlyValue]:
        """The figures of its lines and of what derived lines are worked out from."""
        on_board = Line.objects.filter(section__scorecard=self)
        derived = on_board.filter(indicator__kind=Kind.DERIVED).values_list("indicator", flat=True)
        behind = with_sources(derived, DerivationTerm.objects.sources())
        shown = Q(indicator__in=on_board.values("indicator")) | Q(indicator__in=behind)
        return MonthlyValue.objects.filter(shown, blank="")


class Slug(models.Model):
    """What a scorecard has or once had in its addresses: links to it lead to the scorecard for good.

    Who changed it, and when, is in the scorecard's history.
    """

    slug = models.SlugField(unique=True)
    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="slugs")

    def __str__(self) -> str:
        return self.slug


class Section(Audited):
    """A group of lines under a heading."""

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="sections")
    title = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField("order", default=0)

    class Meta:
        ordering = ["scorecard", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "title"],
                name="section_title_once",
                violation_error_message="The scorecard already has a section of this title.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.scorecard}: {self.title}"


class LineQuerySet(models.QuerySet["Line"]):
    def of_people(self, people: Collection[int]) -> LineQuerySet:
        """Lines that one of the people reports or owns."""
        return self.filter(Q(indicator__reporter__in=people) | Q(indicator__owner__in=people))


class Line(Audited):
    """An indicator's place in a section. An indicator can stand on several scorecards."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="lines")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField("order", default=0)

    objects = LineQuerySet.as_manager()

    class Meta:
        ordering = ["section", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "indicator"],
                name="line_once_in_section",
                violation_error_message="The section already has this indicator.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator.reference} in {self.section.title}"
