"""Reading what was exported, within limits: what comes out is counted, whatever a part claims of its size."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from functools import cached_property
from hashlib import file_digest, sha256
from typing import IO, Any

from .contents import MOVED, MoveError, Record, Shape, shapes
from .exporting import FORMAT, FORMAT_NAME, MANIFEST

MEGABYTE = 1024 * 1024
# Ten scorecards of a hundred lines with ten years of published months unpack to less than half of this.
MOST_UNPACKED = 4096 * MEGABYTE
# Of one part, which is in memory as a whole while it is read.
MOST_OF_A_PART = 512 * MEGABYTE
MOST_OF_THE_MANIFEST = 32 * MEGABYTE
MOST_PARTS = 100_000
# Of what is sent through a page, which proxies let through (deploy/); a larger file goes by the command.
MOST_SENT = 5 * MEGABYTE
PIECE = 64 * 1024
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError, KeyError)

FOREIGN = "This is no export of a scorecard. Choose the file that “Export everything” wrote on the other installation."
BACKUP = (
    "This is a database or a backup of one, which only a database of its kind can restore. Choose the file that "
    "“Export everything” wrote: it can be brought over into any."
)
CUT_OFF = "The file is damaged, or was cut off on the way. Copy it again, or export once more."
CHANGED = "The file was changed after it was exported ({}), so nothing of it is taken. Export once more."
TOO_LARGE = "The file is far larger inside than an export of a scorecard. Nothing of it was read."
NEWER = (
    "The file was written by a newer version of the scorecard ({}), and this one can’t read it. Bring this "
    "installation to that version first."
)
UNKNOWN = "The file has {}, which this version of the scorecard doesn’t know. Bring this installation up to date first."


class MovedFile:
    """An export, opened and looked at: its parts are read one by one, and each has to be what the manifest says."""

    def __init__(self, file: IO[bytes]) -> None:
        """Raises MoveError where the file is none, isn't whole, or is of a version that this one can't read."""
        self._file = file
        try:
            self.archive = zipfile.ZipFile(file)
        except _BROKEN as error:
            file.seek(0)
            start = file.read(16)
            if start.startswith((b"SQLite format 3", b"PGDMP")):
                raise MoveError(BACKUP) from error
            raise MoveError(CUT_OFF if start.startswith(b"PK\x03\x04") else FOREIGN) from error
        self.parts = {info.filename: info for info in self.archive.infolist()}
        self.left = MOST_UNPACKED
        if len(self.parts) != len(self.archive.infolist()) or len(self.parts) > MOST_PARTS:
            raise MoveError(TOO_LARGE if len(self.parts) > MOST_PARTS else CHANGED.format("a part stands twice"))
        if MANIFEST not in self.parts:
            raise MoveError(FOREIGN)
        manifest = _json(self._unpacked(MANIFEST, MOST_OF_THE_MANIFEST), FOREIGN)
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT_NAME:
            raise MoveError(FOREIGN)
        number, self.made_by = manifest.get("number"), str(manifest.get("made_by", ""))[:40]
        if not isinstance(number, int) or number < 1:
            raise MoveError(FOREIGN)
        if number > FORMAT:
            raise MoveError(NEWER.format(self.made_by))
        self.council = str(manifest.get("council", ""))[:200]
        self.members: Mapping[str, Any] = manifest.get("members", {})
        self._compare_parts()

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of the whole file, in hexadecimal."""
        self._file.seek(0)
        return file_digest(self._file, sha256).hexdigest()  # type: ignore[arg-type]

    @property
    def source(self) -> str:
        """From where it is, for people."""
        return self.council or "another installation"

    def _compare_parts(self) -> None:
        if not isinstance(self.members, dict) or not all(isinstance(one, dict) for one in self.members.values()):
            raise MoveError(FOREIGN)
        missing = self.members.keys() - self.parts.keys()
        added = self.parts.keys() - self.members.keys() - {MANIFEST}
        if missing or added:
            raise MoveError(CHANGED.format(f"{min(missing)} is missing" if missing else f"{min(added)} was added"))
        known = {f"{kind}/{model._meta.label_lower}.jsonl" for kind in ("rows", "history") for model in MOVED}
        unknown = sorted(name for name in self.members if name not in known and not name.startswith("files/"))
        if unknown:
            raise MoveError(UNKNOWN.format(f"a part called {unknown[0][:80]}"))

    def rows(self, shape: Shape) -> list[Record]:
        """The rows of a model; none where the file is of a version that had no such model."""
        return self._records(f"rows/{shape.label}.jsonl")

    def past(self, shape: Shape) -> list[Record]:
        """The history of a model, the earliest entry first."""
        return self._records(f"history/{shape.label}.jsonl")

    def all_rows(self) -> dict[Any, list[Record]]:
        """The rows of every model."""
        return {shape.model: self.rows(shape) for shape in shapes()}

    def content(self, checksum: str) -> bytes:
        """What a row names by its checksum. Raises MoveError where it isn't there."""
        name = f"files/{checksum}"
        if name not in self.members:
            raise MoveError(CHANGED.format(f"{name[:80]} is missing"))
        return self._checked(name)

    def _records(self, name: str) -> list[Record]:
        if name not in self.members:
            return []
        found = []
        for number, line in enumerate(self._checked(name).splitlines(), 1):
            record = _json(line, CHANGED.format(f"{name}, line {number}"))
            if not isinstance(record, dict):
                raise MoveError(CHANGED.format(f"{name}, line {number}"))
            found.append(record)
        return found

    def _checked(self, name: str) -> bytes:
        content = self._unpacked(name, MOST_OF_A_PART)
        checksum = sha256(content).hexdigest()
        if checksum != self.members[name].get("sha256") or (name.startswith("files/") and name[6:] != checksum):
            raise MoveError(CHANGED.format(f"{name[:80]} has another checksum"))
        return content

    def _unpacked(self, name: str, most: int) -> bytes:
        found = bytearray()
        try:
            with self.archive.open(self.parts[name]) as part:
                while piece := part.read(PIECE):
                    found += piece
                    self.left -= len(piece)
                    if len(found) > most or self.left < 0:
                        raise MoveError(TOO_LARGE)
        except _BROKEN as error:
            raise MoveError(CUT_OFF) from error
        return bytes(found)


def _json(text: bytes, otherwise: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MoveError(otherwise) from error
