"""Lock-out after failed sign-ins: how people are told apart, what they read, and how it ends. django-axes counts."""

from collections.abc import Mapping
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from indicators.models import User

# Stands for an unknown address; requests without one are counted together.
UNKNOWN = "0.0.0.0"  # noqa: S104 - nothing listens there
TOO_MANY_REQUESTS = 429


def client_address(request: HttpRequest) -> str:
    """Where the request comes from.

    With TRUST_PROXY it is the last address in X-Forwarded-For, which the proxy itself wrote; anybody
    can make up what comes before it or, without a proxy, the whole header. Of an IPv6 address only
    the network counts: a single connection has 2**64 addresses in it.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.TRUST_PROXY else ""
    text = forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    if "." in text and text.count(":") == 1:
        # Some proxies add the port.
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return UNKNOWN
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), 64), strict=False).network_address)


def attempted_name(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """The user name that was tried, or a fingerprint where nobody has that name, since it may be a password."""
    name = str((credentials or {}).get("username") or "")
    # As it is stored: another capital or apostrophe is no other name, with failures of its own.
    person = User.objects.named(name).first()
    if person is not None:
        return person.get_username()
    return f"unknown {salted_hmac('scorecard.attempted_name', name).hexdigest()[:16]}"


def locked_out(request: HttpRequest, response: HttpResponse, credentials: Mapping[str, Any] | None) -> HttpResponse:
    """The page that says until when, and what to do."""
    attempts = AccessAttempt.objects.filter(
        username=attempted_name(request, credentials), ip_address=client_address(request)
    )
    now = request.axes_attempt_time  # type: ignore[attr-defined]
    latest = attempts.aggregate(latest=Max("attempt_time"))["latest"] or now
    left = latest + settings.AXES_COOLOFF_TIME - now
    # The minute after it, so that nobody comes a few seconds early.
    until = (now + left).replace(second=0, microsecond=0) + timedelta(minutes=1)
    context = {"until": until, "failures": settings.AXES_FAILURE_LIMIT}
    page = render(request, "registration/locked_out.html", context, status=TOO_MANY_REQUESTS)
    page["Retry-After"] = str(max(1, int(left.total_seconds()) + 1))
    return page


def unlock(person: User) -> None:
    """Forget the person's failed sign-ins, from wherever they were made."""
    AccessAttempt.objects.filter(username=person.get_username()).delete()
