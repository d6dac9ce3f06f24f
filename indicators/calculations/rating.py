"""Red, amber, green: a figure against the target of its year, whichever kind of target that is."""

from __future__ import annotations

from typing import NamedTuple

from .exact import Exact
from .vocabulary import Polarity, Rating, RestsOn, Sense, Shape

_SENSES = {Polarity.HIGH: Sense.AT_LEAST, Polarity.LOW: Sense.AT_MOST}
_FITTING = {
    Polarity.HIGH: {Sense.AT_LEAST, Sense.BETWEEN, Sense.EXACTLY},
    Polarity.LOW: {Sense.AT_MOST, Sense.BETWEEN, Sense.EXACTLY},
    Polarity.TARGET: {Sense.BETWEEN, Sense.EXACTLY},
    Polarity.NEUTRAL: set(Sense),
}


class Aim(NamedTuple):
    """Where a figure should lie, both ends included: from `low` to `high`, None where there is no such end.

    `tolerance` is how far outside is still amber. Where `is_strict` the ends themselves are not enough.
    """

    low: Exact | None
    high: Exact | None
    tolerance: Exact = 0
    is_strict: bool = False

    def distance(self, value: Exact) -> Exact:
        """How far the value lies outside; 0 inside."""
        if self.low is not None and value < self.low:
            return self.low - value
        if self.high is not None and value > self.high:
            return value - self.high
        return 0

    def rate(self, value: Exact) -> Rating:
        """Green inside, amber as far outside as the tolerance goes, else red."""
        miss = self.distance(value)
        if not miss and not (self.is_strict and value in (self.low, self.high)):
            return Rating.GREEN
        return Rating.AMBER if self.tolerance and miss <= self.tolerance else Rating.RED

    @property
    def ends(self) -> tuple[Exact, ...]:
        return tuple(dict.fromkeys(end for end in (self.low, self.high) if end is not None))


class TargetTerms(NamedTuple):
    """A target for one year of the indicator, in its unit, as it was set.

    `value` is None while the target is to be confirmed, or where it rests on another figure. `tolerance` is how far a
    figure may miss the target and still be amber, in the indicator's own unit (percentage points for a
    percentage); 0 leaves no amber. `upper` is the upper end of a target between two figures, whose lower end is
    `value`. A whole year's target of the shape "typed" has `steps`: where the year should stand after each period or
    quarter, with `upper_steps` beside them for a range. `is_strict` asks for better than what it rests on; `group` is
    the code of the comparator that it rests on, `group_name` what a sentence calls that.
    """

    value: Exact | None
    tolerance: Exact = 0
    sense: Sense = Sense.DIRECTION
    upper: Exact | None = None
    shape: Shape = Shape.EVERY_PERIOD
    steps: tuple[Exact, ...] = ()
    upper_steps: tuple[Exact, ...] = ()
    rests_on: RestsOn = RestsOn.FIGURE
    group: str = ""
    is_strict: bool = False
    group_name: str = ""

    @property
    def is_tbc(self) -> bool:
        """Whether it is still to be confirmed."""
        return self.value is None and self.rests_on is RestsOn.FIGURE

    @property
    def is_fixed(self) -> bool:
        """Whether every period is held to the figure that was typed."""
        return self.value is not None and self.shape is Shape.EVERY_PERIOD and self.rests_on is RestsOn.FIGURE

    def sense_for(self, polarity: Polarity) -> Sense:
        """Which side is asked for: what was said, or else what the indicator's direction asks."""
        return _SENSES.get(polarity, Sense.EXACTLY) if self.sense is Sense.DIRECTION else self.sense

    def aim(self, polarity: Polarity, value: Exact, upper: Exact | None = None) -> Aim:
        """Where a figure should lie when the target means `value`, up to `upper` for a range."""
        match self.sense_for(polarity):
            case Sense.AT_LEAST:
                return Aim(value, None, self.tolerance, self.is_strict)
            case Sense.AT_MOST:
                return Aim(None, value, self.tolerance, self.is_strict)
            case Sense.BETWEEN:
                return Aim(value, upper, self.tolerance)
            case _:
                return Aim(value, value, self.tolerance)

    def fixed_aim(self, polarity: Polarity) -> Aim | None:
        """Where every period's figure should lie; None unless the figure that was typed says so by itself."""
        return self.aim(polarity, self.value, self.upper) if self.value is not None and self.is_fixed else None


def range_for(polarity: Polarity, target: Exact | Aim | None) -> Aim | None:
    """The range to which nearer is better, whatever the direction: that of a target between two figures or to be met
    exactly, or of a single figure where close to target is good. None where a direction says what is better.
    """
    if polarity is Polarity.NEUTRAL or target is None:
        return None
    if not isinstance(target, Aim):
        return Aim(target, target) if polarity is Polarity.TARGET else None
    return None if target.low is None or target.high is None else target


def sense_problem(sense: Sense, polarity: Polarity) -> str:
    """Why the sense does not fit the indicator's direction; empty where it does. Neutral is never judged, so all do."""
    if sense is Sense.DIRECTION or sense in _FITTING[polarity]:
        return ""
    fitting = " or ".join(f"“{one.label}”" for one in Sense if one in _FITTING[polarity])
    return f"“{sense.label}” contradicts the indicator’s direction, “{polarity.label}”: choose {fitting}."


def rate(value: Exact | None, target: TargetTerms | None, polarity: Polarity, aim: Aim | None = None) -> Rating:
    """Green when the target is met, amber when missed by no more than the tolerance, else red.

    `aim` is what the target means for the figure; without it, what was typed. Between two figures a miss on either
    side counts, and so it does of a target that is to be met exactly. Exact figures are compared, not displayed ones.
    Neutral indicators are never rated; nor is a blank, a year without a target, or a target that is to be confirmed
    or rests on a figure that is missing: each says which.
    """
    if polarity is Polarity.NEUTRAL:
        return Rating.NOT_JUDGED
    if target is None:
        return Rating.NO_TARGET
    if target.is_tbc:
        return Rating.TARGET_TBC
    if value is None:
        return Rating.NO_FIGURE
    aim = aim or target.fixed_aim(polarity)
    return Rating.TARGET_UNKNOWN if aim is None else aim.rate(value)
