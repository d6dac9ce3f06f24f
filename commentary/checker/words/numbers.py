"""Words around numbers: number words, what makes a number none of the row's, and what makes it a rough one."""

from __future__ import annotations

from .table import word_set

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
_ONES += "seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBER_WORDS = {word: number for number, word in enumerate(_ONES.split())}
NUMBER_WORDS |= {word: 10 * number for number, word in enumerate(_TENS.split(), 2)}
NUMBER_WORDS |= {
    f"{tens}-{ones}": NUMBER_WORDS[tens] + NUMBER_WORDS[ones] for tens in _TENS.split() for ones in _ONES.split()[1:10]
}
# "one" is seldom a figure; it counts only as an amount of change: "one more than in December".
HARDLY_NUMBERS = frozenset(("one", "zero"))

# Before a number: it names something, or is an age, a price or a base.
LABELS = word_set(
    "section sec s phase stage tier level band grade step item version part form key act code covid c aged age ages "
    "under per every £ # group year years chapter together"
)
# Behind a number: it is a length of time or an age, or an ordinal or multiple.
MEASURED_IN = word_set(
    "day days working hour hours week weeks month months year years yr yrs minute minutes year-old year-olds old "
    "olds times x plus + : target pm am"
)
# "from 12 to 14" and "by 9 to 508" give two figures; "11 to 25 days" is a range.
NO_RANGE_AFTER = frozenset(("from", "between", "by", "of"))
AND_OVER = word_set("over under above below older younger")
PERCENT = frozenset(("%", "percent", "pc"))
POINTS = frozenset(("point", "points", "pp", "ppt", "ppts", "pps"))

# Before a number: it is rough, or a bound.
ABOUT = word_set("about around approximately approx roughly some nearly almost circa ca c ~ just c. estimated")
AT_LEAST = frozenset(("over", "least", "exceeding"))
AT_MOST = frozenset(("under", "most"))
