"""Reading times: months, quarters, "last month", "the last six months", "this year", "2019-20"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from indicators.calculations.months import NUMBER_OF_MONTH, add_months, financial_year, months_between
from indicators.calculations.periods import MONTHS_IN_YEAR, TERMS
from indicators.calculations.row import MONTHS_SHOWN, Row
from indicators.calculations.vocabulary import Frequency

from . import words
from .numbers import COUNTED, number
from .text import Line, Mention, Phrases
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
_MONTHS = "|".join(sorted(NUMBER_OF_MONTH, key=len, reverse=True))
_DATED = re.compile(
    rf"(?:(?P<ending>(?:the )?quarter (?:to|ending|ended) )?(?P<month>{_MONTHS})"
    r"(?: (?:[-'’‘] )?(?P<of>20\d\d|\d\d(?! %| per)|last year)(?!\S))?"
    r"|(?P<term>autumn|spring|summer)(?: term)?(?: (?:of )?(?P<in>20\d\d))?"
    r"|(?:quarter |qtr |q ?)(?P<quarter>[1-4])|(?P<nth>first|second|third|fourth) quarter"
    r"|(?P<year>20\d\d)(?: [-/–] (?P<next>\d\d(?:\d\d)?))?)(?!\S)"
)
_LISTED = re.compile(r" (?:/|&|,|and|-|to) \d(?!\S)")
_SEVERAL = re.compile(
    r"(?<!\S)(?P<lead>(?:last|past|previous|latest|preceding|recent|of the|in the|over the|over|in|for|all) )?"
    rf"(?:rolling )?(?P<count>{COUNTED})"
    r"(?:(?: -)?(?: |-)(?P<unit>months?|quarters?|years?)\b(?! (?:old|ago|before|earlier|later|and|or)\b)"
    r"(?P<tail> (?:shown|displayed|here|high|low|peak|best|worst|range))?|(?= [.,;)]|$))"
)
_SHOWN = {" shown", " displayed", " here"}


@dataclass(frozen=True, slots=True)
class Period(Mention):
    """A month spoken of, None where it is not clear which.

    A stretch runs from it up to the month reported on, and is one of `windows`, each a reading of it as months. A total
    is of the year so far.
    """

    month: date | None
    is_stretch: bool = False
    is_named: bool = False
    has_full_year: bool = False
    is_total: bool = False
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class FinancialYear(Mention):
    """A financial year by the year in which it began, as 2019-20."""

    year: int


def months_from(first: date, row: Row) -> Window:
    """The row's months from the first up to the current one."""
    return tuple(month for month in row.months if first <= month <= row.current_month)


def years(row: Row) -> tuple[Window, ...]:
    """What "the year" can be: the last 12 months, with the month a year before, the calendar year or the row's own."""
    now, starts = row.current_month, row.measure.year_starts
    begun = date(now.year, 1, 1), date(financial_year(now, starts), starts, 1)
    to_date = [months_from(first, row) for first in begun]
    whole = [months_from(add_months(row.current_month, -back), row) for back in (MONTHS_IN_YEAR - 1, MONTHS_IN_YEAR)]
    return (*whole, *(window for window in to_date if len(window) >= FEWEST_MONTHS))


def read_period(line: Line, place: int, row: Row) -> Period | FinancialYear | None:
    """The period that begins at the place, if any."""
    return _dated(line, place, row) or _said(line, place, row)


def _dated(line: Line, place: int, row: Row) -> Period | FinancialYear | None:
    """A month, quarter or year by its name or number."""
    match = _DATED.match(line.line, line.starts[place])
    if match is None:
        return None
    last = line.place_before(match.end())
    if match["month"]:
        return _month(line, match, place, last, row)
    if match["term"]:
        term = _term(match["term"], match["in"], row)
        return Period(place, last, term, is_named=True) if term else None
    if quarter := match["quarter"] or words.PLACES.get(match["nth"] or ""):
        # Clear only for a quarterly indicator, and alone: not "quarters 1, 2 and 3".
        periods = row.measure.periods
        latest = periods.ending(row.current_month, periods.in_a_year)
        month = next((one for one in latest if periods.place_in_year(one) == int(quarter)), latest[0])
        is_clear = row.measure.frequency is Frequency.QUARTERLY
        is_clear = is_clear and months_between(month, row.current_month) <= FURTHEST_BARE_MONTH
        is_clear = is_clear and not _LISTED.match(line.line, match.end())
        return Period(place, last, month if is_clear else None, is_named=True)
    year, behind = int(match["year"]), match["next"]
    if behind:
        return FinancialYear(place, last, year) if int(behind) % 100 == (year + 1) % 100 else None
    if abs(year - row.current_month.year) > FURTHEST_YEAR:
        return None
    # Of a yearly figure the year is clear if it ends and is known in the same calendar year.
    own = [one.month for one in row.trend if row.measure.frequency is Frequency.YEARLY and one.month.year == year]
    is_clear = bool(own) and row.measure.periods.of(own[0]).final.year == year
    return Period(place, place, own[0] if is_clear else None, is_named=is_clear)


def _term(name: str, year: str | None, row: Row) -> date | None:
    """The month in which the figure of the term is due, the latest where no year is said; None where it isn't clear."""
    if row.measure.frequency is not Frequency.TERMLY:
        return None
    periods = row.measure.periods
    ended = [
        (due, periods.of(due).final) for due in periods.ending(row.current_month, periods.in_a_year * FURTHEST_YEAR)
    ]
    said = [due for due, final in ended if TERMS.get(final.month) == name and year in {None, str(final.year)}]
    return said[-1] if said else None


def _month(line: Line, match: re.Match[str], place: int, last: int, row: Row) -> Period | None:
    """A month with what belongs to it: a day or "the quarter to" before, a year behind."""
    current, number = row.current_month, NUMBER_OF_MONTH[match["month"]]
    at = line.starts.index(match.start("month"))
    name, said = line.tokens[at], match["of"] or ""
    year = int(said) if said.isdecimal() and not (name.is_genitive and len(said) == 2) else None
    if not name.text[0].isupper() or (name.word in words.MONTHS_LIKE_OTHER_WORDS and place == 0 and year is None):
        return None
    year = year + 2000 if year and year < 100 else year
    day = re.search(r"(?<!\S)(\d\d?)(?:st|nd|rd|th)? (?:of )?$", line.line[: match.start()])
    if day and (int(day[1]) not in LAST_DAYS or _latest(number, current) != current):
        return Period(place, last, None)
    if year and abs(year - current.year) <= FURTHEST_YEAR:
        month = date(year, number, 1)
        return Period(place, last, month, is_named=True, has_full_year=len(said) == 4)
    if said == "last year":
        return Period(place, last, date(current.year - 1, number, 1), is_named=True)
    month, before = _latest(number, current), line.word(place - 1)
    if before == "last" and number == current.month:
        month = add_months(current, -MONTHS_IN_YEAR)
    is_clear = before in {"since", "last"} or months_between(month, current) <= FURTHEST_BARE_MONTH
    is_clear = is_clear and (row.measure.frequency is Frequency.QUARTERLY or not match["ending"])
    return Period(place, at if said else last, month if is_clear else None, is_named=True)


def _latest(number: int, current: date) -> date:
    """The latest month of that number up to the current one."""
    return date(current.year - (number > current.month), number, 1)


def _said(line: Line, place: int, row: Row) -> Period | None:
    """Periods said in words. Months are not clear for a quarterly indicator, nor quarters for a monthly one."""
    found = _TIMES.at(line.tokens, place)
    if found is None or (found[1] is Time.UNCLEAR and line.word(place - 1)[:1].isdigit()):
        return None
    last, time = found
    season = words.SEASONS.get(line.word(place))
    if season and "since" in line.words(place - 2, place - 1):
        # "The lowest since the summer" can be from its beginning or its end on.
        begin, end = (_latest(number, row.current_month) for number in season)
        since = (months_from(begin, row), months_from(add_months(end, 1), row)) if begin <= end else ()
        return Period(place, last, None, is_stretch=True, windows=since)
    months = dict.fromkeys((Time.YEAR_BEFORE, Time.PAST_YEAR, Time.YEAR, Time.TO_DATE), row.year_before)
    nouns = {words.PERIODS[word] for word in line.words(place, last) if word in words.PERIODS}
    if not nouns or row.measure.periods.noun in nouns:
        months |= {Time.THIS: row.current_month, Time.BEFORE: row.previous_month, Time.PAST: row.previous_month}
    is_stretch = time not in {Time.THIS, Time.BEFORE, Time.YEAR_BEFORE}
    spans: dict[Time, tuple[Window, ...]] = dict.fromkeys((Time.YEAR, Time.TO_DATE), years(row))
    spans |= {Time.EVER: (row.months,), Time.SHOWN: (row.months[-MONTHS_SHOWN:],)}
    return Period(place, last, months.get(time), is_stretch, windows=spans.get(time, ()), is_total=time is Time.TO_DATE)


def read_windows(line: Line, row: Row) -> list[Period]:
    """Counted stretches in a sentence, as "the last six months" or "12-month high"."""
    found = []
    for match in _SEVERAL.finditer(line.line):
        unit, lead, tail = (match[part] or "" for part in ("unit", "lead", "tail"))
        if not unit and lead not in {"last ", "past ", "previous "}:
            continue
        # "In four of the last six months" is no stretch.
        parted = re.search(r"\b(?:\d+|two|three|four|five|six) of (?:the )?$", line.line[: match.start()])
        own = MONTHS_IN_YEAR // row.measure.periods.in_a_year
        months = int(number(match["count"]) or 0) * {"q": 3, "y": MONTHS_IN_YEAR, "m": 1}.get(unit[:1], own)
        is_clear = bool(lead or tail or unit == "month") and months <= 2 * MONTHS_IN_YEAR and not parted
        first = line.starts.index(match.start() + (len(lead) if lead in {"for ", "of the "} else 0))
        last = line.place_before(match.end() - (0 if tail in _SHOWN else len(tail)))
        ending = row.months[-1] if tail in _SHOWN else row.current_month
        window = tuple(month for month in row.months if add_months(ending, -months) < month <= row.current_month)
        begin, windows = (add_months(row.current_month, -months), (window,)) if is_clear else (None, ())
        found.append(Period(first, last, begin, is_stretch=True, windows=windows))
    return found
