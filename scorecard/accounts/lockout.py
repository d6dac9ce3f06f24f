"""Lock-out after failed sign-ins: how people are told apart, what they read, and how it ends. django-axes counts."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac

from indicators.models import SecurityEvent, SecurityEventKind, User
from indicators.moments import day_in_words, day_of, time_text
from indicators.security_log import client_address, record

TOO_MANY_REQUESTS = 429


def attempted_name(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """The user name that was tried, or a fingerprint where nobody has that name, since it may be a password."""
    name = str((credentials or {}).get("username") or "")
    # As it is stored: another capital or apostrophe is no other name, with failures of its own.
    person = User.objects.named(name).first()
    if person is not None:
        return person.get_username()
    return f"unknown {fingerprint_of(name)}"


def tried(name: Any) -> dict[str, Any]:
    """Who was tried, as the security log has it: the person, or the fingerprint of a name that nobody has."""
    person = User.objects.named(str(name or "")).first()
    return {"person": person} if person else {"fingerprint": fingerprint_of(str(name or ""))}


def fingerprint_of(name: str) -> str:
    """Tells a name or an address that nobody has from others, without being it."""
    return salted_hmac("scorecard.attempted_name", name.casefold()).hexdigest()[:16]


def locked_out(request: HttpRequest, response: HttpResponse, credentials: Mapping[str, Any] | None) -> HttpResponse:
    """The page that says until when, and what to do."""
    now = timezone.now()
    ends = getattr(request, "braked_until", None)
    if ends is None:
        attempts = AccessAttempt.objects.filter(
            username=attempted_name(request, credentials), ip_address=client_address(request)
        )
        now = request.axes_attempt_time  # type: ignore[attr-defined]
        latest = attempts.aggregate(latest=Max("attempt_time"))["latest"] or now
        ends = latest + settings.AXES_COOLOFF_TIME
    return lock_out_page(request, ends, now, is_here=not hasattr(request, "braked_until"))


def lock_out_page(request: HttpRequest, ends: datetime, now: datetime, *, is_here: bool) -> HttpResponse:
    """The page itself; `is_here` where a name has failed too often at one address, which is where the person is."""
    left = ends - now
    # The minute after it, so that nobody comes a few seconds early.
    until = (now + left).replace(second=0, microsecond=0) + timedelta(minutes=1)
    is_today = day_of(until) == day_of(now)
    told = time_text(until) if is_today else f"{time_text(until)} on {day_in_words(until)}"
    context = {"until": told, "failures": settings.AXES_FAILURE_LIMIT, "is_here": is_here}
    page = render(request, "registration/locked_out.html", context, status=TOO_MANY_REQUESTS)
    page["Retry-After"] = str(max(1, int(left.total_seconds()) + 1))
    return page


def record_lock_out(request: HttpRequest, who: dict[str, Any]) -> None:
    """Told once in the time for which a name is locked at an address, however often somebody tries meanwhile."""
    before = SecurityEvent.objects.filter(kind=SecurityEventKind.LOCKED_OUT, address=client_address(request), **who)
    if not before.filter(at__gt=timezone.now() - settings.AXES_COOLOFF_TIME).exists():
        record(SecurityEventKind.LOCKED_OUT, request=request, **who)


def unlock(person: User) -> None:
    """Count none of the person's failed sign-ins any more, from wherever they were made."""
    AccessAttempt.objects.filter(username=person.get_username()).delete()
    record(SecurityEventKind.UNLOCKED, person=person)
