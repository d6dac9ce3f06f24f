"""Rows for tests of fact sentences and the checker: a test gives figures, the rest is worked out or filled in."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from indicators.calculations.averages import summarise
from indicators.calculations.change import change
from indicators.calculations.figures import Figure
from indicators.calculations.months import months_ending
from indicators.calculations.periods import Periods
from indicators.calculations.rating import TargetTerms, rate
from indicators.calculations.row import PeerGroup, PeriodFigure, Row, TargetCell
from indicators.calculations.vocabulary import Blank, Frequency, OnBasis, Polarity, Unit
from tests.scorecard.report.rows import make_comparator, make_row, make_signal

JANUARY = date(2021, 1, 1)
MONTHS = 13
Given = Figure | Blank | Fraction | float | None

CONTACTS = {"title": "Number of contacts received (includes contacts that become referrals)"}
SHARE = {
    "title": "Percentage of Special Guardianship Orders (SGOs)",
    "definition": "Of the children who left care in the month, the share who left through an order.",
    "unit": Unit.PERCENTAGE,
}


def make_line(
    figures: Sequence[Given],
    *,
    month: date = JANUARY,
    unit: Unit = Unit.COUNT,
    polarity: Polarity = Polarity.NEUTRAL,
    frequency: Frequency = Frequency.MONTHLY,
    year_starts: int = 4,
    due_months: tuple[int, ...] = (),
    earlier: Mapping[date, Given] | None = None,
    current: int = -1,
    comparators: Mapping[PeerGroup, Any] | None = None,
    on_basis: OnBasis = OnBasis.YES,
    target: TargetTerms | None = None,
    **fields: Any,
) -> Row:
    """A row whose latest figures are given, oldest first; earlier months have none. A None has no record.

    `earlier` are those of periods before the row's 13 months.
    """
    missing = MONTHS - len(figures)
    series = tuple(_figure(one) for one in (*[None] * missing, *figures))
    current %= MONTHS
    value = series[current].value
    goal = target.value if target else None

    periods, months = Periods(frequency, year_starts, due_months), months_ending(month, MONTHS)
    known = {one: _figure(given) for one, given in (earlier or {}).items()}
    known |= dict(zip(months, series, strict=True))

    is_signed = fields.get("allows_negative", False)

    def at(one: date) -> Any:
        return known[one].value if one in known else None

    now = months[current]
    before, year_before = at(periods.previous(now)), at(periods.year_before(now))
    year = periods.year(now)
    cell = TargetCell(year, target, "") if target else None
    return make_row(
        **{"reference": "A1", "title": "Number of contacts received", "signal": make_signal(None), **fields},
        unit=unit,
        polarity=polarity,
        frequency=frequency,
        months=months,
        figures=series,
        current=current,
        change_month=change(value, before, polarity, goal, is_signed=is_signed),
        change_year=change(value, year_before, polarity, goal, is_signed=is_signed),
        summary=summarise([figure.value for figure in series[1:]]),
        comparators=tuple(
            make_comparator(value, other, group=group, polarity=polarity, target=goal, on_basis=on_basis)
            for group, other in (comparators or {}).items()
        ),
        targets=(cell,),
        target=cell,
        rating=rate(value, target, polarity),
        rated_year=year,
        year_before_value=year_before,
        year_starts=year_starts,
        due_months=due_months,
        earlier=tuple(PeriodFigure(one, figure) for one, figure in known.items() if one < months[0]),
    )


def _figure(given: Given) -> Figure:
    if isinstance(given, Figure):
        return given
    if given is None:
        return Figure(None, Blank.NOT_AVAILABLE)
    if isinstance(given, Blank):
        return Figure(None, given)
    return Figure(Fraction(str(given)) if isinstance(given, float) else given)
