"""Storing what an officer arranged: one step at a time, in one transaction each, with what it takes to undo it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from indicators.actions import change_people
from indicators.models import Indicator, SecurityEventKind, User, save_all
from indicators.moments import day_and_time
from indicators.security_log import record
from scorecard.models import Line, Scorecard, Section
from scorecard.rules import require

from .arrangement import Arrangement, ArrangingError, Part, Place, fingerprint_of, places_of

CHANGED_HERE = "{who} changed this scorecard{when}, after you opened the page. Here it is as it stands now: look again."


class Stored(NamedTuple):
    """A scorecard's sections with their lines as they stand, and what tells this state from another."""

    sections: list[Section]
    lines: list[Line]

    @property
    def arrangement(self) -> Arrangement:
        return tuple(
            Part(
                section.pk,
                section.title,
                tuple(Place(line.pk, line.indicator_id) for line in self.lines if line.section_id == section.pk),
            )
            for section in self.sections
        )

    @property
    def fingerprint(self) -> str:
        rows = [(section.pk, section.version) for section in self.sections]
        return fingerprint_of([*rows, *((line.pk, line.version, line.indicator.version) for line in self.lines)])


def read_arrangement(scorecard: Scorecard) -> Stored:
    """Two queries, however many lines there are."""
    lines = Line.objects.filter(section__scorecard=scorecard).order_by("section__position", "section", "position", "pk")
    return Stored(
        list(scorecard.sections.order_by("position", "pk")),
        list(lines.select_related("indicator__owner", "indicator__reporter")),
    )


def arrange(
    *, scorecard: Scorecard, saw: str, step: Callable[[Arrangement], Arrangement], by: User, reason: str
) -> tuple[Arrangement, Stored]:
    """Take one step from the arrangement that the officer saw, and store it; returns what was before and what is now.

    Raises ArrangingError where the step makes no sense, and ValidationError, with who and when, where somebody else has
    changed the arrangement since; nothing is written then.
    """
    try:
        with transaction.atomic():
            stored = _as_seen(scorecard, saw, by)
            before = stored.arrangement
            _store(scorecard, stored, step(before), by=by, reason=reason)
            return before, read_arrangement(scorecard)
    except IntegrityError as error:
        raise ArrangingError("Somebody else put the same there at the same moment. Look again.") from error


@transaction.atomic
def assign_lines(
    *, scorecard: Scorecard, saw: str, keys: Collection[int], owner: User | None, reporter: User | None, by: User
) -> tuple[dict[int, list[int | None]], Stored]:
    """Give the indicators of lines an owner, a reporter or both; returns who they were, and what is now.

    Raises ArrangingError where nothing was chosen, and ValidationError as `arrange` does.
    """
    before = _as_seen(scorecard, saw, by)
    chosen = {line.indicator_id: line.indicator for line in before.lines if line.pk in keys}
    if not chosen:
        raise ArrangingError("Tick the lines first.", "line")
    if owner is None and reporter is None:
        raise ArrangingError("Choose an owner, a reporter, or both.", "owner")
    seen = {key: indicator.version for key, indicator in chosen.items()}
    changed = change_people(seen=seen, owner=owner, reporter=reporter, by=by, reason="Chosen for several lines at once")
    was = {one.pk: [chosen[one.pk].owner_id, chosen[one.pk].reporter_id] for one in changed}
    return was, read_arrangement(scorecard)


@transaction.atomic
def assign_again(
    *, scorecard: Scorecard, saw: str, people: Mapping[int, tuple[int | None, int | None]], by: User
) -> Stored:
    """Give indicators back the owner and reporter that they had. Raises ValidationError as `arrange` does."""
    _as_seen(scorecard, saw, by)
    if not by.has_perm("indicators.change_indicator"):
        raise ValidationError("You may not change indicators.")
    rows = list(Indicator.objects.select_for_update().filter(pk__in=people).order_by("pk"))
    for row in rows:
        row.owner_id, row.reporter_id = people[row.pk]
    save_all(rows, ["owner", "reporter"], by=by, reason="Undone: chosen for several lines at once")
    named = ", ".join(row.reference for row in rows)
    for person in User.objects.filter(pk__in={key for both in people.values() for key in both if key}):
        record(SecurityEventKind.ROLES_CHANGED, person=person, by=by, detail=f"owner or reporter again of {named}")
    return read_arrangement(scorecard)


def _as_seen(scorecard: Scorecard, saw: str, by: User) -> Stored:
    """The arrangement, which nobody else changes here until the transaction ends."""
    require(by, "arrange_scorecard", scorecard)
    list(Scorecard.objects.select_for_update().filter(pk=scorecard.pk).values_list("pk"))
    stored = read_arrangement(scorecard)
    if stored.fingerprint != saw:
        who, when = _last_change(scorecard, by)
        raise ValidationError(CHANGED_HERE.format(who=who, when=when))
    return stored


def _last_change(scorecard: Scorecard, reader: User) -> tuple[str, str]:
    """Who changed its sections, lines or their indicators last, and when, in words."""
    sections: QuerySet[Any] = Section.history.filter(scorecard=scorecard)
    lines: QuerySet[Any] = Line.history.filter(section_id__in=sections.values("id"))
    on_it = Line.objects.filter(section__scorecard=scorecard).values("indicator")
    found: list[tuple[datetime, Any]] = []
    for history in (sections, lines, Indicator.history.filter(id__in=on_it)):
        latest = history.select_related("history_user").order_by("-history_date", "-history_id").first()
        if latest is not None:
            found.append((latest.history_date, latest.history_user))
    if not found:
        return "Somebody", ""
    when, person = max(found, key=lambda one: one[0])
    who = "You, perhaps in another window," if person == reader else str(person or "Somebody")
    return who, f" on {day_and_time(when)}"


def _store(scorecard: Scorecard, before: Stored, wanted: Arrangement, *, by: User, reason: str) -> None:
    """Write only what differs. Lines that go are deleted first, so that their places are free for others."""
    kept = places_of(wanted).keys()
    for line in before.lines:
        if line.pk not in kept:
            _delete(line, by, reason)
    # A new section has to be there before its lines, and one that goes stays until its lines have moved.
    sections = _store_sections(scorecard, before, wanted, by=by, reason=reason)
    lines = {line.pk: line for line in before.lines}
    moved: list[Line] = []
    added: list[Line] = []
    for section, part in zip(sections, wanted, strict=True):
        for place, one in enumerate(part.lines, start=1):
            # Of what was undone, rows that are gone are made anew.
            stored = lines.get(one.key)
            if stored is None:
                added.append(Line(section=section, indicator_id=one.indicator, position=place))
            elif (stored.section_id, stored.position) != (section.pk, place):
                stored.section, stored.position = section, place
                moved.append(stored)
    save_all(moved, ["section", "position"], by=by, reason=reason)
    save_all(added, by=by, reason=reason)
    for section in before.sections:
        if section.pk not in {part.key for part in wanted}:
            _delete(section, by, reason)


def _store_sections(
    scorecard: Scorecard, before: Stored, wanted: Arrangement, *, by: User, reason: str
) -> list[Section]:
    """The sections in their new order, those that are new or changed saved."""
    stored = {section.pk: section for section in before.sections}
    sections = [stored.get(part.key) or Section(scorecard=scorecard) for part in wanted]
    new = [section for section in sections if section.pk is None]
    changed: list[Section] = []
    for place, (section, part) in enumerate(zip(sections, wanted, strict=True), start=1):
        if section.pk is not None and (section.title, section.position) != (part.title, place):
            changed.append(section)
        section.title, section.position = part.title, place
    save_all(changed, ["title", "position"], by=by, reason=reason)
    save_all(new, by=by, reason=reason)
    return sections


def _delete(row: Any, by: User, reason: str) -> None:
    row._history_user, row._change_reason = by, reason
    row.delete()
