"""What commands are given, as objects; what is not there is explained."""

from __future__ import annotations

from datetime import date

from django.core.management.base import CommandError

from indicators.calculations.months import month_text, read_month
from scorecard.models import Scorecard


def scorecard_called(slug: str) -> Scorecard:
    """The scorecard that has or had that name in web addresses."""
    found = Scorecard.objects.filter(slugs__slug=slug).first()
    if found is None:
        known = ", ".join(Scorecard.objects.values_list("slug", flat=True)) or "none yet"
        raise CommandError(f"There is no scorecard “{slug}”. There are: {known}.")
    return found


def scorecards_called(slug: str | None) -> list[Scorecard]:
    """The scorecard with that name in web addresses, or all of them where none is named."""
    return [scorecard_called(slug)] if slug else list(Scorecard.objects.order_by("title", "pk"))


def month_with_figures(scorecard: Scorecard, text: str) -> date:
    """The month, in any usual spelling, if the scorecard has figures for it."""
    try:
        month = read_month(text)
    except ValueError as error:
        raise CommandError(str(error)) from error
    months = scorecard.months_with_figures()
    if month not in months:
        known = ", ".join(month_text(known) for known in reversed(months)) or "none yet"
        raise CommandError(f"{scorecard} has no figures for {text}. Months with figures: {known}.")
    return month
