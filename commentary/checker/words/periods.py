"""Words and phrases for months, quarters, years and other times."""

from __future__ import annotations

from enum import Enum

from .table import word_list, word_set


class Anchor(Enum):
    """What a phrase points at, seen from the month reported on."""

    THIS_MONTH = "this month"
    THIS_QUARTER = "this quarter"
    MONTH_BEFORE = "month before"
    QUARTER_BEFORE = "quarter before"
    YEAR_BEFORE = "year before"
    NONE_IN_PARTICULAR = "none in particular"


_NAMES = word_list("january february march april may june july august september october november december")
MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
MONTHS |= {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}
# Unless more is said these are other words at the beginning of a sentence.
MONTHS_LIKE_OTHER_WORDS = frozenset(("may", "march", "mar"))

MONTH_COUNTS = {
    word: number
    for number, name in enumerate(word_list("two three four five six seven eight nine ten eleven twelve"), 2)
    for word in (name, str(number))
}

# Moments: the month itself.
_MOMENTS = {
    Anchor.THIS_MONTH: (
        "this month",
        "the month",
        "month end",
        "currently",
        "now",
        "at present",
        "presently",
    ),
    Anchor.THIS_QUARTER: ("this quarter", "the quarter"),
    Anchor.MONTH_BEFORE: (
        "last month",
        "previous month",
        "prior month",
        "preceding month",
        "the month before",
        "a month before",
        "a month ago",
        "one month ago",
        "a month earlier",
    ),
    Anchor.QUARTER_BEFORE: (
        "last quarter",
        "previous quarter",
        "prior quarter",
        "preceding quarter",
        "the quarter before",
        "a quarter earlier",
    ),
    Anchor.YEAR_BEFORE: (
        "last year",
        "previous year",
        "prior year",
        "the year before",
        "a year ago",
        "one year ago",
        "a year before",
        "a year earlier",
        "12 months ago",
        "12 months before",
        "12 months earlier",
        "twelve months ago",
        "twelve months earlier",
        "this time last year",
        "this time a year ago",
        *(
            f"same {period} {year}"
            for period in ("month", "time", "period", "point")
            for year in (
                "last year",
                "a year ago",
                "a year before",
                "a year earlier",
                "in the previous year",
                "of the previous year",
                "the previous year",
                "the year before",
            )
        ),
    ),
}
# Stretches: from that month up to the one reported on.
_STRETCHES = {
    Anchor.MONTH_BEFORE: (
        "past month",
        "month on month",
        "month-on-month",
        "on the month",
        "over the month",
        "in the last month",
        "over the last month",
        "during the last month",
        "in a month",
    ),
    Anchor.QUARTER_BEFORE: ("past quarter", "quarter on quarter", "over the quarter", "over the last quarter"),
    Anchor.YEAR_BEFORE: (
        "past year",
        "year on year",
        "year-on-year",
        "on the year",
        "over the year",
        "in the last year",
        "over the last year",
        "in a year",
        "over a year",
        "for a year",
        "last 12 months",
        "past 12 months",
        "last twelve months",
        "past twelve months",
        "over 12 months",
        "over twelve months",
        "annual",
        "annually",
    ),
    Anchor.NONE_IN_PARTICULAR: ("month to month", "month by month", "each month", "every month", "up and down"),
}
PHRASES: dict[str, tuple[Anchor, bool]] = {
    phrase: (anchor, is_stretch)
    for is_stretch, table in ((False, _MOMENTS), (True, _STRETCHES))
    for anchor, said in table.items()
    for phrase in said
}
# With a year behind: the month reported on, in that year.
SAME_TIME_IN = ("same time in", "same month in", "same period in", "same point in", "this time in", "this month in")

QUARTER_WORDS = frozenset(("quarter", "qtr", "q"))
# Words that name a time, but no month that could be looked up.
UNCLEAR = word_set(
    "quarter quarters quarterly qtr week weeks weekly weekend lockdown lockdowns holiday holidays summer winter "
    "spring autumn christmas easter term terms recent recently months years pandemic trend trends long-term short- "
    "term previously historic historically initially originally cumulative cumulatively ytd latterly half-term "
    "today yesterday decade date season seasonal peak"
)
# What the later of two figures is set against: "from 8%", "than in December", "since September".
BASELINE_WORDS = word_set(
    "from than since on compared comparison against versus vs following after over relative above below exceeding"
)
# Behind "the highest".
THIS_YEAR = ("this year", "of the year", "in the year", "for the year", "all year", "this financial year")
EVER = ("on record", "ever", "ever recorded", "to date")
