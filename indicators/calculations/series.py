"""From stored records to a series of monthly figures for each indicator, derived ones included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import repeat
from types import MappingProxyType
from typing import TypeVar

from indicators.calculations.exact import Exact, exact
from indicators.calculations.figures import NO_RECORD, Figure, derive, quotient
from indicators.calculations.months import financial_year
from indicators.calculations.vocabulary import Blank, Frequency, Stage, Unit

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


def without_record(frequency: Frequency) -> Figure:
    """The figure of a month that has no record."""
    return NOT_DUE if frequency is Frequency.QUARTERLY else NO_RECORD


class SeriesBook:
    """The figures of every indicator for the same run of months."""

    def __init__(
        self,
        *,
        months: Sequence[date],
        units: Mapping[int, tuple[Unit, Frequency]],
        values: Iterable[StoredValue],
        recipes: Mapping[int, Recipe],
        populations: Mapping[tuple[int, int], int],
        rate_bases: Mapping[int, int | None] = MappingProxyType({}),
    ) -> None:
        self.months = tuple(months)
        self._units = units
        self._recipes = recipes
        self._populations = populations
        # PostgreSQL hands a month over as a date, SQLite as text.
        places: dict[date | str, int] = {month: place for place, month in enumerate(self.months)}
        places |= {month.isoformat(): place for place, month in enumerate(self.months)}
        factors = {pk: unit.factor(rate_bases.get(pk)) for pk, (unit, _) in self._units.items()}
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

    def series(self, indicator: int) -> Series:
        """The indicator's figures, oldest month first; blanks where nothing is recorded."""
        known = self._series.get(indicator)
        if known is None:
            recipe = self._recipes.get(indicator)
            known = self._nothing(indicator) if recipe is None else self._derived(recipe)
            self._series[indicator] = known
        return known

    def _nothing(self, indicator: int) -> Series:
        return (without_record(self._units[indicator][1]),) * len(self.months)

    def _derived(self, recipe: Recipe) -> Series:
        numerators = [self.series(source) for source in recipe.numerators]
        denominators = [self.series(source) for source in recipe.denominators]
        if recipe.population is not None:
            people = {year: self._population(recipe.population, year) for year in {*map(financial_year, self.months)}}
            denominators.append(tuple(people[financial_year(month)] for month in self.months))
        tops = zip(*numerators, strict=True) if numerators else repeat(())
        bottoms = zip(*denominators, strict=True) if denominators else repeat(())
        parts = zip(self.months, tops, bottoms, strict=False)
        return tuple(derive(top, bottom, recipe.factor) for _, top, bottom in parts)

    def _population(self, group: int, year: int) -> Figure:
        """The year's estimate or, while that is not out, the latest one before it."""
        years = [known for (owner, known) in self._populations if owner == group and known <= year]
        if not years:
            return NO_RECORD
        # Its stage is left out: an estimate of the population is what every rate rests on,
        # and would mark every rate as estimated.
        return Figure(self._populations[group, max(years)])


def current_place(series: Series, frequency: Frequency) -> int:
    """Where the figure stands that the report is about, as an index into the series.

    That is the last month. For a quarterly indicator it is the latest of the last three months
    in which one was due, which is the latest quarter's.
    """
    if frequency is Frequency.QUARTERLY:
        for back in range(1, frequency.months + 1):
            if series[-back].blank is not Blank.NOT_DUE:
                return len(series) - back
    return len(series) - 1


def value_before(series: Series, place: int, months: int) -> Exact | None:
    """The value so many months before a place; None when blank or out of the series."""
    earlier = place - months
    return series[earlier].value if earlier >= 0 else None
