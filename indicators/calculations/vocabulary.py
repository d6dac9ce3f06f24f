"""The words of the field as enums. Each member carries its label for people."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class LabelledEnum(StrEnum):
    """A string enum whose members also have a `label` in words."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Pairs of value and label, as form and model fields want them."""
        return [(member.value, member.label) for member in cls]


class Unit(LabelledEnum):
    """What an indicator's figure counts."""

    COUNT = "count", "Count"
    PERCENTAGE = "percentage", "Percentage"
    RATE_1000 = "rate_1000", "Rate per 1,000"
    RATE_10000 = "rate_10000", "Rate per 10,000"
    RATE_100000 = "rate_100000", "Rate per 100,000"
    RATE = "rate", "Rate per another number"
    MONEY = "money", "Money in £"
    MONEY_THOUSAND = "money_thousand", "Money in £ thousand"
    MONEY_MILLION = "money_million", "Money in £ million"
    HOURS = "hours", "Hours"
    DAYS = "days", "Days"
    WEEKS = "weeks", "Weeks"
    MONTHS = "months", "Months"
    SCORE = "score", "Score or ratio"

    def factor(self, rate_base: int | None = None) -> int:
        """What numerator / denominator is multiplied with to give a figure in this unit; `rate_base` is that of a rate
        per another number than these.
        """
        return (rate_base or 1) if self is Unit.RATE else _FACTORS[self]


_FACTORS = dict.fromkeys(Unit, 1) | {
    Unit.PERCENTAGE: 100,
    Unit.RATE_1000: 1000,
    Unit.RATE_10000: 10_000,
    Unit.RATE_100000: 100_000,
}


class Polarity(LabelledEnum):
    """Which way the service wants the figure to go."""

    HIGH = "high", "High is good"
    LOW = "low", "Low is good"
    TARGET = "target", "Close to target is good"
    NEUTRAL = "neutral", "Neutral, never judged"


class Kind(LabelledEnum):
    """How an indicator comes by its figure."""

    FIGURE = "figure", "Entered as a figure"
    RATIO = "ratio", "Entered as numerator and denominator"
    DERIVED = "derived", "Worked out from other indicators"


class Frequency(LabelledEnum):
    """How often an indicator has a new figure; `Periods` says when."""

    MONTHLY = "monthly", "Monthly"
    QUARTERLY = "quarterly", "Quarterly"
    TERMLY = "termly", "Every school term"
    HALF_YEARLY = "half_yearly", "Every half-year"
    YEARLY = "yearly", "Yearly"


class Accumulation(LabelledEnum):
    """Whether an indicator's figures add up over its year, and what is entered."""

    NO = "no", "No: each figure stands for itself"
    PER_PERIOD = "per_period", "Adds up over the year: entered for each period"
    TO_DATE = "to_date", "Adds up over the year: entered as the total so far"


class SuccessionKind(LabelledEnum):
    """How an indicator comes after others."""

    REPLACES = "replaces", "Replaces"
    SPLITS = "splits", "Split off from"
    MERGES = "merges", "Merges with others"

    @property
    def of_later(self) -> str:
        """How it comes after the other, before that one's name."""
        return "Merges, with others," if self is SuccessionKind.MERGES else self.label

    @property
    def of_former(self) -> str:
        """The same of the former indicator, before the new one's name."""
        return _OF_FORMER[self]


_OF_FORMER = {
    SuccessionKind.REPLACES: "Replaced by",
    SuccessionKind.SPLITS: "Split, among others into",
    SuccessionKind.MERGES: "Merged, with others, into",
}


class Sense(LabelledEnum):
    """On which side of its target a figure should be."""

    DIRECTION = "direction", "As its direction asks"
    AT_LEAST = "at_least", "At least"
    AT_MOST = "at_most", "At most"
    BETWEEN = "between", "Between two figures"
    EXACTLY = "exactly", "Exactly"


class Shape(LabelledEnum):
    """What a target is for: every period, or the whole year and how the year gets there."""

    EVERY_PERIOD = "every_period", "Every period"
    EVEN = "even", "The whole year, evenly"
    LAST_YEAR = "last_year", "The whole year, in last year’s shape"
    TYPED = "typed", "The whole year, by the steps below"


class RestsOn(LabelledEnum):
    """Where a target's figure comes from."""

    FIGURE = "figure", "The figure typed"
    LAST_YEAR = "last_year", "The same period last year"
    COMPARATOR = "comparator", "A comparator"


class Scope(LabelledEnum):
    """Whether national figures exist to compare with."""

    LOCAL = "local", "Local: no national comparator"
    NATIONAL = "national", "National: has comparators"


class Stage(LabelledEnum):
    """How firm a figure is, from the firmest to the least firm."""

    FINAL = "final", "Final"
    REVISED = "revised", "Revised"
    PROVISIONAL = "provisional", "Provisional"
    ESTIMATED = "estimated", "Estimated"

    @property
    def shorthand(self) -> str:
        """The Government Analysis Function's mark for the stage; empty for a final figure."""
        return "" if self is Stage.FINAL else f"[{self.value[0]}]"


class Blank(LabelledEnum):
    """Why there is no figure. Zero is a figure, never a blank."""

    NOT_DUE = "not_due", "Not yet due"
    AWAITED = "awaited", "Awaited (tbc)"
    NOT_APPLICABLE = "not_applicable", "Not applicable: nothing to measure"
    NOT_AVAILABLE = "not_available", "Not available"
    SUPPRESSED = "suppressed", "Suppressed: confidential"

    @property
    def shorthand(self) -> str:
        """What stands in the cell instead of a figure."""
        return _BLANK_SHORTHAND[self]


_BLANK_SHORTHAND = {
    Blank.NOT_DUE: "not due",
    Blank.AWAITED: "tbc",
    Blank.NOT_APPLICABLE: "[z]",
    Blank.NOT_AVAILABLE: "[x]",
    Blank.SUPPRESSED: "[c]",
}


class GroupKind(LabelledEnum):
    """What national statistics have of a comparator group, in the words of mappings of open data."""

    STATISTICAL_NEIGHBOURS = "statistical_neighbours", "Statistical neighbours"
    ENGLAND = "england", "England"
    REGION = "region", "Region"
    OTHER = "other", "Nothing"


# Those that open data have figures of, and that the council can be ranked in.
OPEN_DATA_GROUPS = (GroupKind.STATISTICAL_NEIGHBOURS, GroupKind.ENGLAND, GroupKind.REGION)


class OnBasis(LabelledEnum):
    """Whether a comparator counts the same thing, over the same time, as its indicator. Only YES is compared with."""

    YES = "yes", "Same basis as the indicator"
    NO = "no", "Not on the indicator's basis"
    UNKNOWN = "unknown", "Not known"


class ComparatorPeriod(LabelledEnum):
    """What time a comparator's published figure is of."""

    YEAR = "year", "A whole year: a total, or a rate of what happened in it"
    AVERAGE = "average", "A whole year: an average or a share"
    HALF_YEAR = "half_year", "A half-year"
    TERM = "term", "A school term"
    QUARTER = "quarter", "A quarter"
    MONTH = "month", "A month"
    DAY = "day", "A day, such as 31 March"


class Movement(LabelledEnum):
    """Which way a figure went. Level also covers a change that rounds to 0%."""

    UP = "up", "Up"
    DOWN = "down", "Down"
    LEVEL = "level", "Level"


class Assessment(LabelledEnum):
    """A movement, or a difference, seen through the indicator's polarity."""

    BETTER = "better", "Better"
    WORSE = "worse", "Worse"
    NO_CHANGE = "no_change", "No real change"
    NOT_JUDGED = "not_judged", "Not judged, or nothing to compare"


class Rating(LabelledEnum):
    """Red, amber or green against the month's target, or why there is none."""

    GREEN = "green", "On target"
    AMBER = "amber", "Within tolerance"
    RED = "red", "Off target"
    NO_TARGET = "no_target", "No target"
    TARGET_TBC = "target_tbc", "Target to be confirmed"
    TARGET_UNKNOWN = "target_unknown", "Target not known"
    NO_FIGURE = "no_figure", "No figure"
    NOT_JUDGED = "not_judged", "Not judged"
    SUPPRESSED = "suppressed", "Suppressed: confidential"
