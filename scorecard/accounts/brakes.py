"""Brakes on guessing passwords from many addresses, or of many people, however slowly; beside django-axes, which
counts the failures of one name at one address (docs/adr/, numbers 14 and 57).

Both are counted in the security log. Whoever signs in gets a cookie by which their browser is known again: a known
browser stays open, whatever strangers do to its person's name or from its network address.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from axes.backends import AxesStandaloneBackend
from django.conf import settings
from django.contrib.auth import authenticate
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from indicators.models import SecurityEvent, SecurityEventKind, User
from indicators.security_log import client_address

from .lockout import record_lock_out, tried

GUESSES = (SecurityEventKind.SIGN_IN_FAILED, SecurityEventKind.CONFIRMATION_FAILED)
ON_KNOWN_DEVICE = "in a browser they have signed in with"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# In a day three times as much as in an hour.
WINDOWS = ((HOUR, 1), (DAY, 3))
SALT = "scorecard.known_device"
KNOWN_FOR = timedelta(days=180)
MOST_PEOPLE = 5
# Links asked for with one e-mail address in a day, and from one network address in an hour; links that did not work.
MOST_MAILS, MOST_REQUESTS, MOST_BAD_LINKS = 5, 30, 30


class Brakes(AxesStandaloneBackend):
    """Refuses whoever is braked or locked out, before the password is looked at: wherever one is asked for."""

    def authenticate(
        self, request: HttpRequest, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> None:
        if request is not None and username is not None:
            until = braked_until(request, username)
            if until is not None:
                request.braked_until = until  # type: ignore[attr-defined]
                request.axes_locked_out = True  # type: ignore[attr-defined]
        try:
            if getattr(request, "braked_until", None):
                raise PermissionDenied
            super().authenticate(request, username=username, password=password, **kwargs)
        except PermissionDenied:
            request.is_refused_unasked = True  # type: ignore[attr-defined]
            raise


def confirm_password(request: HttpRequest, typed: str) -> bool:
    """Whether it is the password of whoever is signed in. A wrong one counts as a failed sign-in does, and is braked.

    For every page that asks for the password once more; the page about the lock-out takes its place when it is time.
    """
    person = request.user
    return isinstance(person, User) and authenticate(request, username=person.get_username(), password=typed) == person


def check_brakes(request: HttpRequest, person: User) -> None:
    """Refuse to look at a code or passkey of who is braked; the page about the lock-out takes the answer's place.

    Raises ValidationError.
    """
    until = braked_until(request, person.get_username())
    if until is not None:
        request.braked_until, request.axes_locked_out = until, True  # type: ignore[attr-defined]
        record_lock_out(request, {"person": person})
        raise ValidationError("Too many wrong codes. Wait before you try again.")


def braked_until(request: HttpRequest, name: str) -> datetime | None:
    """Until when nobody signs in with the name from there; None where they may try. Unknown names are alike."""
    who, now = tried(name), timezone.now()
    person = who.get("person")
    is_known = person is not None and is_known_device(request, person)
    # What single sign-on refused has another detail, and is no guess.
    guesses = SecurityEvent.objects.filter(kind__in=GUESSES, at__gt=now - DAY, detail__in=("", ON_KNOWN_DEVICE))
    of_name = guesses.filter(**who, detail=ON_KNOWN_DEVICE if is_known else "").order_by("-at")
    if person is not None:
        unlocked = SecurityEvent.objects.filter(kind=SecurityEventKind.UNLOCKED, person=person).order_by("-at")
        of_name = of_name.filter(at__gt=unlocked.values_list("at", flat=True).first() or now - DAY)
    limit = settings.LOCK_OUT_FAILURES_ANYWHERE
    moments = list(of_name.values_list("at", flat=True)[: WINDOWS[-1][1] * limit])
    ends = [_end(moments, window, times * limit, now) for window, times in WINDOWS]
    if not is_known:
        limit = settings.LOCK_OUT_NAMES
        here = guesses.filter(address=client_address(request)).values("person", "fingerprint")
        latest = here.annotate(latest=Max("at")).order_by("-latest").values_list("latest", flat=True)
        moments = list(latest[: WINDOWS[-1][1] * limit])
        ends += [_end(moments, window, times * limit, now) for window, times in WINDOWS]
    return max((end for end in ends if end), default=None)


def _end(moments: list[datetime], window: timedelta, most: int, now: datetime) -> datetime | None:
    """When fewer than so many of the moments, the latest first, lie within the window; None where it is so now."""
    end = moments[most - 1] + window if len(moments) >= most else None
    return end if end and end > now else None


def may_ask_for_mail(request: HttpRequest, fingerprint: str) -> bool:
    """Whether another link is sent to an e-mail address: so many a day to one, so many an hour from one place."""
    asked = SecurityEvent.objects.filter(kind=SecurityEventKind.RESET_ASKED)
    now = timezone.now()
    to_it = asked.filter(fingerprint=fingerprint, at__gt=now - DAY).count()
    from_there = asked.filter(address=client_address(request), at__gt=now - HOUR).count()
    return to_it < MOST_MAILS and from_there < MOST_REQUESTS


def tries_links(request: HttpRequest) -> bool:
    """Whether too many links that don't work were opened from there within an hour."""
    refused = SecurityEvent.objects.filter(kind=SecurityEventKind.LINK_REFUSED, address=client_address(request))
    return refused.filter(at__gt=timezone.now() - HOUR).count() >= MOST_BAD_LINKS


# Known browsers


def is_known_device(request: HttpRequest, person: User) -> bool:
    """Whether the person has signed in with this browser, and has had the same password since."""
    return any(key == person.pk and constant_time_compare(state, _state(person)) for key, state in _known(request))


def remember_devices(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Any:
    """Middleware that gives whoever signs in the cookie; several people may share a browser."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        person: User | None = getattr(request, "signed_in_now", None)
        if person is not None:
            others = [[key, state] for key, state in _known(request) if key != person.pk]
            response.set_cookie(
                settings.DEVICE_COOKIE_NAME,
                signing.dumps([[person.pk, _state(person)], *others][:MOST_PEOPLE], salt=SALT, compress=True),
                max_age=KNOWN_FOR,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    return answer


def _known(request: HttpRequest) -> list[tuple[int, str]]:
    try:
        found = signing.loads(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=KNOWN_FOR)
    except signing.BadSignature:
        return []
    return [(int(key), str(state)) for key, state in found]


def _state(person: User) -> str:
    """Changes with the password: who has learnt an old one is not known by it any more."""
    return salted_hmac(SALT, f"{person.pk} {person.password}").hexdigest()[:32]
