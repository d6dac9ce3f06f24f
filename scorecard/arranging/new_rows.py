"""New scorecards and new indicators, with what nobody has to type: addresses, references and places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify

from indicators.models import ComparatorGroup, Indicator, Seen, User
from indicators.models.indicator import council_year_starts
from scorecard.editing.merging import save_over, write
from scorecard.models import CouncilDetails, Line, Scorecard
from scorecard.models.scorecard import GROUP_FIELDS, Slug
from scorecard.rules import require

LONGEST_SLUG = 40
MADE_UP = "IND-"
TAKEN_AT_ONCE = "Somebody else took the same name at the same moment. Save again."


def free_slug(title: str) -> str:
    """What a scorecard of the title is called in addresses, as no other is or was."""
    wanted = slugify(title)[:LONGEST_SLUG].strip("-") or "scorecard"
    taken = set(Slug.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    taken |= set(Scorecard.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(
        one
        for number in range(1, len(taken) + 2)
        if (one := f"{wanted}-{number}" if number > 1 else wanted) not in taken
    )


def made_up_reference() -> str:
    """The next reference of those that are made up where nobody gives one: IND-1, IND-2, …"""
    found = Indicator.objects.filter(reference__istartswith=MADE_UP).values_list("reference", flat=True)
    numbers = [int(match[1]) for one in found if (match := re.fullmatch(rf"{MADE_UP}(\d{{1,9}})", one.upper()))]
    return f"{MADE_UP}{max(numbers, default=0) + 1}"


@transaction.atomic
def add_scorecard(*, values: Mapping[str, Any], by: User) -> Scorecard:
    """A scorecard that nobody but officers finds before its first report. Raises ValidationError."""
    require(by, "manage_collection")
    groups = ComparatorGroup.objects.all()[:3]
    scorecard = Scorecard(
        slug=free_slug(values["title"]),
        **dict(zip(GROUP_FIELDS, groups, strict=False)),
        **CouncilDetails.present().for_new_scorecards,
    )
    try:
        with transaction.atomic():
            write(scorecard, values, by=by)
    except IntegrityError as error:
        raise ValidationError({"title": TAKEN_AT_ONCE}) from error
    return scorecard


@transaction.atomic
def save_details(*, scorecard: Scorecard, values: Mapping[str, Any], saw: Seen, by: User) -> bool:
    """Change a scorecard's plain details. Raises ClashError, and ValidationError where they don't hold together."""
    require(by, "arrange_scorecard", scorecard)
    return save_over(Scorecard.objects.select_for_update().get(pk=scorecard.pk), values, saw, by=by)


@transaction.atomic
def add_indicator(*, scorecard: Scorecard, values: Mapping[str, Any], by: User) -> Line:
    """A new indicator, and its line at the end of a section of the scorecard. Raises ValidationError."""
    require(by, "arrange_scorecard", scorecard)
    section = values["section"]
    if section.scorecard_id != scorecard.pk:
        raise ValidationError({"section": "Choose a section of this scorecard."})
    list(Scorecard.objects.select_for_update().filter(pk=scorecard.pk).values_list("pk"))
    indicator = Indicator(year_starts=council_year_starts())
    try:
        with transaction.atomic():
            write(indicator, {name: value for name, value in values.items() if name != "section"}, by=by)
    except IntegrityError as error:
        raise ValidationError({"reference": TAKEN_AT_ONCE}) from error
    last = section.lines.aggregate(last=Max("position"))["last"] or 0
    line = Line(section=section, indicator=indicator, position=last + 1)
    line._history_user = by  # type: ignore[attr-defined]
    line.save()
    return line
