"""When an owner looked last, and what has changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from indicators.models import User
from scorecard.models import Edition, Visit
from scorecard.rules import may
from scorecard.sheet.history import Event, events_by_line
from scorecard.sheet.sheet import Sheet, SheetLine

NEW_VISIT_AFTER = timedelta(minutes=30)


def begin_visit(*, edition: Edition, person: User, now: datetime) -> datetime | None:
    """Note that somebody looks at an edition's lines; returns when they looked before, None the first time."""
    visit, is_new = Visit.objects.get_or_create(edition=edition, person=person, defaults={"latest_at": now})
    if is_new:
        return None
    if now - visit.latest_at > NEW_VISIT_AFTER:
        visit.before_at = visit.latest_at
    visit.latest_at = now
    visit.save()
    return visit.before_at


def changes_since(
    sheet: Sheet, lines: Sequence[SheetLine], since: datetime | None, *, reader: User
) -> Mapping[int, list[Event]]:
    """For each line, what has changed since somebody looked, by whomever; nothing before the first look. Two queries.

    A line that is worked out tells of the figures that it is worked out from; what they are only to who may see them.
    """
    if since is None or not lines:
        return {}
    events = events_by_line(sheet.lines, since)
    found: dict[int, list[Event]] = {}
    for line in lines:
        own = list(events.get(line.key, ()))
        if line.is_derived:
            for source in sheet.lines:
                if line.indicator.reference in source.feeds:
                    figures = (event for event in events.get(source.key, ()) if event.what == "Figure")
                    own += [_of(source, event, reader) for event in figures]
        if own:
            found[line.key] = sorted(own, key=lambda event: event.at)
    return found


def _of(source: SheetLine, event: Event, reader: User) -> Event:
    told = event._replace(what=f"Figure of {source.indicator.reference}")
    return told if may(reader, "see_line", source) else told._replace(before="", after="")
