"""Puts pages of indicators together: reads in a fixed number of queries, computes, and returns plain data.

Revisions come from the history: which published figures were changed, when, and from what to what.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Any

from indicators.calculations.change import NO_CHANGE_KNOWN, is_stale
from indicators.calculations.disclosure import BASE
from indicators.calculations.exact import Exact, exact
from indicators.calculations.figures import Figure
from indicators.calculations.measure import Measure
from indicators.calculations.months import financial_year
from indicators.calculations.moves import large_move
from indicators.calculations.rating import Aim
from indicators.calculations.row import ComparatorCell, PeerGroup, Row, TargetCell
from indicators.calculations.series import SeriesBook, current_place, own_places
from indicators.calculations.signal import Baseline, baselines_begun, season_of
from indicators.calculations.spc import (
    Chart,
    Improvement,
    PointType,
    SpcPoint,
    SpecialCause,
    draw_chart,
    examine,
    rebase_places,
)
from indicators.calculations.totals import Adding
from indicators.calculations.vocabulary import Accumulation, GroupKind, OnBasis, Polarity, RestsOn, Shape
from indicators.models import Indicator, MonthlyValue, NationalComparator, PeerFigure, Role
from indicators.models.comparator import Standings
from indicators.one_moment import one_moment
from scorecard.editing.history import NOTHING
from scorecard.models import Edition, EditionState, Scorecard
from scorecard.report import BoardReport
from scorecard.report.assemble import Rows, assemble_report
from scorecard.report.one_fact import is_judged_count
from scorecard.report.reading import (
    Reading,
    commentary_of,
    formers_shown,
    indicators_on,
    line_of,
    month_of,
    read,
    read_derivations,
    series_links,
)
from scorecard.sheet.history import amount_in_words

from .facts import DEFAULT_SPAN, IndicatorPage, Lines, Link, Links, Point, Rank, Revision, SoundChart, Span, Verdict

# The figures of an indicator's own periods, by the month in which each is kept.
Months = Sequence[tuple[date, Figure]]


def assemble_page(
    scorecard: Scorecard,
    month: date,
    key: int,
    *,
    readable: Collection[date],
    with_names: bool,
    span: Span = DEFAULT_SPAN,
    with_formers: bool = False,
) -> IndicatorPage | None:
    """An indicator's page up to a month; None when it is neither a line of the month's report nor behind one.

    `readable` are the months whose commentary may be read; `with_names` says who revised figures and why. Mean
    and limits rest on 25 months, as in the report, also where fewer are shown; on all if all are. `with_formers` has
    the series of the indicators that it came after.
    """
    with one_moment():
        links = series_links(month, [key]).get(key, ()) if with_formers else ()
        formers = {link.key for link in links if link.is_former}
        desk = _read_pages(scorecard, month, only={key, *formers}, readable=readable, with_names=with_names)
        row = desk.rows[key] if key in desk.lines and key in desk.keys else None
        if row and is_judged_count(row):
            # Whether it is better or worse, or only follows what it is a share of, other lines say.
            desk = replace(desk, rows=assemble_report(scorecard, month).by_indicator)
    if key not in desk.keys:
        return None
    page = desk.page(key, span)
    return page.with_formers(desk.page(one, span) for one in formers & desk.keys) if with_formers else page


def read_pages(scorecard: Scorecard, report: BoardReport, *, readable: Collection[date], with_names: bool) -> PageDesk:
    """What the pages of a report's indicators show, and of those behind them, read as it was at one moment."""
    with one_moment():
        desk = _read_pages(scorecard, report.month, only=None, readable=readable, with_names=with_names)
    return replace(desk, rows=report.by_indicator)


def rounded_pages(desk: PageDesk, report: BoardReport, rounded: Mapping[tuple[int, date], Exact]) -> PageDesk:
    """The pages of the same reading for a report of rounded counts; what was revised, and how, they don't tell."""
    return replace(
        desk, stored=replace(desk.stored, rounded=rounded), rows=report.by_indicator, history={}, rounded_to=BASE
    )


def _read_pages(
    scorecard: Scorecard, month: date, *, only: Collection[int] | None, readable: Collection[date], with_names: bool
) -> PageDesk:
    derivations = read_derivations()
    lines = indicators_on(scorecard, month)
    on_board = derivations.behind(lines | formers_shown(scorecard, month))
    keys = on_board if only is None else on_board & set(only)
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
    polarities = {line.indicator: line.measure.polarity for line in stored.lines}
    goals: dict[tuple[int, int], Aim] = {
        (key, year): aim
        for key, by_year in stored.targets.items()
        for year, cell in by_year.items()
        if key in polarities and (aim := cell.terms.fixed_aim(polarities[key]))
    }
    changes: dict[int, list[Any]] = defaultdict(list)
    entries = MonthlyValue.history.filter(indicator_id__in=behind, month__lte=month)
    for entry in entries.select_related("history_user", "indicator").order_by("month", "history_date", "history_id"):
        changes[entry.indicator_id].append(entry)
    publications = Edition.history.filter(scorecard_id=scorecard.pk, state=EditionState.PUBLISHED, month__lte=month)
    peers = PeerFigure.objects.filter(indicator__in=keys, year__lte=financial_year(month))
    national: dict[int, list[NationalComparator]] = defaultdict(list)
    for one in NationalComparator.objects.filter(indicator__in=keys, year__lte=financial_year(month)).order_by("year"):
        national[one.indicator_id].append(one)
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
        national=national,
        history=changes,
        # The earliest entry comes last and stays.
        published=dict(publications.order_by("-history_date").values_list("month", "history_date")),
        with_names=with_names,
    )


@dataclass(frozen=True)
class PageDesk:
    """Everything that was read for pages of indicators, and how each is made from it.

    `lines` are those with a row of the report, `on_board` these and all that they are worked out from. `history` has
    every stored state of each indicator's figures by month, oldest first, `published` when each month's report was
    first published.
    """

    scorecard: Scorecard
    keys: set[int]
    lines: Collection[int]
    on_board: Collection[int]
    indicators: Mapping[int, Indicator]
    stored: Reading
    rows: Mapping[int, Row]
    readable: Collection[date]
    standings: Standings
    national: Mapping[int, Sequence[NationalComparator]]
    history: Mapping[int, Sequence[Any]]
    published: Mapping[date, datetime]
    with_names: bool
    rounded_to: int = 0

    def page(self, key: int, span: Span = DEFAULT_SPAN) -> IndicatorPage:
        """The page of one of the indicators."""
        indicator = self.indicators[key]
        line = line_of(indicator)
        measure = line.measure
        targets = dict(sorted(self.stored.targets.get(key, {}).items(), reverse=True))
        rebases = self.stored.rebases.get(key, {})
        behind = self.stored.derivations.behind([key])
        months, series = self._series(key, behind)
        places = own_places(months, measure.periods, current_place(series, months, measure.periods))
        # Mean and limits rest on no fewer periods than the report's signals do.
        # Mean and limits rest on no fewer periods than the report's signals do.
        shown = (Span.ALL if span is Span.ALL else DEFAULT_SPAN).latest(places, measure.periods)
        first = self.stored.first_judged(line, months[places[-1]])
        judged_on = [place for place in places if place >= shown[0] or months[place] >= first]
        figures = [(months[place], series[place]) for place in judged_on]
        baselines = baselines_begun(
            [month for month, _ in figures], self.stored.baselines.get(key, ()), measure.periods
        )
        row = self.rows[key] if key in self.lines else None
        if row is not None and row.target is not None:
            # With what it means for the period that the page is about.
            targets[row.rated_year] = row.target
        signal, judged = _judge(figures, measure, targets, rebases, baselines)
        adding = self._book.adding(key) if measure.accumulation is not Accumulation.NO else None
        said = self.stored.commentary.get(key, {})
        commentary = {month: text for month, text in said.items() if month in self.readable}
        history = [entry for one in sorted(behind) for entry in self.history.get(one, ())]
        return IndicatorPage(
            key=key,
            month=self.stored.month,
            measure=measure,
            kind=indicator.get_kind_display(),
            row=row,
            points=_with_baselines(_points(figures, judged, measure, targets, rebases, commentary, adding), baselines),
            signal=signal,
            targets=tuple(targets.values()),
            links=self._links(indicator),
            ranks=_ranks(key, self.standings, self._open_data_groups),
            national=_national(self.national.get(key, ()), self.stored.month, self.stored.all_groups),
            revisions=_revisions(history, self.published, with_names=self.with_names),
            council=self.scorecard.council,
            rounded_to=self.rounded_to,
            series_links=tuple(
                link._replace(has_page=link.key in self.on_board) for link in self.stored.series_links.get(key, ())
            ),
        )

    @cached_property
    def _open_data_groups(self) -> dict[GroupKind, PeerGroup]:
        """Those that open data have figures of, in the order of the council's groups."""
        return {group.kind: group for group in self.stored.all_groups.values() if group.kind is not GroupKind.OTHER}

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


def _judge(
    periods: Months,
    measure: Measure,
    targets: Mapping[int, TargetCell],
    rebases: Mapping[date, str],
    baselines: Sequence[tuple[int, Baseline]],
) -> tuple[SoundChart, list[SpcPoint | None]]:
    """The chart that is sound for all figures kept, and its point for each of them where it has one."""
    target = targets.get(measure.periods.year(periods[-1][0]))
    improvement, months = Improvement.of(measure.polarity), [month for month, _ in periods]
    figures = [figure for _, figure in periods]
    rebase_at = rebase_places(months, rebases)
    fixed = {place: baseline.periods for place, baseline in baselines}
    asked: dict[str, Any] = {
        "improvement": improvement,
        "target": _lasting_aim(target, measure),
        "rebase_at": rebase_at,
        "is_signed": measure.allows_negative,
        "season": season_of(measure.periods, months, is_seasonal=measure.is_seasonal),
        "fixed": fixed,
    }
    choice, result = draw_chart(figures, measure.unit, **asked)
    sound, examined = examine(figures, measure.unit, **asked)
    if examined is None and choice.chart in (Chart.G, Chart.NONE):
        # Mean and limits of a few figures are drawn, though they don't tell what is usual.
        choice, result = sound, None
    verdict = Verdict.of(choice.chart, result) if result else None
    is_judged = examined is not None and (examined.has_limits or examined.cause is not SpecialCause.NONE)
    since = max([*rebase_at, *fixed], default=0)
    if verdict and result and since in fixed and result.is_unusual_lately:
        verdict = verdict._replace(assurance=None)
    is_signed = measure.allows_negative
    move = None if is_judged else large_move(figures[since:], measure.unit, improvement, is_signed=is_signed)
    is_seasonal, because = (result.is_seasonal, result.not_seasonal_because) if result else (False, "")
    signal = SoundChart(choice, verdict, move, is_seasonal=is_seasonal, not_seasonal=because)
    points: list[SpcPoint | None] = list(result.points) if result is not None and signal.has_lines else []
    return signal, [None] * (len(periods) - len(points)) + points


def _with_baselines(points: tuple[Point, ...], baselines: Sequence[tuple[int, Baseline]]) -> tuple[Point, ...]:
    """The points, with what mean and limits are fixed on said where it begins."""
    found = list(points)
    for number, (start, baseline) in enumerate(baselines):
        # A later baseline ends one before it, as a rebase does.
        ends = [place for place in range(start + 1, len(points)) if points[place].rebase]
        ends += [baselines[number + 1][0]] if number + 1 < len(baselines) else []
        end = min([*ends, start + baseline.periods, len(points)])
        found[start] = replace(found[start], baseline=baseline.words(points[end - 1].month, end - start))
        found[start:end] = [replace(point, is_fixed_on=True) for point in found[start:end]]
    return tuple(found)


def _lasting_aim(target: TargetCell | None, measure: Measure) -> Aim | None:
    """What usual variation is held against: not a whole year's target, nor last year's figure, different every time."""
    if target is None or measure.polarity is Polarity.NEUTRAL or target.terms.rests_on is RestsOn.LAST_YEAR:
        return None
    is_to_date = measure.accumulation is not Accumulation.NO and target.terms.shape is not Shape.EVERY_PERIOD
    return None if is_to_date else target.aim(measure.polarity)


def _points(
    periods: Months,
    judged: Sequence[SpcPoint | None],
    measure: Measure,
    targets: Mapping[int, TargetCell],
    rebases: Mapping[date, str],
    commentary: Mapping[date, str],
    adding: Adding | None = None,
) -> tuple[Point, ...]:
    found = []
    before = date.min
    for (month, figure), point in zip(periods, judged, strict=True):
        target = targets.get(measure.periods.year(month))
        # What a whole year's target or another figure means for each month is not kept: no line is drawn for it.
        aim = target.terms.fixed_aim(measure.polarity) if target else None
        if target and target.meaning and target.terms.rests_on is RestsOn.COMPARATOR:
            aim = target.meaning.aim
        ends = aim.ends if aim else ()
        found.append(
            Point(
                month=month,
                figure=figure,
                text=measure.figure_text(figure, aim),
                lines=Lines(point.mean, point.lower_limit, point.upper_limit) if point else Lines(),
                cause=point.special_cause if point else SpecialCause.NONE,
                kind=point.point_type if point else PointType.COMMON_CAUSE,
                target=ends[0] if ends else None,
                target_upper=ends[1] if len(ends) > 1 else None,
                total=measure.figure_text(adding.total(month)) if adding else "",
                commentary=commentary.get(month, ""),
                rebase=" ".join(reason for start, reason in sorted(rebases.items()) if before < start <= month),
            )
        )
        before = month
    return tuple(found)


def _ranks(key: int, standings: Standings, known: Mapping[GroupKind, PeerGroup]) -> tuple[Rank, ...]:
    """The latest year in which the council stands anywhere with the indicator, in the groups that are `known`."""
    years = {year: groups for (owner, year), groups in standings.items() if owner == key}
    for year, groups in sorted(years.items(), reverse=True):
        ranks = [Rank(group, year, standing) for kind, group in known.items() if (standing := groups.get(kind))]
        if ranks:
            return tuple(ranks)
    return ()


def _national(
    stored: Sequence[NationalComparator], month: date, groups: Mapping[str, PeerGroup]
) -> tuple[ComparatorCell, ...]:
    """Each group's of the latest year; `stored` are in the order of their years, `groups` the council's in theirs."""
    latest = {one.group_id: one for one in stored}
    return tuple(
        ComparatorCell(
            group=group,
            value=exact(one.value),
            blank=None,
            year=one.year,
            source=one.source,
            basis=one.basis,
            on_basis=OnBasis(one.on_basis),
            note=one.note,
            is_stale=is_stale(one.year, month),
            comparison=NO_CHANGE_KNOWN,
            next_update=one.next_update,
        )
        for group in groups.values()
        if (one := latest.get(group.code))
    )


def _revisions(records: Iterable[Any], published: Mapping[date, datetime], *, with_names: bool) -> tuple[Revision, ...]:
    """The changes made after a figure was first published, newest first.

    `records` are sorted by indicator and month, oldest first. A month's figure was published with the first report on
    it or a later month, for a report shows the months before it too; changes before that are left out.
    """
    found: list[Revision] = []
    for (_, month), states in groupby(records, key=lambda record: (record.indicator_id, record.month)):
        published_at = min((moment for edition, moment in published.items() if edition >= month), default=None)
        if published_at is None:
            continue
        before = NOTHING
        for record in states:
            after = NOTHING if record.history_type == "-" else amount_in_words(record)
            if after != before and record.history_date > published_at:
                found.append(
                    Revision(
                        at=record.history_date,
                        reference=record.indicator.reference,
                        month=month,
                        before=before,
                        after=after,
                        who=str(record.history_user or "The system") if with_names else "",
                        why=(record.history_change_reason or "") if with_names else "",
                    )
                )
            before = after
    return tuple(sorted(found, key=lambda revision: revision.at, reverse=True))
