"""Measures that stand on cards: labels with what they say beside them, and a small table of periods below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .book import Sheet, SheetCell
from .measures import PRINTED, Entry, Measure, complete, figure_of
from .periods import SheetPeriod, read_cell
from .tables import Run
from .words import ColumnRole, frequency_in, peer_in, polarity_in, role_of, unit_in

_STARTS = (ColumnRole.REFERENCE, ColumnRole.TITLE)


def read_cards(sheet: Sheet) -> list[Measure]:
    """The measures of a sheet of cards, one below the other; none where the sheet has no such cards."""
    if sheet.key in sheet.overrides.unused_sheets:
        return []
    labels = [(cell, role) for cell in sheet.cells.values() if (role := _label(sheet, cell))]
    for column in sorted({cell.column for cell, _ in labels}):
        for start in _STARTS:
            rows = sorted(cell.row for cell, role in labels if role is start and cell.column == column)
            if len(rows) > 1:
                first = min(rows)
                # What stands right above the first label, as a title above its reference, belongs to its card.
                ends = [*rows[1:], 10**9]
                found = [_card(sheet, labels, row, end) for row, end in zip([first, *rows[1:]], ends, strict=True)]
                kept = [measure for measure in found if measure.values]
                if len(kept) > 1:
                    for measure in kept:
                        complete(measure)
                    return kept
    return []


def _label(sheet: Sheet, cell: SheetCell) -> ColumnRole | None:
    """What a label is for: a heading with its answer beside it, not with the next heading."""
    if not isinstance(cell.value, str) or len(cell.text) > 40:
        return None
    role = role_of(cell.text.rstrip(":"))
    beside = _answer(sheet, cell)
    if role is None or beside is None:
        return None
    is_heading = not cell.text.endswith(":") and role_of(beside.text) is not None and not beside.is_number
    return None if is_heading or read_cell(beside.value, beside.shown) else role


def _answer(sheet: Sheet, label: SheetCell) -> SheetCell | None:
    """The first cell to the right of a label, three columns away at most."""
    return next((cell for step in (1, 2, 3) if (cell := sheet.cells.get((label.row, label.column + step)))), None)


def _card(sheet: Sheet, labels: Sequence[tuple[SheetCell, ColumnRole]], start: int, end: int) -> Measure:
    own = {role: cell for cell, role in reversed(labels) if start <= cell.row < end}

    def text(role: ColumnRole) -> str:
        cell = own.get(role)
        answer = _answer(sheet, cell) if cell else None
        return answer.text if answer else ""

    measure = Measure(
        text(ColumnRole.REFERENCE), text(ColumnRole.TITLE), sheet, start, text(ColumnRole.SECTION),
        text(ColumnRole.OWNER), text(ColumnRole.REPORTER), polarity_in(text(ColumnRole.POLARITY)),
        frequency_in(text(ColumnRole.FREQUENCY)), unit_in(text(ColumnRole.UNIT)), text(ColumnRole.DEFINITION),
        text(ColumnRole.FREQUENCY), run=Run.CARDS,
    )  # fmt: skip
    for role, kept in ((ColumnRole.TARGET, measure.targets), (ColumnRole.COMMENTARY, measure.comments)):
        answer = _answer(sheet, own[role]) if role in own else None
        if answer:
            kept.append(_entry(sheet, answer, None, own[role].text.rstrip(":"), role))
    for entry in (*_periods_across(sheet, start, end), *_periods_down(sheet, start, end)):
        _add(measure, entry)
    return measure


def _add(measure: Measure, entry: Entry) -> None:
    """Adds what stands in a card's small table, by the text at its left or above it."""
    if entry.period is None:
        return
    if peer_in(entry.heading):
        measure.comparators.append(entry)
    elif entry.role is ColumnRole.TARGET:
        measure.targets.append(entry)
    elif entry.role in (ColumnRole.NUMERATOR, ColumnRole.DENOMINATOR):
        kept_parts = measure.numerators if entry.role is ColumnRole.NUMERATOR else measure.denominators
        kept_parts.setdefault(entry.period, entry)
    elif entry.role in PRINTED:
        measure.printed.append(entry)
    elif entry.role in (None, ColumnRole.VALUE, ColumnRole.TITLE):
        measure.values.setdefault(entry.period, entry)


def _entry(sheet: Sheet, cell: SheetCell, period: SheetPeriod | None, heading: str, role: ColumnRole | None) -> Entry:
    return Entry(figure_of(sheet, cell), cell.text, sheet.place(cell.row, cell.column), cell, period, heading, role)


def _periods_across(sheet: Sheet, start: int, end: int) -> Iterator[Entry]:
    """What stands below a row of periods, each row with the text at its left."""
    rows = [(row, cells) for row, cells in sheet.rows() if start <= row < end]
    for place, (_, cells) in enumerate(rows):
        periods = {cell.column: period for cell in cells if (period := read_cell(cell.value, cell.shown))}
        if len(periods) < 2:
            continue
        for row, below in rows[place + 1 :]:
            heading = next((cell.text for cell in below if cell.column < min(periods)), "")
            for cell in below:
                if cell.column in periods:
                    yield _entry(sheet, cell, periods[cell.column], heading, role_of(heading))
            if not any(cell.column in periods for cell in below) and row:
                break
        return


def _periods_down(sheet: Sheet, start: int, end: int) -> Iterator[Entry]:
    """What stands beside a column of periods, each column with the text above it."""
    cells = [cell for cell in sheet.cells.values() if start <= cell.row < end]
    for column in sorted({cell.column for cell in cells}):
        periods = {
            cell.row: period
            for cell in cells
            if cell.column == column and (period := read_cell(cell.value, cell.shown))
        }
        if len(periods) < 2:
            continue
        top = min(periods)
        for cell in sorted(cells):
            if cell.row in periods and cell.column > column:
                heading = sheet.text(top - 1, cell.column)
                yield _entry(sheet, cell, periods[cell.row], heading, role_of(heading))
        return
