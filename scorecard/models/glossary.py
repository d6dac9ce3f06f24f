"""What the short forms that the council's reports use stand for."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from indicators.models import Audited


class GlossaryEntry(Audited):
    """A short form and what it stands for; the key of a report has those that occur in it.

    What is published keeps what its key had then.
    """

    short_form = models.CharField(
        max_length=30,
        validators=[RegexValidator(r"\A\w", "Begin with a letter or a digit.")],
        help_text="As reports write it, in the singular: for example UASC. “UASCs” is found, too.",
    )
    meaning = models.CharField(
        "what it stands for", max_length=200, help_text="For example “unaccompanied asylum-seeking children”."
    )

    class Meta:
        ordering = ["short_form"]
        verbose_name_plural = "glossary"
        constraints = [
            models.UniqueConstraint(
                Lower("short_form"),
                name="glossary_short_form_once",
                violation_error_message="The glossary has this short form already.",
            ),
            models.CheckConstraint(
                condition=~Q(short_form="") & ~Q(meaning=""),
                name="glossary_words_given",
                violation_error_message="Give the short form and what it stands for.",
            ),
        ]

    def __str__(self) -> str:
        return self.short_form
