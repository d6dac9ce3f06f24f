"""Comparators as the open data have them, beside those that are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.timezone import localtime

from indicators.calculations.exact import exact, rounded
from indicators.calculations.formatting import format_number
from indicators.calculations.vocabulary import Blank, OnBasis
from indicators.models import Comparator, Indicator
from indicators.open_data import WorkedOut

from .reasons import reason_of, was_imported

STORED_DECIMALS = 6
COMPARATOR_FIELDS = ("value", "blank", "source", "basis", "on_basis", "note")


class FieldChange(NamedTuple):
    """What changes in one field, in words."""

    field: str
    old: str
    new: str


class ComparatorChange(NamedTuple):
    """A comparator with its new contents. `by_hand` tells whose version it would replace, if a person wrote that."""

    row: Comparator
    fields: tuple[FieldChange, ...]
    by_hand: str

    @property
    def is_new(self) -> bool:
        return self.row.pk is None


def changed_comparators(made: Sequence[WorkedOut], indicators: Mapping[str, Indicator]) -> list[ComparatorChange]:
    """Each comparator beside the stored one of its group and year; without `fields` where nothing differs."""
    stored = {
        (row.indicator_id, row.group, row.year): row
        for row in Comparator.objects.filter(indicator__in=indicators.values(), year__in={one.year for one in made})
    }
    edited = _edited_by_hand(list(stored.values()))
    changes = []
    for one in made:
        indicator = indicators[one.reference]
        row = stored.get((indicator.pk, one.group, one.year)) or Comparator(group=one.group, year=one.year)
        row.indicator = indicator
        row._change_reason = reason_of(one.files, one.year)  # type: ignore[attr-defined]
        changes.append(ComparatorChange(row, _fill_in(row, one), edited.get(row.pk, "")))
    return changes


def _fill_in(row: Comparator, made: WorkedOut) -> tuple[FieldChange, ...]:
    """Put the new contents into the row; returns what differs from the old ones."""
    new = {
        "value": rounded(made.value, STORED_DECIMALS),
        "blank": "",
        "source": made.source,
        "basis": made.basis,
        "on_basis": str(made.on_basis),
        "note": made.note,
    }
    told = []
    for field in COMPARATOR_FIELDS:
        old = getattr(row, field)
        if old != new[field]:
            label = "figure" if field == "value" else str(row._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
            told.append(FieldChange(label, _words(field, old), _words(field, new[field])))
            setattr(row, field, new[field])
    return tuple(told)


def _words(field: str, content: Any) -> str:
    if content in (None, ""):
        return "nothing"
    if isinstance(content, Decimal):
        decimals = -int(content.normalize().as_tuple().exponent)
        return format_number(exact(content), max(decimals, 0))
    if field == "on_basis":
        return OnBasis(content).label
    return Blank(content).label if field == "blank" else f"“{content}”"


def _edited_by_hand(rows: Sequence[Comparator]) -> dict[int, str]:
    """For rows whose latest version a person wrote: who, when and why."""
    history = Comparator.history.filter(id__in=[row.pk for row in rows])
    latest = {entry.id: entry for entry in history.select_related("history_user").order_by("history_id")}
    told = {}
    for pk, entry in latest.items():
        if not was_imported(entry.history_change_reason):
            why = f" ({entry.history_change_reason})" if entry.history_change_reason else ""
            told[pk] = f"{entry.history_user or 'somebody'} on {localtime(entry.history_date):%-d %B %Y}{why}"
    return told
