"""Changing what the council says of itself, its comparator groups and its glossary. Each is one transaction."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, ProtectedError
from django.utils.text import slugify

from indicators.models import ChangedMeanwhileError, ComparatorGroup, Seen, User, save_all, seen
from indicators.models.audited import refusal
from indicators.models.comparator_group import LONGEST_CODE
from scorecard.editing.merging import save_over, values_of, write
from scorecard.models import CouncilDetails, GlossaryEntry, Logo, Scorecard
from scorecard.rules import require

from .look import forget_held
from .pictures import Picture

RIGHT = "set_up_council"
# What scorecards have too, each for itself.
ALSO_AT_SCORECARDS = ("council", "council_code", "region", "region_code")
NEVER_SAID = {"", Scorecard._meta.get_field("region").default}
Listed = TypeVar("Listed", ComparatorGroup, GlossaryEntry)


def said_by_all(name: str) -> str:
    """What all scorecards have in a field; empty where they differ, or there are none."""
    values = set(Scorecard.objects.values_list(name, flat=True)) - NEVER_SAID
    return values.pop() if len(values) == 1 else ""


@transaction.atomic
def change_details(*, typed: Mapping[str, Any], saw: Seen, by: User) -> list[Scorecard]:
    """Save some of the council's details, and return the scorecards that follow.

    Those follow which had of the council what the details had before. A picture among what was typed is kept as the
    logo. Raises ClashError, and ValidationError where it doesn't hold together.
    """
    require(by, RIGHT)
    values = dict(typed)
    if isinstance(picture := values.get("logo"), Picture):
        values["logo"] = Logo.objects.get_or_create(checksum=picture.checksum, defaults=picture._asdict())[0]
    details = CouncilDetails.objects.select_for_update().first()
    before = {name: getattr(details, name, "") or said_by_all(name) for name in values if name in ALSO_AT_SCORECARDS}
    if details is None and not _began(values, by):
        # Somebody else began in the same moment.
        details = CouncilDetails.objects.select_for_update().get()
    if details is not None:
        save_over(details, values, saw, by=by)
    forget_held()
    return _bring_along(before, by)


def _began(values: Mapping[str, Any], by: User) -> bool:
    blank = CouncilDetails()
    if values_of(blank, values) == values:
        return True
    try:
        with transaction.atomic():
            write(blank, values, by=by)
    except IntegrityError:
        return False
    return True


def _bring_along(before: Mapping[str, str], by: User) -> list[Scorecard]:
    """Give scorecards what the council is called now, where they had what it was called before."""
    details = CouncilDetails.present()
    now = {name: value for name in before if (value := getattr(details, name)) not in (before[name], "")}
    followers = []
    for scorecard in Scorecard.objects.select_for_update().order_by("pk") if now else ():
        theirs = {name for name in now if getattr(scorecard, name) in {before[name], *NEVER_SAID} - {now[name]}}
        for name in theirs:
            setattr(scorecard, name, now[name])
        if theirs:
            followers.append(scorecard)
    save_all(followers, list(now), by=by, reason="The council’s own details were changed.")
    return followers


@transaction.atomic
def add_group(*, values: Mapping[str, Any], by: User) -> ComparatorGroup:
    """Add a comparator group, last in the order. Files call it by a code made of its name."""
    require(by, RIGHT)
    last = ComparatorGroup.objects.aggregate(last=Max("position"))["last"] or 0
    group = ComparatorGroup(code=_free_code(values["name"]), position=last + 1)
    with _refused_in_words():
        write(group, values, by=by)
    return group


def _free_code(name: str) -> str:
    """A code that no group has, with the small letters and digits of the name."""
    base = re.sub(r"[^a-z0-9]+", "_", slugify(name)).strip("_") or "group"
    taken, number, code = set(ComparatorGroup.objects.values_list("code", flat=True)), 1, base[:LONGEST_CODE].strip("_")
    while code in taken:
        number += 1
        code = f"{base[: LONGEST_CODE - 4].strip('_')}_{number}"
    return code


@transaction.atomic
def add_entry(*, values: Mapping[str, Any], by: User) -> GlossaryEntry:
    """Explain a short form."""
    require(by, RIGHT)
    entry = GlossaryEntry()
    with _refused_in_words():
        write(entry, values, by=by)
    return entry


@transaction.atomic
def save_listed(*, row: Listed, values: Mapping[str, Any], saw: Seen, by: User) -> bool:
    """Put a group or an entry right. Raises ClashError, and ValidationError where it doesn't hold together."""
    require(by, RIGHT)
    current = _locked(row)
    with _refused_in_words():
        return save_over(current, values, saw, by=by)


@transaction.atomic
def delete_listed(*, row: Listed, saw: Seen, by: User) -> None:
    """Delete a group or an entry; its history stays.

    Raises ChangedMeanwhileError where it is not as it was seen, and ValidationError while anything is of the group.
    """
    require(by, RIGHT)
    current = _locked(row)
    if saw != seen(current):
        raise ChangedMeanwhileError(current)
    current._history_user = by  # type: ignore[attr-defined]
    try:
        current.delete()
    except ProtectedError as error:
        kinds = sorted({str(one._meta.verbose_name_plural) for one in error.protected_objects})
        raise ValidationError(f"“{current}” can’t be deleted: there are {' and '.join(kinds)} of it.") from error


def _locked(row: Listed) -> Listed:
    found: Listed | None = type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
    if found is None:
        raise ValidationError({NON_FIELD_ERRORS: f"Somebody has deleted “{row}” since you opened this page."})
    return found


@contextmanager
def _refused_in_words() -> Iterator[None]:
    """Where somebody else was quicker by less than the form's own check, say so."""
    try:
        yield
    except IntegrityError as error:
        raise ValidationError({NON_FIELD_ERRORS: refusal(error)}) from error


@transaction.atomic
def move_group(*, key: int, by_places: int, by: User) -> ComparatorGroup | None:
    """Put a group some places down in the order of all, or up; None where there is none. At the end it stays."""
    require(by, RIGHT)
    groups = list(ComparatorGroup.objects.select_for_update().order_by("position", "name", "pk"))
    place = next((place for place, group in enumerate(groups) if group.pk == key), None)
    if place is None:
        return None
    moved = groups.pop(place)
    groups.insert(max(0, place + by_places), moved)
    changed = [group for position, group in enumerate(groups, 1) if group.position != position]
    for position, group in enumerate(groups, 1):
        group.position = position
    save_all(changed, ["position"], by=by)
    return moved
