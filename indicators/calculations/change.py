"""Change against an earlier period: relative change, movement, assessment."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from .exact import Exact, magnitude
from .vocabulary import Assessment, Movement, Polarity

# A change of less than one in 200 is printed as 0%, so it counts as level.
LEVEL_BELOW_ONE_IN = 200


class Change(NamedTuple):
    """How a figure stands against an earlier one.

    `relative` is later / earlier - 1 (0.05 is 5% more), also for percentages; None where it
    cannot be worked out. `movement` is None only where a figure is missing, or not told (`suppressed`).
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
    target: Exact | None = None,
) -> Change:
    """The change from `earlier` to `later`, judged through `polarity`.

    Without one of the figures there is no change. From 0 there is a movement but no relative
    change. `target` is needed, and used, only where close to target is good: then better
    means nearer to it.
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
    relative = Fraction(difference, before) if before else None
    return Change(relative, movement, _assess(movement, later, earlier, polarity, target))


def _assess(
    movement: Movement,
    later: Exact,
    earlier: Exact,
    polarity: Polarity,
    target: Exact | None,
) -> Assessment:
    if polarity is Polarity.NEUTRAL or (polarity is Polarity.TARGET and target is None):
        return Assessment.NOT_JUDGED
    if movement is Movement.LEVEL:
        return Assessment.NO_CHANGE
    if polarity is Polarity.TARGET and target is not None:
        return _nearer(magnitude(later - target), magnitude(earlier - target))
    good = Movement.UP if polarity is Polarity.HIGH else Movement.DOWN
    return Assessment.BETTER if movement is good else Assessment.WORSE


def _nearer(later_distance: Exact, earlier_distance: Exact) -> Assessment:
    if later_distance == earlier_distance:
        return Assessment.NO_CHANGE
    return Assessment.BETTER if later_distance < earlier_distance else Assessment.WORSE
