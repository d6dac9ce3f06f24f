"""Who answers for the site: what its pages about itself say of the council."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from indicators.calculations.months import FIRST_MONTH_OF_FINANCIAL_YEAR
from indicators.models import Audited
from indicators.models.fields import MONTH_NUMBERS
from indicators.moments import today_in_britain

REVIEWED_BEFORE = "It can’t have been reviewed before it was prepared."
NOT_YET = "This day has not come yet."


class CouncilDetails(Audited):
    """The council's own part of its pages on accessibility, privacy and contact. There is one row, or none yet.

    What is left blank is said on the pages not to be filled in; nothing is made up.
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

    class Meta:
        verbose_name = verbose_name_plural = "council’s details"
        constraints = [
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

    def save(self, **kwargs: Any) -> None:
        self.pk = self.ONLY
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
    def missing(self) -> list[str]:
        """What the law or the pages need and nobody has filled in yet, in words."""
        needed = ("council", "email", "data_protection_officer", "keeps_accounts", "statement_prepared_on")
        return [str(self._meta.get_field(name).verbose_name) for name in needed if not getattr(self, name)]  # type: ignore[union-attr]
