"""What `manage.py check --database default` looks at."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from . import triggers


@register(Tags.database)
def rules_are_kept(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Reports rules that the database has lost, as after a migration that failed half-way."""
    found: list[CheckMessage] = []
    for using in databases or ():
        if "indicators_indicator" not in connections[using].introspection.table_names():
            continue
        names = triggers.missing(using)
        if names:
            text = f"The database “{using}” does not keep these rules: {', '.join(names)}."
            found.append(Error(text, hint="Run manage.py migrate until it succeeds.", id="indicators.E001"))
    return found
