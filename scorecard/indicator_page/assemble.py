"""Puts an indicator's page together: reads in a fixed number of queries, computes, and returns plain data."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

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
from indicators.models import DerivationTerm, Indicator, Role
from indicators.models.peer_figure import Standings
from scorecard.models import Scorecard
from scorecard.report import Row, assemble_report
from scorecard.report.reading import one_moment
from scorecard.report.row import Measure, TargetCell

from . import queries
from .facts import DEFAULT_SPAN, IndicatorPage, Lines, Link, Links, Point, Rank, Signal, Span, is_known
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
    row = next((row for row in assemble_report(scorecard, month).rows if row.indicator == key), None)
    with one_moment():
        on_board = queries.keys_on(scorecard, month)
        if key not in on_board:
            return None
        return _assemble(scorecard, month, queries.indicator_at(key), row, on_board, readable, with_names, span)


def _assemble(
    scorecard: Scorecard,
    month: date,
    indicator: Indicator,
    row: Row | None,
    on_board: Collection[int],
    readable: Collection[date],
    with_names: bool,  # noqa: FBT001
    span: Span,
) -> IndicatorPage:
    key, year = indicator.pk, financial_year(month)
    measure = queries.measure_of(indicator)
    sources = queries.sources_for(indicator, measure)
    book = queries.series_book(key, sources, month)
    figures = _within(_periods(book.months, book.series(key), measure.frequency), span)
    targets = queries.targets_of(key, year)
    rebases = queries.rebases_of(key, month)
    signal, judged = _judge(figures, measure, targets, rebases)
    commentary = queries.commentary_of(key, [read for read in readable if read <= month])
    history = queries.value_history([key, *sources.off_board], month)
    return IndicatorPage(
        key=key,
        month=month,
        measure=measure,
        kind=indicator.get_kind_display(),
        row=row,
        points=_points(figures, judged, measure, targets, rebases, commentary),
        signal=signal,
        targets=tuple(targets.values()),
        links=_links(indicator, queries.links_of(key), on_board),
        ranks=_ranks(queries.standings_of(key, year, targets)),
        revisions=revisions_of(history, queries.publications_of(scorecard, month), with_names=with_names),
        council=scorecard.council,
        region=scorecard.region,
    )


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
    signal = Signal(choice, result)
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


def _ranks(standings: Standings) -> tuple[Rank, ...]:
    """The latest year in which the council stands anywhere."""
    for (_, year), groups in sorted(standings.items(), reverse=True):
        ranks = [Rank(group, year, standing) for group in ComparatorGroup if (standing := groups.get(group))]
        if ranks:
            return tuple(ranks)
    return ()
