"""What holds for every request and answer, whatever the view: text that can be kept, and nothing private left behind.

Middlewares, so that a view which is new is safe without knowing of them (docs/adr/, number 37).
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import DatabaseError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.http import parse_header_parameters

from indicators.models import SecurityEventKind, User
from indicators.security_log import record

from .health import NOTHING_AT_ALL

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
GetResponse = Callable[[HttpRequest], HttpResponseBase]
# No text of PostgreSQL can contain it, and nobody types it.
NUL = "\x00"
# The features of a browser that a page has unless it refuses them: https://www.w3.org/TR/permissions-policy/
DEVICE = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)
PAGES, PAGES_AND_DRAFTS = '"cache"', '"cache", "storage"'


def text_as_utf8(application: Application) -> Application:
    """Answer 400 to a request that says its text is in another code than UTF-8.

    Some of Python's codes make halves of letters, which can't be stored, or are none for text; Django would fail over
    these before its first middleware.
    """

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        _, about = parse_header_parameters(environ.get("CONTENT_TYPE", ""))
        try:
            is_utf8 = codecs.lookup(about.get("charset", "utf-8")).name in ("utf-8", "ascii")
        except (LookupError, ValueError):
            is_utf8 = False
        if is_utf8:
            return application(environ, start)
        headers = {
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Security-Policy": NOTHING_AT_ALL,
            "X-Content-Type-Options": "nosniff",
        }
        if settings.SECURE_HSTS_SECONDS:
            headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"
        start("400 Bad Request", list(headers.items()))
        return [b"Text has to be sent as UTF-8."]

    return answer


def text_that_can_be_kept(get_response: GetResponse) -> GetResponse:
    """Take cookies with a NUL for none, and answer 404 where one in the address makes a view fail.

    Forms say beside the field what is wrong with what was typed; views, which month or key there is none of. This is
    for what none of them expects.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        for name in [name for name, text in request.COOKIES.items() if NUL in name or NUL in text]:
            del request.COOKIES[name]
        return get_response(request)

    def not_found(request: HttpRequest, error: Exception) -> None:
        values = (text for name, found in request.GET.lists() for text in (name, *found))
        if isinstance(error, ValueError | DatabaseError) and any(NUL in text for text in (request.path_info, *values)):
            raise Http404("No address has a NUL in it.") from error

    answer.process_exception = not_found  # type: ignore[attr-defined]
    return answer


def nothing_of_the_device(get_response: GetResponse) -> GetResponse:
    """Tell browsers that no page wants a camera, a place or anything else of the device, whatever is put into it."""
    policy = ", ".join(f"{feature}=()" for feature in DEVICE)

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response["Permissions-Policy"] = policy
        return response

    return answer


# Pages that show a report before it is published.
SHOWING_REPORTS = frozenset({"report", "preview", "publish_edition", "revise_edition"})


# Parts of addresses that are secrets, or names of people.
NOT_TOLD = frozenset({"token", "uidb64", "username"})


def told_to_the_security_log(get_response: GetResponse) -> GetResponse:
    """Record what signed-in people are refused, and what they read and take away that is not published for everybody.

    A file is whatever is to be saved: those of reports, of the administration and of whatever is new.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not isinstance(request.user, User):
            return response
        match = request.resolver_match
        page = match.url_name if match else None
        path = f"{request.method} {request.path}"
        for name, part in match.kwargs.items() if match else ():
            if name in NOT_TOLD:
                path = path.replace(f"/{part}/", "/…/")
        is_published = getattr(response, "is_published", False)
        if response.status_code == HTTPStatus.FORBIDDEN or getattr(response, "was_refused", False):
            record(SecurityEventKind.REFUSED, about=path, request=request)
        elif response.status_code != HTTPStatus.OK:
            pass
        elif response.get("Content-Disposition", "").startswith("attachment"):
            if not is_published or getattr(response, "is_for_panel_only", False):
                record(SecurityEventKind.DOWNLOADED, about=path, request=request)
        elif page in SHOWING_REPORTS and not is_published:
            record(SecurityEventKind.DRAFT_READ, about=path, request=request)
        return response

    return answer


def private_answers(get_response: GetResponse) -> GetResponse:
    """Let no browser or proxy keep what somebody who is signed in is answered, unless it is published.

    When they sign out, wherever that is, or somebody else signs in over them, their browser forgets pages and drafts;
    when their session has run out, the pages: drafts are for themselves to take up again, and nobody else can read
    them.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        had_session = bool(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        before = request.session.get(SESSION_KEY) if had_session else None
        response = get_response(request)
        is_signed_in = request.user.is_authenticated
        if before is not None and before != str(request.user.pk):
            response["Clear-Site-Data"] = PAGES_AND_DRAFTS
            response.delete_cookie(CookieStorage.cookie_name)
        elif had_session and not is_signed_in:
            response["Clear-Site-Data"] = PAGES
        is_private = is_signed_in or had_session or bool(request.COOKIES.get(CookieStorage.cookie_name))
        if is_private and not (is_signed_in and getattr(response, "is_published", False)):
            del response["Cache-Control"]
            patch_cache_control(response, private=True, no_store=True)
        return response

    return answer
