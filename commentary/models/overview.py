"""The overall summary that opens a report."""

from django.db import models

from indicators.models import Audited


class Overview(Audited):
    """The service's own summary of one month, in a few paragraphs."""

    title = models.CharField(max_length=200, help_text="To find it again, as “January 2021”.")
    summary = models.TextField(help_text="A blank line begins a new paragraph.")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title
