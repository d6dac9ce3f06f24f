"""What every model that people edit has in common: a history, no silent overwriting, and saving many at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, DataError, IntegrityError, connection, models, transaction
from django.utils import timezone
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords
from simple_history.utils import get_change_reason_from_object, get_history_manager_for_model

from indicators.calculations.plain_text import plain_line, plain_text
from indicators.triggers import TRIGGERS

BATCH = 200


class ChangedMeanwhileError(Exception):
    """The row was saved anew after this copy of it was read, by another or in another window; nothing was written."""

    def __init__(self, instance: models.Model) -> None:
        self.instance = instance
        super().__init__(f"{instance} was changed after you opened it.")


# Errors of saving that are not the program's fault: the forms check first, but somebody else may be quicker.
REFUSED = (IntegrityError, DataError, ChangedMeanwhileError)


def refusal(error: Exception) -> str:
    """A message for the person whose change was refused, by the database or because another was quicker."""
    if isinstance(error, ChangedMeanwhileError):
        return str(error)
    for rule in sorted({trigger.message for trigger in TRIGGERS}):
        if rule in str(error):
            return f"Not saved: {rule}."
    return "Not saved: it does not fit with what is stored; perhaps somebody saved a change at the same moment."


class QuickHistoryManager(HistoryManager):
    """Looks the methods of its query set up once, not whenever somebody says `row.history`, as each save does."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type[models.QuerySet], class_name: str | None = None) -> Any:
        return super().from_queryset(queryset_class, class_name)


class History(HistoricalRecords):
    """A history that loses nobody's name: the people named in it can't be deleted."""

    def _get_history_user_fields(self) -> dict[str, Any]:
        fields = super()._get_history_user_fields()
        fields["history_user"].remote_field.on_delete = models.PROTECT
        return fields

    def _get_history_change_reason_field(self) -> models.Field[Any, Any]:
        # Each table needs one of its own: a field that several share belongs to the last of them, and an update of it
        # in any other would be written there.
        return models.TextField(null=True)


def keep_history(*, inherit: bool = False, without: Sequence[str] = ()) -> HistoricalRecords:
    """A history of who changed what, when and why, kept for good; `without` names fields that it leaves out."""
    return History(
        inherit=inherit,
        excluded_fields=without,
        history_manager=QuickHistoryManager,
    )


class Seen(NamedTuple):
    """Which version of which row somebody saw; empty where there was no row."""

    key: int | None = None
    version: int = 0


def seen(row: Versioned | None) -> Seen:
    """The version that somebody sees who is shown this row, or that there is none."""
    return Seen() if row is None else Seen(row.pk, row.version)


def was_last_saved_by(row: models.Model, person: Any) -> bool:
    """Whether the latest version of a row is the person's own."""
    latest = get_history_manager_for_model(row).values_list("history_user", flat=True).first()
    return latest is not None and latest == person.pk


class Versioned(models.Model):
    """Refuses to save a copy that is out of date, so that nobody silently overwrites another.

    `version` goes up by one with every save. Saving an instance whose version is no longer
    the stored one raises `ChangedMeanwhileError` and writes nothing.
    """

    version = models.PositiveIntegerField(default=1, editable=False)

    # Texts that are kept as they come: what people sign in with.
    KEPT_AS_TYPED: Collection[str] = ()

    class Meta:
        abstract = True

    def save(self, **kwargs: Any) -> None:
        self.tidy_texts(kwargs.get("update_fields"))
        if self._state.adding:
            # A new row never replaces one that is there already. It is saved in one transaction with its history.
            with transaction.atomic(using=kwargs.get("using")):
                super().save(**{**kwargs, "force_insert": True})
            return
        version = self.version
        try:
            with transaction.atomic(using=kwargs.get("using")):
                # Claims the next version before anything else is written.
                stored = type(self)._base_manager.filter(pk=self.pk, version=version)
                if not stored.update(version=version + 1):
                    raise ChangedMeanwhileError(self)
                self.version = version + 1
                if kwargs.get("update_fields") is not None:
                    kwargs["update_fields"] = {*kwargs["update_fields"], "version"}
                super().save(**kwargs)
        except BaseException:
            # Nothing was written, so this copy is as up to date as it was.
            self.version = version
            raise

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        self.tidy_texts()
        super().clean_fields(exclude)

    def tidy_texts(self, names: Collection[str] | None = None) -> None:
        """Bring the texts of the fields named, or of all, into the one form in which texts are stored."""
        for name, one_form in _texts_of(type(self)):
            # One that was not read is not looked up.
            text = self.__dict__.get(name)
            if text and isinstance(text, str) and (names is None or name in names):
                setattr(self, name, one_form(text))

    def named_texts(self) -> list[tuple[str, str]]:
        """What people wrote in the row, each text with the name of its field."""
        texts = ((name.replace("_", " ").capitalize(), getattr(self, name)) for name, _ in _texts_of(type(self)))
        return [(name, text) for name, text in texts if text]


@cache
def _texts_of(model: type[Versioned]) -> list[tuple[str, Callable[[str], str]]]:
    """The model's fields for what people write, each with what brings it into its form."""
    return [
        (field.name, plain_text if isinstance(field, models.TextField) else plain_line)
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.EmailField | models.SlugField)
        and not field.choices
        and field.name not in model.KEPT_AS_TYPED
    ]


class Audited(Versioned):
    """Keeps every version of a row, also of one that is deleted."""

    history = keep_history(inherit=True)

    class Meta:
        abstract = True


def save_all(rows: Sequence[Any], fields: Sequence[str] = (), *, by: Any, reason: str = "") -> None:
    """Save rows of one model in a few statements, each with its entry in the history.

    New rows are added whole. Of stored ones the named fields are saved and the version goes up by one; as with `save`,
    `ChangedMeanwhileError` is raised, and nothing written, where one of them is not as it was read any more. `by` is
    the person, None for what the program does by itself; without a `reason` each row keeps its own.
    """
    new = [row for row in rows if row.pk is None]
    stored = [row for row in rows if row.pk is not None]
    for row in new:
        row.tidy_texts()
    for row in stored:
        row.tidy_texts(fields)
    reason = plain_line(reason)
    with transaction.atomic(savepoint=False):
        if new:
            type(new[0])._default_manager.bulk_create(new, batch_size=BATCH)
            _keep_history(new, "+", by, reason)
        if stored:
            _update(stored, fields)
            _keep_history(stored, "~", by, reason)


def delete_all(rows: Sequence[Any], *, by: Any, reason: str) -> None:
    """Delete stored rows of one model in a few statements, each with its last entry in the history.

    Nothing follows: what points at them has to be gone before. Raises ChangedMeanwhileError, and deletes nothing, where
    one of them is not as it was read any more.
    """
    with transaction.atomic():
        _keep_history(rows, "-", by, plain_line(reason))
        for start in range(0, len(rows), BATCH):
            some = rows[start : start + BATCH]
            as_read = models.Q(*(models.Q(pk=row.pk, version=row.version) for row in some), _connector=models.Q.OR)
            if type(some[0])._base_manager.filter(as_read)._raw_delete(DEFAULT_DB_ALIAS) < len(some):
                raise ChangedMeanwhileError(some[0])


def _update(rows: Sequence[Any], fields: Sequence[str]) -> None:
    """Save the named fields of stored rows of one model, which must still be as they were read."""
    model = type(rows[0])
    written = [model._meta.get_field(name) for name in fields]
    quote = connection.ops.quote_name
    sets = [*(f"{quote(field.column)} = %s" for field in written), "version = version + 1"]
    # Django's own way tells the rows apart in one expression for each field, which takes many times as long.
    statement = f"UPDATE {quote(model._meta.db_table)} SET {', '.join(sets)} WHERE id = %s AND version = %s"  # noqa: S608
    values = [
        [*(field.get_db_prep_save(getattr(row, field.attname), connection) for field in written), row.pk, row.version]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)
        if cursor.rowcount < len(rows):
            raise ChangedMeanwhileError(rows[0])
    for row in rows:
        row.version += 1


def _keep_history(rows: Sequence[Any], kind: str, by: Any, reason: str) -> None:
    """Copy rows of one model, as they are stored now, into their history, in one statement."""
    model = type(rows[0])
    history: Any = get_history_manager_for_model(model).model
    signed: list[tuple[int, int | None, str | None]] = []
    for row in rows:
        person = getattr(row, "_history_user", by or history.get_default_history_user(row))
        signed.append((row.pk, person.pk if person else None, get_change_reason_from_object(row) or reason or None))
    quote = connection.ops.quote_name
    names = [quote(field.column) for field in history.tracked_fields]
    if connection.vendor == "postgresql":
        given: list[Any] = [list(column) for column in zip(*signed, strict=True)]
        among = "unnest(%s::bigint[], %s::bigint[], %s::text[]) AS given (row_id, person, why)"
        row_id, person_id, why = "given.row_id", "given.person", "given.why"
    else:
        given, among = [json.dumps(signed)], "json_each(%s) AS given"
        row_id, person_id, why = (f"json_extract(given.value, '$[{place}]')" for place in range(3))
    statement = (
        f"INSERT INTO {quote(history._meta.db_table)} ({', '.join(names)}, history_date, history_type,"  # noqa: S608
        f" history_user_id, history_change_reason) SELECT {', '.join(f'kept.{name}' for name in names)}, %s, %s,"
        f" {person_id}, {why} FROM {among} JOIN {quote(model._meta.db_table)} AS kept ON kept.id = {row_id}"
        " ORDER BY kept.id"
    )
    now = history._meta.get_field("history_date").get_db_prep_save(timezone.now(), connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, [now, kind, *given])
