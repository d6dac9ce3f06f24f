"""What a cell of a spreadsheet means: a number, a month, a financial year, yes or no, a text.

A cell is a str, as in a CSV file; from a workbook it may also be a bool, a `Cell` with a number or date, or None. Every
function raises ValueError with a message for the person who filled it in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from indicators.calculations.months import month_of_day, month_text, parse_financial_year, read_month
from indicators.calculations.units import UNITS, UnitKind, UnitTerms, unit_name
from indicators.calculations.vocabulary import Unit

_PLAIN = re.compile(r"-?(\d+(\.\d*)?|\.\d+)\Z", re.ASCII)
_WITH_THOUSANDS = re.compile(r"-?\d{1,3}(?:(,\d{3})+|( \d{3})+)(\.\d*)?\Z", re.ASCII)
_DECIMAL_COMMA = re.compile(r"(-?(?:\d+|\d{1,3}(?:[. ]\d{3})+)),(\d+)\Z", re.ASCII)
_SHORTENED = re.compile(r"-?\d+(\.\d+)?e[+-]?\d+\Z", re.ASCII | re.IGNORECASE)
_ERROR = re.compile(
    r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!|FIELD!|BLOCKED!|BUSY!|CONNECT!|UNKNOWN!|GETTING_DATA)"
    r"|Err:\d{3}",
    re.ASCII | re.IGNORECASE,
)
_TOO_NARROW = re.compile(r"#{3,}")
# Spaces, minus signs and what can't be seen, as Word, the web and other programs write them.
_TIDY = str.maketrans(
    dict.fromkeys("\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u205f", " ")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
)
_YES, _NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0", ""}
# Six decimals are kept exactly, and twelve digits before them.
MOST_DECIMALS, MOST_WHOLE_DIGITS = 6, 12
LONGEST_NUMBER = 60
# What both databases keep as a whole number.
BIGGEST_WHOLE_NUMBER = 2_147_483_647
# Days since 1900, as Excel counts the years of the months that are kept.
_DAYS_OF_EXCEL = (32_874, 109_938)


@dataclass(frozen=True, slots=True)
class Cell:
    """A number or date of a workbook, and what a reader of the workbook sees of it.

    `doubt` says why it can't be taken as it is, `remark` what the person who imports it should know.
    `date_parts` are those of d, m and y that its format shows. `mark` is a word behind the number that multiplies it,
    as “k”, and the number stands there divided by `shown_in`.
    """

    value: Decimal | datetime | None
    shown: str
    doubt: str = ""
    remark: str = ""
    date_parts: str = ""
    mark: str = ""
    shown_in: int = 1

    def __str__(self) -> str:
        return self.shown


def plain(number: Decimal) -> Decimal:
    """The number without needless zeros or an exponent: 94.000000 is 94."""
    return Decimal(f"{number.normalize():f}")


def quoted(cell: Any) -> str:
    """The cell as a message names it, shortened."""
    text = str(cell).strip()
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"


def text(cell: Any) -> str:
    """The cell as the text that it shows."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, Cell) and cell.doubt:
        raise ValueError(cell.doubt)
    shown = str(cell)
    if "#" not in shown and "rr:" not in shown:
        return shown
    if _ERROR.fullmatch(shown.strip()):
        raise ValueError(f"{quoted(shown)} is an error of Excel’s: correct the formula, or clear the cell.")
    if _TOO_NARROW.fullmatch(shown.strip()):
        raise ValueError(f"{quoted(shown)} stands where a column is too narrow: widen it, and save the file again.")
    return shown


def is_empty(cell: Any) -> bool:
    """Whether nothing stands in the cell; 0 is something."""
    return cell is None or (isinstance(cell, str) and not cell.translate(_TIDY).strip())


def number(cell: Any, hint: str = "") -> Decimal | None:
    """A figure: 1343, 1,343, 1 343, 19.5 or 19%, rounded to what is kept; empty is None.

    `hint` follows “… is not a number”.
    """
    written = text(cell).translate(_TIDY).strip().removeprefix("'")
    if isinstance(cell, Cell):
        if isinstance(cell.value, Decimal):
            return _kept(cell.value)
        raise ValueError(
            f"{quoted(cell)} is a date, not a number: give the cell the format General, and write the figure again."
        )
    if not written:
        return None
    digits = written.removesuffix("%").rstrip()
    if len(digits) > LONGEST_NUMBER and _PLAIN.match(digits):
        raise ValueError(f"{quoted(cell)} is too long for a figure.")
    if _PLAIN.match(digits) or _WITH_THOUSANDS.match(digits):
        return _kept(Decimal(digits.replace(",", "").replace(" ", "")))
    if comma := _DECIMAL_COMMA.match(digits):
        hint = f": write a decimal point, as in {re.sub('[. ]', '', comma[1])}.{comma[2]}"
    elif _SHORTENED.match(digits):
        hint = ": write all its digits, which Excel shows in the format Number"
    raise ValueError(f"{quoted(cell)} is not a number{hint}.")


# What multiplies a number, as people write it behind sums of money.
_MULTIPLIERS = {
    **dict.fromkeys(("k", "thousand", "thousands"), 1000),
    **dict.fromkeys(("m", "mn", "million", "millions"), 1_000_000),
    **dict.fromkeys(("bn", "billion"), 1_000_000_000),
}
# All that can stand behind a number, in any unit.
_MARKS = {"", "%", "per", *_MULTIPLIERS, *(word for terms in UNITS.values() for word in terms.behind)}
_IN_BRACKETS = re.compile(r"(£?)\s*\(\s*([^()]*?)\s*\)\s*([^()]*)\Z")
_WRITTEN = re.compile(
    r"(?P<sign>[-+]|minus )?\s*(?P<pound>£|gbp )?\s*(?P<inner>-)?\s*(?P<digits>[\d., ]*\d\.?)\s*"
    r"(?P<mark>%|[a-z][a-z ]*|per [\d, ]+)?\Z",
    re.ASCII | re.IGNORECASE,
)


class Amount(NamedTuple):
    """A number as it is written: without its sign of money and what follows it, which are told apart."""

    number: Decimal | None
    is_money: bool = False
    mark: str = ""


def amount(cell: Any, hint: str = "") -> Amount:
    """What a cell says in any unit: -12, (12), £1.2m, 19%, 12 days; `hint` follows “… is not a number”."""
    if isinstance(cell, Cell):
        if cell.mark and isinstance(cell.value, Decimal):
            return Amount(cell.value / cell.shown_in, is_money=True, mark=cell.mark)
        return Amount(number(cell, hint), mark="%" if is_per_cent(cell) else "")
    written = text(cell).translate(_TIDY).strip().removeprefix("'").strip()
    # Accountants write what is below 0 in brackets.
    bracketed = _IN_BRACKETS.match(written)
    found = _WRITTEN.match("".join(bracketed.groups()) if bracketed else written)
    if not found or (bracketed and (found["sign"] or found["inner"])) or (found["sign"] and found["inner"]):
        return Amount(number(cell, hint))
    try:
        size = number(found["digits"])
    except ValueError:
        # Told about the whole cell, with what is wrong with its digits.
        return Amount(number(cell, hint))
    mark = " ".join((found["mark"] or "").lower().split())
    if mark.rstrip("0123456789, ") not in _MARKS:
        return Amount(number(cell, hint))
    is_negative = bracketed or found["inner"] or (found["sign"] or "+") != "+"
    return Amount(-size if is_negative and size else size, bool(found["pound"]), mark)


def figure(cell: Any, unit: Unit | None, rate_base: int | None = None, hint: str = "") -> Decimal | None:
    """A figure in its unit: £1.2m is 1200 in £ thousand, and 12 days are 12; empty is None.

    None for the unit takes plain numbers, as numerators and denominators are. What could mean two things is refused.
    """
    terms = UNITS[unit] if unit else None
    is_of_money = terms is not None and terms.kind is UnitKind.MONEY
    if isinstance(cell, Cell) and cell.mark and not is_of_money:
        return number(cell, hint)
    found = amount(cell, hint)
    if found.number is None or not (found.is_money or found.mark):
        return found.number
    if found.mark == "%":
        if unit is not Unit.PERCENTAGE:
            raise ValueError("This is not a percentage: leave the % sign out.")
        return found.number
    times = _MULTIPLIERS.get(found.mark)
    if times and (is_of_money or found.is_money or (unit in (None, Unit.COUNT) and times == 1000)):
        return _in_pounds(cell, found.number * times, terms)
    if found.is_money and not found.mark:
        if terms is not None and is_of_money and terms.size > 1 and found.number:
            one = "k" if terms.size == 1000 else "m"
            raise ValueError(
                f"{quoted(cell)} could be pounds or {terms.name.removeprefix('£ ')}s of pounds: write it with “{one}” "
                f"behind it, or as a number alone if it is in {terms.name}."
            )
        return _in_pounds(cell, found.number, terms)
    base = re.sub(r"\D", "", found.mark)
    if terms is not None and terms.kind is UnitKind.RATE and unit is not None and base == str(unit.factor(rate_base)):
        return found.number
    if terms is not None and found.mark in terms.behind:
        return found.number
    expected = f": the figures are {_called(unit, rate_base)}, so write the number alone" if unit else hint
    raise ValueError(f"{quoted(cell)} is not a number{expected}.")


def _called(unit: Unit, rate_base: int | None) -> str:
    kind = UNITS[unit].kind
    plain_names = {UnitKind.COUNT: "counts", UnitKind.SHARE: "percentages", UnitKind.SCORE: "scores or ratios"}
    if kind is UnitKind.RATE:
        return f"rates {unit_name(unit, rate_base)}"
    return plain_names.get(kind) or f"in {unit_name(unit)}"


def _in_pounds(cell: Any, pounds: Decimal, terms: UnitTerms | None) -> Decimal:
    """A sum of money in thousands or millions where these are what is counted; refused where no money is."""
    if terms is not None and terms.kind not in (UnitKind.MONEY, UnitKind.COUNT):
        raise ValueError(f"{quoted(cell)} is money, which this is not: write the number without £.")
    if terms is not None and terms.kind is UnitKind.COUNT and "£" in str(cell):
        raise ValueError(f"{quoted(cell)} is money, which this is not: write the number without £.")
    return _kept(pounds / (terms.size if terms else 1))


def heading(cell: Any) -> str:
    """The name of a column as a cell of the first row has it: “On basis *” is on_basis."""
    written = ("" if cell is None else str(cell)).translate(_TIDY).lower().rstrip(" *:\n\r\t")
    return re.sub(r"[\s_]+", "_", written.strip())


def is_per_cent(cell: Any) -> bool:
    """Whether the cell has a per cent sign."""
    return "%" in str(cell)


def whole_number(cell: Any) -> int | None:
    """A whole number: 51000 or 51,000; empty is None."""
    found = number(cell)
    if is_per_cent(cell) or (found is not None and found != found.to_integral_value()):
        raise ValueError(f"{quoted(cell)} is not a whole number.")
    if found is not None and found > BIGGEST_WHOLE_NUMBER:
        raise ValueError(f"{quoted(cell)} is too big.")
    return None if found is None else int(found)


def yes_or_no(cell: Any) -> bool:
    """Yes or no, in words or as Excel's TRUE and FALSE; empty is no."""
    written = text(cell).translate(_TIDY).strip().lower()
    if written not in _YES | _NO:
        raise ValueError(f"{quoted(cell)} is neither yes nor no.")
    return written in _YES


def is_date(cell: Any) -> bool:
    """Whether Excel has a date there, whatever it shows."""
    return isinstance(cell, Cell) and isinstance(cell.value, datetime)


def month(cell: Any) -> date | None:
    """A month in any usual spelling, or a date of Excel's that is its first or last day; empty is None.

    A date whose format shows month and year but no day is that month, whichever day it is.
    """
    written = text(cell).translate(_TIDY).strip()
    if not isinstance(cell, Cell):
        return read_month(written) if written else None
    if isinstance(cell.value, datetime):
        return _month_of_date(cell, cell.value)
    if cell.value is not None and _DAYS_OF_EXCEL[0] <= cell.value <= _DAYS_OF_EXCEL[1]:
        raise ValueError(
            f"{quoted(cell)} is not a month. If it is a date, give the cell a date format, or write it as 2021-01."
        )
    if cell.value is not None and cell.value != cell.value.to_integral_value():
        raise ValueError(f"{quoted(cell)} is a number, not a month: write it as 2021-01.")
    return read_month(written)


def _month_of_date(cell: Cell, day: datetime) -> date:
    if "m" in cell.date_parts and "y" in cell.date_parts:
        return read_month(month_text(day)) if "d" not in cell.date_parts else month_of_day(day.date(), cell.shown)
    # Excel takes “Jan-21” for 21 January of the year in which it is typed, and shows “21-Jan”.
    readings = f"write {month_text(day)} if you mean {day:%B %Y}"
    if "d" in cell.date_parts:
        other = day.replace(year=2000 + day.day, day=1)
        readings += f", or {month_text(other)} if you mean {other:%B %Y}"
    raise ValueError(f"{quoted(cell)} is stored as {day.day} {day:%B %Y}: {readings}.")


def hidden_day(cell: Any) -> str:
    """What to ask about a date that shows month and year, but is in the middle of the month; else empty.

    “Jan-21” typed into a cell that shows dates so is taken for 21 January of this year.
    """
    day = cell.value if isinstance(cell, Cell) and "d" not in cell.date_parts else None
    if not isinstance(day, datetime) or day.day == 1 or (day + timedelta(days=1)).day == 1:
        return ""
    other = day.replace(year=2000 + day.day, day=1)
    return (
        f"{quoted(cell)} is stored as {day.day} {day:%B %Y}, and read as {day:%B %Y}. "
        f"If {other:%B %Y} is meant, write {month_text(other)}."
    )


def year(cell: Any) -> int | None:
    """A financial year such as 2019-20; empty is None."""
    written = text(cell).translate(_TIDY).strip()
    if isinstance(cell, Cell) and isinstance(cell.value, datetime):
        # Excel takes 2011-12 for December 2011.
        written = month_text(cell.value)
    if not written:
        return None
    try:
        return parse_financial_year(written)
    except ValueError:
        is_month = re.search("[a-z]{3}", written, re.IGNORECASE)
        told = ", in a cell with the format Text: Excel takes some years for months" if is_month else ""
        raise ValueError(f"{quoted(cell)} is not a financial year: write it as 2019-20{told}.") from None


def _kept(found: Decimal) -> Decimal:
    """The number as it is stored, rounded half away from zero."""
    if found and found.adjusted() >= MOST_WHOLE_DIGITS:
        raise ValueError(f"{quoted(f'{found:f}')} is too big: a figure has at most {MOST_WHOLE_DIGITS} digits.")
    kept = found.quantize(Decimal(1).scaleb(-MOST_DECIMALS), ROUND_HALF_UP)
    if found and not kept:
        raise ValueError(f"{quoted(f'{found:f}')} is too small: a figure has at most {MOST_DECIMALS} decimals.")
    return plain(kept) if kept else Decimal(0)
