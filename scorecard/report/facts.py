"""A report's row as the facts that sentences are written from and commentary is checked against."""

from __future__ import annotations

from commentary.facts import ComparatorFact, LineFacts, Variation
from indicators.calculations.rating import TargetTerms
from indicators.calculations.row import Row
from indicators.calculations.signal import Signal
from indicators.calculations.spc import Chart
from indicators.calculations.spc import Variation as SignalVariation

_HIGH = {SignalVariation.IMPROVEMENT_HIGH, SignalVariation.CONCERN_HIGH, SignalVariation.NEUTRAL_HIGH}


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


def variation_of(signal: Signal) -> Variation | None:
    """The signal as a sentence says it; None where there is none, or where its limits still move.

    A chart of the gaps between rare cases says nothing of how high the figure is.
    """
    if signal.variation is None or signal.trial or signal.chart is Chart.G:
        return None
    if signal.variation is SignalVariation.COMMON_CAUSE:
        return Variation.USUAL
    return Variation.HIGH if signal.variation in _HIGH else Variation.LOW


def _target(row: Row) -> TargetTerms | None:
    """The target that the row is rated against."""
    cells = (*row.targets, row.latest_target)
    return next((cell.terms for cell in cells if cell is not None and cell.year == row.rated_year), None)
