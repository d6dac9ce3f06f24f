"""Reading months and other periods: "January", "Jan 21", "last month", "a year ago", "since September 2020"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from indicators.calculations.months import add_months, months_between
from indicators.calculations.row import Row

from ..words import periods as words
from ..words.periods import Anchor
from .tokens import Mention, Token, phrases, word_at

# A bare month name means the latest such month, unless that is so far back that the next one could be meant.
FURTHEST_BARE_MONTH = 8
# A number this many years off is not a year.
FURTHEST_YEAR = 12


@dataclass(frozen=True, slots=True)
class Period(Mention):
    """A month spoken of, None where it is not clear which. A stretch runs from it up to the month reported on."""

    month: date | None
    is_stretch: bool = False
    is_named: bool = False
    has_full_year: bool = False


def read_periods(tokens: Sequence[Token], row: Row) -> list[Period]:
    """The periods that a sentence mentions, in their order."""
    said = {period.first: period for period in _said(tokens, row)}
    found: list[Period] = []
    place = 0
    while place < len(tokens):
        period = (
            _named_month(tokens, place, row.current_month)
            or _numbered_quarter(tokens, place, row)
            or _quarter_to(tokens, place, row)
            or said.get(place)
            or _last_months(tokens, place, row.current_month)
            or _unclear(tokens, place, row.current_month)
        )
        if period is not None:
            found.append(period)
            place = period.last
        place += 1
    return found


def _said(tokens: Sequence[Token], row: Row) -> list[Period]:
    """Periods said in words. Months are not clear for a quarterly indicator, nor quarters for a monthly one."""
    before = {True: Anchor.QUARTER_BEFORE, False: Anchor.MONTH_BEFORE}[row.measure.is_quarterly]
    this = {True: Anchor.THIS_QUARTER, False: Anchor.THIS_MONTH}[row.measure.is_quarterly]
    months = {before: row.previous_month, this: row.current_month, Anchor.YEAR_BEFORE: row.year_before}
    found = [
        Period(mention.first, mention.last, months.get(anchor), is_stretch)
        for mention, (anchor, is_stretch) in phrases(tokens, words.PHRASES)
    ]
    for mention, _ in phrases(tokens, dict.fromkeys(words.SAME_TIME_IN, True)):
        year = _year(tokens, mention.last + 1)
        if year:
            found.append(Period(mention.first, mention.last + 1, row.current_month.replace(year=year)))
    return found


def _named_month(tokens: Sequence[Token], place: int, current: date) -> Period | None:
    """A month's name with what belongs to it: a day before or a year behind. A day's month is not clear."""
    number = _month_number(tokens, place)
    if number is None:
        return None
    year = _year(tokens, place + 1)
    if _is_day(tokens, place - 1) or (word_at(tokens, place - 1) == "of" and _is_day(tokens, place - 2)):
        return Period(place, place + (year is not None), None)
    if year:
        return Period(place, place + 1, date(year, number, 1), is_named=True, has_full_year=True)
    behind = place + 2 if word_at(tokens, place + 1) in {"-", "'"} else place + 1
    short_year = _short_year(tokens, behind, current)
    if short_year:
        return Period(place, behind, date(short_year, number, 1), is_named=True)
    if (word_at(tokens, place + 1), word_at(tokens, place + 2)) == ("last", "year"):
        return Period(place, place + 2, date(current.year - 1, number, 1), is_named=True)
    if word_at(tokens, place - 1) == "last" and number == current.month:
        return Period(place, place, date(current.year - 1, number, 1), is_named=True)
    month = _latest(number, current)
    is_clear = word_at(tokens, place - 1) == "since" or months_between(month, current) <= FURTHEST_BARE_MONTH
    return Period(place, place, month if is_clear else None, is_named=True)


def _month_number(tokens: Sequence[Token], place: int) -> int | None:
    word = word_at(tokens, place).removesuffix("'s")
    number = words.MONTHS.get(word)
    if number is None or not tokens[place].text[0].isupper():
        return None
    if word in words.MONTHS_LIKE_OTHER_WORDS and place == 0 and _year(tokens, 1) is None:
        return None
    return number


def _latest(number: int, current: date) -> date:
    """The latest month of that number up to the current one."""
    return date(current.year - (number > current.month), number, 1)


def _year(tokens: Sequence[Token], place: int) -> int | None:
    """The year from 2000 to 2099 that stands there in four digits."""
    word = word_at(tokens, place)
    return int(word) if len(word) == 4 and word.isdecimal() and word.startswith("20") else None


def _short_year(tokens: Sequence[Token], place: int, current: date) -> int | None:
    """The year that stands there in two digits, if it is not far from the current one."""
    word = word_at(tokens, place)
    if len(word) != 2 or not word.isdecimal() or word_at(tokens, place + 1) in {"%", "per"}:
        return None
    year = 2000 + int(word)
    return year if abs(year - current.year) <= FURTHEST_YEAR else None


def _is_day(tokens: Sequence[Token], place: int) -> bool:
    """Whether a day of a month stands there: 9, 9th."""
    digits = word_at(tokens, place).rstrip("stndrh")
    return digits.isdecimal() and len(digits) <= 2 and 1 <= int(digits) <= 31


def _numbered_quarter(tokens: Sequence[Token], place: int, row: Row) -> Period | None:
    """A quarter of the financial year by its number; clear only for a quarterly indicator, and alone."""
    word = word_at(tokens, place)
    if word in words.QUARTER_WORDS and word_at(tokens, place + 1) in {"1", "2", "3", "4"}:
        number, last = int(word_at(tokens, place + 1)), place + 1
    elif len(word) == 2 and word[0] == "q" and word[1] in "1234":
        number, last = int(word[1]), place
    else:
        return None
    alone = word_at(tokens, last + 1) not in {"/", "&", ",", "and", "-", "to"}
    month = _latest(number * 3 % 12 + 3, row.current_month)
    is_clear = row.measure.is_quarterly and alone and months_between(month, row.current_month) <= FURTHEST_BARE_MONTH
    return Period(place, last, month if is_clear else None, is_named=True)


def _quarter_to(tokens: Sequence[Token], place: int, row: Row) -> Period | None:
    """ "the quarter to October": by its last month."""
    quarter = place + (word_at(tokens, place) == "the")
    if word_at(tokens, quarter) != "quarter" or word_at(tokens, quarter + 1) not in {"to", "ending", "ended"}:
        return None
    end = _named_month(tokens, quarter + 2, row.current_month)
    if end is None:
        return None
    return Period(place, end.last, end.month if row.measure.is_quarterly else None, is_named=True)


def _last_months(tokens: Sequence[Token], place: int, current: date) -> Period | None:
    """ "the last three months": from so many months before."""
    if word_at(tokens, place) not in {"last", "past"} or word_at(tokens, place + 2) != "months":
        return None
    count = words.MONTH_COUNTS.get(word_at(tokens, place + 1))
    return None if count is None else Period(place, place + 2, add_months(current, -count), is_stretch=True)


def _unclear(tokens: Sequence[Token], place: int, current: date) -> Period | None:
    year = _year(tokens, place)
    is_year = year is not None and abs(year - current.year) <= FURTHEST_YEAR
    is_age = word_at(tokens, place - 1).isdecimal()
    is_unclear = word_at(tokens, place) in words.UNCLEAR and not is_age
    return Period(place, place, None) if is_year or is_unclear else None
