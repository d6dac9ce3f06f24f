"""What keeps a plan from being created, row by row as forms would say it, and what there is to ask about its figures.

Nothing is written. No rule takes a query for each row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import QuerySet

from commentary.models import Commentary
from indicators.calculations.cautions import HEADINGS, Caution, Entry, ask_about
from indicators.calculations.figures import Figure
from indicators.models import (
    Comparator,
    ComparatorGroup,
    CrossCheck,
    CrossCheckTerm,
    DerivationTerm,
    Indicator,
    MonthlyValue,
    Population,
    PopulationGroup,
    Target,
    User,
)
from indicators.models.derivation import problem_of_units
from indicators.models.row_checks import FieldCleaner, broken_checks
from scorecard.models import Line, Scorecard, Section

from .plan import ScorecardPlan

TWICE = "There are two of it in this file"
# Under the names of models, what people call their rows.
CALLED: dict[type, str] = {
    User: "Person",
    ComparatorGroup: "Comparator group",
    PopulationGroup: "Population group",
    Population: "Population",
    Indicator: "Indicator",
    DerivationTerm: "Part",
    CrossCheck: "Check",
    CrossCheckTerm: "Check",
    MonthlyValue: "Figure",
    Target: "Target",
    Comparator: "Comparator",
    Commentary: "Commentary",
    Section: "Section",
    Line: "Line",
}


class PlanProblem(NamedTuple):
    """Why a row can't be saved: where in the file it comes from, what it is, and what is wrong with it."""

    place: str
    row: str
    message: str

    @property
    def sentence(self) -> str:
        """All of it, for people."""
        return f"{f'{self.place}: ' if self.place else ''}{self.row}: {self.message}"


class PlanQuestion(NamedTuple):
    """What is asked about figures for one kind of reason: each with its cell and the sentence."""

    heading: str
    found: Sequence[tuple[str, str]]


def problems_of(plan: ScorecardPlan) -> list[PlanProblem]:
    """Everything that would be refused, in the order in which it would be saved."""
    found: list[PlanProblem] = []
    every: Iterator[Sequence[Any]] = chain([plan.people, [plan.scorecard]], plan.batches())
    for rows in every:
        new = [row for row in rows if row.pk is None]
        wrong: dict[int, ValidationError] = {}
        cleaner = FieldCleaner()
        for place, row in enumerate(new):
            try:
                cleaner.clean(row)
                _clean(row)
            except ValidationError as error:
                wrong[place] = error
        wrong = (broken_checks(new) if new else {}) | wrong
        for place, refused in sorted(wrong.items()):
            found += [_problem(plan, new[place], message) for message in _messages(refused, new[place])]
    return [*found, *_twice(plan), *_parts(plan)]


def questions_of(plan: ScorecardPlan, today: date) -> list[PlanQuestion]:
    """What an import would ask about the figures, kind by kind."""
    asked: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for value, caution in cautions_of(plan, today):
        asked[caution.code].append((_place(plan, value), caution.message))
    return [PlanQuestion(heading, asked[code]) for code, heading in HEADINGS.items() if code in asked]


def cautions_of(plan: ScorecardPlan, today: date) -> Iterator[tuple[MonthlyValue, Caution]]:
    """What there is to ask about each new figure of a new indicator."""
    values: dict[int, dict[date, MonthlyValue]] = defaultdict(dict)
    for value in plan.values:
        values[id(value.indicator)][value.month] = value
    for indicator in plan.indicators:
        own = values.get(id(indicator))
        if not own:
            continue
        figures: dict[date, Figure] = {month: value.as_figure() for month, value in own.items()}
        entries = {month: Entry(figure, None) for month, figure in figures.items()}
        for month, cautions in ask_about(indicator.entry_terms(), figures, entries, today.replace(day=1)).items():
            yield from ((own[month], caution) for caution in cautions)


def _clean(row: Any) -> None:
    """What a form would say of the row as a whole. Of all rows only the scorecard is looked up."""
    row.clean()
    if isinstance(row, Scorecard):
        row.validate_unique()


def _messages(error: ValidationError, row: Any) -> Iterator[str]:
    if not hasattr(error, "error_dict"):
        yield from error.messages
        return
    for name, messages in error.message_dict.items():
        label = "" if name == NON_FIELD_ERRORS else str(row._meta.get_field(name).verbose_name)
        yield from (f"{label}: {message}" if label else message for message in messages)


def _problem(plan: ScorecardPlan, row: Any, message: str) -> PlanProblem:
    return PlanProblem(_place(plan, row), words_for(row), message)


def _place(plan: ScorecardPlan, row: Any) -> str:
    return ", ".join(dict.fromkeys(origin.place for origin in plan.of(row)[:3]))


def words_for(row: Any) -> str:
    """What people call a row: “Figure of LAC1, May 2020”."""
    called = CALLED.get(type(row), str(row._meta.verbose_name).capitalize())
    if isinstance(row, Indicator):
        return f"{called} {row.reference}"
    if isinstance(row, Line):
        return f"{called} of {row.indicator.reference}"
    if isinstance(row, Section):
        return f"{called} “{row.title}”"
    if isinstance(row, MonthlyValue | Commentary):
        return f"{called} of {row.indicator.reference}, {row.month:%B %Y}"
    if isinstance(row, Target | Comparator):
        return f"{called} of {row}".replace(": ", ", ", 1) if isinstance(row, Comparator) else f"{called} of {row}"
    return f"{called} {row}"


def _about(row: Any) -> Any:
    """What tells an indicator, a group or a section from another, stored or not."""
    return row.pk or ("new", id(row))


# What there may be once of each model: how it is told, and where stored ones could have it already.
ONCE: list[tuple[type, str, Callable[[Any], Any], Callable[[Sequence[Any]], QuerySet[Any]] | None]] = [
    (
        User,
        "Somebody has this user name already. Choose the person from the list instead",
        lambda row: row.username.lower(),
        lambda keys: User.objects.all(),
    ),
    (
        ComparatorGroup,
        "A comparator group has this code already",
        lambda row: row.code,
        lambda keys: ComparatorGroup.objects.filter(code__in=keys),
    ),
    (
        ComparatorGroup,
        "A comparator group has this name already",
        lambda row: row.name.lower(),
        lambda keys: ComparatorGroup.objects.all(),
    ),
    (
        ComparatorGroup,
        "A comparator group has this short name already",
        lambda row: row.short_name.lower(),
        lambda keys: ComparatorGroup.objects.all(),
    ),
    (
        PopulationGroup,
        "There is a population group of this name already",
        lambda row: row.name,
        lambda keys: PopulationGroup.objects.filter(name__in=keys),
    ),
    (
        Indicator,
        "Another indicator has this reference already",
        lambda row: row.reference.lower(),
        lambda keys: Indicator.objects.all(),
    ),
    (Population, "There is a population for this year already", lambda row: (_about(row.group), row.year), None),
    (MonthlyValue, "There is a figure for this month already", lambda row: (_about(row.indicator), row.month), None),
    (Target, "There is a target for this year already", lambda row: (_about(row.indicator), row.year), None),
    (
        Comparator,
        "There is a comparator of this group for this year already",
        lambda row: (_about(row.indicator), row.group_id, row.year),
        None,
    ),
    (
        Commentary,
        "There is a commentary for this month already",
        lambda row: (_about(row.indicator), row.month),
        None,
    ),
    (Section, "The scorecard has a section of this title already", lambda row: row.title, None),
    (
        Line,
        "The section has this indicator already",
        lambda row: (_about(row.section), _about(row.indicator)),
        None,
    ),
    (
        DerivationTerm,
        "This part is there already",
        lambda row: (_about(row.indicator), _about(row.source), row.role),
        None,
    ),
]


def _twice(plan: ScorecardPlan) -> Iterator[PlanProblem]:
    """Rows that what is stored, or another row of the plan, has the place of."""
    by_model: dict[type, list[Any]] = {User: [row for row in plan.people if row.pk is None]}
    for rows in plan.batches():
        if rows:
            by_model[type(rows[0])] = rows
    for model, told, key_of, stored in ONCE:
        rows = by_model.get(model, [])
        keys = [key_of(row) for row in rows]
        taken = {} if stored is None or not rows else {key_of(one): one for one in stored(keys)}
        if stored is None:
            taken = {key_of(one): one for one in _stored_beside(model, rows)}
        first: dict[Any, Any] = {}
        for key, row in zip(keys, rows, strict=True):
            if key in taken:
                yield _problem(plan, row, f"{told}: {taken[key]}.")
            elif key in first:
                where = _place(plan, first[key])
                yield _problem(plan, row, f"{TWICE}{f', the other in {where}' if where else ''}.")
            first.setdefault(key, row)


def _stored_beside(model: Any, rows: Sequence[Any]) -> Iterator[Any]:
    """The stored rows of a model about what new ones point at, where that is stored already."""
    names = {field.name for field in model._meta.fields if field.is_relation}
    for name in ("indicator", "group"):
        if name in names:
            parents = {parent.pk for row in rows if (parent := getattr(row, name)).pk}
            if parents:
                beside = [one for one in ("indicator", "group", "section", "source") if one in names]
                yield from model._default_manager.filter(**{f"{name}__in": parents}).select_related(*beside)
            return


def _parts(plan: ScorecardPlan) -> Iterator[PlanProblem]:
    """Derived indicators whose parts don't go together, lead back to them, or are missing."""
    terms: Mapping[int, list[DerivationTerm]] = defaultdict(list)
    for term in plan.terms:
        terms[id(term.indicator)].append(term)
    for indicator in plan.indicators:
        own = terms.get(id(indicator), [])
        if indicator.pk is not None or not own:
            continue
        if indicator.kind != "derived":
            yield _problem(plan, indicator, "Only a derived indicator has parts.")
            continue
        wrong = problem_of_units(indicator, [(one.role, one.source.reference, one.source.unit) for one in own])
        if wrong:
            yield _problem(plan, indicator, wrong)
        seen, ahead = set[int](), [one.source for one in own]
        while ahead:
            source = ahead.pop()
            if source is indicator:
                yield _problem(plan, indicator, "It is worked out from itself, in a circle.")
                break
            if id(source) not in seen:
                seen.add(id(source))
                ahead += [one.source for one in terms.get(id(source), [])]
