"""Storing a new year: each cell that is right, with the reason beside each that is not; copying; and what ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from simple_history.utils import get_history_manager_for_model

from indicators.calculations.months import add_months
from indicators.calculations.vocabulary import RestsOn, Shape, SuccessionKind
from indicators.models import (
    ChangedMeanwhileError,
    Indicator,
    Population,
    PopulationGroup,
    Seen,
    Succession,
    Target,
    User,
    save_all,
    seen,
)
from indicators.models.row_checks import broken_checks
from indicators.moments import day_and_time
from indicators.reasons import asked_of, in_history
from scorecard.editing.forms import version_text
from scorecard.models import Scorecard
from scorecard.rules import require

from .forms import CellForm, PopulationForm, TargetForm

TARGET_FIELDS = ("value", "upper", "is_tbc", "sense", "tolerance")
POPULATION_FIELDS = ("people", "stage", "source")
AT_ONCE = "Somebody else saved one at the same moment. Look again."
Form = TypeVar("Form", bound=CellForm)


def is_plain(target: Target | None) -> bool:
    """Whether a target can be typed into a cell: it rests on no other figure, and isn't reached by steps."""
    return target is None or (target.rests_on == RestsOn.FIGURE and target.shape != Shape.TYPED)


@transaction.atomic
def save_targets(*, scorecard: Scorecard, year: int, forms: Sequence[TargetForm], reason: str = "", by: User) -> int:
    """Save those of the typed rows that are right, and say at the others why not. Returns how many were saved.

    Those that reach what is published or signed off are only right with a `reason`, which the history keeps.
    """
    require(by, "arrange_scorecard", scorecard)
    typed = {form.indicator.pk: form for form in forms if form.is_typed}
    # Two who fill in, or copy, the same wait for one another here.
    list(Indicator.objects.select_for_update().filter(pk__in=typed).order_by("pk").values_list("pk"))
    stored = {row.indicator_id: row for row in Target.objects.filter(indicator__in=typed, year=year)}
    right = _as_seen(typed, stored)
    rows: dict[int, Target] = {}
    for key, form in right.items():
        if not form.values:
            continue
        new = Target(indicator=form.indicator, year=year, shape=_shape_after(form.before))
        row = copy(stored[key]) if key in stored else new
        row.indicator = form.indicator
        _fill(row, form, by)
        rows[key] = row
    return _store(right, rows, stored, TARGET_FIELDS, by=by, what="Targets of a new year", reason=reason)


@transaction.atomic
def save_populations(
    *, scorecard: Scorecard, year: int, forms: Sequence[PopulationForm], reason: str = "", by: User
) -> int:
    """The same for the populations."""
    require(by, "arrange_scorecard", scorecard)
    typed = {form.group.pk: form for form in forms if form.is_typed}
    list(PopulationGroup.objects.select_for_update().filter(pk__in=typed).order_by("pk").values_list("pk"))
    stored = {row.group_id: row for row in Population.objects.filter(group__in=typed, year=year)}
    right = _as_seen(typed, stored)
    rows: dict[int, Population] = {}
    for key, form in right.items():
        if form.values:
            rows[key] = copy(stored[key]) if key in stored else Population(group=form.group, year=year)
            rows[key].group = form.group
            _fill(rows[key], form, by)
    return _store(right, rows, stored, POPULATION_FIELDS, by=by, what="Populations of a new year", reason=reason)


def _shape_after(before: Target | None) -> str:
    """A year's target that is for the whole year is followed by such a one."""
    return before.shape if before is not None and is_plain(before) else Shape.EVERY_PERIOD


def _as_seen(typed: Mapping[int, Form], stored: Mapping[int, Any]) -> dict[int, Form]:
    """Those that are valid and whose row is as the officer saw it; the others are told what somebody else saved."""
    right: dict[int, Form] = {}
    changed: dict[int, Form] = {}
    for key, form in typed.items():
        if not form.is_valid():
            continue
        saw: Seen = form.cleaned_data["saw"]
        (right if saw == seen(stored.get(key)) else changed)[key] = form
    if changed:
        told = _told_of_versions([stored[key] for key in changed if key in stored])
        for key, form in changed.items():
            row = stored.get(key)
            form.add_error(None, told[row.pk] if row else "Somebody has taken it away since you opened the page.")
            # Seen by now: saved once more, what is typed stands.
            data: Any = form.data
            form.data = data.dict() | {form.add_prefix("saw"): version_text(seen(row))}
    return right


def _told_of_versions(rows: Sequence[Any]) -> dict[int, str]:
    """By row who saved its version and when; one query."""
    if not rows:
        return {}
    records = get_history_manager_for_model(type(rows[0])).filter(id__in=[row.pk for row in rows])
    latest = {record.id: record for record in records.select_related("history_user").order_by("history_date", "pk")}
    return {
        row.pk: f"{latest[row.pk].history_user or 'Somebody'} saved {_figure_of(row)} on "
        f"{day_and_time(latest[row.pk].history_date)}. Save once more if yours should stand."
        if row.pk in latest
        else f"Somebody saved {_figure_of(row)}. Save once more if yours should stand."
        for row in rows
    }


def _figure_of(row: Any) -> str:
    return row.words if isinstance(row, Target) else f"{row.people:,}"


def _fill(row: Any, form: CellForm, by: User) -> None:
    for name, value in form.values.items():
        setattr(row, name, value)


def _store(
    right: Mapping[int, CellForm],
    rows: dict[int, Any],
    stored: Mapping[int, Any],
    fields: Sequence[str],
    *,
    by: User,
    what: str,
    reason: str,
) -> int:
    """Check the rows, say what is wrong beside each, and save the others in few statements.

    `rows` are as they would be, `stored` as they are; those of which a form is empty are deleted.
    """
    for key, row in list(rows.items()):
        try:
            row.clean_fields(exclude=["indicator", "group", *(["steps"] if isinstance(row, Target) else [])])
            row.clean()
        except ValidationError as error:
            _tell(right[key], error)
            del rows[key]
    keys = list(rows)
    for place, broken in broken_checks([rows[key] for key in keys]).items() if keys else ():
        _tell(right[keys[place]], broken)
        del rows[keys[place]]
    emptied = {key: stored[key] for key, form in right.items() if key in stored and not form.values}
    keys = [*rows, *emptied]
    for place, cautions in asked_of([(stored.get(key), rows.get(key)) for key in keys]).items():
        key = keys[place]
        if reason:
            row = rows.get(key) or emptied[key]
            row._change_reason = "\n".join([what, *in_history(cautions, reason)])
        else:
            right[key].ask_why(cautions)
            rows.pop(key, None)
            emptied.pop(key, None)
    try:
        with transaction.atomic():
            save_all(list(rows.values()), fields, by=by, reason=what)
            for row in emptied.values():
                row._history_user, row._change_reason = by, getattr(row, "_change_reason", what)
                row.delete()
    except (IntegrityError, ChangedMeanwhileError):
        for form in right.values():
            form.add_error(None, AT_ONCE)
        return 0
    return len(rows) + len(emptied)


def _tell(form: CellForm, error: ValidationError) -> None:
    messages = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, said in messages.items():
        form.add_error(name if name in form.fields else None, ValidationError(said))


@transaction.atomic
def end_indicator(
    *, scorecard: Scorecard, indicator: Indicator, last_month: date, successor: Indicator | None, note: str, by: User
) -> Indicator:
    """An indicator is reported for the last time, and perhaps another comes after it from the next month on.

    `indicator` is the copy that the officer saw. Raises ChangedMeanwhileError where it is another by now, and
    ValidationError where that makes no sense.
    """
    require(by, "arrange_scorecard", scorecard)
    current = Indicator.objects.select_for_update().get(pk=indicator.pk)
    if current.version != indicator.version:
        raise ChangedMeanwhileError(current)
    if successor is not None and successor.pk == current.pk:
        raise ValidationError({"former": "An indicator can’t come after itself."})
    current.active_to = last_month
    current._history_user, current._change_reason = by, "Ends"  # type: ignore[attr-defined]
    current.full_clean()
    current.save(update_fields=["active_to"])
    if successor is not None:
        kind = SuccessionKind.REPLACES
        row = Succession(indicator=successor, former=current, month=add_months(last_month, 1), kind=kind, note=note)
        try:
            row.full_clean()
        except ValidationError as error:
            raise ValidationError({"former": error.messages}) from error
        row._history_user = by  # type: ignore[attr-defined]
        row.save()
    return current
