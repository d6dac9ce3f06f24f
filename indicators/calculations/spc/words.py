"""The words of statistical process control as enums, each with its label for people."""

from __future__ import annotations

from indicators.calculations.vocabulary import LabelledEnum, Polarity


class Improvement(LabelledEnum):
    """Which way the figure goes when things improve."""

    INCREASE = "increase", "Higher is better"
    DECREASE = "decrease", "Lower is better"
    NEUTRAL = "neutral", "Neither way is better"

    @classmethod
    def of(cls, polarity: Polarity) -> Improvement:
        """What the polarity says; close to target is good has no better side, so it is neutral."""
        return {Polarity.HIGH: cls.INCREASE, Polarity.LOW: cls.DECREASE}.get(polarity, cls.NEUTRAL)


class SpecialCause(LabelledEnum):
    """By which rule a point is more than usual variation."""

    NONE = "none", "Usual variation"
    ABOVE_LIMIT = "above_limit", "Above the upper limit"
    BELOW_LIMIT = "below_limit", "Below the lower limit"
    RISING = "rising", "One of at least 7 points that rise one after the other"
    FALLING = "falling", "One of at least 7 points that fall one after the other"
    NEAR_UPPER = "near_upper", "One of 2 in 3 points close to the upper limit"
    NEAR_LOWER = "near_lower", "One of 2 in 3 points close to the lower limit"
    RUN_ABOVE = "run_above", "One of at least 7 points in a row above the mean"
    RUN_BELOW = "run_below", "One of at least 7 points in a row below the mean"


class PointType(LabelledEnum):
    """What a point's special cause means where one direction is the better one."""

    COMMON_CAUSE = "common_cause", "Usual variation"
    IMPROVEMENT = "improvement", "Improvement"
    CONCERN = "concern", "Concern"
    NEUTRAL_HIGH = "neutral_high", "Unusually high"
    NEUTRAL_LOW = "neutral_low", "Unusually low"


class Variation(LabelledEnum):
    """What the latest point says, as the icon of Making Data Count does."""

    COMMON_CAUSE = "common_cause", "Usual variation: no significant change"
    IMPROVEMENT_HIGH = "improvement_high", "Improvement: higher than usual"
    IMPROVEMENT_LOW = "improvement_low", "Improvement: lower than usual"
    CONCERN_HIGH = "concern_high", "Concern: higher than usual"
    CONCERN_LOW = "concern_low", "Concern: lower than usual"
    NEUTRAL_HIGH = "neutral_high", "Higher than usual"
    NEUTRAL_LOW = "neutral_low", "Lower than usual"

    @property
    def is_high(self) -> bool:
        """Whether the point is higher than usual."""
        return self.value.endswith("_high")


class Assurance(LabelledEnum):
    """Whether usual variation alone keeps the figure on one side of the target."""

    PASS = "pass", "Will meet the target unless something changes"
    FAIL = "fail", "Will miss the target unless something changes"
    INCONSISTENT = "inconsistent", "May meet or miss the target"


class Chart(LabelledEnum):
    """Which chart tells change from chance for a series."""

    XMR = "xmr", "XmR chart"
    C = "c", "c-chart (counts)"
    P = "p", "p-chart (shares)"
    G = "g", "g-chart (months between cases)"
    NONE = "none", "No chart, so no signal"
