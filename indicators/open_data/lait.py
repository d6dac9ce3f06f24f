"""Reads the layout of the Department for Education's Local Authority Interactive Tool (LAIT).

One file has all measures: a row is a measure, a year and a place. A data dictionary beside it says what each measure
is, for which kind of year, and when it was and will be brought up to date.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from decimal import Context, Decimal
from typing import NamedTuple

from indicators.calculations.exact import Exact, exact
from indicators.calculations.formatting import counted
from indicators.calculations.vocabulary import Blank, Polarity

from .files import MOST_NAMED, CsvFile, CsvRow, OpenDataError, listed, suggestion
from .periods import Period, YearType, parse_period
from .tidy import SYMBOLS, Level, PlaceFigure

MEASURE, YEARS, NAME, VALUE, NUMBER, REGION = (
    "Short Desc",
    "Years",
    "LA and Regions",
    "Values",
    "LA Number",
    "Region",
)
COLUMNS = (MEASURE, YEARS, NAME, VALUE, NUMBER, REGION)
ENGLAND = "970"
# LAIT's own numbers, the codes of the Office for National Statistics, and the names in the column of the region.
REGIONS = {
    "980": ("E12000001", "North East"),
    "981": ("E12000002", "North West"),
    "982": ("E12000003", "Yorkshire and The Humber"),
    "983": ("E12000004", "East Midlands"),
    "984": ("E12000005", "West Midlands"),
    "985": ("E12000006", "East of England"),
    "986": ("E12000007", "London"),
    "987": ("E13000001", "Inner London"),
    "988": ("E13000002", "Outer London"),
    "989": ("E12000008", "South East"),
    "990": ("E12000009", "South West"),
}
_CODES = {name.casefold(): code for code, name in REGIONS.values()} | {
    "london (inner)": "E13000001",
    "london (outer)": "E13000002",
}
# Numbers from here on are regions, England, and sums of authorities.
FIRST_THAT_IS_NO_AUTHORITY = 970
_NUMBER = re.compile(r"(\d{3})(?:\.0)?\Z", re.ASCII)
_FIGURE = re.compile(r"-?\d{1,12}(\.\d{1,20})?\Z", re.ASCII)
# More digits than a double keeps are those of its binary form: 18.899999999999999 was 18.9.
_DOUBLE = Context(prec=15)


class MeasureFacts(NamedTuple):
    """What the data dictionary says of a measure; None where it says nothing, or nothing that can be read."""

    title: str
    polarity: Polarity
    year_type: YearType
    decimals: int | None
    last_update: date | None
    next_update: date | None
    methodology: str


UNKNOWN = MeasureFacts("", Polarity.NEUTRAL, YearType.FINANCIAL, None, None, None, "")
_DICTIONARY = ("Measure_short", "Measure", "Polarity", "Year_Type", "dps", "Last Update", "Next Update")
_POLARITIES = {"high": Polarity.HIGH, "low": Polarity.LOW}


def is_lait(file: CsvFile) -> bool:
    """Whether the file has LAIT's layout, though a column may be missing."""
    return MEASURE in file.columns or sum(column in file.columns for column in COLUMNS) > 3


def read_dictionary(file: CsvFile) -> dict[str, MeasureFacts]:
    """The measures by their short names. Raises OpenDataError for another layout, or a measure that is there twice.

    A measure may stand under two topics; then both rows have to say the same of it.
    """
    at = {name: file.position(name) for name in _DICTIONARY}
    methodology = file.position("Methodology") if "Methodology" in file.columns else None
    found: dict[str, tuple[int, MeasureFacts]] = {}
    problems = []
    for row in file.rows:
        cells = {name: _cell(row, position) for name, position in at.items()}
        name = cells["Measure_short"]
        if not name:
            continue
        facts = MeasureFacts(
            title=cells["Measure"],
            polarity=_POLARITIES.get(cells["Polarity"].lower(), Polarity.NEUTRAL),
            year_type=_year_type(cells["Year_Type"]),
            decimals=int(cells["dps"][0]) if re.fullmatch(r"\d(\.0)?", cells["dps"]) else None,
            last_update=_day(cells["Last Update"]),
            next_update=_day(cells["Next Update"]),
            methodology="" if methodology is None else _cell(row, methodology),
        )
        number, known = found.setdefault(name, (row.number, facts))
        if known != facts:
            problems.append(
                f"{file.name}, rows {number} and {row.number}: both are “{name}”, and say different things."
            )
    if problems:
        raise OpenDataError(*problems)
    return {name: facts for name, (_, facts) in found.items()}


def _year_type(text: str) -> YearType:
    words = " ".join(text.lower().split())
    return next((kind for kind in YearType if words == kind or words.startswith(kind.split()[0])), YearType.FINANCIAL)


def _day(text: str) -> date | None:
    """A day as a spreadsheet counts it (45931), or written out; None for anything else, such as “TBC”."""
    if re.fullmatch(r"\d{5}(\.0+)?", text, re.ASCII):
        return date(1899, 12, 30) + timedelta(days=int(text[:5]))
    try:
        if re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}", text, re.ASCII):
            day, month, year = map(int, text.split("/"))
            return date(year, month, day)
        # Without a day, the first of the month.
        return (
            date.fromisoformat(text[:10])
            if re.match(r"\d{4}-\d\d-\d\d", text)
            else parse_period(text, YearType.FINANCIAL).first
        )
    except ValueError:
        return None


def _cell(row: CsvRow, position: int) -> str:
    return row.cells[position] if position < len(row.cells) else ""


class LaitFile:
    """LAIT's figures, sorted by measure, with what the dictionary says of each."""

    def __init__(self, file: CsvFile, dictionary: dict[str, MeasureFacts] | None) -> None:
        self.name, self.dictionary = file.name, dictionary
        self.at = {column: file.position(column) for column in COLUMNS}
        self.rows: dict[str, list[CsvRow]] = defaultdict(list)
        # Where an authority has no figure of any measure in a year, there was no such authority.
        self.existing: set[tuple[str, str]] = set()
        for row in file.rows:
            if len(row.cells) != len(file.columns):
                raise OpenDataError(
                    f"{file.name}, row {row.number}: {counted(len(row.cells), 'cell')}, but row 1 names "
                    f"{counted(len(file.columns), 'column')}."
                )
            self.rows[row.cells[self.at[MEASURE]]].append(row)
            if row.cells[self.at[VALUE]].lower() not in SYMBOLS:
                self.existing.add((row.cells[self.at[YEARS]], self._number(row)))

    def facts(self, measure: str) -> MeasureFacts:
        """What the dictionary says. Raises OpenDataError when there is one, and it lacks the measure."""
        if self.dictionary is None:
            return UNKNOWN
        if measure not in self.dictionary:
            hint = suggestion(measure, self.dictionary)
            raise OpenDataError(f"The data dictionary doesn't have the measure “{measure}”.{hint}")
        return self.dictionary[measure]

    def read(
        self, measure: str, *, part: str, year_type: YearType | None, years: Collection[int]
    ) -> tuple[list[PlaceFigure], dict[int, Period]]:
        """The measure's figures of the financial years asked for, and the periods of all years that it has.

        `part` names the quarter, month or term that is wanted where there are several in a year. Raises OpenDataError
        for a measure that isn't there, and with every row that can't be read.
        """
        if measure not in self.rows:
            hint = suggestion(measure, self.rows)
            raise OpenDataError(f"{self.name} has no measure “{measure}”.{hint} It has {listed(sorted(self.rows))}.")
        kind = year_type or self.facts(measure).year_type
        problems: list[str] = []
        periods = self._periods(measure, kind, problems)
        chosen = self._chosen(measure, part, [period for period in periods.values() if period])
        found: dict[tuple[int, Level, str], PlaceFigure] = {}
        for row in self.rows[measure]:
            period = periods[row.cells[self.at[YEARS]]]
            if period is None or period.filed_under not in years or chosen[period.filed_under] != period:
                continue
            try:
                cell = self._figure(row, period.filed_under)
                if cell is None:
                    continue
                first = found.setdefault((cell.year, cell.level, cell.code), cell)
                if first is not cell:
                    raise OpenDataError(
                        f"{self.name}, rows {first.row} and {row.number}: both are “{measure}” of {cell.name} in "
                        f"{row.cells[self.at[YEARS]]}. Remove one of them."
                    )
            except OpenDataError as error:
                problems += error.problems
        if problems:
            more = len(problems) - MOST_NAMED
            raise OpenDataError(
                *problems[:MOST_NAMED], *[f"{self.name}: {counted(more, 'more row')} like these."] * (more > 0)
            )
        return list(found.values()), chosen

    def _periods(self, measure: str, kind: YearType, problems: list[str]) -> dict[str, Period | None]:
        """What the measure's years mean, by what they are written as; None for one that can't be read."""
        periods: dict[str, Period | None] = {}
        for row in self.rows[measure]:
            text = row.cells[self.at[YEARS]]
            if text not in periods:
                try:
                    periods[text] = parse_period(text, kind)
                except ValueError as error:
                    periods[text] = None
                    problems.append(f"{self.name}, row {row.number}, column {YEARS}: {error}")
        return periods

    def _chosen(self, measure: str, part: str, periods: Sequence[Period]) -> dict[int, Period]:
        """The one period for each financial year."""
        by_year: dict[int, list[Period]] = defaultdict(list)
        for period in dict.fromkeys(periods):
            if not part or period.part.casefold() == part.casefold():
                by_year[period.filed_under].append(period)
        if part and not by_year:
            known = listed(period.part for period in periods if period.part) or "whole years only"
            raise OpenDataError(f"{self.name}: “{measure}” has no period “{part}”. It has {known}.")
        for several in by_year.values():
            if len(several) > 1:
                raise OpenDataError(
                    f"{self.name}: “{measure}” has several periods in one year: "
                    f"{listed(period.words for period in several)}. Say which is meant, for example "
                    f'period = "{several[-1].part or several[-1].words}".'
                )
        return {year: one for year, [one] in by_year.items()}

    def _number(self, row: CsvRow) -> str:
        match = _NUMBER.match(row.cells[self.at[NUMBER]])
        return match[1] if match else ""

    def _figure(self, row: CsvRow, year: int) -> PlaceFigure | None:
        """The row's figure; None for a sum of authorities that isn't a region."""
        name, text = row.cells[self.at[NAME]], row.cells[self.at[VALUE]]
        place = self._place(row, name)
        if place is None:
            return None
        level, code, region = place
        value, blank = self._value(row, text)
        is_missing = blank is not None and text in ("-", "") and level is Level.AUTHORITY
        if is_missing and (row.cells[self.at[YEARS]], code) not in self.existing:
            blank = Blank.NOT_APPLICABLE
        # The number as it was before it became a double.
        shown = text if value is None else f"{Decimal(value.numerator) / Decimal(value.denominator)}"
        return PlaceFigure(row.number, year, level, code, name, region, shown, value, blank)

    def _place(self, row: CsvRow, name: str) -> tuple[Level, str, str] | None:
        number = self._number(row)
        if not number:
            raise OpenDataError(
                f"{self.name}, row {row.number}, column {NUMBER}: “{row.cells[self.at[NUMBER]][:40]}” is not the "
                "three-digit number of an authority, such as 852."
            )
        if number == ENGLAND:
            return Level.NATIONAL, "", ""
        if number in REGIONS:
            return Level.REGIONAL, REGIONS[number][0], ""
        if int(number) >= FIRST_THAT_IS_NO_AUTHORITY:
            return None
        region = row.cells[self.at[REGION]]
        code = _CODES.get(region.casefold(), "")
        if not code:
            raise OpenDataError(
                f"{self.name}, row {row.number}, column {REGION}: {name} is in “{region[:40]}”, which is not a region. "
                f"Regions are {listed(known for _, known in REGIONS.values())}."
            )
        return Level.AUTHORITY, number, code

    def _value(self, row: CsvRow, text: str) -> tuple[Exact | None, Blank | None]:
        if text.lower() in SYMBOLS:
            return None, SYMBOLS[text.lower()][0]
        if not _FIGURE.match(text):
            known = listed(symbol for symbol in SYMBOLS if symbol)
            raise OpenDataError(
                f"{self.name}, row {row.number}, column {VALUE}: “{text[:40]}” is neither a number such as 1234.5, "
                f"without spaces, commas or an exponent, nor one of the symbols for no figure ({known})."
            )
        return exact(_DOUBLE.create_decimal(text)), None
