"""Reading times: months, quarters, "last month", "the last six months", "this year", "2019-20"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from indicators.calculations.months import FIRST_MONTH_OF_FINANCIAL_YEAR, add_months, financial_year, months_between
from indicators.calculations.row import MONTHS_IN_YEAR, MONTHS_SHOWN, Row

from . import words
from .text import Line, Mention, Phrases, Token, word_at
from .words import Time

Window = tuple[date, ...]
# A bare month name means the latest such month, unless that is so far back that the next one could be meant.
FURTHEST_BARE_MONTH = 8
# A number this many years off is not a year.
FURTHEST_YEAR = 12
# A year that has only just begun says nothing about what is highest in it.
FEWEST_MONTHS = 3
# The position at the end of a month is the month's.
LAST_DAYS = range(28, 32)

_TIMES = Phrases(words.TIMES)
_STRETCHES = {Time.PAST_MONTH, Time.PAST_QUARTER, Time.PAST_YEAR, Time.YEAR, Time.EVER, Time.SHOWN, Time.UNCLEAR}
_SAME_TIME = Phrases(dict.fromkeys(words.SAME_TIME_IN, True))
_COUNTS = {
    name: number for number, name in enumerate("two three four five six seven eight nine ten eleven twelve".split(), 2)
}
_SEVERAL = re.compile(
    r"(?P<lead>(?:last|past|previous|latest|preceding|recent|of the|in the|over the|over|in|for|all) )?(?:rolling )?"
    rf"(?P<count>\d\d?|{'|'.join(_COUNTS)})(?: -)?(?: |-)"
    r"(?P<unit>months?|quarters?|years?)\b(?! (?:old|ago|before|earlier|later|and|or)\b)"
    r"(?P<tail> (?:shown|displayed|here|high|low|peak|best|worst|range))?"
)
_SHOWN = {" shown", " displayed", " here"}
_BARE_COUNT = re.compile(rf"(?:last|past|previous) (?P<count>\d\d?|{'|'.join(_COUNTS)})(?= [.,;)]|$)")


@dataclass(frozen=True, slots=True)
class Period(Mention):
    """A month spoken of, None where it is not clear which.

    A stretch runs from it up to the month reported on, and is one of `windows`, each a reading of it as months.
    """

    month: date | None
    is_stretch: bool = False
    is_named: bool = False
    has_full_year: bool = False
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class FinancialYear(Mention):
    """A financial year by the year in which it began, as 2019-20."""

    year: int


def months_from(first: date, row: Row) -> Window:
    """The row's months from the first up to the current one."""
    return tuple(month for month in row.months if first <= month <= row.current_month)


def years(row: Row) -> tuple[Window, ...]:
    """What "the year" can be: the last 12 months, with the month a year before, the calendar or financial year."""
    begun = (
        date(row.current_month.year, 1, 1),
        date(financial_year(row.current_month), FIRST_MONTH_OF_FINANCIAL_YEAR, 1),
    )
    to_date = [months_from(first, row) for first in begun]
    whole = [months_from(add_months(row.current_month, -back), row) for back in (MONTHS_IN_YEAR - 1, MONTHS_IN_YEAR)]
    return (*whole, *(window for window in to_date if len(window) >= FEWEST_MONTHS))


def read_period(tokens: Sequence[Token], place: int, row: Row) -> Period | FinancialYear | None:
    """The period that begins at the place, if any."""
    return (
        _named_month(tokens, place, row.current_month)
        or _quarter_to(tokens, place, row)
        or _numbered_quarter(tokens, place, row)
        or _said(tokens, place, row)
        or _financial_year(tokens, place)
        or _bare_year(tokens, place, row.current_month)
    )


def read_windows(line: Line, row: Row) -> list[Period]:
    """Counted stretches in a sentence, as "the last six months" or "12-month high"."""
    found = []
    for match in (*_SEVERAL.finditer(line.line), *_BARE_COUNT.finditer(line.line)):
        said = match.groupdict()
        count = _COUNTS.get(said["count"]) or int(said["count"])
        unit, lead, tail = (said.get(part) or "" for part in ("unit", "lead", "tail"))
        # "In four of the last six months" is no stretch.
        parted = re.search(r"\b(?:\d+|two|three|four|five|six) of (?:the )?$", line.line[: match.start()])
        is_clear = bool(lead or tail or unit == "month" or not unit) and count <= 2 * MONTHS_IN_YEAR and not parted
        end = match.end() - (0 if tail in _SHOWN else len(tail))
        first = line.starts.index(match.start() + (len(lead) if lead == "for " else 0))
        months = count * {"q": 3, "y": MONTHS_IN_YEAR}.get(unit[:1], row.measure.frequency.months if not unit else 1)
        ending = row.months[-1] if tail in _SHOWN else row.current_month
        window = tuple(month for month in row.months if add_months(ending, -months) < month <= row.current_month)
        begin = add_months(row.current_month, -months) if is_clear else None
        found.append(Period(first, line.place_before(end), begin, True, windows=(window,) if is_clear else ()))
    return found


def _said(tokens: Sequence[Token], place: int, row: Row) -> Period | None:
    """Periods said in words. Months are not clear for a quarterly indicator, nor quarters for a monthly one."""
    same = _SAME_TIME.at(tokens, place)
    if same and (year := year_at(tokens, same[0] + 1)):
        return Period(place, same[0] + 1, row.current_month.replace(year=year))
    found = _TIMES.at(tokens, place)
    if found is None or (found[1] is Time.UNCLEAR and word_at(tokens, place - 1).isdecimal()):
        return None
    last, time = found
    before, this = (Time.MONTH_BEFORE, Time.PAST_MONTH), Time.THIS_MONTH
    if row.measure.is_quarterly:
        before, this = (Time.QUARTER_BEFORE, Time.PAST_QUARTER), Time.THIS_QUARTER
    months = dict.fromkeys(before, row.previous_month) | {this: row.current_month}
    months |= dict.fromkeys((Time.YEAR_BEFORE, Time.PAST_YEAR, Time.YEAR), row.year_before)
    windows = {Time.YEAR: years(row), Time.EVER: (row.months,), Time.SHOWN: (row.months[-MONTHS_SHOWN:],)}
    return Period(place, last, months.get(time), time in _STRETCHES, windows=windows.get(time, ()))


def _named_month(tokens: Sequence[Token], place: int, current: date) -> Period | None:
    """A month's name with what belongs to it: a day before or a year behind."""
    number = _month_number(tokens, place)
    if number is None:
        return None
    year = year_at(tokens, place + 1)
    day = _day(tokens, place - 1) or (_day(tokens, place - 2) if word_at(tokens, place - 1) == "of" else 0)
    if day and (day not in LAST_DAYS or _latest(number, current) != current):
        return Period(place, place + (year is not None), None)
    if year:
        return Period(place, place + 1, date(year, number, 1), is_named=True, has_full_year=True)
    behind = place + 2 if word_at(tokens, place + 1) in {"-", "'", "’", "‘"} else place + 1
    short_year = _short_year(tokens, behind, current)
    if short_year and not tokens[place].is_genitive:
        return Period(place, behind, date(short_year, number, 1), is_named=True)
    if (word_at(tokens, place + 1), word_at(tokens, place + 2)) == ("last", "year"):
        return Period(place, place + 2, date(current.year - 1, number, 1), is_named=True)
    month = _latest(number, current)
    if word_at(tokens, place - 1) == "last" and number == current.month:
        return Period(place, place, add_months(current, -MONTHS_IN_YEAR), is_named=True)
    is_clear = word_at(tokens, place - 1) == "since" or months_between(month, current) <= FURTHEST_BARE_MONTH
    return Period(place, place, month if is_clear else None, is_named=True)


def _month_number(tokens: Sequence[Token], place: int) -> int | None:
    word = tokens[place].word
    number = words.MONTHS.get(word)
    if number is None or not tokens[place].text[0].isupper():
        return None
    if word in words.MONTHS_LIKE_OTHER_WORDS and place == 0 and year_at(tokens, 1) is None:
        return None
    return number


def _latest(number: int, current: date) -> date:
    """The latest month of that number up to the current one."""
    return date(current.year - (number > current.month), number, 1)


def year_at(tokens: Sequence[Token], place: int) -> int | None:
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


def _day(tokens: Sequence[Token], place: int) -> int:
    """The day of a month that stands there: 9, 9th; 0 for none."""
    digits = word_at(tokens, place).rstrip("stndrh")
    return int(digits) if digits.isdecimal() and len(digits) <= 2 and int(digits) <= 31 else 0


def _numbered_quarter(tokens: Sequence[Token], place: int, row: Row) -> Period | None:
    """A quarter of the financial year by its number; clear only for a quarterly indicator, and alone."""
    word = tokens[place].word
    if word in {"quarter", "qtr", "q"} and word_at(tokens, place + 1) in {"1", "2", "3", "4"}:
        number, last = int(word_at(tokens, place + 1)), place + 1
    elif len(word) == 2 and word[0] == "q" and word[1] in "1234":
        number, last = int(word[1]), place
    else:
        return None
    alone = (
        word_at(tokens, last + 1) not in {"/", "&", ",", "and", "-", "to"} or not word_at(tokens, last + 2).isdecimal()
    )
    month = _latest(number * 3 % 12 + 3, row.current_month)
    is_clear = row.measure.is_quarterly and alone and months_between(month, row.current_month) <= FURTHEST_BARE_MONTH
    return Period(place, last, month if is_clear else None, is_named=True)


def _quarter_to(tokens: Sequence[Token], place: int, row: Row) -> Period | None:
    """ "the quarter to October": by its last month."""
    quarter = place + (tokens[place].word == "the")
    if word_at(tokens, quarter) != "quarter" or word_at(tokens, quarter + 1) not in {"to", "ending", "ended"}:
        return None
    end = _named_month(tokens, quarter + 2, row.current_month) if quarter + 2 < len(tokens) else None
    if end is None:
        return None
    return Period(place, end.last, end.month if row.measure.is_quarterly else None, is_named=True)


def _financial_year(tokens: Sequence[Token], place: int) -> FinancialYear | None:
    year = year_at(tokens, place)
    behind = word_at(tokens, place + 2)
    if year and word_at(tokens, place + 1) in {"-", "/", "–"} and behind.isdecimal():
        return FinancialYear(place, place + 2, year) if int(behind) % 100 == (year + 1) % 100 else None
    return None


def _bare_year(tokens: Sequence[Token], place: int, current: date) -> Period | None:
    year = year_at(tokens, place)
    return Period(place, place, None) if year and abs(year - current.year) <= FURTHEST_YEAR else None
