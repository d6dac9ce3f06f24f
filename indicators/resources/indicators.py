"""Import and export of indicators, with what derived ones are worked out from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from indicators.calculations.cautions import OFF_PERIOD, PEOPLE, Caution
from indicators.calculations.series import with_sources
from indicators.calculations.vocabulary import (
    Accumulation,
    Frequency,
    Kind,
    Polarity,
    Scope,
    SuccessionKind,
    Unit,
)
from indicators.leaving import doubt_about
from indicators.models import (
    DerivationTerm,
    Indicator,
    MonthlyValue,
    PopulationGroup,
    Role,
    Succession,
    User,
    save_all,
)
from indicators.models.derivation import problem_of_units
from indicators.people import reports_by_row, who_can_take

from . import cells
from .base import ImportRow, SpreadsheetResource
from .columns import (
    DueMonthsColumn,
    FileColumn,
    LookupColumn,
    MonthColumn,
    MonthOfYearColumn,
    ReferenceColumn,
    Spellings,
    TextColumn,
    WholeNumberColumn,
    WordColumn,
    YesNoColumn,
    reference_column,
)

COLUMNS = {Role.NUMERATOR: "numerators", Role.DENOMINATOR: "denominators"}


def _wanted(indicator: Indicator, role: Role) -> list[str] | None:
    """The references that its row names, in lower case; None when the file has no such column."""
    named = indicator.__dict__.get(COLUMNS[role])
    return None if named is None else list(dict.fromkeys(reference.lower() for reference in named))


def _names_parts(indicator: Indicator) -> bool:
    return any(_wanted(indicator, role) is not None for role in COLUMNS)


def _problem_of_part(
    indicator: Indicator, role: Role, source: str, parts: Mapping[str, Iterable[tuple[str, str]]]
) -> str:
    """Why an indicator can't have a part, by the parts of all others, by reference; empty when it can."""
    own = indicator.reference.lower()
    if source.lower() == own:
        return "An indicator can't be worked out from itself."
    if indicator.kind != Kind.DERIVED:
        return "Only a derived indicator has parts: change its kind first."
    if role is Role.DENOMINATOR and indicator.population_id is not None:
        return "It is worked on a population, so it can't have a denominator too."
    sources = {reference: [part for part, _ in named] for reference, named in parts.items()}
    if own in with_sources([source.lower()], sources):
        return f"{source} is itself worked out from {indicator.reference}: that would go round in a circle."
    return ""


def _person(name: str, task: str) -> LookupColumn:
    return LookupColumn(
        name,
        name,
        of=User.objects.all,
        key="username",
        also=("name", "email"),
        called="person",
        help=f"The user name, or the name, of the person who {task}.",
    )


class PartsColumn(FileColumn):
    """References of other indicators, joined by +. Kept on the instance until all rows are there."""

    def __init__(self, name: str, role: Role) -> None:
        super().__init__(name, help="For a derived indicator: references, for example CP2 + CP2b.")
        self.role = role

    def read(self, cell: Any) -> list[str]:
        return list(dict.fromkeys(part.strip() for part in cells.text(cell).split("+") if part.strip()))

    def get_value(self, instance: Indicator) -> list[str]:
        found = instance.__dict__.get(self.attribute)
        if found is None:
            stored = [] if instance.pk is None else instance.terms.all()
            found = [term.source.reference for term in stored if term.role == self.role]
        return sorted(found, key=str.lower)

    def write(self, value: list[str]) -> str:
        return " + ".join(value)


class IndicatorResource(SpreadsheetResource):
    """One row an indicator."""

    reference = ReferenceColumn("reference", help="Short and unique, for example CP3-QL.")
    title = TextColumn("title")
    definition = TextColumn("definition", help="What is counted, in plain words.")
    outcome = TextColumn("outcome", help="What good looks like for children.")
    owner = _person("owner", "signs the figures off")
    reporter = _person("reporter", "enters figures and commentary")
    unit = WordColumn("unit", "unit", Unit)
    rate_base = WholeNumberColumn("rate_base", help="For a rate per another number, for example 1000000.")
    decimal_places = WholeNumberColumn("decimal_places", default=0, help="For display only.")
    polarity = WordColumn("polarity", "polarity", Polarity, help="The desired direction.")
    kind = WordColumn("kind", "kind", Kind)
    numerator_words = TextColumn("numerator_words", help="What the numerator counts: children visited in time.")
    denominator_words = TextColumn("denominator_words", help="What the denominator counts: of all children in care.")
    population = LookupColumn(
        "population",
        "population",
        of=PopulationGroup.objects.all,
        key="name",
        called="population group",
        help="For a derived rate: the name of the population group.",
    )
    frequency = WordColumn("frequency", "frequency", Frequency)
    year_starts = MonthOfYearColumn(
        "year_starts",
        help="With which its year begins: September for academic years; empty for the council’s own financial years.",
    )
    due_months = DueMonthsColumn(
        "due_months",
        help="Months in which figures are due, as 12, 4, 7 or Dec, Apr, Jul; empty for the last of each period.",
    )
    scope = WordColumn("scope", "scope", Scope)
    allows_negative = YesNoColumn("allows_negative", help="Whether figures may be negative: yes or no.")
    is_seasonal = YesNoColumn(
        "is_seasonal", help="Whether figures are judged against the usual shape of the year: yes or no."
    )
    seasonal_reason = TextColumn("seasonal_reason", help="Why it is seasonal.")
    accumulation = WordColumn(
        "accumulation", "accumulation", Accumulation, default=Accumulation.NO, help="Whether it adds up over the year."
    )
    allows_over_100 = YesNoColumn("allows_over_100", help="Whether a percentage may exceed 100: yes or no.")
    active_from = MonthColumn("active_from", help="The first month reported, for example 2020-04; may be empty.")
    active_to = MonthColumn("active_to", help="The final month reported; may be empty.")
    numerators = PartsColumn("numerators", Role.NUMERATOR)
    denominators = PartsColumn("denominators", Role.DENOMINATOR)
    note = TextColumn("note", help="What a reader must know about these figures.")

    required = ("reference",)
    related = ("owner", "reporter", "population")

    class Meta:
        model = Indicator
        fields = (
            "reference", "title", "definition", "outcome", "owner", "reporter", "unit", "rate_base",
            "decimal_places", "polarity", "kind", "population", "frequency", "year_starts", "due_months", "scope",
            "allows_negative", "allows_over_100", "active_from", "active_to", "numerators", "denominators", "note",
            "accumulation", "is_seasonal", "seasonal_reason", "numerator_words", "denominator_words",
        )  # fmt: skip
        import_id_fields = ("reference",)

    def content(self, instance: Any) -> tuple[Any, ...]:
        return super().content(instance) + tuple(_wanted(instance, role) for role in COLUMNS)

    def before_reading(self, rows: Sequence[Mapping[str, Any]], keys: Sequence[Sequence[Any]]) -> None:
        stored = Indicator.objects.order_by().values_list("reference", flat=True)
        # Of two that differ in capitals only, the one that is stored counts.
        self.spellings = Spellings([*(reference for (reference,) in keys), *stored])

    def stored(self, keys: Sequence[Sequence[Any]]) -> QuerySet[Indicator]:
        found = self.get_queryset().order_by().select_related(*self.related).prefetch_related("terms__source")
        return found.with_what_depends()

    def complete(self, instance: Any, row: Mapping[str, Any], stored: Any) -> None:
        super().complete(instance, row, stored)
        if stored is None and "year_starts" not in row:
            instance.year_starts = self.fields["year_starts"].clean({"year_starts": ""})
        # Of another frequency, those of before would be asked about although nobody wrote them.
        if stored is not None and "due_months" not in row and instance.frequency != stored.frequency:
            instance.due_months = ""
        for name in COLUMNS.values():
            named = instance.__dict__.get(name)
            if named is None:
                continue
            found = {part: self.spellings.find(part) for part in named}
            unknown = [part for part, reference in found.items() if reference is None]
            if unknown:
                raise ValidationError({name: f"There is no indicator {cells.quoted(unknown[0])}."})
            setattr(instance, name, list(dict.fromkeys(found.values())))

    def ask(self, changed: Sequence[ImportRow], stored: Mapping[tuple[Any, ...], Any], *, by: Any, today: date) -> None:
        reports = reports_by_row(Indicator, [row.instance.pk for row in changed if row.instance.pk])
        offered: dict[frozenset[int], set[int]] = {
            of: {*who_can_take(of).values_list("pk", flat=True)} for of in {frozenset(), *reports.values()}
        }
        for row in changed:
            for task in ("owner", "reporter"):
                person = getattr(row.instance, task)
                if row.stored is not None and person == getattr(row.stored, task):
                    continue
                doubt = doubt_about(person, task.capitalize())
                if person and person.is_active and person.pk not in offered[reports.get(row.instance.pk, frozenset())]:
                    doubt = f"{person} has no part in a scorecard that has {row.instance.reference}. Is that meant?"
                if doubt:
                    about = f"{task} {person.pk if person else ''}"
                    row.cautions.append(Caution(PEOPLE, doubt, about, needs_reason=False))
        moved = {row.instance.pk: row for row in changed if row.stored and row.stored.periods != row.instance.periods}
        for pk, months in MonthlyValue.objects.months_with_figures(moved).items():
            if told := moved[pk].instance.told_of_figures_between(months):
                moved[pk].cautions.append(Caution(OFF_PERIOD, told, str(len(months)), needs_reason=False))

    def look_at(self, changed: Sequence[ImportRow]) -> Iterator[tuple[ImportRow, ValidationError]]:
        """What is wrong with the parts that rows name, when all are read: a row may name indicators of later ones."""
        if not any(_names_parts(row.instance) for row in changed):
            return
        terms = DerivationTerm.objects.order_by("pk").values_list("indicator__reference", "source__reference", "role")
        parts: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
        for reference, source, role in terms:
            parts[reference.lower()][source.lower(), role] = None
        new = []
        for row in changed:
            own = parts[row.instance.reference.lower()]
            for role, column in COLUMNS.items():
                wanted = _wanted(row.instance, role)
                if wanted is None:
                    continue
                for part in [part for part in own if part[1] == role and part[0] not in wanted]:
                    del own[part]
                new += [(row, column, role, source) for source in wanted if (source, role) not in own]
        for row, column, role, source in new:
            spelling = self.spellings.exact[source]
            problem = _problem_of_part(row.instance, role, spelling, parts)
            parts[row.instance.reference.lower()][source, role] = None
            if problem:
                yield row, ValidationError({column: f"{spelling}: {problem}"})
        yield from self._problems_of_units(changed, parts)

    def _problems_of_units(
        self, changed: Sequence[ImportRow], parts: Mapping[str, Iterable[tuple[str, str]]]
    ) -> Iterator[tuple[ImportRow, ValidationError]]:
        stored = Indicator.objects.order_by().values_list("reference", "unit")
        units = {reference.lower(): unit for reference, unit in stored}
        units |= {row.instance.reference.lower(): row.instance.unit for row in changed}
        for row in changed:
            own = parts[row.instance.reference.lower()]
            of_units = [(role, self.spellings.exact[source], units[source]) for source, role in own]
            if of_units and row.instance.kind == Kind.DERIVED and (problem := problem_of_units(row.instance, of_units)):
                yield row, ValidationError({COLUMNS[Role.NUMERATOR]: problem})

    def write_beside(self, changed: Sequence[ImportRow], *, by: Any, reason: str) -> None:
        """Save the parts that rows name, and delete those that they don't name any more."""
        instances = {row.instance.pk: row.instance for row in changed if _names_parts(row.instance)}
        if not instances:
            return
        keys = {reference.lower(): pk for pk, reference in Indicator.objects.order_by().values_list("pk", "reference")}
        stored: dict[int, dict[tuple[int, str], Any]] = defaultdict(dict)
        for term in DerivationTerm.objects.order_by("pk").select_related("indicator", "source"):
            stored[term.indicator_id][term.source_id, term.role] = term
        new = []
        for pk, instance in instances.items():
            for role in COLUMNS:
                wanted = _wanted(instance, role)
                if wanted is None:
                    continue
                sources = {keys[part] for part in wanted}
                for (source, role_of_term), term in stored[pk].items():
                    if role_of_term == role and source not in sources:
                        term._history_user, term._change_reason = by, reason
                        term.delete()
                new += [
                    DerivationTerm(indicator_id=pk, source_id=source, role=role)
                    for source in sources
                    if (source, role) not in stored[pk]
                ]
        save_all(new, by=by, reason=reason)

    def filter_export(self, queryset: QuerySet[Indicator], **kwargs: Any) -> QuerySet[Indicator]:
        return super().filter_export(queryset, **kwargs).prefetch_related("terms__source")


class SuccessionResource(SpreadsheetResource):
    """One row an indicator and one that it comes after."""

    indicator = reference_column()
    former = LookupColumn(
        "former",
        "former",
        of=Indicator.objects.all,
        key="reference",
        called="indicator",
        required=True,
        help="The reference of the indicator that was there before.",
    )
    kind = WordColumn("kind", "kind", SuccessionKind, default=SuccessionKind.REPLACES, help="Empty is replaces.")
    month = MonthColumn("month", required=True, help="The first month that the new indicator stands for.")
    note = TextColumn("note", help="What is counted otherwise; shown on both pages.")

    required = ("reference", "former", "month")
    related = ("indicator", "former")

    class Meta:
        model = Succession
        fields = ("indicator", "former", "kind", "month", "note")
        import_id_fields = ("indicator", "former")
