"""One after the other at the same lines, and on an edition that nobody moves on meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from scorecard.models import Edition

Result = TypeVar("Result")
# PostgreSQL's; SQLite lets one at a time write anyway. Waits for whoever moves the edition on, who has the row for
# themselves, but not for others who enter their lines.
HOLD = "SELECT * FROM scorecard_edition WHERE id = %s FOR SHARE"
# Rows can't be locked before they are there: two people would both make the first. Always in the same order, so that
# nobody waits in a circle.
TURNS = """
    SELECT pg_advisory_xact_lock(hashtextextended('line', id))
    FROM (SELECT id FROM indicators_indicator WHERE id = ANY(%s) ORDER BY id) AS line
"""


def all_or_none(run: Callable[[], Result]) -> Result:
    """Run in one transaction; once more when somebody made the same row between our look and our writing."""
    try:
        with transaction.atomic():
            return run()
    except IntegrityError:
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
        if connection.vendor == "postgresql":
            # Until the transaction ends nobody else has a turn at these lines.
            with connection.cursor() as cursor:
                cursor.execute(TURNS, [list(keys)])
        current.held_lines = frozenset(keys)
        try:
            return run(current)
        finally:
            current.held_lines = None

    return all_or_none(in_turn)


def _held(edition: Edition) -> Edition:
    is_shared = connection.vendor == "postgresql"
    found = Edition.objects.raw(HOLD, [edition.pk]) if is_shared else Edition.objects.filter(pk=edition.pk)
    current = next(iter(found), None)
    if current is None:
        raise PermissionDenied
    current.scorecard = edition.scorecard
    return current
