"""Requests a second of a published report, against a static file of the same bytes on the same server."""

import gzip
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from scorecard.publication.publish import freeze_published

from .reporters import HOST, served
from .scorecards import make_scorecard
from .timing import medians

AT_ONCE, REQUESTS, ROUNDS = 4, 800, 7
LINES, MONTHS = 64, 25
NAME = "report.html"


class Answer(NamedTuple):
    """What the server answered: status, ETag and body."""

    status: int
    etag: str
    body: bytes


def run() -> None:
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    scorecard = make_scorecard(lines=LINES, months=MONTHS)
    freeze_published(scorecard, timezone.now())
    page, file = f"/scorecards/{scorecard.slug}/2021-01/", f"{settings.STATIC_URL}{NAME}"
    body = _drawn(page)
    _write_static(body)
    with served() as port, ThreadPoolExecutor(AT_ONCE) as visitors:
        times = medians(
            {
                name: _load(visitors, port, address, is_new=is_new, expected=body)
                for name, address, is_new in (
                    ("page", page, True),
                    ("file", file, True),
                    ("page's 304", page, False),
                    ("file's 304", file, False),
                )
            },
            rounds=ROUNDS,
        )
    _tell(times, body)


def _tell(times: dict[str, float], body: bytes) -> None:
    rates = {name: REQUESTS / seconds for name, seconds in times.items()}
    size = len(gzip.compress(body, 9)) / 1024
    print(f"A published report of {LINES} lines through gunicorn, {connection.vendor}: {size:.0f} KB compressed.")
    for name, rate in rates.items():
        print(f"{name:>12}: {rate:.0f} a second")
    whole, unchanged = rates["page"] / rates["file"], rates["page's 304"] / rates["file's 304"]
    print(f"The page / a static file of the same bytes: {whole:.2f}. Their 304s: {unchanged:.2f}.")


def _drawn(address: str) -> bytes:
    """The page as a visitor gets it."""
    response = Client(headers={"host": HOST}).get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")
    return response.content


def _write_static(body: bytes) -> None:
    """The same bytes as a static file, plain and compressed, which the server finds when it starts."""
    folder = Path(settings.STATIC_ROOT)
    (folder / NAME).write_bytes(body)
    (folder / f"{NAME}.gz").write_bytes(gzip.compress(body, 9, mtime=0))


def _load(
    visitors: ThreadPoolExecutor, port: int, address: str, *, is_new: bool, expected: bytes
) -> Callable[[], None]:
    """What lets all visitors ask for an address, each one time after time; those who have it ask whether it holds."""
    first = _ask(port, _request(address))
    if first.status != 200 or gzip.decompress(first.body) != expected:
        raise RuntimeError(f"{address} answered {first.status}, or other bytes.")
    request = _request(address) if is_new else _request(address, f"If-None-Match: {first.etag}\r\n")
    status, length = (200, len(first.body)) if is_new else (304, 0)

    def visit(times: int) -> None:
        for _ in range(times):
            answer = _ask(port, request)
            if (answer.status, len(answer.body)) != (status, length):
                raise RuntimeError(f"{address} answered {answer.status} with {len(answer.body)} bytes.")

    return lambda: list(visitors.map(visit, [REQUESTS // AT_ONCE] * AT_ONCE))  # type: ignore[func-returns-value]


def _request(address: str, headers: str = "") -> bytes:
    return f"GET {address} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: gzip\r\n{headers}\r\n".encode()


def _ask(port: int, request: bytes) -> Answer:
    """One request on a connection of its own, with as little work for this side as can be."""
    with socket.create_connection((HOST, port)) as asked:
        asked.sendall(request)
        received = bytearray()
        while part := asked.recv(1 << 18):
            received += part
    head, _, body = bytes(received).partition(b"\r\n\r\n")
    etag = next((line[6:] for line in head.decode().split("\r\n") if line.lower().startswith("etag: ")), "")
    return Answer(int(head.split(maxsplit=2)[1]), etag, body)
