"""What a report reads from the database: a fixed number of queries, and only what it shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple

from django.db import models
from django.db.models import ExpressionWrapper, F, Q

from commentary.focus import FocusKind
from commentary.models import AreaOfFocus, Commentary, FocusUpdate
from indicators.calculations.exact import exact
from indicators.calculations.months import add_months
from indicators.calculations.rating import TargetTerms
from indicators.calculations.row import Measure, TargetCell
from indicators.calculations.series import Recipe, SeriesBook, StoredValue
from indicators.calculations.vocabulary import Frequency, Polarity, Scope, Unit
from indicators.models import (
    Comparator,
    DerivationTerm,
    Indicator,
    MonthlyValue,
    Population,
    Rebase,
    Role,
    Target,
    name_in_reports,
    with_sources,
)
from scorecard.models import Edition, Line, Scorecard

from .board import Focus, FocusNote


class AsStored(models.Field):  # type: ignore[type-arg]
    """A number as the database hands it over, without Django's detour over Decimal.

    SQLite gives int or float, PostgreSQL Decimal; `exact` takes each of them.
    """

    def get_internal_type(self) -> str:
        return "AsStored"


def _as_stored(*names: str) -> list[ExpressionWrapper[F]]:
    return [ExpressionWrapper(F(name), output_field=AsStored()) for name in names]


class LineRecord(NamedTuple):
    """A line: the section it stands in, and its indicator."""

    section: tuple[int, str]
    indicator: int
    population: int | None
    measure: Measure


@dataclass(frozen=True, slots=True)
class Sources:
    """The indicators behind a scorecard's lines, found in three queries at most."""

    lines: list[LineRecord]
    units: Mapping[int, tuple[Unit, Frequency]]
    recipes: Mapping[int, Recipe]
    off_board: tuple[int, ...]


def lines_of(scorecard: Scorecard, month: date) -> list[LineRecord]:
    """The lines whose indicators are reported for the month, in the scorecard's order."""
    words = ("reference", "title", "definition", "outcome", "note")
    kinds = ("unit", "decimal_places", "polarity", "frequency", "scope")
    fields = [f"indicator__{name}" for name in (*words, *kinds, "population")]
    people = [name_in_reports(f"indicator__{role}") for role in ("owner", "reporter")]
    rows = (
        Line.objects.filter(section__scorecard=scorecard, indicator__in=Indicator.objects.active_in(month))
        .order_by("section__position", "section", "position", "pk")
        .values_list("section", "section__title", "indicator", *fields, *people)
    )
    return [_line_record(row) for row in rows.iterator(2000)]


def _line_record(row: tuple[Any, ...]) -> LineRecord:
    section, section_title, indicator, reference, title, definition, outcome, note, *rest = row
    unit, decimal_places, polarity, frequency, scope, population, owner, reporter = rest
    measure = Measure(
        reference=reference,
        title=title,
        definition=definition,
        outcome=outcome,
        owner=owner,
        reporter=reporter,
        unit=Unit(unit),
        decimal_places=decimal_places,
        polarity=Polarity(polarity),
        frequency=Frequency(frequency),
        scope=Scope(scope),
        note=note,
    )
    return LineRecord((section, section_title), indicator, population, measure)


def sources_of(lines: list[LineRecord]) -> Sources:
    """Everything that the lines' figures are worked out from, however long the chain."""
    units = {line.indicator: (line.measure.unit, line.measure.frequency) for line in lines}
    populations = {line.indicator: line.population for line in lines}
    terms: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for indicator, source, role in DerivationTerm.objects.order_by("pk").values_list(
        "indicator_id", "source_id", "role"
    ):
        terms[indicator].append((source, role))
    sources = {indicator: [source for source, _ in parts] for indicator, parts in terms.items()}
    off_board = with_sources(units, sources) - set(units)
    for pk, unit, frequency, population in Indicator.objects.filter(pk__in=off_board).values_list(
        "pk", "unit", "frequency", "population_id"
    ):
        units[pk] = Unit(unit), Frequency(frequency)
        populations[pk] = population
    recipes = {pk: _recipe(terms[pk], populations[pk], units[pk][0]) for pk in units if pk in terms}
    return Sources(lines, units, recipes, tuple(off_board))


def _recipe(terms: list[tuple[int, str]], population: int | None, unit: Unit) -> Recipe:
    return Recipe(
        numerators=tuple(source for source, role in terms if role == Role.NUMERATOR),
        denominators=tuple(source for source, role in terms if role == Role.DENOMINATOR),
        population=population,
        factor=unit.factor,
    )


def series_book(
    scorecard: Scorecard, sources: Sources, months: tuple[date, ...], supposing: Sequence[StoredValue] = ()
) -> SeriesBook:
    """The figures of the months asked for, of the lines and of what they are worked out from.

    What is only supposed takes the place of what is stored.
    """
    on_board = Line.objects.filter(section__scorecard=scorecard).values("indicator")
    values = (
        MonthlyValue.objects.between(months[0], months[-1])
        .filter(Q(indicator__in=on_board) | Q(indicator__in=sources.off_board))
        .order_by()
        .values_list(
            "indicator_id", *_as_stored("month", "figure", "numerator", "denominator"), "blank", "stage", "note"
        )
    )
    populations = {
        (group, year): people for group, year, people in Population.objects.values_list("group_id", "year", "people")
    }
    return SeriesBook(
        months=months,
        units=sources.units,
        values=chain(values.iterator(5000), supposing),
        recipes=sources.recipes,
        populations=populations,
    )


class StoredComparator(NamedTuple):
    """A comparator as read."""

    year: int | None
    value: Decimal | float | None
    blank: str
    source: str
    basis: str
    on_basis: str
    note: str


def comparators_for(scorecard: Scorecard, financial_year: int) -> dict[tuple[int, str], StoredComparator]:
    """For each indicator and group, the comparator of the latest year up to this one.

    A year without a figure gives way to an earlier one that has it.
    """
    rows = (
        Comparator.objects.filter(indicator__lines__section__scorecard=scorecard)
        .filter(Q(year__isnull=True) | Q(year__lte=financial_year))
        .order_by(F("year").asc(nulls_first=True))
        .values_list(
            "indicator_id", "group", "year", *_as_stored("value"), "blank", "source", "basis", "on_basis", "note"
        )
    )
    found: dict[tuple[int, str], StoredComparator] = {}
    for indicator, group, *rest in rows.iterator(5000):
        comparator = StoredComparator(*rest)
        if comparator.value is not None or (indicator, group) not in found:
            found[indicator, group] = comparator
    return found


def targets_for(scorecard: Scorecard, financial_year: int) -> dict[int, dict[int, TargetCell]]:
    """For each indicator, its targets by financial year, up to this one."""
    rows = (
        Target.objects.filter(indicator__lines__section__scorecard=scorecard, year__lte=financial_year)
        .order_by()
        .values_list("indicator_id", "year", *_as_stored("value", "tolerance"), "note")
    )
    found: dict[int, dict[int, TargetCell]] = defaultdict(dict)
    for indicator, year, value, tolerance, note in rows.iterator(5000):
        terms = TargetTerms(None if value is None else exact(value), exact(tolerance))
        found[indicator][year] = TargetCell(year, terms, note)
    return found


def commentary_for(scorecard: Scorecard, month: date) -> dict[int, str]:
    """The commentary of each indicator for the month."""
    return dict(
        Commentary.objects.filter(indicator__lines__section__scorecard=scorecard, month=month).values_list(
            "indicator_id", "text"
        )
    )


def other_commentary_for(scorecard: Scorecard, month: date) -> dict[str, dict[date, str]]:
    """The commentary of each indicator, by its reference, for every other month."""
    rows = Commentary.objects.of_other_months(month).filter(indicator__lines__section__scorecard=scorecard)
    found: dict[str, dict[date, str]] = defaultdict(dict)
    for reference, other, text in rows.values_list("indicator__reference", "month", "text"):
        found[reference][other] = text
    return found


def rebases_for(scorecard: Scorecard, month: date) -> dict[int, set[date]]:
    """For each indicator that has any, the months up to this one with which its usual variation begins afresh."""
    rows = Rebase.objects.filter(indicator__lines__section__scorecard=scorecard, month__lte=month)
    found: dict[int, set[date]] = defaultdict(set)
    for indicator, begun in rows.order_by().values_list("indicator_id", "month"):
        found[indicator].add(begun)
    return found


def edition_of(scorecard: Scorecard, month: date) -> Edition | None:
    """The edition of the month with its overview; None where none has been opened."""
    return scorecard.editions.filter(month=month).select_related("overview").first()


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
    return tuple(_focus(area, final_day, updates[area.pk], references[area.pk]) for area in areas)


def _focus(area: AreaOfFocus, final_day: date, updates: list[FocusNote], references: list[str]) -> Focus:
    return Focus(
        title=area.title,
        response=area.response,
        raised_by=area.get_raised_by_display(),
        updates=tuple(updates),
        references=tuple(references),
        kind=FocusKind(area.kind),
        detail=area.detail,
        owner=area.owner.name_in_reports if area.owner else "",
        due_on=area.due_on,
        opened_on=area.opened_on,
        asked_in=area.asked_in,
        closed_on=area.closed_on if area.closed_on and area.closed_on <= final_day else None,
    )
