"""Saving over what others edit too: what was changed apart is merged, about the rest the editor is asked.

An edit says which version of a row its editor saw. What has changed since is found in the history, field by field.
Lines, the overview, areas of focus and the panel's questions are all saved through here (docs/adr/, number 32).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from django.db.models import QuerySet
from simple_history.utils import get_history_manager_for_model

from indicators.calculations.plain_text import plain_text
from indicators.models import Seen, User, seen

SOMEBODY = "Somebody"
Key = TypeVar("Key")
# The fields of a row, or of a version of it in the history; without those that a missing row has no value for.
Reader = Callable[[Any, Iterable[str]], dict[str, Any]]


class Edit(NamedTuple):
    """What somebody makes of a row, and which version of it they saw.

    `row` is the row as it is stored, locked; None where there is none. `typed` has the new values by field; a field
    that is left out stays as it is.
    """

    row: Any
    typed: Mapping[str, Any]
    saw: Seen


class Clash(NamedTuple):
    """The other version of fields that both changed; nothing was written.

    `author` wrote it, which may be whoever now saves, in another window or before they went back; None, as `when`,
    where the history doesn't tell. `merged` has the fields that only the other version changed; `now`, by field, the
    version that whoever is shown this has then seen.
    """

    author: User | None
    when: datetime | None
    theirs: Mapping[str, Any]
    merged: Mapping[str, Any]
    now: Mapping[str, Seen]

    @property
    def who(self) -> str:
        return str(self.author or SOMEBODY)

    def is_by(self, person: User) -> bool:
        """Whether it is the person's own earlier entry."""
        return self.author is not None and self.author.pk == person.pk

    def beside(self, other: Clash | None, reader: User) -> Clash:
        """Both as one, for a form whose fields are kept in two rows.

        It names who changed the first, unless that was the reader and the second was not.
        """
        if other is None:
            return self
        named = other if self.is_by(reader) else self
        fields = ({**mine, **more} for mine, more in zip(self[2:], other[2:], strict=True))
        return Clash(named.author, named.when, *fields)


class Merge(NamedTuple):
    """What becomes of an edit: the fields to write, or the clash on account of which nothing is written."""

    changes: Mapping[str, Any]
    clash: Clash | None = None


class ClashError(Exception):
    """Saving would overwrite what its editor has not seen."""

    def __init__(self, clash: Clash) -> None:
        self.clash = clash
        super().__init__(f"{clash.who} saved another version meanwhile.")


def values_of(row: Any, names: Iterable[str]) -> dict[str, Any]:
    """What a row, or a version of it in the history, has in the fields; of a link to many rows their keys.

    Texts in one form, in which those of before there was one are no other than what is typed over them.
    """
    if row is None:
        return {}
    is_version = hasattr(row, "history_id")
    many = {
        field.name: f"{field.related_model._meta.model_name}_id" if is_version else "pk"
        for field in (row.instance_type if is_version else row)._meta.many_to_many
    }
    values = {
        name: frozenset(getattr(row, name).values_list(many[name], flat=True)) if name in many else getattr(row, name)
        for name in names
    }
    return {name: plain_text(value) if isinstance(value, str) else value for name, value in values.items()}


def merge(
    edits: Mapping[Key, Edit], history: QuerySet[Any], *, key: str = "id", read: Reader = values_of
) -> dict[Key, Merge]:
    """What to write of each edit: what was typed anew, but for fields left as they were seen that others have changed.

    A field clashes where the stored value and what was typed both differ from the version that was seen, and from each
    other. Where the history doesn't know that version, all that was typed anew clashes with all that is stored. `edits`
    go by what their rows have in the field `key` of the history; one query, none where everybody saw what is stored.
    """
    outdated = [name for name, edit in edits.items() if edit.saw != seen(edit.row)]
    versions = _versions(history, key, outdated)
    return {name: _merge(edit, versions.get(name, ()), read) for name, edit in edits.items()}


def clashes_over(
    edits: Mapping[Key, Edit], history: QuerySet[Any], *, key: str = "id", read: Reader = values_of
) -> dict[Key, Clash]:
    """The stored version of all fields of the edits, as somebody who also changed them is shown it; one query."""
    versions = _versions(history, key, edits)
    return {
        name: _clash(edit.row, read(edit.row, edit.typed), {}, versions.get(name, ()), read)
        for name, edit in edits.items()
    }


def save_over(row: Any, typed: Mapping[str, Any], saw: Seen, *, by: User) -> bool:
    """Save the fields of a locked row that were typed anew; whether there were any.

    Raises ClashError, and ValidationError when the row doesn't hold together.
    """
    changes, clash = merge({row.pk: Edit(row, typed, saw)}, get_history_manager_for_model(row).all())[row.pk]
    if clash:
        raise ClashError(clash)
    if changes:
        write(row, changes, by=by)
    return bool(changes)


def write(row: Any, values: Mapping[str, Any], *, by: User) -> None:
    """Save a new or a locked row with the values, those of its links to many rows too. Raises ValidationError."""
    many = {field.name for field in row._meta.many_to_many}
    for name in values.keys() - many:
        setattr(row, name, values[name])
    row.full_clean()
    row._history_user = by
    row.save()
    for name in values.keys() & many:
        getattr(row, name).set(values[name])


def _versions(history: QuerySet[Any], key: str, names: Collection[Any]) -> dict[Any, list[Any]]:
    """The versions in the history by key, oldest first."""
    found: dict[Any, list[Any]] = {}
    if names:
        records = history.filter(**{f"{key}__in": names}).select_related("history_user")
        for record in records.order_by("history_date", "history_id"):
            found.setdefault(getattr(record, key), []).append(record)
    return found


def _merge(edit: Edit, versions: Sequence[Any], read: Reader) -> Merge:
    stored = read(edit.row, edit.typed)
    changed = {name: value for name, value in edit.typed.items() if value != stored[name]}
    if edit.saw == seen(edit.row) or not changed:
        return Merge(changed)
    # A link to many rows is written after its row, as one more entry of the same version.
    then = read(next((one for one in reversed(versions) if Seen(one.id, one.version) == edit.saw), None), edit.typed)
    theirs = {name for name in stored if name not in then or stored[name] != then[name]}
    mine = {name: value for name, value in changed.items() if name not in then or value != then[name]}
    both = {name: stored[name] for name in sorted(theirs & mine.keys())}
    if not both:
        return Merge(mine)
    only_theirs = {name: stored[name] for name in theirs - both.keys()}
    return Merge({}, _clash(edit.row, both, only_theirs, versions, read))


def _clash(
    row: Any, theirs: Mapping[str, Any], merged: Mapping[str, Any], versions: Sequence[Any], read: Reader
) -> Clash:
    """The stored version beside what was typed, with the name of whoever made these fields what they are.

    That need not be who saved the row last: another may have changed another field of it since.
    """
    made = versions[-1] if versions else None
    if row is not None:
        for one in reversed(versions):
            if one.id != row.pk or read(one, theirs) != theirs:
                break
            made = one
    author, when = (made.history_user, made.history_date) if made else (None, None)
    return Clash(author, when, theirs, merged, dict.fromkeys([*theirs, *merged], seen(row)))
