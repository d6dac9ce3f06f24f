"""Requests as nobody means them: every address, for everybody, with odd parts, parameters, bodies and methods.

Addresses come from the resolver, parameters from the source and from the pages' own forms, so that whatever is new is
tried without being named here. The same seed makes the same requests.
"""

import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver

from tests.scorecard.cast import ROLES, signed_in

# Nothing of it may ever be part of a page as it is.
MARKUP = '<img src=x onerror="alert(1)">'
ODD = (
    "",
    "0",
    "-1",
    "1" + "0" * 30,
    "9" * 5000,
    "1\x00",
    "\x00",
    "\ud800",
    "²",
    "٣",
    "1e999",
    "NaN",
    "-Infinity",
    "2021-13",
    "0000-00",
    "99999-12",
    "2021-01-32",
    "null",
    "[]",
    "true",
    "../../../etc/passwd",
    "..%2f..%2f",
    "' OR 1=1 --",
    "%s%n%x",
    "{{7*7}}{% debug %}",
    "=1+1",
    "\u202e\u200b\ufeff",
    "😀" * 300,
    "a" * 100_000,
    "//evil.example/",
    "https://evil.example/",
    "javascript:alert(1)",
    "\r\nSet-Cookie: a=b",
    "1.1",
    "1.2.3",
    "csv",
    "officer",
    "panel",
    MARKUP,
    f'"{MARKUP}',
    f"</title></textarea></script>{MARKUP}",
)
METHODS = ("GET", "GET", "GET", "POST", "POST", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "MADEUP")
# The apps whose rows and addresses are ours.
OURS = ("indicators", "commentary", "scorecard")
FORM = "application/x-www-form-urlencoded"
# What stands in a route by the name of its part; others get one of ODD or the first key.
PARTS = {
    "slug": ("panel", "secret"),
    "month_text": ("2021-01", "2020-12"),
    "username": ("reporter", "other_reporter"),
    "file_format": ("csv", "json", "tidy.zip"),
    "to": ("in_review", "collecting"),
}
PART = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
NAMES = {
    ".py": re.compile(r"(?:GET|POST|params|data)\.(?:get|getlist|pop)\(\s*\"(\w+)\""),
    ".html": re.compile(r"\bname=\"(\w+)\""),
}
OF_THE_ADMIN = (
    "q",
    "p",
    "o",
    "e",
    "all",
    "_popup",
    "_to_field",
    "_changelist_filters",
    "id__in",
    "term",
    "next",
    "_save",
)


class Case(NamedTuple):
    """A request: who asks what, with which fields or bytes."""

    role: str
    method: str
    address: str
    body: bytes
    content_type: str

    def __str__(self) -> str:
        return f"{self.role} {self.method} {self.address[:200]} {self.content_type} {self.body[:200]!r}"


def bytes_of(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def routes(resolver: Any = None, before: str = "") -> Iterator[str]:
    """Every address of the site, as the patterns have it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        else:
            yield route.rstrip("$")


def addresses(chance: random.Random, route: str, *, oddness: float) -> str:
    """The route with something in each part: what is there, or now and then what nobody means."""

    def part(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        if chance.random() < oddness:
            return quote(bytes_of(chance.choice(ODD)), safe="")
        known = PARTS.get(name) or [str(key) for key in keys(model_of(route))]
        return chance.choice(known)

    return "/" + PART.sub(part, route)


def model_of(route: str) -> Any:
    """The model that an address of the administration is about, if it is."""
    found = re.match(r"admin/(\w+)/(\w+)/", route)
    try:
        return apps.get_model(found[1], found[2]) if found else None
    except LookupError:
        return None


def keys(model: Any) -> list[Any]:
    return ([*model._base_manager.values_list("pk", flat=True)[:3]] if model else []) or [1, 2]


@cache
def names_in_the_source() -> list[str]:
    """What any view looks for in a query or a form."""
    found = set(OF_THE_ADMIN)
    for folder in ("scorecard", "indicators", "commentary", "templates"):
        for path in Path(settings.BASE_DIR, folder).rglob("*.*"):
            if path.suffix in NAMES:
                found |= set(NAMES[path.suffix].findall(path.read_text()))
    return sorted(found)


class Fuzzer:
    """Makes cases and asks them; each is undone, so that the next meets the same database."""

    def __init__(self, seed: int, part: int = 0, parts: int = 1) -> None:
        self.part, self.parts = part, parts
        self.chance = random.Random(seed * 100 + part)  # noqa: S311 - nothing secret
        self.clients: dict[str, Client] = {}
        self.fields: dict[str, list[str]] = {}

    def cases(self, most: int) -> Iterator[Case]:
        """Every address for everybody once, in any order, of which this has a part; then more behind the doors."""
        # The administration lets nobody in but staff, in one place: of the others a visitor and one more are enough.
        pairs = [
            (role, route)
            for number, route in enumerate(sorted(set(routes())))
            for role in (("visitor", ROLES[1 + number % 6], "officer") if route.startswith("admin/") else ROLES)
        ]
        random.Random(0).shuffle(pairs)  # noqa: S311
        pairs = pairs[self.part :: self.parts]
        inside = [pair for pair in pairs if pair[0] == "officer" or not pair[1].startswith("admin/")]
        for number in range(max(most, len(pairs))):
            role, route = pairs[number] if number < len(pairs) else self.chance.choice(inside)
            yield self.case(role, route)

    def case(self, role: str, route: str) -> Case:
        method = self.chance.choice(METHODS)
        address = addresses(self.chance, route, oddness=self.chance.choice((0, 0, 0.3)))
        if self.chance.random() < 0.5:
            address += "?" + self.typed(route)
        body, content_type = self.posted(route) if method not in ("GET", "HEAD") else (b"", "")
        return Case(role, method, address, body, content_type)

    def typed(self, route: str) -> str:
        """Some parameters: by names that the page's forms have, or any view looks for; some of them more than once."""
        own = self.names_on(route)
        pairs = []
        for _ in range(self.chance.randint(1, 6)):
            name = self.chance.choice(own if own and self.chance.random() < 0.7 else names_in_the_source())
            pairs += [(name, self.chance.choice(ODD))] * self.chance.choice((1, 1, 1, 2))
        encoded = [(name.encode(), bytes_of(value)) for name, value in pairs]
        return urlencode(encoded)

    def names_on(self, route: str) -> list[str]:
        if route not in self.fields:
            plain = addresses(random.Random(0), route, oddness=0)  # noqa: S311
            page = self.ask(Case("officer", "GET", plain, b"", ""))
            found = re.findall(r"<(?:input|textarea|select|button)[^>]*\bname=\"([^\"]+)\"", page[1])
            self.fields[route] = sorted({*found} - {"csrfmiddlewaretoken"})
        return self.fields[route]

    def posted(self, route: str) -> tuple[bytes, str]:
        kind = self.chance.randrange(12)
        if kind == 0:
            return b'{"a": [' * 2000, "application/json"
        if kind == 1:
            return b"\xff\xfe\x00" * 100, self.chance.choice(("", FORM, "text/plain", "image/png"))
        if kind == 2:
            return b"no boundary at all", "multipart/form-data"
        if kind == 3:
            return b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nhalf', "multipart/form-data; boundary=x"
        if kind == 4:
            return b"a=1&" * self.chance.choice((4000, 6000)), FORM
        if kind == 5 and self.chance.random() < 0.1:
            return b"a=" + b"1" * 3_000_000, FORM
        if kind < 8:
            # A file in the place of every text.
            parts = [
                f'--x\r\nContent-Disposition: form-data; name="{name}"; '
                f'filename="{quote(bytes_of(self.chance.choice(ODD)[:50]))}"\r\n\r\n'
                f"{quote(bytes_of(self.chance.choice(ODD)))[:500]}\r\n"
                for name in self.names_on(route) or ["import_file"]
            ]
            return ("".join(parts) + "--x--\r\n").encode(), "multipart/form-data; boundary=x"
        # Every field of the page, most as somebody might type it.
        everything = [
            (name.encode(), bytes_of(self.chance.choice(("1", "2021-01-05", *ODD)))) for name in self.names_on(route)
        ]
        return f"{urlencode(everything)}&{self.typed(route)}".encode(), FORM

    def ask(self, case: Case) -> tuple[int, str, Any]:
        """Status, text of a page (nothing of other files), and the answer itself."""
        client = self.clients.get(case.role)
        if client is None:
            client = self.clients[case.role] = signed_in(case.role)
            client.raise_request_exception = False
        cookies = client.cookies.output(header="", sep=";")
        with transaction.atomic():
            response = client.generic(case.method, case.address, case.body, case.content_type)
            content = b"".join(response.streaming_content) if response.streaming else response.content
            transaction.set_rollback(True)
        client.cookies.clear()
        client.cookies.load(cookies)
        response.content_read = content
        return response.status_code, content.decode(errors="replace"), response


def wrong_with(case: Case, status: int, text: str, response: Any, kept_from: dict[str, tuple[str, ...]]) -> str:
    """What is wrong with an answer, if anything is."""
    where = response.get("Location", "")
    if status >= 500:
        raised = getattr(response, "exc_info", None)
        return f"{status} {raised[0].__name__ if raised else ''}: {raised[1] if raised else ''}"[:300]
    if re.match(r"(?:https?:)?[\\/]{2}", where) and not where.startswith("http://testserver/"):
        return f"leads to {where[:100]}"
    if "html" in response.get("Content-Type", "") and MARKUP in text:
        return "has markup as it was sent"
    if any("\n" in value or "\r" in value for value in response.headers.values()):
        return "has two lines in a header"
    told = [marker for marker in kept_from.get(case.role, ()) if marker in text and marker not in str(case)]
    return f"tells {told}" if told else ""
