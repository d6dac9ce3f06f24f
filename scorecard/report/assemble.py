"""Puts a report together: reads in a fixed number of queries, computes, and returns plain data."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

from django.utils.text import slugify

from commentary.focus import FocusKind
from commentary.models import FocusUpdate
from indicators.calculations.aims import Basis, meaning_of
from indicators.calculations.averages import summarise
from indicators.calculations.basis import Published, known_basis
from indicators.calculations.change import Break, breaks_between, change, compare, is_stale
from indicators.calculations.disclosure import BASE
from indicators.calculations.exact import Exact, exact
from indicators.calculations.figures import Figure
from indicators.calculations.months import add_months, financial_year, months_ending
from indicators.calculations.rating import Aim, rate
from indicators.calculations.row import (
    MONTHS_AVERAGED,
    MONTHS_IN_TREND,
    PERIODS_IN_TREND,
    ComparatorCell,
    PeerGroup,
    PeriodFigure,
    Row,
    TargetCell,
)
from indicators.calculations.series import StoredValue, current_place, own_places, value_in
from indicators.calculations.signal import Usual, season_of, signal_of, usual_of
from indicators.calculations.totals import Adding
from indicators.calculations.vocabulary import (
    Accumulation,
    Blank,
    ComparatorPeriod,
    OnBasis,
    Polarity,
    RestsOn,
    Shape,
    Unit,
)
from indicators.models import Indicator
from indicators.one_moment import one_moment
from scorecard.council.look import OWN_LOOK, look
from scorecard.models import CouncilDetails, Edition, Scorecard

from .board import BoardReport, Derivation, Focus, FocusNote, ReportSection
from .one_fact import Kinship, judge_followers, tells_enough
from .reading import LineRecord, Reading, lines_of, read, read_derivations, read_glossary
from .short_forms import occurring, texts_of

_ON_BASIS = {member.value: member for member in OnBasis}
_PERIODS = {"": None} | {member.value: member for member in ComparatorPeriod}


def assemble_report(
    scorecard: Scorecard, month: date, rounded: Mapping[tuple[int, date], Exact] | None = None
) -> BoardReport:
    """The scorecard's report for a month; with `rounded` from counts to the nearest 5 (`SeriesBook`).

    Every figure is computed from what is stored now. A month without any figures gives a
    report of blanks; which months have some, `Scorecard.months_with_figures` tells.
    """
    with _cycle_collector_paused():
        with one_moment():
            year_starts = CouncilDetails.first_month()
            stored = read(scorecard, month, lines_of(scorecard, month), read_derivations(), year_starts=year_starts)
            stored = replace(stored, rounded=rounded)
            edition = scorecard.editions.filter(month=month).select_related("overview").first()
            focus = focus_of(scorecard, month, final_day_of(edition, month))
            glossary = read_glossary()
        derivations = tuple(
            Derivation(key, recipe.numerators, recipe.denominators, recipe.population is not None)
            for key, recipe in sorted(stored.recipes.items())
        )
        alone = dict(Rows(stored))
        rows = judge_followers(alone, Kinship(alone, derivations))
        report = BoardReport(
            slug=scorecard.slug,
            title=scorecard.title,
            council=scorecard.council,
            panel=scorecard.panel,
            region=scorecard.region,
            month=month,
            meeting_date=edition.meeting_date if edition else None,
            summary=edition.overview.summary if edition and edition.overview else "",
            areas_of_focus=focus,
            months=months_ending(month, MONTHS_IN_TREND),
            target_years=stored.target_years,
            financial_year=financial_year(month, year_starts),
            sections=tuple(
                ReportSection(f"{slugify(title)}-{pk}", title, tuple(rows[line.indicator] for line in members))
                for (pk, title), members in groupby(stored.lines, key=lambda line: line.section)
            ),
            council_code=scorecard.council_code,
            region_code=scorecard.region_code,
            derivations=derivations,
            groups=tuple(stored.groups),
            year_starts=year_starts,
            rounded_to=0 if rounded is None else BASE,
        )
        return replace(report, short_forms=occurring(glossary, texts_of(report)))


@contextmanager
def _cycle_collector_paused() -> Iterator[None]:
    """Nothing in a report refers back to what holds it, and looking for that costs a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            # What was made counts as old: otherwise the next thing that anybody makes has all of it looked through.
            gc.freeze()
            gc.unfreeze()
            gc.enable()


class Rows(Mapping[int, Row]):
    """The row of each indicator that follows from what was read, worked out when it is first asked for.

    What is `supposing` counts as if it were stored.
    """

    def __init__(self, stored: Reading, supposing: Iterable[StoredValue] = ()) -> None:
        self.stored = stored
        self.book = stored.series_book(supposing)
        self.months = self.book.months[-MONTHS_IN_TREND:]
        self._lines = {line.indicator: line for line in stored.lines}
        self._rows: dict[int, Row] = {}

    def __getitem__(self, indicator: int) -> Row:
        row = self._rows.get(indicator)
        if row is None:
            row = self._rows[indicator] = self._row(self._lines[indicator])
        return row

    def __iter__(self) -> Iterator[int]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def figure(self, indicator: int) -> Figure:
        """The figure of the reading's own month, also where the row is about an earlier period."""
        return self.book.series(indicator)[-1]

    def _row(self, line: LineRecord) -> Row:
        measure, months = line.measure, self.book.months
        periods = measure.periods
        series = self.book.series(line.indicator)
        place = current_place(series, months, periods)
        value = series[place].value
        now = months[place]
        rated_year = periods.year(now)
        targets = self.stored.targets.get(line.indicator, {})
        target = targets.get(rated_year)
        month_before, month_year_before = periods.previous(now), periods.year_before(now)
        before, year_before = (value_in(series, months, one) for one in (month_before, month_year_before))
        breaks = tuple(Break(*one) for one in self.stored.rebases.get(line.indicator, {}).items())
        # Counted otherwise, a figure is higher or lower than before, but neither better nor worse.
        judged_month, judged_year = (
            Polarity.NEUTRAL if breaks_between(breaks, earlier, now) else measure.polarity
            for earlier in (month_before, month_year_before)
        )
        adding = self.book.adding(line.indicator) if measure.accumulation is not Accumulation.NO else None
        target = target and self._meant(line, target, now, year_before, breaks, adding)
        aim = target.aim(measure.polarity) if target else None
        # A total so far says nothing of one period's figure, nor last year's figure of those to come.
        goal = None if target and adding and target.terms.shape is not Shape.EVERY_PERIOD else aim
        lasting = None if target and target.terms.rests_on is RestsOn.LAST_YEAR else goal
        totals = adding.totals(now) if adding else None
        is_to_date = target is not None and totals is not None and target.terms.shape is not Shape.EVERY_PERIOD
        judged_value = totals.to_date.value if is_to_date and totals else value
        # The columns are of the report's years; one of another year stands where it is that of the report's month.
        ahead = self.stored.ahead(line)
        own = own_places(months, periods, place)
        trend = () if periods.is_monthly else own[-PERIODS_IN_TREND:]
        return Row(
            indicator=line.indicator,
            measure=measure,
            months=self.months,
            figures=series[-MONTHS_IN_TREND:],
            current=place - len(series) + MONTHS_IN_TREND,
            change_month=change(value, before, judged_month, goal, is_signed=measure.allows_negative),
            change_year=change(value, year_before, judged_year, goal, is_signed=measure.allows_negative),
            summary=summarise([figure.value for figure in series[-MONTHS_AVERAGED:]]),
            comparators=tuple(self._comparator(line, group, value, goal) for group in self.stored.groups),
            targets=tuple(
                target if target and year + ahead == rated_year else targets.get(year + ahead)
                for year in self.stored.target_years
            ),
            latest_target=targets[max(targets)] if targets else None,
            target=target,
            rating=rate(judged_value, target.terms if target else None, measure.polarity, aim),
            rated_year=rated_year,
            commentary=self.stored.commentary.get(line.indicator, {}).get(self.stored.month, ""),
            signal=signal_of(**self._judged(line, own), polarity=measure.polarity, target=lasting),
            year_before_value=year_before,
            breaks=breaks,
            earlier=tuple(
                PeriodFigure(months[one], series[one]) for one in trend if one < len(series) - MONTHS_IN_TREND
            ),
            series_links=tuple(self.stored.series_links.get(line.indicator, ())),
            totals=totals,
        )

    @cached_property
    def entered_counts(self) -> Mapping[int, int]:
        """By line that is entered with both numbers, the one count that has been its numerator month by month."""
        alike: dict[tuple[Exact | None, ...], list[int]] = defaultdict(list)
        figures = {key: self.book.series(key)[-MONTHS_IN_TREND:] for key in self._lines}
        for key, line in self._lines.items():
            if line.measure.unit is Unit.COUNT:
                alike[tuple([figure.value for figure in figures[key]])].append(key)
        found = {}
        for key, line in self._lines.items():
            if line.measure.unit is not Unit.COUNT and key not in self.stored.derivations.parts:
                entered = tuple([figure.numerator for figure in figures[key]])
                if tells_enough(entered) and len(alike[entered]) == 1:
                    (found[key],) = alike[entered]
        return found

    @cached_property
    def counts_entered_elsewhere(self) -> Collection[int]:
        return frozenset(self.entered_counts.values())

    def usual(self, indicator: int) -> Usual | None:
        """The limits by which the signal of the indicator's row judges its latest figure; None where none does."""
        line, months = self._lines[indicator], self.book.months
        periods = line.measure.periods
        own = own_places(months, periods, current_place(self.book.series(indicator), months, periods))
        return usual_of(**self._judged(line, own))

    def _judged(self, line: LineRecord, own: Sequence[int]) -> dict[str, Any]:
        """The figures that the signal looks at, out of those at `own` places, and how it judges them."""
        measure, months, series = line.measure, self.book.months, self.book.series(line.indicator)
        first = self.stored.first_judged(line, months[own[-1]])
        judged = [one for one in own if months[one] >= first]
        judged_months = [months[one] for one in judged]
        return {
            "figures": [series[one] for one in judged],
            "months": judged_months,
            "unit": measure.unit,
            "rebases": self.stored.rebases.get(line.indicator, ()),
            "is_signed": measure.allows_negative,
            "season": season_of(measure.periods, judged_months, is_seasonal=measure.is_seasonal),
            "baselines": self.stored.baselines.get(line.indicator, ()),
            "periods": measure.periods,
        }

    def _meant(
        self,
        line: LineRecord,
        target: TargetCell,
        month: date,
        year_before: Exact | None,
        breaks: Sequence[Break],
        adding: Adding | None,
    ) -> TargetCell:
        """The target with what it means for the period whose figure is due in the month."""
        terms, measure, basis = target.terms, line.measure, None
        if terms.is_fixed or terms.is_tbc:
            return target
        if terms.rests_on is RestsOn.LAST_YEAR:
            is_to_date = adding is not None and terms.shape is not Shape.EVERY_PERIOD
            before = measure.periods.year_before(month)
            name = f"last year’s {'total up to' if is_to_date else 'figure,'} {measure.periods.of(before).said}"
            value = adding.total(before).value if is_to_date and adding else year_before
            since = measure.periods.due_in_year(measure.periods.year(before))[0] if is_to_date else before
            missing = f"{name} is missing"
            if breaks_between(breaks, since, month):
                value, missing = None, f"{name} was counted otherwise"
            basis = Basis(value, name, missing)
        elif terms.rests_on is RestsOn.COMPARATOR:
            basis = self._basis_of_comparator(line, terms.group, terms.group_name)
        return target._replace(
            meaning=meaning_of(terms, measure.polarity, measure.periods, month, adding=adding, basis=basis)
        )

    def _basis_of_comparator(self, line: LineRecord, group: str, name: str) -> Basis:
        stored = self.stored.comparators.get((line.indicator, group))
        cell = None if stored is None else self._comparator(line, PeerGroup(group, name, name, name), None, None)
        if cell is None or cell.value is None:
            return Basis(None, name, f"there is no figure of {name}")
        if cell.on_basis is not OnBasis.YES:
            return Basis(None, name, f"the figure of {name} is not known to be on the row’s basis")
        return Basis(cell.value, f"{name}, {cell.year_text}")

    def _comparator(
        self,
        line: LineRecord,
        group: PeerGroup,
        ours: Exact | None,
        goal: Aim | None,
    ) -> ComparatorCell | None:
        measure = line.measure
        stored = self.stored.comparators.get((line.indicator, group.code))
        if stored is None:
            return None
        year, value, blank, source, basis, said, note, next_update, parts, period, rule = stored
        published = Published(parts, _PERIODS[period], rule)
        # What is stored of a figure that was worked out is rounded to what a table can keep.
        theirs = published.value if parts else None
        if theirs is None and value is not None:
            theirs = exact(value)
        on_basis = known_basis(_ON_BASIS[said], published, measure.frequency, measure.unit, measure.accumulation)
        return ComparatorCell(
            group=group,
            value=theirs,
            blank=Blank(blank) if blank else None,
            year=year,
            source=source,
            basis=basis,
            on_basis=on_basis,
            note=note,
            is_stale=is_stale(year, self.stored.month, measure.year_starts),
            comparison=compare(ours, theirs, measure.polarity, on_basis, goal, is_signed=measure.allows_negative),
            year_starts=measure.year_starts,
            next_update=date.fromisoformat(next_update) if isinstance(next_update, str) else next_update,
            published=published,
        )


def final_day_of(edition: Edition | None, month: date) -> date:
    """The day up to which a month's report tells of areas of focus: its meeting's, or else the month's last."""
    meeting_date = edition.meeting_date if edition else None
    return meeting_date or add_months(month, 1) - timedelta(days=1)


def focus_of(scorecard: Scorecard, first_day: date, final_day: date) -> tuple[Focus, ...]:
    """The areas of focus and questions that the month's report shows, with updates up to its final day."""
    areas = list(scorecard.areas_of_focus.open_in(first_day, final_day).select_related("owner"))
    updates: dict[int, list[FocusNote]] = defaultdict(list)
    for update in FocusUpdate.objects.filter(area__in=areas, date__lte=final_day):
        updates[update.area_id].append(FocusNote(update.date, update.text))
    references: dict[int, list[str]] = defaultdict(list)
    for area, reference in (
        Indicator.objects.filter(areas_of_focus__in=areas)
        .order_by("reference")
        .values_list("areas_of_focus", "reference")
    ):
        references[area].append(reference)
    words = look() if areas else OWN_LOOK
    return tuple(
        Focus(
            title=area.title,
            response=area.response,
            raised_by=words.said(area.get_raised_by_display()),
            updates=tuple(updates[area.pk]),
            references=tuple(references[area.pk]),
            kind=FocusKind(area.kind),
            detail=area.detail,
            owner=area.owner.name_in_reports if area.owner else "",
            due_on=area.due_on,
            opened_on=area.opened_on,
            asked_in=area.asked_in,
            closed_on=area.closed_on if area.closed_on and area.closed_on <= final_day else None,
        )
        for area in areas
    )
