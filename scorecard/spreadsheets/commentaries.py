"""Commentaries of a spreadsheet held against its figures, by the same checker that reads those of a return."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from commentary.checker import check
from indicators.calculations.measure import Measure as ReportMeasure
from indicators.calculations.months import months_between, months_ending
from indicators.calculations.row import MONTHS_IN_TREND
from indicators.calculations.vocabulary import Frequency, Polarity, Scope, Stage, Unit
from scorecard.report.assemble import Rows
from scorecard.report.reading import Derivations, LineRecord, Reading

from .findings import SheetFinding, finding
from .measures import Measure
from .periods import SheetPeriod
from .tables import Run

_UNITS = {
    "count": Unit.COUNT, "percentage": Unit.PERCENTAGE, "per 1,000": Unit.RATE_1000, "per 10,000": Unit.RATE_10000,
    "per 100,000": Unit.RATE_100000, "£": Unit.MONEY, "£000": Unit.MONEY_THOUSAND, "£m": Unit.MONEY_MILLION,
    "hours": Unit.HOURS, "days": Unit.DAYS, "weeks": Unit.WEEKS,
}  # fmt: skip
_FREQUENCIES = {1: Frequency.MONTHLY, 3: Frequency.QUARTERLY, 12: Frequency.YEARLY}
_POLARITIES = {"high": Polarity.HIGH, "low": Polarity.LOW}


def check_commentaries(measures: Sequence[Measure]) -> Iterator[SheetFinding]:
    """Commentaries that say something which the figures of their own row contradict."""
    for measure in measures:
        unit = _UNITS.get(measure.unit)
        if unit is None or not measure.values or measure.is_cumulative:
            continue
        latest = max((period for period, entry in measure.values.items() if entry.text), default=None)
        for entry in measure.comments:
            period = entry.period if measure.run is Run.LONG else latest
            if period is None or measure.figure(period) is None:
                continue
            reading = _reading(measure, period, unit, entry.text)
            for found in check(entry.text, Rows(reading)[1]):
                yield finding(
                    measure, entry, "commentary against the figures", "", f"“{found.phrase}”, but {found.fact}"
                )


def _reading(measure: Measure, now: SheetPeriod, unit: Unit, text: str) -> Reading:
    """The measure as if it were an indicator with these figures, for the arithmetic of the report."""
    as_measure = ReportMeasure(
        reference=measure.reference or "1",
        title=measure.title,
        definition=measure.definition,
        outcome="",
        owner="",
        reporter="",
        unit=unit,
        decimal_places=1 if unit is not Unit.COUNT else 0,
        polarity=_POLARITIES.get(measure.polarity, Polarity.NEUTRAL),
        frequency=_FREQUENCIES[now.length],
        scope=Scope.LOCAL,
        note="",
    )
    count = max(
        MONTHS_IN_TREND, 1 + max(months_between(period.month, now.month) for period in measure.values if period <= now)
    )
    return Reading(
        month=now.month,
        lines=[LineRecord((1, measure.section), 1, None, as_measure)],
        derivations=Derivations(()),
        units={1: (unit, as_measure.periods)},
        rate_bases={1: None},
        recipes={},
        months=months_ending(now.month, count),
        values=[
            (1, period.month, Decimal(value.numerator) / value.denominator, None, None, "", Stage.FINAL.value, "")
            for period in measure.periods
            if period <= now and (value := measure.figure(period)) is not None
        ],
        populations={},
        comparators={},
        groups=(),
        all_groups={},
        targets={},
        target_years=(),
        commentary={1: {now.month: text}},
        rebases={},
        baselines={},
        series_links={},
    )
