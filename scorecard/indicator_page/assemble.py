"""Puts pages of indicators together: reads in a fixed number of queries, computes, and returns plain data."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from indicators.calculations.figures import Figure
from indicators.calculations.formatting import format_figure
from indicators.calculations.months import financial_year
from indicators.calculations.spc import (
    Improvement,
    PointType,
    SpcPoint,
    SpecialCause,
    draw_chart,
    rebase_places,
)
from indicators.calculations.vocabulary import ComparatorGroup, Frequency
from indicators.models import DerivationTerm, Indicator, Role, with_sources
from indicators.models.peer_figure import Standings
from scorecard.models import Scorecard
from scorecard.report import BoardReport, Row, assemble_report
from scorecard.report.queries import Sources
from scorecard.report.reading import one_moment
from scorecard.report.row import Measure, TargetCell

from . import queries
from .facts import DEFAULT_SPAN, IndicatorPage, Lines, Link, Links, Point, Rank, Signal, Span, Verdict, is_known
from .revisions import revisions_of

Months = Sequence[tuple[date, Figure]]


def assemble_page(
    scorecard: Scorecard,
    month: date,
    key: int,
    *,
    readable: Collection[date],
    with_names: bool,
    span: Span = DEFAULT_SPAN,
) -> IndicatorPage | None:
    """An indicator's page up to a month; None when it is neither a line of the month's report nor behind one.

    `readable` are the months whose commentary may be read; `with_names` says who revised figures and why. Mean
    and limits rest on 25 months, as in the report, also where fewer are shown; on all if all are.
    """
    report = assemble_report(scorecard, month)
    desk = read_pages(scorecard, report, only=key, readable=readable, with_names=with_names)
    return desk.page(key, span) if key in desk.keys else None


def read_pages(
    scorecard: Scorecard,
    report: BoardReport,
    *,
    readable: Collection[date],
    with_names: bool,
    only: int | None = None,
) -> PageDesk:
    """What the pages of a report's indicators show, or of only one of them, read as it was at one moment."""
    month, year = report.month, financial_year(report.month)
    with one_moment():
        on_board = queries.keys_on(scorecard, month)
        keys = on_board if only is None else on_board & {only}
        indicators = queries.indicators_at(keys)
        sources = queries.sources_for(indicators.values())
        targets = queries.targets_of(keys, year)
        return PageDesk(
            report=report,
            on_board=on_board,
            indicators=indicators,
            sources=sources,
            book=queries.book_for(sources, month),
            targets=targets,
            rebases=queries.rebases_of(keys, month),
            commentary=queries.commentary_of(keys, [read for read in readable if read <= month]),
            links=queries.links_of(keys),
            standings=queries.standings_of(keys, year, targets),
            history=queries.value_history([*keys, *sources.off_board], month),
            publications=queries.publications_of(scorecard, month),
            with_names=with_names,
        )


@dataclass(frozen=True)
class PageDesk:
    """Everything that was read for pages, and how each is made from it."""

    report: BoardReport
    on_board: Collection[int]
    indicators: Mapping[int, Indicator]
    sources: Sources
    book: queries.Book
    targets: Mapping[int, Mapping[int, TargetCell]]
    rebases: Mapping[int, Mapping[date, str]]
    commentary: Mapping[int, Mapping[date, str]]
    links: Sequence[DerivationTerm]
    standings: Standings
    history: Mapping[int, Sequence[Any]]
    publications: queries.Publications
    with_names: bool

    @property
    def keys(self) -> Collection[int]:
        return self.indicators.keys()

    def page(self, key: int, span: Span = DEFAULT_SPAN) -> IndicatorPage:
        """The page of one of the indicators."""
        indicator = self.indicators[key]
        measure = queries.measure_of(indicator)
        targets, rebases = self.targets.get(key, {}), self.rebases.get(key, {})
        behind = with_sources([key], self._parts)
        figures = _within(_periods(*self._series(key, behind), measure.frequency), span)
        signal, judged = _judge(figures, measure, targets, rebases)
        history = [entry for one in sorted(behind) for entry in self.history.get(one, ())]
        return IndicatorPage(
            key=key,
            month=self.report.month,
            measure=measure,
            kind=indicator.get_kind_display(),
            row=self._rows.get(key),
            points=_points(figures, judged, measure, targets, rebases, self.commentary.get(key, {})),
            signal=signal,
            targets=tuple(targets.values()),
            links=_links(indicator, self.links, self.on_board),
            ranks=_ranks(key, self.standings),
            revisions=revisions_of(history, self.publications, with_names=self.with_names),
            council=self.report.council,
            region=self.report.region,
        )

    @cached_property
    def _rows(self) -> Mapping[int, Row]:
        return self.report.by_indicator

    @cached_property
    def _parts(self) -> Mapping[int, Collection[int]]:
        recipes = self.sources.recipes
        return {key: (*recipe.numerators, *recipe.denominators) for key, recipe in recipes.items()}

    def _series(self, key: int, behind: Collection[int]) -> tuple[Sequence[date], Sequence[Figure]]:
        """Months and figures from the first month in which anything was kept of it."""
        months = self.book.series.months
        first = min((self.book.firsts[one] for one in behind if one in self.book.firsts), default=months[-1])
        start = months.index(first)
        return months[start:], self.book.series.series(key)[start:]


def _periods(months: Sequence[date], series: Sequence[Figure], frequency: Frequency) -> list[tuple[date, Figure]]:
    """One figure a month; of a quarterly indicator one a quarter, up to the one that the report is about.

    Quarters are the months three apart in which most figures stand: they need not end in March, June, September
    and December. The month that the report is about is there in any case.
    """
    places = set(range(len(series)))
    if frequency is Frequency.QUARTERLY:
        latest = [place for place in sorted(places)[-frequency.months :] if is_known(series[place])]
        current = latest[-1] if latest else len(series) - 1
        places = {*_fullest(series[: current + 1], frequency.months), current}
    return [(months[place], series[place]) for place in sorted(places)]


def _fullest(series: Sequence[Figure], step: int) -> range:
    """The places so many steps apart in which most figures stand; among equals those that reach the latest."""
    choices = [range(len(series) - 1 - back, -1, -step) for back in range(min(step, len(series)))]
    return max(choices, key=lambda places: sum(series[place].value is not None for place in places))


def _within(periods: list[tuple[date, Figure]], span: Span) -> list[tuple[date, Figure]]:
    """The periods that mean and limits rest on."""
    judged = Span.ALL if span is Span.ALL else DEFAULT_SPAN
    first = judged.first_month(periods[-1][0])
    return [(month, figure) for month, figure in periods if month >= first]


def _judge(
    periods: Months, measure: Measure, targets: Mapping[int, TargetCell], rebases: Mapping[date, str]
) -> tuple[Signal, list[SpcPoint | None]]:
    """The chart that is sound for all figures kept, and its point for each of them where it has one."""
    target = targets.get(financial_year(periods[-1][0]))
    choice, result = draw_chart(
        [figure for _, figure in periods],
        measure.unit,
        improvement=Improvement.of(measure.polarity),
        target=target.terms.value if target else None,
        rebase_at=rebase_places([month for month, _ in periods], rebases),
    )
    signal = Signal(choice, Verdict.of(choice.chart, result) if result else None)
    points: list[SpcPoint | None] = list(result.points) if result is not None and signal.has_lines else []
    return signal, [None] * (len(periods) - len(points)) + points


def _points(
    periods: Months,
    judged: Sequence[SpcPoint | None],
    measure: Measure,
    targets: Mapping[int, TargetCell],
    rebases: Mapping[date, str],
    commentary: Mapping[date, str],
) -> tuple[Point, ...]:
    found = []
    before = date.min
    for (month, figure), point in zip(periods, judged, strict=True):
        target = targets.get(financial_year(month))
        found.append(
            Point(
                month=month,
                figure=figure,
                text=format_figure(figure, measure.unit, measure.decimal_places),
                lines=Lines(point.mean, point.lower_limit, point.upper_limit) if point else Lines(),
                cause=point.special_cause if point else SpecialCause.NONE,
                kind=point.point_type if point else PointType.COMMON_CAUSE,
                target=target.terms.value if target else None,
                commentary=commentary.get(month, ""),
                rebase=" ".join(reason for start, reason in sorted(rebases.items()) if before < start <= month),
            )
        )
        before = month
    return tuple(found)


def _links(indicator: Indicator, terms: Sequence[DerivationTerm], on_board: Collection[int]) -> Links:
    parts = [term for term in terms if term.indicator_id == indicator.pk]
    feeds = [term.indicator for term in terms if term.source_id == indicator.pk and term.indicator_id in on_board]
    return Links(
        numerators=tuple(_link(term.source) for term in parts if term.role == Role.NUMERATOR),
        denominators=tuple(_link(term.source) for term in parts if term.role == Role.DENOMINATOR),
        population=indicator.population.name if indicator.population else "",
        feeds=tuple(dict.fromkeys(_link(other) for other in feeds)),
    )


def _link(indicator: Indicator) -> Link:
    return Link(indicator.pk, indicator.reference, indicator.title)


def _ranks(key: int, standings: Standings) -> tuple[Rank, ...]:
    """The latest year in which the council stands anywhere with the indicator."""
    years = {year: groups for (owner, year), groups in standings.items() if owner == key}
    for year, groups in sorted(years.items(), reverse=True):
        ranks = [Rank(group, year, standing) for group in ComparatorGroup if (standing := groups.get(group))]
        if ranks:
            return tuple(ranks)
    return ()
