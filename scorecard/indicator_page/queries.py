"""What pages of indicators read: a fixed number of queries, whatever the number of months, lines and pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import ExpressionWrapper, F, Q

from commentary.models import Commentary
from indicators.calculations.exact import Exact
from indicators.calculations.months import add_months, months_between, parse_month
from indicators.calculations.row import Measure, TargetCell
from indicators.calculations.series import SeriesBook, StoredValue
from indicators.calculations.vocabulary import Frequency, Polarity, Scope, Unit
from indicators.models import (
    DerivationTerm,
    Indicator,
    MonthlyValue,
    PeerFigure,
    Population,
    Rebase,
    Target,
    with_sources,
)
from indicators.models.comparator import Standings
from scorecard.models import Edition, EditionState, Line, Scorecard
from scorecard.report.queries import AsStored, LineRecord, Sources, sources_of

NUMBERS = ("figure", "numerator", "denominator")


def keys_on(scorecard: Scorecard, month: date) -> set[int]:
    """The indicators of the lines reported for the month, and all that they are worked out from."""
    lines = Line.objects.filter(section__scorecard=scorecard, indicator__in=Indicator.objects.active_in(month))
    return with_sources(lines.values_list("indicator", flat=True), DerivationTerm.objects.sources())


def indicators_at(keys: Collection[int]) -> dict[int, Indicator]:
    """The indicators with their people and population."""
    return Indicator.objects.select_related("owner", "reporter", "population").in_bulk(keys)


def measure_of(indicator: Indicator) -> Measure:
    """What the indicator measures."""
    return Measure(
        reference=indicator.reference,
        title=indicator.title,
        definition=indicator.definition,
        outcome=indicator.outcome,
        owner=indicator.owner.name_in_reports if indicator.owner else "",
        reporter=indicator.reporter.name_in_reports if indicator.reporter else "",
        unit=Unit(indicator.unit),
        decimal_places=indicator.decimal_places,
        polarity=Polarity(indicator.polarity),
        frequency=Frequency(indicator.frequency),
        scope=Scope(indicator.scope),
        note=indicator.note,
    )


def sources_for(indicators: Iterable[Indicator]) -> Sources:
    """The indicators and what they are worked out from, in two queries."""
    return sources_of([LineRecord((0, ""), one.pk, one.population_id, measure_of(one)) for one in indicators])


class Book(NamedTuple):
    """The figures of indicators from the first one kept to a month, and the first month kept of each."""

    series: SeriesBook
    firsts: Mapping[int, date]


def book_for(sources: Sources, latest: date) -> Book:
    """The figures of the indicators, and of what they are worked out from, up to a month."""
    numbers = [ExpressionWrapper(F(name), output_field=AsStored()) for name in ("month", *NUMBERS)]
    stored: list[StoredValue] = list(
        MonthlyValue.objects.filter(indicator__in=list(sources.units), month__lte=latest)
        .order_by()
        .values_list("indicator_id", *numbers, "blank", "stage", "note")
    )
    firsts: dict[int, date] = {}
    for value in stored:
        month = _as_month(value[1])
        firsts[value[0]] = min(month, firsts.get(value[0], month))
    first = min(firsts.values(), default=latest)
    populations = Population.objects.values_list("group_id", "year", "people")
    series = SeriesBook(
        months=[add_months(first, place) for place in range(months_between(first, latest) + 1)],
        units=sources.units,
        values=stored,
        recipes=sources.recipes,
        populations={(group, year): people for group, year, people in populations},
    )
    return Book(series, firsts)


def _as_month(stored: date | str) -> date:
    """PostgreSQL hands a month over as a date, SQLite as text."""
    return stored if isinstance(stored, date) else parse_month(stored[:7])


def commentary_of(keys: Collection[int], months: Collection[date]) -> dict[int, dict[date, str]]:
    """What was said of each indicator in each of the months."""
    found: dict[int, dict[date, str]] = defaultdict(dict)
    rows = Commentary.objects.filter(indicator__in=keys, month__in=months)
    for key, month, text in rows.order_by().values_list("indicator_id", "month", "text"):
        found[key][month] = text
    return found


def targets_of(keys: Collection[int], financial_year: int) -> dict[int, dict[int, TargetCell]]:
    """Each indicator's targets by financial year, up to this one."""
    found: dict[int, dict[int, TargetCell]] = defaultdict(dict)
    for target in Target.objects.filter(indicator__in=keys, year__lte=financial_year).order_by("-year"):
        found[target.indicator_id][target.year] = TargetCell(target.year, target.as_terms(), target.note)
    return found


def rebases_of(keys: Collection[int], latest: date) -> dict[int, dict[date, str]]:
    """The months from which each indicator is worked out afresh, up to a month, with the reason."""
    found: dict[int, dict[date, str]] = defaultdict(dict)
    rows = Rebase.objects.filter(indicator__in=keys, month__lte=latest)
    for key, month, reason in rows.order_by().values_list("indicator_id", "month", "reason"):
        found[key][month] = reason
    return found


def links_of(keys: Collection[int]) -> list[DerivationTerm]:
    """What the indicators are worked out from directly, and what is worked out from them."""
    terms = DerivationTerm.objects.filter(Q(indicator__in=keys) | Q(source__in=keys))
    return list(terms.select_related("indicator", "source").order_by("pk"))


def standings_of(
    keys: Collection[int], financial_year: int, targets: Mapping[int, Mapping[int, TargetCell]]
) -> Standings:
    """Where the council stands with each indicator in each year up to this one."""
    goals: dict[tuple[int, int], Exact] = {
        (key, year): cell.terms.value
        for key, by_year in targets.items()
        for year, cell in by_year.items()
        if cell.terms.value is not None
    }
    return PeerFigure.objects.filter(indicator__in=keys, year__lte=financial_year).standings(goals)


class Publications(NamedTuple):
    """When each month's report of a scorecard was first published."""

    at: dict[date, datetime]

    def of(self, month: date) -> datetime | None:
        """When a month's figure was first published: a report also shows the months before it."""
        return min((moment for edition, moment in self.at.items() if edition >= month), default=None)


def publications_of(scorecard: Scorecard, latest: date) -> Publications:
    """The publications of reports up to a month."""
    entries = Edition.history.filter(scorecard_id=scorecard.pk, state=EditionState.PUBLISHED, month__lte=latest)
    # The earliest entry comes last and stays.
    return Publications(dict(entries.order_by("-history_date").values_list("month", "history_date")))


def value_history(keys: Collection[int], latest: date) -> dict[int, list[Any]]:
    """Every stored state of each indicator's figures up to a month, by month, oldest first, with who made it."""
    entries = MonthlyValue.history.filter(indicator_id__in=keys, month__lte=latest)
    found: dict[int, list[Any]] = defaultdict(list)
    for entry in entries.select_related("history_user", "indicator").order_by("month", "history_date", "history_id"):
        found[entry.indicator_id].append(entry)
    return found
