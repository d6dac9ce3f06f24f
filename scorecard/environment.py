"""Settings as an operator writes them into the environment. What can't be meant is refused, in words, when it starts.

Every reader takes a variable that is missing or empty as not set, and raises ImproperlyConfigured with the variable's
name and what it should look like; never with its value, which may be a password.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()
_YES = ("1", "true", "yes", "on")
_NO = ("0", "false", "no", "off")
_WRITTEN = "In user name and password write / as %2F, @ as %40, : as %3A, # as %23 and % as %25."
DATABASES = ("django.db.backends.postgresql", "django.db.backends.sqlite3")


def words(name: str, default: str = "") -> str:
    """A text, without blanks around it."""
    return str(_env.str(name, default="")).strip() or default


def listed(name: str) -> list[str]:
    """Texts with commas between them; blanks around each don't count."""
    return [part.strip() for part in words(name).split(",") if part.strip()]


def flag(name: str, *, default: bool) -> bool:
    """1, true, yes or on; 0, false, no or off; in any case."""
    text = words(name).lower()
    if text and text not in (*_YES, *_NO):
        raise ImproperlyConfigured(f"{name} is neither yes nor no. Write 1 or 0.")
    return text in _YES if text else default


def choice(name: str, *, of: tuple[str, ...], default: str) -> str:
    """One of several words, in any case."""
    text = words(name, default).lower()
    if text not in of:
        raise ImproperlyConfigured(f"{name} is none of {', '.join(of)}.")
    return text


def whole(name: str, *, default: int, least: int = 0) -> int:
    """A whole number, not below the least."""
    number = amount(name, default=default)
    if number != int(number) or number < least:
        raise ImproperlyConfigured(f"{name} is not a whole number of {least} or more, as {default}.")
    return int(number)


def amount(name: str, *, default: float) -> float:
    """A number of 0 or more."""
    text = words(name)
    try:
        number = float(text) if text else default
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise ImproperlyConfigured(f"{name} is not a number of 0 or more, as {default}.")
    return number


def database(name: str, default: str) -> dict[str, Any]:
    """The address of a PostgreSQL or SQLite database as Django takes it."""
    found = _address(name, _env.db_url_config, default)
    if found.get("ENGINE") not in DATABASES or not found["NAME"]:
        raise _not_an_address(name, "postgres://user:password@host/name, or sqlite:///path of a file")
    return found


def mail(name: str, default: str) -> dict[str, Any]:
    """The address of a mail server as Django's settings."""
    found = _address(name, _env.email_url_config, default)
    if not found.get("EMAIL_BACKEND"):
        raise _not_an_address(name, "smtp+tls://user:password@host:587, or dummymail:// to send none")
    return {one: value for one, value in found.items() if one.startswith("EMAIL_") and value is not None}


def _address(name: str, read: Any, default: str) -> dict[str, Any]:
    try:
        with warnings.catch_warnings():
            # It would print the address, and go on.
            warnings.simplefilter("ignore")
            return dict(read(words(name, default)))
    except (ImproperlyConfigured, ValueError):
        return {}


def _not_an_address(name: str, shape: str) -> ImproperlyConfigured:
    # Raised outside of any other error, whose message could have the password.
    return ImproperlyConfigured(f"{name} is not an address as {shape}. {_WRITTEN}")
