"""Writing many rows with their history in few statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from indicators.models import User

BATCH = 200
Result = TypeVar("Result")


def all_or_none(run: Callable[[], Result]) -> Result:
    """Run in one transaction; once more when somebody made the same row between our look and our writing."""
    try:
        with transaction.atomic():
            return run()
    except IntegrityError:
        with transaction.atomic():
            return run()


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
