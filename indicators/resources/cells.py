"""What a cell of a spreadsheet means: a number, a month, a financial year, yes or no, a text.

Every function takes what Excel or a CSV file has in the cell and raises ValueError with a
message for the person who filled it in.
"""

from __future__ import annotations

import re
import time
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from indicators.calculations.months import month_text, parse_financial_year, parse_month

_PLAIN = re.compile(r"[-−]?(\d+(\.\d*)?|\.\d+)\Z", re.ASCII)
_WITH_THOUSANDS = re.compile(r"[-−]?\d{1,3}(,\d{3})+(\.\d*)?\Z", re.ASCII)
_ISO_TIME = re.compile(r"[ T]00:00(:00)?(\.0+)?\Z", re.ASCII)
_MONTH_PATTERNS = ("%Y-%m", "%Y-%m-%d", "%d/%m/%Y", "%b %Y", "%B %Y", "%b-%y", "%B-%y", "%b-%Y", "%B-%Y")
_YES, _NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0", ""}
# Six decimals are kept exactly, and twelve digits before them.
MOST_DECIMALS, MOST_WHOLE_DIGITS = 6, 12
# What both databases keep as a whole number.
BIGGEST_WHOLE_NUMBER = 2_147_483_647


def plain(number: Decimal) -> Decimal:
    """The number without needless zeros or an exponent: 94.000000 is 94."""
    return Decimal(f"{number.normalize():f}")


def quoted(cell: Any) -> str:
    """The cell as a message names it, shortened."""
    text = str(cell).strip()
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"


def text(cell: Any) -> str:
    """The cell as a text; a number as Excel shows it."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{plain(_from_float(cell)):f}"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell)


def number(cell: Any, hint: str = "") -> Decimal | None:
    """A figure: 1343, 1,343, 19.5 or 19%; empty is None."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _checked(_from_float(cell))
    written = text(cell).strip()
    if not written:
        return None
    digits = written.removesuffix("%").rstrip()
    if not (_PLAIN.match(digits) or _WITH_THOUSANDS.match(digits)):
        raise ValueError(f"{quoted(cell)} is not a number{hint}.")
    if len(digits) > 60:
        raise ValueError(f"{quoted(cell)} is too long for a figure.")
    return _checked(Decimal(digits.replace(",", "").replace("−", "-")))


def is_per_cent(cell: Any) -> bool:
    """Whether the cell has a per cent sign."""
    return text(cell).rstrip().endswith("%")


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
    written = text(cell).strip().lower().removesuffix(".0")
    if written not in _YES | _NO:
        raise ValueError(f"{quoted(cell)} is neither yes nor no.")
    return written in _YES


def month(cell: Any) -> date | None:
    """A month: 2021-01, January 2021, Jan-21, a date of Excel's; empty is None."""
    if isinstance(cell, date):
        return parse_month(month_text(cell))
    written = _ISO_TIME.sub("", " ".join(text(cell).split()))
    if not written:
        return None
    for pattern in _MONTH_PATTERNS:
        try:
            found = time.strptime(re.sub("sept\\b", "Sep", written, flags=re.IGNORECASE), pattern)
            return parse_month(f"{found.tm_year}-{found.tm_mon:02d}")
        except ValueError:
            continue
    raise ValueError(f"{quoted(cell)} is not a month: write it as 2021-01 or January 2021.")


def year(cell: Any) -> int | None:
    """A financial year such as 2019-20; empty is None."""
    # Excel takes 2011-12 for December 2011.
    written = month_text(cell) if isinstance(cell, date) else text(cell).strip()
    if not written:
        return None
    try:
        return parse_financial_year(written)
    except ValueError:
        raise ValueError(f"{quoted(written)} is not a financial year: write it as 2019-20.") from None


def _from_float(cell: float) -> Decimal:
    # Excel itself shows 15 digits: 19.3 is stored as 19.300000000000001.
    return Decimal(f"{cell:.15g}")


def _checked(found: Decimal) -> Decimal:
    found = plain(found)
    whole, _, decimals = f"{abs(found):f}".partition(".")
    if len(whole) > MOST_WHOLE_DIGITS:
        raise ValueError(f"{quoted(found)} is too big: a figure has at most {MOST_WHOLE_DIGITS} digits.")
    if len(decimals) > MOST_DECIMALS:
        raise ValueError(
            f"{quoted(found)} has more than {MOST_DECIMALS} decimals: round it, or give a numerator and a denominator."
        )
    return found
