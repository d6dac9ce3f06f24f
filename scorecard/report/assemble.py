"""Puts a report together: reads in a fixed number of queries, computes, and returns plain data."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import groupby

from django.utils.text import slugify

from indicators.calculations.averages import summarise
from indicators.calculations.change import change, compare, is_stale
from indicators.calculations.exact import Exact, exact
from indicators.calculations.months import financial_year, months_ending
from indicators.calculations.rating import rate
from indicators.calculations.row import MONTHS_AVERAGED, MONTHS_IN_TREND, ComparatorCell, Row, TargetCell
from indicators.calculations.series import Series, SeriesBook, StoredValue, current_place, value_before
from indicators.calculations.signal import MONTHS_IN_SIGNAL, Signal, signal_of
from indicators.calculations.vocabulary import Blank, ComparatorGroup, Frequency, OnBasis, Polarity
from indicators.one_moment import one_moment
from scorecard.models import Scorecard

from . import queries
from .board import BoardReport, ReportSection
from .queries import LineRecord, StoredComparator

_ON_BASIS = {member.value: member for member in OnBasis}
_GROUPS = tuple(ComparatorGroup)
TARGET_YEARS_SHOWN = 3
# A quarter's figure can be two months old, and what it is compared with lies as many months before it as a month's.
EXTRA_MONTHS_IF_QUARTERLY = 2


def assemble_report(scorecard: Scorecard, month: date, *, supposing: Sequence[StoredValue] = ()) -> BoardReport:
    """The scorecard's report for a month.

    Every figure is computed from what is stored now. A month without any figures gives a
    report of blanks; which months have some, `Scorecard.months_with_figures` tells. `supposing` are
    monthly values to reckon with as if they were stored in place of those that are.
    """
    with _cycle_collector_paused(), one_moment():
        return _assemble(scorecard, month, supposing)


@contextmanager
def _cycle_collector_paused() -> Iterator[None]:
    """Nothing in a report refers back to what holds it, and looking for that costs a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _assemble(scorecard: Scorecard, month: date, supposing: Sequence[StoredValue]) -> BoardReport:
    year = financial_year(month)
    sources = queries.sources_of(queries.lines_of(scorecard, month))
    targets = queries.targets_for(scorecard, year)
    target_years = _target_years(targets, year)
    desk = _Desk(
        month=month,
        year=year,
        target_years=target_years,
        book=queries.series_book(scorecard, sources, _months_needed(sources, month), supposing),
        comparators=queries.comparators_for(scorecard, year),
        targets=targets,
        commentary=queries.commentary_for(scorecard, month),
        rebases=queries.rebases_for(scorecard, month),
    )
    edition = queries.edition_of(scorecard, month)
    return BoardReport(
        slug=scorecard.slug,
        title=scorecard.title,
        council=scorecard.council,
        panel=scorecard.panel,
        region=scorecard.region,
        month=month,
        meeting_date=edition.meeting_date if edition else None,
        summary=edition.overview.summary if edition and edition.overview else "",
        areas_of_focus=queries.focus_of(scorecard, month, queries.final_day_of(edition, month)),
        months=months_ending(month, MONTHS_IN_TREND),
        target_years=target_years,
        financial_year=year,
        sections=_sections(sources.lines, desk),
        council_code=scorecard.council_code,
        region_code=scorecard.region_code,
    )


def _months_needed(sources: queries.Sources, month: date) -> tuple[date, ...]:
    quarterly = any(frequency is Frequency.QUARTERLY for _, frequency in sources.units.values())
    extra = EXTRA_MONTHS_IF_QUARTERLY if quarterly else 0
    return months_ending(month, MONTHS_IN_SIGNAL + extra)


def _target_years(targets: Mapping[int, Mapping[int, TargetCell]], year: int) -> tuple[int, ...]:
    """The three latest financial years that have targets; filled up with the years before."""
    years = sorted({known for by_year in targets.values() for known in by_year})
    years = years[-TARGET_YEARS_SHOWN:] or [year]
    while len(years) < TARGET_YEARS_SHOWN:
        years.insert(0, years[0] - 1)
    return tuple(years)


def _sections(lines: list[LineRecord], desk: _Desk) -> tuple[ReportSection, ...]:
    return tuple(
        ReportSection(
            anchor=f"{slugify(title)}-{pk}",
            title=title,
            rows=tuple(desk.row(line) for line in members),
        )
        for (pk, title), members in groupby(lines, key=lambda line: line.section)
    )


class _Desk:
    """Everything that was read, and how a row is made from it."""

    def __init__(
        self,
        *,
        month: date,
        year: int,
        target_years: tuple[int, ...],
        book: SeriesBook,
        comparators: Mapping[tuple[int, str], StoredComparator],
        targets: Mapping[int, Mapping[int, TargetCell]],
        commentary: Mapping[int, str],
        rebases: Mapping[int, set[date]],
    ) -> None:
        self.month = month
        self.year = year
        self.target_years = target_years
        self.book = book
        self.shown_months = book.months[-MONTHS_IN_TREND:]
        self.comparators = comparators
        self.targets = targets
        self.commentary = commentary
        self.rebases = rebases

    def row(self, line: LineRecord) -> Row:
        measure = line.measure
        series = self.book.series(line.indicator)
        place = current_place(series, measure.frequency)
        value = series[place].value
        rated_year = financial_year(self.book.months[place])
        targets = self.targets.get(line.indicator, {})
        target = targets.get(rated_year)
        terms = target.terms if target else None
        goal = terms.value if terms else None
        before = value_before(series, place, measure.frequency.months)
        year_before = value_before(series, place, 12)
        return Row(
            indicator=line.indicator,
            measure=measure,
            months=self.shown_months,
            figures=series[-MONTHS_IN_TREND:],
            current=place - len(series) + MONTHS_IN_TREND,
            change_month=change(value, before, measure.polarity, goal),
            change_year=change(value, year_before, measure.polarity, goal),
            summary=summarise([figure.value for figure in series[-MONTHS_AVERAGED:]]),
            comparators=tuple(
                self._comparator(line.indicator, group, value, measure.polarity, goal) for group in _GROUPS
            ),
            targets=tuple(targets.get(year) for year in self.target_years),
            latest_target=targets[max(targets)] if targets else None,
            target=target,
            rating=rate(value, terms, measure.polarity),
            rated_year=rated_year,
            commentary=self.commentary.get(line.indicator, ""),
            signal=self._signal(line, series, place, goal),
            year_before_value=year_before,
        )

    def _signal(self, line: LineRecord, series: Series, place: int, goal: Exact | None) -> Signal:
        """Over the months in which a figure is due, up to the one that the report is about."""
        measure = line.measure
        due = slice(place - MONTHS_IN_SIGNAL + 1, place + 1, measure.frequency.months)
        return signal_of(
            series[due],
            self.book.months[due],
            unit=measure.unit,
            polarity=measure.polarity,
            target=goal,
            rebases=self.rebases.get(line.indicator, ()),
        )

    def _comparator(
        self,
        indicator: int,
        group: ComparatorGroup,
        ours: Exact | None,
        polarity: Polarity,
        goal: Exact | None,
    ) -> ComparatorCell | None:
        stored = self.comparators.get((indicator, group))
        if stored is None:
            return None
        value = None if stored.value is None else exact(stored.value)
        on_basis = _ON_BASIS[stored.on_basis]
        return ComparatorCell(
            group=group,
            value=value,
            blank=Blank(stored.blank) if stored.blank else None,
            year=stored.year,
            source=stored.source,
            basis=stored.basis,
            on_basis=on_basis,
            note=stored.note,
            is_stale=is_stale(stored.year, self.month),
            comparison=compare(ours, value, polarity, on_basis, goal),
        )
