"""Import and export of figures: monthly values, targets, comparators and populations."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection

from indicators.bases import questions_about
from indicators.calculations.cautions import BASIS, FURTHEST, OVERWRITTEN, Caution, Entry, EntryTerms, ask_about
from indicators.calculations.figures import Figure
from indicators.calculations.folding import folded
from indicators.calculations.months import add_months
from indicators.calculations.signal import Baseline
from indicators.calculations.units import OF_CASES, kind_of
from indicators.calculations.vocabulary import (
    Blank,
    ComparatorPeriod,
    OnBasis,
    RestsOn,
    Sense,
    Shape,
    Stage,
    Unit,
)
from indicators.models import (
    TARGET_NUMBERS,
    TARGET_WORDS,
    Comparator,
    FixedBaseline,
    Indicator,
    MonthlyValue,
    Population,
    PopulationGroup,
    Rebase,
    Target,
)
from indicators.moments import day_in_words

from . import cells
from .base import BROUGHT_OVER_FROM, IMPORT_OF, ImportRow, IndicatorFiguresResource, SpreadsheetResource
from .columns import (
    FigureColumn,
    LookupColumn,
    NumberColumn,
    OwnYearColumn,
    PeriodColumn,
    TextColumn,
    WholeNumberColumn,
    WordColumn,
    YearColumn,
    YesNoColumn,
    group_column,
    reference_column,
)

_HINT = "; for a figure that isn't there leave it empty and give the reason in “blank”"


class MonthlyValueResource(IndicatorFiguresResource):
    """One row a month of an indicator."""

    indicator = reference_column()
    month = PeriodColumn(
        "month",
        required=True,
        help="For example 2021-01; January 2021, 01/2021 or a date will do. Of an indicator that isn’t monthly its "
        "period will do, too: Q3 2020-21, Autumn 2020, Apr to Sep 2020 or 2019-20.",
    )
    figure = FigureColumn(
        "figure", "figure", hint=_HINT, help="In the indicator's unit: 19 or 19% for 19%, £1.2m or 1200 in £ thousand."
    )
    numerator = FigureColumn("numerator", "numerator", hint=_HINT)
    denominator = NumberColumn("denominator", "denominator", hint=_HINT)
    blank = WordColumn("blank", "blank", Blank, default="", help="Only when there is no figure.")
    stage = WordColumn("stage", "stage", Stage, default=Stage.FINAL, help="Empty is final.")
    note = TextColumn("note", help="Shown with the figure.")

    required = ("reference", "month")
    figures = ("figure",)

    class Meta:
        model = MonthlyValue
        fields = ("indicator", "month", "figure", "numerator", "denominator", "blank", "stage", "note")
        import_id_fields = ("indicator", "month")

    def stored(self, keys: Sequence[Sequence[Any]]) -> Iterable[MonthlyValue]:
        """The values of a file's indicators, from before its first month to after its last, as far as is looked at."""
        if not keys:
            return
        indicators = {indicator.pk: indicator for indicator, _ in keys}
        months = [month for _, month in keys]
        self.terms = _terms_of(indicators)
        furthest = max((terms.furthest for terms in self.terms.values()), default=FURTHEST)
        first = min(add_months(min(months), -furthest), *(terms.since(min(months)) for terms in self.terms.values()))
        final = add_months(max(months), furthest)
        values = self.get_queryset().order_by().between(first, final)
        if len(indicators) <= MOST_KEYS:
            values = values.filter(indicator__in=indicators)
        for value in values:
            if value.indicator_id in indicators:
                # Read already; each value would make one of its own.
                value.indicator = indicators[value.indicator_id]
                yield value

    def says_nothing(self, row: Mapping[str, Any]) -> bool:
        keys = self._meta.import_id_fields
        given = [column.column_name for column in self.own_columns if column.attribute not in keys]
        try:
            return "figure" in row and not any(cells.text(row[name]).strip() for name in given if name in row)
        except ValueError:
            # What can't be read is told beside its cell.
            return False

    def complete(self, instance: Any, row: Mapping[str, Any], stored: Any) -> None:
        super().complete(instance, row, stored)
        # A figure that arrives ends “awaited”, even where the file has no column for it.
        if "blank" not in row and not all(cells.is_empty(row.get(name)) for name in ("figure", "numerator")):
            instance.blank = ""
        for name in ("numerator", "denominator"):
            if cells.is_per_cent(row.get(name)):
                raise ValidationError({name: f"{cells.quoted(row[name])}: a {name} is a plain number, without %."})
        if instance.numerator is not None and row.get("numerator") is not None:
            unit = Unit(instance.indicator.unit)
            # A sum of money or time is in the indicator's unit, any other numerator a plain number.
            self._put_in_unit(instance, "numerator", row["numerator"], unit if kind_of(unit) not in OF_CASES else None)

    def ask(self, changed: Sequence[ImportRow], stored: Mapping[tuple[Any, ...], Any], *, by: Any, today: date) -> None:
        figures: dict[int, dict[date, Figure]] = defaultdict(dict)
        for value in stored.values():
            figures[value.indicator_id][value.month] = value.as_figure()
        by_indicator: dict[int, dict[date, ImportRow]] = defaultdict(dict)
        # A note or a stage that changes is no new figure.
        figures_changed = [row for row in changed if row.stored is None or _amount(row.stored) != _amount(row.instance)]
        for row in figures_changed:
            by_indicator[row.instance.indicator_id][row.instance.month] = row
        for key, rows in by_indicator.items():
            own = figures[key]
            entries = {month: Entry(row.instance.as_figure(), own.get(month)) for month, row in rows.items()}
            own |= {month: entry.figure for month, entry in entries.items()}
            for month, cautions in ask_about(self.terms[key], own, entries, today.replace(day=1)).items():
                rows[month].cautions += cautions
        for row, caution in _overwritten(figures_changed, by):
            row.cautions.append(caution)
        for ask in ALSO_ASKED:
            for place, caution in ask([(row.stored, row.instance) for row in changed]):
                changed[place].cautions.append(caution)

    def take_turns(self, changed: Sequence[ImportRow]) -> None:
        """Nobody enters, sends or signs off these indicators' lines meanwhile; SQLite has one writer anyway."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(TURNS_AT_LINES, [list({row.instance.indicator_id for row in changed})])


def _terms_of(indicators: Mapping[int, Indicator]) -> dict[int, EntryTerms]:
    """What each of the indicators takes, with what its chart rests on. Two queries."""
    keys = indicators if len(indicators) <= MOST_KEYS else None
    rebases: dict[int, list[date]] = defaultdict(list)
    baselines: dict[int, list[Baseline]] = defaultdict(list)
    chosen = {} if keys is None else {"indicator__in": keys}
    for key, month in Rebase.objects.filter(**chosen).order_by().values_list("indicator_id", "month"):
        rebases[key].append(month)
    fixed = FixedBaseline.objects.filter(**chosen).order_by()
    for key, month, count, reason in fixed.values_list("indicator_id", "month", "periods", "reason"):
        baselines[key].append(Baseline(month, count, reason))
    return {key: one.entry_terms(rebases.get(key, ()), baselines.get(key, ())) for key, one in indicators.items()}


def cautions_about(value: MonthlyValue, *, by: Any, today: date) -> list[Caution]:
    """What there is to ask about one value that somebody has typed, not saved yet."""
    resource = MonthlyValueResource()
    around = {(one.indicator_id, one.month): one for one in resource.stored([(value.indicator, value.month)])}
    stored = None if value.pk is None else MonthlyValue.objects.select_related("indicator").filter(pk=value.pk).first()
    row = ImportRow(0, (), {}, value, stored)
    resource.ask([row], around, by=by, today=today)
    return row.cautions


def cautions_about_deleting(values: Sequence[MonthlyValue]) -> Mapping[int, list[Caution]]:
    """What there is to ask before stored values are deleted, by the place of each: whether it is published, or on its
    way to the panel; nothing where it is empty.
    """
    changes: list[ValueChange] = []
    for value in values:
        gone = copy(value)
        gone.figure = gone.numerator = gone.denominator = None
        gone.blank = Blank.NOT_AVAILABLE
        changes.append((value, gone))
    found: dict[int, list[Caution]] = defaultdict(list)
    for ask in ALSO_ASKED if changes else ():
        for place, caution in ask(changes):
            found[place].append(caution)
    return dict(found)


# Who has it is the only one who enters, sends or signs off the line of an indicator until the transaction ends.
TURN_AT_LINE = "pg_advisory_xact_lock(hashtextextended('line', line.id))"
# Always taken in the same order, so that nobody waits in a circle.
TURNS_AT_LINES = f"""
    SELECT count({TURN_AT_LINE})
    FROM (SELECT id FROM indicators_indicator WHERE id = ANY(%s) ORDER BY id) AS line
"""  # noqa: S608 - constants of this file
# Of more indicators the values of all are read: a statement has room for so many.
MOST_KEYS = 500
# A value as it is stored, if it is, and as it would be.
ValueChange = tuple[MonthlyValue | None, MonthlyValue]
# What others have to ask about changes of figures: each gives the places of those that it asks about.
ALSO_ASKED: list[Callable[[Sequence[ValueChange]], Iterable[tuple[int, Caution]]]] = []


def _amount(value: MonthlyValue) -> tuple[Any, ...]:
    return value.indicator_id, value.month, value.figure, value.numerator, value.denominator, value.blank


def _overwritten(changed: Sequence[ImportRow], by: Any) -> Iterator[tuple[ImportRow, Caution]]:
    """Rows that would replace what another person has typed."""
    replaced = {row.stored.pk: row for row in changed if row.stored is not None}
    keys = list(replaced)
    for start in range(0, len(keys), MOST_KEYS):
        entered = MonthlyValue.history.filter(id__in=keys[start : start + MOST_KEYS], history_user__isnull=False)
        for entry in entered.exclude(history_user=by).select_related("history_user").order_by():
            row = replaced[entry.id]
            is_import = (entry.history_change_reason or "").startswith((IMPORT_OF, BROUGHT_OVER_FROM))
            if entry.version == row.stored.version and not is_import:
                day = day_in_words(entry.history_date)
                message = f"{row.stored.display()} was entered by {entry.history_user} on {day}."
                yield row, Caution(OVERWRITTEN, message, str(entry.version), needs_reason=False)


_YEAR_HELP = "For example 2020-21; 2020 where the indicator's years begin in January."


_TYPED = (RestsOn.FIGURE.value, folded(RestsOn.FIGURE.label))


class TargetColumn(FigureColumn):
    """A target, or TBC."""

    def read(self, cell: Any) -> Decimal | None:
        if cells.text(cell).strip().lower() in ("tbc", "to be confirmed"):
            return None
        found = super().read(cell)
        if found is None:
            raise ValueError("The target is empty: write the figure, or TBC.")
        return found

    def get_value(self, instance: Target) -> Any:
        return "TBC" if instance.is_tbc else instance.value

    def write(self, value: Any) -> Any:
        return value if value == "TBC" else super().write(value)

    def clean(self, row: Any, **kwargs: Any) -> Decimal | None:
        rests_on = folded(cells.text(row.get("rests_on", "")))
        if rests_on not in ("", *_TYPED) and not cells.text(row.get("value", "")).strip():
            return None
        found: Decimal | None = super().clean(row, **kwargs)
        return found

    def save(self, instance: Target, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:  # noqa: FBT001, FBT002
        instance.value = self.clean(row)
        # A figure that is looked up for each report is none that is still to be confirmed.
        instance.is_tbc = instance.value is None and bool(cells.text(row["value"]).strip())


class TargetResource(IndicatorFiguresResource):
    """One row a target."""

    related = ("indicator", "group")

    indicator = reference_column()
    year = OwnYearColumn("year", required=True, help=_YEAR_HELP)
    value = TargetColumn("value", "value", hint=": write the figure, or TBC", help="In the indicator's unit, or TBC.")
    tolerance = FigureColumn(
        "tolerance",
        "tolerance",
        default=Decimal(0),
        help="By how much a figure may miss it and still be amber; empty is 0.",
    )
    note = TextColumn("note", help="Shown with the target.")
    sense = WordColumn("sense", "sense", Sense, default=Sense.DIRECTION, help="Empty is as the direction asks.")
    upper = NumberColumn("upper", "upper", help="The upper figure of a target between two; value is the lower.")
    shape = WordColumn("shape", "shape", Shape, default=Shape.EVERY_PERIOD, help="Empty is every_period.")
    steps = TextColumn("steps", help="For typed: where the year should stand by period or quarter: 6; 12; 18; 24.")
    rests_on = WordColumn("rests_on", "rests_on", RestsOn, default=RestsOn.FIGURE, help="Else leave value empty.")
    group = group_column("comparator", help="Only where the target rests on one.")
    is_strict = YesNoColumn("is_strict", help="Whether as good as that is not enough: yes or no.")

    required = ("reference", "year", "value")
    figures = ("value", "tolerance", "upper")

    class Meta:
        model = Target
        fields = (
            *("indicator", "year", "value", "tolerance", "note"),
            *(name.removesuffix("_id") for name in (*TARGET_NUMBERS[2:], *TARGET_WORDS)),
        )
        import_id_fields = ("indicator", "year")


class PublishedColumn(TextColumn):
    """A figure as it was published, or the parts of a sum."""

    def read(self, cell: Any) -> str:
        found = cells.number(cell) if isinstance(cell, cells.Cell) else None
        return cells.text(cell).strip() if found is None else str(cells.plain(found))

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:  # noqa: FBT001, FBT002
        instance.published = self.clean(row)

    def write(self, value: str) -> Any:
        """A number as one, so that a workbook can reckon with it."""
        return cells.plain(Decimal(value)) if re.fullmatch(r"-?\d+(\.\d+)?", value) else value


class ComparatorResource(IndicatorFiguresResource):
    """One row a comparator."""

    related = ("indicator", "group")

    indicator = reference_column()
    group = group_column("group", required=True)
    year = OwnYearColumn("year", help="For example 2019-20; empty when it is not known.")
    value = FigureColumn(
        "value",
        "value",
        hint="; without a figure leave it empty and fill in “blank”",
        help="In the indicator's unit; may be empty where “published” has the figure that it is worked out from.",
    )
    published = PublishedColumn("published", help="The figure as published, or the parts of a sum: 120 + 80 + 95.")
    period = WordColumn("period", "period", ComparatorPeriod, default="", help="The time that the published one is of.")
    rule = TextColumn(
        "rule", help="What puts the published figure on the indicator's basis: / 12, 100 minus, x 4, per month, as is."
    )
    blank = WordColumn("blank", "blank", Blank, default="", help="Only when there is no figure.")
    source = TextColumn("source", help="The publication.")
    basis = TextColumn("basis", help="How it was put on the indicator's basis.")
    on_basis = WordColumn(
        "on_basis",
        "on_basis",
        OnBasis,
        default=OnBasis.UNKNOWN,
        help=(
            "Empty is unknown, and so is another value without this column. Only a comparator that is on the basis is "
            "compared."
        ),
    )
    note = TextColumn("note", help="Shown with the comparator.")

    required = ("reference", "group", "year")
    figures = ("value",)

    def complete(self, instance: Any, row: Mapping[str, Any], stored: Any) -> None:
        super().complete(instance, row, stored)
        # What follows from the published figure is worked out anew, unless the file says what it should be.
        if instance.published and not cells.text(row.get("value")).strip():
            instance.value = None
        instance.work_out()
        # Whoever said that it is on the basis said so of another figure.
        if stored is not None and "on_basis" not in row and instance.value != stored.value:
            instance.on_basis = OnBasis.UNKNOWN

    def ask(self, changed: Sequence[ImportRow], stored: Mapping[tuple[Any, ...], Any], *, by: Any, today: date) -> None:
        for row, question in zip(changed, questions_about([row.instance for row in changed]), strict=True):
            if question:
                row.cautions.append(Caution(BASIS, question, str(row.instance.value), needs_reason=False))

    class Meta:
        model = Comparator
        fields = (
            *("indicator", "group", "year", "value", "published", "period", "rule"),
            *("blank", "source", "basis", "on_basis", "note"),
        )
        import_id_fields = ("indicator", "group", "year")


class PopulationResource(SpreadsheetResource):
    """One row a group's year."""

    group = LookupColumn(
        "group",
        "group",
        of=PopulationGroup.objects.all,
        key="name",
        called="population group",
        required=True,
        help="The name of the population group, for example “Children aged 0 to 17”.",
    )
    year = YearColumn("year", required=True, help="The year that contains the mid-year estimate, for example 2019-20.")
    people = WholeNumberColumn("people")
    stage = WordColumn("stage", "stage", Stage, default=Stage.FINAL, help="Empty is final.")
    source = TextColumn("source")
    note = TextColumn("note")

    required = ("group", "year", "people")
    related = ("group",)

    class Meta:
        model = Population
        fields = ("group", "year", "people", "stage", "source", "note")
        import_id_fields = ("group", "year")
