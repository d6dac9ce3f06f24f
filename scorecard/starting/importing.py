"""Bringing over what was exported: rows with their history, all in one transaction or nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType
from typing import Any, NamedTuple

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction

from indicators.models import CrossCheck, Indicator, SecurityEventKind, User
from indicators.security_log import record as note
from scorecard.models import CouncilDetails, Erasure, PublishedDocument, Scorecard
from scorecard.publication.verifying import find_problems

from .contents import (
    FILES,
    GIVEN,
    MOVED,
    NUMBERED,
    ROLES,
    Keys,
    Model,
    MoveError,
    Record,
    Shape,
    frozen,
    history_fields,
    is_forgotten,
    is_reference,
    past_links,
    pseudonym,
    shape_of,
    shapes,
    value_from,
)
from .reading import MovedFile

# Documents are large, so few of them are in memory at once.
AT_ONCE, FILES_AT_ONCE = 500, 5
# So many numbers are left free before those of rows that only a history knows: there are never as many.
MOST_GONE = 100_000_000
NOT_EMPTY = (
    "There is something here already. Everything can only be brought over into an installation where nothing was done "
    "yet but adding people and telling of the council."
)
SOMEBODY_ELSE = (
    "Somebody here has the user name {name} with another e-mail address than the person of that name in the file. If "
    "they are one person, give both the same address; otherwise give one of them another user name."
)
WHAT = ("+", "~", "-")
# Fields that say by how much numbers are lower somewhere: what another merge added is added to.
NUMBERS_FROM = ("scorecard.Scorecard.numbers_from", "scorecard.PublishedDocument.numbers_from")
# Where else an indicator's number stands, and a check's, as “check-12”.
SAYS_INDICATOR = ("scorecard.Tombstone.indicator", *NUMBERS_FROM)
SAYS_CHECK, CHECK = "commentary.WarningReason.warning", re.compile(r"check-(\d{1,9})")


class Fit(NamedTuple):
    """How the rows of a file fit in among those of an installation that has data, by what they are told by there.

    `here` are rows that stand here already and are only pointed at; `changes` fields in which a row becomes another;
    `codes` what comparator groups are called here; `raised` by how much indicators and checks get higher numbers; and
    of `left` nothing is brought over.
    """

    here: Mapping[Model, Mapping[Any, int]]
    changes: Mapping[Model, Mapping[Any, Record]] = MappingProxyType({})
    codes: Mapping[str, str] = MappingProxyType({})
    raised: Mapping[Model, int] = MappingProxyType({})
    left: Collection[Model] = ()


@dataclass
class Outcome:
    """What was brought over: rows by model, people's accounts among them, and what is wrong with published reports."""

    source: str
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """How much it was, in a few words."""
        said = ("indicators.indicator", "indicators.monthlyvalue", "scorecard.scorecard", "scorecard.publication")
        of = {shape.label: shape for shape in shapes()}
        parts = []
        for label in (*said, "indicators.user"):
            number = self.counts.get(label, 0)
            parts.append(f"{number:,} {of[label].name if number == 1 else of[label].names}")
        return ", ".join(parts)


def is_empty() -> bool:
    """Whether nothing was done here yet but adding people and telling of the council."""
    left = [shape for shape in shapes() if shape.model not in (*GIVEN, User)]
    return not any(shape.model._base_manager.exists() for shape in left) and not any(
        shape.history._base_manager.exists() for shape in left if shape.history
    )


def import_everything(file: MovedFile, *, by: User | None) -> Outcome:
    """Bring everything over into an empty installation; `by` is None for the operator.

    Rows get their history as it was. Raises MoveError, and writes nothing, where the installation isn't empty or the
    file can't be taken.
    """
    with all_or_nothing():
        if not is_empty():
            raise MoveError(NOT_EMPTY)
        arrival = Arrival(file, file.all_rows())
        arrival.make_room()
        arrival.write()
        return told(file, arrival.counts, by=by)


class all_or_nothing:  # noqa: N801 - reads as what it does
    """A transaction in which nobody else writes; what the database refuses becomes a MoveError."""

    def __enter__(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        if connection.vendor == "postgresql":
            tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in MOVED)
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.atomic.__exit__(kind, error, trace)
        if isinstance(error, DatabaseError | OverflowError):
            raise MoveError(f"The file contradicts itself, so nothing was brought over: {error}") from error


def told(file: MovedFile, counts: dict[str, int], *, by: User | None, source: str = "") -> Outcome:
    """Look whether all fits together, and note in the security log what was brought over."""
    connection.check_constraints()
    outcome = Outcome(source or file.source, {label: count for label, count in counts.items() if count})
    outcome.problems = list(find_problems(list(Scorecard.objects.all())))
    detail = f"{outcome.words}. SHA-256 of the file: {file.checksum}"
    note(SecurityEventKind.IMPORTED, by=by, about=f"Brought over from {outcome.source}", detail=detail)
    return outcome


class Arrival:
    """Rows of a file on their way into the database.

    `here` has what is there already, by what its rows are told by, and is only pointed at: then the history of these
    rows, and of those that are gone, is not brought over. With a `fit` only the former isn't.
    """

    def __init__(
        self,
        file: MovedFile,
        rows: Mapping[Model, Collection[Record]],
        here: Mapping[Model, Mapping[Any, int]] = MappingProxyType({}),
        fit: Fit | None = None,
    ) -> None:
        self.file = file
        self.is_whole = fit is not None or not any(here.values())
        self.fit = fit or Fit(here)
        here = self.fit.here
        self.numbers: dict[Model, dict[Any, int]] = {model: dict(here.get(model, {})) for model in MOVED}
        self.highest = {shape.model: highest_number(shape) for shape in shapes()}
        self.rows: dict[Model, list[tuple[int, Record]]] = {}
        self.strangers: dict[Model, dict[Any, int]] = {model: {} for model in MOVED}
        self.counts: dict[str, int] = {}
        self.replaced: set[int] = set()
        for shape in shapes():
            of_them = () if shape.model in self.fit.left else rows[shape.model]
            self.rows[shape.model] = list(self._numbered(shape, of_them))
        self.beyond = dict(self.highest)

    def _numbered(self, shape: Shape, records: Iterable[Record]) -> Iterator[tuple[int, Record]]:
        """The rows that aren't here, each with the number that it gets, in the file's order."""
        keys, known = Keys(shape), self.numbers[shape.model]
        changes, raised = self.fit.changes.get(shape.model, {}), self.fit.raised.get(shape.model, 0)
        names = {one.name for one in (*shape.fields, *shape.many)} | {"number"}
        for place, record in enumerate(records, 1):
            where = f"{shape.label}, row {place}"
            if unknown := sorted(record.keys() - names):
                raise MoveError(f"{where}: this version of the scorecard doesn’t know “{unknown[0][:60]}”.")
            try:
                key = frozen(keys.of(record))
                if key in known:
                    continue
            except (KeyError, TypeError) as error:
                raise MoveError(f"{where}: what it is told by is missing.") from error
            number = record.get("number") if shape.model in NUMBERED else self._next(shape.model)
            if shape.model is CouncilDetails:
                number = CouncilDetails.ONLY
            if type(number) is not int or not 0 < number < MOST_GONE:
                raise MoveError(f"{where}: its number is none.")
            number += raised
            self.highest[shape.model] = max(self.highest[shape.model], number)
            known[key] = number
            # A file of an earlier version doesn't say from which number on its documents count.
            since = {one.name: 0 for one in shape.fields if str(one) in NUMBERS_FROM}
            yield number, {**since, **record, **changes.get(key, {})}

    def _next(self, model: Model) -> int:
        return self.highest[model] + 1

    def make_room(self) -> None:
        """Take away what every new installation has, and join people with their accounts here."""
        for shape in map(shape_of, GIVEN):
            if self.rows[shape.model]:
                for table in (shape.model, shape.history):
                    rows = table._base_manager.all()
                    rows._raw_delete(rows.db)
        here = {person.username.lower(): person for person in User.objects.all()}
        arriving = []
        for number, record in self.rows[User]:
            person = here.get(str(record["username"]).lower())
            if person is None or is_forgotten(record):
                arriving.append((number, record))
                continue
            if person.email.lower() != str(record.get("email")).lower():
                raise MoveError(SOMEBODY_ELSE.format(name=person.username))
            self._join(person, record)
            self.numbers[User][(record["username"],)] = person.pk
        self.rows[User] = arriving

    def _join(self, person: User, record: Record) -> None:
        """The account stays with its password and its rights; name, post and history are those of the file."""
        shape = shape_of(User)
        new = self._object(shape, person.pk, record)
        said = {one.name: getattr(new, one.name) for one in shape.fields if one.name not in ("is_active", "is_staff")}
        said["is_staff"] = person.is_staff or new.is_staff
        User._base_manager.filter(pk=person.pk).update(**said)
        rows = User.history.filter(id=person.pk)
        rows._raw_delete(rows.db)
        person.groups.add(*Group.objects.filter(name__in=[one for one in record.get("groups", ()) if one in ROLES]))
        self.replaced.add(person.pk)

    def write(self, *, is_trial: bool = False) -> None:
        """Store the rows, then what links them, then their history.

        As a trial, which is taken back, without what PostgreSQL doesn't take back: how it goes on counting.
        """
        self.beyond = dict(self.highest)
        for shape in shapes():
            rows = self.rows[shape.model]
            self.counts[shape.label] = len(rows)
            write = self._write_erasures if shape.model is Erasure else self._write_rows
            write(shape, rows)
        for shape in shapes():
            for many in shape.many:
                self._link(shape, many)
        for shape in shapes():
            if shape.history and shape.model not in self.fit.left:
                self._write_past(shape)
        if not is_trial:
            self._go_on_counting()

    def _write_rows(self, shape: Shape, rows: list[tuple[int, Record]]) -> None:
        made = (self._object(shape, number, record) for number, record in rows)
        at_once = FILES_AT_ONCE if any(self._is_file(one) for one in shape.fields) else AT_ONCE
        for some in _in_batches(made, at_once):
            shape.model._base_manager.bulk_create(some)

    def _object(self, shape: Shape, number: int, record: Record) -> Any:
        row = shape.model(pk=number)
        for one in shape.fields:
            if one.name in record:
                setattr(row, one.attname, self._value(shape, one, record[one.name]))
            elif not (one.has_default() or one.null or one.blank):
                raise MoveError(f"{shape.label}: a row has no “{one.name}”.")
        if isinstance(row, User):
            row.password = make_password(None)
            if is_forgotten(record):
                row.username, row.name = pseudonym(number).values()
        if isinstance(row, PublishedDocument):
            # Until its erasures are there, which lead to what it is now.
            row.checksum = self._first_checksum(record)
        return row

    def _first_checksum(self, document: Record) -> str:
        """The checksum that a document was published with, before anything was erased from it."""
        if not hasattr(self, "_erased"):
            self._erased: dict[Any, str] = {}
            for _, erasure in self.rows[Erasure]:
                self._erased.setdefault(frozen(erasure["document"]), str(erasure["original_checksum"]))
        key = frozen([document["publication"], document["audience"]])
        return self._erased.get(key, str(document["checksum"]))

    def _write_erasures(self, shape: Shape, rows: list[tuple[int, Record]]) -> None:
        # Each is of the document as it stood then, and lets the database take the next step.
        for number, record in rows:
            erasure = self._object(shape, number, record)
            shape.model._base_manager.bulk_create([erasure])
            document = PublishedDocument._base_manager.filter(pk=erasure.document_id)
            document.update(checksum=erasure.new_checksum)

    def _is_file(self, one: models.Field[Any, Any]) -> bool:
        return isinstance(one, models.BinaryField) or str(one).lower() in FILES

    def _value(self, shape: Shape, one: models.Field[Any, Any], value: Any, *, is_past: bool = False) -> Any:
        """A value of a row as the database keeps it."""
        try:
            if value is None and (one.null or is_past):
                return None
            if is_reference(one):
                return self._number(one.related_model, value, is_past=is_past)
            if self._is_file(one):
                content = self.file.content(str(value))
                return content if isinstance(one, models.BinaryField) else content.decode()
            # A comparator group is pointed at by its code.
            plain: Any = one.target_field if isinstance(one, models.ForeignKey) else one
            if plain is not one:
                value = self.fit.codes.get(value, value)
            return self._raised(one, value_from(plain, value, is_past=is_past))
        except ValidationError as error:
            raise MoveError(f"{shape.label}, {one.name}: {' '.join(error.messages)}") from error
        except (TypeError, ValueError, ArithmeticError) as error:
            raise MoveError(f"{shape.label}, {one.name}: this can’t be read.") from error

    def _raised(self, one: models.Field[Any, Any], value: Any) -> Any:
        """A number of an indicator or a check that stands in a field, as it is here."""
        if str(one) in SAYS_INDICATOR:
            return value + self.fit.raised.get(Indicator, 0)
        if str(one) == SAYS_CHECK and (check := CHECK.fullmatch(value)):
            return f"check-{int(check[1]) + self.fit.raised.get(CrossCheck, 0)}"
        return value

    def _number(self, model: Any, key: Any, *, is_past: bool = False) -> int:
        """The number here of a row that is told by something; in the past also of one that is no longer there."""
        fixed = frozen(key)
        if (there := self.numbers[model].get(fixed)) is not None:
            return there
        if not is_past:
            raise MoveError(f"A row points at {shape_of(model).name} {key}, which isn’t in the file.")
        strangers = self.strangers[model]
        if fixed not in strangers:
            gone = key.get("gone") if isinstance(key, dict) else None
            place = gone if type(gone) is int and 0 < gone < MOST_GONE else len(strangers) + 1
            raised = self.fit.raised.get(model, 0)
            number = place + raised if model in NUMBERED and gone else self.beyond[model] + place
            strangers[fixed] = number
            self.highest[model] = max(self.highest[model], number)
        return strangers[fixed]

    def _link(self, shape: Shape, many: models.ManyToManyField[Any, Any]) -> None:
        through: Any = many.remote_field.through
        own, other = many.m2m_field_name() + "_id", many.m2m_reverse_field_name() + "_id"
        groups = dict(Group.objects.filter(name__in=ROLES).values_list("name", "pk"))
        made = []
        for number, record in self.rows[shape.model]:
            linked = record.get(many.name, [])
            if not isinstance(linked, list):
                raise MoveError(f"{shape.label}, {many.name}: this can’t be read.")
            if shape.model is User:
                numbers = [groups[name] for name in linked if isinstance(name, str) and name in groups]
            else:
                numbers = [self._number(many.related_model, one) for one in linked]
            made += [through(**{own: number, other: one}) for one in numbers]
        for some in _in_batches(made, AT_ONCE):
            through._base_manager.bulk_create(some)

    def _write_past(self, shape: Shape) -> None:
        """The history of the rows that were written and, where all was brought over, of those that are gone."""
        written = {number for number, _ in self.rows[shape.model]}
        if shape.model is User:
            written |= self.replaced
        forgotten = {number for number, record in self.rows[User] if is_forgotten(record)}
        entries = []
        for record in self.file.past(shape):
            if self._is_of(shape, record.get("of"), written):
                entry = self._entry(shape, record)
                if shape.model is User and entry.id in forgotten:
                    entry.username, entry.name = pseudonym(entry.id).values()
                entries.append((entry, record))
        links = [many for many in shape.many if shape.model is not User]
        for some in _in_batches(entries, AT_ONCE):
            made = shape.history._base_manager.bulk_create([entry for entry, _ in some])
            for many in links:
                table = past_links(shape, many)
                own, other = many.m2m_field_name() + "_id", many.m2m_reverse_field_name() + "_id"
                table._base_manager.bulk_create(
                    table(
                        **{
                            # That of the row that linked them then, which nothing asks for.
                            "id": 0,
                            "history_id": entry.history_id,
                            own: entry.id,
                            other: self._number(many.related_model, one, is_past=True),
                        }
                    )
                    for entry, (_, record) in zip(made, some, strict=True)
                    for one in record.get(many.name, [])
                )

    def _is_of(self, shape: Shape, key: Any, written: Collection[int]) -> bool:
        there = self.numbers[shape.model].get(frozen(key))
        return self.is_whole if there is None else there in written

    def _entry(self, shape: Shape, record: Record) -> Any:
        """An entry of the history, as it was."""
        table, where = shape.history, f"history of {shape.label}"
        try:
            entry = table(
                id=self._number(shape.model, record["of"], is_past=True),
                history_type=record["what"],
                history_date=value_from(table._meta.get_field("history_date"), record["at"]),
                history_user_id=None if record["by"] is None else self._number(User, record["by"]),
                history_change_reason=record["why"],
            )
        except (KeyError, TypeError, ValueError, ValidationError) as error:
            raise MoveError(f"{where}: an entry can’t be read.") from error
        if entry.history_type not in WHAT or not isinstance(entry.history_change_reason, str | None):
            raise MoveError(f"{where}: an entry can’t be read.")
        for one in history_fields(shape):
            if one.name in record:
                setattr(entry, one.attname, self._value(shape, one, record[one.name], is_past=True))
        return entry

    def _go_on_counting(self) -> None:
        """Let the database give new rows numbers beyond all that were brought over, those of gone rows too."""
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(MOVED)):
                cursor.execute(statement)
            for model, number in self.highest.items():
                if not number:
                    continue
                table = model._meta.db_table
                if connection.vendor == "postgresql":
                    cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [f'"{table}"', number])
                else:
                    cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                    cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number])


def highest_number(shape: Shape) -> int:
    """The highest number that a row of the model has or had."""
    rows = [shape.model._base_manager.aggregate(most=models.Max("pk"))["most"]]
    if shape.history:
        rows.append(shape.history._base_manager.aggregate(most=models.Max("id"))["most"])
    return max(one or 0 for one in rows)


def _in_batches(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rows = iter(rows)
    while some := list(islice(rows, size)):
        yield some
