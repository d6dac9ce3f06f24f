"""How single figures, differences and periods are said in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from indicators.calculations.exact import Exact, magnitude
from indicators.calculations.formatting import ROUNDS_TO_ZERO, format_change, format_number
from indicators.calculations.months import FIRST_MONTH_OF_FINANCIAL_YEAR, add_months, months_between
from indicators.calculations.vocabulary import Unit

from .line import LineFacts

PER = {Unit.RATE_10000: " per 10,000", Unit.RATE_100000: " per 100,000"}
# A bare month name further back than this could be taken for the same month of another year.
MONTHS_NAMED_WITHOUT_YEAR = 11


def said_value(line: LineFacts, value: Exact) -> str:
    """A value in a sentence: "1,464", "none" for a count of 0, "36%", "53 per 10,000", "less than 0.5%"."""
    if not value and line.unit is Unit.COUNT:
        return "none"
    return bare_value(line, value) + PER.get(line.unit, "")


def bare_value(line: LineFacts, value: Exact) -> str:
    """A value as the report displays it, but with words where the report has [low]."""
    text = line.text(value)
    if text != ROUNDS_TO_ZERO:
        return text
    half = format_number(Fraction(5, 10 ** (line.decimal_places + 1)), line.decimal_places + 1)
    return f"less than {half}%" if line.unit is Unit.PERCENTAGE else f"less than {half}"


def displayed(line: LineFacts, value: Exact) -> Fraction:
    """The value rounded as it is displayed, in its unit."""
    return Fraction(format_number(value, line.decimal_places).replace(",", ""))


def same_on_display(line: LineFacts, one: Exact, other: Exact) -> bool:
    """Whether a reader of the report sees no difference."""
    return line.text(one) == line.text(other)


def said_points(line: LineFacts, one: Exact, other: Exact) -> str:
    """How many percentage points lie between two percentages as displayed: "28 percentage points".

    Displayed ones are taken, so that the sentence adds up for its reader: 8% and 36% are 28 apart, whatever lies
    behind them.
    """
    apart = magnitude(displayed(line, one) - displayed(line, other))
    if not apart:
        smallest = format_number(Fraction(1, 10**line.decimal_places), line.decimal_places)
        return f"less than {points(smallest)}"
    return points(format_number(apart, line.decimal_places))


def points(number: str) -> str:
    """A number of percentage points, in the plural but for exactly 1."""
    return f"{number} percentage {'point' if number == '1' else 'points'}"


def said_percent(relative: Exact) -> str:
    """The size of a relative change: "3%"."""
    return format_change(magnitude(relative))


def period(line: LineFacts, month: date) -> str:
    """A month's or a quarter's name: "January", "quarter 3 (October to December)", with its year if it needs one."""
    year = f" {month.year}" if months_between(month, line.months[-1]) > MONTHS_NAMED_WITHOUT_YEAR else ""
    if not line.is_quarterly:
        return f"{month:%B}{year}"
    if month.month % 3:
        return f"the quarter to {month:%B}{year}"
    number = (month.month - FIRST_MONTH_OF_FINANCIAL_YEAR) % 12 // 3 + 1
    return f"quarter {number} ({add_months(month, -2):%B} to {month:%B}{year})"


def listed(items: Sequence[str]) -> str:
    """The items with commas and a last "and"."""
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
