"""Tells whether anything that a report could show has changed, in one cheap query."""

from __future__ import annotations

from functools import cache

from django.apps import apps
from django.db import connection
from simple_history.utils import get_history_model_for_model

from indicators.models import Versioned


def data_version() -> str:
    """A text that differs after every change to the data.

    Every write leaves an entry in the history, so the latest entries are the version. In
    PostgreSQL entries can become visible out of order; the oldest transaction still under way
    is part of the version there, so that it changes once more when that one commits.
    """
    latest = [f"(SELECT MAX(history_id) FROM {table})" for table in _history_tables()]  # noqa: S608
    if connection.vendor == "postgresql":
        latest.append("pg_snapshot_xmin(pg_current_snapshot())")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(latest)}")
        return "-".join(str(entry or 0) for entry in cursor.fetchone())


@cache
def _history_tables() -> list[str]:
    models = [model for model in apps.get_models() if issubclass(model, Versioned)]
    return [connection.ops.quote_name(get_history_model_for_model(model)._meta.db_table) for model in models]
