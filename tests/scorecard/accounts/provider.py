"""A real OpenID Connect provider in a thread, which can be made to misbehave: what it says is signed by a key here."""

from __future__ import annotations

import json
import os
import re
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import oidc_provider_mock
    from oidc_provider_mock._server import _threaded_server

KEY, OTHER_KEY = (rsa.generate_private_key(65537, 2048) for _ in range(2))
RETURN = "/sign-in/organisation/return/"


class Misbehaviour:
    """Between the provider and whoever asks: changes what it answers by path, if somebody says how."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.behave()

    def behave(self) -> None:
        self.claims: Callable[[dict[str, Any]], Any] = lambda claims: None
        self.header: dict[str, Any] = {}
        self.key: Any = KEY
        # An answer in place of the provider's own, by path.
        self.instead: dict[str, tuple[str, Any]] = {}

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        path = environ["PATH_INFO"]
        if path in self.instead:
            status, said = self.instead[path]
            body = said if isinstance(said, bytes) else json.dumps(said).encode()
            start(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
            return [body]
        if path == "/jwks":
            return self._answer(start, {"keys": [public_key(KEY, "one"), public_key(OTHER_KEY, "unused", alg="RS512")]})
        if path != "/oauth2/token":
            return self.app(environ, start)
        said: dict[str, Any] = {}
        parts = b"".join(self.app(environ, lambda status, headers, *more: said.update(status=status)))
        found = json.loads(parts)
        if "id_token" in found:
            found["id_token"] = self._signed_anew(found["id_token"])
        return self._answer(start, found, said["status"])

    def _signed_anew(self, token: str) -> str:
        claims = jwt.decode(token, options={"verify_signature": False})
        changed = self.claims(claims)
        header = {"kid": "one"} | self.header
        alg = header.pop("alg", "RS256")
        return jwt.encode(claims if changed is None else changed, self.key, algorithm=alg, headers=header)

    @staticmethod
    def _answer(start: Any, said: dict[str, Any], status: str = "200 OK") -> list[bytes]:
        body = json.dumps(said).encode()
        start(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]


def public_key(key: Any, kid: str, alg: str = "RS256") -> dict[str, Any]:
    return json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())) | {"kid": kid, "alg": alg, "use": "sig"}


class Served:
    """The provider as tests use it."""

    def __init__(self, issuer: str, misbehaviour: Misbehaviour) -> None:
        self.issuer, self.wrong = issuer, misbehaviour

    def know(self, subject: str, **claims: Any) -> None:
        """Somebody whom the provider knows."""
        requests.put(f"{self.issuer}/users/{subject}", json=claims, timeout=5).raise_for_status()

    def send(self, client: Client, subject: str = "s1", *, action: str = "", **posted: Any) -> str:
        """Begin at the button and sign in there: the address that the provider sends the browser back to."""
        there = client.post("/sign-in/organisation/", posted)
        assert there.status_code == 302, there.content
        data = {"action": action} if action else {"sub": subject}
        back = requests.post(there.url, data=data, allow_redirects=False, timeout=5)
        parts = urlsplit(back.headers["Location"])
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"https://scorecard.example.gov.uk{RETURN}"
        return f"{parts.path}?{parts.query}"

    def sign_in(self, client: Client, subject: str = "s1", **posted: Any) -> Any:
        return client.get(self.send(client, subject, **posted))


@contextmanager
def served() -> Iterator[Served]:
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        misbehaviour = Misbehaviour(oidc_provider_mock.app())
    with _threaded_server(app=misbehaviour, host="127.0.0.1", poll_interval=0.02) as server:
        yield Served(f"http://127.0.0.1:{server.server_port}", misbehaviour)


def state_in(address: str) -> str:
    return parse_qs(urlsplit(address).query)["state"][0]


def heading(response: Any) -> str:
    return re.search(r"<h1[^>]*>(.*?)</h1>", response.content.decode())[1]


def long_ago(claims: dict[str, Any]) -> None:
    claims["exp"] = int(time.time()) - 1
