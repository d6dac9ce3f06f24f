"""Words for what a figure is set beside: other councils, averages, targets."""

from __future__ import annotations

from enum import Enum

from .table import word_set


class Beside(Enum):
    """What a figure is compared with."""

    STATISTICAL_NEIGHBOURS = "statistical_neighbours"
    ENGLAND = "england"
    REGION = "region"
    COMPARATORS = "comparators"
    AVERAGE = "average"
    TARGET = "target"


_SAID = {
    Beside.STATISTICAL_NEIGHBOURS: (
        "statistical neighbours",
        "statistical neighbour",
        "statistical neighbors",
        "statistical neighbor",
        "stat neighbours",
        "sn",
        "sns",
    ),
    Beside.ENGLAND: ("england", "national average", "national figure", "national rate", "national level"),
    Beside.REGION: ("region", "regional", "regionally"),
    Beside.COMPARATORS: ("comparators", "comparator"),
    Beside.AVERAGE: ("average", "averages", "averaged"),
    Beside.TARGET: ("target",),
}
REFERENCES = {phrase: beside for beside, said in _SAID.items() for phrase in said}
# Between a comparative and what it compares with.
BETWEEN = word_set(
    "than that those of for the our all both with in to average averages mean level levels rate rates figure "
    "figures number 12-month 12 month months 12m - rolling monthly year's annual local is are most its"
)
OVER_TWELVE_MONTHS = tuple(
    f"over {said}"
    for said in ("12 months", "twelve months", "the year", "the past year", "the last 12 months", "the past 12 months")
)
# Between "average" and its number.
BEFORE_AVERAGE = word_set(
    "of is was being been now at has for the year past last over 12 twelve months per month ( : currently stands"
)
RANGES = word_set("between range ranged ranges ranging varied varies fluctuated fluctuates")
SAY_YEAR = word_set("year 12 12-month 12m twelve")
