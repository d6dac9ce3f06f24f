"""Writing into the security log: the one function for it, and where a request comes from."""

from __future__ import annotations

import logging
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.db import models, transaction
from django.http import HttpRequest
from simple_history.models import HistoricalRecords

from .models import SecurityEvent, SecurityEventKind, User
from .moments import today_in_britain

logger = logging.getLogger("scorecard.security")
# Stands for an unknown address; requests without one are counted together.
UNKNOWN = "0.0.0.0"  # noqa: S104 - nothing listens there


def record(
    kind: SecurityEventKind,
    *,
    person: User | None = None,
    by: User | None = None,
    about: models.Model | str = "",
    detail: str = "",
    fingerprint: str = "",
    request: HttpRequest | None = None,
) -> SecurityEvent:
    """Write that something happened, in the transaction of what it tells of: both are stored or neither is.

    `person` is whom it happened to, `by` who did it: whoever is signed in, unless it is said. The request that is
    being answered needs not be given. Once it is stored, a line for the collectors of logs goes to the process's log.
    Nothing secret may stand in `about` and `detail`, and nobody's name.
    """
    request = request or getattr(HistoricalRecords.context, "request", None)
    asking = getattr(request, "user", None)
    if by is None and isinstance(asking, User):
        by = asking
    if isinstance(about, models.Model):
        about = f"{about._meta.verbose_name}: {about}"
    event = SecurityEvent.objects.create(
        kept_until=today_in_britain() + timedelta(days=settings.SECURITY_LOG_DAYS),
        kind=kind.value,
        person=person,
        by=by,
        address=client_address(request) if request else "",
        request_id=str(getattr(request, "id", None) or "")[:64],
        fingerprint=fingerprint[:40],
        about=_printable(about)[:300],
        detail=_printable(detail)[:500],
    )
    told = {
        "event": event.kind,
        "at": event.at.isoformat(),
        "person": event.person_id,
        "person_name": person.get_username() if person else None,
        "by": event.by_id,
        "by_name": by.get_username() if by else None,
        **{name: getattr(event, name) for name in ("address", "request_id", "fingerprint", "about", "detail")},
    }
    transaction.on_commit(lambda: logger.info(event.words, extra=told), robust=True)
    return event


def delete_old_events() -> int:
    """Delete what has been kept for its time; returns how many rows that were."""
    # The database reckons in UTC, whose day ends later in summer.
    return SecurityEvent.objects.filter(kept_until__lt=today_in_britain() - timedelta(days=1)).delete()[0]


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


def _printable(text: str) -> str:
    """The text in one line, without anything that can't be printed or stored."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
