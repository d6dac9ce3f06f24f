"""What of an installation makes up its scorecards, what each row is told by, and how it is written down (ADR 70).

Rows are told by what they say, as people tell them, not by the database's keys. Two models are the exception: published
documents name indicators by their number, and reasons for warnings name checks by theirs, so these are kept too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from simple_history.utils import get_history_manager_for_model

from commentary import models as words
from indicators import models as facts
from indicators.models import User
from scorecard import models as scorecards
from scorecard.roles import PANEL_MEMBERS, PERFORMANCE_OFFICERS

Model = type[models.Model]
Record = dict[str, Any]

# Each model that is moved, with the fields that tell its rows apart: a row stands after those that it points at. Where
# two rows say the same in these, the second is told by a 2 beside them.
MOVED: dict[Model, tuple[str, ...]] = {
    facts.ComparatorGroup: ("code",),
    facts.PopulationGroup: ("name",),
    facts.Population: ("group", "year"),
    facts.User: ("username",),
    facts.Deputy: ("person", "deputy", "starts_on"),
    facts.Indicator: ("reference",),
    facts.DerivationTerm: ("indicator", "source", "role"),
    facts.CrossCheck: ("indicator", "kind", "total"),
    facts.CrossCheckTerm: ("check_of", "indicator"),
    facts.MonthlyValue: ("indicator", "month"),
    facts.Rebase: ("indicator", "month"),
    facts.FixedBaseline: ("indicator", "month"),
    facts.Succession: ("indicator", "former"),
    facts.Target: ("indicator", "year"),
    facts.Comparator: ("indicator", "group", "year"),
    facts.NationalComparator: ("indicator", "group", "year"),
    facts.PeerFigure: ("indicator", "year", "authority"),
    words.Commentary: ("indicator", "month"),
    words.SignOff: ("indicator", "month"),
    words.WarningReason: ("indicator", "month", "warning"),
    words.Overview: ("title",),
    words.AreaOfFocus: ("opened_on", "title"),
    words.FocusUpdate: ("area", "date"),
    scorecards.Logo: ("checksum",),
    scorecards.CouncilDetails: (),
    scorecards.GlossaryEntry: ("short_form",),
    scorecards.Scorecard: ("slug",),
    scorecards.Slug: ("slug",),
    scorecards.Section: ("scorecard", "title"),
    scorecards.Line: ("section", "indicator"),
    scorecards.Edition: ("scorecard", "month"),
    scorecards.Reminder: ("edition", "person", "lines_of", "kind", "occasion"),
    scorecards.PublicText: ("scorecard", "key"),
    scorecards.Publication: ("edition", "number"),
    scorecards.PublishedDocument: ("publication", "audience"),
    scorecards.PublishedFile: ("document", "suffix"),
    scorecards.Withholding: ("withheld_at", "kind"),
    scorecards.Tombstone: ("withholding", "document", "kind", "text", "indicator", "month"),
    scorecards.Erasure: ("document", "original_checksum"),
}
# Models of this project that stay where they are, each with the reason.
STAYS: dict[str, str] = {
    "indicators.securityevent": "what happened on that site; it is kept there for its time",
    "indicators.pendingupload": "a file between its preview and its confirmation",
    "scorecard.spreadsheetdraft": "a council's own file with what was decided about it: what it became is moved",
    "scorecard.visit": "a bookmark of when an owner looked last",
    "scorecard.resetrequest": "a pause of a minute between two requests for a password",
}
# Fields that stay, too: what people sign in with, and whose server it is.
FIELDS_THAT_STAY: dict[Model, tuple[str, ...]] = {User: ("password", "last_login", "is_superuser")}
# What an installation has before anybody has done anything; what is brought over takes its place.
GIVEN: tuple[Model, ...] = (facts.ComparatorGroup, scorecards.GlossaryEntry, scorecards.CouncilDetails)
# Whose numbers in the database are said elsewhere: in published documents and addresses, and as "check-12".
NUMBERED: tuple[Model, ...] = (facts.Indicator, facts.CrossCheck)
# Texts that are kept as files of their own, by their checksum.
FILES = {"scorecard.publisheddocument.body"}
# Of the groups that somebody is in, those that are the product's own.
ROLES = (PERFORMANCE_OFFICERS, PANEL_MEMBERS)
_FORGOTTEN = re.compile(r"former-user-\d+")


class MoveError(Exception):
    """Nothing was read or written; a message for people."""


class Shape(NamedTuple):
    """A model as it is moved: its fields, its relations to many, and its history, if it has one."""

    model: Model
    label: str
    fields: tuple[models.Field[Any, Any], ...]
    many: tuple[models.ManyToManyField[Any, Any], ...]
    key: tuple[str, ...]
    history: Any

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.model._meta.verbose_name)

    @property
    def names(self) -> str:
        return str(self.model._meta.verbose_name_plural)


@cache
def shape_of(model: Model) -> Shape:
    """How a model is moved. Its fields come from the model, so that a new one is moved without being named here."""
    stays = FIELDS_THAT_STAY.get(model, ())
    fields = tuple(one for one in model._meta.concrete_fields if not one.primary_key and one.name not in stays)
    many = tuple(one for one in model._meta.many_to_many if one.name != "user_permissions")
    history = get_history_manager_for_model(model).model if hasattr(model, "history") else None
    return Shape(model, model._meta.label_lower, fields, many, MOVED[model], history)


def shapes() -> Iterator[Shape]:
    """All that is moved, in the order in which it is written."""
    return map(shape_of, MOVED)


def is_reference(field: models.Field[Any, Any]) -> bool:
    """Whether it points at another row by its number, which is then written as what that row is told by.

    Comparator groups are pointed at by their code, which says it already.
    """
    return isinstance(field, models.ForeignKey) and field.target_field.primary_key


def history_fields(shape: Shape) -> tuple[models.Field[Any, Any], ...]:
    """The fields that the model's history keeps, of those that are moved."""
    kept = {one.name for one in shape.history.tracked_fields}
    return tuple(one for one in shape.fields if one.name in kept)


def past_links(shape: Shape, many: models.ManyToManyField[Any, Any]) -> Any:
    """The table in which the history keeps a relation to many."""
    return apps.get_model(f"{shape.history._meta.label}_{many.name}")


def plain(value: Any) -> Any:
    """A value as JSON has it: numbers exactly, moments in UTC."""
    if isinstance(value, Decimal):
        # As whole numbers are written, whatever the database keeps of zeros behind the point.
        return format(value.normalize() + 0, "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def frozen(key: Any) -> Any:
    """What a row is told by, so that it can be looked up."""
    if isinstance(key, list):
        return tuple(map(frozen, key))
    if isinstance(key, dict):
        return tuple((name, frozen(one)) for name, one in sorted(key.items()))
    return key


class Keys:
    """Tells the rows of one model apart by their records, in the order of their writing."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.seen: Counter[Any] = Counter()

    def of(self, record: Mapping[str, Any]) -> list[Any]:
        """What the row is told by. Raises KeyError where the record lacks a field of it."""
        key = [record[name] for name in self.shape.key]
        fixed = frozen(key)
        self.seen[fixed] += 1
        return key if self.seen[fixed] == 1 else [*key, self.seen[fixed]]


def is_forgotten(record: Mapping[str, Any]) -> bool:
    """Whether a person's record is that of somebody who was forgotten, whose names are made of a number."""
    return not record.get("is_active") and bool(_FORGOTTEN.fullmatch(str(record.get("username"))))


def pseudonym(number: int) -> Record:
    """The names of somebody who was forgotten."""
    return {"username": f"former-user-{number}", "name": f"Former user {number}"}


def value_from(field: models.Field[Any, Any], value: Any, *, is_past: bool = False) -> Any:
    """A value of a file as the field has it; of a past version whatever fits its type. Raises ValidationError."""
    if isinstance(value, list | dict) or (isinstance(value, bool) != isinstance(field, models.BooleanField)):
        raise ValidationError("This is no value of the field.")
    read = field.to_python(value)
    if read is None:
        if not field.null and not is_past:
            raise ValidationError("There has to be a value.")
        return None
    if isinstance(read, str) and ("\x00" in read or (not read.isascii() and _has_halves(read))):
        raise ValidationError("This text can't be kept.")
    longest = field.max_length
    if isinstance(read, str) and longest is not None and len(read) > longest:
        raise ValidationError(f"This is longer than {longest} letters.")
    if isinstance(read, datetime) and read.tzinfo is None:
        raise ValidationError("A moment says its time zone.")
    if not is_past and read not in field.empty_values:
        field.run_validators(read)
        if field.choices and read not in _chosen(field):
            raise ValidationError(f"“{read}” is not known.")
    return read


def _has_halves(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _chosen(field: models.Field[Any, Any]) -> set[Any]:
    return {value for value, _ in field.flatchoices}
