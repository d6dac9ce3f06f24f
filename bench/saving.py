"""Saves a second by twenty reporters at once, against plain INSERTs of the same monthly values with their history."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Indicator
from scorecard.models import EditionState

from .inserts import Inserter
from .reporters import Reporter, served
from .scorecards import make_scorecard
from .timing import medians

AT_ONCE = 20
LINES, MONTHS = 64, 13
SAVES_EACH, INSERTS_EACH, ROUNDS = 4, 200, 5


def run() -> None:
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    scorecard = make_scorecard(lines=LINES, months=MONTHS, reporters=AT_ONCE, state=EditionState.COLLECTING)
    counts = Indicator.objects.filter(kind="figure").select_related("reporter").order_by("pk")
    lines = list({line.reporter_id: line for line in counts}.values())
    reporters = [Reporter(line, f"/returns/{scorecard.slug}/2021-01/lines/") for line in lines]
    inserters = [Inserter(line) for line in lines]
    waits: list[float] = []
    with served() as port, ThreadPoolExecutor(AT_ONCE) as people:
        times = medians(
            {
                "saves": lambda: _all(people, reporters, lambda reporter: _wait(reporter, port, waits), SAVES_EACH),
                "inserts": lambda: _all(people, inserters, Inserter.insert, INSERTS_EACH),
            },
            rounds=ROUNDS,
        )
    saves, inserts = AT_ONCE * SAVES_EACH / times["saves"], AT_ONCE * INSERTS_EACH / times["inserts"]
    print(f"{AT_ONCE} reporters at once save lines of {LINES} through gunicorn: {saves:.1f} saves a second.")
    print(f"Plain INSERTs of a value and its history through {AT_ONCE} connections: {inserts:.0f} a second.")
    print(f"Saves / INSERTs: {saves / inserts:.4f}. Queries for each save: {_queries(reporters[0])}.")
    # Without the round that did not count either.
    kept = waits[-ROUNDS * AT_ONCE * SAVES_EACH :]
    print(f"Of the reporters' waits 95 in 100 are shorter than {quantiles(kept, n=20)[-1]:.2f} s (p95).")


def _wait(reporter: Reporter, port: int, waits: list[float]) -> None:
    started = time.perf_counter()
    reporter.save_at(port)
    waits.append(time.perf_counter() - started)


def _all(people: ThreadPoolExecutor, who: Sequence[Any], act: Callable[[Any], None], times: int) -> None:
    """Let all of them act so many times, each one after the other, all at once."""

    def act_often(one: Any) -> None:
        for _ in range(times):
            act(one)

    list(people.map(act_often, who))


def _queries(reporter: Reporter) -> int:
    """How many queries a save takes, the session's among them; once without counting, to load what is loaded once."""
    reporter.save_here()
    with CaptureQueriesContext(connection) as queries:
        reporter.save_here()
    return len(queries)
