"""The measures that tables hold: who they are, their figures by period, and everything printed beside them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from .book import Sheet, SheetCell
from .figures import Blank, SheetFigure, read_figure, said
from .overrides import RowKind
from .periods import SheetPeriod, period_in, read_cell, read_period
from .tables import Column, Run, Table
from .words import (
    PART_ROW,
    TARGET_ROW,
    TOTAL_OF_SECTION,
    TOTAL_ROW,
    ColumnRole,
    frequency_in,
    likely_polarity,
    peer_in,
    polarity_in,
    role_of,
    unit_in,
)


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
        return _key(self.reference, self.title)

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


def read_measures(tables: Iterable[Table]) -> list[Measure]:
    """The measures of all tables, in their order; those of a sheet a month together, by reference or title."""
    found: list[Measure] = []
    for table in tables:
        if table.run is Run.DOWN:
            found += _down(table)
        elif table.run is Run.ACROSS:
            found += _across(table)
        else:
            _add_records(table, found)
    kept = [measure for measure in found if measure.values or measure.outturns]
    for measure in kept:
        complete(measure)
    return kept


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


# A row a measure


def _across(table: Table) -> Iterator[Measure]:
    section = _sheet_section(table)
    measure: Measure | None = None
    figures = table.of(ColumnRole.FIGURES)
    for row, cells in table.rows:
        title, reference = table.text(row, ColumnRole.TITLE), table.text(row, ColumnRole.REFERENCE)
        own = [cell for cell in cells if cell.column in {column.index for column in figures}]
        said = table.said(cells)
        is_total = not reference and bool(TOTAL_ROW.match(title) or _totals_section(title, section))
        if said is RowKind.SECTION or (said is None and _is_section(table, cells)):
            section = cells[0].text
        elif (
            said is RowKind.IGNORED
            or (said is None and not (own or reference or title) and len(cells) < 3)
            or (said is None and measure and not reference and _add_below(measure, table, row, title))
        ):
            continue
        elif said is RowKind.TOTAL or (said is None and is_total):
            measure = None
        elif title or reference:
            measure = _measure(table, row, section)
            _add_row(measure, table, row, figures)
            yield measure


def _add_below(measure: Measure, table: Table, row: int, title: str) -> bool:
    """Adds a row below a measure that belongs to it: of a comparator, its target, its numerator or denominator."""
    figures = table.of(ColumnRole.FIGURES)
    if name := peer_in(title):
        _add_peers(measure, table, row, name)
    elif TARGET_ROW.match(title):
        measure.targets += [entry_of(table, row, column) for column in figures if table.sheet.text(row, column.index)]
    elif part := PART_ROW.match(title):
        kept = measure.numerators if part["numerator"] else measure.denominators
        kept.update(
            (column.period, entry_of(table, row, column))
            for column in figures
            if column.period and table.sheet.text(row, column.index)
        )
    else:
        return False
    return True


def _totals_section(title: str, section: str) -> bool:
    """Whether a row is the total of the section that it ends, as “Total Place” below PLACE."""
    found = TOTAL_OF_SECTION.match(title)
    return found is not None and found["section"].lower() == section.lower()


def _sheet_section(table: Table) -> str:
    """What the sheet's title calls all of its measures; empty where the table has sections itself."""
    titles = [cell.text for cell in table.above if cell.column == 0 or cell.row == min(one.row for one in table.above)]
    return titles[0] if titles else table.sheet.name


def _is_section(table: Table, cells: Sequence[SheetCell]) -> bool:
    """Whether a row only names a section: one text, and no figures."""
    texts = {cell.text for cell in cells}
    return (
        len(texts) == 1 and isinstance(cells[0].value, str) and not peer_in(cells[0].text) and len(cells[0].text) < 90
    )


def _measure(table: Table, row: int, section: str) -> Measure:
    owner, reporter = table.text(row, ColumnRole.OWNER), table.text(row, ColumnRole.REPORTER)
    column = table.first(ColumnRole.OWNER)
    if column and not reporter and "/" in owner and "/" in column.heading:
        owner, reporter = (part.strip() for part in owner.split("/", 1))
    return Measure(
        table.text(row, ColumnRole.REFERENCE),
        table.text(row, ColumnRole.TITLE),
        table.sheet,
        row,
        table.text(row, ColumnRole.SECTION) or section,
        owner,
        reporter,
        polarity_in(table.text(row, ColumnRole.POLARITY)),
        frequency_in(table.text(row, ColumnRole.FREQUENCY)),
        unit_in(table.text(row, ColumnRole.UNIT)) or unit_in(table.text(row, ColumnRole.TITLE)) or _unit_of_all(table),
        table.text(row, ColumnRole.DEFINITION),
        table.text(row, ColumnRole.FREQUENCY),
        run=table.run,
    )


def _unit_of_all(table: Table) -> str:
    """The money that what stands above a table says all figures are in: All figures £000."""
    texts = [cell.text for cell in table.above if re.search(r"\bfigures\b", cell.text, re.IGNORECASE)]
    return next((unit for text in texts if (unit := unit_in(text)).startswith("£")), "")


PRINTED = (
    ColumnRole.CHANGE, ColumnRole.AVERAGE, ColumnRole.MAXIMUM, ColumnRole.MINIMUM, ColumnRole.BEST, ColumnRole.STATUS,
    ColumnRole.TOTAL, ColumnRole.ARROW,
)  # fmt: skip


def _add_row(measure: Measure, table: Table, row: int, figures: Sequence[Column]) -> None:
    shortest = min(
        (column.period.length for column in figures if column.period and table.sheet.text(row, column.index)), default=0
    )
    for column in figures:
        if column.period is None:
            continue
        entry = entry_of(table, row, column)
        if column.period.length == shortest:
            measure.values[column.period] = entry
        elif entry.text:
            measure.outturns[column.period] = entry
    _add_beside(measure, table, row, None)
    for column in table.of(ColumnRole.COMPARATOR):
        measure.comparators.append(entry_of(table, row, column))


def _add_peers(measure: Measure, table: Table, row: int, name: str) -> None:
    for column in table.of(ColumnRole.FIGURES):
        entry = entry_of(table, row, column)
        if entry.text:
            measure.comparators.append(entry._replace(heading=name))


def _add_beside(measure: Measure, table: Table, row: int, period: SheetPeriod | None) -> None:
    """What is printed beside the figures: targets, what was worked out, and commentary."""
    for column in table.columns:
        if column.role is ColumnRole.TARGET:
            entry = entry_of(table, row, column, period if column.period is None else None)
            if entry.text:
                measure.targets.append(entry)
        elif column.role in PRINTED and table.sheet.at(row, column.index):
            measure.printed.append(entry_of(table, row, column, period))
        elif column.role is ColumnRole.COMMENTARY and table.sheet.text(row, column.index):
            measure.comments.append(entry_of(table, row, column, period))


# A row a measure and period


def _add_records(table: Table, found: list[Measure]) -> None:
    """Adds the records of a long table or a snapshot to the measures, and makes those that are missing."""
    known = {_key(measure.reference, measure.title): measure for measure in found}
    section = _sheet_section(table) if table.run is Run.SNAPSHOT else ""
    for row, cells in table.rows:
        title, reference = table.text(row, ColumnRole.TITLE), table.text(row, ColumnRole.REFERENCE)
        period = _period_of(table, row)
        said = table.said(cells)
        if said is RowKind.SECTION or (said is None and _is_section(table, cells)):
            section = cells[0].text
        elif said in (RowKind.IGNORED, RowKind.TOTAL):
            continue
        elif period and (reference or (title and not TOTAL_ROW.match(title))) and not peer_in(title):
            key = _key(reference, title)
            if key not in known:
                known[key] = _measure(table, row, section)
                found.append(known[key])
            frequency = frequency_in(table.text(row, ColumnRole.FREQUENCY)) or known[key].frequency
            _add_record(known[key], table, row, _in_frequency(period, frequency))


def _add_record(measure: Measure, table: Table, row: int, period: SheetPeriod) -> None:
    def entry(role: ColumnRole, of: SheetPeriod = period) -> Entry | None:
        column = table.first(role)
        return entry_of(table, row, column, of) if column else None

    if title := entry(ColumnRole.TITLE):
        measure.titles.append(title)
    _add_beside(measure, table, row, period)
    value = entry(ColumnRole.VALUE)
    if period in measure.values:
        measure.repeated.append(value or measure.values[period])
        return
    if value:
        measure.values[period] = value
    for role, kept in ((ColumnRole.NUMERATOR, measure.numerators), (ColumnRole.DENOMINATOR, measure.denominators)):
        if (part := entry(role)) and part.text:
            kept[period] = part
    for previous in _previous(table, row, period):
        measure.printed.append(previous)
        if previous.period and previous.text:
            measure.values.setdefault(previous.period, previous)
    measure.comparators += [entry_of(table, row, column, column.period) for column in table.of(ColumnRole.COMPARATOR)]


def _previous(table: Table, row: int, period: SheetPeriod) -> Iterator[Entry]:
    """The figures of earlier periods that stand beside a record: of the one before, or of a year before.

    A column that names the earlier period tells of which one the next is.
    """
    named: SheetPeriod | None = None
    for column in table.of(ColumnRole.PREVIOUS):
        cell = table.sheet.at(row, column.index)
        if cell and (of := read_cell(cell.value, cell.shown)):
            named = SheetPeriod(of.month, period.length)
        elif cell:
            is_year = re.search(r"\byear\b", column.heading, re.IGNORECASE)
            before = period.before(12 // period.length if is_year else 1)
            yield entry_of(table, row, column, named or before)
            named = None


def _period_of(table: Table, row: int) -> SheetPeriod | None:
    """The period of a record; year and month may stand in columns of their own."""
    named = [cell for column in table.of(ColumnRole.PERIOD) if (cell := table.sheet.at(row, column.index))]
    if not named:
        return table.period
    together = read_period(" ".join(cell.text for cell in named)) if len(named) > 1 else None
    found = [one for cell in named if (one := read_cell(cell.value, cell.shown))]
    return together or min(found, key=lambda one: one.length, default=None)


def _key(reference: str, title: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", (reference or title).lower()).strip()


def _in_frequency(period: SheetPeriod, frequency: str) -> SheetPeriod:
    """A quarter that is named by its last month is that quarter, and a year by its last month that year."""
    length = {"quarterly": 3, "annual": 12}.get(frequency, period.length)
    return SheetPeriod(period.month, length) if period.length == 1 and period.month.month in (3, 6, 9, 12) else period


# A column a measure


def _down(table: Table) -> Iterator[Measure]:
    section = ""
    for column in table.of(ColumnRole.TITLE):
        labelled = _labelled(table, column)
        pieces = [piece for piece in column.heading.splitlines() if piece not in labelled.get(ColumnRole.POLARITY, "")]
        if not pieces or TOTAL_ROW.match(pieces[-1]):
            continue
        reference = next((piece for piece in pieces if re.fullmatch(r"[A-Z]{1,5}[-_ ]?\d{1,4}[a-z]?", piece)), "")
        titles = [piece for piece in pieces if piece != reference]
        if not titles:
            continue
        section = titles[0] if len(titles) > 1 else section
        measure = Measure(
            reference, titles[-1], table.sheet, table.heading_rows[-1], section or _sheet_section(table), run=table.run
        )
        measure.polarity = polarity_in(labelled.get(ColumnRole.POLARITY, ""))
        for row in (*table.label_rows, *(row for row, _ in table.rows)):
            entry = entry_of(table, row, column)
            name = table.sheet.text(row, table.columns[0].index)
            if period := table.periods.get(row):
                measure.values[period] = entry._replace(period=period)
            elif TARGET_ROW.match(name) and entry.text:
                measure.targets.append(entry._replace(heading=name, period=period_in(name)))
            elif peer_in(name) and entry.text:
                measure.comparators.append(entry._replace(heading=name, period=None))
            elif (role := role_of(name)) in PRINTED and entry.text:
                measure.printed.append(entry._replace(heading=name, period=None, role=role))
        yield measure


def _labelled(table: Table, column: Column) -> dict[ColumnRole, str]:
    """What the rows of headings say of a column whose first cell names them: Measure, Good is, Owner."""
    sheet, first = table.sheet, table.columns[0].index
    return {
        role: sheet.text(row, column.index) for row in table.heading_rows if (role := role_of(sheet.text(row, first)))
    }


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
