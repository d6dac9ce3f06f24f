"""One after the other at the same lines, and on an edition that nobody moves on meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from indicators.models import ChangedMeanwhileError
from indicators.resources.figures import TURN_AT_LINE
from scorecard.models import Edition

Result = TypeVar("Result")
# PostgreSQL's; SQLite lets one at a time write anyway. Waits for whoever moves the edition on, who has the row for
# themselves, but not for others who enter their lines; then for its turn at each line, which nobody else has until the
# transaction ends. Rows of a line can't be locked before they are there: two people would both make the first. Always
# in the same order, so that nobody waits in a circle.
TURN = f"""
    WITH held AS MATERIALIZED (SELECT * FROM scorecard_edition WHERE id = %s FOR SHARE),
    turn AS MATERIALIZED (
        SELECT count({TURN_AT_LINE})
        FROM (SELECT line.id FROM held, indicators_indicator AS line WHERE line.id = ANY(%s) ORDER BY line.id) AS line
    )
    SELECT held.* FROM held, turn
"""  # noqa: S608 - no part of it is anybody's input


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
        if connection.vendor == "postgresql":
            found = list(Edition.objects.raw(TURN, [edition.pk, list(keys)]))
        else:
            found = list(Edition.objects.filter(pk=edition.pk))
        if not found:
            raise PermissionDenied
        [current] = found
        current.scorecard = edition.scorecard
        current.held_lines = frozenset(keys)
        try:
            return run(current)
        finally:
            current.held_lines = None

    return all_or_none(in_turn)
