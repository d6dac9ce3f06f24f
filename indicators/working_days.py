"""On which days nobody works: weekends, and England's bank holidays from the package `holidays`."""

from __future__ import annotations

from datetime import date, timedelta

import holidays

BANK_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG")
SUBSTITUTE = " (observed)"
DAY = timedelta(days=1)
FRIDAY = 4


def why_off(day: date) -> str:
    """Why nobody works on the day, in words: “a Saturday”, “a bank holiday (Good Friday)”; empty on a working day.

    Of a bank holiday at a weekend the day that stands in for it counts too.
    """
    name = BANK_HOLIDAYS.get(day)
    if name:
        is_substitute = name.endswith(SUBSTITUTE)
        return f"a bank holiday ({name.removesuffix(SUBSTITUTE)}{', substitute day' if is_substitute else ''})"
    return f"a {day:%A}" if day.weekday() > FRIDAY else ""


def working_day_from(day: date) -> date:
    """The day, or else the first working day after it. Where the calendar ends, the day itself.

    Of two days the earlier one never comes out later, so dates stay in their order.
    """
    found = day
    while why_off(found):
        if found == date.max:
            return day
        found += DAY
    return found


def working_day_until(day: date) -> date:
    """The day, or else the last working day before it."""
    while why_off(day):
        day -= DAY
    return day


def question_about(day: date | None) -> str:
    """What is asked about a date that people are to keep; nothing about a working day or none."""
    why = why_off(day) if day else ""
    if not day or not why:
        return ""
    following = working_day_from(day)
    offered = f" The next working day is {following:%A} {following.day} {following:%B %Y}." if following != day else ""
    return f"{day.day} {day:%B %Y} is {why}. Is that meant?{offered}"
