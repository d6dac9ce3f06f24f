"""Writing many rows with their history in few statements."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

from django.db import IntegrityError, connection, models, transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from indicators.models import User

BATCH = 200
Result = TypeVar("Result")


def all_or_none(keys: Collection[int], run: Callable[[], Result]) -> Result:
    """Run in one transaction, as the only one that enters, sends or decides on the lines of these indicators.

    Once more when somebody made the same row elsewhere, as in the administration, between our look and our writing.
    """
    try:
        with transaction.atomic():
            _wait_for_turn(keys)
            return run()
    except IntegrityError:
        with transaction.atomic():
            _wait_for_turn(keys)
            return run()


# Rows can't be locked before they are there: two people would both make the first. Always in the same order, so that
# nobody waits in a circle.
TURNS = """
    SELECT pg_advisory_xact_lock(hashtextextended('line', id))
    FROM (SELECT id FROM indicators_indicator WHERE id = ANY(%s) ORDER BY id) AS line
"""


def _wait_for_turn(keys: Collection[int]) -> None:
    """Until the transaction ends nobody else has a turn at these lines. SQLite lets one at a time write anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(TURNS, [list(keys)])


def assign(row: Any, values: Mapping[str, Any]) -> None:
    """Set fields of a locked row, which gets its next version."""
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1


def write(
    model: type[models.Model],
    new: Sequence[Any],
    changed: Sequence[Any],
    fields: Sequence[str],
    *,
    by: User | None,
    reason: str = "",
) -> None:
    """Add the new rows and save the fields of the changed ones, which the caller has locked, each with its history.

    `by` is None for what the program does by itself.
    """
    if new:
        bulk_create_with_history(new, model, batch_size=BATCH, default_user=by, default_change_reason=reason or None)
    if changed:
        bulk_update_with_history(
            changed,
            model,
            [*fields, "version"],
            batch_size=BATCH,
            default_user=by,
            default_change_reason=reason or None,
        )
