"""A figure beside a comparator, and whether that comparator can still be relied on."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from .change import NO_CHANGE_KNOWN, Change, change
from .exact import Exact
from .months import end_of_financial_year, months_between
from .vocabulary import OnBasis, Polarity

# National figures for a financial year come out about eight months after it ends, so the
# next year's are out 20 months after; a comparator older than two years has been overtaken.
STALE_AFTER_MONTHS = 24


def compare(
    value: Exact | None,
    comparator: Exact | None,
    polarity: Polarity,
    on_basis: OnBasis,
    target: Exact | None = None,
) -> Change:
    """How a figure stands against a comparator: above, below or level; better or worse.

    `relative` is figure / comparator - 1. Nothing is compared (`movement` is None) when either
    is missing or the comparator is not on the figure's basis. Better or worse is only said where the
    basis is known to be the same.
    """
    if on_basis is OnBasis.NO:
        return NO_CHANGE_KNOWN
    judged_by = polarity if on_basis is OnBasis.YES else Polarity.NEUTRAL
    return change(value, comparator, judged_by, target)


@lru_cache(maxsize=256)
def is_stale(comparator_year: int | None, month: date) -> bool:
    """Whether the comparator's financial year ended over 24 months before `month`.

    A comparator whose year is not known is not called stale; that it is not known is said
    instead.
    """
    if comparator_year is None:
        return False
    return months_between(end_of_financial_year(comparator_year), month) > STALE_AFTER_MONTHS
