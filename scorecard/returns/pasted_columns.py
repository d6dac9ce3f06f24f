"""The cells of what was pasted, and in which columns the month's figures stand. Pure."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from indicators.calculations.exact import Exact
from indicators.calculations.months import NUMBER_OF_MONTH, financial_year
from indicators.calculations.periods import Periods
from indicators.calculations.written_periods import read_period
from indicators.resources import cells

from .shorthands import understood

_PAIR = re.compile(r"\s*(?:/|\bof\b|\bout of\b)\s*", re.IGNORECASE)
_BESIDE_MONTH = re.compile(
    r"\b(actuals?|figures?|values?|outturn|performance|results?|numbers?|totals?|month|num(erator)?|den(om(inator)?)?|"
    r"count|how many|percentage|per cent|rate)\b|%",
    re.IGNORECASE,
)
_NUMERATOR = re.compile(r"\b(num(erator)?|how many|count|part)\b", re.IGNORECASE)
_DENOMINATOR = re.compile(r"den(om(inator)?)?|(out )?of( how many| all)?\b.*|whole|cohort|total", re.IGNORECASE)
_NAMED_DENOMINATOR = re.compile(r"\b(den(om(inator)?)?|out of|of (how many|all))\b", re.IGNORECASE)
# Columns that stand beside the figures in many sheets, and are none, or none of this month.
_NO_FIGURES = re.compile(
    r".*\b(targets?|rag|change|difference|trend|direction|dot|average|mean|max(imum)?|ytd|year to date|england|"
    r"neighbours?|national|region(al)?|benchmark|comparators?|comments?|commentary|notes?|variance|tolerance|"
    r"previous(ly)?|prior|before|last|same|year ago|baseline|forecast|budget|population|years?)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_THIS_MONTH = re.compile(r"\b(this (month|quarter|term|period)|current|latest|now)\b", re.IGNORECASE)
# 1,234 and 12,345,678, which in text with commas may be one number or several.
_THOUSANDS = re.compile(r".*,\s*\d{1,3}(,\d{3})+\s*\Z")
_YEAR = re.compile(r"\b(20\d\d)(?:\s*[-/]\s*(?:20)?(\d\d))?\b")
# From it on it is no chance that a figure is another month's.
_TELLING = 10


class Place(NamedTuple):
    """A line as far as pasting is concerned; `numbers` is how many are entered for it: none where it is worked out.

    `before` has its figures of the two periods before, the latest first, of two numbers the numerators; None where
    there is none.
    """

    key: int
    reference: str
    title: str
    numbers: int
    periods: Periods
    before: tuple[Exact | None, Exact | None] = (None, None)


def cells_of(text: str) -> list[list[str]]:
    """The cells of what a spreadsheet copies, row by row; also of text whose cells are parted by commas or semicolons.

    Raises ValueError where it can't be told whether a comma parts two cells or belongs to a number.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    rows = _parted(text, "\t") if "\t" in text else _parted_by_commas(text)
    table = [[" ".join(cell.split()) for cell in row] for row in rows]
    while table and not any(table[-1]):
        table.pop()
    while table and not any(table[0]):
        table.pop(0)
    return table


def _parted(text: str, delimiter: str) -> list[list[str]]:
    # Spreadsheets put quotation marks around cells of several lines.
    quoting: Any = csv.QUOTE_MINIMAL if text.count('"') % 2 == 0 else csv.QUOTE_NONE
    lines = [f"{line}\n" for line in text.split("\n")]
    try:
        return list(csv.reader(lines, delimiter=delimiter, quoting=quoting, skipinitialspace=delimiter != "\t"))
    except csv.Error:
        return [line.split(delimiter) for line in text.split("\n")]


def _parted_by_commas(text: str) -> list[list[str]]:
    """Rows of as many cells each, three at least or within quotation marks; else each line is one cell."""
    for delimiter in (";", ","):
        rows = _parted(text, delimiter)
        widths = {len(row) for row in rows if any(cell.strip() for cell in row)}
        if len(widths) != 1 or widths <= {0, 1} or (widths == {2} and delimiter == "," and '"' not in text):
            continue
        lines = [line for line in text.split("\n") if line.strip()]
        if delimiter == "," and '"' not in text and all(map(_THOUSANDS.match, lines)):
            if len(lines) == 1 and widths == {3}:
                break
            raise ValueError(
                f"“{lines[0].strip()[:60]}” can be read in two ways: a comma may part two figures, or belong to one. "
                "Copy the rows from the spreadsheet itself, or leave the commas out of the numbers."
            )
        return rows
    # Columns that somebody has put below one another with spaces.
    aligned = [re.split(r" {2,}", line.strip()) for line in text.split("\n")]
    widths = {len(row) for row in aligned if any(row)}
    return aligned if len(widths) == 1 and min(widths) > 2 else _parted(text, "\t")


def is_figure(cell: str) -> bool:
    """Whether it is a number in any unit, two that belong together, or a word that says there is none."""
    said = understood(cell)
    if said.blank is not None:
        return True
    try:
        return all(cells.amount(part).number is not None for part in _parts(said.text))
    except ValueError:
        return False


def _parts(cell: str) -> list[str]:
    """4/31 and “4 of 31” are numerator and denominator; n/a is one word."""
    parts = _PAIR.split(cell, maxsplit=1)
    is_pair = len(parts) == 2 and all(re.search(r"\d", part) for part in parts)
    return parts if is_pair else [cell]


def _number(cell: str) -> Decimal | None:
    with suppress(ValueError):
        return cells.amount(_parts(cell)[0]).number
    return None


def month_words(cell: str) -> str:
    """The part of a heading that may be a month or a period; empty where there is none."""
    words = " ".join(_BESIDE_MONTH.sub(" ", cell).split()).strip(" -:()")
    if words.isdigit() or not re.search(r"\d|[a-z]{3}", words, re.IGNORECASE):
        return ""
    lowered = words.lower()
    is_period = re.fullmatch(r"(q|h|quarter |half )\s*[1-4]\b.*\d{4}.*|(autumn|spring|summer)\b.*\d{4}.*", lowered)
    has_name = any(word in NUMBER_OF_MONTH for word in re.findall(r"[a-z]+", lowered))
    is_numeric = re.fullmatch(r"\d{4}[-/.]\d{2}|\d{1,2}[-/.]\d{4}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", lowered)
    return words if is_period or has_name or is_numeric else ""


def _is_of(heading: str, month: date, periods: Periods) -> bool:
    """Whether a heading is of the period that is entered in the month."""
    words = month_words(heading)
    if words.lower() in NUMBER_OF_MONTH:
        return NUMBER_OF_MONTH[words.lower()] == month.month
    with suppress(ValueError):
        return read_period(words, periods) == month
    return False


_Rows = list[tuple[Sequence[str], Place | None]]


class Columns:
    """In which columns the month's figures stand; `places` are those of the rows, None where a row has none."""

    def __init__(
        self,
        headings: Sequence[Sequence[str]],
        body: Sequence[Sequence[str]],
        places: Sequence[Place | None],
        month: date,
        names: Sequence[int],
    ) -> None:
        self._month, self.problem = month, ""
        self._chosen: int | None = None
        self._headings = headings
        self._rows: _Rows = [(row, place) for row, place in zip(body, places, strict=True) if place or not any(places)]
        self._figures: list[int] = []
        for at in range(max((len(row) for row, _ in self._rows), default=0)):
            filled = [_at(row, at) for row, _ in self._rows if _at(row, at)]
            if at not in names and filled and 2 * sum(map(is_figure, filled)) >= len(filled):
                self._figures.append(at)
        self._with_month = [at for at in self._figures if any(month_words(_at(row, at)) for row in headings)]
        # Where only lines with two numbers have one more column, it is their second number.
        self._single = [row for row, place in self._rows if place is None or place.numbers == 1]
        pairs = [row for row, place in self._rows if place is not None and place.numbers == 2]
        self._last_single = self._last_of(self._single)
        last_pair = self._last_of(pairs)
        self._has_pairs = bool(pairs) and (
            (self._last_single >= 0 and last_pair == self._last_single + 1)
            or (not self._single and len(self._figures) == 2 and not self._with_month)
        )
        if self._has_pairs and not self._single and self._is_of_before(self._figures[0], 0):
            # This month's numerators beside last month's.
            self._has_pairs = False
        self._pair_start = self._last_single if self._single else (self._figures[0] if self._figures else 0)

    def _last_of(self, rows: Iterable[Sequence[str]]) -> int:
        return max((at for row in rows for at in self._figures if _at(row, at)), default=-1)

    @property
    def choices(self) -> list[tuple[int, str]]:
        """The columns with figures, each by its heading or its place."""
        return [(at, self._heading(at) or f"Column {at + 1}") for at in self._figures]

    def _heading(self, at: int) -> str:
        return " ".join(_at(row, at) for row in self._headings if _at(row, at))

    def are_headings(self, row: Sequence[str]) -> bool:
        """Whether a row further down says anew what stands in the columns, and otherwise than the headings on top."""
        said = [_at(row, at) for at in self._figures]
        return not any(map(is_figure, filter(None, said))) and any(
            (month_words(cell) or _NO_FIGURES.fullmatch(cell) or _THIS_MONTH.search(cell))
            and all(_at(top, at) != cell for top in self._headings)
            for at, cell in zip(self._figures, said, strict=True)
            if cell
        )

    def choose(self, wanted: int | None) -> int | None:
        """The column taken for lines with one number; None where the headings say it for each, or none is certain."""
        if wanted is not None and wanted in self._figures:
            self._chosen = wanted
        elif self._with_month:
            return None
        else:
            usable = [at for at in self._figures if not _NO_FIGURES.fullmatch(self._heading(at))]
            usable = [at for at in usable if self._last_single < 0 or at <= self._last_single] or usable
            now = [at for at in usable if _THIS_MONTH.search(self._heading(at))]
            if len(now) == 1:
                self._chosen = now[0]
            elif len(self._figures) == 1 or not any(self._is_of_before(at, 0) for at in self._figures):
                self._chosen = usable[-1] if usable else None
            else:
                self._chosen = self._beside_last_month(usable)
            if self._chosen is None:
                self.problem = self.problem or "There is no column with figures of this month in it."
        # Two numbers in the last columns are not those of a month that was chosen before them.
        self._has_pairs = self._has_pairs and (not self._single or self._chosen == self._pair_start)
        return self._chosen

    def _is_of_before(self, at: int, back: int) -> bool:
        """Whether a column has the figures of the last period, or of so many before it, and not by chance."""
        rows = [(row, place) for row, place in self._rows if place and place.numbers]
        single = [(row, place) for row, place in rows if place.numbers == 1]
        found = [(_number(_at(row, at)), place.before[back]) for row, place in single or rows]
        known = [(number, before) for number, before in found if number is not None and before is not None]
        same = [number for number, before in known if number == before]
        is_telling = len(same) > 1 or any(abs(number) >= _TELLING for number in same)
        return is_telling and 4 * len(same) >= 3 * len(known)

    def _beside_last_month(self, usable: Sequence[int]) -> int | None:
        """The column on the other side of last month's figures than those of the month before it."""
        place = next(place for place, at in enumerate(self._figures) if self._is_of_before(at, 0))
        around = {step: self._figures[place + step] for step in (-1, 1) if 0 <= place + step < len(self._figures)}
        older = {step for step, at in around.items() if self._is_of_before(at, 1)}
        # Without the month before beside it, months go on to the right from where they begin.
        step = -next(iter(older)) if len(older) == 1 else 1 if place == 0 and not older else 0
        if around.get(step) in usable:
            return around[step]
        name = self._heading(self._figures[place]) or f"Column {self._figures[place] + 1}"
        self.problem = (
            f"“{name}” has the figures of the month before: say below which column has those of {self._month:%B %Y}."
        )
        return None

    def figures(self, row: Sequence[str], place: Place) -> tuple[tuple[str, ...], str]:
        """What a row says for its line, and why that is nothing."""
        pair = self._named_pair(row, place.periods) or self._pair_by_its_quotient(row)
        if place.numbers == 2 and pair:
            return pair, ""
        at = self._column_for(row, place)
        if at is None:
            if len(self._figures) == 1:
                return (), f"Its heading, “{self._heading(self._figures[0])}”, is not of {self._month:%B %Y}."
            told = ", ".join(self._heading(one) for one in self._with_month)
            return (), f"No column is of {self._month:%B %Y} (they are {told}): choose one below."
        cell = _at(row, at)
        if not place.numbers:
            return ((cell,) if cell else ()), "Worked out from other lines, so nothing is entered for it."
        if place.numbers == 1 or len(parts := _parts(cell)) == 2:
            typed = (cell,) if place.numbers == 1 else tuple(parts)
            return (typed, "") if cell else ((), "Nothing stands there: the line stays as it is.")
        beside = self._second(at, row)
        if not cell and not beside:
            return (), "Nothing stands there: the line stays as it is."
        if beside and cell and not self._is_word(cell):
            return (cell, beside), ""
        if self._is_word(cell) or "%" in cell:
            return (cell,), ""
        return (), f"“{cell}” is one number, and two are asked for: write them as 4/31."

    def _is_word(self, cell: str) -> bool:
        return understood(cell).blank is not None

    def _column_for(self, row: Sequence[str], place: Place) -> int | None:
        if self._chosen is not None:
            return self._pair_start if place.numbers == 2 and self._has_pairs else self._chosen
        fitting = self._fitting(place.periods)
        # Of two columns of one month, say a first and a final one, nobody knows which is meant.
        if len(fitting) != 1 and place.numbers == 2:
            fitting = [at for at in fitting if _NUMERATOR.search(self._heading(at))]
        elif len(fitting) != 1:
            fitting = [at for at in fitting if _at(row, at)] if self._is_one_filled(fitting) else []
        return fitting[0] if len(fitting) == 1 else None

    def _is_one_filled(self, fitting: Sequence[int]) -> bool:
        """Whether no line with one number has more than one of these columns filled."""
        return all(sum(bool(_at(row, at)) for at in fitting) <= 1 for row in self._single)

    def _fitting(self, periods: Periods) -> list[int]:
        """The columns whose heading is of the month."""
        found = []
        for at in self._with_month:
            said = [cell for row in self._headings if _is_of(cell := _at(row, at), self._month, periods)]
            is_whole = any(month_words(cell).lower() not in NUMBER_OF_MONTH for cell in said)
            if is_whole or (said and self._is_of_year(at, periods)):
                found.append(at)
        return found

    def _is_of_year(self, at: int, periods: Periods) -> bool:
        """Whether the year above a heading such as “Feb”, or left above it, is that of the month, or there is none."""
        for row in reversed(self._headings):
            found = _YEAR.search(next((cell for cell in reversed(row[: at + 1]) if cell), ""))
            if found:
                first = int(found[1])
                is_financial = found[2] is not None and int(found[2]) == (first + 1) % 100
                return first == (financial_year(self._month, periods.year_starts) if is_financial else self._month.year)
        return True

    def _named_pair(self, row: Sequence[str], periods: Periods) -> tuple[str, ...]:
        """Both numbers where headings call one column numerator and one denominator, in either order."""
        if self._with_month and self._chosen is not None:
            return ()
        among = self._fitting(periods) if self._with_month else self._figures
        tops, bottoms = (
            [at for at in among if pattern.search(self._heading(at))] for pattern in (_NUMERATOR, _NAMED_DENOMINATOR)
        )
        if len(tops) != 1 or len(bottoms) != 1 or tops == bottoms:
            return ()
        pair = _at(row, tops[0]), _at(row, bottoms[0])
        return pair if all(_number(cell) is not None for cell in pair) else ()

    def _pair_by_its_quotient(self, row: Sequence[str]) -> tuple[str, ...]:
        """The two numbers left of the percentage that they give, if there is one such place in the row."""
        if self._with_month:
            return ()
        said = [_at(row, at) for at in self._figures]
        found = [
            (top, bottom)
            for top, bottom, share in zip(said, said[1:], said[2:], strict=False)
            if "%" in share and _gives(_number(top), _number(bottom), _number(share))
        ]
        return found[0] if len(found) == 1 else ()

    def _second(self, at: int, row: Sequence[str]) -> str:
        """The second number, right of the first, where the table shows that it is one."""
        right = at + 1
        if right >= len(row) or right not in self._figures:
            return ""
        heading = self._heading(right).strip()
        bare = _BESIDE_MONTH.sub("", heading) if _DENOMINATOR.search(heading) else heading
        is_called_so = bool(_NAMED_DENOMINATOR.search(heading) or (heading and _DENOMINATOR.search(bare)))
        is_denominator = is_called_so and right not in self._with_month
        is_unheaded = not heading and bool(self._with_month)
        return row[right] if self._has_pairs or is_denominator or is_unheaded else ""


def _at(row: Sequence[str], at: int) -> str:
    return row[at] if at < len(row) else ""


def _gives(top: Decimal | None, bottom: Decimal | None, share: Decimal | None) -> bool:
    """Whether a share in per cent is that of the two numbers, as it is rounded."""
    if top is None or not bottom or share is None:
        return False
    return (top * 100 / bottom).quantize(share, ROUND_HALF_UP) == share
