"""From stored records to a series of monthly figures for each indicator, derived ones included."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import repeat
from types import MappingProxyType
from typing import TypeVar

from indicators.calculations.disclosure.rounding import rounded_figure
from indicators.calculations.exact import Exact, exact
from indicators.calculations.figures import NO_RECORD, Figure, derive, quotient
from indicators.calculations.months import months_between
from indicators.calculations.periods import Periods
from indicators.calculations.totals import Adding, per_period
from indicators.calculations.vocabulary import Blank, Stage, Unit

Series = tuple[Figure, ...]
Key = TypeVar("Key", int, str)
Stored = Decimal | float | None
StoredValue = tuple[int, date | str, Stored, Stored, Stored, str, str, str]

NOT_DUE = Figure(None, Blank.NOT_DUE)
_STAGES = {stage.value: stage for stage in Stage}
_BLANKS = {blank.value: blank for blank in Blank}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a derived indicator is worked out; without denominators or population, a sum."""

    numerators: tuple[int, ...]
    denominators: tuple[int, ...]
    population: int | None
    factor: int


def with_sources(indicators: Iterable[Key], sources: Mapping[Key, Iterable[Key]]) -> set[Key]:
    """The indicators, by key or by reference, and all that they are worked out from, however long the chain."""
    found: set[Key] = set()
    waiting = list(indicators)
    while waiting:
        indicator = waiting.pop()
        if indicator not in found:
            found.add(indicator)
            waiting.extend(sources.get(indicator, ()))
    return found


def stored_figure(value: StoredValue, factor: int) -> Figure:
    """A stored record as the calculations take it."""
    _, _, figure, numerator, denominator, blank, stage_text, note = value
    stage = _STAGES[stage_text]
    if figure is not None:
        return Figure(exact(figure), None, stage, None, None, note)
    if numerator is not None and denominator is not None:
        return quotient(exact(numerator), exact(denominator), factor, stage, note)
    return Figure(None, _BLANKS[blank], stage, None, None, note)


def without_record(periods: Periods, month: date) -> Figure:
    """The figure of a month that has no record."""
    return NO_RECORD if periods.is_due_in(month) else NOT_DUE


class SeriesBook:
    """The figures of every indicator for the same run of months.

    Of those in `to_date` the year's total so far is entered; what each period had by itself follows from it. With
    `rounded` every count that was entered is rounded, before anything is worked out from it; what it has of an
    indicator and a month was worked out from other rounded ones. Totals so far add rounded periods up.
    """

    def __init__(
        self,
        *,
        months: Sequence[date],
        units: Mapping[int, tuple[Unit, Periods]],
        values: Iterable[StoredValue],
        recipes: Mapping[int, Recipe],
        populations: Mapping[tuple[int, int], int],
        rate_bases: Mapping[int, int | None] = MappingProxyType({}),
        to_date: Collection[int] = (),
        rounded: Mapping[tuple[int, date], Exact] | None = None,
    ) -> None:
        self.months = tuple(months)
        self._units = units
        self._recipes = recipes
        self._populations = populations
        self._blanks: dict[Periods, Series] = {}
        # PostgreSQL hands a month over as a date, SQLite as text.
        places: dict[date | str, int] = {month: place for place, month in enumerate(self.months)}
        places |= {month.isoformat(): place for place, month in enumerate(self.months)}
        self._factors = factors = {pk: unit.factor(rate_bases.get(pk)) for pk, (unit, _) in self._units.items()}
        rows: dict[int, list[Figure]] = {}
        for value in values:
            indicator = value[0]
            row = rows.get(indicator)
            if row is None:
                if indicator not in factors:  # not reported in this month
                    continue
                row = rows[indicator] = list(self._nothing(indicator))
            row[places[value[1]]] = stored_figure(value, factors[indicator])
        self._series: dict[int, Series] = {indicator: tuple(row) for indicator, row in rows.items()}
        self._totals: dict[int, Series] = {}
        for indicator in to_date:
            if indicator in self._series:
                self._totals[indicator] = entered = self._series[indicator]
                own = per_period(entered, self.months, self._units[indicator][1], factors[indicator])
                self._series[indicator] = tuple(own)
        if rounded is not None:
            self._totals.clear()
            self._series = {key: tuple(self._rounded(key, rounded)) for key in self._series}

    def _rounded(self, key: int, worked_out: Mapping[tuple[int, date], Exact]) -> Iterator[Figure]:
        unit, factor = self._units[key][0], self._factors[key]
        for month, figure in zip(self.months, self._series[key], strict=True):
            if figure.value is None and figure.denominator is None:
                # The note of a gap in a total can say how many there were.
                yield figure._replace(note="")
            else:
                yield rounded_figure(figure, unit, factor, worked_out.get((key, month)))

    def series(self, indicator: int) -> Series:
        """The indicator's figures, oldest month first; blanks where nothing is recorded."""
        known = self._series.get(indicator)
        if known is None:
            recipe = self._recipes.get(indicator)
            known = self._nothing(indicator) if recipe is None else self._derived(recipe, self._units[indicator][1])
            self._series[indicator] = known
        return known

    def adding(self, indicator: int) -> Adding:
        """How its figures add up over its year."""
        _, periods = self._units[indicator]
        recipe = self._recipes.get(indicator)
        entered = self._totals.get(indicator)
        on_population = recipe is not None and recipe.population is not None
        return Adding(self.months, self.series(indicator), periods, self._factors[indicator], entered, on_population)

    def _nothing(self, indicator: int) -> Series:
        periods = self._units[indicator][1]
        blank = self._blanks.get(periods)
        if blank is None:
            blank = self._blanks[periods] = tuple(without_record(periods, month) for month in self.months)
        return blank

    def _derived(self, recipe: Recipe, periods: Periods) -> Series:
        """Worked out for the months in which a figure is due, also where its sources have one every month."""
        numerators = [self.series(source) for source in recipe.numerators]
        denominators = [self.series(source) for source in recipe.denominators]
        if recipe.population is not None:
            years = [periods.year(month) for month in self.months]
            people = {year: self._population(recipe.population, year) for year in {*years}}
            denominators.append(tuple(people[year] for year in years))
        tops = zip(*numerators, strict=True) if numerators else repeat(())
        bottoms = zip(*denominators, strict=True) if denominators else repeat(())
        parts = zip(self.months, tops, bottoms, strict=False)
        if periods.is_monthly:
            return tuple(derive(top, bottom, recipe.factor) for _, top, bottom in parts)
        return tuple(
            derive(top, bottom, recipe.factor) if periods.is_due_in(month) else NOT_DUE for month, top, bottom in parts
        )

    def _population(self, group: int, year: int) -> Figure:
        """The year's estimate or, while that is not out, the latest one before it."""
        years = [known for (owner, known) in self._populations if owner == group and known <= year]
        if not years:
            return NO_RECORD
        # Its stage is left out: an estimate of the population is what every rate rests on,
        # and would mark every rate as estimated.
        return Figure(self._populations[group, max(years)])


def current_place(series: Sequence[Figure], months: Sequence[date], periods: Periods) -> int:
    """Where the figure stands that the report is about, as an index into the series.

    That is the last month or, of an indicator that isn't monthly, the latest in which one was due: that of the period
    that ended last, also while it is blank. One that was entered since, between the due months, takes its place.
    """
    latest = len(series) - 1
    if periods.is_monthly:
        return latest
    since = periods.due(months[-1])
    for place in range(latest, -1, -1):
        if months[place] < since:
            break
        if series[place].blank is not Blank.NOT_DUE:
            return place
    return latest


def own_places(months: Sequence[date], periods: Periods, current: int) -> list[int]:
    """Where the figures of its periods stand, up to the current one, as indexes into a series of the months.

    Figures that stand between the due months are left out, but for the current one.
    """
    if periods.is_monthly:
        return list(range(current + 1))
    return [place for place in range(current + 1) if place == current or periods.is_due_in(months[place])]


def value_in(series: Sequence[Figure], months: Sequence[date], month: date) -> Exact | None:
    """The month's value; None when blank or out of the series."""
    place = months_between(months[0], month)
    return series[place].value if 0 <= place < len(series) else None
