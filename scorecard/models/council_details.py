"""Who answers for the site: what its pages about itself say of the council."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from indicators.calculations.disclosure import LARGEST_SMALL
from indicators.calculations.months import FIRST_MONTH_OF_FINANCIAL_YEAR
from indicators.calculations.vocabulary import LabelledEnum
from indicators.models import Audited
from indicators.models.fields import MONTH_NUMBERS
from indicators.moments import today_in_britain
from scorecard.council.colours import parse_colour, problem_with_main, problem_with_second

REVIEWED_BEFORE = "It can’t have been reviewed before it was prepared."
NOT_YET = "This day has not come yet."


def _code(kind: str, example: str) -> Any:
    """A code of national statistics, such as E06000045; blank where nobody has given it."""
    return models.CharField(
        f"{kind}’s code",
        max_length=9,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator(r"\A[A-Z]\d{8}\Z", f"A letter and eight digits, as {example}.")],
        help_text=f"As in national statistics, for example {example}. It is written into open data.",
    )


def _colour(name: str) -> Any:
    """A colour as #0b4a5a; blank for the product's own."""
    return models.CharField(
        name,
        max_length=7,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator(r"\A#[0-9a-f]{6}\Z", "Write it as # and six digits or letters, as #0b4a5a.")],
    )


def _word(name: str, usual: str, help_text: str) -> Any:
    """A word in the singular; blank for the usual one."""
    return models.CharField(
        name,
        max_length=40,
        blank=True,
        default="",
        db_default="",
        validators=[
            RegexValidator(
                r"\A[^\W\d_]+([ ’'-][^\W\d_]+)*\Z", f"Only the word or words, in the singular, as “{usual}”."
            )
        ],
        help_text=help_text,
    )


class SmallCounts(LabelledEnum):
    """What the public's reports do with small counts."""

    HIDE = "hide", "Hide them as [c], with whatever would give them away"
    ROUND = "round", "Round every count to the nearest 5, and work all other figures out from these"


class Logo(models.Model):
    """A picture as it is shown, in the form that the product brought it into (council/pictures.py). It never changes.

    It is in the database, so that several servers need no folder in common and a backup has it.
    """

    checksum = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the content, in hexadecimal.")
    content = models.BinaryField(help_text="A PNG.")
    width = models.PositiveSmallIntegerField(help_text="In pixels.")
    height = models.PositiveSmallIntegerField(help_text="In pixels.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(checksum="") & Q(width__gte=1) & Q(height__gte=1),
                name="logo_is_a_picture",
                violation_error_message="A logo has a checksum, and is at least a pixel wide and high.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.width} × {self.height} pixels"


class CouncilDetails(Audited):
    """What the council says of itself, how the site looks, and what new scorecards begin with.

    There is one row, or none yet. What is left blank is said on the pages not to be filled in; nothing is made up. In
    its look, what is left blank is the product's own.
    """

    ONLY = 1

    council = models.CharField(max_length=200, blank=True, help_text="Its full name, as “Exampleshire County Council”.")
    email = models.EmailField("e-mail", blank=True, help_text="Where readers write: better a team’s than a person’s.")
    phone = models.CharField(
        max_length=40,
        blank=True,
        validators=[RegexValidator(r"^\+?[\d ()-]{5,}( ?ext\.? ?\d+)?\Z", "Enter a number, as 023 8083 3000.")],
    )
    address = models.TextField("postal address", blank=True)
    answers_within = models.PositiveSmallIntegerField(
        "answers within (working days)", null=True, blank=True, help_text="How soon readers get an answer."
    )
    data_protection_officer = models.CharField(
        max_length=200, blank=True, help_text="A name or a post, as “Head of Information Governance”."
    )
    data_protection_email = models.EmailField("e-mail of the data protection officer", blank=True)
    keeps_accounts = models.TextField(
        "how long accounts and the history are kept",
        blank=True,
        help_text="As the council’s retention schedule has it, for example “six years after the report was published”.",
    )
    more_on_privacy = models.TextField(
        blank=True, help_text="What else the council tells people about their data. A blank line begins a paragraph."
    )
    not_accessible = models.TextField(
        "known not to be accessible",
        blank=True,
        help_text="What people with disabilities have told you or an audit found, and when it will be put right.",
    )
    statement_prepared_on = models.DateField("accessibility statement prepared on", null=True, blank=True)
    statement_reviewed_on = models.DateField("accessibility statement last reviewed on", null=True, blank=True)
    year_starts = models.PositiveSmallIntegerField(
        "financial year begins in",
        choices=MONTH_NUMBERS,
        default=FIRST_MONTH_OF_FINANCIAL_YEAR,
        help_text="The headings of reports follow it, and new indicators begin with it. Those there are keep theirs.",
    )
    early_access = models.TextField(
        "who else reads reports early",
        blank=True,
        help_text="Posts that read a report before it is published without working on it, one a line, and why.",
    )

    council_code = _code("council", "E06000045")
    region = models.CharField(
        "name of the region",
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text="As in national statistics: South East.",
    )
    region_code = _code("region", "E12000008")
    logo = models.ForeignKey(Logo, models.PROTECT, null=True, blank=True, related_name="+")
    logo_says = models.CharField(
        "what the logo says",
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="For people who don’t see it. Blank if it says only the council’s name, which stands beside it.",
    )
    colour = _colour("main colour")
    second_colour = _colour("second colour")
    panel_word = _word("who reads the reports", "panel", "For example panel, committee or board.")
    service_word = _word("who makes the reports", "service", "For example service, directorate or department.")
    small_counts = models.CharField(
        "what the public’s reports do with small counts",
        max_length=5,
        choices=SmallCounts.choices(),
        default=SmallCounts.HIDE,
        db_default=SmallCounts.HIDE.value,
        help_text="New scorecards begin with it. Each can be changed by itself.",
    )
    largest_small_count = models.PositiveSmallIntegerField(
        "which counts are small",
        choices=[(largest, f"1 to {largest}") for largest in LARGEST_SMALL],
        default=LARGEST_SMALL[0],
        db_default=LARGEST_SMALL[0],
    )
    saved_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "council’s details"
        constraints = [
            models.CheckConstraint(
                condition=Q(second_colour="") | ~Q(colour=""),
                name="council_details_main_colour_first",
                violation_error_message="A second colour needs a main one.",
            ),
            models.CheckConstraint(
                condition=Q(small_counts__in=list(SmallCounts)), name="council_details_small_counts_known"
            ),
            models.CheckConstraint(
                # Not “in”, as at the scorecard.
                condition=Q(largest_small_count=5) | Q(largest_small_count=7) | Q(largest_small_count=10),
                name="council_details_largest_small_known",
            ),
            models.CheckConstraint(
                condition=Q(id=1),
                name="council_details_one_row",
                violation_error_message="The council’s details are there already: change those.",
            ),
            models.CheckConstraint(
                condition=Q(year_starts__gte=1) & Q(year_starts__lte=12),
                name="council_details_year_starts_in_a_month",
            ),
            models.CheckConstraint(
                condition=Q(statement_prepared_on__isnull=True)
                | Q(statement_reviewed_on__isnull=True)
                | Q(statement_reviewed_on__gte=F("statement_prepared_on")),
                name="council_details_reviewed_after_prepared",
                violation_error_message=REVIEWED_BEFORE,
            ),
        ]

    def __str__(self) -> str:
        return self.council or "The council’s details"

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """As usual; neither day of the statement may lie ahead."""
        problems: dict[str, Any] = {}
        try:
            super().clean_fields(exclude)
        except ValidationError as error:
            problems = error.update_error_dict(problems)
        today = today_in_britain()
        for name in {"statement_prepared_on", "statement_reviewed_on"} - set(exclude or ()) - problems.keys():
            day = getattr(self, name)
            if day and day > today:
                problems[name] = [ValidationError(NOT_YET)]
        if problems:
            raise ValidationError(problems)

    def clean(self) -> None:
        """Refuse colours that can't be read where the product uses them."""
        problems: dict[str, Any] = {}
        main, second = parse_colour(self.colour), parse_colour(self.second_colour)
        if main and (problem := problem_with_main(main)):
            problems["colour"] = problem
        elif main and second and (problem := problem_with_second(second, main)):
            problems["second_colour"] = problem
        if problems:
            raise ValidationError(problems)

    def save(self, **kwargs: Any) -> None:
        self.pk = self.ONLY
        # Pages that are kept ask for it.
        self.saved_at = timezone.now()
        super().save(**kwargs)

    @classmethod
    def present(cls) -> CouncilDetails:
        """The row, or one that is all blank and not stored."""
        return cls.objects.filter(pk=cls.ONLY).first() or cls()

    @classmethod
    def first_month(cls) -> int:
        """The number of the month in which the council's financial years begin."""
        found = cls.objects.filter(pk=cls.ONLY).values_list("year_starts", flat=True).first()
        return FIRST_MONTH_OF_FINANCIAL_YEAR if found is None else found

    @property
    def for_new_scorecards(self) -> dict[str, Any]:
        """What a new scorecard begins with, by its fields."""
        return {
            "council": self.council,
            "council_code": self.council_code,
            **({"region": self.region} if self.region else {}),
            "region_code": self.region_code,
            "suppresses_small_counts": True,
            "rounds_counts": self.small_counts == SmallCounts.ROUND,
            "largest_small_count": self.largest_small_count,
        }

    @property
    def missing(self) -> list[str]:
        """What the law or the pages need and nobody has filled in yet, in words."""
        needed = ("council", "email", "data_protection_officer", "keeps_accounts", "statement_prepared_on")
        return [str(self._meta.get_field(name).verbose_name) for name in needed if not getattr(self, name)]  # type: ignore[union-attr]
