"""Import and export of indicators, with what derived ones are worked out from."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from import_export.results import Result

from indicators.calculations.vocabulary import Frequency, Kind, Polarity, Scope, Unit
from indicators.models import DerivationTerm, Indicator, PopulationGroup, Role, User
from indicators.models.audited import REFUSED, refusal

from . import cells
from .base import SpreadsheetResource
from .columns import (
    FileColumn,
    LookupColumn,
    MonthColumn,
    ReferenceColumn,
    TextColumn,
    WholeNumberColumn,
    WordColumn,
    YesNoColumn,
)

COLUMNS = {Role.NUMERATOR: "numerators", Role.DENOMINATOR: "denominators"}


def _wanted(indicator: Indicator, role: Role) -> list[str] | None:
    """The references that its row names, in lower case; None when the file has no such column."""
    named = indicator.__dict__.get(COLUMNS[role])
    return None if named is None else list(dict.fromkeys(reference.lower() for reference in named))


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
    decimal_places = WholeNumberColumn("decimal_places", default=0, help="For display only.")
    polarity = WordColumn("polarity", "polarity", Polarity, help="The desired direction.")
    kind = WordColumn("kind", "kind", Kind)
    population = LookupColumn(
        "population",
        "population",
        of=PopulationGroup.objects.all,
        key="name",
        called="population group",
        help="For a derived rate: the name of the population group.",
    )
    frequency = WordColumn("frequency", "frequency", Frequency)
    scope = WordColumn("scope", "scope", Scope)
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
            "reference", "title", "definition", "outcome", "owner", "reporter", "unit", "decimal_places", "polarity",
            "kind", "population", "frequency", "scope", "allows_over_100", "active_from", "active_to", "numerators",
            "denominators", "note",
        )  # fmt: skip
        import_id_fields = ("reference",)

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        self.derived: list[tuple[int, Any, Indicator]] = []
        super().before_import(dataset, **kwargs)
        self.spelling: dict[str, str] = {}
        for cell in dataset["reference"]:
            with contextlib.suppress(ValueError):
                reference = cells.text(cell).strip()
                self.spelling[reference.lower()] = reference
        self.spelling |= {key[0]: found.reference for key, found in self.existing.items()}

    def stored(self) -> QuerySet[Indicator]:
        return super().stored().prefetch_related("terms__source")

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        for name in ("numerators", "denominators"):
            named = instance.__dict__.get(name)
            if named is None:
                continue
            unknown = [part for part in named if part.lower() not in self.spelling]
            if unknown:
                raise ValidationError({name: f"There is no indicator {cells.quoted(unknown[0])}."})
            setattr(instance, name, [self.spelling[part.lower()] for part in named])

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        if "numerators" in row or "denominators" in row:
            self.derived.append((kwargs["row_number"], row, instance))

    def after_import(self, dataset: tablib.Dataset, result: Result, **kwargs: Any) -> None:
        """Save the parts when every row is there: a row may name an indicator of a later one."""
        if result.has_errors() or result.has_validation_errors():
            return
        for _, _, instance in self.derived:
            for term in instance.terms.select_related("source", "indicator"):
                wanted = _wanted(instance, Role(term.role))
                if wanted is not None and term.source.reference.lower() not in wanted:
                    self.sign(term, **kwargs)
                    term.delete()
        by_reference = {found.reference.lower(): found for found in Indicator.objects.all()} if self.derived else {}
        for number, row, instance in self.derived:
            try:
                self.add_missing_parts(instance, by_reference, **kwargs)
            except ValidationError as error:
                result.append_invalid_row(number, row, error)

    def add_missing_parts(self, indicator: Indicator, known: Mapping[str, Indicator], **kwargs: Any) -> None:
        """Save the parts that its row names and that aren't stored. Raises ValidationError by column."""
        stored = {(term.source_id, term.role) for term in DerivationTerm.objects.filter(indicator=indicator)}
        for role, column in COLUMNS.items():
            sources = [known[reference] for reference in _wanted(indicator, role) or []]
            for source in sources:
                if (source.pk, role) in stored:
                    continue
                term = DerivationTerm(indicator=indicator, source=source, role=role)
                self.sign(term, **kwargs)
                try:
                    term.full_clean()
                    term.save()
                except ValidationError as error:
                    told = [f"{source.reference}: {text}" for text in error.messages]
                    raise ValidationError({column: told}) from error
                except REFUSED as error:
                    raise ValidationError({column: f"{source.reference}: {refusal(error)}"}) from error

    def filter_export(self, queryset: QuerySet[Indicator], **kwargs: Any) -> QuerySet[Indicator]:
        return super().filter_export(queryset, **kwargs).prefetch_related("terms__source")
