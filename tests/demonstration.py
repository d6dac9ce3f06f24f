"""The demonstration, loaded for a moment."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from pytest_django import DjangoDbBlocker

from indicators.calculations.months import parse_month
from scorecard import demonstration
from scorecard.models import Scorecard
from scorecard.report import BoardReport, assemble_report

T = TypeVar("T")


def while_loaded(blocker: DjangoDbBlocker, read: Callable[[], T]) -> T:
    """What `read` finds in a database with the demonstration; nothing of it stays."""
    with blocker.unblock(), transaction.atomic():
        demonstration.load(None)
        found = read()
        transaction.set_rollback(True)
    return found


def report_of(month: str, blocker: DjangoDbBlocker) -> BoardReport:
    """The demonstration's report for a month, as YYYY-MM."""
    return while_loaded(
        blocker, lambda: assemble_report(Scorecard.objects.get(slug=demonstration.SLUG), parse_month(month))
    )
