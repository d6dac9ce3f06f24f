"""Red, amber, green: a month's figure against the target of its financial year."""

from __future__ import annotations

from typing import NamedTuple

from .exact import Exact, magnitude
from .vocabulary import Polarity, Rating


class TargetTerms(NamedTuple):
    """A target for one financial year, in the indicator's unit.

    `value` is None while the target is to be confirmed. `tolerance` is how far a figure may
    miss the target and still be amber, in the indicator's own unit (percentage points for a
    percentage); 0 leaves no amber.
    """

    value: Exact | None
    tolerance: Exact = 0


def rate(value: Exact | None, target: TargetTerms | None, polarity: Polarity) -> Rating:
    """Green when the target is met, amber when missed by no more than the tolerance, else red.

    Where close to target is good, a miss on either side counts, so only the target itself is
    green. Exact figures are compared, not displayed ones. Neutral indicators are never rated;
    nor is a blank, a year without a target, or a target to be confirmed: each says which.
    """
    if polarity is Polarity.NEUTRAL:
        return Rating.NOT_JUDGED
    if target is None:
        return Rating.NO_TARGET
    if target.value is None:
        return Rating.TARGET_TBC
    if value is None:
        return Rating.NO_FIGURE
    difference = value - target.value
    # How far the figure falls short of what the target asks.
    miss = {Polarity.HIGH: -difference, Polarity.LOW: difference}.get(polarity, magnitude(difference))
    if miss <= 0:
        return Rating.GREEN
    return Rating.AMBER if miss <= target.tolerance else Rating.RED
