"""What the logs say, and never say: each request with a number and who asked, but nothing that anybody typed.

Words of a search, names, tokens of links and figures are in addresses, in messages of errors and in the variables of a
program. So a request is logged by its route and the keys in it, an error by its kind and the lines that led to it.
"""

from __future__ import annotations

import logging
import re
import secrets
import smtplib
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from functools import lru_cache
from http import HTTPStatus
from types import TracebackType
from typing import Any, NamedTuple

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, ProgrammingError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.log import AdminEmailHandler
from pythonjsonlogger.json import JsonFormatter

access = logging.getLogger("scorecard.access")
# What a trusted proxy may call a request: long enough for any, and nothing that means something in a log.
SAFE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
# What an address has in places where nobody types freely.
KEYS = ("slug", "month_text", "key", "number", "update", "file_format")
PLAIN = re.compile(r"[A-Za-z0-9_.-]{1,100}")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
MONITORS = ("/healthz", "/readyz", "/metrics")
UNKNOWN = "no address of the site"
# Errors that tell of the surroundings or the program, not of what it was given; the first line of a database's message
# names constraints and tables, later ones have rows.
TELLING = (
    OperationalError,
    InterfaceError,
    IntegrityError,
    ProgrammingError,
    OSError,
    ImportError,
    AttributeError,
    TypeError,
    NameError,
)
# Seconds in which one kind of error is mailed once.
QUIET = 600
current: ContextVar[HttpRequest | None] = ContextVar("request", default=None)
# As with other mail, no page waits for the mail server; what is waiting when the server stops is sent first.
mailing = ThreadPoolExecutor(max_workers=1, thread_name_prefix="error mail")
GetResponse = Callable[[HttpRequest], HttpResponseBase]


def numbered_requests(get_response: GetResponse) -> GetResponse:
    """Give each request an `id`, answer with it, and log the request when it is answered.

    The first of all middlewares, so that it sees every answer. Monitors' questions are not logged.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        given = request.META.get("HTTP_X_REQUEST_ID", "") if settings.TRUST_PROXY else ""
        request.id = given if SAFE_ID.fullmatch(given) else secrets.token_hex(16)  # type: ignore[attr-defined]
        token = current.set(request)
        began = time.perf_counter()
        try:
            response = get_response(request)
            response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
            if request.path_info not in MONITORS:
                said = {
                    "method": known_method(request),
                    "path": place_of(request.path_info).told,
                    "status": response.status_code,
                    "milliseconds": round((time.perf_counter() - began) * 1000, 1),
                }
                access.info("%(method)s %(path)s %(status)s in %(milliseconds)s ms", said, extra=said)
            return response
        finally:
            current.reset(token)

    return answer


def known_method(request: HttpRequest) -> str:
    """The method, or OTHER for one that somebody made up."""
    return request.method if request.method in METHODS else "OTHER"


class Place(NamedTuple):
    """An address of the site, as logs and metrics name it."""

    view: str
    told: str


@lru_cache(maxsize=512)
def place_of(path: str) -> Place:
    """Which view answers there, and the route with the keys in it, without names of people, tokens and what is made up.

    Told by the path alone, since a page that is kept never comes to its view.
    """
    if path.startswith(settings.STATIC_URL.removeprefix(settings.FORCE_SCRIPT_NAME)):
        return Place("static", settings.STATIC_URL)
    if path in MONITORS:
        return Place(path[1:], path)
    try:
        match = resolve(path)
    except (Resolver404, ValueError):
        return Place("none", UNKNOWN)
    keys = {name: str(value) for name, value in match.kwargs.items() if name in KEYS and PLAIN.fullmatch(str(value))}
    told = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: keys.get(found[1], f"<{found[1]}>"), match.route)
    return Place(match.view_name or "unnamed", f"/{told}")


class RequestAndPerson(logging.Filter):
    """Puts the request's number and the person's key beside a message; takes addresses out of Django's own."""

    def filter(self, record: logging.LogRecord) -> bool:
        if hasattr(record, "request_id"):
            return True
        request = current.get()
        record.request_id = getattr(request, "id", None)
        # Who is signed in, if anybody asked meanwhile: logging asks the database nothing.
        record.user_id = getattr(getattr(request, "_cached_user", None), "pk", None)
        # It has what was posted, and no log needs it.
        about = record.__dict__.pop("request", None) or request
        if record.name.startswith(("django.request", "django.security")):
            record.msg, record.args = (
                "%s at %s",
                (_occasion(record), place_of(about.path_info).told if about else UNKNOWN),
            )
        return True


def _occasion(record: logging.LogRecord) -> str:
    """What Django refused or failed over, without what it was sent."""
    if record.name == "django.security.csrf" and isinstance(record.args, tuple) and record.args:
        return f"Refused: {str(record.args[0]).partition(' - ')[0]}"
    if record.name.startswith("django.security"):
        return record.name.removeprefix("django.security.")
    status = getattr(record, "status_code", None)
    return HTTPStatus(status).phrase if status else record.name


def _words_of(error: BaseException) -> str:
    """The kind of an error; with its message only where that can't have anything typed in it."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, TELLING) and not isinstance(error, smtplib.SMTPException):
        return f"{kind}: {str(error).partition(chr(10))[0]}"
    return kind


def _chain(error: BaseException | None) -> list[BaseException]:
    """The error and those that it came from, the first of them first."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.insert(0, error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def traceback_of(error: BaseException | None) -> str:
    """The lines that led to an error, without the variables, and with messages only where nothing typed is in them."""
    parts = [
        "".join(traceback.format_list(traceback.extract_tb(one.__traceback__))) + _words_of(one)
        for one in _chain(error)
    ]
    return "\n\nThen:\n\n".join(parts)


Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PlainFormatter(logging.Formatter):
    """One line a message, with what belongs to the request in brackets."""

    def format(self, record: logging.LogRecord) -> str:
        request, user = getattr(record, "request_id", None), getattr(record, "user_id", None)
        record.of = (f" [request {request}]" if request else "") + (f" [user {user}]" if user else "")
        return super().format(record)

    def formatException(self, ei: Raised) -> str:  # noqa: N802 - as logging calls it
        return traceback_of(ei[1])


class LinesOfJson(JsonFormatter):
    """One JSON object a message: asctime, levelname, name, message, request_id, user_id, and what is beside it."""

    def formatException(self, ei: Raised) -> str:  # noqa: N802 - as logging calls it
        return traceback_of(ei[1])


class ErrorMail(AdminEmailHandler):
    """Mails an error to ADMINS as the log has it; each kind at most once in ten minutes from each process."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.latest: dict[tuple[Any, ...], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        # Anybody can make up a host or a cookie.
        if not settings.ADMINS or record.name.startswith("django.security"):
            return
        raised = record.exc_info[1] if record.exc_info else None
        frames = traceback.extract_tb(raised.__traceback__) if raised else []
        kind = (record.name, type(raised), *((frames[-1].filename, frames[-1].lineno) if frames else (record.lineno,)))
        now = time.monotonic()
        self.latest = {one: then for one, then in self.latest.items() if now - then < QUIET}
        if kind not in self.latest:
            self.latest[kind] = now
            first_line = self.format_subject(f"{record.levelname}: {record.getMessage()}")
            mailing.submit(self.send_mail, first_line, self.format(record))
