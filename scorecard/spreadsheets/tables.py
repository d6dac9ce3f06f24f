"""Where the tables of a sheet are, what each of their columns is for, and how their figures run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from .book import Sheet, SheetCell
from .overrides import LONGEST_KEY, RowKind, heading_key
from .periods import SheetPeriod, period_in, read_cell, read_period, year_of
from .words import NOTES, ColumnRole, role_of

_LONGEST_HEADING = 90
# Rows of headings above each other: groups, years, quarters, units.
_MOST_HEADING_ROWS = 4
_CALENDAR_YEAR = re.compile(r"(?<![\d/-])(?:FY|CY)?\s*(20\d{2})(?![\d/-])")
_BARE_MONTH = re.compile(r"[A-Za-z]{3,9}\.?\Z")


class Run(StrEnum):
    """How the figures of a table run."""

    ACROSS = "a row a measure, periods across"
    LONG = "a row a measure and period"
    DOWN = "periods down, a column a measure"
    CARDS = "a card a measure"
    SNAPSHOT = "a row a measure, one period for the whole table"


@dataclass(frozen=True)
class Column:
    """A column of a table: what its headings say together, and what it is for.

    `period` is the one whose figures it holds; for a target or comparator the one that it is of, if it names one.
    """

    index: int
    heading: str
    role: ColumnRole | None = None
    period: SheetPeriod | None = None
    # What decisions on it are kept by.
    key: str = ""

    @property
    def own_heading(self) -> str:
        return self.heading.splitlines()[-1] if self.heading else ""


@dataclass
class Table:
    """A table of a sheet: its columns, its rows below the headings, and what stands above and below it."""

    sheet: Sheet
    run: Run
    columns: list[Column]
    heading_rows: tuple[int, ...]
    rows: list[tuple[int, list[SheetCell]]]
    above: list[SheetCell] = field(default_factory=list)
    notes: list[SheetCell] = field(default_factory=list)
    # The period of all figures, where the table has no column for it.
    period: SheetPeriod | None = None
    # Of a table whose periods run down: that of each row.
    periods: dict[int, SheetPeriod] = field(default_factory=dict)
    # Rows of targets and comparators above those periods.
    label_rows: tuple[int, ...] = ()

    def of(self, *roles: ColumnRole) -> list[Column]:
        return [column for column in self.columns if column.role in roles]

    def first(self, role: ColumnRole) -> Column | None:
        return next(iter(self.of(role)), None)

    def text(self, row: int, role: ColumnRole) -> str:
        """What the row shows in the first column of that role; empty where there is none."""
        column = self.first(role)
        return self.sheet.text(row, column.index) if column else ""

    def row_key(self, cells: Sequence[SheetCell]) -> str:
        """What a row is known by in the next file too: its first two texts; empty without any."""
        texts = dict.fromkeys(cell.text for cell in cells if isinstance(cell.value, str) and cell.text)
        return f"{self.sheet.key}|{' | '.join(list(texts)[:2])[:LONGEST_KEY]}" if texts else ""

    def said(self, cells: Sequence[SheetCell]) -> RowKind | None:
        """What a person said that a row is; None where nobody did."""
        kinds = self.sheet.overrides.rows
        return RowKind(kind) if kinds and (kind := kinds.get(self.row_key(cells))) else None


def find_tables(sheet: Sheet) -> list[Table]:
    """The tables of a sheet from the top; none where nothing looks like one."""
    if sheet.key in sheet.overrides.unused_sheets:
        return []
    rows = list(sheet.rows())
    told = sheet.overrides.headings.get(sheet.key)
    anchors = [told] if told else _heading_rows(sheet, rows)
    if not anchors:
        return _with_periods_down(sheet, rows)
    found = []
    starts = [block[0] for block in anchors]
    for place, block in enumerate(anchors):
        until = starts[place + 1] if place + 1 < len(starts) else 10**9
        since = anchors[place - 1][-1] if place else 0
        above = [cell for number, cells in rows if since < number < block[0] for cell in cells] if not place else []
        below = [(number, cells) for number, cells in rows if block[-1] < number < until]
        table = _table(sheet, block, below, above)
        if table and table.rows:
            found.append(table)
    return _joined(found) or _with_periods_down(sheet, rows)


def settle_periods(tables: Iterable[Table]) -> None:
    """Two sheets aren't of one period: where their titles say so and their names don't, the names count."""
    sheets = {id(table.sheet): table for table in tables if table.run is Run.SNAPSHOT}
    named = {of: period_in(table.sheet.name) for of, table in sheets.items()}
    titled = {table.period for table in sheets.values()}
    if None not in named.values() and len(set(named.values())) == len(sheets) > len(titled):
        for table in tables:
            table.period = named.get(id(table.sheet), table.period)


def _joined(tables: Sequence[Table]) -> list[Table]:
    """Tables below each other with the same headings are one, whose headings came again on each page or section."""
    found: list[Table] = []
    for table in tables:
        if found and [column.heading for column in found[-1].columns] == [column.heading for column in table.columns]:
            # What was taken for notes below the first part may be the title of the next section.
            found[-1].rows += [(cell.row, [cell]) for cell in found[-1].notes] + table.rows
            found[-1].notes = table.notes
        else:
            found.append(table)
    return found


def _recognised(sheet: Sheet, cells: Iterable[SheetCell]) -> tuple[int, int, int]:
    """How many cells of a row are headings that are understood, how many texts it has, and how many numbers."""
    known = texts = numbers = 0
    for cell in cells:
        if isinstance(cell.value, Decimal) and not re.fullmatch(r"20\d\d", cell.text):
            numbers += 1
        elif len(cell.text) <= _LONGEST_HEADING:
            texts += 1
            known += bool(read_cell(cell.value, cell.shown, 2000) or role_of(cell.text))
    return known, texts, numbers


def _heading_rows(sheet: Sheet, rows: Sequence[tuple[int, list[SheetCell]]]) -> list[tuple[int, ...]]:
    """The rows that hold headings, each with those above and below that belong to it."""
    scored = {number: _recognised(sheet, cells) for number, cells in rows}
    best = max((known for known, _, numbers in scored.values() if not numbers), default=0)
    if best < 3:
        return []
    blocks: list[tuple[int, ...]] = []
    by_number = dict(rows)
    for number, (known, texts, numbers) in scored.items():
        is_heading = known >= max(3, best * 0.6) and known * 2 >= texts and numbers <= known // 4
        if not is_heading or (blocks and number <= blocks[-1][-1]):
            continue
        block = [number]
        while len(block) < _MOST_HEADING_ROWS and _is_group_row(sheet, by_number, block[0] - 1, number):
            block.insert(0, block[0] - 1)
        while len(block) < _MOST_HEADING_ROWS and _goes_on(sheet, by_number, scored, block[-1] + 1, number):
            block.append(block[-1] + 1)
        blocks.append(tuple(block))
    # A heading's words may occur in a row of data: only rows like the first are headings again.
    first = {cell.text.lower() for cell in by_number[blocks[0][0]]} if blocks else set()
    return [
        block
        for place, block in enumerate(blocks)
        if not place
        or len(first & {cell.text.lower() for row in block for cell in by_number.get(row, ())}) * 2 >= len(first)
        or scored[block[0]][0] >= best * 0.8
    ]


def _is_group_row(sheet: Sheet, rows: dict[int, list[SheetCell]], above: int, anchor: int) -> bool:
    """Whether the row above has headings of groups of columns: short texts, none of them a title of the whole."""
    cells = rows.get(above, [])
    width = max((cell.column for cell in rows[anchor]), default=0)
    texts = [cell for cell in cells if len(cell.text) <= 40 and not isinstance(cell.value, Decimal)]
    if len(texts) != len(cells) or not cells:
        return False
    spans = Counter(place for (row, _), place in sheet.merged.items() if row == above)
    is_title = len(cells) == 1 and (cells[0].column == 0 or spans[above, cells[0].column] >= width * 0.8)
    return not is_title and cells[0].column <= width


def _goes_on(
    sheet: Sheet, rows: dict[int, list[SheetCell]], scored: dict[int, tuple[int, int, int]], below: int, anchor: int
) -> bool:
    """Whether the row below still has headings: periods, units or boundaries, and nothing where titles stand."""
    known, texts, numbers = scored.get(below, (0, 0, 0))
    if not known or numbers or known * 2 < texts:
        return False
    first = min(cell.column for cell in rows[anchor])
    return (below, first) not in sheet.cells


def _table(
    sheet: Sheet, block: tuple[int, ...], below: list[tuple[int, list[SheetCell]]], above: list[SheetCell]
) -> Table | None:
    year = next(
        (found for text in (*(cell.text for cell in above), sheet.name) if (found := year_of(text)) is not None), None
    )
    last = max((cell.column for row in block for cell in sheet.cells.values() if cell.row == row), default=0)
    columns = [_column(sheet, block, index, year) for index in range(last + 1)]
    columns = _said(sheet, _guessed(sheet, columns, below))
    if not any(column.role in (ColumnRole.TITLE, ColumnRole.REFERENCE) for column in columns):
        return None
    rows, notes = _without_notes(columns, below)
    table = Table(sheet, Run.ACROSS, columns, block, rows, above, notes)
    figures = table.of(ColumnRole.FIGURES)
    if (named := table.first(ColumnRole.PERIOD)) and not figures:
        periods = [read_cell(cell.value, cell.shown) for number, _ in rows if (cell := sheet.at(number, named.index))]
        if sum(one is not None for one in periods) * 2 >= max(len(periods), 1):
            table.run = Run.LONG
            return table
    if not figures:
        table.run = Run.SNAPSHOT
        texts = (*(cell.text for cell in above), sheet.name)
        table.period = next((period for text in texts if (period := period_in(text))), None)
        if not table.of(ColumnRole.VALUE):
            return None
    return table


def _column(sheet: Sheet, block: tuple[int, ...], index: int, year: int | None) -> Column:
    pieces: list[str] = []
    cells = [cell for row in block if (cell := sheet.at(row, index))]
    for cell in cells:
        if cell.text not in pieces:
            pieces.append(cell.text)
    heading = "\n".join(pieces)
    if not pieces:
        return Column(index, "")
    last = cells[-1]
    joined = " ".join(pieces)
    in_group = next((start for piece in reversed(pieces) if (start := year_of(piece)) is not None), None)
    period = read_cell(last.value, last.shown) if isinstance(last.value, datetime) and len(pieces) == 1 else None
    of = in_group if in_group is not None else year
    period = period or read_period(pieces[-1], of) or read_period(joined, of)
    if period is None and _BARE_MONTH.match(pieces[-1]) and (calendar := _CALENDAR_YEAR.search(" ".join(pieces[:-1]))):
        period = read_period(f"{pieces[-1]} {calendar[1]}")
    if period is None and isinstance(last.value, datetime):
        period = read_cell(last.value, last.shown)
    is_plain = (
        role_of(pieces[-1]) in (None, ColumnRole.VALUE, ColumnRole.PERIOD) or read_period(pieces[-1], of) is not None
    )
    roles = [role_of(piece) for piece in pieces[:-1]]
    above = next((role for role in roles if role and role is not ColumnRole.VALUE), None)
    if period and is_plain and above not in _OF_PERIODS:
        return Column(index, heading, ColumnRole.FIGURES, period)
    role = role_of(joined)
    if above in _OF_PERIODS and period and is_plain:
        role = above
    named = period_in(joined, in_group)
    return Column(index, heading, role or role_of(pieces[-1]), named if role in _OF_PERIODS else None)


def _said(sheet: Sheet, columns: Iterable[Column]) -> list[Column]:
    """The columns with the keys of decisions, and as a person said that they are where somebody did."""
    found: list[Column] = []
    for column in columns:
        key = heading_key(sheet.key, column.heading, column.index, (one.key for one in found))
        name, period = sheet.overrides.columns.get(key, ("", ""))
        role = ColumnRole(name) if name else column.role
        of = (read_period(period) if period else None) or column.period
        found.append(replace(column, key=key, role=role, period=of))
    return found


# Columns of which there may be one for each year or period.
_OF_PERIODS = frozenset(
    {ColumnRole.TARGET, ColumnRole.COMPARATOR, ColumnRole.NUMERATOR, ColumnRole.DENOMINATOR, ColumnRole.STATUS}
)


def _guessed(sheet: Sheet, columns: list[Column], below: Sequence[tuple[int, list[SheetCell]]]) -> list[Column]:
    """The columns, with what their contents tell where the headings don't: titles are the longest texts."""
    found = list(columns)
    if not any(column.role is ColumnRole.TITLE for column in found):
        open_columns = [column for column in found if column.role in (None, ColumnRole.VALUE, ColumnRole.DEFINITION)]
        lengths = {
            column.index: [
                len(cell.text)
                for _, cells in below
                for cell in cells
                if cell.column == column.index and isinstance(cell.value, str)
            ]
            for column in open_columns
        }
        likely = [index for index, sizes in lengths.items() if sizes and sum(sizes) / len(sizes) >= 12]
        if likely:
            chosen = min(likely)
            found = [replace(one, role=ColumnRole.TITLE) if one.index == chosen else one for one in found]
        elif named := next((one for one in found if one.role is ColumnRole.SECTION), None):
            # A service of its own in each row is what the row is about, not what it belongs to.
            texts = [cell.text for _, cells in below for cell in cells if cell.column == named.index]
            if len(set(texts)) == len(texts) > 2:
                found[found.index(named)] = replace(named, role=ColumnRole.TITLE)
    if not any(column.role is ColumnRole.PERIOD for column in found) and not any(
        column.role is ColumnRole.FIGURES for column in found
    ):
        for place, column in enumerate(found):
            cells = [cell for _, row in below for cell in row if cell.column == column.index]
            periods = [read_cell(cell.value, cell.shown) for cell in cells]
            if (
                column.role in (None, ColumnRole.VALUE)
                and len(cells) > 2
                and sum(map(bool, periods)) * 4 >= len(cells) * 3
            ):
                found[place] = replace(column, role=ColumnRole.PERIOD)
                break
    return found


def _without_notes(
    columns: Sequence[Column], below: list[tuple[int, list[SheetCell]]]
) -> tuple[list[tuple[int, list[SheetCell]]], list[SheetCell]]:
    """The rows of the table, and the cells of what is written below it: texts after its last figures."""
    figured = [column.index for column in columns if column.role is not None and column.role is not ColumnRole.TITLE]
    last = max(
        (
            place
            for place, (_, cells) in enumerate(below)
            if len(cells) > 1 and any(cell.column in figured for cell in cells)
        ),
        default=-1,
    )
    for place, (_, cells) in enumerate(below[: last + 1]):
        if len(cells) == 1 and NOTES.match(cells[0].text) and len(cells[0].text) < 12:
            return below[:place], [cell for _, row in below[place:] for cell in row]
    return below[: last + 1], [cell for _, row in below[last + 1 :] for cell in row]


def _with_periods_down(sheet: Sheet, rows: Sequence[tuple[int, list[SheetCell]]]) -> list[Table]:
    """A table with a row a period and a column a measure; its headings are the measures' titles."""
    by_column: dict[int, list[tuple[int, SheetPeriod]]] = {}
    year: int | None = None
    for number, cells in rows:
        for cell in cells[:3]:
            started = year_of(cell.text)
            year = started if started is not None else year
            if period := read_cell(cell.value, cell.shown, year):
                by_column.setdefault(cell.column, []).append((number, period))
    for column, found in sorted(by_column.items()):
        length = Counter(one.length for _, one in found).most_common(1)[0][0]
        own = [(number, one) for number, one in found if one.length == length]
        if len(own) < 3 or len({one for _, one in own}) < len(own):
            continue
        first, last = own[0][0], own[-1][0]
        block = _titles_above(sheet, rows, first, column)
        if not block:
            continue
        width = max(cell.column for number, cells in rows if number in block for cell in cells)
        titles = [
            Column(index, _stacked(sheet, block, index), ColumnRole.TITLE) for index in range(column + 1, width + 1)
        ]
        periods = dict(own)
        body = [(number, cells) for number, cells in rows if first <= number]
        above = [cell for number, cells in rows if number < block[0] for cell in cells]
        columns = _said(sheet, [Column(column, "", ColumnRole.PERIOD), *titles])
        table = Table(sheet, Run.DOWN, columns, block, body, above)
        table.notes = [cell for number, cells in rows if number > last for cell in cells if cell.column == column]
        table.periods = periods
        table.label_rows = tuple(range(block[-1] + 1, first))
        return [table]
    return []


def _titles_above(
    sheet: Sheet, rows: Sequence[tuple[int, list[SheetCell]]], first: int, column: int
) -> tuple[int, ...]:
    """The rows of titles right above the first period, from the top."""
    block: list[int] = []
    for number, cells in reversed([one for one in rows if one[0] < first]):
        texts = [cell for cell in cells if cell.column > column and not isinstance(cell.value, Decimal)]
        label = role_of(sheet.text(number, column))
        if label in (ColumnRole.TARGET, ColumnRole.COMPARATOR) and not block:
            continue
        if len(texts) < 2 or len(block) == _MOST_HEADING_ROWS or (block and number < block[0] - 1):
            break
        block.insert(0, number)
    return tuple(block)


def _stacked(sheet: Sheet, block: Sequence[int], index: int) -> str:
    pieces: list[str] = []
    for row in block:
        if (text := sheet.text(row, index)) and text not in pieces:
            pieces.append(text)
    return "\n".join(pieces)
