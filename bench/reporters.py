"""Reporters who save a line again and again, and the web server that they use."""

import http.client
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from indicators.models import Indicator, seen
from scorecard.returns.forms import SeenField

from .scorecards import MONTH

HOST = "127.0.0.1"
# As in docs/deploy.md: two workers for each of two cores, and one more.
GUNICORN = ("-m", "gunicorn", "scorecard.wsgi", "--workers", "5", "--no-control-socket", "--log-level", "error")
TOKEN = "t" * 32


class Reporter:
    """Somebody who is signed in and saves their line, each time with another figure."""

    def __init__(self, line: Indicator, lines: str) -> None:
        self.address, self.prefix = f"{lines}{line.pk}/", f"line-{line.pk}-"
        self.client = Client(headers={"host": HOST})
        self.client.force_login(line.reporter)
        commentary = line.commentaries.get(month=MONTH)
        version_of = SeenField().prepare_value
        self.fields = {
            "text": commentary.text,
            "stage": "final",
            "saw_value": version_of(seen(line.values.get(month=MONTH))),
            "saw_text": version_of(seen(commentary)),
        }
        self.figures = count(10_000)

    def save_at(self, port: int) -> None:
        """Save through the web server."""
        session = self.client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        headers = {"Cookie": cookies, "X-CSRFToken": TOKEN, "Content-Type": "application/x-www-form-urlencoded"}
        asked = http.client.HTTPConnection(HOST, port)
        asked.request("POST", self.address, urlencode(self._typed()), headers)
        answer = asked.getresponse()
        self._take(answer.status, answer.read())
        asked.close()

    def save_here(self) -> None:
        """Save in this process."""
        answer = self.client.post(self.address, self._typed())
        self._take(answer.status_code, answer.content)

    def _typed(self) -> dict[str, str]:
        fields = self.fields | {"figure": str(next(self.figures))}
        return {self.prefix + name: value for name, value in fields.items()} | {"action": "save"}

    def _take(self, status: int, content: bytes) -> None:
        answer = json.loads(content) if status == 200 else {}
        if "saved_at" not in answer:
            raise RuntimeError(f"{self.address} answered {status}: {content[:300]!r}")
        self.fields |= {name: answer[name] for name in ("saw_value", "saw_text")}


@contextmanager
def served() -> Iterator[int]:
    """The web server on a free port of this machine, with the database of this process. Gives the port."""
    with socket.create_server((HOST, 0)) as listener:
        place = listener.fileno()
        server = subprocess.Popen(  # noqa: S603 - only constants
            [sys.executable, "-W", "ignore:No directory at", *GUNICORN, "--bind", f"fd://{place}"],
            pass_fds=[place],
            start_new_session=True,
            env={**os.environ, "LOG_LEVEL": "WARNING"},
        )
        try:
            yield listener.getsockname()[1]
        finally:
            server.terminate()
            server.wait()
