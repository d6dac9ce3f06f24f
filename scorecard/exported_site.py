"""The public archive as plain files: what a visitor can read, walked link by link and written down (ADR 62).

Each file holds the body that the site answers a visitor with at the same address. What no file server can do, sending
somebody on and signing in, has a page of the archive's own, which the manifest marks.
"""

from __future__ import annotations

import fcntl
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles.finders import FileSystemFinder
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http.request import validate_host
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from indicators.calculations.months import month_text

from . import __version__
from .access import readable
from .models import Scorecard
from .publication.serving import version_of

MANIFEST, STAGED, LOCK = "manifest.json", ".next", ".lock"
# The attributes that lead somewhere: links, style sheets, scripts, pictures, forms, and the chart's data.
LINKS = {"href", "src", "action", "data-source"}
# What is in a page with a form that only the site can take: signing in, a forgotten password.
FORM = b"csrfmiddlewaretoken"
TRIES = 3
# Read, sent on, not there, taken back: what a visitor may meet behind a link. Anything else is a fault of the site.
NOT_FOUND, GONE = 404, 410
ANSWERS = (200, 301, 302, NOT_FOUND, GONE)


class ExportError(Exception):
    """The archive can't be written, and what is there was left as it was."""


@dataclass(frozen=True)
class ExportedFile:
    """A file of the archive. `status` is what the site answers with, also where the archive has a page of its own."""

    path: str
    address: str
    sha256: str
    bytes: int
    status: int
    is_of_the_archive: bool = False


def _host() -> str:
    """A name that the site answers to: that of its address, or the first that it is allowed."""
    own = urlsplit(settings.SITE_URL).hostname or ""
    plain = [name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"]
    return own if own and validate_host(own, settings.ALLOWED_HOSTS) else (plain or ["localhost"])[0]


class _Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in LINKS and value]


class _Walk:
    """The site as a visitor finds it, each address once, beginning with the front page."""

    def __init__(self) -> None:
        self.prefix = settings.FORCE_SCRIPT_NAME or ""
        self.client = Client(SERVER_NAME=_host())
        self.waiting = [reverse("home")]
        for scorecard in Scorecard.objects.filter(is_public=True):
            self.waiting += [reverse(name, args=[scorecard.slug]) for name in ("latest_report", "archive", "withheld")]
            # Pages name a publication by its number only once it was revised.
            for one in readable(scorecard, AnonymousUser()).publications:
                self.waiting.append(reverse("publication", args=[one.slug, month_text(one.month), one.number]))
        for name, _ in FileSystemFinder().list([]):
            # Scripts name each other without the checksum that pages name them with.
            self.waiting += [staticfiles_storage.url(name), settings.STATIC_URL + name]

    def files(self) -> Iterator[tuple[ExportedFile, bytes]]:
        seen = set()
        while self.waiting:
            address = self.waiting.pop(0)
            path = path_of(address)
            if path in seen:
                continue
            seen.add(path)
            file, body = self._file(address, path)
            # A file server says itself that something isn't there. What was taken back has a page that says so; as a
            # workbook or as data the same page would pass for what it isn't.
            if file.status != NOT_FOUND and (file.status != GONE or path.endswith(".html")):
                yield file, body

    def _file(self, address: str, path: str) -> tuple[ExportedFile, bytes]:
        response = self.client.get(address.removeprefix(self.prefix), secure=True)
        body, status, is_own = response.getvalue(), response.status_code, False
        if status not in ANSWERS or (status == NOT_FOUND and path.startswith(settings.STATIC_URL.strip("/"))):
            raise ExportError(f"The site answers {status} at {address}.")
        if status in (301, 302):
            to = urljoin(address, response["Location"])
            is_own, to = True, "" if urlsplit(to).path == reverse("login") else to
            body = self._own_page(to)
            self.waiting += [to] if to else []
        elif response.get("Content-Type", "").startswith("text/html"):
            if FORM in body:
                is_own, body = True, self._own_page("")
            else:
                self._note_links(address, body.decode())
        return ExportedFile(path, address, sha256(body).hexdigest(), len(body), status, is_own), body

    def _own_page(self, to: str) -> bytes:
        """Where the site sends readers on, or asks who they are: a page that says so and leads on."""
        slug = re.match(rf"{re.escape(self.prefix)}/scorecards/([^/]+)/", to)
        context = {"to": to, "slug": slug and slug[1], "site": settings.SITE_URL}
        return render_to_string("exported_page.html", context).encode()

    def _note_links(self, page: str, text: str) -> None:
        for link in _Links(text).found:
            place = urlsplit(urljoin(page, link))
            if place.scheme or place.netloc:
                continue
            self.waiting.append(place.path)
            if place.path.endswith("/figures.csv"):
                self.waiting.append(f"{place.path}?months=all")


def path_of(address: str) -> str:
    """Where the answer at an address of the site lies in the folder. Raises ExportError where that would be outside."""
    place = urlsplit(address)
    path = unquote(place.path).lstrip("/")
    if ".." in path.split("/") or "\0" in path:
        raise ExportError(f"{address} leads out of the folder.")
    if not path or path.endswith("/"):
        path += "index.html"
    if place.query:
        stem, _, ending = path.rpartition(".")
        path = ".".join([stem, *(f"{name}-{value}" for name, value in parse_qsl(place.query)), ending])
    return path


def export_site(folder: Path, now: datetime) -> dict[str, int]:
    """Make the folder hold the archive as it is now, and say how many files there are, were written and removed.

    Until all was read, nothing of an earlier archive is touched. Raises ExportError where the folder holds something
    else, where the site fails at an address, and where reports keep being published meanwhile.
    """
    with _held(folder) as earlier:
        staged = folder / STAGED
        for _ in range(TRIES):
            shutil.rmtree(staged, ignore_errors=True)
            before = _state()
            files = [_stage(folder, one, body) for one, body in _Walk().files()]
            if _state() == before:
                break
        else:
            raise ExportError("Something was published or withheld while the archive was read. Try again.")
        return _put_in_place(folder, files, earlier, now)


def _state() -> list[str | None]:
    slugs = Scorecard.objects.filter(is_public=True).order_by("slug").values_list("slug", flat=True)
    return [version_of(slug) for slug in slugs]


@contextmanager
def _held(folder: Path) -> Iterator[set[str]]:
    """The folder for this export alone, with the paths of the files that an earlier one put there."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = folder / MANIFEST
    if not manifest.exists() and any(one.name not in (STAGED, LOCK) for one in folder.iterdir()):
        raise ExportError(f"{folder} holds something else than an archive. Name an empty folder, or a new one.")
    with (folder / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ExportError(f"Another export to {folder} is still running.") from error
        try:
            earlier = {one["path"] for one in json.loads(manifest.read_text())["files"]} if manifest.exists() else set()
        except (ValueError, KeyError, TypeError) as error:
            raise ExportError(
                f"{manifest} can't be read, so nothing says what in the folder is an archive's."
            ) from error
        yield earlier


def _stage(folder: Path, file: ExportedFile, body: bytes) -> ExportedFile:
    """Keep the file ready, unless the folder has it just so."""
    there = folder / file.path
    if not there.is_file() or there.stat().st_size != file.bytes or there.read_bytes() != body:
        target = folder / STAGED / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
    return file


def _put_in_place(folder: Path, files: list[ExportedFile], earlier: set[str], now: datetime) -> dict[str, int]:
    paths = {one.path for one in files}
    gone, written = earlier - paths, 0
    # Should this be interrupted, the next export knows of every file that it might have to remove.
    _write_manifest(folder, files, now, left=gone)
    for file in files:
        staged, target = folder / STAGED / file.path, folder / file.path
        if staged.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            staged.replace(target)
            written += 1
    for path in sorted(gone):
        target = (folder / path).resolve()
        if target.is_relative_to(folder.resolve()):
            target.unlink(missing_ok=True)
            for above in target.parents:
                if above == folder.resolve() or any(above.iterdir()):
                    break
                above.rmdir()
    shutil.rmtree(folder / STAGED, ignore_errors=True)
    _write_manifest(folder, files, now)
    return {"files": len(files), "written": written, "removed": len(gone)}


def _write_manifest(folder: Path, files: list[ExportedFile], now: datetime, left: set[str] = frozenset()) -> None:  # type: ignore[assignment]
    now_there = [asdict(one) for one in sorted(files, key=lambda one: one.path)]
    content = {
        "made_at": now.isoformat(timespec="seconds"),
        "made_by": f"Council performance scorecard {__version__}",
        "site": settings.SITE_URL,
        "is_complete": not left,
        "files": now_there + [{"path": one} for one in sorted(left)],
    }
    part = folder / f"{MANIFEST}.part"
    part.write_text(json.dumps(content, indent=1) + "\n")
    part.replace(folder / MANIFEST)
