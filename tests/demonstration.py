"""The demonstration, read from a copy of a database that it was loaded into once."""

from collections.abc import Callable
from functools import cache
from typing import TypeVar

from pytest_django import DjangoDbBlocker

from indicators.calculations.months import parse_month
from scorecard import demonstration
from scorecard.models import Scorecard
from scorecard.report import BoardReport, assemble_report
from tests.databases import databases

T = TypeVar("T")


def demonstration_loaded() -> None:
    """Its people's password is “right”."""
    demonstration.load("right")


def corporate_loaded() -> None:
    """The scorecard of a whole council, beside nothing else: tests that don't ask for it need not wait for it."""
    demonstration.load("right", files=demonstration.CORPORATE)


def while_loaded(blocker: DjangoDbBlocker, read: Callable[[], T]) -> T:
    """What `read` finds in a database with the demonstration; nothing of it stays."""
    with blocker.unblock(), databases.fresh(demonstration_loaded):
        return read()


@cache
def report_of(month: str, blocker: DjangoDbBlocker) -> BoardReport:
    """The demonstration's report for a month, as YYYY-MM."""
    return while_loaded(
        blocker, lambda: assemble_report(Scorecard.objects.get(slug=demonstration.SLUG), parse_month(month))
    )
