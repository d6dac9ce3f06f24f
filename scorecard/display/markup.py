"""Pieces of HTML that are filled in thousands of times: as safe as `format_html`, at a fifth of its cost."""

from __future__ import annotations

import html
from functools import lru_cache

from django.utils.safestring import SafeString

# Most texts occur many times on a page: people's names, months, judgements.
escape = lru_cache(maxsize=4096)(html.escape)


class Markup:
    """HTML with a place for each `{}`.

    Whatever is put in is escaped, in attributes too, unless it is a SafeString. A number of values other than that of
    the places raises ValueError.
    """

    __slots__ = ("_pieces",)

    def __init__(self, template: str) -> None:
        first, *others = template.split("{}")
        self._pieces = [first]
        for piece in others:
            self._pieces += ("", piece)

    def __call__(self, *values: object) -> SafeString:
        # Joined, because to format a SafeString calls its __str__, which is written in Python.
        pieces = self._pieces.copy()
        pieces[1::2] = [value if type(value) is SafeString else escape(str(value)) for value in values]
        return SafeString("".join(pieces))


def lines_of(text: str) -> SafeString:
    """A text of several lines as HTML, with a <br> where each but the last ends."""
    escaped = escape(text)
    if "\n" in escaped or "\r" in escaped:
        escaped = escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "<br>")
    return SafeString(escaped)
