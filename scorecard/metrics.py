"""Counts and durations for the council's monitoring, in Prometheus' format at /metrics.

Nobody is answered without METRICS_TOKEN. Labels are names of the program (views, methods, statuses, formats), never of
the data, so that their number does not grow. Each process counts for itself; with PROMETHEUS_MULTIPROC_DIR, which
gunicorn.conf.py sets, whichever process is asked adds all of its machine up.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db import connection
from django.db.models import Max
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseNotFound
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from .health import with_headers
from .logs import known_method, place_of

REQUESTS = Counter("scorecard_requests", "Requests answered.", ["view", "method", "status"])
SECONDS = Histogram(
    "scorecard_request_seconds",
    "How long answers took.",
    ["view"],
    buckets=(0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
QUERIES = Counter("scorecard_database_queries", "Statements sent to the database.", ["view"])
QUERY_SECONDS = Counter("scorecard_database_seconds", "Time that the database took for them.", ["view"])
KEPT_PAGES = Counter("scorecard_kept_pages", "Published pages for visitors: handed out as kept, or drawn.", ["kept"])
SIGN_INS = Counter("scorecard_sign_ins", "Sign-ins: in, failed, or locked out.", ["outcome"])
FILE_SECONDS = Histogram(
    "scorecard_file_seconds",
    "How long making a file of a published report took.",
    ["format"],
    buckets=(0.1, 0.5, 1, 2.5, 5, 10, 30),
)
FILE_FAILURES = Counter("scorecard_file_failures", "Files of published reports that could not be made.", ["format"])
GetResponse = Callable[[HttpRequest], HttpResponseBase]


def counted_requests(get_response: GetResponse) -> GetResponse:
    """Count requests and what they cost by view, method and status; answer /metrics to who has the token."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.path_info == "/metrics":
            return with_headers(request, handed_out(request))
        spent = Spent()
        began = time.perf_counter()
        with connection.execute_wrapper(spent):
            response = get_response(request)
        counted = counters(place_of(request.path_info).view, known_method(request), response.status_code)
        counted.requests.inc()
        counted.seconds.observe(time.perf_counter() - began)
        if spent.statements:
            counted.queries.inc(spent.statements)
            counted.query_seconds.inc(spent.seconds)
        return response

    return answer


class Spent:
    """How many statements a request sent to the database, and how long they took."""

    statements = 0
    seconds = 0.0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            self.statements += 1
            self.seconds += time.perf_counter() - began


class Counters(NamedTuple):
    """What is counted of requests that ended alike."""

    requests: Counter
    seconds: Histogram
    queries: Counter
    query_seconds: Counter


@cache
def counters(view: str, method: str, status: int) -> Counters:
    """Found once: looking them up by their labels takes longer than counting."""
    return Counters(
        REQUESTS.labels(view, method, status),
        SECONDS.labels(view),
        QUERIES.labels(view),
        QUERY_SECONDS.labels(view),
    )


@contextmanager
def timed_file(suffix: str) -> Iterator[None]:
    """Take the time of making a file, or count that it could not be made."""
    began = time.perf_counter()
    try:
        yield
    except Exception:
        FILE_FAILURES.labels(suffix).inc()
        raise
    FILE_SECONDS.labels(suffix).observe(time.perf_counter() - began)


@receiver(user_logged_in, dispatch_uid="count_sign_in")
def _count_sign_in(**kwargs: Any) -> None:
    SIGN_INS.labels("in").inc()


@receiver(user_login_failed, dispatch_uid="count_failed_sign_in")
def _count_failure(**kwargs: Any) -> None:
    SIGN_INS.labels("failed").inc()


@receiver(post_save, sender="indicators.SecurityEvent", dispatch_uid="count_lock_out")
def _count_lock_out(instance: Any, **kwargs: Any) -> None:
    """As the security log tells of them: locked by name and address, or braked."""
    if instance.kind == "locked_out":
        SIGN_INS.labels("locked out").inc()


class InTheDatabase(Collector):
    """What all servers share, asked when it is wanted."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        from . import __version__
        from .health import FINE, readiness
        from .models import Reminder

        ready = GaugeMetricFamily("scorecard_ready", "Whether this part is fine, as /readyz says.", labels=["part"])
        found = readiness()
        for part, words in found.items():
            ready.add_metric([part], float(words == FINE))
        yield ready
        version = GaugeMetricFamily("scorecard_version", "1, with the version as label.", labels=["version"])
        version.add_metric([__version__], 1)
        yield version
        if found["database"] != FINE or found["migrations"] != FINE:
            return
        latest = Reminder.objects.aggregate(latest=Max("sent_at"))["latest"]
        if latest:
            yield GaugeMetricFamily(
                "scorecard_latest_reminder_timestamp_seconds", "When somebody was last reminded.", latest.timestamp()
            )


def handed_out(request: HttpRequest) -> HttpResponse:
    """What was counted, for who has the token; for everybody else the address is not there."""
    token = settings.METRICS_TOKEN
    if not token or not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}"):
        return HttpResponseNotFound(content_type="text/plain")
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    counts = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        counts = CollectorRegistry()
        multiprocess.MultiProcessCollector(counts)
    shared = CollectorRegistry()
    shared.register(InTheDatabase())
    return HttpResponse(generate_latest(counts) + generate_latest(shared), content_type=CONTENT_TYPE_LATEST)
