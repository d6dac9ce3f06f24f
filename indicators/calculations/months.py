"""Months, quarters and financial years. A month is always the date of its first day."""

from __future__ import annotations

import re
from datetime import date, timedelta

_MONTH_TEXT = re.compile(r"(\d{4})-(\d{2})\Z", re.ASCII)
_FINANCIAL_YEAR_TEXT = re.compile(r"(\d{4})\s*[-/–]\s*(\d{2}|\d{4})\Z", re.ASCII)
_CALENDAR_YEAR_TEXT = re.compile(r"\d{4}\Z", re.ASCII)
FIRST_MONTH_OF_FINANCIAL_YEAR, FIRST_MONTH_OF_ACADEMIC_YEAR = 4, 9
EARLIEST_YEAR, LATEST_YEAR = 1990, 2200
_NAMES = {number: f"{date(2000, number, 1):%B}".lower() for number in range(1, 13)}
NUMBER_OF_MONTH = {spelling: n for n, name in _NAMES.items() for spelling in (name, name[:3])} | {"sept": 9}
_WEEKDAYS = [f"{date(2001, 1, number):%A}".lower() for number in range(1, 8)]
# What may stand in a date and says nothing of its month.
_NO_MONTH_WORDS = {spelling for name in _WEEKDAYS for spelling in (name, name[:3])} | {"st", "nd", "rd", "th"}
_TIME_OF_DAY = re.compile(r"[ t]\d\d:\d\d(:\d\d(\.\d+)?)?z?\Z", re.ASCII)
_PIECE = re.compile(r"[0-9]+|[a-z]+")
_SEPARATORS = frozenset(" -/.,'\u2019\u2018\u2013\u2010\u2011")
_LONGEST_MONTH = 40


def add_months(month: date, count: int) -> date:
    """The month `count` months after `month`; before it when negative."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def months_ending(month: date, count: int) -> tuple[date, ...]:
    """The `count` months up to and with `month`, oldest first."""
    return tuple(add_months(month, offset) for offset in range(1 - count, 1))


def parse_month(text: str) -> date:
    """The month written as YYYY-MM. Raises ValueError with a message for people."""
    match = _MONTH_TEXT.match(text)
    if match:
        year, month = int(match[1]), int(match[2])
        if EARLIEST_YEAR <= year <= LATEST_YEAR and 1 <= month <= 12:
            return date(year, month, 1)
    raise ValueError(f"“{text}” is not a month: write it as YYYY-MM, for example 2021-01.")


def read_month(text: str) -> date:
    """The month as people write it: Oct 2026, 10/2026, Oct-26, 2026-10, or the first or last day of it.

    Days stand before months, as in Britain. Raises ValueError with a message for people, which names the
    readings where there are several.
    """
    written = _TIME_OF_DAY.sub("", " ".join(text.split()).lower())
    pieces = _PIECE.findall(written)
    if len(written) <= _LONGEST_MONTH and pieces and set(_PIECE.sub("", written)) <= _SEPARATORS:
        words = [piece for piece in pieces if piece.isalpha() and piece not in _NO_MONTH_WORDS]
        numbers = [piece for piece in pieces if piece.isdigit()]
        names = [NUMBER_OF_MONTH[word] for word in words if word in NUMBER_OF_MONTH]
        if len(names) == len(words) == 1:
            return _named_month(text.strip(), names[0], numbers, starts_with_name=not pieces[0].isdigit())
        if not words or (words == ["m"] and len(numbers) == 2):
            return _numeric_month(text.strip(), numbers)
        if words in (["q"], ["qtr"], ["quarter"]):
            raise ValueError(f"“{text.strip()}” is a quarter: write the month that its figure stands in, as 2021-03.")
    raise _no_month(text)


def month_of_day(day: date, shown: str) -> date:
    """The month whose first or last day it is. Any other day may be a slip, so it raises ValueError and asks."""
    if day.day == 1 or (day + timedelta(days=1)).day == 1:
        return parse_month(month_text(day))
    name = f"{day:%B %Y}"
    raise ValueError(
        f"“{shown}” is {day.day} {name}, in the middle of a month: write {month_text(day)} if you mean {name}."
    )


def _named_month(text: str, month: int, numbers: list[str], *, starts_with_name: bool) -> date:
    lengths = [len(number) for number in numbers]
    name = f"{date(2000, month, 1):%B}"
    if lengths == [4] or (lengths == [2] and starts_with_name):
        return _checked_month(text, _year(numbers[0]), month)
    if lengths == [2]:
        year = _year(numbers[0])
        raise ValueError(
            f"“{text}” may be {name} {year}, or a day of {name}: write {year}-{month:02d} if you mean {name} {year}."
        )
    if not lengths or lengths == [1]:
        raise ValueError(f"“{text}” has no year: write it as {name} 2021 or 2021-{month:02d}.")
    if sorted(lengths) in ([1, 4], [2, 4]) or lengths in ([1, 2], [2, 2]):
        day, of_year = reversed(numbers) if lengths[0] == 4 else numbers
        return month_of_day(_day(text, _year(of_year), month, day), text)
    raise _no_month(text)


def _numeric_month(text: str, numbers: list[str]) -> date:
    lengths = [len(number) for number in numbers]
    if lengths in ([6], [8]) and numbers[0] == text:
        numbers = [text[:4], text[4:6], text[6:]][: 2 + (lengths == [8])]
        lengths = [len(number) for number in numbers]
    is_short = all(length <= 2 for length in lengths[1:-1])
    # 2021.1 may be what a spreadsheet made of 2021.10.
    is_cut = lengths == [4, 1] and "." in text
    if sorted(lengths) in ([1, 4], [2, 4]) and not is_cut:
        written_year, month = numbers if lengths[0] == 4 else reversed(numbers)
        return _checked_month(text, int(written_year), int(month))
    if len(numbers) == 3 and is_short and lengths[0] == 4 and lengths[2] <= 2:
        return month_of_day(_day(text, int(numbers[0]), int(numbers[1]), numbers[2]), text)
    if len(numbers) == 3 and is_short and lengths[0] <= 2 and lengths[2] in (2, 4):
        first, second, year = int(numbers[0]), int(numbers[1]), _year(numbers[2])
        try:
            return month_of_day(_day(text, year, second, numbers[0]), text)
        except ValueError:
            if second != 1 or not 1 < first <= 12:
                raise
        raise ValueError(
            f"“{text}” is {first} January {year}, or the first day of {date(year, first, 1):%B %Y} as Americans "
            f"write it: write {year}-01 or {year}-{first:02d}."
        )
    raise _no_month(text)


def _year(number: str) -> int:
    if len(number) == 4:
        return int(number)
    return int(number) + (1900 if int(number) >= EARLIEST_YEAR % 100 else 2000)


def _day(text: str, year: int, month: int, day: str) -> date:
    try:
        return date(_checked_month(text, year, month).year, month, int(day))
    except ValueError:
        raise _no_month(text) from None


def _checked_month(text: str, year: int, month: int) -> date:
    if EARLIEST_YEAR <= year <= LATEST_YEAR and 1 <= month <= 12:
        return date(year, month, 1)
    raise _no_month(text)


def _no_month(text: str) -> ValueError:
    shown = text.strip()
    shown = f"{shown[:_LONGEST_MONTH]}…" if len(shown) > _LONGEST_MONTH else shown
    return ValueError(f"“{shown}” is not a month: write it as 2021-01 or January 2021.")


def month_text(month: date) -> str:
    """The month as YYYY-MM."""
    return f"{month:%Y-%m}"


def financial_year(month: date, starts: int = FIRST_MONTH_OF_FINANCIAL_YEAR) -> int:
    """The calendar year in which the month's year began; `starts` is the number of the month that years begin with."""
    return month.year if month.month >= starts else month.year - 1


def financial_year_text(year: int) -> str:
    """The financial year that began in `year`, as 2019-20."""
    return f"{year}-{(year + 1) % 100:02d}"


def year_text(year: int, starts: int = FIRST_MONTH_OF_FINANCIAL_YEAR, *, short: bool = False) -> str:
    """The year that began in the month `starts` of the calendar year `year`.

    "2019-20" from April, "2019" from January, "academic year 2019-20" from September, and otherwise "year from July
    2019"; in a `short` text "2019-20 academic" and "2019-20 from July".
    """
    if starts == 1:
        return str(year)
    text = financial_year_text(year)
    if starts == FIRST_MONTH_OF_FINANCIAL_YEAR:
        return text
    if starts == FIRST_MONTH_OF_ACADEMIC_YEAR:
        return f"{text} academic" if short else f"academic year {text}"
    begins = date(year, starts, 1)
    return f"{text} from {begins:%B}" if short else f"year from {begins:%B %Y}"


def parse_financial_year(text: str) -> int:
    """The first year of a financial year written as 2019-20. Raises ValueError for people."""
    match = _FINANCIAL_YEAR_TEXT.match(text.strip())
    if match:
        first, second = int(match[1]), match[2]
        follows = str(first + 1) if len(second) == 4 else f"{(first + 1) % 100:02d}"
        if EARLIEST_YEAR <= first <= LATEST_YEAR and second == follows:
            return first
    raise ValueError(f"“{text}” is not a financial year: write it as 2019-20.")


def parse_year(text: str, starts: int) -> int:
    """The calendar year in which the written year began, of years that begin in the month `starts`: 2020 for one from
    January, otherwise 2019-20. Raises ValueError for people.
    """
    if starts != 1:
        return parse_financial_year(text)
    written = text.strip()
    if _CALENDAR_YEAR_TEXT.match(written) and EARLIEST_YEAR <= int(written) <= LATEST_YEAR:
        return int(written)
    raise ValueError(f"“{text}” is not a calendar year: write it as 2020.")


def end_of_financial_year(year: int, starts: int = FIRST_MONTH_OF_FINANCIAL_YEAR) -> date:
    """The last month of the year that began in the month `starts` of the calendar year `year`."""
    return add_months(date(year, starts, 1), 11)


def months_between(earlier: date, later: date) -> int:
    """How many months lie from `earlier` to `later`."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month
