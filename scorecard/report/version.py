"""Tells whether anything that a report could show has changed, in one cheap query."""

from __future__ import annotations

from functools import cache

from django.apps import apps
from django.db import connection
from simple_history.utils import get_history_model_for_model

from indicators.models import Versioned

# Every transaction that has written something holds a lock on its own number until it ends. One that was prepared and
# left has no process any more; those of other databases on the same server don't matter.
WRITING = """(
    SELECT COUNT(*) FROM pg_locks LEFT JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'transactionid' AND granted AND pid IS DISTINCT FROM pg_backend_pid()
    AND (pid IS NULL OR datname = current_database())
)"""


def data_version() -> str | None:
    """A text that differs after every change to the data; None while it can't be told.

    Every write leaves an entry in the history, so the latest entries are the version. In
    PostgreSQL an entry can become visible after one that was numbered later. As long as some
    transaction is writing, such an entry may be still to come, and there is no version.
    """
    latest = [f"(SELECT MAX(history_id) FROM {table})" for table in _history_tables()]  # noqa: S608
    if connection.vendor == "postgresql":
        latest.append(WRITING)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(latest)}")
        found = cursor.fetchone()
    if connection.vendor == "postgresql" and found[-1]:
        return None
    return "-".join(str(entry or 0) for entry in found)


@cache
def _history_tables() -> list[str]:
    models = [model for model in apps.get_models() if issubclass(model, Versioned)]
    return [connection.ops.quote_name(get_history_model_for_model(model)._meta.db_table) for model in models]
