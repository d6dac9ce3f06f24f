"""Writing all that makes up an installation's scorecards into one file, the same bytes for the same contents.

A zip: `manifest.json`, `rows/<model>.jsonl` and `history/<model>.jsonl` with a row a line, and `files/<checksum>` with
what was published, byte for byte. docs/moving.md describes it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.db import models

from indicators.models import User
from indicators.one_moment import one_moment
from scorecard import __version__
from scorecard.models import CouncilDetails

from .contents import (
    FILES,
    NUMBERED,
    ROLES,
    Keys,
    Model,
    MoveError,
    Record,
    Shape,
    history_fields,
    is_forgotten,
    is_reference,
    past_links,
    plain,
    pseudonym,
    shapes,
)

FORMAT_NAME, FORMAT = "council performance scorecard, everything", 1
MANIFEST = "manifest.json"
AT_ONCE = 500
# No moment of its own, so that the same contents are the same bytes; the file's own date says when it was written.
_NO_DATE = (1980, 1, 1, 0, 0, 0)


def export_to(target: Path) -> dict[str, int]:
    """Write the file, which isn't there yet, in whole or not at all; says how many rows of each kind. Raises MoveError.

    Only its owner can read it: it has names and figures that nobody has published.
    """
    if target.exists():
        raise MoveError(f"{target} is there already: an export is never written over.")
    if not target.parent.is_dir():
        raise MoveError(f"There is no folder {target.parent}.")
    part = NamedTemporaryFile(dir=target.parent, prefix=".export-", delete=False)  # noqa: SIM115 - becomes the target
    try:
        with part:
            counts = export(part)
        Path(part.name).rename(target)
    except BaseException:
        Path(part.name).unlink(missing_ok=True)
        raise
    return counts


def export(file: IO[bytes]) -> dict[str, int]:
    """Write everything, as it is at one moment, into an open file; says how many rows there are of each model."""
    with one_moment(), ZipFile(file, "w") as archive:
        return _Export(archive).write()


class _Export:
    """One writing, with what each row of the database is told by in it."""

    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive
        self.keys: dict[Model, dict[Any, Any]] = {}
        self.gone: dict[Model, dict[Any, int]] = {}
        self.forgotten: dict[int, int] = {}
        self.members: dict[str, dict[str, Any]] = {}

    def write(self) -> dict[str, int]:
        counts = {}
        for shape in shapes():
            rows = list(self._rows(shape))
            self._add(f"rows/{shape.label}.jsonl", _lines(rows))
            counts[shape.label] = len(rows)
        self._find_gone()
        for shape in shapes():
            if shape.history:
                self._add(f"history/{shape.label}.jsonl", _lines(self._past(shape)))
        manifest = {
            "format": FORMAT_NAME,
            "number": FORMAT,
            "made_by": __version__,
            "council": CouncilDetails.present().council,
            "members": dict(sorted(self.members.items())),
        }
        self._put(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        return counts

    def _rows(self, shape: Shape) -> Iterator[Record]:
        keys, told = Keys(shape), self.keys.setdefault(shape.model, {})
        links = {many.name: self._linked(many) for many in shape.many}
        found: Any = shape.model._base_manager.order_by("pk").iterator(chunk_size=AT_ONCE if shape.history else 1)
        if shape.model is User:
            # Whoever brings it over had an account there before.
            found = sorted(found, key=lambda person: (is_forgotten(vars(person)), person.username, person.pk))
        for row in found:
            record = {field.name: self._value(field, getattr(row, field.attname)) for field in shape.fields}
            if shape.model is User and is_forgotten(record):
                self.forgotten[row.pk] = len(self.forgotten) + 1
                record |= pseudonym(self.forgotten[row.pk])
            told[row.pk] = keys.of(record)
            for name, found in links.items():
                record[name] = found.get(row.pk, [])
            yield {"number": row.pk, **record} if shape.model in NUMBERED else record

    def _value(self, field: models.Field[Any, Any], value: Any) -> Any:
        if value is None:
            return None
        if is_reference(field):
            return self._reference(field.related_model, value)
        if isinstance(field, models.BinaryField) or str(field).lower() in FILES:
            return self._keep(value.encode() if isinstance(value, str) else bytes(value))
        return plain(value)

    def _reference(self, model: Any, number: int) -> Any:
        """What a row is told by; one that is no longer there by its place among those of its kind."""
        there = self.keys[model].get(number)
        return {"gone": self.gone[model][number]} if there is None else there

    def _linked(self, many: models.ManyToManyField[Any, Any]) -> dict[int, list[Any]]:
        """Of each row, what it has in a relation to many; of people's groups those of the product."""
        found: dict[int, list[Any]] = defaultdict(list)
        own, other = many.m2m_field_name() + "_id", many.m2m_reverse_field_name() + "_id"
        links = many.remote_field.through._base_manager.order_by(other)  # type: ignore[union-attr]
        if many.model is User:
            names = links.filter(group__name__in=ROLES).order_by("group__name").values_list(own, "group__name")
            for row, name in names:
                found[row].append(name)
            return found
        for row, linked in links.values_list(own, other):
            found[row].append(self._reference(many.related_model, linked))
        return found

    def _find_gone(self) -> None:
        """Number the rows that only the history knows, of each model in the order in which they were made."""
        known: dict[Model, set[int]] = {shape.model: set() for shape in shapes()}
        for shape in shapes():
            if not shape.history:
                continue
            entries = shape.history._base_manager.order_by()
            known[shape.model].update(entries.values_list("id", flat=True).distinct())
            for field in filter(is_reference, history_fields(shape)):
                known[field.related_model].update(entries.values_list(field.attname, flat=True).distinct())  # type: ignore[index]
            for many in shape.many if shape.model is not User else ():
                column = many.m2m_reverse_field_name() + "_id"
                known[many.related_model].update(
                    past_links(shape, many)._base_manager.order_by().values_list(column, flat=True).distinct()
                )
        for model, found in known.items():
            left = sorted(found - {None} - self.keys[model].keys())
            self.gone[model] = {key: key if model in NUMBERED else place for place, key in enumerate(left, 1)}

    def _past(self, shape: Shape) -> Iterator[Record]:
        """The model's history, the earliest entry first."""
        links = {many.name: self._past_linked(shape, many) for many in shape.many if shape.model is not User}
        people = self.keys[User]
        fields = history_fields(shape)
        for entry in shape.history._base_manager.order_by("history_id").iterator(chunk_size=AT_ONCE):
            record = {
                "of": self._reference(shape.model, entry.id),
                "what": entry.history_type,
                "at": plain(entry.history_date),
                "by": None if entry.history_user_id is None else people[entry.history_user_id],
                "why": entry.history_change_reason,
                **{field.name: self._value(field, getattr(entry, field.attname)) for field in fields},
            }
            if shape.model is User and entry.id in self.forgotten:
                record |= pseudonym(self.forgotten[entry.id])
            for name, found in links.items():
                record[name] = found.get(entry.history_id, [])
            yield record

    def _past_linked(self, shape: Shape, many: models.ManyToManyField[Any, Any]) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        column = many.m2m_reverse_field_name() + "_id"
        rows = past_links(shape, many)._base_manager.order_by(column).values_list("history_id", column)
        for entry, linked in rows:
            found[entry].append(self._reference(many.related_model, linked))
        return found

    def _keep(self, content: bytes) -> str:
        """Put something among the files, once; what stands for it in a row is its checksum."""
        checksum = sha256(content).hexdigest()
        if f"files/{checksum}" not in self.members:
            self._add(f"files/{checksum}", content)
        return checksum

    def _add(self, name: str, content: bytes) -> None:
        self.members[name] = {"sha256": sha256(content).hexdigest(), "bytes": len(content)}
        self._put(name, content)

    def _put(self, name: str, content: bytes) -> None:
        info = ZipInfo(name, _NO_DATE)
        info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
        self.archive.writestr(info, content, compresslevel=6)


def _lines(rows: Any) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for row in rows)
