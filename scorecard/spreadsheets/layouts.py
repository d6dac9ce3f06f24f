"""Finding the measures in tables of each layout: a row a measure, a row a measure and period, or a column a measure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from .book import SheetCell
from .measures import PRINTED, Entry, Measure, complete, entry_of, key_of
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
    peer_in,
    polarity_in,
    role_of,
    unit_in,
)


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
    known = {key_of(measure.reference, measure.title): measure for measure in found}
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
            key = key_of(reference, title)
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
