"""Saving over a row that others edit too: what was changed apart is merged, about the rest its editor is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from simple_history.utils import get_history_manager_for_model

from indicators.models import Seen, User, seen

SOMEBODY = "Somebody"


class Clash(NamedTuple):
    """Somebody else's version of fields that both changed; nothing was written.

    `merged` has the fields that only the other person changed.
    """

    who: str
    when: datetime | None
    theirs: Mapping[str, Any]
    merged: Mapping[str, Any]
    now: Seen


class ClashError(Exception):
    """Saving would overwrite what its editor has not seen."""

    def __init__(self, clash: Clash) -> None:
        self.clash = clash
        super().__init__(f"{clash.who} saved another version meanwhile.")


def save_over(row: Any, typed: Mapping[str, Any], saw: Seen, *, by: User) -> bool:
    """Save the fields of a locked row that were typed anew; whether there were any.

    Raises ClashError where the row's field and what was typed both differ from the version that was
    seen, and ValidationError when the row doesn't hold together.
    """
    stored = values_of(row, typed)
    changed = {name: value for name, value in typed.items() if value != stored[name]}
    if saw != seen(row):
        changed = _merged(row, changed, stored, _version_of(row, saw, typed))
    if not changed:
        return False
    write(row, changed, by=by)
    return True


def write(row: Any, values: Mapping[str, Any], *, by: User) -> None:
    """Save a new or a locked row with the values, those of its links to many rows too."""
    many = {field.name for field in row._meta.many_to_many}
    for name in values.keys() - many:
        setattr(row, name, values[name])
    row.full_clean()
    row._history_user = by
    row.save()
    for name in values.keys() & many:
        getattr(row, name).set(values[name])


def values_of(row: Any, names: Iterable[str]) -> dict[str, Any]:
    """What a row has in the fields; of a link to many rows their keys."""
    many = {field.name for field in row._meta.many_to_many}
    return {name: _keys(getattr(row, name).values_list("pk")) if name in many else getattr(row, name) for name in names}


def _keys(rows: Iterable[tuple[int]]) -> frozenset[int]:
    return frozenset(key for (key,) in rows)


def clash_over(row: Any, names: Iterable[str], merged: Mapping[str, Any] | None = None) -> Clash:
    """The stored version of the fields as somebody who also changed them is shown it."""
    latest = get_history_manager_for_model(row).filter(id=row.pk).select_related("history_user").first()
    who = str(latest.history_user or SOMEBODY) if latest else SOMEBODY
    return Clash(who, latest.history_date if latest else None, values_of(row, names), merged or {}, seen(row))


def _merged(
    row: Any, changed: Mapping[str, Any], stored: Mapping[str, Any], then: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What to write of the changed fields: not those left as they were seen, whom somebody else has changed since."""
    theirs = {name for name in stored if then is None or stored[name] != then[name]}
    mine = {name: value for name, value in changed.items() if then is None or value != then[name]}
    both = sorted(theirs & mine.keys())
    if both:
        only_theirs = {name: stored[name] for name in theirs - set(both)}
        raise ClashError(clash_over(row, both, only_theirs))
    return mine


def _version_of(row: Any, saw: Seen, names: Mapping[str, Any]) -> dict[str, Any] | None:
    """The fields of the version that was seen; None where there was no row yet or the history doesn't know it."""
    if saw.key != row.pk:
        return None
    records = get_history_manager_for_model(row).filter(id=row.pk, version=saw.version).order_by("-history_id")
    # A link to many rows is written after its row, as one more entry of the same version.
    record = records.first()
    if record is None:
        return None
    many = {field.name: f"{field.related_model._meta.model_name}_id" for field in row._meta.many_to_many}
    return {
        name: _keys(getattr(record, name).values_list(many[name])) if name in many else getattr(record, name)
        for name in names
    }
