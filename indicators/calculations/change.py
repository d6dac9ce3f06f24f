"""How a figure stands against an earlier one, or against others': relative change, movement, assessment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from .exact import Exact
from .months import FIRST_MONTH_OF_FINANCIAL_YEAR, end_of_financial_year, months_between
from .rating import Aim, range_for
from .vocabulary import Assessment, Movement, OnBasis, Polarity

# A change of less than one in 200 is printed as 0%, so it counts as level.
LEVEL_BELOW_ONE_IN = 200
# National figures for a financial year come out about eight months after it ends, so the
# next year's are out 20 months after; a comparator older than two years has been overtaken.
STALE_AFTER_MONTHS = 24


class Change(NamedTuple):
    """How a figure stands against an earlier one.

    `relative` is later / earlier - 1 (0.05 is 5% more), also for percentages; None where it
    cannot be worked out, as from 0 or beside a negative figure. `movement` is None only where
    a figure is missing, or not told (`suppressed`).
    """

    relative: Exact | None
    movement: Movement | None
    assessment: Assessment
    suppressed: bool = False


NO_CHANGE_KNOWN = Change(None, None, Assessment.NOT_JUDGED)
SUPPRESSED_CHANGE = Change(None, None, Assessment.NOT_JUDGED, suppressed=True)


def change(
    later: Exact | None,
    earlier: Exact | None,
    polarity: Polarity,
    target: Exact | Aim | None = None,
    *,
    is_signed: bool = False,
) -> Change:
    """The change from `earlier` to `later`, judged through `polarity`.

    Without one of the figures there is no change. From 0 there is a movement but no relative
    change, nor where either figure is below 0 or can be (`is_signed`): there 0 is no end to reckon from.
    `target` is needed, and used, only where close to target is good, or the target is a range or to be met
    exactly: then better means nearer to it, and within it nothing is better or worse.
    """
    if later is None or earlier is None:
        return NO_CHANGE_KNOWN
    # Both over one common denominator: whole numbers from here on, exact and cheap.
    (top, bottom), (top_before, bottom_before) = later.as_integer_ratio(), earlier.as_integer_ratio()
    before = top_before * bottom
    difference = top * bottom_before - before
    if not difference or abs(difference) * LEVEL_BELOW_ONE_IN < abs(before):
        movement = Movement.LEVEL
    else:
        movement = Movement.UP if difference > 0 else Movement.DOWN
    has_relative = not is_signed and before > 0 and top >= 0
    relative = Fraction(difference, before) if has_relative else None
    return Change(relative, movement, _assess(movement, later, earlier, polarity, target))


def _assess(
    movement: Movement, later: Exact, earlier: Exact, polarity: Polarity, target: Exact | Aim | None
) -> Assessment:
    if polarity is Polarity.NEUTRAL or (polarity is Polarity.TARGET and target is None):
        return Assessment.NOT_JUDGED
    if movement is Movement.LEVEL:
        return Assessment.NO_CHANGE
    wanted = range_for(polarity, target)
    if wanted is not None:
        now, before = wanted.distance(later), wanted.distance(earlier)
        if now == before:
            return Assessment.NO_CHANGE
        return Assessment.BETTER if now < before else Assessment.WORSE
    good = Movement.UP if polarity is Polarity.HIGH else Movement.DOWN
    return Assessment.BETTER if movement is good else Assessment.WORSE


# Across a change of counting


class Break(NamedTuple):
    """A change of counting: figures from this month on are counted otherwise than those before it, and why."""

    month: date
    reason: str


def breaks_between(breaks: Iterable[Break], earlier: date, later: date) -> tuple[Break, ...]:
    """Those that lie between the figures of two months, so that the later one is counted otherwise."""
    return tuple(one for one in breaks if earlier < one.month <= later)


# Beside a comparator


def compare(
    value: Exact | None,
    comparator: Exact | None,
    polarity: Polarity,
    on_basis: OnBasis,
    target: Exact | Aim | None = None,
    *,
    is_signed: bool = False,
) -> Change:
    """How a figure stands against a comparator: above, below or level; better or worse.

    `relative` is figure / comparator - 1. Nothing is compared (`movement` is None) when either
    is missing, or the comparator is not known to be on the figure's basis: a year's figure beside a month's
    would be above or below by its unit alone.
    """
    if on_basis is not OnBasis.YES:
        return NO_CHANGE_KNOWN
    return change(value, comparator, polarity, target, is_signed=is_signed)


@lru_cache(maxsize=256)
def is_stale(comparator_year: int | None, month: date, year_starts: int = FIRST_MONTH_OF_FINANCIAL_YEAR) -> bool:
    """Whether the comparator's year, which begins in the month `year_starts`, ended over 24 months before `month`.

    A comparator whose year is not known is not called stale; that it is not known is said
    instead.
    """
    if comparator_year is None:
        return False
    return months_between(end_of_financial_year(comparator_year, year_starts), month) > STALE_AFTER_MONTHS
