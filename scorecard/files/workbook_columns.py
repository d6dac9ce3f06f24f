"""The columns that a report's lines have in workbooks: each with its heading, its width and what stands in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from indicators.calculations.figures import Figure
from indicators.calculations.months import financial_year_text, month_text
from indicators.calculations.row import Row
from indicators.calculations.vocabulary import Rating
from scorecard.report.board import BoardReport

from .csv_and_json import DESIRED_DIRECTION, RATING_TEXT, assurance_text
from .sheets import Column, Content, measured, relative

NARROW, MEDIUM, WIDE, WIDEST = 12, 20, 40, 60
FILLS = {Rating.GREEN: "#CCE2D8", Rating.AMBER: "#FFF0B3", Rating.RED: "#F4CDC6"}


def words(heading: str, width: int, text: Callable[[Row], str]) -> Column:
    return Column(heading, width, lambda section, row: Content(text(row)))


SECTION = Column("Section", MEDIUM, lambda section, row: Content(section))
REFERENCE = words("Ref", NARROW, lambda row: row.measure.reference)
INDICATOR = words("Indicator", WIDE, lambda row: row.measure.title)
UNIT = words("Unit", MEDIUM, lambda row: row.measure.unit.label)
OWNER = words("Owner", MEDIUM, lambda row: row.measure.owner)
REPORTER = words("Reporter", MEDIUM, lambda row: row.measure.reporter)
GOOD_IS = words("Good is", NARROW, lambda row: DESIRED_DIRECTION.get(row.measure.polarity, ""))
COMMENTARY = words("Commentary", WIDEST, lambda row: row.commentary)
RATING = Column("RAG", NARROW, lambda section, row: Content(RATING_TEXT[row.rating], fill=FILLS.get(row.rating, "")))
SIGNAL = words("Signal", MEDIUM, lambda row: row.signal.words)
ASSURANCE = words("Assurance", MEDIUM, lambda row: assurance_text(row.signal))
WARNINGS = words("Warnings", WIDE, lambda row: "\n".join(_warnings(row)))
NOTES = words("Notes", WIDE, lambda row: "\n".join(_notes(row)))
JUDGED = (RATING, COMMENTARY, SIGNAL, ASSURANCE, WARNINGS, NOTES)


def month_columns(months: tuple[date, ...], *, marked: bool) -> Iterator[Column]:
    """A column for each month. `marked` ones say in the number format that a figure is not final."""

    def column(month: date) -> Column:
        return Column(
            month_text(month),
            NARROW,
            lambda section, row: figure(row, row.figures[row.months.index(month)], marked=marked),
        )

    return (column(month) for month in months)


def figure(row: Row, one: Figure, *, marked: bool) -> Content:
    return measured(row, one.value, row.figure_text(one), one.stage.shorthand if marked else "")


def derived_columns() -> tuple[Column, ...]:
    """What is worked out from the months: changes, average and maximum."""
    return (
        Column(
            "Change from last month", NARROW, lambda _, row: relative(row.change_month.relative, row.change_month_text)
        ),
        Column(
            "Change from last year", NARROW, lambda _, row: relative(row.change_year.relative, row.change_year_text)
        ),
        Column("Average 12 months", NARROW, lambda _, row: measured(row, row.summary.mean, row.average_text)),
        Column("Maximum 12 months", NARROW, lambda _, row: measured(row, row.summary.maximum, row.maximum_text)),
    )


def comparator_columns(report: BoardReport) -> Iterator[Column]:
    """Each group's figure and its year. A region's name can't be mistaken for another heading."""
    names = ("Statistical neighbours", "England", f"{report.region} (region)" if report.region else "Region")
    for place, name in enumerate(names):
        yield Column(name, NARROW, _comparator(place))
        yield words(f"{name}: year", NARROW, _comparator_year(place))


def _comparator(place: int) -> Callable[[str, Row], Content]:
    def content(section: str, row: Row) -> Content:
        cell = row.comparators[place]
        return measured(row, cell.value if cell else None, row.comparator_text(cell))

    return content


def _comparator_year(place: int) -> Callable[[Row], str]:
    def text(row: Row) -> str:
        cell = row.comparators[place]
        return cell.year_text if cell and cell.value is not None else ""

    return text


def target_columns(report: BoardReport) -> Iterator[Column]:
    for place, year in enumerate(report.target_years):
        yield Column(f"Target {financial_year_text(year)}", NARROW, _target(place))


def _target(place: int) -> Callable[[str, Row], Content]:
    def content(section: str, row: Row) -> Content:
        cell = row.targets[place]
        return measured(row, cell.terms.value if cell else None, row.target_text(cell))

    return content


def _warnings(row: Row) -> Iterator[str]:
    yield from row.warnings
    for cell in row.comparators:
        if cell and cell.warnings:
            yield f"{cell.group.label}: {', '.join(cell.warnings)}."


def _notes(row: Row) -> Iterator[str]:
    """What is noted about the measure, the current figure, its comparators and its targets."""
    if row.measure.note:
        yield row.measure.note
    if row.current_figure.note:
        yield f"{month_text(row.current_month)}: {row.current_figure.note}"
    for comparator in row.comparators:
        if comparator and comparator.note:
            yield f"{comparator.group.label}: {comparator.note}"
    for target in row.targets:
        if target and target.note:
            yield f"Target {financial_year_text(target.year)}: {target.note}"
