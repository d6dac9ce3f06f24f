"""Which reports that are published, or lines that are signed off, a target, a comparator or a population reaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Model, Q

from commentary.models import SignOff
from commentary.sign_off import Step
from indicators.calculations.cautions import REACHES, Caution
from indicators.calculations.figures import Figure
from indicators.calculations.months import add_months, financial_year
from indicators.calculations.periods import Periods, read_due_months
from indicators.calculations.vocabulary import Blank, Frequency, RestsOn
from indicators.models import TARGET_NUMBERS, TARGET_WORDS, Comparator, Indicator, Population, Target
from indicators.reasons import RowChange
from indicators.resources.figures import MOST_KEYS
from scorecard.models import Edition, EditionState, Line
from scorecard.report.reading import TARGET_YEARS_SHOWN, read_derivations

from .asking import figures_published

# What a report takes of each kind of row; a note, a source or a stage changes no value.
_CONTENT: dict[type[Any], Sequence[str]] = {
    Target: ("indicator_id", "year", "is_tbc", *TARGET_NUMBERS, *TARGET_WORDS),
    Comparator: ("indicator_id", "group_id", "year", "value", "blank", "on_basis"),
    Population: ("group_id", "year", "people"),
}
MOST_NAMED = 5


def ask_what_is_reached(changes: Sequence[RowChange]) -> Iterator[tuple[int, Caution]]:
    """Asks about each change of a value that a published report shows, or that was there when a line was signed off.

    A value that stays as it is asks nothing, nor does one that reaches no such report. A fixed number of queries; for
    populations also one for each scorecard's latest report.
    """
    differing = [(place, change) for place, change in enumerate(changes) if _content(change[0]) != _content(change[1])]
    rows = [row for _, change in differing for row in change if type(row) in _CONTENT]
    if not rows:
        return
    reports = _Reports(rows)
    for place, change in differing:
        published: set[tuple[str, date]] = set()
        signed: set[tuple[str, date]] = set()
        for row in filter(None, change):
            published |= reports.published_with(row)
            signed |= reports.signed_with(row)
        told = [
            f"This reaches {what}: {_spans(found)}."
            for what, found in (("what is published", published), ("what is signed off", signed))
            if found
        ]
        if told:
            about = f"{[_content(row) for row in change]} {sorted(published)} {sorted(signed)}"
            yield place, Caution(REACHES, " ".join(told), about)


def _content(row: Model | None) -> tuple[Any, ...] | None:
    """What reports take of a row; None where there is none, or where they take nothing."""
    names = _CONTENT.get(type(row))
    return None if names is None else tuple(getattr(row, name) for name in names)


class _Own(NamedTuple):
    """When an indicator has figures, and is reported."""

    periods: Periods
    active_from: date | None
    active_to: date | None

    def is_reported_in(self, month: date) -> bool:
        after, before = self.active_from, self.active_to
        return (after is None or after <= month) and (before is None or month <= before)


class _Reports:
    """What is published, and signed off, of all that the rows say something of."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._groups = {row.group_id for row in rows if isinstance(row, Population)}
        self._with_comparators = any(isinstance(row, Comparator) for row in rows)
        derivations = read_derivations() if self._groups else None
        on_group: dict[int, set[int]] = defaultdict(set)
        if derivations:
            worked_out = Indicator.objects.filter(population__in=self._groups).order_by()
            for group, key in worked_out.values_list("population_id", "pk"):
                on_group[group].add(key)
        self._rates = {group: derivations.following(keys) for group, keys in on_group.items() if derivations}
        self.keys = {row.indicator_id for row in rows if not isinstance(row, Population)}.union(*self._rates.values())
        self._own = self._read_own()
        self._on: dict[int, list[int]] = defaultdict(list)
        lines = Line.objects.filter(**self._of("indicator")).order_by()
        for scorecard, key in lines.values_list("section__scorecard", "indicator").distinct():
            self._on[key].append(scorecard)
        self._read_editions()

    def _of(self, name: str) -> dict[str, Any]:
        """Names the indicators to a query; of very many all are read."""
        return {f"{name}__in": self.keys} if len(self.keys) <= MOST_KEYS else {}

    def _read_own(self) -> Mapping[int, _Own]:
        names = ("pk", "frequency", "year_starts", "due_months", "active_from", "active_to")
        return {
            key: _Own(Periods(Frequency(frequency), starts, read_due_months(due)), since, until)
            for key, frequency, starts, due, since, until in Indicator.objects.filter(**self._of("pk"))
            .order_by()
            .values_list(*names)
        }

    def _read_editions(self) -> None:
        self._titles: dict[int, str] = {}
        self._group_codes: dict[int, Collection[str]] = {}
        self._published: dict[int, list[date]] = defaultdict(list)
        self._open: dict[int, list[date]] = defaultdict(list)
        found = Edition.objects.filter(Q(publications__number=1) | ~Q(state=EditionState.PUBLISHED))
        for edition in found.select_related("scorecard").order_by("month"):
            self._titles[edition.scorecard_id] = edition.scorecard.title
            self._group_codes[edition.scorecard_id] = edition.scorecard.group_codes
            is_out = edition.state == EditionState.PUBLISHED
            (self._published if is_out else self._open)[edition.scorecard_id].append(edition.month)

    @cached_property
    def _signed(self) -> Collection[tuple[int, date]]:
        """The lines that are signed off in months that are being collected or reviewed."""
        months = {month for of in self._open.values() for month in of}
        if not months:
            return frozenset()
        taken = SignOff.objects.filter(step=Step.APPROVED, month__in=months, **self._of("indicator")).order_by()
        return frozenset(taken.values_list("indicator_id", "month"))

    @cached_property
    def _comparators(self) -> Mapping[tuple[int, str], list[tuple[int, int]]]:
        """Of each indicator and group the comparators with a figure, as key and year."""
        found: dict[Any, list[tuple[int, int]]] = defaultdict(list)
        stored = Comparator.objects.filter(value__isnull=False, **self._of("indicator")).order_by()
        for key, indicator, group, year in stored.values_list("pk", "indicator_id", "group_id", "year"):
            if year is not None:
                found[indicator, group].append((key, year))
        return found

    @cached_property
    def _aimed_at(self) -> Collection[tuple[int, Any]]:
        """The comparators that targets rest on, as indicator and group: they count whether they are shown or not."""
        resting = Target.objects.filter(rests_on=RestsOn.COMPARATOR, **self._of("indicator")).order_by()
        return frozenset(resting.values_list("indicator_id", "group_id"))

    @cached_property
    def _estimates(self) -> Mapping[int, list[tuple[int, int]]]:
        """Of each group the estimates that there are, as key and year."""
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for key, group, year in Population.objects.filter(group__in=self._groups).values_list("pk", "group_id", "year"):
            found[group].append((key, year))
        return found

    @cached_property
    def _figures(self) -> Mapping[int, list[tuple[str, date, Figure]]]:
        """The figures of rates as they are published: the report's scorecard, month and figure."""
        rates = set[int]().union(*self._rates.values())
        found: dict[int, list[tuple[str, date, Figure]]] = defaultdict(list)
        for (key, month), shown in figures_published(rates).items():
            found[key].append((shown.scorecard, month, shown.figure))
        return found

    def published_with(self, row: Any) -> set[tuple[str, date]]:
        """The scorecards and months of the published reports, of a population of the published figures."""
        if isinstance(row, Population):
            return {
                (title, month)
                for key in self._rates.get(row.group_id, ())
                for title, month, figure in self._figures.get(key, ())
                if self._serves(row, key, month) and self._is_worked_on(row, figure, key, month)
            }
        key = row.indicator_id
        return {
            (self._titles[scorecard], month)
            for scorecard in self._on[key]
            for month in self._published.get(scorecard, ())
            if self._is_in_report(row, key, scorecard, month)
        }

    def signed_with(self, row: Any) -> set[tuple[str, date]]:
        """The scorecards and months of the lines that are signed off."""
        keys = self._rates.get(row.group_id, ()) if isinstance(row, Population) else (row.indicator_id,)
        return {
            (self._titles[scorecard], month)
            for key in keys
            for scorecard in self._on[key]
            for month in self._open.get(scorecard, ())
            if (key, month) in self._signed
            and (
                self._serves(row, key, month)
                if isinstance(row, Population)
                else self._is_in_report(row, key, scorecard, month)
            )
        }

    def _is_in_report(self, row: Target | Comparator, key: int, scorecard: int, month: date) -> bool:
        own = self._own[key]
        if not own.is_reported_in(month):
            return False
        year = financial_year(month, own.periods.year_starts)
        if isinstance(row, Target):
            # It has columns of several years, and judges the figure that was due last.
            return min(year - TARGET_YEARS_SHOWN + 1, own.periods.year(own.periods.due(month))) <= row.year <= year
        group = row.group_id
        if group not in self._group_codes[scorecard] and (key, group) not in self._aimed_at:
            return False
        # The latest year's counts; one without a figure gives way to any that has one.
        since = -1 if row.year is None or row.value is None else row.year
        later = (other for pk, other in self._comparators.get((key, group), ()) if pk != row.pk and since < other)
        return (row.year is None or row.year <= year) and not any(other <= year for other in later)

    def _serves(self, row: Population, key: int, month: date) -> bool:
        """Whether a month's rate is worked on the estimate: that of its year, or the latest one before it."""
        year = self._own[key].periods.year(month)
        others = (other for pk, other in self._estimates.get(row.group_id, ()) if pk != row.pk)
        return row.year <= year and not any(row.year < other <= year for other in others)

    def _is_worked_on(self, row: Population, figure: Figure, key: int, month: date) -> bool:
        """Whether a published figure is another with another estimate; or there was none for want of one."""
        if figure.value is not None or figure.blank is Blank.SUPPRESSED:
            return True
        year = self._own[key].periods.year(month)
        is_first = all(pk == row.pk or other > year for pk, other in self._estimates.get(row.group_id, ()))
        return is_first and figure.blank is not Blank.NOT_DUE


def _spans(found: Collection[tuple[str, date]]) -> str:
    """Scorecards with their months: “Panel”, October 2020 to January 2021; “Corporate”, January 2021."""
    by_title: dict[str, list[date]] = defaultdict(list)
    for title, month in sorted(found):
        by_title[title].append(month)
    return "; ".join(f"“{title}”, {_months(months)}" for title, months in by_title.items())


def _months(months: Sequence[date]) -> str:
    """Months in order, those that follow each other as a span; of very many the first ones and how many more."""
    spans: list[list[date]] = []
    for month in months:
        if spans and month == add_months(spans[-1][-1], 1):
            spans[-1].append(month)
        else:
            spans.append([month])
    named = [f"{one[0]:%B %Y}" + (f" to {one[-1]:%B %Y}" if len(one) > 1 else "") for one in spans]
    more = len(named) - MOST_NAMED
    return ", ".join(named[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
