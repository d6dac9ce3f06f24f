"""The measures that tables hold: their figures by period, what is printed beside them, and what that tells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from .book import Sheet, SheetCell
from .figures import Blank, SheetFigure, read_figure, said
from .periods import SheetPeriod
from .tables import Column, Run, Table
from .words import ColumnRole, likely_polarity, unit_in

PRINTED = (
    ColumnRole.CHANGE, ColumnRole.AVERAGE, ColumnRole.MAXIMUM, ColumnRole.MINIMUM, ColumnRole.BEST, ColumnRole.STATUS,
    ColumnRole.TOTAL, ColumnRole.ARROW,
)  # fmt: skip


class Entry(NamedTuple):
    """A cell that something is printed in: what it says, where it stands, and the period that it is of, if one."""

    figure: SheetFigure
    text: str
    place: str
    cell: SheetCell | None
    period: SheetPeriod | None = None
    # The heading of its column, or the title of its row.
    heading: str = ""
    role: ColumnRole | None = None

    @property
    def value(self) -> Fraction | None:
        return self.figure.value


@dataclass
class Measure:
    """An indicator as a sheet has it. Texts are empty where the sheet says nothing.

    `values` are the figures of its own periods, `outturns` those of whole years that stand beside them.
    """

    reference: str
    title: str
    sheet: Sheet
    row: int
    section: str = ""
    owner: str = ""
    reporter: str = ""
    polarity: str = ""
    frequency: str = ""
    unit: str = ""
    definition: str = ""
    kind: str = ""
    values: dict[SheetPeriod, Entry] = field(default_factory=dict)
    numerators: dict[SheetPeriod, Entry] = field(default_factory=dict)
    denominators: dict[SheetPeriod, Entry] = field(default_factory=dict)
    outturns: dict[SheetPeriod, Entry] = field(default_factory=dict)
    targets: list[Entry] = field(default_factory=list)
    comparators: list[Entry] = field(default_factory=list)
    printed: list[Entry] = field(default_factory=list)
    comments: list[Entry] = field(default_factory=list)
    # Records of a period that has one already, and other spellings of its title.
    repeated: list[Entry] = field(default_factory=list)
    titles: list[Entry] = field(default_factory=list)
    run: Run = Run.ACROSS
    # Whether the sheet doesn't say which figures are wanted, and title or boundaries only suggest it.
    polarity_is_likely: bool = False

    @property
    def name(self) -> str:
        return self.reference or self.title

    @property
    def key(self) -> str:
        """What decisions on it are kept by."""
        return key_of(self.reference, self.title)

    @property
    def is_cumulative(self) -> bool:
        return bool(
            re.search(r"\bcumulative\b|(?<!up )\bto date\b|\bytd\b", f"{self.kind} {self.title}", re.IGNORECASE)
        )

    @property
    def is_percentage(self) -> bool:
        return self.unit == "percentage"

    @property
    def periods(self) -> list[SheetPeriod]:
        return sorted(self.values)

    def known(self, periods: Iterable[SheetPeriod]) -> list[Fraction]:
        """The figures of the periods, without those that are missing."""
        return [value for period in periods if (value := self.figure(period)) is not None]

    def figure(self, period: SheetPeriod) -> Fraction | None:
        """The figure of a period; None where there is none, or a 0 that stands for one."""
        entry = self.values.get(period)
        return entry.value if entry else None


def key_of(reference: str, title: str) -> str:
    """What tells a measure from others: its reference, or else its title, without case and signs."""
    return re.sub(r"[^a-z0-9]+", " ", (reference or title).lower()).strip()


def entry_of(table: Table, row: int, column: Column, period: SheetPeriod | None = None) -> Entry:
    """What stands in a row and column of the table."""
    cell = table.sheet.at(row, column.index)
    place = table.sheet.place(row, column.index)
    heading = " ".join(column.heading.split())
    return Entry(
        figure_of(table.sheet, cell),
        cell.text if cell else "",
        place,
        cell,
        period or column.period,
        heading,
        column.role,
    )


def figure_of(sheet: Sheet, cell: SheetCell | None) -> SheetFigure:
    """What the cell says, or what a person said that its text means."""
    figure = read_figure(cell)
    texts = sheet.overrides.texts
    if cell is None or cell.text not in texts or cell.is_number:
        return figure
    value = texts[cell.text]
    if value is None:
        return SheetFigure(None, blank=figure.blank or Blank.TEXT, mark=cell.text)
    if figure.value == value:
        return figure
    return SheetFigure(value, has_sign=figure.has_sign, mark=cell.text)


# What the figures themselves tell


def complete(measure: Measure) -> None:
    """Fills in what the sheet leaves to its figures: unit, frequency, polarity, and a scale of 0 to 1 for per cent."""
    figures = [entry for entry in (*measure.values.values(), *measure.outturns.values()) if entry.value is not None]
    signs = sum(entry.figure.has_sign for entry in figures)
    if figures and signs * 2 >= len(figures):
        measure.unit = "percentage"
    measure.unit = measure.unit or unit_in(measure.title) or unit_in(measure.definition) or "count"
    if (
        measure.is_percentage
        and figures
        and not signs
        and all(entry.value is None or abs(entry.value) <= 1 for entry in figures)
    ):
        for kept in (measure.values, measure.outturns):
            kept.update((period, _times(entry, 100)) for period, entry in kept.items())
    if measure.unit == "count":
        # Whole numbers of what is counted are no rounded ones.
        measure.values.update(
            (period, entry._replace(figure=entry.figure._replace(half_unit=Fraction(0))))
            for period, entry in measure.values.items()
            if entry.value is not None and entry.figure.half_unit == Fraction(1, 2)
        )
    if not measure.frequency and measure.values:
        length = Counter(period.length for period in measure.values).most_common(1)[0][0]
        measure.frequency = {1: "monthly", 3: "quarterly", 12: "annual"}[length]
    bounds = boundaries(measure)
    if not measure.polarity and (bounds or measure.targets):
        # Boundaries that fall tell it; of those that rise, and of other targets, the title gives the likelier answer.
        falls = bounds is not None and bounds[0] > bounds[1]
        measure.polarity = "low" if falls else likely_polarity(measure.title) or ("high" if bounds else "")
        measure.polarity_is_likely = not falls


def _times(entry: Entry, factor: int) -> Entry:
    figure = entry.figure
    if figure.value is None:
        return entry
    return entry._replace(
        figure=figure._replace(
            value=figure.value * factor,
            half_unit=figure.half_unit * factor,
            shown_half_unit=figure.shown_half_unit * factor,
        )
    )


def boundaries(measure: Measure) -> tuple[Fraction, Fraction] | None:
    """The two figures between which a measure is acceptable, as the sheet has them; None without."""
    low = next(
        (entry for entry in measure.targets if re.search(r"\blow\b|\bworse\b", entry.heading, re.IGNORECASE)), None
    )
    high = next(
        (entry for entry in measure.targets if re.search(r"\bhigh\b|\bbetter\b", entry.heading, re.IGNORECASE)), None
    )
    if low and high and low.value is not None and high.value is not None:
        return low.value, high.value
    return None


def is_summed(measure: Measure) -> bool:
    """Whether a year's figure is the sum of its periods, as of visitors and tonnes; never of a percentage."""
    if measure.is_percentage:
        return False
    for period, outturn in measure.outturns.items():
        parts = measure.known(one for one in measure.periods if one.year == period.year)
        is_whole = len(parts) == period.length // max(measure.values).length
        if (
            is_whole
            and outturn.value
            and Fraction(3, 5) <= outturn.value / max(sum(parts), Fraction(1, 10**6)) <= Fraction(7, 5)
        ):
            return True
    return False


_NO_DATA = re.compile(
    r"\bno (?:\w+ ){0,2}(?:data|returns?|survey|figures?|reports?|submission)\b|"
    r"\b(?:not|never) (?:yet )?(?:supplied|reported|available|received|collected|returned|submitted)\b|"
    r"\bawait(?:ed|ing)\b|"
    r"\bsupplied no\b|\bdid(?:n['’]t| not) (?:supply|report|return)\b|\boutstanding\b|\bmissing\b|\bto follow\b",
    re.IGNORECASE,
)
_MONTH_WORDS = re.compile(
    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\bq(?:tr|uarter)?\s*([1-4])\b", re.IGNORECASE
)


def mark_false_zeros(measure: Measure) -> list[tuple[Entry, str]]:
    """Takes zeros that stand for figures nobody reported out of the values; each with what tells so.

    A 0 is one where its numerator is empty, where the commentary says that nothing was supplied, where every other
    figure is far from 0, or where all else that was reported is 0 too and the months before are still awaited.
    """
    found: list[tuple[Entry, str]] = []
    values = [entry.value for entry in measure.values.values() if entry.value]
    others = [abs(value) for value in values]
    pending = any(entry.figure.blank is Blank.NOT_YET for entry in measure.values.values())
    for period in measure.periods:
        entry = measure.values[period]
        if entry.value != 0 or f"{measure.key}|{period.key}" in measure.sheet.overrides.zeros:
            continue
        why = ""
        denominator = measure.denominators.get(period)
        if denominator and denominator.value and period not in measure.numerators:
            why = "its numerator is empty"
        elif others and (words := _says_no_data(measure, period)):
            why = f"the commentary says “{words}”"
        elif len(others) >= 5 and min(others) >= 25:
            why = f"every other figure is {said(min(others))} or more"
        elif not others and pending and len(measure.values) > 2:
            why = "other periods are still awaited, and no other figure is there"
        if why:
            found.append((entry, why))
            measure.values[period] = entry._replace(
                figure=SheetFigure(None, blank=Blank.NOT_REPORTED_ZERO, mark=entry.text)
            )
    return found


def _says_no_data(measure: Measure, period: SheetPeriod) -> str:
    """The words of the commentary that say nothing was supplied for that period; empty where it doesn't."""
    for comment in measure.comments:
        found = _NO_DATA.search(comment.text)
        if not found or (comment.period and comment.period != period):
            continue
        sentence = next((one for one in re.split(r"(?<=[.;])\s", comment.text) if found[0] in one), comment.text)
        named = list(_MONTH_WORDS.finditer(sentence))
        if any(
            (one[1] and f"{period.month:%b}".lower() == one[1].lower())
            or (one[2] and period.words.startswith(f"Q{one[2]}"))
            for one in named
        ) or (not named and period == measure.periods[-1]):
            return found[0]
    return ""
