"""What is stored of indicators, read by their keys: one reading for the report, an indicator's page and a return.

A fixed number of queries, whatever the number of lines and months.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

from django.db import models
from django.db.models import BigIntegerField, DateField, ExpressionWrapper, F, IntegerField, Q, Value
from django.db.models.functions import Cast

from commentary.models import Commentary
from indicators.calculations.exact import Exact
from indicators.calculations.measure import Measure
from indicators.calculations.months import (
    FIRST_MONTH_OF_FINANCIAL_YEAR,
    add_months,
    financial_year,
    months_between,
    months_ending,
    parse_month,
)
from indicators.calculations.periods import MONTHS_IN_YEAR, Periods, read_due_months
from indicators.calculations.row import PeerGroup, SeriesLink, TargetCell
from indicators.calculations.series import Recipe, SeriesBook, StoredValue, with_sources
from indicators.calculations.signal import MONTHS_IN_SIGNAL, Baseline, first_judged
from indicators.calculations.vocabulary import Accumulation, Frequency, Polarity, Scope, SuccessionKind, Unit
from indicators.models import (
    TARGET_NUMBERS,
    TARGET_WORDS,
    Comparator,
    ComparatorGroup,
    DerivationTerm,
    FixedBaseline,
    Indicator,
    MonthlyValue,
    Population,
    Rebase,
    Role,
    Succession,
    Target,
    name_in_reports,
    target_terms,
)
from indicators.prepared import Given, OneOf, Prepared
from scorecard.models import GlossaryEntry, Line, Scorecard

from .board import ShortForm

_FIRST: Any = Given("first", DateField())
_FINAL: Any = Given("final", DateField())
_MONTH: Any = Given("month", DateField())
_YEAR: Any = Given("year", IntegerField())
_SCORECARD: Any = Given("scorecard", BigIntegerField())
TARGET_YEARS_SHOWN = 3


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


@dataclass(frozen=True)
class Derivations:
    """What derived indicators are worked out from: each part as derived indicator, source, and its `Role`, in order."""

    terms: Sequence[tuple[int, int, str]]

    @cached_property
    def parts(self) -> Mapping[int, Sequence[tuple[int, str]]]:
        """By derived indicator, its sources with their roles."""
        found: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for key, source, role in self.terms:
            found[key].append((source, role))
        return dict(found)

    @cached_property
    def sources(self) -> Mapping[int, Sequence[int]]:
        return {key: [source for source, _ in parts] for key, parts in self.parts.items()}

    @cached_property
    def lone_numerators(self) -> Collection[int]:
        """What something else is a share, a rate or a copy of, and of nothing beside it."""
        tops = [[source for source, role in parts if role == Role.NUMERATOR] for parts in self.parts.values()]
        return {one[0] for one in tops if len(one) == 1}

    def behind(self, keys: Iterable[int]) -> set[int]:
        """The indicators and all that they are worked out from, however long the chain."""
        return with_sources(keys, self.sources)

    def following(self, keys: Iterable[int]) -> set[int]:
        """The indicators and all that are worked out from them, however long the chain."""
        fed: dict[int, list[int]] = defaultdict(list)
        for key, source, _ in self.terms:
            fed[source].append(key)
        return with_sources(keys, fed)

    def recipe(self, key: int, population: int | None, unit: Unit, rate_base: int | None = None) -> Recipe:
        parts = self.parts[key]
        return Recipe(
            numerators=tuple(source for source, role in parts if role == Role.NUMERATOR),
            denominators=tuple(source for source, role in parts if role == Role.DENOMINATOR),
            population=population,
            factor=unit.factor(rate_base),
        )


_TERMS = Prepared(lambda: DerivationTerm.objects.order_by("pk").values_list("indicator_id", "source_id", "role"))


def read_derivations() -> Derivations:
    """Every derivation there is: which of them matter is only known once all are."""
    return Derivations(_TERMS.rows())


_ON_BOARD = Prepared(
    lambda: (
        Line.objects.filter(
            section__scorecard=_SCORECARD,
            indicator__in=Indicator.objects.active_in(_MONTH).values("pk"),
        )
        .order_by()
        .values_list("indicator", flat=True)
    )
)


def read_glossary() -> list[ShortForm]:
    """Today's glossary."""
    return [ShortForm(*entry) for entry in GlossaryEntry.objects.values_list("short_form", "meaning")]


def indicators_on(scorecard: Scorecard, month: date) -> set[int]:
    """The keys of the indicators that a scorecard's report on a month has lines of."""
    return set(_ON_BOARD.rows(scorecard=scorecard.pk, month=month))


_FACTS = ("pk", "population_id", "reference", "title", "definition", "outcome", "note")
_KINDS = (
    *("unit", "decimal_places", "polarity", "frequency", "scope", "rate_base", "allows_negative"),
    *("year_starts", "due_months", "accumulation", "is_seasonal", "seasonal_reason"),
)
_ROLES = ("owner", "reporter")


def lines_of(scorecard: Scorecard, month: date) -> list[LineRecord]:
    """The lines whose indicators are reported for the month, in the scorecard's order."""
    fields = [f"indicator__{name}" for name in (*_FACTS, *_KINDS)]
    rows = (
        Line.objects.filter(section__scorecard=scorecard, indicator__in=Indicator.objects.active_in(month))
        .order_by("section__position", "section", "position", "pk")
        .values_list("section", "section__title", *fields, *(name_in_reports(f"indicator__{role}") for role in _ROLES))
    )
    return [_line_record(row) for row in rows.iterator(2000)]


def line_of(indicator: Indicator, section: tuple[int, str] = (0, "")) -> LineRecord:
    """The line of an indicator that was read with its people."""
    fields = [getattr(indicator, name) for name in (*_FACTS, *_KINDS)]
    people = [getattr(indicator, role) for role in _ROLES]
    return _line_record((*section, *fields, *(person.name_in_reports if person else "" for person in people)))


def _line_record(values: tuple[Any, ...]) -> LineRecord:
    section, section_title, indicator, population, reference, title, definition, outcome, note, *rest = values
    unit, decimal_places, polarity, frequency, scope, rate_base, allows_negative, *rest = rest
    year_starts, due_months, accumulation, is_seasonal, seasonal_reason, owner, reporter = rest
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
        rate_base=rate_base,
        allows_negative=allows_negative,
        year_starts=year_starts,
        due_months=read_due_months(due_months),
        accumulation=Accumulation(accumulation),
        is_seasonal=is_seasonal,
        seasonal_reason=seasonal_reason,
    )
    return LineRecord((section, section_title), indicator, population, measure)


# A comparator as read: year, value, blank, source, basis, whether on the line's basis, note, when newer ones come, and
# as what it was published, of what time, with which rule.
StoredComparator = tuple[int | None, Decimal | float | None, str, str, str, str, str, date | str | None, str, str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of lines up to a month, and of all that they are worked out from.

    `target_years` are the years that the scorecard shows targets for, whichever of its lines were read; they begin in
    the month `year_starts`. `groups` are the comparator groups that it shows, in its order, and `all_groups` these and
    the others by their codes.
    """

    month: date
    lines: Sequence[LineRecord]
    derivations: Derivations
    units: Mapping[int, tuple[Unit, Periods]]
    rate_bases: Mapping[int, int | None]
    recipes: Mapping[int, Recipe]
    months: tuple[date, ...]
    values: Sequence[StoredValue]
    populations: Mapping[tuple[int, int], int]
    comparators: Mapping[tuple[int, str], StoredComparator]
    groups: Sequence[PeerGroup]
    all_groups: Mapping[str, PeerGroup]
    targets: Mapping[int, Mapping[int, TargetCell]]
    target_years: tuple[int, ...]
    commentary: Mapping[int, Mapping[date, str]]
    rebases: Mapping[int, Mapping[date, str]]
    baselines: Mapping[int, Sequence[Baseline]]
    series_links: Mapping[int, Sequence[SeriesLink]]
    to_date: frozenset[int] = frozenset()
    year_starts: int = FIRST_MONTH_OF_FINANCIAL_YEAR
    # Where the report is of rounded counts: those that were worked out from others (`SeriesBook`).
    rounded: Mapping[tuple[int, date], Exact] | None = None

    def ahead(self, line: LineRecord) -> int:
        """How many years the line's own year is ahead of the report's in the month; its number is that of a column."""
        return _ahead(self.month, line.measure.year_starts, self.year_starts)

    def first_judged(self, line: LineRecord, current: date) -> date:
        """The first month that the signal of a line looks at, whose figure is the `current` month's."""
        measure = line.measure
        baselines = self.baselines.get(line.indicator, ())
        return first_judged(current, measure.periods, baselines, is_seasonal=measure.is_seasonal)

    def series_book(self, supposing: Iterable[StoredValue] = ()) -> SeriesBook:
        """The figures of the months; what is only supposed takes the place of what is stored."""
        return SeriesBook(
            months=self.months,
            units=self.units,
            rate_bases=self.rate_bases,
            values=chain(self.values, supposing),
            recipes=self.recipes,
            populations=self.populations,
            to_date=self.to_date,
            rounded=self.rounded,
        )


_OFF_BOARD = Prepared(
    lambda: (
        Indicator.objects.filter(OneOf("pk"))
        .order_by()
        .values_list(
            *("pk", "unit", "population_id", "frequency", "year_starts", "due_months", "rate_base", "accumulation")
        )
    )
)


def read(
    scorecard: Scorecard,
    month: date,
    lines: Sequence[LineRecord],
    derivations: Derivations,
    *,
    of_all_months: bool = False,
    with_links: bool = True,
    commentary: Mapping[int, Mapping[date, str]] | None = None,
    year_starts: int = FIRST_MONTH_OF_FINANCIAL_YEAR,
) -> Reading:
    """What is stored of lines of a scorecard, and of what they are worked out from.

    Monthly values are those that a report looks at, or all up to the month; the `commentary` is the month's, unless it
    was read already. A report's columns are of years that begin in the month `year_starts`.
    """
    keys = [line.indicator for line in lines]
    units = {line.indicator: (line.measure.unit, line.measure.periods) for line in lines}
    groups = {line.indicator: line.population for line in lines}
    rate_bases = {line.indicator: line.measure.rate_base for line in lines}
    accumulations: dict[int, str] = {line.indicator: line.measure.accumulation for line in lines}
    off_board = derivations.behind(units) - units.keys()
    if off_board:
        for key, unit, population, frequency, year_starts, due_months, *rest in _OFF_BOARD.rows(keys=off_board):
            units[key] = Unit(unit), Periods(Frequency(frequency), year_starts, read_due_months(due_months))
            groups[key] = population
            rate_bases[key], accumulations[key] = rest
    adding = {key for key, word in accumulations.items() if word != Accumulation.NO}
    to_date = frozenset(key for key in adding if accumulations[key] == Accumulation.TO_DATE)
    recipes = {
        key: derivations.recipe(key, groups[key], units[key][0], rate_bases[key])
        for key in units
        if key in derivations.parts
    }
    months = months_ending(month, MONTHS_IN_SIGNAL)
    rebases: list[tuple[int, date, str]] = []
    baselines: dict[int, list[Baseline]] = defaultdict(list)
    for key, start, reason, periods_fixed in sorted(_JUDGEMENTS.rows(keys=units.keys(), final=month)):
        if not periods_fixed:
            rebases.append((key, start, reason))
        elif key in groups and key not in off_board:
            baselines[key].append(Baseline(start, periods_fixed, reason))
    # Figures of longer periods lie further apart, so as many reach further back; a season or a baseline looks further
    # back, too. So do those that such lines are worked out from.
    firsts = {
        line.indicator: first_judged(
            line.measure.periods.due(month),
            line.measure.periods,
            baselines.get(line.indicator, ()),
            is_seasonal=line.measure.is_seasonal,
        )
        for line in lines
        if not line.measure.periods.is_monthly or line.measure.is_seasonal or line.indicator in baselines
    }
    longer = {key for key, first in firsts.items() if first < months[0]}
    values = _VALUES.rows(keys=units.keys(), first=date.min if of_all_months else months[0], final=month)
    if longer:
        first = min(firsts[key] for key in longer)
        if not of_all_months:
            before = add_months(months[0], -1)
            values = [*_VALUES.rows(keys=derivations.behind(longer), first=first, final=before), *values]
        months = months_ending(month, max(len(months), months_between(first, month) + 1))
    if adding and not of_all_months:
        # Totals are of two years, and what a period had by itself follows from the total before it.
        usual = months_ending(month, MONTHS_IN_SIGNAL)[0]
        since = add_months(months[0], -2 * MONTHS_IN_YEAR)
        known = {(value[0], month_of(value)) for value in values} if longer else set()
        more = _VALUES.rows(keys=derivations.behind(adding), first=since, final=add_months(usual, -1))
        values = [*(one for one in more if (one[0], month_of(one)) not in known), *values]
        months = months_ending(month, len(months) + 2 * MONTHS_IN_YEAR)
    if of_all_months:
        earliest = min((month_of(value) for value in values), default=months[0])
        months = months_ending(month, max(len(months), months_between(earliest, month) + 1))
    populated = {group for group in groups.values() if group is not None}
    people = _POPULATIONS.rows(keys=populated) if populated else ()
    years = {line.indicator: financial_year(month, line.measure.year_starts) for line in lines}
    all_groups = {group.code: group.as_group() for group in ComparatorGroup.objects.all()}
    targets, target_years = _targets_of(scorecard, years, month, year_starts, all_groups)
    return Reading(
        month=month,
        lines=lines,
        derivations=derivations,
        units=units,
        rate_bases=rate_bases,
        recipes=recipes,
        months=months,
        values=values,
        populations={(group, estimated): count for group, estimated, count in people},
        comparators=comparators_of(years, month),
        groups=[all_groups[code] for code in scorecard.group_codes if code in all_groups],
        all_groups=all_groups,
        targets=targets,
        target_years=target_years,
        commentary=commentary_of(keys, month, month) if commentary is None else commentary,
        rebases=_rebases(rebases, derivations),
        baselines=dict(baselines),
        series_links=series_links(month, keys) if with_links else {},
        to_date=to_date,
        year_starts=year_starts,
    )


_VALUES = Prepared(
    lambda: (
        MonthlyValue.objects.between(_FIRST, _FINAL)
        .filter(OneOf("indicator"))
        .order_by()
        .values_list(
            "indicator_id",
            # As text: a date that nobody asked for costs as much as the figure.
            Cast("month", models.TextField()),
            *_as_stored("figure", "numerator", "denominator"),
            "blank",
            "stage",
            "note",
        )
    )
)


def month_of(value: StoredValue) -> date:
    """The month of a stored value, which is text; of one that is only supposed it is a date."""
    month = value[1]
    return month if isinstance(month, date) else parse_month(month[:7])


_POPULATIONS = Prepared(
    lambda: Population.objects.filter(OneOf("group")).order_by().values_list("group_id", "year", "people")
)


_COMPARATORS = Prepared(
    lambda: (
        Comparator.objects.filter(OneOf("indicator"))
        .filter(Q(year__isnull=True) | Q(year__lte=_YEAR))
        .order_by(F("year").asc(nulls_first=True))
        .values_list(
            "indicator_id",
            "group",
            "year",
            *_as_stored("value"),
            "blank",
            "source",
            "basis",
            "on_basis",
            "note",
            "next_update",
            "published",
            "period",
            "rule",
        )
    )
)


def comparators_of(years: Mapping[int, int], month: date) -> dict[tuple[int, str], StoredComparator]:
    """For each indicator and group, the comparator of the latest year up to its own year, which `years` has.

    A year without a figure gives way to an earlier one that has it.
    """
    found: dict[tuple[int, str], StoredComparator] = {}
    for indicator, group, *rest in _COMPARATORS.rows(keys=years.keys(), year=month.year):
        if rest[0] is not None and rest[0] > years[indicator]:
            continue
        if rest[1] is not None or (indicator, group) not in found:
            found[indicator, group] = tuple(rest)
    return found


# Whichever lines are read: what years a report has columns for is the same for all of them.
_TARGETS = Prepared(
    lambda: (
        Target.objects.filter(year__lte=_YEAR)
        .annotate(
            is_on_board=ExpressionWrapper(
                Q(indicator__in=Line.objects.filter(section__scorecard=_SCORECARD).values("indicator")),
                models.BooleanField(),
            )
        )
        .filter(Q(OneOf("indicator")) | Q(is_on_board=True))
        .order_by()
        .values_list(
            "indicator_id",
            "year",
            *_as_stored(*TARGET_NUMBERS),
            *TARGET_WORDS,
            "note",
            "indicator__year_starts",
            "is_on_board",
        )
    )
)


def _targets_of(
    scorecard: Scorecard,
    years: Mapping[int, int],
    month: date,
    year_starts: int,
    groups: Mapping[str, PeerGroup],
) -> tuple[dict[int, dict[int, TargetCell]], tuple[int, ...]]:
    """For each indicator its targets by year, up to its own year, which `years` has; and the years that are shown.

    These are the three latest for which the scorecard has targets; filled up with the years before. An indicator's own
    year stands for the one of the report in which it is the same month.
    """
    found: dict[int, dict[int, TargetCell]] = {key: {} for key in years}
    with_targets, this_year = set(), financial_year(month, year_starts)
    for indicator, year, *stored, note, starts, is_on_board in _TARGETS.rows(
        keys=years.keys(), scorecard=scorecard.pk, year=month.year
    ):
        column = year - _ahead(month, starts, year_starts)
        if is_on_board and column <= this_year:
            with_targets.add(column)
        if year <= years.get(indicator, year - 1):
            terms = target_terms(*stored)
            if terms.group in groups:
                terms = terms._replace(group_name=groups[terms.group].said)
            found[indicator][year] = TargetCell(year, terms, note)
    shown = sorted(with_targets)[-TARGET_YEARS_SHOWN:] or [this_year]
    while len(shown) < TARGET_YEARS_SHOWN:
        shown.insert(0, shown[0] - 1)
    return found, tuple(shown)


def _ahead(month: date, starts: int, year_starts: int) -> int:
    return financial_year(month, starts) - financial_year(month, year_starts)


def _by_key(rows: Iterable[tuple[Any, Any, Any]]) -> dict[Any, dict[Any, Any]]:
    """What was found under each key by month or year."""
    found: dict[Any, dict[Any, Any]] = defaultdict(dict)
    for key, inner, one in rows:
        found[key][inner] = one
    return found


def _rebases(rows: Iterable[tuple[int, date, str]], derivations: Derivations) -> dict[int, dict[date, str]]:
    """The months from which each indicator is counted otherwise, with the reasons.

    One of a part is one of all that is worked out from it: a rate is another when its numerator is counted otherwise.
    """
    found: dict[int, dict[date, list[str]]] = defaultdict(lambda: defaultdict(list))
    for source, month, reason in sorted(rows):
        for key in derivations.following([source]):
            if reason not in found[key][month]:
                found[key][month].append(reason)
    return {key: {month: " ".join(said) for month, said in sorted(of.items())} for key, of in found.items()}


_COMMENTARY = Prepared(
    lambda: (
        Commentary.objects.filter(OneOf("indicator"), month__range=(_FIRST, _FINAL))
        .order_by()
        .values_list("indicator_id", "month", "text")
    )
)


def commentary_of(keys: Collection[int], first: date, final: date) -> dict[int, dict[date, str]]:
    """What was said of each indicator in each of the months from `first` to `final`."""
    return _by_key(_COMMENTARY.rows(keys=keys, first=first, final=final))


# The months from which each indicator is counted otherwise, so that usual variation begins afresh, and the reason; and,
# with their number of periods, what mean and limits are fixed on. That is a judgement about one chart: parts don't hand
# it on.
_JUDGEMENTS = Prepared(
    lambda: (
        Rebase.objects.filter(OneOf("indicator"), month__lte=_FINAL)
        .order_by()
        .values_list("indicator_id", "month", "reason", Value(0))
        .union(
            FixedBaseline.objects.filter(OneOf("indicator"), month__lte=_FINAL)
            .order_by()
            .values_list("indicator_id", "month", "reason", "periods"),
            all=True,
        )
    )
)

_SUCCESSIONS = Prepared(
    lambda: (
        Succession.objects.filter(Q(OneOf("indicator")) | Q(OneOf("former")), month__lte=_FINAL)
        .order_by("month", "indicator__reference", "former__reference")
        .values_list(
            *("indicator_id", "indicator__reference", "indicator__title"),
            *("former_id", "former__reference", "former__title"),
            *("month", "kind", "note"),
        )
    )
)


def series_links(month: date, keys: Iterable[int]) -> dict[int, list[SeriesLink]]:
    """What each of the indicators came after by the month, and what came after it."""
    found: dict[int, list[SeriesLink]] = defaultdict(list)
    wanted = set(keys)
    for new, new_reference, new_title, former, reference, title, start, kind, note in _SUCCESSIONS.rows(
        keys=wanted, final=month
    ):
        how = start, SuccessionKind(kind), note
        if new in wanted:
            found[new].append(SeriesLink(former, reference, title, *how, is_former=True))
        if former in wanted:
            found[former].append(SeriesLink(new, new_reference, new_title, *how, is_former=False))
    return dict(found)


_FORMERS_SHOWN = Prepared(
    lambda: (
        Line.objects.filter(section__scorecard=_SCORECARD, indicator__successors__indicator__in=_on_board_now())
        .filter(indicator__successors__month__lte=_MONTH)
        .order_by()
        .values_list("indicator", flat=True)
        .distinct()
    )
)


def _on_board_now() -> Any:
    active = Indicator.objects.active_in(_MONTH).values("pk")
    return Line.objects.filter(section__scorecard=_SCORECARD, indicator__in=active).order_by().values("indicator")


def formers_shown(scorecard: Scorecard, month: date) -> set[int]:
    """The keys of indicators that lines of a month's report came after, as far as the scorecard has, or had, them."""
    return set(_FORMERS_SHOWN.rows(scorecard=scorecard.pk, month=month))
