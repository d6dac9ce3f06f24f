"""Handing published pages out: to visitors as they were drawn once, compressed once, and only if they have changed.

A published page is the same for every visitor until something is published, or the scorecard is no longer public. Both
are told by one small query, which touches no table of the report. Signed-in people get pages with their name on.
"""

from __future__ import annotations

import gzip
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from hashlib import sha256
from http import HTTPStatus
from threading import Lock
from time import monotonic
from typing import NamedTuple, TypeGuard, TypeVar

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import MiddlewareNotUsed
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

from scorecard.metrics import KEPT_PAGES
from scorecard.models import CouncilDetails, Publication, Scorecard, Withholding
from scorecard.publication.reading import Published

PAGES_KEPT = 128
MOST_BYTES = 2_000_000
LASTING = ("Cache-Control", "Vary")
CONDITIONS = {"HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH"}
# With the scorecard's slug: nothing else that stands there is ever looked up.
PUBLIC_PAGE = re.compile(r"/scorecards/([-a-zA-Z0-9_]{1,100})/")
TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")
Response = TypeVar("Response", bound=HttpResponseBase)


def as_published(response: Response, published: Published | None, request: HttpRequest) -> Response:
    """Mark the answer as what was published: caches may keep it, and ask by its ETag whether it still holds.

    Not by a time (Last-Modified), which tells whole seconds only: what is withheld within the second of its
    publication would stay readable. A month in progress, which was not published, and a refusal are as private as any
    other page (scorecard/requests.py).
    """
    if published is None or response.status_code not in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
        return response
    response.is_published = True  # type: ignore[attr-defined]
    is_visitor = not request.user.is_authenticated
    patch_cache_control(response, no_cache=True, **{"public" if is_visitor else "private": True})
    response.for_every_visitor = is_visitor  # type: ignore[attr-defined]
    return response


class Representation(NamedTuple):
    """A page's bytes, as they are or compressed, with all headers; and the headers of an answer without a body."""

    etag: str
    body: bytes
    headers: Mapping[str, str]
    lasting: Mapping[str, str]

    @classmethod
    def of(cls, body: bytes, etag: str, headers: Mapping[str, str]) -> Representation:
        whole = {**headers, "ETag": etag, "Content-Length": str(len(body))}
        return cls(etag, body, whole, {name: whole[name] for name in (*LASTING, "ETag") if name in whole})


class DrawnPage(NamedTuple):
    """A page as it was drawn, plain and compressed, for as long as the version holds."""

    version: str
    plain: Representation
    compressed: Representation

    @classmethod
    def of(cls, response: HttpResponse, version: str) -> DrawnPage:
        patch_vary_headers(response, ["Accept-Encoding"])
        body = response.content
        headers = {name: value for name, value in response.items() if name not in ("Content-Length", "ETag")}
        etag = sha256(body).hexdigest()[:32]
        # Without a time in it, so that the same page has the same bytes.
        small = Representation.of(
            gzip.compress(body, 9, mtime=0), f'"{etag}-gz"', {**headers, "Content-Encoding": "gzip"}
        )
        return cls(version, Representation.of(body, f'"{etag}"', headers), small)

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        form = self.compressed if TAKES_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")) else self.plain
        if request.META.get("HTTP_IF_NONE_MATCH") == form.etag:
            return HttpResponse(status=304, headers=form.lasting)
        response = HttpResponse(form.body, headers=form.headers)
        if not CONDITIONS.isdisjoint(request.META):
            # Several tags, or weak ones.
            return get_conditional_response(request, form.etag, response=response) or response
        return response


class PublishedPages:
    """Middleware that keeps the pages of published reports for visitors, in each server process.

    It stands in front of everything that works on a page or its headers, so that this is done once too. Not while
    somebody works on the templates.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if settings.DEBUG:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.compressed = GZipMiddleware(get_response)
        self.kept: OrderedDict[str, DrawnPage] = OrderedDict()
        # By scorecard: its version, and when it was asked for.
        self.asked: dict[str, tuple[str, float]] = {}
        self.lock = Lock()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        address = PUBLIC_PAGE.match(path)
        if address is None or not _is_plain_visit(request):
            return self.get_response(request)
        # What is kept is handed out before the middleware that asks this of all other pages.
        request.get_host()
        version = self._version(address[1])
        kept = self.kept.get(path)
        if kept is None or kept.version != version:
            accepted = request.META.pop("HTTP_ACCEPT_ENCODING", "")
            response = self.get_response(request)
            request.META["HTTP_ACCEPT_ENCODING"] = accepted
            if version is None or not _can_be_kept(response):
                return self.compressed.process_response(request, response)
            kept = self._keep(path, DrawnPage.of(response, version))
            KEPT_PAGES.labels("drawn").inc()
        else:
            KEPT_PAGES.labels("kept").inc()
        return kept.answer(request)

    def _version(self, slug: str) -> str | None:
        """The version, asked for again when the latest answer is too old. Only public scorecards have one."""
        now = monotonic()
        latest = self.asked.get(slug)
        if latest is not None and now - latest[1] < settings.PUBLISHED_PAGES_HOLD_SECONDS:
            return latest[0]
        version = version_of(slug)
        if version is None:
            self.asked.pop(slug, None)
        else:
            self.asked[slug] = version, now
        return version

    def _keep(self, path: str, page: DrawnPage) -> DrawnPage:
        with self.lock:
            self.kept[path] = page
            self.kept.move_to_end(path)
            while len(self.kept) > PAGES_KEPT:
                self.kept.popitem(last=False)
        return page


def _is_plain_visit(request: HttpRequest) -> bool:
    """Whether somebody who is not signed in reads, and asks for nothing in particular."""
    return (
        request.method in ("GET", "HEAD")
        and not request.META.get("QUERY_STRING")
        and request.COOKIES.keys().isdisjoint((settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name))
    )


def _can_be_kept(response: HttpResponseBase) -> TypeGuard[HttpResponse]:
    return (
        isinstance(response, HttpResponse)
        and response.status_code == 200
        and getattr(response, "for_every_visitor", False)
        and not response.cookies
        and len(response.content) <= MOST_BYTES
    )


def version_of(slug: str) -> str | None:
    """Differs whenever the pages of a public scorecard would; None for one that is not public, or is not there."""
    try:
        return _ask_version(slug)
    except (OperationalError, InterfaceError):
        # The database was restarted since this connection was last used: once more, with a new one.
        if connection.in_atomic_block:
            raise
        connection.close()
        return _ask_version(slug)


def _ask_version(slug: str) -> str | None:
    # That a connection which was kept still works would cost a query of its own; this one tells as well.
    connection.health_check_done = True  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(VERSION, [slug])
        found = cursor.fetchone()
    return "-".join(map(str, found)) if found else None


# Straight to the database, and no more than has to be: it is asked on every visit. Publications are never changed, so
# the latest of any scorecard tells, with the versions of all that was withheld, which only rise; that a page is drawn
# anew when another scorecard publishes is no harm. The header names the other scorecards: versions only rise, keys are
# never used again, so the three numbers tell that any of the scorecards was changed, added or deleted. Logo, colours
# and words are in the council's details.
VERSION = f"""
    SELECT (SELECT MAX(id) FROM {Publication._meta.db_table}),
        (SELECT SUM(version) FROM {Withholding._meta.db_table}),
        (SELECT SUM(version) FROM {CouncilDetails._meta.db_table}), scorecards.*
    FROM (SELECT SUM(version), MAX(id), COUNT(*) FROM {Scorecard._meta.db_table}) scorecards
    WHERE EXISTS (SELECT 1 FROM {Scorecard._meta.db_table} WHERE slug = %s AND is_public)
"""  # noqa: S608  # the names of tables, which nobody types
