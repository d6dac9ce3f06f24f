"""A report's row as the facts that sentences are written from and commentary is checked against."""

from __future__ import annotations

from commentary.facts import ComparatorFact, LineFacts, Variation
from indicators.calculations.rating import TargetTerms

from .row import Row


def line_facts(row: Row, *, region: str = "", variation: Variation | None = None) -> LineFacts:
    """The row without its words for people; `region` is the scorecard's name for its region."""
    measure = row.measure
    return LineFacts(
        reference=measure.reference,
        title=measure.title,
        definition=measure.definition,
        unit=measure.unit,
        decimal_places=measure.decimal_places,
        polarity=measure.polarity,
        frequency=measure.frequency,
        months=row.months,
        figures=row.figures,
        current=row.current,
        change_month=row.change_month,
        change_year=row.change_year,
        summary=row.summary,
        comparators=tuple(
            ComparatorFact(group=cell.group, value=cell.value, on_basis=cell.on_basis, comparison=cell.comparison)
            for cell in row.comparators
            if cell is not None
        ),
        target=_target(row),
        rating=row.rating,
        region=region,
        variation=variation,
    )


def _target(row: Row) -> TargetTerms | None:
    """The target that the row is rated against."""
    cells = (*row.targets, row.latest_target)
    return next((cell.terms for cell in cells if cell is not None and cell.year == row.rated_year), None)
