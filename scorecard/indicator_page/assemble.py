"""Puts pages of indicators together: reads in a fixed number of queries, computes, and returns plain data."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from indicators.calculations.exact import Exact
from indicators.calculations.figures import Figure
from indicators.calculations.formatting import format_figure
from indicators.calculations.months import financial_year
from indicators.calculations.row import Measure, Row, TargetCell
from indicators.calculations.series import SeriesBook
from indicators.calculations.spc import (
    Improvement,
    PointType,
    SpcPoint,
    SpecialCause,
    draw_chart,
    rebase_places,
)
from indicators.calculations.vocabulary import ComparatorGroup, Frequency
from indicators.models import Indicator, PeerFigure, Role
from indicators.models.comparator import Standings
from indicators.one_moment import one_moment
from scorecard.models import Scorecard
from scorecard.report import BoardReport
from scorecard.report.assemble import Rows
from scorecard.report.reading import (
    Reading,
    commentary_of,
    indicators_on,
    line_of,
    month_of,
    read,
    read_derivations,
)

from .facts import DEFAULT_SPAN, IndicatorPage, Lines, Link, Links, Point, Rank, SoundChart, Span, Verdict, is_known
from .revisions import Publications, publications_of, revisions_of, value_history

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
    with one_moment():
        desk = _read_pages(scorecard, month, only=key, readable=readable, with_names=with_names)
    return desk.page(key, span) if key in desk.keys else None


def read_pages(scorecard: Scorecard, report: BoardReport, *, readable: Collection[date], with_names: bool) -> PageDesk:
    """What the pages of a report's indicators show, and of those behind them, read as it was at one moment."""
    with one_moment():
        desk = _read_pages(scorecard, report.month, only=None, readable=readable, with_names=with_names)
    return replace(desk, rows=report.by_indicator)


def _read_pages(
    scorecard: Scorecard, month: date, *, only: int | None, readable: Collection[date], with_names: bool
) -> PageDesk:
    derivations = read_derivations()
    lines = indicators_on(scorecard, month)
    on_board = derivations.behind(lines)
    keys = on_board if only is None else on_board & {only}
    behind = derivations.behind(keys)
    # With those that are worked out from them directly, whose names the pages say.
    named = behind | {key for key, source, _ in derivations.terms if source in keys}
    indicators = Indicator.objects.select_related("owner", "reporter", "population").in_bulk(named)
    stored = read(
        scorecard,
        month,
        [line_of(indicators[key]) for key in behind],
        derivations,
        of_all_months=True,
        commentary=commentary_of(keys, date.min, month),
    )
    goals: dict[tuple[int, int], Exact] = {
        (key, year): cell.terms.value
        for key, by_year in stored.targets.items()
        for year, cell in by_year.items()
        if cell.terms.value is not None
    }
    peers = PeerFigure.objects.filter(indicator__in=keys, year__lte=financial_year(month))
    return PageDesk(
        scorecard=scorecard,
        keys=keys,
        lines=lines,
        on_board=on_board,
        indicators=indicators,
        stored=stored,
        rows=Rows(stored),
        readable=readable,
        standings=peers.standings(goals),
        history=value_history(behind, month),
        publications=publications_of(scorecard, month),
        with_names=with_names,
    )


@dataclass(frozen=True)
class PageDesk:
    """Everything that was read for pages of indicators, and how each is made from it.

    `lines` are those with a row of the report, `on_board` these and all that they are worked out from.
    """

    scorecard: Scorecard
    keys: Collection[int]
    lines: Collection[int]
    on_board: Collection[int]
    indicators: Mapping[int, Indicator]
    stored: Reading
    rows: Mapping[int, Row]
    readable: Collection[date]
    standings: Standings
    history: Mapping[int, Sequence[Any]]
    publications: Publications
    with_names: bool

    def page(self, key: int, span: Span = DEFAULT_SPAN) -> IndicatorPage:
        """The page of one of the indicators."""
        indicator = self.indicators[key]
        measure = line_of(indicator).measure
        targets = dict(sorted(self.stored.targets.get(key, {}).items(), reverse=True))
        rebases = self.stored.rebases.get(key, {})
        behind = self.stored.derivations.behind([key])
        figures = _within(_periods(*self._series(key, behind), measure.frequency), span)
        signal, judged = _judge(figures, measure, targets, rebases)
        said = self.stored.commentary.get(key, {})
        commentary = {month: text for month, text in said.items() if month in self.readable}
        history = [entry for one in sorted(behind) for entry in self.history.get(one, ())]
        return IndicatorPage(
            key=key,
            month=self.stored.month,
            measure=measure,
            kind=indicator.get_kind_display(),
            row=self.rows[key] if key in self.lines else None,
            points=_points(figures, judged, measure, targets, rebases, commentary),
            signal=signal,
            targets=tuple(targets.values()),
            links=self._links(indicator),
            ranks=_ranks(key, self.standings),
            revisions=revisions_of(history, self.publications, with_names=self.with_names),
            council=self.scorecard.council,
            region=self.scorecard.region,
        )

    @cached_property
    def _book(self) -> SeriesBook:
        return self.stored.series_book()

    @cached_property
    def _firsts(self) -> dict[int, date]:
        """The first month kept of each indicator."""
        firsts: dict[int, date] = {}
        for value in self.stored.values:
            month = month_of(value)
            firsts[value[0]] = min(month, firsts.get(value[0], month))
        return firsts

    def _series(self, key: int, behind: Collection[int]) -> tuple[Sequence[date], Sequence[Figure]]:
        """Months and figures from the first month in which anything was kept of it."""
        months = self.stored.months
        first = min((self._firsts[one] for one in behind if one in self._firsts), default=months[-1])
        start = months.index(first)
        return months[start:], self._book.series(key)[start:]

    def _links(self, indicator: Indicator) -> Links:
        parts: dict[str, list[Link]] = {Role.NUMERATOR: [], Role.DENOMINATOR: []}
        feeds: dict[Link, None] = {}
        for key, source, role in self.stored.derivations.terms:
            if key == indicator.pk:
                parts[role].append(self._link(source))
            elif source == indicator.pk and key in self.on_board:
                feeds[self._link(key)] = None
        return Links(
            numerators=tuple(parts[Role.NUMERATOR]),
            denominators=tuple(parts[Role.DENOMINATOR]),
            population=indicator.population.name if indicator.population else "",
            feeds=tuple(feeds),
        )

    def _link(self, key: int) -> Link:
        other = self.indicators[key]
        return Link(other.pk, other.reference, other.title)


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
) -> tuple[SoundChart, list[SpcPoint | None]]:
    """The chart that is sound for all figures kept, and its point for each of them where it has one."""
    target = targets.get(financial_year(periods[-1][0]))
    choice, result = draw_chart(
        [figure for _, figure in periods],
        measure.unit,
        improvement=Improvement.of(measure.polarity),
        target=target.terms.value if target else None,
        rebase_at=rebase_places([month for month, _ in periods], rebases),
    )
    signal = SoundChart(choice, Verdict.of(choice.chart, result) if result else None)
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


def _ranks(key: int, standings: Standings) -> tuple[Rank, ...]:
    """The latest year in which the council stands anywhere with the indicator."""
    years = {year: groups for (owner, year), groups in standings.items() if owner == key}
    for year, groups in sorted(years.items(), reverse=True):
        ranks = [Rank(group, year, standing) for group in ComparatorGroup if (standing := groups.get(group))]
        if ranks:
            return tuple(ranks)
    return ()
