"""Whether the site is well: what a monitor asks, and what `manage.py check --deploy` refuses.

`/healthz` answers while the process lives, without asking anything else; `/readyz` says whether it can serve readers.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.security import SecurityMiddleware

from . import __version__

logger = logging.getLogger(__name__)
register = template.Library()
FINE = "fine"
# What an answer may load that is no page.
NOTHING_AT_ALL = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
STYLE_SHEET = "app.css"
LONG_ENOUGH = 50
NO_MAIL = (
    "EMAIL_URL is missing, so nobody is reminded, and nobody can set a forgotten password. If that is meant, set it to "
    "dummymail://"
)
# What every report has on paper: letters, an arrow, a shape.
PRINTED = "Ŵ→▲"


@register.simple_tag
def version() -> str:
    """The number of this version, for the foot of every page."""
    return __version__


def monitoring(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer monitors before any other middleware: they ask the process itself, by an address that no reader uses."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.path_info not in ("/healthz", "/readyz"):
            return get_response(request)
        if request.method not in ("GET", "HEAD"):
            return with_headers(request, HttpResponseNotAllowed(["GET", "HEAD"]))
        found = {} if request.path_info == "/healthz" else readiness()
        is_well = all(words == FINE for part, words in found.items() if part != "mail")
        response = JsonResponse(
            {"status": FINE if is_well else "not ready", "version": __version__, **found},
            status=200 if is_well else 503,
        )
        return with_headers(request, response)

    return answer


def with_headers(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """The headers that keep readers safe, on answers that are given before the middlewares that set them."""
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = NOTHING_AT_ALL
    return SecurityMiddleware(lambda _: response).process_response(request, response)


def readiness() -> dict[str, str]:
    """What readers need, by name: fine, or what is wrong in words that tell a stranger nothing of the inside.

    Without mail people can read and enter all the same, so that is only told.
    """
    database = _database()
    return {
        "database": database,
        "migrations": _migrations() if database == FINE else "not known without the database",
        "static files": _static_files(),
        "mail": "not set up" if _has_no_mail() else FINE,
    }


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        logger.exception("The database does not answer.")
        connection.close()
        return "does not answer: the log says why"
    return FINE


class _Migrations:
    """Whether a process has found all of them applied: none of them is undone while it lives."""

    are_applied = False


def _migrations() -> str:
    if not _Migrations.are_applied:
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if waiting:
            return f"{waiting} not applied: run manage.py migrate"
        _Migrations.are_applied = True
    return FINE


def _static_files() -> str:
    try:
        is_there = bool(staticfiles_storage.url(STYLE_SHEET)) and (
            staticfiles_storage.exists(STYLE_SHEET) or finders.find(STYLE_SHEET) is not None
        )
    except ValueError:
        is_there = False
    return FINE if is_there else "not there: run scripts/setup and manage.py collectstatic"


def _has_no_mail() -> bool:
    return str(settings.EMAIL_BACKEND).endswith("dummy.EmailBackend")


@checks.register("deployment", deploy=True)
def deployment(**kwargs: Any) -> list[checks.CheckMessage]:
    """`manage.py check --deploy` refuses what would be found out later, by a reader or an attacker."""
    return [checks.Error(words, id=f"scorecard.E{number:03}") for number, words in _refused()]


def _refused() -> Iterator[tuple[int, str]]:
    from .display.fonts import PaperUnavailableError, unprintable_in

    hosts = settings.ALLOWED_HOSTS
    if not hosts or any(host in ("*", ".") for host in hosts):
        yield 1, "ALLOWED_HOSTS has to name the site, and only it: mails would lead wherever a request says."
    if len(settings.SECRET_KEY) < LONG_ENOUGH or len(set(settings.SECRET_KEY)) < 5:
        yield (
            2,
            f"SECRET_KEY has fewer than {LONG_ENOUGH} characters, or hardly different ones: sessions can be forged.",
        )
    workers = os.environ.get("WEB_CONCURRENCY", "1")
    if connection.vendor == "sqlite" and workers != "1":
        yield 3, f"SQLite takes one server process; WEB_CONCURRENCY is {workers}. Use PostgreSQL, or 1."
    if _has_no_mail() and not os.environ.get("EMAIL_URL", "").strip():
        yield 4, NO_MAIL
    try:
        missing = unprintable_in(PRINTED)
    except PaperUnavailableError as error:
        yield 5, str(error)
    else:
        if missing:
            yield (
                5,
                f"No font on this machine has {missing[0].character}: install fonts-liberation and fonts-dejavu-core.",
            )
    yield from ((6, words) for words in _wrong_with_single_sign_on())


def _wrong_with_single_sign_on() -> Iterator[str]:
    """Asks the provider, where one is set up."""
    from .accounts.single_sign_on import wrong_with

    if settings.SINGLE_SIGN_ON is None:
        return
    if not settings.SITE_URL.startswith("https://"):
        yield "Single sign-on needs SITE_URL with https: the provider sends people back there."
    yield from wrong_with(settings.SINGLE_SIGN_ON)
