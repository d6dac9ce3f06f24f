"""What `manage.py check --deploy` and `check --database default` look at, besides Django's own checks."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import connections

from scorecard.collection.mail import SiteAddressError, site_url

from .publication import triggers


@checks.register("reminders", deploy=True)
def links_lead_somewhere(**kwargs: Any) -> list[checks.CheckMessage]:
    """Warns that no reminder can be sent."""
    try:
        site_url()
    except SiteAddressError as error:
        return [checks.Warning(str(error), id="scorecard.W001")]
    return []


@checks.register(checks.Tags.database)
def publications_are_frozen(databases: Sequence[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Reports that the database would let somebody change what was published."""
    found: list[checks.CheckMessage] = []
    for using in databases or ():
        there = connections[using].introspection.table_names()
        names = [name for name in triggers.missing(using) if triggers.TABLES[name] in there]
        if names:
            text = f"The database “{using}” does not keep these rules: {', '.join(names)}."
            found.append(checks.Error(text, hint="Run manage.py migrate until it succeeds.", id="scorecard.E001"))
    return found
