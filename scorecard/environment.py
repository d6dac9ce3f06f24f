"""Settings as an operator writes them into the environment. What can't be meant is refused, in words, when it starts.

Every reader takes a variable that is missing or empty as not set, and raises ImproperlyConfigured with the variable's
name and what it should look like; never with its value, which may be a password.
"""

from __future__ import annotations

import math
import re
import warnings
from email.utils import parseaddr
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

_env = environ.Env()
_YES = ("1", "true", "yes", "on")
_NO = ("0", "false", "no", "off")
_WRITTEN = "In user name and password write / as %2F, @ as %40, : as %3A, # as %23 and % as %25."
_ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?|https?://\[[0-9A-Fa-f:.]+\](:\d{1,5})?")
_HOST = re.compile(r"\*|\.?[A-Za-z0-9_.-]*|\[[0-9A-Fa-f:.]+\]")
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)+")
DATABASES = ("django.db.backends.postgresql", "django.db.backends.sqlite3")


def words(name: str, default: str = "") -> str:
    """A text, without blanks around it."""
    return str(_env.str(name, default="")).strip() or default


def listed(name: str) -> list[str]:
    """Texts with commas between them; blanks around each don't count."""
    return [part.strip() for part in words(name).split(",") if part.strip()]


def one_of(name: str, choices: tuple[str, ...], default: str = "") -> str:
    """One of a few words, in any case; the default, or the first of them, where nothing is set."""
    text = words(name, default or choices[0]).upper()
    for choice in choices:
        if choice.upper() == text:
            return choice
    raise ImproperlyConfigured(f"{name} is none of {', '.join(choices)}.")


def secret(name: str, *, least: int) -> str:
    """A text that nobody guesses: of so many characters at least, without blanks. Empty where it is not set."""
    text = words(name)
    if text and (len(text) < least or not text.isascii() or " " in text):
        raise ImproperlyConfigured(f"{name} is no secret: {least} or more characters, without blanks.")
    return text


def people(name: str) -> list[tuple[str, str]]:
    """E-mail addresses with commas, as Django keeps whom to tell of errors."""
    addresses = listed(name)
    try:
        for address in addresses:
            validate_email(address)
    except ValidationError:
        raise ImproperlyConfigured(f"{name} is not e-mail addresses with commas, as ict@example.gov.uk.") from None
    return [(address, address) for address in addresses]


def origins(name: str, *, most: int | None = None) -> list[str]:
    """Where sites are: https:// and the host's name, without a path; with commas where there may be several."""
    found = [origin.rstrip("/") for origin in listed(name)]
    if (most and len(found) > most) or any(not _ORIGIN.fullmatch(origin) for origin in found):
        raise ImproperlyConfigured(
            f"{name} is not a site's address without a path, as https://scorecard.example.gov.uk."
        )
    return found


def hosts(name: str) -> list[str]:
    """Names that a site answers to, with commas: without https://, port or path; * is told by `check --deploy`."""
    found = listed(name)
    if any(not _HOST.fullmatch(host) for host in found):
        raise ImproperlyConfigured(f"{name} is not names of hosts with commas, as scorecard.example.gov.uk.")
    return found


def path_below_host(name: str) -> str:
    """/ and the name of a folder, or nothing; without a slash at its end."""
    path = words(name).rstrip("/")
    if path and not _PATH.fullmatch(path):
        raise ImproperlyConfigured(f"{name} is not a path on the host, as /scorecard.")
    return path


def sender(name: str, default: str) -> str:
    """An e-mail address that mail comes from, with a name before it or not."""
    text = words(name, default)
    try:
        validate_email(parseaddr(text)[1])
    except ValidationError:
        raise ImproperlyConfigured(f"{name} is not an e-mail address, as scorecard@example.gov.uk.") from None
    return text


def flag(name: str, *, default: bool) -> bool:
    """1, true, yes or on; 0, false, no or off; in any case."""
    text = words(name).lower()
    if text and text not in (*_YES, *_NO):
        raise ImproperlyConfigured(f"{name} is neither yes nor no. Write 1 or 0.")
    return text in _YES if text else default


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
