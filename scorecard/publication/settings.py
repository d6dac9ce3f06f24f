"""What the public reads of a scorecard: changing it, and revising what was published before under other settings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from time import monotonic
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from indicators.models import ChangedMeanwhileError, SecurityEventKind, User
from indicators.security_log import record
from scorecard.models import Publication, PublicationKind, Scorecard
from scorecard.rules import require

from .files import make_in_background
from .publish import draft_edition, freeze, locked
from .reading import to_revise
from .shown import SAY_WHY, Shown, shown_by_settings, with_settings

SETTINGS = (
    "is_public",
    "suppresses_small_counts",
    "rounds_counts",
    "largest_small_count",
    "panel_reads_unsuppressed",
    "people_named",
)
# A server gives up on a page after half a minute.
SECONDS = 15


def asks_why(scorecard: Scorecard, new: Scorecard, shown: Shown) -> bool:
    """Whether somebody has to say why: counts become readable, or the public is to read whatever there will be."""
    is_open, was_open = (one.is_public and not one.suppresses_small_counts for one in (new, scorecard))
    return bool(shown) or (is_open and not was_open)


@transaction.atomic
def change_settings(
    *,
    scorecard: Scorecard,
    settings: Mapping[str, Any],
    fingerprint: str,
    because: str,
    by: User,
    now: datetime,
) -> Scorecard:
    """Change what the public and the panel read, as the officer decided who saw what that shows.

    `scorecard` is the copy that the officer saw; `fingerprint` tells what they were shown. Raises ChangedMeanwhileError
    where either is another by now, and ValidationError where nobody says why.
    """
    require(by, "manage_collection")
    current = Scorecard.objects.select_for_update().get(pk=scorecard.pk)
    if current.version != scorecard.version:
        raise ChangedMeanwhileError(current)
    new = with_settings(current, {name: settings[name] for name in SETTINGS})
    shown = shown_by_settings(current, new)
    if shown.fingerprint != fingerprint:
        raise ChangedMeanwhileError(current)
    if asks_why(current, new, shown):
        if not because.strip():
            raise ValidationError(SAY_WHY)
        new.shown_because, new.shown_counts, new.shown_by, new.shown_at = because, shown.number, by, now
    elif new.suppresses_small_counts and not current.suppresses_small_counts:
        # What was decided before is in the history; to show them again is another decision.
        new.shown_because, new.shown_counts, new.shown_by, new.shown_at = "", 0, None, None
    new.full_clean()
    new._change_reason = because or None  # type: ignore[attr-defined]
    new._history_user = by  # type: ignore[attr-defined]
    changed = [name for name in SETTINGS if getattr(new, name) != getattr(current, name)]
    new.save()
    detail = "; ".join(f"{name.replace('_', ' ')}: {getattr(new, name)}" for name in changed)
    record(SecurityEventKind.PUBLIC_SETTINGS_CHANGED, by=by, about=new, detail=detail)
    return new


def revise_waiting(*, scorecard: Scorecard, reason: str, by: User, now: datetime) -> list[date]:
    """Publish the revisions that the settings ask for, the earliest first, and return their months.

    Each is a transaction of its own. After a quarter of a minute the rest is left to be asked for again.
    """
    require(by, "manage_collection")
    done: list[Publication] = []
    end = monotonic() + SECONDS
    for edition in to_revise(scorecard):
        with transaction.atomic():
            current = locked(edition, by)
            if not to_revise(current.scorecard).filter(pk=current.pk).exists():
                continue
            draft = draft_edition(current)
            # What it comes down to was listed, and decided, when the setting was changed.
            because = current.scorecard.shown_because or reason
            done.append(
                freeze(draft, kind=PublicationKind.SCHEDULED, reason=reason, by=by, now=now, shown_because=because)
            )
        if monotonic() > end:
            break
    if done:
        make_in_background(*done)
    return [one.edition.month for one in done]
