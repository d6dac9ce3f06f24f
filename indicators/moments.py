"""Moments as people in Britain read them: on which day and at what time something was, whatever the server's clock.

A moment is stored in UTC, and a summer's day begins at 23:00 of the day before. Every date or time that is made of a
moment comes from here (tests/test_moments.py looks for others), as text or, in templates, with `|british:"j F Y"`.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.template import Library
from django.utils import dateformat, timezone

BRITISH = ZoneInfo("Europe/London")
# Every template has its filter (scorecard/settings.py).
register = Library()


def in_britain(moment: datetime) -> datetime:
    """The same moment by British time. Raises ValueError for one that doesn't say which time it is given in."""
    if timezone.is_naive(moment):
        raise ValueError("This moment has no time zone.")
    return moment.astimezone(BRITISH)


def day_of(moment: datetime) -> date:
    """The day in Britain."""
    return in_britain(moment).date()


def today_in_britain() -> date:
    """The day it is in Britain now."""
    return day_of(timezone.now())


def day_in_words(moment: datetime) -> str:
    """1 July 2021"""
    return f"{in_britain(moment):%-d %B %Y}"


def day_and_time(moment: datetime) -> str:
    """1 July 2021 at 00:30"""
    return f"{in_britain(moment):%-d %B %Y at %H:%M}"


def time_text(moment: datetime) -> str:
    """00:30"""
    return f"{in_britain(moment):%H:%M}"


def sortable(moment: datetime) -> str:
    """2021-07-01T0030, for names of files."""
    return f"{in_britain(moment):%Y-%m-%dT%H%M}"


@register.filter
def british(moment: datetime | None, wanted: str) -> str:
    """The moment in Django's notation for dates; nothing for none."""
    return dateformat.format(in_britain(moment), wanted) if moment else ""
