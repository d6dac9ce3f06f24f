"""What is noted about a line, and what a reader must beware of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from indicators.calculations.change import Break, breaks_between
from indicators.calculations.figures import Figure
from indicators.calculations.formatting import BREAK
from indicators.calculations.months import month_text
from indicators.calculations.row import ComparatorCell, Row


def counted_otherwise(breaks: Iterable[Break]) -> str:
    """From when on figures are counted otherwise, and why; empty where they aren't."""
    return " ".join(f"Counted differently from {one.month:%B %Y} on: {one.reason}" for one in breaks)


def break_notes(row: Row) -> list[str]:
    """The changes of counting since the earliest figure that the row compares with, each behind its mark."""
    earliest = min(row.months[0], row.year_before)
    return [f"{BREAK} {counted_otherwise([one])}" for one in breaks_between(row.breaks, earliest, row.months[-1])]


def told_of_series(row: Row) -> list[str]:
    """The changes of counting, and which indicators it came after or gave way to."""
    return break_notes(row) + [link.words for link in row.series_links]


def all_notes(row: Row) -> list[str]:
    """Every note on the row, its figures, comparators and targets, in the order of the columns; changes of counting.

    A note that several cells share is given once, with all of them named.
    """
    figures = (*row.earlier, *zip(row.months, row.figures, strict=True))
    periods = row.measure.periods
    months = [(periods.of(month).short, figure.note) for month, figure in figures if figure.note]
    comparators = [(cell.group.name, text) for cell in row.comparators if cell for text in _of_comparator(cell)]
    targets = [(f"Target {row.measure.year_text(cell.year)}", cell.note) for cell in row.targets if cell and cell.note]
    named: dict[str, list[str]] = {}
    for name, text in (*months, *comparators, *targets):
        named.setdefault(text, []).append(name)
    own = [row.measure.note] if row.measure.note else []
    return own + [f"{', '.join(names)}: {text}" for text, names in named.items()] + told_of_series(row)


def warnings(row: Row) -> Iterator[str]:
    """What a reader must know before judging the row, or comparing it."""
    yield from row.warnings
    for cell in row.comparators:
        if cell and cell.warnings:
            yield f"{cell.group.name}: {', '.join(cell.warnings)}."


def latest_notes(row: Row) -> Iterator[str]:
    """What is noted about the measure, the current figure, its comparators, targets and changes of counting."""
    if row.measure.note:
        yield row.measure.note
    current = month_text(row.current_month) if row.measure.periods.is_monthly else row.period.short
    if row.current_figure.note:
        yield f"{current}: {row.current_figure.note}"
    for comparator in row.comparators:
        if comparator:
            yield from (f"{comparator.group.name}: {text}" for text in _of_comparator(comparator))
    for target in row.targets:
        if target and target.note:
            yield f"Target {row.measure.year_text(target.year)}: {target.note}"
    yield from told_of_series(row)


def _of_comparator(cell: ComparatorCell) -> list[str]:
    """How it was put on the row's basis, where the product did so, and its note."""
    return [*filter(None, (cell.published.parts and cell.published_words, cell.note))]


def stage_mark(figure: Figure) -> str:
    """The mark of a figure that isn't final; a blank has none."""
    return "" if figure.blank else figure.stage.shorthand


def marked_notes(row: Row) -> str:
    """The mark of the latest figure, then what is noted, on a line each."""
    return joined(stage_mark(row.current_figure), *latest_notes(row))


def joined(*texts: str) -> str:
    """Those of the texts that aren't empty, on a line each."""
    return "\n".join(filter(None, texts))
