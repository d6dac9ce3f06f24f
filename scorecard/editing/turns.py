"""One after the other at the same lines, and on an edition that nobody moves on meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from indicators.models import ChangedMeanwhileError
from scorecard.models import Edition

Result = TypeVar("Result")


def all_or_none(run: Callable[[], Result]) -> Result:
    """Run in one transaction; once more when somebody made or changed the same row between our look and our writing."""
    try:
        with transaction.atomic():
            return run()
    except (IntegrityError, ChangedMeanwhileError):
        with transaction.atomic():
            return run()


def on_lines(edition: Edition, keys: Collection[int], run: Callable[[Edition], Result]) -> Result:
    """Run with the edition as it is now, as the only one that enters, sends or decides on these indicators' lines.

    All or nothing. Until it is done nobody moves the edition on, so that `run` can go by its state. Who has their turn
    at the lines already, with the edition that they were given for it, goes on at once.
    Raises PermissionDenied when the edition is gone.
    """
    # Another thread, which is in no transaction, waits as usual.
    if edition.held_lines is not None and edition.held_lines.issuperset(keys) and connection.in_atomic_block:
        return run(edition)

    def in_turn() -> Result:
        current = _held(edition)
        _wait_for_turn(keys)
        current.held_lines = frozenset(keys)
        try:
            return run(current)
        finally:
            current.held_lines = None

    return all_or_none(in_turn)


# Waits for whoever moves the edition on, who has the row for themselves, but not for others who enter their lines.
# SQLite lets one at a time write anyway.
HOLD = "SELECT * FROM scorecard_edition WHERE id = %s FOR SHARE"


def _held(edition: Edition) -> Edition:
    is_shared = connection.vendor == "postgresql"
    found = Edition.objects.raw(HOLD, [edition.pk]) if is_shared else Edition.objects.filter(pk=edition.pk)
    current = next(iter(found), None)
    if current is None:
        raise PermissionDenied
    current.scorecard = edition.scorecard
    return current


# Rows can't be locked before they are there: two people would both make the first. Always in the same order, so that
# nobody waits in a circle.
TURNS = """
    SELECT pg_advisory_xact_lock(hashtextextended('line', id))
    FROM (SELECT id FROM indicators_indicator WHERE id = ANY(%s) ORDER BY id) AS line
"""


def _wait_for_turn(keys: Collection[int]) -> None:
    """Until the transaction ends nobody else has a turn at these lines."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(TURNS, [list(keys)])
