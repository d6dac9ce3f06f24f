"""What an indicator's page reads: a fixed number of queries, whatever the number of months and lines."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import ExpressionWrapper, F, Q

from commentary.models import Commentary
from indicators.calculations.exact import Exact
from indicators.calculations.months import add_months, months_between, parse_month
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
from indicators.models.peer_figure import Standings
from scorecard.models import Edition, EditionState, Line, Scorecard
from scorecard.report.queries import AsStored, LineRecord, Sources, sources_of
from scorecard.report.row import Measure, TargetCell
from scorecard.report.series import SeriesBook, StoredValue

NUMBERS = ("figure", "numerator", "denominator")


def keys_on(scorecard: Scorecard, month: date) -> set[int]:
    """The indicators of the lines reported for the month, and all that they are worked out from."""
    lines = Line.objects.filter(section__scorecard=scorecard, indicator__in=Indicator.objects.active_in(month))
    return with_sources(lines.values_list("indicator", flat=True), DerivationTerm.objects.sources())


def indicator_at(key: int) -> Indicator:
    """The indicator with its people and population."""
    return Indicator.objects.select_related("owner", "reporter", "population").get(pk=key)


def measure_of(indicator: Indicator) -> Measure:
    """What the indicator measures. Never the name somebody signs in with: the page can be public."""
    people = [(person and (person.name or person.job_title)) or "" for person in (indicator.owner, indicator.reporter)]
    return Measure(
        reference=indicator.reference,
        title=indicator.title,
        definition=indicator.definition,
        outcome=indicator.outcome,
        owner=people[0],
        reporter=people[1],
        unit=Unit(indicator.unit),
        decimal_places=indicator.decimal_places,
        polarity=Polarity(indicator.polarity),
        frequency=Frequency(indicator.frequency),
        scope=Scope(indicator.scope),
        note=indicator.note,
    )


def sources_for(indicator: Indicator, measure: Measure) -> Sources:
    """The indicator and what it is worked out from, in two queries."""
    return sources_of([LineRecord((0, ""), indicator.pk, indicator.population_id, measure)])


def series_book(key: int, sources: Sources, latest: date) -> SeriesBook:
    """The figures of the indicator, and of what it is worked out from, from the first one kept to a month."""
    numbers = [ExpressionWrapper(F(name), output_field=AsStored()) for name in ("month", *NUMBERS)]
    stored: list[StoredValue] = list(
        MonthlyValue.objects.filter(indicator__in=[key, *sources.off_board], month__lte=latest)
        .order_by()
        .values_list("indicator_id", *numbers, "blank", "stage", "note")
    )
    first = min((_as_month(value[1]) for value in stored), default=latest)
    populations = Population.objects.values_list("group_id", "year", "people")
    return SeriesBook(
        months=[add_months(first, place) for place in range(months_between(first, latest) + 1)],
        units=sources.units,
        values=stored,
        recipes=sources.recipes,
        populations={(group, year): people for group, year, people in populations},
    )


def _as_month(stored: date | str) -> date:
    """PostgreSQL hands a month over as a date, SQLite as text."""
    return stored if isinstance(stored, date) else parse_month(stored[:7])


def commentary_of(key: int, months: Collection[date]) -> dict[date, str]:
    """What was said in each of the months."""
    return dict(Commentary.objects.filter(indicator=key, month__in=months).values_list("month", "text"))


def targets_of(key: int, financial_year: int) -> dict[int, TargetCell]:
    """The targets by financial year, up to this one."""
    rows = Target.objects.filter(indicator=key, year__lte=financial_year).order_by("-year")
    return {target.year: TargetCell(target.year, target.as_terms(), target.note) for target in rows}


def rebases_of(key: int, latest: date) -> dict[date, str]:
    """The months that are worked out afresh, up to a month, with the reason of each."""
    return dict(Rebase.objects.filter(indicator=key, month__lte=latest).values_list("month", "reason"))


def links_of(key: int) -> list[DerivationTerm]:
    """What the indicator is worked out from directly, and what is worked out from it."""
    terms = DerivationTerm.objects.filter(Q(indicator=key) | Q(source=key))
    return list(terms.select_related("indicator", "source").order_by("pk"))


def standings_of(key: int, financial_year: int, targets: dict[int, TargetCell]) -> Standings:
    """Where the council stands in each year up to this one."""
    goals: dict[tuple[int, int], Exact] = {
        (key, year): cell.terms.value for year, cell in targets.items() if cell.terms.value is not None
    }
    return PeerFigure.objects.filter(indicator=key, year__lte=financial_year).standings(goals)


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


def value_history(keys: Collection[int], latest: date) -> list[Any]:
    """Every stored state of the figures up to a month, oldest first, with who made it."""
    entries = MonthlyValue.history.filter(indicator_id__in=keys, month__lte=latest)
    return list(
        entries.select_related("history_user", "indicator").order_by(
            "indicator_id", "month", "history_date", "history_id"
        )
    )
