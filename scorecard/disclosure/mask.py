"""Masking: a report or page with what a plan suppresses left out. Nothing is worked out anew from a hidden figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from indicators.calculations.aims import Meaning
from indicators.calculations.averages import Summary
from indicators.calculations.change import SUPPRESSED_CHANGE
from indicators.calculations.figures import Figure
from indicators.calculations.measure import Measure
from indicators.calculations.periods import Periods
from indicators.calculations.row import ComparatorCell, SeriesLink, TargetCell
from indicators.calculations.signal import Signal
from indicators.calculations.spc import Chart, ChartChoice, PointType, SpecialCause
from indicators.calculations.totals import RunningTotals
from indicators.calculations.vocabulary import Blank, Rating, RestsOn, Shape
from scorecard.indicator_page import IndicatorPage
from scorecard.indicator_page.facts import Lines, Link, Revision, SoundChart
from scorecard.report import BoardReport, Row
from scorecard.report.board import Focus
from scorecard.report.one_fact import Kinship, judge_followers, judged_alone
from scorecard.report.short_forms import occurring, texts_of

from .plan import Mask
from .texts import SUPPRESSED_TEXT
from .wording import is_small_number_in

HIDDEN = Figure(None, Blank.SUPPRESSED)
_RATED = (Rating.GREEN, Rating.AMBER, Rating.RED)


def mask_report(report: BoardReport, plan: Mask) -> BoardReport:
    """The report as the public may have it."""
    rows = {key: _row(row, report.month, plan) for key, row in report.by_indicator.items()}
    # What is said of a count must not tell of a share that is hidden, nor that its hidden numerators are the count.
    rows = judge_followers({key: judged_alone(row) for key, row in rows.items()}, Kinship(rows, report.derivations))
    masked = replace(
        report,
        summary=_text(report.summary, plan, "summary"),
        areas_of_focus=tuple(_focus(focus, number, plan) for number, focus in enumerate(report.areas_of_focus)),
        sections=tuple(
            replace(
                section,
                title=_text(section.title, plan, "section", section.title),
                rows=tuple(rows[row.indicator] for row in section.rows),
            )
            for section in report.sections
        ),
    )
    # One that only a withheld text has would tell of it.
    return replace(masked, short_forms=occurring(report.short_forms, texts_of(masked)))


def mask_page(page: IndicatorPage, plan: Mask) -> IndicatorPage:
    """An indicator's page as the public may have it."""
    figures = [_figure(page.key, point.month, point.figure, plan) for point in page.points]
    points = tuple(
        replace(
            point,
            figure=figure,
            text=SUPPRESSED_TEXT if (page.key, point.month) in plan.hidden else point.text,
            total=SUPPRESSED_TEXT
            if point.total
            and any((page.key, one) in plan.hidden for one in _year_so_far(page.measure.periods, point.month))
            else point.total,
            commentary=_text(point.commentary, plan, "commentary", page.key, point.month),
            rebase=_text(point.rebase, plan, "rebase", page.key, point.month),
            baseline=_text(point.baseline, plan, "baseline", page.key, point.month),
        )
        for point, figure in zip(page.points, figures, strict=True)
    )
    signal = page.signal
    if any((page.key, point.month) in plan.hidden for point in page.points):
        # Mean, limits and marks rest on all points.
        signal = SoundChart(ChartChoice(Chart.NONE, plan.because), None)
        points = tuple(
            replace(point, lines=Lines(), cause=SpecialCause.NONE, kind=PointType.COMMON_CAUSE) for point in points
        )
    row = None if page.row is None else _row(page.row, page.month, plan)
    return replace(
        page,
        measure=_measure(page.key, page.measure, plan),
        row=row,
        points=points,
        signal=signal,
        # The row's own says what it means for the row's figure, which can be last year's hidden one.
        targets=tuple(
            row.target if page.row and row and row.target and cell == page.row.target else _target(page.key, cell, plan)
            for cell in page.targets
        ),
        series_links=_series_links(page.key, page.series_links, plan),
        links=page.links._replace(
            numerators=_links(page.links.numerators, plan),
            denominators=_links(page.links.denominators, plan),
            feeds=_links(page.links.feeds, plan),
        ),
        national=tuple(
            cell._replace(
                note=_text(cell.note, plan, "national", page.key, cell.group.code),
                source=_text(cell.source, plan, "source", page.key, cell.source),
            )
            for cell in page.national
        ),
        revisions=tuple(_revision(page.key, revision, plan) for revision in page.revisions),
    )


def _year_so_far(periods: Periods, month: date) -> list[date]:
    """The due months of a year up to one: a total of them less what is shown tells what is hidden."""
    return [due for due in periods.due_in_year(periods.year(month)) if due <= month]


def _text(text: str, plan: Mask, *place: object) -> str:
    return plan.wordings.get(place, text)


def _measure(key: int, measure: Measure, plan: Mask) -> Measure:
    return measure._replace(
        title=_text(measure.title, plan, "title", key),
        definition=_text(measure.definition, plan, "definition", key),
        outcome=_text(measure.outcome, plan, "outcome", key),
        note=_text(measure.note, plan, "note", key),
        seasonal_reason=_text(measure.seasonal_reason, plan, "season", key),
    )


def _focus(focus: Focus, number: int, plan: Mask) -> Focus:
    return replace(
        focus,
        title=_text(focus.title, plan, "focus", number, "title"),
        detail=_text(focus.detail, plan, "focus", number, "detail"),
        response=_text(focus.response, plan, "focus", number, "response"),
        updates=tuple(
            replace(update, text=_text(update.text, plan, "update", number, place))
            for place, update in enumerate(focus.updates)
        ),
    )


def _row(row: Row, month: date, plan: Mask) -> Row:
    key = row.indicator

    def touches(months: Iterable[date]) -> bool:
        return any((key, month) in plan.hidden for month in months)

    now = touches([row.current_month])
    by_year = now or touches([row.year_before])
    periods = row.measure.periods
    this_year = touches(_year_so_far(periods, row.current_month))
    last_year = touches(periods.due_in_year(periods.year(row.current_month) - 1))
    # What the target means would tell last year's figure.
    tells = row.target is not None and (
        row.target.terms.rests_on is RestsOn.LAST_YEAR or row.target.terms.shape is Shape.LAST_YEAR
    )
    is_told = tells and (by_year or last_year)
    target = None if row.target is None else _target(key, row.target, plan)
    if is_told and target is not None:
        target = target._replace(meaning=Meaning(None, "suppressed: confidential"))
    not_rated = is_told or (this_year if row.is_judged_to_date else now)
    averaged = row.months[-row.summary.window :]
    is_judged = any(one == key and row.examined_since <= month <= row.current_month for one, month in plan.hidden)
    return row._replace(
        measure=_measure(key, row.measure, plan),
        figures=tuple(_figure(key, month, figure, plan) for month, figure in zip(row.months, row.figures, strict=True)),
        change_month=SUPPRESSED_CHANGE if now or touches([row.previous_month]) else row.change_month,
        change_year=SUPPRESSED_CHANGE if by_year else row.change_year,
        summary=Summary(None, None, 0, row.summary.window, suppressed=True) if touches(averaged) else row.summary,
        comparators=tuple(_comparator(key, cell, plan, now=now) for cell in row.comparators),
        targets=tuple(
            target if cell == row.target else None if cell is None else _target(key, cell, plan) for cell in row.targets
        ),
        latest_target=None if row.latest_target is None else _target(key, row.latest_target, plan),
        target=target,
        rating=Rating.SUPPRESSED if not_rated and row.rating in _RATED else row.rating,
        commentary=_text(row.commentary, plan, "commentary", key, month),
        signal=_NO_SIGNAL._replace(because=plan.because) if is_judged else _signal(key, row.signal, plan),
        year_before_value=None if by_year else row.year_before_value,
        breaks=tuple(one._replace(reason=_text(one.reason, plan, "break", key, one.month)) for one in row.breaks),
        totals=row.totals
        and RunningTotals(
            to_date=HIDDEN if this_year else row.totals.to_date,
            last_year=HIDDEN if last_year else row.totals.last_year,
            whole_last_year=HIDDEN if last_year else row.totals.whole_last_year,
            before=HIDDEN if this_year else row.totals.before,
        ),
        earlier=tuple(one._replace(figure=_figure(key, one.month, one.figure, plan)) for one in row.earlier),
        series_links=_series_links(key, row.series_links, plan),
    )


def _series_links(key: int, links: Iterable[SeriesLink], plan: Mask) -> tuple[SeriesLink, ...]:
    return tuple(
        link._replace(
            title=_text(link.title, plan, "title", link.key),
            note=_text(link.note, plan, "succession", key, link.key),
        )
        for link in links
    )


def _links(links: Iterable[Link], plan: Mask) -> tuple[Link, ...]:
    return tuple(link._replace(title=_text(link.title, plan, "title", link.key)) for link in links)


def _signal(key: int, signal: Signal, plan: Mask) -> Signal:
    if signal.baseline is None:
        return signal
    reason = _text(signal.baseline.reason, plan, "fixed", key)
    return signal._replace(baseline=signal.baseline._replace(reason=reason))


_NO_SIGNAL = Signal(
    variation=None,
    assurance=None,
    trial=False,
    has_limits=False,
    chart=Chart.NONE,
    because="",
    cause=SpecialCause.NONE,
    suppressed=True,
)


def _figure(key: int, month: date, figure: Figure, plan: Mask) -> Figure:
    if (key, month) in plan.hidden:
        return HIDDEN._replace(note=plan.tombstones.get((key, month), ""))
    if figure.value is None:
        # What is divided by 0 has no figure, and yet a numerator.
        figure = figure._replace(numerator=None, denominator=None)
    return figure._replace(note=_text(figure.note, plan, "note", key, month))


def _comparator(key: int, cell: ComparatorCell | None, plan: Mask, *, now: bool) -> ComparatorCell | None:
    """Others' figures stay; how the council stands beside them doesn't."""
    if cell is None:
        return None
    comparison = SUPPRESSED_CHANGE if now and cell.comparison.movement is not None else cell.comparison
    return cell._replace(
        note=_text(cell.note, plan, "note", key, cell.group.code),
        source=_text(cell.source, plan, "source", key, cell.source),
        comparison=comparison,
    )


def _target(key: int, cell: TargetCell, plan: Mask) -> TargetCell:
    return cell._replace(note=_text(cell.note, plan, "note", key, cell.year))


def _revision(key: int, revision: Revision, plan: Mask) -> Revision:
    """That a figure was revised stays; from what to what only where neither it nor its relatives are suppressed."""
    texts = revision.before, revision.after
    # A revision can be of a part, which is named by its reference only, so it counts as its indicator's own.
    if (key, revision.month) in plan.unsafe_revisions or any(
        is_small_number_in(text, plan.largest_small) for text in texts
    ):
        return revision._replace(before=SUPPRESSED_TEXT, after=SUPPRESSED_TEXT, why="")
    return revision
