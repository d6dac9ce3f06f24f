"""How the site looks today and what it calls people: read once for each request, and outside one whenever it is asked.

Templates say `{% said "the panel’s questions" %}` and Python `said("the panel’s questions")`: both answer in the
council's own words, with the article and the plural that go with them. Whatever surrounds a report is of today; what a
published report consists of stays as it was frozen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

from django import template
from django.db import DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import lazy

from indicators.calculations.formatting import plural_of
from scorecard.models import CouncilDetails, Logo

from .colours import Colours, colours_of, style_sheet

register = template.Library()
# The words that the product is written with, by the field in which the council may have others.
WORDS = {"panel_word": "panel", "service_word": "service"}
_IN_TEXT = re.compile(r"\b(?:(?P<article>an?) )?(?P<word>panel|service)(?P<plural>s)?\b", re.IGNORECASE)
# Before which one says “an”: an executive and an hour, but a unit and a one-off.
_SOUNDS_OPEN = re.compile(r"(?!one\b|eu)[aeio]|u(?!ni|s|t)|hono|hour")
# How much of a checksum an address has.
MARK = 12


@dataclass(frozen=True, slots=True)
class ShownLogo:
    """A logo as pages show it; `says` is for people who don't see it."""

    checksum: str
    width: int
    height: int
    says: str

    @property
    def address(self) -> str:
        return reverse("logo", args=[self.checksum])

    @property
    def content(self) -> bytes:
        return bytes(Logo.objects.values_list("content", flat=True).get(checksum=self.checksum))


@dataclass(frozen=True, slots=True)
class Look:
    """What surrounds whatever the site shows. Without anything it is the product's own look, in its own words."""

    council: str = ""
    logo: ShownLogo | None = None
    main: str = ""
    second: str = ""
    # The council's words by the product's, where they differ.
    words: Mapping[str, str] = field(default_factory=dict)
    saved_at: datetime | None = None

    @property
    def colours(self) -> Colours | None:
        """None for the product's own."""
        return colours_of(self.main, self.second) if self.main else None

    @property
    def styles(self) -> str:
        """The address of the style sheet with its colours; empty where there are none of its own.

        It names the colours and a checksum of the rules, so that it may be kept for good.
        """
        if not self.main:
            return ""
        return reverse("look_styles", args=[colours_in_address(self.main, self.second), rules_mark(self.colours)])

    @property
    def version(self) -> str:
        """Differs whenever what surrounds a page would."""
        return self.saved_at.isoformat() if self.saved_at else ""

    def said(self, text: str) -> str:
        """The product's own words in the council's."""
        return _IN_TEXT.sub(partial(_in_their_words, self.words), text) if self.words else text


# The product's own.
OWN_LOOK = Look()


def colours_in_address(main: str, second: str) -> str:
    """Two colours as they stand in an address: 0b4a5a-0a5d75, or 0b4a5a alone."""
    return "-".join(one.removeprefix("#") for one in (main, second) if one)


def rules_mark(colours: Colours | None) -> str:
    """Differs with the rules that are made of the colours, also where another version of the product makes others."""
    return sha256(style_sheet(colours).encode()).hexdigest()[:MARK] if colours else ""


_held: ContextVar[list[Look] | None] = ContextVar("look", default=None)


def look() -> Look:
    """The look as it is stored: within a request that of when it was first asked for."""
    held = _held.get()
    if held:
        return held[0]
    found = _read()
    if held is not None:
        held.append(found)
    return found


def one_look(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: all that is drawn for a request has the same look, which is read when the first of it is."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        with held_still():
            return get_response(request)

    return answer


@contextmanager
def held_still() -> Any:
    """Within it the look is read once at most."""
    token = _held.set([])
    try:
        yield
    finally:
        _held.reset(token)


def forget_held() -> None:
    """Read it anew when it is asked for next: it was changed."""
    held = _held.get()
    if held:
        held.clear()


def said(text: str) -> str:
    """A text of the product's own, in the council's words. Not for what people wrote."""
    return look().said(text)


# For what is defined once and shown many times, such as the labels of forms.
said_later = lazy(said, str)


@register.simple_tag(name="said")
def say(text: str) -> str:
    """In a template: a text of the product's own, in the council's words."""
    return said(text)


@register.simple_tag(name="look")
def tell_look() -> Look:
    """In a template: `{% look as look %}`."""
    return look()


def _read() -> Look:
    fields = ("council", "colour", "second_colour", "logo_says", *WORDS, "saved_at")
    logo = ("logo__checksum", "logo__width", "logo__height")
    try:
        found = CouncilDetails.objects.filter(pk=CouncilDetails.ONLY).values(*fields, *logo).first()
    except DatabaseError:
        # A page that tells of a fault is drawn all the same.
        return OWN_LOOK
    if found is None:
        return OWN_LOOK
    checksum, width, height = (found[name] for name in logo)
    return Look(
        council=found["council"],
        logo=ShownLogo(checksum, width, height, found["logo_says"]) if checksum else None,
        main=found["colour"],
        second=found["second_colour"],
        words={usual: word for name, usual in WORDS.items() if (word := found[name]) not in ("", usual)},
        saved_at=found["saved_at"],
    )


def _in_their_words(words: Mapping[str, str], found: re.Match[str]) -> str:
    usual = found["word"].lower()
    word = words.get(usual)
    if word is None:
        return found[0]
    if found["plural"]:
        word = plural_of(word)
    if not found["article"]:
        return word[0].upper() + word[1:] if found["word"][0].isupper() else word
    article = "an" if _SOUNDS_OPEN.match(word.lower()) else "a"
    return f"{article.capitalize() if found['article'][0].isupper() else article} {word}"
